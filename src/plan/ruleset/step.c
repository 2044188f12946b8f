/*
 * A step as bytes: kind, a byte that says which fields follow, then the fields in a fixed
 * order. One table says which fields each kind has; nothing else is accepted.
 */
#include "plan/ruleset/step.h"

#include <string.h>

#include "base/bug.h"
#include "plan/ruleset/ruleset.h"

enum {
	HAS_KEY = 1 << 0,
	HAS_CHOICE = 1 << 1, /* compare, verdict or nat: one byte */
	HAS_NAME = 1 << 2,
	HAS_VALUE = 1 << 3,
	HAS_RANGE = 1 << 4,
	HAS_MASK = 1 << 5,
	HAS_NUMBER = 1 << 6,
	HAS_NUMBER2 = 1 << 7,
};

struct grammar {
	unsigned needs, may;
	unsigned choices; /* how many values the choice byte has */
	bool     is_free_text; /* the name is text, not a name */
};

/* clang-format off */
static const struct grammar grammar[STEP_KINDS] = {
	[STEP_MATCH]     = { HAS_KEY | HAS_CHOICE | HAS_VALUE, HAS_RANGE | HAS_MASK, 2 },
	[STEP_LOOKUP]    = { HAS_KEY | HAS_CHOICE | HAS_NAME, 0, 2 },
	[STEP_VERDICTS]  = { HAS_KEY | HAS_NAME, HAS_MASK },
	[STEP_COUNTER]   = { HAS_NAME },
	[STEP_COUNTERS]  = { HAS_KEY | HAS_NAME, HAS_MASK },
	[STEP_LOG]       = { HAS_NAME | HAS_NUMBER, .is_free_text = true },
	[STEP_SET]       = { HAS_KEY | HAS_VALUE, HAS_MASK },
	[STEP_COPY]      = { HAS_KEY | HAS_CHOICE, HAS_MASK, KEY_COUNT },
	[STEP_LABEL]     = { HAS_NUMBER },
	[STEP_HAS_LABEL] = { HAS_NUMBER },
	[STEP_VERDICT]   = { HAS_CHOICE, HAS_NAME, 5 },
	[STEP_REJECT]    = { HAS_NUMBER },
	[STEP_NAT]       = { HAS_CHOICE | HAS_NUMBER2, HAS_KEY | HAS_VALUE | HAS_RANGE | HAS_NUMBER | HAS_NAME, 3 },
	[STEP_NOTRACK]   = { 0 },
	[STEP_LIMIT]     = { HAS_CHOICE | HAS_NUMBER | HAS_NUMBER2, 0, 2 },
	[STEP_STATES]    = { HAS_CHOICE | HAS_NUMBER, 0, 2 },
	[STEP_SOURCES]   = { HAS_KEY | HAS_CHOICE | HAS_NAME, HAS_NUMBER | HAS_NUMBER2, 2 },
	[STEP_SYNPROXY]  = { HAS_NUMBER },
	[STEP_PICK]      = { HAS_CHOICE | HAS_NUMBER | HAS_NUMBER2, 0, 4 },
	[STEP_MSS]       = { HAS_NUMBER },
	[STEP_OBJECT]    = { HAS_NAME | HAS_NUMBER },
	[STEP_MAPPED]    = { HAS_KEY | HAS_CHOICE | HAS_NAME, 0, KEY_COUNT },
	[STEP_ASSIGN]    = { HAS_KEY | HAS_NAME | HAS_NUMBER | HAS_NUMBER2 },
	[STEP_COMMENT]   = { HAS_NAME, .is_free_text = true },
};

