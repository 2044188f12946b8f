/*
 * Random changes through either dialect, read through both: the same aliases, rules in the same order, users,
 * groups and translations.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client.h"
#include "test.h"

#define NAMES     12
#define LINES_MAX 256

static unsigned steps = 150;

static struct {
	struct arena  *arena; /* of one step */
	struct client *client;
	bool           is_pfsense; /* who changes something in this step */
	unsigned       number;
} now;

#define SAY(...) arena_print(now.arena, __VA_ARGS__)

static unsigned
pick(unsigned count)
{
	return (unsigned)random() % count;
}

/* --- what both show ---------------------------------------------------------------------------------------- */

struct lines {
	const char *line[LINES_MAX];
	size_t      count;
};

static void
add_line(struct lines *lines, const char *line)
{
	CHECK(lines->count < LINES_MAX);
	lines->line[lines->count++] = line;
}

static int
compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *
join(struct lines *lines, bool is_sorted)
{
	const char *all = "";

	if (is_sorted)
		qsort(lines->line, lines->count, sizeof(lines->line[0]), compare_lines);
	for (size_t i = 0; i < lines->count; i++)
		all = SAY("%s%s\n", all, lines->line[i]);
	return all;
}

/* Separators made the same. */
static const char *
list_text(const char *text)
{
	char *copy = arena_copy(now.arena, text_of(text));

	for (char *c = copy; *c; c++)
		if (*c == '\n' || *c == ' ')
			*c = ',';
	return copy;
}

static const struct value *
rows_of(const char *path)
{
	const struct value *said = must_get(now.client, now.arena, path);

	return value_get(said, strncmp(path, "/api/v1/", 8) == 0 ? "data" : "rows");
}

/* One kind of thing: how each dialect lists it, and which of its values both know. */
static const struct view {
	const char *name;
	const char *path[2];      /* OPNsense, pfSense */
	const char *fields[2][4]; /* in the same order */
	const char *only;         /* "field=value" of OPNsense rows that count; NULL: all but internal ones */
	bool        is_sorted;
} views[] = {
	{ "aliases", { "/api/firewall/alias/search_item", "/api/v1/firewall/alias" },
	  { { "name", "type", "content", "description" }, { "name", "type", "address", "descr" } }, NULL, true },
	{ "rules", { "/api/firewall/filter/search_rule", "/api/v1/firewall/rule" },
	  { { "description", "action", "interface" }, { "descr", "type", "interface" } }, NULL, false },
	{ "users", { "/api/auth/user/search", "/api/v1/user" }, { { "name", "descr" }, { "name", "descr" } }, NULL, true },
	{ "groups", { "/api/auth/group/search", "/api/v1/user/group" },
	  { { "name", "description" }, { "name", "description" } }, NULL, true },
	{ "1:1", { "/api/firewall/one_to_one/search_rule", "/api/v1/firewall/nat/one_to_one" },
	  { { "description", "external" }, { "descr", "external" } }, NULL, false },
};

static const char *
show(const struct view *view, unsigned side)
{
	const struct value *rows = rows_of(view->path[side]);
	struct lines        lines = { .count = 0 };

	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *row = value_at(rows, i);
		const char         *line = "";

		if (side == 0 && view == &views[0] && (strcmp(at(now.arena, row, "type"), "internal") == 0 ||
						       strcmp(at(now.arena, row, "type"), "external") == 0))
			continue;
		for (size_t k = 0; k < 4 && view->fields[side][k]; k++)
			line = SAY("%s|%s", line, list_text(at(now.arena, row, view->fields[side][k])));
		add_line(&lines, line);
	}
	return join(&lines, view->is_sorted);
}

static void
compare(const char *what)
{
	for (size_t i = 0; i < COUNT(views); i++) {
		const char *one = show(&views[i], 0), *other = show(&views[i], 1);

		if (strcmp(one, other) != 0)
			fail_msg("%s after %s %s:\n%s--- but in the other dialect:\n%s", views[i].name,
				 now.is_pfsense ? "pfsense" : "opnsense", what, one, other);
	}
}

/* --- changing ------------------------------------------------------------------------------------------------- */

