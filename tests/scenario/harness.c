/* The lanes as a loop; the box as tables; facts as tables. */
#include "scenario/harness.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/deadline.h"
#include "base/log.h"
#include "base/map.h"
#include "model/factory.h"
#include "model/registry.h"

#define MOVES_MAX 16

struct harness {
	struct arena    *arena;
	struct schema   *schema;
	struct store    *store;
	struct service   service;
	struct facts     facts;
	struct box       box;
	struct map      *topics; /* JSON texts */
	struct map      *asked;  /* how often each topic was */
	_Atomic unsigned pending;
	int64_t          now; /* microseconds */
	enum result      apply_result;
	const char      *apply_message;
	unsigned         applied, parts;
	uint64_t         requests;
};

/* --- the machine ---------------------------------------------------------------------------- */

static enum result
apply(void *context, const struct snapshot *snapshot, unsigned parts, struct buffer *message)
{
	struct harness *harness = context;

	(void)snapshot;
	harness->applied++;
	harness->parts = parts;
	buffer_add_string(message, harness->apply_message ? harness->apply_message : "");
	return harness->apply_result;
}

static enum result
ask(void *context, struct arena *arena, const char *topic, const struct value *argument, struct value **answer,
    struct buffer *message)
{
	const struct harness *harness = context;
	const char           *name = value_as_string(arena, value_at(argument, 0));
	const char           *json = NULL;

	map_set(harness->asked, text_of(arena_copy(harness->arena, text_of(topic))),
		(void *)((uintptr_t)map_get(harness->asked, text_of(topic)) + 1));
	if (name)
		json = map_get(harness->topics, text_of(arena_print(arena, "%s %s", topic, name)));
	if (!json)
		json = map_get(harness->topics, text_of(topic));
	if (!json) {
		buffer_print(message, "nobody answers %s here", topic);
		return RESULT_UNAVAILABLE;
	}
	return json_read(arena, text_of(json), NULL, answer, NULL);
}

static int64_t
microseconds(void *context)
{
	return ((struct harness *)context)->now;
}

static int64_t
seconds(void *context)
{
	return ((struct harness *)context)->now / 1000000;
}

/* A schema is never freed, so all harnesses share one. */
static struct schema *everything;

/* --- life ----------------------------------------------------------------------------------- */

struct harness *
harness_new(void)
{
	struct arena   *arena = arena_new();
	struct harness *harness = ARENA_MAKE(arena, struct harness, 1);
	scoped_buffer   message = BUFFER_NONE;

	harness->arena = arena;
	harness->now = (int64_t)HARNESS_START * 1000000;
	harness->topics = map_make(arena);
	harness->asked = map_make(arena);
	if (!everything)
		everything = schema_new(registry, registry_count);
	harness->schema = everything;
	harness->store = store_open(&(struct store_setup){ .schema = harness->schema, .now = microseconds,
							   .context = harness }, &message);
	BUG_IF(!harness->store, "%s", buffer_string(&message));
	harness->box = (struct box){ harness, apply, ask };
	harness->service = (struct service){
		.schema = harness->schema,
		.store = harness->store,
		.auth = auth_new(seconds, harness),
		.guard = guard_new(),
		.facts = &harness->facts,
		.box = &harness->box,
		.factory = factory_records,
		.nfactory = factory_records_count,
		.now = microseconds,
		.context = harness,
		.version = "0.0.0-test",
		.pending = &harness->pending,
		.deadlines = deadlines_new(microseconds, harness, NULL, NULL),
	};
	return harness;
}

void
harness_free(struct harness *harness)
{
	struct arena *arena = harness->arena;

	auth_free(harness->service.auth);
	guard_free(harness->service.guard);
	deadlines_free(harness->service.deadlines);
	store_close(harness->store);
	arena_free(arena);
}

struct service *
harness_service(struct harness *harness)
{
	return &harness->service;
}

struct store *
harness_store(struct harness *harness)
{
	return harness->store;
}

static void
let_go(void *snapshot)
{
	snapshot_release(snapshot);
}

