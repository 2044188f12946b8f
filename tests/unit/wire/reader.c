/* Putting a body together and taking it apart again. */
#include "wire/reader.h"

#include <fcntl.h>
#include <unistd.h>

#include "test.h"
#include "wire/writer.h"

static struct writer whole;

static void
put_everything(struct writer *out)
{
	writer_init(out);
	put_u8(out, 200);
	put_u16(out, 65535);
	put_u32(out, 4000000000);
	put_u64(out, UINT64_MAX);
	put_i64(out, -5);
	put_bool(out, true);
	put_string(out, "any \x01 text");
	put_string(out, "em0");
	put_result(out, RESULT_CONFLICT);
}

static bool
take_everything(struct reader *in)
{
	const bool same = get_u8(in) == 200 && get_u16(in) == 65535 && get_u32(in) == 4000000000 &&
			  get_u64(in) == UINT64_MAX && get_i64(in) == -5 && get_bool(in) &&
			  text_is(get_text(in, 20), "any \x01 text") && text_is(get_word(in, 15), "em0") &&
			  get_result(in) == RESULT_CONFLICT;

	return got_all(in) && same;
}

TEST(what_was_put_is_got)
{
	put_everything(&whole);
	CHECK(put_all(&whole));

	struct reader in = reader_of(writer_text(&whole));

	CHECK(take_everything(&in));
}

TEST(a_truncated_body_is_refused_at_every_length)
{
	put_everything(&whole);
	for (size_t n = 0; n < whole.len; n++) {
		struct reader in = reader_of(text_first(writer_text(&whole), n));

		take_everything(&in);
		CHECK(!got_all(&in));
	}
}

TEST(bytes_that_are_left_over_are_refused)
{
	put_everything(&whole);
	put_u8(&whole, 0);

	struct reader in = reader_of(writer_text(&whole));

	CHECK(!take_everything(&in));
}

TEST(a_bool_is_0_or_1)
{
	struct reader in = reader_of(TEXT("\x02"));

	get_bool(&in);
	CHECK(!got_all(&in));
}

TEST(a_text_over_its_limit_is_refused)
{
	writer_init(&whole);
	put_string(&whole, "12345");

	struct reader at_limit = reader_of(writer_text(&whole)), past = at_limit;

	CHECK(text_is(get_text(&at_limit, 5), "12345") && got_all(&at_limit));
	CHECK(get_text(&past, 4).len == 0 && !got_all(&past));
}

TEST(a_word_is_printable_and_not_empty)
{
	static const char *const bad[] = { "", "a b", "a\n", "\x7f", "caf\xc3\xa9" };

	for (size_t i = 0; i < COUNT(bad); i++) {
		writer_init(&whole);
		put_string(&whole, bad[i]);

		struct reader in = reader_of(writer_text(&whole));

		get_word(&in, 100);
		CHECK(!got_all(&in));
	}
}

TEST(a_length_that_wraps_around_is_refused)
{
	struct reader in = reader_of(TEXT("\xff\xff\xff\xff" "abc"));

	CHECK(get_text(&in, SIZE_MAX).len == 0);
	CHECK(!got_all(&in));
}

TEST(a_choice_is_below_its_count)
{
	writer_init(&whole);
	put_u32(&whole, 3);

	struct reader good = reader_of(writer_text(&whole)), bad = good;

	CHECK(get_choice(&good, 4) == 3 && got_all(&good));
	CHECK(get_choice(&bad, 3) == 0 && !got_all(&bad));
}

TEST(a_descriptor_that_is_not_there_is_refused)
{
	struct reader in = reader_of(TEXT_NONE);

	CHECK(get_fd(&in) == -1);
	CHECK(!got_all(&in));
}

TEST(a_descriptor_nobody_took_is_refused)
{
	int           fds[] = { 7 };
	struct reader in = { .fds = fds, .nfds = 1 };

	CHECK(!got_all(&in));
	CHECK(get_fd(&in) == 7 && fds[0] == -1);
	CHECK(got_all(&in));
}

TEST(a_full_writer_remembers_that_it_overflowed)
{
	static char   many[WRITER_MAX - 4];
	struct writer fits, over;

	writer_init(&fits);
	put_text(&fits, (struct text){ many, sizeof(many) });
	CHECK(put_all(&fits) && fits.len == WRITER_MAX);

	writer_init(&over);
	put_u8(&over, 1);
	put_text(&over, (struct text){ many, sizeof(many) });
	put_u8(&over, 1); /* would fit again */
	CHECK(!put_all(&over));
}

TEST(a_writer_closes_the_descriptors_it_was_given)
{
	int fds[WIRE_FDS_MAX + 1];

	writer_init(&whole);
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		put_fd(&whole, fds[i]);
	}
	CHECK(!put_all(&whole)); /* one too many */
	writer_clear(&whole);
	for (size_t i = 0; i < COUNT(fds); i++)
		CHECK(fcntl(fds[i], F_GETFD) == -1);
}

RUN(cmocka_unit_test(what_was_put_is_got),
    cmocka_unit_test(a_truncated_body_is_refused_at_every_length),
    cmocka_unit_test(bytes_that_are_left_over_are_refused),
    cmocka_unit_test(a_bool_is_0_or_1),
    cmocka_unit_test(a_text_over_its_limit_is_refused),
    cmocka_unit_test(a_word_is_printable_and_not_empty),
    cmocka_unit_test(a_length_that_wraps_around_is_refused),
    cmocka_unit_test(a_choice_is_below_its_count),
    cmocka_unit_test(a_descriptor_that_is_not_there_is_refused),
    cmocka_unit_test(a_descriptor_nobody_took_is_refused),
    cmocka_unit_test(a_full_writer_remembers_that_it_overflowed),
    cmocka_unit_test(a_writer_closes_the_descriptors_it_was_given));
