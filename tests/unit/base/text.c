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

TEST(numbers_behind_a_common_beginning_are_compared_whole)
{
	static const struct {
		const char *a, *b;
		int         order;
	} cases[] = {
		{ "customer 1234", "customer 124", 1 },   { "customer 0124", "customer 124", 0 },   { "rack 12 slot 100", "rack 12 slot 99", 1 },
		{ "02:00:00:00:1f", "02:00:00:00:1E", 1 }, { "item 1000000", "item 1000000x", -1 }, { "item 100", "item 1000000", -1 },
		{ "10.0.0.19", "10.0.0.2", 1 },            { "abcdefgh", "abcdefgH", 0 },           { "abcdefgh0", "abcdefgh00", 0 },
		{ "abcdefgh0a", "abcdefgh00b", -1 },       { "12345678/", "123456789", -1 },        { "12345678:", "123456789", -1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct text a = text_of(cases[i].a), b = text_of(cases[i].b);
		const int         order = text_compare_natural(a, b), back = text_compare_natural(b, a);

		CHECK_NUMBER((order > 0) - (order < 0), cases[i].order);
		CHECK_NUMBER((back > 0) - (back < 0), -cases[i].order);
	}
}

/* What is compared piece by piece, without leaving anything out. */
static size_t
cut(const char **rest, char *piece)
{
	size_t len = 0;

	if (!(**rest >= '0' && **rest <= '9')) {
		piece[0] = (char)(**rest >= 'a' && **rest <= 'z' ? **rest - 'a' + 'A' : **rest);
		return (*rest)++, 1;
	}
	piece[len++] = '0';
	while (**rest == '0')
		(*rest)++;
	len++;
	while (**rest >= '0' && **rest <= '9')
		piece[len++] = *(*rest)++;
	piece[1] = (char)len;
	return len;
}

static int
compare_by_pieces(const char *a, const char *b)
{
	char first[40], second[40];

	while (*a && *b) {
		const size_t len_a = cut(&a, first), len_b = cut(&b, second);
		const int    order = memcmp(first, second, len_a < len_b ? len_a : len_b);

		if (order != 0)
			return order;
	}
	return (*a != '\0') - (*b != '\0');
}

TEST(natural_order_is_that_of_the_pieces)
{
	char     texts[120][33];
	unsigned random = 1;

	for (size_t i = 0; i < COUNT(texts); i++) {
		size_t len = 0;

		for (; len < i % 33; len++) {
			random = random * 1103515245 + 12345;
			texts[i][len] = i > 60 && len < 9 ? texts[i - 1][len] : "01:9aAb-"[random >> 16 & 7];
		}
		texts[i][len] = '\0';
	}
	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t j = 0; j < COUNT(texts); j++) {
			const int have = text_compare_natural(text_of(texts[i]), text_of(texts[j])), want = compare_by_pieces(texts[i], texts[j]);

			CHECK_NUMBER((have > 0) - (have < 0), (want > 0) - (want < 0));
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

TEST(lists_have_whole_pieces)
{
	CHECK(text_lists(TEXT("a,bc,d"), TEXT("a")) && text_lists(TEXT("a,bc,d"), TEXT("bc")) && text_lists(TEXT("a,bc,d"), TEXT("d")));
	CHECK(!text_lists(TEXT("a,bc,d"), TEXT("b")) && !text_lists(TEXT("a,bc,d"), TEXT("a,bc")) && !text_lists(TEXT(""), TEXT("")));
	CHECK(text_lists(TEXT("a,,b"), TEXT("")) && !text_lists(TEXT("a,"), TEXT("")));
}

RUN(cmocka_unit_test(lists_have_whole_pieces),
    cmocka_unit_test(natural_order_puts_item9_before_item10),
    cmocka_unit_test(numbers_behind_a_common_beginning_are_compared_whole),
    cmocka_unit_test(natural_order_is_that_of_the_pieces),
    cmocka_unit_test(pieces_between_separators_may_be_empty),
    cmocka_unit_test(a_part_is_found_wherever_it_is),
    cmocka_unit_test(overlong_and_surrogate_utf8_is_refused));
