/* The files lie where a checker finds them and no daemon does: the words of its command are told that other directory. */
#include "proc/service/trial.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "plan/service/service.h"
#include "proc/child/job.h"
#include "proc/service/files.h"
#include "proc/service/places.h"
#include "proc/service/program.h"
#include "proc/service/ticket.h"
#include "wire/sealed.h"

#define SUFFIX "-trial"
#define LIMIT  60000 /* ms */

struct trial {
	struct post   *post;
	struct ticket *ticket;
	struct arena  *arena;
	const char    *directory;
};

static void
finish(struct trial *trial, enum result result, struct text said)
{
	files_remove(trial->directory);
	trial->post->is_trying = false;
	ticket_answer_sealed(trial->ticket, result, said);
	arena_free(trial->arena);
	free(trial);
}

static void
ended(void *self, int status, struct text output)
{
	finish(self, status == 0 ? RESULT_DONE : RESULT_REFUSED, text_first(text_trim(output), ORDER_MESSAGE_MAX));
}

/* The command with the trial's directory in place of the real one. */
static const char *const *
words_of(const struct trial *trial, const struct program *program, struct text service)
{
	const char *const *command = program_words(trial->arena, program->check, service);
	const struct text  real = text_of(program_path(trial->arena, program->directory, service));
	const char       **words = ARENA_MAKE(trial->arena, const char *, PROGRAM_WORDS_MAX);

	for (size_t i = 0; command && command[i]; i++)
		words[i] = text_starts(text_of(command[i]), real)
				   ? arena_print(trial->arena, "%s%s", trial->directory, command[i] + real.len)
				   : command[i];
	return command ? words : NULL;
}

static void
run(struct trial *trial, const struct service_plan *plan)
{
	const struct program *program = program_find(text_of(plan->name));
	struct files_owner    owner;
	scoped_buffer         message = BUFFER_NONE;
	const struct job_order order = {
		.argv = words_of(trial, program, text_of(plan->name)), .environment = program->environment, .limit = LIMIT,
		.done = ended, .self = trial,
	};

	places_make(program, text_of(plan->name), trial->post->apply == APPLY_SANDBOX);
	if (access(program->run[0], X_OK) != 0)
		finish(trial, RESULT_UNAVAILABLE, text_of(arena_print(trial->arena, "%s is not installed: apt install %s",
								      program->name, program->package)));
	else if (!order.argv || !places_owner(program, trial->post->apply == APPLY_SANDBOX, &owner))
		finish(trial, RESULT_UNAVAILABLE, TEXT("it has no checker, or no user"));
	else if (files_place(trial->directory, plan, owner, &message) != RESULT_DONE)
		finish(trial, RESULT_FAILED, buffer_text(&message));
	else if (!job_start(trial->post->loop, trial->post->children, &order))
		finish(trial, RESULT_FAILED, TEXT("its checker cannot be started"));
}

static bool
begin(struct post *post, const struct services *services, struct answer *out)
{
	const struct service_plan *plan = services->plans;
	const struct program      *program = services->n > 0 ? program_find(text_of(plan->name)) : NULL;
	struct trial              *trial;

	if (!program || !plan->wanted)
		return false;
	if (!post->runner)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("the services of the machine are not ours"));
	if (post->is_trying)
		return answer_refuse(out, RESULT_TOO_BIG, TEXT("another check is running: try again when it has ended"));
	post->is_trying = true;
	trial = malloc(sizeof(*trial));
	BUG_IF(!trial, "out of memory");
	*trial = (struct trial){ post, ticket_new(post, ORDER_TRY_SERVICES), arena_new(), NULL };
	trial->directory = arena_print(trial->arena, "%s" SUFFIX, program_path(trial->arena, program->directory, text_of(plan->name)));
	out->is_later = true;
	run(trial, plan);
	return true;
}

bool
try_services(struct post *post, struct reader *in, struct answer *out)
{
	scoped_fd       fd = get_fd(in);
	scoped_sealed   bytes = TEXT_NONE;
	scoped_arena    arena = arena_new();
	struct services services;

	return got_all(in) && sealed_map(fd, SERVICES_BYTES_MAX, &bytes) && services_decode(arena, bytes, &services) &&
	       begin(post, &services, out);
}
