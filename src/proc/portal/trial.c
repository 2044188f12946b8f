/* Who may log on: asked of the zone's servers, in their order. Whoever fails too often is told no without being asked. */
#include <string.h>

#include "base/base64.h"
#include "proc/portal/inside.h"

#define LOCAL "Local Database" /* the users of this box */

/* Ten failures within ten minutes cost a minute, and more the next time: guests mistype, and guess. */
static const struct guard_settings patience = { 10 * GUARD_FAILURE_SCORE, 60, 600, "" };

const struct record *
portal_voucher_server(const struct snapshot *snapshot, const char *server)
{
	return collection_where(snapshot_named(snapshot, "auth.voucher_server"), "name", text_of(server));
}

bool
portal_knows_server(const struct snapshot *snapshot, const char *server)
{
	return strcmp(server, LOCAL) == 0 || portal_voucher_server(snapshot, server);
}

/* Is the user in the group that the zone wants? "" is all. */
static bool
is_in_group(const struct portal_trial *trial, const struct record *user)
{
	const char          *gid = trial->zone->group;
	const struct record *group =
		gid[0] ? collection_where(snapshot_named(trial->users, "auth.group"), "gid", text_of(gid)) : NULL;

	return !gid[0] || (group && text_lists(record_text(group, "member"), record_text(user, "uid")));
}

static bool
is_local_user(struct portal *portal, struct arena *arena, const struct portal_trial *trial)
{
	struct caller caller;

	return auth_password(portal->auth, trial->users, arena, trial->user, trial->password, &trial->address, true, &caller) ==
		       AUTH_OK &&
	       is_in_group(trial, caller.user);
}

/* In no group. */
static bool
is_voucher(struct portal *portal, const struct portal_trial *trial, const char *server, int64_t *ends)
{
	const struct voucher_use use = { server, trial->user, trial->password, portal_now() };
	bool                     is_good, is_first = false;

	if (trial->zone->group[0] || !portal_voucher_server(trial->users, server))
		return false;
	pthread_mutex_lock(&portal->lock);
	is_good = vouchers_use(&portal->vouchers, &use, &is_first, ends);
	if (is_first)
		portal_keep_vouchers(portal);
	pthread_mutex_unlock(&portal->lock);
	return is_good;
}

static bool
try_servers(struct portal *portal, struct arena *arena, const struct portal_trial *trial, const char **via, int64_t *ends)
{
	*ends = 0;
	for (size_t i = 0; i < trial->zone->nservers; i++) {
		*via = trial->zone->servers[i];
		if (strcmp(*via, LOCAL) == 0 ? is_local_user(portal, arena, trial) : is_voucher(portal, trial, *via, ends))
			return true;
	}
	return false;
}

bool
portal_authenticate(struct portal *portal, struct arena *arena, const struct portal_trial *trial, const char **via, int64_t *ends)
{
	const int64_t now = portal_now();

	if (trial->user.len == 0 || trial->user.len > SESSION_NAME_MAX || guard_blocked(portal->guard, &trial->address, now))
		return false;
	if (try_servers(portal, arena, trial, via, ends))
		return true;
	portal_log(portal, "DENY %.*s (%s) zone %u", TEXT_ARGS(trial->user), address_print(arena, &trial->address), trial->zone->id);
	guard_failure(portal->guard, &trial->address, now, &patience);
	return false;
}
