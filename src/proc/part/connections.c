/* Which rules are awake is a line each: there are few with a schedule. */
#include "proc/part/connections.h"

#include "base/log.h"
#include "wire/order.h"

#define MARK_OF_RULE 0xffff

bool
connections_end(struct courier *courier, const struct state_filter *which)
{
	scoped_writer  order;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_bool(&order, false);
	put_state_filter(&order, which);
	return courier_ask(courier, ORDER_KILL_STATES, &order, ORDER_TIMEOUT, &reply) == RESULT_DONE;
}

static bool
has_line(struct text lines, const char *wanted)
{
	struct text line;

	while (text_next(&lines, "\n", &line))
		if (text_is(line, wanted))
			return true;
	return false;
}

void
connections_follow_schedules(struct courier *courier, const struct filter *filter, const struct filter_cache *cache,
			     struct buffer *awake)
{
	scoped_buffer now = BUFFER_NONE;

	for (size_t i = 0; i < filter->nscheduled; i++) {
		const struct filter_rule *rule = filter->scheduled[i];

		if (!rule->is_inactive) {
			buffer_print(&now, "%s\n", rule->uuid);
			continue;
		}
		const struct state_filter which = { .mark = filter_cache_index(cache, rule->uuid), .mask = MARK_OF_RULE };

		if (which.mark && has_line(buffer_text(awake), rule->uuid) && !connections_end(courier, &which))
			log_warning("connections of rule %s, whose schedule has ended, could not be ended", rule->uuid);
	}
	buffer_cut(awake, 0);
	buffer_add(awake, buffer_text(&now));
}
