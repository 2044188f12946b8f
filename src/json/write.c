/*
 * Writing JSON. One flag is all the state that commas need: it is set by the end of
 * a value and cleared by an opening bracket or a name.
 */
#include "json/write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"

#define REPLACEMENT 0xFFFD

/* What a byte needs: 0 copied, 'u' \u00XX, 's' the slash, 'x' the start of something longer, else its short escape. */
/* clang-format off */
static const char escapes[256] = {
	['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['"'] = '"', ['\\'] = '\\', ['/'] = 's',
	[0] = 'u', [1] = 'u', [2] = 'u', [3] = 'u', [4] = 'u', [5] = 'u', [6] = 'u', [7] = 'u', [11] = 'u',
	[14] = 'u', [15] = 'u', [16] = 'u', [17] = 'u', [18] = 'u', [19] = 'u', [20] = 'u', [21] = 'u', [22] = 'u',
	[23] = 'u', [24] = 'u', [25] = 'u', [26] = 'u', [27] = 'u', [28] = 'u', [29] = 'u', [30] = 'u', [31] = 'u',
	[128 ... 255] = 'x',
};
/* clang-format on */

static void
start_value(struct json *json)
{
	if (json->comma)
		buffer_add_byte(json->out, ',');
	json->comma = true;
}

static void
open_bracket(struct json *json, char bracket)
{
	start_value(json);
	buffer_add_byte(json->out, bracket);
	json->comma = false;
	json->open++;
}

static void
close_bracket(struct json *json, char bracket)
{
	BUG_IF(json->open == 0, "JSON closed more often than opened");
	buffer_add_byte(json->out, bracket);
	json->comma = true;
	json->open--;
}

static void
add_unit(struct buffer *out, unsigned unit)
{
	static const char hex[] = "0123456789abcdef";
	const char        text[6] = { '\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15],
				      hex[unit >> 4 & 15], hex[unit & 15] };

	buffer_add(out, (struct text){ text, sizeof(text) });
}

/* How many bytes the character at ptr has; 0 when it is none (RFC 3629). */
static size_t
read_character(const unsigned char *ptr, size_t left, unsigned *character)
{
	const size_t   len = ptr[0] < 0xc2 ? 0 : ptr[0] < 0xe0 ? 2 : ptr[0] < 0xf0 ? 3 : ptr[0] < 0xf5 ? 4 : 0;
	const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned       got;

	if (len == 0 || len > left)
		return 0;
	got = ptr[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if ((ptr[i] & 0xc0) != 0x80)
			return 0;
		got = got << 6 | (ptr[i] & 0x3f);
	}
	if (got < least[len] || got > 0x10ffff || (got >= 0xd800 && got <= 0xdfff))
		return 0;
	*character = got;
	return len;
}

/* One character past ASCII; gives the bytes it took. */
static size_t
add_wide(struct json *json, const char *ptr, size_t left)
{
	unsigned     character = REPLACEMENT;
	const size_t len = read_character((const unsigned char *)ptr, left, &character);

	if (json->options & JSON_ASCII) {
		if (character >= 0x10000) {
			add_unit(json->out, 0xd800 + ((character - 0x10000) >> 10));
			add_unit(json->out, 0xdc00 + ((character - 0x10000) & 0x3ff));
		} else {
			add_unit(json->out, character);
		}
	} else if (len > 0) {
		buffer_add(json->out, (struct text){ ptr, len });
	} else {
		buffer_add_string(json->out, "\xef\xbf\xbd");
	}
	return len > 0 ? len : 1;
}

static void
add_quoted(struct json *json, struct text text)
{
	struct buffer *out = json->out;
	size_t         done = 0, at = 0;

	buffer_reserve(out, text.len + 2);
	buffer_add_byte(out, '"');
	while (at < text.len) {
		const unsigned char byte = (unsigned char)text.ptr[at];
		const char          escape = escapes[byte];

		if (escape == 0 || (escape == 's' && !(json->options & JSON_ESCAPE_SLASH))) {
			at++;
			continue;
		}
		buffer_add(out, (struct text){ text.ptr + done, at - done });
		if (escape == 'x') {
			at += add_wide(json, text.ptr + at, text.len - at);
		} else if (escape == 'u') {
			add_unit(out, byte);
			at++;
		} else {
			const char pair[2] = { '\\', escape == 's' ? '/' : escape };

			buffer_add(out, (struct text){ pair, 2 });
			at++;
		}
		done = at;
	}
	if (at > done)
		buffer_add(out, (struct text){ text.ptr + done, at - done });
	buffer_add_byte(out, '"');
}

void
json_object(struct json *json)
{
	open_bracket(json, '{');
}

void
json_object_end(struct json *json)
{
	close_bracket(json, '}');
}

void
json_list(struct json *json)
{
	open_bracket(json, '[');
}

void
json_list_end(struct json *json)
{
	close_bracket(json, ']');
}

void
json_name_text(struct json *json, struct text name)
{
	start_value(json);
	add_quoted(json, name);
	buffer_add_byte(json->out, ':');
	json->comma = false;
}

void
json_name(struct json *json, const char *name)
{
	json_name_text(json, text_of(name));
}

void
json_text(struct json *json, struct text text)
{
	start_value(json);
	add_quoted(json, text);
}

void
json_string(struct json *json, const char *string)
{
	if (string)
		json_text(json, text_of(string));
	else
		json_null(json);
}

void
json_number(struct json *json, int64_t number)
{
	start_value(json);
	buffer_add_number(json->out, number);
}

void
json_real(struct json *json, double real)
{
	char digits[32];

	if (!isfinite(real)) {
		json_null(json);
		return;
	}
	if (real == 0) {
		/* "-0" would be read as an integer. */
		json_raw(json, signbit(real) ? TEXT("-0.0") : TEXT("0"));
		return;
	}
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, real);
		if (strtod(digits, NULL) == real)
			break;
	}
	json_raw(json, text_of(digits));
}

