/*
 * The checks on a request's head that libmicrohttpd leaves out. All of it is about framing: two
 * readers of one byte stream must find the same requests in it.
 */
#include "http/head.h"

#include <string.h>

/* RFC 9110 5.6.2: what a token is made of. */
static bool
is_token(struct text t)
{
	static const bool allowed[256] = {
		['!'] = 1,         ['#'] = 1,         ['$'] = 1,         ['%'] = 1, ['&'] = 1,
		['\''] = 1,        ['*'] = 1,         ['+'] = 1,         ['-'] = 1, ['.'] = 1,
		['^'] = 1,         ['_'] = 1,         ['`'] = 1,         ['|'] = 1, ['~'] = 1,
		['0' ... '9'] = 1, ['A' ... 'Z'] = 1, ['a' ... 'z'] = 1,
	};

	for (size_t i = 0; i < t.len; i++)
		if (!allowed[(unsigned char)t.ptr[i]])
			return false;
	return t.len > 0;
}

/* A field's value: no control characters but the tab. */
static bool
is_value(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		const unsigned char byte = (unsigned char)t.ptr[i];

		if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
			return false;
	}
	return true;
}

static bool
is_target(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		const unsigned char byte = (unsigned char)t.ptr[i];

		if (byte <= 0x20 || byte == 0x7f)
			return false;
	}
	return t.len > 0;
}

/* A name or an address, and maybe a port: RFC 3986 3.2.2 without its user part. */
static bool
is_host(struct text t)
{
	static const bool allowed[256] = {
		['-'] = 1,         ['.'] = 1,  ['_'] = 1, ['~'] = 1,         ['%'] = 1,
		[':'] = 1,         ['['] = 1,  [']'] = 1, ['!'] = 1,         ['$'] = 1,
		['&'] = 1,         ['\''] = 1, ['('] = 1, [')'] = 1,         ['*'] = 1,
		['+'] = 1,         [';'] = 1,  ['='] = 1, ['0' ... '9'] = 1, ['A' ... 'Z'] = 1,
		['a' ... 'z'] = 1,
	};

	for (size_t i = 0; i < t.len; i++)
		if (!allowed[(unsigned char)t.ptr[i]])
			return false;
	return t.len > 0;
}

static void
refuse(struct head *head, unsigned status)
{
	if (head->status == 0)
		head->status = status;
}

struct text
head_path(struct text target)
{
	static const struct text schemes[] = { TEXT("http://"), TEXT("https://") };

	for (size_t i = 0; i < 2; i++) {
		const struct text start = text_first(target, schemes[i].len);

		if (!text_equal_any_case(start, schemes[i]))
			continue;
		const struct text rest = text_after(target, start.len);
		const char *const slash = rest.len ? memchr(rest.ptr, '/', rest.len) : NULL;

		return slash ? text_after(rest, (size_t)(slash - rest.ptr)) : TEXT_NONE;
	}
	return target;
}

void
head_begin(struct head *head, const char *method, const char *place, struct text target,
	   const char *version)
{
	const struct text word = text_of(method);
	const struct text path = head_path(target);

	*head = (struct head){ .end = version + strlen(version) };
	head->old = strcmp(version, "HTTP/1.0") == 0;
	if (place != method + word.len + 1 || version != place + target.len + 1)
		refuse(head, 400); /* more than one blank, or a NUL */
	if (!is_token(word) || !is_target(target))
		refuse(head, 400);
	if ((path.len == 0 || path.ptr[0] != '/') &&
	    !(text_is(target, "*") && text_is(word, "OPTIONS")))
		refuse(head, 400);
}

static void
note_length(struct head *head, struct text value)
{
	uint64_t length = 0;

	if (head->lengths++ > 0 || value.len == 0)
		refuse(head, 400);
	for (size_t i = 0; i < value.len; i++) {
		const unsigned digit = (unsigned char)value.ptr[i] - (unsigned)'0';

		if (digit > 9) {
			refuse(head, 400);
			return;
		}
		if (length > (UINT64_MAX - digit) / 10) {
			refuse(head, 413);
			return;
		}
		length = length * 10 + digit;
	}
	head->length = length;
}

static void
note_coding(struct head *head, struct text value)
{
	head->chunked = true;
	if (head->codings++ > 0 || head->old)
		refuse(head, 400);
	else if (!text_equal_any_case(value, TEXT("chunked")))
		refuse(head, 400);
}

static void
note_host(struct head *head, struct text value)
{
	if (head->hosts++ > 0 || !is_host(text_trim(value)))
		refuse(head, 400);
}

void
head_field(struct head *head, struct text name, struct text value)
{
	/* CR LF is two NULs here, LF is one. */
	const size_t gap = (size_t)(name.ptr - head->end);

	if (name.ptr <= head->end || gap > 2 || head->end[0] != '\0' || head->end[gap - 1] != '\0')
		refuse(head, 400);
	if (value.ptr <= name.ptr + name.len || !is_token(name) || !is_value(value))
		refuse(head, 400);
	head->end = value.ptr + value.len;
	head->fields++;

	if (name.len == 4 && text_equal_any_case(name, TEXT("Host")))
		note_host(head, value);
	else if (name.len == 14 && text_equal_any_case(name, TEXT("Content-Length")))
		note_length(head, value);
	else if (name.len == 17 && text_equal_any_case(name, TEXT("Transfer-Encoding")))
		note_coding(head, value);
}

unsigned
head_finish(struct head *head, const char *end)
{
	const size_t gap = (size_t)(end - head->end);

	/* The end of the last line and the empty line. */
	if (end < head->end || gap < 2 || gap > 4)
		refuse(head, 400);
	else
		for (size_t i = 0; i < gap; i++)
			if (head->end[i] != '\0')
				refuse(head, 400);
	if (head->lengths > 0 && head->codings > 0)
		refuse(head, 400);
	if (!head->old && head->hosts == 0)
		refuse(head, 400);
	return head->status;
}
