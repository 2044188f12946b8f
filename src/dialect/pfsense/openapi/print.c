/* One operation: who may, what it takes, what it answers. */
#include "dialect/pfsense/openapi/print.h"

#include "base/map.h"
#include "dialect/pfsense/envelope.h"
#include "dialect/pfsense/program.h"

#define CODES_MAX 512

/* --- in words ------------------------------------------------------------------------------------------ */

static const char *
summary_of(struct arena *arena, const struct operation *operation)
{
	static const char *const verbs[] = {
		[METHOD_GET] = "Read", [METHOD_POST] = "Add", [METHOD_PUT] = "Change", [METHOD_DELETE] = "Remove",
	};
	const char *verb = operation->method == METHOD_POST && !(operation->flags & SAVES) ? "Do" :
											     verbs[operation->method];
	char *words = arena_copy(arena, text_of(operation->url));

	for (char *c = words; *c; c++)
		if (*c == '/' || *c == '_')
			*c = ' ';
	return arena_print(arena, "%s: %s", verb, words);
}

static void
add_privileges(struct buffer *out, const struct operation *operation)
{
	struct text rest = text_of(operation->privileges), one;

	if (operation->flags & FORCE_NONE)
		buffer_add_string(out, "Open to all.");
	else if (!rest.len)
		buffer_add_string(out, "Open to every user.");
	else
		buffer_add_string(out, "For holders of any of these privileges:");
	while (text_next(&rest, " ", &one))
		buffer_print(out, " `%.*s`", TEXT_ARGS(one));
	buffer_add_string(out, "\n\n");
}

static const char *
description_of(struct arena *arena, const struct operation *operation)
{
	static const char *const applied[] = {
		[APPLY_NEVER] = "",
		[APPLY_IF_TRUE] = "Applied when `apply` is true.",
		[APPLY_UNLESS_FALSE] = "Applied unless `apply` is false.",
		[APPLY_ALWAYS] = "Applied at once.",
		[APPLY_ALONG] = "Applied at once; the answer does not depend on it.",
	};
	scoped_buffer out = BUFFER_NONE;

	add_privileges(&out, operation);
	if (operation->flags & FORCE_LOCAL)
		buffer_add_string(&out, "Always by name and password.\n\n");
	if (operation->flags & SAVES)
		buffer_add_string(&out, "Makes a revision of the configuration. ");
	if (operation->parts)
		buffer_add_string(&out, applied[operation->apply]);
	return arena_copy(arena, text_trim(buffer_text(&out)));
}

/* --- what it answers ------------------------------------------------------------------------------------- */

struct met {
	unsigned codes[CODES_MAX];
	size_t   count;
};

static void
meet(struct met *met, unsigned code)
{
	for (size_t i = 0; i < met->count; i++)
		if (met->codes[i] == code)
			return;
	if (met->count < CODES_MAX)
		met->codes[met->count++] = code;
}

static void
meet_all(struct met *met, const struct operation *operation)
{
	static const unsigned always[] = { 11, 1, 15 };

	meet(met, 0);
	if (!(operation->flags & FORCE_NONE)) {
		meet(met, 3);
		meet(met, 4);
	}
	if (!(operation->flags & IGNORE_INTERFACE))
		meet(met, 6);
	for (size_t i = 0; operation->steps && !is_last(&operation->steps[i]); i++)
		if (operation->steps[i].kind == DO_CHECK)
			meet(met, operation->steps[i].code);
	for (size_t i = 0; i < COUNT(always); i++)
		meet(met, always[i]);
}

/* What is stored under names that are known beforehand. */
static void
print_data(struct json *json, struct arena *arena, const struct operation *operation)
{
	struct map *names = map_make(arena);

	json_name(json, "data");
	json_object(json);
	if (operation->returns == RETURNS_OBJECT) {
		json_put_string(json, "type", "object");
		json_name(json, "properties");
		json_object(json);
		for (size_t i = 0; operation->steps && !is_last(&operation->steps[i]); i++) {
			const struct task *step = &operation->steps[i];

			if (step->kind != DO_SET || strpbrk(step->key, ".[{") ||
			    map_set(names, text_of(step->key), names))
				continue;
			json_name(json, step->key);
			json_object(json);
			json_object_end(json);
		}
		json_object_end(json);
	}
	json_object_end(json);
}

