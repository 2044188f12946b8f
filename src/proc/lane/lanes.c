/*
 * Moving requests between threads. A request that leaves its worker has its connection
 * suspended until it is answered; whoever holds the job is the only one to touch it.
 */
#include "proc/lane/lanes.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "proc/lane/queue.h"
#include "proc/lane/replies.h"
#include "proc/lane/streams.h"
#include "proc/lane/tags.h"
#include "store/store.h"

struct lanes {
	struct lanes_setup setup;
	struct queue       queues[LANES]; /* by enum lane; workers have none */
	pthread_t          slow[LANE_SLOW_THREADS], patient[LANE_LONG_THREADS], committer, applier;
	struct replies    *replies;
};

/* --- answering -------------------------------------------------------------------------------------- */

/* What stands in front of a dialect that asks whether its answer is known. */
static bool
recall(struct request *request)
{
	struct job *job = (struct job *)request;

	if (job->wants_tag)
		return false;
	job->origin = (struct replies_origin){ snapshot_stamp(request->snapshot), facts_stamp(request->service->facts) };
	job->canned = replies_find(job->lanes->replies, request->target, job->origin);
	job->is_asked = true;
	return job->canned != NULL;
}

static void
answer_canned(struct job *job)
{
	struct http_canned *canned = job->canned;

	http_answer_canned(job->exchange, canned);
	http_canned_release(canned);
}

static void refuse(struct job *, enum result, const char *message);

/* Nobody reads it, or only its head. */
static void
drop_follow(struct job *job)
{
	follow_free(job->request.reply.follow);
	job->request.reply.follow = NULL;
}

/* The answer's begin, and then whatever comes. The job is gone after this. */
static void
answer_and_follow(struct job *job, const struct http_header *headers)
{
	struct streams     *streams = job->lanes->setup.streams;
	struct follow      *follow = job->request.reply.follow;
	struct buffer       body = job->request.reply.body;
	struct http_stream *stream = http_stream_open(job->exchange, job->request.reply.status, headers);

	if (body.len > 0)
		http_stream_write(stream, buffer_text(&body));
	buffer_clear(&body);
	streams_add(streams, stream, follow);
}

static void
answer(struct job *job)
{
	struct reply      *reply = &job->request.reply;
	struct http_header headers[REPLY_HEADERS_MAX + 4];
	char               notes[24], tag[TAG_MAX];
	size_t             count = 0;

	if (!job->exchange || job->request.method == METHOD_HEAD)
		drop_follow(job);
	if (!job->exchange) {
		buffer_clear(&reply->body);
		arena_free(job->request.arena);
		return;
	}
	if (job->canned) {
		answer_canned(job);
		return;
	}
	if (reply->follow && !streams_reserve(job->lanes->setup.streams)) {
		refuse(job, RESULT_UNAVAILABLE, "too many clients listen already");
		return;
	}
	if (reply->content_type)
		headers[count++] = (struct http_header){ "Content-Type", reply->content_type };
	for (size_t i = 0; i < reply->nheaders; i++)
		headers[count++] = (struct http_header){ reply->headers[i].name, reply->headers[i].value };
	if (job->request.notes) {
		snprintf(notes, sizeof(notes), "%zu", job->request.notes);
		headers[count++] = (struct http_header){ "X-Drawbridge-Notes", notes };
	}
	if (job->wants_tag && job->tagged && reply->status == 200) {
		tag_print(tag, job->tagged);
		headers[count++] = (struct http_header){ "ETag", tag };
	}
	headers[count] = (struct http_header){ NULL, NULL };
	if (reply->follow) {
		answer_and_follow(job, headers);
		return;
	}
	if (job->is_asked && reply->status == 200 && reply->body.room <= REPLIES_BYTES_MAX) {
		job->canned = http_canned_new(reply->status, headers, &reply->body);
		replies_keep(job->lanes->replies, job->request.target, job->origin, job->canned);
		answer_canned(job);
		return;
	}
	/* The job lies in the exchange's arena: it is gone after this. */
	http_answer(job->exchange, reply->status, headers, &reply->body);
}

static void
refuse(struct job *job, enum result result, const char *message)
{
	reply_reset(&job->request);
	job->is_asked = false;
	job->dialect->failed(&job->request, result, message);
	answer(job);
}

/* --- moving ------------------------------------------------------------------------------------------ */

static void
move(struct lanes *lanes, struct job *job)
{
	const enum lane lane = job->request.lane;

	/* Where it goes it may learn what no snapshot says. */
	job->is_asked = false;
	if (!job->is_deferred && job->exchange) {
		http_defer(job->exchange);
		job->is_deferred = true;
	}
	/* Workers take no jobs back: what is left of a quick one is done where slow ones are. */
	if (!queue_push(&lanes->queues[lane == LANE_WORKER ? LANE_SLOW : lane], job))
		refuse(job, RESULT_UNAVAILABLE, "too many requests wait, or the daemon is going down");
}

