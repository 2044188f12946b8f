/* Heads as libmicrohttpd leaves them in memory: what is refused, and what is not. */
#include "http/head.h"

#include "test.h"

/* "name" NUL blanks "value", and what ends the line. */
struct line {
	const char *name, *value, *end;
	size_t      nend; /* 0: two NULs */
};

struct head_case {
	const char *what;
	const char *target;  /* NULL: "/" */
	const char *version; /* NULL: "HTTP/1.1" */
	struct line lines[4];
	unsigned    status;
	uint64_t    length;
	bool        chunked;
};

static char *
put(char *at, const char *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return at + len;
}

/* Lay the parts out as they lie in the library's buffer, then check them from there. */
static unsigned
check(const struct head_case *one, struct head *head)
{
	char              memory[1024];
	const char *const target = one->target ? one->target : "/";
	const char *const version = one->version ? one->version : "HTTP/1.1";
	char             *at = put(memory, "GET", 4);
	char *const       place = at;
	struct text       names[4], values[4];
	size_t            n = 0;

	at = put(at, target, strlen(target) + 1);
	char *const version_place = at;

	at = put(at, version, strlen(version) + 1);
	*at++ = '\0';
	for (; n < 4 && one->lines[n].name; n++) {
		const struct line *const line = &one->lines[n];
		const char *const        value = line->value + strspn(line->value, " \t");

		names[n] = (struct text){ at, strlen(line->name) };
		at = put(at, line->name, names[n].len + 1);
		at = put(at, line->value, (size_t)(value - line->value));
		values[n] = (struct text){ at, strlen(value) };
		at = put(at, value, values[n].len);
		at = line->nend ? put(at, line->end, line->nend) : put(at, "\0", 2);
	}
	at = put(at, "\0", 2);

	head_begin(head, memory, place, text_of(target), version_place);
	for (size_t i = 0; i < n; i++)
		head_field(head, names[i], values[i]);
	return head_finish(head, at);
}

