/* A daemon is a child, a timer and what is wanted of it; each event moves it from state to state. */
#include "proc/child/supervise.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/bug.h"
#include "base/log.h"

struct daemon {
	struct supervisor   *supervisor;
	struct daemon       *next;
	char                 name[DAEMON_NAME_MAX + 1];
	struct arena        *arena; /* of argv and environment */
	const char *const   *argv, *const *environment;
	int                  output; /* 0: our standard error */
	struct child         child;
	struct timer         timer; /* WAITING: to start; STOPPING: to kill */
	unsigned             delay;
	bool                 wanted;
	struct daemon_status status;
};

struct supervisor {
	struct loop                 *loop;
	struct children             *children;
	const struct supervise_times *times;
	struct daemon               *first;
	size_t                       n;
	void                       (*changed)(void *self, const char *name, const struct daemon_status *);
	void                        *self;
	void                       (*done)(void *self); /* of supervisor_end() */
	void                        *done_self;
};

const struct supervise_times supervise_times = {
	.delay_first = 100, .delay_last = 30000, .forget = 60000, .patience = 5000,
};

/* --- States ---------------------------------------------------------------------------- */

static void
enter(struct daemon *daemon, enum daemon_state state)
{
	struct supervisor *supervisor = daemon->supervisor;

	daemon->status.state = state;
	daemon->status.pid = daemon->child.pid;
	daemon->status.since = loop_clock();
	if (supervisor->changed)
		supervisor->changed(supervisor->self, daemon->name, &daemon->status);
}

static void
wait_and_start(struct daemon *daemon)
{
	const struct supervise_times *times = daemon->supervisor->times;

	if (daemon->delay == 0)
		daemon->delay = times->delay_first;
	loop_start(daemon->supervisor->loop, &daemon->timer, daemon->delay);
	daemon->delay = daemon->delay > times->delay_last / 2 ? times->delay_last : daemon->delay * 2;
	enter(daemon, DAEMON_WAITING);
}

static void
start(struct daemon *daemon)
{
	const struct spawn spawn = {
		.path = daemon->argv[0], .argv = daemon->argv, .environment = daemon->environment,
		.output = daemon->output,
	};

	loop_cancel(daemon->supervisor->loop, &daemon->timer);
	daemon->status.starts++;
	if (children_start(daemon->supervisor->children, &daemon->child, &spawn)) {
		enter(daemon, DAEMON_RUNNING);
		return;
	}
	log_error("%s cannot be started: %s: %s", daemon->name, daemon->argv[0], strerror(errno));
	wait_and_start(daemon);
}

/* Ask it to end; does nothing twice. */
static void
stop(struct daemon *daemon)
{
	struct supervisor *supervisor = daemon->supervisor;

	switch (daemon->status.state) {
	case DAEMON_WAITING:
		loop_cancel(supervisor->loop, &daemon->timer);
		enter(daemon, DAEMON_STOPPED);
		break;
	case DAEMON_RUNNING:
		/* Not its group: helpers of dhcpcd hand a signal on to whoever stands in its PID file, which may be the next one. */
		child_tell(&daemon->child, SIGTERM);
		loop_start(supervisor->loop, &daemon->timer, supervisor->times->patience);
		enter(daemon, DAEMON_STOPPING);
		break;
	case DAEMON_STOPPED:
	case DAEMON_STOPPING:
		break;
	}
}

/* The time in WAITING or STOPPING is over. */
static void
time_is_over(void *self)
{
	struct daemon *daemon = self;

	if (daemon->status.state == DAEMON_STOPPING)
		child_signal(&daemon->child, SIGKILL);
	else
		start(daemon);
}

static bool
all_stopped(const struct supervisor *supervisor)
{
	for (const struct daemon *daemon = supervisor->first; daemon; daemon = daemon->next)
		if (daemon->status.state != DAEMON_STOPPED)
			return false;
	return true;
}

/* As systemd's Restart=on-failure has it. */
static bool
is_orderly(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) == 0 : WTERMSIG(status) == SIGTERM || WTERMSIG(status) == SIGINT;
}

static void
daemon_ended(void *self, int status)
{
	struct daemon     *daemon = self;
	struct supervisor *supervisor = daemon->supervisor;
	const bool         told = daemon->status.state == DAEMON_STOPPING;
	char               words[80];

	loop_cancel(supervisor->loop, &daemon->timer);
	daemon->status.ended = status;
	if (!told) {
		daemon->status.losses++;
		log_warning("%s %s%s", daemon->name, child_status_words(status, words, sizeof(words)),
			    is_orderly(status) ? ", as if somebody had told it to" : "");
	}
	if (!told && loop_clock() - daemon->status.since >= supervisor->times->forget)
		daemon->delay = 0;
	if (!daemon->wanted || (!told && is_orderly(status)))
		enter(daemon, DAEMON_STOPPED);
	else if (told)
		start(daemon);
	else
		wait_and_start(daemon);
	if (supervisor->done && all_stopped(supervisor))
		supervisor->done(supervisor->done_self);
}

/* --- Daemons --------------------------------------------------------------------------- */

static struct daemon *
find(const struct supervisor *supervisor, const char *name)
{
	struct daemon *daemon = supervisor->first;

	while (daemon && strcmp(daemon->name, name) != 0)
		daemon = daemon->next;
	return daemon;
}

