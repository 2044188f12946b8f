/* Gateways, with what is known about them right now, in words of both dialects. */
#include <string.h>

#include "proc/ask/ask.h"
#include "proc/part/gateways.h"

#define UNKNOWN "~"

static const char *
translated(enum gateway_health health)
{
	static const char *const words[GATEWAY_HEALTHS] = {
		[GATEWAY_FINE] = "Online",         [GATEWAY_PENDING] = "Pending",
		[GATEWAY_DELAYED] = "Latency",     [GATEWAY_LOSSY] = "Packetloss",
		[GATEWAY_POOR] = "Latency, Packetloss", [GATEWAY_DOWN] = "Offline",
		[GATEWAY_FORCED_DOWN] = "Offline (forced)",
	};

	return words[health];
}

static const char *
milliseconds(struct arena *arena, uint32_t microseconds)
{
	return arena_print(arena, "%.1f ms", microseconds / 1000.0);
}

static const char *
address_or_unknown(struct arena *arena, const struct address *address)
{
	return address->family == FAMILY_NONE ? UNKNOWN : address_print(arena, address);
}

/* What both lists have. */
static void
put_state(const struct asking *asking, struct value *row, const struct gateway *gateway)
{
	struct arena              *arena = asking->arena;
	const struct probe_result *result = gateway_part_result(asking->box->gateways, gateway);
	const bool                 is_measured = result && result->is_measured;
	/* Too early to say is no trouble. */
	const enum gateway_health  shown = gateway->health == GATEWAY_PENDING ? GATEWAY_FINE : gateway->health;

	value_set_string(arena, row, "name", gateway->name);
	value_set_string(arena, row, "address", address_or_unknown(arena, &gateway->address));
	value_set_string(arena, row, "status", gateway_health_word(shown));
	value_set_string(arena, row, "loss", is_measured ? arena_print(arena, "%.1f %%", result->loss / 10.0) : UNKNOWN);
	value_set_string(arena, row, "delay", is_measured ? milliseconds(arena, result->delay) : UNKNOWN);
	value_set_string(arena, row, "stddev", is_measured ? milliseconds(arena, result->deviation) : UNKNOWN);
	value_set_string(arena, row, "monitor",
			 gateway->watch.is_on ? address_or_unknown(arena, &gateway->watch.target) : UNKNOWN);
	value_set_string(arena, row, "status_translated", translated(gateway->health));
}

static void
put_more(const struct asking *asking, struct value *row, const struct gateway *gateway, const struct gateways *gateways)
{
	struct arena        *arena = asking->arena;
	const struct address source = gateway_part_source(asking->box->gateways, gateway);
	const bool           is_default = gateway == gateways->standard4 || gateway == gateways->standard6;

	value_set_string(arena, row, "interface", gateway->interface);
	value_set_string(arena, row, "device", gateway->device);
	value_set_string(arena, row, "ipprotocol", gateway->family == FAMILY_INET6 ? "inet6" : "inet");
	value_set_string(arena, row, "srcip", source.family == FAMILY_NONE ? "" : address_print(arena, &source));
	value_set(arena, row, "priority", value_integer(arena, gateway->priority));
	value_set(arena, row, "dynamic", value_bool(arena, gateway->is_dynamic));
	value_set(arena, row, "virtual", value_bool(arena, !gateway->record));
	value_set(arena, row, "defunct", value_bool(arena, !gateway->is_there));
	value_set(arena, row, "disabled", value_bool(arena, gateway->is_disabled));
	value_set(arena, row, "default", value_bool(arena, is_default));
}

static struct value *
list_gateways(const struct asking *asking, bool all)
{
	struct value         *list = value_list(asking->arena);
	const struct gateways gateways = gateway_part_read(asking->box->gateways, asking->arena, asking->snapshot);

	for (size_t i = 0; i < gateways.n; i++) {
		struct value *row = value_object(asking->arena);

		if (gateways.list[i].is_disabled && !all)
			continue;
		put_state(asking, row, &gateways.list[i]);
		if (all)
			put_more(asking, row, &gateways.list[i], &gateways);
		value_add(asking->arena, list, row);
	}
	return list;
}

enum result
topic_gateways_status(struct asking *asking, struct value **answer)
{
	*answer = list_gateways(asking, false);
	return RESULT_DONE;
}

enum result
topic_gateways(struct asking *asking, struct value **answer)
{
	*answer = list_gateways(asking, true);
	return RESULT_DONE;
}
