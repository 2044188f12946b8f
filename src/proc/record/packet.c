/*
 * Reading the headers of packets that came from anywhere, as far as they were copied; and the format of the filter log, in
 * one table that both writing and reading go by.
 */
#include "proc/record/packet.h"

#include <string.h>

#include "base/address.h"
#include "base/bug.h"
#include "base/number.h"

enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMP6 = 58, PROTO_CARP = 112 };

#define EXTENSIONS_MAX 8 /* headers of IPv6 that are skipped */
#define FIELDS_MAX     40

/* Names of fields, in order. */
static const char *const base_fields[] = { "rulenr", "subrulenr", "anchorname", "rid", "interface", "reason", "action", "dir",
					   "ipversion", NULL };
static const char *const ip4_fields[] = { "tos", "ecn", "ttl", "id", "offset", "ipflags", "protonum", "protoname", "length",
					  "src", "dst", NULL };
static const char *const ip6_fields[] = { "class", "flow", "hoplimit", "protoname", "protonum", "length", "src", "dst", NULL };
static const char *const tcp_fields[] = { "srcport", "dstport", "datalen", "tcpflags", "seq", "ack", "urp", "tcpopts", NULL };
static const char *const udp_fields[] = { "srcport", "dstport", "datalen", NULL };
static const char *const carp4_fields[] = { "type", "ttl", "vhid", "version", "advskew", "advbase", NULL };
static const char *const carp6_fields[] = { "type", "hoplimit", "vhid", "version", "advskew", "advbase", NULL };

/* --- Writing ------------------------------------------------------------------------------------ */

/* What is left of the packet; reading past the end gives 0 and is remembered. */
struct cursor {
	struct text left;
	bool        short_of;
};

static uint32_t
take(struct cursor *in, size_t size)
{
	uint32_t number = 0;

	if (in->left.len < size) {
		in->short_of = true;
		in->left = TEXT_NONE;
		return 0;
	}
	for (size_t i = 0; i < size; i++)
		number = number << 8 | (uint8_t)in->left.ptr[i];
	in->left = text_after(in->left, size);
	return number;
}

