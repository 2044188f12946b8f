/*
 * Two boxes with the same virtual addresses between a client and a server: who has them, what becomes of a TCP connection through
 * them when the other takes over, and how long that takes. Both boxes' links end in a network of our own:
 *
 *   client 192.168.1.50 --- lan --- em0 box em1 --- wan --- server 203.0.113.50
 *                    em0, bl of each                 em1, bw of each
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box.h"
#include "monitor.h"
#include "test.h"

#define KEEPALIVED "/usr/sbin/keepalived"
#define IP         "/usr/sbin/ip"
#define MOUNT      "/usr/bin/mount"
#define UMOUNT     "/usr/bin/umount"
#define SERVER     "203.0.113.50"
#define PORT       5001
#define TALK_LIMIT 60000 /* ms without an answer: the connection is dead */
#define PATIENCE   60000 /* ms, for what takes some seconds */

static struct box *first, *second;
static pid_t       hub, far; /* processes that hold the networks of the client and of the server */
static pid_t       talking[2];

/* What the client of the connection that stays has seen; shared with it. */
static struct talk {
	_Atomic(bool)     is_dead, is_over;
	_Atomic(unsigned) answers;
	_Atomic(int)      pause; /* ms: the longest between two answers since it was set to 0 */
} *talk;

/* --- Networks of our own ---------------------------------------------------------------------------------- */

static void
enter(pid_t holder)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)holder);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd < 0 || setns(fd, CLONE_NEWNET) != 0)
		_exit(125);
}

static pid_t
hold_network(void)
{
	int         ends[2];
	char        byte;
	const pid_t parent = getpid();

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	const pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNET) != 0 || getppid() != parent || write(ends[1], "x", 1) != 1)
			_exit(125);
		for (;;)
			pause();
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	return pid;
}

