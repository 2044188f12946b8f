/* proc/part/connections.h: ending connections that are no longer wanted. */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "plan/filter.h"
#include "plan/filter/compile.h"
#include "wire/courier.h"
#include "wire/states.h"

/* All that match, which must say something. False: the keeper could not. Waits for it. */
bool connections_end(struct courier *, const struct state_filter *);

/*
 * A filter has come into force: what rules let in whose schedule has ended since the one before it ends too. `awake` is empty at first,
 * and holds then which rules with a schedule are in force. The cache knows what the connections of a rule are marked with.
 */
void connections_follow_schedules(struct courier *, const struct filter *, const struct filter_cache *, struct buffer *awake);
