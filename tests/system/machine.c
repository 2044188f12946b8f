/* What is done to machines: waking one on the network, and turning off our own, which no test may do. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "box.h"
#include "test.h"

#define IP     "/usr/sbin/ip"
#define PYTHON "/usr/bin/python3"
#define WAKE   "/api/v1/services/wol/send"
#define OURS   "20.30.40.1"

/* The first UDP packet with a magic packet for this MAC that comes to em0: whom it is for, and how long it is. */
static const char watcher[] =
	"import os, socket, sys\n"
	"s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))\n"
	"s.bind(('em0', 0))\n"
	"s.settimeout(60)\n"
	"open(sys.argv[1] + '.ready', 'w').close()\n"
	"magic = b'\\xff' * 6 + bytes.fromhex('000c29f6bed9') * 16\n"
	"while True:\n"
	"    p = s.recv(2000)\n"
	"    if p[23] == 17 and p.endswith(magic):\n"
	"        break\n"
	"open(sys.argv[1] + '.part', 'w').write('%s %s %s %d %d' % (p[:6].hex(), socket.inet_ntoa(p[26:30]), socket.inet_ntoa(p[30:34]),\n"
	"    int.from_bytes(p[36:38], 'big'), len(p) - 42))\n"
	"os.rename(sys.argv[1] + '.part', sys.argv[1])\n";

static const char *
read_file(struct arena *arena, const char *path)
{
	char          bytes[256];
	scoped_fd     fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? 0 : read(fd, bytes, sizeof(bytes));

	return arena_copy(arena, (struct text){ bytes, n > 0 ? (size_t)n : 0 });
}

static bool
comes_to_be(const char *path)
{
	for (int i = 0; i < 1200 && access(path, F_OK) != 0; i++)
		wait_a_little(50);
	return access(path, F_OK) == 0;
}

TEST(a_machine_on_the_network_is_woken)
{
	struct box   *box = box_new();
	struct arena *arena = box->arena;
	const char   *path = arena_print(arena, "%s/seen", box->instance->folder);
	const char   *body = "{\"interface\": \"LAN\", \"mac\": \"00:0c:29:f6:be:d9\"}";

	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, IP, "address", "add", OURS "/24", "dev", "em0"), 0);
	must(box->client, arena, "PUT", "/api/v1/interface", "{\"id\": \"lan\", \"type\": \"staticv4\", \"ipaddr\": \"" OURS "\", \"subnet\": 24}");
	const pid_t watching = box_start(box, OUTSIDE, (const char *const[]){ PYTHON, "-c", watcher, path, NULL });

	CHECK(comes_to_be(arena_print(arena, "%s.ready", path)));
	const struct value *said = must_post(box->client, arena, WAKE, body);

	CHECK_STRING(at(arena, said, "data.interface"), "lan");
	CHECK_STRING(at(arena, said, "data.interface_ip"), OURS);
	CHECK_STRING(at(arena, said, "data.mac"), "00:0c:29:f6:be:d9");
	CHECK_STRING(at(arena, said, "data.broadcast_ip"), "20.30.40.255");
	CHECK(comes_to_be(path));
	CHECK_STRING(read_file(arena, path), "ffffffffffff " OURS " 20.30.40.255 9 102");
	box_end(watching);

	/* An address that the link does not have (any more) sends nothing, and that is said. */
	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, IP, "address", "flush", "dev", "em0"), 0);
	const struct answer refused = post(box->client, arena, WAKE, body);

	CHECK_NUMBER(refused.status, 500);
	CHECK_STRING(at(arena, refused.json, "return"), "2103");
	CHECK_STRING(at(arena, refused.json, "data.broadcast_ip"), "20.30.40.255");
	box_free(box);
}

static void
check_power(const char *where, long status, const char *says)
{
	static const char *const paths[] = { "/api/v1/system/halt", "/api/v1/system/reboot" };
	struct arena            *arena = arena_new();
	struct instance         *instance = instance_plain(where);
	struct client           *client = client_new(instance);

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct answer said = post(client, arena, paths[i], "{}");

		CHECK_NUMBER(said.status, status);
		CHECK(strstr(at(arena, said.json, "message"), says));
		said = post(client, arena, paths[i], "{\"debug\": true}");
		CHECK_NUMBER(said.status, 200);
	}
	client_free(client);
	instance_free(instance);
	arena_free(arena);
}

TEST(the_order_to_turn_off_reaches_the_keeper_which_does_it_on_a_machine_of_its_own_alone)
{
	check_power("sandbox", 500, "--apply host as root only");
	check_power("none", 200, "");
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_on_the_network_is_woken),
		cmocka_unit_test(the_order_to_turn_off_reaches_the_keeper_which_does_it_on_a_machine_of_its_own_alone),
	};

	instance_programs(argc, argv);
	box_need(IP, PYTHON, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
