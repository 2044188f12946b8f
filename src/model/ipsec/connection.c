/* Connection records of the IPsec.Swanctl model. */
#include "model/checks.h"
#include "model/types.h"

/* The traffic selectors of all children, one behind the other. */
static const char *
local_selectors(const struct record *connection, const struct view *view)
{
	return shown_of_naming(&(struct naming){ "ipsec.child", "connection", "local_ts" }, text_of(connection->uuid), view);
}

static const char *
remote_selectors(const struct record *connection, const struct view *view)
{
	return shown_of_naming(&(struct naming){ "ipsec.child", "connection", "remote_ts" }, text_of(connection->uuid), view);
}

/* What belongs to a connection goes with it. */
static const struct companion *
spread(const struct record *after, const struct record *before, const struct view *view)
{
	static const char *const owned[] = { "ipsec.child", "ipsec.local", "ipsec.remote" };
	const struct companion  *companions = NULL;

	for (size_t i = 0; !after && i < COUNT(owned); i++) {
		size_t                count;
		const struct record **records = collection_naming(view->arena, snapshot_named(view->snapshot, owned[i]), "connection",
								  text_of(before->uuid), &count);

		for (size_t j = 0; j < count; j++)
			companion_add(&companions, record_copy(view->arena, records[j]), true, view);
	}
	return companions;
}

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "proposals", &type_ipsec_proposal, .flags = REQUIRED | MANY, .preset = "default" },
	{ "unique", &type_option, .flags = REQUIRED, .preset = "no",
	  .choices = CHOICES({ "no", "No (default)" }, { "never", "Never" }, { "keep", "Keep" }, { "replace", "Replace" }) },
	{ "aggressive", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "version", &type_option, .flags = REQUIRED, .preset = "0",
	  .choices = CHOICES({ "0", "IKEv1+IKEv2" }, { "1", "IKEv1" }, { "2", "IKEv2" }) },
	{ "mobike", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "local_addrs", &type_ike_address },
	{ "local_port", &type_option, .choices = CHOICES({ "", "500 (default)" }, { "4500", "4500 (NAT-T)" }) },
	{ "remote_addrs", &type_ike_address },
	{ "remote_port", &type_option,
	  .choices = CHOICES({ "", "500 (default)" }, { "4500", "4500 (NAT-T)" }) },
	{ "encap", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "reauth_time", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 500000 },
	{ "rekey_time", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 500000 },
	{ "over_time", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 500000 },
	{ "dpd_delay", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 500000 },
	{ "dpd_timeout", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 500000 },
	{ "pools", &type_pools, .flags = MANY },
	{ "send_certreq", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "send_cert", &type_option, .blank = "Default",
	  .choices = CHOICES({ "ifasked", "If asked" }, { "never", "Never" }, { "always", "Always" }) },
	{ "keyingtries", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 1000 },
	{ "description", &type_description, .flags = REQUIRED },
	{ "local_ts", &type_text, .flags = VOLATILE, .derive = local_selectors },
	{ "remote_ts", &type_text, .flags = VOLATILE, .derive = remote_selectors },
};
/* clang-format on */

const struct resource ipsec_connection_resource = {
	.name = "ipsec.connection",
	.summary = "Connection records of the IPsec.Swanctl model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "IPsec.Swanctl",
	.path = "Connections.Connection",
	.spread = spread,
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/connections", "_connection", "connection", CRUD | VERB_TOGGLE,
		  .search = "description,enabled,local_addrs,remote_addrs,local_ts,remote_ts" }) },
};
