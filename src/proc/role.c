/* Telling the keeper's start from those that it makes itself, before any does anything. */
#include "proc/role.h"

#include <stdio.h>
#include <unistd.h>

#include "proc/capture/taker.h"
#include "proc/keeper.h"
#include "proc/options.h"

int
role_play(int argc, char *argv[], int (*inside)(const struct gate_setup *))
{
	scoped_arena   arena = arena_new();
	scoped_buffer  message = BUFFER_NONE;
	struct options options;

	if (argc == 2 && strcmp(argv[1], "--gate") == 0)
		return gate_enter(inside);
	if (argc > 1 && strcmp(argv[1], TAKER_ARGUMENT) == 0)
		return taker_run(argc, argv);
	switch (options_read(&options, arena, argc, argv, &message)) {
	case OPTIONS_SAY:
		fputs(buffer_string(&message), stdout);
		return 0;
	case OPTIONS_WRONG:
		fprintf(stderr, "drawbridged: %s\n", buffer_string(&message));
		return 2;
	case OPTIONS_RUN:
		break;
	}
	return keeper_run(&options, arena);
}
