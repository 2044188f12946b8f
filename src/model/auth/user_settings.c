/* Single settings of the Auth.User model. */
#include "model/types.h"

const struct resource auth_user_settings_resource = {
	.name = "auth.user_settings",
	.summary = "Single settings of the Auth.User model",
	.shape = SINGLETON,
	.model = "Auth.User",
	.path = "",
	.mount = "/system/user+",
	.version = "1.0.0",
	.touches = PART_ACCOUNTS,
};
