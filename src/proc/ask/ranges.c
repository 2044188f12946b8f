/* Addresses as clients write them, as ranges; and aliases whose content was changed by hand. */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "proc/ask/ask.h"

const char *
table_name(const char *asked)
{
	return strcmp(asked, "sshguard") == 0 ? "sshlockout" : asked;
}

bool
range_read(struct text text, struct address_range *out)
{
	struct prefix prefix;

	if (!prefix_read(text_trim(text), &prefix))
		return false;
	*out = (struct address_range){ prefix_first(&prefix), prefix_last(&prefix) };
	return true;
}

const char *
range_print(struct arena *arena, const struct address_range *range)
{
	struct prefix prefix = { range->first, address_bits(range->first.family) };

	for (; prefix.bits > 0; prefix.bits--) {
		const struct address first = prefix_first(&prefix), last = prefix_last(&prefix);

		if (address_compare(&first, &range->first) != 0)
			break;
		if (address_compare(&last, &range->last) != 0)
			continue;
		return prefix.bits == address_bits(range->first.family) ? address_print(arena, &range->first)
									: prefix_print(arena, &prefix);
	}
	return arena_print(arena, "%s-%s", address_print(arena, &range->first), address_print(arena, &range->last));
}

/* --- Overlays -------------------------------------------------------------------------------- */

struct overlay {
	char                 *alias;
	struct address_range *ranges;
	size_t                count;
	uint64_t              stamp;
	struct overlay       *next;
};

struct overlays {
	struct arena   *arena; /* of the filter made last */
	struct overlay *list;
	uint64_t        stamps;
};

struct overlays *
overlays_new(void)
{
	struct overlays *overlays = calloc(1, sizeof(*overlays));

	BUG_IF(!overlays, "out of memory");
	overlays->arena = arena_new();
	return overlays;
}

void
overlays_forget(struct overlays *overlays)
{
	for (struct overlay *one = overlays->list, *next; one; one = next) {
		next = one->next;
		free(one->alias);
		free(one->ranges);
		free(one);
	}
	overlays->list = NULL;
}

void
overlays_free(struct overlays *overlays)
{
	if (!overlays)
		return;
	overlays_forget(overlays);
	arena_free(overlays->arena);
	free(overlays);
}

static struct overlay *
find(const struct overlays *overlays, const char *alias)
{
	for (struct overlay *one = overlays->list; one; one = one->next)
		if (strcmp(one->alias, alias) == 0)
			return one;
	return NULL;
}

void
overlays_put(struct overlays *overlays, const char *alias, const struct address_range *ranges, size_t count)
{
	struct overlay       *one = find(overlays, alias);
	struct address_range *copy = malloc(count * sizeof(*copy) + 1);

	if (!one) {
		one = calloc(1, sizeof(*one));
		BUG_IF(!one, "out of memory");
		one->alias = strdup(alias);
		one->next = overlays->list;
		overlays->list = one;
	}
	BUG_IF(!copy || !one->alias, "out of memory");
	if (count > 0)
		memcpy(copy, ranges, count * sizeof(*copy));
	free(one->ranges);
	one->ranges = copy;
	one->count = count;
	/* Apart from the stamps that readers give and from hashes of content. */
	one->stamp = ++overlays->stamps | 1ULL << 62;
}

const struct filter *
overlays_lay(struct overlays *overlays, const struct filter *filter)
{
	if (!overlays->list)
		return filter;
	arena_reset(overlays->arena);
	struct filter              *out = ARENA_MAKE(overlays->arena, struct filter, 1);
	const struct filter_alias **list = ARENA_MAKE(overlays->arena, const struct filter_alias *, filter->naliases + 1);

	*out = *filter;
	out->aliases = list;
	for (size_t i = 0; i < filter->naliases; i++) {
		const struct overlay *one = find(overlays, filter->aliases[i]->name);
		struct filter_alias  *alias;

		list[i] = filter->aliases[i];
		if (!one)
			continue;
		alias = ARENA_MAKE(overlays->arena, struct filter_alias, 1);
		*alias = *filter->aliases[i];
		alias->ranges = one->ranges;
		alias->nranges = one->count;
		alias->stamp = one->stamp;
		list[i] = alias;
	}
	return out;
}
