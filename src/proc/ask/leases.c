/* Leases, as the servers have them, and in words of both dialects what follows from them. */
#include <string.h>

#include "base/map.h"
#include "base/number.h"
#include "json/read.h"
#include "proc/ask/ask.h"
#include "proc/service/query.h"

#define LEASES_MAX  100000 /* that are shown */
#define MEMBERS_MAX ((size_t)4 * 1000 * 1000)

struct listing {
	struct asking *asking;
	struct links   links;
	struct map    *reserved; /* of clients that have a place of their own: "hwaddr aa:bb:...", in lower case */
	struct value  *rows;
};

/* --- Who is known ------------------------------------------------------------------------------------- */

static const char *
known_key(struct arena *arena, const char *kind, struct text value)
{
	char *key = arena_print(arena, "%s %.*s", kind, TEXT_ARGS(value));

	for (char *at = key; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return key;
}

static void
know(struct listing *listing, const char *resource, const char *field, const char *kind)
{
	const struct collection *records = snapshot_named(listing->asking->snapshot, resource);
	static char              is_known;

	for (size_t i = 0; i < collection_count(records); i++) {
		struct text rest = record_text(collection_at(records, i), field), one;

		while (text_next(&rest, ",", &one))
			map_set(listing->reserved, text_of(known_key(listing->asking->arena, kind, one)), &is_known);
	}
}

/* By which of its names a client is known. */
static struct value *
reserved_as(struct listing *listing, const struct value *row, const char *const *kinds)
{
	struct arena *arena = listing->asking->arena;
	struct value *list = value_list(arena);

	for (; *kinds; kinds++) {
		const struct value *value = value_get(row, *kinds);

		if (value_is(value, VALUE_TEXT) && value->text.len > 0 &&
		    map_get(listing->reserved, text_of(known_key(arena, *kinds, value->text))))
			value_add(arena, list, value_string(arena, *kinds));
	}
	return list;
}

/* --- Where it is ---------------------------------------------------------------------------------------- */

static const char *
device_of(const struct listing *listing, const char *text)
{
	struct address address;

	if (!address_read(text_of(text), &address))
		return NULL;
	for (size_t i = 0; i < listing->links.n; i++)
		for (size_t k = 0; k < listing->links.links[i].naddresses; k++)
			if (prefix_covers(&listing->links.links[i].addresses[k].prefix, &address))
				return listing->links.links[i].name;
	return NULL;
}

static const char *
upper(struct arena *arena, const char *text)
{
	char *copy = arena_copy(arena, text_of(text));

	for (char *at = copy; *at; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	return copy;
}

static void
put_place(struct listing *listing, struct value *row, const char *address, const char *const *kinds, bool is_null)
{
	struct arena        *arena = listing->asking->arena;
	const char          *device = device_of(listing, address);
	const struct record *interface = device ? asked_interface(listing->asking, device) : NULL;

	value_set(arena, row, "if", device || !is_null ? value_string(arena, device ? device : "") : value_null(arena));
	value_set_string(arena, row, "if_descr",
			 !interface                      ? "" :
			 record_has(interface, "descr") ? record_get(interface, "descr")
							 : upper(arena, interface->uuid));
	value_set(arena, row, "is_reserved", reserved_as(listing, row, kinds));
	value_set_string(arena, row, "if_name", interface ? interface->uuid : "");
	value_set_string(arena, row, "mac_info", "");
}

/* --- dnsmasq ---------------------------------------------------------------------------------------------- */

/* "*" stands for nothing. */
static void
put_word(struct arena *arena, struct value *row, const char *name, struct text word)
{
	value_set(arena, row, name, value_text(arena, text_is(word, "*") ? TEXT_NONE : word));
}

/* "EXPIRE MAC ADDRESS HOST CLIENT", or of IPv6 "EXPIRE IAID ADDRESS HOST DUID"; "duid ..." is the server's own. */
static void
read_dnsmasq(struct listing *listing, struct text line)
{
	static const char *const kinds[] = { "client_id", "hwaddr", NULL };
	struct arena            *arena = listing->asking->arena;
	struct value            *row = value_object(arena);
	struct text              words[5];
	int64_t                  expire;

	for (size_t i = 0; i < COUNT(words); i++)
		if (!text_next(&line, " ", &words[i]))
			return;
	if (!number_read(words[0], 0, INT64_MAX, &expire))
		return;
	const bool is_four = !text_contains(words[2], TEXT(":"));

	value_set(arena, row, "expire", value_integer(arena, expire));
	put_word(arena, row, "hwaddr", is_four ? words[1] : TEXT_NONE);
	put_word(arena, row, "iaid", is_four ? TEXT_NONE : words[1]);
	put_word(arena, row, "address", words[2]);
	put_word(arena, row, "hostname", words[3]);
	put_word(arena, row, "client_id", words[4]);
	put_place(listing, row, arena_copy(arena, words[2]), kinds, false);
	value_add(arena, listing->rows, row);
}

static enum result
list_dnsmasq(struct listing *listing)
{
	struct text       text = TEXT_NONE, line;
	const enum result result = asked_daemon(listing->asking, "dnsmasq.leases", "", &text);

	if (result != RESULT_DONE)
		return result;
	know(listing, "dnsmasq.host", "hwaddr", "hwaddr");
	know(listing, "dnsmasq.host", "client_id", "client_id");
	while (listing->rows->count < LEASES_MAX && text_next(&text, "\n", &line))
		read_dnsmasq(listing, line);
	return RESULT_DONE;
}

/* --- Kea ------------------------------------------------------------------------------------------------- */

/* What it says, when it did what it was told; NULL otherwise. */
static const struct value *
fine_answer(struct asking *asking, struct text text, int64_t *result)
{
	struct value       *answer = NULL;
	const struct value *code;
	const struct json_limits limits = { .bytes = QUERY_ANSWER_MAX, .members = MEMBERS_MAX };

	*result = -1;
	if (json_read(asking->arena, text, &limits, &answer, NULL) != RESULT_DONE)
		return NULL;
	code = value_get(answer, "result");
	if (value_is(code, VALUE_INTEGER))
		*result = code->integer;
	return answer;
}

static int64_t
number_in(const struct value *lease, const char *name, int64_t otherwise)
{
	const struct value *number = value_get(lease, name);

	return value_is(number, VALUE_INTEGER) ? number->integer : otherwise;
}

static void
copy_text(struct arena *arena, struct value *row, const char *name, const struct value *lease, const char *theirs)
{
	const char *text = value_as_string(arena, value_get(lease, theirs));

	value_set_string(arena, row, name, text ? text : "");
}

static void
read_kea(struct listing *listing, const struct value *lease)
{
	static const char *const kinds[] = { "hwaddr", "duid", "client_id", NULL };
	struct arena            *arena = listing->asking->arena;
	struct value            *row = value_object(arena), *iaid = value_get(lease, "iaid");
	const int64_t            lifetime = number_in(lease, "valid-lft", 0);

	copy_text(arena, row, "address", lease, "ip-address");
	value_set(arena, row, "prefix_len", value_integer(arena, number_in(lease, "prefix-len", 128)));
	copy_text(arena, row, "type", lease, "type");
	copy_text(arena, row, "hwaddr", lease, "hw-address");
	copy_text(arena, row, "duid", lease, "duid");
	copy_text(arena, row, "client_id", lease, "client-id");
	value_set(arena, row, "iaid", iaid ? iaid : value_string(arena, ""));
	value_set(arena, row, "valid_lifetime", value_integer(arena, lifetime));
	value_set(arena, row, "expire", value_integer(arena, number_in(lease, "cltt", 0) + lifetime));
	copy_text(arena, row, "hostname", lease, "hostname");
	value_set(arena, row, "state", value_integer(arena, number_in(lease, "state", 0)));
	put_place(listing, row, value_as_string(arena, value_get(row, "address")), kinds, true);
	value_add(arena, listing->rows, row);
}

#define KEA_EMPTY 3 /* nothing is there that fits */

static enum result
list_kea(struct listing *listing, const char *query)
{
	struct text         text = TEXT_NONE;
	int64_t             code;
	const enum result   result = asked_daemon(listing->asking, query, "", &text);
	const struct value *answer, *leases;

	if (result != RESULT_DONE)
		return result;
	answer = fine_answer(listing->asking, text, &code);
	if (!answer || (code != 0 && code != KEA_EMPTY))
		return asked_wrong(listing->asking, RESULT_FAILED, "Kea does not tell its leases");
	leases = value_path(answer, "arguments.leases");
	for (size_t i = 0; i < value_count(leases) && i < LEASES_MAX; i++)
		read_kea(listing, leases->members[i].value);
	return RESULT_DONE;
}

static enum result
list_kea4(struct listing *listing)
{
	know(listing, "kea.reservation4", "hw_address", "hwaddr");
	know(listing, "kea.reservation4", "client_id", "client_id");
	return list_kea(listing, "kea4.leases");
}

static enum result
list_kea6(struct listing *listing)
{
	know(listing, "kea.reservation6", "hw_address", "hwaddr");
	know(listing, "kea.reservation6", "duid", "duid");
	return list_kea(listing, "kea6.leases");
}

/* --- Topics ------------------------------------------------------------------------------------------------ */

/* clang-format off */
static const struct {
	const char  *name;
	enum result (*list)(struct listing *);
} servers[] = {
	{ "dnsmasq", list_dnsmasq },
	{ "kea4", list_kea4 },
	{ "kea6", list_kea6 },
};
/* clang-format on */

enum result
topic_leases(struct asking *asking, struct value **answer)
{
	const char    *server = asked_text(asking, "server");
	struct listing listing = { .asking = asking, .reserved = map_make(asking->arena), .rows = value_list(asking->arena) };
	enum result    result = RESULT_DONE;

	*answer = listing.rows;
	if (asking->box->setup.is_simulated)
		return RESULT_DONE;
	result = asked_links(asking, &listing.links);
	for (size_t i = 0; i < COUNT(servers) && result == RESULT_DONE; i++)
		if (strcmp(servers[i].name, server) == 0)
			return servers[i].list(&listing);
	return result == RESULT_DONE ? asked_wrong(asking, RESULT_MISSING, "there is no DHCP server %s", server) : result;
}

/* Of IPv6 it may be a prefix. */
enum result
topic_lease_release(struct asking *asking, struct value **answer)
{
	static const char *const queries[][2] = { { "kea4.release", NULL }, { "kea6.release", "kea6.release_prefix" } };
	const char              *given = asked_text(asking, "address");
	struct address           address;
	int64_t                  code = KEA_EMPTY;

	if (!address_read(text_of(given), &address))
		return asked_wrong(asking, RESULT_INVALID, "%s is no address", given);
	*answer = value_bool(asking->arena, true);
	if (asking->box->setup.is_simulated)
		return RESULT_DONE;
	const char *const *kind = queries[address.family == FAMILY_INET6];

	for (size_t i = 0; i < 2 && kind[i] && code == KEA_EMPTY; i++) {
		struct text       text = TEXT_NONE;
		const enum result result = asked_daemon(asking, kind[i], address_print(asking->arena, &address), &text);

		if (result != RESULT_DONE)
			return result;
		(void)fine_answer(asking, text, &code);
	}
	return code == 0 ? RESULT_DONE : asked_wrong(asking, RESULT_MISSING, "there is no lease of %s", given);
}
