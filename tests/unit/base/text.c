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

RUN(cmocka_unit_test(natural_order_puts_item9_before_item10),
    cmocka_unit_test(pieces_between_separators_may_be_empty),
    cmocka_unit_test(overlong_and_surrogate_utf8_is_refused));