static const char *
protocol_name(struct arena *arena, unsigned protocol)
{
	static const struct {
		unsigned    number;
		const char *name;
	} names[] = {
		{ 0, "hopopt" }, { 1, "icmp" }, { 2, "igmp" }, { 4, "ipencap" }, { 6, "tcp" }, { 17, "udp" }, { 41, "ipv6" },
		{ 43, "ipv6-route" }, { 44, "ipv6-frag" }, { 47, "gre" }, { 50, "esp" }, { 51, "ah" }, { 58, "ipv6-icmp" },
		{ 59, "ipv6-nonxt" }, { 60, "ipv6-opts" }, { 89, "ospf" }, { 103, "pim" }, { 112, "carp" }, { 132, "sctp" },
		{ 136, "udplite" },
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (names[i].number == protocol)
			return names[i].name;
	return arena_print(arena, "%u", protocol);
}

static const char *
address_text(struct arena *arena, struct cursor *in, enum family family)
{
	struct address address = { .family = family };
	const size_t   size = address_bits(family) / 8;

	for (size_t i = 0; i < size; i++)
		address.bytes[i] = (uint8_t)take(in, 1);
	return address_print(arena, &address);
}

/* "mss;nop;wscale": the names of the options, in order. */
static void
put_tcp_options(struct buffer *out, struct text options)
{
	static const char *const names[] = { "eol", "nop", "mss", "wscale", "sackOK", "sack", "", "", "TS" };
	bool                     first = true;

	while (options.len > 0) {
		const unsigned kind = (uint8_t)options.ptr[0];
		const size_t   size = kind < 2 ? 1 : options.len > 1 ? (uint8_t)options.ptr[1] : 0;

		if (size == 0 || size > options.len || (kind >= 2 && size < 2))
			return;
		if (!first)
			buffer_add_byte(out, ';');
		first = false;
		if (kind < COUNT(names) && names[kind][0])
			buffer_add_string(out, names[kind]);
		else
			buffer_print(out, "%u", kind);
		if (kind == 0)
			return;
		options = text_after(options, size);
	}
}

static void
put_tcp(struct buffer *out, struct cursor *in, int64_t length)
{
	static const char letters[] = "FSRPAUEW";
	const uint32_t    source = take(in, 2), destination = take(in, 2), sequence = take(in, 4), acknowledged = take(in, 4);
	const uint32_t    offset = take(in, 1) >> 4, flags = take(in, 1);

	take(in, 4); /* window, checksum */
	const uint32_t urgent = take(in, 2);
	const int64_t  head = (int64_t)offset * 4, data = length - head;

	if (in->short_of)
		return;
	buffer_print(out, ",%u,%u,%lld,", source, destination, (long long)(data < 0 ? 0 : data));
	for (unsigned i = 0; letters[i]; i++)
		if (flags >> i & 1)
			buffer_add_byte(out, letters[i]);
	/* With data, the range of it, as tcpdump and pf write it. */
	if (data > 0)
		buffer_print(out, ",%u:%u,", sequence, (uint32_t)(sequence + data));
	else
		buffer_print(out, ",%u,", sequence);
	if (flags & 0x10)
		buffer_print(out, "%u", acknowledged);
	buffer_print(out, ",%u,", urgent);
	put_tcp_options(out, text_first(in->left, head > 20 ? (size_t)head - 20 : 0));
}

static void
put_udp(struct buffer *out, struct cursor *in)
{
	const uint32_t source = take(in, 2), destination = take(in, 2), length = take(in, 2);

	if (!in->short_of)
		buffer_print(out, ",%u,%u,%u", source, destination, length < 8 ? 0 : length - 8);
}

static void
put_carp(struct buffer *out, struct cursor *in, unsigned hops)
{
	const uint32_t first = take(in, 1), vhid = take(in, 1), skew = take(in, 1);

	take(in, 2); /* authlen, pad */
	const uint32_t base = take(in, 1);

	if (!in->short_of)
		buffer_print(out, ",%u,%u,%u,%u,%u,%u", first & 15, hops, vhid, first >> 4, skew, base);
}

static void
put_payload(struct buffer *out, struct cursor *in, unsigned protocol, int64_t length, unsigned hops)
{
	switch (protocol) {
	case PROTO_TCP:
		put_tcp(out, in, length);
		break;
	case PROTO_UDP:
		put_udp(out, in);
		break;
	case PROTO_CARP:
		put_carp(out, in, hops);
		break;
	case PROTO_ICMP:
	case PROTO_ICMP6:
		buffer_print(out, ",datalength=%lld", (long long)(length < 0 ? 0 : length));
		break;
	default:
		break;
	}
}

static bool
put_ip4(struct buffer *out, struct arena *arena, struct cursor in)
{
	const struct text packet = in.left;
	const uint32_t    head = (take(&in, 1) & 15) * 4, tos = take(&in, 1), length = take(&in, 2), id = take(&in, 2);
	const uint32_t    fragment = take(&in, 2), ttl = take(&in, 1), protocol = take(&in, 1);

	take(&in, 2);
	const char *source = address_text(arena, &in, FAMILY_INET), *destination = address_text(arena, &in, FAMILY_INET);

	if (in.short_of || head < 20)
		return false;
	buffer_print(out, ",4,0x%x,%s,%u,%u,%u,%s,%u,%s,%u,%s,%s", tos & 0xfc, tos & 3 ? arena_print(arena, "%u", tos & 3) : "",
		     ttl, id, (fragment & 0x1fff) * 8,
		     fragment & 0x4000 ? "DF" : fragment & 0x2000 ? "+" : "none", protocol, protocol_name(arena, protocol),
		     length, source, destination);
	/* Only the first fragment has ports. */
	in.left = text_after(packet, head);
	if ((fragment & 0x1fff) == 0)
		put_payload(out, &in, protocol, (int64_t)length - head, ttl);
	return true;
}

/* Past the extension headers; false: it is a later fragment, or it ends before its payload. */
static bool
skip_extensions(struct cursor *in, unsigned *protocol, int64_t *length)
{
	for (unsigned i = 0; i < EXTENSIONS_MAX; i++) {
		const bool     is_fragment = *protocol == 44;
		const uint32_t next = *protocol == 0 || *protocol == 43 || *protocol == 60 || is_fragment ? take(in, 1) : 256;
		uint32_t       size;

		if (next == 256)
			return true;
		size = take(in, 1);
		size = is_fragment ? 8 : size * 8 + 8;
		if (is_fragment && take(in, 2) & 0xfff8)
			return false;
		in->left = text_after(in->left, size - (is_fragment ? 4 : 2));
		*length -= size;
		*protocol = next;
	}
	return false;
}

static bool
put_ip6(struct buffer *out, struct arena *arena, struct cursor in)
{
	const uint32_t first = take(&in, 4), length = take(&in, 2);
	unsigned       protocol = take(&in, 1);
	const uint32_t hops = take(&in, 1);
	int64_t        left = length;
	const char    *source = address_text(arena, &in, FAMILY_INET6), *destination = address_text(arena, &in, FAMILY_INET6);

	if (in.short_of)
		return false;
	const bool has_payload = skip_extensions(&in, &protocol, &left);

	buffer_print(out, ",6,0x%02x,0x%05x,%u,%s,%u,%u,%s,%s", first >> 20 & 0xff, first & 0xfffff, hops,
		     protocol_name(arena, protocol), protocol, length, source, destination);
	if (has_payload)
		put_payload(out, &in, protocol, left, hops);
	return true;
}

/* What our rules write: "<index>:<action>:<direction>:<uuid>". */
struct mark {
	int64_t     index;
	struct text action, direction, uuid;
};

static bool
read_mark(struct text prefix, struct mark *out)
{
	struct text rest = prefix;

	if (!number_read(text_until(&rest, ':'), 0, UINT16_MAX, &out->index))
		return false;
	out->action = text_until(&rest, ':');
	out->direction = text_until(&rest, ':');
	out->uuid = rest;
	for (size_t i = 0; i < rest.len; i++)
		if (rest.ptr[i] <= ' ' || rest.ptr[i] > '~' || rest.ptr[i] == ',')
			return false;
	return rest.len > 0 && (text_is(out->direction, "in") || text_is(out->direction, "out"));
}

/* In upstream's words; NULL: none of ours. */
static const char *
action_word(const struct mark *mark)
{
	static const char *const words[][2] = { { "pass", "pass" }, { "block", "block" }, { "reject", "block" } };

	if (text_is(mark->action, "nat"))
		return text_is(mark->direction, "in") ? "rdr" : "nat";
	for (size_t i = 0; i < COUNT(words); i++)
		if (text_is(mark->action, words[i][0]))
			return words[i][1];
	return NULL;
}

struct text
packet_rule(const struct feed_packet *packet)
{
	struct mark mark;

	return read_mark(packet->prefix, &mark) ? mark.uuid : TEXT_NONE;
}

bool
packet_flushes(const struct feed_packet *packet, struct address *source)
{
	const struct text bytes = packet->payload;
	const bool        v6 = bytes.len >= 40 && (uint8_t)bytes.ptr[0] >> 4 == 6;
	struct mark       mark;

	if (!read_mark(packet->prefix, &mark) || !text_is(mark.action, "flush") ||
	    (!v6 && (bytes.len < 20 || (uint8_t)bytes.ptr[0] >> 4 != 4)))
		return false;
	*source = (struct address){ .family = v6 ? FAMILY_INET6 : FAMILY_INET };
	memcpy(source->bytes, bytes.ptr + (v6 ? 8 : 12), v6 ? 16 : 4);
	return true;
}

bool
packet_line(struct buffer *out, const struct feed_packet *packet, const char *device)
{
	scoped_arena        arena = arena_new();
	const struct cursor in = { packet->payload, false };
	const size_t        before = out->len;
	struct mark         mark;
	bool                good = false;

	if (!read_mark(packet->prefix, &mark) || !action_word(&mark) || packet->payload.len == 0)
		return false;
	buffer_print(out, "%lld,,,%.*s,%s,match,%s,%.*s", (long long)mark.index, TEXT_ARGS(mark.uuid), device,
		     action_word(&mark), TEXT_ARGS(mark.direction));
	if ((uint8_t)packet->payload.ptr[0] >> 4 == 4)
		good = put_ip4(out, arena, in);
	else if ((uint8_t)packet->payload.ptr[0] >> 4 == 6)
		good = put_ip6(out, arena, in);
	if (!good)
		buffer_cut(out, before);
	return good;
}

/* --- Reading -------------------------------------------------------------------------------------- */

struct fields {
	struct text names[FIELDS_MAX], values[FIELDS_MAX];
	size_t      n;
};

static struct text
value_of(const struct fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->n; i++)
		if (text_is(fields->names[i], name))
			return fields->values[i];
	return TEXT_NONE;
}

