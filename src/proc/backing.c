/* Choosing the backends by what the keeper was told. */
#include "proc/backing.h"

#include <string.h>

#include "base/number.h"

#define SSH_PORT 22

/* Where management comes in: SSH, and what we listen on. */
static bool
close_box(struct backing *backing, const struct listener *listeners, size_t count, struct buffer *message)
{
	uint16_t ports[LISTENERS_MAX + 1] = { SSH_PORT };
	size_t   nports = 1;

	for (size_t i = 0; i < count; i++) {
		const char *colon = strrchr(listeners[i].address, ':');
		int64_t     port;

		if (listeners[i].kind != LISTENER_LOCAL && colon && number_read(text_of(colon + 1), 1, UINT16_MAX, &port))
			ports[nports++] = (uint16_t)port;
	}
	return kernel_close_box(backing->kernel, ports, nports, message) == RESULT_DONE;
}

bool
backing_open(struct backing *backing, const struct options *options, const struct listener *listeners, size_t count,
	     struct backends *out, struct buffer *message)
{
	if (options->apply == APPLY_NONE) {
		*out = recording_backends(&backing->recording);
		return true;
	}
	if (kernel_open(&backing->kernel, message) != RESULT_DONE)
		return false;
	*out = kernel_backends(backing->kernel);
	if (options->netns && !options->machine) {
		out->set_identity = NULL;
		out->set_accounts = NULL;
		out->set_tunables = NULL;
	}
	return close_box(backing, listeners, count, message);
}

void
backing_close(struct backing *backing)
{
	recording_clear(&backing->recording);
	kernel_close(backing->kernel);
}
