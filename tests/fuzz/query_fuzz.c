/* Any URL query as a filter of a list: what stands before a line end is the query, the rest JSON to filter. */
#include <stddef.h>
#include <stdint.h>

#include "dialect/pfsense/input.h"
#include "dialect/pfsense/query.h"
#include "json/read.h"
#include "json/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char sample[] =
	"[{\"name\":\"a\",\"n\":5,\"in\":{\"x\":\"1\",\"y\":[1,2]}},\"text\",7,null,{\"name\":\"b\",\"n\":\"5.5\"},[]]";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena      arena = arena_new();
	scoped_buffer     out = BUFFER_NONE;
	struct text       rest = { (const char *)data, size };
	const struct text query = text_until(&rest, '\n');
	struct value     *filtered = NULL;

	if (rest.len == 0 || json_read(arena, rest, NULL, &filtered, NULL) != RESULT_DONE)
		json_read(arena, text_of(sample), NULL, &filtered, NULL);
	json_value(&(struct json){ .out = &out },
		   query_filter(arena, filtered, query_members(arena, query), "excluded"));
	return 0;
}
