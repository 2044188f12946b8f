/* Reading headers of packets that came from anywhere; whatever is too short is described as far as it goes. */
#include "proc/jobs/pcap.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/address.h"
#include "base/bug.h"

#define MAGIC     0xa1b2c3d4
#define HEAD_SIZE 24
#define ETHER     14
#define DUMP_MAX  1024 /* bytes of a packet that are dumped */

enum { LINKTYPE_ETHERNET = 1, LINKTYPE_RAW = 101 };

static uint32_t
own_u32(struct text bytes, size_t at)
{
	uint32_t number = 0;

	if (bytes.len >= at + 4)
		memcpy(&number, bytes.ptr + at, 4);
	return number;
}

bool
pcap_begin(struct pcap *pcap, struct text file)
{
	const uint32_t linktype = own_u32(file, 20);

	if (file.len < HEAD_SIZE || own_u32(file, 0) != MAGIC || (linktype != LINKTYPE_ETHERNET && linktype != LINKTYPE_RAW))
		return false;
	*pcap = (struct pcap){ text_after(file, HEAD_SIZE), linktype == LINKTYPE_RAW };
	return true;
}

bool
pcap_next(struct pcap *pcap, struct pcap_packet *out)
{
	const uint32_t kept = own_u32(pcap->rest, 8);

	if (pcap->rest.len < 16 || pcap->rest.len - 16 < kept)
		return false;
	*out = (struct pcap_packet){
		.time = (int64_t)own_u32(pcap->rest, 0) * 1000000 + own_u32(pcap->rest, 4),
		.length = own_u32(pcap->rest, 12),
		.bytes = text_first(text_after(pcap->rest, 16), kept),
	};
	pcap->rest = text_after(pcap->rest, 16 + kept);
	return true;
}

/* --- Fields ---------------------------------------------------------------------------------------------------- */

static bool
has(struct text bytes, size_t n)
{
	return bytes.len >= n;
}

static unsigned
u8(struct text bytes, size_t at)
{
	return has(bytes, at + 1) ? (uint8_t)bytes.ptr[at] : 0;
}

static unsigned
u16(struct text bytes, size_t at)
{
	return u8(bytes, at) << 8 | u8(bytes, at + 1);
}

static uint32_t
u32(struct text bytes, size_t at)
{
	return (uint32_t)u16(bytes, at) << 16 | u16(bytes, at + 2);
}

static void
put_address(struct buffer *out, struct text bytes, size_t at, enum family family)
{
	scoped_arena   arena = arena_new_small(256);
	struct address address = { .family = family };

	memcpy(address.bytes, bytes.ptr + at, address_bits(family) / 8);
	buffer_add_string(out, address_print(arena, &address));
}

static void
put_mac(struct buffer *out, struct text bytes, size_t at)
{
	for (size_t i = 0; i < 6; i++)
		buffer_print(out, "%s%02x", i ? ":" : "", u8(bytes, at + i));
}

/* --- What is inside of IP ---------------------------------------------------------------------------------------- */

static void
describe_tcp(struct buffer *out, struct text tcp, int64_t length)
{
	static const char letters[] = "FSRP.UEW";
	const unsigned    flags = u8(tcp, 13), head = (u8(tcp, 12) >> 4) * 4;
	const int64_t     data = length - head;

	if (!has(tcp, 20)) {
		buffer_add_string(out, "[|tcp]");
		return;
	}
	buffer_add_string(out, "Flags [");
	for (unsigned i = 0; letters[i]; i++)
		if (flags >> i & 1)
			buffer_add_byte(out, letters[i]);
	buffer_print(out, "%s], seq %u", flags ? "" : "none", u32(tcp, 4));
	if (data > 0)
		buffer_print(out, ":%u", u32(tcp, 4) + (uint32_t)data);
	if (flags & 0x10)
		buffer_print(out, ", ack %u", u32(tcp, 8));
	buffer_print(out, ", win %u, length %lld", u16(tcp, 14), (long long)(data < 0 ? 0 : data));
}

