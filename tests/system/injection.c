/*
 * Text that would mean something to a shell, to nft, to a file name or to a log goes into every field a client
 * can fill. It is kept as it is or refused; nothing breaks, nothing else changes, and the rule set does not
 * differ from one with harmless text.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "client.h"
#include "json/read.h"
#include "json/write.h"
#include "test.h"

#define LONG_TEXT ((size_t)1024 * 1024)
#define DEPTH     20000

static const struct text payloads[] = {
	TEXT("'"), TEXT("\""), TEXT("a\" drop; }"), TEXT("; flush ruleset"), TEXT("$(touch /tmp/drawbridge-owned)"),
	TEXT("`id`"), TEXT("a\nadd table inet owned"), TEXT("a\r\nX-Owned: 1"), TEXT("../../../../etc/passwd"),
	TEXT("..\\..\\x"), TEXT("{ type filter hook input priority 0; }"), TEXT("accept"), TEXT("@owned"), TEXT("\\"),
	TEXT("%s%n%x"), TEXT("<script>alert(1)</script>"), TEXT("]]></x>"), TEXT("' or 1=1 --"), TEXT("\x1b[31mred"),
	TEXT("\x7f\x08\x01"), TEXT("-1"), TEXT("1e999"), TEXT("99999999999999999999"), TEXT("0x10"), TEXT("__proto__"),
	TEXT("*"), TEXT("a,b,,c"), TEXT("\xe2\x80\xae\xf0\x9f\x94\xa5"), TEXT("0.0.0.0/0"), TEXT("::/0"), TEXT("any"),
	TEXT("192.0.2.1-192.0.2.9"), TEXT("1:65536"), TEXT("!"), TEXT(" "),
};
static bool in_full;

/* In short every field is hurt by some of them, in turn. */
static bool
is_due(size_t payload)
{
	static size_t turn;

	return payload == 0 ? (turn++, true) : in_full || (payload + turn) % 9 == 0;
}

/* --- OPNsense: every field of the template ----------------------------------------------------------------- */

static const struct kind {
	const char *at, *suffix, *root, *search;
	bool        always; /* else only in full */
} kinds[] = {
	{ "firewall/alias", "_item", "alias", "_item", true },
	{ "firewall/category", "_item", "category", "_item", true },
	{ "firewall/group", "_item", "group", "_item", true },
	{ "firewall/filter", "_rule", "rule", "_rule", true },
	{ "firewall/source_nat", "_rule", "rule", "_rule", true },
	{ "firewall/d_nat", "_rule", "rule", "_rule", true },
	{ "firewall/one_to_one", "_rule", "rule", "_rule", true },
	{ "firewall/npt", "_rule", "rule", "_rule", true },
	{ "auth/user", "", "user", "", true },
	{ "auth/group", "", "group", "", true },
	{ "cron/settings", "_job", "job", "_jobs", false },
	{ "dnsmasq/settings", "_host", "host", "_host", false },
	{ "interfaces/vlan_settings", "_item", "vlan", "_item", false },
	{ "interfaces/vip_settings", "_item", "vip", "_item", false },
	{ "routes/routes", "route", "route", "route", false },
	{ "routing/settings", "_gateway", "gateway_item", "_gateway", false },
	{ "unbound/settings", "_host_override", "host", "_host_override", false },
	{ "wireguard/server", "_server", "server", "_server", false },
	{ "wireguard/client", "_client", "client", "_client", false },
	{ "ipsec/connections", "_connection", "connection", "_connection", false },
};

/* An option map's choice, or the value itself. */
static const char *
default_of(struct arena *arena, const struct value *field)
{
	const char *chosen = "";

	if (!value_is(field, VALUE_OBJECT))
		return field && !value_is(field, VALUE_LIST) ? value_as_string(arena, field) : "";
	for (size_t i = 0; i < value_count(field); i++)
		if (strcmp(at(arena, field->members[i].value, "selected"), "1") == 0)
			chosen = arena_copy(arena, field->members[i].name);
	return chosen;
}

