/*
 * What the packet filter does by itself, the whole daemon being the router between hosts: lists that it fetches, names that it
 * resolves, who fails to log in, and applies that many ask for at once. And all of it when the gate dies.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hold.h"
#include "lab.h"
#include "router.h"
#include "test.h"

#define WAN_HOST    "192.0.2.10"
#define LIST_PORT   8888
#define CALLERS     50
#define LOADS_MAX   3
#define PATIENCE    60000 /* ms, for what happens in a second or so */
#define SILENCE     500   /* ms without an answer where none should come */

static const char start_configuration[] =
	"<?xml version=\"1.0\"?><opnsense><system><hostname>firewall</hostname><domain>lab.example</domain>"
	"<sshguard_blocktime>15</sshguard_blocktime></system><interfaces>"
	"<wan><if>em0</if><descr>WAN</descr><enable>1</enable><ipaddr>192.0.2.1</ipaddr><subnet>24</subnet></wan>"
	"<lan><if>em1</if><descr>LAN</descr><enable>1</enable><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet></lan>"
	"</interfaces></opnsense>";

static struct router lab;

#define SAY(...) arena_print(lab.arena, __VA_ARGS__)

/* --- words -------------------------------------------------------------------------------------------- */

static void
apply(void)
{
	CHECK_STRING(at(lab.arena, must_post(lab.client, lab.arena, "/api/firewall/filter/apply", "{}"), "status"), "OK\n\n");
}

static const char *
add(struct client *client, struct arena *arena, const char *what, const char *body)
{
	const char *uuid = at(arena, must_post(client, arena, arena_print(arena, "/api/firewall/%s", what), body), "uuid");

	if (!*uuid)
		fail_msg("%s %s: %s", what, body, client->body.bytes);
	return uuid;
}

static const char *
add_alias(const char *type, const char *content)
{
	return add(lab.client, lab.arena, "alias/add_item",
	           SAY("{\"alias\":{\"name\":\"tested\",\"type\":\"%s\",\"content\":\"%s\"}}", type, content));
}

/* The LAN reaches what is in the alias, and nothing else. */
static const char *
add_rule(void)
{
	return add(lab.client, lab.arena, "filter/add_rule",
	           "{\"rule\":{\"interface\":\"lan\",\"action\":\"pass\",\"destination_net\":\"tested\"}}");
}

static void
forget(const char *alias, const char *rule)
{
	must_post(lab.client, lab.arena, SAY("/api/firewall/filter/del_rule/%s", rule), "{}");
	must_post(lab.client, lab.arena, SAY("/api/firewall/alias/del_item/%s", alias), "{}");
	apply();
}

/* A few packets more, until it is so. */
static bool
becomes(enum host from, const char *to, uint16_t port, enum talk how)
{
	const int64_t until = milliseconds() + PATIENCE;

	while (try_tcp(from, to, port, 0).how != how)
		if (milliseconds() > until)
			return false;
	return true;
}

/* The gate ends as in a crash, and another one answers. */
static void
crash(void)
{
	const pid_t   gate = instance_gate(lab.instance);
	const int64_t until = milliseconds() + PATIENCE;

	CHECK(gate > 0 && kill(gate, SIGKILL) == 0);
	while (get(lab.client, lab.arena, "/api/core/firmware/running").status != 200 || instance_gate(lab.instance) == gate)
		if (milliseconds() > until)
			fail_msg("no gate after its crash");
		else
			wait_a_little(50);
}

/* --- a server of lists ------------------------------------------------------------------------------------ */

static struct {
	int             fd;
	pthread_t       thread;
	const char     *list;
	_Atomic(size_t) sent;
} server;

static void
send_all(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		return;
}

static void
send_endless(int fd)
{
	static char lines[65536];

	memset(lines, '1', sizeof(lines));
	for (ssize_t sent; (sent = send(fd, lines, sizeof(lines), MSG_NOSIGNAL)) > 0;)
		server.sent += (size_t)sent;
}

