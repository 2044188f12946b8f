/*
 * A server of OpenVPN as a client of the API makes it, and OpenVPN itself at the other end of a link, with the configuration that
 * "openvpn/export" gives. The kernel must have tunnels.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "box.h"
#include "test.h"

#define OPENVPN  "/usr/sbin/openvpn"
#define IP       "/usr/sbin/ip"
#define PING     "/usr/bin/ping"
#define CAT      "/usr/bin/cat"
#define STAT     "/usr/bin/stat"
#define PATIENCE 60000 /* ms */
#define DEVICE   "tunout" /* of the client */

static struct box *box;
static const char *authority, *server_cert, *ann, *bob, *key, *server; /* refids and uuids */
static char        folder[] = "/tmp/drawbridge-openvpn.XXXXXX";
static pid_t       visitor;

#define SAY(...) arena_print(box->arena, __VA_ARGS__)

/* --- words -------------------------------------------------------------------------------------------- */

static const char *
said(enum where where, const char *const *argv)
{
	scoped_buffer out = BUFFER_NONE;

	box_run(box, where, &out, argv);
	return arena_copy(box->arena, buffer_text(&out));
}
#define SAID(where, ...) said(where, (const char *const[]){ __VA_ARGS__, NULL })

/* Does it say so, or no longer, before long? */
static bool
becomes(bool wanted, const char *part, enum where where, const char *const *argv)
{
	const int64_t begin = milliseconds();

	while ((strstr(said(where, argv), part) != NULL) != wanted) {
		if (milliseconds() - begin > PATIENCE)
			return false;
		wait_a_little(200);
	}
	return true;
}
#define SHOWS(part, where, ...) becomes(true, part, where, (const char *const[]){ __VA_ARGS__, NULL })
#define GONE(part, where, ...)  becomes(false, part, where, (const char *const[]){ __VA_ARGS__, NULL })

static const char *
save(const char *path, const char *body)
{
	const struct value *answer = must_post(box->client, box->arena, path, body);

	if (strcmp(at(box->arena, answer, "result"), "saved") != 0 && strcmp(at(box->arena, answer, "status"), "saved") != 0)
		fail_msg("%s %s: %s", path, body, box->client->body.bytes);
	return at(box->arena, answer, "uuid");
}

static void
reconfigure(void)
{
	const struct value *answer = must_post(box->client, box->arena, "/api/openvpn/service/reconfigure", "{}");

	if (strcmp(at(box->arena, answer, "result"), "ok") == 0)
		return;
	print_message("%s\n", box->client->body.bytes);
	must_post(box->client, box->arena, "/api/diagnostics/log/core/openvpn", "{}");
	fail_msg("reconfigure: %s", box->client->body.bytes);
}

static const char *
refid_of(const char *kind, const char *uuid)
{
	return at(box->arena, must_get(box->client, box->arena, SAY("/api/trust/%s/get/%s", kind, uuid)), SAY("%s.refid", kind));
}

static const char *
certificate(const char *name, const char *type)
{
	return refid_of("cert", save("/api/trust/cert/add",
				     SAY("{\"cert\":{\"descr\":\"%s\",\"commonname\":\"%s\",\"caref\":\"%s\",\"key_type\":\"prime256v1\","
					 "\"cert_type\":\"%s\"}}", name, name, authority, type)));
}

static const char *
file_of(const char *name)
{
	return SAY("%s/%s", folder, name);
}

static void
write_file(const char *name, struct text content)
{
	scoped_fd fd = open(file_of(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, content.ptr, content.len) == (ssize_t)content.len);
}

/* What the export gives for a certificate, to be read by a client. */
static void
export(const char *refid, const char *name)
{
	const struct value *answer = must_post(box->client, box->arena, SAY("/api/openvpn/export/download/%s/%s", server, refid),
					       "{\"openvpn_export\":{\"hostname\":\"192.168.1.1\",\"template\":\"PlainOpenVPN\"}}");
	size_t              len = 0;
	const char         *content = base64_decode(box->arena, text_of(at(box->arena, answer, "content")), &len);

	CHECK(content && len > 0);
	write_file(name, (struct text){ content, len });
}

static void
connect_as(const char *name)
{
	visitor = box_start_to(box, OUTSIDE, file_of("log"),
			       (const char *const[]){ OPENVPN, "--config", file_of(name), "--dev", DEVICE, "--dev-type", "tun", "--verb", "3",
						      "--connect-retry", "1", "2", NULL });
}

/* OpenVPN may lose a signal that comes while it starts anew: it is told until it ends. */
static void
end_visitor(void)
{
	const int64_t begin = milliseconds();

	while (visitor > 0 && kill(visitor, SIGTERM) == 0) {
		for (int tries = 0; visitor > 0 && tries < 20; tries++) {
			if (waitpid(visitor, NULL, WNOHANG) != 0)
				visitor = 0;
			else
				wait_a_little(100);
		}
		CHECK(milliseconds() - begin < PATIENCE);
	}
}

