/*
 * Answers: rows of archives are added up by the fields that are asked for. What an answer tells apart is limited: the largest
 * have names, all others are one.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "base/map.h"
#include "proc/flow/insight_inside.h"

/* --- What is asked ------------------------------------------------------------------------------------------------ */

struct wanted {
	struct arena          *arena;
	const struct provider *provider;
	struct archive        *archive;
	unsigned               step;
	enum flow_field        fields[INSIGHT_FIELDS_MAX];
	size_t                 nfields;
	struct {
		enum flow_field field;
		struct text     value;
	} filters[INSIGHT_FIELDS_MAX];
	size_t                 nfilters;
};

static bool
read_fields(struct wanted *wanted, struct text rest)
{
	for (struct text name; text_next(&rest, ",", &name);) {
		const enum flow_field field = field_of(wanted->provider, name);

		if (!field || wanted->nfields == INSIGHT_FIELDS_MAX)
			return false;
		wanted->fields[wanted->nfields++] = field;
	}
	return wanted->nfields > 0;
}

static bool
read_filter(struct wanted *wanted, struct text rest)
{
	for (struct text value; text_next(&rest, ",", &value);) {
		const enum flow_field field = field_of(wanted->provider, text_until(&value, '='));

		if (!field || wanted->nfilters == INSIGHT_FIELDS_MAX)
			return false;
		wanted->filters[wanted->nfilters].field = field;
		wanted->filters[wanted->nfilters++].value = value;
	}
	return true;
}

/* The archive of the resolution, or the finest that reaches so far back, or else the coarsest. */
static bool
find_archive(struct wanted *wanted, const struct insight *insight, const struct insight_query *query)
{
	const struct provider *provider = wanted->provider;
	struct archive *const *archives = insight->archives[provider - providers];

	for (size_t i = 0; i < RESOLUTIONS_MAX && archives[i]; i++) {
		const struct archive_shape *shape = &provider->shapes[i];
		const bool                  is_far = query->from >= query->now - (int64_t)shape->step * shape->spans;
		const bool                  is_last = i + 1 == RESOLUTIONS_MAX || !archives[i + 1];

		wanted->archive = archives[i];
		wanted->step = shape->step;
		if (query->resolution ? query->resolution == shape->step : is_far || is_last)
			return true;
	}
	return false;
}

static bool
find_provider(struct wanted *wanted, const struct insight *insight, const struct insight_query *query)
{
	for (size_t i = 0; i < PROVIDERS && !wanted->provider; i++)
		if (strcmp(providers[i].name, query->provider) == 0)
			wanted->provider = &providers[i];
	return wanted->provider && find_archive(wanted, insight, query);
}

static bool
read_query(struct wanted *wanted, struct arena *arena, const struct insight *insight, const struct insight_query *query)
{
	*wanted = (struct wanted){ .arena = arena };
	return find_provider(wanted, insight, query) && read_fields(wanted, query->fields) && read_filter(wanted, query->filter);
}

static bool
is_wanted(const struct wanted *wanted, const struct flow_row *row)
{
	for (size_t i = 0; i < wanted->nfilters; i++)
		if (!text_is(wanted->filters[i].value, field_text(wanted->arena, &row->key, wanted->filters[i].field)))
			return false;
	return true;
}

/* --- Adding up ------------------------------------------------------------------------------------------------------ */

struct total {
	struct text key; /* values of the fields, comma separated */
	struct flow_key example;
	uint64_t    octets, packets;
	int64_t     last;
	uint64_t  (*spans)[2]; /* octets and packets of each; NULL: not asked for */
};

struct totals {
	const struct wanted *wanted;
	struct map          *by_key;
	struct total       **list;
	size_t               n, room;
	int64_t              first; /* start of the first span that has anything; 0: none has */
	/* For numbers over time. */
	struct total        *others;
	size_t               nspans;
};

static struct text
key_text(const struct wanted *wanted, const struct flow_key *key)
{
	const char *text = "";

	for (size_t i = 0; i < wanted->nfields; i++)
		text = arena_print(wanted->arena, "%s%s%s", text, i ? "," : "",
				   key ? field_text(wanted->arena, key, wanted->fields[i]) : "");
	return text_of(text);
}

