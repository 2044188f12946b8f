/* OPNsense's URL patterns. */
#include "auth/acl.h"

#include "test.h"

TEST(patterns_match_as_the_contract_says)
{
	static const struct {
		const char *pattern, *uri;
		bool        match;
	} cases[] = {
		{ "*", "", true },
		{ "api/x/*", "api/x", true },
		{ "api/x/*", "api/x/", true },
		{ "api/x/*", "api/xy", false },
		{ "a.php?b=*", "a.php?b=", true },
		{ "a.php?*", "a.php", true },
		{ "a.php", "aXphp", false },
		{ "api/*/get", "api/a/b/get", true },
		{ "api/*/get", "api/get", false },
		{ "API/x", "api/x", false },
		{ "a*b*c", "aXbXbXc", true },
		{ "a*b*c", "aXbXbX", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(acl_matches(cases[i].pattern, text_of(cases[i].uri)) == cases[i].match);
}

TEST(the_table_is_sorted_so_that_every_privilege_is_found)
{
	for (size_t i = 0; i < acl_privileges_count; i++)
		CHECK(acl_find(text_of(acl_privileges[i].id)) == &acl_privileges[i]);
	CHECK(acl_find(TEXT("page-none")) == NULL);
}

TEST(a_fragment_does_not_count)
{
	CHECK(acl_opens(acl_find(TEXT("page-firewall-aliases")), TEXT("api/firewall/alias/get#x")));
	CHECK(acl_is_public(TEXT("api/core/menu/search")));
	CHECK(!acl_is_public(TEXT("api/core/system/status")));
}

RUN(cmocka_unit_test(patterns_match_as_the_contract_says),
    cmocka_unit_test(the_table_is_sorted_so_that_every_privilege_is_found),
    cmocka_unit_test(a_fragment_does_not_count));
