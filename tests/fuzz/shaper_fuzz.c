/* Plans of the shaper: whatever is taken must come out the same when it is written again. */
#include <stdint.h>

#include "base/bug.h"
#include "plan/shaper/shaper.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct text input = { (const char *)bytes, size };
	scoped_arena      arena = arena_new();
	scoped_buffer     again = BUFFER_NONE;
	struct shaper     shaper;

	if (!shaper_decode(arena, input, &shaper))
		return 0;
	shaper_encode(&again, &shaper);
	BUG_IF(!text_equal(buffer_text(&again), input), "another plan than what was read");
	return 0;
}
