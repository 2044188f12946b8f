/* What Unbound says of itself, taken apart: one line a thing. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/number.h"
#include "plan/service/blocklist.h"
#include "proc/ask/ask.h"

#define RECORDS_MAX 100000 /* rows of a cache that are shown */

/* --- Lines ------------------------------------------------------------------------------------------ */

static void
set_text(struct arena *arena, struct value *row, const char *name, struct text text)
{
	value_set(arena, row, name, value_text(arena, text));
}

/* "NAME TTL CLASS TYPE VALUE", as zone files have it; the first member is called as the list wants. */
static struct value *
record_row(struct arena *arena, struct text line, const char *first)
{
	static const char *const names[] = { NULL, "ttl", "type", "rrtype" };
	struct value            *row = value_object(arena);
	struct text              word;

	for (size_t i = 0; i < 4; i++) {
		if (!text_next_word(&line, &word))
			return NULL;
		set_text(arena, row, names[i] ? names[i] : first, word);
	}
	set_text(arena, row, "value", text_trim(line));
	return row;
}

static struct value *
data_row(struct arena *arena, struct text line)
{
	return record_row(arena, line, "name");
}

/* Comments, the marks of sections and the lines of messages are no records. */
static struct value *
cache_row(struct arena *arena, struct text line)
{
	if (text_starts(line, TEXT(";")) || text_starts(line, TEXT("START_")) || text_starts(line, TEXT("END_")) ||
	    text_starts(line, TEXT("msg ")) || text_is(line, "EOF"))
		return NULL;
	return record_row(arena, line, "host");
}

static struct value *
zone_row(struct arena *arena, struct text line)
{
	struct value *row = value_object(arena);
	struct text   zone, type;

	if (!text_next_word(&line, &zone) || !text_next_word(&line, &type))
		return NULL;
	set_text(arena, row, "zone", zone);
	set_text(arena, row, "type", type);
	return row;
}

/* "192.0.2.1 example. ttl 10 ping 3 lame dnssec 0 ...": words without a number are flags. */
static struct value *
infra_row(struct arena *arena, struct text line)
{
	struct value *row = value_object(arena);
	struct text   word, number;
	int64_t       ignored;

	if (!text_next_word(&line, &word))
		return NULL;
	set_text(arena, row, "ip", word);
	if (!text_next_word(&line, &word))
		return NULL;
	set_text(arena, row, "host", word);
	while (text_next_word(&line, &word)) {
		struct text after = line;

		if (text_next_word(&after, &number) && number_read(number, 0, INT64_MAX, &ignored)) {
			value_set_text(arena, row, word, value_text(arena, number));
			line = after;
		} else {
			value_set_text(arena, row, word, value_text(arena, TEXT("1")));
		}
	}
	return row;
}

static struct value *
name_row(struct arena *arena, struct text line)
{
	return value_text(arena, line);
}

/* --- Counters ----------------------------------------------------------------------------------------- */

/* "histogram.FROM.to.UNTIL=N", in seconds with their fractions. */
static bool
add_histogram(struct arena *arena, struct value *list, struct text name, struct text number)
{
	const struct text prefix = TEXT("histogram."), between = TEXT(".to.");
	struct value     *row;

	if (!text_starts(name, prefix))
		return false;
	name = text_after(name, prefix.len);
	for (size_t i = 0; i + between.len <= name.len; i++) {
		if (!text_starts(text_after(name, i), between))
			continue;
		row = value_object(arena);
		set_text(arena, row, "from", text_first(name, i));
		set_text(arena, row, "to", text_after(name, i + between.len));
		set_text(arena, row, "value", number);
		value_add(arena, list, row);
	}
	return true;
}

/* "a.b.c=N" is a tree; what has a value and children has the value as "__value__". */
static void
add_counter(struct arena *arena, struct value *tree, struct text name, struct text number)
{
	struct text part;

	while (text_next(&name, ".", &part)) {
		struct value *below = value_get_text(tree, part);

		if (name.len == 0 && !value_is(below, VALUE_OBJECT)) {
			value_set_text(arena, tree, part, value_text(arena, number));
			return;
		}
		if (!value_is(below, VALUE_OBJECT)) {
			struct value *made = value_object(arena);

			if (below)
				value_set(arena, made, "__value__", below);
			value_set_text(arena, tree, part, made);
			below = made;
		}
		tree = below;
	}
	set_text(arena, tree, "__value__", number);
}

