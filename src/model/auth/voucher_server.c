/*
 * Servers that let in whoever has a voucher, among <system><authserver> of config.xml: upstream has no model for them, and no
 * endpoint that makes them. Vouchers are no configuration; the portal keeps them.
 */
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "refid", &type_text, .mask = "^[0-9a-f]{0,13}$" },
	{ "type", &type_text, .flags = REQUIRED, .preset = "voucher" },
	{ "name", &type_text, .flags = REQUIRED, .mask = "^[^,\\x00-\\x1f\\x7f]{1,255}$" },
	{ "simplePasswords", &type_boolean, .preset = "0" },
	{ "usernameLength", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .preset = "8", .min = 4, .max = 32 },
	{ "passwordLength", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .preset = "10", .min = 6, .max = 32 },
};
/* clang-format on */

const struct resource auth_voucher_server_resource = {
	.name = "auth.voucher_server",
	.summary = "Authentication server for vouchers",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "name",
	.model = "Auth.VoucherServer",
	.path = "authserver",
	.mount = "/system/authserver+",
	.version = "1.0.0",
	.touches = PART_PORTAL,
};
