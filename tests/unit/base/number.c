/* Numbers are read strictly. */
#include "base/number.h"

#include "test.h"

TEST(only_plain_decimals_in_range_are_read)
{
	static const char *const refused[] = { "", "-", "+1", " 1", "1 ", "0x1", "1.0", "9223372036854775808" };
	int64_t                  out = 42;

	for (size_t i = 0; i < COUNT(refused); i++)
		CHECK(!number_read(text_of(refused[i]), INT64_MIN, INT64_MAX, &out));
	CHECK_NUMBER(out, 42);
	CHECK(number_read(TEXT("-9223372036854775808"), INT64_MIN, INT64_MAX, &out) && out == INT64_MIN);
	CHECK(number_read(TEXT("007"), 0, 9, &out) && out == 7);
	CHECK(!number_read(TEXT("10"), 0, 9, &out));
}

TEST(reals_take_exponents_but_no_words)
{
	double out;

	CHECK(number_read_real(TEXT("1e3"), &out) && out == 1000.0);
	CHECK(!number_read_real(TEXT("inf"), &out));
	CHECK(!number_read_real(TEXT("0x1p3"), &out));
	CHECK(!number_read_real(TEXT("-"), &out));
}

RUN(cmocka_unit_test(only_plain_decimals_in_range_are_read),
    cmocka_unit_test(reals_take_exponents_but_no_words));
