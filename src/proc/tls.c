/* Finding or making the certificate. */
#include "proc/tls.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "http/certificate.h"

#define CERTIFICATE_FILE "certificate.pem"
#define KEY_FILE         "certificate.key"
#define PEM_BYTES_MAX    ((size_t)256 * 1024)
#define NAME_BYTES       256

static const char *
read_all(struct arena *arena, int fd)
{
	scoped_buffer text = BUFFER_NONE;
	char          piece[4096];
	ssize_t       got;

	while ((got = read(fd, piece, sizeof(piece))) > 0 && text.len < PEM_BYTES_MAX)
		buffer_add(&text, (struct text){ piece, (size_t)got });
	return got == 0 ? arena_copy(arena, buffer_text(&text)) : NULL;
}

static const char *
read_file(struct arena *arena, int folder, const char *name)
{
	scoped_fd fd = folder >= 0 ? openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;

	return fd >= 0 ? read_all(arena, fd) : NULL;
}

static void
write_file(int folder, const char *name, const char *content)
{
	scoped_fd    fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	const size_t len = strlen(content);

	/* Half a file does not match its other half, and is made again at the next start. */
	if (fd >= 0 && write(fd, content, len) == (ssize_t)len)
		fdatasync(fd);
}

static bool
make(const struct gate_setup *setup, struct arena *arena, const char **certificate, const char **key,
     const char **message)
{
	char                    host[NAME_BYTES] = "";
	const char             *names[LISTENERS_MAX + 2];
	struct certificate_wish wish = { .name = host, .names = names };

	if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0')
		memcpy(host, "drawbridge", sizeof("drawbridge"));
	names[wish.nnames++] = host;
	for (size_t i = 0; i < setup->nlisteners; i++) {
		struct endpoint endpoint;

		if (setup->listeners[i].kind == LISTENER_TLS &&
		    endpoint_read(text_of(setup->listeners[i].address), &endpoint))
			names[wish.nnames++] = address_print(arena, &endpoint.address);
	}
	if (certificate_make(arena, &wish, certificate, key, message) != RESULT_DONE)
		return false;
	if (setup->state_fd >= 0) {
		write_file(setup->state_fd, KEY_FILE, *key);
		write_file(setup->state_fd, CERTIFICATE_FILE, *certificate);
	}
	return true;
}

bool
tls_obtain(const struct gate_setup *setup, struct arena *arena, const char **certificate, const char **key,
           const char **message)
{
	const char *why;

	if (setup->certificate_fd >= 0) {
		*certificate = read_all(arena, setup->certificate_fd);
		*key = read_all(arena, setup->certificate_key_fd);
		*message = "the files given cannot be read";
		return *certificate && *key && certificate_check(*certificate, *key, arena, message) == RESULT_DONE;
	}
	*certificate = read_file(arena, setup->state_fd, CERTIFICATE_FILE);
	*key = read_file(arena, setup->state_fd, KEY_FILE);
	if (*certificate && *key && certificate_check(*certificate, *key, arena, &why) == RESULT_DONE)
		return true;
	return make(setup, arena, certificate, key, message);
}
