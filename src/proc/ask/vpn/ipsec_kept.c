/*
 * Associations, policies and leases, as the daemon has put them where packets are wrapped: in the kernel or, where that cannot,
 * in itself. So there is one way to look at both.
 */
#include <string.h>

#include "base/number.h"
#include "proc/ask/vpn/ipsec.h"

/* What is done to one by one. */
typedef void each_child(void *self, const struct ipsec_sa *, const struct value *child);

struct gathering {
	const struct asking *asking;
	struct value        *rows;
};

static enum result
for_each(const struct asking *asking, each_child *act, void *self)
{
	struct value     *sas;
	struct ipsec_sa   one;
	const enum result result = ipsec_look(asking, "charon.sas", &sas);

	for (size_t i = 0; result == RESULT_DONE && ipsec_sa_at(asking, sas, i, &one); i++) {
		const struct value *children = value_get(one.sa, "child-sas");

		for (size_t j = 0; j < value_count(children); j++)
			act(self, &one, children->members[j].value);
	}
	return result;
}

/* As long as a digest, and the same for the same. */
static const char *
id_of(struct arena *arena, const char *what, const char *of, const char *more)
{
	const char *whole = arena_print(arena, "%s %s %s", what, of, more);

	return arena_print(arena, "%016llx%016llx", (unsigned long long)text_hash(text_of(whole)),
			   (unsigned long long)text_hash(text_of(arena_print(arena, "%s again", whole))));
}

static void
put_number(const struct asking *asking, struct value *row, const char *name, int64_t number)
{
	value_set(asking->arena, row, name, value_integer(asking->arena, number));
}

static int64_t
number_of(const struct asking *asking, const struct value *section, const char *name)
{
	int64_t number = 0;

	(void)number_read(text_of(ipsec_word(asking, section, name)), 0, INT64_MAX, &number);
	return number;
}

