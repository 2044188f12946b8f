/*
 * A program is put together in order, with jumps to two ends that are not known yet; once all is there they are filled in.
 * Extension headers of IPv6 are not looked behind.
 */
#include "proc/jobs/capture_filter.h"

#include <string.h>

#include "base/bug.h"

#define ETHER     14
#define TYPE_IP   0x0800
#define TYPE_ARP  0x0806
#define TYPE_IP6  0x86dd
#define TCP       6
#define UDP       17
#define SCTP      132

/* Where a jump goes that is filled in later. */
enum goal { GOAL_NEXT, GOAL_REJECT, GOAL_ACCEPT, GOAL_LABEL };

struct jump {
	size_t    at;
	enum goal yes, no;
};

struct program {
	struct sock_filter *code;
	size_t              n;
	struct jump         jumps[CAPTURE_FILTER_MAX];
	size_t              njumps;
	size_t              base; /* where the network header begins */
};

static void
add(struct program *program, uint16_t code, uint32_t k)
{
	BUG_IF(program->n == CAPTURE_FILTER_MAX, "the filter of a capture is too long");
	program->code[program->n++] = (struct sock_filter){ code, 0, 0, k };
}

/* Compare, and go where it says. GOAL_LABEL: to wherever place() is called next. */
static void
test(struct program *program, uint16_t how, uint32_t k, enum goal yes, enum goal no)
{
	program->jumps[program->njumps++] = (struct jump){ program->n, yes, no };
	add(program, BPF_JMP | how | BPF_K, k);
}

static void
set_jump(struct program *program, size_t at, bool yes, size_t to)
{
	const size_t distance = to - at - 1;

	BUG_IF(distance > UINT8_MAX, "a jump too far");
	if (yes)
		program->code[at].jt = (uint8_t)distance;
	else
		program->code[at].jf = (uint8_t)distance;
}

static void
place(struct program *program, enum goal goal, size_t from)
{
	for (size_t i = from; i < program->njumps; i++) {
		struct jump *jump = &program->jumps[i];

		if (jump->yes == goal) {
			set_jump(program, jump->at, true, program->n);
			jump->yes = GOAL_NEXT;
		}
		if (jump->no == goal) {
			set_jump(program, jump->at, false, program->n);
			jump->no = GOAL_NEXT;
		}
	}
}

static void
load(struct program *program, uint16_t size, size_t at)
{
	add(program, BPF_LD | size | BPF_ABS, (uint32_t)(program->base + at));
}

/* --- Parts ------------------------------------------------------------------------------------------------------ */

static void
add_protocol(struct program *program, const struct capture_filter *filter, size_t at)
{
	if (filter->protocol < 0)
		return;
	load(program, BPF_B, at);
	if (filter->protocol_not)
		test(program, BPF_JEQ, (uint32_t)filter->protocol, GOAL_REJECT, GOAL_NEXT);
	else
		test(program, BPF_JEQ, (uint32_t)filter->protocol, GOAL_NEXT, GOAL_REJECT);
}

