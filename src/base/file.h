/* base/file.h: whole texts to descriptors. */
#pragma once

#include <stdbool.h>

#include "base/text.h"

/* All of it, however often the system takes a part only; false and errno. Whether it is on the disk then, fsync() says. */
bool file_write(int fd, struct text content);
