/* Slots; a process takes packets until it is told to end, or has enough. */
#include "proc/capture/captures.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "proc/capture/taker.h"
#include "proc/child/loop.h"

#define LINKTYPE_ETHERNET 1
#define LINKTYPE_RAW      101

/* The head of a file in the format of pcap. */
struct head {
	uint32_t magic;
	uint16_t major, minor;
	int32_t  zone;
	uint32_t accuracy, snaplen, linktype;
};

struct capture {
	uint32_t     id; /* 0: free */
	bool         is_simulated;
	struct child child;
};

struct captures {
	struct children *children;
	int              program;
	uint32_t         last_id;
	struct capture   slots[CAPTURES_MAX];
};

static void
ended(void *self, int status)
{
	struct capture *capture = self;

	(void)status;
	capture->id = 0;
}

/* A file with its head, and a second descriptor of it that can only be read. */
static int
begin_file(bool is_raw, size_t snaplen, int *reader)
{
	const struct head head = { 0xa1b2c3d4, 2, 4, 0, 0, (uint32_t)snaplen, is_raw ? LINKTYPE_RAW : LINKTYPE_ETHERNET };
	const int         file = memfd_create("drawbridge-capture", MFD_CLOEXEC);
	char              path[64];

	if (file < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	*reader = open(path, O_RDONLY | O_CLOEXEC);
	if (*reader >= 0 && write(file, &head, sizeof(head)) == (ssize_t)sizeof(head))
		return file;
	if (*reader >= 0)
		close(*reader);
	close(file);
	return -1;
}

static bool
start_taker(struct captures *captures, struct capture *capture, int socket, int file, size_t snaplen, size_t count)
{
	char              numbers[2][24];
	const char *const argv[] = { "drawbridged", TAKER_ARGUMENT, numbers[0], numbers[1], NULL };
	const char *const environment[] = { NULL };
	const int         fds[] = { socket, file };
	const struct spawn spawn = { .file = captures->program, .argv = argv, .environment = environment, .fds = fds, .nfds = 2 };

	snprintf(numbers[0], sizeof(numbers[0]), "%zu", snaplen);
	snprintf(numbers[1], sizeof(numbers[1]), "%zu", count);
	capture->child = (struct child){ .ended = ended, .self = capture };
	return children_start(captures->children, &capture->child, &spawn);
}

static struct capture *
free_slot(struct captures *captures)
{
	for (size_t i = 0; i < CAPTURES_MAX; i++)
		if (captures->slots[i].id == 0)
			return &captures->slots[i];
	return NULL;
}

enum result
captures_start(struct captures *captures, const struct backends *backends, const struct capture_wish *wish, size_t snaplen,
	       size_t count, uint32_t *id, int *file, struct buffer *message)
{
	struct capture       *capture = free_slot(captures);
	struct capture_socket taken = { -1, false };

	if (!capture) {
		buffer_print(message, "%d captures are running already", CAPTURES_MAX);
		return RESULT_TOO_BIG;
	}
	const enum result result = backends->open_capture(backends->self, wish, &taken, message);
	scoped_fd         socket = taken.fd;

	if (result != RESULT_DONE)
		return result;
	scoped_fd writer = begin_file(taken.is_raw, snaplen, file);

	if (writer < 0) {
		buffer_print(message, "no memory for packets: %s", strerror(errno));
		return RESULT_FAILED;
	}
	capture->is_simulated = socket < 0;
	if (socket >= 0 && !start_taker(captures, capture, socket, writer, snaplen, count)) {
		buffer_print(message, "cannot start myself again: %s", strerror(errno));
		close(*file);
		return RESULT_FAILED;
	}
	if (++captures->last_id == 0)
		captures->last_id = 1;
	*id = capture->id = captures->last_id;
	return RESULT_DONE;
}

static void
stop(struct capture *capture)
{
	if (capture->is_simulated)
		capture->id = 0;
	else
		child_signal(&capture->child, SIGTERM);
}

bool
captures_stop(struct captures *captures, uint32_t id)
{
	for (size_t i = 0; i < CAPTURES_MAX; i++)
		if (id != 0 && captures->slots[i].id == id) {
			stop(&captures->slots[i]);
			return true;
		}
	return false;
}

size_t
captures_list(const struct captures *captures, uint32_t ids[CAPTURES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < CAPTURES_MAX; i++)
		if (captures->slots[i].id != 0)
			ids[n++] = captures->slots[i].id;
	return n;
}

void
captures_end(struct captures *captures)
{
	for (size_t i = 0; captures && i < CAPTURES_MAX; i++)
		if (captures->slots[i].id != 0)
			stop(&captures->slots[i]);
}

struct captures *
captures_new(struct children *children, int program)
{
	struct captures *captures = calloc(1, sizeof(*captures));

	BUG_IF(!captures, "out of memory");
	captures->children = children;
	captures->program = program;
	return captures;
}

void
captures_free(struct captures *captures)
{
	free(captures);
}
