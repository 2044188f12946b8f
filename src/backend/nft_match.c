/* Matches: a key is loaded into register 1, masked, and compared or looked up. */
#include "backend/nft_part.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <string.h>

struct expression
part_begin(struct nlmsghdr *message, const char *name)
{
	struct expression e = { .message = message };

	e.element = mnl_attr_nest_start(message, NFTA_LIST_ELEM);
	mnl_attr_put_strz(message, NFTA_EXPR_NAME, name);
	e.data = mnl_attr_nest_start(message, NFTA_EXPR_DATA);
	return e;
}

void
part_end(const struct expression *e)
{
	mnl_attr_nest_end(e->message, e->data);
	mnl_attr_nest_end(e->message, e->element);
}

void
part_number(struct nlmsghdr *message, uint16_t type, uint32_t number)
{
	mnl_attr_put_u32(message, type, htonl(number));
}

void
part_text(struct nlmsghdr *message, uint16_t type, struct text text)
{
	char copy[STEP_NAME_MAX + 1];

	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	mnl_attr_put_strz(message, type, copy);
}

void
part_value(struct nlmsghdr *message, uint16_t type, const void *value, size_t size)
{
	struct nlattr *nest = mnl_attr_nest_start(message, type);

	mnl_attr_put(message, NFTA_DATA_VALUE, size, value);
	mnl_attr_nest_end(message, nest);
}

/* --- Loading ---------------------------------------------------------------------------------- */

enum source { FROM_META, FROM_PAYLOAD, FROM_CT, FROM_FIB, FROM_ROUTE };

/* clang-format off */
static const struct load {
	uint8_t source;
	uint8_t what;   /* meta, ct or rt key, payload base, fib flags */
	uint8_t offset; /* payload */
} loads[KEY_COUNT] = {
	[KEY_IIFNAME]     = { FROM_META, NFT_META_IIFNAME },
	[KEY_OIFNAME]     = { FROM_META, NFT_META_OIFNAME },
	[KEY_NFPROTO]     = { FROM_META, NFT_META_NFPROTO },
	[KEY_L4PROTO]     = { FROM_META, NFT_META_L4PROTO },
	[KEY_MARK]        = { FROM_META, NFT_META_MARK },
	[KEY_PRIORITY]    = { FROM_META, NFT_META_PRIORITY },
	[KEY_IIFTYPE]     = { FROM_META, NFT_META_IIFTYPE },
	[KEY_SECPATH]     = { FROM_META, NFT_META_SECPATH },
	[KEY_RT_IPSEC]    = { FROM_ROUTE, NFT_RT_XFRM },
	[KEY_LENGTH]      = { FROM_META, NFT_META_LEN },
	[KEY_IP_SADDR]    = { FROM_PAYLOAD, NFT_PAYLOAD_NETWORK_HEADER, 12 },
	[KEY_IP_DADDR]    = { FROM_PAYLOAD, NFT_PAYLOAD_NETWORK_HEADER, 16 },
	[KEY_IP6_SADDR]   = { FROM_PAYLOAD, NFT_PAYLOAD_NETWORK_HEADER, 8 },
	[KEY_IP6_DADDR]   = { FROM_PAYLOAD, NFT_PAYLOAD_NETWORK_HEADER, 24 },
	[KEY_IP_FIRST]    = { FROM_PAYLOAD, NFT_PAYLOAD_NETWORK_HEADER, 0 },
	[KEY_IP6_TOS]     = { FROM_PAYLOAD, NFT_PAYLOAD_NETWORK_HEADER, 0 },
	[KEY_IP_TOS]      = { FROM_PAYLOAD, NFT_PAYLOAD_NETWORK_HEADER, 1 },
	[KEY_SPORT]       = { FROM_PAYLOAD, NFT_PAYLOAD_TRANSPORT_HEADER, 0 },
	[KEY_DPORT]       = { FROM_PAYLOAD, NFT_PAYLOAD_TRANSPORT_HEADER, 2 },
	[KEY_ICMP_TYPE]   = { FROM_PAYLOAD, NFT_PAYLOAD_TRANSPORT_HEADER, 0 },
	[KEY_ICMP6_TYPE]  = { FROM_PAYLOAD, NFT_PAYLOAD_TRANSPORT_HEADER, 0 },
	[KEY_TCP_OFFSET]  = { FROM_PAYLOAD, NFT_PAYLOAD_TRANSPORT_HEADER, 12 },
	[KEY_TCP_FLAGS]   = { FROM_PAYLOAD, NFT_PAYLOAD_TRANSPORT_HEADER, 13 },
	[KEY_ETHER_SADDR] = { FROM_PAYLOAD, NFT_PAYLOAD_LL_HEADER, 6 },
	[KEY_CT_STATE]    = { FROM_CT, NFT_CT_STATE },
	[KEY_CT_STATUS]   = { FROM_CT, NFT_CT_STATUS },
	[KEY_CT_MARK]     = { FROM_CT, NFT_CT_MARK },
	[KEY_CT_DIRECTION] = { FROM_CT, NFT_CT_DIRECTION },
	[KEY_FIB_SADDR]   = { FROM_FIB, NFTA_FIB_F_SADDR },
	[KEY_FIB_DADDR]   = { FROM_FIB, NFTA_FIB_F_DADDR },
};
/* clang-format on */

static void
put_meta(struct nlmsghdr *message, uint32_t key)
{
	const struct expression e = part_begin(message, "meta");

	part_number(message, NFTA_META_KEY, key);
	part_number(message, NFTA_META_DREG, NFT_REG_1);
	part_end(&e);
}

