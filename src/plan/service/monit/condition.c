/*
 * Monit drops words like "if" and "then" wherever they stand, so that nothing but the words themselves says where a condition ends
 * and an action begins. None that begins an action or a statement is known here.
 *
 * OPNsense's "CPUs" is no word of Monit's: a load above "CPUs * 2" is one above 2 for each core, which Monit can say.
 */
#include "plan/service/monit/condition.h"

#include <string.h>

#include "base/bug.h"

#define CONDITION_MAX 1024 /* bytes */
#define SIGNS         "=<>!()%*,[]{}"
#define OTHERS        "\"'#;"
#define BLANKS        " \t"
#define HEADER_SIGNS  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* clang-format off */
static const char *const words[] = {
	/* how it is said */
	"a", "and", "are", "by", "do", "does", "for", "from", "has", "hasn't", "in", "is", "last", "not", "of", "on", "or", "the", "to", "use",
	"used", "using", "was", "with", "within", "without",
	"equal", "greater", "less", "more", "notequal", "than", "eq", "ge", "gt", "le", "lt", "ne",
	"change", "changed", "exist", "exists", "fail", "failed", "fails", "succeed", "succeeded", "succeeds", "cycle", "cycles", "times",
	/* units */
	"b", "kb", "mb", "gb", "tb", "b/s", "kb/s", "mb/s", "gb/s", "byte", "bytes", "kilobyte", "megabyte", "gigabyte", "ms", "millisecond",
	"milliseconds", "s", "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "month", "months", "operation",
	"operations", "operations/s", "packet", "packets", "packets/s",
	/* systems and processes */
	"children", "core", "cpu", "loadavg", "load", "memory", "per", "resource", "swap", "threads", "total", "uptime", "usage", "guest",
	"guestnice", "hardirq", "iowait", "nice", "softirq", "steal", "system", "user", "wait", "1min", "5min", "15min", "filedescriptors",
	"pid", "ppid", "uid", "gid", "euid", "security", "attribute", "disk", "read", "write", "rate", "service", "time",
	/* files */
	"access", "checksum", "content", "expect", "match", "matching", "md5", "sha1", "modification", "permission", "permissions", "size",
	"timestamp", "timestamps", "atime", "ctime", "mtime", "fsflag", "fsflags", "filesystem", "flag", "flags", "free", "inode", "inodes",
	"space", "hardlink", "hardlinks", "nlink", "links", "status",
	/* links */
	"capacity", "download", "downloaded", "link", "saturation", "upload", "uploaded",
	/* connections */
	"address", "host", "hostheader", "http", "https", "icmp", "ipv4", "ipv6", "ping", "ping4", "ping6", "port", "protocol", "proto",
	"echo", "count", "responsetime", "response", "retry", "send", "tcp", "tcpssl", "timeout", "type", "udp", "unix", "unixsocket",
	"certificate", "valid", "options", "option", "ssl", "tls", "sslauto", "sslv2", "sslv3", "tlsv1", "tlsv11", "tlsv12", "tlsv13", "auto",
	"version", "verify", "selfsigned", "reject", "enable", "disable", "enabled", "disabled", "cipher", "ciphers",
	"apache-status", "clamav", "dns", "dwp", "fail2ban", "ftp", "gps", "imap", "imaps", "ldap2", "ldap3", "lmtp", "memcache", "mongodb",
	"mqtt", "mysql", "mysqls", "nntp", "ntp3", "pgsql", "pop", "pops", "postfix-policy", "radius", "rdate", "redis", "rsync", "rsa",
	"sieve", "sip", "smtp", "smtps", "spamassassin", "ssh", "tns", "websocket", "default",
	"body", "get", "head", "headers", "maxforward", "method", "origin", "password", "path", "request", "secret", "target", "username",
	"limit", "loglimit", "closelimit", "dnslimit", "keepalivelimit", "replylimit", "requestlimit", "startlimit", "waitlimit",
	"gracefullimit", "cleanuplimit",
};
/* clang-format on */

/* Words that say what it uses. */
static const struct {
	const char    *word;
	enum monit_use use;
} telling[] = {
	{ "content", MONIT_READS }, { "match", MONIT_READS }, { "matching", MONIT_READS }, { "unix", MONIT_SPEAKS },
	{ "unixsocket", MONIT_SPEAKS },
};

struct reading {
	struct text    rest;
	unsigned       uses;
	struct buffer *out;
	size_t         begin; /* of what is ours in *out */
	size_t         core;  /* where "per core" would go; 0: nowhere */
	const char    *why;
};

static bool
can_be_quoted(struct text value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == '\x7f' || value.ptr[i] == '"')
			return false;
	return value.len > 0;
}

bool
monit_quote(struct buffer *out, struct text value)
{
	if (!can_be_quoted(value))
		return false;
	buffer_print(out, "\"%.*s\"", TEXT_ARGS(value));
	return true;
}

static bool
is_known(struct text word)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (text_equal_any_case(word, text_of(words[i])))
			return true;
	return false;
}

/* "5", "0.5", "-5" */
static bool
is_number(struct text word)
{
	size_t dots = 0;

	if (text_starts(word, TEXT("-")))
		word = text_after(word, 1);
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] == '.' && i > 0 && i + 1 < word.len && dots++ == 0)
			continue;
		if (word.ptr[i] < '0' || word.ptr[i] > '9')
			return false;
	}
	return word.len > 0;
}

static bool
refuse(struct reading *reading, const char *why)
{
	reading->why = why;
	return false;
}

