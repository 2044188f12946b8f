/* Random uuids. */
#include "base/uuid.h"

#include <stdint.h>
#include <sys/random.h>

#include "base/bug.h"

struct uuid
uuid_new(void)
{
	static const char hex[] = "0123456789abcdef";
	struct uuid       uuid;
	uint8_t           bytes[16];
	size_t            at = 0;

	BUG_IF(getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes), "no random numbers");
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			uuid.text[at++] = '-';
		uuid.text[at++] = hex[bytes[i] >> 4];
		uuid.text[at++] = hex[bytes[i] & 15];
	}
	uuid.text[at] = '\0';
	return uuid;
}

bool
uuid_is_valid(struct text t)
{
	if (t.len != UUID_LENGTH)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		const char c = t.ptr[i];
		const bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return t.ptr[14] == '4' && strchr("89ab", t.ptr[19]);
}
