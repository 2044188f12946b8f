/* Packets between two sockets, and what travels with them. */
#include "wire/message.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"
#include "wire/sealed.h"

static struct message received;
static struct writer  body;

static void
make_pair(int pair[2])
{
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	message_init(&received);
	writer_init(&body);
}

static void
end_pair(const int pair[2])
{
	message_clear(&received);
	writer_clear(&body);
	close(pair[0]);
	close(pair[1]);
}

TEST(a_message_arrives_with_its_descriptors)
{
	const struct message_head head = { MESSAGE_REPLY, 77, 3, RESULT_IN_USE };
	int                       pair[2];
	struct text               content = TEXT_NONE;

	make_pair(pair);
	put_string(&body, "hello");
	put_fd(&body, sealed_new("test", TEXT("payload")));
	CHECK(message_send(pair[0], head, &body) == WIRE_DONE);
	CHECK(message_receive(pair[1], &received) == WIRE_DONE);
	CHECK(memcmp(&received.head, &head, sizeof(head)) == 0);

	struct reader in = message_reader(&received);
	const int     fd = (CHECK(text_is(get_text(&in, 10), "hello")), get_fd(&in));

	CHECK(got_all(&in));
	CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	CHECK(sealed_map(fd, 7, &content) && text_is(content, "payload"));
	sealed_unmap(&content);
	close(fd);
	end_pair(pair);
}

TEST(the_biggest_body_arrives_whole)
{
	static char big[WRITER_MAX - 4];
	int         pair[2];

	make_pair(pair);
	memset(big, 'x', sizeof(big));
	put_text(&body, (struct text){ big, sizeof(big) });
	CHECK(message_send(pair[0], (struct message_head){ MESSAGE_EVENT }, &body) == WIRE_DONE);
	CHECK(message_receive(pair[1], &received) == WIRE_DONE);
	CHECK(received.body.len == WRITER_MAX);
	end_pair(pair);
}

TEST(nothing_there_is_not_the_end)
{
	int pair[2];

	make_pair(pair);
	CHECK(message_receive(pair[1], &received) == WIRE_AGAIN);
	shutdown(pair[0], SHUT_RDWR);
	CHECK(message_receive(pair[1], &received) == WIRE_ENDED);
	CHECK(message_send(pair[1], (struct message_head){ MESSAGE_EVENT }, &body) == WIRE_ENDED);
	end_pair(pair);
}

TEST(a_packet_that_is_too_long_is_broken)
{
	static char big[WIRE_MESSAGE_MAX + 1] = { MESSAGE_EVENT };
	int         pair[2];

	make_pair(pair);
	CHECK(send(pair[0], big, sizeof(big), 0) == sizeof(big));
	CHECK(message_receive(pair[1], &received) == WIRE_BROKEN);
	CHECK(send(pair[0], big, sizeof(big) - 1, 0) == sizeof(big) - 1);
	CHECK(message_receive(pair[1], &received) == WIRE_DONE);
	end_pair(pair);
}

TEST(a_truncated_header_is_broken_at_every_length)
{
	const uint32_t words[] = { MESSAGE_ORDER, 1, 1, 0 };
	int            pair[2];

	make_pair(pair);
	for (size_t n = 1; n < sizeof(words); n++) {
		CHECK(send(pair[0], words, n, 0) == (ssize_t)n);
		CHECK(message_receive(pair[1], &received) == WIRE_BROKEN);
	}
	end_pair(pair);
}

TEST(a_header_with_unknown_words_is_broken)
{
	static const uint32_t bad[][4] = {
		{ 0, 1, 1, 0 },
		{ MESSAGE_EVENT + 1, 1, 1, 0 },
		{ MESSAGE_REPLY, 1, 1, RESULT_FAILED + 1 },
		{ MESSAGE_ORDER, 1, 1, RESULT_FAILED },
	};
	int pair[2];

	make_pair(pair);
	for (size_t i = 0; i < COUNT(bad); i++) {
		CHECK(send(pair[0], bad[i], sizeof(bad[i]), 0) == sizeof(bad[i]));
		CHECK(message_receive(pair[1], &received) == WIRE_BROKEN);
	}
	end_pair(pair);
}

/* How many descriptors this process has open. */
static int
count_open(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

TEST(descriptors_of_a_refused_packet_are_closed)
{
	int pair[2];

	make_pair(pair);

	const int before = count_open();

	put_fd(&body, sealed_new("test", TEXT("x")));
	put_fd(&body, sealed_new("test", TEXT("y")));
	CHECK(message_send(pair[0], (struct message_head){ .kind = 9 }, &body) == WIRE_DONE);
	writer_clear(&body);
	CHECK(message_receive(pair[1], &received) == WIRE_BROKEN);
	CHECK_NUMBER(count_open(), before);
	end_pair(pair);
}

TEST(a_memfd_that_can_still_change_is_refused)
{
	static const int some[] = {
		0,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE,
		F_SEAL_SEAL | F_SEAL_GROW | F_SEAL_WRITE,
		F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_WRITE,
		F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW,
	};
	struct text content;

	for (size_t i = 0; i < COUNT(some); i++) {
		const int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

		CHECK(write(fd, "abc", 3) == 3);
		CHECK(fcntl(fd, F_ADD_SEALS, some[i]) == 0);
		CHECK(!sealed_map(fd, 100, &content));
		close(fd);
	}

	const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);

	CHECK(!sealed_map(file, 100, &content));
	CHECK(!sealed_map(-1, 100, &content));
	close(file);
}

TEST(a_memfd_over_the_limit_is_refused)
{
	struct text content;
	const int   fd = sealed_new("test", TEXT("12345"));

	CHECK(!sealed_map(fd, 4, &content));
	CHECK(sealed_map(fd, 5, &content) && text_is(content, "12345"));
	sealed_unmap(&content);
	close(fd);
}

TEST(an_empty_memfd_is_fine)
{
	struct text content = TEXT("before");
	const int   fd = sealed_new("test", TEXT_NONE);

	CHECK(sealed_map(fd, 0, &content) && content.len == 0);
	sealed_unmap(&content);
	close(fd);
}

RUN(cmocka_unit_test(a_message_arrives_with_its_descriptors),
    cmocka_unit_test(the_biggest_body_arrives_whole),
    cmocka_unit_test(nothing_there_is_not_the_end),
    cmocka_unit_test(a_packet_that_is_too_long_is_broken),
    cmocka_unit_test(a_truncated_header_is_broken_at_every_length),
    cmocka_unit_test(a_header_with_unknown_words_is_broken),
    cmocka_unit_test(descriptors_of_a_refused_packet_are_closed),
    cmocka_unit_test(a_memfd_that_can_still_change_is_refused),
    cmocka_unit_test(a_memfd_over_the_limit_is_refused),
    cmocka_unit_test(an_empty_memfd_is_fine));
