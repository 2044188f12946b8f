/*
 * Each step becomes the expressions that nft itself makes of the same text: load into a register, mask,
 * compare. A test loads the printed text with nft and compares what the kernel then holds.
 */
#include "backend/nft_expression.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_synproxy.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <netinet/tcp.h>
#include <string.h>

#include "backend/nft_encode.h"
#include "backend/nft_part.h"
#include "base/bug.h"

#define COMMENT_TYPE 0 /* in a rule's user data, as nft writes it */

/* --- Counting and limiting -------------------------------------------------------------------- */

static void
put_counter(struct nlmsghdr *message, const struct step *step)
{
	const struct expression e = part_begin(message, "objref");

	part_number(message, NFTA_OBJREF_IMM_TYPE, NFT_OBJECT_COUNTER);
	part_text(message, NFTA_OBJREF_IMM_NAME, step->name);
	part_end(&e);
}

static void
put_object(struct nlmsghdr *message, const struct step *step)
{
	const struct expression e = part_begin(message, "objref");

	part_number(message, NFTA_OBJREF_IMM_TYPE, encode_object_type((enum object_kind)step->number));
	part_text(message, NFTA_OBJREF_IMM_NAME, step->name);
	part_end(&e);
}

static void
put_counters(struct nlmsghdr *message, const struct step *step)
{
	part_masked_load(message, step, step->key);
	const struct expression e = part_begin(message, "objref");

	part_number(message, NFTA_OBJREF_SET_SREG, NFT_REG_1);
	part_text(message, NFTA_OBJREF_SET_NAME, step->name);
	part_end(&e);
}

static void
put_log(struct nlmsghdr *message, const struct step *step)
{
	const struct expression e = part_begin(message, "log");

	mnl_attr_put_u16(message, NFTA_LOG_GROUP, htons((uint16_t)step->number));
	part_text(message, NFTA_LOG_PREFIX, step->name);
	part_end(&e);
}

static void
put_limit_data(struct nlmsghdr *message, const struct step *step)
{
	static const uint32_t seconds[] = { 1, 60, 3600, 86400, 604800 };
	const uint64_t        unit = seconds[(step->number2 & 0x7f) % COUNT(seconds)];

	mnl_attr_put_u64(message, NFTA_LIMIT_RATE, __builtin_bswap64(step->number));
	mnl_attr_put_u64(message, NFTA_LIMIT_UNIT, __builtin_bswap64(unit));
	part_number(message, NFTA_LIMIT_BURST, step->number2 >> 8);
	part_number(message, NFTA_LIMIT_TYPE, step->number2 & LIMIT_BYTES ? NFT_LIMIT_PKT_BYTES : NFT_LIMIT_PKTS);
	part_number(message, NFTA_LIMIT_FLAGS, step->compare == COMPARE_NOT ? NFT_LIMIT_F_INV : 0);
}

static void
put_states_data(struct nlmsghdr *message, const struct step *step)
{
	part_number(message, NFTA_CONNLIMIT_COUNT, step->number);
	part_number(message, NFTA_CONNLIMIT_FLAGS, step->compare == COMPARE_NOT ? NFT_CONNLIMIT_F_INV : 0);
}

static void
put_simple(struct nlmsghdr *message, const char *name, const struct step *step,
	   void (*fill)(struct nlmsghdr *, const struct step *))
{
	const struct expression e = part_begin(message, name);

	if (fill)
		fill(message, step);
	part_end(&e);
}

static void
put_sources(struct nlmsghdr *message, const struct step *step)
{
	part_load(message, step->key);
	const struct expression e = part_begin(message, "dynset");

	part_text(message, NFTA_DYNSET_SET_NAME, step->name);
	part_number(message, NFTA_DYNSET_OP, step->number2 ? NFT_DYNSET_OP_UPDATE : NFT_DYNSET_OP_ADD);
	part_number(message, NFTA_DYNSET_SREG_KEY, NFT_REG_1);
	if (step->number) {
		struct nlattr *inner = mnl_attr_nest_start(message, NFTA_DYNSET_EXPR);

		mnl_attr_put_strz(message, NFTA_EXPR_NAME, step->number2 ? "limit" : "connlimit");
		struct nlattr *data = mnl_attr_nest_start(message, NFTA_EXPR_DATA);

		(step->number2 ? put_limit_data : put_states_data)(message, step);
		mnl_attr_nest_end(message, data);
		mnl_attr_nest_end(message, inner);
	}
	part_end(&e);
}

