/* Text only: whether there are such gateways is checked elsewhere. */
#include "api/tiers.h"

#include <string.h>

#include "base/buffer.h"
#include "base/number.h"

static const char *const fields[TIERS] = { "item", "item2", "item3", "item4", "item5" };

bool
tiers_are_in(struct text list)
{
	return text_contains(list, TEXT("|"));
}

static void
clear_buffers(struct buffer *buffers)
{
	for (size_t i = 0; i < TIERS; i++)
		buffer_clear(&buffers[i]);
}

void
tiers_read(struct arena *arena, struct record *group, struct text list)
{
	struct buffer tiers[TIERS] = { BUFFER_NONE };
	struct text   one;

	while (text_next(&list, ",", &one)) {
		const struct text name = text_trim(text_until(&one, '|'));
		int64_t           tier;

		if (name.len == 0)
			continue;
		if (!number_read(text_until(&one, '|'), 1, INT64_MAX, &tier))
			tier = 1;
		struct buffer *names = &tiers[(tier < TIERS ? tier : TIERS) - 1];

		if (names->len > 0)
			buffer_add_byte(names, ',');
		buffer_add(names, name);
	}
	for (size_t i = 0; i < TIERS; i++)
		record_set(group, fields[i], arena_copy(arena, buffer_text(&tiers[i])));
	clear_buffers(tiers);
}

bool
tiers_next(const struct record *group, struct tier_member *member)
{
	while (member->rest.len == 0) {
		if (member->tier == TIERS)
			return false;
		member->rest = record_text(group, fields[member->tier++]);
	}
	return text_next(&member->rest, ",", &member->name);
}
