/*
 * A WAN over PPPoE, as the setup wizard makes it: a provider's server at the other end of the link, which knows one name and one
 * password. Kernels that have no PPPoE end the test as skipped: script/vm runs it under Debian's.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "box.h"
#include "test.h"

#define IP       "/usr/sbin/ip"
#define PING     "/usr/bin/ping"
#define PPPD     "/usr/sbin/pppd"
#define SERVER   "/usr/sbin/pppoe-server"
#define CAT      "/usr/bin/cat"
#define STAT     "/usr/bin/stat"
#define NFT      "/usr/sbin/nft"
#define FAR      "203.0.113.9" /* behind the provider */
#define OPTIONS  "/etc/ppp/options"
#define PATIENCE 60000 /* ms */

/* In JSON, and as the provider's own file has them. */
#define USER_JSON     "us er\\\"\\\\#@isp.example"
#define USER_FILE     "\"us er\\\"\\\\#@isp.example\""
#define PASSWORD_JSON "p'a\\\"s $(id)\\n\\\\x41\\u00e4"
#define PASSWORD_FILE "\"p'a\\\"s $(id)\\x0a\\\\x41\\xc3\\xa4\""

static struct box *box;
static pid_t       provider;

#define SAY(...) arena_print(box->arena, __VA_ARGS__)
#define OUT(...) CHECK(BOX_RUN(box, OUTSIDE, NULL, IP, __VA_ARGS__) == 0)

/* --- words -------------------------------------------------------------------------------------------- */

static const char *
inside(const char *const *argv)
{
	scoped_buffer out = BUFFER_NONE;

	box_run(box, INSIDE, &out, argv);
	return arena_copy(box->arena, buffer_text(&out));
}
#define INSIDE_OF(...) inside((const char *const[]){ __VA_ARGS__, NULL })

/* Does it say so, or no longer, before long? */
static bool
becomes(bool wanted, const char *part, const char *const *argv)
{
	const int64_t begin = milliseconds();

	while ((strstr(inside(argv), part) != NULL) != wanted) {
		if (milliseconds() - begin > PATIENCE)
			return false;
		wait_a_little(200);
	}
	return true;
}
#define SHOWS(part, ...) becomes(true, part, (const char *const[]){ __VA_ARGS__, NULL })
#define GONE(part, ...)  becomes(false, part, (const char *const[]){ __VA_ARGS__, NULL })

static void
set_wan(const char *members)
{
	const struct value *answer = must_post(box->client, box->arena, "/api/core/initial_setup/configure",
					       SAY("{\"wizard\":{\"interfaces\":{\"wan\":{%s}}}}", members));

	if (strcmp(at(box->arena, answer, "result"), "saved") != 0)
		fail_msg("%s: %s", members, box->client->body.bytes);
}

static const char *
gateway(const char *what)
{
	const struct value *items = value_get(must_get(box->client, box->arena, "/api/routes/gateway/status"), "items");

	for (size_t i = 0; i < value_count(items); i++)
		if (strcmp(at(box->arena, items->members[i].value, "name"), "WAN_PPPOE") == 0)
			return at(box->arena, items->members[i].value, what);
	return "";
}

static void
gateway_becomes(const char *wanted)
{
	const int64_t begin = milliseconds();

	while (strcmp(gateway("status"), wanted) != 0) {
		if (milliseconds() - begin > PATIENCE)
			fail_msg("%s: %s%s", wanted, box->client->body.bytes, INSIDE_OF(IP, "-4", "route"));
		wait_a_little(200);
	}
}

static bool
is_logged(const char *words)
{
	const char   *body = SAY("{\"searchPhrase\":\"%s\"}", words);
	const int64_t begin = milliseconds();

	while (value_count(value_get(must_post(box->client, box->arena, "/api/diagnostics/log/core/ppps", body), "rows")) == 0) {
		if (milliseconds() - begin > PATIENCE)
			return false;
		wait_a_little(500);
	}
	return true;
}

static void
start_provider(void)
{
	provider = box_start(box, OUTSIDE, (const char *const[]){ SERVER, "-F", "-I", "em1", "-L", "10.9.0.1", "-R", "10.9.0.10", "-N", "1",
								   "-O", OPTIONS, NULL });
}

/* --- tests ---------------------------------------------------------------------------------------------- */

TEST(the_line_comes_with_an_address_a_route_and_name_servers)
{
	must(box->client, box->arena, "PUT", "/api/v1/system/dns", "{\"dnsserver\":[\"192.0.2.53\"],\"dnsallowoverride\":true}");
	set_wan("\"ipv4_type\":\"pppoe\",\"pppoe_username\":\"" USER_JSON "\",\"pppoe_password\":\"" PASSWORD_JSON "\"");
	CHECK(SHOWS("inet 10.9.0.10 peer 10.9.0.1/32", IP, "-4", "address", "show", "dev", "pppoe0"));
	CHECK(SHOWS("default dev pppoe0 proto 190", IP, "-4", "route"));
	CHECK(SHOWS("nameserver 10.9.0.1\n", CAT, "/etc/resolv.conf"));
	gateway_becomes("none");
	/* What the port had been given before is none of this. */
	CHECK(GONE("inet 198.51.100.", IP, "-4", "address", "show", "dev", "em1"));
}

