/* What IPsec's daemon is told, and what it says of its connections. */
#include "proc/ask/vpn/ipsec.h"

#include <string.h>

#include "base/number.h"
#include "plan/ipsec/swanctl.h"
#include "wire/vici.h"

enum result
topic_ipsec_configuration(struct asking *asking, struct value **answer)
{
	scoped_buffer content = BUFFER_NONE, missing = BUFFER_NONE;
	struct text   rest, line, has_esp = TEXT_NONE;

	/* Where it cannot be asked it is as with most kernels. */
	if (!asking->box->setup.is_simulated)
		(void)asked_daemon(asking, "kernel.esp", "", &has_esp);
	swanctl_write(&content, asking->snapshot, (struct swanctl_wish){ .kernel_has_esp = !text_is(has_esp, "no") }, &missing);
	rest = buffer_text(&missing);
	while (text_next(&rest, "\n", &line))
		buffer_print(&content, "# %.*s\n", TEXT_ARGS(line));
	*answer = value_object(asking->arena);
	value_set_string(asking->arena, *answer, "content", buffer_string(&content));
	return RESULT_DONE;
}

/* --- Asking -------------------------------------------------------------------------------------------------- */

enum result
ipsec_ask(const struct asking *asking, const char *query, const char *argument, struct value **said)
{
	struct text       answer;
	const enum result result = asked_daemon(asking, query, argument, &answer);
	struct value     *list = result == RESULT_DONE ? vici_read(asking->arena, answer) : NULL;

	if (result != RESULT_DONE)
		return result;
	if (!list)
		return asked_wrong(asking, RESULT_FAILED, "strongSwan's answer is malformed");
	*said = list;
	return RESULT_DONE;
}

enum result
ipsec_look(const struct asking *asking, const char *query, struct value **said)
{
	if (!asking->box->setup.is_simulated &&
	    record_bool(snapshot_single(asking->snapshot, "ipsec.settings"), "general.enabled"))
		return ipsec_ask(asking, query, "", said);
	*said = value_list(asking->arena);
	return RESULT_DONE;
}

enum result
ipsec_tell(const struct asking *asking, const char *query, const char *argument)
{
	struct value     *said = NULL;
	const enum result result = ipsec_ask(asking, query, argument, &said);

	if (result != RESULT_DONE)
		return result;
	const struct value *reply = value_at(said, value_count(said) - 1);

	if (strcmp(ipsec_word(asking, reply, "success"), "yes") == 0)
		return RESULT_DONE;
	return asked_wrong(asking, RESULT_REFUSED, "%s", ipsec_word(asking, reply, "errmsg"));
}

const char *
ipsec_word(const struct asking *asking, const struct value *section, const char *name)
{
	const char *word = value_as_string(asking->arena, value_get(section, name));

	return word ? word : "";
}

const char *
ipsec_list(const struct asking *asking, const struct value *section, const char *name)
{
	const struct value *list = value_get(section, name);
	scoped_buffer       words = BUFFER_NONE;

	for (size_t i = 0; value_is(list, VALUE_LIST) && i < value_count(list); i++)
		buffer_print(&words, "%s%s", i ? "," : "", value_as_string(asking->arena, list->members[i].value));
	return arena_copy(asking->arena, buffer_text(&words));
}

bool
ipsec_sa_at(const struct asking *asking, const struct value *said, size_t n, struct ipsec_sa *out)
{
	const struct value *event = value_at(said, n);

	if (!value_is(event, VALUE_OBJECT) || value_count(event) == 0 || !value_is(event->members[0].value, VALUE_OBJECT))
		return false;
	*out = (struct ipsec_sa){ arena_copy(asking->arena, event->members[0].name), event->members[0].value };
	return true;
}

/* --- Names --------------------------------------------------------------------------------------------------- */

/* "con4" is tunnel 4, and "con4-1" the second of what goes through it. */
static void
describe_older(const struct asking *asking, struct value *row, struct text number, const char *child)
{
	const struct record     *phase = collection_where(snapshot_named(asking->snapshot, "ipsec.phase1"), "ikeid", number);
	const struct collection *phases = snapshot_named(asking->snapshot, "ipsec.phase2");
	const char              *dash = strchr(child, '-');
	int64_t                  at = -1;

	value_set(asking->arena, row, "ikeid", value_text(asking->arena, number));
	value_set_string(asking->arena, row, "phase1desc", phase ? record_get(phase, "descr") : "");
	if (!dash || !number_read(text_of(dash + 1), 0, INT32_MAX, &at))
		return;
	for (size_t i = 0; i < collection_count(phases); i++) {
		const struct record *one = collection_at(phases, i);

		if (!record_bool(one, "disabled") && !text_is(record_text(one, "mode"), "vti") &&
		    text_equal(record_text(one, "ikeid"), number) && at-- == 0)
			value_set_string(asking->arena, row, "phase2desc", record_get(one, "descr"));
	}
}

