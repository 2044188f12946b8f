/* Dumps of our table: names and shapes, counters, and the elements of sets that the kernel fills. */
#include "backend/nft_present.h"

#include <arpa/inet.h>
#include <endian.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "backend/nft_encode.h"
#include "base/bug.h"
#include "base/number.h"

#define ATTRIBUTES_MAX 32

struct attributes {
	const struct nlattr *list[ATTRIBUTES_MAX];
};

static int
take_attribute(const struct nlattr *attribute, void *self)
{
	struct attributes *out = self;

	if (mnl_attr_get_type(attribute) < ATTRIBUTES_MAX)
		out->list[mnl_attr_get_type(attribute)] = attribute;
	return MNL_CB_OK;
}

static struct attributes
attributes_of(const struct nlmsghdr *message)
{
	struct attributes out = { 0 };

	mnl_attr_parse(message, sizeof(struct nfgenmsg), take_attribute, &out);
	return out;
}

static struct attributes
attributes_in(const struct nlattr *nest)
{
	struct attributes out = { 0 };

	if (nest)
		mnl_attr_parse_nested(nest, take_attribute, &out);
	return out;
}

static uint32_t
number_in(const struct attributes *attributes, unsigned type)
{
	return attributes->list[type] ? ntohl(mnl_attr_get_u32(attributes->list[type])) : 0;
}

static const char *
string_in(const struct attributes *attributes, unsigned type)
{
	return attributes->list[type] ? mnl_attr_get_str(attributes->list[type]) : "";
}

static bool
is_ours(const struct attributes *attributes, unsigned table)
{
	return strcmp(string_in(attributes, table), NFT_TABLE) == 0;
}

/* --- Names and shapes ---------------------------------------------------------------------------- */

static int
take_table(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = attributes_of(message);
	struct haves           *haves = self;

	haves->has_table |= is_ours(&a, NFTA_TABLE_NAME);
	return MNL_CB_OK;
}

static int
take_chain(const struct nlmsghdr *message, void *self)
{
	static const char *const types[] = { "", "filter", "nat", "route" };
	const struct attributes  a = attributes_of(message);
	const struct attributes  hook = attributes_in(a.list[NFTA_CHAIN_HOOK]);

	if (!is_ours(&a, NFTA_CHAIN_TABLE))
		return MNL_CB_OK;
	struct have *have = haves_add(self, HAVE_CHAIN, string_in(&a, NFTA_CHAIN_NAME));

	have->head = (struct ruleset_chain){ .name = have->name };
	if (!a.list[NFTA_CHAIN_HOOK])
		return MNL_CB_OK;
	for (unsigned i = 1; i < COUNT(types); i++)
		if (strcmp(string_in(&a, NFTA_CHAIN_TYPE), types[i]) == 0)
			have->head.type = i;
	have->head.hook = number_in(&hook, NFTA_HOOK_HOOKNUM);
	have->head.priority = (int32_t)number_in(&hook, NFTA_HOOK_PRIORITY);
	have->head.drops = number_in(&a, NFTA_CHAIN_POLICY) == NF_DROP;
	return MNL_CB_OK;
}

static enum set_gives
gives_of(const struct attributes *a, uint32_t flags)
{
	if (flags & NFT_SET_OBJECT)
		return GIVES_COUNTER;
	if (!(flags & NFT_SET_MAP))
		return GIVES_NOTHING;
	switch (number_in(a, NFTA_SET_DATA_TYPE)) {
	case NFT_DATA_VERDICT:
		return GIVES_VERDICT;
	case ENCODE_CLASS_TYPE:
		return GIVES_CLASS;
	default:
		return GIVES_PORT;
	}
}