static void
describe_icmp(struct buffer *out, struct text icmp, bool inet6, int64_t length)
{
	static const struct {
		bool        inet6;
		unsigned    type;
		const char *words;
	} types[] = {
		{ false, 0, "echo reply" }, { false, 3, "unreachable" }, { false, 5, "redirect" }, { false, 8, "echo request" },
		{ false, 11, "time exceeded" }, { true, 1, "destination unreachable" }, { true, 2, "packet too big" },
		{ true, 3, "time exceeded" }, { true, 128, "echo request" }, { true, 129, "echo reply" },
		{ true, 133, "router solicitation" }, { true, 134, "router advertisement" },
		{ true, 135, "neighbor solicitation" }, { true, 136, "neighbor advertisement" }, { true, 143, "multicast listener report v2" },
	};
	const unsigned type = u8(icmp, 0);
	const char    *words = NULL;

	for (size_t i = 0; i < COUNT(types); i++)
		if (types[i].inet6 == inet6 && types[i].type == type)
			words = types[i].words;
	buffer_print(out, "%s ", inet6 ? "ICMP6," : "ICMP");
	if (words)
		buffer_add_string(out, words);
	else
		buffer_print(out, "type %u, code %u", type, u8(icmp, 1));
	if (words && strncmp(words, "echo", 4) == 0)
		buffer_print(out, ", id %u, seq %u", u16(icmp, 4), u16(icmp, 6));
	buffer_print(out, ", length %lld", (long long)length);
}

static void
describe_payload(struct buffer *out, unsigned protocol, struct text payload, bool inet6, int64_t length)
{
	switch (protocol) {
	case 6:
		describe_tcp(out, payload, length);
		break;
	case 17:
		buffer_print(out, "UDP, length %d", (int)u16(payload, 4) - 8 > 0 ? (int)u16(payload, 4) - 8 : 0);
		break;
	case 1:
	case 58:
		describe_icmp(out, payload, inet6, length);
		break;
	default:
		buffer_print(out, "ip-proto-%u, length %lld", protocol, (long long)length);
	}
}

static bool
has_ports(unsigned protocol)
{
	return protocol == 6 || protocol == 17 || protocol == 132;
}

struct ip {
	struct text packet, payload;
	enum family family;
	unsigned    protocol;
	int64_t     length; /* of the payload */
	size_t      source, destination;
	bool        is_later; /* a fragment that is not the first */
};

static void
describe_ends(struct buffer *out, const struct ip *ip)
{
	const bool ports = has_ports(ip->protocol) && !ip->is_later && has(ip->payload, 4);

	put_address(out, ip->packet, ip->source, ip->family);
	if (ports)
		buffer_print(out, ".%u", u16(ip->payload, 0));
	buffer_add_string(out, " > ");
	put_address(out, ip->packet, ip->destination, ip->family);
	if (ports)
		buffer_print(out, ".%u", u16(ip->payload, 2));
	buffer_add_string(out, ": ");
	if (ip->is_later)
		buffer_print(out, "ip-proto-%u", ip->protocol);
	else
		describe_payload(out, ip->protocol, ip->payload, ip->family == FAMILY_INET6, ip->length);
}

static void
describe_ip4(struct buffer *out, struct text packet, enum pcap_detail detail)
{
	const unsigned  head = (u8(packet, 0) & 15) * 4, fragment = u16(packet, 6);
	const struct ip ip = { packet, text_after(packet, head), FAMILY_INET, u8(packet, 9), (int64_t)u16(packet, 2) - head,
			       12, 16, (fragment & 0x1fff) != 0 };

	if (!has(packet, 20) || head < 20) {
		buffer_add_string(out, "IP [|ip]");
		return;
	}
	buffer_add_string(out, "IP ");
	if (detail > PCAP_NORMAL)
		buffer_print(out, "(tos 0x%x, ttl %u, id %u, offset %u, flags [%s], proto %u, length %u) ", u8(packet, 1),
			     u8(packet, 8), u16(packet, 4), (fragment & 0x1fff) * 8,
			     fragment & 0x4000 ? "DF" : fragment & 0x2000 ? "+" : "none", u8(packet, 9), u16(packet, 2));
	describe_ends(out, &ip);
}

