/* Entries of feeds as bytes and back. */
#include "wire/feed.h"

#include "test.h"

static const struct feed_packet packet = {
	.in = 2, .out = 3, .protocol = 0x0800, .hook = 2, .prefix = { "7:block:in:x", 12 }, .payload = { "\x45\0\0", 3 },
};
static const struct feed_flow flow = {
	.state = { .id = 9, .protocol = 6, .source = { { FAMILY_INET, { 10, 0, 0, 1 } }, 1 }, .bytes = { 5, 6 } },
	.started = 1764000000123,
};
static const struct feed_line line = { 4, 77, { "unbound", 7 }, { "hello", 5 } };

static bool
packet_again(struct text bytes, struct buffer *out)
{
	struct feed_packet got;

	if (!feed_packet_decode(bytes, &got))
		return false;
	feed_packet_encode(out, &got);
	return true;
}

static bool
flow_again(struct text bytes, struct buffer *out)
{
	struct feed_flow got;

	if (!feed_flow_decode(bytes, &got))
		return false;
	feed_flow_encode(out, &got);
	return true;
}

static bool
line_again(struct text bytes, struct buffer *out)
{
	struct feed_line got;

	if (!feed_line_decode(bytes, &got))
		return false;
	feed_line_encode(out, &got);
	return true;
}

static bool
entries_again(struct text bytes, struct buffer *out)
{
	scoped_arena        arena = arena_new();
	struct feed_entries got;

	if (!feed_entries_decode(arena, bytes, &got))
		return false;
	feed_entries_encode(out, &got);
	return true;
}

static void
check(struct buffer *bytes, bool (*again)(struct text, struct buffer *))
{
	scoped_buffer out = BUFFER_NONE;

	CHECK(again(buffer_text(bytes), &out));
	CHECK(text_equal(buffer_text(bytes), buffer_text(&out)));
	for (size_t n = 0; n < bytes->len; n++)
		CHECK(!again(text_first(buffer_text(bytes), n), &out));
	buffer_add_byte(bytes, 0);
	CHECK(!again(buffer_text(bytes), &out));
	buffer_clear(bytes);
}

TEST(entries_arrive_as_they_were_and_broken_ones_are_refused)
{
	const struct feed_entry   two[] = { { 1, 5, TEXT("a") }, { 2, 6, TEXT_NONE } };
	struct buffer             bytes = BUFFER_NONE;

	feed_packet_encode(&bytes, &packet);
	check(&bytes, packet_again);
	feed_flow_encode(&bytes, &flow);
	check(&bytes, flow_again);
	feed_line_encode(&bytes, &line);
	check(&bytes, line_again);
	feed_entries_encode(&bytes, &(struct feed_entries){ two, 2 });
	check(&bytes, entries_again);
}

TEST(what_is_too_long_is_cut_and_no_severity_is_beyond_debug)
{
	static char             many[FEED_TEXT_MAX + 1];
	const struct feed_line  longer = { 7, 1, { many, FEED_PROGRAM_MAX + 1 }, { many, FEED_TEXT_MAX + 1 } };
	scoped_buffer           bytes = BUFFER_NONE;
	struct feed_line        got;

	memset(many, 'x', sizeof(many));
	feed_line_encode(&bytes, &longer);
	CHECK(feed_line_decode(buffer_text(&bytes), &got));
	CHECK(got.program.len == FEED_PROGRAM_MAX && got.text.len == FEED_TEXT_MAX);
	CHECK(bytes.len <= FEED_ENTRY_MAX);
	bytes.bytes[0] = 8;
	CHECK(!feed_line_decode(buffer_text(&bytes), &got));
}

RUN(
	cmocka_unit_test(entries_arrive_as_they_were_and_broken_ones_are_refused),
	cmocka_unit_test(what_is_too_long_is_cut_and_no_severity_is_beyond_debug),
);
