/* Entries of feeds as bytes: fixed fields in the order of the structs. */
#include "wire/feed.h"

#include "wire/bulk.h"

#define ENTRY_SIZE 20 /* of an empty one */

void
feed_entries_encode(struct buffer *out, const struct feed_entries *entries)
{
	bulk_u32(out, (uint32_t)entries->n);
	for (size_t i = 0; i < entries->n; i++) {
		bulk_u64(out, entries->entries[i].number);
		bulk_u64(out, (uint64_t)entries->entries[i].time);
		bulk_text(out, entries->entries[i].bytes);
	}
}

bool
feed_entries_decode(struct arena *arena, struct text bytes, struct feed_entries *out)
{
	struct reader in = reader_of(bytes);
	const size_t  n = get_choice(&in, FEED_ENTRIES_MAX + 1);

	if (n > bytes.len / ENTRY_SIZE)
		return false;
	struct feed_entry *entries = ARENA_MAKE(arena, struct feed_entry, n + 1);

	for (size_t i = 0; i < n && !in.failed; i++) {
		entries[i].number = get_u64(&in);
		entries[i].time = get_i64(&in);
		entries[i].bytes = get_text(&in, FEED_ENTRY_MAX);
	}
	if (!got_all(&in))
		return false;
	*out = (struct feed_entries){ entries, n };
	return true;
}

void
feed_packet_encode(struct buffer *out, const struct feed_packet *packet)
{
	bulk_u32(out, packet->in);
	bulk_u32(out, packet->out);
	bulk_u16(out, packet->protocol);
	bulk_u8(out, packet->hook);
	bulk_text(out, text_first(packet->prefix, FEED_PREFIX_MAX));
	bulk_text(out, text_first(packet->payload, FEED_PAYLOAD_MAX));
}

bool
feed_packet_decode(struct text bytes, struct feed_packet *out)
{
	struct reader      in = reader_of(bytes);
	struct feed_packet packet = { .in = get_u32(&in) };

	packet.out = get_u32(&in);
	packet.protocol = get_u16(&in);
	packet.hook = get_u8(&in);
	packet.prefix = get_text(&in, FEED_PREFIX_MAX);
	packet.payload = get_text(&in, FEED_PAYLOAD_MAX);
	if (!got_all(&in))
		return false;
	*out = packet;
	return true;
}

void
feed_flow_encode(struct buffer *out, const struct feed_flow *flow)
{
	bulk_u64(out, (uint64_t)flow->started);
	state_encode(out, &flow->state);
}

bool
feed_flow_decode(struct text bytes, struct feed_flow *out)
{
	struct reader    in = reader_of(bytes);
	struct feed_flow flow = { .started = get_i64(&in) };

	flow.state = state_decode(&in);
	if (!got_all(&in))
		return false;
	*out = flow;
	return true;
}

void
feed_line_encode(struct buffer *out, const struct feed_line *line)
{
	bulk_u8(out, line->severity);
	bulk_u32(out, line->pid);
	bulk_text(out, text_first(line->program, FEED_PROGRAM_MAX));
	bulk_text(out, text_first(line->text, FEED_TEXT_MAX));
}

bool
feed_line_decode(struct text bytes, struct feed_line *out)
{
	struct reader    in = reader_of(bytes);
	struct feed_line line = { .severity = get_u8(&in) };

	line.pid = get_u32(&in);
	line.program = get_text(&in, FEED_PROGRAM_MAX);
	line.text = get_text(&in, FEED_TEXT_MAX);
	if (!got_all(&in) || line.severity > 7)
		return false;
	*out = line;
	return true;
}