static const char *
lower(struct arena *arena, const char *word)
{
	char *copy = arena_copy(arena, text_of(word));

	for (char *c = copy; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	return copy;
}

static const char *
cipher_of(const struct asking *asking, const struct value *child)
{
	const char *bits = ipsec_word(asking, child, "encr-keysize");

	return lower(asking->arena, arena_print(asking->arena, "%s%s%s", ipsec_word(asking, child, "encr-alg"), *bits ? "-" : "", bits));
}

/* --- Associations ------------------------------------------------------------------------------------------------ */

struct way {
	const char *spi, *bytes, *packets, *used, *from, *to, *direction;
};

static const struct way ways[] = {
	{ "spi-in", "bytes-in", "packets-in", "use-in", "remote-host", "local-host", "in" },
	{ "spi-out", "bytes-out", "packets-out", "use-out", "local-host", "remote-host", "out" },
};

static const char *
association_id(const struct asking *asking, const struct way *way, const struct value *child)
{
	return id_of(asking->arena, way->spi, ipsec_word(asking, child, way->spi), ipsec_word(asking, child, "uniqueid"));
}

static void
add_association(const struct gathering *gathering, const struct ipsec_sa *of, const struct value *child, const struct way *way)
{
	const struct asking *asking = gathering->asking;
	struct value        *row = value_object(asking->arena);
	const int64_t        age = number_of(asking, child, "install-time");
	const char          *integrity = ipsec_word(asking, child, "integ-alg");
	const struct {
		const char *name, *value;
	} words[] = {
		{ "id", association_id(asking, way, child) },
		{ "src", ipsec_word(asking, of->sa, way->from) },
		{ "dst", ipsec_word(asking, of->sa, way->to) },
		{ "satype", lower(asking->arena, ipsec_word(asking, child, "protocol")) },
		{ "spi", ipsec_word(asking, child, way->spi) },
		{ "reqid", ipsec_word(asking, child, "reqid") },
		{ "mode", lower(asking->arena, ipsec_word(asking, child, "mode")) },
		{ "state", strcmp(ipsec_word(asking, child, "state"), "INSTALLED") == 0 ? "mature" : "dying" },
		{ "alg_enc", cipher_of(asking, child) },
		{ "alg_auth", lower(asking->arena, integrity) },
	};

	for (size_t i = 0; i < COUNT(words); i++)
		value_set_string(asking->arena, row, words[i].name, words[i].value);
	put_number(asking, row, "bytes_current", number_of(asking, child, way->bytes));
	put_number(asking, row, "bytes_hard", 0);
	put_number(asking, row, "bytes_soft", 0);
	put_number(asking, row, "allocated_current", number_of(asking, child, way->packets));
	put_number(asking, row, "allocated_hard", 0);
	put_number(asking, row, "allocated_soft", 0);
	put_number(asking, row, "addtime_current", age);
	put_number(asking, row, "addtime_hard", age + number_of(asking, child, "life-time"));
	put_number(asking, row, "addtime_soft", age + number_of(asking, child, "rekey-time"));
	put_number(asking, row, "usetime_current", number_of(asking, child, way->used));
	put_number(asking, row, "usetime_hard", 0);
	put_number(asking, row, "usetime_soft", 0);
	ipsec_describe(asking, row, of->connection, ipsec_word(asking, child, "name"));
	value_add(asking->arena, gathering->rows, row);
}

static void
add_associations(void *self, const struct ipsec_sa *of, const struct value *child)
{
	for (size_t i = 0; i < COUNT(ways); i++)
		add_association(self, of, child, &ways[i]);
}

enum result
topic_ipsec_associations(struct asking *asking, struct value **answer)
{
	struct gathering  gathering = { asking, value_list(asking->arena) };
	const enum result result = for_each(asking, add_associations, &gathering);

	*answer = gathering.rows;
	return result;
}

/* --- Policies ----------------------------------------------------------------------------------------------------- */

struct policy {
	const struct way *way;
	const char       *connection, *child, *reqid, *protocol, *mode, *scope;
	const char       *source, *destination; /* ends of the tunnel */
	const char       *ours, *theirs;        /* what is let through */
};

static void
add_policy(const struct gathering *gathering, const struct policy *policy)
{
	const struct asking *asking = gathering->asking;
	struct value        *row = value_object(asking->arena);
	const bool           is_in = strcmp(policy->way->direction, "in") == 0;
	const char          *from = is_in ? policy->theirs : policy->ours, *to = is_in ? policy->ours : policy->theirs;
	const struct {
		const char *name, *value;
	} words[] = {
		{ "id", id_of(asking->arena, policy->child, from, arena_print(asking->arena, "%s %s %s", policy->way->direction, to, policy->scope)) },
		{ "src_range", from }, { "dst_range", to }, { "upperspec", "any" }, { "dir", policy->way->direction },
		{ "type", "ipsec" }, { "mode", policy->mode }, { "proto", policy->protocol }, { "src", policy->source },
		{ "dst", policy->destination }, { "level", *policy->reqid ? arena_print(asking->arena, "unique:%s", policy->reqid) : "" },
		{ "reqid", policy->reqid }, { "scope", policy->scope },
	};

	for (size_t i = 0; i < COUNT(words); i++)
		value_set_string(asking->arena, row, words[i].name, words[i].value);
	ipsec_describe(asking, row, policy->connection, policy->child);
	value_add(asking->arena, gathering->rows, row);
}

/* Each of ours to each of theirs, on both ways. */
static void
add_selectors(const struct gathering *gathering, struct policy *policy, const struct value *section)
{
	const struct asking *asking = gathering->asking;
	const struct value  *ours = value_get(section, "local-ts"), *theirs = value_get(section, "remote-ts");

	for (size_t i = 0; i < value_count(ours); i++)
		for (size_t j = 0; j < value_count(theirs); j++) {
			policy->ours = value_as_string(asking->arena, value_at(ours, i));
			policy->theirs = value_as_string(asking->arena, value_at(theirs, j));
			if (policy->ours && policy->theirs)
				add_policy(gathering, policy);
		}
}

static void
add_installed(void *self, const struct ipsec_sa *of, const struct value *child)
{
	const struct gathering *gathering = self;
	const struct asking    *asking = gathering->asking;

	for (size_t i = 0; i < COUNT(ways); i++) {
		struct policy policy = {
			.way = &ways[i], .connection = of->connection, .child = ipsec_word(asking, child, "name"),
			.reqid = ipsec_word(asking, child, "reqid"),
			.protocol = lower(asking->arena, ipsec_word(asking, child, "protocol")),
			.mode = lower(asking->arena, ipsec_word(asking, child, "mode")), .scope = "global",
			.source = ipsec_word(asking, of->sa, ways[i].from), .destination = ipsec_word(asking, of->sa, ways[i].to),
		};

		add_selectors(gathering, &policy, child);
	}
}

/* One that waits for a packet, or lets through or drops without a tunnel. */
static void
add_waiting(const struct gathering *gathering, const struct value *section)
{
	const struct asking *asking = gathering->asking;

	for (size_t i = 0; i < COUNT(ways); i++) {
		struct policy policy = {
			.way = &ways[i], .connection = ipsec_word(asking, section, "ike"),
			.child = ipsec_word(asking, section, "child"), .reqid = "", .protocol = "esp",
			.mode = lower(asking->arena, ipsec_word(asking, section, "mode")), .scope = "trap",
			.source = "", .destination = "",
		};

		add_selectors(gathering, &policy, section);
	}
}

enum result
topic_ipsec_policies(struct asking *asking, struct value **answer)
{
	struct gathering gathering = { asking, value_list(asking->arena) };
	struct value    *waiting = NULL;
	struct ipsec_sa  one;
	enum result      result = for_each(asking, add_installed, &gathering);

	if (result == RESULT_DONE)
		result = ipsec_look(asking, "charon.policies", &waiting);
	for (size_t i = 0; ipsec_sa_at(asking, waiting, i, &one); i++)
		add_waiting(&gathering, one.sa);
	*answer = gathering.rows;
	return result;
}

/* --- Taking one away ----------------------------------------------------------------------------------------------- */

struct seeking {
	const struct asking *asking;
	const char          *id, *found; /* the daemon's number of the pair that it is one of */
};

static void
seek_association(void *self, const struct ipsec_sa *of, const struct value *child)
{
	struct seeking *seeking = self;

	(void)of;
	for (size_t i = 0; i < COUNT(ways); i++)
		if (strcmp(association_id(seeking->asking, &ways[i], child), seeking->id) == 0)
			seeking->found = ipsec_word(seeking->asking, child, "uniqueid");
}

static void
seek_policy(void *self, const struct ipsec_sa *of, const struct value *child)
{
	struct seeking  *seeking = self;
	struct gathering gathering = { seeking->asking, value_list(seeking->asking->arena) };

	add_installed(&gathering, of, child);
	for (size_t i = 0; i < value_count(gathering.rows); i++)
		if (strcmp(ipsec_word(seeking->asking, value_at(gathering.rows, i), "id"), seeking->id) == 0)
			seeking->found = ipsec_word(seeking->asking, child, "uniqueid");
}

/* The child whose policies wait, of which it is one; NULL: none. */
static enum result
seek_waiting(const struct asking *asking, const char **child)
{
	struct value     *waiting;
	struct ipsec_sa   one;
	const enum result result = ipsec_look(asking, "charon.policies", &waiting);

	*child = NULL;
	for (size_t i = 0; result == RESULT_DONE && ipsec_sa_at(asking, waiting, i, &one); i++) {
		struct gathering gathering = { asking, value_list(asking->arena) };

		add_waiting(&gathering, one.sa);
		for (size_t j = 0; j < value_count(gathering.rows); j++)
			if (strcmp(ipsec_word(asking, value_at(gathering.rows, j), "id"), asked_text(asking, "id")) == 0)
				*child = ipsec_word(asking, one.sa, "child");
	}
	return result;
}

/* Both ways go together, and with an association its policies: the peer is told. */
static enum result
forget(struct asking *asking, each_child *seek, struct value **answer)
{
	struct seeking seeking = { .asking = asking, .id = asked_text(asking, "id") };
	const char    *waiting = NULL;
	enum result    result = for_each(asking, seek, &seeking);

	if (result == RESULT_DONE && !seeking.found && seek == seek_policy)
		result = seek_waiting(asking, &waiting);
	if (result == RESULT_DONE && seeking.found)
		result = ipsec_tell(asking, "charon.drop", seeking.found);
	else if (result == RESULT_DONE && waiting)
		result = ipsec_tell(asking, "charon.uninstall", waiting);
	if (result != RESULT_DONE)
		return result;
	const bool is_found = seeking.found || waiting;

	*answer = value_object(asking->arena);
	value_set_string(asking->arena, *answer, "result", is_found ? "ok" : "failed");
	value_set_string(asking->arena, *answer, "status", is_found ? "found" : "not_found");
	return RESULT_DONE;
}

enum result
topic_ipsec_forget_association(struct asking *asking, struct value **answer)
{
	return forget(asking, seek_association, answer);
}

enum result
topic_ipsec_forget_policy(struct asking *asking, struct value **answer)
{
	return forget(asking, seek_policy, answer);
}

/* --- Pools ----------------------------------------------------------------------------------------------------------- */

/* The network as it is configured; the daemon only knows where it begins. */
static const char *
pool_network(const struct asking *asking, const char *name, const struct value *pool)
{
	const struct record *record =
		collection_where(snapshot_named(asking->snapshot, "ipsec.pool"), "name", text_of(name));

	return record ? record_get(record, "addrs") : ipsec_word(asking, pool, "base");
}

static void
add_leases(const struct asking *asking, struct value *rows, const char *name, const struct value *pool)
{
	const struct value *leases = value_get(pool, "leases");

	for (size_t i = 0; i < value_count(leases); i++) {
		const struct value *lease = leases->members[i].value;
		struct value       *row = value_object(asking->arena);

		value_set_string(asking->arena, row, "pool", name);
		value_set_string(asking->arena, row, "address", ipsec_word(asking, lease, "address"));
		value_set(asking->arena, row, "online",
			  value_bool(asking->arena, strcmp(ipsec_word(asking, lease, "status"), "online") == 0));
		value_set_string(asking->arena, row, "user", ipsec_word(asking, lease, "identity"));
		value_add(asking->arena, rows, row);
	}
}

static void
add_pool(const struct asking *asking, struct value *pools, const char *name, const struct value *pool)
{
	static const char *const counts[] = { "online", "offline", "size" };
	struct value            *row = value_object(asking->arena);

	value_set_string(asking->arena, row, "name", name);
	value_set_string(asking->arena, row, "net", pool_network(asking, name, pool));
	for (size_t i = 0; i < COUNT(counts); i++)
		put_number(asking, row, counts[i], number_of(asking, pool, counts[i]));
	value_set(asking->arena, pools, name, row);
}

enum result
topic_ipsec_pools(struct asking *asking, struct value **answer)
{
	struct value     *said, *pools = value_object(asking->arena), *leases = value_list(asking->arena);
	const enum result result = ipsec_look(asking, "charon.pools", &said);
	const struct value *reply = result == RESULT_DONE ? value_at(said, 0) : NULL;

	for (size_t i = 0; i < value_count(reply); i++) {
		const char *name = arena_copy(asking->arena, reply->members[i].name);

		add_pool(asking, pools, name, reply->members[i].value);
		add_leases(asking, leases, name, reply->members[i].value);
	}
	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "pools", pools);
	value_set(asking->arena, *answer, "leases", leases);
	return result;
}

enum result
topic_ipsec_leases(struct asking *asking, struct value **answer)
{
	struct value     *whole;
	const enum result result = topic_ipsec_pools(asking, &whole);

	*answer = value_get(whole, "leases");
	return result;
}
