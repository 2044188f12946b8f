/* Telling the keeper's start from that of its takers, before either does anything. */
#include "proc/role.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proc/capture/taker.h"
#include "proc/keeper.h"
#include "proc/options.h"

int
gate_file_open(void)
{
	char          path[PATH_MAX];
	const ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - sizeof(GATE_FILE));

	if (len < 0)
		return -1;
	path[len] = '\0';
	memcpy(strrchr(path, '/') + 1, GATE_FILE, sizeof(GATE_FILE));
	return open(path, O_PATH | O_CLOEXEC);
}

int
keeper_main(int argc, char *argv[], const struct gate_program *gate)
{
	scoped_arena   arena = arena_new();
	scoped_buffer  message = BUFFER_NONE;
	struct options options;

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
	return keeper_run(&options, gate, arena);
}