void
ipsec_describe(const struct asking *asking, struct value *row, const char *connection, const char *child)
{
	const struct record *one = collection_find(snapshot_named(asking->snapshot, "ipsec.connection"), text_of(connection));
	const struct record *other = collection_find(snapshot_named(asking->snapshot, "ipsec.child"), text_of(child));

	if (text_starts(text_of(connection), TEXT("con")) && !one) {
		describe_older(asking, row, text_after(text_of(connection), 3), child);
		return;
	}
	value_set_string(asking->arena, row, "ikeid", connection);
	value_set_string(asking->arena, row, "phase1desc", one ? record_get(one, "description") : "");
	if (*child)
		value_set_string(asking->arena, row, "phase2desc", other ? record_get(other, "description") : "");
}

/* --- Connections ----------------------------------------------------------------------------------------------- */

/* All sections whose names begin so have this member: "local-1", "local-2"... */
static const char *
join_ends(const struct asking *asking, const struct value *connection, const char *end, const char *member)
{
	scoped_buffer words = BUFFER_NONE;

	for (size_t i = 0; i < value_count(connection); i++)
		if (text_starts(connection->members[i].name, text_of(end)) && value_is(connection->members[i].value, VALUE_OBJECT))
			buffer_print(&words, "%s%s", words.len ? "," : "",
				     ipsec_word(asking, connection->members[i].value, member));
	return arena_copy(asking->arena, buffer_text(&words));
}

static void
put_ends(const struct asking *asking, struct value *row, const struct value *connection)
{
	static const char *const ends[][4] = { { "local_addrs", "local-addrs" }, { "remote_addrs", "remote-addrs" } };
	static const char *const words[][3] = { { "local-", "id", "local-id" }, { "remote-", "id", "remote-id" },
						{ "local-", "class", "local-class" }, { "remote-", "class", "remote-class" } };

	for (size_t i = 0; i < COUNT(ends); i++)
		value_set_string(asking->arena, row, ends[i][1], ipsec_list(asking, connection, ends[i][0]));
	for (size_t i = 0; i < COUNT(words); i++)
		value_set_string(asking->arena, row, words[i][2], join_ends(asking, connection, words[i][0], words[i][1]));
}

/* What all its associations carried; whether there is one; since when. */
static void
put_sums(const struct asking *asking, struct value *row, const char *name, const struct value *sas)
{
	static const char *const sums[] = { "bytes-in", "bytes-out", "packets-in", "packets-out" };
	int64_t                  total[COUNT(sums)] = { 0 }, age, number, oldest = -1;
	bool                     is_up = false;
	struct ipsec_sa          one;

	for (size_t i = 0; ipsec_sa_at(asking, sas, i, &one); i++) {
		const struct value *children = value_get(one.sa, "child-sas");

		if (strcmp(one.connection, name) != 0)
			continue;
		is_up |= strcmp(ipsec_word(asking, one.sa, "state"), "ESTABLISHED") == 0;
		for (size_t j = 0; j < value_count(children); j++) {
			const struct value *child = children->members[j].value;

			for (size_t k = 0; k < COUNT(sums); k++)
				if (number_read(text_of(ipsec_word(asking, child, sums[k])), 0, INT64_MAX, &number))
					total[k] += number;
			if (number_read(text_of(ipsec_word(asking, child, "install-time")), 0, INT64_MAX, &age) && age > oldest)
				oldest = age;
		}
	}
	value_set(asking->arena, row, "connected", value_bool(asking->arena, is_up));
	for (size_t k = 0; k < COUNT(sums); k++)
		value_set(asking->arena, row, sums[k], value_integer(asking->arena, total[k]));
	value_set(asking->arena, row, "install-time",
		  oldest < 0 ? value_null(asking->arena)
			     : value_string(asking->arena, arena_print(asking->arena, "%lld", (long long)oldest)));
}

/* Is one of its children there as a trap, which waits for a packet? */
static bool
is_routed(const struct asking *asking, const char *name, const struct value *policies)
{
	for (size_t i = 0; i < value_count(policies); i++) {
		const struct value *event = value_at(policies, i);

		for (size_t j = 0; value_is(event, VALUE_OBJECT) && j < value_count(event); j++)
			if (strcmp(ipsec_word(asking, event->members[j].value, "ike"), name) == 0)
				return true;
	}
	return false;
}