static int
take_set(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = attributes_of(message);
	const uint32_t          flags = number_in(&a, NFTA_SET_FLAGS);
	const struct attributes description = attributes_in(a.list[NFTA_SET_DESC]);

	if (!is_ours(&a, NFTA_SET_TABLE) || (flags & NFT_SET_ANONYMOUS))
		return MNL_CB_OK;
	struct have *have = haves_add(self, HAVE_SET, string_in(&a, NFTA_SET_NAME));

	have->shape = (struct ruleset_set){
		.name = have->name, .type = encode_set_type(number_in(&a, NFTA_SET_KEY_TYPE)),
		.gives = gives_of(&a, flags), .interval = flags & NFT_SET_INTERVAL, .counted = flags & NFT_SET_EVAL,
		.dynamic = flags & NFT_SET_EVAL, .size = number_in(&description, NFTA_SET_DESC_SIZE),
	};
	if (a.list[NFTA_SET_TIMEOUT])
		have->shape.timeout = (uint32_t)(__builtin_bswap64(mnl_attr_get_u64(a.list[NFTA_SET_TIMEOUT])) / 1000);
	return MNL_CB_OK;
}

/* The number in r<number>, or 0. */
static unsigned
index_of(const char *name)
{
	int64_t index;

	return name[0] == 'r' && number_read(text_of(name + 1), 1, RULESET_RULES - 1, &index) ? (unsigned)index : 0;
}

static int
take_counter_name(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = attributes_of(message);
	const unsigned          index = index_of(string_in(&a, NFTA_OBJ_NAME));
	struct haves           *haves = self;

	if (is_ours(&a, NFTA_OBJ_TABLE) && index)
		haves->counters[index / 64] |= 1ULL << (index % 64);
	return MNL_CB_OK;
}

static int
take_object_name(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = attributes_of(message);
	const enum object_kind  kind = encode_object_kind(number_in(&a, NFTA_OBJ_TYPE));

	if (is_ours(&a, NFTA_OBJ_TABLE) && kind)
		haves_add(self, HAVE_OBJECT, string_in(&a, NFTA_OBJ_NAME))->object = kind;
	return MNL_CB_OK;
}

static void
ask_chains(struct nlmsghdr *message, void *self)
{
	(void)self;
	mnl_attr_put_strz(message, NFTA_CHAIN_TABLE, NFT_TABLE);
}

static void
ask_sets(struct nlmsghdr *message, void *self)
{
	(void)self;
	mnl_attr_put_strz(message, NFTA_SET_TABLE, NFT_TABLE);
}

static void
ask_objects(struct nlmsghdr *message, void *self)
{
	(void)self;
	mnl_attr_put_strz(message, NFTA_OBJ_TABLE, NFT_TABLE);
}

static void
ask_counters(struct nlmsghdr *message, void *self)
{
	(void)self;
	mnl_attr_put_strz(message, NFTA_OBJ_TABLE, NFT_TABLE);
	mnl_attr_put_u32(message, NFTA_OBJ_TYPE, htonl(NFT_OBJECT_COUNTER));
}

enum result
present_read(struct nft_socket *socket, struct haves *haves)
{
	enum result result = nft_dump(socket, NFT_MSG_GETTABLE, NULL, take_table, haves);

	if (result != RESULT_DONE || !haves->has_table)
		return result;
	result = nft_dump(socket, NFT_MSG_GETCHAIN, ask_chains, take_chain, haves);
	if (result == RESULT_DONE)
		result = nft_dump(socket, NFT_MSG_GETSET, ask_sets, take_set, haves);
	if (result == RESULT_DONE)
		result = nft_dump(socket, NFT_MSG_GETOBJ, ask_counters, take_counter_name, haves);
	if (result == RESULT_DONE)
		result = nft_dump(socket, NFT_MSG_GETOBJ, ask_objects, take_object_name, haves);
	return result;
}

/* --- Rules -------------------------------------------------------------------------------------- */

struct handles {
	const char *chain;
	uint64_t   *list;
	size_t      count, most;
};

static void
ask_rules(struct nlmsghdr *message, void *self)
{
	const struct handles *handles = self;

	mnl_attr_put_strz(message, NFTA_RULE_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_RULE_CHAIN, handles->chain);
}

