/* Probes and results on their way: all of them, and nothing beyond their limits. */
#include "wire/probe.h"

#include <string.h>

#include "test.h"

static const struct probe good = {
	.number = 255, .is_routed = true, .target = { FAMILY_INET6, { 0xfe, 0x80, [15] = 1 } }, .device = "abcdefghijklmno",
	.interval = 1, .loss_interval = PROBE_TIME_MAX, .period = 60000, .delay_low = 200, .delay_high = 500, .loss_low = 10,
	.loss_high = 100, .size = PROBE_SIZE_MAX,
};

static bool
passes(const struct probe *probe, struct probe *out)
{
	struct writer writer;
	struct reader in;

	writer_init(&writer);
	put_probe(&writer, probe);
	in = reader_of(writer_text(&writer));
	*out = get_probe(&in);
	return got_all(&in);
}

TEST(a_probe_comes_as_it_was_sent_and_fits)
{
	struct probe  back;
	struct writer writer;

	CHECK(passes(&good, &back));
	CHECK(memcmp(&good.target, &back.target, sizeof(good.target)) == 0);
	CHECK_STRING(back.device, good.device);
	CHECK(back.number == 255 && back.is_routed && back.loss_interval == PROBE_TIME_MAX && back.size == PROBE_SIZE_MAX);
	writer_init(&writer);
	for (int i = 0; i < PROBES_MAX; i++)
		put_probe(&writer, &good);
	CHECK(put_all(&writer) && writer.len == PROBES_MAX * PROBE_SIZE);
}

TEST(what_is_past_a_limit_is_refused)
{
	struct probe bad[8], back;

	for (size_t i = 0; i < COUNT(bad); i++)
		bad[i] = good;
	bad[0].number = 0;
	bad[1].target.family = FAMILY_NONE;
	bad[2].interval = 0;
	bad[3].period = PROBE_TIME_MAX + 1;
	bad[4].loss_high = 101;
	bad[5].size = PROBE_SIZE_MAX + 1;
	strncpy(bad[6].device, "a/b", sizeof(bad[6].device));
	strncpy(bad[7].device, "a b", sizeof(bad[7].device));
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(!passes(&bad[i], &back));
}

TEST(a_truncated_probe_is_refused_at_every_length)
{
	struct writer writer;

	writer_init(&writer);
	put_probe(&writer, &good);
	for (size_t n = 0; n < writer.len; n++) {
		struct reader in = reader_of(text_first(writer_text(&writer), n));

		get_probe(&in);
		CHECK(!got_all(&in));
	}
}

TEST(a_result_comes_as_it_was_sent)
{
	const struct probe_result one = { 9, PROBE_LOSSY, true, 1234, 56, 1000 };
	struct probe_result       wrong = one;
	struct writer             writer;
	struct reader             in;

	writer_init(&writer);
	put_probe_result(&writer, &one);
	CHECK_NUMBER(writer.len, PROBE_RESULT_SIZE);
	in = reader_of(writer_text(&writer));
	const struct probe_result back = get_probe_result(&in);

	CHECK(got_all(&in) && back.number == 9 && back.state == PROBE_LOSSY && back.is_measured && back.delay == 1234 &&
	      back.deviation == 56 && back.loss == 1000);
	wrong.loss = 1001;
	writer_init(&writer);
	put_probe_result(&writer, &wrong);
	in = reader_of(writer_text(&writer));
	get_probe_result(&in);
	CHECK(!got_all(&in));
}

RUN(cmocka_unit_test(a_probe_comes_as_it_was_sent_and_fits), cmocka_unit_test(what_is_past_a_limit_is_refused),
    cmocka_unit_test(a_truncated_probe_is_refused_at_every_length), cmocka_unit_test(a_result_comes_as_it_was_sent));
