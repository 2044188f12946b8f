/* Sums by the minute, and what is counted anew from the queries that are kept one by one. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "proc/resolver/query_inside.h"

static const char *const source_words[SOURCES] = { "Recursion", "Local", "Local-data", "Cache" };

static const char *
piece(const struct asked *asked, enum piece n)
{
	const char *text = asked->text;

	for (unsigned i = 0; i < n; i++)
		text += strlen(text) + 1;
	return text;
}

static void
set_number(struct arena *arena, struct value *object, const char *name, int64_t number)
{
	value_set(arena, object, name, value_integer(arena, number));
}

/* Percent with two digits behind the point. */
static struct value *
share(struct arena *arena, uint32_t part, uint32_t all)
{
	struct value *out = value_object(arena);

	set_number(arena, out, "total", part);
	value_set_string(arena, out, "pcnt", arena_print(arena, "%.2f", all ? 100.0 * part / all : 0.0));
	return out;
}

struct tally {
	const char         *name;
	uint32_t            count;
	const struct asked *latest;
};

static int
compare_tallies(const void *a, const void *b)
{
	const struct tally *x = *(const struct tally *const *)a, *y = *(const struct tally *const *)b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* The n-th of those kept, the latest first. */
static const struct asked *
nth(const struct query_log *log, size_t n)
{
	return &log->ring[(log->next + log->room - 1 - n) % log->room];
}

static struct value *
top(const struct query_log *log, struct arena *arena, bool blocked, size_t most)
{
	struct map    *map = map_make(arena);
	struct tally **list = ARENA_MAKE(arena, struct tally *, log->count + 1);
	struct value  *out = value_object(arena);
	size_t         n = 0;

	for (size_t i = 0; i < log->count; i++) {
		const struct asked *asked = nth(log, i);
		const char         *name = piece(asked, PIECE_NAME);
		struct tally       *tally = map_get(map, text_of(name));

		if (asked->is_blocked != blocked)
			continue;
		if (!tally) {
			tally = ARENA_MAKE(arena, struct tally, 1);
			*tally = (struct tally){ name, 0, asked };
			map_set(map, text_of(name), tally);
			list[n++] = tally;
		}
		tally->count++;
	}
	qsort(list, n, sizeof(*list), compare_tallies);
	for (size_t i = 0; i < n && i < most; i++) {
		struct value *row = share(arena, list[i]->count, blocked ? log->total.blocked : log->total.total);

		if (blocked)
			value_set_string(arena, row, "latest_policy_uuid", piece(list[i]->latest, PIECE_POLICY));
		value_set_text(arena, out, text_of(list[i]->name), row);
	}
	return out;
}

struct value *
query_log_totals(struct query_log *log, struct arena *arena, size_t most)
{
	struct value *out = value_object(arena);

	pthread_mutex_lock(&log->lock);
	const struct minute total = log->total;

	set_number(arena, out, "total", total.total);
	set_number(arena, out, "passed", total.total - total.blocked - total.dropped);
	value_set(arena, out, "resolved", share(arena, total.resolved, total.total));
	value_set(arena, out, "blocked", share(arena, total.blocked, total.total));
	value_set(arena, out, "local", share(arena, total.local, total.total));
	set_number(arena, out, "start_time", log->since);
	value_set(arena, out, "top", top(log, arena, false, most));
	value_set(arena, out, "top_blocked", top(log, arena, true, most));
	pthread_mutex_unlock(&log->lock);
	return out;
}

/* Minutes that are told together. */
static int64_t
step_of(unsigned hours)
{
	return hours <= 1 ? 1 : hours <= 12 ? 5 : 10;
}

static void
add_minute(struct minute *sum, const struct minute *one)
{
	sum->total += one->total;
	sum->blocked += one->blocked;
	sum->dropped += one->dropped;
	sum->resolved += one->resolved;
	sum->local += one->local;
	sum->cached += one->cached;
}

struct value *
query_log_rolling(struct query_log *log, struct arena *arena, unsigned hours, int64_t now)
{
	const int64_t step = step_of(hours), last = now / 60 / step * step, first = last - (int64_t)hours * 60 + step;
	struct value *out = value_object(arena);

	pthread_mutex_lock(&log->lock);
	for (int64_t at = first; at <= last; at += step) {
		struct minute sum = { 0 };
		struct value *row = value_object(arena);

		for (int64_t i = at; i < at + step; i++)
			if (log->minutes[i % QUERY_LOG_MINUTES].minute == i)
				add_minute(&sum, &log->minutes[i % QUERY_LOG_MINUTES]);
		set_number(arena, row, "total", sum.total);
		set_number(arena, row, "passed", sum.total - sum.blocked - sum.dropped);
		set_number(arena, row, "blocked", sum.blocked);
		set_number(arena, row, "dropped", sum.dropped);
		set_number(arena, row, "resolved", sum.resolved);
		set_number(arena, row, "local", sum.local);
		set_number(arena, row, "cached", sum.cached);
		value_set_text(arena, out, text_of(arena_print(arena, "%lld", (long long)at * 60)), row);
	}
	pthread_mutex_unlock(&log->lock);
	return out;
}

struct value *
query_log_clients(struct query_log *log, struct arena *arena, unsigned hours, int64_t now)
{
	const int64_t step = step_of(hours), last = now / 60 / step * step, first = last - (int64_t)hours * 60 + step;
	struct value *out = value_object(arena);

	for (int64_t at = first; at <= last; at += step)
		value_set_text(arena, out, text_of(arena_print(arena, "%lld", (long long)at * 60)), value_object(arena));
	pthread_mutex_lock(&log->lock);
	for (size_t i = 0; i < log->count; i++) {
		const struct asked *asked = nth(log, i);
		const int64_t       at = asked->time / 60 / step * step;
		struct value       *slot = value_get(out, arena_print(arena, "%lld", (long long)at * 60)), *row;

		if (!slot)
			continue;
		row = value_get(slot, piece(asked, PIECE_CLIENT));
		if (!row) {
			row = value_object(arena);
			set_number(arena, row, "count", 0);
			value_set_string(arena, row, "hostname", "");
			value_set(arena, slot, piece(asked, PIECE_CLIENT), row);
		}
		value_get(row, "count")->integer++;
	}
	pthread_mutex_unlock(&log->lock);
	return out;
}

static struct value *
show(struct arena *arena, const struct asked *asked)
{
	struct value *row = value_object(arena);
	const char   *client = piece(asked, PIECE_CLIENT);

	set_number(arena, row, "time", asked->time);
	value_set_string(arena, row, "client", client);
	value_set_string(arena, row, "family", strchr(client, ':') ? "ip6" : "ip4");
	value_set_string(arena, row, "type", piece(asked, PIECE_TYPE));
	value_set_string(arena, row, "domain", piece(asked, PIECE_NAME));
	value_set_string(arena, row, "action", asked->is_dropped ? "Drop" : asked->is_blocked ? "Block" : "Pass");
	value_set_string(arena, row, "source", source_words[asked->source]);
	value_set(arena, row, "blocklist", value_null(arena));
	value_set_string(arena, row, "policy", "");
	value_set_string(arena, row, "rcode", piece(asked, PIECE_RCODE));
	set_number(arena, row, "resolve_time_ms", asked->milliseconds);
	value_set_string(arena, row, "dnssec_status", "");
	set_number(arena, row, "ttl", 0);
	set_number(arena, row, "status", asked->is_dropped ? 2 : asked->is_blocked ? 1 : 0);
	value_set_string(arena, row, "uuid", piece(asked, PIECE_POLICY));
	return row;
}

struct value *
query_log_rows(struct query_log *log, struct arena *arena, const char *client, int64_t from, int64_t until, size_t most)
{
	struct value *out = value_list(arena);

	pthread_mutex_lock(&log->lock);
	for (size_t i = 0; i < log->count && out->count < most; i++) {
		const struct asked *asked = nth(log, i);

		if (asked->time >= from && asked->time <= until && (!client || strcmp(piece(asked, PIECE_CLIENT), client) == 0))
			value_add(arena, out, show(arena, asked));
	}
	pthread_mutex_unlock(&log->lock);
	return out;
}