static bool
is_container(const struct value *field)
{
	return value_is(field, VALUE_OBJECT) && value_count(field) > 0 &&
	       !value_get(field->members[0].value, "selected");
}

/* The template as one would send it back. */
static struct value *
fill(struct arena *arena, const struct value *template)
{
	struct value *filled = value_object(arena);

	for (size_t i = 0; i < value_count(template); i++) {
		const struct member *member = &template->members[i];

		value_set_text(arena, filled, member->name, is_container(member->value)
			? fill(arena, member->value) : value_string(arena, default_of(arena, member->value)));
	}
	return filled;
}

/* What makes most records valid. */
static void
make_valid(struct arena *arena, const struct kind *kind, struct value *record)
{
	static const char *const values[][3] = {
		{ "firewall/alias", "name", "harmless" },      { "firewall/alias", "type", "host" },
		{ "firewall/category", "name", "harmless" },   { "firewall/group", "ifname", "harmless" },
		{ "firewall/group", "members", "lan" },        { "firewall/npt", "interface", "wan" },
		{ "firewall/npt", "source_net", "fd00::/64" }, { "firewall/one_to_one", "external", "203.0.113.1" },
		{ "firewall/one_to_one", "source_net", "192.168.1.5" }, { "auth/user", "name", "harmless" },
		{ "auth/user", "password", "harmless" },       { "auth/group", "name", "harmless" },
		{ "routes/routes", "network", "10.9.0.0/16" }, { "unbound/settings", "domain", "example.org" },
		{ "unbound/settings", "server", "192.0.2.1" }, { "wireguard/server", "name", "harmless" },
		{ "wireguard/client", "name", "harmless" },    { "routing/settings", "name", "harmless" },
	};

	for (size_t i = 0; i < COUNT(values); i++)
		if (strcmp(values[i][0], kind->at) == 0)
			value_set_string(arena, record, values[i][1], values[i][2]);
}

static const char *
print_body(struct arena *arena, const char *root, struct value *record)
{
	scoped_buffer out = BUFFER_NONE;
	struct json   json = { .out = &out };
	struct value *body = value_object(arena);

	if (root)
		value_set(arena, body, root, record);
	json_value(&json, root ? body : record);
	return arena_copy(arena, buffer_text(&out));
}

static int64_t
count_records(struct client *client, struct arena *arena, const struct kind *kind)
{
	const char         *path = arena_print(arena, "/api/%s/search%s?rowCount=1", kind->at, kind->search);
	const struct value *total = value_get(must_get(client, arena, path), "total");

	return total ? total->integer : -1;
}

static unsigned asked, kept;
static int64_t  left; /* cannot be deleted: a rule means them by now ("any") */

static void
try_record(struct client *client, struct arena *arena, const struct kind *kind, const char *what, struct value *record)
{
	const char *const   body = print_body(arena, kind->root, record);
	const struct answer answer = post(client, arena, arena_print(arena, "/api/%s/add%s", kind->at, kind->suffix), body);
	const char *const   uuid = at(arena, answer.json, "uuid");

	asked++;
	if (answer.status != 200 || !answer.json || !value_get(answer.json, "result"))
		fail_msg("%s %s: %.300s: %ld %.500s", kind->at, what, body, answer.status, answer.body.ptr);
	if (strcmp(at(arena, answer.json, "result"), "saved") != 0)
		return;
	kept++;
	const char *path = arena_print(arena, "/api/%s/get%s/%s", kind->at, kind->suffix, uuid);

	must_get(client, arena, path);
	path = arena_print(arena, "/api/%s/del%s/%s", kind->at, kind->suffix, uuid);
	const struct answer deleted = post(client, arena, path, "{}");

	if (strstr(at(arena, deleted.json, "errorTitle"), "in use"))
		left++;
	else if (strcmp(at(arena, deleted.json, "result"), "deleted") != 0)
		fail_msg("%s %s: %.300s: %ld %.500s", path, what, body, deleted.status, deleted.body.ptr);
}