/* One turn on a lane that reads: the newest durable configuration, held while it lasts. */
static void
run(struct lanes *lanes, struct job *job, enum lane lane)
{
	struct store          *store = lanes->setup.service->store;
	const struct snapshot *snapshot = store_snapshot(store);

	job->request.lane = lane;
	job->request.snapshot = snapshot;
	if (!job->is_kept)
		job->tagged = snapshot_revision(snapshot);
	const enum step step = job->dialect->serve(&job->request);

	job->request.snapshot = NULL;
	if (step == STEP_MOVE)
		move(lanes, job);
	else
		answer(job);
	snapshot_release(snapshot);
}

static void *
run_slow(void *context)
{
	struct lanes *lanes = context;
	struct job   *job;
	uint64_t      newest;

	while ((job = queue_pop(&lanes->queues[LANE_SLOW], 1, &newest)))
		run(lanes, job, job->request.lane);
	return NULL;
}

static void *
run_long(void *context)
{
	struct lanes *lanes = context;
	struct job   *job;
	uint64_t      newest;

	while ((job = queue_pop(&lanes->queues[LANE_LONG], 1, &newest)))
		run(lanes, job, LANE_LONG);
	return NULL;
}

static void *
run_apply(void *context)
{
	struct lanes *lanes = context;
	struct job   *job;
	uint64_t      newest;

	while ((job = queue_pop(&lanes->queues[LANE_APPLY], 1, &newest))) {
		if (lanes->setup.applying)
			lanes->setup.applying(lanes->setup.context, job->ticket, newest);
		run(lanes, job, LANE_APPLY);
	}
	return NULL;
}

/* --- committing ---------------------------------------------------------------------------------------- */

/* Has nothing changed since the client looked, if it minds? False: it is told. */
static bool
is_wanted(struct job *job)
{
	struct request *request = &job->request;

	if (!job->exchange || tag_matches(request->header(request, "If-Match"), job->tagged))
		return true;
	reply_reset(request);
	job->dialect->failed(request, RESULT_CONFLICT, "the configuration has changed since");
	request->reply.status = 412;
	return false;
}

/* Serve one request against everything kept before it. True when it is done with this lane. */
static bool
run_change(struct batch *batch, struct job *job)
{
	struct request  *request = &job->request;
	const struct author author = {
		.user = request->caller ? request->caller->name : "",
		.address = request->socket ? "local" : address_print(request->arena, &request->peer),
		.dialect = job->dialect->name,
		.endpoint = arena_copy(request->arena, request->path),
	};
	struct change *change = batch_change(batch, request->arena, &author);

	request->lane = LANE_COMMIT;
	request->change = change;
	request->snapshot = change_snapshot(change);
	request->keep = false;
	request->then = LANE_WORKER;
	job->tagged = snapshot_revision(request->snapshot);
	const enum step step = is_wanted(job) ? job->dialect->serve(request) : STEP_ANSWER;

	job->is_kept = step == STEP_ANSWER && request->keep;
	if (job->is_kept) {
		job->touched = change_touched(change);
		job->tagged = request->revision = batch_accept(batch, change, request->always);
	}
	request->change = NULL;
	request->snapshot = NULL;
	return step == STEP_ANSWER;
}

static void
finish(struct lanes *lanes, struct job *job, enum result result, const char *message)
{
	if (job->is_kept && result != RESULT_DONE) {
		refuse(job, result, message);
		return;
	}
	if (job->is_kept) {
		atomic_fetch_or(lanes->setup.service->pending, job->touched);
		if (lanes->setup.kept)
			lanes->setup.kept(lanes->setup.kept_context, &job->request);
	}
	if (!job->is_kept || job->request.then == LANE_WORKER) {
		answer(job);
		return;
	}
	job->request.lane = job->request.then;
	move(lanes, job);
}

static void
run_batch(struct lanes *lanes, struct job *jobs)
{
	struct batch *batch = store_begin(lanes->setup.service->store);
	scoped_buffer message = BUFFER_NONE;
	struct job   *done = NULL, **end = &done;

	for (struct job *job = jobs, *next; job; job = next) {
		next = job->next;
		if (!run_change(batch, job)) {
			move(lanes, job);
			continue;
		}
		job->next = NULL;
		*end = job;
		end = &job->next;
	}
	const enum result result = batch_commit(batch, &message);

	for (struct job *job = done, *next; job; job = next) {
		next = job->next;
		finish(lanes, job, result, buffer_string(&message));
	}
}

static void *
run_commit(void *context)
{
	struct lanes *lanes = context;
	struct job   *jobs;
	uint64_t      newest;

	while ((jobs = queue_pop(&lanes->queues[LANE_COMMIT], LANE_BATCH_MAX, &newest)))
		run_batch(lanes, jobs);
	return NULL;
}

/* --- from the HTTP server ---------------------------------------------------------------------------------- */

static struct text
find_header(const struct request *request, const char *name)
{
	return http_field(request->exchange, text_of(name));
}

static const struct dialect_server *
find_dialect(const struct lanes *lanes, struct text path)
{
	for (size_t i = 0; lanes->setup.dialects[i]; i++) {
		const struct text prefix = text_of(lanes->setup.dialects[i]->prefix);
		const struct text rest = text_after(path, prefix.len);

		if (text_starts(path, prefix) && (rest.len == 0 || rest.ptr[0] == '/'))
			return lanes->setup.dialects[i];
	}
	return NULL;
}

