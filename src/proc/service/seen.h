/* proc/service/seen.h: what the gate hears of the keeper's daemons. */
#pragma once

#include "base/arena.h"
#include "plan/service/service.h"
#include "proc/child/supervise.h"
#include "wire/courier.h"

struct seen_service {
	char              name[SERVICE_NAME_MAX + 1];
	enum daemon_state state;
	unsigned          losses; /* how often it ended unasked */
	bool              is_wanted; /* by what was applied last */
};

/* All daemons that were ever wanted, into the arena. FAILED: the answer is malformed. Else the reply has the reason. */
enum result seen_services(struct courier *, struct arena *, struct seen_service **out, size_t *count, struct message *reply);
