/* What is served, for people and for tests. */
#include "dialect/pfsense/operation.h"
#include "dialect/pfsense/serve.h"

const char *
operation_id(struct arena *arena, const struct operation *operation)
{
	static const char *const words[] = {
		[METHOD_GET] = "GET",
		[METHOD_POST] = "POST",
		[METHOD_PUT] = "PUT",
		[METHOD_DELETE] = "DELETE",
	};

	return arena_print(arena, "%s %s", words[operation->method], operation->url);
}

struct coverage *
pfsense_coverage(struct arena *arena, size_t *count)
{
	struct coverage *all;
	size_t           room = 0;

	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			room++;
	all = ARENA_MAKE(arena, struct coverage, room + 1);
	*count = 0;
	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			all[(*count)++] = (struct coverage){ operation_id(arena, operation),
							     operation->flags & ON_BOX ? "system" : "configuration",
							     true, true };
	return all;
}
