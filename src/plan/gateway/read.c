/*
 * Gateways from records, and those that interfaces get from outside: one for each family of an interface that asks for its
 * address, adopted by the record that says "dynamic" when there is one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/map.h"
#include "plan/gateway/making.h"
#include "schema/gateways.h"

#define RANK_CONFIGURED 255 /* as the records' preset */
#define RANK_FOUND      254 /* before those, but behind what somebody preferred */

struct making {
	struct arena              *arena;
	const struct snapshot     *snapshot;
	struct numbers            *numbers;
	const struct gateway_live *live;
	struct gateway            *list;
	size_t                     n;
};

/* --- Words ------------------------------------------------------------------------------------ */

const char *
gateway_health_word(enum gateway_health health)
{
	static const char *const words[GATEWAY_HEALTHS] = {
		[GATEWAY_FINE] = "none",   [GATEWAY_PENDING] = "pending",  [GATEWAY_DELAYED] = "delay",
		[GATEWAY_LOSSY] = "loss",  [GATEWAY_POOR] = "delay+loss",  [GATEWAY_DOWN] = "down",
		[GATEWAY_FORCED_DOWN] = "force_down",
	};

	return words[health];
}

/* --- One gateway ------------------------------------------------------------------------------ */

/* In ms: the exact value of the dialect that knows it, as long as it is what the other one shows in seconds. */
static uint32_t
milliseconds(const struct record *record, const char *seconds, const char *exact, unsigned preset)
{
	const int64_t whole = record_number(record, seconds, preset), fine = record_number(record, exact, 0);
	const int64_t most = GATEWAY_TIME_MAX / 1000;

	if (fine > 0 && fine <= GATEWAY_TIME_MAX && (fine + 999) / 1000 == whole)
		return (uint32_t)fine;
	return (uint32_t)(whole < 1 ? 1 : whole > most ? most : whole) * 1000;
}

static uint32_t
number_within(const struct record *record, const char *field, uint32_t preset, uint32_t most)
{
	const int64_t number = record_number(record, field, preset);

	return number < 0 ? preset : number > most ? most : (uint32_t)number;
}

static struct gateway_watch
read_watch(const struct record *record)
{
	return (struct gateway_watch){
		.is_on = !record_bool(record, "monitor_disable"),
		.is_routed = !record_bool(record, "monitor_noroute"),
		.delay_low = number_within(record, "latencylow", 200, GATEWAY_TIME_MAX),
		.delay_high = number_within(record, "latencyhigh", 500, GATEWAY_TIME_MAX),
		.loss_low = number_within(record, "losslow", 10, 100),
		.loss_high = number_within(record, "losshigh", 20, 100),
		.interval = milliseconds(record, "interval", "interval_ms", 1),
		.loss_interval = milliseconds(record, "loss_interval", "loss_interval_ms", 4),
		.period = milliseconds(record, "time_period", "time_period_ms", 60),
		.size = number_within(record, "data_length", 1, GATEWAY_PROBE_MAX),
	};
}

static const char *
device_of(const struct snapshot *snapshot, const char *interface)
{
	const struct record *record = collection_find(snapshot_named(snapshot, "interfaces.interface"), text_of(interface));

	return record && record_bool(record, "enable") ? record_get(record, "if") : "";
}

static struct gateway
configured(const struct making *making, const struct record *record)
{
	struct gateway gateway = {
		.record = record,
		.name = record_get(record, "name"),
		.interface = record_get(record, "interface"),
		.device = device_of(making->snapshot, record_get(record, "interface")),
		.family = text_is(record_text(record, "ipprotocol"), "inet6") ? FAMILY_INET6 : FAMILY_INET,
		.is_far = record_bool(record, "fargw"),
		.is_upstream = record_bool(record, "defaultgw"),
		.is_disabled = record_bool(record, "disabled"),
		.kills = record_bool(record, "monitor_killstates"),
		.kills_lower = record_bool(record, "monitor_killstates_priority"),
		.priority = number_within(record, "priority", RANK_CONFIGURED, RANK_CONFIGURED),
		.weight = number_within(record, "weight", 1, GATEWAY_WEIGHT_MAX),
		.watch = read_watch(record),
		.health = record_bool(record, "force_down") ? GATEWAY_FORCED_DOWN : GATEWAY_FINE,
	};

	gateway.is_dynamic = !address_read(record_text(record, "gateway"), &gateway.address) ||
			     gateway.address.family != gateway.family;
	if (gateway.is_dynamic)
		gateway.address.family = FAMILY_NONE;
	address_read(record_text(record, "monitor"), &gateway.watch.target);
	return gateway;
}

