/* Bodies and URLs of the OPNsense dialect: first line the path, second the content type, the rest the body. */
#include <stddef.h>
#include <stdint.h>

#include "dialect/opnsense/body.h"
#include "dialect/opnsense/route.h"
#include "json/write.h"
#include "model/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct text type;

static struct text
header(const struct request *request, const char *name)
{
	(void)request;
	return text_is(text_of(name), "Content-Type") || text_is(text_of(name), "content-type") ? type : TEXT_NONE;
}

static const struct routes *
all_routes(void)
{
	/* For the life of the process; all three stay in use, so that nothing seems lost. */
	static const struct routes *routes;
	static struct arena        *arena;
	static struct schema       *schema;

	if (!arena || !schema) {
		arena = arena_new();
		schema = schema_new(registry, registry_count);
		routes = routes_new(arena, schema);
	}
	return schema_count(schema) > 0 && arena_take(arena, 0) ? routes : NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena        arena = arena_new();
	scoped_buffer       out = BUFFER_NONE;
	struct text         rest = { arena_copy(arena, (struct text){ (const char *)data, size }), size };
	const struct text   path = text_until(&rest, '\n');
	struct text         params[CALL_PARAMS_MAX];
	size_t              nparams = 0;
	const struct value *value = NULL;

	type = text_until(&rest, '\n');
	const struct request request = { .arena = arena, .method = METHOD_POST, .header = header, .body = rest };

	routes_match(all_routes(), path, params, &nparams);
	if (body_read(&request, &value) == RESULT_DONE)
		json_value(&(struct json){ .out = &out }, value);
	json_value(&(struct json){ .out = &out }, form_read(arena, rest));
	return 0;
}
