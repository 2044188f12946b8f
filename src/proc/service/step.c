/*
 * A task takes its services one by one, and each goes through the steps: files, check, telling, ready. Whatever would wait is a
 * child, a question or a timer that comes back.
 */
#include "proc/service/runner_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/log.h"
#include "proc/service/files.h"
#include "proc/service/places.h"
#include "wire/sealed.h"

/* All in ms. */
#define STOP_LIMIT   8000
#define BACK_LIMIT   60000 /* until one that came back by itself listens */
#define SAID_MAX     600 /* bytes of what a daemon says that are shown */

static void advance(struct runner *);
static void begin_service(struct runner *);

/* --- Services ---------------------------------------------------------------------------------------- */

struct service *
service_find(const struct runner *runner, struct text name)
{
	for (struct service *one = runner->first; one; one = one->next)
		if (text_is(name, one->name))
			return one;
	return NULL;
}

static struct service *
find_or_add(struct runner *runner, const char *name)
{
	struct service  *service = service_find(runner, text_of(name));
	struct service **end = &runner->first;

	if (service)
		return service;
	while (*end)
		end = &(*end)->next;
	service = calloc(1, sizeof(*service));
	BUG_IF(!service, "out of memory");
	memcpy(service->name, name, strlen(name));
	service->program = program_find(text_of(name));
	/* It never waits for who should hear it. */
	if (service->program->is_heard && pipe2(service->said, O_CLOEXEC | O_NONBLOCK) != 0)
		log_warning("%s cannot be heard: %s", name, strerror(errno));
	else if (!service->program->is_heard && runner->said)
		service->words = words_new(runner->loop, service->program, runner->said, runner->said_self);
	*end = service;
	return service;
}

struct daemon_status
step_status(const struct runner *runner, const char *name)
{
	struct daemon_status status = { .state = DAEMON_STOPPED };

	(void)supervisor_status(runner->supervisor, name, &status);
	return status;
}

const struct service_plan *
task_plan(const struct task *task)
{
	return &task->services.plans[task->at];
}

const struct program *
task_program(const struct task *task)
{
	return program_find(text_of(task_plan(task)->name));
}

const char *
task_directory(const struct task *task)
{
	return program_path(task->arena, task_program(task)->directory, text_of(task_plan(task)->name));
}

/* --- The end of a service, of a task ------------------------------------------------------------------- */

static void
note(struct task *task, enum result result, const char *what, struct text said)
{
	if (task->result == RESULT_DONE)
		task->result = result;
	if (task->message.len > 0)
		buffer_add_string(&task->message, "; ");
	buffer_print(&task->message, "%s %s", task_plan(task)->name, what);
	said = text_trim(said);
	if (said.len > SAID_MAX)
		said = text_after(said, said.len - SAID_MAX);
	if (said.len > 0)
		buffer_print(&task->message, ": %.*s", TEXT_ARGS(said));
}

static void
finish_task(struct runner *runner)
{
	struct task *task = runner->tasks;

	runner->tasks = task->next;
	loop_cancel(runner->loop, &runner->poll);
	task->done(task->self, task->result, buffer_text(&task->message));
	buffer_clear(&task->message);
	buffer_clear(&task->gone);
	buffer_clear(&task->told);
	sealed_unmap(&task->bytes);
	arena_free(task->arena); /* the task too */
	if (runner->tasks)
		begin_service(runner);
}

static void
next_service(struct runner *runner)
{
	struct task *task = runner->tasks;

	task->step = STEP_IDLE;
	task->is_new = task->is_signalled = false;
	if (++task->at < task->services.n)
		begin_service(runner);
	else
		finish_task(runner);
}

static void
told_old(void *runner, int status, struct text output)
{
	if (status != 0)
		log_error("%.*s", TEXT_ARGS(output));
	next_service(runner);
}

/* Put it back as it was: the files, and the daemon when it has seen the new ones. */
void
step_fail(struct runner *runner, enum result result, const char *what, struct text said)
{
	struct task *task = runner->tasks;
	const bool   has_seen = task->step == STEP_RELOAD || task->step == STEP_READY;

	note(task, result, what, said);
	log_error("%s", buffer_string(&task->message));
	if (task->is_new)
		files_restore(task_directory(task));
	/* What of the new it has taken it loses again, and keeps the rest: its connections. */
	if (task->step == STEP_RELOAD && task->was_up && task->is_new && task->can_tell && task_program(task)->is_told &&
	    tell_run(runner, task_program(task)->reload, told_old))
		return;
	if (has_seen && task->was_up && task->is_new)
		(void)supervisor_restart(runner->supervisor, task_plan(task)->name);
	else if (has_seen && !task->was_up)
		(void)supervisor_stop(runner->supervisor, task_plan(task)->name);
	next_service(runner);
}

void
step_complain(struct runner *runner, const char *what, struct text said)
{
	note(runner->tasks, RESULT_FAILED, what, said);
	log_error("%s", buffer_string(&runner->tasks->message));
	step_succeed(runner);
}

void
step_succeed(struct runner *runner)
{
	if (runner->tasks->is_new) {
		log_info("%s has its new configuration", task_plan(runner->tasks)->name);
		files_keep(task_directory(runner->tasks));
	}
	next_service(runner);
}

void
step_wait(struct runner *runner, enum step step, int64_t limit)
{
	runner->tasks->step = step;
	runner->tasks->deadline = loop_clock() + limit;
	loop_start(runner->loop, &runner->poll, STEP_POLL);
}

/* --- Before it runs ------------------------------------------------------------------------------------- */

static void
check_ended(void *self, int status, struct text output)
{
	struct runner *runner = self;

	if (status == 0)
		tell_take(runner);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == PROGRAM_CANNOT)
		step_fail(runner, RESULT_UNAVAILABLE, "cannot be had", output);
	else
		step_fail(runner, RESULT_REFUSED, "refuses its configuration", output);
}

