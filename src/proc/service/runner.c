/* A list of tasks, of which the first is under way (step.c). */
#include "proc/service/runner_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/log.h"
#include "proc/service/stale.h"
#include "wire/sealed.h"

static void
queue(struct runner *runner, struct task *task)
{
	struct task **end = &runner->tasks;
	const bool    is_first = !runner->tasks;

	while (*end)
		end = &(*end)->next;
	*end = task;
	if (is_first)
		step_begin(runner);
}

static struct task *
make_task(runner_done *done, void *self)
{
	struct arena *arena = arena_new();
	struct task  *task = ARENA_MAKE(arena, struct task, 1);

	*task = (struct task){ .arena = arena, .done = done, .self = self };
	return task;
}

/* What runs of the programs that the plan is about and is not in it is to be stopped. */
static void
add_gone(const struct runner *runner, struct task *task)
{
	struct services     *services = &task->services;
	struct service_plan *plans;
	size_t               count = services->n;

	for (const struct service *one = runner->first; one; one = one->next)
		count++;
	plans = ARENA_MAKE(task->arena, struct service_plan, count);
	count = 0;
	for (const struct service *one = runner->first; one; one = one->next) {
		bool is_ours = false, is_wanted = false;

		for (size_t i = 0; i < services->nprograms; i++)
			is_ours |= strcmp(services->programs[i], one->program->name) == 0;
		for (size_t i = 0; i < services->n; i++)
			is_wanted |= strcmp(services->plans[i].name, one->name) == 0;
		if (is_ours && !is_wanted)
			plans[count++] = (struct service_plan){ .name = one->name };
	}
	/* Who stops may hold what another one needs. */
	for (int wanted = 0; wanted < 2; wanted++)
		for (size_t i = 0; i < services->n; i++)
			if (services->plans[i].wanted == wanted)
				plans[count++] = services->plans[i];
	services->plans = plans;
	services->n = count;
}

bool
runner_apply(struct runner *runner, struct text bytes, runner_done *done, void *self)
{
	struct task *task = make_task(done, self);
	bool         is_good = services_decode(task->arena, bytes, &task->services);

	for (size_t i = 0; is_good && i < task->services.n; i++)
		is_good = program_find(text_of(task->services.plans[i].name)) != NULL;
	if (!is_good) {
		sealed_unmap(&bytes);
		arena_free(task->arena);
		return false;
	}
	task->bytes = bytes;
	add_gone(runner, task);
	queue(runner, task);
	return true;
}

static struct task *
make_act(const struct service *service, enum service_action action, runner_done *done, void *self)
{
	struct task         *task = make_task(done, self);
	struct service_plan *plan = ARENA_MAKE(task->arena, struct service_plan, 1);

	*plan = (struct service_plan){ .name = service->name, .wanted = action != SERVICE_STOP };
	task->services = (struct services){ .plans = plan, .n = 1 };
	task->action = action;
	return task;
}

void
runner_act(struct runner *runner, struct text name, enum service_action action, runner_done *done, void *self)
{
	const struct service *service = service_find(runner, name);

	if (service)
		queue(runner, make_act(service, action, done, self));
	else
		done(self, RESULT_MISSING, TEXT("no such service is configured"));
}

bool
runner_status(const struct runner *runner, struct text name, struct daemon_status *out)
{
	const struct service *service = service_find(runner, name);

	if (!service)
		return false;
	*out = (struct daemon_status){ .state = DAEMON_STOPPED };
	(void)supervisor_status(runner->supervisor, service->name, out);
	return true;
}

bool
runner_wants(const struct runner *runner, struct text name)
{
	const struct service *service = service_find(runner, name);

	return service && service->is_wanted;
}

enum result
runner_signal(struct runner *runner, struct text name, int signal)
{
	const struct service *service = service_find(runner, name);

	return service ? supervisor_signal(runner->supervisor, service->name, signal) : RESULT_MISSING;
}

const char *
runner_name(const struct runner *runner, size_t n)
{
	const struct service *service = runner->first;

	while (service && n-- > 0)
		service = service->next;
	return service ? service->name : NULL;
}

int
runner_hear(const struct runner *runner, struct text name)
{
	const struct service *service = service_find(runner, name);

	return service && service->said[0] > 0 ? fcntl(service->said[0], F_DUPFD_CLOEXEC, 0) : -1;
}

static void
ignore(void *self, enum result result, struct text message)
{
	(void)self;
	(void)result;
	(void)message;
}

/* It was started anew and knows nothing; a task that is at it tells it by itself. */
static void
tell_again(struct runner *runner, const struct service *service)
{
	struct task *task = runner->tasks;

	if (runner->is_ending || (task && task->services.n > 0 && strcmp(task_plan(task)->name, service->name) == 0))
		return;
	task = make_act(service, SERVICE_START, ignore, NULL);
	task->is_back = task->was_up = true;
	queue(runner, task);
}

static void
daemon_changed(void *self, const char *name, const struct daemon_status *status)
{
	const struct service *service = service_find(self, text_of(name));

	stale_note(name, status->pid);
	if (!service || !service->program->is_told)
		return;
	/* The socket of one that is dead would look like a living one's. */
	if (status->state == DAEMON_RUNNING)
		tell_again(self, service);
	else
		unlink(service->program->ready_path);
}

struct runner *
runner_new(struct loop *loop, struct children *children, bool is_alone)
{
	struct runner *runner = calloc(1, sizeof(*runner));

	BUG_IF(!runner, "out of memory");
	stale_end();
	if (!stale_watch())
		log_warning("daemons that become other users would outlive us: %s", strerror(errno));
	*runner = (struct runner){ .loop = loop, .children = children, .is_alone = is_alone };
	runner->poll = (struct timer){ .due = step_advance, .self = runner };
	runner->supervisor = supervisor_new(loop, children, &supervise_times, daemon_changed, runner);
	return runner;
}

void
runner_listen(struct runner *runner, words_said *said, void *self)
{
	runner->said = said;
	runner->said_self = self;
}

void
runner_free(struct runner *runner)
{
	if (!runner)
		return;
	loop_cancel(runner->loop, &runner->poll);
	supervisor_free(runner->supervisor);
	while (runner->first) {
		struct service *service = runner->first;

		runner->first = service->next;
		words_free(service->words);
		for (size_t i = 0; i < 2; i++)
			if (service->said[i] > 0)
				close(service->said[i]);
		free(service);
	}
	free(runner);
}

void
runner_end(struct runner *runner, void (*done)(void *self), void *self)
{
	runner->is_ending = true;
	supervisor_end(runner->supervisor, done, self);
}