TEST(packets_as_long_as_the_line_holds_pass)
{
	CHECK(BOX_RUN(box, INSIDE, NULL, PING, "-n", "-c", "3", "-W", "5", FAR) == 0);
	CHECK(strstr(INSIDE_OF(IP, "link", "show", "dev", "pppoe0"), "mtu 1492"));
	CHECK(BOX_RUN(box, INSIDE, NULL, PING, "-n", "-c", "1", "-W", "5", "-M", "do", "-s", "1464", FAR) == 0);
	CHECK(BOX_RUN(box, INSIDE, NULL, PING, "-n", "-c", "1", "-W", "5", "-M", "do", "-s", "1465", FAR) != 0);
}

TEST(segments_are_no_longer_than_that)
{
	const char *rules = INSIDE_OF(NFT, "list", "table", "inet", "drawbridge");

	CHECK(strstr(rules, "tcp option maxseg size set 1452"));
	CHECK(strstr(rules, "tcp option maxseg size set 1432"));
}

TEST(only_root_reads_the_password)
{
	CHECK_STRING(INSIDE_OF(STAT, "-c", "%a %U", "/run/drawbridge-ppp-pppoe0/options"), "600 root\n");
	must_get(box->client, box->arena, "/api/core/initial_setup/get");
	CHECK(strstr(box->client->body.bytes, "@isp.example") && !strstr(box->client->body.bytes, "p'a"));
}

TEST(the_line_comes_back_when_the_provider_does)
{
	box_end(provider);
	CHECK(GONE("inet 10.9.0.10", IP, "-4", "address"));
	gateway_becomes("down");
	start_provider();
	CHECK(SHOWS("inet 10.9.0.10", IP, "-4", "address", "show", "dev", "pppoe0"));
	CHECK(SHOWS("default dev pppoe0 proto 190", IP, "-4", "route"));
	gateway_becomes("none");
	CHECK(BOX_RUN(box, INSIDE, NULL, PING, "-n", "-c", "3", "-W", "5", FAR) == 0);
}

TEST(a_line_may_be_narrower)
{
	set_wan("\"ipv4_type\":\"pppoe\",\"mtu\":\"1400\"");
	CHECK(SHOWS("mtu 1392", IP, "link", "show", "dev", "pppoe0"));
	CHECK(SHOWS("inet 10.9.0.10", IP, "-4", "address", "show", "dev", "pppoe0"));
	CHECK(strstr(INSIDE_OF(NFT, "list", "table", "inet", "drawbridge"), "maxseg size set 1352"));
}

TEST(who_is_not_let_in_is_told_why_in_the_log)
{
	set_wan("\"ipv4_type\":\"pppoe\",\"pppoe_password\":\"wrong\"");
	CHECK(GONE("inet 10.9.0.10", IP, "-4", "address"));
	gateway_becomes("down");
	CHECK(is_logged("CHAP authentication failed"));
}

TEST(another_type_is_the_end_of_the_line)
{
	set_wan("\"ipv4_type\":\"static\",\"ipaddr\":\"198.51.100.2/24\",\"mtu\":\"\"");
	CHECK(SHOWS("inet 198.51.100.2/24", IP, "-4", "address", "show", "dev", "em1"));
	CHECK(GONE("pppoe0", IP, "link"));
	CHECK_NUMBER(box_daemon(box, PPPD), 0);
	CHECK(!*INSIDE_OF(CAT, "/run/drawbridge-ppp-pppoe0/options") || strstr(INSIDE_OF(CAT, "/run/drawbridge-ppp-pppoe0/options"), "No such"));
}

/* --- the box -------------------------------------------------------------------------------------------- */

static void
write_file(const char *path, const char *text)
{
	scoped_fd fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

/* The provider's files, in the place that pppd knows, for this process and those that it starts outside. */
static void
make_provider(void)
{
	CHECK(unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mount("provider", "/etc/ppp", "tmpfs", 0, "mode=755") == 0);
	write_file(OPTIONS, "require-chap\nname isp\nms-dns 10.9.0.1\nlcp-echo-interval 5\nlcp-echo-failure 6\nnoipv6\n");
	write_file("/etc/ppp/chap-secrets", USER_FILE " isp " PASSWORD_FILE " *\n");
}

static void
need_pppoe(void)
{
	const int fd = socket(AF_PPPOX, SOCK_STREAM | SOCK_CLOEXEC, 0 /* PX_PROTO_OE */);

	if (fd < 0 || access("/dev/ppp", F_OK) != 0) {
		fprintf(stderr, "SKIPPED: this kernel lacks PPPoE (script/vm runs this test under another one)\n");
		exit(77);
	}
	close(fd);
}

static int
set_up(void **state)
{
	(void)state;
	make_provider();
	box = box_new();
	OUT("address", "add", FAR "/32", "dev", "lo");
	start_provider();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	box_end(provider);
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_comes_with_an_address_a_route_and_name_servers),
		cmocka_unit_test(packets_as_long_as_the_line_holds_pass), cmocka_unit_test(segments_are_no_longer_than_that),
		cmocka_unit_test(only_root_reads_the_password), cmocka_unit_test(the_line_comes_back_when_the_provider_does),
		cmocka_unit_test(a_line_may_be_narrower), cmocka_unit_test(who_is_not_let_in_is_told_why_in_the_log),
		cmocka_unit_test(another_type_is_the_end_of_the_line),
	};

	instance_programs(argc, argv);
	box_need(IP, PING, PPPD, SERVER, NFT, NULL);
	need_pppoe();
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