static void
hang_up(void)
{
	end_visitor();
	CHECK(GONE(DEVICE, OUTSIDE, IP, "link"));
}

static bool
is_connected(const char *address)
{
	if (SHOWS(address, OUTSIDE, IP, "address", "show", "dev", DEVICE))
		return true;
	const char  *log = SAID(OUTSIDE, CAT, file_of("log"));
	const size_t len = strlen(log);

	print_message("%s: %s\n", address, log + (len > 900 ? len - 900 : 0));
	print_message("%s: %s\n", address, SAID(OUTSIDE, IP, "address", "show", "dev", DEVICE));
	return false;
}

static const struct value *
sessions(void)
{
	return value_get(must_post(box->client, box->arena, "/api/openvpn/service/search_sessions", "{\"type\":[\"server\"]}"), "rows");
}

static bool
pings(const char *address)
{
	return BOX_RUN(box, OUTSIDE, NULL, PING, "-n", "-c", "2", "-i", "0.2", "-W", "2", "-I", DEVICE, address) == 0;
}

/* --- the box ------------------------------------------------------------------------------------------ */

/* As it stands between quotes in JSON. */
static const char *
in_json(const char *text)
{
	scoped_buffer out = BUFFER_NONE;

	for (; *text; text++) {
		if (*text == '\n')
			buffer_add_string(&out, "\\n");
		else if (*text != '\r')
			buffer_add_byte(&out, *text);
	}
	return arena_copy(box->arena, buffer_text(&out));
}

static void
set_server(const char *members)
{
	save(SAY("/api/openvpn/instances/set/%s", server), SAY("{\"instance\":{%s}}", members));
}

static void
make_server(void)
{
	const char *ca = save("/api/trust/ca/add", "{\"ca\":{\"descr\":\"house\",\"commonname\":\"House CA\",\"key_type\":\"prime256v1\"}}");

	authority = refid_of("ca", ca);
	server_cert = certificate("vpn.example.net", "server_cert");
	ann = certificate("ann smith@example.net", "usr_cert");
	bob = certificate("bob", "usr_cert");
	key = save("/api/openvpn/instances/add_static_key",
		   SAY("{\"statickey\":{\"mode\":\"crypt\",\"description\":\"k\",\"key\":\"%s\"}}",
		       in_json(at(box->arena, must_get(box->client, box->arena, "/api/openvpn/instances/gen_key"), "key"))));
	server = save("/api/openvpn/instances/add",
		      SAY("{\"instance\":{\"description\":\"road\",\"role\":\"server\",\"proto\":\"udp4\",\"server\":\"10.8.0.0/24\","
			  "\"server_ipv6\":\"fd08::/64\",\"cert\":\"%s\",\"tls_key\":\"%s\",\"remote_cert_tls\":\"1\","
			  "\"keepalive_interval\":\"1\",\"keepalive_timeout\":\"10\",\"push_route\":\"10.77.0.0/24,fd77::/64\","
			  "\"dns_servers\":\"10.8.0.1\",\"dns_domain\":\"house.example\",\"data-ciphers\":\"AES-256-GCM,CHACHA20-POLY1305\","
			  "\"maxclients\":\"5\",\"local\":\"192.168.1.1\"}}", server_cert, key));
	reconfigure();
	export(ann, "ann.ovpn");
	export(bob, "bob.ovpn");
}

/* --- tests -------------------------------------------------------------------------------------------- */

TEST(a_client_with_what_was_exported_is_let_in)
{
	connect_as("ann.ovpn");
	CHECK(is_connected("inet 10.8.0.2/24"));
	CHECK(is_connected("inet6 fd08::1000/64"));
	CHECK(SHOWS("10.77.0.0/24 via 10.8.0.1", OUTSIDE, IP, "route"));
	CHECK(SHOWS("inet 10.8.0.1/24", INSIDE, IP, "address", "show", "dev", "ovpns1"));
	CHECK(strstr(SAID(OUTSIDE, CAT, file_of("log")), "dhcp-option DOMAIN house.example"));
}

static const char *
add_rule(const char *interface, const char *action)
{
	const char *rule = save("/api/firewall/filter/add_rule",
				SAY("{\"rule\":{\"action\":\"%s\",\"quick\":\"1\",\"interface\":\"%s\",\"direction\":\"in\","
				    "\"ipprotocol\":\"inet\",\"protocol\":\"any\",\"sequence\":\"%s\"}}", action, interface,
				    strcmp(action, "block") == 0 ? "1" : "100"));

	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	return rule;
}

static void
remove_rule(const char *rule)
{
	must_post(box->client, box->arena, SAY("/api/firewall/filter/del_rule/%s", rule), "{}");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
}

