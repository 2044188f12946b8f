/*
 * Files of /proc and /sys, copied; nothing is understood here but where one ends. Text that processes choose
 * themselves (names, command lines) is made one line.
 */
#include "backend/running/system.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/running/conntrack.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/number.h"

#define PIECE         16384
#define PROCESSES_MAX 32768
#define SOCKETS_MAX   65536 /* open files looked at for owners */
#define COMMAND_MAX   1024

#define TIMEOUTS "/proc/sys/net/netfilter"

static const char *const paths[SYSTEM_FILES] = {
	[SYSTEM_CPU] = "/proc/stat",
	[SYSTEM_MEMORY] = "/proc/meminfo",
	[SYSTEM_SLABS] = "/proc/slabinfo",
	[SYSTEM_PROCESSORS] = "/proc/cpuinfo",
	[SYSTEM_SNMP] = "/proc/net/snmp",
	[SYSTEM_NETSTAT] = "/proc/net/netstat",
	[SYSTEM_SNMP6] = "/proc/net/snmp6",
	[SYSTEM_SOCKSTAT] = "/proc/net/sockstat",
	[SYSTEM_SOFTNET] = "/proc/net/softnet_stat",
	[SYSTEM_PACKET] = "/proc/net/packet",
	[SYSTEM_TCP] = "/proc/net/tcp",
	[SYSTEM_TCP6] = "/proc/net/tcp6",
	[SYSTEM_UDP] = "/proc/net/udp",
	[SYSTEM_UDP6] = "/proc/net/udp6",
	[SYSTEM_RAW] = "/proc/net/raw",
	[SYSTEM_RAW6] = "/proc/net/raw6",
	[SYSTEM_UNIX] = "/proc/net/unix",
	[SYSTEM_USERS] = "/etc/passwd",
};

/* At most `most` bytes of a file. False: it cannot be opened. */
static bool
add_file(int folder, const char *path, size_t most, struct buffer *out)
{
	scoped_fd fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char      piece[PIECE];
	ssize_t   got;

	if (fd < 0)
		return false;
	while (most > 0 && (got = read(fd, piece, most < sizeof(piece) ? most : sizeof(piece))) > 0) {
		buffer_add(out, (struct text){ piece, (size_t)got });
		most -= (size_t)got;
	}
	return true;
}

/* One line of it: control characters become blanks, and those at the end go. */
static void
flatten(struct buffer *out, size_t from)
{
	for (size_t i = from; i < out->len; i++)
		if ((unsigned char)out->bytes[i] < ' ' || out->bytes[i] == 0x7f)
			out->bytes[i] = ' ';
	while (out->len > from && out->bytes[out->len - 1] == ' ')
		buffer_cut(out, out->len - 1);
}

static bool
add_line(int folder, const char *path, size_t most, struct buffer *out)
{
	const size_t from = out->len;
	const bool   there = add_file(folder, path, most, out);

	flatten(out, from);
	return there;
}

/* Call for each name in a folder, at most `most` times. False: there is no such folder. */
static bool
each_name(int at, const char *path, size_t most, void (*take)(int folder, const char *name, void *self), void *self)
{
	const int      fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR           *folder = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (most > 0 && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		take(dirfd(folder), entry->d_name, self);
		most--;
	}
	closedir(folder);
	return true;
}

/* --- Time-outs of connections ------------------------------------------------------------------- */

static void
add_timeout(int folder, const char *name, void *self)
{
	static const char prefix[] = "nf_conntrack_";
	struct buffer    *out = self;

	if (strncmp(name, prefix, strlen(prefix)) != 0 || !strstr(name, "_timeout"))
		return;
	buffer_print(out, "%s ", name + strlen(prefix));
	add_line(folder, name, 64, out);
	buffer_add_byte(out, '\n');
}

/* --- Temperatures --------------------------------------------------------------------------------- */

static void
add_temperature(struct buffer *out, const char *kind, struct text name, int folder, const char *file)
{
	const size_t before = out->len;

	buffer_print(out, "%s ", kind);
	for (size_t i = 0; i < name.len; i++)
		buffer_add_byte(out, isalnum((unsigned char)name.ptr[i]) ? name.ptr[i] : '_');
	buffer_add_byte(out, ' ');
	const size_t value = out->len;

	if (!add_line(folder, file, 32, out) || out->len == value)
		buffer_cut(out, before);
	else
		buffer_add_byte(out, '\n');
}

static void
add_zone(int folder, const char *name, void *self)
{
	scoped_buffer type = BUFFER_NONE;
	scoped_fd     zone = strncmp(name, "thermal_zone", 12) == 0 ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
								   : -1;

	if (zone >= 0 && add_line(zone, "type", 64, &type))
		add_temperature(self, "zone", buffer_text(&type), zone, "temp");
}

static void
add_sensor(int folder, const char *name, void *self)
{
	scoped_buffer chip = BUFFER_NONE;
	scoped_fd     sensor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char          file[] = "temp0_input";

	if (sensor < 0 || !add_line(sensor, "name", 64, &chip))
		return;
	for (char i = '1'; i <= '9'; i++) {
		file[4] = i;
		add_temperature(self, "sensor", buffer_text(&chip), sensor, file);
	}
}

/* --- Firmware -------------------------------------------------------------------------------------- */

