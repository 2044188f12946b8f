/* base/uuid.h: version 4 uuids (RFC 9562) as text in lower case. */
#pragma once

#include <stdbool.h>

#include "base/text.h"

#define UUID_LENGTH 36

struct uuid {
	char text[UUID_LENGTH + 1];
};

struct uuid uuid_new(void); /* from the kernel's random numbers */
/* Version 4, lower case, nothing else: what both dialects accept. */
bool        uuid_is_valid(struct text);