TEST(rules_for_the_group_are_for_its_packets)
{
	const char *block, *pass;

	CHECK(!pings("10.8.0.1"));
	pass = add_rule("openvpn", "pass");
	CHECK(pings("10.8.0.1"));
	block = add_rule("openvpn", "block");
	CHECK(!pings("10.8.0.1"));
	remove_rule(block);
	CHECK(pings("10.8.0.1"));
	/* Assigned, the device has rules of its own, and is in the group all the same. */
	const char *name = save("/api/interfaces/assignment/add_item",
				"{\"interface\":{\"if\":\"ovpns1\",\"descr\":\"vpn\",\"enable\":\"1\",\"type4\":\"none\",\"type6\":\"none\"}}");

	must_post(box->client, box->arena, "/api/interfaces/assignment/reconfigure", "{}");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	CHECK(pings("10.8.0.1"));
	remove_rule(pass);
	CHECK(!pings("10.8.0.1"));
	pass = add_rule(name, "pass");
	CHECK(pings("10.8.0.1"));
	remove_rule(pass);
	add_rule("openvpn", "pass");
	CHECK(pings("10.8.0.1"));
}

/* What the row of the only session says. */
static const char *
session(const char *what)
{
	const struct value *rows = sessions();

	for (size_t i = 0; i < value_count(rows); i++)
		if (value_is(value_get(value_at(rows, i), "is_client"), VALUE_BOOL))
			return at(box->arena, value_at(rows, i), what);
	return "";
}

TEST(who_is_connected_is_listed)
{
	const struct value *rows = value_get(must_get(box->client, box->arena, "/api/openvpn/service/search_routes"), "rows");

	CHECK_STRING(session("common_name"), "ann smith@example.net");
	CHECK_STRING(session("status"), "ok");
	CHECK_STRING(session("description"), "road");
	CHECK_STRING(session("virtual_address"), "10.8.0.2");
	CHECK_STRING(session("data_channel_cipher"), "AES-256-GCM");
	CHECK(text_starts(text_of(session("real_address")), TEXT("192.168.1.50:")));
	CHECK_STRING(session("id"), SAY("%s_%s", server, session("real_address")));
	CHECK_NUMBER(value_count(rows), 2);
	CHECK(strcmp(at(box->arena, rows, "0.virtual_address"), "10.8.0.2") == 0 ||
	      strcmp(at(box->arena, rows, "1.virtual_address"), "10.8.0.2") == 0);
	CHECK_STRING(at(box->arena, rows, "1.common_name"), "ann smith@example.net");
	CHECK_NUMBER(value_count(value_get(must_post(box->client, box->arena, "/api/openvpn/service/search_sessions",
						     "{\"type\":[\"client\"]}"), "rows")), 0);
}

static const char *
kill_session(const char *who)
{
	return at(box->arena, must_post(box->client, box->arena, "/api/openvpn/service/kill_session",
					SAY("{\"server_id\":\"%s\",\"session_id\":\"%s\"}", server, who)), "status");
}

TEST(a_session_that_is_killed_ends)
{
	const int64_t begin = milliseconds();
	const char   *before = session("client_id");

	CHECK_STRING(kill_session("nobody"), "not_found");
	CHECK_STRING(kill_session("ann smith@example.net"), "killed");
	/* The client is told to come again, and is another session then. */
	while (!*session("client_id") || strcmp(session("client_id"), before) == 0) {
		if (milliseconds() - begin > PATIENCE)
			fail_msg("still %s", before);
		wait_a_little(200);
	}
	CHECK_STRING(kill_session(session("client_id")), "killed");
	hang_up();
}

TEST(an_overwrite_is_for_who_comes_next_without_a_restart)
{
	const pid_t before = box_daemon(box, OPENVPN);

	save("/api/openvpn/client_overwrites/add",
	     "{\"cso\":{\"common_name\":\"ann smith@example.net\",\"tunnel_network\":\"10.8.0.77/24\",\"local_networks\":\"10.78.0.0/24\"}}");
	reconfigure();
	CHECK(before > 0);
	CHECK_NUMBER(box_daemon(box, OPENVPN), before);
	connect_as("ann.ovpn");
	CHECK(is_connected("inet 10.8.0.77/24"));
	CHECK(SHOWS("10.78.0.0/24 via 10.8.0.1", OUTSIDE, IP, "route"));
	CHECK(pings("10.8.0.1"));
	hang_up();
}

static void
revoke_one(const char *refid)
{
	save(SAY("/api/trust/crl/set/%s", authority),
	     SAY("{\"crl\":{\"crlmethod\":\"internal\",\"descr\":\"lost\",\"lifetime\":\"30\",\"revoked_reason_1\":\"%s\"}}", refid));
}

