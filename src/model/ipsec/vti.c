/* VTI records of the IPsec.Swanctl model. */
#include "model/checks.h"
#include "model/types.h"

/* Where a row comes from: other listings show it among legacy ones. */
static const char *
origin(const struct record *record, const struct view *view)
{
	(void)view;
	return record->uuid[0] ? "vti" : "";
}

/* clang-format off */
static const struct field fields[] = {
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "reqid", &type_integer, .flags = REQUIRED | LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 65535,
	  .constraints = CONSTRAINTS({ CONSTRAINT_UNIQUE }) },
	{ "local", &type_network, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "remote", &type_network, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "tunnel_local", &type_network, .flags = REQUIRED, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "tunnel_remote", &type_network, .flags = REQUIRED, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "tunnel_local2", &type_network, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "tunnel_remote2", &type_network, .settings = MASK_FORBIDDEN | NO_WILDCARD },
	{ "skip_fw", &type_boolean },
	{ "origin", &type_text, .flags = VOLATILE, .derive = origin },
	{ "description", &type_description },
};
/* clang-format on */

/* Both families must be the same; no address is a family of its own here. */
static void
check_pair(const struct record *interface, const char *local, const char *remote, struct faults *faults)
{
	if (literal_family(record_get(interface, local)) != literal_family(record_get(interface, remote)))
		faults_add(faults, local, FAULT_CONFLICT, "Both ends must be of one family.");
}

static void
check(const struct record *interface, const struct view *view, struct faults *faults)
{
	(void)view;
	if (is_set(interface, "local") != is_set(interface, "remote"))
		faults_add(faults, "local", FAULT_CONFLICT, "Give both ends, or neither.");
	check_pair(interface, "local", "remote", faults);
	if (is_set(interface, "tunnel_local") && is_set(interface, "tunnel_remote"))
		check_pair(interface, "tunnel_local", "tunnel_remote", faults);
	check_pair(interface, "tunnel_local2", "tunnel_remote2", faults);
}

const struct resource ipsec_vti_resource = {
	.name = "ipsec.vti",
	.summary = "VTI records of the IPsec.Swanctl model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "IPsec.Swanctl",
	.path = "VTIs.VTI",
	.check = check,
	.touches = PART_VPN_IPSEC,
	.faces = { [OPNSENSE] = FACES(
		{ "ipsec/vti", "", "vti", CRUD | VERB_TOGGLE }) },
};
