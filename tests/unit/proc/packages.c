/* Jobs on packages: what is begun, what is refused, and how a job ends. Nothing is changed: what would be is unknown. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "proc/package/jobs.h"
#include "proc/package/orders.h"

#define NO_SUCH "drawbridge-no-such-package"

struct bench {
	struct loop     *loop;
	struct children  children;
	struct packages *packages;
	struct watch     signals;
	struct timer     look;
	bool             of_check;
};

static void
hear_signal(void *self)
{
	struct bench            *bench = self;
	struct signalfd_siginfo  about;

	while (read(bench->signals.fd, &about, sizeof(about)) > 0)
		;
	children_reap(&bench->children);
}

static void
look(void *self)
{
	struct bench *bench = self;

	if (packages_status(bench->packages, false).state == PACKAGE_RUNNING)
		loop_start(bench->loop, &bench->look, 20);
	else
		loop_end(bench->loop);
}

static void
set_up(struct bench *bench, bool may_change)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	*bench = (struct bench){ .loop = loop_new() };
	bench->packages = packages_new(bench->loop, &bench->children, may_change);
	bench->signals = (struct watch){ signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC), hear_signal, bench };
	bench->look = (struct timer){ .due = look, .self = bench };
	loop_watch(bench->loop, &bench->signals);
}

static void
tear_down(struct bench *bench)
{
	loop_unwatch(bench->loop, &bench->signals);
	close(bench->signals.fd);
	packages_free(bench->packages);
	loop_free(bench->loop);
}

static enum result
start(struct bench *bench, enum package_action action, const char *name)
{
	scoped_buffer message = BUFFER_NONE;

	return packages_start(bench->packages, action, text_of(name), &message);
}

static struct package_status
run(struct bench *bench, enum package_action action, const char *name)
{
	CHECK_NUMBER(start(bench, action, name), RESULT_DONE);
	loop_start(bench->loop, &bench->look, 1);
	loop_run(bench->loop);
	return packages_status(bench->packages, false);
}

TEST(names_are_debians_and_nothing_else)
{
	static const char *const good[] = { "g++", "libstdc++6", "0ad", "a.b-c", "python3.11" };
	static const char *const bad[] = { "", "a", "-o", "--force", "Bash", "a b", "a/b", "a=1", "a:amd64", "a*", "a\n", "a;b", "ä",
					   "+x", ".x", "$(x)" };
	char long_name[PACKAGE_NAME_MAX + 2];

	for (size_t i = 0; i < COUNT(good); i++)
		CHECK(package_name_is_valid(text_of(good[i])));
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(!package_name_is_valid(text_of(bad[i])));
	memset(long_name, 'a', sizeof(long_name));
	CHECK(package_name_is_valid((struct text){ long_name, PACKAGE_NAME_MAX }));
	CHECK(!package_name_is_valid((struct text){ long_name, PACKAGE_NAME_MAX + 1 }));
	CHECK(!package_name_is_valid((struct text){ "ab\0c", 4 }));
}

TEST(packages_that_are_not_ours_are_not_changed)
{
	static const enum package_action changing[] = { PACKAGE_INSTALL, PACKAGE_REINSTALL, PACKAGE_REMOVE, PACKAGE_LOCK,
							PACKAGE_UNLOCK };
	struct bench bench;

	set_up(&bench, false);
	for (size_t i = 0; i < COUNT(changing); i++) {
		CHECK_NUMBER(start(&bench, changing[i], NO_SUCH), RESULT_UNAVAILABLE);
		CHECK_NUMBER(start(&bench, changing[i], ""), RESULT_INVALID);
		CHECK_NUMBER(start(&bench, changing[i], "-o"), RESULT_INVALID);
	}
	CHECK_NUMBER(start(&bench, PACKAGE_UPDATE, ""), RESULT_UNAVAILABLE);
	CHECK_NUMBER(start(&bench, PACKAGE_UPGRADE, ""), RESULT_UNAVAILABLE);
	CHECK_NUMBER(start(&bench, PACKAGE_CLEANUP, ""), RESULT_UNAVAILABLE);
	CHECK_NUMBER(start(&bench, PACKAGE_CONNECTION, ""), RESULT_UNAVAILABLE);
	CHECK_NUMBER(start(&bench, PACKAGE_AUDIT, NO_SUCH), RESULT_INVALID);
	CHECK_NUMBER(packages_status(bench.packages, false).state, PACKAGE_NEVER);
	tear_down(&bench);
}

/* The first step of each looks for the package, and there it ends. */
TEST(what_is_not_there_is_neither_removed_nor_held)
{
	static const enum package_action actions[] = { PACKAGE_REMOVE, PACKAGE_REINSTALL, PACKAGE_LOCK, PACKAGE_UNLOCK };
	struct bench bench;

	set_up(&bench, true);
	for (size_t i = 0; i < COUNT(actions); i++) {
		const struct package_status status = run(&bench, actions[i], NO_SUCH);

		CHECK_NUMBER(status.state, PACKAGE_FAILED);
		CHECK(text_starts(status.log, TEXT("***GOT REQUEST TO ")) && text_ends(status.log, TEXT("***DONE***\n")));
	}
	CHECK_NUMBER(packages_status(bench.packages, true).state, PACKAGE_NEVER);
	tear_down(&bench);
}