TEST(who_was_revoked_is_not_let_in_any_more)
{
	pid_t before;

	revoke_one("");
	const struct value *options = value_path(must_get(box->client, box->arena, SAY("/api/openvpn/instances/get/%s", server)), "instance.crl");
	const char         *list = NULL;

	for (size_t i = 0; i < value_count(options); i++)
		if (options->members[i].name.len > 0)
			list = arena_copy(box->arena, options->members[i].name);
	CHECK(list);
	set_server(SAY("\"crl\":\"%s\"", list));
	reconfigure();
	connect_as("bob.ovpn");
	CHECK(is_connected("inet 10.8.0."));
	hang_up();
	before = box_daemon(box, OPENVPN);
	revoke_one(bob);
	reconfigure();
	CHECK_NUMBER(box_daemon(box, OPENVPN), before);
	connect_as("bob.ovpn");
	CHECK(becomes(true, "certificate revoked", OUTSIDE, (const char *const[]){ CAT, box->instance->log, NULL }));
	CHECK(!strstr(SAID(OUTSIDE, IP, "address"), "10.8.0."));
	end_visitor();
	connect_as("ann.ovpn");
	CHECK(is_connected("inet 10.8.0.77/24"));
	hang_up();
}

static const char *
service(const char *verb, const char *id)
{
	return at(box->arena, must_post(box->client, box->arena, SAY("/api/openvpn/service/%s_service/%s", verb, id), "{}"), "result");
}

static const char *
listed(const char *id, const char *what)
{
	const struct value *rows = value_get(must_get(box->client, box->arena, "/api/core/service/search"), "rows");

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(box->arena, value_at(rows, i), "id"), id) == 0)
			return at(box->arena, value_at(rows, i), what);
	return "";
}

/* Each is a process of its own. */
TEST(one_instance_is_stopped_and_started_alone)
{
	const pid_t before = box_daemon(box, OPENVPN);
	const char *other = save("/api/openvpn/instances/add",
		SAY("{\"instance\":{\"description\":\"other\",\"role\":\"server\",\"proto\":\"tcp4\",\"port\":\"1195\",\"topology\":\"net30\","
		    "\"server\":\"10.9.0.0/24\",\"cert\":\"%s\",\"verb\":\"4\",\"various_flags\":\"client-to-client,duplicate-cn,float\"}}",
		    server_cert));

	reconfigure();
	CHECK(SHOWS("inet 10.9.0.1 peer 10.9.0.2", INSIDE, IP, "address", "show", "dev", "ovpns2"));
	CHECK_NUMBER(box_daemon(box, OPENVPN), before);
	CHECK_STRING(listed(SAY("openvpn/%s", other), "running"), "1");
	CHECK_STRING(service("stop", other), "ok");
	CHECK(GONE("ovpns2", INSIDE, IP, "link"));
	CHECK_STRING(listed(SAY("openvpn/%s", other), "running"), "0");
	CHECK_STRING(listed(SAY("openvpn/%s", server), "running"), "1");
	CHECK_STRING(service("start", other), "ok");
	CHECK(SHOWS("inet 10.9.0.1", INSIDE, IP, "address", "show", "dev", "ovpns2"));
	CHECK_STRING(service("restart", server), "ok");
	CHECK(box_daemon(box, OPENVPN) != before);
	CHECK_STRING(service("start", "00000000-0000-4000-8000-000000000000"), "failed");
	must_post(box->client, box->arena, SAY("/api/openvpn/instances/del/%s", other), "{}");
	reconfigure();
	CHECK(GONE("ovpns2", INSIDE, IP, "link"));
}

/* Each with a device of another kind. */
TEST(tunnels_are_of_every_kind)
{
	static const struct {
		const char *members, *ours, *theirs, *kind, *there;
	} kinds[] = {
		{ "\"topology\":\"p2p\",\"server\":\"10.12.0.0/30\"", "inet 10.12.0.1 peer 10.12.0.2", "inet 10.12.0.2 peer 10.12.0.1", "tun",
		  "10.12.0.1" },
		{ "\"topology\":\"net30\",\"server\":\"10.12.0.0/24\"", "inet 10.12.0.1 peer 10.12.0.2", "inet 10.12.0.6 peer 10.12.0.5", "tun",
		  "10.12.0.1" },
		{ "\"dev_type\":\"tap\",\"server\":\"10.12.0.0/24\"", "inet 10.12.0.1/24", "inet 10.12.0.2/24", "tap", "10.12.0.1" },
		{ "\"dev_type\":\"ovpn\",\"server\":\"10.12.0.0/24\",\"proto\":\"udp4\"", "inet 10.12.0.1/24", "inet 10.12.0.2/24", "tun",
		  "10.12.0.1" },
		{ "\"proto\":\"tcp\",\"server\":\"\",\"server_ipv6\":\"fd12::/64\"", "inet6 fd12::1/64", "inet6 fd12::1000/64", "tun", "fd12::1" },
	};
	const char *before = server;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		server = save("/api/openvpn/instances/add",
			      SAY("{\"instance\":{\"description\":\"kind\",\"vpnid\":\"7\",\"role\":\"server\",\"port\":\"1197\",\"cert\":\"%s\",%s}}",
				  server_cert, kinds[i].members));
		reconfigure();
		CHECK(SHOWS(kinds[i].ours, INSIDE, IP, "address", "show", "dev", "ovpns7"));
		export(bob, "kind.ovpn");
		visitor = box_start_to(box, OUTSIDE, file_of("log"),
				       (const char *const[]){ OPENVPN, "--config", file_of("kind.ovpn"), "--dev", DEVICE, "--dev-type",
							      kinds[i].kind, "--connect-retry", "1", "2", NULL });
		CHECK(is_connected(kinds[i].theirs));
		if (strchr(kinds[i].there, '.'))
			CHECK(pings(kinds[i].there));
		hang_up();
		must_post(box->client, box->arena, SAY("/api/openvpn/instances/del/%s", server), "{}");
		reconfigure();
	}
	server = before;
}

