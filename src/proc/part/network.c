/*
 * Both halves go to the keeper each time: routes depend on links, and what is there already costs nothing. A half
 * that was never applied is left as it is.
 */
#include "proc/part/network.h"

#include <string.h>

#include "backend/identity.h"
#include "base/log.h"
#include "plan/network/read.h"
#include "wire/bulk.h"
#include "wire/order.h"
#include "wire/sealed.h"

static enum result
send_plan(struct courier *courier, struct text plan, struct buffer *message)
{
	scoped_writer  order;
	scoped_message reply;
	struct reader  in;
	struct text    said;

	writer_init(&order);
	message_init(&reply);
	put_fd(&order, sealed_new("drawbridge-network", plan));

	const enum result result = courier_ask(courier, ORDER_LOAD_NETWORK, &order, ORDER_APPLY_TIMEOUT, &reply);

	in = message_reader(&reply);
	said = get_text(&in, ORDER_MESSAGE_MAX);
	if (result == RESULT_DONE) {
		if (said.len > 0)
			log_warning("network: %.*s", TEXT_ARGS(said));
		return RESULT_DONE;
	}
	buffer_add(message, said);
	if (message->len == 0)
		buffer_add_string(message, "the keeper does not answer");
	return result;
}

static void
learn(const struct snapshot **have, const struct snapshot *now)
{
	const struct snapshot *before = *have;

	if (!now)
		return;
	*have = snapshot_hold(now);
	snapshot_release(before);
}

static enum result
apply(const struct network_part *part, struct courier *courier, struct network_wish wish, struct buffer *missing,
      struct buffer *message)
{
	scoped_arena   arena = arena_new();
	scoped_buffer  plan = BUFFER_NONE;
	struct network network;

	if (wish.routes) {
		gateway_part_look(part->gateways, courier, wish.routes);
		wish.gateways = gateway_part_now(part->gateways);
	}
	network = network_read(arena, wish, missing);
	network_encode(&plan, &network);
	if (plan.len > NETWORK_BYTES_MAX) {
		buffer_add_string(message, "the plan of the network is too big");
		return RESULT_TOO_BIG;
	}
	return send_plan(courier, buffer_text(&plan), message);
}

enum result
network_part_apply(struct network_part *part, struct courier *courier, const struct snapshot *links,
                   const struct snapshot *routes, struct buffer *message)
{
	scoped_buffer             missing = BUFFER_NONE;
	const struct network_wish wish = { .links = links ? links : part->links, .routes = routes ? routes : part->routes,
		                            .devices = part->devices, .grants = part->grants, .mends = part->mends, .keeps_given = part->keeps_given };
	const enum result         result = apply(part, courier, wish, &missing, message);

	/* Rules go by the gateways that are in force. */
	if (result != RESULT_DONE && routes && part->routes)
		gateway_part_look(part->gateways, courier, part->routes);
	if (result != RESULT_DONE)
		return result;
	learn(&part->links, links);
	learn(&part->routes, routes);
	if (missing.len == 0 || part->is_simulated)
		return RESULT_DONE;
	buffer_add(message, buffer_text(&missing));
	return RESULT_UNAVAILABLE;
}

void
network_part_learn(struct network_part *part, const struct snapshot *devices)
{
	learn(&part->devices, devices);
}

static void
add_servers(struct identity *out, const struct grants *grants)
{
	for (size_t i = 0; i < grants->n; i++)
		for (size_t k = 0; k < grants->list[i].nservers && out->nservers < IDENTITY_SERVERS_MAX; k++)
			out->servers[out->nservers++] = grants->list[i].servers[k];
}

/* The machine's name is one label; of a host name with dots the first. False: no machine can be called so. */
static bool
read_identity(const struct record *general, struct identity *out)
{
	struct text       rest = record_text(general, "hostname"), one;
	const struct text host = text_until(&rest, '.'), domain = record_text(general, "domain");

	if (host.len > IDENTITY_HOST_MAX || domain.len > IDENTITY_DOMAIN_MAX)
		return false;
	*out = (struct identity){ .nservers = 0 };
	memcpy(out->host, host.ptr, host.len);
	memcpy(out->domain, domain.ptr, domain.len);
	rest = record_text(general, "dns_servers");
	while (out->nservers < IDENTITY_SERVERS_MAX && text_next(&rest, ",", &one))
		out->nservers += address_read(one, &out->servers[out->nservers]);
	return identity_is_valid(out);
}

static void
put_identity(struct writer *order, const struct identity *identity)
{
	put_string(order, identity->host);
	put_string(order, identity->domain);
	put_u32(order, (uint32_t)identity->nservers);
	for (size_t i = 0; i < identity->nservers; i++)
		put_address(order, &identity->servers[i]);
}

enum result
network_part_name(struct courier *courier, const struct snapshot *snapshot, const struct grants *grants,
                  struct buffer *message)
{
	const struct record *general = snapshot_single(snapshot, "system.general");
	scoped_writer   order;
	scoped_message  reply;
	struct reader   in;
	struct identity identity;

	writer_init(&order);
	message_init(&reply);
	if (!read_identity(general, &identity)) {
		buffer_add_string(message, "Linux cannot call a machine so: letters, digits and hyphens only");
		return RESULT_REFUSED;
	}
	if (record_bool(general, "dns_allow_override"))
		add_servers(&identity, grants);
	put_identity(&order, &identity);
	const enum result result = courier_ask(courier, ORDER_SET_IDENTITY, &order, ORDER_TIMEOUT, &reply);

	in = message_reader(&reply);
	if (result != RESULT_DONE)
		buffer_add(message, get_text(&in, ORDER_MESSAGE_MAX));
	if (result != RESULT_DONE && message->len == 0)
		buffer_add_string(message, "the keeper does not answer");
	return result;
}

void
network_part_clear(struct network_part *part)
{
	snapshot_release(part->links);
	snapshot_release(part->routes);
	snapshot_release(part->devices);
	part->links = part->routes = part->devices = NULL;
}
