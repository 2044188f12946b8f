/* A source that goes on and on costs one look through the connections a second. */
#include "proc/record/overload.h"

#include "base/bug.h"
#include "base/log.h"
#include "proc/part/connections.h"
#include "proc/record/packet.h"

#define AGAIN 1000000 /* microseconds */

static bool
is_recent(const struct overload *overload, const struct address *source, int64_t time)
{
	for (size_t i = 0; i < COUNT(overload->recent); i++) {
		const struct overloaded *one = &overload->recent[i];

		if (one->at != 0 && time - one->at < AGAIN && address_compare(&one->address, source) == 0)
			return true;
	}
	return false;
}

static void
end_connections(struct courier *courier, const struct address *source)
{
	scoped_arena              arena = arena_new();
	const struct state_filter which = { .source = { *source, address_bits(source->family) } };

	if (connections_end(courier, &which))
		log_warning("%s exceeded the limits of a rule: its connections end", address_print(arena, source));
	else
		log_warning("%s exceeded the limits of a rule, and its connections could not be ended", address_print(arena, source));
}

bool
overload_take(struct overload *overload, struct courier *courier, int64_t time, const struct feed_packet *packet)
{
	struct address source;

	if (!packet_flushes(packet, &source))
		return false;
	if (is_recent(overload, &source, time))
		return true;
	overload->recent[overload->next++ % COUNT(overload->recent)] = (struct overloaded){ source, time };
	end_connections(courier, &source);
	return true;
}
