/*
 * What taking in a file costs when it has 10,000 records of a collection, for each collection that the OPNsense dialect adds to:
 * the import of a config.xml, the upload of a table where there is one, and the checks of its records when all other collections
 * have as many. Processor time; the slowest are printed.
 * usage: bulk VECTORS [RESOURCE]   (RESOURCE: the figures of this one, "all": of each)
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/config_xml.h"
#include "scenario/crowd.h"
#include "schema/type.h"

#define RECORDS 10000
#define SLOWEST 3 /* are named */
#define ENOUGH  5 /* seconds: from what was checked until then the rest is estimated */

enum { IMPORT, UPLOAD, CHECK, OPERATIONS };
static const char *const operations[] = { "import of config.xml", "upload of a table", "checks among 10,000 of all others" };

struct figures {
	const struct resource *resource;
	double                 took[OPERATIONS]; /* seconds; 0: not measured */
};

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void
import(struct walk_box *box, struct figures *figures, struct text xml)
{
	scoped_arena           arena = arena_new();
	scoped_buffer          report = BUFFER_NONE, message = BUFFER_NONE;
	const struct service  *service = harness_service(box->harness);
	struct snapshot       *empty = snapshot_new(service->schema);
	struct change         *change = change_make(arena, empty, NULL);
	const double           begin = now();

	if (config_import(change, service->facts, xml, NULL, &report, &message) != RESULT_DONE)
		printf("%s: %s\n", figures->resource->name, buffer_string(&message));
	figures->took[IMPORT] = now() - begin;
	const size_t count = collection_count(snapshot_collection(change_snapshot(change), figures->resource));

	if (count < RECORDS)
		printf("%s: only %zu records came in\n", figures->resource->name, count);
	snapshot_release(empty);
}

static const struct route *
route_for(const struct walk_box *box, const struct resource *resource, enum kind kind)
{
	for (size_t i = 0; i < routes_count(box->routes); i++)
		if (routes_at(box->routes, i)->resource == resource && routes_at(box->routes, i)->kind == kind)
			return routes_at(box->routes, i);
	return NULL;
}

/* All that was downloaded comes back: into an empty collection. */
static void
upload(struct walk_box *box, struct figures *figures, struct text table)
{
	scoped_arena        arena = arena_new();
	const struct route *route = route_for(box, figures->resource, KIND_CSV_UPLOAD);
	struct value       *sent = value_object(arena);

	value_set(arena, sent, "payload", value_text(arena, table));
	const double        begin = now();
	const struct answer answer = walk_box_ask(box, arena, METHOD_POST, route->endpoint, sent, NULL);

	figures->took[UPLOAD] = now() - begin;
	if (answer.status != 200)
		printf("%s: status %u: %.200s\n", route->endpoint, answer.status, answer.body.ptr);
}

static void
fill(struct walk_box *box, const struct resource *resource)
{
	crowd_fill(box, resource, map_get(box->known, text_of(resource->name)), RECORDS);
}

static void
measure(struct walk_box *box, struct figures *figures)
{
	scoped_arena        arena = arena_new();
	scoped_buffer       xml = BUFFER_NONE;
	const struct route *download = route_for(box, figures->resource, KIND_CSV_DOWNLOAD);

	fill(box, figures->resource);
	const struct snapshot *snapshot = store_snapshot(harness_store(box->harness));

	config_export(&xml, snapshot);
	snapshot_release(snapshot);
	import(box, figures, buffer_text(&xml));
	if (!download || !route_for(box, figures->resource, KIND_CSV_UPLOAD)) {
		crowd_clear(box, figures->resource);
		return;
	}
	const struct answer table = walk_box_ask(box, arena, METHOD_GET, download->endpoint, NULL, NULL);

	crowd_clear(box, figures->resource);
	upload(box, figures, table.body);
	crowd_clear(box, figures->resource);
}

