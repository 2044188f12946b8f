/* api/service.h: what the gate offers to those who serve requests. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "auth/auth.h"
#include "auth/guard.h"
#include "auth/secret.h"
#include "base/buffer.h"
#include "base/result.h"
#include "base/value.h"
#include "schema/facts.h"
#include "schema/factory.h"
#include "schema/snapshot.h"
#include "store/store.h"

struct deadlines;
struct keepsakes;
struct peers;

/*
 * The box: this machine, as far as the keeper can change it and ask it. Behind it stand the
 * real backends or their recording twins. Called on LANE_APPLY, LANE_SLOW and LANE_LONG only, and for streams; may block.
 */
struct box {
	void *context;
	/*
	 * Make the parts true for this snapshot. Done: the kernel and the daemons were asked and said so; the message has a
	 * line for each thing that is otherwise than one might think. Else it says what was refused or which package or
	 * kernel feature is missing.
	 */
	enum result (*apply)(void *context, const struct snapshot *, unsigned parts, struct buffer *message);
	/*
	 * Ask about the running system. Topics: "tables", "table.list", "table.add", "table.delete",
	 * "table.flush", "rules.counters", "states.list", "states.kill", "service.status", ... The answer is
	 * made in the arena. RESULT_UNAVAILABLE: no backend for it; the message says what is missing.
	 */
	enum result (*ask)(void *context, struct arena *, const char *topic, const struct value *argument,
	                   struct value **answer, struct buffer *message);
};

struct service {
	const struct schema *schema;
	struct store        *store;
	struct auth         *auth;
	struct guard        *guard;
	const struct facts  *facts;
	const struct box    *box;
	const struct factory_record *factory; /* what a fresh installation holds */
	size_t               nfactory;
	int64_t (*now)(void *context); /* microseconds since 1970 */
	void       *context;           /* for now() and note() */
	const char *version;           /* of Drawbridge */
	const struct keepsakes *keepsakes; /* NULL: none */
	const struct peers     *peers;     /* NULL: none */
	/* A line for the log of this program; NULL: nobody reads it. */
	void (*note)(void *context, const char *line);
	struct deadlines *deadlines;   /* requests to be made later (api/deadline.h); NULL: none are */
	const void *routes[DIALECTS];  /* each dialect's own, made once at start */
	bool        allow_commands;    /* the administrator's own file turns on pfSense's diagnostics/command_prompt */
	/* Parts with saved changes that are not applied yet (enum part, or-ed). */
	_Atomic(unsigned) *pending;
};
