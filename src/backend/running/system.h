/* backend/system.h: reading what the kernel says of the machine. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "wire/system.h"

/*
 * The text of a file, behind what is there. UNAVAILABLE: this kernel, or our rights, do not have it.
 * What comes of many files is complete as far as they could be read.
 */
enum result system_read(enum system_file, struct buffer *out);
/* The same for a box that is not there: machine and processes as they are, a network that has carried nothing. */
enum result system_simulate(enum system_file, struct buffer *out);