void
json_bool(struct json *json, bool truth)
{
	json_raw(json, truth ? TEXT("true") : TEXT("false"));
}

void
json_null(struct json *json)
{
	json_raw(json, TEXT("null"));
}

void
json_raw(struct json *json, struct text text)
{
	start_value(json);
	buffer_add(json->out, text);
}

static void
add_members(struct json *json, const struct value *value)
{
	const bool is_object = value->kind == VALUE_OBJECT;

	open_bracket(json, is_object ? '{' : '[');
	for (size_t i = 0; i < value->count; i++) {
		if (is_object)
			json_name_text(json, value->members[i].name);
		json_value(json, value->members[i].value);
	}
	close_bracket(json, is_object ? '}' : ']');
}

void
json_value(struct json *json, const struct value *value)
{
	switch (value ? value->kind : VALUE_NULL) {
	case VALUE_NULL:
		json_null(json);
		break;
	case VALUE_BOOL:
		json_bool(json, value->truth);
		break;
	case VALUE_INTEGER:
		json_number(json, value->integer);
		break;
	case VALUE_REAL:
		json_real(json, value->real);
		break;
	case VALUE_TEXT:
		json_text(json, value->text);
		break;
	case VALUE_LIST:
	case VALUE_OBJECT:
		add_members(json, value);
		break;
	}
}

void
json_put_text(struct json *json, const char *name, struct text text)
{
	json_name(json, name);
	json_text(json, text);
}

void
json_put_string(struct json *json, const char *name, const char *string)
{
	json_name(json, name);
	json_string(json, string);
}

void
json_put_number(struct json *json, const char *name, int64_t number)
{
	json_name(json, name);
	json_number(json, number);
}

void
json_put_bool(struct json *json, const char *name, bool truth)
{
	json_name(json, name);
	json_bool(json, truth);
}

void
json_put_null(struct json *json, const char *name)
{
	json_name(json, name);
	json_null(json);
}

void
json_put_value(struct json *json, const char *name, const struct value *value)
{
	json_name(json, name);
	json_value(json, value);
}
