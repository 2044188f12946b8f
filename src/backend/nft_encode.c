/*
 * Tables, chains, counters, sets and their elements as netlink messages. Numbers are big-endian
 * in attributes; keys are as the kernel's registers hold them.
 */
#include "backend/nft_encode.h"

#include <arpa/inet.h>
#include <endian.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink_cttimeout.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <string.h>

#include "backend/nft_expression.h"

/* A list of elements is one attribute and may have 64 KiB; this leaves room for one more. */
#define LIST_MAX 60000

static void
put32(struct nlmsghdr *message, uint16_t type, uint32_t number)
{
	mnl_attr_put_u32(message, type, htonl(number));
}

void
encode_table(struct batch *batch)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_NEWTABLE, NLM_F_CREATE);

	mnl_attr_put_strz(message, NFTA_TABLE_NAME, NFT_TABLE);
}

void
encode_table_delete(struct batch *batch)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_DELTABLE, 0);

	mnl_attr_put_strz(message, NFTA_TABLE_NAME, NFT_TABLE);
}

/* --- Chains and rules ----------------------------------------------------------------------- */

void
encode_chain(struct batch *batch, const struct ruleset_chain *chain)
{
	static const char *const types[] = { NULL, "filter", "nat", "route" };
	struct nlmsghdr         *message = batch_message(batch, NFT_MSG_NEWCHAIN, NLM_F_CREATE);

	mnl_attr_put_strz(message, NFTA_CHAIN_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_CHAIN_NAME, chain->name);
	if (chain->type == CHAIN_PLAIN)
		return;
	struct nlattr *hook = mnl_attr_nest_start(message, NFTA_CHAIN_HOOK);

	put32(message, NFTA_HOOK_HOOKNUM, chain->hook);
	put32(message, NFTA_HOOK_PRIORITY, (uint32_t)chain->priority);
	mnl_attr_nest_end(message, hook);
	put32(message, NFTA_CHAIN_POLICY, chain->drops ? NF_DROP : NF_ACCEPT);
	mnl_attr_put_strz(message, NFTA_CHAIN_TYPE, types[chain->type]);
}

void
encode_chain_delete(struct batch *batch, const char *name)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_DELCHAIN, 0);

	mnl_attr_put_strz(message, NFTA_CHAIN_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_CHAIN_NAME, name);
}

void
encode_flush(struct batch *batch, const char *chain)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_DELRULE, 0);

	mnl_attr_put_strz(message, NFTA_RULE_TABLE, NFT_TABLE);
	if (chain)
		mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain);
}

void
encode_rule(struct batch *batch, const char *chain, struct text steps)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);

	mnl_attr_put_strz(message, NFTA_RULE_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain);
	expression_put_rule(message, steps);
}

void
encode_rule_before(struct batch *batch, const char *chain, struct text steps, uint64_t handle)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_NEWRULE, NLM_F_CREATE);

	mnl_attr_put_strz(message, NFTA_RULE_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain);
	mnl_attr_put_u64(message, NFTA_RULE_POSITION, htobe64(handle));
	expression_put_rule(message, steps);
}

void
encode_rule_delete(struct batch *batch, const char *chain, uint64_t handle)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_DELRULE, 0);

	mnl_attr_put_strz(message, NFTA_RULE_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_RULE_CHAIN, chain);
	mnl_attr_put_u64(message, NFTA_RULE_HANDLE, htobe64(handle));
}

/* --- Counters ------------------------------------------------------------------------------- */

static void
put_counter_name(struct nlmsghdr *message, unsigned index)
{
	char name[16];

	snprintf(name, sizeof(name), "r%u", index);
	mnl_attr_put_strz(message, NFTA_OBJ_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_OBJ_NAME, name);
	put32(message, NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER);
}

void
encode_counter(struct batch *batch, unsigned index)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_NEWOBJ, NLM_F_CREATE);

	put_counter_name(message, index);
	mnl_attr_nest_end(message, mnl_attr_nest_start(message, NFTA_OBJ_DATA));
}

void
encode_counter_delete(struct batch *batch, unsigned index)
{
	put_counter_name(batch_message(batch, NFT_MSG_DELOBJ, 0), index);
}

/* --- Other objects --------------------------------------------------------------------------- */

static const uint32_t object_types[OBJECT_KINDS] = {
	[OBJECT_TIMEOUT] = NFT_OBJECT_CT_TIMEOUT, [OBJECT_LIMIT] = NFT_OBJECT_LIMIT,
};

uint32_t
encode_object_type(enum object_kind kind)
{
	return object_types[kind];
}

enum object_kind
encode_object_kind(uint32_t type)
{
	for (unsigned i = 1; i < OBJECT_KINDS; i++)
		if (object_types[i] == type)
			return i;
	return 0;
}

