/* The packet filter: read, compiled and sent, and which revision of it is in force. */
#include "proc/part/filter.h"

#include <malloc.h>
#include <time.h>

#include "base/log.h"
#include "proc/ask/ask.h"
#include "proc/ask/box_inside.h"
#include "proc/indexes.h"
#include "proc/part/connections.h"
#include "proc/part/shaper.h"
#include "store/store.h"
#include "wire/courier.h"
#include "wire/lacking.h"
#include "wire/order.h"
#include "wire/sealed.h"

#define PLAN_LARGE ((size_t)1 << 20) /* bytes */
#define SETTLE_MS 3000

/*
 * What is applied is written down while the keeper makes it so, which takes longer, and is taken back when the keeper refuses:
 * before anybody is told, both are done. Whoever starts after us applies what was asked for last or what was in force.
 */
struct note {
	struct keeper_box     *box;
	const struct snapshot *snapshot;
	const char            *before; /* what was written there */
	bool                   is_written;
};

static void
write_note(void *context)
{
	struct note *note = context;

	if (!note->is_written)
		box_remember(note->box, FILTER_APPLIED, note->snapshot);
	note->is_written = true;
}

/* `note` is NULL when the filter is made again of what is in force. */
static enum result
send_filter(struct keeper_box *box, const struct ruleset *ruleset, struct note *note, struct buffer *message)
{
	scoped_buffer  plan = BUFFER_NONE;
	scoped_writer  order;
	scoped_message reply;

	ruleset_encode(&plan, ruleset, box->known);
	writer_init(&order);
	message_init(&reply);
	put_fd(&order, sealed_new("drawbridge-rules", buffer_text(&plan)));
	/* Making thousands of rules at once leaves holes where much was in use for a moment. */
	const bool is_large = plan.len > PLAN_LARGE;

	buffer_clear(&plan);
	if (is_large)
		malloc_trim(0);
	const enum result result = courier_give(box->setup.courier, &(struct courier_order){
		ORDER_LOAD_RULES, &order, ORDER_APPLY_TIMEOUT, &reply, note ? write_note : NULL, note });

	if (result != RESULT_DONE) {
		struct reader in = message_reader(&reply);

		buffer_add(message, get_text(&in, ORDER_MESSAGE_MAX));
		if (message->len == 0)
			buffer_add_string(message, "the keeper does not answer");
		ruleset_known_forget(box->known);
		return result;
	}
	ruleset_known_learn(box->known, ruleset);
	indexes_give_back(box->setup.courier, box->cache, &box->idle_limit);
	indexes_save(box->setup.state_fd, box->cache, &box->saved);
	return RESULT_DONE;
}

static enum result
load_filter(struct keeper_box *box, const struct snapshot *snapshot, struct note *note, struct buffer *message)
{
	struct filter_live live = { .now = time(NULL) };
	const uint32_t     lacks = box->setup.lacks;

	if (box->live) {
		live_turn(box->live);
		live = *live_face(box->live);
	}
	live.lacks_synproxy = lacks & FILTER_SYNPROXY;
	live.lacks_timeouts = lacks & FILTER_TIMEOUTS;
	live.gateways = gateway_part_now(box->gateways);
	live.devices = box->network.devices;
	live.shaper = shaper_part_now(box->shaper);
	live.management_ports = box->setup.management_ports;
	live.nmanagement_ports = box->setup.nmanagement_ports;
	/* What was known of the filter in force is gone with the next reading. */
	box->filter = NULL;
	box->ruleset = NULL;
	const struct filter *filter =
		overlays_lay(box->overlays, filter_read(box->reader, snapshot, box->setup.facts, &live));
	const struct ruleset *ruleset = filter_compile(box->cache, filter);
	enum result           result = send_filter(box, ruleset, note, message);

	if (result == RESULT_MISSING) {
		/* The keeper lacks what we thought it had: now it gets everything. */
		buffer_cut(message, 0);
		result = send_filter(box, ruleset, note, message);
	}
	if (result == RESULT_DONE) {
		size_t                    count;
		const struct filter_note *notes = filter_cache_notes(box->cache, &count);

		box->filter = filter;
		box->ruleset = ruleset;
		remarks_take(box->remarks, notes, count);
		connections_follow_schedules(box->setup.courier, filter, box->cache, &box->awake);
	}
	return result;
}

enum result
box_load_filter(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	return load_filter(box, snapshot, NULL, message);
}

static enum result
put_in_force(struct keeper_box *box, const struct snapshot *snapshot, struct note *note, struct buffer *message)
{
	const enum result result = load_filter(box, snapshot, note, message);

	if (result == RESULT_DONE) {
		const struct snapshot *before = box->applied;

		box->applied = snapshot_hold(snapshot);
		box->applied_at = time(NULL);
		snapshot_release(before);
	}
	return result;
}

/* New names and lists are looked up first, so that they are in force when the reply says so; slow ones follow later. */
enum result
filter_apply(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	if (box->live) {
		live_watch(box->live, snapshot);
		live_settle(box->live, SETTLE_MS);
	}
	overlays_forget(box->overlays);
	scoped_arena      arena = arena_new();
	struct note       note = { box, snapshot, store_setting(box->setup.store, arena, FILTER_APPLIED), false };
	const enum result result = put_in_force(box, snapshot, &note, message);

	if (result != RESULT_DONE && note.is_written)
		box_write(box, FILTER_APPLIED, note.before);
	return result;
}

enum result
filter_resume(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	return put_in_force(box, snapshot, NULL, message);
}

void
box_refresh_filter(struct keeper_box *box)
{
	scoped_buffer message = BUFFER_NONE;

	if (box->applied && box_load_filter(box, box->applied, &message) != RESULT_DONE)
		log_warning("refreshing the filter: %s", buffer_string(&message));
}