static void
describe_ip6(struct buffer *out, struct text packet, enum pcap_detail detail)
{
	const struct ip ip = { packet, text_after(packet, 40), FAMILY_INET6, u8(packet, 6), u16(packet, 4), 8, 24, false };

	if (!has(packet, 40)) {
		buffer_add_string(out, "IP6 [|ip6]");
		return;
	}
	buffer_add_string(out, "IP6 ");
	if (detail > PCAP_NORMAL)
		buffer_print(out, "(class 0x%02x, flowlabel 0x%05x, hlim %u, next-header %u, payload length: %u) ",
			     u32(packet, 0) >> 20 & 0xff, u32(packet, 0) & 0xfffff, u8(packet, 7), u8(packet, 6), u16(packet, 4));
	describe_ends(out, &ip);
}

static void
describe_arp(struct buffer *out, struct text arp)
{
	if (!has(arp, 28) || u16(arp, 2) != 0x0800) {
		buffer_add_string(out, "ARP [|arp]");
		return;
	}
	if (u16(arp, 6) == 1) {
		buffer_add_string(out, "ARP, Request who-has ");
		put_address(out, arp, 24, FAMILY_INET);
		buffer_add_string(out, " tell ");
		put_address(out, arp, 14, FAMILY_INET);
	} else {
		buffer_add_string(out, "ARP, Reply ");
		put_address(out, arp, 14, FAMILY_INET);
		buffer_add_string(out, " is-at ");
		put_mac(out, arp, 8);
	}
	buffer_print(out, ", length %zu", arp.len);
}

static void
dump(struct buffer *out, struct text bytes)
{
	for (size_t at = 0; at < bytes.len && at < DUMP_MAX; at += 16) {
		buffer_print(out, "\n\t0x%04zx:  ", at);
		for (size_t i = at; i < at + 16; i++) {
			if (i < bytes.len)
				buffer_print(out, "%02x", u8(bytes, i));
			else
				buffer_add_string(out, "  ");
			if (i % 2)
				buffer_add_byte(out, ' ');
		}
		buffer_add_byte(out, ' ');
		for (size_t i = at; i < at + 16 && i < bytes.len; i++)
			buffer_add_byte(out, u8(bytes, i) > ' ' && u8(bytes, i) < 0x7f ? (char)u8(bytes, i) : '.');
	}
}

/* The type of what the link carries; what is raw says it itself. */
static unsigned
type_of(const struct pcap_packet *packet, bool is_raw)
{
	if (!is_raw)
		return u16(packet->bytes, 12);
	return u8(packet->bytes, 0) >> 4 == 4 ? 0x0800 : u8(packet->bytes, 0) >> 4 == 6 ? 0x86dd : 0;
}

void
pcap_describe(struct buffer *out, const struct pcap_packet *packet, bool is_raw, enum pcap_detail detail)
{
	const struct text inside = is_raw ? packet->bytes : text_after(packet->bytes, ETHER);
	const unsigned    type = type_of(packet, is_raw);

	if (type == 0x0800)
		describe_ip4(out, inside, detail);
	else if (type == 0x86dd)
		describe_ip6(out, inside, detail);
	else if (type == 0x0806)
		describe_arp(out, inside);
	else
		buffer_print(out, "ethertype 0x%04x, length %u", type, packet->length);
	if (detail == PCAP_HIGH)
		dump(out, inside);
}

const char *
pcap_family(const struct pcap_packet *packet, bool is_raw)
{
	const unsigned type = type_of(packet, is_raw);

	return type == 0x0800 ? "ip" : type == 0x86dd ? "ip6" : "";
}
