/* Steps as text: what people read, golden files hold and `nft -c` checks. */
#include <arpa/inet.h>
#include <string.h>

#include "base/bug.h"
#include "plan/ruleset/ruleset.h"

struct word {
	uint32_t    number;
	const char *word;
};

/* clang-format off */
static const struct word states[] = {
	{ CT_INVALID, "invalid" }, { CT_ESTABLISHED, "established" }, { CT_RELATED, "related" },
	{ CT_NEW, "new" }, { CT_UNTRACKED, "untracked" }, { 0, NULL },
};
static const struct word protocols[] = { { 2, "ipv4" }, { 10, "ipv6" }, { 0, NULL } };
static const struct word transports[] = {
	{ 1, "icmp" }, { 6, "tcp" }, { 17, "udp" }, { 47, "gre" }, { 50, "esp" }, { 51, "ah" },
	{ 58, "ipv6-icmp" }, { 132, "sctp" }, { 0, NULL },
};
static const struct word local_types[] = {
	{ 1, "unicast" }, { 2, "local" }, { 3, "broadcast" }, { 5, "multicast" }, { 0, NULL },
};
static const struct word statuses[] = { { 16, "snat" }, { 32, "dnat" }, { 0, NULL } };
static const struct word directions[] = { { 0, "original" }, { 1, "reply" }, { 0, NULL } };

static const struct word *const words[KEY_COUNT] = {
	[KEY_CT_STATE] = states, [KEY_NFPROTO] = protocols, [KEY_L4PROTO] = transports,
	[KEY_FIB_SADDR] = local_types, [KEY_FIB_DADDR] = local_types, [KEY_CT_STATUS] = statuses,
	[KEY_CT_DIRECTION] = directions,
};
static const char *const units[] = { "second", "minute", "hour", "day", "week" };
/* clang-format on */

static uint32_t
number_of(enum step_key key, const uint8_t *value)
{
	uint32_t number = 0;
	uint16_t half;

	if (step_key_is_host_order(key) && step_key_size(key) == 4) {
		memcpy(&number, value, 4);
		return number;
	}
	if (step_key_is_host_order(key)) {
		memcpy(&half, value, 2);
		return half;
	}
	for (unsigned i = 0; i < step_key_size(key); i++)
		number = number << 8 | value[i];
	return number;
}

static void
print_bits(struct buffer *out, const struct word *names, uint32_t number)
{
	bool first = true;

	for (; names->word; names++) {
		if (!(number & names->number))
			continue;
		if (!first)
			buffer_add_byte(out, ',');
		buffer_add_string(out, names->word);
		first = false;
	}
}

static const char *
word_of(const struct word *names, uint32_t number)
{
	for (; names && names->word; names++)
		if (names->number == number)
			return names->word;
	return NULL;
}

static void
print_address(struct buffer *out, unsigned size, const uint8_t *value)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(size == 4 ? AF_INET : AF_INET6, value, text, sizeof(text));
	buffer_add_string(out, text);
}

void
step_print_value(struct buffer *out, enum step_key key, const uint8_t *value)
{
	switch (key) {
	case KEY_IIFNAME:
	case KEY_OIFNAME:
		buffer_print(out, "\"%.15s\"", (const char *)value);
		return;
	case KEY_IP_SADDR:
	case KEY_IP_DADDR:
	case KEY_IP6_SADDR:
	case KEY_IP6_DADDR:
		print_address(out, step_key_size(key), value);
		return;
	case KEY_ETHER_SADDR:
		buffer_print(out, "%02x:%02x:%02x:%02x:%02x:%02x", value[0], value[1], value[2], value[3], value[4],
			     value[5]);
		return;
	case KEY_CT_MARK:
	case KEY_MARK:
		buffer_print(out, "0x%08x", number_of(key, value));
		return;
	case KEY_CT_STATE:
	case KEY_CT_STATUS:
		print_bits(out, words[key], number_of(key, value));
		return;
	case KEY_IP_TOS:
	case KEY_IP_FIRST:
	case KEY_TCP_FLAGS:
	case KEY_TCP_OFFSET:
		buffer_print(out, "0x%02x", value[0]);
		return;
	case KEY_IP6_TOS:
		buffer_print(out, "0x%04x", number_of(key, value));
		return;
	case KEY_SECPATH:
	case KEY_RT_IPSEC:
		buffer_add_string(out, value[0] ? "exists" : "missing");
		return;
	case KEY_PRIORITY:
		buffer_print(out, "%x:%x", number_of(key, value) >> 16, number_of(key, value) & 0xffff);
		return;
	default:
		break;
	}
	const char *word = word_of(words[key], number_of(key, value));

	if (word)
		buffer_add_string(out, word);
	else
		buffer_add_number(out, number_of(key, value));
}

/* How many leading bits a mask has, or -1 when there are others. */
static int
mask_bits(const uint8_t *mask, unsigned size)
{
	unsigned bits = 0;

	while (bits < size * 8 && (mask[bits / 8] & (0x80 >> (bits % 8))))
		bits++;
	for (unsigned i = bits; i < size * 8; i++)
		if (mask[i / 8] & (0x80 >> (i % 8)))
			return -1;
	return (int)bits;
}

