/* Asking the keeper for links and for default routes that others made, and reading the gateways with that. */
#include "proc/part/gateways.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "wire/links.h"
#include "wire/order.h"
#include "wire/routes.h"
#include "wire/sealed.h"

#define SETTING_NUMBERS "gateway.numbers"

struct gateway_part {
	struct store           *store;
	struct numbers         *numbers;
	uint64_t                saved; /* version of the numbers in the store */
	bool                    is_simulated;
	const struct snapshot  *snapshot; /* held; NULL: never looked */
	struct arena           *arena;    /* of what was found last */
	struct gateways         now;
	struct arena           *facts;    /* of the next two */
	struct links            links;
	struct routes           routers;
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

static const struct link *
find_link(const struct gateway_part *part, const char *device)
{
	for (size_t i = 0; i < part->links.n; i++)
		if (strcmp(part->links.links[i].name, device) == 0)
			return &part->links.links[i];
	return NULL;
}

/* The one that the kernel would take first. */
static bool
find_router(void *context, const char *device, enum family family, struct address *out)
{
	const struct gateway_part *part = context;
	const struct link         *link = find_link(part, device);
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
	const struct link         *link = find_link(part, device);

	return part->is_simulated || (link && link->up && link->running);
}

/* --- Looking ---------------------------------------------------------------------------------- */

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
	const struct gateway_live live = { .context = part, .router = find_router, .has_carrier = has_carrier };
	const struct snapshot    *before = part->snapshot;
	struct arena             *arena = arena_new();

	learn(part, courier);
	part->snapshot = snapshot_hold(snapshot);
	part->now = gateways_read(arena, snapshot, part->numbers, &live);
	arena_free(part->arena);
	part->arena = arena;
	snapshot_release(before);
	save_numbers(part);
}

const struct gateways *
gateway_part_now(const struct gateway_part *part)
{
	return &part->now;
}

/* --- Life ------------------------------------------------------------------------------------- */

struct gateway_part *
gateway_part_new(struct store *store, bool is_simulated)
{
	struct gateway_part *part = calloc(1, sizeof(*part));
	scoped_arena         arena = arena_new();

	BUG_IF(!part, "out of memory");
	*part = (struct gateway_part){ .store = store, .numbers = numbers_new(GATEWAYS_MAX), .is_simulated = is_simulated,
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
	arena_free(part->arena);
	arena_free(part->facts);
	free(part);
}
