/* Going through the tables, once for each URL. */
#include "dialect/pfsense/openapi/document.h"

#include <stdlib.h>

#include "dialect/pfsense/envelope.h"
#include "dialect/pfsense/openapi/print.h"
#include "dialect/pfsense/serve.h"

static const char intro[] =
	"Every answer is one JSON object: status, code (the HTTP status again), return (what it is, in detail), message and "
	"data. Members of a request stand in a JSON body with Content-Type application/json, or in the URL's query. Saving and "
	"applying are two steps: what is saved waits until it is applied, by the operation itself with `apply`, or by the "
	"`apply` operation of its family. A GET takes any member of its objects as a filter, also as `name__startswith`, "
	"`__endswith`, `__contains`, `__lt`, `__lte`, `__gt` and `__gte`; a path into an object is written `a__b`. "
	"`_action_bypass: true` makes any operation answer after its checks, without doing anything.";

static int
compare_operations(const void *left, const void *right)
{
	const struct operation *a = *(const struct operation *const *)left;
	const struct operation *b = *(const struct operation *const *)right;
	const int               order = strcmp(a->url, b->url);

	return order ? order : (int)a->method - (int)b->method;
}

/* By URL, then verb. */
static const struct operation **
sorted_operations(struct arena *arena, size_t *count)
{
	const struct operation **all;
	size_t                   room = 0;

	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			room++;
	all = ARENA_MAKE(arena, const struct operation *, room + 1);
	*count = 0;
	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			if (!text_starts(text_of(operation->url), TEXT("system/api/sync")))
				all[(*count)++] = operation;
	qsort(all, *count, sizeof(*all), compare_operations);
	return all;
}

static void
print_paths(struct json *json, struct arena *arena)
{
	size_t                   count;
	const struct operation **all = sorted_operations(arena, &count);

	json_name(json, "paths");
	json_object(json);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(all[i - 1]->url, all[i]->url) != 0) {
			json_name(json, arena_print(arena, "/%s", all[i]->url));
			json_object(json);
		}
		openapi_print_operation(json, arena, all[i]);
		if (i + 1 == count || strcmp(all[i + 1]->url, all[i]->url) != 0)
			json_object_end(json);
	}
	json_object_end(json);
}

static void
print_scheme(struct json *json, const char *name, const char *type, const char *scheme, const char *help)
{
	json_name(json, name);
	json_object(json);
	json_put_string(json, "type", type);
	if (scheme) {
		json_put_string(json, "scheme", scheme);
	} else {
		json_put_string(json, "in", "header");
		json_put_string(json, "name", "Authorization");
	}
	json_put_string(json, "description", help);
	json_object_end(json);
}

static void
print_envelope(struct json *json)
{
	static const char *const members[][2] = { { "status", "string" },
						  { "code", "integer" },
						  { "return", "integer" },
						  { "message", "string" } };

	json_name(json, "Envelope");
	json_object(json);
	json_put_string(json, "type", "object");
	json_name(json, "required");
	json_list(json);
	for (size_t i = 0; i < COUNT(members); i++)
		json_string(json, members[i][0]);
	json_string(json, "data");
	json_list_end(json);
	json_name(json, "properties");
	json_object(json);
	for (size_t i = 0; i < COUNT(members); i++) {
		json_name(json, members[i][0]);
		json_object(json);
		json_put_string(json, "type", members[i][1]);
		json_object_end(json);
	}
	json_name(json, "data");
	json_object(json);
	json_put_string(json, "description", "A list or an object; [] when there is nothing to say.");
	json_object_end(json);
	json_object_end(json);
	json_object_end(json);
}

static void
print_components(struct json *json)
{
	json_name(json, "components");
	json_object(json);
	json_name(json, "securitySchemes");
	json_object(json);
	print_scheme(json, "local", "http", "basic", "Name and password, when the setting authmode is local.");
	print_scheme(json, "jwt", "http", "bearer", "What POST /access_token gives, when authmode is jwt.");
	print_scheme(json, "token", "apiKey", NULL,
		     "Client id, a blank and client token, as POST /access_token gives them, when authmode is token.");
	json_object_end(json);
	json_name(json, "schemas");
	json_object(json);
	print_envelope(json);
	json_object_end(json);
	json_object_end(json);
}

/* Any of them, by the setting. */
static void
print_security(struct json *json)
{
	static const char *const schemes[] = { "local", "jwt", "token" };

	json_name(json, "security");
	json_list(json);
	for (size_t i = 0; i < COUNT(schemes); i++) {
		json_object(json);
		json_name(json, schemes[i]);
		json_list(json);
		json_list_end(json);
		json_object_end(json);
	}
	json_list_end(json);
}

void
openapi_print(struct buffer *out)
{
	scoped_arena arena = arena_new();
	struct json  json = { .out = out };

	json_object(&json);
	json_put_string(&json, "openapi", "3.1.0");
	json_name(&json, "info");
	json_object(&json);
	json_put_string(&json, "title", "pfSense-API v1, as Drawbridge serves it");
	json_put_string(&json, "version", PFSENSE_API_VERSION);
	json_put_string(&json, "description", intro);
	json_object_end(&json);
	json_name(&json, "servers");
	json_list(&json);
	json_object(&json);
	json_put_string(&json, "url", "/api/v1");
	json_object_end(&json);
	json_list_end(&json);
	print_security(&json);
	print_paths(&json, arena);
	print_components(&json);
	json_object_end(&json);
	buffer_add_byte(out, '\n');
}
