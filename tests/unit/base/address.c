/* Addresses and prefixes. */
#include "base/address.h"

#include "test.h"

TEST(prefixes_are_read_strictly)
{
	static const char *const refused[] = { "", "1.2.3", "256.1.1.1", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/",
					       "1.2.3.4/-1", "::/129", ":::", "fe80::1%em0", "1.2.3.4/0032" };
	struct prefix prefix;

	for (size_t i = 0; i < COUNT(refused); i++)
		CHECK(!prefix_read(text_of(refused[i]), &prefix));
	CHECK(prefix_read(TEXT("10.0.0.0/8"), &prefix) && prefix.bits == 8);
	CHECK(prefix_read(TEXT("2001:DB8::1"), &prefix) && prefix.bits == 128);
}

TEST(a_prefix_covers_its_first_and_last_address_only)
{
	scoped_arena   arena = arena_new();
	struct prefix  prefix;
	struct address address;

	CHECK(prefix_read(TEXT("192.168.1.77/24"), &prefix));
	address = prefix_last(&prefix);
	CHECK_STRING(address_print(arena, &address), "192.168.1.255");
	CHECK(prefix_covers(&prefix, &address));
	CHECK(address_next(&address) && !prefix_covers(&prefix, &address));
}

RUN(cmocka_unit_test(prefixes_are_read_strictly),
    cmocka_unit_test(a_prefix_covers_its_first_and_last_address_only));
