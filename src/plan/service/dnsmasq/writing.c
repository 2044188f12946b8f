/* One line at a time, in a buffer of its own until it is known to be fine. */
#include "plan/service/dnsmasq/writing.h"

#include <string.h>

#include "plan/network/making.h"

#define LINE_MAX_BYTES 1000 /* dnsmasq's buffer has 1025 */

void
writing_begin(struct writing *writing, const char *option)
{
	buffer_cut(&writing->line, 0);
	writing->is_bad = writing->has_piece = false;
	if (option)
		buffer_print(&writing->line, "%s=", option);
}

static void
separate(struct writing *writing)
{
	if (writing->has_piece)
		buffer_add_byte(&writing->line, ',');
	writing->has_piece = true;
}

static bool
is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c != '\0' && strchr("-_.:/#@*[]", c));
}

void
writing_word(struct writing *writing, struct text word)
{
	separate(writing);
	for (size_t i = 0; i < word.len; i++)
		writing->is_bad |= !is_plain(word.ptr[i]);
	buffer_add(&writing->line, word);
}

void
writing_print(struct writing *writing, const char *format, ...)
{
	scoped_buffer word = BUFFER_NONE;
	va_list       args;

	va_start(args, format);
	buffer_print_args(&word, format, args);
	va_end(args);
	writing_word(writing, buffer_text(&word));
}

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

static void
add_quoted(struct writing *writing, struct text value)
{
	buffer_add_byte(&writing->line, '"');
	for (size_t i = 0; i < value.len; i++) {
		writing->is_bad |= is_control(value.ptr[i]);
		if (value.ptr[i] == '"' || value.ptr[i] == '\\')
			buffer_add_byte(&writing->line, '\\');
		buffer_add_byte(&writing->line, value.ptr[i]);
	}
	buffer_add_byte(&writing->line, '"');
}

void
writing_text(struct writing *writing, struct text value)
{
	separate(writing);
	add_quoted(writing, value);
}

/* In quotes from end to end: the text between them, with what its backslashes hide laid bare. */
static bool
unquote(struct text piece, struct buffer *out)
{
	if (piece.len < 2 || piece.ptr[0] != '"' || piece.ptr[piece.len - 1] != '"')
		return false;
	piece = (struct text){ piece.ptr + 1, piece.len - 2 };
	for (size_t i = 0; i < piece.len; i++) {
		if (piece.ptr[i] == '\\' && i + 1 < piece.len && (piece.ptr[i + 1] == '"' || piece.ptr[i + 1] == '\\'))
			i++;
		else if (piece.ptr[i] == '"' || piece.ptr[i] == '\\')
			return false;
		buffer_add_byte(out, piece.ptr[i]);
	}
	return true;
}

/* Cut off what stands before the next comma that is not in quotes. */
static struct text
next_piece(struct text *rest)
{
	struct text piece = *rest;
	bool        is_quoted = false;

	for (size_t i = 0; i < piece.len; i++) {
		if (is_quoted && piece.ptr[i] == '\\')
			i++;
		else if (piece.ptr[i] == '"')
			is_quoted = !is_quoted;
		else if (piece.ptr[i] == ',' && !is_quoted) {
			*rest = text_after(piece, i + 1);
			return text_first(piece, i);
		}
	}
	*rest = TEXT_NONE;
	return piece;
}

static void
add_piece(struct writing *writing, struct text piece)
{
	scoped_buffer inner = BUFFER_NONE;
	bool          is_open = piece.len > 0;

	separate(writing);
	if (unquote(piece, &inner)) {
		add_quoted(writing, buffer_text(&inner));
		return;
	}
	for (size_t i = 0; i < piece.len; i++)
		is_open &= is_plain(piece.ptr[i]) || (piece.ptr[i] == ' ' && i > 0 && i + 1 < piece.len && piece.ptr[i + 1] != '#');
	if (is_open)
		buffer_add(&writing->line, piece);
	else
		add_quoted(writing, piece);
}

void
writing_value(struct writing *writing, struct text value)
{
	if (value.len == 0)
		return;
	while (value.len > 0)
		add_piece(writing, next_piece(&value));
}

void
writing_tag(struct writing *writing, const char *use, struct text uuid)
{
	scoped_buffer word = BUFFER_NONE;

	buffer_print(&word, "%s:t", use);
	for (size_t i = 0; i < uuid.len; i++)
		if (uuid.ptr[i] != '-')
			buffer_add_byte(&word, uuid.ptr[i]);
	writing_word(writing, buffer_text(&word));
}

void
writing_end(struct writing *writing, struct buffer *into)
{
	struct text rest = buffer_text(&writing->line);

	if (!writing->is_bad && rest.len <= LINE_MAX_BYTES) {
		buffer_add(into, rest);
		buffer_add_byte(into, '\n');
		return;
	}
	const struct text option = text_until(&rest, '=');

	service_miss(writing->draft, "dnsmasq cannot read a value of %.*s: %s",
		     into == &writing->clients ? 4 : (int)option.len, into == &writing->clients ? "host" : option.ptr,
		     writing->is_bad ? "it has characters that have no place there" : "it is too long");
}

void
writing_put(struct writing *writing, const char *option, struct text value)
{
	writing_begin(writing, option);
	writing_word(writing, value);
	writing_end(writing, &writing->conf);
}

void
writing_put_devices(struct writing *writing, const char *option, struct text interfaces)
{
	struct text one;

	while (text_next(&interfaces, ",", &one)) {
		const char *device = making_device(writing->view->snapshot, one);

		if (device)
			writing_put(writing, option, text_of(device));
	}
}