/* What is not said stays as it is for all connections. */
static void
put_timeout(struct nlmsghdr *message, const struct ruleset_object *object)
{
	static const uint16_t attributes[2][2] = { { CTA_TIMEOUT_TCP_ESTABLISHED },
						   { CTA_TIMEOUT_UDP_UNREPLIED, CTA_TIMEOUT_UDP_REPLIED } };

	mnl_attr_put_u16(message, NFTA_CT_TIMEOUT_L3PROTO, htons(NFPROTO_IPV4));
	mnl_attr_put_u8(message, NFTA_CT_TIMEOUT_L4PROTO, object->protocol);
	struct nlattr *policy = mnl_attr_nest_start(message, NFTA_CT_TIMEOUT_DATA);

	for (size_t i = 0; i < 2; i++)
		if (object->numbers[i])
			put32(message, attributes[object->protocol == IPPROTO_UDP][i], object->numbers[i]);
	mnl_attr_nest_end(message, policy);
}

static void
put_limit(struct nlmsghdr *message, const struct ruleset_object *object)
{
	static const uint32_t seconds[UNITS] = { 1, 60, 3600, 86400, 604800 };

	mnl_attr_put_u64(message, NFTA_LIMIT_RATE, __builtin_bswap64(object->numbers[0]));
	mnl_attr_put_u64(message, NFTA_LIMIT_UNIT, __builtin_bswap64(seconds[object->unit]));
	put32(message, NFTA_LIMIT_BURST, object->numbers[1]);
	put32(message, NFTA_LIMIT_TYPE, NFT_LIMIT_PKTS);
	put32(message, NFTA_LIMIT_FLAGS, 0);
}

static void
put_object_name(struct nlmsghdr *message, enum object_kind kind, const char *name)
{
	mnl_attr_put_strz(message, NFTA_OBJ_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_OBJ_NAME, name);
	put32(message, NFTA_OBJ_TYPE, object_types[kind]);
}

void
encode_object(struct batch *batch, const struct ruleset_object *object)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_NEWOBJ, NLM_F_CREATE);

	put_object_name(message, object->kind, object->name);
	struct nlattr *data = mnl_attr_nest_start(message, NFTA_OBJ_DATA);

	(object->kind == OBJECT_TIMEOUT ? put_timeout : put_limit)(message, object);
	mnl_attr_nest_end(message, data);
}

void
encode_object_delete(struct batch *batch, enum object_kind kind, const char *name)
{
	put_object_name(batch_message(batch, NFT_MSG_DELOBJ, 0), kind, name);
}

/* --- Sets ------------------------------------------------------------------------------------ */

/* Numbers of nft's data types, for its listings. */
static const uint8_t data_types[SET_TYPES] = {
	[SET_IPV4] = 7, [SET_IPV6] = 8, [SET_PORT] = 13, [SET_MAC] = 9, [SET_PROTOCOL] = 12,
	[SET_ICMP] = 14, [SET_ICMP6] = 29, [SET_DEVICE] = 41, [SET_MARK] = 19,
};

enum set_type
encode_set_type(uint32_t data_type)
{
	for (unsigned i = 1; i < SET_TYPES; i++)
		if (data_types[i] == data_type)
			return i;
	return 0;
}

static void
put_gives(struct nlmsghdr *message, enum set_gives gives)
{
	switch (gives) {
	case GIVES_NOTHING:
		return;
	case GIVES_VERDICT:
		put32(message, NFTA_SET_DATA_TYPE, NFT_DATA_VERDICT);
		return;
	case GIVES_COUNTER:
		put32(message, NFTA_SET_OBJ_TYPE, NFT_OBJECT_COUNTER);
		return;
	case GIVES_PORT:
		put32(message, NFTA_SET_DATA_TYPE, data_types[SET_PORT]);
		put32(message, NFTA_SET_DATA_LEN, set_key_size(SET_PORT));
		return;
	case GIVES_CLASS:
		put32(message, NFTA_SET_DATA_TYPE, ENCODE_CLASS_TYPE);
		put32(message, NFTA_SET_DATA_LEN, sizeof(uint32_t));
	}
}

static uint32_t
set_flags(const struct ruleset_set *set)
{
	return (set->interval ? NFT_SET_INTERVAL : 0) | (set->timeout ? NFT_SET_TIMEOUT : 0) |
	       (set->counted ? NFT_SET_EVAL : 0) |
	       (set->gives == GIVES_NOTHING ? 0 : set->gives == GIVES_COUNTER ? NFT_SET_OBJECT : NFT_SET_MAP);
}

/* For nft's listings: the byte order of keys, 1 the machine's, 2 the network's. */
static void
put_byte_order(struct nlmsghdr *message, enum set_type type)
{
	const bool    host = type == SET_MARK || type == SET_DEVICE;
	const uint8_t data[6] = { 0, 4, host ? 1 : 2 };

	mnl_attr_put(message, NFTA_SET_USERDATA, sizeof(data), data);
}