/* --- Passwords ---------------------------------------------------------------------------------------- */

static const char *lock, *user;

static void
set_user(const char *members)
{
	save(SAY("/api/auth/user/set/%s", user), SAY("{\"user\":{%s}}", members));
}

static void
log_in(const char *name, const char *password)
{
	unlink(file_of("log"));
	write_file("login", text_of(SAY("%s\n%s\n", name, password)));
	visitor = box_start_to(box, OUTSIDE, file_of("log"),
			       (const char *const[]){ OPENVPN, "--config", file_of("lock.ovpn"), "--dev", DEVICE, "--dev-type", "tun",
						      "--auth-user-pass", file_of("login"), "--connect-retry", "1", "2", NULL });
}

static void
must_be_refused(const char *name, const char *password)
{
	log_in(name, password);
	CHECK(SHOWS("AUTH_FAILED", OUTSIDE, CAT, file_of("log")));
	CHECK(!strstr(SAID(OUTSIDE, IP, "address"), "10.9.0."));
	hang_up();
}

TEST(a_user_of_the_box_comes_in_by_password)
{
	const char *before = server;

	user = save("/api/auth/user/add",
		    "{\"user\":{\"name\":\"carol\",\"password\":\"it's a \\\"$ecret\\\" \\\\ #1\",\"scope\":\"user\"}}");
	lock = save("/api/openvpn/instances/add",
		SAY("{\"instance\":{\"description\":\"lock\",\"role\":\"server\",\"proto\":\"udp4\",\"port\":\"1196\",\"server\":\"10.9.0.0/24\","
		    "\"cert\":\"%s\",\"verify_client_cert\":\"none\",\"authmode\":\"Local Database\",\"username_as_common_name\":\"1\","
		    "\"auth-gen-token\":\"3600\",\"local\":\"192.168.1.1\"}}", server_cert));
	reconfigure();
	server = lock;
	export("", "lock.ovpn");
	server = before;
	log_in("carol", "it's a \"$ecret\" \\ #1");
	CHECK(is_connected("inet 10.9.0.2/24"));
	CHECK_STRING(session("common_name"), "carol");
	CHECK_STRING(session("username"), "carol");
	hang_up();
	must_be_refused("carol", "it's a");
	must_be_refused("nobody", "it's a \"$ecret\" \\ #1");
}

/* What changes about a user is known at once, and what is saved of OpenVPN meanwhile stays as it is. */
TEST(who_is_disabled_is_not_let_in_any_more)
{
	const pid_t before = box_daemon(box, OPENVPN);

	save(SAY("/api/openvpn/instances/set/%s", lock), "{\"instance\":{\"port\":\"1999\"}}");
	set_user("\"disabled\":\"1\"");
	must_be_refused("carol", "it's a \"$ecret\" \\ #1");
	set_user("\"disabled\":\"0\",\"password\":\"another one\"");
	must_be_refused("carol", "it's a \"$ecret\" \\ #1");
	log_in("carol", "another one");
	CHECK(is_connected("inet 10.9.0.2/24"));
	hang_up();
	CHECK_NUMBER(box_daemon(box, OPENVPN), before);
	save(SAY("/api/openvpn/instances/set/%s", lock), "{\"instance\":{\"port\":\"1196\"}}");
}

TEST(only_a_group_may_be_let_in)
{
	const char *group = save("/api/auth/group/add", "{\"group\":{\"name\":\"visitors\",\"description\":\"x\"}}");
	const char *gid = at(box->arena, must_get(box->client, box->arena, SAY("/api/auth/group/get/%s", group)), "group.gid");

	save(SAY("/api/openvpn/instances/set/%s", lock), SAY("{\"instance\":{\"local_group\":\"%s\"}}", gid));
	reconfigure();
	must_be_refused("carol", "another one");
	set_user(SAY("\"group_memberships\":\"%s\"", gid));
	log_in("carol", "another one");
	CHECK(is_connected("inet 10.9.0."));
	hang_up();
	must_post(box->client, box->arena, SAY("/api/openvpn/instances/del/%s", lock), "{}");
	reconfigure();
}

/* --- The box as a client ------------------------------------------------------------------------------- */