/* Each names another where it names one. */
static void
relate(struct snapshot *draft, const struct resource *resource)
{
	scoped_arena             arena = arena_new();
	const struct collection *collection = snapshot_collection(draft, resource);
	const size_t             count = collection_count(collection);
	const struct record    **records = ARENA_MAKE(arena, const struct record *, count + 1);

	collection_copy(collection, records);
	for (size_t i = 0; i < count; i++) {
		struct record *record = record_copy(arena, records[i]);

		for (size_t f = 0; f < resource->nfields; f++)
			if (strcmp(resource->fields[f].type->name, "relation") == 0 && record->values[f][0])
				record_put(record, f, arena_copy(arena, text_of(record->uuid)));
		struct record *sealed = record_seal(record);

		sealed->place = records[i]->place;
		snapshot_put(draft, sealed);
		record_release(sealed);
	}
}

static void
check(struct walk_box *box, struct figures *figures, const struct snapshot *snapshot)
{
	scoped_arena             scratch = arena_new();
	const struct collection *collection = snapshot_collection(snapshot, figures->resource);
	const size_t             count = collection_count(collection);
	const double             begin = now();
	size_t                   done = 0;

	for (; done < count && now() - begin < ENOUGH; done++) {
		const struct record *record = collection_at(collection, done);
		const struct view    view = { scratch, snapshot, harness_service(box->harness)->facts, record };
		struct faults        faults = { .arena = scratch };

		record_check(record, NULL, false, &view, &faults);
		arena_reset(scratch);
	}
	figures->took[CHECK] = done ? (now() - begin) * (double)count / (double)done : 0;
}

static void
check_all(struct walk_box *box, struct figures *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fill(box, all[i].resource);
	const struct snapshot *snapshot = store_snapshot(harness_store(box->harness));
	struct snapshot       *draft = snapshot_draft(snapshot);

	for (size_t i = 0; i < count; i++)
		relate(draft, all[i].resource);
	for (size_t i = 0; i < count; i++)
		check(box, &all[i], draft);
	snapshot_release(draft);
	snapshot_release(snapshot);
}

/* The slowest that are not among those named already. */
static const struct figures *
find_slowest(const struct figures *all, size_t count, int operation, const struct figures *const *named, size_t nnamed)
{
	const struct figures *slowest = NULL;

	for (size_t i = 0; i < count; i++) {
		bool is_named = all[i].took[operation] == 0;

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

	printf("bench\t10,000 records in a file, the slowest of %zu collections: %s\t", count, operations[operation]);
	for (size_t i = 0; i < SLOWEST && (slowest[i] = find_slowest(all, count, operation, slowest, i)); i++)
		printf("%s%.2f s (%s)", i ? ", " : "", slowest[i]->took[operation], slowest[i]->resource->name);
	printf("\t-\tin the gate, store in memory\n");
}

static void
print_figures(const struct figures *figures)
{
	printf("%-28s", figures->resource->name);
	for (int operation = 0; operation < OPERATIONS; operation++)
		printf(" %s %.3f", operations[operation], figures->took[operation]);
	printf("\n");
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
	walk_box_open(&box, arena_print(arena, "%s/opnsense", argv[1]));
	for (size_t i = 0; i < routes_count(box.routes) && count < COUNT(all); i++) {
		const struct route    *route = routes_at(box.routes, i);
		const struct resource *resource = route->resource;

		/* Some have a second way to add to them. */
		if (route->kind != KIND_ADD || !resource || !map_get(box.known, text_of(resource->name)) ||
		    (argc > 2 && strcmp(argv[2], "all") != 0 && strcmp(argv[2], resource->name) != 0) || (count && all[count - 1].resource == resource))
			continue;
		all[count].resource = resource;
		measure(&box, &all[count]);
		count++;
	}
	check_all(&box, all, count);
	for (size_t i = 0; argc > 2 && i < count; i++)
		print_figures(&all[i]);
	for (int operation = 0; operation < OPERATIONS; operation++)
		report(all, count, operation);
	walk_box_close(&box);
	return 0;
}