/* Take as many as there are names. False: the line ends before. */
static bool
take_fields(struct fields *fields, struct text *rest, const char *const *names)
{
	for (; *names; names++) {
		if (!rest->ptr || fields->n == FIELDS_MAX)
			return false;
		const void *comma = memchr(rest->ptr, ',', rest->len);

		fields->names[fields->n] = text_of(*names);
		fields->values[fields->n++] = text_until(rest, ',');
		/* text_until() cannot tell an empty rest from none. */
		if (!comma)
			rest->ptr = NULL;
		else if (!rest->ptr)
			*rest = TEXT("");
	}
	return true;
}

static bool
read_line(struct fields *fields, struct text line)
{
	struct text rest = line;

	*fields = (struct fields){ .n = 0 };
	if (!take_fields(fields, &rest, base_fields))
		return false;
	const bool inet6 = text_is(value_of(fields, "ipversion"), "6");

	if (!take_fields(fields, &rest, inet6 ? ip6_fields : ip4_fields))
		return false;
	const struct text protocol = value_of(fields, "protonum");

	/* What was cut, or is a later fragment, has no more. */
	if (text_is(protocol, "6"))
		take_fields(fields, &rest, tcp_fields);
	else if (text_is(protocol, "17"))
		take_fields(fields, &rest, udp_fields);
	else if (text_is(protocol, "112"))
		take_fields(fields, &rest, inet6 ? carp6_fields : carp4_fields);
	return true;
}

bool
packet_record(struct arena *arena, struct text line, struct value *object)
{
	struct value *names = value_list(arena);
	struct fields fields;

	if (!read_line(&fields, line))
		return false;
	for (size_t i = 0; i < fields.n; i++) {
		value_set_text(arena, object, fields.names[i], value_text(arena, fields.values[i]));
		value_add(arena, names, value_text(arena, fields.names[i]));
	}
	value_set(arena, object, "__spec__", names);
	return true;
}

struct text
packet_field(struct text line, struct text name)
{
	struct fields fields;

	if (!read_line(&fields, line))
		return TEXT_NONE;
	for (size_t i = 0; i < fields.n; i++)
		if (text_equal(fields.names[i], name))
			return fields.values[i];
	return TEXT_NONE;
}
