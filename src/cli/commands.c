/* The commands: most ask one endpoint and print what it says. */
#include "cli/commands.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "cli/pfsense.h"
#include "json/read.h"
#include "json/write.h"

#define FILE_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define PATH_BYTES_MAX 4096

/* --- asking ---------------------------------------------------------------------------------------- */

/* The answer, or NULL after saying what went wrong. */
static bool
ask(const struct command_call *call, const char *path, const char *body, struct buffer *answer)
{
	scoped_buffer message = BUFFER_NONE;
	long          status = 0;

	if (connection_ask(call->connection, path, body, &status, answer, &message) != RESULT_DONE) {
		fprintf(stderr, "drawbridge: %s\n", buffer_string(&message));
		return false;
	}
	if (status >= 200 && status < 300)
		return true;
	fprintf(stderr, "drawbridge: %s: HTTP %ld: %s\n", path, status, buffer_string(answer));
	return false;
}

static void
print_scalar(struct arena *arena, const struct value *value)
{
	const char *string = value_as_string(arena, value);

	for (; string && *string; string++)
		if (isprint((unsigned char)*string) || (unsigned char)*string >= 0x80)
			putchar(*string);
		else
			putchar(*string == '\n' ? ' ' : '?');
}

/* "name: value" lines, indented below lists and objects. */
static void
print_value(struct arena *arena, const struct value *value, int depth)
{
	for (size_t i = 0; i < value_count(value); i++) {
		const struct member *member = &value->members[i];

		printf("%*s", depth * 2, "");
		if (member->name.len > 0)
			printf("%.*s:", TEXT_ARGS(member->name));
		else
			putchar('-');
		if (value_is(member->value, VALUE_LIST) || value_is(member->value, VALUE_OBJECT)) {
			putchar('\n');
			print_value(arena, member->value, depth + 1);
			continue;
		}
		putchar(' ');
		print_scalar(arena, member->value);
		putchar('\n');
	}
}

static int
ask_and_print(const struct command_call *call, const char *path, const char *body)
{
	scoped_buffer answer = BUFFER_NONE;
	struct value *value;

	if (!ask(call, path, body, &answer))
		return EXIT_FAILURE;
	if (json_read(call->arena, buffer_text(&answer), NULL, &value, NULL) == RESULT_DONE)
		print_value(call->arena, value, 0);
	else
		fwrite(answer.bytes, 1, answer.len, stdout);
	return EXIT_SUCCESS;
}

/* Only what belongs into one piece of a path. */
static bool
is_plain(const char *argument)
{
	for (const char *c = argument; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-_.@=+", *c))
			return false;
	return argument[0] != '\0';
}

static int
ask_about(const struct command_call *call, const char *format, const char *body)
{
	char path[PATH_BYTES_MAX];

	if (!is_plain(call->argv[0])) {
		fprintf(stderr, "drawbridge: not a name: %s\n", call->argv[0]);
		return EXIT_FAILURE;
	}
	snprintf(path, sizeof(path), "%s%s", format, call->argv[0]);
	return ask_and_print(call, path, body);
}

/* --- the commands ------------------------------------------------------------------------------------ */

static int
show_status(const struct command_call *call)
{
	return ask_and_print(call, "/api/core/system/status", NULL);
}

static int
call_endpoint(const struct command_call *call)
{
	scoped_buffer answer = BUFFER_NONE;

	if (!ask(call, call->argv[0], call->argc > 1 ? call->argv[1] : NULL, &answer))
		return EXIT_FAILURE;
	fwrite(answer.bytes, 1, answer.len, stdout);
	putchar('\n');
	return EXIT_SUCCESS;
}

static int
list_keys(const struct command_call *call)
{
	return ask_and_print(call, "/api/auth/user/search_api_key", NULL);
}

static int
add_key(const struct command_call *call)
{
	return ask_about(call, "/api/auth/user/add_api_key/", "{}");
}

static int
show_history(const struct command_call *call)
{
	return ask_and_print(call, "/api/core/backup/backups/this", NULL);
}

static int
revert(const struct command_call *call)
{
	return ask_about(call, "/api/core/backup/revert_backup/", "{}");
}

/* What of the rules in force cannot be had as in pf, a line each. */
static int
show_notes(const struct command_call *call)
{
	scoped_buffer       answer = BUFFER_NONE;
	struct value       *status;
	const struct value *notes;

	if (!ask(call, "/api/core/system/status", NULL, &answer))
		return EXIT_FAILURE;
	if (json_read(call->arena, buffer_text(&answer), NULL, &status, NULL) != RESULT_DONE)
		return EXIT_FAILURE;
	notes = value_get(value_get(value_get(value_get(status, "metadata"), "subsystems"), "firewall_notes"), "notes");
	for (size_t i = 0; i < value_count(notes); i++) {
		const struct value *note = notes->members[i].value;

		print_scalar(call->arena, value_get(note, "uuid"));
		fputs(" (", stdout);
		print_scalar(call->arena, value_get(note, "description"));
		fputs("): ", stdout);
		print_scalar(call->arena, value_get(note, "message"));
		putchar('\n');
	}
	return EXIT_SUCCESS;
}

static int
apply_filter(const struct command_call *call)
{
	const int status = ask_and_print(call, "/api/firewall/filter/apply", "{}");

	return status == EXIT_SUCCESS ? show_notes(call) : status;
}

/* What the machine lacks for what is configured, and the one command that mends it. Status 2: something is missing. */
static int
show_doctor(const struct command_call *call)
{
	scoped_buffer       answer = BUFFER_NONE;
	struct value       *said;
	const struct value *rows;
	const char         *command;

	if (!ask(call, "/api/core/system/doctor", NULL, &answer) ||
	    json_read(call->arena, buffer_text(&answer), NULL, &said, NULL) != RESULT_DONE)
		return EXIT_FAILURE;
	rows = value_get(said, "rows");
	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *row = rows->members[i].value;

		print_scalar(call->arena, value_get(row, "missing"));
		printf(" is missing, for ");
		print_scalar(call->arena, value_get(row, "for"));
		putchar('\n');
	}
	command = value_as_string(call->arena, value_get(said, "command"));
	if (value_count(rows) == 0)
		puts("Nothing is missing.");
	if (command && *command)
		printf("%s\n", command);
	return value_count(rows) == 0 ? EXIT_SUCCESS : 2;
}

