/* Configurations for planners, without a store, and their files for daemons' own checkers. */
#include "planned.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "model/registry.h"
#include "test.h"

const char *const hostile_texts[] = {
	"a\nallow all", "a\r\nb", "a b", " ", "\t", "-x", "--", "$(id)", "`id`", "a;b", "a|b", "a&b", "a\"b", "a'b", "a\\", "\\",
	"a#b", "#", "a{b", "}", "%s%n", "%", "../../etc/passwd", "/etc/shadow", "a:b:c", ":", "a,b", "@", "*", "\x01", "\x7f",
	"\xc3\xa4", "\xff", "a\x0b" "b", NULL,
};

struct planned *
planned_new(void)
{
	struct planned *planned = calloc(1, sizeof(*planned));

	BUG_IF(!planned, "out of memory");
	planned->arena = arena_new();
	planned->snapshot = snapshot_new(schema_new(registry, registry_count));
	return planned;
}

void
planned_free(struct planned *planned)
{
	struct schema *schema = (struct schema *)(uintptr_t)snapshot_schema(planned->snapshot);

	snapshot_release(planned->snapshot);
	schema_free(schema);
	buffer_clear(&planned->missing);
	arena_free(planned->arena);
	free(planned);
}

void
planned_put(struct planned *planned, const char *resource, const char *uuid, ...)
{
	const struct resource *found = schema_named(snapshot_schema(planned->snapshot), resource);
	const struct collection *all = snapshot_collection(planned->snapshot, found);
	const struct record     *present = found->shape == SINGLETON ? snapshot_single(planned->snapshot, resource)
					   : uuid                    ? collection_find(all, text_of(uuid))
								     : NULL;
	struct record           *record = present ? record_copy(planned->arena, present) : record_make(planned->arena, found);
	const char              *field;
	va_list                  args;

	if (!record->uuid[0])
		snprintf(record->uuid, sizeof(record->uuid), "%s",
			 uuid ? uuid : arena_print(planned->arena, "00000000-0000-4000-8000-%012zu", collection_count(all)));
	if (!present)
		record->place = (int64_t)collection_count(all);
	va_start(args, uuid);
	while ((field = va_arg(args, const char *)))
		record_set(record, field, va_arg(args, const char *));
	va_end(args);
	const struct record *sealed = record_seal(record);

	snapshot_put(planned->snapshot, sealed);
	record_release(sealed);
}

void
planned_read(struct planned *planned, const char *program)
{
	const struct service_view view = {
		.arena = planned->arena, .snapshot = planned->snapshot, .is_alone = planned->is_alone,
		.kernel_has_esp = planned->kernel_has_esp, .allows_commands = planned->allows_commands,
	};

	buffer_clear(&planned->missing);
	services_read(&view, 0, program, &planned->services, &planned->missing);
}

static const struct service_plan *
find(const struct planned *planned, const char *service)
{
	for (size_t i = 0; i < planned->services.n; i++)
		if (strcmp(planned->services.plans[i].name, service) == 0)
			return &planned->services.plans[i];
	return NULL;
}

const char *
planned_file(const struct planned *planned, const char *service, const char *file)
{
	const struct service_plan *plan = find(planned, service);

	for (size_t i = 0; plan && i < plan->nfiles; i++)
		if (strcmp(plan->files[i].name, file) == 0)
			return plan->files[i].content.ptr;
	return "";
}

/* --- Checkers ---------------------------------------------------------------------------------------- */

static void
write_files(const struct planned *planned, const char *service, const char *directory)
{
	const struct service_plan *plan = find(planned, service);

	for (size_t i = 0; plan && i < plan->nfiles; i++) {
		const char *path = arena_print(planned->arena, "%s/%s", directory, plan->files[i].name);
		char       *slash = strrchr(path, '/');

		mkdir(arena_copy(planned->arena, (struct text){ path, (size_t)(slash - path) }), 0755);
		scoped_fd fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		CHECK(fd >= 0);
		CHECK_NUMBER(write(fd, plan->files[i].content.ptr, plan->files[i].content.len), plan->files[i].content.len);
	}
}

static void
remove_files(const struct planned *planned, const char *service, const char *directory)
{
	const struct service_plan *plan = find(planned, service);

	for (int round = 0; round < 2; round++)
		for (size_t i = 0; plan && i < plan->nfiles; i++) {
			const char *path = arena_print(planned->arena, "%s/%s", directory, plan->files[i].name);
			char       *slash = strrchr(path, '/');

			if (round == 0)
				unlink(path);
			else
				rmdir(arena_copy(planned->arena, (struct text){ path, (size_t)(slash - path) }));
		}
	rmdir(directory);
}

static void
need(const char *program)
{
	if (access(program, X_OK) == 0)
		return;
	fprintf(stderr, "SKIPPED: this test needs %s\n", program);
	exit(77);
}

int
planned_run(const char *const *words, struct buffer *said)
{
	int     ends[2], status = 0;
	char    bytes[4096];
	ssize_t n;

	need(words[0]);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	const pid_t pid = fork();

	if (pid == 0) {
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		execv(words[0], (char *const *)(uintptr_t)words);
		_exit(127);
	}
	close(ends[1]);
	while ((n = read(ends[0], bytes, sizeof(bytes))) > 0)
		buffer_add(said, (struct text){ bytes, (size_t)n });
	close(ends[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
planned_check(struct planned *planned, const char *service, const char *const *checker, struct buffer *said)
{
	char        directory[] = "/tmp/planned.XXXXXX";
	const char *words[24] = { NULL };
	int         status;

	need(checker[0]);
	assert_non_null(mkdtemp(directory));
	for (size_t i = 0; checker[i] && i + 1 < COUNT(words); i++) {
		const char *at = strstr(checker[i], "%s");

		words[i] = at ? arena_print(planned->arena, "%.*s%s%s", (int)(at - checker[i]), checker[i], directory, at + 2)
			      : checker[i];
	}
	write_files(planned, service, directory);
	status = planned_run(words, said);
	remove_files(planned, service, directory);
	return status;
}

bool
lines_begin_with(const char *text, const char *const *words)
{
	struct text rest = text_of(text), line;

	while (text_next(&rest, "\n", &line)) {
		bool is_known = line.len == 0 || line.ptr[0] == '#';

		for (size_t i = 0; words[i] && !is_known; i++)
			is_known = text_starts(line, text_of(words[i]));
		if (!is_known) {
			print_error("line: %.*s\n", TEXT_ARGS(line));
			return false;
		}
	}
	return true;
}
