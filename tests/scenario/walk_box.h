/* tests/scenario/walk_box.h: the box of the scenarios with one record of each kind that can be added. */
#pragma once

#include "base/map.h"
#include "dialect/opnsense/route.h"
#include "scenario/harness.h"

struct walk_box {
	struct arena        *arena;
	struct harness      *harness;
	const struct routes *routes;
	const char          *authorization;
	struct map          *known; /* resource -> uuid of the record that was added */
	size_t               unkept; /* kinds of which none could be; what was wrong is printed */
};

/* vectors: the folder of the recorded OPNsense scenarios. */
void walk_box_open(struct walk_box *, const char *vectors);
void walk_box_close(struct walk_box *);

/* Ask as the administrator; sent NULL: without a body. have (may be NULL): the answer's JSON, or NULL when it is none. */
struct answer walk_box_ask(struct walk_box *, struct arena *, enum method, const char *path, const struct value *sent,
			   struct value **have);
/* A record of the route's resource that can be kept, as the route takes it. */
struct value *walk_box_plausible(struct walk_box *, struct arena *, const struct route *);
struct value *walk_wrapped(struct arena *, const struct route *, struct value *record);
/* Was it "saved"? Its uuid, if the answer has one, goes to *uuid. */
bool          walk_is_saved(const struct value *answer, const char **uuid);
