/* Reading the command line and the administrators' file: both fill the same table, and the whole is checked once at the end. */
#include "proc/options.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/number.h"

enum kind {
	KIND_FLAG,   /* bool */
	KIND_STRING, /* const char *, not empty */
	KIND_LISTEN, /* struct endpoint, added to those before */
	KIND_APPLY,
	KIND_LEVEL,
	KIND_SECONDS, /* unsigned, 1 to COMMAND_LIMIT_MAX */
	KIND_HELP,
	KIND_VERSION,
};

enum {
	IN_FILE = 1 << 0,        /* may stand in the file */
	EPHEMERAL_ONLY = 1 << 1, /* makes no sense for a kept configuration */
	LASTING_ONLY = 1 << 2,   /* makes no sense for one that is thrown away */
	FILE_ONLY = 1 << 3,      /* with IN_FILE: must stand there, for the administrator alone may say it */
};

struct option {
	const char *name;
	const char *value; /* what help calls it; NULL: takes none */
	enum kind   kind;
	size_t      at;    /* in struct options */
	unsigned    flags;
	const char *help;
};

#define AT(member) offsetof(struct options, member)

/* clang-format off */
static const struct option table[] = {
	{ "state",           "DIR",       KIND_STRING, AT(state),           IN_FILE | LASTING_ONLY,
	  "where the configuration is kept (/var/lib/drawbridge)" },
	{ "ephemeral",       NULL,        KIND_FLAG,   AT(ephemeral),       0,
	  "keep nothing: configuration in memory, credentials on standard output as one JSON line" },
	{ "listen",          "ADDR:PORT", KIND_LISTEN, 0,                   IN_FILE,
	  "serve here; may be repeated (0.0.0.0:443 and [::]:443; ephemeral: 127.0.0.1:0, any free port)" },
	{ "plain",           NULL,        KIND_FLAG,   AT(plain),           IN_FILE,
	  "serve HTTP without TLS, on loopback addresses only" },
	{ "force-plain",     NULL,        KIND_FLAG,   AT(force_plain),     IN_FILE,
	  "let --plain serve on any address: whoever listens sees every password" },
	{ "apply",           "WHERE",     KIND_APPLY,  AT(apply),           IN_FILE,
	  "host: this machine (the default); sandbox: a network namespace of its own (ephemeral: the default); "
	  "none: nowhere" },
	{ "netns",           "PATH",      KIND_STRING, AT(netns),           IN_FILE,
	  "apply in this network namespace (/run/netns/NAME); --listen still means the one we start in" },
	{ "certificate",     "FILE",      KIND_STRING, AT(certificate),     IN_FILE,
	  "PEM certificate chain for TLS (instead of the configured one)" },
	{ "certificate-key", "FILE",      KIND_STRING, AT(certificate_key), IN_FILE,
	  "PEM private key that belongs to --certificate" },
	{ "machine",         NULL,        KIND_FLAG,   AT(machine),         IN_FILE,
	  "with netns: the name, the files and the services of the machine are ours too" },
	{ "socket",          "PATH",      KIND_STRING, AT(socket),          IN_FILE,
	  "unix socket for the command line tool (/run/drawbridge/drawbridge.sock; ephemeral: none)" },
	{ "run-as",          "USER",      KIND_STRING, AT(run_as),          IN_FILE,
	  "user of the process that serves clients, name or number (drawbridge if it exists, else 65534)" },
	{ "import",          "FILE",      KIND_STRING, AT(import),          0,
	  "start with the configuration in this config.xml" },
	{ "user",            "NAME",      KIND_STRING, AT(user),            EPHEMERAL_ONLY,
	  "name of the administrator (root)" },
	{ "password",        "TEXT",      KIND_STRING, AT(password),        EPHEMERAL_ONLY,
	  "the administrator's password (made up)" },
	{ "key",             "TEXT",      KIND_STRING, AT(key),             EPHEMERAL_ONLY,
	  "the administrator's API key (made up)" },
	{ "secret",          "TEXT",      KIND_STRING, AT(secret),          EPHEMERAL_ONLY,
	  "secret of the API key (made up)" },
	{ "config",          "FILE",      KIND_STRING, AT(config),          0,
	  "more options, one \"name = value\" a line (" OPTIONS_FILE " if it exists; ephemeral: none)" },
	{ "log-level",       "LEVEL",     KIND_LEVEL,  AT(log_level),       IN_FILE,
	  "error, warning, info or debug (info)" },
	{ "allow-commands",  "SECONDS",   KIND_SECONDS, AT(command_limit),  IN_FILE | FILE_ONLY,
	  "in the file only: clients may run commands as root (diagnostics/command_prompt), each for 1 to 100 seconds (never)" },
	{ "version",         NULL,        KIND_VERSION, 0,                  0, "say which version this is" },
	{ "help",            NULL,        KIND_HELP,   0,                   0, "say this" },
};
/* clang-format on */

