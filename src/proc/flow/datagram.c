/* Fields one behind the other in network order. Heads are written last, when it is known how much there is. */
#include "proc/flow/datagram.h"

#include <string.h>

#include "base/bug.h"

#define HEAD5   24
#define RECORD5 48
#define HEAD9   20
#define SET9    4   /* the head of a set */
#define FIRST9  256 /* the number of the first template; it is the number of its sets too */

/* clang-format off */
/* What the records of version 9 have, by the numbers of RFC 3954; 8 and 27 stand for the source, 12 and 28 for the destination. */
static const struct field {
	uint16_t type, size;
} fields[][12] = {
	{ { 8, 4 }, { 12, 4 }, { 10, 4 }, { 14, 4 }, { 7, 2 }, { 11, 2 }, { 1, 8 }, { 2, 8 }, { 22, 4 }, { 21, 4 }, { 4, 1 }, { 61, 1 } },
	{ { 27, 16 }, { 28, 16 }, { 10, 4 }, { 14, 4 }, { 7, 2 }, { 11, 2 }, { 1, 8 }, { 2, 8 }, { 22, 4 }, { 21, 4 }, { 4, 1 }, { 61, 1 } },
};
/* clang-format on */

#define FIELDS COUNT(fields[0])

/* --- Bytes --------------------------------------------------------------------------------------------------- */

static void
put_at(struct datagram *datagram, size_t at, uint64_t number, size_t size)
{
	BUG_IF(at + size > sizeof(datagram->bytes), "a datagram is full");
	for (size_t i = size; i-- > 0; number >>= 8)
		datagram->bytes[at + i] = (uint8_t)number;
}

static void
put(struct datagram *datagram, uint64_t number, size_t size)
{
	put_at(datagram, datagram->len, number, size);
	datagram->len += size;
}

static void
put_bytes(struct datagram *datagram, const uint8_t *bytes, size_t size)
{
	BUG_IF(datagram->len + size > sizeof(datagram->bytes), "a datagram is full");
	memcpy(datagram->bytes + datagram->len, bytes, size);
	datagram->len += size;
}

/* ms since we began; what was before is as if it had begun with us. */
static uint64_t
uptime(const struct datagram *datagram, int64_t time)
{
	return time > datagram->began ? (uint64_t)(time - datagram->began) & UINT32_MAX : 0;
}

/* --- Version 5 ------------------------------------------------------------------------------------------------- */

static uint32_t
index5(uint32_t link)
{
	return link <= UINT16_MAX ? link : 0;
}

static void
put_record5(struct datagram *datagram, const struct passing *passing)
{
	put_bytes(datagram, passing->source.address.bytes, 4);
	put_bytes(datagram, passing->destination.address.bytes, 4);
	put(datagram, 0, 4); /* next hop */
	put(datagram, index5(passing->in), 2);
	put(datagram, index5(passing->out), 2);
	put(datagram, passing->packets, 4);
	put(datagram, passing->octets, 4);
	put(datagram, uptime(datagram, passing->first), 4);
	put(datagram, uptime(datagram, passing->last), 4);
	put(datagram, passing->source.port, 2);
	put(datagram, passing->destination.port, 2);
	put(datagram, 0, 2); /* padding, TCP flags */
	put(datagram, passing->protocol, 1);
	put(datagram, 0, 1 + 2 + 2 + 1 + 1); /* type of service, systems, masks */
	put(datagram, 0, 2);
}

static bool
add5(struct datagram *datagram, const struct passing *passing)
{
	if (datagram->len == 0)
		datagram->len = HEAD5;
	if (datagram->len + RECORD5 > sizeof(datagram->bytes))
		return false;
	put_record5(datagram, passing);
	datagram->records++;
	return true;
}

static void
finish5(struct datagram *datagram, int64_t now)
{
	const size_t len = datagram->len;

	datagram->len = 0;
	put(datagram, 5, 2);
	put(datagram, datagram->records, 2);
	put(datagram, uptime(datagram, now), 4);
	put(datagram, (uint64_t)(now / 1000), 4);
	put(datagram, (uint64_t)(now % 1000 * 1000000), 4);
	put(datagram, datagram->sequence, 4);
	put(datagram, 0, 4); /* engine, sampling */
	datagram->len = len;
	datagram->sequence += datagram->records;
}

/* --- Version 9 --------------------------------------------------------------------------------------------------- */

static void
put_templates(struct datagram *datagram)
{
	put(datagram, 0, 2);
	put(datagram, SET9 + COUNT(fields) * (4 + FIELDS * 4), 2);
	for (size_t i = 0; i < COUNT(fields); i++) {
		put(datagram, FIRST9 + i, 2);
		put(datagram, FIELDS, 2);
		for (size_t k = 0; k < FIELDS; k++) {
			put(datagram, fields[i][k].type, 2);
			put(datagram, fields[i][k].size, 2);
		}
	}
	datagram->templates = COUNT(fields);
}

