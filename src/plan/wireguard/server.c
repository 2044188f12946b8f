/* From records to those that count. */
#include "plan/wireguard/server.h"

static bool
is_listed(const struct record *const *list, size_t count, const struct record *server)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(record_text(list[i], "instance"), record_text(server, "instance")))
			return true;
	return false;
}

const struct record **
wireguard_servers(struct arena *arena, const struct snapshot *snapshot, size_t *count)
{
	const struct collection *all = snapshot_named(snapshot, "wireguard.server");
	const struct record    **list = ARENA_MAKE(arena, const struct record *, WIREGUARD_MOST);

	*count = 0;
	if (!record_bool(snapshot_single(snapshot, "wireguard.general"), "enabled"))
		return list;
	for (size_t i = 0; i < collection_count(all) && *count < WIREGUARD_MOST; i++)
		if (record_bool(collection_at(all, i), "enabled") && !is_listed(list, *count, collection_at(all, i)))
			list[(*count)++] = collection_at(all, i);
	return list;
}

const struct record **
wireguard_peers(struct arena *arena, const struct snapshot *snapshot, const struct record *server, size_t *count)
{
	const struct collection *all = snapshot_named(snapshot, "wireguard.client");
	const struct record    **list = ARENA_MAKE(arena, const struct record *, collection_count(all) + 1);
	struct text              rest = record_text(server, "peers"), one;

	*count = 0;
	while (text_next(&rest, ",", &one)) {
		const struct record *peer = collection_find(all, one);

		if (peer && record_bool(peer, "enabled") && *count < collection_count(all))
			list[(*count)++] = peer;
	}
	return list;
}

const char *
wireguard_device(struct arena *arena, const struct record *server)
{
	const char *name = arena_print(arena, "wg%s", record_get(server, "instance"));

	return wireguard_name_is_valid(text_of(name)) ? name : NULL;
}