void
encode_set(struct batch *batch, const struct ruleset_set *set)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_NEWSET, NLM_F_CREATE);

	mnl_attr_put_strz(message, NFTA_SET_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_SET_NAME, set->name);
	put32(message, NFTA_SET_FLAGS, set_flags(set));
	put32(message, NFTA_SET_KEY_TYPE, data_types[set->type]);
	put32(message, NFTA_SET_KEY_LEN, set_key_size(set->type));
	put32(message, NFTA_SET_ID, message->nlmsg_seq);
	put_gives(message, set->gives);
	put_byte_order(message, set->type);
	if (set->timeout)
		mnl_attr_put_u64(message, NFTA_SET_TIMEOUT, __builtin_bswap64((uint64_t)set->timeout * 1000));
	if (set->size == 0)
		return;
	struct nlattr *description = mnl_attr_nest_start(message, NFTA_SET_DESC);

	put32(message, NFTA_SET_DESC_SIZE, set->size);
	mnl_attr_nest_end(message, description);
}

void
encode_set_delete(struct batch *batch, const char *name)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_DELSET, 0);

	mnl_attr_put_strz(message, NFTA_SET_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_SET_NAME, name);
}

void
encode_set_flush(struct batch *batch, const char *name)
{
	struct nlmsghdr *message = batch_message(batch, NFT_MSG_DELSETELEM, 0);

	mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, name);
}

/* --- Elements ---------------------------------------------------------------------------------- */

static struct nlmsghdr *
list_room(struct elements *elements)
{
	struct batch    *batch = elements->batch;
	struct nlmsghdr *message = batch->here;

	if (elements->list && (char *)mnl_nlmsg_get_payload_tail(message) - (char *)elements->list < LIST_MAX)
		return message;
	elements_end(elements);
	message = batch_message(batch, elements->is_delete ? NFT_MSG_DELSETELEM : NFT_MSG_NEWSETELEM,
				elements->is_delete ? 0 : NLM_F_CREATE);
	mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, NFT_TABLE);
	mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, elements->set->name);
	elements->list = mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);
	return message;
}

void
elements_end(struct elements *elements)
{
	if (elements->list)
		mnl_attr_nest_end(elements->batch->here, elements->list);
	elements->list = NULL;
}

static struct nlattr *
put_key(struct nlmsghdr *message, const uint8_t *key, unsigned size)
{
	struct nlattr *element = mnl_attr_nest_start(message, NFTA_LIST_ELEM);
	struct nlattr *data = mnl_attr_nest_start(message, NFTA_SET_ELEM_KEY);

	mnl_attr_put(message, NFTA_DATA_VALUE, size, key);
	mnl_attr_nest_end(message, data);
	return element;
}

/* What follows a key; false when there is nothing. */
static bool
next_key(uint8_t *key, unsigned size)
{
	while (size-- > 0)
		if (++key[size] != 0)
			return true;
	return false;
}

/* Packets that a lookup finds the element for. */
static void
put_own_counter(struct nlmsghdr *message)
{
	struct nlattr *expression = mnl_attr_nest_start(message, NFTA_SET_ELEM_EXPR);

	mnl_attr_put_strz(message, NFTA_EXPR_NAME, "counter");
	mnl_attr_nest_end(message, expression);
}

void
elements_add(struct elements *elements, const uint8_t *keys)
{
	const unsigned   size = set_key_size(elements->set->type);
	struct nlmsghdr *message = list_room(elements);
	uint8_t          end[16];

	struct nlattr *first = put_key(message, keys, size);

	if (elements->counts && !elements->is_delete)
		put_own_counter(message);
	mnl_attr_nest_end(message, first);
	if (!elements->set->interval)
		return;
	memcpy(end, keys + size, size);
	if (!next_key(end, size))
		return;
	struct nlattr *element = put_key(message, end, size);

	put32(message, NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
	mnl_attr_nest_end(message, element);
}

void
elements_add_for(struct elements *elements, const uint8_t *key, uint64_t milliseconds)
{
	struct nlmsghdr *message = list_room(elements);
	struct nlattr   *element = put_key(message, key, set_key_size(elements->set->type));

	if (milliseconds)
		mnl_attr_put_u64(message, NFTA_SET_ELEM_TIMEOUT, __builtin_bswap64(milliseconds));
	mnl_attr_nest_end(message, element);
}

void
elements_add_entry(struct elements *elements, const struct ruleset_entry *entry)
{
	const enum set_gives gives = elements->set->gives;
	struct nlmsghdr     *message = list_room(elements);
	struct nlattr       *element = put_key(message, entry->key, set_key_size(elements->set->type));

	if (gives == GIVES_COUNTER) {
		mnl_attr_put_strz(message, NFTA_SET_ELEM_OBJREF, entry->name);
	} else if (!elements->is_delete) {
		struct nlattr *data = mnl_attr_nest_start(message, NFTA_SET_ELEM_DATA);

		if (gives == GIVES_VERDICT)
			expression_put_verdict(message, entry->verdict, entry->name);
		else
			mnl_attr_put(message, NFTA_DATA_VALUE, sizeof(entry->value), entry->value);
		mnl_attr_nest_end(message, data);
	}
	mnl_attr_nest_end(message, element);
}