/* The number is in register 2 when the key is in register 1. */
static void
put_assign(struct nlmsghdr *message, const struct step *step)
{
	part_load(message, step->key);
	const struct expression number = part_begin(message, "numgen");

	part_number(message, NFTA_NG_DREG, NFT_REG_2);
	part_number(message, NFTA_NG_MODULUS, step->number);
	part_number(message, NFTA_NG_TYPE, NFT_NG_INCREMENTAL);
	part_number(message, NFTA_NG_OFFSET, step->number2);
	part_end(&number);
	const struct expression e = part_begin(message, "dynset");

	part_text(message, NFTA_DYNSET_SET_NAME, step->name);
	part_number(message, NFTA_DYNSET_OP, NFT_DYNSET_OP_ADD);
	part_number(message, NFTA_DYNSET_SREG_KEY, NFT_REG_1);
	part_number(message, NFTA_DYNSET_SREG_DATA, NFT_REG_2);
	part_end(&e);
}

/* --- What is done ------------------------------------------------------------------------------- */

/* Marks: register = (mark & mask & ~value) ^ value. */
static void
put_set(struct nlmsghdr *message, const struct step *step)
{
	const bool ct = step->key == KEY_CT_MARK;

	if (step->has_mask) {
		uint8_t mask[4];

		for (unsigned i = 0; i < 4; i++)
			mask[i] = step->mask[i] & (uint8_t)~step->value[i];
		part_load(message, step->key);
		part_bitwise(message, mask, step->value, 4);
	} else {
		part_immediate(message, NFT_REG_1, step->value, 4);
	}
	const struct expression e = part_begin(message, ct ? "ct" : "meta");

	part_number(message, ct ? NFTA_CT_KEY : NFTA_META_KEY, part_key(step->key));
	part_number(message, ct ? NFTA_CT_SREG : NFTA_META_SREG, NFT_REG_1);
	part_end(&e);
}

static void
put_copy(struct nlmsghdr *message, const struct step *step)
{
	const bool ct = step->key == KEY_CT_MARK;

	part_masked_load(message, step, step->from);
	const struct expression e = part_begin(message, ct ? "ct" : "meta");

	part_number(message, ct ? NFTA_CT_KEY : NFTA_META_KEY, part_key(step->key));
	part_number(message, ct ? NFTA_CT_SREG : NFTA_META_SREG, NFT_REG_1);
	part_end(&e);
}

static void
put_mapped(struct nlmsghdr *message, const struct step *step)
{
	part_load(message, step->from);
	const struct expression lookup = part_begin(message, "lookup");

	part_text(message, NFTA_LOOKUP_SET, step->name);
	part_number(message, NFTA_LOOKUP_SREG, NFT_REG_1);
	part_number(message, NFTA_LOOKUP_DREG, NFT_REG_1);
	part_end(&lookup);
	const struct expression e = part_begin(message, "meta");

	part_number(message, NFTA_META_KEY, part_key(step->key));
	part_number(message, NFTA_META_SREG, NFT_REG_1);
	part_end(&e);
}

static void
put_label(struct nlmsghdr *message, const struct step *step)
{
	uint8_t mask[LABEL_SIZE];

	part_label_mask(step->number, mask);
	part_immediate(message, NFT_REG_1, mask, LABEL_SIZE);
	const struct expression e = part_begin(message, "ct");

	part_number(message, NFTA_CT_KEY, NFT_CT_LABELS);
	part_number(message, NFTA_CT_SREG, NFT_REG_1);
	part_end(&e);
}

void
expression_put_verdict(struct nlmsghdr *message, enum step_verdict verdict, const char *chain)
{
	static const int codes[] = { NF_ACCEPT, NF_DROP, NFT_JUMP, NFT_GOTO, NFT_RETURN };
	struct nlattr   *nest = mnl_attr_nest_start(message, NFTA_DATA_VERDICT);

	part_number(message, NFTA_VERDICT_CODE, (uint32_t)codes[verdict]);
	if (chain && *chain)
		mnl_attr_put_strz(message, NFTA_VERDICT_CHAIN, chain);
	mnl_attr_nest_end(message, nest);
}

