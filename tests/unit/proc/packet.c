/* Packets as lines of the filter log, and lines as records. */
#include "proc/record/packet.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "test.h"

#define BYTES(literal) ((struct text){ "" literal, sizeof(literal) - 1 })

#define IP4(proto, len, frag) "\x45\x10\0" len "\x12\x34" frag "\x40" proto "\0\0\x0a\x01\0\x0a\xc0\0\2\x0a"
#define IP6(next, len)        "\x60\x01\x23\x45\0" len next "\x40" \
			      "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\2"
#define SYN "\x9c\x40\0\x50\0\0\0\1\0\0\0\0\x70\x02\xff\xff\0\0\0\0\2\4\5\xb4\1\1\4\2"
#define ACK "\0\x50\x9c\x40\0\0\0\5\0\0\0\6\x50\x18\xff\xff\0\0\0\0hello"

static const struct {
	struct text prefix, payload;
	const char *line; /* NULL: none */
} cases[] = {
	{ BYTES("7:pass:in:1b2c"), BYTES(IP4("\6", "\x30", "\x40\0") SYN),
	  "7,,,1b2c,em0,match,pass,in,4,0x10,,64,4660,0,DF,6,tcp,48,10.1.0.10,192.0.2.10,40000,80,0,S,1,,0,mss;nop;nop;sackOK" },
	{ BYTES("7:block:out:1b2c"), BYTES(IP4("\6", "\x2d", "\0\0") ACK),
	  "7,,,1b2c,em0,match,block,out,4,0x10,,64,4660,0,none,6,tcp,45,10.1.0.10,192.0.2.10,80,40000,5,PA,5:10,6,0," },
	{ BYTES("9:reject:in:u"), BYTES(IP4("\x11", "\x24", "\0\0") "\0\x35\x14\xe9\0\x10\0\0"),
	  "9,,,u,em0,match,block,in,4,0x10,,64,4660,0,none,17,udp,36,10.1.0.10,192.0.2.10,53,5353,8" },
	{ BYTES("3:nat:in:u"), BYTES(IP4("\1", "\x24", "\0\0") "\x08\0\0\0"),
	  "3,,,u,em0,match,rdr,in,4,0x10,,64,4660,0,none,1,icmp,36,10.1.0.10,192.0.2.10,datalength=16" },
	{ BYTES("3:nat:out:u"), BYTES(IP4("\x2f", "\x24", "\0\0")),
	  "3,,,u,em0,match,nat,out,4,0x10,,64,4660,0,none,47,gre,36,10.1.0.10,192.0.2.10" },
	/* A later fragment has no ports, one cut short neither. */
	{ BYTES("7:pass:in:u"), BYTES(IP4("\x11", "\x24", "\x20\xb9") "\0\x35\x14\xe9\0\x10\0\0"),
	  "7,,,u,em0,match,pass,in,4,0x10,,64,4660,1480,+,17,udp,36,10.1.0.10,192.0.2.10" },
	{ BYTES("7:pass:in:u"), BYTES(IP4("\6", "\x30", "\0\0") "\x9c\x40\0\x50"),
	  "7,,,u,em0,match,pass,in,4,0x10,,64,4660,0,none,6,tcp,48,10.1.0.10,192.0.2.10" },
	{ BYTES("7:pass:in:u"), BYTES(IP6("\x11", "\x10") "\0\x35\x14\xe9\0\x10\0\0"),
	  "7,,,u,em0,match,pass,in,6,0x00,0x12345,64,udp,17,16,2001:db8::1,fe80::2,53,5353,8" },
	/* Behind extension headers: hop-by-hop, a first fragment. */
	{ BYTES("7:pass:in:u"), BYTES(IP6("\0", "\x20") "\x2c\0\0\0\0\0\0\0\x11\0\0\1\0\0\0\7\0\x35\x14\xe9\0\x10\0\0"),
	  "7,,,u,em0,match,pass,in,6,0x00,0x12345,64,udp,17,32,2001:db8::1,fe80::2,53,5353,8" },
	{ BYTES("7:pass:in:u"), BYTES(IP6("\x2c", "\x20") "\x11\0\0\x09\0\0\0\7\0\x35\x14\xe9\0\x10\0\0"),
	  "7,,,u,em0,match,pass,in,6,0x00,0x12345,64,ipv6-frag,44,32,2001:db8::1,fe80::2" },
	{ BYTES("7:pass:in:u"), BYTES(IP4("\x70", "\x38", "\0\0") "\x21\7\x64\7\0\1\0\0"),
	  "7,,,u,em0,match,pass,in,4,0x10,,64,4660,0,none,112,carp,56,10.1.0.10,192.0.2.10,1,64,7,2,100,1" },
	/* Not ours, or no packet. */
	{ BYTES("docker: drop"), BYTES(IP4("\1", "\x24", "\0\0")), NULL },
	{ BYTES("7:pass:in:a,b"), BYTES(IP4("\1", "\x24", "\0\0")), NULL },
	{ BYTES("7:pass:up:u"), BYTES(IP4("\1", "\x24", "\0\0")), NULL },
	{ BYTES("7:spy:in:u"), BYTES(IP4("\1", "\x24", "\0\0")), NULL },
	{ BYTES("70000:pass:in:u"), BYTES(IP4("\1", "\x24", "\0\0")), NULL },
	{ BYTES("7:pass:in:"), BYTES(IP4("\1", "\x24", "\0\0")), NULL },
	{ BYTES("7:pass:in:u"), BYTES(""), NULL },
	{ BYTES("7:pass:in:u"), BYTES("\x45\x10"), NULL },
	{ BYTES("7:pass:in:u"), BYTES("\x42\x10\0\x30\x12\x34\0\0\x40\6\0\0\x0a\1\0\x0a\xc0\0\2\x0a"), NULL },
	{ BYTES("7:pass:in:u"), BYTES("\x30\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), NULL },
};

TEST(packets_become_lines_as_upstream_writes_them)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct feed_packet packet = { .in = 2, .prefix = cases[i].prefix, .payload = cases[i].payload };
		scoped_buffer            line = BUFFER_NONE;

		CHECK(packet_line(&line, &packet, "em0") == (cases[i].line != NULL));
		CHECK_STRING(buffer_string(&line), cases[i].line ? cases[i].line : "");
	}
}

