/* dhcrelay(8) has no file: one process for each relay, told by its words. */
#include "base/address.h"
#include "plan/network/making.h"
#include "plan/service/planner.h"

#define RELAYS_MAX 32 /* processes */

struct relay {
	const struct service_view *view;
	const struct record       *record;
	const char                *device;
	struct buffer              words; /* one a line */
};

static void
add_word(struct relay *relay, const char *word)
{
	buffer_print(&relay->words, "%s\n", word);
}

static const struct record *
destination_of(const struct relay *relay)
{
	return collection_find(snapshot_named(relay->view->snapshot, "dhcrelay.destination"),
			       record_text(relay->record, "destination"));
}

/* Answers may come from any other link. */
static void
add_others(struct relay *relay, const char *option, const char *address)
{
	const struct collection *interfaces = snapshot_named(relay->view->snapshot, "interfaces.interface");

	for (size_t i = 0; i < collection_count(interfaces); i++) {
		const char *device = making_device(relay->view->snapshot, text_of(collection_at(interfaces, i)->uuid));

		if (!device || text_is(text_of(device), relay->device) || text_is(text_of(device), "lo"))
			continue;
		add_word(relay, option);
		add_word(relay, address ? arena_print(relay->view->arena, "%s%%%s", address, device) : device);
	}
}

/* Through the link that the server's network is on; when none is known, through all. */
static void
add_server6(struct relay *relay, const struct address *server)
{
	const struct collection *interfaces = snapshot_named(relay->view->snapshot, "interfaces.interface");
	const char              *address = address_print(relay->view->arena, server);
	struct prefix            own;

	for (size_t i = 0; i < collection_count(interfaces); i++) {
		const struct record *interface = collection_at(interfaces, i);
		const char          *device = making_device(relay->view->snapshot, text_of(interface->uuid));

		if (!device || !prefix_read(record_text(interface, "ipaddrv6"), &own) || !prefix_covers(&own, server))
			continue;
		add_word(relay, "-u");
		add_word(relay, arena_print(relay->view->arena, "%s%%%s", address, device));
		return;
	}
	add_others(relay, "-u", address);
}

static bool
is_six(const struct record *destination)
{
	struct text    rest = record_text(destination, "server"), one;
	struct address address;

	return text_next(&rest, ",", &one) && address_read(one, &address) && address.family == FAMILY_INET6;
}

static void
add_words(struct relay *relay, const struct record *destination)
{
	struct text    rest = record_text(destination, "server"), one;
	struct address address;
	const bool     six = is_six(destination);

	add_word(relay, six ? "-6" : "-4");
	if (record_bool(relay->record, "agent_info"))
		add_word(relay, six ? "-I" : "-a");
	add_word(relay, six ? "-l" : "-id");
	add_word(relay, relay->device);
	if (!six)
		add_others(relay, "-iu", NULL);
	while (text_next(&rest, ",", &one)) {
		if (!address_read(one, &address))
			continue;
		if (six)
			add_server6(relay, &address);
		else
			add_word(relay, address_print(relay->view->arena, &address));
	}
}

static void
put_relay(struct relay *relay, struct service_draft *draft, size_t n)
{
	const struct record *destination = destination_of(relay);
	struct service_plan *plan;

	if (!destination || !relay->device)
		return;
	if (n == RELAYS_MAX) {
		service_miss(draft, "more than %d DHCP relays", RELAYS_MAX);
		return;
	}
	if (record_has(relay->record, "circuit_id") || record_has(relay->record, "remote_id"))
		service_miss(draft, "dhcrelay cannot be told its circuit or remote ID");
	if (record_has(relay->record, "carp_depend_on"))
		service_miss(draft, "dhcrelay does not follow a virtual IP");
	add_words(relay, destination);
	plan = service_put(draft, arena_print(relay->view->arena, "dhcrelay@%s", relay->record->uuid), true);
	service_put_file(draft, plan, "words", buffer_text(&relay->words), false);
}

void
plan_dhcrelay(const struct service_view *view, struct service_draft *draft)
{
	const struct collection *relays = snapshot_named(view->snapshot, "dhcrelay.relay");

	for (size_t i = 0, n = 0; i < collection_count(relays); i++) {
		struct relay relay = { view, collection_at(relays, i) };

		relay.device = making_device(view->snapshot, record_text(relay.record, "interface"));
		if (record_bool(relay.record, "enabled"))
			put_relay(&relay, draft, n++);
		buffer_clear(&relay.words);
	}
}
