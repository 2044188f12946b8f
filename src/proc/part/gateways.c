/* Asking the keeper for links and for default routes that others made, and reading the gateways with that. */
#include "proc/part/gateways.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "plan/network/network.h"
#include "wire/links.h"
#include "wire/order.h"
#include "wire/routes.h"
#include "wire/sealed.h"
#include "wire/states.h"

#define SETTING_NUMBERS "gateway.numbers"

struct gateway_part {
	struct store           *store;
	struct mailer          *mailer;
	struct numbers         *numbers;
	uint64_t                saved; /* version of the numbers in the store */
	bool                    is_simulated;
	const struct snapshot  *snapshot; /* held; NULL: never looked */
	struct arena           *arena;    /* of what was found last */
	struct gateways         now;
	struct arena           *facts;    /* of the next two */
	struct links            links;
	struct routes           routers;
	struct buffer           probes;   /* that the keeper was told, as bytes */
	struct probe_result     results[GATEWAYS_MAX + 1]; /* by number; number 0: none */
	enum gateway_health     health[GATEWAYS_MAX + 1];
	bool                    was_down[GATEWAYS_MAX + 1]; /* when connections were ended last */
};

/* --- Facts ------------------------------------------------------------------------------------ */

static bool
ask(struct courier *courier, unsigned order, size_t max, struct text *mapped)
{
	scoped_writer  nothing;
	scoped_message reply;
	struct reader  in;

	writer_init(&nothing);
	message_init(&reply);
	if (courier_ask(courier, order, &nothing, ORDER_TIMEOUT, &reply) != RESULT_DONE)
		return false;
	in = message_reader(&reply);
	scoped_fd fd = get_fd(&in);

	return got_all(&in) && sealed_map(fd, max, mapped);
}

static void
learn(struct gateway_part *part, struct courier *courier)
{
	scoped_sealed links = TEXT_NONE, routers = TEXT_NONE;
	struct arena *arena = arena_new();
	struct links  new_links;
	struct routes new_routers;

	if (!ask(courier, ORDER_LINKS, LINKS_BYTES_MAX, &links) ||
	    !ask(courier, ORDER_ROUTERS, ROUTES_BYTES_MAX, &routers) || !links_decode(arena, links, &new_links) ||
	    !routes_decode(arena, routers, &new_routers)) {
		log_warning("the keeper does not say who routes");
		arena_free(arena);
		return;
	}
	arena_free(part->facts);
	part->facts = arena;
	part->links = new_links;
	part->routers = new_routers;
}

static enum gateway_health
health_of(enum probe_state state)
{
	static const enum gateway_health healths[] = {
		[PROBE_PENDING] = GATEWAY_PENDING, [PROBE_FINE] = GATEWAY_FINE, [PROBE_DELAYED] = GATEWAY_DELAYED,
		[PROBE_LOSSY] = GATEWAY_LOSSY,     [PROBE_POOR] = GATEWAY_POOR, [PROBE_DOWN] = GATEWAY_DOWN,
	};

	return healths[state];
}

static void
learn_results(struct gateway_part *part, struct courier *courier)
{
	struct probe_result results[PROBES_MAX];
	scoped_writer       nothing;
	scoped_message      reply;
	struct reader       in;
	unsigned            n;

	writer_init(&nothing);
	message_init(&reply);
	if (courier_ask(courier, ORDER_PROBED, &nothing, ORDER_TIMEOUT, &reply) != RESULT_DONE)
		return;
	in = message_reader(&reply);
	n = get_choice(&in, PROBES_MAX + 1);
	for (unsigned i = 0; i < n && !in.failed; i++)
		results[i] = get_probe_result(&in);
	if (!got_all(&in))
		return;
	for (unsigned i = 0; i <= GATEWAYS_MAX; i++) {
		part->results[i] = (struct probe_result){ 0 };
		part->health[i] = GATEWAY_PENDING;
	}
	for (unsigned i = 0; i < n; i++)
		if (results[i].number <= GATEWAYS_MAX) {
			part->results[results[i].number] = results[i];
			part->health[results[i].number] = health_of(results[i].state);
		}
}