static void
keep_pem(const char *kind, const char *uuid, const char *type, const char *name)
{
	write_file(name, text_of(at(box->arena, must_post(box->client, box->arena, SAY("/api/trust/%s/generate_file/%s/%s", kind, uuid, type),
							  "{}"), "payload")));
}

static const char *
uuid_of(const char *kind, const char *name)
{
	const struct value *rows = value_get(must_get(box->client, box->arena, SAY("/api/trust/%s/search", kind)), "rows");

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(box->arena, value_at(rows, i), "descr"), name) == 0)
			return at(box->arena, value_at(rows, i), "uuid");
	fail_msg("there is no %s", name);
	return "";
}

static const char *
client_session(const char *what)
{
	return at(box->arena, value_get(must_post(box->client, box->arena, "/api/openvpn/service/search_sessions",
						  "{\"type\":\"client\"}"), "rows"), SAY("0.%s", what));
}

TEST(the_box_is_a_client_of_another_server)
{
	const int64_t begin = milliseconds();
	const char   *client;
	pid_t         there;

	keep_pem("ca", uuid_of("ca", "house"), "crt", "ca.pem");
	keep_pem("cert", uuid_of("cert", "vpn.example.net"), "crt", "crt.pem");
	keep_pem("cert", uuid_of("cert", "vpn.example.net"), "prv", "prv.pem");
	there = box_start_to(box, OUTSIDE, file_of("there"),
			     (const char *const[]){ OPENVPN, "--dev", "tunthere", "--dev-type", "tun", "--proto", "udp4", "--port", "1200", "--server",
						    "10.11.0.0", "255.255.255.0", "--topology", "subnet", "--dh", "none", "--ca",
						    file_of("ca.pem"), "--cert", file_of("crt.pem"), "--key", file_of("prv.pem"), "--keepalive",
						    "1", "10", NULL });
	client = save("/api/openvpn/instances/add",
		      SAY("{\"instance\":{\"description\":\"away\",\"role\":\"client\",\"proto\":\"udp4\",\"remote\":\"192.168.1.50:1200\","
			  "\"cert\":\"%s\",\"ca\":\"%s\",\"remote_cert_tls\":\"1\",\"verify-x509-name\":\"vpn.example.net\"}}", ann, authority));
	reconfigure();
	const char *device = SAY("ovpnc%s", at(box->arena, must_get(box->client, box->arena, SAY("/api/openvpn/instances/get/%s", client)),
					       "instance.vpnid"));

	if (!SHOWS("inet 10.11.0.2/24", INSIDE, IP, "address", "show", "dev", device)) {
		must_post(box->client, box->arena, "/api/diagnostics/log/core/openvpn", "{}");
		fail_msg("%s\n%s", SAID(OUTSIDE, CAT, file_of("there")), box->client->body.bytes);
	}
	while (strcmp(client_session("status"), "connected") != 0) {
		if (milliseconds() - begin > PATIENCE)
			fail_msg("%s", box->client->body.bytes);
		wait_a_little(200);
	}
	CHECK_STRING(client_session("virtual_address"), "10.11.0.2");
	CHECK_STRING(client_session("real_address"), "192.168.1.50");
	CHECK_STRING(client_session("id"), client);
	CHECK(BOX_RUN(box, OUTSIDE, NULL, PING, "-n", "-c", "2", "-i", "0.2", "-W", "2", "10.11.0.2") == 0);
	box_end(there);
	must_post(box->client, box->arena, SAY("/api/openvpn/instances/del/%s", client), "{}");
	reconfigure();
}

/* --- What goes wrong ----------------------------------------------------------------------------------- */

TEST(what_openvpn_refuses_is_told_and_the_others_run_on)
{
	const pid_t before = box_daemon(box, OPENVPN);
	const char *other = save("/api/openvpn/instances/add",
		SAY("{\"instance\":{\"description\":\"wrong\",\"role\":\"server\",\"port\":\"1201\",\"server\":\"10.14.0.0/24\",\"cert\":\"%s\","
		    "\"local\":\"192.0.2.77\"}}", server_cert));

	must_post(box->client, box->arena, "/api/openvpn/service/reconfigure", "{}");
	CHECK(strstr(box->client->body.bytes, "\"failed\"") && strstr(box->client->body.bytes, "Cannot assign requested address"));
	CHECK_NUMBER(box_daemon(box, OPENVPN), before);
	save(SAY("/api/openvpn/instances/set/%s", other), "{\"instance\":{\"local\":\"\",\"use_ocsp\":\"1\"}}");
	must_post(box->client, box->arena, "/api/openvpn/service/reconfigure", "{}");
	CHECK(strstr(box->client->body.bytes, "\"failed\"") && strstr(box->client->body.bytes, "use_ocsp"));
	CHECK_STRING(listed(SAY("openvpn/%s", other), "running"), "1");
	must_post(box->client, box->arena, SAY("/api/openvpn/instances/del/%s", other), "{}");
	reconfigure();
}

