/* What clients ask about hosts: those that were discovered, or, where nobody discovers, whom the kernel knows now. */
#include <string.h>
#include <time.h>

#include "proc/ask/ask.h"
#include "proc/ask/box_inside.h"
#include "proc/discover/discovery.h"
#include "proc/record/makers.h"
#include "wire/routes.h"

/* 2026-01-31 12:30:00, UTC */
static const char *
time_of(struct arena *arena, int64_t seconds)
{
	const time_t when = (time_t)seconds;
	struct tm    parts;
	char         text[32] = "";

	if (gmtime_r(&when, &parts))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts);
	return arena_copy(arena, text_of(text));
}

static struct value *
row_of(struct asking *asking, const char *source, const struct host *host)
{
	struct arena *arena = asking->arena;
	struct value *row = value_object(arena);

	value_set_string(arena, row, "source", source);
	value_set_string(arena, row, "interface_name", host->device);
	value_set_string(arena, row, "ether_address", mac_print(arena, host->mac));
	value_set_string(arena, row, "ip_address", address_print(arena, &host->address));
	value_set(arena, row, "organization_name", value_text(arena, makers_find(asking->box->makers, host->mac)));
	value_set_string(arena, row, "first_seen", host->last ? time_of(arena, host->first) : "");
	value_set_string(arena, row, "last_seen", host->last ? time_of(arena, host->last) : "");
	return row;
}

/* Without times: the kernel does not say since when. */
static enum result
list_present(struct asking *asking, struct value *rows)
{
	struct neighbours all;
	struct links      links;
	enum result       result = asked_links(asking, &links);

	if (result == RESULT_DONE)
		result = asked_neighbours(asking, &all);
	for (size_t i = 0; result == RESULT_DONE && i < all.n; i++) {
		const struct neighbour *one = &all.neighbours[i];
		const char             *device = links_name(&links, one->link);
		struct host             host = { .address = one->address };

		if (!one->has_mac || strlen(device) >= sizeof(host.device))
			continue;
		memcpy(host.device, device, strlen(device));
		memcpy(host.mac, one->mac, sizeof(host.mac));
		value_add(asking->arena, rows, row_of(asking, "arp-ndp", &host));
	}
	return result;
}

enum result
topic_hosts(struct asking *asking, struct value **answer)
{
	struct host *hosts = NULL;
	size_t       n = 0;
	enum result  result;

	*answer = value_list(asking->arena);
	if (asking->box->setup.is_simulated)
		return RESULT_DONE;
	if (!discovery_runs(asking->box->discovery))
		return list_present(asking, *answer);
	result = discovery_list(asking->box->discovery, asking->arena, &hosts, &n, asking->message);
	for (size_t i = n; result == RESULT_DONE && i > 0; i--)
		value_add(asking->arena, *answer, row_of(asking, "discovery", &hosts[i - 1]));
	return result;
}