static const struct key {
	const char *word;
	uint8_t     size;
	bool        host_order;
} keys[KEY_COUNT] = {
	[KEY_IIFNAME]     = { "iifname", 16 },
	[KEY_OIFNAME]     = { "oifname", 16 },
	[KEY_NFPROTO]     = { "meta nfproto", 1 },
	[KEY_L4PROTO]     = { "meta l4proto", 1 },
	[KEY_IP_SADDR]    = { "ip saddr", 4 },
	[KEY_IP_DADDR]    = { "ip daddr", 4 },
	[KEY_IP6_SADDR]   = { "ip6 saddr", 16 },
	[KEY_IP6_DADDR]   = { "ip6 daddr", 16 },
	[KEY_SPORT]       = { "th sport", 2 },
	[KEY_DPORT]       = { "th dport", 2 },
	[KEY_ICMP_TYPE]   = { "icmp type", 1 },
	[KEY_ICMP6_TYPE]  = { "icmpv6 type", 1 },
	[KEY_TCP_FLAGS]   = { "tcp flags", 1 },
	[KEY_CT_STATE]    = { "ct state", 4, true },
	[KEY_CT_STATUS]   = { "ct status", 4, true },
	[KEY_CT_MARK]     = { "ct mark", 4, true },
	[KEY_CT_DIRECTION] = { "ct direction", 1 },
	[KEY_MARK]        = { "meta mark", 4, true },
	[KEY_PRIORITY]    = { "meta priority", 4, true },
	[KEY_FIB_SADDR]   = { "fib saddr type", 4, true },
	[KEY_FIB_DADDR]   = { "fib daddr type", 4, true },
	[KEY_IP_TOS]      = { "@nh,8,8", 1 },
	[KEY_IP6_TOS]     = { "@nh,0,16", 2 },
	[KEY_IP_FIRST]    = { "@nh,0,8", 1 },
	[KEY_ETHER_SADDR] = { "ether saddr", 6 },
	[KEY_IIFTYPE]     = { "meta iiftype", 2, true },
	[KEY_SECPATH]     = { "meta secpath", 1 },
	[KEY_RT_IPSEC]    = { "rt ipsec", 1 },
	[KEY_LENGTH]      = { "meta length", 4, true },
	[KEY_TCP_OFFSET]  = { "@th,96,8", 1 },
};
/* clang-format on */

unsigned
step_key_size(enum step_key key)
{
	return keys[key].size;
}

const char *
step_key_word(enum step_key key)
{
	return keys[key].word;
}

bool
step_key_is_host_order(enum step_key key)
{
	return keys[key].host_order;
}

void
step_put_number(enum step_key key, uint8_t *value, uint32_t number)
{
	const unsigned size = keys[key].size;

	if (keys[key].host_order && size == 4) {
		memcpy(value, &number, 4);
	} else if (keys[key].host_order) {
		const uint16_t half = (uint16_t)number;

		memcpy(value, &half, 2);
	} else {
		for (unsigned i = 0; i < size; i++)
			value[i] = (uint8_t)(number >> (8 * (size - 1 - i)));
	}
}

static void
put32(struct buffer *out, uint32_t number)
{
	const char bytes[4] = { (char)(number >> 24), (char)(number >> 16), (char)(number >> 8), (char)number };

	buffer_add(out, (struct text){ bytes, 4 });
}

/* What the choice byte of this step is. */
static uint8_t
choice(const struct step *step)
{
	switch (step->kind) {
	case STEP_VERDICT:
		return (uint8_t)step->verdict;
	case STEP_NAT:
		return (uint8_t)step->nat;
	case STEP_PICK:
		return (uint8_t)step->pick;
	case STEP_COPY:
	case STEP_MAPPED:
		return (uint8_t)step->from;
	default:
		return (uint8_t)step->compare;
	}
}

static void
set_choice(struct step *step, uint8_t byte)
{
	switch (step->kind) {
	case STEP_VERDICT:
		step->verdict = byte;
		break;
	case STEP_NAT:
		step->nat = byte;
		break;
	case STEP_PICK:
		step->pick = byte;
		break;
	case STEP_COPY:
	case STEP_MAPPED:
		step->from = byte;
		break;
	default:
		step->compare = byte;
	}
}

/* A nat's address comes from `family`, everything else's from the key. */
static unsigned
value_size(const struct step *step)
{
	return step->key ? keys[step->key].size : 0;
}

static unsigned
fields_of(const struct step *step)
{
	const struct grammar *rule = &grammar[step->kind];
	unsigned              has = rule->needs;

	has |= step->has_range && (rule->may & HAS_RANGE) ? HAS_RANGE : 0;
	has |= step->has_mask && (rule->may & HAS_MASK) ? HAS_MASK : 0;
	has |= step->name.len > 0 && (rule->may & HAS_NAME) ? HAS_NAME : 0;
	has |= step->number && (rule->may & HAS_NUMBER) ? HAS_NUMBER : 0;
	has |= step->number2 && (rule->may & HAS_NUMBER2) ? HAS_NUMBER2 : 0;
	if (step->kind == STEP_NAT && step->key)
		has |= HAS_KEY | HAS_VALUE;
	return has;
}