static size_t
record_size(enum family family)
{
	size_t size = 0;

	for (size_t i = 0; i < FIELDS; i++)
		size += fields[family == FAMILY_INET6][i].size;
	return size;
}

static uint64_t
number_of(const struct datagram *datagram, const struct passing *passing, unsigned type)
{
	switch (type) {
	case 10:
		return passing->in;
	case 14:
		return passing->out;
	case 7:
		return passing->source.port;
	case 11:
		return passing->destination.port;
	case 1:
		return passing->octets;
	case 2:
		return passing->packets;
	case 22:
		return uptime(datagram, passing->first);
	case 21:
		return uptime(datagram, passing->last);
	case 4:
		return passing->protocol;
	case 61:
		return passing->is_out;
	default:
		bug_report(__FILE__, __LINE__, "no field %u", type);
	}
}

static void
put_record9(struct datagram *datagram, const struct passing *passing)
{
	const struct field *list = fields[passing->source.address.family == FAMILY_INET6];

	put_bytes(datagram, passing->source.address.bytes, list[0].size);
	put_bytes(datagram, passing->destination.address.bytes, list[1].size);
	for (size_t i = 2; i < FIELDS; i++)
		put(datagram, number_of(datagram, passing, list[i].type), list[i].size);
}

/* How long it is is known now. Sets begin at multiples of four bytes. */
static void
end_set(struct datagram *datagram)
{
	if (!datagram->set)
		return;
	while (datagram->len % 4)
		put(datagram, 0, 1);
	put_at(datagram, datagram->set + 2, datagram->len - datagram->set, 2);
	datagram->set = 0;
}

static bool
add9(struct datagram *datagram, const struct passing *passing)
{
	const enum family family = passing->source.address.family;
	const bool        is_new = !datagram->set || datagram->family != family;

	if (datagram->len == 0) {
		datagram->len = HEAD9;
		put_templates(datagram);
	}
	/* With what fills up both sets. */
	if (datagram->len + (is_new ? SET9 + 3 : 0) + record_size(family) + 3 > sizeof(datagram->bytes))
		return false;
	if (is_new) {
		end_set(datagram);
		datagram->set = datagram->len;
		datagram->family = family;
		put(datagram, FIRST9 + (family == FAMILY_INET6), 2);
		put(datagram, 0, 2);
	}
	put_record9(datagram, passing);
	datagram->records++;
	return true;
}

static void
finish9(struct datagram *datagram, int64_t now)
{
	end_set(datagram);
	const size_t len = datagram->len;

	datagram->len = 0;
	put(datagram, 9, 2);
	put(datagram, datagram->records + datagram->templates, 2);
	put(datagram, uptime(datagram, now), 4);
	put(datagram, (uint64_t)(now / 1000), 4);
	put(datagram, datagram->sequence++, 4);
	put(datagram, 0, 4); /* which of us */
	datagram->len = len;
}

/* --- Both ---------------------------------------------------------------------------------------------------------- */

void
datagram_init(struct datagram *datagram, unsigned version, int64_t began)
{
	BUG_IF(version != 5 && version != 9, "no version %u", version);
	*datagram = (struct datagram){ .version = version, .began = began };
}

bool
datagram_can_tell(const struct datagram *datagram, const struct passing *passing)
{
	const enum family family = passing->source.address.family;

	return family == passing->destination.address.family &&
	       (family == FAMILY_INET || (family == FAMILY_INET6 && datagram->version == 9));
}

bool
datagram_add(struct datagram *datagram, const struct passing *passing)
{
	BUG_IF(!datagram_can_tell(datagram, passing), "this version cannot tell it");
	return datagram->version == 5 ? add5(datagram, passing) : add9(datagram, passing);
}

struct text
datagram_finish(struct datagram *datagram, int64_t now)
{
	if (datagram->records == 0)
		return TEXT_NONE;
	if (datagram->version == 5)
		finish5(datagram, now);
	else
		finish9(datagram, now);
	const struct text bytes = { (const char *)datagram->bytes, datagram->len };

	datagram->records = datagram->templates = 0;
	datagram->len = 0;
	return bytes;
}

/* Version 5 has 32 bits for octets and packets; packets go along in proportion. */
bool
datagram_part(unsigned version, struct passing *rest, struct passing *part)
{
	if (!rest->packets && !rest->octets)
		return false;
	*part = *rest;
	if (version == 5 && rest->octets > UINT32_MAX) {
		part->octets = UINT32_MAX;
		part->packets = (uint64_t)((double)rest->packets / (double)rest->octets * UINT32_MAX);
	}
	if (version == 5 && part->packets > UINT32_MAX)
		part->packets = UINT32_MAX;
	rest->octets -= part->octets;
	rest->packets -= part->packets;
	return true;
}
