/* backend/kernel.h: the real backends, those that change this machine. */
#pragma once

#include "backend/backends.h"

struct kernel;

/* UNAVAILABLE, with a message, when the kernel or our rights lack something that nothing works without. */
enum result     kernel_open(struct kernel **out, struct buffer *message);
/* Leaves everything in force. NULL is fine. */
void            kernel_close(struct kernel *);
struct backends kernel_backends(struct kernel *);