static void
ip_in(pid_t holder, const char *const *argv)
{
	int         status = 0;
	const pid_t pid = fork();

	if (pid == 0) {
		enter(holder);
		execv(IP, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (status != 0)
		fail_msg("ip %s %s %s %s", argv[1], argv[2], argv[3], argv[4] ? argv[4] : "");
}
#define IP_IN(holder, ...) ip_in((holder), (const char *const[]){ "ip", __VA_ARGS__, NULL })

/* --- A connection that stays -------------------------------------------------------------------------------- */

static struct sockaddr_in
server_address(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	inet_pton(AF_INET, SERVER, &address.sin_addr);
	return address;
}

/* Each byte comes back. */
static void
serve(void)
{
	const struct sockaddr_in address = server_address();
	const int                listener = socket(AF_INET, SOCK_STREAM, 0);
	char                     bytes[1024];
	ssize_t                  n;

	if (bind(listener, (const struct sockaddr *)&address, sizeof(address)) != 0 || listen(listener, 4) != 0)
		_exit(1);
	const int line = accept(listener, NULL, NULL);

	while ((n = read(line, bytes, sizeof(bytes))) > 0)
		if (write(line, bytes, (size_t)n) != n)
			_exit(1);
	_exit(0);
}

static bool
exchange(int line, unsigned number)
{
	unsigned      back = 0;
	struct pollfd answered = { .fd = line, .events = POLLIN };

	return write(line, &number, sizeof(number)) == sizeof(number) && poll(&answered, 1, TALK_LIMIT) == 1 &&
	       recv(line, &back, sizeof(back), MSG_WAITALL) == sizeof(back) && back == number;
}

static void
keep_talking(void)
{
	const struct sockaddr_in address = server_address();
	const int                line = socket(AF_INET, SOCK_STREAM, 0);
	int64_t                  last;

	/* The server may not listen yet. */
	for (int i = 0; connect(line, (const struct sockaddr *)&address, sizeof(address)) != 0; i++) {
		if (i == PATIENCE / 50) {
			talk->is_dead = true;
			_exit(1);
		}
		wait_a_little(50);
	}
	last = milliseconds();
	for (unsigned number = 1; !talk->is_over; number++) {
		if (!exchange(line, number)) {
			talk->is_dead = true;
			_exit(1);
		}
		const int64_t now = milliseconds();

		if (now - last > talk->pause)
			talk->pause = (int)(now - last);
		last = now;
		talk->answers++;
		wait_a_little(5);
	}
	_exit(0);
}

static pid_t
start(pid_t holder, void (*act)(void))
{
	const pid_t pid = fork();

	if (pid == 0) {
		enter(holder);
		act();
	}
	return pid;
}

/* It goes on, and answers come again. */
static void
check_talk(const char *when)
{
	const unsigned before = talk->answers;
	const int64_t  begin = milliseconds();

	while (!talk->is_dead && talk->answers < before + 20 && milliseconds() - begin < TALK_LIMIT)
		wait_a_little(20);
	if (talk->is_dead || talk->answers < before + 20)
		fail_msg("%s: the connection did not survive", when);
	print_message("%s: the connection paused for %d ms\n", when, talk->pause);
}

/* --- Boxes ---------------------------------------------------------------------------------------------------- */

#define SAY(...) arena_print(first->arena, __VA_ARGS__)

static void
save(struct box *box, const char *path, const char *body)
{
	if (strcmp(at(box->arena, must_post(box->client, box->arena, path, body), "result"), "saved") != 0)
		fail_msg("%s %s: %s", path, body, box->client->body.bytes);
}

static void
do_as_told(struct box *box, const char *path, const char *status)
{
	if (strcmp(at(box->arena, must_post(box->client, box->arena, path, "{}"), "status"), status) != 0)
		fail_msg("%s: %s", path, box->client->body.bytes);
}

/* What each dialect says of the address with this vhid. */
static const char *
status_of(struct box *box, const char *vhid)
{
	const struct value *rows =
		value_get(must_get(box->client, box->arena, "/api/diagnostics/interface/get_vip_status?mode=carp"), "rows");

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(box->arena, rows->members[i].value, "vhid"), vhid) == 0)
			return at(box->arena, rows->members[i].value, "status");
	return "";
}

static bool
comes_to_be(struct box *box, const char *status)
{
	const int64_t begin = milliseconds();

	while (strcmp(status_of(box, "1"), status) != 0 || strcmp(status_of(box, "2"), status) != 0) {
		if (milliseconds() - begin > PATIENCE)
			return false;
		wait_a_little(50);
	}
	return true;
}

static const char *
carp_word(struct box *box, const char *word)
{
	return at(box->arena, value_get(must_get(box->client, box->arena, "/api/diagnostics/interface/get_vip_status"), "carp"), word);
}

static bool
has_inside(struct box *box, const char *device, const char *part)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, INSIDE, &out, IP, "address", "show", "dev", device);
	return text_contains(buffer_text(&out), text_of(part));
}

static void
add_vip(struct box *box, const char *interface, const char *subnet, unsigned vhid, unsigned skew)
{
	save(box, "/api/interfaces/vip_settings/add_item",
	     SAY("{\"vip\":{\"mode\":\"carp\",\"interface\":\"%s\",\"network\":\"%s\",\"vhid\":\"%u\",\"advskew\":\"%u\","
		 "\"password\":\"it's a \\\"$ecret\\\"\\n@all }\"}}", interface, subnet, vhid, skew));
}

/* Connections that began with the other box pass by rules without a check of their states. */
static void
add_rule(struct box *box, const char *interface)
{
	save(box, "/api/firewall/filter/add_rule",
	     SAY("{\"rule\":{\"action\":\"pass\",\"quick\":\"1\",\"interface\":\"%s\",\"direction\":\"in\",\"ipprotocol\":\"inet\","
		 "\"protocol\":\"any\",\"statetype\":\"sloppy\"}}", interface));
}