static struct text
take_word(struct reading *reading)
{
	size_t len = 0;

	while (len < reading->rest.len && reading->rest.ptr[len] && !strchr(SIGNS OTHERS BLANKS, reading->rest.ptr[len]))
		len++;
	/* "verify: enable" */
	if (len > 1 && reading->rest.ptr[len - 1] == ':')
		len--;
	const struct text word = text_first(reading->rest, len);

	reading->rest = text_after(reading->rest, len);
	return word;
}

/* What is behind "CPUs": "* 2"; without it 1. */
static bool
take_cores(struct reading *reading)
{
	scoped_buffer tail = BUFFER_NONE;
	struct text   after = text_trim(reading->rest), factor = TEXT("1");

	if (!reading->core)
		return refuse(reading, "only a load can be compared with CPUs");
	if (text_starts(after, TEXT("*"))) {
		reading->rest = text_trim(text_after(after, 1));
		factor = take_word(reading);
		if (!is_number(factor))
			return refuse(reading, "CPUs can be multiplied with a number only");
	}
	buffer_add(&tail, text_after(buffer_text(reading->out), reading->core));
	buffer_cut(reading->out, reading->core);
	buffer_print(reading->out, " per core%.*s%.*s", TEXT_ARGS(buffer_text(&tail)), TEXT_ARGS(factor));
	reading->core = 0;
	return true;
}

static bool
take_quoted(struct reading *reading)
{
	const char  quote[2] = { reading->rest.ptr[0] };
	struct text inside = text_after(reading->rest, 1), value;
	const void *end = inside.len > 0 ? memchr(inside.ptr, quote[0], inside.len) : NULL;

	if (!end)
		return refuse(reading, "a quote has no end");
	value = text_first(inside, (size_t)((const char *)end - inside.ptr));
	reading->rest = text_after(inside, value.len + 1);
	return monit_quote(reading->out, value) || refuse(reading, "something in quotes cannot be there");
}

/* The name of a header, and its ":". */
static bool
take_name(struct reading *reading)
{
	size_t len = 0;

	while (len < reading->rest.len && reading->rest.ptr[len] && strchr(HEADER_SIGNS, reading->rest.ptr[len]))
		len++;
	if (len == 0 || len == reading->rest.len || reading->rest.ptr[len] != ':')
		return refuse(reading, "a header is none");
	buffer_print(reading->out, "%.*s: ", TEXT_ARGS(text_first(reading->rest, len)));
	reading->rest = text_trim(text_after(reading->rest, len + 1));
	return true;
}

/* "[Host: a.b, X-Y: "c, d"]", where a name in quotes would be sent with them; values may be in quotes, and are. */
static bool
take_headers(struct reading *reading)
{
	const char *before = " [";

	reading->rest = text_after(text_trim(reading->rest), 1);
	for (;;) {
		size_t len = 0;

		reading->rest = text_trim(reading->rest);
		buffer_add_string(reading->out, before);
		if (!take_name(reading))
			return false;
		while (len < reading->rest.len && reading->rest.ptr[len] && !strchr(",]\"'", reading->rest.ptr[len]))
			len++;
		if (len == 0 && reading->rest.len > 0 && (reading->rest.ptr[0] == '"' || reading->rest.ptr[0] == '\'')) {
			if (!take_quoted(reading))
				return false;
		} else if (monit_quote(reading->out, text_trim(text_first(reading->rest, len)))) {
			reading->rest = text_after(reading->rest, len);
		} else {
			return refuse(reading, "a header has no value, or none that it can have");
		}
		reading->rest = text_trim(reading->rest);
		const char end = reading->rest.len > 0 ? reading->rest.ptr[0] : '\0';

		reading->rest = text_after(reading->rest, 1);
		if (end == ']')
			break;
		if (end != ',')
			return refuse(reading, "the headers have no end");
		before = ", ";
	}
	buffer_add_string(reading->out, "] ");
	return true;
}

static bool
take_one(struct reading *reading)
{
	const char  c = reading->rest.ptr[0];
	struct text word;

	if (c == '"' || c == '\'')
		return take_quoted(reading);
	if (c && strchr(SIGNS ":" BLANKS, c) && (c != ':' || reading->rest.len == 1 || strchr(BLANKS, reading->rest.ptr[1]))) {
		buffer_add_byte(reading->out, c == '\t' ? ' ' : c);
		if (c == ')')
			reading->core = reading->out->len;
		reading->rest = text_after(reading->rest, 1);
		return true;
	}
	word = take_word(reading);
	if (text_equal_any_case(word, TEXT("CPUs")))
		return take_cores(reading);
	if (is_known(word) || is_number(word)) {
		for (size_t i = 0; i < COUNT(telling); i++)
			if (text_equal_any_case(word, text_of(telling[i].word)))
				reading->uses |= telling[i].use;
		buffer_add(reading->out, word);
		if (text_equal_any_case(word, TEXT("headers")) && text_starts(text_trim(reading->rest), TEXT("[")))
			return take_headers(reading);
		return true;
	}
	return monit_quote(reading->out, word) || refuse(reading, "it has a sign that no condition has");
}

bool
monit_condition(struct text condition, struct buffer *out, unsigned *uses, const char **why)
{
	struct reading reading = { .rest = text_trim(condition), .out = out, .begin = out->len };
	bool           is_good = reading.rest.len > 0 && reading.rest.len <= CONDITION_MAX;

	if (!is_good)
		reading.why = "it is empty or too long";
	while (is_good && reading.rest.len > 0)
		is_good = take_one(&reading);
	if (is_good) {
		*uses = reading.uses;
		return true;
	}
	buffer_cut(out, reading.begin);
	*why = reading.why;
	return false;
}