static int
take_handle(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = attributes_of(message);
	struct handles         *handles = self;

	if (handles->count < handles->most && a.list[NFTA_RULE_HANDLE])
		handles->list[handles->count] = be64toh(mnl_attr_get_u64(a.list[NFTA_RULE_HANDLE]));
	handles->count++;
	return MNL_CB_OK;
}

uint64_t *
present_handles(struct nft_socket *socket, const char *chain, size_t count)
{
	struct handles handles = { .chain = chain, .list = calloc(count + 1, sizeof(uint64_t)), .most = count };

	BUG_IF(!handles.list, "out of memory");
	if (nft_dump(socket, NFT_MSG_GETRULE, ask_rules, take_handle, &handles) == RESULT_DONE && handles.count == count)
		return handles.list;
	free(handles.list);
	return NULL;
}

/* --- Counters -------------------------------------------------------------------------------------- */

struct counting {
	struct nft_counter *list;
	size_t              count;
};

static int
take_counter(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = attributes_of(message);
	const struct attributes data = attributes_in(a.list[NFTA_OBJ_DATA]);
	const unsigned          index = index_of(string_in(&a, NFTA_OBJ_NAME));
	struct counting        *out = self;

	if (!is_ours(&a, NFTA_OBJ_TABLE) || !index || out->count == RULESET_RULES)
		return MNL_CB_OK;
	if (!data.list[NFTA_COUNTER_PACKETS] || !data.list[NFTA_COUNTER_BYTES])
		return MNL_CB_OK;
	out->list[out->count++] = (struct nft_counter){
		index, __builtin_bswap64(mnl_attr_get_u64(data.list[NFTA_COUNTER_PACKETS])),
		__builtin_bswap64(mnl_attr_get_u64(data.list[NFTA_COUNTER_BYTES])),
	};
	return MNL_CB_OK;
}

enum result
present_counters(struct nft_socket *socket, struct arena *arena, struct nft_counter **out, size_t *count)
{
	struct counting   counting = { ARENA_MAKE(arena, struct nft_counter, RULESET_RULES), 0 };
	const enum result result = nft_dump(socket, NFT_MSG_GETOBJ, ask_counters, take_counter, &counting);

	if (result != RESULT_DONE)
		return result;
	*out = counting.list;
	*count = counting.count;
	return RESULT_DONE;
}

/* --- Elements ----------------------------------------------------------------------------------------- */

/* An element as it comes; of an interval it is a first key, or what follows a last one. */
struct element {
	uint8_t  key[16];
	bool     is_end;
	uint64_t packets, bytes; /* that its own counter has seen */
};

struct listing {
	const struct ruleset_set *set;
	struct arena             *arena;
	struct element           *elements;
	size_t                    count, room, most;
	unsigned                  size;
};

static void
take_own_counter(const struct attributes *element, struct element *out)
{
	const struct attributes expression = attributes_in(element->list[NFTA_SET_ELEM_EXPR]);
	const struct attributes data = attributes_in(expression.list[NFTA_EXPR_DATA]);

	if (strcmp(string_in(&expression, NFTA_EXPR_NAME), "counter") != 0 || !data.list[NFTA_COUNTER_PACKETS] ||
	    !data.list[NFTA_COUNTER_BYTES])
		return;
	out->packets = be64toh(mnl_attr_get_u64(data.list[NFTA_COUNTER_PACKETS]));
	out->bytes = be64toh(mnl_attr_get_u64(data.list[NFTA_COUNTER_BYTES]));
}

static int
take_element(const struct nlattr *attribute, void *self)
{
	const struct attributes element = attributes_in(attribute);
	const struct attributes key = attributes_in(element.list[NFTA_SET_ELEM_KEY]);
	struct listing         *out = self;
	const struct nlattr    *value = key.list[NFTA_DATA_VALUE];

	if (!value || mnl_attr_get_payload_len(value) < out->size || out->count == out->most)
		return MNL_CB_OK;
	if (out->count == out->room) {
		struct element *more = ARENA_MAKE(out->arena, struct element, out->room * 2 + 64);

		if (out->count > 0)
			memcpy(more, out->elements, out->count * sizeof(*more));
		out->elements = more;
		out->room = out->room * 2 + 64;
	}
	struct element *next = &out->elements[out->count++];

	memcpy(next->key, mnl_attr_get_payload(value), out->size);
	next->is_end = number_in(&element, NFTA_SET_ELEM_FLAGS) & NFT_SET_ELEM_INTERVAL_END;
	take_own_counter(&element, next);
	return MNL_CB_OK;
}