static void
print_envelope(struct json *json, struct arena *arena, const struct operation *operation, const struct met *met,
               unsigned http)
{
	json_name(json, "content");
	json_object(json);
	json_name(json, "application/json");
	json_object(json);
	json_name(json, "schema");
	json_object(json);
	json_name(json, "allOf");
	json_list(json);
	json_object(json);
	json_put_string(json, "$ref", "#/components/schemas/Envelope");
	json_object_end(json);
	json_object(json);
	json_name(json, "properties");
	json_object(json);
	json_name(json, "return");
	json_object(json);
	json_name(json, "enum");
	json_list(json);
	for (size_t i = 0; i < met->count; i++)
		if (code_find(met->codes[i])->http == http)
			json_number(json, met->codes[i]);
	json_list_end(json);
	json_object_end(json);
	if (http == 200)
		print_data(json, arena, operation);
	json_object_end(json);
	json_object_end(json);
	json_list_end(json);
	json_object_end(json);
	json_object_end(json);
	json_object_end(json);
}

/* All return codes of one HTTP status. */
static void
print_response(struct json *json, struct arena *arena, const struct operation *operation, const struct met *met,
               unsigned http)
{
	scoped_buffer words = BUFFER_NONE;

	json_name(json, arena_print(arena, "%u", http));
	json_object(json);
	for (size_t i = 0; i < met->count; i++)
		if (code_find(met->codes[i])->http == http)
			buffer_print(&words, "%s%u: %s", words.len ? "\n\n" : "", met->codes[i],
				     code_find(met->codes[i])->message);
	json_put_string(json, "description", buffer_string(&words));
	print_envelope(json, arena, operation, met, http);
	json_object_end(json);
}

static void
print_responses(struct json *json, struct arena *arena, const struct operation *operation)
{
	static const unsigned statuses[] = { 200, 202, 400, 401, 403, 404, 415, 500, 501, 502 };
	struct met           *met = ARENA_MAKE(arena, struct met, 1);

	meet_all(met, operation);
	json_name(json, "responses");
	json_object(json);
	for (size_t i = 0; i < COUNT(statuses); i++)
		for (size_t k = 0; k < met->count; k++)
			if (code_find(met->codes[k])->http == statuses[i]) {
				print_response(json, arena, operation, met, statuses[i]);
				break;
			}
	json_object_end(json);
}

/* --- what it takes ----------------------------------------------------------------------------------------- */

static void
print_parameters(struct json *json, struct arena *arena, const struct operation *operation,
                 const struct taken *taken)
{
	json_name(json, "parameters");
	json_list(json);
	for (; taken; taken = taken->next) {
		json_object(json);
		json_put_text(json, "name", taken->name);
		json_put_string(json, "in", "query");
		json_put_bool(json, "required", taken->required);
		json_name(json, "schema");
		openapi_print_member(json, arena, operation, taken);
		json_object_end(json);
	}
	json_list_end(json);
}

static bool
has_required(const struct taken *taken)
{
	for (; taken; taken = taken->next)
		if (taken->required)
			return true;
	return false;
}

static void
print_body(struct json *json, struct arena *arena, const struct operation *operation, const struct taken *taken)
{
	json_name(json, "requestBody");
	json_object(json);
	json_put_bool(json, "required", has_required(taken));
	json_name(json, "content");
	json_object(json);
	json_name(json, "application/json");
	json_object(json);
	json_name(json, "schema");
	openapi_print_members(json, arena, operation, taken);
	json_object_end(json);
	json_object_end(json);
	json_object_end(json);
}

/* Where it is not what the whole document says. */
static void
print_security(struct json *json, const struct operation *operation)
{
	if (!(operation->flags & (FORCE_LOCAL | FORCE_NONE)))
		return;
	json_name(json, "security");
	json_list(json);
	if (operation->flags & FORCE_LOCAL) {
		json_object(json);
		json_name(json, "local");
		json_list(json);
		json_list_end(json);
		json_object_end(json);
	}
	json_list_end(json);
}

void
openapi_print_operation(struct json *json, struct arena *arena, const struct operation *operation)
{
	static const char *const words[] = {
		[METHOD_GET] = "get", [METHOD_POST] = "post", [METHOD_PUT] = "put", [METHOD_DELETE] = "delete",
	};
	const char         *verb = words[operation->method];
	const struct taken *taken = members_of(arena, operation);
	struct text         tag = text_of(operation->url);
	char               *id = arena_print(arena, "%s_%s", verb, operation->url);

	for (char *c = id; *c; c++)
		if (*c == '/')
			*c = '_';
	json_name(json, verb);
	json_object(json);
	json_put_string(json, "operationId", id);
	json_name(json, "tags");
	json_list(json);
	json_text(json, text_until(&tag, '/'));
	json_list_end(json);
	json_put_string(json, "summary", summary_of(arena, operation));
	json_put_string(json, "description", description_of(arena, operation));
	print_security(json, operation);
	if (taken && (operation->method == METHOD_GET || operation->method == METHOD_DELETE))
		print_parameters(json, arena, operation, taken);
	else if (taken)
		print_body(json, arena, operation, taken);
	print_responses(json, arena, operation);
	json_object_end(json);
}
