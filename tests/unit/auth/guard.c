/* Login protection. */
#include "auth/guard.h"

#include "test.h"

static struct address
address(const char *string)
{
	struct address out;

	CHECK(address_read(text_of(string), &out));
	return out;
}

TEST(the_third_failure_blocks_and_the_next_block_is_longer)
{
	struct guard               *guard = guard_new();
	const struct guard_settings settings = GUARD_DEFAULTS;
	const struct address        bad = address("192.0.2.1"), other = address("192.0.2.2");

	CHECK_NUMBER(guard_failure(guard, &bad, 1000, &settings), 0);
	CHECK_NUMBER(guard_failure(guard, &bad, 1001, &settings), 0);
	CHECK_NUMBER(guard_failure(guard, &bad, 1002, &settings), 120);
	CHECK_NUMBER(guard_blocked(guard, &bad, 1003), 119);
	CHECK_NUMBER(guard_blocked(guard, &other, 1003), 0);
	CHECK_NUMBER(guard_blocked(guard, &bad, 1122), 0);
	guard_failure(guard, &bad, 1200, &settings);
	guard_failure(guard, &bad, 1201, &settings);
	CHECK_NUMBER(guard_failure(guard, &bad, 1202, &settings), 180);
	guard_free(guard);
}

TEST(a_score_is_forgotten_after_a_quiet_time)
{
	struct guard               *guard = guard_new();
	const struct guard_settings settings = GUARD_DEFAULTS;
	const struct address        bad = address("2001:db8::1");

	guard_failure(guard, &bad, 1000, &settings);
	guard_failure(guard, &bad, 1001, &settings);
	CHECK_NUMBER(guard_failure(guard, &bad, 2802, &settings), 0);
	guard_free(guard);
}

TEST(exempt_networks_are_never_blocked)
{
	struct guard               *guard = guard_new();
	const struct guard_settings settings = { 10, 120, 1800, "10.0.0.0/8 2001:db8::/32" };
	const struct address        exempt = address("10.1.2.3"), other = address("11.1.2.3");

	CHECK_NUMBER(guard_failure(guard, &exempt, 1000, &settings), 0);
	CHECK_NUMBER(guard_failure(guard, &other, 1000, &settings), 120);
	guard_free(guard);
}

RUN(cmocka_unit_test(the_third_failure_blocks_and_the_next_block_is_longer),
    cmocka_unit_test(a_score_is_forgotten_after_a_quiet_time),
    cmocka_unit_test(exempt_networks_are_never_blocked));