/* States and statuses are only asked for as "some of these" or "none of these". */
static bool
is_bit_match(const struct step *step, unsigned has)
{
	static const uint8_t zero[4];

	if (step->key != KEY_CT_STATE && step->key != KEY_CT_STATUS)
		return true;
	return (has & HAS_MASK) && memcmp(step->value, zero, 4) == 0;
}

static bool
is_address(enum step_key key)
{
	return key >= KEY_IP_SADDR && key <= KEY_IP6_DADDR;
}

/* What the table cannot say. */
static bool
is_sound(const struct step *step, unsigned has)
{
	if ((has & HAS_NAME) && !grammar[step->kind].is_free_text && !step_name_is_valid(step->name))
		return false;
	switch (step->kind) {
	case STEP_MATCH:
		return (!(has & HAS_RANGE) || !(has & HAS_MASK)) && is_bit_match(step, has);
	case STEP_SET:
		return step->key == KEY_CT_MARK || step->key == KEY_MARK || step->key == KEY_PRIORITY;
	case STEP_COPY:
		return (step->key == KEY_CT_MARK && step->from == KEY_MARK) ||
		       (step->key == KEY_MARK && step->from == KEY_CT_MARK);
	case STEP_VERDICT:
		return (step->verdict == VERDICT_JUMP || step->verdict == VERDICT_GOTO) == !!(has & HAS_NAME);
	case STEP_REJECT:
		return step->number <= REJECT_PROHIBITED;
	case STEP_LABEL:
	case STEP_HAS_LABEL:
		return step->number < 128;
	case STEP_LIMIT:
		return step->number > 0 && step->number2 > 0;
	case STEP_LOG:
	case STEP_MSS:
	case STEP_SYNPROXY:
		return step->number <= UINT16_MAX;
	case STEP_NAT:
		return (!(has & HAS_RANGE) || (has & HAS_VALUE)) && (!(has & HAS_NAME) || !(has & HAS_NUMBER));
	case STEP_PICK:
		return step->number > step->number2;
	case STEP_OBJECT:
		return step->number > 0 && step->number < OBJECT_KINDS;
	case STEP_MAPPED:
		return step->key == KEY_PRIORITY && is_address(step->from);
	case STEP_ASSIGN:
		return is_address(step->key) && step->number > 0 && step->number2 <= UINT32_MAX - step->number;
	default:
		return true;
	}
}

void
step_add(struct buffer *out, const struct step *step)
{
	const unsigned has = fields_of(step);
	const unsigned size = value_size(step);

	BUG_IF(!is_sound(step, has), "step %d is not sound", step->kind);
	BUG_IF(step->name.len > STEP_NAME_MAX, "step name is too long");
	buffer_add_byte(out, (char)step->kind);
	buffer_add_byte(out, (char)has);
	if (has & HAS_KEY)
		buffer_add_byte(out, (char)step->key);
	if (has & HAS_CHOICE)
		buffer_add_byte(out, (char)choice(step));
	if (has & HAS_NAME) {
		buffer_add_byte(out, (char)step->name.len);
		buffer_add(out, step->name);
	}
	if (has & HAS_VALUE)
		buffer_add(out, (struct text){ (const char *)step->value, size });
	if (has & HAS_RANGE)
		buffer_add(out, (struct text){ (const char *)step->value_to, size });
	if (has & HAS_MASK)
		buffer_add(out, (struct text){ (const char *)step->mask, size });
	if (has & HAS_NUMBER)
		put32(out, step->number);
	if (has & HAS_NUMBER2)
		put32(out, step->number2);
}