static bool
is_address(enum step_key key)
{
	return key >= KEY_IP_SADDR && key <= KEY_IP6_DADDR;
}

static bool
is_bits(enum step_key key)
{
	return key == KEY_CT_STATE || key == KEY_CT_STATUS;
}

/* Some of these bits are set, or none is. */
static void
print_bit_match(struct buffer *out, const struct step *step)
{
	buffer_print(out, "%s ", step_key_word(step->key));
	if (step->compare == COMPARE_IS)
		buffer_add_string(out, "& ");
	step_print_value(out, step->key, step->mask);
	if (step->compare == COMPARE_IS)
		buffer_add_string(out, " == 0");
}

static void
print_match(struct buffer *out, const struct step *step)
{
	const bool prefix = step->has_mask && is_address(step->key);

	if (step->has_mask && is_bits(step->key)) {
		print_bit_match(out, step);
		return;
	}
	buffer_add_string(out, step_key_word(step->key));
	if (step->has_mask && !prefix) {
		buffer_add_string(out, " & ");
		step_print_value(out, step->key, step->mask);
		buffer_add_string(out, step->compare == COMPARE_IS ? " ==" : "");
	}
	buffer_add_string(out, step->compare == COMPARE_NOT ? " != " : " ");
	step_print_value(out, step->key, step->value);
	if (prefix)
		buffer_print(out, "/%d", mask_bits(step->mask, step_key_size(step->key)));
	if (step->has_range) {
		buffer_add_byte(out, '-');
		step_print_value(out, step->key, step->value_to);
	}
}

static void
print_key(struct buffer *out, const struct step *step, enum step_key key)
{
	buffer_add_string(out, step_key_word(key));
	if (step->has_mask) {
		buffer_add_string(out, " & ");
		step_print_value(out, step->key, step->mask);
	}
}

static void
print_set(struct buffer *out, const struct step *step)
{
	buffer_print(out, "%s set ", step_key_word(step->key));
	if (step->has_mask) {
		print_key(out, step, step->key);
		buffer_add_string(out, " | ");
	}
	step_print_value(out, step->key, step->value);
}

static void
print_copy(struct buffer *out, const struct step *step)
{
	buffer_print(out, "%s set ", step_key_word(step->key));
	print_key(out, step, step->from);
}

static void
print_object(struct buffer *out, const struct step *step)
{
	buffer_print(out, "%s \"%.*s\"", step->number == OBJECT_TIMEOUT ? "ct timeout set" : "limit name", TEXT_ARGS(step->name));
}

/* What a map of numbers gives, and how it gets more. */
static void
print_map(struct buffer *out, const struct step *step)
{
	if (step->kind == STEP_MAPPED)
		buffer_print(out, "%s set %s map @%.*s", step_key_word(step->key), step_key_word(step->from), TEXT_ARGS(step->name));
	else
		buffer_print(out, "add @%.*s { %s : numgen inc mod %u offset %u }", TEXT_ARGS(step->name),
			     step_key_word(step->key), step->number, step->number2);
}

static void
print_nat_address(struct buffer *out, const struct step *step, const uint8_t *value)
{
	const bool bracket = step->family == FAMILY_INET6 && (step->number || step->name.len > 0);

	buffer_add_string(out, bracket ? "[" : "");
	step_print_value(out, step->key, value);
	buffer_add_string(out, bracket ? "]" : "");
}

/* The length of the prefix that a range of addresses is. */
static unsigned
range_bits(const struct step *step)
{
	unsigned       bits = 0;
	const unsigned size = step_key_size(step->key);

	while (bits < size * 8 &&
	       !((step->value[bits / 8] ^ step->value_to[bits / 8]) & (0x80 >> (bits % 8))))
		bits++;
	return bits;
}

static void
print_nat_to(struct buffer *out, const struct step *step)
{
	if (!step->family && !step->number)
		return;
	buffer_add_string(out, step->number2 & NAT_NETMAP ? " prefix to " : " to ");
	if (step->family)
		print_nat_address(out, step, step->value);
	if (step->number2 & NAT_NETMAP)
		buffer_print(out, "/%u", range_bits(step));
	else if (step->has_range) {
		buffer_add_byte(out, '-');
		print_nat_address(out, step, step->value_to);
	}
	if (step->number) {
		buffer_print(out, ":%u", step->number >> 16);
		if (step->number >> 16 != (step->number & 0xffff))
			buffer_print(out, "-%u", step->number & 0xffff);
	}
	if (step->name.len > 0)
		buffer_print(out, ":th dport map @%.*s", TEXT_ARGS(step->name));
}

static void
print_nat(struct buffer *out, const struct step *step)
{
	static const char *const kinds[] = { "snat", "dnat", "masquerade" };

	buffer_add_string(out, kinds[step->nat]);
	if (step->family)
		buffer_add_string(out, step->family == FAMILY_INET ? " ip" : " ip6");
	print_nat_to(out, step);
	if (step->number2 & NAT_RANDOM)
		buffer_add_string(out, " fully-random");
	if (step->number2 & NAT_PERSISTENT)
		buffer_add_string(out, step->number2 & NAT_RANDOM ? ",persistent" : " persistent");
}