static struct value *
read_counters(struct arena *arena, struct text text)
{
	struct value *tree = value_object(arena), *histogram = value_list(arena);
	struct text   line;

	while (text_next(&text, "\n", &line)) {
		const struct text name = text_until(&line, '=');

		if (line.len > 0 && !add_histogram(arena, histogram, name, line))
			add_counter(arena, tree, name, line);
	}
	if (histogram->count > 0)
		value_set(arena, tree, "histogram", histogram);
	return tree;
}

/* --- Topics --------------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char    *what, *query;
	struct value *(*row)(struct arena *, struct text line); /* NULL: counters */
} lists[] = {
	{ "dumpcache",      "unbound.cache",    cache_row },
	{ "dumpinfra",      "unbound.infra",    infra_row },
	{ "listinsecure",   "unbound.insecure", name_row },
	{ "listlocaldata",  "unbound.data",     data_row },
	{ "listlocalzones", "unbound.zones",    zone_row },
	{ "stats",          "unbound.stats" },
};
/* clang-format on */

static struct value *
read_rows(struct arena *arena, struct text text, struct value *(*row)(struct arena *, struct text))
{
	struct value *rows = value_list(arena);
	struct text   line;

	while (rows->count < RECORDS_MAX && text_next(&text, "\n", &line)) {
		struct value *one = line.len > 0 ? row(arena, line) : NULL;

		if (one)
			value_add(arena, rows, one);
	}
	return rows;
}

enum result
topic_resolver_diagnostics(struct asking *asking, struct value **answer)
{
	const char *what = asked_text(asking, "what");
	struct text text = TEXT_NONE;

	for (size_t i = 0; i < COUNT(lists); i++) {
		if (strcmp(lists[i].what, what) != 0)
			continue;
		const enum result result = asking->box->setup.is_simulated
						   ? RESULT_DONE
						   : asked_daemon(asking, lists[i].query, "", &text);

		if (result != RESULT_DONE)
			return result;
		*answer = lists[i].row ? read_rows(asking->arena, text, lists[i].row) : read_counters(asking->arena, text);
		return RESULT_DONE;
	}
	return asked_wrong(asking, RESULT_MISSING, "the resolver is not asked for %s", what);
}

/* The name servers that the box itself asks. */
enum result
topic_resolver_upstreams(struct asking *asking, struct value **answer)
{
	struct text rest = record_text(snapshot_single(asking->snapshot, "system.general"), "dns_servers"), one;

	*answer = value_list(asking->arena);
	while (text_next(&rest, ",", &one))
		value_add(asking->arena, *answer, value_text(asking->arena, one));
	return RESULT_DONE;
}

/* --- What is blocked -------------------------------------------------------------------------------------- */

static bool
is_for(const struct record *policy, const struct address *client)
{
	struct text   rest = record_text(policy, "source_nets"), one;
	struct prefix net;

	if (rest.len == 0)
		return true;
	while (text_next(&rest, ",", &one))
		if (prefix_read(one, &net) && prefix_covers(&net, client))
			return true;
	return false;
}

static struct value *
show_policy(struct arena *arena, const struct record *policy, const char *list)
{
	struct value *out = value_object(arena), *nets = value_list(arena);
	struct text   rest = record_text(policy, "source_nets"), one;

	while (text_next(&rest, ",", &one))
		value_add(arena, nets, value_text(arena, one));
	value_set_string(arena, out, "uuid", policy->uuid);
	value_set_string(arena, out, "bl", list);
	value_set_string(arena, out, "policy", record_get(policy, "description"));
	value_set(arena, out, "source_nets", nets);
	return out;
}

