/* Any expression of the pfSense dialect's tables: it is read, or refused, and never more. */
#include <stddef.h>
#include <stdint.h>

#include "dialect/pfsense/language/expression.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena arena = arena_new();
	const char  *message = NULL;

	expression_read(arena, arena_copy(arena, (struct text){ (const char *)data, size }), size & 1, &message);
	return 0;
}