static void
put_payload(struct nlmsghdr *message, const struct load *load, unsigned size)
{
	const struct expression e = part_begin(message, "payload");

	part_number(message, NFTA_PAYLOAD_DREG, NFT_REG_1);
	part_number(message, NFTA_PAYLOAD_BASE, load->what);
	part_number(message, NFTA_PAYLOAD_OFFSET, load->offset);
	part_number(message, NFTA_PAYLOAD_LEN, size);
	part_end(&e);
}

static void
put_ct(struct nlmsghdr *message, uint32_t key)
{
	const struct expression e = part_begin(message, "ct");

	part_number(message, NFTA_CT_KEY, key);
	part_number(message, NFTA_CT_DREG, NFT_REG_1);
	part_end(&e);
}

static void
put_fib(struct nlmsghdr *message, uint32_t flags)
{
	const struct expression e = part_begin(message, "fib");

	part_number(message, NFTA_FIB_FLAGS, flags);
	part_number(message, NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE);
	part_number(message, NFTA_FIB_DREG, NFT_REG_1);
	part_end(&e);
}

static void
put_route(struct nlmsghdr *message, uint32_t key)
{
	const struct expression e = part_begin(message, "rt");

	part_number(message, NFTA_RT_KEY, key);
	part_number(message, NFTA_RT_DREG, NFT_REG_1);
	part_end(&e);
}

void
part_load(struct nlmsghdr *message, enum step_key key)
{
	const struct load *load = &loads[key];

	switch (load->source) {
	case FROM_META:
		put_meta(message, load->what);
		break;
	case FROM_PAYLOAD:
		put_payload(message, load, step_key_size(key));
		break;
	case FROM_CT:
		put_ct(message, load->what);
		break;
	case FROM_FIB:
		put_fib(message, load->what);
		break;
	case FROM_ROUTE:
		put_route(message, load->what);
		break;
	}
}

void
part_bitwise(struct nlmsghdr *message, const uint8_t *mask, const uint8_t *with, unsigned size)
{
	const struct expression e = part_begin(message, "bitwise");

	part_number(message, NFTA_BITWISE_SREG, NFT_REG_1);
	part_number(message, NFTA_BITWISE_DREG, NFT_REG_1);
	part_number(message, NFTA_BITWISE_LEN, size);
	part_value(message, NFTA_BITWISE_MASK, mask, size);
	part_value(message, NFTA_BITWISE_XOR, with, size);
	part_end(&e);
}

void
part_masked_load(struct nlmsghdr *message, const struct step *step, enum step_key key)
{
	static const uint8_t zero[16];

	part_load(message, key);
	if (step->has_mask)
		part_bitwise(message, step->mask, zero, step_key_size(key));
}

void
part_immediate(struct nlmsghdr *message, uint32_t reg, const void *value, size_t size)
{
	const struct expression e = part_begin(message, "immediate");

	part_number(message, NFTA_IMMEDIATE_DREG, reg);
	part_value(message, NFTA_IMMEDIATE_DATA, value, size);
	part_end(&e);
}

uint32_t
part_key(enum step_key key)
{
	return loads[key].what;
}

/* --- Matches ------------------------------------------------------------------------------------ */

void
part_compare(struct nlmsghdr *message, uint32_t operation, const void *value, size_t size)
{
	const struct expression e = part_begin(message, "cmp");

	part_number(message, NFTA_CMP_SREG, NFT_REG_1);
	part_number(message, NFTA_CMP_OP, operation);
	part_value(message, NFTA_CMP_DATA, value, size);
	part_end(&e);
}

void
part_match(struct nlmsghdr *message, const struct step *step)
{
	const unsigned size = step_key_size(step->key);
	const bool     is = step->compare == COMPARE_IS;

	part_masked_load(message, step, step->key);
	if (!step->has_range) {
		part_compare(message, is ? NFT_CMP_EQ : NFT_CMP_NEQ, step->value, size);
		return;
	}
	if (is) {
		part_compare(message, NFT_CMP_GTE, step->value, size);
		part_compare(message, NFT_CMP_LTE, step->value_to, size);
		return;
	}
	const struct expression e = part_begin(message, "range");

	part_number(message, NFTA_RANGE_SREG, NFT_REG_1);
	part_number(message, NFTA_RANGE_OP, NFT_RANGE_NEQ);
	part_value(message, NFTA_RANGE_FROM_DATA, step->value, size);
	part_value(message, NFTA_RANGE_TO_DATA, step->value_to, size);
	part_end(&e);
}

void
part_lookup(struct nlmsghdr *message, const struct step *step, bool verdicts)
{
	part_masked_load(message, step, step->key);
	const struct expression e = part_begin(message, "lookup");

	part_text(message, NFTA_LOOKUP_SET, step->name);
	part_number(message, NFTA_LOOKUP_SREG, NFT_REG_1);
	if (verdicts)
		part_number(message, NFTA_LOOKUP_DREG, NFT_REG_VERDICT);
	else if (step->compare == COMPARE_NOT)
		part_number(message, NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
	part_end(&e);
}

void
part_label_mask(uint32_t bit, uint8_t *mask)
{
	const uint32_t word = 1U << (bit % 32);

	memset(mask, 0, LABEL_SIZE);
	memcpy(mask + bit / 32 * 4, &word, 4);
}

void
part_has_label(struct nlmsghdr *message, const struct step *step)
{
	static const uint8_t zero[LABEL_SIZE];
	uint8_t              mask[LABEL_SIZE];

	part_label_mask(step->number, mask);
	put_ct(message, NFT_CT_LABELS);
	part_bitwise(message, mask, zero, LABEL_SIZE);
	part_compare(message, NFT_CMP_NEQ, zero, LABEL_SIZE);
}