static void
hurt_field(struct client *client, const struct kind *kind, const struct value *template, struct text outer,
           struct text name)
{
	for (size_t i = 0; i < COUNT(payloads); i++) {
		if (!is_due(i))
			continue;
		scoped_arena  arena = arena_new();
		struct value *record = fill(arena, template);

		make_valid(arena, kind, record);
		value_set_text(arena, outer.len ? value_get_text(record, outer) : record, name, value_text(arena, payloads[i]));
		try_record(client, arena, kind, arena_copy(arena, name), record);
	}
}

static void
hurt_kind(struct client *client, const struct kind *kind)
{
	scoped_arena        arena = arena_new();
	const struct value *template = value_get(must_get(client, arena, arena_print(arena, "/api/%s/get%s", kind->at,
		kind->suffix)), kind->root);
	const int64_t       before = count_records(client, arena, kind);

	CHECK(value_count(template) > 0);
	left = 0;
	for (size_t i = 0; i < template->count; i++) {
		const struct member *member = &template->members[i];

		for (size_t k = 0; is_container(member->value) && k < member->value->count; k++)
			hurt_field(client, kind, template, member->name, member->value->members[k].name);
		if (!is_container(member->value))
			hurt_field(client, kind, template, TEXT_NONE, member->name);
	}
	if (count_records(client, arena, kind) != before + left)
		fail_msg("%s: there are records that nobody acknowledged", kind->at);
}

static void
check_log(const struct instance *instance)
{
	scoped_buffer   log = BUFFER_NONE;
	const int       fd = open(instance->log, O_RDONLY | O_CLOEXEC);
	char            piece[4096];
	ssize_t         got;

	while ((got = read(fd, piece, sizeof(piece))) > 0)
		buffer_add(&log, (struct text){ piece, (size_t)got });
	close(fd);
	for (size_t i = 0; i < log.len; i++)
		if (((unsigned char)log.bytes[i] < ' ' && log.bytes[i] != '\n') || log.bytes[i] == 0x7f)
			fail_msg("the log holds a raw %02x", (unsigned char)log.bytes[i]);
	CHECK(!strstr(buffer_string(&log), "X-Owned"));
	CHECK(!strstr(buffer_string(&log), "Sanitizer"));
	CHECK(access("/tmp/drawbridge-owned", F_OK) != 0);
}

static struct instance *
start_instance(const char *apply)
{
	struct instance *instance = instance_new("--plain", "--apply", apply, "--log-level", "debug", NULL);

	instance_start(instance);
	return instance;
}

TEST(every_field_of_opnsense_takes_any_text_or_refuses_it)
{
	struct instance *instance = start_instance("none");
	struct client   *client = client_new(instance);

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].always || in_full)
			hurt_kind(client, &kinds[i]);
	printf("system: %u records with bad text, %u of them kept\n", asked, kept);
	client_free(client);
	instance_stop(instance);
	check_log(instance);
	instance_free(instance);
}

/* --- pfSense: every member of a good body ---------------------------------------------------------------------- */

