/* Route records of the Routes.Route model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "network", &type_network, .flags = REQUIRED, .settings = MASK_REQUIRED },
	{ "gateway", &type_key_value, .flags = REQUIRED, .source = "interface gateways list" },
	{ "descr", &type_description },
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "pfsense", &type_text, .flags = HIDDEN, .help = "Members that only the pfSense dialect knows, as JSON." },
};
/* clang-format on */

/* A gateway that is not configured says its address behind its name. */
static enum family
gateway_family(const struct record *route, const struct view *view)
{
	const struct record *gateway =
		collection_where(snapshot_named(view->snapshot, "routing.gateway"), "name", record_text(route, "gateway"));
	const struct choice *choice;
	const char          *address;

	if (gateway)
		return family_of(record_get(gateway, "ipprotocol"));
	choice = field_choice(&route->resource->fields[resource_field(route->resource, "gateway")],
	                      record_text(route, "gateway"), view);
	address = choice && choice->label ? strstr(choice->label, " - ") : NULL;
	return address ? literal_family(address + 3) : FAMILY_NONE;
}

static void
check(const struct record *route, const struct view *view, struct faults *faults)
{
	if (literal_family(record_get(route, "network")) == FAMILY_INET6 && is_set(route, "gateway") &&
	    gateway_family(route, view) == FAMILY_INET)
		faults_add(faults, "gateway", FAULT_CONFLICT, "An IPv4 gateway cannot carry IPv6.");
}

const struct resource routes_route_resource = {
	.name = "routes.route",
	.summary = "Route records of the Routes.Route model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "descr",
	.model = "Routes.Route",
	.path = "route",
	.check = check,
	.touches = PART_ROUTING,
	.faces = { [OPNSENSE] = FACES(
		{ "routes/routes", "route", "route", CRUD | VERB_TOGGLE }) },
};
