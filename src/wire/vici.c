/* A packet is a length, a kind, and for some kinds a name; the rest of it is a message. Numbers have the network's order. */
#include "wire/vici.h"

#include "base/bug.h"
#include "wire/reader.h"

#define DEPTH_MAX 16

enum packet { ASK, REPLY, UNKNOWN, HEAR, UNHEAR, HEARS, HEARS_NOT, EVENT, PACKETS };
enum element { SECTION = 1, SECTION_END, VALUE, LIST, ITEM, LIST_END };

/* --- Asking -------------------------------------------------------------------------------------------- */

static void
add_number(struct buffer *out, size_t number, int bytes)
{
	while (bytes-- > 0)
		buffer_add_byte(out, (char)(number >> 8 * bytes));
}

static void
add_name(struct buffer *out, const char *name)
{
	BUG_IF(strlen(name) > VICI_NAME_MAX, "a name of vici is too long");
	add_number(out, strlen(name), 1);
	buffer_add_string(out, name);
}

static void
add_packet(struct buffer *out, enum packet kind, const char *name, struct text message)
{
	add_number(out, 2 + strlen(name) + message.len, 4);
	add_number(out, kind, 1);
	add_name(out, name);
	buffer_add(out, message);
}

void
vici_ask(struct buffer *out, const char *event, const char *command, const char *const *pairs)
{
	scoped_buffer message = BUFFER_NONE;

	for (; pairs && *pairs; pairs += 2) {
		const size_t len = strlen(pairs[1]);

		BUG_IF(len > VICI_TEXT_MAX, "a value of vici is too long");
		add_number(&message, VALUE, 1);
		add_name(&message, pairs[0]);
		add_number(&message, len, 2);
		buffer_add_string(&message, pairs[1]);
	}
	if (event)
		add_packet(out, HEAR, event, TEXT_NONE);
	add_packet(out, ASK, command, buffer_text(&message));
}

/* --- Hearing -------------------------------------------------------------------------------------------- */

struct hearing {
	struct arena *arena;
	struct text   left;
	bool          failed;
};

static size_t
take_number(struct hearing *hearing, int bytes)
{
	size_t number = 0;

	if (hearing->left.len < (size_t)bytes) {
		hearing->failed = true;
		return 0;
	}
	for (int i = 0; i < bytes; i++)
		number = number << 8 | (unsigned char)hearing->left.ptr[i];
	hearing->left = text_after(hearing->left, (size_t)bytes);
	return number;
}

/* `bytes`: how long the number is that says how long it is. */
static struct text
take_text(struct hearing *hearing, int bytes)
{
	const size_t      len = take_number(hearing, bytes);
	const struct text text = text_first(hearing->left, len);

	if (hearing->left.len < len)
		hearing->failed = true;
	hearing->left = text_after(hearing->left, len);
	return text;
}

/* Peers choose what they are called. */
static struct value *
value_of(struct arena *arena, struct text text)
{
	const bool is_utf8 = text_is_utf8(text);
	char      *copy = arena_copy(arena, text);

	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)copy[i] < ' ' || copy[i] == 0x7f || (!is_utf8 && (copy[i] & 0x80)))
			copy[i] = '?';
	return value_text(arena, (struct text){ copy, text.len });
}

static struct value *
take_list(struct hearing *hearing)
{
	struct value *list = value_list(hearing->arena);
	size_t        kind;

	while ((kind = take_number(hearing, 1)) == ITEM)
		value_add(hearing->arena, list, value_of(hearing->arena, take_text(hearing, 2)));
	hearing->failed |= kind != LIST_END;
	return list;
}

/* To the end of the section, or at depth 0 of the message. */
static struct value *
take_section(struct hearing *hearing, int depth)
{
	struct value *section = value_object(hearing->arena);

	while (!hearing->failed && (depth > 0 || hearing->left.len > 0)) {
		const size_t kind = take_number(hearing, 1);
		struct text  name;

		if (kind == SECTION_END && depth > 0)
			return section;
		name = take_text(hearing, 1);
		if (kind == SECTION && depth < DEPTH_MAX)
			value_set_text(hearing->arena, section, name, take_section(hearing, depth + 1));
		else if (kind == VALUE)
			value_set_text(hearing->arena, section, name, value_of(hearing->arena, take_text(hearing, 2)));
		else if (kind == LIST)
			value_set_text(hearing->arena, section, name, take_list(hearing));
		else
			hearing->failed = true;
	}
	return section;
}

/* The next packet without its length; false when it is not there as a whole. */
static bool
next_packet(struct text *left, struct text *packet)
{
	struct hearing hearing = { .left = *left };

	*packet = take_text(&hearing, 4);
	if (hearing.failed || packet->len == 0)
		return false;
	*left = hearing.left;
	return true;
}

bool
vici_is_whole(struct text said)
{
	struct text packet;

	while (next_packet(&said, &packet))
		if (packet.ptr[0] == REPLY || packet.ptr[0] == UNKNOWN || packet.ptr[0] == HEARS_NOT ||
		    (unsigned char)packet.ptr[0] >= PACKETS)
			return true;
	/* A length of nothing will never be more. */
	return said.len >= 4 && memcmp(said.ptr, "\0\0\0\0", 4) == 0;
}

struct value *
vici_read(struct arena *arena, struct text said)
{
	struct value *list = value_list(arena);
	struct text   packet;

	while (next_packet(&said, &packet)) {
		struct hearing hearing = { arena, text_after(packet, 1), false };

		if (packet.ptr[0] == HEARS)
			continue;
		if (packet.ptr[0] == EVENT)
			(void)take_text(&hearing, 1);
		else if (packet.ptr[0] != REPLY)
			return NULL;
		value_add(arena, list, take_section(&hearing, 0));
		if (hearing.failed)
			return NULL;
		if (packet.ptr[0] == REPLY)
			return list;
	}
	return NULL;
}
