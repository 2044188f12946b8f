/*
 * A task takes its services one by one, and each goes through the steps: files, check, telling, ready. Whatever would wait is a
 * child, a question or a timer that comes back.
 */
#include "proc/service/runner_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/log.h"
#include "proc/child/job.h"
#include "proc/child/talk.h"
#include "proc/service/files.h"
#include "proc/service/lines.h"
#include "proc/service/places.h"
#include "wire/sealed.h"

/* All in ms. */
#define CHECK_LIMIT  60000
#define READY_LIMIT  100000 /* from the start to the answer */
#define STOP_LIMIT   8000
#define TALK_LIMIT   20000
#define POLL         20
#define ANSWER_MAX   (64 * 1024) /* bytes of what a daemon says to a question of ours */
#define SAID_MAX     600         /* of which so many are shown */

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
	*end = service;
	return service;
}

static struct daemon_status
status_of(const struct runner *runner, const char *name)
{
	struct daemon_status status = { .state = DAEMON_STOPPED };

	(void)supervisor_status(runner->supervisor, name, &status);
	return status;
}

static const struct service_plan *
current(const struct task *task)
{
	return &task->services.plans[task->at];
}

static const struct program *
current_program(const struct task *task)
{
	return program_find(text_of(current(task)->name));
}

static const char *
current_directory(const struct task *task)
{
	return program_path(task->arena, current_program(task)->directory, text_of(current(task)->name));
}

/* --- The end of a service, of a task ------------------------------------------------------------------- */

static void
note(struct task *task, enum result result, const char *what, struct text said)
{
	if (task->result == RESULT_DONE)
		task->result = result;
	if (task->message.len > 0)
		buffer_add_string(&task->message, "; ");
	buffer_print(&task->message, "%s %s", current(task)->name, what);
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
	task->is_new = false;
	if (++task->at < task->services.n)
		begin_service(runner);
	else
		finish_task(runner);
}

/* Put it back as it was: the files, and the daemon when it has seen the new ones. */
static void
fail(struct runner *runner, enum result result, const char *what, struct text said)
{
	struct task *task = runner->tasks;
	const bool   has_seen = task->step == STEP_RELOAD || task->step == STEP_READY;

	note(task, result, what, said);
	log_error("%s", buffer_string(&task->message));
	if (task->is_new)
		files_restore(current_directory(task));
	if (has_seen && task->was_up && task->is_new)
		(void)supervisor_restart(runner->supervisor, current(task)->name);
	else if (has_seen && !task->was_up)
		(void)supervisor_stop(runner->supervisor, current(task)->name);
	next_service(runner);
}

static void
succeed(struct runner *runner)
{
	if (runner->tasks->is_new)
		files_keep(current_directory(runner->tasks));
	next_service(runner);
}

/* --- Ready? -------------------------------------------------------------------------------------------- */

static void
wait_for(struct runner *runner, enum step step, int64_t limit)
{
	runner->tasks->step = step;
	runner->tasks->deadline = loop_clock() + limit;
	loop_start(runner->loop, &runner->poll, POLL);
}

static void
hear_ready(void *self, bool is_whole, struct text answer)
{
	struct runner        *runner = self;
	const struct program *program = current_program(runner->tasks);

	if (is_whole && text_contains(answer, text_of(program->ready.good)))
		succeed(runner);
	else
		loop_start(runner->loop, &runner->poll, POLL);
}

static void
ask_ready(struct runner *runner, const struct daemon_status *status)
{
	struct task          *task = runner->tasks;
	const struct program *program = current_program(task);
	const struct text     name = text_of(current(task)->name);

	if (program->ready.socket) {
		const struct talk_order order = {
			.path = program_path(task->arena, program->ready.socket, name),
			.request = text_of(program->ready.request), .max = ANSWER_MAX, .limit = TALK_LIMIT,
			.done = hear_ready, .self = runner,
		};

		talk_start(runner->loop, &order);
		return;
	}
	if (program->ready_path ? access(program_path(task->arena, program->ready_path, name), F_OK) == 0
				: loop_clock() - status->since >= program->ready_after)
		succeed(runner);
	else
		loop_start(runner->loop, &runner->poll, POLL);
}

/* --- Telling it ------------------------------------------------------------------------------------------- */

static void
hear_reload(void *self, bool is_whole, struct text answer)
{
	struct runner        *runner = self;
	const struct program *program = current_program(runner->tasks);

	if (is_whole && text_contains(answer, text_of(program->ask_reload.good)))
		succeed(runner);
	else
		fail(runner, RESULT_FAILED, "does not take its new configuration", answer);
}