/* What would happen to a query: {action, policy}. */
enum result
topic_resolver_test(struct asking *asking, struct value **answer)
{
	struct keeper_box       *box = asking->box;
	const struct collection *policies = snapshot_named(asking->snapshot, "unbound.dnsbl");
	const char              *source = asked_text(asking, "src");
	struct address           client;

	if (!address_read(text_of(*source ? source : "127.0.0.1"), &client))
		return asked_wrong(asking, RESULT_INVALID, "%s is no address", source);
	*answer = value_object(asking->arena);
	value_set_string(asking->arena, *answer, "action", "Pass");
	pthread_mutex_unlock(&box->lock);
	pthread_mutex_lock(&box->services_lock);
	for (size_t i = 0; i < collection_count(policies); i++) {
		const struct record *policy = collection_at(policies, i);
		const char          *list;

		if (!record_bool(policy, "enabled") || !is_for(policy, &client) ||
		    !blocklist_blocks(asking->arena, policy, domain_lists_face(box->lists),
				      text_of(asked_text(asking, "domain")), &list))
			continue;
		value_set_string(asking->arena, *answer, "action", "Block");
		value_set(asking->arena, *answer, "policy", show_policy(asking->arena, policy, list));
		break;
	}
	pthread_mutex_unlock(&box->services_lock);
	pthread_mutex_lock(&box->lock);
	return RESULT_DONE;
}

/* The next apply fetches all lists again. */
enum result
topic_resolver_expire(struct asking *asking, struct value **answer)
{
	domain_lists_expire(asking->box->lists);
	*answer = value_bool(asking->arena, true);
	return RESULT_DONE;
}

/* --- Who asked for what --------------------------------------------------------------------------------- */

#define ROWS_MAX 1000
#define TOP_MAX  100

static int64_t
asked_number(const struct asking *asking, const char *name, int64_t otherwise)
{
	int64_t number = otherwise;

	(void)number_read(text_of(asked_text(asking, name)), 0, INT64_MAX, &number);
	return number;
}

/* What a policy is called, for those who know its uuid. */
static void
name_policies(const struct asking *asking, struct value *rows, const char *uuid, const char *name)
{
	const struct collection *policies = snapshot_named(asking->snapshot, "unbound.dnsbl");

	for (size_t i = 0; i < value_count(rows); i++) {
		struct value        *row = rows->members[i].value, *id = value_get(row, uuid);
		const struct record *policy = id ? collection_find(policies, id->text) : NULL;

		if (policy)
			value_set_string(asking->arena, row, name, record_get(policy, "description"));
	}
}

/* Names that the policies which are switched on say themselves, and lines of the lists they take. */
static size_t
count_blocked(struct keeper_box *box, const struct snapshot *snapshot)
{
	const struct collection *policies = snapshot_named(snapshot, "unbound.dnsbl");
	size_t                   count = 0;

	pthread_mutex_unlock(&box->lock);
	pthread_mutex_lock(&box->services_lock);
	for (size_t i = 0; i < collection_count(policies); i++)
		if (record_bool(collection_at(policies, i), "enabled"))
			count += blocklist_count(collection_at(policies, i), domain_lists_face(box->lists));
	pthread_mutex_unlock(&box->services_lock);
	pthread_mutex_lock(&box->lock);
	return count;
}

enum result
topic_resolver_totals(struct asking *asking, struct value **answer)
{
	const int64_t most = asked_number(asking, "maximum", 10);

	*answer = query_log_totals(asking->box->queries, asking->arena, most > TOP_MAX ? TOP_MAX : (size_t)most);
	value_set(asking->arena, *answer, "blocklist_size",
		  value_integer(asking->arena, (int64_t)count_blocked(asking->box, asking->snapshot)));
	name_policies(asking, value_get(*answer, "top_blocked"), "latest_policy_uuid", "blocklist");
	return RESULT_DONE;
}

enum result
topic_resolver_rolling(struct asking *asking, struct value **answer)
{
	const int64_t  asked = asked_number(asking, "hours", 24);
	const unsigned hours = asked <= 1 ? 1 : asked <= 12 ? 12 : 24;

	*answer = strcmp(asked_text(asking, "clients"), "1") == 0
			  ? query_log_clients(asking->box->queries, asking->arena, hours, time(NULL))
			  : query_log_rolling(asking->box->queries, asking->arena, hours, time(NULL));
	return RESULT_DONE;
}

enum result
topic_resolver_queries(struct asking *asking, struct value **answer)
{
	const char *client = asked_text(asking, "client");

	*answer = query_log_rows(asking->box->queries, asking->arena, *client ? client : NULL, asked_number(asking, "from", 0),
				 asked_number(asking, "until", INT64_MAX), ROWS_MAX);
	name_policies(asking, *answer, "uuid", "policy");
	return RESULT_DONE;
}

enum result
topic_resolver_reset(struct asking *asking, struct value **answer)
{
	query_log_reset(asking->box->queries);
	*answer = value_bool(asking->arena, true);
	return RESULT_DONE;
}