static const char *const apply_words[] = { [APPLY_HOST] = "host", [APPLY_SANDBOX] = "sandbox", [APPLY_NONE] = "none" };
static const char *const level_words[] = { "error", "warning", "info", "debug" };

/* What is being put together, and where it comes from. */
struct reading {
	struct options options;
	bool           given[COUNT(table)];
	bool           listen_is_theirs; /* the endpoints there are the file's: the command line starts over */
	struct arena  *arena;
	struct buffer *message;
};

const char *
apply_mode_word(enum apply_mode mode)
{
	return apply_words[mode];
}

bool
endpoint_read(struct text text, struct endpoint *out)
{
	struct endpoint endpoint = { 0 };
	size_t          colon = text.len;
	int64_t         port;

	while (colon > 0 && text.ptr[colon - 1] != ':')
		colon--;
	if (colon == 0 || !number_read(text_after(text, colon), 0, 65535, &port))
		return false;

	struct text host = text_first(text, colon - 1);
	const bool  brackets = text_starts(host, TEXT("[")) && text_ends(host, TEXT("]")) && host.len > 2;

	if (brackets)
		host = text_first(text_after(host, 1), host.len - 2);
	if (!address_read(host, &endpoint.address) || brackets != (endpoint.address.family == FAMILY_INET6))
		return false;
	endpoint.port = (uint16_t)port;
	*out = endpoint;
	return true;
}

bool
endpoint_is_loopback(const struct endpoint *endpoint)
{
	static const uint8_t loopback6[16] = { [15] = 1 };

	if (endpoint->address.family == FAMILY_INET)
		return endpoint->address.bytes[0] == 127;
	return memcmp(endpoint->address.bytes, loopback6, sizeof(loopback6)) == 0;
}

const char *
endpoint_print(struct arena *arena, const struct endpoint *endpoint)
{
	const char *address = address_print(arena, &endpoint->address);

	return arena_print(arena, endpoint->address.family == FAMILY_INET6 ? "[%s]:%u" : "%s:%u", address,
			   endpoint->port);
}

static bool
wrong(struct reading *reading, const char *name, const char *what)
{
	buffer_print(reading->message, "%s %s", name, what);
	return false;
}

static bool
set_listen(struct reading *reading, const char *value)
{
	struct options *options = &reading->options;

	if (reading->listen_is_theirs) {
		reading->listen_is_theirs = false;
		options->nlisten = 0;
	}
	if (options->nlisten == OPTIONS_LISTEN_MAX)
		return wrong(reading, "listen:", "more than 16 addresses");
	if (!endpoint_read(text_of(value), &options->listen[options->nlisten]))
		return wrong(reading, "listen:", "wants ADDR:PORT with a numeric address, IPv6 as [ADDR]:PORT");
	options->nlisten++;
	return true;
}