/* The uuid of an OPNsense row with this value; "" when there is none. */
static const char *
find(const char *path, const char *field, const char *value)
{
	const struct value *rows = rows_of(path);

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(now.arena, value_at(rows, i), field), value) == 0)
			return at(now.arena, value_at(rows, i), "uuid");
	return "";
}

static void
opnsense(const char *path, const char *body, const char *want)
{
	const struct value *said = must_post(now.client, now.arena, path, body);

	if (strcmp(at(now.arena, said, "result"), want) != 0)
		fail_msg("%s %s: %s", path, body, now.client->body.bytes);
}

static void
pfsense(const char *method, const char *path, const char *body)
{
	must(now.client, now.arena, method, path, body);
}

static const char *
change_alias(void)
{
	static const char *const kinds[] = { "host", "network", "port" };
	static const char *const members[][2] = { { "192.0.2.1", "host.example.org" }, { "10.0.0.0/8", "192.0.2.0/24" }, { "80", "8000:8010" } };
	const char    *name = SAY("alias_%u", pick(NAMES));
	const char    *uuid = find("/api/firewall/alias/search_item", "name", name);
	const unsigned kind = pick(3), two = pick(2);
	const char    *first = members[kind][0], *second = members[kind][1];

	if (*uuid && pick(3) == 0) {
		if (now.is_pfsense)
			pfsense("DELETE", "/api/v1/firewall/alias", SAY("{\"id\":\"%s\",\"apply\":false}", name));
		else
			opnsense(SAY("/api/firewall/alias/del_item/%s", uuid), "{}", "deleted");
		return SAY("delete alias %s", name);
	}
	if (now.is_pfsense)
		pfsense(*uuid ? "PUT" : "POST", "/api/v1/firewall/alias",
			SAY("{%s%s%s\"name\":\"%s\",\"type\":\"%s\",\"address\":[\"%s\"%s%s%s],\"descr\":\"d%u\",\"apply\":false}",
			    *uuid ? "\"id\":\"" : "", *uuid ? name : "", *uuid ? "\"," : "", name, kinds[kind], first, two ? ",\"" : "",
			    two ? second : "", two ? "\"" : "", now.number));
	else
		opnsense(*uuid ? SAY("/api/firewall/alias/set_item/%s", uuid) : "/api/firewall/alias/add_item",
			SAY("{\"alias\":{\"name\":\"%s\",\"type\":\"%s\",\"content\":\"%s%s%s\",\"description\":\"d%u\"}}", name, kinds[kind],
			    first, two ? "\\n" : "", two ? second : "", now.number), "saved");
	return SAY("%s alias %s", *uuid ? "change" : "add", name);
}

static const char *
tracker_of(const char *description)
{
	const struct value *rows = rows_of("/api/v1/firewall/rule");

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(now.arena, value_at(rows, i), "descr"), description) == 0)
			return at(now.arena, value_at(rows, i), "tracker");
	return "";
}

static const char *
change_rule(void)
{
	static const char *const actions[] = { "pass", "block", "reject" };
	const char *name = SAY("rule_%u", pick(NAMES));
	const char *uuid = find("/api/firewall/filter/search_rule", "description", name);
	const char *action = actions[pick(3)];

	if (*uuid && pick(3) == 0) {
		if (now.is_pfsense)
			pfsense("DELETE", "/api/v1/firewall/rule", SAY("{\"tracker\":\"%s\"}", tracker_of(name)));
		else
			opnsense(SAY("/api/firewall/filter/del_rule/%s", uuid), "{}", "deleted");
		return SAY("delete rule %s", name);
	}
	if (*uuid && now.is_pfsense)
		pfsense("PUT", "/api/v1/firewall/rule", SAY("{\"tracker\":\"%s\",\"type\":\"%s\"}", tracker_of(name), action));
	else if (*uuid)
		opnsense(SAY("/api/firewall/filter/set_rule/%s", uuid), SAY("{\"rule\":{\"action\":\"%s\"}}", action), "saved");
	else if (now.is_pfsense)
		pfsense("POST", "/api/v1/firewall/rule",
			SAY("{\"type\":\"%s\",\"interface\":\"lan\",\"ipprotocol\":\"inet\",\"protocol\":\"tcp\",\"src\":\"any\",\"srcport\":\"any\","
			    "\"dst\":\"any\",\"dstport\":\"%u\",\"descr\":\"%s\",\"top\":%s}", action, now.number + 1, name,
			    pick(2) ? "true" : "false"));
	else
		opnsense("/api/firewall/filter/add_rule",
			SAY("{\"rule\":{\"action\":\"%s\",\"interface\":\"lan\",\"protocol\":\"TCP\",\"destination_port\":\"%u\","
			    "\"description\":\"%s\",\"sequence\":\"%u\"}}", action, now.number + 1, name, pick(40) + 1), "saved");
	return SAY("%s rule %s", *uuid ? "change" : "add", name);
}