/* The one that the kernel would take first. */
static bool
find_router(void *context, const char *device, enum family family, struct address *out)
{
	const struct gateway_part *part = context;
	const struct link         *link = links_find(&part->links, device);
	const struct route        *best = NULL;

	*out = (struct address){ FAMILY_NONE };
	if (part->is_simulated)
		return true;
	for (size_t i = 0; link && i < part->routers.n; i++) {
		const struct route *route = &part->routers.routes[i];

		if (route->link == link->index && route->destination.address.family == family &&
		    (!best || route->metric < best->metric))
			best = route;
	}
	if (!best)
		return false;
	*out = best->gateway;
	return true;
}

static bool
has_carrier(void *context, const char *device)
{
	const struct gateway_part *part = context;
	const struct link         *link = links_find(&part->links, device);

	return part->is_simulated || (link && link->up && link->running);
}

/* --- Probes ----------------------------------------------------------------------------------- */

static struct probe
probe_of(const struct gateway *gateway)
{
	const struct gateway_watch *watch = &gateway->watch;
	struct probe                probe = {
		.number = gateway->number, .is_routed = watch->is_routed, .target = watch->target,
		.interval = watch->interval, .loss_interval = watch->loss_interval, .period = watch->period,
		.delay_low = watch->delay_low, .delay_high = watch->delay_high, .loss_low = watch->loss_low,
		.loss_high = watch->loss_high, .size = watch->size,
	};

	if (strlen(gateway->device) <= PROBE_DEVICE_MAX)
		memcpy(probe.device, gateway->device, strlen(gateway->device));
	return probe;
}

/* Told once; the keeper goes on by itself. */
static void
send_probes(struct gateway_part *part, struct courier *courier)
{
	scoped_writer  order;
	scoped_message reply;
	uint32_t       n = 0;

	writer_init(&order);
	message_init(&reply);
	for (size_t i = 0; i < part->now.n; i++)
		n += part->now.list[i].watch.is_on;
	put_u32(&order, n);
	for (size_t i = 0; i < part->now.n; i++)
		if (part->now.list[i].watch.is_on) {
			const struct probe probe = probe_of(&part->now.list[i]);

			put_probe(&order, &probe);
		}
	if (text_equal(writer_text(&order), buffer_text(&part->probes)))
		return;
	const enum result result = courier_ask(courier, ORDER_PROBE, &order, ORDER_TIMEOUT, &reply);

	if (result != RESULT_DONE) {
		struct reader     in = message_reader(&reply);
		const struct text why = get_text(&in, ORDER_MESSAGE_MAX);

		log_warning("gateways are not probed: %.*s", TEXT_ARGS(why));
		return;
	}
	buffer_cut(&part->probes, 0);
	buffer_add(&part->probes, writer_text(&order));
}

const struct probe_result *
gateway_part_result(const struct gateway_part *part, const struct gateway *gateway)
{
	return gateway->watch.is_on && part->results[gateway->number].number ? &part->results[gateway->number] : NULL;
}

struct address
gateway_part_source(const struct gateway_part *part, const struct gateway *gateway)
{
	const struct link *link = links_find(&part->links, gateway->device);

	for (size_t i = 0; link && i < link->naddresses; i++)
		if (link->addresses[i].prefix.address.family == gateway->family && !link->addresses[i].local)
			return link->addresses[i].prefix.address;
	return (struct address){ FAMILY_NONE };
}

/* --- Connections ------------------------------------------------------------------------------ */

static void
end_states(struct courier *courier, uint32_t mark, uint32_t mask, uint8_t protocol)
{
	const struct state_filter filter = { .mark = mark, .mask = mask, .protocol = protocol };
	scoped_writer             order;
	scoped_message            reply;

	writer_init(&order);
	message_init(&reply);
	put_bool(&order, false);
	put_state_filter(&order, &filter);
	if (courier_ask(courier, ORDER_KILL_STATES, &order, ORDER_APPLY_TIMEOUT, &reply) != RESULT_DONE)
		log_warning("connections of a gateway that is down are not ended");
}

/*
 * What rules had sent by a gateway would stay with it for ever if it never pauses, as UDP does not: its next packet then
 * begins a new connection, by another gateway. TCP only goes when it is told to, because it may outlive a short failure.
 */