static void *
serve(void *context)
{
	int fd;

	(void)context;
	while ((fd = accept4(server.fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		char          request[1024] = "";
		const ssize_t got = recv(fd, request, sizeof(request) - 1, 0);

		if (got > 0 && strncmp(request, "GET /list ", 10) == 0) {
			send_all(fd, "HTTP/1.0 200 OK\r\n\r\n");
			send_all(fd, server.list);
		} else if (got > 0 && strncmp(request, "GET /endless ", 13) == 0) {
			send_all(fd, "HTTP/1.0 200 OK\r\n\r\n");
			send_endless(fd);
		}
		close(fd);
	}
	return NULL;
}

/* On the other side of the WAN. */
static void
server_start(const char *list)
{
	const struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(LIST_PORT) };
	const int                on = 1;

	server.list = list;
	host_enter(HOST_WAN);
	server.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	host_enter(HOST_ROUTER);
	setsockopt(server.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	CHECK(bind(server.fd, (const struct sockaddr *)&at, sizeof(at)) == 0 && listen(server.fd, 8) == 0);
	CHECK(pthread_create(&server.thread, NULL, serve, NULL) == 0);
}

static void
server_stop(void)
{
	shutdown(server.fd, SHUT_RDWR);
	pthread_join(server.thread, NULL);
	close(server.fd);
}

/* --- lists ---------------------------------------------------------------------------------------------- */

static size_t
kept_files(const char *alias)
{
	glob_t found;
	size_t count = 0;

	if (glob(SAY("%s/aliases/%s.*", lab.instance->state, alias), 0, NULL, &found) == 0)
		count = found.gl_pathc;
	globfree(&found);
	return count;
}

TEST(a_fetched_list_filters_packets)
{
	server_start("# a list\n" WAN_HOST " # a host\n198.51.100.0/24\n");
	const char *alias = add_alias("urltable", "http://" WAN_HOST ":8888/list"), *rule = add_rule();

	/* It is in force when the reply says so, also for the first packet. */
	apply();
	UDP(HOST_LAN, WAN_HOST, 80, "open");
	TCP(HOST_LAN, "192.0.2.1", 80, "silent");
	CHECK_NUMBER(kept_files(alias), 1);
	/* Without the server, a gate that starts again has what was kept. */
	server_stop();
	crash();
	UDP(HOST_LAN, WAN_HOST, 80, "open");
	forget(alias, rule);
	TCP(HOST_LAN, WAN_HOST, 80, "silent");
	CHECK_NUMBER(kept_files(alias), 0);
}

TEST(a_list_without_end_is_refused)
{
	const int64_t until = milliseconds() + PATIENCE;

	server_start("192.0.2.77\n");
	const char *alias = add_alias("urltable", "http://" WAN_HOST ":8888/endless"), *rule = add_rule();

	apply();
	while (!instance_said(lab.instance, ":8888/endless: ") && milliseconds() < until)
		wait_a_little(50);
	CHECK(instance_said(lab.instance, ":8888/endless: "));
	CHECK(server.sent > 60 * 1024 * 1024 && server.sent < 100 * 1024 * 1024);
	CHECK_NUMBER(kept_files(alias), 0);
	TCP(HOST_LAN, WAN_HOST, 80, "silent");
	server_stop();
	forget(alias, rule);
}

/* --- names ------------------------------------------------------------------------------------------------ */

/* The machine's own file, which the resolver asks first; an overlay is over it. */
static void
write_hosts(const char *lines)
{
	const int  fd = open("/etc/hosts", O_WRONLY | O_TRUNC | O_CLOEXEC);
	const char start[] = "127.0.0.1 localhost\n";

	CHECK(fd >= 0);
	CHECK(write(fd, start, strlen(start)) > 0 && write(fd, lines, strlen(lines)) == (ssize_t)strlen(lines));
	close(fd);
}

TEST(a_name_means_the_same_after_a_crash)
{
	write_hosts(WAN_HOST " host.wan.example\n");
	const char *alias = add_alias("host", "host.wan.example"), *rule = add_rule();

	apply();
	UDP(HOST_LAN, WAN_HOST, 80, "open");
	/* Nobody knows the name any more. */
	write_hosts("");
	crash();
	UDP(HOST_LAN, WAN_HOST, 80, "open");
	/* Somebody does, and means another address. */
	write_hosts("192.0.2.11 host.wan.example\n");
	crash();
	CHECK(becomes(HOST_LAN, WAN_HOST, 80, TALK_SILENT));
	write_hosts(WAN_HOST " host.wan.example\n");
	crash();
	CHECK(becomes(HOST_LAN, WAN_HOST, 80, TALK_OPEN));
	forget(alias, rule);
}

static void
set_interval(unsigned seconds)
{
	const char *body = arena_print(lab.arena, "{\"aliasesresolveinterval\":%u}", seconds);
	const struct value *said = must(lab.client, lab.arena, "PUT", "/api/v1/firewall/alias/advanced", body);

	CHECK_STRING(at(lab.arena, said, "data.aliasesresolveinterval"), arena_print(lab.arena, "%u", seconds));
}

/* Nobody applies or restarts anything: the name alone means something else, and the set in the kernel follows. */
TEST(a_name_is_looked_at_again_and_again)
{
	write_hosts(WAN_HOST " host.wan.example\n");
	const char *alias = add_alias("host", "host.wan.example"), *rule = add_rule();

	apply();
	UDP(HOST_LAN, WAN_HOST, 80, "open");
	/* Shorter from now on, also for names that were looked at just now. */
	set_interval(1);
	write_hosts("192.0.2.11 host.wan.example\n");
	CHECK(becomes(HOST_LAN, WAN_HOST, 80, TALK_SILENT));
	write_hosts(WAN_HOST " host.wan.example\n");
	CHECK(becomes(HOST_LAN, WAN_HOST, 80, TALK_OPEN));
	set_interval(300);
	forget(alias, rule);
}

/* --- login protection ---------------------------------------------------------------------------------------- */

/* A client of the API that is not on this machine. */
static struct client *
remote_client(struct instance *as)
{
	*as = *lab.instance;
	as->url = "http://" MANAGEMENT;
	return client_new(as);
}

static long
ask_from(enum host host, struct client *client, long limit)
{
	client->limit = limit;
	host_enter(host);
	const struct answer answer = get(client, lab.arena, "/api/v1/firewall/alias");

	host_enter(HOST_ROUTER);
	return answer.status;
}

TEST(who_fails_to_log_in_too_often_is_shut_out)
{
	struct instance good_as, bad_as, other_as;
	struct client  *good = remote_client(&good_as), *bad = remote_client(&bad_as);
	struct client  *other = remote_client(&other_as);

	apply();
	/* A connection that stays; both it and the next ones are of the same host. */
	CHECK_NUMBER(ask_from(HOST_LAN, good, PATIENCE), 200);
	CHECK_NUMBER(ask_from(HOST_SERVER, other, PATIENCE), 200);
	bad->name = lab.instance->user;
	bad->password = "wrong";
	for (unsigned i = 0; i < 2; i++)
		CHECK_NUMBER(ask_from(HOST_LAN, bad, PATIENCE), 401);
	wait_a_little(300);
	CHECK_NUMBER(ask_from(HOST_LAN, good, PATIENCE), 200);
	/* The third time; the answer may be lost with its connection. */
	ask_from(HOST_LAN, bad, SILENCE);
	const int64_t blocked = milliseconds();

	while (!instance_said(lab.instance, "10.1.0.10 is locked out for 15 seconds"))
		if (milliseconds() > blocked + PATIENCE)
			fail_msg("nobody is locked out");
	/* New connections get nowhere, the open one is dead. */
	struct instance new_as;
	struct client  *fresh = remote_client(&new_as);

	CHECK_NUMBER(ask_from(HOST_LAN, fresh, SILENCE), 0);
	CHECK_NUMBER(ask_from(HOST_LAN, good, SILENCE), 0);
	/* Others, and other ways, are none of its business. */
	CHECK_NUMBER(ask_from(HOST_SERVER, other, PATIENCE), 200);
	while (ask_from(HOST_LAN, fresh, PATIENCE) != 200)
		if (milliseconds() > blocked + 2 * PATIENCE)
			fail_msg("it does not expire");
	client_free(good);
	client_free(bad);
	client_free(other);
	client_free(fresh);
}

/* --- shared applies -------------------------------------------------------------------------------------------- */

static struct caller {
	unsigned  number;
	pthread_t thread;
	bool      is_live; /* his rule, when his reply came */
	long      status;
} callers[CALLERS];

static pthread_barrier_t together;

/* A rule of his own, an apply like everybody's, and then a packet: one, as another could come when the rule is late. */
static void *
call(void *context)
{
	struct caller *self = context;
	scoped_arena   arena = arena_new();
	struct client *client = client_new(lab.instance);
	const uint16_t port = (uint16_t)(2000 + self->number);
	struct answer  answer;

	client->by_socket = true;
	client->limit = 60000;
	post(client, arena, "/api/firewall/filter/add_rule", arena_print(arena,
		"{\"rule\":{\"interface\":\"lan\",\"action\":\"pass\",\"protocol\":\"UDP\",\"destination_port\":\"%u\",\"description\":\"caller\"}}", port));
	pthread_barrier_wait(&together);
	pthread_barrier_wait(&together);
	answer = post(client, arena, "/api/firewall/filter/apply", "{}");
	self->status = answer.status;
	self->is_live = talk_udp(HOST_LAN, 0, WAN_HOST, port, 0).how == TALK_OPEN;
	client_free(client);
	return NULL;
}

static long
rule_loads(void)
{
	const struct value *loads = value_path(must_get(lab.client, lab.arena, "/api/core/system/status"), "metadata.drawbridge.rule_loads");

	CHECK(loads);
	return (long)loads->integer;
}

static void
forget_callers(void)
{
	const struct value *rows = value_get(must_post(lab.client, lab.arena, "/api/firewall/filter/search_rule",
		"{\"current\":1,\"rowCount\":-1,\"searchPhrase\":\"caller\"}"), "rows");

	CHECK_NUMBER(value_count(rows), CALLERS);
	for (size_t i = 0; i < value_count(rows); i++)
		must_post(lab.client, lab.arena, SAY("/api/firewall/filter/del_rule/%s", at(lab.arena, rows->members[i].value, "uuid")), "{}");
	apply();
}

TEST(simultaneous_applies_share_what_is_done)
{
	apply();
	UDP(HOST_LAN, WAN_HOST, 2000, "silent");
	const long before = rule_loads();

	pthread_barrier_init(&together, NULL, CALLERS + 1);
	for (unsigned i = 0; i < CALLERS; i++) {
		callers[i] = (struct caller){ .number = i };
		CHECK(pthread_create(&callers[i].thread, NULL, call, &callers[i]) == 0);
	}
	/* All have saved. The first one to ask is held up until all others wait behind it. */
	pthread_barrier_wait(&together);
	hold_begin(lab.instance);
	pthread_barrier_wait(&together);
	hold_end(lab.instance);
	for (unsigned i = 0; i < CALLERS; i++) {
		pthread_join(callers[i].thread, NULL);
		CHECK_NUMBER(callers[i].status, 200);
		if (!callers[i].is_live)
			fail_msg("the rule of caller %u was not in force when his reply came", i);
	}
	const long loads = rule_loads() - before;

	printf("system: %u callers, %ld loads\n", CALLERS, loads);
	CHECK(loads >= 1 && loads <= LOADS_MAX);
	pthread_barrier_destroy(&together);
	forget_callers();
}

static int
set_up(void **state)
{
	(void)state;
	router_up_lasting(&lab, start_configuration);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	router_down(&lab);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fetched_list_filters_packets),
		cmocka_unit_test(a_list_without_end_is_refused),
		cmocka_unit_test(a_name_means_the_same_after_a_crash),
		cmocka_unit_test(a_name_is_looked_at_again_and_again),
		cmocka_unit_test(simultaneous_applies_share_what_is_done),
		cmocka_unit_test(who_fails_to_log_in_too_often_is_shut_out),
	};

	instance_programs(argc, argv);
	lab_need("ip");
	lab_need("nft");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