/* Nothing but OpenVPN itself knows what it takes. */
TEST(openvpn_takes_what_the_fields_become)
{
	static const char *const forms[] = {
		"\"various_flags\":\"block-ipv6,client-to-client,duplicate-cn,float,passtos,persist-remote-ip,explicit-exit-notify\"",
		"\"various_flags\":\"fast-io\"", "\"various_flags\":\"route-noexec\"", "\"proto\":\"tcp\",\"port-share\":\"127.0.0.1:443\"",
		"\"fragment\":\"1200\",\"mssfix\":\"1\",\"tun_mtu\":\"1400\"", "\"compress_migrate\":\"1\"", "\"ifconfig-pool-persist\":\"1\"",
		"\"nopool\":\"1\"", "\"authmode\":\"Local Database\",\"strictusercn\":\"1\",\"cert_depth\":\"1\"", "\"reneg-sec\":\"0\"",
		"\"authmode\":\"Local Database\",\"auth-gen-token\":\"600\",\"auth-gen-token-renewal\":\"120\"", "\"provision_exclusive\":\"1\"",
		"\"redirect_gateway\":\"local,autolocal,def1,bypass-dhcp,bypass-dns,block-local,ipv6,!ipv4\"",
		"\"various_push_flags\":\"block-ipv6,block-outside-dns,register-dns,explicit-exit-notify\",\"push_inactive\":\"60\"",
		"\"route\":\"10.5.0.0/16\",\"push_route\":\"10.6.0.0/16,fd06::/64\",\"push_excluded_routes\":\"10.7.0.0/16,fd07::/64\"",
		"\"keepalive_interval\":\"5\",\"keepalive_timeout\":\"30\",\"maxclients\":\"3\",\"route_metric\":\"5\",\"register_dns\":\"1\"",
		"\"dev_type\":\"tap\",\"server\":\"\",\"bridge_gateway\":\"10.8.0.1/24\",\"bridge_pool\":\"10.8.0.100-10.8.0.110\"",
		"\"dev_type\":\"tap\",\"server\":\"\"", "\"verb\":\"0\"", "\"verb\":\"6\"", "\"proto\":\"tcp6\"",
		"\"topology\":\"p2p\",\"server\":\"10.9.0.0/31\"", "\"topology\":\"p2p\"", "\"auth\":\"SHA512\"", "\"auth\":\"none\"",
		"\"data-ciphers\":\"AES-128-CBC,AES-256-CFB8,AES-128-OFB\"", "\"data-ciphers-fallback\":\"AES-256-CBC\"",
		"\"role\":\"client\",\"various_flags\":\"remote-random,route-noexec,route-nopull,float,passtos,persist-remote-ip,block-ipv6\"",
		"\"role\":\"client\",\"various_flags\":\"fast-io,explicit-exit-notify\",\"username\":\"me\",\"password\":\"x y\"",
		"\"role\":\"client\",\"proto\":\"tcp\",\"http-proxy\":\"127.0.0.1:3128\",\"route_metric\":\"5\",\"redirect_gateway\":\"def1\"",
		"\"role\":\"client\",\"route\":\"10.5.0.0/16\",\"verify-x509-name\":\"a\"",
	};
	const char *made[COUNT(forms)];

	for (size_t i = 0; i < COUNT(forms); i++)
		made[i] = save("/api/openvpn/instances/add",
			       SAY("{\"instance\":{\"role\":\"server\",\"server\":\"10.20.%zu.0/24\",\"remote\":\"127.0.0.1:9\",\"port\":\"%zu\",\"cert\":\"%s\","
				   "\"description\":\"f\",%s}}", i, 2000 + i, server_cert, forms[i]));
	reconfigure();
	for (size_t i = 0; i < COUNT(forms); i++) {
		CHECK_STRING(listed(SAY("openvpn/%s", made[i]), "running"), "1");
		must_post(box->client, box->arena, SAY("/api/openvpn/instances/del/%s", made[i]), "{}");
	}
	reconfigure();
}

/* --- The other dialect -------------------------------------------------------------------------------- */

