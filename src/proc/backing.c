/* Choosing the backends by what the keeper was told. */
#include "proc/backing.h"

bool
backing_open(struct backing *backing, enum apply_mode apply, struct backends *out, struct buffer *message)
{
	if (apply == APPLY_NONE) {
		*out = recording_backends(&backing->recording);
		return true;
	}
	if (kernel_open(&backing->kernel, message) != RESULT_DONE)
		return false;
	*out = kernel_backends(backing->kernel);
	return true;
}

void
backing_close(struct backing *backing)
{
	recording_clear(&backing->recording);
	kernel_close(backing->kernel);
}