static const struct operation {
	const char *path, *body;
	const char *query; /* what reading them back must say; NULL: nothing */
} operations[] = {
	{ "firewall/alias", "{\"name\":\"harmless\",\"type\":\"host\",\"address\":\"192.0.2.1\",\"descr\":null,\"detail\":null,"
			    "\"apply\":false}" },
	{ "firewall/rule", "{\"type\":\"pass\",\"interface\":\"lan\",\"ipprotocol\":\"inet\",\"protocol\":\"tcp\",\"src\":\"any\","
			   "\"srcport\":\"any\",\"dst\":\"any\",\"dstport\":\"80\",\"gateway\":null,\"sched\":null,\"descr\":null,"
			   "\"icmptype\":null,\"tcpflags1\":null,\"statetype\":\"keep state\",\"defaultqueue\":null,\"direction\":\"in\"}" },
	{ "firewall/nat/port_forward", "{\"interface\":\"wan\",\"protocol\":\"tcp\",\"src\":\"any\",\"srcport\":\"any\","
				       "\"dst\":\"wanip\",\"dstport\":\"80\",\"target\":\"192.168.1.5\",\"local-port\":\"80\","
				       "\"descr\":null,\"natreflection\":null}" },
	{ "firewall/nat/one_to_one", "{\"interface\":\"wan\",\"src\":\"192.168.1.5\",\"dst\":\"any\",\"external\":\"203.0.113.5\","
				     "\"descr\":null,\"natreflection\":null}" },
	{ "firewall/nat/outbound/mapping", "{\"interface\":\"wan\",\"protocol\":\"tcp\",\"src\":\"any\",\"srcport\":null,"
					   "\"dst\":\"any\",\"dstport\":null,\"target\":\"192.0.2.9\",\"poolopts\":null,\"descr\":null}" },
	{ "firewall/virtual_ip", "{\"mode\":\"ipalias\",\"interface\":\"lan\",\"subnet\":\"192.0.2.77/32\",\"descr\":null}" },
	{ "firewall/schedule", "{\"name\":\"harmless\",\"descr\":null,\"timerange\":[{\"position\":\"1,2\",\"hour\":\"0:00-23:59\"}]}" },
	{ "user", "{\"username\":\"harmless\",\"password\":\"harmless\",\"descr\":null,\"expires\":null,\"authorizedkeys\":null,"
		  "\"ipsecpsk\":null,\"priv\":null}" },
	{ "user/group", "{\"name\":\"harmless\",\"scope\":\"local\",\"description\":null,\"member\":null,\"priv\":null}" },
	{ "services/unbound/host_override", "{\"host\":\"a\",\"domain\":\"example.org\",\"ip\":\"192.0.2.1\",\"descr\":null}" },
	{ "interface/vlan", "{\"if\":\"em1\",\"tag\":\"5\",\"pcp\":\"0\",\"descr\":null}" },
	{ "routing/gateway", "{\"interface\":\"lan\",\"ipprotocol\":\"inet\",\"name\":\"harmless\",\"gateway\":\"192.168.1.9\","
			     "\"monitor\":null,\"descr\":null}" },
	{ "services/dhcpd/static_mapping", "{\"interface\":\"lan\",\"mac\":\"00:11:22:33:44:55\",\"ipaddr\":\"192.168.1.9\","
					   "\"hostname\":\"a\",\"descr\":null,\"domain\":null}",
	  "?interface=lan" },
};

