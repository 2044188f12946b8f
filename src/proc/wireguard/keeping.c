/*
 * The kernel's own device, or where the kernel has none one of wireguard-go, which is our child then and makes it of a TUN device: in
 * either case it lives as long as this process. Whoever tells it something new is another process of the same program ("set").
 */
#include "proc/wireguard/keeping.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/wireguard/kernel.h"
#include "backend/wireguard/socket.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "proc/child/children.h"
#include "proc/child/loop.h"
#include "proc/service/files.h"
#include "proc/service/program.h"

#define PROGRAM   "/usr/bin/wireguard-go"
#define TUN       "/dev/net/tun"
#define FOLDER    "/run"
#define BEGINNING "drawbridge-wireguard-" /* of what WIREGUARD_FILES is called there */
#define FILE_NAME "device"
#define TOLD      WIREGUARD_FILES ".told"
#define START_MS  30000
#define POLL_MS   20

struct keeping {
	struct arena   *arena;
	const char     *name;
	int             signals;
	struct children children;
	struct child    daemon; /* where the kernel has no such devices */
	bool            is_over, is_lost;
};

static const char *
path_of(const struct keeping *keeping, const char *path)
{
	const char *service = arena_print(keeping->arena, "wireguard@%s", keeping->name);

	return program_path(keeping->arena, path, text_of(service));
}

static int
fail(const struct buffer *message, int status)
{
	fprintf(stderr, "%s\n", buffer_string(message));
	return status;
}

/* --- What is wanted, and making it so --------------------------------------------------------------- */

static bool
read_wanted(const struct keeping *keeping, struct wireguard *out, struct buffer *text, struct buffer *message)
{
	if (files_read(path_of(keeping, WIREGUARD_FILES), FILE_NAME, text) && wireguard_read(keeping->arena, buffer_text(text), out) &&
	    wireguard_key_is_set(out->key))
		return true;
	buffer_print(message, "the file of %s is malformed", keeping->name);
	return false;
}

/* What was told last; false: it is not known. */
static bool
read_told(const struct keeping *keeping, struct wireguard *out)
{
	scoped_buffer text = BUFFER_NONE;

	return files_read(FOLDER, strrchr(path_of(keeping, TOLD), '/') + 1, &text) &&
	       wireguard_read(keeping->arena, buffer_text(&text), out);
}

static void
write_told(const struct keeping *keeping, struct text text)
{
	const char *path = path_of(keeping, TOLD), *fresh = arena_print(keeping->arena, "%s.new", path);
	scoped_fd   fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text.ptr, text.len) != (ssize_t)text.len || rename(fresh, path) != 0)
		unlink(path);
}

static enum result
get(struct arena *arena, const char *name, bool *is_kernel, struct wireguard *out)
{
	const enum result result = wireguard_socket_get(arena, name, out);

	*is_kernel = result == RESULT_MISSING;
	return *is_kernel ? wireguard_kernel_get(arena, name, out) : result;
}

static enum result
set(const struct keeping *keeping, struct buffer *message)
{
	scoped_buffer           text = BUFFER_NONE;
	struct wireguard        want, have, told;
	struct wireguard_change change;
	bool                    is_kernel;
	enum result             result;

	if (!read_wanted(keeping, &want, &text, message))
		return RESULT_INVALID;
	result = get(keeping->arena, keeping->name, &is_kernel, &have);
	if (result != RESULT_DONE) {
		buffer_print(message, "%s is not there, or does not answer", keeping->name);
		return result;
	}
	if (wireguard_compare(keeping->arena, &want, &have, read_told(keeping, &told) ? &told : NULL, &change))
		result = is_kernel ? wireguard_kernel_set(keeping->name, &change, message)
		                   : wireguard_socket_set(keeping->name, &change, message);
	if (result == RESULT_DONE)
		write_told(keeping, buffer_text(&text));
	return result;
}

/* --- wireguard-go ------------------------------------------------------------------------------------- */

/* What there is instead of the kernel's. */
static bool
can_start_daemon(struct buffer *message)
{
	scoped_fd tun = open(TUN, O_RDWR | O_CLOEXEC);

	if (tun < 0)
		buffer_print(message, ", and for wireguard-go there is no " TUN " (module tun): %s", strerror(errno));
	else if (access(PROGRAM, X_OK) != 0)
		buffer_add_string(message, ", and in its place there is no wireguard-go: apt install wireguard-go");
	else
		return true;
	return false;
}

bool
wireguard_is_missing(void)
{
	return access(PROGRAM, X_OK) != 0 && wireguard_kernel_lacks();
}

static void
daemon_ended(void *self, int status)
{
	struct keeping *keeping = self;
	char            words[80];

	keeping->is_lost = true;
	if (!keeping->is_over)
		log_error("wireguard-go of %s %s", keeping->name, child_status_words(status, words, sizeof(words)));
}

static bool
start_daemon(struct keeping *keeping)
{
	static const char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "LOG_LEVEL=error", NULL };
	const char *const        argv[] = { PROGRAM, "-f", keeping->name, NULL };
	const struct spawn       spawn = { .path = PROGRAM, .argv = argv, .environment = environment };

	keeping->daemon = (struct child){ .ended = daemon_ended, .self = keeping };
	return children_start(&keeping->children, &keeping->daemon, &spawn);
}

/* --- Running ------------------------------------------------------------------------------------------- */

