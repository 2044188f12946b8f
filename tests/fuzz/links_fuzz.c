/* Lists of links of any bytes: what is taken must come out as the same bytes. */
#include <stdint.h>

#include "base/bug.h"
#include "wire/links.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	scoped_arena      arena = arena_new();
	scoped_buffer     again = BUFFER_NONE;
	const struct text input = { (const char *)bytes, size };
	struct links      links;

	if (!links_decode(arena, input, &links))
		return 0;
	links_encode(&again, &links);
	BUG_IF(!text_equal(buffer_text(&again), input), "taken, but not the same");
	return 0;
}
