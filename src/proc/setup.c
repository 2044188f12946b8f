/* Handing the gate what it starts with: numbers and strings in a sealed memfd, descriptors behind it in a fixed order. */
#include <errno.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "json/write.h"
#include "proc/gate.h"
#include "proc/orders.h"
#include "proc/place.h"
#include "wire/reader.h"
#include "wire/sealed.h"
#include "wire/writer.h"

/* Going through 10,000 records is quicker where the kernel has large pages to give. Asks for them, and takes what there is. */
#define HUGE_PAGES "GLIBC_TUNABLES=glibc.malloc.hugetlb=1"

#define SETUP_TEXT_MAX 4096 /* bytes of a path or a secret */

static void
put_place(struct writer *out, int fd, int *fds, size_t *nfds)
{
	put_bool(out, fd >= 0);
	if (fd >= 0)
		fds[(*nfds)++] = fd;
}

static int
get_place(struct reader *in, int *next)
{
	return get_bool(in) ? (*next)++ : -1;
}

/* NULL is not "". */
static void
put_maybe(struct writer *out, const char *string)
{
	put_bool(out, string != NULL);
	if (string)
		put_string(out, string);
}

static const char *
get_maybe(struct reader *in, struct arena *arena)
{
	return get_bool(in) ? arena_copy(arena, get_text(in, SETUP_TEXT_MAX)) : NULL;
}

int
setup_pack(const struct gate_setup *setup, int *fds, size_t *nfds)
{
	scoped_writer out;

	writer_init(&out);
	*nfds = 0;
	put_u32(&out, setup->apply);
	put_u32(&out, setup->log_level);
	put_bool(&out, setup->ephemeral);
	put_bool(&out, setup->allows_commands);
	put_bool(&out, setup->run_as.change);
	put_u32(&out, setup->run_as.uid);
	put_u32(&out, setup->run_as.gid);
	put_u32(&out, (uint32_t)setup->nlisteners);
	for (size_t i = 0; i < setup->nlisteners; i++) {
		put_u32(&out, setup->listeners[i].kind);
		put_string(&out, setup->listeners[i].address);
		put_place(&out, setup->listeners[i].fd, fds, nfds);
	}
	put_maybe(&out, setup->state);
	put_place(&out, setup->state_fd, fds, nfds);
	put_place(&out, setup->certificate_fd, fds, nfds);
	put_place(&out, setup->certificate_key_fd, fds, nfds);
	put_place(&out, setup->import_fd, fds, nfds);
	put_maybe(&out, setup->user);
	put_maybe(&out, setup->password);
	put_maybe(&out, setup->key);
	put_maybe(&out, setup->secret);
	if (put_all(&out))
		return sealed_new("drawbridge-setup", writer_text(&out));
	errno = EMSGSIZE;
	return -1;
}

bool
setup_unpack(int memfd, struct arena *arena, struct gate_setup *out)
{
	scoped_sealed     content = TEXT_NONE;
	struct gate_setup setup = { .wire = WIRE_FD };
	int               next = FIRST_SETUP_FD;

	if (!sealed_map(memfd, WRITER_MAX, &content))
		return false;

	struct reader in = reader_of(content);

	setup.apply = (enum apply_mode)get_choice(&in, APPLY_NONE + 1);
	setup.log_level = (enum log_level)get_choice(&in, LOG_LEVEL_DEBUG + 1);
	setup.ephemeral = get_bool(&in);
	setup.allows_commands = get_bool(&in);
	setup.run_as.change = get_bool(&in);
	setup.run_as.uid = get_u32(&in);
	setup.run_as.gid = get_u32(&in);
	setup.nlisteners = get_choice(&in, LISTENERS_MAX + 1);
	for (size_t i = 0; i < setup.nlisteners; i++) {
		setup.listeners[i].kind = (enum listener_kind)get_choice(&in, LISTENER_LOCAL + 1);
		setup.listeners[i].address = arena_copy(arena, get_text(&in, SETUP_TEXT_MAX));
		setup.listeners[i].fd = get_place(&in, &next);
	}
	setup.state = get_maybe(&in, arena);
	setup.state_fd = get_place(&in, &next);
	setup.certificate_fd = get_place(&in, &next);
	setup.certificate_key_fd = get_place(&in, &next);
	setup.import_fd = get_place(&in, &next);
	setup.user = get_maybe(&in, arena);
	setup.password = get_maybe(&in, arena);
	setup.key = get_maybe(&in, arena);
	setup.secret = get_maybe(&in, arena);
	if (!got_all(&in))
		return false;
	*out = setup;
	return true;
}

static bool
open_file(const char *path, int *fd, struct buffer *message)
{
	if (path)
		*fd = place_file(path, message);
	return !path || *fd >= 0;
}

bool
setup_open_files(struct gate_setup *setup, const struct options *options, bool with_import, struct buffer *message)
{
	return open_file(options->certificate, &setup->certificate_fd, message) &&
	       open_file(options->certificate_key, &setup->certificate_key_fd, message) &&
	       open_file(with_import ? options->import : NULL, &setup->import_fd, message);
}

void
setup_close_files(struct gate_setup *setup)
{
	int *fds[] = { &setup->certificate_fd, &setup->certificate_key_fd, &setup->import_fd };

	for (size_t i = 0; i < COUNT(fds); i++) {
		cleanup_fd(fds[i]);
		*fds[i] = -1;
	}
}

void
announcement_print(const struct announcement *said)
{
	scoped_buffer line = BUFFER_NONE;
	struct json   json = { .out = &line };

	json_object(&json);
	json_put_text(&json, "url", said->url);
	json_put_text(&json, "user", said->user);
	json_put_text(&json, "password", said->password);
	json_put_text(&json, "key", said->key);
	json_put_text(&json, "secret", said->secret);
	json_object_end(&json);
	buffer_add_byte(&line, '\n');
	if (write(STDOUT_FILENO, line.bytes, line.len) < 0)
		log_warning("cannot say the credentials on standard output: %s", strerror(errno));
}

void
setup_environment(const char **environment)
{
#if defined(__SANITIZE_ADDRESS__)
	extern char **environ;

	for (char **at = environ; *at; at++)
		if (strncmp(*at, "ASAN_OPTIONS=", 13) == 0 || strncmp(*at, "UBSAN_OPTIONS=", 14) == 0)
			*environment++ = *at;
#endif
	*environment++ = HUGE_PAGES;
	*environment = NULL;
}