static void
add_firmware(struct buffer *out)
{
	static const char *const files[][2] = {
		{ "/sys/class/dmi/id/bios_vendor", "bios_vendor" },
		{ "/sys/class/dmi/id/bios_version", "bios_version" },
		{ "/sys/class/dmi/id/bios_date", "bios_date" },
		{ "/sys/class/dmi/id/product_serial", "product_serial" },
		{ "/sys/devices/system/cpu/vulnerabilities/meltdown", "meltdown" },
		{ "/sys/devices/system/cpu/vulnerabilities/mds", "mds" },
	};

	for (size_t i = 0; i < COUNT(files); i++) {
		buffer_print(out, "%s ", files[i][1]);
		add_line(AT_FDCWD, files[i][0], 256, out);
		buffer_add_byte(out, '\n');
	}
}

/* --- Processes --------------------------------------------------------------------------------------- */

static bool
is_process(const char *name)
{
	int64_t pid;

	return number_read(text_of(name), 1, INT32_MAX, &pid);
}

static void
add_process(int folder, const char *name, void *self)
{
	struct buffer *out = self;
	const size_t   before = out->len;
	scoped_fd      process = is_process(name) ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	struct stat    about;

	if (process < 0 || fstat(process, &about) != 0 || out->len > SYSTEM_FILE_MAX)
		return;
	buffer_print(out, "%u ", about.st_uid);
	if (!add_line(process, "stat", COMMAND_MAX, out)) {
		buffer_cut(out, before);
		return;
	}
	buffer_add_byte(out, '\t');
	add_line(process, "cmdline", COMMAND_MAX, out);
	buffer_add_byte(out, '\n');
}

/* --- Owners of sockets ------------------------------------------------------------------------------- */

struct owner {
	struct buffer *out;
	unsigned       uid;
	const char    *pid, *command;
	size_t         left; /* how many more are looked at, of all */
};

static void
add_socket(int folder, const char *name, void *self)
{
	static const char prefix[] = "socket:[";
	struct owner     *owner = self;
	char              target[64];
	const ssize_t     len = readlinkat(folder, name, target, sizeof(target) - 1);

	if (owner->left > 0)
		owner->left--;
	if (len <= (ssize_t)strlen(prefix) || strncmp(target, prefix, strlen(prefix)) != 0)
		return;
	buffer_print(owner->out, "%.*s %u %s %s\n", (int)(len - (ssize_t)strlen(prefix) - 1), target + strlen(prefix),
		     owner->uid, owner->pid, owner->command);
}

static void
add_owner(int folder, const char *name, void *self)
{
	struct owner *all = self;
	scoped_fd     process = is_process(name) ? openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	scoped_buffer command = BUFFER_NONE;
	struct stat   about;

	if (process < 0 || all->left == 0 || fstat(process, &about) != 0 || !add_line(process, "comm", 64, &command))
		return;
	struct owner owner = { all->out, about.st_uid, name, buffer_string(&command), all->left };

	each_name(process, "fd", all->left, add_socket, &owner);
	all->left = owner.left;
}

/* --- Reading ------------------------------------------------------------------------------------------- */

static enum result
found(bool there)
{
	return there ? RESULT_DONE : RESULT_UNAVAILABLE;
}

enum result
system_read(enum system_file file, struct buffer *out)
{
	struct owner owner = { .out = out, .left = SOCKETS_MAX };

	if (file >= SYSTEM_FILES)
		return RESULT_INVALID;
	if (paths[file])
		return found(add_file(AT_FDCWD, paths[file], SYSTEM_FILE_MAX, out));
	switch (file) {
	case SYSTEM_TIMEOUTS:
		return found(each_name(AT_FDCWD, TIMEOUTS, 1000, add_timeout, out));
	case SYSTEM_TEMPERATURES:
		each_name(AT_FDCWD, "/sys/class/thermal", 100, add_zone, out);
		each_name(AT_FDCWD, "/sys/class/hwmon", 100, add_sensor, out);
		return RESULT_DONE;
	case SYSTEM_FIRMWARE:
		add_firmware(out);
		return RESULT_DONE;
	case SYSTEM_PROCESSES:
		return found(each_name(AT_FDCWD, "/proc", PROCESSES_MAX, add_process, out));
	case SYSTEM_OWNERS:
		return found(each_name(AT_FDCWD, "/proc", PROCESSES_MAX, add_owner, &owner));
	case SYSTEM_TRACKING:
		return conntrack_statistics(out);
	default:
		return RESULT_INVALID;
	}
}

/* --- Simulated ------------------------------------------------------------------------------------------- */

/* Whole words of digits become 0. */
static void
forget_numbers(struct buffer *out)
{
	for (size_t i = 0, start = 0; i <= out->len; i++) {
		if (i < out->len && !strchr(" \t\n", out->bytes[i]))
			continue;
		if (i > start && strspn(out->bytes + start, "0123456789") >= i - start) {
			memset(out->bytes + start, ' ', i - start);
			out->bytes[i - 1] = '0';
		}
		start = i + 1;
	}
}

enum result
system_simulate(enum system_file file, struct buffer *out)
{
	enum result result = RESULT_DONE;

	if (file >= SYSTEM_FILES)
		return RESULT_INVALID;
	if (file < SYSTEM_SNMP || file == SYSTEM_PROCESSES || file == SYSTEM_USERS)
		return system_read(file, out);
	if (file > SYSTEM_SOCKSTAT)
		return RESULT_DONE;
	result = system_read(file, out);
	forget_numbers(out);
	return result;
}