/* The place of a word among others; -1 when it is none of them. */
static int
find_word(const char *const *words, size_t nwords, const char *word)
{
	for (size_t i = 0; i < nwords; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -1;
}

static bool
set(struct reading *reading, const struct option *option, const char *value)
{
	void   *at = (char *)&reading->options + option->at;
	int     found;
	int64_t seconds;

	reading->given[option - table] = true;
	switch (option->kind) {
	case KIND_FLAG:
		found = value ? find_word((const char *const[]){ "no", "yes" }, 2, value) : 1;
		if (found < 0)
			return wrong(reading, option->name, "is yes or no");
		*(bool *)at = found;
		return true;
	case KIND_STRING:
		if (!*value)
			return wrong(reading, option->name, "must not be empty");
		*(const char **)at = value;
		return true;
	case KIND_LISTEN:
		return set_listen(reading, value);
	case KIND_APPLY:
		found = find_word(apply_words, COUNT(apply_words), value);
		if (found < 0)
			return wrong(reading, option->name, "is host, sandbox or none");
		*(enum apply_mode *)at = (enum apply_mode)found;
		return true;
	case KIND_LEVEL:
		found = find_word(level_words, COUNT(level_words), value);
		if (found < 0)
			return wrong(reading, option->name, "is error, warning, info or debug");
		*(enum log_level *)at = (enum log_level)found;
		return true;
	case KIND_SECONDS:
		if (!number_read(text_of(value), 1, COMMAND_LIMIT_MAX, &seconds))
			return wrong(reading, option->name, "is a number of seconds, 1 to 100");
		*(unsigned *)at = (unsigned)seconds;
		return true;
	case KIND_HELP:
	case KIND_VERSION:
		break;
	}
	BUG_IF(true, "option %s cannot be set", option->name);
	return false;
}

static const struct option *
find_option(struct text name)
{
	for (size_t i = 0; i < COUNT(table); i++)
		if (text_is(name, table[i].name))
			return &table[i];
	return NULL;
}

/* --- The file -------------------------------------------------------------------------- */

static bool
take_line(struct reading *reading, struct text line)
{
	struct text name = text_trim(line);

	if (name.len == 0 || name.ptr[0] == '#')
		return true;

	struct text          value = name;
	const bool           equals = text_contains(name, TEXT("="));
	const struct option *option;

	name = text_trim(text_until(&value, '='));
	option = find_option(name);
	if (!equals)
		return wrong(reading, "a line", "wants \"name = value\"");
	if (!option || !(option->flags & IN_FILE)) {
		buffer_print(reading->message, "no option \"%.*s\" here", TEXT_ARGS(name));
		return false;
	}
	return set(reading, option, arena_copy(reading->arena, text_trim(value)));
}

/* All of a small file; false and errno when it cannot be. */
static bool
read_file(const char *path, struct buffer *out)
{
	scoped_fd fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t   n;

	if (fd < 0)
		return false;
	do {
		buffer_reserve(out, 4096);
		n = read(fd, out->bytes + out->len, 4096);
		if (n < 0)
			return false;
		out->len += (size_t)n;
	} while (n > 0 && out->len <= OPTIONS_FILE_MAX);
	errno = EFBIG;
	return n == 0;
}

static bool
take_file(struct reading *reading, const char *path, bool must_exist)
{
	scoped_buffer content = BUFFER_NONE, trouble = BUFFER_NONE;
	unsigned      number = 0;

	if (!read_file(path, &content)) {
		if (errno == ENOENT && !must_exist)
			return true;
		buffer_print(reading->message, "%s: %s", path, strerror(errno));
		return false;
	}
	if (memchr(buffer_string(&content), 0, content.len))
		return wrong(reading, path, "is not a text file");

	struct text rest = buffer_text(&content), line;

	while (rest.len > 0) {
		line = text_until(&rest, '\n');
		number++;
		if (take_line(reading, line))
			continue;
		buffer_add(&trouble, buffer_text(reading->message));
		buffer_cut(reading->message, 0);
		buffer_print(reading->message, "%s, line %u: %s", path, number, buffer_string(&trouble));
		return false;
	}
	reading->listen_is_theirs = true;
	return true;
}

/* --- The command line ------------------------------------------------------------------ */

static void
say_help(struct buffer *message)
{
	buffer_add_string(message, "usage: drawbridged [OPTION]...\n"
		"Serve the configuration interfaces of a firewall and make true what they configure.\n\n");
	for (size_t i = 0; i < COUNT(table); i++) {
		scoped_buffer name = BUFFER_NONE;

		buffer_print(&name, "%s%s%s%s", table[i].flags & FILE_ONLY ? "" : "--", table[i].name, table[i].value ? " " : "",
			     table[i].value ? table[i].value : "");
		buffer_print(message, "  %-24s %s\n", buffer_string(&name), table[i].help);
	}
}

/* One argument, with its value in the same or in the next one. How many were used; 0 when it is wrong. */
static int
take_argument(struct reading *reading, const char *first, const char *second)
{
	struct text          name = text_of(first), value;
	const struct option *option = NULL;
	bool                 inside;

	if (text_starts(name, TEXT("--"))) {
		value = text_after(name, 2);
		name = text_until(&value, '=');
		option = find_option(name);
	}
	if (!option) {
		buffer_print(reading->message, "what is \"%s\"? (--help says what there is)", first);
		return 0;
	}
	inside = strchr(first, '=') != NULL;
	if (option->flags & FILE_ONLY)
		return wrong(reading, option->name, "is for the file alone");
	if (!option->value && inside)
		return wrong(reading, first, "takes no value");
	if (option->value && !inside && !second)
		return wrong(reading, first, "wants a value");
	if (!option->value)
		return set(reading, option, NULL);
	if (inside)
		return set(reading, option, strchr(first, '=') + 1);
	return set(reading, option, second) ? 2 : 0;
}

/* What must be known before anything else is read. */
static enum options_outcome
look_ahead(int argc, char *const argv[], struct buffer *message, const char **config, bool *ephemeral)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			say_help(message);
			return OPTIONS_SAY;
		}
		if (strcmp(argv[i], "--version") == 0) {
			buffer_add_string(message, "drawbridged " DRAWBRIDGE_VERSION "\n");
			return OPTIONS_SAY;
		}
		if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
			*config = argv[i + 1];
		if (strncmp(argv[i], "--config=", 9) == 0)
			*config = argv[i] + 9;
		*ephemeral = *ephemeral || strcmp(argv[i], "--ephemeral") == 0;
	}
	return OPTIONS_RUN;
}