const struct snapshot *
harness_snapshot(struct harness *harness)
{
	const struct snapshot *snapshot = store_snapshot(harness->store);

	arena_defer(harness->arena, let_go, (void *)snapshot);
	return snapshot;
}

void
harness_box(struct harness *harness, const char *topic, const char *json)
{
	map_set(harness->topics, text_of(topic), (void *)json);
}

unsigned
harness_asked(const struct harness *harness, const char *topic)
{
	return (unsigned)(uintptr_t)map_get(harness->asked, text_of(topic));
}

void
harness_apply_fails(struct harness *harness, enum result result, const char *message)
{
	harness->apply_result = result;
	harness->apply_message = message;
}

unsigned
harness_applied(const struct harness *harness, unsigned *parts)
{
	*parts = harness->parts;
	return harness->applied;
}

void
harness_facts(struct harness *harness, struct facts facts)
{
	harness->facts = facts;
}

/* --- putting records ------------------------------------------------------------------------ */

static void
commit(struct batch *batch, struct change *change)
{
	scoped_buffer message = BUFFER_NONE;

	batch_accept(batch, change, true);
	BUG_IF(batch_commit(batch, &message) != RESULT_DONE, "%s", buffer_string(&message));
}

void
harness_put(struct harness *harness, const char *resource, const char *uuid, ...)
{
	scoped_arena           arena = arena_new();
	const struct resource *what = schema_named(harness->schema, resource);
	struct batch          *batch = store_begin(harness->store);
	struct change         *change = batch_change(batch, arena, NULL);
	va_list                args;

	BUG_IF(!what, "no resource %s", resource);
	struct record *record = what->shape == SINGLETON
					? record_copy(arena, snapshot_single(change_snapshot(change), resource))
					: record_make(arena, what);

	if (uuid)
		memcpy(record->uuid, uuid, strlen(uuid) + 1);
	va_start(args, uuid);
	for (const char *field; (field = va_arg(args, const char *));)
		record_set(record, field, va_arg(args, const char *));
	va_end(args);
	change_put(change, record);
	commit(batch, change);
}

void
harness_change(struct harness *harness, const struct record *record, const char *field, const char *value)
{
	scoped_arena   arena = arena_new();
	struct batch  *batch = store_begin(harness->store);
	struct change *change = batch_change(batch, arena, NULL);
	struct record *copy = record_copy(arena, record);

	record_set(copy, field, value);
	change_put(change, copy);
	commit(batch, change);
}

void
harness_fill(struct harness *harness, const struct snapshot *from)
{
	scoped_arena   arena = arena_new();
	struct batch  *batch = store_begin(harness->store);
	struct change *change = batch_change(batch, arena, NULL);

	for (size_t i = 0; i < schema_count(harness->schema); i++) {
		const struct collection *collection = snapshot_collection(from, schema_at(harness->schema, i));

		for (size_t j = 0; j < collection_count(collection); j++)
			change_put(change, collection_at(collection, j));
	}
	commit(batch, change);
}

/* --- asking --------------------------------------------------------------------------------- */

static struct text
find_header(const struct request *request, const char *name)
{
	const struct ask *what = request->exchange;

	for (size_t i = 0; i < HARNESS_HEADERS_MAX && what->headers[i][0]; i++)
		if (text_equal_any_case(text_of(what->headers[i][0]), text_of(name)))
			return text_of(what->headers[i][1]);
	return TEXT_NONE;
}

static enum step
serve_commit(struct harness *harness, struct request *request, const struct dialect_server *dialect)
{
	struct batch *batch = store_begin(harness->store);
	scoped_buffer message = BUFFER_NONE;

	harness->now += 1000;
	request->change = batch_change(batch, request->arena,
				       &(struct author){ .user = request->caller ? request->caller->name : "",
							 .address = request_who(request),
							 .dialect = dialect->name,
							 .endpoint = arena_copy(request->arena, request->path) });
	request->snapshot = change_snapshot(request->change);
	request->keep = request->always = false;
	enum step step = dialect->serve(request);

	if (step == STEP_ANSWER && request->keep) {
		request->revision = batch_accept(batch, request->change, request->always);
		BUG_IF(batch_commit(batch, &message) != RESULT_DONE, "%s", buffer_string(&message));
		if (request->then != LANE_WORKER) {
			request->lane = request->then;
			step = STEP_MOVE;
		}
	} else {
		batch_abandon(batch);
	}
	request->change = NULL;
	return step;
}