static void
end_fallen(struct courier *courier, const struct gateway *gateway)
{
	static const uint8_t restless[] = { IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_ICMPV6 };

	if (gateway->kills) {
		end_states(courier, NETWORK_MARK(gateway->number), NETWORK_MARK_MASK, 0);
		return;
	}
	for (size_t i = 0; i < COUNT(restless); i++)
		end_states(courier, NETWORK_MARK(gateway->number), NETWORK_MARK_MASK | NETWORK_MARK_REPLY, restless[i]);
}

/* The ones behind it in the order of preference give back what they had taken over. */
static void
end_lower(const struct gateways *gateways, size_t at, struct courier *courier)
{
	for (size_t i = at + 1; i < gateways->n; i++)
		if (gateways->list[i].family == gateways->list[at].family && gateways->list[i].number)
			end_states(courier, NETWORK_MARK(gateways->list[i].number), NETWORK_MARK_MASK, 0);
}

static void
say(const struct gateway_part *part, const char *name, const char *how)
{
	scoped_arena arena = arena_new();
	const char  *text = arena_print(arena, "gateway %s is %s", name, how);

	log_info("%s", text);
	mailer_tell(part->mailer, text);
}

void
gateway_part_settle(struct gateway_part *part, struct courier *courier)
{
	for (size_t i = 0; i < part->now.n && !part->is_simulated; i++) {
		const struct gateway *gateway = &part->now.list[i];
		const bool            is_down = gateway->health >= GATEWAY_DOWN, was_down = part->was_down[gateway->number];

		part->was_down[gateway->number] = is_down;
		if (gateway->number == 0 || is_down == was_down)
			continue;
		say(part, gateway->name, is_down ? "down" : "back");
		if (is_down)
			end_fallen(courier, gateway);
		else if (gateway->kills_lower)
			end_lower(&part->now, i, courier);
	}
}

/* --- Looking ---------------------------------------------------------------------------------- */

struct gateways
gateway_part_read(struct gateway_part *part, struct arena *arena, const struct snapshot *snapshot)
{
	const struct gateway_live live = { part, find_router, has_carrier, part->is_simulated ? NULL : part->health };

	return gateways_read(arena, snapshot, part->numbers, &live);
}

static void
save_numbers(struct gateway_part *part)
{
	scoped_buffer  text = BUFFER_NONE, message = BUFFER_NONE;
	const uint64_t version = numbers_version(part->numbers);

	if (version == part->saved)
		return;
	numbers_write(part->numbers, &text);
	if (store_setting_set(part->store, SETTING_NUMBERS, buffer_string(&text), &message) == RESULT_DONE)
		part->saved = version;
	else
		log_warning("numbers of gateways cannot be remembered: %s", buffer_string(&message));
}

void
gateway_part_look(struct gateway_part *part, struct courier *courier, const struct snapshot *snapshot)
{
	const struct snapshot *before = part->snapshot;
	struct arena          *arena = arena_new();

	learn(part, courier);
	learn_results(part, courier);
	part->snapshot = snapshot_hold(snapshot);
	part->now = gateway_part_read(part, arena, snapshot);
	arena_free(part->arena);
	part->arena = arena;
	snapshot_release(before);
	save_numbers(part);
	send_probes(part, courier);
}

const struct gateways *
gateway_part_now(const struct gateway_part *part)
{
	return &part->now;
}

/* --- Life ------------------------------------------------------------------------------------- */

struct gateway_part *
gateway_part_new(struct store *store, struct mailer *mailer, bool is_simulated)
{
	struct gateway_part *part = calloc(1, sizeof(*part));
	scoped_arena         arena = arena_new();

	BUG_IF(!part, "out of memory");
	*part = (struct gateway_part){ .store = store, .mailer = mailer, .numbers = numbers_new(GATEWAYS_MAX), .is_simulated = is_simulated,
		                       .arena = arena_new(), .facts = arena_new() };
	if (!numbers_read(part->numbers, text_of(store_setting(store, arena, SETTING_NUMBERS))))
		log_warning("numbers of gateways are not as they were written");
	part->saved = numbers_version(part->numbers);
	return part;
}

void
gateway_part_free(struct gateway_part *part)
{
	if (!part)
		return;
	snapshot_release(part->snapshot);
	numbers_free(part->numbers);
	buffer_clear(&part->probes);
	arena_free(part->arena);
	arena_free(part->facts);
	free(part);
}