static struct total *
total_of(struct totals *totals, const struct flow_row *row)
{
	struct arena     *arena = totals->wanted->arena;
	const struct text key = key_text(totals->wanted, &row->key);
	struct total     *total = map_get(totals->by_key, key);

	if (total)
		return total;
	if (totals->n == totals->room) {
		struct total **more = ARENA_MAKE(arena, struct total *, totals->room * 2 + 64);

		if (totals->n > 0)
			memcpy(more, totals->list, totals->n * sizeof(*more));
		totals->list = more;
		totals->room = totals->room * 2 + 64;
	}
	total = ARENA_MAKE(arena, struct total, 1);
	*total = (struct total){ .key = key, .example = row->key };
	map_set(totals->by_key, key, total);
	return totals->list[totals->n++] = total;
}

static void
add_row(void *self, int64_t start, const struct flow_row *row)
{
	struct totals *totals = self;

	if (!is_wanted(totals->wanted, row))
		return;
	struct total *total = total_of(totals, row);

	total->octets += row->octets;
	total->packets += row->packets;
	total->last = row->last > total->last ? row->last : total->last;
	if (!totals->first)
		totals->first = start;
}

static int
compare_octets(const void *a, const void *b)
{
	const struct total *left = *(struct total *const *)a, *right = *(struct total *const *)b;

	if (left->octets != right->octets)
		return left->octets < right->octets ? 1 : -1;
	return text_compare(left->key, right->key);
}

static int
compare_packets(const void *a, const void *b)
{
	const struct total *left = *(struct total *const *)a, *right = *(struct total *const *)b;

	return left->packets != right->packets ? (left->packets < right->packets ? 1 : -1) : compare_octets(a, b);
}

static struct totals
add_up(const struct wanted *wanted, const struct insight_query *query, int (*compare)(const void *, const void *))
{
	struct totals totals = { .wanted = wanted, .by_key = map_make(wanted->arena) };

	archive_read(wanted->archive, query->from, query->to, query->now, add_row, &totals);
	if (totals.n > 0)
		qsort(totals.list, totals.n, sizeof(*totals.list), compare);
	return totals;
}

/* --- The largest ------------------------------------------------------------------------------------------------------ */

static struct value *
top_row(const struct wanted *wanted, const struct total *total, bool by_packets)
{
	struct value *row = value_object(wanted->arena);

	for (size_t i = 0; i < wanted->nfields; i++)
		value_set_string(wanted->arena, row, field_name(wanted->fields[i]),
				 total->key.len ? field_text(wanted->arena, &total->example, wanted->fields[i]) : "");
	value_set(wanted->arena, row, "total", value_integer(wanted->arena, (int64_t)(by_packets ? total->packets : total->octets)));
	value_set(wanted->arena, row, "last_seen", value_integer(wanted->arena, total->last));
	return row;
}

struct value *
insight_top(struct insight *insight, struct arena *arena, const struct insight_query *query, bool by_packets, size_t most)
{
	struct wanted wanted;
	struct value *rows = value_list(arena);
	struct total  others = { 0 };

	if (!read_query(&wanted, arena, insight, query))
		return NULL;
	pthread_mutex_lock(&insight->lock);
	const struct totals totals = add_up(&wanted, query, by_packets ? compare_packets : compare_octets);

	pthread_mutex_unlock(&insight->lock);
	most = most < INSIGHT_TOP_MAX ? most : INSIGHT_TOP_MAX;
	for (size_t i = 0; i < totals.n; i++) {
		const struct total *total = totals.list[i];

		if (i < most) {
			value_add(arena, rows, top_row(&wanted, total, by_packets));
			continue;
		}
		others.octets += total->octets;
		others.packets += total->packets;
		others.last = total->last > others.last ? total->last : others.last;
	}
	if (totals.n > most)
		value_add(arena, rows, top_row(&wanted, &others, by_packets));
	return rows;
}

/* --- Over time ----------------------------------------------------------------------------------------------------------- */

static void
add_to_span(void *self, int64_t start, const struct flow_row *row)
{
	struct totals *totals = self;
	const size_t   at = (size_t)((start - totals->first) / totals->wanted->step);

	if (!is_wanted(totals->wanted, row) || at >= totals->nspans)
		return;
	struct total *total = map_get(totals->by_key, key_text(totals->wanted, &row->key));

	if (!total || !total->spans)
		total = totals->others;
	total->spans[at][0] += row->octets;
	total->spans[at][1] += row->packets;
}

static void
make_spans(struct totals *totals, struct total *total)
{
	total->spans = (uint64_t(*)[2])ARENA_MAKE(totals->wanted->arena, uint64_t, totals->nspans * 2);
}