TEST(a_server_of_pfsense_runs_too)
{
	const struct value *made = must(box->client, box->arena, "POST", "/api/v1/services/openvpn/server",
		SAY("{\"mode\":\"server_tls\",\"caref\":\"%s\",\"certref\":\"%s\",\"tunnel_network\":\"10.13.0.0/24\",\"description\":\"pf\","
		    "\"interface\":\"lan\",\"local_port\":1198,\"tls\":\"\",\"tunnel_networkv6\":\"\"}", authority, server_cert));
	const char *vpnid = at(box->arena, made, "data.vpnid"), *tls = at(box->arena, made, "data.tls");
	size_t      len = 0;
	const char *text = base64_decode(box->arena, text_of(tls), &len);

	CHECK(SHOWS("inet 10.13.0.1/24", INSIDE, IP, "address", "show", "dev", SAY("ovpns%s", vpnid)));
	must(box->client, box->arena, "POST", "/api/v1/services/openvpn/csc", "{\"common_name\":\"bob\",\"tunnel_network\":\"10.13.0.44/24\"}");
	CHECK(text && len > 0);
	write_file("pf.key", (struct text){ text, len });
	keep_pem("cert", uuid_of("cert", "bob"), "crt", "bob.pem");
	keep_pem("cert", uuid_of("cert", "bob"), "prv", "bobkey.pem");
	unlink(file_of("log"));
	visitor = box_start_to(box, OUTSIDE, file_of("log"),
			       (const char *const[]){ OPENVPN, "--client", "--dev", DEVICE, "--dev-type", "tun", "--proto", "udp4", "--nobind", "--remote",
						      "192.168.1.1", "1198", "--ca", file_of("ca.pem"), "--cert", file_of("bob.pem"), "--key",
						      file_of("bobkey.pem"), "--tls-auth", file_of("pf.key"), "1", "--auth", "SHA256", "--remote-cert-tls", "server", NULL });
	CHECK(is_connected("inet 10.13.0.44/24"));
	CHECK(pings("10.13.0.1"));
	const struct value *status = must(box->client, box->arena, "GET", "/api/v1/status/openvpn", NULL);

	CHECK_STRING(at(box->arena, status, "data.servers.0.conns.0.common_name"), "bob");
	CHECK_STRING(at(box->arena, status, "data.servers.0.conns.0.virtual_addr"), "10.13.0.44");
	CHECK_STRING(at(box->arena, status, "data.servers.0.vpnid"), vpnid);
	hang_up();
	must(box->client, box->arena, "DELETE", SAY("/api/v1/services/openvpn/server?vpnid=%s", vpnid), NULL);
	CHECK(GONE(SAY("ovpns%s:", vpnid), INSIDE, IP, "link"));
}

TEST(keys_are_for_roots_eyes_only)
{
	static const char *const paths[] = { "/api/openvpn/instances/search", "/api/openvpn/instances/search_static_key",
					     "/api/openvpn/service/search_sessions", "/api/core/service/search" };

	CHECK_STRING(SAID(INSIDE, STAT, "-c", "%a %U", SAY("/etc/openvpn/drawbridge-%s/key.pem", server)), "600 root\n");
	CHECK_STRING(SAID(INSIDE, STAT, "-c", "%a %U", SAY("/etc/openvpn/drawbridge-%s/shared.key", server)), "600 root\n");
	CHECK_STRING(SAID(INSIDE, STAT, "-c", "%a %U", "/run/drawbridge-openvpn"), "700 root\n");
	for (size_t i = 0; i < COUNT(paths); i++) {
		must_get(box->client, box->arena, paths[i]);
		CHECK(!strstr(box->client->body.bytes, "PRIVATE KEY") && !strstr(box->client->body.bytes, "Static key"));
	}
	CHECK(!strstr(SAID(OUTSIDE, CAT, box->instance->log), "Static key V1"));
}

static int
set_up(void **state)
{
	(void)state;
	CHECK(mkdtemp(folder));
	box = box_new();
	CHECK(BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", "192.168.1.50/24", "dev", "em0") == 0);
	must_post(box->client, box->arena, "/api/interfaces/assignment/reconfigure", "{}");
	make_server();
	return 0;
}

static void
remove_folder(void)
{
	DIR                 *list = opendir(folder);
	const struct dirent *entry;

	while (list && (entry = readdir(list)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(list), entry->d_name, 0);
	if (list)
		closedir(list);
	rmdir(folder);
}

static int
tear_down(void **state)
{
	(void)state;
	hang_up();
	remove_folder();
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_with_what_was_exported_is_let_in), cmocka_unit_test(rules_for_the_group_are_for_its_packets),
		cmocka_unit_test(who_is_connected_is_listed), cmocka_unit_test(a_session_that_is_killed_ends),
		cmocka_unit_test(an_overwrite_is_for_who_comes_next_without_a_restart),
		cmocka_unit_test(who_was_revoked_is_not_let_in_any_more), cmocka_unit_test(one_instance_is_stopped_and_started_alone),
		cmocka_unit_test(tunnels_are_of_every_kind), cmocka_unit_test(a_user_of_the_box_comes_in_by_password), cmocka_unit_test(who_is_disabled_is_not_let_in_any_more),
		cmocka_unit_test(only_a_group_may_be_let_in), cmocka_unit_test(the_box_is_a_client_of_another_server),
		cmocka_unit_test(openvpn_takes_what_the_fields_become),
		cmocka_unit_test(what_openvpn_refuses_is_told_and_the_others_run_on), cmocka_unit_test(a_server_of_pfsense_runs_too),
		cmocka_unit_test(keys_are_for_roots_eyes_only),
	};

	instance_programs(argc, argv);
	box_need(IP, PING, OPENVPN, NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
