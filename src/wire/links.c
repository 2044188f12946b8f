/* Links as bytes: fixed fields in the order of the struct, then the addresses. */
#include "wire/links.h"

#include "wire/reader.h"

/* --- Writing --------------------------------------------------------------------------- */

static void
add(struct buffer *out, const void *bytes, size_t n)
{
	buffer_add(out, (struct text){ bytes, n });
}

static void
add_u32(struct buffer *out, uint32_t number)
{
	add(out, &number, sizeof(number));
}

static void
add_u64(struct buffer *out, uint64_t number)
{
	add(out, &number, sizeof(number));
}

static void
add_string(struct buffer *out, const char *string)
{
	add_u32(out, (uint32_t)strlen(string));
	buffer_add_string(out, string);
}

static void
add_counters(struct buffer *out, const struct link_counters *counters)
{
	add_u64(out, counters->packets);
	add_u64(out, counters->bytes);
	add_u64(out, counters->errors);
	add_u64(out, counters->drops);
}

static void
add_address(struct buffer *out, const struct link_address *address)
{
	buffer_add_byte(out, address->prefix.address.family == FAMILY_INET6);
	add(out, address->prefix.address.bytes, sizeof(address->prefix.address.bytes));
	add_u32(out, address->prefix.bits);
	buffer_add_byte(out, address->local);
	buffer_add_byte(out, address->tentative);
}

static void
add_link(struct buffer *out, const struct link *link)
{
	add_u32(out, link->index);
	add_u32(out, link->master);
	add_u32(out, link->mtu);
	add_u32(out, link->flags);
	add_u32(out, link->queue);
	add_u32(out, link->speed);
	add_u32(out, link->type);
	buffer_add_byte(out, link->up);
	buffer_add_byte(out, link->running);
	add(out, link->mac, sizeof(link->mac));
	add_string(out, link->name);
	add_string(out, link->kind);
	add_counters(out, &link->in);
	add_counters(out, &link->out);
	add_counters(out, &link->in6);
	add_counters(out, &link->out6);
	add_u64(out, link->multicast);
	add_u64(out, link->collisions);
	add_u64(out, link->unknown);
	add_u32(out, (uint32_t)link->naddresses);
	for (size_t i = 0; i < link->naddresses; i++)
		add_address(out, &link->addresses[i]);
}

void
links_encode(struct buffer *out, const struct links *links)
{
	add_u32(out, (uint32_t)links->n);
	for (size_t i = 0; i < links->n; i++)
		add_link(out, &links->links[i]);
}

/* --- Reading --------------------------------------------------------------------------- */

static struct link_counters
get_counters(struct reader *in)
{
	return (struct link_counters){
		.packets = get_u64(in), .bytes = get_u64(in), .errors = get_u64(in), .drops = get_u64(in),
	};
}

static struct link_address
get_address(struct reader *in)
{
	struct link_address address = { 0 };
	struct address     *at = &address.prefix.address;

	at->family = get_bool(in) ? FAMILY_INET6 : FAMILY_INET;
	for (size_t i = 0; i < sizeof(at->bytes); i++)
		at->bytes[i] = get_u8(in);
	address.prefix.bits = get_choice(in, address_bits(at->family) + 1);
	address.local = get_bool(in);
	address.tentative = get_bool(in);
	return address;
}

/* A word, or nothing. */
static const char *
get_kind(struct reader *in, struct arena *arena)
{
	struct reader look = *in;

	if (get_u32(&look) > 0)
		return arena_copy(arena, get_word(in, LINK_KIND_MAX));
	get_u32(in);
	return "";
}

static struct link
get_link(struct reader *in, struct arena *arena)
{
	struct link link = { .index = get_u32(in) };

	link.master = get_u32(in);
	link.mtu = get_u32(in);
	link.flags = get_u32(in);
	link.queue = get_u32(in);
	link.speed = get_u32(in);
	link.type = (uint16_t)get_choice(in, UINT16_MAX + 1);
	link.up = get_bool(in);
	link.running = get_bool(in);
	for (size_t i = 0; i < sizeof(link.mac); i++)
		link.mac[i] = get_u8(in);
	link.name = arena_copy(arena, get_word(in, LINK_NAME_MAX));
	link.kind = get_kind(in, arena);
	link.in = get_counters(in);
	link.out = get_counters(in);
	link.in6 = get_counters(in);
	link.out6 = get_counters(in);
	link.multicast = get_u64(in);
	link.collisions = get_u64(in);
	link.unknown = get_u64(in);
	link.naddresses = get_choice(in, LINK_ADDRESSES_MAX + 1);

	struct link_address *addresses = ARENA_MAKE(arena, struct link_address, link.naddresses);

	for (size_t i = 0; i < link.naddresses && !in->failed; i++)
		addresses[i] = get_address(in);
	link.addresses = addresses;
	return link;
}

bool
links_decode(struct arena *arena, struct text bytes, struct links *out)
{
	struct reader in = reader_of(bytes);
	const size_t  n = get_choice(&in, LINKS_MAX + 1);
	struct link  *links = ARENA_MAKE(arena, struct link, n);

	for (size_t i = 0; i < n && !in.failed; i++)
		links[i] = get_link(&in, arena);
	if (!got_all(&in))
		return false;
	*out = (struct links){ links, n };
	return true;
}

const char *
links_name(const struct links *links, uint32_t index)
{
	for (size_t i = 0; i < links->n; i++)
		if (links->links[i].index == index)
			return links->links[i].name;
	return "";
}

const struct link *
links_find(const struct links *links, const char *name)
{
	for (size_t i = 0; i < links->n; i++)
		if (strcmp(links->links[i].name, name) == 0)
			return &links->links[i];
	return NULL;
}
