/* Server records of the Wireguard.Server model. */
#include "model/checks.h"
#include "model/types.h"

/* Of a server that is kept: its device and files. */
static const char *
named(const struct record *server, const char *format, const struct view *view)
{
	scoped_buffer name = BUFFER_NONE;
	struct text   after = text_of(format);

	if (server->uuid[0] == '\0')
		return "";
	buffer_add(&name, text_until(&after, '#'));
	buffer_add_string(&name, record_get(server, "instance"));
	buffer_add(&name, after);
	return arena_copy(view->arena, buffer_text(&name));
}

static const char *
device(const struct record *server, const struct view *view)
{
	return named(server, "wg#", view);
}

/* Clients know these paths; nothing of ours is there. */
static const char *
configuration_file(const struct record *server, const struct view *view)
{
	return named(server, "/usr/local/etc/wireguard/wg#.conf", view);
}

static const char *
state_file(const struct record *server, const struct view *view)
{
	return named(server, "/usr/local/etc/wireguard/wg#.stat", view);
}

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "name", &type_text, .flags = REQUIRED, .mask = "^([0-9a-zA-Z._\\-]){1,64}$" },
	{ "instance", &type_auto_number, .flags = REQUIRED | LOW_LIMIT, .min = 0 },
	{ "pubkey", &type_base64 },
	{ "privkey", &type_base64, .flags = REQUIRED },
	{ "port", &type_port },
	{ "mtu", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 9300 },
	{ "dns", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "tunneladdress", &type_network, .flags = AS_LIST, .settings = MASK_REQUIRED },
	{ "disableroutes", &type_boolean, .flags = REQUIRED, .preset = "0",
	  .constraints = CONSTRAINTS({ CONSTRAINT_DEPEND, "gateway" }) },
	{ "gateway", &type_network },
	{ "carp_depend_on", &type_virtual_ip, .settings = KEY_UUID, .source = "carp" },
	{ "peers", &type_relation, .flags = MANY, .relations = RELATIONS({ "wireguard.client", "name" }) },
	{ "debug", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "cnfFilename", &type_text, .flags = VOLATILE, .derive = configuration_file },
	{ "statFilename", &type_text, .flags = VOLATILE, .derive = state_file },
	{ "interface", &type_text, .flags = VOLATILE, .derive = device },
	{ "endpoint", &type_text },
	{ "peer_dns", &type_text },
	{ "allowed_ips", &type_text },
};
/* clang-format on */

const struct resource wireguard_server_resource = {
	.name = "wireguard.server",
	.summary = "Server records of the Wireguard.Server model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Wireguard.Server",
	.path = "servers.server",
	.touches = PART_VPN_WIREGUARD,
	.faces = { [OPNSENSE] = FACES(
		{ "wireguard/server", "_server", "server", CRUD | VERB_TOGGLE }) },
};
