/* Accounts of the machine, written into a directory of their own. */
#include "backend/access/accounts.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test.h"

#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGrwf0P1Z8Xz9X0b9bJx1m5b8ZyW2p2o7Qw1m0l9C0aQ here\n"

static char          etc_path[] = "/tmp/drawbridge-accounts-XXXXXX", homes[64];
static int           etc;
static struct buffer message;

static const char others[] = "root:x:0:0:root:/root:/bin/bash\n"
			     "# a comment\n"
			     "\n"
			     "odd\n"
			     "bob:x:3000:3000:Bob,,,:/home/bob:/bin/sh\n"
			     "sly:x:3001:100:Sly,,,drawbridge:/home/sly:/bin/sh\n"
			     "+::::::\n";

static void
put(const char *name, const char *content)
{
	scoped_fd fd = openat(etc, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

	CHECK(write(fd, content, strlen(content)) == (ssize_t)strlen(content));
}

static const char *
have(const char *name)
{
	static char bytes[8192];
	scoped_fd   fd = openat(etc, name, O_RDONLY | O_CLOEXEC);
	ssize_t     n = fd < 0 ? 0 : read(fd, bytes, sizeof(bytes) - 1);

	bytes[n > 0 ? n : 0] = '\0';
	return fd < 0 ? "none" : bytes;
}

static void
begin(void)
{
	put("passwd", others);
	put("shadow", "root:*:1:0:99999:7:::\nbob:secret:1::::::\n");
	put("group", "root:x:0:\nsudo:x:27:bob\n");
	put("gshadow", "root:*::\nsudo:*::bob\n");
	buffer_cut(&message, 0);
}

static enum result
write_accounts(const struct account *accounts, size_t n, const struct account_group *groups, size_t ngroups)
{
	const struct accounts all = { accounts, n, groups, ngroups };

	return accounts_write(etc, &all, homes, &message);
}

static const struct account alice = { "alice", 2000, 0, "Alice", 0, "$2b$10$x", KEY };

TEST(ours_come_and_go_and_others_stay_as_they_are)
{
	const char *const          members[] = { "alice" };
	const struct account_group shift = { "shift", 2000, members, 1 };
	struct stat                about;

	begin();
	CHECK_NUMBER(write_accounts(&alice, 1, &shift, 1), RESULT_DONE);
	CHECK(strncmp(have("passwd"), others, strlen(others)) == 0);
	CHECK(strstr(have("passwd"), "\nalice:x:2000:100:Alice,,,,drawbridge:/tmp/drawbridge-accounts-") != NULL);
	CHECK(strstr(have("shadow"), "bob:secret:1::::::\nalice:$2b$10$x:::::::\n") != NULL);
	CHECK(strstr(have("group"), "\nshift:x:2000:alice\n") != NULL);
	CHECK(strstr(have("gshadow"), "\nshift:!drawbridge::alice\n") != NULL);
	CHECK_STRING(have("ssh/drawbridge-keys/alice"), KEY);
	CHECK(fstatat(etc, "passwd", &about, 0) == 0 && (about.st_mode & 07777) == 0640);
	CHECK(fstatat(etc, "homes/alice", &about, 0) == 0 && about.st_uid == 2000 && (about.st_mode & 07777) == 0700);
	CHECK_NUMBER(write_accounts(NULL, 0, NULL, 0), RESULT_DONE);
	CHECK_STRING(have("passwd"), others);
	CHECK_STRING(have("shadow"), "root:*:1:0:99999:7:::\nbob:secret:1::::::\n");
	CHECK_STRING(have("group"), "root:x:0:\nsudo:x:27:bob\n");
	CHECK_STRING(have("gshadow"), "root:*::\nsudo:*::bob\n");
	CHECK_STRING(have("ssh/drawbridge-keys/alice"), "none");
	CHECK(fstatat(etc, "homes/alice", &about, 0) == 0);
}

/* Name or number: who was there first keeps it, and what is written of others is written all the same. */
TEST(what_the_machine_has_is_not_taken)
{
	struct account             all[] = { alice, alice, alice, alice };
	const char *const          members[] = { "alice" };
	const struct account_group groups[] = { { "sudo", 2700, members, 1 }, { "night", 2701, members, 1 } };

	all[1].name = "root", all[1].id = 2001;
	all[2].name = "carol", all[2].id = 3000;
	all[3].name = "sly", all[3].id = 2003;
	begin();
	CHECK_NUMBER(write_accounts(all, 4, groups, 2), RESULT_REFUSED);
	CHECK(text_contains(buffer_text(&message), TEXT("account root: ")) && text_contains(buffer_text(&message), TEXT("account carol: ")));
	CHECK(text_contains(buffer_text(&message), TEXT("account sly: ")) && text_contains(buffer_text(&message), TEXT("group sudo: ")));
	CHECK(strncmp(have("passwd"), others, strlen(others)) == 0);
	CHECK(strstr(have("passwd"), "carol") == NULL && strstr(have("shadow"), "sly") == NULL);
	CHECK(strstr(have("shadow"), "\nalice:") != NULL);
	CHECK(strstr(have("group"), "sudo:x:27:bob\nnight:x:2701:alice\n") != NULL);
	CHECK_STRING(have("ssh/drawbridge-keys/root"), "none");
}

/* chfn lets people change all of their title but the last part. */
TEST(one_that_changed_its_title_is_ours_still)
{
	begin();
	CHECK_NUMBER(write_accounts(&alice, 1, NULL, 0), RESULT_DONE);
	put("passwd", "root:x:0:0:root:/root:/bin/bash\nalice:x:2000:100:Eve,room,1,2,drawbridge:/home/alice:/bin/bash\n");
	CHECK_NUMBER(write_accounts(NULL, 0, NULL, 0), RESULT_DONE);
	CHECK_STRING(have("passwd"), "root:x:0:0:root:/root:/bin/bash\n");
	CHECK(strstr(have("shadow"), "alice") == NULL);
}

TEST(nothing_is_written_while_somebody_else_writes)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int          ends[2];
	char         byte;

	begin();
	CHECK(pipe(ends) == 0);
	const pid_t pid = fork();

	if (pid == 0) {
		const int fd = openat(etc, ".pwd.lock", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

		if (fcntl(fd, F_SETLK, &whole) != 0 || write(ends[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	CHECK(read(ends[0], &byte, 1) == 1);
	CHECK_NUMBER(write_accounts(&alice, 1, NULL, 0), RESULT_FAILED);
	CHECK_STRING(have("passwd"), others);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(ends[0]);
	close(ends[1]);
	buffer_cut(&message, 0);
	CHECK_NUMBER(write_accounts(&alice, 1, NULL, 0), RESULT_DONE);
}

/* A link in the place of a home would give away what it points to. */
TEST(a_home_that_is_somebody_elses_is_left_alone)
{
	struct account evil = alice;
	struct stat    before, after;

	evil.name = "evil", evil.id = 2100;
	begin();
	CHECK(symlinkat("..", etc, "homes/evil") == 0 && fstatat(etc, ".", &before, 0) == 0);
	CHECK_NUMBER(write_accounts(&evil, 1, NULL, 0), RESULT_REFUSED);
	CHECK(fstatat(etc, ".", &after, 0) == 0 && before.st_uid == after.st_uid);
}

static int
end(void **state)
{
	(void)state;
	CHECK(unlinkat(etc, "homes/evil", 0) == 0 && unlinkat(etc, "homes/alice", AT_REMOVEDIR) == 0);
	CHECK(unlinkat(etc, "homes", AT_REMOVEDIR) == 0);
	for (const char *const *name = (const char *const[]){ "passwd", "shadow", "group", "gshadow", ".pwd.lock",
							      "ssh/drawbridge-keys/alice", "ssh/drawbridge-keys/evil", NULL };
	     *name; name++)
		unlinkat(etc, *name, 0);
	unlinkat(etc, "ssh/drawbridge-keys", AT_REMOVEDIR);
	unlinkat(etc, "ssh", AT_REMOVEDIR);
	CHECK(rmdir(etc_path) == 0);
	buffer_clear(&message);
	close(etc);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_come_and_go_and_others_stay_as_they_are), cmocka_unit_test(what_the_machine_has_is_not_taken),
		cmocka_unit_test(one_that_changed_its_title_is_ours_still), cmocka_unit_test(nothing_is_written_while_somebody_else_writes),
		cmocka_unit_test(a_home_that_is_somebody_elses_is_left_alone),
	};

	if (geteuid() != 0) {
		fprintf(stderr, "SKIPPED: this test gives files to others (run as root)\n");
		return 77;
	}
	etc = open(mkdtemp(etc_path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(etc >= 0 && mkdirat(etc, "homes", 0755) == 0);
	snprintf(homes, sizeof(homes), "%s/homes", etc_path);
	return cmocka_run_group_tests(tests, NULL, end);
}
