/* The query engine of GET. */
#include "dialect/pfsense/query.h"

#include "base/bug.h"
#include "dialect/pfsense/coerce.h"

#define AHEAD       8 /* entries */
#define AHEAD_BYTES 768

enum test {
	TEST_EQUAL,
	TEST_STARTS,
	TEST_ENDS,
	TEST_CONTAINS,
	TEST_LT,
	TEST_LTE,
	TEST_GT,
	TEST_GTE,
};

/* A name and where the entry before had it: entries of one list are alike, and most share their names. */
struct sought {
	struct text name;
	size_t      at;
	const char *same; /* a text that is the name */
};

struct filter {
	struct sought       whole; /* the name as it was sent */
	struct sought       first; /* of the path, which is the name without the test's suffix */
	struct text         rest;  /* of the path */
	enum test           test;
	const struct value *value;
	struct text         want;       /* the value as text */
	bool                is_numeric; /* the value */
};

static const struct {
	const char *suffix;
	enum test   test;
} suffixes[] = {
	{ "__startswith", TEST_STARTS }, { "__endswith", TEST_ENDS }, { "__contains", TEST_CONTAINS },
	{ "__lte", TEST_LTE },           { "__lt", TEST_LT },         { "__gte", TEST_GTE },
	{ "__gt", TEST_GT },
};

/* Cut the next name off a path of names divided by "__". */
static struct text
next_name(struct text *path)
{
	struct text name = *path;

	for (size_t i = 1; i + 2 < path->len; i++)
		if (path->ptr[i] == '_' && path->ptr[i + 1] == '_') {
			name = text_first(*path, i);
			*path = text_after(*path, i + 2);
			return name;
		}
	*path = TEXT_NONE;
	return name;
}

static struct filter
filter_read(struct arena *arena, const struct member *member)
{
	struct text   path = member->name;
	struct filter filter = { .whole.name = path, .value = member->value, .want = to_text(arena, member->value),
				 .is_numeric = is_numeric(member->value) };

	for (size_t i = 0; i < COUNT(suffixes); i++) {
		const struct text suffix = text_of(suffixes[i].suffix);

		if (path.len > suffix.len && text_ends(path, suffix)) {
			path.len -= suffix.len;
			filter.test = suffixes[i].test;
			break;
		}
	}
	filter.rest = path;
	filter.first.name = next_name(&filter.rest);
	return filter;
}

static const struct value *
member_of(const struct value *entry, struct sought *sought)
{
	if (!value_is(entry, VALUE_OBJECT))
		return NULL;
	if (sought->at < entry->count && sought->same && entry->members[sought->at].name.ptr == sought->same)
		return entry->members[sought->at].value;
	for (size_t i = 0; i < entry->count; i++) {
		const struct text name = entry->members[i].name;

		if (text_equal(name, sought->name)) {
			sought->at = i;
			sought->same = name.ptr;
			return entry->members[i].value;
		}
	}
	return NULL;
}

static const struct value *
step_down(const struct value *entry, struct sought *sought)
{
	const struct value which = { .kind = VALUE_TEXT, .text = sought->name };
	size_t             index;

	if (value_is(entry, VALUE_LIST))
		return is_index(&which, &index) ? value_at(entry, index) : NULL;
	return member_of(entry, sought);
}

static const struct value *
descend(const struct value *entry, struct filter *filter)
{
	struct text rest = filter->rest;

	for (entry = step_down(entry, &filter->first); entry && rest.len;)
		entry = step_down(entry, &(struct sought){ .name = next_name(&rest) });
	return entry;
}

/* Texts are alike when they are the same or both are numbers. */
static bool
is_equal(const struct filter *filter, const struct value *found)
{
	if (value_is(found, VALUE_TEXT) && value_is(filter->value, VALUE_TEXT) && !filter->is_numeric)
		return text_equal(found->text, filter->want);
	return is_alike(found, filter->value);
}

