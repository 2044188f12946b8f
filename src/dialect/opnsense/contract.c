/* Comparing what is served with what the contract lists. */
#include "dialect/opnsense/contract.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/map.h"
#include "dialect/opnsense/opnsense.h"

static const char letters[KINDS + 1] = "sgaedtGEcu102?Rr!q#f~";

enum kind
contract_kind(char letter)
{
	const char *at = letter ? strchr(letters, letter) : NULL;

	BUG_IF(!at, "no kind %c", letter);
	return (enum kind)(at - letters);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct coverage *)a)->id, ((const struct coverage *)b)->id);
}

struct coverage *
opnsense_coverage(struct arena *arena, const void *table, size_t *count)
{
	const struct routes *routes = table;
	struct map          *known = map_make(arena);
	size_t               room = routes_count(routes), n = 0;

	for (size_t i = 0; i < contract_controllers_count; i++)
		room += strlen(contract_controllers[i].commands) / 2 + 1;
	struct coverage *all = ARENA_MAKE(arena, struct coverage, room);

	for (size_t i = 0; i < contract_controllers_count; i++) {
		struct text rest = text_of(contract_controllers[i].commands), command;

		while (text_next(&rest, " ", &command)) {
			const char *id = arena_print(arena, "%s/%.*s", contract_controllers[i].at,
						     (int)command.len - 1, command.ptr + 1);

			all[n] = (struct coverage){ id, kind_name(contract_kind(command.ptr[0])),
						    routes_find(routes, text_of(id)), true };
			map_set(known, text_of(id), &all[n++]);
		}
	}
	for (size_t i = 0; i < routes_count(routes); i++) {
		const struct route *route = routes_at(routes, i);

		if (!map_get(known, text_of(route->endpoint)))
			all[n++] = (struct coverage){ route->endpoint, kind_name(route->kind), true, false };
	}
	qsort(all, n, sizeof(*all), compare);
	*count = n;
	return all;
}