/* --- The whole ------------------------------------------------------------------------- */

static bool
check(struct reading *reading)
{
	const struct options *options = &reading->options;

	for (size_t i = 0; i < COUNT(table); i++) {
		if (!reading->given[i])
			continue;
		if ((table[i].flags & EPHEMERAL_ONLY) && !options->ephemeral)
			return wrong(reading, table[i].name, "goes with ephemeral only");
		if ((table[i].flags & LASTING_ONLY) && options->ephemeral)
			return wrong(reading, table[i].name, "does not go with ephemeral");
	}
	if (!options->key != !options->secret)
		return wrong(reading, "key and secret", "go together");
	if (!options->certificate != !options->certificate_key)
		return wrong(reading, "certificate and certificate-key", "go together");
	if (options->certificate && options->plain)
		return wrong(reading, "certificate", "does not go with plain");
	if (options->netns && options->apply != APPLY_HOST)
		return wrong(reading, "netns", "goes with apply host only");
	if (options->machine && !options->netns)
		return wrong(reading, "machine", "goes with netns only");
	if (options->force_plain && !options->plain)
		return wrong(reading, "force-plain", "goes with plain only");
	for (size_t i = 0; i < options->nlisten; i++)
		if (options->plain && !options->force_plain && !endpoint_is_loopback(&options->listen[i]))
			return wrong(reading, "plain", "is for loopback addresses (force-plain lets it serve on any)");
	return true;
}

static void
listen_on(struct options *options, const char *where)
{
	endpoint_read(text_of(where), &options->listen[options->nlisten++]);
}

/* What was not given. */
static void
complete(struct options *options, bool apply_given)
{
	if (options->nlisten == 0 && options->ephemeral) {
		listen_on(options, "127.0.0.1:0");
	} else if (options->nlisten == 0 && options->plain) {
		listen_on(options, "127.0.0.1:80");
	} else if (options->nlisten == 0) {
		listen_on(options, "0.0.0.0:443");
		listen_on(options, "[::]:443");
	}
	if (!options->ephemeral && !options->state)
		options->state = "/var/lib/drawbridge";
	if (!options->ephemeral && !options->socket)
		options->socket = "/run/drawbridge/drawbridge.sock";
	if (options->ephemeral && !apply_given && !options->netns)
		options->apply = APPLY_SANDBOX;
}

enum options_outcome
options_read(struct options *out, struct arena *arena, int argc, char *const argv[], struct buffer *message)
{
	struct reading             reading = { .arena = arena, .message = message };
	const char                *config = NULL;
	bool                       ephemeral = false;
	const enum options_outcome outcome = look_ahead(argc, argv, message, &config, &ephemeral);

	if (outcome != OPTIONS_RUN)
		return outcome;
	reading.options.log_level = LOG_LEVEL_INFO;
	if (config || !ephemeral)
		if (!take_file(&reading, config ? config : OPTIONS_FILE, config != NULL))
			return OPTIONS_WRONG;
	for (int i = 1, used; i < argc; i += used) {
		used = take_argument(&reading, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
		if (used == 0)
			return OPTIONS_WRONG;
	}
	if (!check(&reading))
		return OPTIONS_WRONG;
	complete(&reading.options, reading.given[find_option(TEXT("apply")) - table]);
	*out = reading.options;
	return OPTIONS_RUN;
}
