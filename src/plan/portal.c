/* Reading zones. Of two with one id, which no client can make, the first counts. */
#include "plan/portal.h"

static const char *const *
list_of(struct arena *arena, const struct record *record, const char *field, size_t *count)
{
	struct text  rest = record_text(record, field), one;
	size_t       room = 1;

	for (size_t i = 0; i < rest.len; i++)
		room += rest.ptr[i] == ',' || rest.ptr[i] == '\n';
	const char **list = ARENA_MAKE(arena, const char *, room);

	*count = 0;
	while (text_next(&rest, ",\n", &one))
		if (one.len > 0)
			list[(*count)++] = arena_copy(arena, one);
	return list;
}

static struct portal_zone
read_zone(struct arena *arena, const struct record *record, unsigned id)
{
	struct portal_zone zone = {
		.record = record,
		.id = id,
		.description = record_get(record, "description"),
		.group = record_get(record, "authEnforceGroup"),
		.host = record_get(record, "servername"),
		.certificate = record_get(record, "certificate"),
		.template = record_get(record, "template"),
		.idle_minutes = (unsigned)record_number(record, "idletimeout", 0),
		.hard_minutes = (unsigned)record_number(record, "hardtimeout", 0),
		.has_rules = !record_bool(record, "disableRules"),
		.roams = record_bool(record, "roaming"),
		.is_concurrent = record_bool(record, "concurrentlogins"),
		.tells_mac = record_bool(record, "extendedPreAuthData"),
	};

	zone.interfaces = list_of(arena, record, "interfaces", &zone.ninterfaces);
	zone.servers = list_of(arena, record, "authservers", &zone.nservers);
	zone.addresses = list_of(arena, record, "allowedAddresses", &zone.naddresses);
	zone.macs = list_of(arena, record, "allowedMACAddresses", &zone.nmacs);
	return zone;
}

size_t
portal_zones(struct arena *arena, const struct snapshot *snapshot, struct portal_zone out[static PORTAL_ZONES_MAX])
{
	const struct collection *zones = snapshot_named(snapshot, "captiveportal.zone");
	const struct record     *by_id[PORTAL_ZONES_MAX] = { NULL };
	size_t                   count = 0;

	for (size_t i = 0; i < collection_count(zones); i++) {
		const struct record *record = collection_at(zones, i);
		const int64_t        id = record_number(record, "zoneid", -1);

		if (record_bool(record, "enabled") && id >= 0 && id < PORTAL_ZONES_MAX && !by_id[id])
			by_id[id] = record;
	}
	for (unsigned id = 0; id < PORTAL_ZONES_MAX; id++)
		if (by_id[id])
			out[count++] = read_zone(arena, by_id[id], id);
	return count;
}

const char *
portal_table(struct arena *arena, unsigned id)
{
	return arena_print(arena, "__captiveportal_zone_%u", id);
}

const char *
portal_table_to(struct arena *arena, unsigned id)
{
	return arena_print(arena, "__captiveportal_to_%u", id);
}

const char *
portal_set(struct arena *arena, const char *table, enum family family)
{
	return arena_print(arena, "a_%s_%d", table, family == FAMILY_INET6 ? 6 : 4);
}
