/*
 * The machine's secure shell: written, checked by sshd itself, and only then told to the one that runs. Who is in stays in; a file
 * that is refused is taken back before anybody has read it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/access/files.h"
#include "backend/access/ssh.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "proc/access/orders.h"
#include "proc/child/job.h"
#include "proc/service/ticket.h"
#include "wire/bulk.h"

#define SSHD        "/usr/sbin/sshd"
#define PID_FILE    "/run/sshd.pid"
#define CHECK_LIMIT 20000 /* ms */

/* One change under way. */
struct change {
	struct ticket *ticket;
	struct buffer  old;
	bool           enabled;
};

static int
open_directory(void)
{
	return open(SSH_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The process that the machine runs; 0: none. */
static pid_t
find_daemon(void)
{
	scoped_buffer line = BUFFER_NONE;
	char          path[40], program[64];
	int64_t       pid;
	ssize_t       n;

	if (!file_read_whole(AT_FDCWD, PID_FILE, 32, &line) || !number_read(text_trim(buffer_text(&line)), 2, INT32_MAX, &pid))
		return 0;
	snprintf(path, sizeof(path), "/proc/%lld/exe", (long long)pid);
	n = readlink(path, program, sizeof(program));
	return n > 0 && text_starts((struct text){ program, (size_t)n }, TEXT(SSHD)) ? (pid_t)pid : 0;
}

static void
finish(struct change *change, enum result result, struct text message)
{
	ticket_answer(change->ticket, result, message);
	buffer_clear(&change->old);
	free(change);
}

static void
checked(void *self, int status, struct text output)
{
	struct change *change = self;
	scoped_fd      directory = open_directory();
	scoped_buffer  message = BUFFER_NONE;
	const pid_t    daemon = find_daemon();

	if (status != 0) {
		ssh_restore(directory, &change->old);
		buffer_print(&message, "sshd refuses its configuration: %.*s", TEXT_ARGS(text_first(text_trim(output), 600)));
		finish(change, RESULT_REFUSED, buffer_text(&message));
	} else if (daemon > 0 && kill(daemon, SIGHUP) != 0) {
		finish(change, RESULT_FAILED, TEXT("sshd cannot be told"));
	} else if (change->enabled && daemon == 0) {
		finish(change, RESULT_UNAVAILABLE, TEXT("sshd is configured, but does not run: systemctl enable --now ssh"));
	} else if (!change->enabled && daemon > 0) {
		finish(change, RESULT_REFUSED,
		       TEXT("the machine's own sshd is left running, as the machine has it: systemctl disable --now ssh"));
	} else {
		finish(change, RESULT_DONE, TEXT_NONE);
	}
}

static bool
begin(struct post *post, const struct ssh *ssh, struct answer *out)
{
	static const char *const check[] = { SSHD, "-t", NULL }, *const environment[] = { "PATH=/usr/sbin:/usr/bin", NULL };
	struct change           *change = calloc(1, sizeof(*change));
	const struct job_order   order = { .argv = check, .environment = environment, .limit = CHECK_LIMIT, .done = checked,
					   .self = change };
	scoped_fd                directory = open_directory();

	BUG_IF(!change, "out of memory");
	change->enabled = ssh->enabled;
	if (directory < 0 || !ssh_write(directory, ssh->enabled ? ssh : NULL, &change->old)) {
		free(change);
		return answer_refuse(out, RESULT_FAILED, TEXT(SSH_DIRECTORY "/" SSH_FILE " cannot be written"));
	}
	change->ticket = ticket_new(post, ORDER_SET_SSH);
	out->is_later = true;
	if (!job_start(post->loop, post->children, &order)) {
		ssh_restore(directory, &change->old);
		finish(change, RESULT_FAILED, TEXT("sshd cannot be asked whether this is right"));
	}
	return true;
}

bool
set_ssh(struct post *post, struct reader *in, struct answer *out)
{
	struct ssh ssh = { .enabled = get_bool(in) };

	ssh.port = get_u16(in);
	ssh.login = get_choice(in, SSH_LOGINS);
	ssh.forwards_agent = get_bool(in);
	ssh.admits_root = get_bool(in);
	ssh.naddresses = get_choice(in, SSH_ADDRESSES_MAX + 1);
	for (size_t i = 0; i < ssh.naddresses && !in->failed; i++)
		ssh.addresses[i] = get_address(in);
	if (!got_all(in) || !ssh_is_valid(&ssh))
		return false;
	if (post->apply == APPLY_NONE)
		return true;
	if (post->apply != APPLY_HOST || !post->runner)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("the secure shell of the machine is not ours"));
	if (access(SSHD, X_OK) != 0)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("sshd is not installed: apt install openssh-server"));
	return begin(post, &ssh, out);
}
