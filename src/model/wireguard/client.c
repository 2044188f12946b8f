/* Client records of the Wireguard.Client model. */
#include "model/checks.h"
#include "model/types.h"

/* The servers that have the client as a peer. */
static const char *
servers(const struct record *client, const struct view *view)
{
	return shown_of_naming(&(struct naming){ "wireguard.server", "peers", NULL }, text_of(client->uuid), view);
}

static const char *
endpoint(const struct record *client, const struct view *view)
{
	const char *host = record_get(client, "serveraddress"), *port = record_get(client, "serverport");

	if (host[0] == '\0' || port[0] == '\0')
		return "";
	return arena_print(view->arena, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "name", &type_text, .flags = REQUIRED, .mask = "^([0-9a-zA-Z._\\-]){1,64}$" },
	{ "pubkey", &type_base64, .flags = REQUIRED,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE, "serveraddress,serverport" }) },
	{ "psk", &type_base64 },
	{ "tunneladdress", &type_network, .flags = REQUIRED | AS_LIST, .settings = MASK_REQUIRED },
	{ "serveraddress", &type_hostname, .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "pubkey" }) },
	{ "serverport", &type_port, .constraints = CONSTRAINTS({ CONSTRAINT_REFER, "pubkey" }) },
	{ "endpoint", &type_ip_port, .flags = VOLATILE, .settings = HOSTNAME_ALLOWED,
	  .derive = endpoint },
	{ "keepalive", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535 },
	{ "servers", &type_relation, .flags = MANY | VOLATILE, .derive = servers,
	  .relations = RELATIONS({ "wireguard.server", "name" }) },
	{ "privkey", &type_base64 },
};
/* clang-format on */

/* What is sent for the whole endpoint goes to its two parts. */
static void
complete(struct record *client, const struct record *before, const struct view *view)
{
	const char *sent = record_get(client, "endpoint");
	struct text host, port;

	if (sent[0] == '\0' || (before && strcmp(sent, endpoint(before, view)) == 0) ||
	    !address_and_port_read(text_of(sent), &host, &port)) {
		record_set(client, "endpoint", endpoint(client, view));
		return;
	}
	record_set(client, "serveraddress", arena_copy(view->arena, host));
	record_set(client, "serverport", arena_copy(view->arena, port));
}

static bool
is_server(const struct record *server, const void *uuids)
{
	return entries_have(uuids, ',', text_of(server->uuid));
}

/* Which peers there are stands with the server. */
static const struct companion *
spread(const struct record *after, const struct record *before, const struct view *view)
{
	const char *uuids = after ? record_get(after, "servers") : "";

	if (after && strcmp(uuids, before ? servers(before, view) : "") == 0)
		return NULL;
	return companions_naming("wireguard.server", "peers", text_of((after ? after : before)->uuid), is_server, uuids, view);
}

const struct resource wireguard_client_resource = {
	.name = "wireguard.client",
	.summary = "Client records of the Wireguard.Client model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Wireguard.Client",
	.path = "clients.client",
	.complete = complete,
	.spread = spread,
	.touches = PART_VPN_WIREGUARD,
	.faces = { [OPNSENSE] = FACES(
		{ "wireguard/client", "_client", "client", CRUD | VERB_TOGGLE },
		{ "wireguard/client", "_client_builder", "configbuilder", VERB_GET | VERB_ADD }) },
};
