/* drawbridge: the command line tool; a client like any other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

#define WORDS_MAX 16

/* "-c LINE", as cron runs what it takes for a shell: the words of the line are our arguments. */
static int
split_line(char *line, char *name, char *words[WORDS_MAX])
{
	int n = 1;

	words[0] = name;
	for (char *word = line; *word && n < WORDS_MAX - 1;) {
		const size_t len = strcspn(word, " ");

		if (len > 0)
			words[n++] = word;
		word += len;
		if (*word)
			*word++ = '\0';
	}
	words[n] = NULL;
	return n;
}

/* Is tomorrow the first of a month? */
static bool
is_last_day(void)
{
	const time_t tomorrow = time(NULL) + 24 * 60 * 60;
	struct tm    parts;

	return localtime_r(&tomorrow, &parts) && parts.tm_mday == 1;
}

static int
run_words(int argc, char *argv[])
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

int
main(int argc, char *argv[])
{
	char *words[WORDS_MAX];

	if (argc != 3 || strcmp(argv[1], "-c") != 0)
		return run_words(argc, argv);
	argc = split_line(argv[2], argv[0], words);
	if (argc < 2 || strcmp(words[1], "--on-last-day") != 0)
		return run_words(argc, words);
	/* Not today. */
	if (!is_last_day())
		return EXIT_SUCCESS;
	words[1] = words[0];
	return run_words(argc - 1, words + 1);
}
