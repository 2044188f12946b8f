/*
 * api/accounts.h: users and groups beyond their records: who is in which group, keys, who is an administrator.
 * A membership is kept in one place, the group's list of members.
 */
#pragma once

#include "api/request.h"
#include "auth/acl.h"
#include "auth/apikey.h"
#include "auth/secret.h"

#define UNUSABLE_PASSWORD "!" /* matches nothing */

/* The gids of the groups a user is in, comma separated, in the arena. */
const char *account_groups(struct arena *, const struct snapshot *, const struct record *user);
bool        account_is_admin(struct arena *, const struct snapshot *, const struct record *user);
/*
 * In LANE_COMMIT, when the caller's own account or a group was changed: can the caller still come back and
 * change it again? True also when it is somebody else's.
 */
bool        account_keeps_access(struct request *, const char *uri);