static int
take_elements(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = attributes_of(message);

	if (a.list[NFTA_SET_ELEM_LIST_ELEMENTS])
		mnl_attr_parse_nested(a.list[NFTA_SET_ELEM_LIST_ELEMENTS], take_element, self);
	return MNL_CB_OK;
}

static void
ask_elements(struct nlmsghdr *message, void *self)
{
	const struct listing *listing = self;

	mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, listing->set->name);
}

/* By key; where one interval follows another, the end comes before the start. */
static int
compare_elements(const void *a, const void *b)
{
	const struct element *x = a, *y = b;
	const int             order = memcmp(x->key, y->key, sizeof(x->key));

	return order ? order : (int)y->is_end - (int)x->is_end;
}

/* The key before this one. */
static void
step_back(uint8_t *key, unsigned size)
{
	while (size-- > 0)
		if (key[size]-- != 0)
			return;
}

/* Starts and ends as pairs. An end without a start says that nothing begins at 0, or is left of what has expired. */
static size_t
write_intervals(const struct listing *listing, uint8_t *out)
{
	const unsigned size = listing->size;
	size_t         count = 0;

	for (size_t i = 0; i < listing->count; i++) {
		const struct element *start = &listing->elements[i];
		uint8_t              *pair = out + count * size * 2;

		if (start->is_end)
			continue;
		memcpy(pair, start->key, size);
		memset(pair + size, 0xff, size);
		if (i + 1 < listing->count && start[1].is_end) {
			memcpy(pair + size, start[1].key, size);
			step_back(pair + size, size);
		}
		count++;
	}
	return count;
}

enum result
present_keys(struct nft_socket *socket, struct arena *arena, const struct ruleset_set *set, size_t most,
	     struct text *keys)
{
	const unsigned    size = set_key_size(set->type);
	struct listing    listing = { .set = set, .arena = arena, .size = size, .most = most * (set->interval ? 2 : 1) };
	const enum result result = nft_dump(socket, NFT_MSG_GETSETELEM, ask_elements, take_elements, &listing);

	if (result != RESULT_DONE)
		return result;
	uint8_t *out = arena_take(arena, listing.count * size * 2 + 1);
	size_t   len = listing.count * size;

	if (listing.count > 0)
		qsort(listing.elements, listing.count, sizeof(*listing.elements), compare_elements);
	for (size_t i = 0; !set->interval && i < listing.count; i++)
		memcpy(out + i * size, listing.elements[i].key, size);
	if (set->interval)
		len = write_intervals(&listing, out) * size * 2;
	*keys = (struct text){ (const char *)out, len };
	return RESULT_DONE;
}

enum result
present_counts(struct nft_socket *socket, struct arena *arena, const struct ruleset_set *set, struct element_counts *out)
{
	struct listing    listing = { .set = set, .arena = arena, .size = set_key_size(set->type), .most = ELEMENT_COUNTS_MAX };
	const enum result result = nft_dump(socket, NFT_MSG_GETSETELEM, ask_elements, take_elements, &listing);

	if (result != RESULT_DONE)
		return result;
	struct element_count *counts = ARENA_MAKE(arena, struct element_count, listing.count + 1);

	for (size_t i = 0; i < listing.count; i++) {
		memcpy(counts[i].key, listing.elements[i].key, sizeof(counts[i].key));
		counts[i].packets = listing.elements[i].packets;
		counts[i].bytes = listing.elements[i].bytes;
	}
	*out = (struct element_counts){ (uint8_t)set->type, counts, listing.count };
	return RESULT_DONE;
}
