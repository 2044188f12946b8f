/*
 * What one request costs the gate when a collection holds 10,000 records, for each collection that the OPNsense dialect
 * shows: the slowest are printed. The store is in memory; what a durable write costs beside it is in store.c.
 * usage: collections VECTORS [RESOURCE]   (RESOURCE: the figures of this one, "all": of each)
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "scenario/crowd.h"

#define RECORDS 10000
#define TURNS   5
#define SLOWEST 3 /* are named */

enum { SEARCH, GET, ADD, SET, TOGGLE, DELETE, OPERATIONS };
static const char *const operations[] = { "search", "get", "add", "set", "toggle", "delete" };
static const enum kind   kinds[] = { KIND_SEARCH, KIND_GET, KIND_ADD, KIND_SET, KIND_TOGGLE, KIND_DELETE };

/* Adding one makes a key or hashes a password: that is measured, not the collection. */
static const char *const slow_to_add[] = { "auth.user", "trust.ca", "trust.cert" };

struct figures {
	const struct resource *resource;
	double                 took[OPERATIONS]; /* seconds; 0: not measured */
};

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Tables of rules have a search of their own in place of the regular one. */
static bool
is_for(const struct route *route, const struct resource *resource, enum kind kind)
{
	return route->resource == resource && ((route->kind == kind && route->face) ||
					       (kind == KIND_SEARCH && route->kind == KIND_GRID && strstr(route->endpoint, "/search")));
}

static const struct route *
route_for(const struct walk_box *box, const struct resource *resource, enum kind kind)
{
	for (size_t i = 0; i < routes_count(box->routes); i++)
		if (is_for(routes_at(box->routes, i), resource, kind))
			return routes_at(box->routes, i);
	return NULL;
}

/* The best of some turns, which come in the order of a record's life. */
static void
keep(struct figures *figures, int operation, double begin)
{
	const double took = now() - begin;

	if (figures->took[operation] == 0 || took < figures->took[operation])
		figures->took[operation] = took;
}

static struct value *
timed(struct walk_box *box, struct arena *arena, struct figures *figures, int operation, const char *uuid, struct value *sent)
{
	const struct route *route = route_for(box, figures->resource, kinds[operation]);
	struct value       *have = NULL;

	if (!route)
		return NULL;
	const char *path = uuid ? arena_print(arena, "%s/%s", route->endpoint, uuid) : route->endpoint;

	if (sent && operation != SEARCH)
		sent = walk_wrapped(arena, route, sent);
	const double        begin = now();
	const struct answer answer = walk_box_ask(box, arena, METHOD_POST, path, sent, NULL);

	keep(figures, operation, begin);
	if (answer.status != 200)
		printf("%s: status %u: %.200s\n", path, answer.status, answer.body.ptr);
	if (operation == ADD)
		json_read(arena, answer.body, NULL, &have, NULL);
	return have;
}

/* What a client changes: what it sent, with one field made the n-th. */
static struct value *
changed(struct arena *arena, const struct resource *resource, unsigned n)
{
	struct value *record = value_object(arena);

	for (size_t i = 0; i < resource->nfields; i++)
		if (strstr(resource->fields[i].name, "descr") && !(resource->fields[i].flags & VOLATILE)) {
			value_set_string(arena, record, resource->fields[i].name, arena_print(arena, "turn %u", n));
			break;
		}
	return record;
}

static void
measure(struct walk_box *box, struct figures *figures, bool always)
{
	const struct resource *resource = figures->resource;

	for (unsigned turn = 0; turn < TURNS; turn++) {
		scoped_arena        arena = arena_new();
		struct value       *grid = value_object(arena);
		const struct route *add = route_for(box, resource, KIND_ADD);
		const char         *uuid = NULL;
		struct value       *have = timed(box, arena, figures, ADD, NULL, walk_box_plausible(box, arena, add));

		if (!walk_is_saved(have, &uuid) || !uuid) {
			if (turn == 0 || always)
				printf("%s: not added\n", resource->name);
			figures->took[ADD] = 0;
			uuid = crowd_uuid(arena, turn);
		}
		value_set(arena, grid, "current", value_integer(arena, 3));
		value_set(arena, grid, "rowCount", value_integer(arena, 20));
		value_set_string(arena, grid, "searchPhrase", "1");
		timed(box, arena, figures, SEARCH, NULL, grid);
		timed(box, arena, figures, GET, uuid, NULL);
		timed(box, arena, figures, SET, uuid, changed(arena, resource, turn));
		timed(box, arena, figures, TOGGLE, uuid, NULL);
		timed(box, arena, figures, DELETE, uuid, NULL);
	}
}

