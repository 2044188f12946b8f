/* gateways/gateway_item and staticroutes/route. */
#include "dialect/pfsense/mount.h"

#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct renamed gateway_members[] = {
	{ "name",            NULL,          FORM_ALWAYS },
	{ "interface",       NULL,          FORM_ALWAYS },
	{ "ipprotocol",      NULL,          FORM_ALWAYS },
	{ "gateway",         NULL,          FORM_OWN },
	{ "descr",           NULL,          FORM_ALWAYS },
	{ "disabled",        NULL,          FORM_YES },
	{ "monitor",         NULL,          FORM_TEXT },
	{ "monitor_disable", NULL,          FORM_YES },
	{ "force_down",      NULL,          FORM_YES },
	{ "nonlocalgateway", "fargw",       FORM_YES },
	{ "weight",          NULL,          FORM_TEXT },
	{ "latencylow",      NULL,          FORM_TEXT },
	{ "latencyhigh",     NULL,          FORM_TEXT },
	{ "losslow",         NULL,          FORM_TEXT },
	{ "losshigh",        NULL,          FORM_TEXT },
	{ "interval",        NULL,          FORM_TEXT },
	{ "loss_interval",   NULL,          FORM_TEXT },
	{ "time_period",     NULL,          FORM_TEXT },
	{ "data_payload",    "data_length", FORM_TEXT },
	{ NULL },
};

static const struct renamed route_members[] = {
	{ "network",  NULL,      FORM_ALWAYS },
	{ "gateway",  NULL,      FORM_ALWAYS },
	{ "descr",    NULL,      FORM_ALWAYS },
	{ "disabled", "enabled", FORM_UNFLAG },
	{ NULL },
};
/* clang-format on */

/* Without an address a gateway is what the interface is told. */
static void
show_gateway(struct tree *tree, const struct record *record, struct value *object)
{
	const char *address = record_get(record, "gateway");

	value_set_string(tree_arena(tree), object, "gateway", address[0] ? address : "dynamic");
}

static void
fill_gateway(struct tree *tree, const struct value *object, struct record *record)
{
	const char *address = to_string(tree_arena(tree), value_get(object, "gateway"));

	record_set(record, "gateway", strcmp(address, "dynamic") == 0 ? "" : address);
}

const struct mount mount_gateways = {
	.path = "gateways/gateway_item",
	.resource = "routing.gateway",
	.shape = MOUNT_LIST,
	.identity = "name",
	.members = gateway_members,
	.show = show_gateway,
	.fill = fill_gateway,
};

const struct mount mount_routes = {
	.path = "staticroutes/route",
	.resource = "routes.route",
	.shape = MOUNT_LIST,
	.members = route_members,
};
