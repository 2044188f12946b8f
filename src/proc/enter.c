/* The first steps of the gate: take what the keeper left, give up what it does not need, go inside. */
#include <signal.h>
#include <sys/prctl.h>

#include "proc/gate.h"

int
gate_enter(int (*run)(const struct gate_setup *))
{
	scoped_arena      arena = arena_new();
	struct gate_setup setup;

	log_set_name("gate");
	prctl(PR_SET_NAME, "drawbridge-gate");
	signal(SIGPIPE, SIG_IGN);
	if (!setup_unpack(SETUP_FD, arena, &setup)) {
		log_error("the gate is started by drawbridged, not by hand");
		return GATE_HOPELESS;
	}
	log_set_level(setup.log_level);
	return run(&setup);
}
