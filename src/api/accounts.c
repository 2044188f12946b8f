/* Membership, rights and access of users. */
#include "api/accounts.h"

#include <string.h>

const char *
account_groups(struct arena *arena, const struct snapshot *snapshot, const struct record *user)
{
	const struct collection *groups = snapshot_named(snapshot, "auth.group");
	const char              *uid = record_get(user, "uid");
	scoped_buffer            gids = BUFFER_NONE;

	for (size_t i = 0; i < collection_count(groups); i++) {
		const struct record *group = collection_at(groups, i);

		if (uid[0] && text_lists(record_text(group, "member"), text_of(uid)))
			buffer_print(&gids, "%s%s", gids.len ? "," : "", record_get(group, "gid"));
	}
	return arena_copy(arena, buffer_text(&gids));
}

bool
account_is_admin(struct arena *arena, const struct snapshot *snapshot, const struct record *user)
{
	const struct collection *groups = snapshot_named(snapshot, "auth.group");
	struct text              gids = text_of(account_groups(arena, snapshot, user)), gid;

	if (text_lists(record_text(user, "priv"), TEXT("page-all")))
		return true;
	while (text_next(&gids, ",", &gid)) {
		const struct record *group = collection_where(groups, "gid", gid);

		if (group && text_lists(record_text(group, "priv"), TEXT("page-all")))
			return true;
	}
	return false;
}

bool
account_keeps_access(struct request *request, const char *uri)
{
	const struct collection *users = snapshot_named(request->snapshot, "auth.user");
	const struct record     *user = collection_find(users, text_of(request->caller->user->uuid));
	struct caller            caller;

	if (!user || auth_user(request->service->auth, request->snapshot, request->arena, user, &request->peer, &caller) !=
			     AUTH_OK)
		return false;
	return caller_may_visit(&caller, text_of(uri));
}