static void
put_verdict(struct nlmsghdr *message, const struct step *step)
{
	const struct expression e = part_begin(message, "immediate");
	char                    chain[STEP_NAME_MAX + 1] = "";

	if (step->name.len > 0)
		memcpy(chain, step->name.ptr, step->name.len);
	part_number(message, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	struct nlattr *data = mnl_attr_nest_start(message, NFTA_IMMEDIATE_DATA);

	expression_put_verdict(message, step->verdict, chain);
	mnl_attr_nest_end(message, data);
	part_end(&e);
}

static void
put_reject_data(struct nlmsghdr *message, const struct step *step)
{
	const bool reset = step->number == REJECT_RESET;

	part_number(message, NFTA_REJECT_TYPE, reset ? NFT_REJECT_TCP_RST : NFT_REJECT_ICMPX_UNREACH);
	if (!reset)
		mnl_attr_put_u8(message, NFTA_REJECT_ICMP_CODE, step->number == REJECT_PORT ?
				NFT_REJECT_ICMPX_PORT_UNREACH : NFT_REJECT_ICMPX_ADMIN_PROHIBITED);
}

static void
put_synproxy_data(struct nlmsghdr *message, const struct step *step)
{
	mnl_attr_put_u16(message, NFTA_SYNPROXY_MSS, htons((uint16_t)step->number));
	mnl_attr_put_u8(message, NFTA_SYNPROXY_WSCALE, 0);
	part_number(message, NFTA_SYNPROXY_FLAGS, NF_SYNPROXY_OPT_MSS);
}

/* The kernel only ever makes it smaller. */
static void
put_mss(struct nlmsghdr *message, const struct step *step)
{
	const uint16_t size = htons((uint16_t)step->number);

	part_immediate(message, NFT_REG_1, &size, sizeof(size));
	const struct expression e = part_begin(message, "exthdr");

	part_number(message, NFTA_EXTHDR_SREG, NFT_REG_1);
	mnl_attr_put_u8(message, NFTA_EXTHDR_TYPE, TCPOPT_MAXSEG);
	part_number(message, NFTA_EXTHDR_OFFSET, 2);
	part_number(message, NFTA_EXTHDR_LEN, sizeof(size));
	part_number(message, NFTA_EXTHDR_OP, NFT_EXTHDR_OP_TCPOPT);
	part_end(&e);
}

static void
put_step(struct nlmsghdr *message, const struct step *step)
{
	switch (step->kind) {
	case STEP_MATCH:
		part_match(message, step);
		break;
	case STEP_LOOKUP:
		part_lookup(message, step, false);
		break;
	case STEP_VERDICTS:
		part_lookup(message, step, true);
		break;
	case STEP_COUNTER:
		put_counter(message, step);
		break;
	case STEP_COUNTERS:
		put_counters(message, step);
		break;
	case STEP_LOG:
		put_log(message, step);
		break;
	case STEP_SET:
		put_set(message, step);
		break;
	case STEP_COPY:
		put_copy(message, step);
		break;
	case STEP_LABEL:
		put_label(message, step);
		break;
	case STEP_HAS_LABEL:
		part_has_label(message, step);
		break;
	case STEP_VERDICT:
		put_verdict(message, step);
		break;
	case STEP_REJECT:
		put_simple(message, "reject", step, put_reject_data);
		break;
	case STEP_NAT:
		part_nat(message, step);
		break;
	case STEP_PICK:
		part_pick(message, step);
		break;
	case STEP_NOTRACK:
		put_simple(message, "notrack", step, NULL);
		break;
	case STEP_LIMIT:
		put_simple(message, "limit", step, put_limit_data);
		break;
	case STEP_STATES:
		put_simple(message, "connlimit", step, put_states_data);
		break;
	case STEP_SOURCES:
		put_sources(message, step);
		break;
	case STEP_SYNPROXY:
		put_simple(message, "synproxy", step, put_synproxy_data);
		break;
	case STEP_MSS:
		put_mss(message, step);
		break;
	case STEP_OBJECT:
		put_object(message, step);
		break;
	case STEP_MAPPED:
		put_mapped(message, step);
		break;
	case STEP_ASSIGN:
		put_assign(message, step);
		break;
	case STEP_COMMENT: /* no expression */
	case STEP_KINDS:
		break;
	}
}

/* User data: type, length, text with its NUL. */
static void
put_comment(struct nlmsghdr *message, struct text comment)
{
	uint8_t data[STEP_NAME_MAX + 3] = { COMMENT_TYPE, (uint8_t)(comment.len + 1) };

	memcpy(data + 2, comment.ptr, comment.len);
	mnl_attr_put(message, NFTA_RULE_USERDATA, comment.len + 3, data);
}

void
expression_put_rule(struct nlmsghdr *message, struct text steps)
{
	struct nlattr *list = mnl_attr_nest_start(message, NFTA_RULE_EXPRESSIONS);
	struct text    comment = TEXT_NONE;
	struct step    step;

	while (step_next(&steps, &step)) {
		put_step(message, &step);
		if (step.kind == STEP_COMMENT)
			comment = step.name;
	}
	BUG_IF(steps.len > 0, "a rule has bytes that are no steps");
	mnl_attr_nest_end(message, list);
	if (comment.len > 0)
		put_comment(message, comment);
}
