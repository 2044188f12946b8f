/* tests/test.h: the few words our unit tests are written in, on top of cmocka. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "base/bug.h"

/* A test is named after the behaviour it protects. */
#define TEST(name) static void name(void **state __attribute__((unused)))
#define CHECK(condition) assert_true(condition)
#define CHECK_STRING(have, want) assert_string_equal((have), (want))
#define CHECK_NUMBER(have, want) assert_int_equal((have), (want))

/* The last lines of a file: RUN(cmocka_unit_test(a), cmocka_unit_test(b)); */
#define RUN(...)                                                          \
	int main(void)                                                    \
	{                                                                 \
		const struct CMUnitTest tests[] = { __VA_ARGS__ };        \
		return cmocka_run_group_tests(tests, NULL, NULL);         \
	}                                                                 \
	int main(void)