bool
step_name_is_valid(struct text name)
{
	if (name.len < 1 || name.len > STEP_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return true;
}

/* Printable, and harmless between quotes. */
static bool
is_plain_text(struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (t.ptr[i] < 0x20 || t.ptr[i] > 0x7e || t.ptr[i] == '"' || t.ptr[i] == '\\')
			return false;
	return t.len > 0 && t.len <= STEP_NAME_MAX;
}

bool
step_device_is_valid(const uint8_t *value)
{
	const size_t      len = strnlen((const char *)value, 16);
	const struct text name = { (const char *)value, len };

	if (len == 0 || len > 15 || !is_plain_text(name) || memchr(name.ptr, ' ', len) || memchr(name.ptr, '/', len))
		return false;
	for (size_t i = len; i < 16; i++)
		if (value[i] != 0)
			return false;
	return true;
}

static bool
take(struct text *rest, void *out, size_t n)
{
	if (rest->len < n)
		return false;
	memcpy(out, rest->ptr, n);
	*rest = (struct text){ rest->ptr + n, rest->len - n };
	return true;
}

static bool
take_name(struct text *rest, struct text *out, bool is_free_text)
{
	uint8_t len;

	if (!take(rest, &len, 1) || len > STEP_NAME_MAX || rest->len < len)
		return false;
	*out = (struct text){ rest->ptr, len };
	*rest = (struct text){ rest->ptr + len, rest->len - len };
	return is_free_text ? is_plain_text(*out) : step_name_is_valid(*out);
}

static bool
take32(struct text *rest, uint32_t *out)
{
	uint8_t b[4];

	if (!take(rest, b, 4))
		return false;
	*out = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	return true;
}

static bool
take_values(struct text *rest, struct step *step, unsigned has)
{
	const unsigned size = value_size(step);

	if ((has & HAS_VALUE) && (size == 0 || !take(rest, step->value, size)))
		return false;
	if ((has & HAS_RANGE) && (size == 0 || !take(rest, step->value_to, size)))
		return false;
	if ((has & HAS_MASK) && (size == 0 || !take(rest, step->mask, size)))
		return false;
	step->has_range = has & HAS_RANGE;
	step->has_mask = has & HAS_MASK;
	if ((has & HAS_VALUE) && (step->key == KEY_IIFNAME || step->key == KEY_OIFNAME))
		return !step->has_range && !step->has_mask && step_device_is_valid(step->value);
	return true;
}

static bool
take_fields(struct text *rest, struct step *step, unsigned has)
{
	const struct grammar *rule = &grammar[step->kind];
	uint8_t               byte;

	if (has & HAS_KEY) {
		if (!take(rest, &byte, 1) || byte == 0 || byte >= KEY_COUNT)
			return false;
		step->key = byte;
	}
	if (has & HAS_CHOICE) {
		if (!take(rest, &byte, 1) || byte >= rule->choices)
			return false;
		set_choice(step, byte);
	}
	if ((has & HAS_NAME) && !take_name(rest, &step->name, rule->is_free_text))
		return false;
	if (!take_values(rest, step, has))
		return false;
	return (!(has & HAS_NUMBER) || take32(rest, &step->number)) &&
	       (!(has & HAS_NUMBER2) || take32(rest, &step->number2));
}

/* The addresses of a nat are those of a source or destination key. */
static bool
set_family(struct step *step)
{
	if (!step->key) {
		step->family = FAMILY_NONE;
		return true;
	}
	switch (step->key) {
	case KEY_IP_SADDR:
	case KEY_IP_DADDR:
		step->family = FAMILY_INET;
		return true;
	case KEY_IP6_SADDR:
	case KEY_IP6_DADDR:
		step->family = FAMILY_INET6;
		return true;
	default:
		return false;
	}
}

bool
step_next(struct text *rest, struct step *out)
{
	struct text at = *rest;
	struct step step = { 0 };
	uint8_t     head[2];

	if (!take(&at, head, 2) || head[0] == 0 || head[0] >= STEP_KINDS)
		return false;
	step.kind = head[0];
	const struct grammar *rule = &grammar[step.kind];

	if ((head[1] & rule->needs) != rule->needs || (head[1] & ~(rule->needs | rule->may)))
		return false;
	if (!take_fields(&at, &step, head[1]) || !is_sound(&step, head[1]))
		return false;
	if (step.kind == STEP_NAT && !set_family(&step))
		return false;
	*rest = at;
	*out = step;
	return true;
}
