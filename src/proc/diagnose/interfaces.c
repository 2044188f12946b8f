/* What links have carried, as netstat and ifinfo show it. */
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "proc/diagnose/diagnose.h"

static void
put_number(struct arena *arena, struct value *row, const char *name, uint64_t number)
{
	value_set(arena, row, name, value_integer(arena, (int64_t)number));
}

static void
put_digits(struct arena *arena, struct value *row, const char *name, uint64_t number)
{
	value_set_string(arena, row, name, arena_print(arena, "%llu", (unsigned long long)number));
}

/* --- As netstat -i ---------------------------------------------------------------------------------------- */

static struct value *
statistics_row(struct arena *arena, const struct link *link, const char *network, const char *address)
{
	struct value *row = value_object(arena);

	value_set_string(arena, row, "name", arena_print(arena, "%s%s", link->name, link->up ? "" : "*"));
	value_set_string(arena, row, "flags", arena_print(arena, "0x%x", link->flags));
	put_number(arena, row, "mtu", link->mtu);
	value_set_string(arena, row, "network", network);
	value_set_string(arena, row, "address", address);
	put_number(arena, row, "received-packets", link->in.packets);
	put_number(arena, row, "received-errors", link->in.errors);
	put_number(arena, row, "dropped-packets", link->in.drops);
	put_number(arena, row, "received-bytes", link->in.bytes);
	put_number(arena, row, "sent-packets", link->out.packets);
	put_number(arena, row, "send-errors", link->out.errors);
	put_number(arena, row, "sent-bytes", link->out.bytes);
	put_number(arena, row, "collisions", link->collisions);
	return row;
}

static void
put_link(struct asking *asking, struct value *answer, const struct link *link)
{
	struct arena *arena = asking->arena;
	const char   *described = asked_description(asking, link->name);
	const char   *name = arena_print(arena, "[%s] (%s)", described[0] ? described : link->name, link->name);
	const char   *mac = mac_print(arena, link->mac);

	value_set(arena, answer, arena_print(arena, "%s / %s", name, mac),
		  statistics_row(arena, link, arena_print(arena, "<Link#%u>", link->index), mac));
	/* The kernel counts for the link, not for each address: these show whose addresses they are. */
	for (size_t i = 0; i < link->naddresses; i++) {
		const struct prefix *prefix = &link->addresses[i].prefix;
		const struct prefix  network = { prefix_first(prefix), prefix->bits };
		const char          *address = address_print(arena, &prefix->address);

		value_set(arena, answer, arena_print(arena, "%s / %s", name, address),
			  statistics_row(arena, link, prefix_print(arena, &network), address));
	}
}

enum result
topic_interface_statistics(struct asking *asking, struct value **answer)
{
	struct links      links;
	const enum result result = asked_links(asking, &links);

	if (result != RESULT_DONE)
		return result;
	*answer = value_object(asking->arena);
	for (size_t i = 0; i < links.n; i++)
		put_link(asking, *answer, &links.links[i]);
	return RESULT_DONE;
}

/* --- As ifinfo ----------------------------------------------------------------------------------------------- */

static struct value *
counters_row(struct arena *arena, const struct link *link)
{
	struct value *row = value_object(arena);

	value_set_string(arena, row, "device", link->name);
	value_set_string(arena, row, "driver", link->kind[0] ? link->kind : link->name);
	put_digits(arena, row, "index", link->index);
	value_set_string(arena, row, "flags", arena_print(arena, "0x%x", link->flags));
	put_digits(arena, row, "promiscuous listeners", (link->flags & IFF_PROMISC) != 0);
	put_digits(arena, row, "send queue length", 0);
	put_digits(arena, row, "send queue max length", link->queue);
	put_digits(arena, row, "send queue drops", link->out.drops);
	value_set_string(arena, row, "type", link->type == ARPHRD_ETHER ? "Ethernet" : link->type == ARPHRD_LOOPBACK ? "Loopback" : "Other");
	put_digits(arena, row, "address length", link->type == ARPHRD_ETHER ? 6 : 0);
	put_digits(arena, row, "header length", link->type == ARPHRD_ETHER ? 14 : 0);
	/* As if_data has it: 1 down, 2 up. */
	put_digits(arena, row, "link state", link->running ? 2 : 1);
	put_digits(arena, row, "vhid", 0);
	put_digits(arena, row, "datalen", 0);
	put_digits(arena, row, "mtu", link->mtu);
	put_digits(arena, row, "metric", 0);
	value_set_string(arena, row, "line rate", arena_print(arena, "%llu bit/s", (unsigned long long)link->speed * 1000000));
	put_digits(arena, row, "packets received", link->in.packets);
	put_digits(arena, row, "input errors", link->in.errors);
	put_digits(arena, row, "packets transmitted", link->out.packets);
	put_digits(arena, row, "output errors", link->out.errors);
	put_digits(arena, row, "collisions", link->collisions);
	put_digits(arena, row, "bytes received", link->in.bytes);
	put_digits(arena, row, "bytes transmitted", link->out.bytes);
	put_digits(arena, row, "multicasts received", link->multicast);
	put_digits(arena, row, "multicasts transmitted", 0);
	put_digits(arena, row, "input queue drops", link->in.drops);
	put_digits(arena, row, "packets for unknown protocol", link->unknown);
	value_set_string(arena, row, "HW offload capabilities", "0x0");
	put_digits(arena, row, "uptime at attach or stat reset", 1);
	return row;
}

enum result
topic_interface_counters(struct asking *asking, struct value **answer)
{
	struct links      links;
	const enum result result = asked_links(asking, &links);

	if (result != RESULT_DONE)
		return result;
	*answer = value_object(asking->arena);
	for (size_t i = 0; i < links.n; i++)
		value_set(asking->arena, *answer, links.links[i].name, counters_row(asking->arena, &links.links[i]));
	return RESULT_DONE;
}
