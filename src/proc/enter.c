/* The first steps of the gate: take what the keeper left, give up what it does not need, go inside. */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "proc/gate.h"
#include "proc/wall/confine.h"

static bool confined;

/* Asked by LeakSanitizer at the end: its search uses calls that the gate may not make. */
__attribute__((visibility("default"))) int __lsan_is_turned_off(void);

int
__lsan_is_turned_off(void)
{
	return confined;
}

static bool
give_up_rights(const struct gate_setup *setup)
{
	const struct confinement wanted = {
		.user = setup->run_as, .state_fd = setup->state_fd, .explain = setup->log_level == LOG_LEVEL_DEBUG,
	};
	scoped_buffer message = BUFFER_NONE;
	const char   *missing;

	if (!confine(&wanted, &missing, &message)) {
		log_error("cannot be confined, so not started: %s", buffer_string(&message));
		return false;
	}
	if (missing)
		log_warning("this kernel has no %s: it cannot limit which files are seen", missing);
	return true;
}

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
	close(SETUP_FD);
	log_set_level(setup.log_level);
	confined = give_up_rights(&setup);
	if (!confined)
		return GATE_HOPELESS;
	if (setup.state && access(setup.state, R_OK | W_OK | X_OK) < 0) {
		log_error("%s cannot be reached by user %u: look at the directories above it", setup.state,
			  (unsigned)geteuid());
		return GATE_HOPELESS;
	}
	return run(&setup);
}
