/* What is installed together is in one directory. */
#include "proc/child/beside.h"

#include <string.h>
#include <sys/types.h>
#include <unistd.h>

bool
beside_us(const char *name, char *room, size_t size)
{
	const size_t  len = strlen(name) + 1;
	const ssize_t n = size > len ? readlink("/proc/self/exe", room, size - len) : -1;
	char         *slash;

	if (n <= 0 || (size_t)n >= size - len)
		return false;
	room[n] = '\0';
	slash = strrchr(room, '/');
	if (!slash)
		return false;
	memcpy(slash + 1, name, len);
	return true;
}
