/* Who OpenVPN is told may come in: only who is on the list, with the right password, in time, and with their own certificate. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "auth/secret.h"
#include "base/cleanup.h"
#include "test.h"

static const char *program;
static char        folder[] = "/tmp/drawbridge-login.XXXXXX";

static const char *
keep(struct arena *arena, const char *name, const char *text)
{
	const char *path = arena_print(arena, "%s/%s", folder, name);
	scoped_fd   fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	return path;
}

/* Its exit status; the common name is that of the certificate. */
static int
run(const char *common_name, const char *const *words)
{
	const char *argv[8] = { program };
	int         status = 0;
	const pid_t pid = fork();

	for (size_t i = 0; words[i] && i < 6; i++)
		argv[i + 1] = words[i];
	if (pid == 0) {
		if (!common_name || setenv("common_name", common_name, 1) != 0)
			unsetenv("common_name");
		if (!freopen("/dev/null", "w", stderr))
			_exit(99);
		execv(program, (char **)(uintptr_t)argv);
		_exit(98);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}
#define RUN_WITH(common_name, ...) run((common_name), (const char *const[]){ __VA_ARGS__, NULL })

static int
ask(const char *users, const char *how, const char *said, const char *common_name)
{
	scoped_arena arena = arena_new();

	return RUN_WITH(common_name, "users", keep(arena, "users", users), how, keep(arena, "said", said));
}

TEST(only_who_is_listed_with_the_right_password_comes_in)
{
	scoped_arena arena = arena_new();
	const char  *right = password_hash(arena, "it's a secret"), *other = secret_hash(arena, "other");
	const char  *users = arena_print(arena, "0 %s carol smith\n0 %s dan\n1 %s eve\n40000 %s fay\n0  gus\n0 * hal\nx %s ian\n", right,
					 other, right, right, right);
	const char *long_one = arena_print(arena, "dan\n%0600d\n", 0);

	CHECK_NUMBER(ask(users, "free", "carol smith\nit's a secret\n", NULL), 0);
	CHECK_NUMBER(ask(users, "free", "dan\nother\n", NULL), 0);
	CHECK_NUMBER(ask(users, "free", "fay\nit's a secret", NULL), 0);
	static const char *const refused[] = {
		"carol smith\nit's a secre\n", "carol smith\nit's a secret \n", "carol smith\n\n", "carol smith\n", "carol\nit's a secret\n",
		"smith\nit's a secret\n", "", "\n\n", "\nit's a secret\n", "dan\nit's a secret\n", "eve\nit's a secret\n", "gus\n\n", "hal\n*\n",
		"hal\n\n", "ian\nit's a secret\n", "0 x carol smith\nit's a secret\n", "nobody\nit's a secret\n", "carol smith\n*0\n",
	};

	for (size_t i = 0; i < COUNT(refused); i++)
		if (ask(users, "free", refused[i], NULL) != 1)
			fail_msg("%s comes in", refused[i]);
	CHECK_NUMBER(ask(users, "free", long_one, NULL), 1);
	CHECK_NUMBER(ask("", "free", "dan\nother\n", NULL), 1);
	CHECK_NUMBER(RUN_WITH(NULL, "users", "/nonexistent", "free", keep(arena, "said", "dan\nother\n")), 1);
	CHECK_NUMBER(RUN_WITH(NULL, "users", keep(arena, "users", users), "free", "/nonexistent"), 1);
}

TEST(a_name_may_have_to_be_that_of_the_certificate)
{
	scoped_arena arena = arena_new();
	const char  *users = arena_print(arena, "0 %s carol\n", secret_hash(arena, "x"));

	CHECK_NUMBER(ask(users, "exact", "carol\nx\n", "carol"), 0);
	CHECK_NUMBER(ask(users, "exact", "carol\nx\n", "Carol"), 1);
	CHECK_NUMBER(ask(users, "exact", "carol\nx\n", "dan"), 1);
	CHECK_NUMBER(ask(users, "exact", "carol\nx\n", NULL), 1);
	CHECK_NUMBER(ask(users, "any-case", "carol\nx\n", "CAROL"), 0);
	CHECK_NUMBER(ask(users, "any-case", "carol\nx\n", "CAROLINE"), 1);
	CHECK_NUMBER(ask(users, "free", "carol\nx\n", "dan"), 0);
	CHECK_NUMBER(ask(users, "", "carol\nx\n", "dan"), 1);
}

TEST(a_chain_may_be_so_long_and_no_longer)
{
	CHECK_NUMBER(RUN_WITH(NULL, "depth", "1", "0", "CN=a"), 0);
	CHECK_NUMBER(RUN_WITH(NULL, "depth", "1", "1", "CN=a"), 0);
	CHECK_NUMBER(RUN_WITH(NULL, "depth", "1", "2", "CN=a"), 1);
	CHECK_NUMBER(RUN_WITH(NULL, "depth", "1", "-1", "CN=a"), 1);
	CHECK_NUMBER(RUN_WITH(NULL, "depth", "x", "0", "CN=a"), 1);
	CHECK_NUMBER(RUN_WITH(NULL, "depth", "1", "0"), 1);
	CHECK_NUMBER(RUN_WITH(NULL, "users"), 1);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(only_who_is_listed_with_the_right_password_comes_in),
					    cmocka_unit_test(a_name_may_have_to_be_that_of_the_certificate),
					    cmocka_unit_test(a_chain_may_be_so_long_and_no_longer) };
	int failed = 1;

	if (argc < 2 || !mkdtemp(folder))
		return failed;
	program = argv[1];
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	if (chdir(folder) == 0) {
		unlink("users");
		unlink("said");
	}
	rmdir(folder);
	return failed;
}
