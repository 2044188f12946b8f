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
#include "proc/wireguard/keeping.h"

struct programs
programs_open(void)
{
	struct programs out = { open("/proc/self/exe", O_PATH | O_CLOEXEC), -1, TEXT_NONE };
	char            path[PATH_MAX];
	const ssize_t   len = readlink("/proc/self/exe", path, sizeof(path) - sizeof(GATE_FILE));

	if (len < 0)
		return out;
	path[len] = '\0';
	memcpy(strrchr(path, '/') + 1, GATE_FILE, sizeof(GATE_FILE));
	out.gate = open(path, O_PATH | O_CLOEXEC);
	return out;
}

int
keeper_main(int argc, char *argv[], const struct programs *programs)
{
	scoped_arena   arena = arena_new();
	scoped_buffer  message = BUFFER_NONE;
	struct options options;

	if (argc > 1 && strcmp(argv[1], TAKER_ARGUMENT) == 0)
		return taker_run(argc, argv);
	if (argc > 1 && strcmp(argv[1], WIREGUARD_ARGUMENT) == 0)
		return wireguard_run(argc, argv);
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
	if (programs->own < 0 || programs->gate < 0) {
		fputs("drawbridged: there is no " GATE_FILE " beside this program\n", stderr);
		return 1;
	}
	return keeper_run(&options, programs, arena);
}