static void
set_up_box(struct box *box, unsigned number, unsigned skew)
{
	save(box, "/api/interfaces/assignment/set_item/lan",
	     SAY("{\"interface\":{\"type4\":\"staticv4\",\"ipaddr\":\"192.168.1.%u/24\",\"type6\":\"none\"}}", number));
	save(box, "/api/interfaces/assignment/set_item/wan",
	     SAY("{\"interface\":{\"type4\":\"staticv4\",\"ipaddr\":\"203.0.113.%u/24\",\"type6\":\"none\",\"blockpriv\":\"0\","
		 "\"blockbogons\":\"0\"}}", number));
	add_vip(box, "lan", "192.168.1.254/24", 1, skew);
	add_vip(box, "wan", "203.0.113.254/24", 2, skew);
	add_rule(box, "lan");
	add_rule(box, "wan");
	do_as_told(box, "/api/interfaces/assignment/reconfigure", "ok");
	do_as_told(box, "/api/interfaces/vip_settings/reconfigure", "ok");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
}

/* --- Tests ------------------------------------------------------------------------------------------------------ */

TEST(one_box_has_the_addresses_and_both_say_so)
{
	const struct value *data;

	CHECK(comes_to_be(first, "MASTER"));
	CHECK(comes_to_be(second, "BACKUP"));
	CHECK(has_inside(first, "em0", "192.168.1.254/24") && has_inside(first, "em1", "203.0.113.254/24"));
	CHECK(!has_inside(second, "em0", "192.168.1.254/24") && !has_inside(second, "em1", "203.0.113.254/24"));
	CHECK_STRING(carp_word(first, "demotion"), "0");
	CHECK_STRING(carp_word(first, "allow"), "1");
	CHECK_STRING(carp_word(first, "status_msg"), "");
	data = value_get(must_get(second->client, second->arena, "/api/v1/status/carp"), "data");
	CHECK(value_get(data, "enable")->truth && !value_get(data, "maintenance_mode")->truth);
	CHECK_STRING(at(second->arena, data, "interfaces.0.status"), "backup");
	CHECK_STRING(at(second->arena, data, "interfaces.0.interface"), "lan");
	CHECK_STRING(at(second->arena, data, "interfaces.0.subnet"), "192.168.1.254");
	talking[1] = start(far, serve);
	talking[0] = start(hub, keep_talking);
	check_talk("to begin with");
}

TEST(a_change_of_one_address_leaves_the_others_alone)
{
	const pid_t    before = box_daemon(first, KEEPALIVED);
	struct monitor addresses = monitor_begin(first, MONITOR_ADDRESSES);

	CHECK(before > 0);
	talk->pause = 0;
	save(first, "/api/interfaces/vip_settings/add_item",
	     "{\"vip\":{\"mode\":\"carp\",\"interface\":\"lan\",\"network\":\"192.168.1.253/24\",\"vhid\":\"3\",\"password\":\"x\"}}");
	do_as_told(first, "/api/interfaces/vip_settings/reconfigure", "ok");
	CHECK(has_inside(first, "em0", "192.168.1.254/24"));
	CHECK_NUMBER(box_daemon(first, KEEPALIVED), before);
	for (int i = 0; i < PATIENCE / 50 && strcmp(status_of(first, "3"), "MASTER") != 0; i++)
		wait_a_little(50);
	CHECK_STRING(status_of(first, "3"), "MASTER");
	CHECK_STRING(status_of(first, "1"), "MASTER");
	check_talk("one address more");
	const char *heard = monitor_end(&addresses);

	if (!strstr(heard, "192.168.1.253") || strstr(heard, "Deleted"))
		fail_msg("heard of addresses: %s", heard);
}

