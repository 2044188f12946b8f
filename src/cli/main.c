/* drawbridge: the command line tool; a client like any other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/pfsense.h"

static void
print_help(FILE *out)
{
	fputs("usage: drawbridge [--socket PATH | --url URL --key KEY --secret SECRET [--insecure]] COMMAND ...\n\n", out);
	for (const struct command *command = commands; command->name; command++)
		fprintf(out, "  %-11s %-12s %s\n", command->name, command->arguments, command->help);
}

/* How many arguments an option took; 0: it is none. */
static int
take_option(struct connection *connection, int argc, char *const *argv)
{
	const struct {
		const char  *name;
		const char **value;
	} options[] = { { "--socket", &connection->socket },
			{ "--url", &connection->url },
			{ "--key", &connection->key },
			{ "--secret", &connection->secret } };

	if (strcmp(argv[0], "--insecure") == 0) {
		connection->insecure = true;
		return 1;
	}
	for (size_t i = 0; argc > 1 && i < sizeof(options) / sizeof(options[0]); i++)
		if (strcmp(argv[0], options[i].name) == 0) {
			*options[i].value = argv[1];
			return 2;
		}
	return 0;
}

static int
run(const struct command *command, const struct connection *connection, int argc, char *const *argv)
{
	scoped_arena              arena = arena_new();
	const struct command_call call = { connection, arena, argc, argv };

	if (argc >= command->min && argc <= command->max)
		return command->run(&call);
	fprintf(stderr, "usage: drawbridge %s %s\n", command->name, command->arguments);
	return EXIT_FAILURE;
}

/* By which name were we started? */
static bool
is_called(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash ? slash + 1 : path, name) == 0;
}

int
main(int argc, char *argv[])
{
	struct connection connection = { .socket = CONNECTION_SOCKET };
	const bool        is_pfsense = is_called(argc > 0 ? argv[0] : "", "pfsense-api");
	int               at = 1;

	for (int taken; at < argc && (taken = take_option(&connection, argc - at, argv + at)) > 0;)
		at += taken;
	if (is_pfsense)
		return run(&(struct command){ .name = "", .arguments = "[WORD]", .max = argc, .run = pfsense_run }, &connection,
			   argc - at, argv + at);
	if (at >= argc || strcmp(argv[at], "help") == 0 || strcmp(argv[at], "--help") == 0) {
		print_help(at >= argc ? stderr : stdout);
		return at >= argc ? EXIT_FAILURE : EXIT_SUCCESS;
	}
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(command->name, argv[at]) == 0)
			return run(command, &connection, argc - at - 1, argv + at + 1);
	fprintf(stderr, "drawbridge: unknown command: %s\n\n", argv[at]);
	print_help(stderr);
	return EXIT_FAILURE;
}