enum result
topic_ipsec_phase1(struct asking *asking, struct value **answer)
{
	struct value   *connections, *sas = NULL, *policies = NULL;
	struct ipsec_sa one;
	enum result     result = ipsec_look(asking, "charon.connections", &connections);

	if (result == RESULT_DONE)
		result = ipsec_look(asking, "charon.sas", &sas);
	if (result == RESULT_DONE)
		result = ipsec_look(asking, "charon.policies", &policies);
	if (result != RESULT_DONE)
		return result;
	*answer = value_list(asking->arena);
	for (size_t i = 0; ipsec_sa_at(asking, connections, i, &one); i++) {
		struct value *row = value_object(asking->arena);

		value_set_string(asking->arena, row, "name", one.connection);
		ipsec_describe(asking, row, one.connection, "");
		put_ends(asking, row, one.sa);
		value_set_string(asking->arena, row, "version", ipsec_word(asking, one.sa, "version"));
		value_set(asking->arena, row, "routed", value_bool(asking->arena, is_routed(asking, one.connection, policies)));
		put_sums(asking, row, one.connection, sas);
		value_add(asking->arena, *answer, row);
	}
	return RESULT_DONE;
}

static struct value *
phase2_row(const struct asking *asking, const struct ipsec_sa *of, const struct value *child)
{
	struct value *row = value_object(asking->arena);
	const char   *name = ipsec_word(asking, child, "name");

	for (size_t i = 0; i < value_count(child); i++) {
		const struct member *member = &child->members[i];

		value_set_text(asking->arena, row, member->name,
			       value_is(member->value, VALUE_LIST)
				       ? value_string(asking->arena,
						      ipsec_list(asking, child, arena_copy(asking->arena, member->name)))
				       : member->value);
	}
	value_set_string(asking->arena, row, "remote-host", ipsec_word(asking, of->sa, "remote-host"));
	ipsec_describe(asking, row, of->connection, name);
	return row;
}

enum result
topic_ipsec_phase2(struct asking *asking, struct value **answer)
{
	struct value     *sas;
	struct ipsec_sa   one;
	const char       *id = asked_text(asking, "id");
	const enum result result = ipsec_look(asking, "charon.sas", &sas);

	if (result != RESULT_DONE)
		return result;
	*answer = value_list(asking->arena);
	for (size_t i = 0; ipsec_sa_at(asking, sas, i, &one); i++) {
		const struct value *children = value_get(one.sa, "child-sas");

		for (size_t j = 0; strcmp(one.connection, id) == 0 && j < value_count(children); j++)
			value_add(asking->arena, *answer, phase2_row(asking, &one, children->members[j].value));
	}
	return RESULT_DONE;
}

/* As the daemon has them, each with the name of its connection. */
enum result
topic_ipsec_status(struct asking *asking, struct value **answer)
{
	struct value     *sas;
	struct ipsec_sa   one;
	const enum result result = ipsec_look(asking, "charon.sas", &sas);

	if (result != RESULT_DONE)
		return result;
	*answer = value_list(asking->arena);
	for (size_t i = 0; ipsec_sa_at(asking, sas, i, &one); i++) {
		struct value *row = value_copy(asking->arena, one.sa);

		value_set_string(asking->arena, row, "con-id", one.connection);
		value_add(asking->arena, *answer, row);
	}
	return RESULT_DONE;
}

/* --- Up and down ------------------------------------------------------------------------------------------------ */

/* The connection of this name, by what the daemon has: so nothing else is ever handed to it. */
static enum result
find_connection(const struct asking *asking, struct ipsec_sa *out)
{
	const char       *id = asked_text(asking, "id");
	struct value     *connections;
	const enum result result = ipsec_look(asking, "charon.connections", &connections);

	for (size_t i = 0; result == RESULT_DONE && ipsec_sa_at(asking, connections, i, out); i++)
		if (strcmp(out->connection, id) == 0)
			return RESULT_DONE;
	return result == RESULT_DONE ? asked_wrong(asking, RESULT_MISSING, "there is no such connection") : result;
}

enum result
topic_ipsec_connect(struct asking *asking, struct value **answer)
{
	struct ipsec_sa one;
	enum result     result = find_connection(asking, &one);

	if (result != RESULT_DONE)
		return result;
	const struct value *children = value_get(one.sa, "children");

	if (value_count(children) == 0)
		return asked_wrong(asking, RESULT_REFUSED, "it has no children");
	for (size_t i = 0; result == RESULT_DONE && i < value_count(children); i++)
		result = ipsec_tell(asking, "charon.initiate", arena_copy(asking->arena, children->members[i].name));
	*answer = value_bool(asking->arena, true);
	return result;
}

enum result
topic_ipsec_disconnect(struct asking *asking, struct value **answer)
{
	struct ipsec_sa   one;
	const enum result result = find_connection(asking, &one);

	*answer = value_bool(asking->arena, true);
	return result == RESULT_DONE ? ipsec_tell(asking, "charon.terminate", one.connection) : result;
}