static uint32_t
word_of(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Is the address at this place in the network? Goes to the label when it is, and on when not. */
static void
add_end(struct program *program, const struct prefix *host, size_t at)
{
	const unsigned       words = (host->bits + 31) / 32;
	const struct address first = prefix_first(host);
	const size_t         from = program->njumps;

	/* Every word but the last leads to the next one, the last to the label. */
	for (unsigned i = 0; i < words; i++) {
		const unsigned bits = host->bits - i * 32 < 32 ? host->bits - i * 32 : 32;

		load(program, BPF_W, at + i * 4);
		if (bits < 32)
			add(program, BPF_ALU | BPF_AND | BPF_K, UINT32_MAX << (32 - bits));
		test(program, BPF_JEQ, word_of(first.bytes + i * 4), i + 1 < words ? GOAL_NEXT : GOAL_LABEL, GOAL_ACCEPT);
	}
	/* "No" goes on behind this end, which is no acceptance: only the places are borrowed. */
	for (size_t i = from; i < program->njumps; i++)
		if (program->jumps[i].no == GOAL_ACCEPT) {
			set_jump(program, program->jumps[i].at, false, program->n);
			program->jumps[i].no = GOAL_NEXT;
		}
}

static void
add_host(struct program *program, const struct prefix *host, size_t source, size_t destination)
{
	const size_t from = program->njumps;

	if (host->address.family == FAMILY_NONE || host->bits == 0)
		return;
	add_end(program, host, source);
	add_end(program, host, destination);
	/* Neither of the two. */
	add(program, BPF_RET | BPF_K, 0);
	place(program, GOAL_LABEL, from);
}

/* The protocol must be one with ports; what it is without them decides `missing`. */
static void
add_ports(struct program *program, const struct capture_filter *filter, bool inet6)
{
	const enum goal missing = filter->port_not ? GOAL_ACCEPT : GOAL_REJECT;
	const enum goal found = filter->port_not ? GOAL_REJECT : GOAL_ACCEPT;
	const size_t    from = program->njumps;

	if (filter->port == 0)
		return;
	load(program, BPF_B, inet6 ? 6 : 9);
	test(program, BPF_JEQ, TCP, GOAL_LABEL, GOAL_NEXT);
	test(program, BPF_JEQ, UDP, GOAL_LABEL, GOAL_NEXT);
	test(program, BPF_JEQ, SCTP, GOAL_NEXT, missing);
	place(program, GOAL_LABEL, from);
	if (!inet6) {
		/* Only the first fragment has them. */
		load(program, BPF_H, 6);
		test(program, BPF_JSET, 0x1fff, missing, GOAL_NEXT);
		add(program, BPF_LDX | BPF_B | BPF_MSH, (uint32_t)program->base);
	} else {
		add(program, BPF_LDX | BPF_IMM, 40);
	}
	for (uint32_t at = 0; at < 4; at += 2) {
		add(program, BPF_LD | BPF_H | BPF_IND, (uint32_t)program->base + at);
		test(program, BPF_JEQ, filter->port, found, at == 0 ? GOAL_NEXT : missing);
	}
}

/* Does this family come into question at all? */
static bool
wants(const struct capture_filter *filter, enum capture_family family)
{
	const bool names_more = (filter->protocol >= 0 && !filter->protocol_not) || (filter->port && !filter->port_not);

	if (filter->family != CAPTURE_ANY && filter->family != family)
		return false;
	if (filter->host.address.family == FAMILY_INET6 && family != CAPTURE_IP6)
		return false;
	if (filter->host.address.family == FAMILY_INET && family == CAPTURE_IP6)
		return false;
	return family != CAPTURE_ARP || (!names_more && !filter->is_raw);
}

/* Everything about one family, which ends with a verdict. */
static void
add_family(struct program *program, const struct capture_filter *filter, enum capture_family family)
{
	if (family == CAPTURE_ARP) {
		add_host(program, &filter->host, 14, 24);
	} else {
		const bool inet6 = family == CAPTURE_IP6;

		add_protocol(program, filter, inet6 ? 6 : 9);
		add_host(program, &filter->host, inet6 ? 8 : 12, inet6 ? 24 : 16);
		add_ports(program, filter, inet6);
	}
	place(program, GOAL_ACCEPT, 0);
	add(program, BPF_RET | BPF_K, CAPTURE_TAKE);
}

static void
test_family(struct program *program, const struct capture_filter *filter, enum capture_family family)
{
	static const uint32_t types[] = { [CAPTURE_IP] = TYPE_IP, [CAPTURE_IP6] = TYPE_IP6, [CAPTURE_ARP] = TYPE_ARP };

	if (filter->is_raw) {
		add(program, BPF_LD | BPF_B | BPF_ABS, 0);
		add(program, BPF_ALU | BPF_AND | BPF_K, 0xf0);
		test(program, BPF_JEQ, family == CAPTURE_IP6 ? 0x60 : 0x40, GOAL_NEXT, GOAL_LABEL);
		return;
	}
	add(program, BPF_LD | BPF_H | BPF_ABS, ETHER - 2);
	test(program, BPF_JEQ, types[family], GOAL_NEXT, GOAL_LABEL);
}

/* Nothing is asked of the packet at all. */
static bool
takes_all(const struct capture_filter *filter)
{
	return filter->family == CAPTURE_ANY && filter->protocol < 0 && filter->host.address.family == FAMILY_NONE &&
	       filter->port == 0;
}

size_t
capture_filter_make(const struct capture_filter *filter, struct sock_filter out[CAPTURE_FILTER_MAX])
{
	struct program program = { .code = out, .base = filter->is_raw ? 0 : ETHER };

	if (takes_all(filter)) {
		add(&program, BPF_RET | BPF_K, CAPTURE_TAKE);
		return program.n;
	}
	for (enum capture_family family = CAPTURE_IP; family <= CAPTURE_ARP; family++) {
		size_t other;

		if (!wants(filter, family))
			continue;
		test_family(&program, filter, family);
		other = program.jumps[program.njumps - 1].at;
		/* Kept apart: parts have labels of their own. */
		program.njumps--;
		add_family(&program, filter, family);
		/* What is rejected ends here, what is of another family goes on behind. */
		place(&program, GOAL_REJECT, 0);
		add(&program, BPF_RET | BPF_K, 0);
		set_jump(&program, other, false, program.n);
		program.njumps = 0;
	}
	add(&program, BPF_RET | BPF_K, 0);
	return program.n;
}
