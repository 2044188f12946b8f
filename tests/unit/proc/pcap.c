/* Captured packets in words. */
#include "proc/jobs/pcap.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "test.h"

#define BYTES(literal) ((struct text){ "" literal, sizeof(literal) - 1 })
#define ETHER(type)    "\2\0\0\0\0\1\2\0\0\0\0\2" type
#define IP4(proto, len) "\x45\x10\0" len "\x12\x34\x40\0\x40" proto "\0\0\x0a\x01\0\x0a\xc0\0\2\x0a"
#define IP6(next, len)  "\x60\0\0\0\0" len next "\x40\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\2"

static const struct {
	bool             is_raw;
	enum pcap_detail detail;
	struct text      bytes;
	const char      *words;
} cases[] = {
	{ false, PCAP_NORMAL, BYTES(ETHER("\x08\0") IP4("\6", "\x2d") "\0\x50\x9c\x40\0\0\0\5\0\0\0\6\x50\x18\xff\xff\0\0\0\0hello"),
	  "IP 10.1.0.10.80 > 192.0.2.10.40000: Flags [P.], seq 5:10, ack 6, win 65535, length 5" },
	{ false, PCAP_MEDIUM, BYTES(ETHER("\x08\0") IP4("\x11", "\x24") "\0\x35\x14\xe9\0\x10\0\0"),
	  "IP (tos 0x10, ttl 64, id 4660, offset 0, flags [DF], proto 17, length 36) 10.1.0.10.53 > 192.0.2.10.5353: UDP, length 8" },
	{ true, PCAP_NORMAL, BYTES(IP4("\1", "\x54") "\x08\0\0\0\0\7\0\x09"),
	  "IP 10.1.0.10 > 192.0.2.10: ICMP echo request, id 7, seq 9, length 64" },
	{ true, PCAP_NORMAL, BYTES(IP6("\x3a", "\x20") "\x87\0\0\0"),
	  "IP6 2001:db8::1 > ff02::2: ICMP6, neighbor solicitation, length 32" },
	{ false, PCAP_NORMAL, BYTES(ETHER("\x08\6") "\0\1\x08\0\6\4\0\1\2\0\0\0\0\1\x0a\1\0\1\0\0\0\0\0\0\x0a\1\0\2"),
	  "ARP, Request who-has 10.1.0.2 tell 10.1.0.1, length 28" },
	{ false, PCAP_NORMAL, BYTES(ETHER("\x08\6") "\0\1\x08\0\6\4\0\2\2\0\0\0\0\1\x0a\1\0\1\0\0\0\0\0\0\x0a\1\0\2"),
	  "ARP, Reply 10.1.0.1 is-at 02:00:00:00:00:01, length 28" },
	{ false, PCAP_NORMAL, BYTES(ETHER("\x88\xcc") "\2\7"), "ethertype 0x88cc, length 99" },
	{ false, PCAP_NORMAL, BYTES(ETHER("\x08\0") "\x45\0"), "IP [|ip]" },
	{ true, PCAP_NORMAL, BYTES("\x60\0"), "IP6 [|ip6]" },
	{ true, PCAP_HIGH, BYTES("\x60\0A\xff"), "IP6 [|ip6]\n\t0x0000:  6000 41ff                                `.A." },
};

TEST(packets_are_told_in_words)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct pcap_packet packet = { .length = 99, .bytes = cases[i].bytes };
		scoped_buffer            words = BUFFER_NONE;

		pcap_describe(&words, &packet, cases[i].is_raw, cases[i].detail);
		CHECK_STRING(buffer_string(&words), cases[i].words);
	}
}

/* The sanitizers watch. */
TEST(packets_may_end_anywhere)
{
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t n = 0; n <= cases[i].bytes.len; n++) {
			scoped_free char        *copy = malloc(n + 1);
			const struct pcap_packet packet = { .length = 99, .bytes = { copy, n } };
			scoped_buffer            words = BUFFER_NONE;

			memcpy(copy, cases[i].bytes.ptr, n);
			pcap_describe(&words, &packet, cases[i].is_raw, PCAP_HIGH);
			pcap_family(&packet, cases[i].is_raw);
		}
}

TEST(files_are_read_up_to_what_is_there_as_a_whole)
{
	static const uint32_t head[] = { 0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65535, 1 };
	static const uint32_t records[] = { 5, 6, 4, 60, 0x41414141, 7, 8, 100, 100, 0 };
	scoped_buffer         file = BUFFER_NONE;
	struct pcap           pcap;
	struct pcap_packet    packet;

	buffer_add(&file, (struct text){ (const char *)head, sizeof(head) });
	for (size_t n = 0; n < sizeof(head); n++)
		CHECK(!pcap_begin(&pcap, text_first(buffer_text(&file), n)));
	CHECK(pcap_begin(&pcap, buffer_text(&file)) && !pcap_next(&pcap, &packet));
	buffer_add(&file, (struct text){ (const char *)records, sizeof(records) });
	CHECK(pcap_begin(&pcap, buffer_text(&file)) && pcap_next(&pcap, &packet));
	CHECK(packet.time == 5000006 && packet.length == 60 && text_is(packet.bytes, "AAAA") && !pcap.is_raw);
	CHECK(!pcap_next(&pcap, &packet));
	file.bytes[0] = 0;
	CHECK(!pcap_begin(&pcap, buffer_text(&file)));
}

RUN(
	cmocka_unit_test(packets_are_told_in_words),
	cmocka_unit_test(packets_may_end_anywhere),
	cmocka_unit_test(files_are_read_up_to_what_is_there_as_a_whole),
);