static const char *
change_user(void)
{
	const char *name = SAY("user_%u", pick(NAMES));
	const char *uuid = find("/api/auth/user/search", "name", name);

	if (*uuid && pick(3) == 0) {
		if (now.is_pfsense)
			pfsense("DELETE", "/api/v1/user", SAY("{\"username\":\"%s\"}", name));
		else
			opnsense(SAY("/api/auth/user/del/%s", uuid), "{}", "deleted");
		return SAY("delete user %s", name);
	}
	if (now.is_pfsense)
		pfsense(*uuid ? "PUT" : "POST", "/api/v1/user", SAY("{\"username\":\"%s\",\"password\":\"secret%u\",\"descr\":\"d%u\"}", name,
			now.number, now.number));
	else
		opnsense(*uuid ? SAY("/api/auth/user/set/%s", uuid) : "/api/auth/user/add",
			SAY("{\"user\":{\"name\":\"%s\",\"password\":\"Secret%u!\",\"descr\":\"d%u\"}}", name, now.number, now.number), "saved");
	return SAY("%s user %s", *uuid ? "change" : "add", name);
}

static const char *
change_group(void)
{
	const char *name = SAY("group_%u", pick(NAMES));
	const char *uuid = find("/api/auth/group/search", "name", name);

	if (*uuid) {
		if (now.is_pfsense)
			pfsense("DELETE", "/api/v1/user/group", SAY("{\"id\":\"%s\"}", name));
		else
			opnsense(SAY("/api/auth/group/del/%s", uuid), "{}", "deleted");
		return SAY("delete group %s", name);
	}
	if (now.is_pfsense)
		pfsense("POST", "/api/v1/user/group", SAY("{\"name\":\"%s\",\"scope\":\"local\",\"description\":\"d%u\"}", name, now.number));
	else
		opnsense("/api/auth/group/add", SAY("{\"group\":{\"name\":\"%s\",\"description\":\"d%u\"}}", name, now.number), "saved");
	return SAY("add group %s", name);
}

static const char *
change_one_to_one(void)
{
	const char *address = SAY("203.0.113.%u", now.number % 250 + 1);

	if (now.is_pfsense)
		pfsense("POST", "/api/v1/firewall/nat/one_to_one", SAY("{\"interface\":\"wan\",\"src\":\"192.168.1.5\",\"dst\":\"any\","
			"\"external\":\"%s\",\"descr\":\"o%u\",\"apply\":false}", address, now.number));
	else
		opnsense("/api/firewall/one_to_one/add_rule", SAY("{\"rule\":{\"interface\":\"wan\",\"type\":\"binat\",\"external\":\"%s\","
			"\"source_net\":\"192.168.1.5\",\"destination_net\":\"any\",\"description\":\"o%u\"}}", address, now.number), "saved");
	return SAY("add 1:1 o%u", now.number);
}

TEST(what_one_dialect_changes_both_show_alike)
{
	static const char *(*const changes[])(void) = { change_alias, change_alias, change_rule, change_rule, change_user, change_group,
						    change_one_to_one };
	const unsigned   seed = (unsigned)time(NULL);
	struct instance *instance = instance_plain("none");

	printf("system: seed %u\n", seed);
	srandom(seed);
	now.client = client_new(instance);
	for (now.number = 0; now.number < steps; now.number++) {
		scoped_arena arena = arena_new();

		now.arena = arena;
		now.is_pfsense = pick(2);
		compare(changes[pick(COUNT(changes))]());
	}
	client_free(now.client);
	instance_stop(instance);
	instance_free(instance);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_one_dialect_changes_both_show_alike),
	};

	instance_programs(argc, argv);
	if (argc > 3 && strcmp(argv[3], "long") == 0)
		steps = 1000;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
