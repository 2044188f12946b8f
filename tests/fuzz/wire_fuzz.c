/*
 * A packet of any bytes, read in any order: the first byte says how many reads follow it, one byte each; the
 * rest is the packet. Nothing outside of it may be touched, and what was refused once stays refused.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/bug.h"
#include "wire/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check_inside(struct text part, const struct message *message)
{
	BUG_IF(part.len > 0 && (part.ptr < message->bytes ||
				part.ptr + part.len > message->bytes + sizeof(message->bytes)), "text from elsewhere");
}

static void
read_one(struct reader *in, uint8_t how, const struct message *message)
{
	switch (how % 10) {
	case 0: get_u8(in); break;
	case 1: get_u16(in); break;
	case 2: get_u32(in); break;
	case 3: get_u64(in); break;
	case 4: get_bool(in); break;
	case 5: BUG_IF(get_choice(in, how) > how, "no choice"); break;
	case 6: check_inside(get_text(in, how), message); break;
	case 7: check_inside(get_word(in, SIZE_MAX), message); break;
	case 8: BUG_IF(get_result(in) > RESULT_FAILED, "no result"); break;
	case 9: BUG_IF(get_fd(in) != -1, "a descriptor from nowhere"); break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct message message;
	const size_t          reads = size > 0 ? bytes[0] : 0;

	if (size < 1 + reads || size - 1 - reads > sizeof(message.bytes))
		return 0;
	message_init(&message);
	if (size > 1 + reads)
		memcpy(message.bytes, bytes + 1 + reads, size - 1 - reads);
	if (!message_parse(&message, size - 1 - reads))
		return 0;

	struct reader in = message_reader(&message);

	for (size_t i = 0; i < reads; i++) {
		const bool failed = in.failed;

		read_one(&in, bytes[1 + i], &message);
		BUG_IF(failed && !in.failed, "a failed reader went on");
		BUG_IF(in.failed && got_all(&in), "got all of what failed");
	}
	return 0;
}