static enum method
method_of(enum http_method method)
{
	static const enum method methods[] = {
		[HTTP_GET] = METHOD_GET,       [HTTP_HEAD] = METHOD_HEAD,     [HTTP_POST] = METHOD_POST,
		[HTTP_PUT] = METHOD_PUT,       [HTTP_PATCH] = METHOD_PATCH,   [HTTP_DELETE] = METHOD_DELETE,
		[HTTP_OPTIONS] = METHOD_OPTIONS, [HTTP_OTHER] = METHOD_OTHER,
	};

	return methods[method];
}

static struct text
no_header(const struct request *request, const char *name)
{
	(void)request;
	(void)name;
	return TEXT_NONE;
}

void
lanes_post(struct lanes *lanes, const char *target)
{
	const struct dialect_server *dialect = find_dialect(lanes, text_of(target));
	struct arena                *arena = arena_new();
	struct job                  *job = ARENA_MAKE(arena, struct job, 1);

	BUG_IF(!dialect, "nobody serves %s", target);
	job->dialect = dialect;
	job->request.arena = arena;
	job->request.service = lanes->setup.service;
	job->request.method = METHOD_POST;
	job->request.method_text = TEXT("POST");
	job->request.target = job->request.path = (struct text){ arena_copy(arena, text_of(target)), strlen(target) };
	job->request.socket = true;
	job->request.header = no_header;
	job->request.lane = LANE_SLOW;
	if (!queue_push(&lanes->queues[LANE_SLOW], job))
		refuse(job, RESULT_UNAVAILABLE, "the daemon is going down");
}

void
lanes_serve(void *context, struct http_exchange *exchange)
{
	static const struct http_header plain[] = { { "Content-Type", "text/plain" }, { NULL, NULL } };
	struct lanes         *lanes = context;
	const struct text     path = http_path(exchange);
	const struct dialect_server *dialect = find_dialect(lanes, path);

	if (!dialect) {
		http_answer_static(exchange, 404, plain, TEXT("Not found\n"));
		return;
	}
	struct job *job = ARENA_MAKE(http_arena(exchange), struct job, 1);

	job->exchange = exchange;
	job->dialect = dialect;
	job->lanes = lanes;
	job->request.recall = recall;
	job->wants_tag = http_field(exchange, TEXT("X-Drawbridge-ETag")).len > 0 || http_field(exchange, TEXT("If-Match")).len > 0;
	job->request.arena = http_arena(exchange);
	job->request.service = lanes->setup.service;
	job->request.id = http_id(exchange);
	job->request.method = method_of(http_method(exchange));
	job->request.method_text = text_of(http_method_text(exchange));
	job->request.target = http_target(exchange);
	job->request.path = path;
	job->request.query = http_query(exchange);
	job->request.body = http_body(exchange);
	job->request.peer = http_peer(exchange);
	job->request.local = http_local(exchange);
	job->request.secure = http_is_tls(exchange);
	job->request.socket = http_is_unix(exchange);
	job->request.header = find_header;
	job->request.exchange = exchange;
	run(lanes, job, LANE_WORKER);
}

/* --- life ------------------------------------------------------------------------------------------------------ */

struct lanes *
lanes_new(const struct lanes_setup *setup)
{
	struct lanes *lanes = calloc(1, sizeof(*lanes));

	BUG_IF(!lanes, "out of memory");
	lanes->setup = *setup;
	lanes->replies = replies_new();
	for (size_t i = 0; i < COUNT(lanes->queues); i++)
		queue_init(&lanes->queues[i]);
	for (size_t i = 0; i < LANE_SLOW_THREADS; i++)
		BUG_IF(pthread_create(&lanes->slow[i], NULL, run_slow, lanes) != 0, "no thread");
	for (size_t i = 0; i < LANE_LONG_THREADS; i++)
		BUG_IF(pthread_create(&lanes->patient[i], NULL, run_long, lanes) != 0, "no thread");
	BUG_IF(pthread_create(&lanes->committer, NULL, run_commit, lanes) != 0, "no thread");
	BUG_IF(pthread_create(&lanes->applier, NULL, run_apply, lanes) != 0, "no thread");
	return lanes;
}

void
lanes_free(struct lanes *lanes)
{
	if (!lanes)
		return;
	for (size_t i = 0; i < COUNT(lanes->queues); i++)
		queue_close(&lanes->queues[i]);
	for (size_t i = 0; i < LANE_SLOW_THREADS; i++)
		pthread_join(lanes->slow[i], NULL);
	for (size_t i = 0; i < LANE_LONG_THREADS; i++)
		pthread_join(lanes->patient[i], NULL);
	pthread_join(lanes->committer, NULL);
	pthread_join(lanes->applier, NULL);
	for (size_t i = 0; i < COUNT(lanes->queues); i++)
		queue_clear(&lanes->queues[i]);
	replies_free(lanes->replies);
	free(lanes);
}