TEST(maintenance_moves_the_addresses_and_the_connection_goes_on)
{
	talk->pause = 0;
	CHECK_STRING(at(first->arena, must_post(first->client, first->arena, "/api/diagnostics/interface/carp_status/maintenance", "{}"),
			"action"), "enter_maintenance");
	CHECK(comes_to_be(second, "MASTER"));
	CHECK(comes_to_be(first, "BACKUP"));
	CHECK_STRING(carp_word(first, "demotion"), "240");
	check_talk("maintenance");
	CHECK(!has_inside(first, "em0", "192.168.1.254/24") && has_inside(second, "em0", "192.168.1.254/24"));
	talk->pause = 0;
	/* The other dialect ends what this one began. */
	CHECK(value_get(value_get(must_get(first->client, first->arena, "/api/v1/status/carp"), "data"), "maintenance_mode")->truth);
	must(first->client, first->arena, "PUT", "/api/v1/status/carp", "{\"enable\":true,\"maintenance_mode\":false}");
	CHECK(comes_to_be(first, "MASTER"));
	CHECK(comes_to_be(second, "BACKUP"));
	check_talk("back from maintenance");
}

TEST(a_link_that_is_down_moves_all_addresses)
{
	talk->pause = 0;
	IP_IN(hub, "link", "set", "dev", "aw", "down");
	CHECK(comes_to_be(second, "MASTER"));
	CHECK_STRING(status_of(first, "2"), "INIT");
	CHECK_STRING(status_of(first, "1"), "BACKUP");
	CHECK_STRING(carp_word(first, "demotion"), "240");
	CHECK(*carp_word(first, "status_msg"));
	check_talk("a link of the first box is down");
	IP_IN(hub, "link", "set", "dev", "aw", "up");
	CHECK(comes_to_be(first, "MASTER"));
	check_talk("it is up again");
}

TEST(a_box_that_is_cut_off_is_replaced)
{
	talk->pause = 0;
	const int64_t begin = milliseconds();

	IP_IN(hub, "link", "set", "dev", "al", "down");
	IP_IN(hub, "link", "set", "dev", "aw", "down");
	CHECK(comes_to_be(second, "MASTER"));
	print_message("cut off: the other box has the addresses after %d ms\n", (int)(milliseconds() - begin));
	check_talk("cut off");
	IP_IN(hub, "link", "set", "dev", "al", "up");
	IP_IN(hub, "link", "set", "dev", "aw", "up");
	CHECK(comes_to_be(first, "MASTER"));
	CHECK(comes_to_be(second, "BACKUP"));
	check_talk("both boxes again");
}

TEST(switched_off_it_has_none_and_on_again_all)
{
	CHECK_STRING(at(first->arena, must_post(first->client, first->arena, "/api/diagnostics/interface/carp_status/disable", "{}"),
			"action"), "disable");
	CHECK_STRING(status_of(first, "1"), "DISABLED");
	CHECK_STRING(carp_word(first, "allow"), "0");
	CHECK_NUMBER(box_daemon(first, KEEPALIVED), 0);
	CHECK(!has_inside(first, "em0", "192.168.1.254/24"));
	CHECK(comes_to_be(second, "MASTER"));
	check_talk("switched off");
	CHECK_STRING(at(first->arena, must_post(first->client, first->arena, "/api/diagnostics/interface/carp_status/enable", "{}"),
			"action"), "enable");
	CHECK(comes_to_be(first, "MASTER"));
	CHECK_STRING(at(first->arena, must_post(first->client, first->arena, "/api/diagnostics/interface/carp_status/nothing", "{}"),
			"status"), "failed");
	check_talk("switched on");
}

