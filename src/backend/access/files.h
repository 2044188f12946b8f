/* backend/access/files.h: files of the machine that are rewritten whole: made beside, then put in place. */
#pragma once

#include <sys/types.h>

#include "base/buffer.h"

/* Add what the file holds; false and errno when it cannot be read, is no file or is longer. One that is not there is empty. */
bool file_read_whole(int directory, const char *name, size_t max, struct buffer *out);
/*
 * Put the content in its place, with the owner and mode of the file that is there, else root's with this mode. One that has this
 * content is left alone. False and errno: the old one is there.
 */
bool file_replace(int directory, const char *name, struct text content, mode_t mode);
