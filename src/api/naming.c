/*
 * The table says which fields name which kind of record; a value is a list whose entries are separated by commas or newlines.
 */
#include "api/naming.h"

#include <string.h>

#include "base/buffer.h"
#include "schema/types.h"

/* clang-format off */
static const struct naming namings[] = {
	{ "firewall.alias", &type_network_alias },
	{ "firewall.alias", &type_port, ALIASES },
	{ "firewall.alias", .resource = "firewall.alias", .field = "content" },
	{ "firewall.alias", .resource = "firewall.destination_nat", .field = "source.network" },
	{ "firewall.alias", .resource = "firewall.destination_nat", .field = "source.port" },
	{ "firewall.alias", .resource = "firewall.destination_nat", .field = "destination.network" },
	{ "firewall.alias", .resource = "firewall.destination_nat", .field = "destination.port" },
	{ "firewall.category", .resource = "firewall.destination_nat", .field = "category" },
	{ "firewall.group", &type_interface },
	{ "firewall.group", &type_network_alias, .behind = "ip" },
	{ "firewall.group", .resource = "firewall.destination_nat", .field = "source.network", .behind = "ip" },
	{ "firewall.group", .resource = "firewall.destination_nat", .field = "destination.network", .behind = "ip" },
	{ "routing.gateway", &type_key_value, .source = "interface gateways list" },
	{ "routing.gateway", .resource = "routes.route", .field = "gateway" },
	{ "routing.gateway", .resource = "interfaces.interface", .field = "gateway" },
	{ "routing.gateway", .resource = "interfaces.interface", .field = "gatewayv6" },
	{ "routing.gateway", .resource = "routing.gateway_group", .field = "item" },
	{ "routing.gateway", .resource = "routing.gateway_group", .field = "item2" },
	{ "routing.gateway", .resource = "routing.gateway_group", .field = "item3" },
	{ "routing.gateway", .resource = "routing.gateway_group", .field = "item4" },
	{ "routing.gateway", .resource = "routing.gateway_group", .field = "item5" },
	{ "routing.gateway", .resource = "routing.default_gateway", .field = "gateway4" },
	{ "routing.gateway", .resource = "routing.default_gateway", .field = "gateway6" },
	{ "routing.gateway_group", &type_key_value, .source = "interface gateways list -g" },
	{ "routing.gateway_group", .resource = "routing.default_gateway", .field = "gateway4" },
	{ "routing.gateway_group", .resource = "routing.default_gateway", .field = "gateway6" },
};
/* clang-format on */

static bool
names(const struct naming *naming, const char *target, const struct resource *resource, const struct field *field)
{
	if (strcmp(naming->target, target) != 0)
		return false;
	if (naming->resource)
		return strcmp(naming->resource, resource->name) == 0 && strcmp(naming->field, field->name) == 0;
	if (field->type != naming->type || (field->settings & naming->settings) != naming->settings)
		return false;
	return !naming->source ||
	       (field->source && text_starts(text_of(field->source), text_of(naming->source)));
}

const struct naming *
naming_find(const char *target, const struct resource *resource, const struct field *field)
{
	if (field->flags & VOLATILE)
		return NULL;
	for (size_t i = 0; i < COUNT(namings); i++)
		if (names(&namings[i], target, resource, field))
			return &namings[i];
	return NULL;
}

/* Is this entry of a list the name? Gives what follows the name, or NULL. */
static const char *
entry_behind(const struct naming *naming, struct text entry, struct text name)
{
	if (text_equal(entry, name))
		return "";
	if (naming->behind && text_starts(entry, name) && text_is(text_after(entry, name.len), naming->behind))
		return naming->behind;
	return NULL;
}

size_t
naming_entry_length(const char *at)
{
	return strcspn(at, ",\n");
}

bool
naming_matches(const struct naming *naming, const char *value, struct text name)
{
	while (*value) {
		const size_t      len = naming_entry_length(value);
		const struct text entry = { value, len };

		if (entry_behind(naming, len && value[0] == '!' ? text_after(entry, 1) : entry, name))
			return true;
		value += len + (value[len] != '\0');
	}
	return false;
}

const char *
naming_replace(struct arena *arena, const struct naming *naming, const char *value, struct text from, const char *to)
{
	scoped_buffer out = BUFFER_NONE;

	while (*value) {
		const size_t len = naming_entry_length(value);
		const size_t not = len && value[0] == '!';
		const char  *behind = entry_behind(naming, (struct text){ value + not, len - not }, from);

		if (behind)
			buffer_print(&out, "%s%s%s", not ? "!" : "", to, behind);
		else
			buffer_add(&out, (struct text){ value, len });
		value += len;
		if (*value)
			buffer_add_byte(&out, *value++);
	}
	return arena_copy(arena, buffer_text(&out));
}

bool
naming_may(const struct resource *resource, const struct field *field)
{
	for (size_t i = 0; i < COUNT(namings); i++)
		if (!namings[i].resource ? field->type == namings[i].type :
					   strcmp(field->name, namings[i].field) == 0 &&
						   strcmp(resource->name, namings[i].resource) == 0)
			return !(field->flags & VOLATILE);
	return false;
}

bool
naming_knows(const char *target)
{
	for (size_t i = 0; i < COUNT(namings); i++)
		if (strcmp(namings[i].target, target) == 0)
			return true;
	return false;
}

const struct naming *
naming_next(const struct naming *previous, const struct resource *resource, const struct field *field)
{
	for (size_t i = previous ? (size_t)(previous - namings) + 1 : 0; i < COUNT(namings); i++)
		if (names(&namings[i], namings[i].target, resource, field))
			return &namings[i];
	return NULL;
}