/* Nothing is read that was not copied: the sanitizers watch. */
TEST(a_source_that_exceeds_a_limit_is_told_apart_from_the_log)
{
	static const char four[] = "\x45\0\0\x14\0\0\0\0\x40\x06\0\0\x0a\x01\x02\x03\xc0\0\x02\x0a";
	static const char six[40] = { 0x60, [8] = 0x20, 0x01, 0x0d, [23] = 9 };
	scoped_arena      arena = arena_new();
	scoped_buffer     line = BUFFER_NONE;
	struct address    source;
	struct feed_packet packet = { .prefix = TEXT("7:flush:in:1b2c"), .payload = { four, 20 } };

	CHECK(packet_flushes(&packet, &source) && !packet_line(&line, &packet, "em0"));
	CHECK_STRING(address_print(arena, &source), "10.1.2.3");
	for (packet.payload.len = 0; packet.payload.len < 20; packet.payload.len++)
		CHECK(!packet_flushes(&packet, &source));
	packet.payload = (struct text){ six, 40 };
	CHECK(packet_flushes(&packet, &source));
	CHECK_STRING(address_print(arena, &source), "2001:d00::9");
	packet.payload.len = 39;
	CHECK(!packet_flushes(&packet, &source));
	packet.payload.len = 40;
	packet.prefix = TEXT("7:pass:in:1b2c");
	CHECK(!packet_flushes(&packet, &source));
}

TEST(packets_may_end_anywhere)
{
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t n = 0; n < cases[i].payload.len; n++) {
			scoped_free char        *copy = malloc(n + 1);
			const struct feed_packet packet = { .prefix = cases[i].prefix, .payload = { copy, n } };
			scoped_buffer            line = BUFFER_NONE;

			memcpy(copy, cases[i].payload.ptr, n);
			packet_line(&line, &packet, "em0");
		}
}

TEST(lines_become_records_with_the_names_in_order)
{
	scoped_arena  arena = arena_new();
	struct value *record = value_object(arena);
	struct value *spec;

	CHECK(packet_record(arena, text_of(cases[0].line), record));
	spec = value_get(record, "__spec__");
	CHECK_NUMBER(value_count(spec), 28);
	CHECK_STRING(value_at(spec, 0)->text.ptr, "rulenr");
	CHECK_STRING(value_at(spec, 27)->text.ptr, "tcpopts");
	CHECK_STRING(value_get(record, "rid")->text.ptr, "1b2c");
	CHECK_STRING(value_get(record, "src")->text.ptr, "10.1.0.10");
	CHECK_STRING(value_get(record, "dstport")->text.ptr, "80");
	CHECK_STRING(value_get(record, "ack")->text.ptr, "");
	CHECK_STRING(value_get(record, "tcpopts")->text.ptr, "mss;nop;nop;sackOK");
	record = value_object(arena);
	CHECK(packet_record(arena, text_of(cases[7].line), record));
	CHECK_STRING(value_get(record, "protoname")->text.ptr, "udp");
	CHECK_STRING(value_get(record, "hoplimit")->text.ptr, "64");
	CHECK(!packet_record(arena, TEXT("1,2,3"), value_object(arena)));
	CHECK(!packet_record(arena, TEXT(""), value_object(arena)));
}

TEST(fields_are_found_by_name)
{
	CHECK(text_is(packet_field(text_of(cases[0].line), TEXT("interface")), "em0"));
	CHECK(text_is(packet_field(text_of(cases[1].line), TEXT("action")), "block"));
	CHECK_NUMBER(packet_field(text_of(cases[0].line), TEXT("vhid")).len, 0);
	CHECK_NUMBER(packet_field(TEXT("x"), TEXT("interface")).len, 0);
}

RUN(
	cmocka_unit_test(packets_become_lines_as_upstream_writes_them),
	cmocka_unit_test(a_source_that_exceeds_a_limit_is_told_apart_from_the_log),
		cmocka_unit_test(packets_may_end_anywhere),
	cmocka_unit_test(lines_become_records_with_the_names_in_order),
	cmocka_unit_test(fields_are_found_by_name),
);