static bool
compare(struct arena *arena, const struct filter *filter, const struct value *found)
{
	const struct text have = to_text(arena, found), want = filter->want;

	switch (filter->test) {
	case TEST_EQUAL:
		return is_equal(filter, found);
	case TEST_STARTS:
		return text_starts(have, want);
	case TEST_ENDS:
		return want.len ? text_ends(have, want) : have.len == 0;
	case TEST_CONTAINS:
		return text_contains(have, want);
	default:
		break;
	}
	if (!filter->is_numeric || !is_numeric(found))
		return false;
	const double a = to_real(found), b = to_real(filter->value);

	return filter->test == TEST_LT	? a < b :
	       filter->test == TEST_LTE ? a <= b :
	       filter->test == TEST_GT	? a > b :
					  a >= b;
}

static bool
passes(struct arena *arena, struct filter *filter, const struct value *entry)
{
	const struct value *found = member_of(entry, &filter->whole);

	if (is_equal(filter, found))
		return true;
	if (filter->test == TEST_EQUAL && filter->rest.len == 0 && value_is(entry, VALUE_OBJECT))
		return false; /* the path is the name */
	found = descend(entry, filter);
	return found && compare(arena, filter, found);
}

static bool
is_excluded(struct text name, const char *excludes)
{
	return text_is(name, "client-id") || text_is(name, "client-token") || text_lists(text_of(excludes), name);
}

/* Members whose name is a control character are ours. */
static bool
is_own(const struct value *data, size_t at)
{
	const struct text name = data->members[at].name;

	return data->kind == VALUE_OBJECT && name.len == 1 && name.ptr[0] == '\001';
}

/* Objects of a list that is kept lie far apart, each in one piece of memory. */
static void
fetch(const struct value *entry)
{
	for (size_t i = 0; entry && i < AHEAD_BYTES; i += 64)
		__builtin_prefetch((const char *)entry + i);
}

/* The positions of those that pass; gives how many they are. */
static size_t
find_passing(struct arena *arena, const struct value *data, struct filter *filters, size_t nfilters, size_t *positions)
{
	size_t count = 0;

	for (size_t i = 0; i < data->count; i++) {
		bool passed = !is_own(data, i);

		if (i + AHEAD < data->count)
			fetch(data->members[i + AHEAD].value);
		for (size_t j = 0; passed && j < nfilters; j++)
			passed = passes(arena, &filters[j], data->members[i].value);
		if (passed)
			positions[count++] = i;
	}
	return count;
}

/* Those at the positions: under their names, or, with gaps between them, under what was their index. */
static struct value *
pick(struct arena *arena, const struct value *data, const size_t *positions, size_t count)
{
	struct value *kept = value_list(arena);
	const bool    is_named = data->kind == VALUE_OBJECT, is_whole = count == 0 || (!is_named && positions[count - 1] == count - 1);

	kept->members = ARENA_MAKE(arena, struct member, count);
	kept->count = kept->room = count;
	for (size_t i = 0; i < count; i++) {
		kept->members[i] = data->members[positions[i]];
		if (!is_named && !is_whole)
			kept->members[i].name = text_of(arena_print(arena, "%zu", positions[i]));
	}
	if (!is_whole)
		kept->kind = VALUE_OBJECT;
	return kept;
}

struct value *
query_filter(struct arena *arena, struct value *data, const struct value *members, const char *excludes)
{
	struct filter *filters = ARENA_MAKE(arena, struct filter, value_count(members) + 1);
	size_t         count = 0;

	for (size_t i = 0; i < value_count(members); i++)
		if (!is_excluded(members->members[i].name, excludes))
			filters[count++] = filter_read(arena, &members->members[i]);
	if (count == 0 || (!value_is(data, VALUE_LIST) && !value_is(data, VALUE_OBJECT)))
		return data;
	size_t *positions = ARENA_MAKE(arena, size_t, data->count);

	return pick(arena, data, positions, find_passing(arena, data, filters, count, positions));
}
