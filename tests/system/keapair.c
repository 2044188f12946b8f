/* Kea beside another Kea: leases that one gives are known to the other, and the control agent tells how they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "box.h"
#include "lease.h"
#include "test.h"

#define KEA4 "/usr/sbin/kea-dhcp4"

static struct box *box;

static char *
file_content(struct arena *arena, const char *path)
{
	FILE  *file = fopen(path, "re");
	char  *content = arena_take(arena, 65536);
	size_t n;

	if (!file)
		return NULL;
	n = fread(content, 1, 65535, file);
	fclose(file);
	content[n] = '\0';
	return content;
}

static void
add(const char *kind, const char *body)
{
	const char *path = arena_print(box->arena, "/api/kea/%s", kind);

	if (strcmp(at(box->arena, must_post(box->client, box->arena, path, body), "result"), "saved") != 0)
		fail_msg("%s %s: %s", path, body, box->client->body.bytes);
}

static const char peer_configuration[] =
	"{\"Dhcp4\":{\"interfaces-config\":{\"interfaces\":[\"em0\"]},\"lease-database\":{\"type\":\"memfile\",\"name\":\"%s/leases\"},"
	"\"multi-threading\":{\"enable-multi-threading\":true},\"hooks-libraries\":[{\"library\":\"%s/libdhcp_lease_cmds.so\"},"
	"{\"library\":\"%s/libdhcp_ha.so\",\"parameters\":{\"high-availability\":[{\"this-server-name\":\"two\","
	"\"mode\":\"hot-standby\",\"multi-threading\":{\"enable-multi-threading\":true,\"http-dedicated-listener\":true},"
	"\"peers\":[{\"name\":\"one\",\"role\":\"primary\",\"url\":\"http://192.168.1.1:8001/\"},"
	"{\"name\":\"two\",\"role\":\"standby\",\"url\":\"http://192.168.1.2:8001/\"}]}]}}],"
	"\"subnet4\":[{\"id\":1,\"subnet\":\"192.168.1.0/24\",\"pools\":[{\"pool\":\"192.168.1.30-192.168.1.39\"}]}]}}\n";

/* Its files are in a directory of their own; so are those of the program. */
static pid_t
start_peer(const char *directory)
{
	const char *hooks = "/usr/lib/x86_64-linux-gnu/kea/hooks";
	const char *path = arena_print(box->arena, "%s/peer.conf", directory);
	const char *const argv[] = { "/usr/bin/env", arena_print(box->arena, "KEA_PIDFILE_DIR=%s", directory),
				     arena_print(box->arena, "KEA_LOCKFILE_DIR=%s", directory), KEA4, "-c", path, NULL };
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(arena_print(box->arena, peer_configuration, directory, hooks, hooks), file);
	fclose(file);
	BOX_RUN(box, OUTSIDE, NULL, "/usr/sbin/ip", "address", "add", "192.168.1.2/24", "dev", "em0");
	return box_start(box, OUTSIDE, argv);
}

/* What the agent says that the server says. */
static const char *
ask_agent(const char *command)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, INSIDE, &out, "/usr/bin/curl", "-s", "-m", "5", "-H", "Content-Type: application/json", "-d",
		arena_print(box->arena, "{\"command\":\"%s\",\"service\":[\"dhcp4\"]}", command), "http://127.0.0.1:8000/");
	return arena_copy(box->arena, buffer_text(&out));
}

/* Until the peer has this one too. */
static bool
is_shared(const char *path)
{
	for (unsigned i = 0; i < 40; i++) {
		const char             *mac = arena_print(box->arena, "02:00:00:00:01:%02x", i % 8);
		const struct lease_wish wish = { .device = "em0", .mac = mac, .limit = 60000 };
		const struct lease      lease = lease_take(box, &wish);

		wait_a_little(1000);
		const char *leases = file_content(box->arena, path);

		if (lease.is_there && leases && strstr(leases, lease.address) && strstr(leases, mac))
			return true;
	}
	return false;
}

/* One serves, the other knows each lease; and both can be asked over HTTP. */
TEST(a_pair_shares_its_leases)
{
	char  directory[] = "/tmp/kea-peer.XXXXXX";
	pid_t peer;

	assert_non_null(mkdtemp(directory));
	add("ctrl_agent/set", "{\"ctrlagent\":{\"general\":{\"enabled\":\"1\"}}}");
	add("dhcpv4/add_peer", "{\"peer\":{\"name\":\"one\",\"role\":\"primary\",\"url\":\"http://192.168.1.1:8001/\"}}");
	add("dhcpv4/add_peer", "{\"peer\":{\"name\":\"two\",\"role\":\"standby\",\"url\":\"http://192.168.1.2:8001/\"}}");
	add("dhcpv4/add_subnet", "{\"subnet4\":{\"subnet\":\"192.168.1.0/24\",\"pools\":\"192.168.1.30-192.168.1.39\"}}");
	add("dhcpv4/set", "{\"dhcpv4\":{\"general\":{\"enabled\":\"1\",\"interfaces\":\"lan\"},\"ha\":{\"enabled\":\"1\",\"this_server_name\":\"one\"}}}");
	peer = start_peer(directory);
	box_reconfigure(box, "kea");
	for (int i = 0; i < 300 && !strstr(ask_agent("status-get"), "\"state\": \"hot-standby\""); i++)
		wait_a_little(200);
	CHECK(strstr(ask_agent("status-get"), "\"in-touch\": true"));
	const bool shared = is_shared(arena_print(box->arena, "%s/leases", directory));

	box_end(peer);
	BOX_RUN(box, OUTSIDE, NULL, "/usr/bin/rm", "-rf", directory);
	CHECK(shared);
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
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_pair_shares_its_leases) };

	instance_programs(argc, argv);
	box_need(KEA4, "/usr/sbin/kea-ctrl-agent", "/usr/bin/curl", "/usr/sbin/ip", NULL);
	box = box_new();
	must_post(box->client, box->arena, "/api/interfaces/vip_settings/reconfigure", "{}");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	return cmocka_run_group_tests(tests, NULL, end);
}
