/* Whoever began a connection is at the link its packets come in by; there its ends are as he knows them. */
#include "proc/flow/passing.h"

#include <stdio.h>
#include <string.h>

enum { ICMP = 1, ICMP6 = 58 };

static bool
is_watched(const struct passing_links *links, const char *device, bool is_out)
{
	for (size_t i = 0; device[0] && i < links->n; i++)
		if (strcmp(links->links[i].device, device) == 0)
			return is_out || !links->links[i].only_out;
	return false;
}

/* What stands for the ports of ICMP is a number of its own. */
static struct state_end
end_of(const struct state *state, const struct state_end *end)
{
	const bool has_ports = state->protocol != ICMP && state->protocol != ICMP6;

	return (struct state_end){ end->address, has_ports ? end->port : 0 };
}

static struct passing
whole_of(const struct meter_reading *reading, const struct way *way, bool is_back)
{
	const struct state *state = reading->state;

	return (struct passing){
		.protocol = state->protocol, .service = end_of(state, &state->destination).port,
		.in = is_back ? way->out : way->in, .out = is_back ? way->in : way->out,
		.packets = reading->packets[is_back], .octets = reading->bytes[is_back],
		.first = reading->first, .last = reading->last,
	};
}

static void
set_ends(struct passing *passing, const struct state *state, const struct state_end *source, const struct state_end *destination)
{
	passing->source = end_of(state, source);
	passing->destination = end_of(state, destination);
}

void
passing_each(const struct meter_reading *reading, const struct ways *ways, const struct passing_links *links, passing_take *take,
	     void *self)
{
	const struct state *state = reading->state;
	const struct way    way = ways_of(ways, state);

	for (int is_back = 0; is_back < 2; is_back++)
		for (int is_out = 0; is_out < 2 && reading->packets[is_back]; is_out++) {
			struct passing passing = whole_of(reading, &way, is_back);
			/* The link on the side of who began it: his packets come in there, the answers leave there. */
			const bool     is_near = is_back == is_out;

			passing.is_out = is_out;
			snprintf(passing.device, sizeof(passing.device), "%s", ways_name(ways, is_near ? way.in : way.out));
			if (!is_watched(links, passing.device, is_out))
				continue;
			if (is_near)
				set_ends(&passing, state, is_back ? &state->destination : &state->source,
					 is_back ? &state->source : &state->destination);
			else
				set_ends(&passing, state, is_back ? &state->reply_source : &state->reply_destination,
					 is_back ? &state->reply_destination : &state->reply_source);
			take(self, &passing);
		}
}