static int
export_configuration(const struct command_call *call)
{
	scoped_buffer answer = BUFFER_NONE;

	if (!ask(call, "/api/core/backup/download/this", NULL, &answer))
		return EXIT_FAILURE;
	fwrite(answer.bytes, 1, answer.len, stdout);
	return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* What is a matter of the program, not of a running instance: drawbridged beside us knows. */
static int
run_daemon(const struct command_call *call, const char *option)
{
	char        path[PATH_BYTES_MAX];
	ssize_t     len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *const argv[] = { (char *)"drawbridged", (char *)option, NULL };

	(void)call;
	if (len > 0) {
		path[len] = '\0';
		char *slash = strrchr(path, '/');

		if (slash && (size_t)(slash - path) + sizeof("/drawbridged") < sizeof(path)) {
			memcpy(slash, "/drawbridged", sizeof("/drawbridged"));
			execv(path, argv);
		}
	}
	execv("/usr/sbin/drawbridged", argv);
	fprintf(stderr, "drawbridge: drawbridged cannot be started: %s\n", strerror(errno));
	return EXIT_FAILURE;
}

static int
show_routes(const struct command_call *call)
{
	return run_daemon(call, "--routes");
}

static int
show_coverage(const struct command_call *call)
{
	return run_daemon(call, "--coverage");
}

static int
show_openapi(const struct command_call *call)
{
	return run_daemon(call, "--openapi");
}

static int
show_version(const struct command_call *call)
{
	(void)call;
	puts("drawbridge " DRAWBRIDGE_VERSION);
	return EXIT_SUCCESS;
}

/* clang-format off */
const struct command commands[] = {
	{ "status",    "",              "say how the box is",                                    0, 0, show_status },
	{ "notes",     "",              "say what of the rules cannot be had as in pf",           0, 0, show_notes },
	{ "doctor",    "",              "say what packages and features are missing",            0, 0, show_doctor },
	{ "call",      "PATH [JSON]",   "ask any endpoint: GET, or POST when there is a body",   1, 2, call_endpoint },
	{ "keys",      "",              "list the API keys",                                     0, 0, list_keys },
	{ "add-key",   "USER",          "make an API key; its secret is shown this once",        1, 1, add_key },
	{ "log",       "",              "list the revisions of the configuration",               0, 0, show_history },
	{ "revert",    "REVISION",      "make the configuration what it was then",               1, 1, revert },
	{ "export",    "",              "print the configuration as config.xml",                 0, 0, export_configuration },
	{ "apply",     "",              "make the packet filter what is configured",             0, 0, apply_filter },
	{ "routes",    "",              "list every URL that is served",                         0, 0, show_routes },
	{ "coverage",  "",              "list what of both APIs is served, and what is missing", 0, 0, show_coverage },
	{ "openapi",   "",              "describe pfSense-API v1 in OpenAPI 3.1",                0, 0, show_openapi },
	{ "pfsense-api", "[WORD]",      "what pfSense-API's own tool does; `help` lists it",     0, 2, pfsense_run },
	{ "version",   "",              "say which version this is",                             0, 0, show_version },
	{ 0 },
};
/* clang-format on */