/* There is a program of no use in its place. */
TEST(without_keepalived_the_package_is_named)
{
	CHECK_NUMBER(BOX_RUN(second, INSIDE, NULL, MOUNT, "--bind", "/dev/null", KEEPALIVED), 0);
	save(second, "/api/interfaces/vip_settings/add_item",
	     "{\"vip\":{\"mode\":\"carp\",\"interface\":\"lan\",\"network\":\"192.168.1.252/24\",\"vhid\":\"4\",\"password\":\"x\"}}");
	const struct answer answer = post(second->client, second->arena, "/api/interfaces/vip_settings/reconfigure", "{}");

	if (!text_contains(answer.body, TEXT("apt install: keepalived")))
		fail_msg("%.*s", TEXT_ARGS(answer.body));
	CHECK_NUMBER(BOX_RUN(second, INSIDE, NULL, UMOUNT, KEEPALIVED), 0);
	do_as_told(second, "/api/interfaces/vip_settings/reconfigure", "ok");
}

/* --- The networks ------------------------------------------------------------------------------------------------- */

static void
bring(struct box *box, const char *device, const char *name, const char *bridge)
{
	const char *number = SAY("%d", (int)hub);

	CHECK_NUMBER(BOX_RUN(box, OUTSIDE, NULL, IP, "link", "set", device, "netns", number, "name", name), 0);
	IP_IN(hub, "link", "set", "dev", name, "master", bridge, "up");
}

static int
set_up(void **state)
{
	(void)state;
	talk = mmap(NULL, sizeof(*talk), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(talk, MAP_FAILED);
	hub = hold_network();
	far = hold_network();
	first = box_new();
	second = box_new();
	IP_IN(hub, "link", "add", "lan", "type", "bridge", "mcast_snooping", "0");
	IP_IN(hub, "link", "add", "wan", "type", "bridge", "mcast_snooping", "0");
	IP_IN(hub, "link", "add", "sw", "type", "veth", "peer", "name", "em9", "netns", SAY("%d", (int)far));
	IP_IN(hub, "link", "set", "sw", "master", "wan", "up");
	bring(first, "em0", "al", "lan");
	bring(first, "em1", "aw", "wan");
	bring(second, "em0", "bl", "lan");
	bring(second, "em1", "bw", "wan");
	IP_IN(hub, "address", "add", "192.168.1.50/24", "dev", "lan");
	IP_IN(hub, "link", "set", "lan", "up");
	IP_IN(hub, "link", "set", "wan", "up");
	IP_IN(hub, "route", "add", "203.0.113.0/24", "via", "192.168.1.254");
	IP_IN(far, "address", "add", SERVER "/24", "dev", "em9");
	IP_IN(far, "link", "set", "em9", "up");
	IP_IN(far, "route", "add", "192.168.1.0/24", "via", "203.0.113.254");
	/* Those of all sandboxes are the same. */
	CHECK_NUMBER(BOX_RUN(second, INSIDE, NULL, IP, "link", "set", "dev", "em0", "address", "02:db:00:00:02:00"), 0);
	CHECK_NUMBER(BOX_RUN(second, INSIDE, NULL, IP, "link", "set", "dev", "em1", "address", "02:db:00:00:02:01"), 0);
	set_up_box(first, 1, 0);
	set_up_box(second, 2, 100);
	return 0;
}

static int
tear_down(void **state)
{
	const pid_t ours[] = { talking[0], talking[1], hub, far };

	(void)state;
	for (size_t i = 0; i < COUNT(ours); i++)
		if (ours[i] > 0) {
			kill(ours[i], SIGKILL);
			waitpid(ours[i], NULL, 0);
		}
	box_free(second);
	box_free(first);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_box_has_the_addresses_and_both_say_so),
		cmocka_unit_test(a_change_of_one_address_leaves_the_others_alone),
		cmocka_unit_test(maintenance_moves_the_addresses_and_the_connection_goes_on),
		cmocka_unit_test(a_link_that_is_down_moves_all_addresses), cmocka_unit_test(a_box_that_is_cut_off_is_replaced),
		cmocka_unit_test(switched_off_it_has_none_and_on_again_all),
		cmocka_unit_test(without_keepalived_the_package_is_named),
	};

	instance_programs(argc, argv);
	box_need(KEEPALIVED, IP, MOUNT, NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
