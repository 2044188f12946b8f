/* The query engine of GET. */
#include "dialect/pfsense/query.h"

#include "dialect/pfsense/coerce.h"

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

struct filter {
	struct text         name; /* whole, as sent */
	struct text         path; /* without the test's suffix */
	enum test           test;
	const struct value *value;
};

static const struct {
	const char *suffix;
	enum test   test;
} suffixes[] = {
	{ "__startswith", TEST_STARTS }, { "__endswith", TEST_ENDS }, { "__contains", TEST_CONTAINS },
	{ "__lte", TEST_LTE },           { "__lt", TEST_LT },         { "__gte", TEST_GTE },
	{ "__gt", TEST_GT },
};

static struct filter
filter_read(const struct member *member)
{
	struct filter filter = { member->name, member->name, TEST_EQUAL, member->value };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		const struct text suffix = text_of(suffixes[i].suffix);

		if (member->name.len > suffix.len && text_ends(member->name, suffix)) {
			filter.path = text_first(member->name, member->name.len - suffix.len);
			filter.test = suffixes[i].test;
			break;
		}
	}
	return filter;
}

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

static const struct value *
descend(const struct value *entry, struct text path)
{
	while (entry && path.len) {
		const struct text  name = next_name(&path);
		const struct value which = { .kind = VALUE_TEXT, .text = name };
		size_t             index;

		if (entry->kind == VALUE_LIST)
			entry = is_index(&which, &index) ? value_at(entry, index) : NULL;
		else
			entry = value_get_text(entry, name);
	}
	return entry;
}

static bool
compare(struct arena *arena, const struct filter *filter, const struct value *found)
{
	const struct text have = to_text(arena, found), want = to_text(arena, filter->value);

	switch (filter->test) {
	case TEST_EQUAL:
		return is_alike(found, filter->value);
	case TEST_STARTS:
		return text_starts(have, want);
	case TEST_ENDS:
		return want.len ? text_ends(have, want) : have.len == 0;
	case TEST_CONTAINS:
		return text_contains(have, want);
	default:
		break;
	}
	if (!is_numeric(found) || !is_numeric(filter->value))
		return false;
	const double a = to_real(found), b = to_real(filter->value);

	return filter->test == TEST_LT	? a < b :
	       filter->test == TEST_LTE ? a <= b :
	       filter->test == TEST_GT	? a > b :
					  a >= b;
}

static bool
passes(struct arena *arena, const struct filter *filter, const struct value *entry)
{
	const struct value *found = value_get_text(entry, filter->name);

	if (is_alike(found, filter->value))
		return true;
	found = descend(entry, filter->path);
	return found && compare(arena, filter, found);
}

static bool
is_excluded(struct text name, const char *excludes)
{
	struct text rest = text_of(excludes), piece;

	if (text_is(name, "client-id") || text_is(name, "client-token"))
		return true;
	if (excludes && strcmp(excludes, "*") == 0)
		return true;
	while (text_next(&rest, ",", &piece))
		if (text_equal(piece, name))
			return true;
	return false;
}

struct value *
query_filter(struct arena *arena, struct value *data, const struct value *members,
             const char *excludes)
{
	struct filter *filters = ARENA_MAKE(arena, struct filter, value_count(members) + 1);
	size_t         count = 0;
	bool           whole = true;

	for (size_t i = 0; i < value_count(members); i++)
		if (!is_excluded(members->members[i].name, excludes))
			filters[count++] = filter_read(&members->members[i]);
	if (count == 0 || (!value_is(data, VALUE_LIST) && !value_is(data, VALUE_OBJECT)))
		return data;
	struct value *kept = value_list(arena);

	for (size_t i = 0; i < data->count; i++) {
		const bool  named = data->kind == VALUE_OBJECT;
		struct text name = data->members[i].name;
		bool        passed = !(named && name.len == 1 && name.ptr[0] == '\001');

		for (size_t j = 0; passed && j < count; j++)
			passed = passes(arena, &filters[j], data->members[i].value);
		if (!passed)
			continue;
		whole = whole && !named && kept->count == i;
		value_add(arena, kept, data->members[i].value);
		kept->members[kept->count - 1].name =
			named ? name : text_of(arena_print(arena, "%zu", i));
	}
	if (!whole && kept->count)
		kept->kind = VALUE_OBJECT;
	return kept;
}
