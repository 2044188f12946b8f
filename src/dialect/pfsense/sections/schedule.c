/* schedules/schedule: firewall.schedule, whose ranges are lines of fields divided by "|". */
#include "dialect/pfsense/mount.h"

#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct renamed members[] = {
	{ "name",       NULL,    FORM_ALWAYS },
	{ "descr",      NULL,    FORM_ALWAYS },
	{ "schedlabel", "label", FORM_ALWAYS },
	{ "timerange",  NULL,    FORM_OWN },
	{ NULL },
};

static const char *const range_members[] = { "position", "month", "day", "hour", "rangedescr" };
/* clang-format on */

static void
show(struct tree *tree, const struct record *record, struct value *object)
{
	struct arena *arena = tree_arena(tree);
	struct text   lines = record_text(record, "ranges"), line;
	struct value *ranges = value_list(arena);

	while (text_next(&lines, "\n", &line)) {
		struct value *range = value_object(arena);

		for (size_t i = 0; i < COUNT(range_members); i++) {
			const struct text part = i + 1 < COUNT(range_members) ? text_until(&line, '|') : line;

			if (part.len)
				value_set(arena, range, range_members[i], value_text(arena, part));
		}
		value_add(arena, ranges, range);
	}
	value_set(arena, object, "timerange", ranges);
}

/* Line ends and dividers have no place in a description. */
static void
add_part(struct buffer *out, struct text part)
{
	for (size_t i = 0; i < part.len; i++)
		buffer_add_byte(out, part.ptr[i] == '\n' || part.ptr[i] == '|' ? ' ' : part.ptr[i]);
}

static void
fill(struct tree *tree, const struct value *object, struct record *record)
{
	struct arena       *arena = tree_arena(tree);
	const struct value *ranges = to_list(arena, value_get(object, "timerange"));
	scoped_buffer       out = BUFFER_NONE;

	for (size_t i = 0; i < value_count(ranges); i++) {
		if (i)
			buffer_add_byte(&out, '\n');
		for (size_t j = 0; j < COUNT(range_members); j++) {
			if (j)
				buffer_add_byte(&out, '|');
			add_part(&out, to_text(arena, value_get(ranges->members[i].value, range_members[j])));
		}
	}
	record_set(record, "ranges", arena_copy(arena, buffer_text(&out)));
}

const struct mount mount_schedules = {
	.path = "schedules/schedule",
	.resource = "firewall.schedule",
	.shape = MOUNT_LIST,
	.identity = "name",
	.members = members,
	.show = show,
	.fill = fill,
};
