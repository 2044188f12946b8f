/* What the keeper packs, the gate unpacks. */
#include "proc/gate.h"

#include <unistd.h>

#include "test.h"
#include "wire/sealed.h"

TEST(a_full_setup_arrives_as_it_was)
{
	const struct gate_setup sent = {
		.listeners = { { 20, LISTENER_TLS, "127.0.0.1:1" }, { 21, LISTENER_LOCAL, "/run/x" } }, .nlisteners = 2,
		.state = "/var/lib/x", .state_fd = 22, .certificate_fd = 23, .certificate_key_fd = 24, .import_fd = 25,
		.user = "u", .password = "", .apply = APPLY_SANDBOX, .log_level = LOG_LEVEL_DEBUG,
		.allows_commands = true,
	};
	struct gate_setup got;
	int               fds[LISTENERS_MAX + 4];
	size_t            nfds;
	const int         memfd = setup_pack(&sent, fds, &nfds);
	struct arena     *arena = arena_new();

	CHECK(memfd >= 0);
	CHECK(setup_unpack(memfd, arena, &got));
	CHECK_NUMBER(nfds, 6);
	for (int i = 0; i < 6; i++)
		CHECK_NUMBER(fds[i], 20 + i);
	CHECK(got.wire == WIRE_FD && got.nlisteners == 2);
	CHECK(got.listeners[0].fd == FIRST_SETUP_FD && got.listeners[0].kind == LISTENER_TLS);
	CHECK_STRING(got.listeners[1].address, "/run/x");
	CHECK(got.state_fd == FIRST_SETUP_FD + 2 && got.import_fd == FIRST_SETUP_FD + 5);
	CHECK_STRING(got.state, "/var/lib/x");
	CHECK_STRING(got.password, "");
	CHECK(!got.key && !got.ephemeral && got.allows_commands && got.apply == APPLY_SANDBOX && got.log_level == LOG_LEVEL_DEBUG);
	arena_free(arena);
	close(memfd);
}

TEST(what_is_not_there_arrives_as_not_there)
{
	const struct gate_setup sent = {
		.state_fd = -1, .certificate_fd = -1, .certificate_key_fd = -1, .import_fd = -1, .ephemeral = true,
	};
	struct gate_setup got;
	int               fds[LISTENERS_MAX + 4];
	size_t            nfds;
	const int         memfd = setup_pack(&sent, fds, &nfds);
	struct arena     *arena = arena_new();

	CHECK(setup_unpack(memfd, arena, &got));
	CHECK_NUMBER(nfds, 0);
	CHECK(got.state_fd == -1 && got.import_fd == -1 && !got.state && !got.user && got.ephemeral);
	arena_free(arena);
	close(memfd);
}

TEST(a_truncated_setup_is_refused_at_every_length)
{
	const struct gate_setup sent = { .state_fd = -1, .certificate_fd = -1, .certificate_key_fd = -1,
		.import_fd = -1, .user = "u" };
	struct gate_setup got;
	struct text       whole;
	int               fds[LISTENERS_MAX + 4];
	size_t            nfds;
	const int         memfd = setup_pack(&sent, fds, &nfds);
	struct arena     *arena = arena_new();

	CHECK(sealed_map(memfd, 10000, &whole));
	for (size_t n = 0; n < whole.len; n++) {
		const int part = sealed_new("part", text_first(whole, n));

		CHECK(!setup_unpack(part, arena, &got));
		close(part);
	}
	CHECK(!setup_unpack(-1, arena, &got));
	sealed_unmap(&whole);
	arena_free(arena);
	close(memfd);
}

RUN(cmocka_unit_test(a_full_setup_arrives_as_it_was),
    cmocka_unit_test(what_is_not_there_arrives_as_not_there),
    cmocka_unit_test(a_truncated_setup_is_refused_at_every_length));
