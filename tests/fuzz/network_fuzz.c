/* Plans of the network: whatever is taken must come out the same when it is written again. */
#include <stdint.h>

#include "base/bug.h"
#include "plan/network/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct text input = { (const char *)bytes, size };
	scoped_arena      arena = arena_new();
	scoped_buffer     again = BUFFER_NONE;
	struct network    network;

	if (!network_decode(arena, input, &network))
		return 0;
	network_encode(&again, &network);
	BUG_IF(!text_equal(buffer_text(&again), input), "another plan than what was read");
	return 0;
}
