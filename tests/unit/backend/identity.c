/* The files that name the machine, written into a directory of their own. */
#include "backend/identity.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test.h"

static const struct identity some = {
	.host = "gate", .domain = "lab.example", .servers = { { FAMILY_INET, { 192, 0, 2, 53 } } }, .nservers = 1,
};

static void
write_file(int directory, const char *name, const char *content)
{
	scoped_fd fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CHECK(write(fd, content, strlen(content)) == (ssize_t)strlen(content));
}

static void
check_file(int directory, const char *name, const char *content)
{
	scoped_fd fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	char      bytes[1024] = "";

	CHECK(read(fd, bytes, sizeof(bytes) - 1) >= 0);
	CHECK_STRING(bytes, content);
}

TEST(our_lines_are_replaced_and_all_others_stay)
{
	char            path[] = "/tmp/drawbridge-identity-XXXXXX";
	scoped_fd       directory = open(mkdtemp(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	scoped_buffer   message = BUFFER_NONE;
	struct identity other = some;

	write_file(directory, "hosts", "127.0.0.1 localhost\n10.0.0.9 printer\n");
	CHECK_NUMBER(identity_write(directory, &some, &message), RESULT_DONE);
	check_file(directory, "hostname", "gate\n");
	check_file(directory, "resolv.conf", "# Written by drawbridge.\nsearch lab.example\nnameserver 192.0.2.53\n");
	snprintf(other.host, sizeof(other.host), "door");
	other.domain[0] = '\0';
	other.nservers = 0;
	CHECK_NUMBER(identity_write(directory, &other, &message), RESULT_DONE);
	check_file(directory, "hosts", "127.0.0.1 localhost\n10.0.0.9 printer\n# drawbridge: begin\n127.0.1.1 door\n"
	                               "# drawbridge: end\n");
	check_file(directory, "resolv.conf", "# Written by drawbridge.\nsearch lab.example\nnameserver 192.0.2.53\n");
	CHECK(unlinkat(directory, "hosts", 0) == 0 && unlinkat(directory, "hostname", 0) == 0);
	CHECK(unlinkat(directory, "resolv.conf", 0) == 0 && rmdir(path) == 0);
}

/* Whoever has a file open, and may open no other, reads what is new. A link is not followed. */
TEST(a_file_stays_the_file_that_it_was)
{
	char            path[] = "/tmp/drawbridge-identity-XXXXXX";
	scoped_fd       directory = open(mkdtemp(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	scoped_buffer   message = BUFFER_NONE;
	char            bytes[256] = "";

	write_file(directory, "hosts", "127.0.0.1 localhost\n10.0.0.9 printer with a longer line than what comes then\n");
	write_file(directory, "elsewhere", "nobody's business\n");
	CHECK(symlinkat("elsewhere", directory, "resolv.conf") == 0);
	scoped_fd hosts = openat(directory, "hosts", O_RDONLY | O_CLOEXEC);

	CHECK_NUMBER(identity_write(directory, &some, &message), RESULT_DONE);
	CHECK(read(hosts, bytes, sizeof(bytes) - 1) > 0);
	CHECK(strstr(bytes, "127.0.1.1 gate.lab.example gate\n"));
	check_file(directory, "resolv.conf", "# Written by drawbridge.\nsearch lab.example\nnameserver 192.0.2.53\n");
	check_file(directory, "elsewhere", "nobody's business\n");
	CHECK(faccessat(directory, ".hosts.drawbridge", F_OK, 0) != 0);
	CHECK(unlinkat(directory, "hosts", 0) == 0 && unlinkat(directory, "hostname", 0) == 0);
	CHECK(unlinkat(directory, "resolv.conf", 0) == 0 && unlinkat(directory, "elsewhere", 0) == 0 && rmdir(path) == 0);
}

TEST(what_would_be_more_than_a_name_is_refused)
{
	static const char *const names[] = { "", "a b", "a\nb", "-a", "a-", "a.b", "a;b", "\xc3\xa9" };
	scoped_buffer            message = BUFFER_NONE;
	struct identity          bad = some;

	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(bad.host, sizeof(bad.host), "%s", names[i]);
		CHECK_NUMBER(identity_write(-1, &bad, &message), RESULT_INVALID);
	}
}

RUN(cmocka_unit_test(our_lines_are_replaced_and_all_others_stay), cmocka_unit_test(a_file_stays_the_file_that_it_was),
    cmocka_unit_test(what_would_be_more_than_a_name_is_refused));
