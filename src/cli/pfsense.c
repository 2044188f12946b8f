/* Most are asked of the daemon; what is a matter of packages is said, not done. */
#include "cli/pfsense.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct word {
	const char *name, *arguments, *help;
	int         min, max; /* arguments behind the word */
	/* What to say instead of asking the daemon; NULL: it is asked. */
	const char *saying;
	int         status; /* with a saying */
};

#define PACKAGES "Packages are the business of apt: "

/* clang-format off */
static const struct word words[] = {
	{ "backup",          "",        "keep a copy of the API's settings",                     0, 0 },
	{ "buildendpoints",  "",        "nothing to do: every URL is part of the program",       0, 0,
	  "Every URL is part of the program; `drawbridge routes` lists them.", EXIT_SUCCESS },
	{ "delete",          "",        "say how to remove the program",                         0, 0,
	  PACKAGES "apt-get remove drawbridge", EXIT_FAILURE },
	{ "help",            "",        "list these words",                                      0, 0 },
	{ "restore",         "",        "take the settings from the copy, and tell the peers",   0, 0 },
	{ "revert",          "VERSION", "say how to go back to another version",                 1, 1,
	  PACKAGES "apt-get install drawbridge=VERSION; `apt-cache madison drawbridge` lists them.", EXIT_FAILURE },
	{ "rotateserverkey", "",        "make a new server key; all tokens are void",            0, 0 },
	{ "sync",            "",        "tell the peers the settings",                           0, 0 },
	{ "update",          "",        "say how to get the newest version",                     0, 0,
	  PACKAGES "apt-get update, then apt-get install --only-upgrade drawbridge", EXIT_FAILURE },
	{ "version",         "",        "say which version this is",                             0, 0,
	  "drawbridge " DRAWBRIDGE_VERSION " (pfSense-API v1), built by compiler " __VERSION__, EXIT_SUCCESS },
	{ 0 },
};
/* clang-format on */

static void
print_words(FILE *out)
{
	fputs("usage: pfsense-api [--socket PATH] WORD\n\n", out);
	for (const struct word *word = words; word->name; word++)
		fprintf(out, "  %-15s %-7s %s\n", word->name, word->arguments, word->help);
}

static const struct word *
word_find(const char *name)
{
	for (const struct word *word = words; word->name; word++)
		if (strcmp(word->name, name) == 0)
			return word;
	return NULL;
}

static int
ask_daemon(const struct command_call *call, const struct word *word)
{
	scoped_buffer answer = BUFFER_NONE, message = BUFFER_NONE;
	const char   *path = arena_print(call->arena, "/api/pfsense-tool/%s", word->name);
	long          status = 0;

	if (call->connection->url) {
		fputs("pfsense-api: only through the socket of this machine\n", stderr);
		return EXIT_FAILURE;
	}
	if (connection_ask(call->connection, path, "", &status, &answer, &message) != RESULT_DONE) {
		fprintf(stderr, "pfsense-api: %s\n", buffer_string(&message));
		return EXIT_FAILURE;
	}
	fputs(buffer_string(&answer), status == 200 ? stdout : stderr);
	return status == 200 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
pfsense_run(const struct command_call *call)
{
	const struct word *word = word_find(call->argc > 0 ? call->argv[0] : "help");

	if (!word) {
		fprintf(stderr, "pfsense-api: unknown word: %s\n\n", call->argv[0]);
		print_words(stderr);
		return EXIT_FAILURE;
	}
	if (strcmp(word->name, "help") == 0) {
		print_words(stdout);
		return EXIT_SUCCESS;
	}
	if (call->argc - 1 < word->min || call->argc - 1 > word->max) {
		fprintf(stderr, "usage: pfsense-api %s %s\n", word->name, word->arguments);
		return EXIT_FAILURE;
	}
	if (!word->saying)
		return ask_daemon(call, word);
	fprintf(word->status == EXIT_SUCCESS ? stdout : stderr, "%s\n", word->saying);
	return word->status;
}