static void
print_verdict(struct buffer *out, const struct step *step)
{
	static const char *const verdicts[] = { "accept", "drop", "jump", "goto", "return" };

	buffer_add_string(out, verdicts[step->verdict]);
	if (step->name.len > 0)
		buffer_print(out, " %.*s", TEXT_ARGS(step->name));
}

static void
print_rate(struct buffer *out, const struct step *step)
{
	const bool bytes = step->number2 & LIMIT_BYTES;

	buffer_print(out, "limit rate %s%u%s/%s burst %u %s", step->compare == COMPARE_NOT ? "over " : "", step->number,
		     bytes ? " bytes" : "", units[(step->number2 & 0x7f) % COUNT(units)], step->number2 >> 8,
		     bytes ? "bytes" : "packets");
}

static void
print_sources(struct buffer *out, const struct step *step)
{
	buffer_print(out, "%s @%.*s { %s", step->number2 ? "update" : "add", TEXT_ARGS(step->name),
		     step_key_word(step->key));
	if (step->number2) {
		buffer_add_byte(out, ' ');
		print_rate(out, step);
	} else if (step->number) {
		buffer_print(out, " ct count %s%u", step->compare == COMPARE_NOT ? "over " : "", step->number);
	}
	buffer_add_string(out, " }");
}

static void
print_pick(struct buffer *out, const struct step *step)
{
	static const char *const picks[] = { "numgen inc", "numgen random", "jhash ip saddr", "jhash ip6 saddr" };

	buffer_print(out, "%s mod %u ", picks[step->pick], step->number);
	if (step->pick == PICK_SOURCE4 || step->pick == PICK_SOURCE6)
		buffer_add_string(out, "seed 0x0 ");
	buffer_print(out, "%u", step->number2);
}

static void
print_step(struct buffer *out, const struct step *step)
{
	static const char *const rejects[] = { "tcp reset", "icmpx port-unreachable", "icmpx admin-prohibited" };

	switch (step->kind) {
	case STEP_MATCH:
		print_match(out, step);
		break;
	case STEP_LOOKUP:
		buffer_print(out, "%s%s @%.*s", step_key_word(step->key), step->compare == COMPARE_NOT ? " !=" : "",
			     TEXT_ARGS(step->name));
		break;
	case STEP_VERDICTS:
		print_key(out, step, step->key);
		buffer_print(out, " vmap @%.*s", TEXT_ARGS(step->name));
		break;
	case STEP_COUNTER:
		buffer_print(out, "counter name \"%.*s\"", TEXT_ARGS(step->name));
		break;
	case STEP_COUNTERS:
		buffer_add_string(out, "counter name ");
		print_key(out, step, step->key);
		buffer_print(out, " map @%.*s", TEXT_ARGS(step->name));
		break;
	case STEP_LOG:
		buffer_print(out, "log prefix \"%.*s\" group %u", TEXT_ARGS(step->name), step->number);
		break;
	case STEP_SET:
		print_set(out, step);
		break;
	case STEP_COPY:
		print_copy(out, step);
		break;
	case STEP_LABEL:
		buffer_print(out, "ct label set %u", step->number);
		break;
	case STEP_HAS_LABEL:
		buffer_print(out, "ct label %u", step->number);
		break;
	case STEP_VERDICT:
		print_verdict(out, step);
		break;
	case STEP_REJECT:
		buffer_print(out, "reject with %s", rejects[step->number]);
		break;
	case STEP_NAT:
		print_nat(out, step);
		break;
	case STEP_PICK:
		print_pick(out, step);
		break;
	case STEP_NOTRACK:
		buffer_add_string(out, "notrack");
		break;
	case STEP_LIMIT:
		print_rate(out, step);
		break;
	case STEP_STATES:
		buffer_print(out, "ct count %s%u", step->compare == COMPARE_NOT ? "over " : "", step->number);
		break;
	case STEP_SOURCES:
		print_sources(out, step);
		break;
	case STEP_SYNPROXY:
		buffer_print(out, "synproxy mss %u", step->number);
		break;
	case STEP_MSS:
		buffer_print(out, "tcp option maxseg size set %u", step->number);
		break;
	case STEP_OBJECT:
		print_object(out, step);
		break;
	case STEP_MAPPED:
	case STEP_ASSIGN:
		print_map(out, step);
		break;
	case STEP_COMMENT:
		buffer_print(out, "comment \"%.*s\"", TEXT_ARGS(step->name));
		break;
	case STEP_KINDS:
		break;
	}
}

void
step_print_rule(struct buffer *out, struct text steps)
{
	struct step step;
	bool        first = true;

	while (step_next(&steps, &step)) {
		if (!first)
			buffer_add_byte(out, ' ');
		print_step(out, &step);
		first = false;
	}
	BUG_IF(steps.len > 0, "a rule has bytes that are no steps");
}
