/*
 * Packages are Debian's, each called as pfSense calls its own: "pfSense-pkg-nmap" is nmap. They are changed by the machine's
 * package manager, as the OPNsense dialect's core/firmware does it; there it goes on in the background, here it is waited for.
 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/packages.h"
#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/actions/ask.h"
#include "dialect/pfsense/coerce.h"

#define PREFIX       "pfSense-pkg-"
#define JOB_SECONDS  170 /* clients wait no longer than 180 (behaviour §1) */
#define JOB_POLL     200000 /* µs */
#define UNKNOWN      "There is no such package." /* what the job's log says then */

enum { CODE_FAILED = 1, CODE_NO_REPOSITORY = 13, CODE_NOT_FOUND = 1075, CODE_INSTALLED = 1076, CODE_NOT_INSTALLED = 1077 };

static const char *
name_of(struct scope *scope)
{
	const char *name = to_string(scope->arena, value_get(scope->input, "name"));

	return text_starts(text_of(name), TEXT(PREFIX)) ? name + strlen(PREFIX) : name;
}

static struct text
read_file(struct scope *scope, const char *file, struct outcome *outcome)
{
	const struct value *answer = ask_box(scope, "packages.file", ask_with(scope, "file", file), outcome);

	return to_text(scope->arena, value_get(answer, "text"));
}

/* NULL: nobody says, and the outcome is why. */
static const struct value *
installed(struct scope *scope, struct outcome *outcome)
{
	const struct text status = read_file(scope, "installed", outcome);

	return outcome->code ? NULL : packages_installed(scope->arena, status, TEXT_NONE);
}

/* What the last check found to upgrade. */
static const struct value *
upgrades(struct scope *scope)
{
	struct outcome      ignored = { 0 };
	const struct value *check = ask_box(scope, "packages.status", ask_with(scope, "of", "check"), &ignored);

	return packages_changes(scope->arena, to_text(scope->arena, value_get(check, "log")));
}

void
act_packages(struct scope *scope, struct outcome *outcome)
{
	struct arena       *arena = scope->arena;
	const struct value *rows = installed(scope, outcome), *changes = rows ? upgrades(scope) : NULL;

	if (!rows)
		return;
	outcome->data = value_list(arena);
	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *row = value_at(rows, i);
		const char         *name = to_string(arena, value_get(row, "name"));
		const struct value *change = packages_find(changes, name);
		const bool is_upgrade = change && strcmp(to_string(arena, value_get(change, "reason")), "upgrade") == 0;
		struct value *one = value_object(arena);

		value_set_string(arena, one, "name", arena_print(arena, PREFIX "%s", name));
		value_set(arena, one, "version",
			  value_text(arena, to_text(arena, is_upgrade ? value_get(change, "new") : value_get(row, "version"))));
		value_set(arena, one, "installed_version", value_text(arena, to_text(arena, value_get(row, "version"))));
		value_set(arena, one, "descr", value_text(arena, to_text(arena, value_get(row, "summary"))));
		value_set(arena, one, "installed", value_bool(arena, true));
		value_set(arena, one, "update_available", value_bool(arena, is_upgrade));
		value_add(arena, outcome->data, one);
	}
}

/* The last line that the package manager said, which is its reason. */
static const char *
reason_of(struct scope *scope, struct text log)
{
	struct text line, last = TEXT_NONE;

	while (text_next(&log, "\n", &line))
		if (line.len > 0 && !text_starts(line, TEXT("***")))
			last = line;
	return arena_copy(scope->arena, last);
}

/* Until it is over: what became of it, in the outcome. */
static void
follow(struct scope *scope, unsigned code, struct outcome *outcome)
{
	const time_t        begin = time(NULL);
	const struct value *job = NULL;
	struct text         log;

	while (!outcome->code && time(NULL) - begin < JOB_SECONDS) {
		job = ask_box(scope, "packages.status", NULL, outcome);
		if (!text_is(to_text(scope->arena, value_get(job, "state")), "running"))
			break;
		usleep(JOB_POLL);
	}
	if (outcome->code || text_is(to_text(scope->arena, value_get(job, "state")), "done"))
		return;
	log = to_text(scope->arena, value_get(job, "log"));
	if (text_is(to_text(scope->arena, value_get(job, "state")), "running")) {
		*outcome = (struct outcome){ .code = code, .message = "the package manager is still at it" };
	} else if (text_contains(log, TEXT(UNKNOWN))) {
		*outcome = (struct outcome){ .code = CODE_NOT_FOUND };
	} else {
		*outcome = (struct outcome){ .code = code, .message = reason_of(scope, log) };
	}
}

static void
start(struct scope *scope, const char *action, const char *name, struct outcome *outcome)
{
	struct value *argument = ask_with(scope, "action", action);

	value_set_string(scope->arena, argument, "name", name);
	ask_box(scope, "packages.start", argument, outcome);
}

void
act_package_install(struct scope *scope, struct outcome *outcome)
{
	const char         *name = name_of(scope);
	const struct value *rows = installed(scope, outcome);

	if (rows && packages_find(rows, name)) {
		*outcome = (struct outcome){ .code = CODE_INSTALLED };
		return;
	}
	if (rows)
		start(scope, "install", name, outcome);
	/* Where nothing can be installed there is no repository, and the message says why. */
	if (outcome->code)
		outcome->code = CODE_NO_REPOSITORY;
	else
		follow(scope, CODE_NOT_INSTALLED, outcome);
}

void
act_package_remove(struct scope *scope, struct outcome *outcome)
{
	const char         *name = name_of(scope);
	const struct value *rows = installed(scope, outcome);

	if (!rows)
		return;
	if (!packages_find(rows, name)) {
		*outcome = (struct outcome){ .code = CODE_NOT_FOUND };
		return;
	}
	start(scope, "remove", name, outcome);
	if (!outcome->code)
		follow(scope, CODE_FAILED, outcome);
}
