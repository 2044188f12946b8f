/* A recogniser for RFC 8259, with a limit on nesting. */
#include "schema/json_text.h"

#define DEPTH_MAX 64

struct cursor {
	const char *at, *end;
	unsigned    depth;
};

static bool take_value(struct cursor *);

static char
next(const struct cursor *cursor)
{
	return cursor->at < cursor->end ? *cursor->at : '\0';
}

static bool
take(struct cursor *cursor, char c)
{
	if (next(cursor) != c || cursor->at == cursor->end)
		return false;
	cursor->at++;
	return true;
}

static void
skip_blanks(struct cursor *cursor)
{
	while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t' || *cursor->at == '\n' || *cursor->at == '\r'))
		cursor->at++;
}

static bool
take_digits(struct cursor *cursor)
{
	const char *from = cursor->at;

	while (next(cursor) >= '0' && next(cursor) <= '9')
		cursor->at++;
	return cursor->at > from;
}

static bool
take_number(struct cursor *cursor)
{
	take(cursor, '-');
	if (!take(cursor, '0') && !take_digits(cursor))
		return false;
	if (take(cursor, '.') && !take_digits(cursor))
		return false;
	if (!take(cursor, 'e') && !take(cursor, 'E'))
		return true;
	if (!take(cursor, '+'))
		take(cursor, '-');
	return take_digits(cursor);
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

static bool
take_string(struct cursor *cursor)
{
	if (!take(cursor, '"'))
		return false;
	while (cursor->at < cursor->end) {
		const char c = *cursor->at++;

		if (c == '"')
			return true;
		if ((unsigned char)c < ' ')
			return false;
		if (c != '\\')
			continue;
		const char escape = next(cursor);

		cursor->at += cursor->at < cursor->end;
		if (escape == 'u') {
			for (int i = 0; i < 4; i++, cursor->at++)
				if (!is_hex(next(cursor)))
					return false;
		} else if (escape == '\0' || !strchr("\"\\/bfnrt", escape)) {
			return false;
		}
	}
	return false;
}

static bool
take_members(struct cursor *cursor, char close)
{
	skip_blanks(cursor);
	if (take(cursor, close))
		return true;
	do {
		skip_blanks(cursor);
		if (close == '}') {
			if (!take_string(cursor))
				return false;
			skip_blanks(cursor);
			if (!take(cursor, ':'))
				return false;
		}
		if (!take_value(cursor))
			return false;
		skip_blanks(cursor);
	} while (take(cursor, ','));
	return take(cursor, close);
}

static bool
take_word(struct cursor *cursor, struct text word)
{
	if ((size_t)(cursor->end - cursor->at) < word.len || memcmp(cursor->at, word.ptr, word.len) != 0)
		return false;
	cursor->at += word.len;
	return true;
}

static bool
take_value(struct cursor *cursor)
{
	bool good;

	skip_blanks(cursor);
	switch (next(cursor)) {
	case '{':
	case '[':
		if (++cursor->depth > DEPTH_MAX)
			return false;
		good = take_members(cursor, *cursor->at++ == '{' ? '}' : ']');
		cursor->depth--;
		return good;
	case '"':
		return take_string(cursor);
	case 't':
		return take_word(cursor, TEXT("true"));
	case 'f':
		return take_word(cursor, TEXT("false"));
	case 'n':
		return take_word(cursor, TEXT("null"));
	default:
		return take_number(cursor);
	}
}

bool
json_text_is_valid(struct text t)
{
	struct cursor cursor = { t.ptr, t.ptr + t.len, 0 };

	if (t.len == 0 || !text_is_utf8(t) || !take_value(&cursor))
		return false;
	skip_blanks(&cursor);
	return cursor.at == cursor.end;
}
