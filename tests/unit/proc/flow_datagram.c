/* NetFlow: byte by byte for one of each version, and as a collector reads it for many. */
#include "proc/flow/datagram.h"

#include <stdlib.h>
#include <string.h>

#include "collector.h"
#include "test.h"

#define BEGAN 1764000000000 /* ms */

static struct passing
four(void)
{
	return (struct passing){ .device = "em1", .is_out = true, .protocol = 6,
				 .source = { { FAMILY_INET, { 10, 1, 0, 10 } }, 1000 },
				 .destination = { { FAMILY_INET, { 192, 0, 2, 10 } }, 443 }, .in = 3, .out = 2, .packets = 5,
				 .octets = 0x1234, .first = BEGAN + 1000, .last = BEGAN + 3000 };
}

static struct passing
six(void)
{
	struct passing passing = four();

	passing.source.address = (struct address){ FAMILY_INET6, { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
	passing.destination.address = (struct address){ FAMILY_INET6, { 0xfd, [15] = 2 } };
	passing.is_out = false;
	return passing;
}

static const char *
hex(struct arena *arena, struct text bytes)
{
	scoped_buffer out = BUFFER_NONE;

	for (size_t i = 0; i < bytes.len; i++)
		buffer_print(&out, "%s%02x", i && i % 4 == 0 ? " " : "", (unsigned char)bytes.ptr[i]);
	return arena_copy(arena, buffer_text(&out));
}

TEST(a_record_of_version_5_is_where_collectors_look_for_it)
{
	scoped_arena         arena = arena_new();
	struct datagram      datagram;
	const struct passing passing = four();

	datagram_init(&datagram, 5, BEGAN);
	CHECK(datagram_add(&datagram, &passing));
	CHECK_STRING(hex(arena, datagram_finish(&datagram, BEGAN + 5250)),
		     "00050001 00001482 69248105 0ee6b280 00000000 00000000 "
		     "0a01000a c000020a 00000000 00030002 00000005 00001234 000003e8 00000bb8 03e801bb 00000600 00000000 00000000");
	/* The next one counts on from there. */
	CHECK(datagram_add(&datagram, &passing));
	CHECK(text_starts(text_after(datagram_finish(&datagram, BEGAN), 16), (struct text){ "\0\0\0\1", 4 }));
}

TEST(a_record_of_version_9_is_what_its_template_says)
{
	scoped_arena         arena = arena_new();
	struct datagram      datagram;
	const struct passing one = four(), other = six();

	datagram_init(&datagram, 9, BEGAN);
	CHECK(datagram_add(&datagram, &one));
	CHECK(datagram_add(&datagram, &other));
	CHECK_STRING(hex(arena, datagram_finish(&datagram, BEGAN + 5250)),
		     "00090004 00001482 69248105 00000000 00000000 "
		     "0000006c 0100000c 00080004 000c0004 000a0004 000e0004 00070002 000b0002 00010008 00020008 00160004 00150004 "
		     "00040001 003d0001 "
		     "0101000c 001b0010 001c0010 000a0004 000e0004 00070002 000b0002 00010008 00020008 00160004 00150004 00040001 "
		     "003d0001 "
		     "01000034 0a01000a c000020a 00000003 00000002 03e801bb 00000000 00001234 00000000 00000005 000003e8 00000bb8 "
		     "06010000 "
		     "0101004c 20010db8 00000000 00000000 00000001 fd000000 00000000 00000000 00000002 00000003 00000002 03e801bb "
		     "00000000 00001234 00000000 00000005 000003e8 00000bb8 06000000");
}

static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static struct passing
any(uint32_t *seed, unsigned version)
{
	struct passing passing = version == 9 && next(seed) % 3 == 0 ? six() : four();

	passing.source.address.bytes[3] = (uint8_t)next(seed);
	passing.source.port = (uint16_t)next(seed);
	passing.packets = next(seed) % 1000 + 1;
	passing.octets = next(seed);
	passing.in = next(seed);
	passing.first = BEGAN - 1000 + next(seed) % 5000;
	passing.last = passing.first + next(seed) % 5000;
	return passing;
}

struct sums {
	uint64_t octets, packets, ports, records, datagrams;
};

static void
collect(struct sums *sums, struct text bytes)
{
	struct collected collected;

	CHECK(bytes.len > 0 && bytes.len <= DATAGRAM_MAX);
	CHECK(collector_read(bytes, &collected));
	CHECK_NUMBER(collected.sequence, collected.version == 5 ? sums->records : sums->datagrams);
	for (size_t i = 0; i < collected.n; i++) {
		sums->octets += collected.records[i].octets;
		sums->packets += collected.records[i].packets;
		sums->ports += collected.records[i].source_port;
		CHECK(collected.records[i].first <= collected.records[i].last);
	}
	sums->records += collected.n;
	sums->datagrams++;
}

static void
check_many(unsigned version)
{
	static struct datagram datagram;
	struct sums            told = { 0 }, heard = { 0 };
	uint32_t               seed = version;

	datagram_init(&datagram, version, BEGAN);
	CHECK_NUMBER(datagram_finish(&datagram, BEGAN).len, 0);
	for (int i = 0; i < 5000; i++) {
		const struct passing passing = any(&seed, version);

		told.octets += passing.octets;
		told.packets += passing.packets;
		told.ports += passing.source.port;
		if (next(&seed) % 100 != 0 && datagram_add(&datagram, &passing))
			continue;
		collect(&heard, datagram_finish(&datagram, BEGAN + 9000));
		CHECK(datagram_add(&datagram, &passing));
	}
	collect(&heard, datagram_finish(&datagram, BEGAN + 9000));
	CHECK_NUMBER(heard.octets, told.octets);
	CHECK_NUMBER(heard.packets, told.packets);
	CHECK_NUMBER(heard.ports, told.ports);
	CHECK_NUMBER(heard.records, 5000);
}

TEST(whatever_is_told_is_what_collectors_read)
{
	check_many(5);
	check_many(9);
}

TEST(version_5_knows_no_ipv6_and_no_large_numbers_of_links)
{
	struct datagram  datagram;
	struct collected collected;
	struct passing   passing = six();

	datagram_init(&datagram, 5, BEGAN);
	CHECK(!datagram_can_tell(&datagram, &passing));
	passing = four();
	passing.in = 65535;
	passing.out = 65536;
	CHECK(datagram_add(&datagram, &passing));
	CHECK(collector_read(datagram_finish(&datagram, BEGAN), &collected));
	CHECK_NUMBER(collected.records[0].in, 65535);
	CHECK_NUMBER(collected.records[0].out, 0);
	datagram_init(&datagram, 9, BEGAN);
	passing = six();
	CHECK(datagram_can_tell(&datagram, &passing));
	passing.source.address = (struct address){ 0 };
	CHECK(!datagram_can_tell(&datagram, &passing));
}

TEST(what_one_record_cannot_say_is_split)
{
	struct passing rest = four(), part;
	uint64_t       octets = 0, packets = 0, parts = 0;

	rest.octets = 3 * (uint64_t)UINT32_MAX + 7;
	rest.packets = 9000000;
	while (datagram_part(5, &rest, &part)) {
		CHECK(part.octets <= UINT32_MAX && part.packets <= UINT32_MAX);
		octets += part.octets;
		packets += part.packets;
		parts++;
	}
	CHECK_NUMBER(octets, 3 * (uint64_t)UINT32_MAX + 7);
	CHECK_NUMBER(packets, 9000000);
	CHECK_NUMBER(parts, 4);
	rest.octets = 3 * (uint64_t)UINT32_MAX + 7;
	CHECK(datagram_part(9, &rest, &part));
	CHECK(!datagram_part(9, &rest, &part));
}

RUN(cmocka_unit_test(a_record_of_version_5_is_where_collectors_look_for_it),
    cmocka_unit_test(a_record_of_version_9_is_what_its_template_says), cmocka_unit_test(whatever_is_told_is_what_collectors_read),
    cmocka_unit_test(version_5_knows_no_ipv6_and_no_large_numbers_of_links), cmocka_unit_test(what_one_record_cannot_say_is_split));
