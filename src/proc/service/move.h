/* proc/service/move.h: giving a directory another name, also where the file system has no way to. */
#pragma once

#include <stdbool.h>

/*
 * As rename(), for a directory of root's alone whose files lie in it or one below; there must be nothing of the new name.
 * False with errno; what was moved by then may be in either place.
 */
bool move_directory(const char *from, const char *to);
