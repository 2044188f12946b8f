/* The largest answers there are cost the gate what they are long, once, and only for as long as they are on their way. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/number.h"
#include "client.h"
#include "test.h"

#define ADDRESSES 500000
#define SMALL_KB  4096 /* what else a request may take */
#define EXIT_SKIPPED 77

static struct instance *instance;

/* The first word, a number; "/" may end it. */
static long
number_at(const char *words)
{
	struct text rest = text_of(words), word;
	int64_t     number = 0;

	CHECK(text_next_word(&rest, &word) && number_read(text_until(&word, '/'), 0, INT32_MAX, &number));
	return (long)number;
}

/* --- memory of the gate, in KB ------------------------------------------------------------------- */

static long
gate_memory(const char *what)
{
	char  path[64], line[256];
	long  kilobytes = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)instance_gate(instance));
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, what, strlen(what)) == 0)
			kilobytes = number_at(line + strlen(what));
	CHECK(file && fclose(file) == 0 && kilobytes > 0);
	return kilobytes;
}

/* The peak begins anew with what is there now; false: we may not. */
static bool
forget_peak(void)
{
	char  path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/clear_refs", (int)instance_gate(instance));
	file = fopen(path, "we");
	return file && fputs("5", file) >= 0 && fclose(file) == 0;
}

/* --- a large alias ---------------------------------------------------------------------------------- */

static const char *
make_alias(struct client *client, struct arena *arena)
{
	scoped_buffer body = BUFFER_NONE;
	struct answer answer;

	buffer_add_string(&body, "{\"alias\":{\"enabled\":\"1\",\"name\":\"many\",\"type\":\"host\",\"content\":\"");
	for (unsigned i = 0; i < ADDRESSES; i++)
		buffer_print(&body, "%s10.%u.%u.%u", i ? "\\n" : "", i >> 16 & 255, i >> 8 & 255, i & 255);
	buffer_add_string(&body, "\"}}");
	answer = ask_text(client, arena, "POST", "/api/firewall/alias/add_item", "application/json", buffer_text(&body));
	CHECK_NUMBER(answer.status, 200);
	CHECK_STRING(at(arena, answer.json, "result"), "saved");
	return at(arena, answer.json, "uuid");
}

/* --- a client that takes its time ----------------------------------------------------------------------- */

static int
connect_plain(void)
{
	const uint16_t           port = (uint16_t)number_at(strrchr(instance->url, ':') + 1);
	const struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(port),
					  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), room = 64 * 1024;

	CHECK(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)) == 0);
	CHECK(connect(fd, (const struct sockaddr *)&name, sizeof(name)) == 0);
	return fd;
}

static void
send_get(int fd, struct arena *arena, const char *target)
{
	const char *login = arena_print(arena, "%s:%s", instance->key, instance->secret);
	const char *request = arena_print(arena, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic %s\r\n\r\n",
					  target, base64_encode(arena, text_of(login)));

	CHECK_NUMBER(write(fd, request, strlen(request)), (long)strlen(request));
}

/* Take so many bytes, or all there are; what they add up to. */
static size_t
take(int fd, size_t most)
{
	static char room[65536];
	size_t      taken = 0;

	while (taken < most) {
		const ssize_t n = read(fd, room, most - taken < sizeof(room) ? most - taken : sizeof(room));

		CHECK(n >= 0);
		if (n == 0)
			break;
		taken += (size_t)n;
	}
	return taken;
}

/* --- tests -------------------------------------------------------------------------------------------------- */

static void
check_peak(struct client *client, const char *target)
{
	scoped_arena        arena = arena_new();
	const long          before = gate_memory("VmRSS:");
	const struct answer answer = (forget_peak(), ask(client, arena, "GET", target, NULL));
	const long          reply = (long)(answer.body.len / 1024), peak = gate_memory("VmHWM:") - before;

	CHECK_NUMBER(answer.status, 200);
	printf("system: %s: %ld KB long, %ld KB more memory at most\n", target, reply, peak);
	CHECK(reply > 5 * 1024);
	CHECK(peak < reply + reply / 8 + SMALL_KB);
}

TEST(an_answer_is_never_there_twice)
{
	scoped_arena   arena = arena_new();
	struct client *client = client_new(instance);
	const char    *uuid = arena_copy(arena, text_of(make_alias(client, arena)));

#if defined(__SANITIZE_ADDRESS__)
	fprintf(stderr, "SKIPPED: this test needs memory without a sanitizer's own\n");
	exit(EXIT_SKIPPED);
#endif
	if (!forget_peak()) {
		fprintf(stderr, "SKIPPED: this test needs the right to reset peaks of memory (run as root)\n");
		client_free(client);
		exit(EXIT_SKIPPED);
	}
	check_peak(client, "/api/firewall/alias/get");
	check_peak(client, arena_print(arena, "/api/firewall/alias/get_item/%s", uuid));
	check_peak(client, "/api/firewall/alias/export");
	client_free(client);
}

/* Who has taken three quarters of it holds up a quarter. */
TEST(what_was_sent_is_given_back)
{
	scoped_arena   arena = arena_new();
	const long     before = gate_memory("VmRSS:");
	const int      fd = connect_plain();
	size_t         length = 0;
	struct client *client = client_new(instance);

	length = ask(client, arena, "GET", "/api/firewall/alias/get", NULL).body.len;
	client_free(client);
	send_get(fd, arena, "/api/firewall/alias/get");
	CHECK_NUMBER(take(fd, length / 4 * 3), length / 4 * 3);
	const long during = gate_memory("VmRSS:") - before;

	printf("system: %ld KB held for the rest of %zu KB\n", during, length / 1024);
	CHECK(during < (long)(length / 1024 / 4) + SMALL_KB + 1024);
	CHECK(take(fd, SIZE_MAX) > length / 4);
	close(fd);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_never_there_twice),
		cmocka_unit_test(what_was_sent_is_given_back),
	};

	instance_programs(argc, argv);
	instance = instance_plain("none");
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	instance_free(instance);
	return failed;
}
