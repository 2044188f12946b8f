/* Logs by module and scope: searched, cleared, exported, followed. */
#include <string.h>

#include "base/number.h"
#include "dialect/opnsense/diagnostics/stream.h"
#include "dialect/opnsense/tables.h"

#define ROWS_PRESET  5000
#define ROWS_MAX     9999
#define STREAM_EVERY 500 /* ms */

static const char *
text_in(struct call *call, const char *name)
{
	const char *text = call_text(call, name);

	return text ? text : "";
}

/* A name, several with commas between, or a list of them. */
static const char *
severities(struct call *call)
{
	const struct value *sent = value_get(call->input, "severity");
	struct arena       *arena = call->request->arena;
	const char         *all = "";

	if (!value_is(sent, VALUE_LIST) && !value_is(sent, VALUE_OBJECT))
		return text_in(call, "severity");
	for (size_t i = 0; i < sent->count; i++) {
		const char *one = value_as_string(arena, sent->members[i].value);

		all = one ? arena_print(arena, "%s%s%s", all, all[0] ? "," : "", one) : all;
	}
	return all;
}

/* The rows that the request picks; NULL: the box does not say. */
static const struct value *
find_rows(struct call *call, int64_t skip, int64_t take)
{
	struct arena *arena = call->request->arena;
	scoped_buffer message = BUFFER_NONE;

	return topic_ask(call->request, &message, "log.read", "module", call_param_string(call, 0), "scope",
			 call_param_string(call, 1), "phrase", text_in(call, "searchPhrase"), "severity", severities(call), "since",
			 text_in(call, "validFrom"), "skip", arena_print(arena, "%lld", (long long)skip), "take",
			 arena_print(arena, "%lld", (long long)take), NULL);
}

static void
put_copy(struct call *call, struct value *answer, const char *name, const struct value *from)
{
	value_set(call->request->arena, answer, name, from ? value_copy(call->request->arena, from) : value_null(call->request->arena));
}

static void
query(struct call *call)
{
	struct arena *arena = call->request->arena;
	int64_t       size = ROWS_PRESET, current = 1;

	number_read(text_trim(text_of(text_in(call, "rowCount"))), -1, INT32_MAX, &size);
	number_read(text_trim(text_of(text_in(call, "current"))), 1, 1000000, &current);
	size = size < 0 ? ROWS_PRESET : size > ROWS_MAX ? ROWS_MAX : size;
	const struct value *found = find_rows(call, (current - 1) * size, size > 0 ? size : 1);
	struct value       *rows = value_get(found, "rows"), *answer = value_object(arena);

	rows = rows && size > 0 ? rows : value_list(arena);
	value_set_string(arena, answer, "filters", text_in(call, "searchPhrase"));
	value_set(arena, answer, "rows", rows);
	put_copy(call, answer, "total_rows", found ? value_get(found, "total") : value_integer(arena, 0));
	put_copy(call, answer, "origin", found ? value_get(found, "origin") : value_string(arena, ""));
	value_set(arena, answer, "rowCount", value_integer(arena, (int64_t)rows->count));
	put_copy(call, answer, "total", found ? value_get(found, "total") : value_integer(arena, 0));
	value_set(arena, answer, "current", value_integer(arena, current));
	answer_value(call, answer);
}

static void
clear(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	answer_word(call, "status",
		    topic_ask(call->request, &message, "log.clear", "module", call_param_string(call, 0), "scope",
			      call_param_string(call, 1), NULL)
			    ? "ok"
			    : "failed");
}

static void
export_rows(struct call *call)
{
	static const char *const columns[] = { "timestamp", "severity", "process_name", "line" };
	const struct value      *found = find_rows(call, 0, 0);
	const struct value      *rows = value_get(found, "rows");
	const char              *scope = call_param_string(call, 1);
	struct buffer           *out = &call->request->reply.body;

	/* A header cannot have everything that a URL can. */
	answer_file(call, "text/csv",
		    arena_print(call->request->arena, "%s.log",
				scope[strspn(scope, "abcdefghijklmnopqrstuvwxyz0123456789_-")] ? "log" : scope));
	for (size_t i = 0; i < value_count(rows); i++)
		for (size_t k = 0; k < COUNT(columns); k++) {
			const struct value *cell = value_get(rows->members[i].value, columns[k]);

			buffer_add(out, cell ? cell->text : TEXT_NONE);
			buffer_add_byte(out, k + 1 < COUNT(columns) ? '\t' : '\n');
		}
}

/* --- As it grows --------------------------------------------------------------------------------------------- */

struct live {
	struct pulse pulse;
	const char  *module, *scope;
	int64_t      after, old; /* numbers of lines; old: what there was when it began, -1: not known yet */
};

static int64_t
integer_at(const struct value *object, const char *name)
{
	const struct value *value = value_get(object, name);

	return value_is(value, VALUE_INTEGER) ? value->integer : 0;
}

static bool
more(struct follow *follow, const struct service *service, struct buffer *out)
{
	scoped_arena        arena = arena_new();
	struct live        *live = follow->self;
	const struct value *said = topic_ask_again(service, arena, "log.follow", "module", live->module, "scope", live->scope,
						   "after", arena_print(arena, "%lld", (long long)live->after), NULL);
	const struct value *rows = value_get(said, "rows");

	if (!said)
		return false;
	if (live->old < 0)
		live->old = integer_at(said, "newest");
	for (size_t i = 0; i < value_count(rows); i++) {
		live->after = integer_at(rows->members[i].value, "rnum");
		stream_put(out, live->after <= live->old ? "message" : "log", rows->members[i].value);
	}
	pulse_beat(&live->pulse, out, value_count(rows) > 0);
	return true;
}

static void
follow_rows(struct call *call)
{
	const char    *offset = value_as_string(call->request->arena, value_get(call_query(call), "offset"));
	struct follow *follow = stream_begin(call, STREAM_EVERY, more);
	struct live   *live = ARENA_MAKE(follow->arena, struct live, 1);

	*live = (struct live){ .pulse = { .limit = 1000 / STREAM_EVERY }, .old = -1,
			       .module = arena_copy(follow->arena, call_param(call, 0)),
			       .scope = arena_copy(follow->arena, call_param(call, 1)) };
	number_read(text_of(offset ? offset : ""), 0, INT64_MAX, &live->after);
	follow->self = live;
}

static void
serve_log(struct call *call)
{
	const struct text action = call_param(call, 2);

	if (call_is_post(call) && action.len == 0)
		query(call);
	else if (call_is_post(call) && text_is(action, "clear"))
		clear(call);
	else if (call_is_get(call) && text_is(action, "export"))
		export_rows(call);
	else if (call_is_get(call) && text_is(action, "live"))
		follow_rows(call);
	else
		answer_empty(call);
}

/* clang-format off */
const struct action diagnostics_log_actions[] = {
	/* The name of the module is the command: see routes_match(). */
	{ "diagnostics/log/{module}", KIND_GRID, 2, .lane = LANE_SLOW, .handle = serve_log, .also = "diagnostics/log/*" },
	{ NULL },
};
/* clang-format on */
