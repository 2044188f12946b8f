/* Runs a fuzzer's function over the files of its corpus, so that what once was found stays found without libFuzzer. */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bug.h"

#define INPUT_MAX (1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static uint8_t input[INPUT_MAX];

static void
replay_file(int folder, const char *name)
{
	const int     fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	const ssize_t size = fd < 0 ? -1 : read(fd, input, sizeof(input));

	BUG_IF(size < 0, "cannot read %s", name);
	close(fd);
	LLVMFuzzerTestOneInput(input, (size_t)size);
}

int
main(int argc, char *argv[])
{
	DIR           *folder = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *entry;
	unsigned       n = 0;

	BUG_IF(!folder, "no folder of inputs: %s", argc == 2 ? argv[1] : "(wants one)");
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		replay_file(dirfd(folder), entry->d_name);
		n++;
	}
	closedir(folder);
	BUG_IF(n == 0, "%s is empty", argv[1]);
	printf("%u inputs\n", n);
	return 0;
}