static void
place_files(struct runner *runner)
{
	struct task          *task = runner->tasks;
	const struct program *program = task_program(task);
	struct files_owner    owner;
	struct buffer         message = BUFFER_NONE;

	if (!places_owner(program, runner->is_alone, &owner)) {
		step_fail(runner, RESULT_UNAVAILABLE, "lacks its user", text_of(program->user));
		return;
	}
	places_make(task_program(task), text_of(task_plan(task)->name), runner->is_alone);
	const bool is_little = tell_compare(task);

	task->is_new = !files_are(task_directory(task), task_plan(task));
	task->can_tell = program->once ? files_have(task_directory(task), task_plan(task), program->once)
				       : !program->reloads || files_are_but(task_directory(task), task_plan(task), program->reloads);
	if (task->is_new && files_place(task_directory(task), task_plan(task), owner, &message) != RESULT_DONE) {
		task->is_new = false;
		step_fail(runner, RESULT_FAILED, "cannot be configured", buffer_text(&message));
		buffer_clear(&message);
		return;
	}
	if (is_little) {
		tell_changes(runner);
		return;
	}
	task->step = STEP_CHECK;
	if (!program->check[0] || (program->reload_checks && tell_can_reload(runner)))
		tell_take(runner);
	else if (!tell_run(runner, program->check, check_ended))
		step_fail(runner, RESULT_FAILED, "cannot be checked", text_of(strerror(errno)));
}

static void
stop_service(struct runner *runner)
{
	(void)supervisor_stop(runner->supervisor, task_plan(runner->tasks)->name);
	step_wait(runner, STEP_STOP, STOP_LIMIT);
	advance(runner);
}

/* Only an apply says what is; starting and stopping by hand do not. */
static void
note_wanted(const struct runner *runner, const struct task *task)
{
	struct service *service = service_find(runner, text_of(task_plan(task)->name));

	if (service && task->bytes.len > 0)
		service->is_wanted = task_plan(task)->wanted;
}

/* It runs and has these files: nothing to do. Otherwise the files are looked at again. */
static bool
is_there(const struct task *task)
{
	return task->was_up && task->bytes.len > 0 && files_are(task_directory(task), task_plan(task));
}

static void
begin_service(struct runner *runner)
{
	struct task                *task = runner->tasks;
	const struct service_plan  *plan;
	const struct program       *program;
	struct daemon_status        status;

	if (task->services.n == 0) {
		finish_task(runner);
		return;
	}
	if (task->is_back) {
		step_wait(runner, STEP_READY, BACK_LIMIT);
		return;
	}
	plan = task_plan(task);
	program = task_program(task);
	status = step_status(runner, plan->name);
	note_wanted(runner, task);
	task->was_up = status.state == DAEMON_RUNNING || status.state == DAEMON_WAITING;
	task->starts = status.starts;
	if (!plan->wanted)
		stop_service(runner);
	else if (access(program->run[0], X_OK) != 0)
		step_fail(runner, RESULT_UNAVAILABLE, "is not installed: apt install", text_of(program->package));
	else if (is_there(task))
		next_service(runner);
	else if (task->bytes.len > 0) {
		find_or_add(runner, plan->name)->is_wanted = true;
		place_files(runner);
	} else {
		places_make(task_program(task), text_of(task_plan(task)->name), runner->is_alone);
		if (task->was_up && task->action == SERVICE_START)
			next_service(runner);
		else
			tell_start(runner);
	}
}

/* --- Time passes --------------------------------------------------------------------------------------------- */

/* What it said last tells more than how it ended. */
static struct text
why_ended(struct runner *runner, const char *how)
{
	const struct task    *task = runner->tasks;
	const struct service *service = service_find(runner, text_of(task_plan(task)->name));
	const struct text     said = service ? words_last(service->words) : TEXT_NONE;

	return text_of(said.len > 0 ? arena_print(task->arena, "%s (%.*s)", how, TEXT_ARGS(said)) : how);
}

/* It ended instead of being ready; one that stumbles is started again by itself. */
static bool
has_failed(const struct task *task, const struct daemon_status *status)
{
	const unsigned stumbles = status->state == DAEMON_WAITING ? task_program(task)->stumbles : 0;

	return (status->state == DAEMON_WAITING || status->state == DAEMON_STOPPED) && status->starts > task->starts + stumbles;
}

static void
advance(struct runner *runner)
{
	struct task                *task = runner->tasks;
	const struct daemon_status  status = step_status(runner, task_plan(task)->name);
	char                        words[80];

	if (task->step == STEP_STOP) {
		if (status.state == DAEMON_STOPPED) {
			if (task->bytes.len > 0)
				files_remove(task_directory(task));
			next_service(runner);
		} else if (loop_clock() > task->deadline) {
			step_fail(runner, RESULT_FAILED, "does not stop", TEXT_NONE);
		} else {
			loop_start(runner->loop, &runner->poll, STEP_POLL);
		}
		return;
	}
	if (has_failed(task, &status))
		step_fail(runner, RESULT_FAILED, "does not start", why_ended(runner, child_status_words(status.ended, words, sizeof(words))));
	else if (loop_clock() > task->deadline)
		step_fail(runner, RESULT_FAILED, "does not answer", TEXT_NONE);
	else if (status.state == DAEMON_RUNNING && status.starts > task->starts)
		tell_ready(runner, &status);
	else
		loop_start(runner->loop, &runner->poll, STEP_POLL);
}

void
step_advance(void *runner)
{
	advance(runner);
}

void
step_begin(struct runner *runner)
{
	begin_service(runner);
}
