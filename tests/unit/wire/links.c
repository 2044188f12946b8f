/* Links as bytes and back. */
#include "wire/links.h"

#include <stdlib.h>

#include "test.h"

static const struct link_address addresses[] = {
	{ { { FAMILY_INET, { 192, 0, 2, 1 } }, 24 }, false, false },
	{ { { FAMILY_INET6, { 0xfe, 0x80, [15] = 1 } }, 64 }, true, true },
};

static const struct link some[] = {
	{ .index = 1, .mtu = 65536, .up = true, .running = true, .name = "lo", .kind = "loopback" },
	{ .index = 7, .master = 3, .mtu = 1500, .up = true, .mac = { 2, 1, 2, 3, 4, 5 }, .name = "em0", .kind = "",
	  .in = { 1, 2, 3, 4 }, .out = { 5, 6, 7, UINT64_MAX }, .addresses = addresses, .naddresses = 2 },
};

static const struct links all = { some, COUNT(some) };

static void
check_same(const struct link *have, const struct link *want)
{
	CHECK(have->index == want->index && have->master == want->master && have->mtu == want->mtu);
	CHECK(have->up == want->up && have->running == want->running);
	CHECK(memcmp(have->mac, want->mac, sizeof(want->mac)) == 0);
	CHECK_STRING(have->name, want->name);
	CHECK_STRING(have->kind, want->kind);
	CHECK(memcmp(&have->in, &want->in, sizeof(want->in)) == 0);
	CHECK(memcmp(&have->out, &want->out, sizeof(want->out)) == 0);
	CHECK_NUMBER(have->naddresses, want->naddresses);
	for (size_t i = 0; i < want->naddresses; i++) {
		CHECK(address_compare(&have->addresses[i].prefix.address, &want->addresses[i].prefix.address) == 0);
		CHECK_NUMBER(have->addresses[i].prefix.bits, want->addresses[i].prefix.bits);
		CHECK(have->addresses[i].local == want->addresses[i].local);
		CHECK(have->addresses[i].tentative == want->addresses[i].tentative);
	}
}

TEST(links_arrive_as_they_were)
{
	scoped_arena  arena = arena_new();
	scoped_buffer bytes = BUFFER_NONE;
	struct links  got;

	links_encode(&bytes, &all);
	CHECK(links_decode(arena, buffer_text(&bytes), &got));
	CHECK_NUMBER(got.n, all.n);
	for (size_t i = 0; i < all.n; i++)
		check_same(&got.links[i], &some[i]);
}

TEST(no_links_arrive_as_none)
{
	scoped_arena       arena = arena_new();
	scoped_buffer      bytes = BUFFER_NONE;
	const struct links none = { NULL, 0 };
	struct links       got;

	links_encode(&bytes, &none);
	CHECK(links_decode(arena, buffer_text(&bytes), &got) && got.n == 0);
}

TEST(truncated_links_are_refused_at_every_length)
{
	scoped_arena  arena = arena_new();
	scoped_buffer bytes = BUFFER_NONE;
	struct links  got;

	links_encode(&bytes, &all);
	for (size_t n = 0; n < bytes.len; n++)
		CHECK(!links_decode(arena, text_first(buffer_text(&bytes), n), &got));
	buffer_add_byte(&bytes, 0);
	CHECK(!links_decode(arena, buffer_text(&bytes), &got));
}

TEST(more_links_than_the_limit_are_refused)
{
	scoped_arena  arena = arena_new();
	const uint32_t many = LINKS_MAX + 1;
	struct links  got;

	CHECK(!links_decode(arena, (struct text){ (const char *)&many, sizeof(many) }, &got));
}

RUN(cmocka_unit_test(links_arrive_as_they_were),
    cmocka_unit_test(no_links_arrive_as_none),
    cmocka_unit_test(truncated_links_are_refused_at_every_length),
    cmocka_unit_test(more_links_than_the_limit_are_refused));
