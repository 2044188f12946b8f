/* Making and checking sealed memfds: a receiver that maps one knows that its bytes stay as they are. */
#include "wire/sealed.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

int
sealed_new(const char *name, struct text content)
{
	const int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -1;
	if (file_write(fd, content) && fcntl(fd, F_ADD_SEALS, SEALS) == 0)
		return fd;
	close(fd);
	return -1;
}

bool
sealed_map(int fd, size_t max, struct text *content)
{
	struct stat about;
	const int   seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &about) < 0)
		return false;
	if (about.st_size < 0 || (size_t)about.st_size > max)
		return false;
	if (about.st_size == 0) {
		*content = TEXT_NONE;
		return true;
	}

	void *memory = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (memory == MAP_FAILED)
		return false;
	*content = (struct text){ memory, (size_t)about.st_size };
	return true;
}

void
sealed_unmap(struct text *content)
{
	if (content->len > 0)
		munmap((void *)(uintptr_t)content->ptr, content->len);
	*content = TEXT_NONE;
}