static void
reload_ended(void *self, int status, struct text output)
{
	if (status == 0)
		succeed(self);
	else
		fail(self, RESULT_FAILED, "does not take its new configuration", output);
}

static bool
run_job(struct runner *runner, const char *const *command, void (*done)(void *, int, struct text))
{
	struct task          *task = runner->tasks;
	const struct program *program = current_program(task);
	const struct job_order order = {
		.argv = program_words(task->arena, command, text_of(current(task)->name)),
		.environment = program->environment, .limit = CHECK_LIMIT, .done = done, .self = runner,
	};

	return job_start(runner->loop, runner->children, &order) != NULL;
}

static void
start_anew(struct runner *runner)
{
	struct task          *task = runner->tasks;
	const struct program *program = current_program(task);
	const struct text     name = text_of(current(task)->name);
	enum result           result;

	if (program->ready_path)
		unlink(program_path(task->arena, program->ready_path, name));
	if (task->was_up)
		result = supervisor_restart(runner->supervisor, current(task)->name);
	else
		result = supervisor_start_to(runner->supervisor, current(task)->name,
					     program_run(task->arena, program, name, runner->is_alone),
					     program->environment, service_find(runner, name)->said[1]);
	wait_for(runner, STEP_READY, READY_LIMIT);
	if (result != RESULT_DONE)
		fail(runner, result, "cannot be started", TEXT("too many services"));
}

/* The files are in place and fine. */
static void
take_files(struct runner *runner)
{
	struct task          *task = runner->tasks;
	const struct program *program = current_program(task);
	const char           *name = current(task)->name;

	if (!task->was_up || task->action == SERVICE_RESTART || !task->can_tell) {
		start_anew(runner);
		return;
	}
	task->step = STEP_RELOAD;
	if (program->ask_reload.socket) {
		const struct talk_order order = {
			.path = program_path(task->arena, program->ask_reload.socket, text_of(name)),
			.request = text_of(program->ask_reload.request), .max = ANSWER_MAX, .limit = TALK_LIMIT,
			.done = hear_reload, .self = runner,
		};

		talk_start(runner->loop, &order);
	} else if (program->reload[0]) {
		if (!run_job(runner, program->reload, reload_ended))
			fail(runner, RESULT_FAILED, "cannot be told", text_of(strerror(errno)));
	} else if (program->signal_reload && supervisor_signal(runner->supervisor, name, program->signal_reload) == RESULT_DONE) {
		task->starts = 0;
		wait_for(runner, STEP_READY, READY_LIMIT);
	} else {
		start_anew(runner);
	}
}

/* --- Telling it only what changed ------------------------------------------------------------------------ */

/* Both halves are made before the files are replaced. False: all of it must be read again. */
static bool
compare_lines(struct task *task)
{
	const struct program_lines *lines = &current_program(task)->lines;
	const struct service_plan  *plan = current(task);
	struct text                 now = TEXT_NONE;
	scoped_buffer               old = BUFFER_NONE;

	buffer_cut(&task->gone, 0);
	buffer_cut(&task->told, 0);
	if (!task->was_up || !lines->file || !files_are_but(current_directory(task), plan, lines->inner) ||
	    !files_read(current_directory(task), lines->file, &old))
		return false;
	for (size_t i = 0; i < plan->nfiles; i++)
		if (strcmp(plan->files[i].name, lines->file) == 0)
			now = plan->files[i].content;
	return lines_compare(buffer_text(&old), now, &task->gone, &task->told);
}

static void
tell_lines(struct runner *runner, const char *begin, const struct buffer *lines, void (*done)(void *, bool, struct text))
{
	const struct program_lines *how = &current_program(runner->tasks)->lines;
	scoped_buffer               request = BUFFER_NONE;
	struct talk_order           order = { .path = how->socket, .max = ANSWER_MAX, .limit = TALK_LIMIT, .done = done,
					      .self = runner };

	buffer_add_string(&request, begin);
	buffer_add(&request, buffer_text(lines));
	buffer_add_string(&request, how->end);
	order.request = buffer_text(&request);
	talk_start(runner->loop, &order);
}

static void
hear_told(void *self, bool is_whole, struct text answer)
{
	struct runner *runner = self;

	if (is_whole && !text_contains(answer, text_of(current_program(runner->tasks)->lines.bad)))
		succeed(runner);
	else
		fail(runner, RESULT_REFUSED, "does not take its new configuration", answer);
}

