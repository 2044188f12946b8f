/* Handlers: bytes in, bytes out. */
#include "proc/package/orders.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "proc/package/jobs.h"
#include "proc/package/power.h"
#include "wire/sealed.h"

static bool
answer_log(struct answer *out, struct text text)
{
	const int fd = sealed_new("drawbridge-packages", text);

	if (fd < 0)
		return answer_refuse(out, RESULT_FAILED, TEXT("no memory for the text"));
	put_fd(&out->body, fd);
	return true;
}

static bool
no_packages(struct answer *out)
{
	return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("this build has no backend for packages"));
}

bool
run_package_job(struct post *post, struct reader *in, struct answer *out)
{
	const enum package_action action = get_choice(in, PACKAGE_ACTIONS);
	const struct text         name = get_text(in, PACKAGE_NAME_MAX);
	scoped_buffer             message = BUFFER_NONE;

	if (!got_all(in))
		return false;
	if (!post->packages)
		return no_packages(out);
	const enum result result = packages_start(post->packages, action, name, &message);

	if (result == RESULT_INVALID)
		return false;
	return result == RESULT_DONE || answer_refuse(out, result, buffer_text(&message));
}

bool
tell_package_job(struct post *post, struct reader *in, struct answer *out)
{
	const bool of_check = get_bool(in), forget = get_bool(in);

	if (!got_all(in))
		return false;
	if (!post->packages)
		return no_packages(out);
	if (forget)
		packages_forget_log(post->packages);
	const struct package_status status = packages_status(post->packages, of_check);

	put_u32(&out->body, status.state);
	put_u32(&out->body, status.action);
	put_i64(&out->body, status.began);
	return answer_log(out, status.log);
}

/* --- files ---------------------------------------------------------------------------------- */

/* Documents of packages link to each other, but not elsewhere. */
static int
open_copyright(struct text name)
{
	scoped_fd             folder = open("/usr/share/doc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char                  path[PACKAGE_NAME_MAX + 16];
	const struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
				      .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };

	snprintf(path, sizeof(path), "%.*s/copyright", TEXT_ARGS(name));
	return folder < 0 ? -1 : (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));
}

static int
open_file(enum package_file file, struct text name)
{
	static const char *const paths[PACKAGE_FILES] = {
		[PACKAGE_FILE_INSTALLED] = "/var/lib/dpkg/status",
		[PACKAGE_FILE_AUTOMATIC] = "/var/lib/apt/extended_states",
		[PACKAGE_FILE_REBOOT] = "/run/reboot-required",
	};

	return file == PACKAGE_FILE_COPYRIGHT ? open_copyright(name) : open(paths[file], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static bool
read_all(int fd, struct buffer *out)
{
	char        bytes[65536];
	struct stat about;
	ssize_t     n;

	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
		return false;
	while ((n = read(fd, bytes, sizeof(bytes))) > 0 && out->len < PACKAGE_FILE_MAX)
		buffer_add(out, text_first((struct text){ bytes, (size_t)n }, PACKAGE_FILE_MAX - out->len));
	return n >= 0;
}

bool
show_package_file(struct post *post, struct reader *in, struct answer *out)
{
	const enum package_file file = get_choice(in, PACKAGE_FILES);
	const struct text       name = get_text(in, PACKAGE_NAME_MAX);
	scoped_buffer           text = BUFFER_NONE;

	(void)post;
	if (!got_all(in) || (file == PACKAGE_FILE_COPYRIGHT ? !package_name_is_valid(name) : name.len > 0))
		return false;
	scoped_fd fd = open_file(file, name);

	if (fd < 0 || !read_all(fd, &text))
		return answer_refuse(out, RESULT_MISSING, TEXT("this machine has no such file: it is none of Debian's, or it was not asked for"));
	return answer_log(out, buffer_text(&text));
}

/* --- power ---------------------------------------------------------------------------------- */

bool
turn_machine(struct post *post, struct reader *in, struct answer *out)
{
	const bool    off = get_bool(in);
	scoped_buffer message = BUFFER_NONE;

	if (!got_all(in))
		return false;
	if (post->apply == APPLY_NONE)
		return true;
	if (!post->owns_machine || !power_is_ours())
		return answer_refuse(out, RESULT_UNAVAILABLE,
				     TEXT("the machine is turned off with --apply host as root only, on the machine itself"));
	const enum result result = power_turn(post->children, off, &message);

	return result == RESULT_DONE || answer_refuse(out, result, buffer_text(&message));
}
