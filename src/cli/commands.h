/* cli/commands.h: what the command line tool can do. */
#pragma once

#include "cli/connection.h"

struct command_call {
	const struct connection *connection;
	struct arena            *arena;
	int                      argc; /* of the arguments behind the command's name */
	char *const             *argv;
};

struct command {
	const char *name;
	const char *arguments; /* for the help: "USER" */
	const char *help;
	int         min, max; /* how many arguments */
	int       (*run)(const struct command_call *); /* exit status */
};

extern const struct command commands[]; /* ends with an empty one */