/* Signals that come within so many ms; -1: until one comes. */
static void
wait_for_signals(struct keeping *keeping, int milliseconds)
{
	struct pollfd           wait = { .fd = keeping->signals, .events = POLLIN };
	struct signalfd_siginfo about;

	if (poll(&wait, 1, milliseconds) <= 0)
		return;
	while (read(keeping->signals, &about, sizeof(about)) == (ssize_t)sizeof(about)) {
		keeping->is_over |= about.ssi_signo == SIGTERM || about.ssi_signo == SIGINT;
		if (about.ssi_signo == SIGCHLD)
			children_reap(&keeping->children);
	}
}

static bool
wait_for_daemon(struct keeping *keeping)
{
	const int64_t    end = loop_clock() + START_MS;
	struct wireguard have;

	while (!keeping->is_over && !keeping->is_lost && loop_clock() < end) {
		if (wireguard_socket_get(keeping->arena, keeping->name, &have) == RESULT_DONE)
			return true;
		wait_for_signals(keeping, POLL_MS);
	}
	return false;
}

static enum result
make(struct keeping *keeping, struct buffer *message)
{
	const enum result result = wireguard_kernel_make(keeping->name, message);

	if (result != RESULT_UNAVAILABLE || !can_start_daemon(message))
		return result;
	buffer_cut(message, 0);
	if (start_daemon(keeping) && wait_for_daemon(keeping))
		return RESULT_DONE;
	buffer_print(message, "wireguard-go does not make %s", keeping->name);
	return RESULT_FAILED;
}

static void
unmake(struct keeping *keeping)
{
	unlink(path_of(keeping, WIREGUARD_READY));
	unlink(path_of(keeping, TOLD));
	wireguard_kernel_drop(keeping->name);
	child_signal(&keeping->daemon, SIGTERM);
	for (const int64_t end = loop_clock() + START_MS; keeping->daemon.pid && loop_clock() < end;)
		wait_for_signals(keeping, POLL_MS);
}

static void
say_ready(const struct keeping *keeping)
{
	scoped_fd file = open(path_of(keeping, WIREGUARD_READY), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (file < 0)
		log_error("%s is there, but cannot say so: %s", keeping->name, strerror(errno));
}

static int
run(struct keeping *keeping)
{
	scoped_buffer message = BUFFER_NONE;
	enum result   result;

	keeping->signals = children_catch_signals();
	unlink(path_of(keeping, TOLD));
	result = keeping->signals < 0 ? RESULT_FAILED : make(keeping, &message);
	if (result == RESULT_DONE)
		result = set(keeping, &message);
	if (result == RESULT_DONE) {
		say_ready(keeping);
		while (!keeping->is_over && !keeping->is_lost)
			wait_for_signals(keeping, -1);
	} else {
		log_error("%s", buffer_string(&message));
	}
	/* Somebody else's is not touched. */
	if (result != RESULT_CONFLICT)
		unmake(keeping);
	return keeping->is_over ? 0 : 1;
}

/* --- The other verbs ---------------------------------------------------------------------------------- */

static int
check(const struct keeping *keeping)
{
	scoped_buffer    text = BUFFER_NONE, message = BUFFER_NONE;
	struct wireguard want;

	if (!read_wanted(keeping, &want, &text, &message))
		return fail(&message, 1);
	if (!wireguard_kernel_lacks())
		return 0;
	buffer_add_string(&message, "this kernel has no WireGuard (module wireguard)");
	return can_start_daemon(&message) ? 0 : fail(&message, PROGRAM_CANNOT);
}

static int
set_again(const struct keeping *keeping)
{
	scoped_buffer message = BUFFER_NONE;

	return set(keeping, &message) == RESULT_DONE ? 0 : fail(&message, 1);
}

static void
show_one(const char *name, struct buffer *out)
{
	scoped_arena     arena = arena_new();
	struct wireguard have;
	bool             is_kernel;

	if (get(arena, name, &is_kernel, &have) != RESULT_DONE)
		return;
	buffer_print(out, "interface=%s\n", name);
	wireguard_print(out, &have, false);
}

/* Those of ours: of each there is a folder. */
static int
show(void)
{
	scoped_buffer        out = BUFFER_NONE;
	DIR                 *folder = opendir(FOLDER);
	const struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		const struct text name = text_of(entry->d_name);

		if (text_starts(name, TEXT(BEGINNING)) && wireguard_name_is_valid(text_after(name, strlen(BEGINNING))))
			show_one(entry->d_name + strlen(BEGINNING), &out);
	}
	if (folder)
		closedir(folder);
	fputs(buffer_string(&out), stdout);
	return 0;
}

int
wireguard_run(int argc, char *argv[])
{
	scoped_arena   arena = arena_new();
	struct keeping keeping = { .arena = arena, .name = argc == 4 ? argv[3] : "", .signals = -1 };
	const char    *verb = argc > 2 ? argv[2] : "";

	log_set_name("wireguard");
	if (argc == 3 && strcmp(verb, "show") == 0)
		return show();
	if (argc == 4 && wireguard_name_is_valid(text_of(keeping.name))) {
		if (strcmp(verb, "run") == 0)
			return run(&keeping);
		if (strcmp(verb, "set") == 0)
			return set_again(&keeping);
		if (strcmp(verb, "check") == 0)
			return check(&keeping);
	}
	log_error("a device of WireGuard is made by drawbridged, not by hand");
	return 2;
}
