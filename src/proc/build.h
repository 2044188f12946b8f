/* proc/build.h: which build of the program this is. */
#pragma once

#include "base/text.h"

/* The GNU build id of the running program, as bytes; the version where the linker made none. */
struct text build_id(void);
