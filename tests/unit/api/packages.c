/* What the package manager writes: whole, cut off, and made of nonsense. */
#include "test.h"

#include "api/packages.h"

static const char status[] = "Package: zsh\n"
			     "Status: hold ok installed\n"
			     "Section: shells\n"
			     "Installed-Size: 2480\n"
			     "Version: 5.9-4+b2\n"
			     "Conffiles:\n"
			     " /etc/zsh/zshrc 0123\n"
			     "Description: shell with lots of features\n"
			     " Zsh is a shell.\n"
			     " .\n"
			     "  It has features.\n"
			     "\n"
			     "Package: gone\n"
			     "Status: deinstall ok config-files\n"
			     "Version: 1\n"
			     "\n"
			     "Package: adduser\n"
			     "Status: install ok installed\n"
			     "Version: 3.134\n";

static const char automatic[] = "Package: adduser\nArchitecture: amd64\nAuto-Installed: 1\n\nPackage: zsh\nAuto-Installed: 0\n";

static const char *
word(struct arena *arena, const struct value *rows, const char *path)
{
	return value_as_string(arena, value_path(rows, path));
}

TEST(installed_packages_are_told_by_name)
{
	scoped_arena  arena = arena_new();
	struct value *rows = packages_installed(arena, text_of(status), text_of(automatic));

	CHECK_NUMBER(value_count(rows), 2);
	CHECK_STRING(word(arena, rows, "0.name"), "adduser");
	CHECK_STRING(word(arena, rows, "0.automatic"), "1");
	CHECK_STRING(word(arena, rows, "0.summary"), "");
	CHECK_STRING(word(arena, rows, "1.automatic"), "");
	CHECK_STRING(word(arena, rows, "1.locked"), "1");
	CHECK_STRING(word(arena, rows, "1.kilobytes"), "2480");
	CHECK_STRING(word(arena, rows, "1.summary"), "shell with lots of features");
	CHECK_STRING(word(arena, rows, "1.description"), "shell with lots of features\nZsh is a shell.\n\nIt has features.");
	CHECK(packages_find(rows, "zsh") && !packages_find(rows, "gone") && !packages_find(rows, ""));
}

TEST(a_list_may_end_anywhere)
{
	for (size_t i = 0; i <= strlen(status); i++) {
		scoped_arena arena = arena_new();

		CHECK(value_count(packages_installed(arena, text_first(text_of(status), i), TEXT("Auto-Installed: 1\n"))) <= 2);
	}
}

TEST(what_would_be_changed_is_told_with_both_versions)
{
	scoped_arena  arena = arena_new();
	struct value *rows = packages_changes(
		arena, TEXT("Reading package lists...\n"
			    "Inst bash [5.2.15-2+b8] (5.2.15-2+b13 Debian:12.15/oldstable [amd64])\n"
			    "Inst libx [1] (1:2~a Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64]) []\n"
			    "Inst fresh (2.0 Debian:12.15/oldstable [all])\n"
			    "Remv jq [1.6-2]\nConf bash (x)\nInst\nInst \nInst y\nInst y [\nInst y (\nRemv \n"));

	CHECK_NUMBER(value_count(rows), 5);
	CHECK_STRING(word(arena, rows, "0.old"), "5.2.15-2+b8");
	CHECK_STRING(word(arena, rows, "0.new"), "5.2.15-2+b13");
	CHECK_STRING(word(arena, rows, "0.repository"), "Debian:12.15/oldstable");
	CHECK_STRING(word(arena, rows, "0.reason"), "upgrade");
	CHECK_STRING(word(arena, rows, "1.repository"), "Debian:12.15/oldstable, Debian-Security:12/oldstable-security");
	CHECK_STRING(word(arena, rows, "2.reason"), "new");
	CHECK_STRING(word(arena, rows, "3.reason"), "remove");
	CHECK_STRING(word(arena, rows, "3.old"), "1.6-2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(installed_packages_are_told_by_name),
		cmocka_unit_test(a_list_may_end_anywhere),
		cmocka_unit_test(what_would_be_changed_is_told_with_both_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
