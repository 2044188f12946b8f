/* The table of topics, and what their files share. */
#include "proc/diagnose/diagnose.h"

#include "base/number.h"

/* clang-format off */
const struct topic diagnose_topics[] = {
	{ "states.search",     topic_states_search },
	{ "states.kill_found", topic_states_kill_found },
	{ "sources.flush",     topic_sources_flush },
	{ "filter.statistics", topic_filter_statistics },
	{ "log.read",          topic_log_read,         .is_free = true },
	{ "log.clear",         topic_log_clear,        .is_free = true },
	{ "log.follow",        topic_log_follow,       .is_free = true },
	{ "log.lines",         topic_log_lines,        .is_free = true },
	{ "filterlog.read",    topic_filterlog_read,   .is_free = true },
	{ "filterlog.follow",  topic_filterlog_follow, .is_free = true },
	{ "filterlog.stats",   topic_filterlog_stats,  .is_free = true },
	{ NULL },
};
/* clang-format on */

int64_t
asked_number(const struct asking *asking, const char *name, int64_t min, int64_t max, int64_t otherwise)
{
	int64_t number = otherwise;

	return number_read(text_trim(text_of(asked_text(asking, name))), min, max, &number) ? number : otherwise;
}

enum result
asked_system(const struct asking *asking, enum system_file file, struct text *out)
{
	scoped_sealed mapped = TEXT_NONE;
	struct writer order;

	writer_init(&order);
	put_u32(&order, file);
	const enum result result = asked_sealed(asking, ORDER_READ_SYSTEM, &order, SYSTEM_FILE_MAX, &mapped);

	if (result == RESULT_DONE)
		*out = (struct text){ arena_copy(asking->arena, mapped), mapped.len };
	return result;
}
