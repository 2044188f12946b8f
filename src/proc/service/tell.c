/* Telling a daemon of its new files, in each way that daemons can be told, and hearing whether it is ready. */
#include "proc/service/runner_inside.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "backend/manager.h"
#include "proc/child/job.h"
#include "proc/child/settle.h"
#include "proc/child/talk.h"
#include "proc/service/files.h"
#include "proc/service/lines.h"

/* All in ms. */
#define CHECK_LIMIT  60000
#define READY_LIMIT  100000 /* from the start to the answer */
#define FAIR_AFTER   4000   /* until what will do will do */
#define TALK_LIMIT   20000
#define ANSWER_MAX   (64 * 1024) /* bytes of what a daemon says to a question of ours */

/* --- Ready? -------------------------------------------------------------------------------------------- */

static void
reload_ended(void *self, int status, struct text output)
{
	if (status == 0)
		step_succeed(self);
	else
		step_fail(self, RESULT_FAILED, "does not take its new configuration", output);
}

static void
tell_all(struct runner *runner)
{
	runner->tasks->step = STEP_RELOAD;
	if (!tell_run(runner, task_program(runner->tasks)->reload, reload_ended))
		step_fail(runner, RESULT_FAILED, "cannot be told", text_of(strerror(errno)));
}

/* It runs and listens. */
static void
is_ready(struct runner *runner)
{
	if (task_program(runner->tasks)->is_told)
		tell_all(runner);
	else
		step_succeed(runner);
}

static void
hear_ready(void *self, bool is_whole, struct text answer)
{
	struct runner        *runner = self;
	const struct program *program = task_program(runner->tasks);

	if (is_whole && program->ready.bad && text_contains(answer, text_of(program->ready.bad)))
		step_complain(runner, "runs, but not all is well", answer);
	else if (is_whole && text_contains(answer, text_of(program->ready.good)))
		is_ready(runner);
	else if (is_whole && program->ready.fair && loop_clock() > runner->tasks->fair_at &&
		 text_contains(answer, text_of(program->ready.fair)))
		is_ready(runner);
	else
		loop_start(runner->loop, &runner->poll, STEP_POLL);
}

static void
ask_ready(struct runner *runner)
{
	const struct program   *program = task_program(runner->tasks);
	const struct talk_order order = {
		.path = program_path(runner->tasks->arena, program->ready.socket, text_of(task_plan(runner->tasks)->name)),
		.request = text_of(program->ready.request), .is_whole = program->ready.is_whole, .max = ANSWER_MAX, .limit = TALK_LIMIT,
		.done = hear_ready, .self = runner,
	};

	talk_start(runner->loop, &order);
}

void
tell_ready(struct runner *runner, const struct daemon_status *status)
{
	struct task          *task = runner->tasks;
	const struct program *program = task_program(task);
	const struct text     name = text_of(task_plan(task)->name);

	if (task->is_signalled && !settle_is_done(status->pid, task->sleeps)) {
		loop_start(runner->loop, &runner->poll, STEP_POLL);
		return;
	}
	if (program->ready.socket) {
		ask_ready(runner);
		return;
	}
	if (program->ready_path ? access(program_path(task->arena, program->ready_path, name), F_OK) == 0
				: loop_clock() - status->since >= program->ready_after)
		is_ready(runner);
	else
		loop_start(runner->loop, &runner->poll, STEP_POLL);
}

/* --- Telling it ------------------------------------------------------------------------------------------- */

static void
wait_ready(struct runner *runner)
{
	runner->tasks->starts = 0;
	runner->tasks->fair_at = loop_clock() + FAIR_AFTER;
	step_wait(runner, STEP_READY, READY_LIMIT);
}

static void
hear_reload(void *self, bool is_whole, struct text answer)
{
	struct runner        *runner = self;
	const struct program *program = task_program(runner->tasks);

	if (!is_whole || !text_contains(answer, text_of(program->ask_reload.good)))
		step_fail(runner, RESULT_FAILED, "does not take its new configuration", answer);
	else if (program->ready.fair || program->ready.bad)
		wait_ready(runner);
	else
		step_succeed(runner);
}

bool
tell_run(struct runner *runner, const char *const *command, void (*done)(void *, int, struct text))
{
	struct task          *task = runner->tasks;
	const struct program *program = task_program(task);
	const struct job_order order = {
		.argv = program_words(task->arena, command, text_of(task_plan(task)->name)),
		.environment = program->environment, .limit = CHECK_LIMIT, .done = done, .self = runner,
	};

	return job_start(runner->loop, runner->children, &order) != NULL;
}

