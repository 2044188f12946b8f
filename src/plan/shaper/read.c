/* The whole shaper of a snapshot: interfaces here, pipes and rules in files of their own. */
#include <string.h>

#include "base/bug.h"
#include "plan/network/network.h"
#include "plan/ruleset/ruleset.h"
#include "plan/shaper/making.h"

#define MISSING_MAX 2000 /* bytes; more would only repeat itself */

void
shaping_miss(struct shaping *shaping, const char *name, const char *why)
{
	if (shaping->missing->len < MISSING_MAX)
		buffer_print(shaping->missing, "%s%.128s: %s", shaping->missing->len > 0 ? "; " : "", name, why);
}

static bool
is_listed(const char *const *devices, size_t count, const char *device)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(devices[i], device) == 0)
			return true;
	return false;
}

/* Everything may leave by any of them: what comes in by one is shaped where it goes out. */
void
shaper_devices(struct arena *arena, const struct snapshot *snapshot, struct shaper *out)
{
	const struct collection *all = snapshot_named(snapshot, "interfaces.interface");
	const char             **devices = ARENA_MAKE(arena, const char *, collection_count(all) + 1);

	out->ndevices = 0;
	out->devices = devices;
	for (size_t i = 0; i < collection_count(all) && out->ndevices < SHAPER_DEVICES_MAX; i++) {
		const struct record *record = collection_at(all, i);
		const char          *device = record_get(record, "if");

		if (record_bool(record, "enable") && network_name_is_valid(text_of(device)) && strcmp(device, "lo") != 0 &&
		    strcmp(device, SHAPER_DEVICE) != 0 && !is_listed(devices, out->ndevices, device))
			devices[out->ndevices++] = arena_copy(arena, text_of(device));
	}
}

/* The same records give the same stamp. */
static uint64_t
stamp_of(const struct snapshot *snapshot)
{
	static const char *const resources[] = { "trafficshaper.pipe", "trafficshaper.queue", "trafficshaper.rule", "pfsense.section" };
	uint64_t                 stamp = 0;

	for (size_t i = 0; i < COUNT(resources); i++)
		stamp = ruleset_mix(stamp, collection_stamp(snapshot_named(snapshot, resources[i])));
	return stamp ? stamp : 1;
}

static size_t
count_of(const struct snapshot *snapshot, const char *resource)
{
	return collection_count(snapshot_named(snapshot, resource));
}

void
shaper_read(struct arena *arena, const struct snapshot *snapshot, const struct facts *facts, struct shaper *out,
            struct buffer *missing)
{
	const size_t  pipes = count_of(snapshot, "trafficshaper.pipe"), queues = count_of(snapshot, "trafficshaper.queue");
	const size_t  limiters = shaping_limiters_most(snapshot);
	struct shaping shaping = {
		.arena = arena, .snapshot = snapshot, .facts = facts, .missing = missing,
		.classes = ARENA_MAKE(arena, struct shaper_class, pipes * 2 + queues + limiters * 2 + 1),
		.targets = ARENA_MAKE(arena, struct shaper_target, pipes + queues + limiters + 1),
		.rules = ARENA_MAKE(arena, struct shaper_rule, count_of(snapshot, "trafficshaper.rule") + 1),
		.is_taken = ARENA_MAKE(arena, uint8_t, UINT16_MAX + 1),
	};

	*out = (struct shaper){ .stamp = stamp_of(snapshot) };
	shaping_pipes(&shaping);
	shaping_limiters(&shaping);
	shaping_rules(&shaping);
	out->classes = shaping.classes;
	out->nclasses = shaping.nclasses;
	out->targets = shaping.targets;
	out->ntargets = shaping.ntargets;
	out->rules = shaping.rules;
	out->nrules = shaping.nrules;
}

const struct shaper_target *
shaper_target(const struct shaper *shaper, const char *uuid)
{
	for (size_t i = 0; shaper && i < shaper->ntargets; i++)
		if (strcmp(shaper->targets[i].uuid, uuid) == 0)
			return &shaper->targets[i];
	return NULL;
}