static const char *
span_numbers(struct arena *arena, const struct total *total, size_t n, size_t column)
{
	scoped_buffer text = BUFFER_NONE;

	for (size_t i = 0; i < n; i++)
		buffer_print(&text, "%s%llu", i ? " " : "", (unsigned long long)total->spans[i][column]);
	return arena_copy(arena, buffer_text(&text));
}

static struct value *
serie(const struct totals *totals, const struct total *total)
{
	struct arena *arena = totals->wanted->arena;
	struct value *one = value_object(arena);

	value_set(arena, one, "key", value_text(arena, total->key));
	value_set(arena, one, "first", value_integer(arena, totals->first * 1000));
	value_set(arena, one, "step", value_integer(arena, totals->wanted->step));
	value_set_string(arena, one, "octets", span_numbers(arena, total, totals->nspans, 0));
	value_set_string(arena, one, "packets", span_numbers(arena, total, totals->nspans, 1));
	return one;
}

/* Twice through the archive: who is largest is known after the first time. */
static size_t
fill_spans(struct totals *totals, const struct insight_query *query)
{
	const int64_t last = query->to - 1 < query->now ? query->to - 1 : query->now;
	size_t        most, n;

	totals->nspans = (size_t)((last - totals->first) / totals->wanted->step) + 1;
	most = INSIGHT_POINTS_MAX / totals->nspans;
	most = most < INSIGHT_SERIES_MAX ? most : INSIGHT_SERIES_MAX;
	n = totals->n < most ? totals->n : most;
	for (size_t i = 0; i < n; i++)
		make_spans(totals, totals->list[i]);
	totals->others = ARENA_MAKE(totals->wanted->arena, struct total, 1);
	totals->others->key = key_text(totals->wanted, NULL);
	make_spans(totals, totals->others);
	archive_read(totals->wanted->archive, query->from, query->to, query->now, add_to_span, totals);
	return n;
}

struct value *
insight_series(struct insight *insight, struct arena *arena, const struct insight_query *query)
{
	struct wanted wanted;
	struct value *list = value_list(arena);
	size_t        n = 0;

	if (query->resolution == 0 || !read_query(&wanted, arena, insight, query))
		return NULL;
	pthread_mutex_lock(&insight->lock);
	struct totals totals = add_up(&wanted, query, compare_octets);

	if (totals.first)
		n = fill_spans(&totals, query);
	pthread_mutex_unlock(&insight->lock);
	for (size_t i = 0; i < n; i++)
		value_add(arena, list, serie(&totals, totals.list[i]));
	if (totals.n > n)
		value_add(arena, list, serie(&totals, totals.others));
	return list;
}

/* --- One by one ------------------------------------------------------------------------------------------------------------ */

struct listing {
	const struct wanted *wanted;
	struct buffer       *out;
};

static void
put_time(struct buffer *out, int64_t seconds)
{
	const time_t time = (time_t)seconds;
	struct tm    parts;
	char         text[32] = "";

	if (gmtime_r(&time, &parts))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts);
	buffer_add_string(out, text);
}

static void
list_row(void *self, int64_t start, const struct flow_row *row)
{
	const struct listing *listing = self;
	const struct wanted  *wanted = listing->wanted;
	scoped_arena          arena = arena_new();

	put_time(listing->out, start);
	buffer_add_byte(listing->out, ',');
	put_time(listing->out, start + wanted->step);
	for (size_t i = 0; i < INSIGHT_FIELDS_MAX && wanted->provider->fields[i]; i++)
		buffer_print(listing->out, ",%s", field_text(arena, &row->key, wanted->provider->fields[i]));
	buffer_print(listing->out, ",%llu,%llu,", (unsigned long long)row->octets, (unsigned long long)row->packets);
	put_time(listing->out, row->last);
	buffer_add_byte(listing->out, '\n');
}

bool
insight_export(struct insight *insight, struct buffer *out, const struct insight_query *query)
{
	struct wanted  wanted = { 0 };
	struct listing listing = { &wanted, out };

	if (query->resolution == 0 || !find_provider(&wanted, insight, query))
		return false;
	buffer_add_string(out, "start_time,end_time");
	for (size_t i = 0; i < INSIGHT_FIELDS_MAX && wanted.provider->fields[i]; i++)
		buffer_print(out, ",%s", field_name(wanted.provider->fields[i]));
	buffer_add_string(out, ",octets,packets,last_seen\n");
	pthread_mutex_lock(&insight->lock);
	archive_read(wanted.archive, query->from, query->to, query->now, list_row, &listing);
	pthread_mutex_unlock(&insight->lock);
	return true;
}