void
tell_start(struct runner *runner)
{
	struct task          *task = runner->tasks;
	const struct program *program = task_program(task);
	const struct text     name = text_of(task_plan(task)->name);
	scoped_buffer         message = BUFFER_NONE, words = BUFFER_NONE;
	const struct service *service = service_find(runner, name);
	const char *const    *argv;
	enum result           result;

	if (!task->was_up && program->unit && !runner->is_alone && manager_yield(program->unit, &message) != RESULT_DONE) {
		step_fail(runner, RESULT_FAILED, "cannot be started", buffer_text(&message));
		return;
	}
	if (program->ready_path)
		unlink(program_path(task->arena, program->ready_path, name));
	(void)files_read(task_directory(task), "words", &words);
	argv = program_run(task->arena, program, name, runner->is_alone, buffer_text(&words));
	if (!argv) {
		step_fail(runner, RESULT_REFUSED, "cannot be started", TEXT("it may not be told this"));
		return;
	}
	/* With other words it is started anew by itself. */
	result = supervisor_start_to(runner->supervisor, task_plan(task)->name, argv, program->environment,
				     service->words ? words_fd(service->words) : service->said[1]);
	if (result == RESULT_DONE && task->was_up && step_status(runner, task_plan(task)->name).starts == task->starts)
		result = supervisor_restart(runner->supervisor, task_plan(task)->name);
	task->fair_at = loop_clock() + FAIR_AFTER;
	step_wait(runner, STEP_READY, READY_LIMIT);
	if (result != RESULT_DONE)
		step_fail(runner, result, "cannot be started", TEXT("too many services"));
}

static bool
signal_reload(struct runner *runner)
{
	struct task *task = runner->tasks;
	const char  *name = task_plan(task)->name;
	const int    number = task_program(task)->signal_reload;

	task->sleeps = settle_sleeps(step_status(runner, name).pid);
	if (number == 0 || supervisor_signal(runner->supervisor, name, number) != RESULT_DONE)
		return false;
	task->is_signalled = true;
	wait_ready(runner);
	return true;
}

bool
tell_can_reload(const struct runner *runner)
{
	const struct task *task = runner->tasks;

	return task->was_up && task->can_tell && step_status(runner, task_plan(task)->name).state == DAEMON_RUNNING;
}

/* The files are in place and fine. */
void
tell_take(struct runner *runner)
{
	struct task          *task = runner->tasks;
	const struct program *program = task_program(task);
	const char           *name = task_plan(task)->name;

	if (!tell_can_reload(runner) || task->action == SERVICE_RESTART) {
		tell_start(runner);
		return;
	}
	task->step = STEP_RELOAD;
	if (program->ask_reload.socket) {
		const struct talk_order order = {
			.path = program_path(task->arena, program->ask_reload.socket, text_of(name)),
			.request = text_of(program->ask_reload.request), .is_whole = program->ask_reload.is_whole, .max = ANSWER_MAX, .limit = TALK_LIMIT,
			.done = hear_reload, .self = runner,
		};

		talk_start(runner->loop, &order);
	} else if (program->reload[0]) {
		tell_all(runner);
	} else if (!signal_reload(runner)) {
		tell_start(runner);
	}
}

/* --- Telling it only what changed ------------------------------------------------------------------------ */

/* Both halves are made before the files are replaced. False: all of it must be read again. */
bool
tell_compare(struct task *task)
{
	const struct program_lines *lines = &task_program(task)->lines;
	const struct service_plan  *plan = task_plan(task);
	struct text                 now = TEXT_NONE;
	scoped_buffer               old = BUFFER_NONE;

	buffer_cut(&task->gone, 0);
	buffer_cut(&task->told, 0);
	if (!task->was_up || !lines->file || !files_are_but(task_directory(task), plan, lines->inner) ||
	    !files_read(task_directory(task), lines->file, &old))
		return false;
	for (size_t i = 0; i < plan->nfiles; i++)
		if (strcmp(plan->files[i].name, lines->file) == 0)
			now = plan->files[i].content;
	return lines_compare(buffer_text(&old), now, &task->gone, &task->told);
}

static void
tell_lines(struct runner *runner, const char *begin, const struct buffer *lines, void (*done)(void *, bool, struct text))
{
	const struct program_lines *how = &task_program(runner->tasks)->lines;
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

	if (is_whole && !text_contains(answer, text_of(task_program(runner->tasks)->lines.bad)))
		step_succeed(runner);
	else
		step_fail(runner, RESULT_REFUSED, "does not take its new configuration", answer);
}

static void
hear_gone(void *self, bool is_whole, struct text answer)
{
	struct runner *runner = self;

	if (!is_whole)
		step_fail(runner, RESULT_FAILED, "does not take its new configuration", answer);
	else
		tell_lines(runner, task_program(runner->tasks)->lines.add, &runner->tasks->told, hear_told);
}

void
tell_changes(struct runner *runner)
{
	runner->tasks->step = STEP_RELOAD;
	tell_lines(runner, task_program(runner->tasks)->lines.remove, &runner->tasks->gone, hear_gone);
}
