/* Translation: addresses in registers 1 and 2, ports in 3 and 4. */
#include "backend/nft_part.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>

static uint32_t
nat_flags(const struct step *step)
{
	return (step->number2 & NAT_RANDOM ? NF_NAT_RANGE_PROTO_RANDOM_FULLY : 0) |
	       (step->number2 & NAT_PERSISTENT ? NF_NAT_RANGE_PERSISTENT : 0) |
	       (step->number2 & NAT_NETMAP ? NF_NAT_RANGE_NETMAP : 0);
}

static void
put_nat_registers(struct nlmsghdr *message, const struct step *step)
{
	const uint16_t first = htons((uint16_t)(step->number >> 16)), last = htons((uint16_t)step->number);
	const unsigned size = step->family == FAMILY_INET ? 4 : 16;

	if (step->family)
		part_immediate(message, NFT_REG_1, step->value, size);
	if (step->has_range)
		part_immediate(message, NFT_REG_2, step->value_to, size);
	if (step->number)
		part_immediate(message, NFT_REG_3, &first, 2);
	if (step->number && first != last)
		part_immediate(message, NFT_REG_4, &last, 2);
}

/* The port that a map has for the one it was sent to, in register 3. */
static void
put_port_map(struct nlmsghdr *message, const struct step *step)
{
	part_load(message, KEY_DPORT);
	const struct expression e = part_begin(message, "lookup");

	part_text(message, NFTA_LOOKUP_SET, step->name);
	part_number(message, NFTA_LOOKUP_SREG, NFT_REG_1);
	part_number(message, NFTA_LOOKUP_DREG, NFT_REG_3);
	part_end(&e);
}

static void
put_masquerade(struct nlmsghdr *message, const struct step *step)
{
	put_nat_registers(message, step);
	const struct expression e = part_begin(message, "masq");

	if (nat_flags(step))
		part_number(message, NFTA_MASQ_FLAGS, nat_flags(step));
	if (step->number) {
		part_number(message, NFTA_MASQ_REG_PROTO_MIN, NFT_REG_3);
		if (step->number >> 16 != (step->number & 0xffff))
			part_number(message, NFTA_MASQ_REG_PROTO_MAX, NFT_REG_4);
	}
	part_end(&e);
}

static void
put_nat_head(struct nlmsghdr *message, const struct step *step)
{
	part_number(message, NFTA_NAT_TYPE, step->nat == NAT_SOURCE ? NFT_NAT_SNAT : NFT_NAT_DNAT);
	part_number(message, NFTA_NAT_FAMILY, step->family == FAMILY_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
}

void
part_nat(struct nlmsghdr *message, const struct step *step)
{
	if (step->nat == NAT_MASQUERADE) {
		put_masquerade(message, step);
		return;
	}
	if (step->name.len > 0)
		put_port_map(message, step);
	put_nat_registers(message, step);
	const struct expression e = part_begin(message, "nat");

	put_nat_head(message, step);
	if (step->family)
		part_number(message, NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
	if (step->has_range)
		part_number(message, NFTA_NAT_REG_ADDR_MAX, NFT_REG_2);
	if (step->number || step->name.len > 0)
		part_number(message, NFTA_NAT_REG_PROTO_MIN, NFT_REG_3);
	if (step->number && step->number >> 16 != (step->number & 0xffff))
		part_number(message, NFTA_NAT_REG_PROTO_MAX, NFT_REG_4);
	if (nat_flags(step))
		part_number(message, NFTA_NAT_FLAGS, nat_flags(step));
	part_end(&e);
}

/* A number below `number`, in turn, by chance, or of the source address; is it number2? */
void
part_pick(struct nlmsghdr *message, const struct step *step)
{
	const bool source = step->pick == PICK_SOURCE4 || step->pick == PICK_SOURCE6;

	if (source)
		part_load(message, step->pick == PICK_SOURCE4 ? KEY_IP_SADDR : KEY_IP6_SADDR);
	const struct expression e = part_begin(message, source ? "hash" : "numgen");

	if (source) {
		part_number(message, NFTA_HASH_SREG, NFT_REG_1);
		part_number(message, NFTA_HASH_DREG, NFT_REG_1);
		part_number(message, NFTA_HASH_LEN, step->pick == PICK_SOURCE4 ? 4 : 16);
		part_number(message, NFTA_HASH_MODULUS, step->number);
		part_number(message, NFTA_HASH_SEED, 0);
		part_number(message, NFTA_HASH_TYPE, NFT_HASH_JENKINS);
	} else {
		part_number(message, NFTA_NG_DREG, NFT_REG_1);
		part_number(message, NFTA_NG_MODULUS, step->number);
		part_number(message, NFTA_NG_TYPE, step->pick == PICK_RANDOM ? NFT_NG_RANDOM : NFT_NG_INCREMENTAL);
	}
	part_end(&e);
	part_compare(message, NFT_CMP_EQ, &step->number2, sizeof(step->number2));
}
