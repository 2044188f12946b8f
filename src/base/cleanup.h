/* base/cleanup.h: things that are given back at the end of the block. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

static inline void
cleanup_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void
cleanup_memory(void *pointer)
{
	free(*(void **)pointer);
}

#define scoped_fd  __attribute__((cleanup(cleanup_fd))) int
#define scoped_mem __attribute__((cleanup(cleanup_memory))) void *
/* For pointers of any type: scoped_free char *x = ... */
#define scoped_free __attribute__((cleanup(cleanup_memory)))