/* Where it is and how it is, as the box knows now. */
static void
look(const struct making *making, struct gateway *gateway)
{
	const struct gateway_live *live = making->live;

	gateway->is_there = gateway->device[0] && !gateway->is_disabled;
	if (gateway->is_there && gateway->is_dynamic)
		gateway->is_there = live && live->router &&
				    live->router(live->context, gateway->device, gateway->family, &gateway->address);
	if (gateway->watch.target.family != gateway->family)
		gateway->watch.target = gateway->address;
	gateway->watch.is_on &= gateway->is_there && gateway->number && gateway->watch.target.family != FAMILY_NONE;
	if (gateway->health == GATEWAY_FORCED_DOWN)
		return;
	if (live && live->health && gateway->watch.is_on)
		gateway->health = live->health[gateway->number];
	if (!gateway->is_there || (live && live->has_carrier && !live->has_carrier(live->context, gateway->device)))
		gateway->health = GATEWAY_DOWN;
}

/* --- All of them ------------------------------------------------------------------------------ */

static void
add(struct making *making, struct gateway gateway)
{
	if (making->n == GATEWAYS_MAX)
		return;
	gateway.number = (uint8_t)numbers_give(making->numbers, gateway.name);
	look(making, &gateway);
	making->list[making->n++] = gateway;
}

static bool
has_name(const struct making *making, const char *name)
{
	for (size_t i = 0; i < making->n; i++)
		if (strcmp(making->list[i].name, name) == 0)
			return true;
	return false;
}

/* A name that is taken already is not given to another. */
static void
add_found(struct making *making, const struct record *interface, enum family family)
{
	const char *suffix = gateway_found_suffix(interface, family);
	const char *name;

	if (!record_bool(interface, "enable") || !suffix || gateway_is_adopted(making->snapshot, interface, family))
		return;
	name = gateway_found_name(making->arena, interface, suffix);
	if (has_name(making, name))
		return;
	add(making, (struct gateway){ .name = name, .interface = interface->uuid, .device = record_get(interface, "if"),
				      .family = family, .is_dynamic = true, .priority = RANK_FOUND, .weight = 1 });
}

static void
add_all(struct making *making)
{
	const struct collection *records = snapshot_named(making->snapshot, "routing.gateway");
	const struct collection *interfaces = snapshot_named(making->snapshot, "interfaces.interface");

	making->n = 0;
	for (size_t i = 0; i < collection_count(records); i++)
		add(making, configured(making, collection_at(records, i)));
	for (size_t i = 0; i < collection_count(interfaces); i++) {
		add_found(making, collection_at(interfaces, i), FAMILY_INET);
		add_found(making, collection_at(interfaces, i), FAMILY_INET6);
	}
}

/* Names that nobody has any more give their numbers up only when others want for one. */
static bool
lacks_numbers(const struct making *making)
{
	bool used[GATEWAYS_MAX + 1] = { false }, lacks = false;

	for (size_t i = 0; i < making->n; i++) {
		used[making->list[i].number] = true;
		lacks |= making->list[i].number == 0;
	}
	for (unsigned number = 1; lacks && number <= GATEWAYS_MAX; number++)
		if (!used[number] && numbers_name(making->numbers, number))
			numbers_release(making->numbers, number);
	return lacks;
}

/* Upstream ones first, then by priority; what is alike stays in its order. */
static bool
is_before(const struct gateway *a, const struct gateway *b)
{
	return a->is_upstream != b->is_upstream ? a->is_upstream : a->priority < b->priority;
}

static void
sort(struct gateway *list, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && is_before(&list[k], &list[k - 1]); k--) {
			const struct gateway swapped = list[k];

			list[k] = list[k - 1];
			list[k - 1] = swapped;
		}
}

struct gateways
gateways_read(struct arena *arena, const struct snapshot *snapshot, struct numbers *numbers,
              const struct gateway_live *live)
{
	struct making   making = { .arena = arena, .snapshot = snapshot, .numbers = numbers, .live = live };
	struct gateways gateways = { 0 };

	making.list = ARENA_MAKE(arena, struct gateway, GATEWAYS_MAX);
	add_all(&making);
	if (lacks_numbers(&making))
		add_all(&making);
	sort(making.list, making.n);
	gateways.list = making.list;
	gateways.n = making.n;
	gateways_choose(arena, snapshot, &gateways);
	return gateways;
}

const struct gateway *
gateways_find(const struct gateways *gateways, struct text name)
{
	for (size_t i = 0; i < gateways->n; i++)
		if (text_is(name, gateways->list[i].name))
			return &gateways->list[i];
	return NULL;
}

const struct gateway_group *
gateways_group(const struct gateways *gateways, struct text name)
{
	for (size_t i = 0; i < gateways->ngroups; i++)
		if (text_is(name, gateways->groups[i].name))
			return &gateways->groups[i];
	return NULL;
}