TEST(a_check_of_others_packages_reads_the_lists_that_are_here)
{
	struct bench bench;

	set_up(&bench, false);
	CHECK_NUMBER(start(&bench, PACKAGE_CHECK, ""), RESULT_DONE);
	CHECK_NUMBER(start(&bench, PACKAGE_AUDIT, ""), RESULT_CONFLICT);
	CHECK_NUMBER(packages_status(bench.packages, false).state, PACKAGE_RUNNING);
	CHECK_NUMBER(packages_status(bench.packages, true).state, PACKAGE_NEVER);
	packages_forget_log(bench.packages);
	loop_start(bench.loop, &bench.look, 1);
	loop_run(bench.loop);
	const struct package_status status = packages_status(bench.packages, true);

	CHECK_NUMBER(status.state, PACKAGE_DONE);
	CHECK(text_starts(status.log, TEXT("***GOT REQUEST TO CHECK***\nThe lists are those")));
	CHECK(text_contains(status.log, TEXT("newly installed")));
	packages_forget_log(bench.packages);
	CHECK_NUMBER(packages_status(bench.packages, false).log.len, 0);
	CHECK(packages_status(bench.packages, true).log.len > 0);
	tear_down(&bench);
}

/* --- orders ------------------------------------------------------------------------------------------- */

static bool
obey(bool (*handler)(struct post *, struct reader *, struct answer *), struct post *post, const struct writer *body,
     struct answer *out)
{
	struct reader in = reader_of(writer_text(body));

	out->result = RESULT_DONE;
	writer_init(&out->body);
	return handler(post, &in, out);
}

TEST(files_are_those_of_the_table)
{
	struct post   post = { .apply = APPLY_NONE };
	struct answer out;
	struct writer body;
	const struct {
		uint32_t    file;
		const char *name;
		bool        is_good;
	} asked[] = {
		{ PACKAGE_FILE_INSTALLED, "", true },      { PACKAGE_FILE_INSTALLED, "bash", false },
		{ PACKAGE_FILE_COPYRIGHT, "", false },     { PACKAGE_FILE_COPYRIGHT, "../../etc", false },
		{ PACKAGE_FILE_COPYRIGHT, "..", false },   { PACKAGE_FILE_COPYRIGHT, NO_SUCH, true },
		{ PACKAGE_FILE_COPYRIGHT, "dpkg", true },  { PACKAGE_FILES, "", false },
	};

	for (size_t i = 0; i < COUNT(asked); i++) {
		writer_init(&body);
		put_u32(&body, asked[i].file);
		put_string(&body, asked[i].name);
		CHECK(obey(show_package_file, &post, &body, &out) == asked[i].is_good);
		if (strcmp(asked[i].name, NO_SUCH) == 0)
			CHECK_NUMBER(out.result, RESULT_MISSING);
		writer_clear(&out.body);
	}
}

/* Nowhere is nothing turned off; in a sandbox, or a network of the machine, it is refused. */
TEST(the_machine_is_turned_off_by_its_owner_alone)
{
	const enum apply_mode modes[] = { APPLY_NONE, APPLY_SANDBOX, APPLY_HOST };

	for (size_t i = 0; i < COUNT(modes); i++)
		for (int off = 0; off < 2; off++) {
			struct post   post = { .apply = modes[i], .owns_machine = false };
			struct answer out;
			struct writer body;

			writer_init(&body);
			put_bool(&body, off);
			CHECK(obey(turn_machine, &post, &body, &out));
			CHECK_NUMBER(out.result, modes[i] == APPLY_NONE ? RESULT_DONE : RESULT_UNAVAILABLE);
			writer_clear(&out.body);
		}
}

int
main(void)
{
	static const char *const needed[] = { "/usr/bin/dpkg-query", "/usr/bin/apt-get" };
	const struct CMUnitTest  tests[] = {
		cmocka_unit_test(names_are_debians_and_nothing_else),
		cmocka_unit_test(packages_that_are_not_ours_are_not_changed),
		cmocka_unit_test(what_is_not_there_is_neither_removed_nor_held),
		cmocka_unit_test(a_check_of_others_packages_reads_the_lists_that_are_here),
		cmocka_unit_test(files_are_those_of_the_table),
		cmocka_unit_test(the_machine_is_turned_off_by_its_owner_alone),
	};

	for (size_t i = 0; i < COUNT(needed); i++)
		if (access(needed[i], X_OK) != 0) {
			print_message("SKIP: %s is missing\n", needed[i]);
			return 77;
		}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
