/* proc/service/seen.h: what the gate hears of the keeper's daemons. */
#pragma once

#include "base/arena.h"
#include "plan/service/service.h"
#include "proc/child/supervise.h"
#include "wire/message.h"

struct seen_service {
	char              name[SERVICE_NAME_MAX + 1];
	enum daemon_state state;
	unsigned          losses; /* how often it ended unasked */
	bool              is_wanted; /* by what was applied last */
};

/* All daemons that were ever wanted, from the answer to ORDER_SERVICES, into the arena. False: it is malformed. */
bool seen_read(struct message *answer, struct arena *, struct seen_service **out, size_t *count);
