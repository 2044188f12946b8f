/* wire/management.h: what is asked of a process of OpenVPN on its management socket. */
#pragma once

#include <stdbool.h>

#include "base/text.h"

/* The words of a question. It does not hang up, and hung up upon it says nothing: so its number is asked for last. */
#define MANAGEMENT(words) words "\npid\n"

/* Has the last of them been answered? Lines of the answer begin with no such words otherwise. */
bool management_is_whole(struct text answer);