static struct daemon *
add(struct supervisor *supervisor, const char *name)
{
	struct daemon *daemon;

	if (supervisor->n == DAEMONS_MAX || strlen(name) > DAEMON_NAME_MAX)
		return NULL;
	daemon = calloc(1, sizeof(*daemon));
	BUG_IF(!daemon, "out of memory");
	daemon->supervisor = supervisor;
	memcpy(daemon->name, name, strlen(name));
	daemon->child = (struct child){ .ended = daemon_ended, .self = daemon };
	daemon->timer = (struct timer){ .due = time_is_over, .self = daemon };
	daemon->next = supervisor->first;
	supervisor->first = daemon;
	supervisor->n++;
	return daemon;
}

static bool
words_equal(const char *const *a, const char *const *b)
{
	while (*a && *b && strcmp(*a, *b) == 0) {
		a++;
		b++;
	}
	return !*a && !*b;
}

static const char *const *
copy_words(struct arena *arena, const char *const *words)
{
	size_t       n = 0;
	const char **copy;

	while (words[n])
		n++;
	copy = ARENA_MAKE(arena, const char *, n + 1);
	for (size_t i = 0; i < n; i++)
		copy[i] = arena_copy(arena, text_of(words[i]));
	return copy;
}

/* --- What can be asked ----------------------------------------------------------------- */

struct supervisor *
supervisor_new(struct loop *loop, struct children *children, const struct supervise_times *times,
	       void (*changed)(void *self, const char *name, const struct daemon_status *), void *self)
{
	struct supervisor *supervisor = calloc(1, sizeof(*supervisor));

	BUG_IF(!supervisor, "out of memory");
	*supervisor = (struct supervisor){
		.loop = loop, .children = children, .times = times, .changed = changed, .self = self,
	};
	return supervisor;
}

void
supervisor_free(struct supervisor *supervisor)
{
	if (!supervisor)
		return;
	while (supervisor->first) {
		struct daemon *daemon = supervisor->first;

		BUG_IF(daemon->child.pid != 0, "%s is running", daemon->name);
		loop_cancel(supervisor->loop, &daemon->timer);
		supervisor->first = daemon->next;
		arena_free(daemon->arena);
		free(daemon);
	}
	free(supervisor);
}

enum result
supervisor_start(struct supervisor *supervisor, const char *name, const char *const *argv,
		 const char *const *environment)
{
	return supervisor_start_to(supervisor, name, argv, environment, 0);
}

enum result
supervisor_start_to(struct supervisor *supervisor, const char *name, const char *const *argv,
		    const char *const *environment, int output)
{
	struct daemon *daemon = find(supervisor, name);
	bool           same;

	if (!daemon)
		daemon = add(supervisor, name);
	if (!daemon)
		return RESULT_TOO_BIG;
	same = daemon->arena && words_equal(daemon->argv, argv) && words_equal(daemon->environment, environment);
	daemon->wanted = true;
	daemon->output = output;
	if (!same) {
		struct arena *arena = arena_new();

		daemon->argv = copy_words(arena, argv);
		daemon->environment = copy_words(arena, environment);
		arena_free(daemon->arena);
		daemon->arena = arena;
		daemon->delay = 0;
	}
	if (daemon->status.state == DAEMON_RUNNING && !same)
		stop(daemon);
	else if (daemon->status.state == DAEMON_STOPPED || daemon->status.state == DAEMON_WAITING)
		start(daemon);
	return RESULT_DONE;
}

enum result
supervisor_stop(struct supervisor *supervisor, const char *name)
{
	struct daemon *daemon = find(supervisor, name);

	if (!daemon)
		return RESULT_MISSING;
	daemon->wanted = false;
	daemon->delay = 0;
	stop(daemon);
	return RESULT_DONE;
}

enum result
supervisor_restart(struct supervisor *supervisor, const char *name)
{
	struct daemon *daemon = find(supervisor, name);

	if (!daemon)
		return RESULT_MISSING;
	daemon->wanted = true;
	daemon->delay = 0;
	if (daemon->status.state == DAEMON_RUNNING)
		stop(daemon);
	else if (daemon->status.state != DAEMON_STOPPING)
		start(daemon);
	return RESULT_DONE;
}

enum result
supervisor_signal(struct supervisor *supervisor, const char *name, int number)
{
	const struct daemon *daemon = find(supervisor, name);

	if (!daemon)
		return RESULT_MISSING;
	if (daemon->status.state != DAEMON_RUNNING)
		return RESULT_REFUSED;
	return kill(daemon->child.pid, number) == 0 ? RESULT_DONE : RESULT_FAILED;
}

enum result
supervisor_status(const struct supervisor *supervisor, const char *name, struct daemon_status *out)
{
	const struct daemon *daemon = find(supervisor, name);

	if (!daemon)
		return RESULT_MISSING;
	*out = daemon->status;
	return RESULT_DONE;
}

void
supervisor_end(struct supervisor *supervisor, void (*done)(void *self), void *self)
{
	for (struct daemon *daemon = supervisor->first; daemon; daemon = daemon->next) {
		daemon->wanted = false;
		stop(daemon);
	}
	if (all_stopped(supervisor)) {
		done(self);
		return;
	}
	supervisor->done = done;
	supervisor->done_self = self;
}
