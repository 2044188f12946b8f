/*
 * The only place where a text of a client is given to a shell, because that is what the operation means. The shell gets it as one
 * argument, nothing of our environment, and a process group that does not outlive the command.
 */
#include "proc/child/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "proc/child/job.h"
#include "proc/service/ticket.h"

#define SHELL "/bin/sh"

_Static_assert(COMMAND_SAID_MAX == JOB_OUTPUT_MAX, "a job keeps what a command may say");

struct command {
	struct post   *post;
	struct ticket *ticket;
	int64_t        began; /* loop_clock() */
};

static enum command_end
end_of(const struct command *command, int status, struct text said)
{
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		return COMMAND_ENDED;
	if (said.len == COMMAND_SAID_MAX)
		return COMMAND_FULL;
	return loop_clock() - command->began >= (int64_t)command->post->command_limit * 1000 ? COMMAND_LATE : COMMAND_ENDED;
}

static void
command_ended(void *self, int status, struct text said)
{
	struct command *command = self;
	scoped_buffer   whole = BUFFER_NONE;
	scoped_writer   head;

	writer_init(&head);
	put_u32(&head, end_of(command, status, said));
	buffer_add(&whole, writer_text(&head));
	buffer_add(&whole, said);
	command->post->commands--;
	ticket_answer_sealed(command->ticket, RESULT_DONE, buffer_text(&whole));
	free(command);
}

static bool
start(struct post *post, const char *line)
{
	static const char *const environment[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	const char *const        argv[] = { SHELL, "-c", line, NULL };
	struct command          *command = malloc(sizeof(*command));
	const struct job_order   order = {
		.argv = argv, .environment = environment, .limit = post->command_limit * 1000, .ends_full = true,
		.done = command_ended, .self = command,
	};

	BUG_IF(!command, "out of memory");
	*command = (struct command){ post, ticket_new(post, ORDER_COMMAND), loop_clock() };
	if (job_start(post->loop, post->children, &order)) {
		post->commands++;
		return true;
	}
	ticket_free(command->ticket);
	free(command);
	return false;
}

bool
run_command(struct post *post, struct reader *in, struct answer *out)
{
	const struct text line = get_text(in, COMMAND_MAX);
	char              room[COMMAND_MAX + 1] = "";

	if (!got_all(in) || line.len == 0 || memchr(line.ptr, '\0', line.len))
		return false;
	if (!post->command_limit)
		return answer_refuse(out, RESULT_REFUSED, TEXT("commands are not allowed on this box"));
	if (post->apply == APPLY_NONE)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("this box is simulated: there is nothing to run commands on"));
	if (post->commands == COMMANDS_MAX)
		return answer_refuse(out, RESULT_TOO_BIG, TEXT("other commands are running: try again when they have ended"));
	memcpy(room, line.ptr, line.len);
	out->is_later = start(post, room);
	return out->is_later || answer_refuse(out, RESULT_FAILED, text_of(strerror(errno)));
}
