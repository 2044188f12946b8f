/* Connections as bytes: fixed fields in the order of the struct. */
#include "wire/states.h"

#include "wire/bulk.h"

static void
add_end(struct buffer *out, const struct state_end *end)
{
	bulk_address(out, &end->address);
	bulk_u16(out, end->port);
}

void
state_encode(struct buffer *out, const struct state *state)
{
	bulk_u32(out, state->id);
	bulk_u32(out, state->mark);
	bulk_u32(out, state->left);
	bulk_u32(out, state->age);
	bulk_u8(out, state->protocol);
	bulk_u8(out, state->progress);
	bulk_u8(out, state->replied);
	bulk_u8(out, state->assured);
	add_end(out, &state->source);
	add_end(out, &state->destination);
	add_end(out, &state->reply_source);
	add_end(out, &state->reply_destination);
	for (size_t i = 0; i < 2; i++) {
		bulk_u64(out, state->packets[i]);
		bulk_u64(out, state->bytes[i]);
	}
}

void
states_encode(struct buffer *out, const struct states *states)
{
	bulk_u64(out, states->total);
	bulk_u32(out, (uint32_t)states->n);
	for (size_t i = 0; i < states->n; i++)
		state_encode(out, &states->states[i]);
}

static struct state_end
get_end(struct reader *in)
{
	struct state_end end = { .address = get_address(in) };

	end.port = get_u16(in);
	return end;
}

struct state
state_decode(struct reader *in)
{
	struct state state = { .id = get_u32(in) };

	state.mark = get_u32(in);
	state.left = get_u32(in);
	state.age = get_u32(in);
	state.protocol = get_u8(in);
	state.progress = get_u8(in);
	state.replied = get_bool(in);
	state.assured = get_bool(in);
	state.source = get_end(in);
	state.destination = get_end(in);
	state.reply_source = get_end(in);
	state.reply_destination = get_end(in);
	for (size_t i = 0; i < 2; i++) {
		state.packets[i] = get_u64(in);
		state.bytes[i] = get_u64(in);
	}
	return state;
}

bool
states_decode(struct arena *arena, struct text bytes, struct states *out)
{
	struct reader  in = reader_of(bytes);
	const uint64_t total = get_u64(&in);
	const size_t   n = get_choice(&in, STATES_MAX + 1);
	/* No more room than the bytes can fill. */
	struct state  *states = ARENA_MAKE(arena, struct state, n <= bytes.len / 60 ? n : 0);

	if (n > bytes.len / 60)
		return false;
	for (size_t i = 0; i < n && !in.failed; i++)
		states[i] = state_decode(&in);
	if (!got_all(&in))
		return false;
	*out = (struct states){ states, n, total };
	return true;
}

/* --- Filters --------------------------------------------------------------------------- */

void
put_state_filter(struct writer *out, const struct state_filter *filter)
{
	put_u32(out, filter->mark);
	put_u32(out, filter->mask);
	put_u32(out, filter->id);
	put_u8(out, filter->protocol);
	put_prefix(out, &filter->source);
	put_prefix(out, &filter->destination);
	put_prefix(out, &filter->either);
	put_u16(out, filter->source_port);
	put_u16(out, filter->destination_port);
}

struct state_filter
get_state_filter(struct reader *in)
{
	struct state_filter filter = { .mark = get_u32(in) };

	filter.mask = get_u32(in);
	filter.id = get_u32(in);
	filter.protocol = get_u8(in);
	filter.source = get_prefix(in);
	filter.destination = get_prefix(in);
	filter.either = get_prefix(in);
	filter.source_port = get_u16(in);
	filter.destination_port = get_u16(in);
	return filter;
}

bool
state_filter_is_empty(const struct state_filter *filter)
{
	return !filter->mask && !filter->id && !filter->protocol && !filter->source_port && !filter->destination_port &&
	       filter->source.address.family == FAMILY_NONE && filter->destination.address.family == FAMILY_NONE &&
	       filter->either.address.family == FAMILY_NONE;
}

static bool
is_in(const struct prefix *prefix, const struct state_end *a, const struct state_end *b)
{
	return prefix->address.family == FAMILY_NONE || prefix_covers(prefix, &a->address) ||
	       prefix_covers(prefix, &b->address);
}

static bool
has_port(uint16_t port, const struct state_end *a, const struct state_end *b)
{
	return port == 0 || port == a->port || port == b->port;
}

bool
state_matches(const struct state_filter *filter, const struct state *state)
{
	/* Who answers is whom the first packet was for, after translation; and the other way round. */
	return (state->mark & filter->mask) == filter->mark && (!filter->id || filter->id == state->id) &&
	       (!filter->protocol || filter->protocol == state->protocol) &&
	       is_in(&filter->source, &state->source, &state->reply_destination) &&
	       is_in(&filter->destination, &state->destination, &state->reply_source) &&
	       (is_in(&filter->either, &state->source, &state->reply_destination) ||
		is_in(&filter->either, &state->destination, &state->reply_source)) &&
	       has_port(filter->source_port, &state->source, &state->reply_destination) &&
	       has_port(filter->destination_port, &state->destination, &state->reply_source);
}