/* Those before it may have been kept. */
static void
name_anew(struct arena *arena, struct value *body)
{
	static const char *const names[] = { "name", "username" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (value_get(body, names[i]))
			value_set_string(arena, body, names[i], arena_print(arena, "n%u", asked));
	if (value_get(body, "tag"))
		value_set_string(arena, body, "tag", arena_print(arena, "%u", asked % 4000 + 1));
}

static void
try_member(struct client *client, const struct operation *operation, size_t at_member, struct text payload)
{
	scoped_arena  arena = arena_new();
	struct value *body;

	CHECK(json_read(arena, text_of(operation->body), NULL, &body, NULL) == RESULT_DONE);
	name_anew(arena, body);
	body->members[at_member].value = value_text(arena, payload);
	const char *const   text = print_body(arena, NULL, body);
	const struct answer answer = post(client, arena, arena_print(arena, "/api/v1/%s", operation->path), text);

	asked++;
	kept += answer.status == 200;
	if (answer.status < 200 || answer.status >= 500 || !answer.json)
		fail_msg("%s: %.300s: %ld %.500s", operation->path, text, answer.status, answer.body.ptr);
	if (!value_get(answer.json, "return"))
		fail_msg("%s: %.300s: %ld %.500s", operation->path, text, answer.status, answer.body.ptr);
}

TEST(every_member_of_pfsense_takes_any_text_or_refuses_it)
{
	struct instance *instance = start_instance("none");
	struct client   *client = client_new(instance);

	asked = kept = 0;
	for (size_t i = 0; i < COUNT(operations); i++) {
		scoped_arena  arena = arena_new();
		struct value *body;

		CHECK(json_read(arena, text_of(operations[i].body), NULL, &body, NULL) == RESULT_DONE);
		for (size_t member = 0; member < body->count; member++)
			for (size_t p = 0; p < COUNT(payloads); p++)
				if (is_due(p))
					try_member(client, &operations[i], member, payloads[p]);
		must_get(client, arena, arena_print(arena, "/api/v1/%s%s", operations[i].path,
						    operations[i].query ? operations[i].query : ""));
	}
	printf("system: %u objects with bad text, %u of them kept\n", asked, kept);
	client_free(client);
	instance_stop(instance);
	check_log(instance);
	instance_free(instance);
}

/* --- bodies and paths ---------------------------------------------------------------------------------------- */

static void
expect_answer(const struct answer *answer, const char *what)
{
	/* 500 is what OPNsense answers to an array where a text should be. */
	if (answer->status == 0 || answer->status > 500 || strstr(answer->body.ptr, "root:x:0:0"))
		fail_msg("%s: %ld %.300s", what, answer->status, answer->body.ptr);
}

static void
expect_refused(const struct answer *answer, const char *what)
{
	expect_answer(answer, what);
	if (strstr(answer->body.ptr, "saved"))
		fail_msg("%s: %ld %.300s", what, answer->status, answer->body.ptr);
}

TEST(strange_bodies_are_refused)
{
	static const struct text bodies[] = {
		TEXT("{\"alias\":{\"name\":\"a\\u0000b\",\"type\":\"host\"}}"), TEXT("{\"alias\":{\"name\":\"\xff\xfe\",\"type\":\"host\"}}"),
		TEXT("{\"alias\":{\"name\":[\"a\"],\"type\":\"host\"}}"), TEXT("{\"alias\":{\"name\":{\"a\":1},\"type\":\"host\"}}"),
		TEXT("{\"alias\":[]}"), TEXT("{\"alias\":\"x\"}"), TEXT("[]"), TEXT("null"), TEXT("{"), TEXT("\0\0\0"), TEXT("{\"alias\":{}}"),
		TEXT("{\"alias\":{\"name\":1e400,\"type\":\"host\"}}"), TEXT("{\"alias\":{\"name\":\"\\ud800\",\"type\":\"host\"}}"),
	};
	static const char *const paths[] = { "/api/firewall/alias/add_item", "/api/firewall/filter/add_rule",
					     "/api/auth/user/add", "/api/v1/firewall/alias", "/api/v1/firewall/rule" };
	struct instance         *instance = start_instance("none");
	struct client           *client = client_new(instance);

	for (size_t i = 0; i < COUNT(paths); i++)
		for (size_t k = 0; k < COUNT(bodies); k++) {
			scoped_arena        arena = arena_new();
			const struct answer answer = ask_text(client, arena, "POST", paths[i], "application/json", bodies[k]);

			expect_refused(&answer, arena_print(arena, "%s %.100s", paths[i], bodies[k].ptr));
		}
	client_free(client);
	instance_stop(instance);
	check_log(instance);
	instance_free(instance);
}

TEST(long_and_deep_bodies_break_nothing)
{
	struct instance *instance = start_instance("none");
	struct client   *client = client_new(instance);
	scoped_arena     arena = arena_new();
	char            *text = arena_take(arena, LONG_TEXT + 1), *deep = arena_take(arena, 2 * DEPTH + 1);

	memset(text, 'a', LONG_TEXT);
	memset(deep, '[', DEPTH);
	memset(deep + DEPTH, ']', DEPTH);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		scoped_arena        one = arena_new();
		const char         *path = arena_print(one, "/api/%s/add%s", kinds[i].at, kinds[i].suffix);
		const char         *body = arena_print(one, "{\"%s\":{\"description\":\"%s\",\"descr\":\"%s\",\"name\":\"%s\",\"ifname\":\"%s\"}}",
						       kinds[i].root, text, text, text, text);
		const struct answer too_long = post(client, one, path, body);

		expect_answer(&too_long, path); /* some names have no limit */
		const struct answer too_deep = post(client, one, path, arena_print(one, "{\"%s\":%s}", kinds[i].root, deep));

		expect_refused(&too_deep, path);
	}
	const struct answer answer = post(client, arena, "/api/v1/firewall/alias",
		arena_print(arena, "{\"name\":\"%s\",\"type\":\"host\",\"address\":%s,\"descr\":\"%s\"}", text, deep, text));

	CHECK(answer.status >= 400 && answer.status < 500);
	client_free(client);
	instance_stop(instance);
	check_log(instance);
	instance_free(instance);
}

