/* plan/service/monit/inside.h: what the files about Monit share; nothing for others. */
#pragma once

#include "base/map.h"
#include "plan/service/planner.h"

struct monit_writing {
	const struct service_view *view;
	const struct record       *settings;
	struct service_draft      *draft;
	struct buffer              out;
	struct map                *written; /* uuid -> the record of each service that is there */
};

/* Letters, digits and these signs, at least one. */
bool monit_is_of(struct text value, const char *signs);
/* Of monit.alert: a statement, or why there is none. */
void monit_put_alert(struct monit_writing *, const struct record *alert);