/* clang-format off */
#define HOST { "Host", " a" }
static const struct head_case cases[] = {
	{ "plain",                  .lines = { HOST } },
	{ "blanks before a value",  .lines = { { "Host", " \t a" } } },
	{ "no blank",               .lines = { { "host", "a" } } },
	{ "blank after a value",    .lines = { { "Host", " a " } } },
	{ "bare LF",                .lines = { { "Host", " a", "\0", 1 }, { "B", "c" } } },
	{ "empty value",            .lines = { HOST, { "X", "" } } },
	{ "tab and high bytes",     .lines = { HOST, { "X", "a\tb\xe9" } } },
	{ "length",                 .lines = { HOST, { "Content-Length", " 17" } }, .length = 17 },
	{ "chunked",                .lines = { HOST, { "transfer-encoding", " Chunked" } }, .chunked = true },
	{ "old without host",       .version = "HTTP/1.0" },
	{ "absolute target",        "http://a/b", .lines = { HOST } },
	{ "address as host",        .lines = { { "Host", "[2001:db8::1]:8080" } } },

	{ "no host",                .lines = { { "X", "a" } }, .status = 400 },
	{ "two hosts",              .lines = { HOST, HOST }, .status = 400 },
	{ "empty host",             .lines = { { "Host", "" } }, .status = 400 },
	{ "host with a path",       .lines = { { "Host", "a/b" } }, .status = 400 },
	{ "host with a user",       .lines = { { "Host", "a@b" } }, .status = 400 },
	{ "host list",              .lines = { { "Host", "a, b" } }, .status = 400 },
	{ "old with two hosts",     .version = "HTTP/1.0", .lines = { HOST, HOST }, .status = 400 },
	{ "blank before colon",     .lines = { HOST, { "X ", "a" } }, .status = 400 },
	{ "tab before colon",       .lines = { HOST, { "X\t", "a" } }, .status = 400 },
	{ "no name",                .lines = { HOST, { "", "a" } }, .status = 400 },
	{ "name with a quote",      .lines = { HOST, { "X\"", "a" } }, .status = 400 },
	{ "name with a high byte",  .lines = { HOST, { "X\xc3\xa9", "a" } }, .status = 400 },
	{ "CR in a name",           .lines = { HOST, { "X\r", "a" } }, .status = 400 },
	{ "CR in a value",          .lines = { HOST, { "X", "a\rb" } }, .status = 400 },
	{ "escape in a value",      .lines = { HOST, { "X", "a\x1b[0m" } }, .status = 400 },
	{ "DEL in a value",         .lines = { HOST, { "X", "a\x7f" } }, .status = 400 },
	{ "NUL in a value",         .lines = { { "Host", "a", "\0b\0\0", 4 } }, .status = 400 },
	{ "NUL after a value",      .lines = { { "Host", "a", "\0\0\0", 3 }, { "X", "b" } }, .status = 400 },
	{ "NUL after the last",     .lines = { { "Host", "a", "\0\0\0", 3 } }, .status = 400 },
	{ "folded by a blank",      .lines = { { "Host", "a", "\0\0 \0\0", 5 }, { "X", "b" } }, .status = 400 },
	{ "folded last line",       .lines = { { "Host", "a", "\0\0 b\0\0", 6 } }, .status = 400 },

	{ "two lengths",            .lines = { HOST, { "Content-Length", "1" }, { "Content-Length", "2" } }, .status = 400, .length = 2 },
	{ "one length twice",       .lines = { HOST, { "Content-Length", "1" }, { "CONTENT-LENGTH", "1" } }, .status = 400, .length = 1 },
	{ "length list",            .lines = { HOST, { "Content-Length", "1, 1" } }, .status = 400 },
	{ "length with a sign",     .lines = { HOST, { "Content-Length", "+1" } }, .status = 400 },
	{ "negative length",        .lines = { HOST, { "Content-Length", "-1" } }, .status = 400 },
	{ "hexadecimal length",     .lines = { HOST, { "Content-Length", "0x10" } }, .status = 400 },
	{ "empty length",           .lines = { HOST, { "Content-Length", "" } }, .status = 400 },
	{ "largest length",         .lines = { HOST, { "Content-Length", "18446744073709551615" } }, .length = UINT64_MAX },
	{ "length past 64 bits",    .lines = { HOST, { "Content-Length", "18446744073709551616" } }, .status = 413 },
	{ "length and coding",      .lines = { HOST, { "Content-Length", "1" }, { "Transfer-Encoding", "chunked" } },
	  .status = 400, .length = 1, .chunked = true },
	{ "two codings",            .lines = { HOST, { "Transfer-Encoding", "chunked" }, { "Transfer-Encoding", "chunked" } },
	  .status = 400, .chunked = true },
	{ "coding list",            .lines = { HOST, { "Transfer-Encoding", "gzip, chunked" } }, .status = 400, .chunked = true },
	{ "identity",               .lines = { HOST, { "Transfer-Encoding", "identity" } }, .status = 400, .chunked = true },
	{ "chunked with a tail",    .lines = { HOST, { "Transfer-Encoding", "chunked;a" } }, .status = 400, .chunked = true },
	{ "old and chunked",        .version = "HTTP/1.0", .lines = { { "Transfer-Encoding", "chunked" } }, .status = 400, .chunked = true },

	{ "blank in the target",    "/a b", .lines = { HOST }, .status = 400 },
	{ "tab in the target",      "/a\tb", .lines = { HOST }, .status = 400 },
	{ "DEL in the target",      "/\x7f", .lines = { HOST }, .status = 400 },
	{ "target without a slash", "a", .lines = { HOST }, .status = 400 },
	{ "absolute without path",  "http://a", .lines = { HOST }, .status = 400 },
	{ "star is for OPTIONS",    "*", .lines = { HOST }, .status = 400 },
	{ "other scheme",           "ftp://a/", .lines = { HOST }, .status = 400 },
};
/* clang-format on */

TEST(a_head_two_servers_could_read_differently_is_refused)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct head    head;
		const unsigned status = check(&cases[i], &head);

		if (status != cases[i].status || head.length != cases[i].length ||
		    head.chunked != cases[i].chunked)
			fail_msg("%s: status %u, length %llu, chunked %d", cases[i].what, status,
				 (unsigned long long)head.length, head.chunked);
	}
}

TEST(a_second_blank_or_a_nul_in_the_request_line_is_refused)
{
	static const char two[] = "GET\0 /\0HTTP/1.1";
	static const char nul[] = "GET\0/a\0b\0HTTP/1.1";
	static const char word[] = "G(T\0/\0HTTP/1.1";
	struct head       head;

	head_begin(&head, two, two + 5, TEXT("/"), two + 7);
	CHECK_NUMBER(head.status, 400);
	head_begin(&head, nul, nul + 4, TEXT("/a"), nul + 9);
	CHECK_NUMBER(head.status, 400);
	head_begin(&head, word, word + 4, TEXT("/"), word + 6);
	CHECK_NUMBER(head.status, 400);
}

TEST(a_field_out_of_place_is_refused)
{
	static const char memory[] = "GET\0/\0HTTP/1.1\0\0Host\0a\0\0";
	struct head       head;

	/* What libmicrohttpd does with a folded line: the name moves elsewhere. */
	head_begin(&head, memory, memory + 4, TEXT("/"), memory + 6);
	head_field(&head, TEXT("Hostb"), (struct text){ memory + 21, 1 });
	CHECK_NUMBER(head_finish(&head, memory + 24), 400);
}

RUN(cmocka_unit_test(a_head_two_servers_could_read_differently_is_refused),
    cmocka_unit_test(a_second_blank_or_a_nul_in_the_request_line_is_refused),
    cmocka_unit_test(a_field_out_of_place_is_refused));
