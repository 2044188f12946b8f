/* What syslog-ng counts, with the destinations called as those who configured them do. */
#include <string.h>

#include "proc/ask/ask.h"

#define ROWS_MAX 2000

/* "d_" and the uuid with "_" for "-", and what syslog-ng puts behind it. */
static const struct record *
destination_of(const struct asking *asking, struct text id)
{
	const struct collection *all = snapshot_named(asking->snapshot, "syslog.destination");
	char                    *uuid;

	if (!text_starts(id, TEXT("d_")))
		return NULL;
	id = text_after(id, 2);
	id = text_until(&id, '#');
	uuid = arena_copy(asking->arena, id);
	for (char *c = uuid; *c; c++)
		*c = *c == '_' ? '-' : *c;
	return collection_find(all, text_of(uuid));
}

static const char *
description(const struct asking *asking, struct text id)
{
	const struct record *destination = destination_of(asking, id);

	if (!destination)
		return "";
	return record_get(destination, record_has(destination, "description") ? "description" : "hostname");
}

static bool
is_sending(const struct asking *asking)
{
	return record_bool(snapshot_single(asking->snapshot, "syslog.remote"), "enable") ||
	       collection_where(snapshot_named(asking->snapshot, "syslog.destination"), "enabled", TEXT("1"));
}

enum result
topic_syslog_stats(struct asking *asking, struct value **answer)
{
	static const char *const names[] = { "SourceName", "SourceId", "SourceInstance", "State", "Type", "Number" };
	struct arena            *arena = asking->arena;
	struct text              rest, line, column;
	enum result              result;

	*answer = value_list(arena);
	if (asking->box->setup.is_simulated)
		return RESULT_DONE;
	result = asked_daemon(asking, "syslog.stats", "", &rest);
	/* Where nothing is sent there is nothing to count. */
	if (result != RESULT_DONE && !is_sending(asking)) {
		buffer_cut(asking->message, 0);
		return RESULT_DONE;
	}
	if (result != RESULT_DONE)
		return result;
	for (int64_t number = 0; (*answer)->count < ROWS_MAX && text_next(&rest, "\n", &line); number++) {
		struct value *row = value_object(arena);
		const char   *about = "";

		/* The first names the columns, the last is a dot. */
		if (number == 0 || !memchr(line.ptr, ';', line.len))
			continue;
		value_set_string(arena, row, "#", arena_print(arena, "%lld", (long long)number));
		for (size_t i = 0; i < COUNT(names); i++) {
			column = text_until(&line, ';');
			value_set(arena, row, names[i], value_text(arena, column));
			if (i == 1)
				about = description(asking, column);
		}
		value_set_string(arena, row, "Description", about);
		value_add(arena, *answer, row);
	}
	return RESULT_DONE;
}
