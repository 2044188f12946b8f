/* Cutting, comparing and checking text. */
#include "base/text.h"

#include "test.h"

TEST(natural_order_puts_item9_before_item10)
{
	static const struct {
		const char *a, *b;
		int         order;
	} cases[] = {
		{ "item9", "item10", -1 }, { "Item9", "item9", 0 }, { "a", "b", -1 },
		{ "a01", "a1", 0 },        { "", "a", -1 },         { "x10y", "x9y", 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const int order = text_compare_natural(text_of(cases[i].a), text_of(cases[i].b));

		CHECK_NUMBER((order > 0) - (order < 0), cases[i].order);
	}
}

TEST(pieces_between_separators_may_be_empty)
{
	struct text rest = TEXT("a,,b"), piece;

	CHECK(text_next(&rest, ",", &piece) && text_is(piece, "a"));
	CHECK(text_next(&rest, ",", &piece) && text_is(piece, ""));
	CHECK(text_next(&rest, ",", &piece) && text_is(piece, "b"));
	CHECK(!text_next(&rest, ",", &piece));
}

TEST(overlong_and_surrogate_utf8_is_refused)
{
	CHECK(text_is_utf8(TEXT("a\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80")));
	CHECK(!text_is_utf8(TEXT("\xc0\x80")));
	CHECK(!text_is_utf8(TEXT("\xed\xa0\x80")));
	CHECK(!text_is_utf8(TEXT("\xf4\x90\x80\x80")));
	CHECK(!text_is_utf8(TEXT("\xe4\xbd")));
}

TEST(a_part_is_found_wherever_it_is)
{
	static char long_text[1000];

	memset(long_text, 'a', sizeof(long_text) - 2);
	long_text[sizeof(long_text) - 2] = 'b';
	for (size_t len = 2; len < sizeof(long_text); len++) {
		const struct text end = text_after(text_of(long_text), sizeof(long_text) - 1 - len);

		CHECK(text_contains(end, TEXT("ab")) && text_contains(end, TEXT("b")) && text_contains(end, end));
		CHECK(!text_contains(end, TEXT("ba")) && !text_contains(end, TEXT("bb")) && !text_contains(text_after(end, 1), end));
	}
	CHECK(text_contains(TEXT_NONE, TEXT_NONE) && !text_contains(TEXT_NONE, TEXT("a")));
}

RUN(cmocka_unit_test(natural_order_puts_item9_before_item10),
    cmocka_unit_test(pieces_between_separators_may_be_empty),
    cmocka_unit_test(a_part_is_found_wherever_it_is),
    cmocka_unit_test(overlong_and_surrogate_utf8_is_refused));
