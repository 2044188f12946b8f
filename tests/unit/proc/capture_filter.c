/* Filters of captures: the program says of every packet what the words say. */
#include "proc/jobs/capture_filter.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

/* --- The kernel's machine, as far as we use it ------------------------------------------------------------------ */

static uint32_t
fetch(const uint8_t *packet, size_t len, size_t at, size_t size, bool *end)
{
	uint32_t number = 0;

	if (at + size > len) {
		*end = true;
		return 0;
	}
	for (size_t i = 0; i < size; i++)
		number = number << 8 | packet[at + i];
	return number;
}

static bool
takes(const struct sock_filter *code, size_t n, const uint8_t *packet, size_t len)
{
	uint32_t a = 0, x = 0;
	bool     end = false;

	for (size_t pc = 0; pc < n && !end; pc++) {
		const struct sock_filter *i = &code[pc];
		const size_t              size = BPF_SIZE(i->code) == BPF_W ? 4 : BPF_SIZE(i->code) == BPF_H ? 2 : 1;

		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
		case BPF_LD | BPF_H | BPF_ABS:
		case BPF_LD | BPF_B | BPF_ABS:
			a = fetch(packet, len, i->k, size, &end);
			break;
		case BPF_LD | BPF_H | BPF_IND:
			a = fetch(packet, len, x + i->k, size, &end);
			break;
		case BPF_LDX | BPF_B | BPF_MSH:
			x = (fetch(packet, len, i->k, 1, &end) & 15) * 4;
			break;
		case BPF_LDX | BPF_IMM:
			x = i->k;
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= i->k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			pc += a == i->k ? i->jt : i->jf;
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			pc += a & i->k ? i->jt : i->jf;
			break;
		case BPF_RET | BPF_K:
			return i->k > 0;
		default:
			fail_msg("instruction %x", i->code);
		}
	}
	CHECK(end);
	return false;
}

/* --- What the words mean ------------------------------------------------------------------------------------------ */

static struct address
address_at(const uint8_t *bytes, enum family family)
{
	struct address address = { .family = family };

	memcpy(address.bytes, bytes, address_bits(family) / 8);
	return address;
}

static bool
has_host(const struct capture_filter *filter, const uint8_t *source, const uint8_t *destination, enum family family)
{
	const struct address one = address_at(source, family), other = address_at(destination, family);

	return filter->host.address.family == FAMILY_NONE || prefix_covers(&filter->host, &one) ||
	       prefix_covers(&filter->host, &other);
}

static bool
has_port(const struct capture_filter *filter, unsigned protocol, bool later, const uint8_t *payload)
{
	const bool ports = (protocol == 6 || protocol == 17 || protocol == 132) && !later;
	const bool found = ports && ((payload[0] << 8 | payload[1]) == filter->port ||
				     (payload[2] << 8 | payload[3]) == filter->port);

	return filter->port == 0 || found != filter->port_not;
}

static bool
means(const struct capture_filter *filter, const uint8_t *packet)
{
	const uint8_t *ip = packet + (filter->is_raw ? 0 : 14);
	const unsigned type = filter->is_raw ? (ip[0] >> 4 == 4 ? 0x0800 : ip[0] >> 4 == 6 ? 0x86dd : 0) :
					       (unsigned)(packet[12] << 8 | packet[13]);
	const bool     any = filter->family == CAPTURE_ANY;

	if (any && filter->protocol < 0 && filter->port == 0 && filter->host.address.family == FAMILY_NONE)
		return true;
	if (type == 0x0806)
		return (any || filter->family == CAPTURE_ARP) && (filter->protocol < 0 || filter->protocol_not) &&
		       (filter->port == 0 || filter->port_not) && has_host(filter, ip + 14, ip + 24, FAMILY_INET);
	if (type == 0x0800) {
		const bool protocol = filter->protocol < 0 || (ip[9] == filter->protocol) != filter->protocol_not;

		return (any || filter->family == CAPTURE_IP) && protocol && has_host(filter, ip + 12, ip + 16, FAMILY_INET) &&
		       has_port(filter, ip[9], (ip[6] & 31) || ip[7], ip + (ip[0] & 15) * 4);
	}
	if (type == 0x86dd) {
		const bool protocol = filter->protocol < 0 || (ip[6] == filter->protocol) != filter->protocol_not;

		return (any || filter->family == CAPTURE_IP6) && protocol && has_host(filter, ip + 8, ip + 24, FAMILY_INET6) &&
		       has_port(filter, ip[6], false, ip + 40);
	}
	return false;
}

