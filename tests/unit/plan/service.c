/* The plan of the daemons on its way to the keeper: nothing but what services_encode() makes gets through. */
#include "plan/service/service.h"

#include <string.h>

#include "test.h"

static const struct service_file files[] = {
	{ "a.conf", { "one\0two", 7 }, false },
	{ "ccd/client@x", { "", 0 }, true },
};
static const struct service_plan plans[] = {
	{ "unbound", true, files, COUNT(files) },
	{ "openvpn@office-1", false, NULL, 0 },
};
static const char *const programs[] = { "unbound", "openvpn" };
static const struct services whole = { programs, COUNT(programs), plans, COUNT(plans) };

static bool
passes(const struct services *services)
{
	scoped_arena    arena = arena_new();
	scoped_buffer   bytes = BUFFER_NONE;
	struct services back;

	services_encode(&bytes, services);
	return services_decode(arena, buffer_text(&bytes), &back);
}

TEST(it_arrives_as_it_was_sent)
{
	scoped_arena    arena = arena_new();
	scoped_buffer   bytes = BUFFER_NONE;
	struct services back;

	services_encode(&bytes, &whole);
	CHECK(services_decode(arena, buffer_text(&bytes), &back));
	CHECK_NUMBER(back.n, 2);
	CHECK_STRING(back.plans[1].name, "openvpn@office-1");
	CHECK(back.plans[0].wanted && !back.plans[1].wanted);
	CHECK_NUMBER(back.plans[0].nfiles, 2);
	CHECK(text_equal(back.plans[0].files[0].content, files[0].content));
	CHECK(back.plans[0].files[1].secret);
}

TEST(a_part_of_it_is_refused_at_every_length)
{
	scoped_arena    arena = arena_new();
	scoped_buffer   bytes = BUFFER_NONE;
	struct services back;

	services_encode(&bytes, &whole);
	for (size_t n = 0; n < bytes.len; n++)
		CHECK(!services_decode(arena, text_first(buffer_text(&bytes), n), &back));
	buffer_add_byte(&bytes, 0);
	CHECK(!services_decode(arena, buffer_text(&bytes), &back));
}

TEST(names_cannot_lead_anywhere_else)
{
	static const char *const bad_files[] = { "", ".", "..", ".hidden", "/etc/passwd", "../x", "a/../b", "a/b/c", "a/", "/a",
						 "a/.b", "-x", "a b", "a\nb", "a;b", "a b/c", "a/ b",
						 "a/b\nc", "a/b\"c" };
	static const char *const bad_names[] = { "", "@", "a@", "@a", "a@b@c", "a/b", "a b", "a.b", "-a", "a@-b",
						 "a2345678901234567890123456789012345678901234567890" };

	for (size_t i = 0; i < COUNT(bad_files); i++)
		CHECK(!service_file_is_valid(text_of(bad_files[i])));
	for (size_t i = 0; i < COUNT(bad_names); i++)
		CHECK(!service_name_is_valid(text_of(bad_names[i])));
	CHECK(!service_file_is_valid((struct text){ "a\0b", 3 }));
	CHECK(service_file_is_valid(TEXT("ccd/client_1@x.conf")) && service_file_is_valid(TEXT("ccd/client one")));
	CHECK(service_name_is_valid(TEXT("openvpn@1")));
}

TEST(a_service_the_plan_is_not_about_is_refused)
{
	const struct service_plan twice[] = { { "unbound" }, { "unbound" } };
	const struct service_plan other[] = { { "chrony" } };

	CHECK(passes(&whole));
	CHECK(!passes(&(struct services){ programs, 2, twice, 2 }));
	CHECK(!passes(&(struct services){ programs, 2, other, 1 }));
}

RUN(cmocka_unit_test(it_arrives_as_it_was_sent), cmocka_unit_test(a_part_of_it_is_refused_at_every_length),
    cmocka_unit_test(names_cannot_lead_anywhere_else), cmocka_unit_test(a_service_the_plan_is_not_about_is_refused));
