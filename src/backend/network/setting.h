/* backend/network/setting.h: sysctls by their path under /proc/sys. */
#pragma once

#include "base/arena.h"

/* Without the newline, made in the arena; NULL: there is none. */
const char *setting_read(struct arena *, const char *path);
/* 0, or the error number. */
int         setting_write(const char *path, const char *value);
