/* The tables behind aliases, as they are loaded: contents, counters, and single addresses. */
#include <string.h>

#include "api/topics.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/tables.h"
#include "schema/aliases.h"

static void
list_tables(struct call *call)
{
	struct arena *arena = call->request->arena;
	scoped_buffer message = BUFFER_NONE;
	struct value *tables = topic_ask(call->request, &message, "tables", NULL);
	struct text  *names = ARENA_MAKE(arena, struct text, value_count(tables) + 1);
	struct value *answer = value_list(arena);

	for (size_t i = 0; i < value_count(tables); i++)
		names[i] = tables->members[i].value->text;
	names_sort(names, value_count(tables));
	for (size_t i = 0; i < value_count(tables); i++)
		value_add(arena, answer, value_text(arena, names[i]));
	answer_value(call, answer);
}

static void
list_table(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;
	struct value *rows = topic_ask(call->request, &message, "table.list", "table", call_param_string(call, 0), NULL);

	grid_answer(call, value_is(rows, VALUE_LIST) ? rows : value_list(call->request->arena), 9999);
}

static void
get_size(struct call *call)
{
	struct arena *arena = call->request->arena;
	scoped_buffer message = BUFFER_NONE;
	struct value *said = topic_ask(call->request, &message, "tables.size", NULL);
	struct value *answer = value_object(arena);
	static const char *const numbers[] = { "size", "used" };

	value_set_string(arena, answer, "status", said ? "ok" : "failed");
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct value *number = value_get(said, numbers[i]);

		value_set(arena, answer, numbers[i], number ? number : value_integer(arena, 0));
	}
	struct value *details = value_get(said, "details");

	value_set(arena, answer, "details", details ? details : value_list(arena));
	answer_value(call, answer);
}

static void
find_references(struct call *call)
{
	struct arena  *arena = call->request->arena;
	const char    *ip = value_as_string(arena, value_get(call->input, "ip"));
	scoped_buffer  message = BUFFER_NONE;
	struct address address;
	struct value  *answer = value_object(arena);

	if (!ip || !address_read(text_trim(text_of(ip)), &address)) {
		answer_word(call, "status", ip ? "Not an IP address!" : "IP parameter not specified!");
		return;
	}
	struct value *found = topic_ask(call->request, &message, "table.find", "address", ip, NULL);

	value_set_string(arena, answer, "status", found ? "ok" : buffer_string(&message));
	if (found)
		value_set(arena, answer, "matches", found);
	answer_value(call, answer);
}

/* --- single addresses ----------------------------------------------------------------------- */

static bool
looks_like_address(const char *text)
{
	return text[0] && text[strspn(text, "0123456789abcdefABCDEF:./_")] == '\0';
}

/* A network needs its mask: that of one address when none is given. */
static const char *
with_mask(struct arena *arena, const char *type, const char *entry)
{
	if (strcmp(type, "network") != 0 || strchr(entry, '/'))
		return entry;
	return arena_print(arena, "%s/%s", entry, strchr(entry, ':') ? "128" : "32");
}

static bool
has_line(const char *lines, const char *line)
{
	struct text rest = text_of(lines), one;

	while (text_next(&rest, "\n", &one))
		if (text_is(one, line))
			return true;
	return false;
}

static const char *
without_line(struct arena *arena, const char *lines, const char *line)
{
	struct text   rest = text_of(lines), one;
	scoped_buffer out = BUFFER_NONE;

	while (text_next(&rest, "\n", &one)) {
		if (text_is(one, line))
			continue;
		if (out.len)
			buffer_add_byte(&out, '\n');
		buffer_add(&out, one);
	}
	return arena_copy(arena, buffer_text(&out));
}

/* Aliases whose members are written down keep the change in the configuration too. */
static void
change_content(struct call *call, const struct record *alias, const char *address, bool add)
{
	struct arena  *arena = call->request->arena;
	const char    *type = record_get(alias, "type"), *content = record_get(alias, "content");
	const char    *line = with_mask(arena, type, address);
	struct record *after = record_copy(arena, alias);
	struct faults  faults = { .arena = arena };

	if ((strcmp(type, "host") != 0 && strcmp(type, "network") != 0) || !uuid_is_valid(text_of(alias->uuid)) ||
	    has_line(content, line) == add)
		return;
	record_set(after, "content",
		   !add         ? without_line(arena, content, line)
		   : content[0] ? arena_print(arena, "%s\n%s", content, line)
				: line);
	call->request->always = verb_set(call->request, alias, after, false, &faults) == RESULT_DONE;
}

static void
fail(struct call *call, const char *status, const char *message)
{
	call->request->keep = false;
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", status);
	if (message)
		json_put_string(&call->json, "status_msg", message);
	json_object_end(&call->json);
}

static void
change_table(struct call *call, bool add)
{
	const struct view    view = call_view(call, NULL);
	const struct record *alias = alias_find(&view, call_param(call, 0));
	const char          *address = value_as_string(view.arena, value_get(call->input, "address"));

	if (!alias) {
		fail(call, "failed", "There is no such alias.");
		return;
	}
	if (!address || !looks_like_address(address)) {
		fail(call, add ? "not_an_address" : "failed", NULL);
		return;
	}
	call->kept = (void *)address;
	call->request->keep = true;
	change_content(call, alias, address, add);
}

static void
add_address(struct call *call)
{
	change_table(call, true);
}

static void
delete_address(struct call *call)
{
	change_table(call, false);
}

/* The change is in the configuration: now the table itself. */
static void
tell_table(struct call *call, const char *topic)
{
	scoped_buffer message = BUFFER_NONE;

	if (topic_ask(call->request, &message, topic, "table", call_param_string(call, 0), "address", call->kept, NULL))
		answer_word(call, "status", "done");
	else
		fail(call, "failed", buffer_string(&message));
}

static void
finish_add(struct call *call)
{
	tell_table(call, "table.add");
}

static void
finish_delete(struct call *call)
{
	tell_table(call, "table.delete");
}

static void
flush_table(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	if (topic_ask(call->request, &message, "table.flush", "table", call_param_string(call, 0), NULL))
		answer_word(call, "status", "done");
	else
		fail(call, "failed", buffer_string(&message));
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
const struct action firewall_table_actions[] = {
	{ "firewall/alias_util/aliases", KIND_QUERY, .lane = LANE_SLOW, .handle = list_tables },
	{ "firewall/alias_util/list", KIND_GRID, 1, .lane = LANE_SLOW, .handle = list_table },
	{ "firewall/alias_util/find_references", KIND_QUERY, .methods = POSTS, .lane = LANE_SLOW,
	  .handle = find_references },
	{ "firewall/alias_util/add", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = add_address, .finish = finish_add,
	  .refusal = FAILED },
	{ "firewall/alias_util/delete", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = delete_address,
	  .finish = finish_delete, .refusal = FAILED },
	{ "firewall/alias_util/flush", KIND_ACTION, 1, .lane = LANE_APPLY, .handle = flush_table, .refusal = FAILED },
	{ "firewall/alias/get_table_size", KIND_QUERY, .lane = LANE_SLOW, .handle = get_size },
	{ NULL },
};
/* clang-format on */