static void
hear_gone(void *self, bool is_whole, struct text answer)
{
	struct runner *runner = self;

	if (!is_whole)
		fail(runner, RESULT_FAILED, "does not take its new configuration", answer);
	else
		tell_lines(runner, current_program(runner->tasks)->lines.add, &runner->tasks->told, hear_told);
}

/* --- Before it runs ------------------------------------------------------------------------------------- */

static void
check_ended(void *self, int status, struct text output)
{
	struct runner *runner = self;

	if (status == 0)
		take_files(runner);
	else
		fail(runner, RESULT_REFUSED, "refuses its configuration", output);
}

static void
place_files(struct runner *runner)
{
	struct task          *task = runner->tasks;
	const struct program *program = current_program(task);
	struct files_owner    owner;
	struct buffer         message = BUFFER_NONE;

	if (!places_owner(program, runner->is_alone, &owner)) {
		fail(runner, RESULT_UNAVAILABLE, "lacks its user", text_of(program->user));
		return;
	}
	places_make(current_program(task), text_of(current(task)->name), runner->is_alone);
	const bool is_little = compare_lines(task);

	task->is_new = !files_are(current_directory(task), current(task));
	task->can_tell = !program->reloads || files_are_but(current_directory(task), current(task), program->reloads);
	if (task->is_new && files_place(current_directory(task), current(task), owner, &message) != RESULT_DONE) {
		task->is_new = false;
		fail(runner, RESULT_FAILED, "cannot be configured", buffer_text(&message));
		buffer_clear(&message);
		return;
	}
	if (is_little) {
		task->step = STEP_RELOAD;
		tell_lines(runner, program->lines.remove, &task->gone, hear_gone);
		return;
	}
	task->step = STEP_CHECK;
	if (!program->check[0])
		take_files(runner);
	else if (!run_job(runner, program->check, check_ended))
		fail(runner, RESULT_FAILED, "cannot be checked", text_of(strerror(errno)));
}

static void
stop_service(struct runner *runner)
{
	(void)supervisor_stop(runner->supervisor, current(runner->tasks)->name);
	wait_for(runner, STEP_STOP, STOP_LIMIT);
	advance(runner);
}

/* It runs and has these files: nothing to do. Otherwise the files are looked at again. */
static bool
is_there(const struct task *task)
{
	return task->was_up && task->bytes.len > 0 && files_are(current_directory(task), current(task));
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
	plan = current(task);
	program = current_program(task);
	status = status_of(runner, plan->name);
	task->was_up = status.state == DAEMON_RUNNING || status.state == DAEMON_WAITING;
	task->starts = status.starts;
	if (!plan->wanted)
		stop_service(runner);
	else if (access(program->run[0], X_OK) != 0)
		fail(runner, RESULT_UNAVAILABLE, "is not installed: apt install", text_of(program->package));
	else if (is_there(task))
		next_service(runner);
	else if (task->bytes.len > 0) {
		find_or_add(runner, plan->name);
		place_files(runner);
	} else {
		places_make(current_program(task), text_of(current(task)->name), runner->is_alone);
		if (task->was_up && task->action == SERVICE_START)
			next_service(runner);
		else
			start_anew(runner);
	}
}

/* --- Time passes --------------------------------------------------------------------------------------------- */

static void
advance(struct runner *runner)
{
	struct task                *task = runner->tasks;
	const struct daemon_status  status = status_of(runner, current(task)->name);
	char                        words[80];

	if (task->step == STEP_STOP) {
		if (status.state == DAEMON_STOPPED) {
			if (task->bytes.len > 0)
				files_remove(current_directory(task));
			next_service(runner);
		} else if (loop_clock() > task->deadline) {
			fail(runner, RESULT_FAILED, "does not stop", TEXT_NONE);
		} else {
			loop_start(runner->loop, &runner->poll, POLL);
		}
		return;
	}
	if (status.state == DAEMON_WAITING && status.starts > task->starts)
		fail(runner, RESULT_FAILED, "does not start",
		     text_of(child_status_words(status.ended, words, sizeof(words))));
	else if (loop_clock() > task->deadline)
		fail(runner, RESULT_FAILED, "does not answer", TEXT_NONE);
	else if (status.state == DAEMON_RUNNING && status.starts > task->starts)
		ask_ready(runner, &status);
	else
		loop_start(runner->loop, &runner->poll, POLL);
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
