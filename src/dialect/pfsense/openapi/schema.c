/* What an operation takes, as JSON Schema. */
#include "dialect/pfsense/envelope.h"
#include "dialect/pfsense/openapi/print.h"

#include "dialect/pfsense/language/expression.h"

static void
print_item_type(struct json *json, const char *type)
{
	json_name(json, "items");
	json_object(json);
	json_put_string(json, "type", type);
	json_object_end(json);
}

static void
print_type(struct json *json, struct arena *arena, const struct operation *operation, const struct taken *taken)
{
	static const char *const words[] = { [MEMBER_BOOL] = "boolean", [MEMBER_INTEGER] = "integer",
					     [MEMBER_NUMBER] = "number" };

	switch (taken->type) {
	case MEMBER_TEXT:
		json_name(json, "type");
		json_list(json);
		json_string(json, "string");
		json_string(json, "integer");
		json_list_end(json);
		break;
	case MEMBER_BOOL:
	case MEMBER_INTEGER:
	case MEMBER_NUMBER:
		json_put_string(json, "type", words[taken->type]);
		break;
	case MEMBER_LIST:
		json_name(json, "type");
		json_list(json);
		json_string(json, "array");
		json_string(json, "string");
		json_list_end(json);
		print_item_type(json, "string");
		break;
	case MEMBER_TEXTS:
	case MEMBER_INTEGERS:
		json_put_string(json, "type", "array");
		print_item_type(json, taken->type == MEMBER_TEXTS ? "string" : "integer");
		break;
	case MEMBER_OBJECTS:
		json_put_string(json, "type", "array");
		json_name(json, "items");
		openapi_print_members(json, arena, operation, taken->first);
		break;
	case MEMBER_OBJECT:
		break;
	}
}

/* In place of a type: what is one of a few may be a number or its text. */
static void
print_choices(struct json *json, const struct node *choices)
{
	json_name(json, "enum");
	json_list(json);
	for (size_t i = 0; i < choices->nkids; i++)
		json_value(json, choices->kids[i]->value);
	json_list_end(json);
}

static void
print_help(struct json *json, const struct taken *taken, const struct limits *limits)
{
	scoped_buffer out = BUFFER_NONE;
	const char   *help = member_help(taken->name);

	if (help)
		buffer_add_string(&out, help);
	for (size_t i = 0; i < limits->ncodes; i++)
		buffer_print(&out, "%s%u: %s", i ? " " : out.len ? "\n\nRefused with " : "Refused with ", limits->codes[i],
			     code_find(limits->codes[i])->message);
	if (out.len)
		json_put_string(json, "description", buffer_string(&out));
}

static bool
is_number(const struct taken *taken)
{
	return taken->type == MEMBER_INTEGER || taken->type == MEMBER_NUMBER;
}

void
openapi_print_member(struct json *json, struct arena *arena, const struct operation *operation,
                     const struct taken *taken)
{
	const struct limits limits = limits_of(operation, taken->path ? taken->path : "");

	if (taken->type == MEMBER_OBJECT) {
		openapi_print_members(json, arena, operation, taken->first);
		return;
	}
	json_object(json);
	if (limits.choices)
		print_choices(json, limits.choices);
	else
		print_type(json, arena, operation, taken);
	if (limits.least && is_number(taken) && !limits.choices)
		json_put_value(json, "minimum", limits.least);
	if (limits.most && is_number(taken) && !limits.choices)
		json_put_value(json, "maximum", limits.most);
	if (limits.preset)
		json_put_value(json, "default", limits.preset);
	print_help(json, taken, &limits);
	json_object_end(json);
}

static bool
any_required(const struct taken *taken)
{
	for (; taken; taken = taken->next)
		if (taken->required)
			return true;
	return false;
}

void
openapi_print_members(struct json *json, struct arena *arena, const struct operation *operation,
                      const struct taken *taken)
{
	json_object(json);
	json_put_string(json, "type", "object");
	if (taken) {
		json_name(json, "properties");
		json_object(json);
		for (const struct taken *one = taken; one; one = one->next) {
			json_name_text(json, one->name);
			openapi_print_member(json, arena, operation, one);
		}
		json_object_end(json);
	}
	if (any_required(taken)) {
		json_name(json, "required");
		json_list(json);
		for (const struct taken *one = taken; one; one = one->next)
			if (one->required)
				json_text(json, one->name);
		json_list_end(json);
	}
	json_object_end(json);
}
