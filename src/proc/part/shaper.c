/*
 * Classes are the keeper's, who is sent into them is the packet filter's. The classes come first: what is sent into one that is not there
 * goes its way. The links are those that were applied last, which may be newer than the shaper.
 */
#include "proc/part/shaper.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/log.h"
#include "proc/ask/box_inside.h"
#include "wire/courier.h"
#include "wire/order.h"
#include "wire/sealed.h"

struct shaper_part {
	struct arena          *arena;    /* of what is in force; NULL: nothing */
	struct shaper          now;
	const struct snapshot *snapshot; /* that it was read from; held */
};

static bool
is_on(const struct shaper_part *part)
{
	return part->arena && part->now.nclasses > 0;
}

static enum result
send(struct keeper_box *box, const struct shaper *shaper, const struct snapshot *snapshot, struct buffer *message)
{
	scoped_arena   arena = arena_new();
	scoped_buffer  plan = BUFFER_NONE;
	scoped_writer  order;
	scoped_message reply;
	struct shaper  whole = *shaper;
	struct reader  in;
	struct text    said;

	writer_init(&order);
	message_init(&reply);
	shaper_devices(arena, box->network.links ? box->network.links : snapshot, &whole);
	shaper_encode(&plan, &whole);
	put_fd(&order, sealed_new("drawbridge-shaper", buffer_text(&plan)));
	const enum result result = courier_ask(box->setup.courier, ORDER_LOAD_SHAPER, &order, ORDER_APPLY_TIMEOUT, &reply);

	in = message_reader(&reply);
	said = get_text(&in, ORDER_MESSAGE_MAX);
	if (result == RESULT_DONE) {
		if (said.len > 0)
			log_warning("traffic shaper: %.*s", TEXT_ARGS(said));
		return RESULT_DONE;
	}
	buffer_add_string(message, "traffic shaper: ");
	buffer_add(message, said.len > 0 ? said : TEXT("the keeper does not answer"));
	return result;
}

/* The filter in force, with what it knows of the shaper now. */
static enum result
tell_filter(struct keeper_box *box, struct buffer *message)
{
	return box->applied ? box_load_filter(box, box->applied, message) : RESULT_DONE;
}

/* The one that was before: for the keeper, and for the filter if that lets it. */
static void
go_back(struct keeper_box *box, const struct shaper_part *before)
{
	static const struct shaper none = { .nclasses = 0 };
	scoped_buffer              message = BUFFER_NONE;

	*box->shaper = *before;
	if (send(box, before->arena ? &before->now : &none, box->applied, &message) != RESULT_DONE ||
	    tell_filter(box, &message) != RESULT_DONE)
		log_error("going back to the shaper that was in force: %s", buffer_string(&message));
}

static enum result
put_in_force(struct keeper_box *box, const struct shaper_part *next, struct buffer *message)
{
	const struct shaper_part before = *box->shaper;
	enum result              result = send(box, &next->now, next->snapshot, message);

	if (result != RESULT_DONE)
		return result;
	*box->shaper = *next;
	if (before.arena && before.now.stamp == next->now.stamp) {
		/* The filter has the one from before. */
		box->shaper->now = before.now;
		box->shaper->arena = before.arena;
		arena_free(next->arena);
		snapshot_release(before.snapshot);
		return RESULT_DONE;
	}
	result = tell_filter(box, message);
	if (result != RESULT_DONE) {
		go_back(box, &before);
		return result;
	}
	arena_free(before.arena);
	snapshot_release(before.snapshot);
	return RESULT_DONE;
}

enum result
shaper_part_apply(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	scoped_buffer      missing = BUFFER_NONE;
	struct shaper_part next = { .arena = arena_new(), .snapshot = snapshot };
	enum result        result = RESULT_DONE;

	shaper_read(next.arena, snapshot, box->setup.facts, &next.now, &missing);
	if (next.now.nclasses == 0 && !is_on(box->shaper)) {
		arena_free(next.arena);
	} else {
		snapshot_hold(snapshot);
		result = put_in_force(box, &next, message);
		if (result != RESULT_DONE) {
			arena_free(next.arena);
			snapshot_release(snapshot);
		}
	}
	if (result != RESULT_DONE || missing.len == 0 || box->setup.is_simulated)
		return result;
	buffer_print(message, "traffic shaper: %s", buffer_string(&missing));
	return RESULT_UNAVAILABLE;
}

enum result
shaper_part_flush(struct keeper_box *box, struct buffer *message)
{
	static const struct shaper none = { .nclasses = 0 };
	const struct shaper_part  *part = box->shaper;
	enum result                result;

	if (!is_on(part))
		return RESULT_DONE;
	result = send(box, &none, part->snapshot, message);
	return result == RESULT_DONE ? send(box, &part->now, part->snapshot, message) : result;
}

void
shaper_part_mend(struct keeper_box *box)
{
	scoped_buffer message = BUFFER_NONE;

	if (is_on(box->shaper) && send(box, &box->shaper->now, box->shaper->snapshot, &message) != RESULT_DONE)
		log_warning("%s", buffer_string(&message));
}

struct shaper_part *
shaper_part_new(void)
{
	struct shaper_part *part = calloc(1, sizeof(*part));

	BUG_IF(!part, "out of memory");
	return part;
}

void
shaper_part_free(struct shaper_part *part)
{
	if (!part)
		return;
	arena_free(part->arena);
	snapshot_release(part->snapshot);
	free(part);
}

const struct shaper *
shaper_part_now(const struct shaper_part *part)
{
	return is_on(part) ? &part->now : NULL;
}