/* --- Tests ------------------------------------------------------------------------------------------------------------ */

static unsigned
pick(unsigned n)
{
	return (unsigned)rand() % n;
}

static void
random_packet(uint8_t *packet, bool raw)
{
	static const uint16_t types[] = { 0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806, 0x88cc };
	static const uint8_t  protocols[] = { 1, 6, 17, 58, 132 };
	const uint16_t        type = types[pick(raw ? 4 : 6)];
	uint8_t              *ip = packet + (raw ? 0 : 14);

	for (size_t i = 0; i < 200; i++)
		packet[i] = (uint8_t)pick(3);
	if (!raw) {
		packet[12] = (uint8_t)(type >> 8);
		packet[13] = (uint8_t)type;
	}
	if (type == 0x0800) {
		ip[0] = (uint8_t)(0x45 + pick(3));
		ip[6] = (uint8_t)(pick(4) == 0);
		ip[7] = 0;
		ip[9] = protocols[pick(5)];
	} else if (type == 0x86dd) {
		ip[0] = 0x60;
		ip[6] = protocols[pick(5)];
	}
}

static struct capture_filter
random_filter(void)
{
	static const int      protocols[] = { -1, -1, 1, 6, 17, 58, 132 };
	struct capture_filter filter = {
		.family = (enum capture_family)pick(4), .is_raw = pick(4) == 0, .protocol = protocols[pick(7)],
		.protocol_not = pick(3) == 0, .port = (uint16_t)(pick(2) ? 0 : pick(3) << 8 | pick(3)), .port_not = pick(3) == 0,
	};

	if (pick(2)) {
		const bool inet6 = pick(2);

		filter.host.address.family = inet6 ? FAMILY_INET6 : FAMILY_INET;
		for (size_t i = 0; i < 16; i++)
			filter.host.address.bytes[i] = (uint8_t)pick(3);
		filter.host.bits = 1 + pick(inet6 ? 128 : 32);
		if (pick(2))
			filter.host.bits = 1 + pick(20);
	}
	return filter;
}

TEST(the_program_takes_what_the_words_mean)
{
	struct sock_filter code[CAPTURE_FILTER_MAX];
	unsigned           taken = 0;

	srand(7);
	for (unsigned i = 0; i < 3000; i++) {
		const struct capture_filter filter = random_filter();
		const size_t                n = capture_filter_make(&filter, code);

		for (unsigned k = 0; k < 40; k++) {
			uint8_t packet[200];

			random_packet(packet, filter.is_raw);
			const bool is = takes(code, n, packet, sizeof(packet)), should = means(&filter, packet);

			if (is != should)
				fail_msg("family %d raw %d protocol %d%s host %d/%u port %u%s: %s", filter.family, filter.is_raw,
					 filter.protocol, filter.protocol_not ? " not" : "", filter.host.address.family,
					 filter.host.bits, filter.port, filter.port_not ? " not" : "",
					 is ? "taken" : "not taken");
			taken += is;
		}
	}
	/* Neither all nor next to nothing: the packets are such that filters matter. */
	CHECK(taken > 10000 && taken < 80000);
}

TEST(a_packet_that_ends_early_is_not_taken)
{
	const struct capture_filter filter = { .family = CAPTURE_IP, .protocol = 6, .port = 80 };
	struct sock_filter          code[CAPTURE_FILTER_MAX];
	const size_t                n = capture_filter_make(&filter, code);
	uint8_t                     packet[200] = { [12] = 8, [14] = 0x45, [23] = 6, [35] = 80 };

	CHECK(takes(code, n, packet, 38));
	for (size_t len = 0; len < 36; len++)
		CHECK(!takes(code, n, packet, len));
}

RUN(
	cmocka_unit_test(the_program_takes_what_the_words_mean),
	cmocka_unit_test(a_packet_that_ends_early_is_not_taken),
);
