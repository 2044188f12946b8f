/* What each daemon says is a line of its own log, with its name, and of no other daemon's. */
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "test.h"

#define LINES_LIMIT 60000 /* ms until a line is there */
#define LOOK_EVERY  100

static struct box *box;

/* clang-format off */
static const struct daemon {
	const char *program;
	const char *scope, *name;  /* where it is looked for, and who said it */
	const char *phrase;        /* something it says when it starts */
	const char *service;       /* that is told to reconfigure */
	const char *path[2], *body[2];
} daemons[] = {
	{ "/usr/sbin/unbound", "core/resolver", "unbound", "init module", "unbound",
	  { "unbound/settings/set" }, { "{\"unbound\":{\"general\":{\"enabled\":\"1\"}}}" } },
	{ "/usr/sbin/dnsmasq", "core/dnsmasq", "dnsmasq", "started, version", "dnsmasq" },
	{ "/usr/sbin/kea-dhcp4", "core/kea", "kea-dhcp4", "DHCP4_STARTED", "kea",
	  { "kea/dhcpv4/set", "kea/dhcpv4/add_subnet" },
	  { "{\"dhcpv4\":{\"general\":{\"enabled\":\"1\",\"interfaces\":\"lan\"}}}",
	    "{\"subnet4\":{\"subnet\":\"192.168.1.0/24\",\"pools\":\"192.168.1.30-192.168.1.39\"}}" } },
	{ "/usr/sbin/kea-dhcp6", "core/kea", "kea-dhcp6", "DHCP6_STARTED", "kea",
	  { "kea/dhcpv6/set" }, { "{\"dhcpv6\":{\"general\":{\"enabled\":\"1\",\"interfaces\":\"lan\"}}}" } },
	{ "/usr/sbin/radvd", "core/radvd", "radvd", "version", "radvd",
	  { "radvd/settings/add_entry" }, { "{\"entries\":{\"interface\":\"lan\",\"mode\":\"assist\"}}" } },
	{ "/usr/sbin/dhcpcd", "core/routing", "dhcpcd", "starting", "interfaces/assignment",
	  { "interfaces/assignment/set_item/wan" }, { "{\"interface\":{\"type4\":\"dhcp\"}}" } },
	{ "/usr/sbin/chronyd", "core/ntpd", "chronyd", "chronyd version", "ntpd" },
	{ "/usr/sbin/keepalived", "core/system", "keepalived", "Starting", "interfaces/vip_settings",
	  { "interfaces/vip_settings/add_item" },
	  { "{\"vip\":{\"mode\":\"carp\",\"interface\":\"lan\",\"network\":\"192.168.1.253/24\",\"vhid\":\"3\",\"password\":\"x\"}}" } },
	{ "/usr/sbin/syslog-ng", "core/system", "syslog-ng", "syslog-ng starting up", "syslog",
	  { "syslog/settings/add_destination" },
	  { "{\"destination\":{\"transport\":\"udp4\",\"hostname\":\"192.168.1.2\",\"port\":\"5514\",\"level\":\"notice\"}}" } },
	{ "/usr/sbin/dhcrelay", "core/dhcrelay", "dhcrelay", "DHCP Relay Agent", "dhcrelay" },
};
/* clang-format on */

/* The answer about lines with the phrase. */
static const struct value *
read_log(const char *scope, const char *phrase)
{
	return must_post(box->client, box->arena, arena_print(box->arena, "/api/diagnostics/log/%s", scope),
			 arena_print(box->arena, "{\"rowCount\":500,\"searchPhrase\":\"%s\"}", phrase));
}

static size_t
count_lines(const struct value *answer, const char *name)
{
	const struct value *rows = value_get(answer, "rows");
	size_t              count = 0;

	for (size_t i = 0; i < value_count(rows); i++)
		count += strcmp(at(box->arena, value_at(rows, i), "process_name"), name) == 0;
	return count;
}

/* The file the lines are from; the test ends when none comes. */
static const char *
wait_for_lines(const struct daemon *daemon)
{
	const int64_t       begin = milliseconds();
	const struct value *answer = read_log(daemon->scope, daemon->phrase);

	while (count_lines(answer, daemon->name) == 0 && milliseconds() - begin < LINES_LIMIT) {
		wait_a_little(LOOK_EVERY);
		answer = read_log(daemon->scope, daemon->phrase);
	}
	if (count_lines(answer, daemon->name) == 0) {
		read_log(daemon->scope, "");
		fail_msg("%s is not in %s; there is:\n%.3000s", daemon->name, daemon->scope, box->client->body.bytes);
	}
	return at(box->arena, answer, "origin");
}

static void
configure(const struct daemon *daemon)
{
	for (size_t i = 0; i < COUNT(daemon->path) && daemon->path[i]; i++) {
		const char *path = arena_print(box->arena, "/api/%s", daemon->path[i]);

		if (strcmp(at(box->arena, must_post(box->client, box->arena, path, daemon->body[i]), "result"), "saved") != 0)
			fail_msg("%s: %s", path, box->client->body.bytes);
	}
	if (strncmp(daemon->service, "interfaces/", 11) == 0)
		must_post(box->client, box->arena, arena_print(box->arena, "/api/%s/reconfigure", daemon->service), "{}");
	else if (strcmp(daemon->service, "ntpd") == 0)
		must_post(box->client, box->arena, "/api/core/service/start/ntpd", "{}");
	else
		box_reconfigure(box, daemon->service);
}

/* A relay needs a destination's uuid, and that no server has its port. */
static void
add_relay(void)
{
	const char *destination = at(box->arena, must_post(box->client, box->arena, "/api/dhcrelay/settings/add_dest",
		"{\"destination\":{\"name\":\"elsewhere\",\"server\":\"192.0.2.10\"}}"), "uuid");

	must_post(box->client, box->arena, "/api/dnsmasq/settings/set", "{\"dnsmasq\":{\"enable\":\"0\"}}");
	must_post(box->client, box->arena, "/api/kea/dhcpv4/set", "{\"dhcpv4\":{\"general\":{\"enabled\":\"0\"}}}");
	box_reconfigure(box, "kea");
	box_reconfigure(box, "dnsmasq");
	must_post(box->client, box->arena, "/api/dhcrelay/settings/add_relay",
		  arena_print(box->arena, "{\"relay\":{\"enabled\":\"1\",\"interface\":\"lan\",\"destination\":\"%s\"}}", destination));
}

TEST(each_daemon_is_heard_where_clients_look_for_it)
{
	const char *origins[COUNT(daemons)];

	must_post(box->client, box->arena, "/api/interfaces/vip_settings/reconfigure", "{}");
	for (size_t i = 0; i < COUNT(daemons); i++) {
		if (strcmp(daemons[i].service, "dhcrelay") == 0)
			add_relay();
		configure(&daemons[i]);
		origins[i] = wait_for_lines(&daemons[i]);
	}
	/* And in no other log; some scopes are names of the same one. */
	for (size_t i = 0; i < COUNT(daemons); i++)
		for (size_t k = 0; k < COUNT(daemons); k++)
			if (strcmp(origins[i], origins[k]) != 0 &&
			    count_lines(read_log(daemons[k].scope, daemons[i].phrase), daemons[i].name) > 0)
				fail_msg("%s is in %s too", daemons[i].name, daemons[k].scope);
}

static int
end(void **state)
{
	(void)state;
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_daemon_is_heard_where_clients_look_for_it) };

	instance_programs(argc, argv);
	for (size_t i = 0; i < COUNT(daemons); i++)
		box_need(daemons[i].program, NULL);
	box = box_new();
	return cmocka_run_group_tests(tests, NULL, end);
}