/* A list of which hardly any is shown says nothing about a search among many. */
static void
check_search(struct walk_box *box, const struct resource *resource)
{
	scoped_arena        arena = arena_new();
	const struct route *route = route_for(box, resource, KIND_SEARCH);
	struct value       *grid = value_object(arena), *found = NULL;

	if (!route)
		return;
	value_set(arena, grid, "current", value_integer(arena, 1));
	value_set(arena, grid, "rowCount", value_integer(arena, 1));
	json_read(arena, walk_box_ask(box, arena, METHOD_POST, route->endpoint, grid, NULL).body, NULL, &found, NULL);
	const struct value *total = value_get(found, "total");

	if (!value_is(total, VALUE_INTEGER) || total->integer < RECORDS)
		printf("%s: its search does not show all\n", resource->name);
}

/* Records of some resources are shown by a setting only. */
static void
show_all(struct walk_box *box)
{
	scoped_arena   arena = arena_new();
	struct record *settings = record_make(arena, schema_named(harness_service(box->harness)->schema, "firewall.filter_settings"));
	struct batch  *batch = store_begin(harness_store(box->harness));
	struct change *change = batch_change(batch, arena, NULL);

	record_set(settings, "general.snat_mode", "hybrid");
	change_put(change, settings);
	batch_accept(batch, change, true);
	BUG_IF(batch_commit(batch, NULL) != RESULT_DONE, "nothing can be set");
}

static void
measure_among(struct walk_box *box, struct figures *figures, bool always)
{
	scoped_arena arena = arena_new();
	const char  *like = map_get(box->known, text_of(figures->resource->name));

	crowd_fill(box, figures->resource, like, RECORDS);
	timed(box, arena, &(struct figures){ figures->resource }, DELETE, like, NULL);
	check_search(box, figures->resource);
	measure(box, figures, always);
	crowd_clear(box, figures->resource);
	if (!always)
		return;
	printf("%-28s", figures->resource->name);
	for (int operation = 0; operation < OPERATIONS; operation++)
		printf(" %s %.3f", operations[operation], figures->took[operation] * 1e3);
	printf("\n");
}

static bool
is_there(struct walk_box *box, const struct resource *resource)
{
	const struct snapshot *snapshot = store_snapshot(harness_store(box->harness));
	const char            *uuid = map_get(box->known, text_of(resource->name));
	const bool             is = collection_find(snapshot_collection(snapshot, resource), text_of(uuid)) != NULL;

	snapshot_release(snapshot);
	return is;
}

static bool
is_slow_to_add(const struct resource *resource)
{
	for (size_t i = 0; i < COUNT(slow_to_add); i++)
		if (strcmp(resource->name, slow_to_add[i]) == 0)
			return true;
	return false;
}

/* The slowest that are not among those named already. */
static const struct figures *
find_slowest(const struct figures *all, size_t count, int operation, const struct figures *const *named, size_t nnamed)
{
	const struct figures *slowest = NULL;

	for (size_t i = 0; i < count; i++) {
		bool is_named = operation == ADD && is_slow_to_add(all[i].resource);

		for (size_t j = 0; j < nnamed; j++)
			is_named = is_named || named[j] == &all[i];
		if (!is_named && (!slowest || all[i].took[operation] > slowest->took[operation]))
			slowest = &all[i];
	}
	return slowest;
}

static void
report(const struct figures *all, size_t count, int operation)
{
	const struct figures *slowest[SLOWEST];

	printf("bench\t10,000 records in a collection, the slowest of %zu: %s\t", count, operations[operation]);
	for (size_t i = 0; i < SLOWEST && (slowest[i] = find_slowest(all, count, operation, slowest, i)); i++)
		printf("%s%.2f ms (%s)", i ? ", " : "", slowest[i]->took[operation] * 1e3, slowest[i]->resource->name);
	printf("\t-\tin the gate, store in memory\n");
}

int
main(int argc, char **argv)
{
	static struct figures all[256];
	size_t                count = 0;
	struct walk_box       box;
	scoped_arena          arena = arena_new();

	if (argc < 2)
		return 2;
	const char *vectors = arena_print(arena, "%s/opnsense", argv[1]);

	walk_box_open(&box, vectors);
	show_all(&box);
	for (size_t i = 0; i < routes_count(box.routes) && count < COUNT(all); i++) {
		const struct route    *route = routes_at(box.routes, i);
		const struct resource *resource = route->resource;

		/* Some have a second way to add to them. */
		if (route->kind != KIND_ADD || !resource || !map_get(box.known, text_of(resource->name)) ||
		    (argc > 2 && strcmp(argv[2], "all") != 0 && strcmp(argv[2], resource->name) != 0) || (count && all[count - 1].resource == resource))
			continue;
		/* The one to be copied may have gone with another. */
		if (!is_there(&box, resource)) {
			walk_box_close(&box);
			walk_box_open(&box, vectors);
			show_all(&box);
		}
		all[count].resource = resource;
		measure_among(&box, &all[count], argc > 2);
		count++;
	}
	for (int operation = 0; operation < OPERATIONS; operation++)
		report(all, count, operation);
	walk_box_close(&box);
	return 0;
}
