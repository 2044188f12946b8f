/* backend/kernel.h: the real backends, those that change this machine. */
#pragma once

#include <stdint.h>

#include "backend/backends.h"

struct kernel;

/* UNAVAILABLE, with a message, when the kernel or our rights lack something that nothing works without. */
enum result     kernel_open(struct kernel **out, struct buffer *message);
/* Until the first plan: nothing gets in but management, TCP to these ports; unless rules of ours are in force already. */
enum result     kernel_close_box(struct kernel *, const uint16_t *ports, size_t count, struct buffer *message);
/* Leaves everything in force. NULL is fine. */
void            kernel_close(struct kernel *);
struct backends kernel_backends(struct kernel *);
