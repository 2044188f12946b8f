/* diagnostics/command_prompt: refused unless the administrator's own file allows it, and then bounded. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "box.h"
#include "test.h"

#define PROMPT   "/api/v1/diagnostics/command_prompt"
#define SAID_MAX (1024 * 1024)
#define GREP     "/usr/bin/grep"

/* Where a file of options allows commands of 2 seconds; what is applied nowhere needs no root. */
static struct instance *
allowing(const char *where)
{
	struct instance *instance = instance_new("--plain", "--apply", where, "--config", NULL);
	const char      *path = arena_print(instance->arena, "%s/options", instance->folder);
	FILE            *file = fopen(path, "we");
	size_t           end = 0;

	CHECK(file && fputs("allow-commands = 2\n", file) >= 0 && fclose(file) == 0);
	while (instance->arguments[end])
		end++;
	instance->arguments[end] = path;
	return instance;
}

/* The envelope; its status, which is its "code", too. */
static struct value *
run(const struct box *box, const char *line, long status, int code)
{
	const struct answer said = ask(box->client, box->arena, "POST", PROMPT, arena_print(box->arena, "{\"shell_cmd\": \"%s\"}", line));

	if (said.status != status || strcmp(at(box->arena, said.json, "return"), arena_print(box->arena, "%d", code)) != 0)
		fail_msg("%s: %ld: %.*s", line, said.status, (int)(said.body.len < 500 ? said.body.len : 500), said.body.ptr);
	return value_get(said.json, "data");
}

static const char *
output(const struct box *box, const char *line)
{
	return at(box->arena, run(box, line, 200, 0), "cmd_output");
}

/* Does any process here have this word in its command line? */
static bool
runs(const char *word)
{
	DIR           *folder = opendir("/proc");
	struct dirent *entry;
	bool           found = false;

	CHECK(folder);
	while (!found && (entry = readdir(folder))) {
		char path[300], line[4096];

		snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
		scoped_fd     fd = entry->d_name[0] > '0' && entry->d_name[0] <= '9' ? open(path, O_RDONLY | O_CLOEXEC) : -1;
		const ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof(line));

		found = n > 0 && memmem(line, (size_t)n, word, strlen(word));
	}
	closedir(folder);
	return found;
}

/* It was told to end before the answer, but may take a moment. */
static bool
ends(const char *word)
{
	const int64_t deadline = milliseconds() + 10000;

	while (runs(word)) {
		if (milliseconds() > deadline)
			return false;
		wait_a_little(10);
	}
	return true;
}

static struct box *
allowed(void)
{
	struct instance *instance = allowing("sandbox");

	instance_start(instance);
	return box_of(instance);
}

static void
check_refused(struct instance *instance, const char *says)
{
	struct box  box = { .arena = arena_new(), .instance = instance };
	const char *mark = arena_print(box.arena, "%s/mark", instance->folder);

	instance_start(instance);
	box.client = client_new(instance);
	struct answer said =
		ask(box.client, box.arena, "POST", PROMPT, arena_print(box.arena, "{\"shell_cmd\": \"touch %s\"}", mark));

	CHECK_NUMBER(said.status, 500);
	CHECK_STRING(at(box.arena, said.json, "return"), "1");
	CHECK_STRING(at(box.arena, said.json, "message"), says);
	CHECK(access(mark, F_OK) != 0);
	run(&box, "", 400, 7000);
	client_free(box.client);
	instance_free(instance);
	arena_free(box.arena);
}

TEST(no_command_runs_unless_the_administrators_file_says_so)
{
	check_refused(instance_new("--plain", "--apply", "none", NULL), "commands are not allowed on this box");
	check_refused(allowing("none"), "this box is simulated: there is nothing to run commands on");
}

TEST(a_command_runs_on_the_box_and_its_lines_come_back)
{
	struct box *box = allowed();

	CHECK_STRING(output(box, "echo 'test'"), "test");
	CHECK_STRING(output(box, "printf 'a  \\\\nb\\\\t\\\\n\\\\nc'; echo d >&2; exit 3"), "a\nb\n\ncd");
	CHECK_STRING(output(box, "true"), "");
	CHECK_STRING(output(box, "printf '\\\\377x'"), "\xef\xbf\xbdx");
	/* Of the sandbox, as root, with nothing of ours. */
	CHECK_STRING(output(box, GREP " -c em[0-3]: /proc/net/dev; id -u"), "4\n0");
	CHECK_STRING(output(box, "env | " GREP " -v '^\\\\(PATH\\\\|PWD\\\\|OLDPWD\\\\|SHLVL\\\\|_\\\\)='"), "");
	CHECK_STRING(output(box, "ls /proc/self/fd | wc -l"), "4");
	/* One word of argv, whatever is in it. */
	CHECK_STRING(output(box, "echo \\\"$0 $#\\\""), "/bin/sh 0");
	run(box, "echo a\\u0000b", 400, 7000);
	CHECK_STRING(output(box, arena_print(box->arena, "echo a %*s", 16384 - 7, "")), "a");
	run(box, arena_print(box->arena, "echo a %*s", 16384 - 6, ""), 500, 1);
	/* What it leaves behind ends with it. */
	CHECK_STRING(output(box, "sleep 97531 & echo done"), "done");
	CHECK(ends("97531"));
	box_free(box);
}

TEST(a_command_has_its_time_and_no_more)
{
	struct box         *box = allowed();
	const int64_t       began = milliseconds();
	const struct value *data = run(box, "echo first; sleep 97532 & sleep 97532", 500, 1);

	CHECK(milliseconds() - began >= 2000);
	CHECK_STRING(at(box->arena, data, "cmd_output"), "first");
	CHECK(ends("97532"));
	CHECK_STRING(output(box, "echo on"), "on");
	box_free(box);
}

TEST(a_command_says_so_much_and_no_more)
{
	struct box         *box = allowed();
	const struct value *data = run(box, "yes 123456789012345", 500, 1);

	CHECK_NUMBER(value_get(data, "cmd_output")->text.len, SAID_MAX - 1); /* the last line's end is not shown */
	CHECK_NUMBER(strlen(output(box, "head -c 1048575 /dev/zero | tr '\\\\0' x")), SAID_MAX - 1);
	CHECK(ends("123456789012345"));
	box_free(box);
}

int
main(int argc, char *argv[])
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_command_runs_unless_the_administrators_file_says_so),
		cmocka_unit_test(a_command_runs_on_the_box_and_its_lines_come_back),
		cmocka_unit_test(a_command_has_its_time_and_no_more),
		cmocka_unit_test(a_command_says_so_much_and_no_more),
	};

	instance_programs(argc, argv);
	box_need("/bin/sh", GREP, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