static void
run(struct harness *harness, struct request *request, const struct dialect_server *dialect)
{
	enum step step = STEP_MOVE;

	for (int moves = 0; step == STEP_MOVE; moves++) {
		const struct snapshot *snapshot = store_snapshot(harness->store);

		BUG_IF(moves > MOVES_MAX, "%.*s goes round in circles", TEXT_ARGS(request->target));
		arena_defer(request->arena, let_go, (void *)snapshot);
		request->snapshot = snapshot;
		if (request->lane == LANE_COMMIT)
			step = serve_commit(harness, request, dialect);
		else
			step = dialect->serve(request);
	}
}

/* Which endpoints the tests reach: a file for each process in the folder of that name, for `drawbridged --coverage`. */
static void
note_endpoint(const struct request *request, const struct dialect_server *dialect)
{
	const char *folder = getenv("DRAWBRIDGE_EXERCISED"), *endpoint = dialect->endpoint(request);

	if (!folder || !endpoint)
		return;
	FILE *file = fopen(arena_print(request->arena, "%s/%d", folder, getpid()), "ae");

	if (!file)
		return;
	fprintf(file, "%s %s\n", dialect->name, endpoint);
	fclose(file);
}

struct answer
harness_ask(struct harness *harness, struct arena *arena, const struct dialect_server *dialect,
	    const struct ask *what)
{
	struct arena *own = arena_new();
	struct text   path = text_of(what->target);
	struct request request = {
		.arena = own,
		.service = &harness->service,
		.id = ++harness->requests,
		.method = what->method,
		.target = path,
		.body = { arena_copy(own, what->body), what->body.len },
		.header = find_header,
		.socket = what->socket,
		.exchange = (void *)what,
	};
	struct answer answer = { .type = "" };

	request.query = path;
	request.path = text_until(&request.query, '?');
	address_read(TEXT("192.0.2.10"), &request.peer);
	address_read(TEXT("192.168.1.1"), &request.local);
	harness->now += 1000;
	run(harness, &request, dialect);
	note_endpoint(&request, dialect);
	answer.status = request.reply.status;
	if (request.reply.content_type)
		answer.type = arena_copy(arena, text_of(request.reply.content_type));
	answer.body = (struct text){ arena_copy(arena, buffer_text(&request.reply.body)), request.reply.body.len };
	for (; answer.nheaders < request.reply.nheaders; answer.nheaders++) {
		answer.headers[answer.nheaders][0] =
			arena_copy(arena, text_of(request.reply.headers[answer.nheaders].name));
		answer.headers[answer.nheaders][1] =
			arena_copy(arena, text_of(request.reply.headers[answer.nheaders].value));
	}
	/* Once is enough to see how it goes on. */
	if (request.reply.follow) {
		scoped_buffer more = BUFFER_NONE;

		request.reply.follow->more(request.reply.follow, &harness->service, &more);
		answer.more = (struct text){ arena_copy(arena, buffer_text(&more)), more.len };
		follow_free(request.reply.follow);
	}
	buffer_clear(&request.reply.body);
	arena_free(own);
	return answer;
}

/* What came due is asked for by the administrator of the machine. */
void
harness_wait(struct harness *harness, const struct dialect_server *dialect, unsigned wait)
{
	scoped_arena arena = arena_new();
	const char  *target;

	harness->now += (int64_t)wait * 1000000;
	while ((target = deadline_take(harness->service.deadlines, arena)))
		harness_ask(harness, arena, dialect, &(struct ask){ METHOD_POST, target, .socket = true });
}

const char *
answer_header(const struct answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->nheaders; i++)
		if (text_equal_any_case(text_of(answer->headers[i][0]), text_of(name)))
			return answer->headers[i][1];
	return NULL;
}
