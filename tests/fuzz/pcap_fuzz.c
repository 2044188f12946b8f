/* Captured packets, and files of them: the first byte says how they are looked at. What is told is text of one or more lines. */
#include <stdint.h>

#include "base/bug.h"
#include "proc/jobs/pcap.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
describe(const struct pcap_packet *packet, bool is_raw, enum pcap_detail detail)
{
	scoped_buffer out = BUFFER_NONE;

	pcap_describe(&out, packet, is_raw, detail);
	for (size_t i = 0; i < out.len; i++)
		BUG_IF((out.bytes[i] < ' ' || out.bytes[i] > '~') && out.bytes[i] != '\n' && out.bytes[i] != '\t', "a byte that is no text");
	BUG_IF(out.len == 0, "nothing to say");
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct pcap        pcap;
	struct pcap_packet packet;

	if (size < 1)
		return 0;
	const struct text all = { (const char *)bytes + 1, size - 1 };

	packet = (struct pcap_packet){ .length = (uint32_t)all.len, .bytes = all };
	describe(&packet, bytes[0] & 1, (enum pcap_detail)(bytes[0] / 2 % 3));
	if (!pcap_begin(&pcap, all))
		return 0;
	while (pcap_next(&pcap, &packet))
		describe(&packet, pcap.is_raw, PCAP_HIGH);
	return 0;
}