TEST(names_in_paths_lead_nowhere_else)
{
	static const char *const paths[] = {
		"/api/core/backup/download/this/%s",  "/api/core/backup/download/%s",     "/api/core/backup/diff/this/%s/%s",
		"/api/core/backup/revert_backup/%s",  "/api/core/backup/delete_backup/%s", "/api/core/backup/backups/%s",
		"/api/firewall/alias/get_item/%s",    "/api/firewall/alias/set_item/%s",  "/api/firewall/alias/del_item/%s",
		"/api/firewall/alias_util/list/%s",   "/api/firewall/alias_util/flush/%s", "/api/diagnostics/log/%s/%s",
		"/api/core/service/restart/%s",       "/api/auth/user/add_api_key/%s",    "/api/firewall/filter/apply/%s",
		"/api/firewall/filter/revert/%s",     "/api/v1/%s",                       "/api/%s",
		"/%s",
	};
	static const char *const names[] = { "..%2f..%2f..%2fetc%2fpasswd", "../../../etc/passwd", "%00", "a%0ab", "....//etc/passwd",
					     "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "%ff%fe", "'", "%24(id)", "first-login" };
	struct instance *instance = start_instance("none");
	struct client   *client = client_new(instance);

	for (size_t i = 0; i < COUNT(paths); i++)
		for (size_t k = 0; k < COUNT(names); k++)
			for (unsigned verb = 0; verb < 2; verb++) {
				scoped_arena  arena = arena_new();
				scoped_buffer path = BUFFER_NONE;
				struct text   rest = text_of(paths[i]);

				while (rest.len > 0) {
					const struct text piece = text_until(&rest, '%');

					buffer_add(&path, piece);
					if (piece.len + 1 < strlen(paths[i]) && rest.ptr) {
						buffer_add_string(&path, names[k]);
						rest = text_after(rest, 1);
					}
				}
				const struct answer answer = verb ? post(client, arena, buffer_string(&path), "{}")
								  : get(client, arena, buffer_string(&path));

				if (strcmp(paths[i], "/api/firewall/filter/apply/%s") != 0 || verb == 0)
					expect_refused(&answer, buffer_string(&path));
			}
	client_free(client);
	instance_stop(instance);
	check_log(instance);
	instance_free(instance);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strange_bodies_are_refused),
		cmocka_unit_test(long_and_deep_bodies_break_nothing),
		cmocka_unit_test(names_in_paths_lead_nowhere_else),
		cmocka_unit_test(every_field_of_opnsense_takes_any_text_or_refuses_it),
		cmocka_unit_test(every_member_of_pfsense_takes_any_text_or_refuses_it),
	};

	instance_programs(argc, argv);
	in_full = argc > 3 && strcmp(argv[3], "long") == 0;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
