/* Taking and showing the privileges that open reads only. */
#include "dialect/opnsense/modules/readonly.h"

#include "dialect/opnsense/route.h"
#include "dialect/opnsense/show.h"

#define FIELD "priv_readonly"

bool
readonly_is_asked(const struct call *call)
{
	return call->request->header(call->request, "X-Drawbridge-Readonly").len > 0;
}

static const struct field *
field_of(const struct record *record, size_t *at)
{
	*at = resource_find_field(record->resource, TEXT(FIELD));
	return &record->resource->fields[*at];
}

void
readonly_take(struct call *call, struct record *record, struct faults *faults)
{
	const struct route *route = call->route;
	const struct value *sent = value_get(call->input, route->face ? route->face->root : "");
	const struct value *value = sent && sent->kind == VALUE_OBJECT ? value_get(sent, FIELD) : NULL;
	const struct view   view = call_view(call, record);
	size_t              at;

	if (!value || (route->kind != KIND_ADD && route->kind != KIND_SET))
		return;
	const struct field *field = field_of(record, &at);
	const char         *list = value_as_string(call->request->arena, value);

	if (list)
		record_put(record, at, field_normal(field, list, &view));
	else
		faults_add(faults, FIELD, FAULT_FORMAT, "This must be a list of privileges.");
}

void
readonly_show(struct call *call, const struct record *record)
{
	const struct view view = call_view(call, record);
	size_t            at;

	if (!readonly_is_asked(call))
		return;
	const struct field *field = field_of(record, &at);

	show_field(&call->json, field, FIELD, record->values[at], &view);
}

void
readonly_column(struct call *call, const struct record *record)
{
	if (readonly_is_asked(call))
		json_put_string(&call->json, FIELD, record_get(record, FIELD));
}
