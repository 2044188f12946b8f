/* Single settings of the Auth.Group model. */
#include "model/types.h"

const struct resource auth_group_settings_resource = {
	.name = "auth.group_settings",
	.summary = "Single settings of the Auth.Group model",
	.shape = SINGLETON,
	.model = "Auth.Group",
	.path = "",
	.mount = "/system/group+",
	.version = "1.0.0",
	.touches = PART_ACCOUNTS,
};
