/* The first start of all: what is imported, and the administrator's credentials. */
#include "proc/first_start.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

#define FIRST_LOGIN_FILE "first-login"
#define IMPORT_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* The whole file; nothing when there is none. */
static void
read_import(int fd, struct buffer *text)
{
	char    piece[65536];
	ssize_t got;

	while (fd >= 0 && (got = read(fd, piece, sizeof(piece))) > 0 && text->len < IMPORT_BYTES_MAX)
		buffer_add(text, (struct text){ piece, (size_t)got });
}

static void
log_lines(const char *what, struct text lines)
{
	struct text line;

	while (text_next(&lines, "\n", &line))
		log_info("%s: %.*s", what, TEXT_ARGS(line));
}

/* Whoever may read the state directory learns there how to come in; no secret goes to a log. */
static void
keep_login(const struct gate_setup *setup, const struct credentials *shown)
{
	scoped_buffer text = BUFFER_NONE;
	scoped_fd     fd = openat(setup->state_fd, FIRST_LOGIN_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	buffer_print(&text, "user %s\npassword %s\nkey %s\nsecret %s\n", shown->user, shown->password, shown->key,
		     shown->secret);
	if (fd >= 0 && write(fd, text.bytes, text.len) == (ssize_t)text.len)
		log_info("first start: the administrator's password and key are in %s/" FIRST_LOGIN_FILE, setup->state);
	else
		log_warning("first start: cannot write %s/" FIRST_LOGIN_FILE, setup->state);
}

bool
first_start(const struct gate_setup *setup, struct store *store, const struct schema *schema, const struct facts *facts, struct arena *arena,
	    struct credentials *shown)
{
	scoped_buffer message = BUFFER_NONE, report = BUFFER_NONE, import = BUFFER_NONE;
	struct seed   seed = { .schema = schema, .facts = facts,
			       .administrator = { setup->user, setup->password, setup->key, setup->secret } };

	read_import(setup->import_fd, &import);
	seed.import = buffer_text(&import);
	credentials_complete(arena, &seed.administrator);
	*shown = seed.administrator;
	if (seed_store(store, &seed, &report, &message) != RESULT_DONE) {
		log_error("first start: %s", buffer_string(&message));
		return false;
	}
	log_lines("import", buffer_text(&report));
	/* The tree of a large file was several times as large as what is kept of it. */
	buffer_clear(&import);
	if (seed.import.len > 0)
		malloc_trim(0);
	if (!setup->ephemeral)
		keep_login(setup, shown);
	return true;
}
