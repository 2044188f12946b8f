/*
 * Snapshots: whole configurations under a name. Upstream makes them of its file system; here they are copies in the
 * store. Activating one brings the configuration back as a new revision and applies it, as starting from it does there.
 */
#include <string.h>
#include <time.h>

#include "api/topics.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/tables.h"

static struct store *
store_of(const struct call *call)
{
	return call->request->service->store;
}

static const char *
text_sent(const struct call *call, const char *name)
{
	const char *text = value_as_string(call->request->arena, value_get(call->input, name));

	return text ? text : "";
}

/* NULL: there is none. */
static struct copy *
find(const struct call *call, struct text uuid)
{
	struct copies copies = { .count = 0 };

	store_copies(store_of(call), call->request->arena, &copies);
	for (size_t i = 0; i < copies.count; i++)
		if (text_is(uuid, copies.copies[i].uuid))
			return &copies.copies[i];
	return NULL;
}

/* Nothing was changed since it was taken, or brought back. */
static bool
is_active(const struct call *call, const struct copy *copy)
{
	const struct snapshot *newest = store_snapshot(store_of(call));
	const bool             is_same = snapshot_revision(newest) == copy->revision;

	snapshot_release(newest);
	return is_same;
}

/* --- showing -------------------------------------------------------------------------------- */

static const char *
size_text(struct arena *arena, size_t bytes)
{
	if (bytes >= 1024 * 1024)
		return arena_print(arena, "%.1fM", (double)bytes / (1024 * 1024));
	return bytes >= 1024 ? arena_print(arena, "%.1fK", (double)bytes / 1024) : arena_print(arena, "%zuB", bytes);
}

static const char *
time_text(struct arena *arena, int64_t microseconds, const char *format)
{
	const time_t at = (time_t)(microseconds / 1000000);
	struct tm    parts;
	char         room[40];

	localtime_r(&at, &parts);
	return strftime(room, sizeof(room), format, &parts) ? arena_copy(arena, text_of(room)) : "";
}

static void
search(struct call *call)
{
	struct arena *arena = call->request->arena;
	struct value *rows = value_list(arena);
	struct copies copies = { .count = 0 };

	if (store_copies(store_of(call), arena, &copies) != RESULT_DONE) {
		answer_broken(call);
		return;
	}
	for (size_t i = 0; i < copies.count; i++) {
		const struct copy *copy = &copies.copies[i];
		struct value      *row = value_object(arena);

		value_set_string(arena, row, "uuid", copy->uuid);
		value_set_string(arena, row, "name", copy->name);
		value_set_string(arena, row, "active", is_active(call, copy) ? "NR" : "-");
		value_set_string(arena, row, "mountpoint", "-");
		value_set_string(arena, row, "size", size_text(arena, copy->bytes));
		value_set_string(arena, row, "created_str", time_text(arena, copy->time, "%Y-%m-%d %H:%M"));
		value_set(arena, row, "created", value_integer(arena, copy->time / 1000000));
		value_add(arena, rows, row);
	}
	grid_answer(call, rows, 9999);
}

static void
get(struct call *call)
{
	const struct copy *copy = find(call, call_param(call, 0));
	const int64_t      now = call->request->service->now(call->request->service->context);

	if (!copy && call_param(call, 0).len) {
		answer_empty(call);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "name", copy ? copy->name : time_text(call->request->arena, now, "%Y%m%d%H%M%S"));
	json_put_string(&call->json, "uuid", copy ? copy->uuid : "");
	if (copy)
		json_put_string(&call->json, "note", copy->note);
	json_object_end(&call->json);
}

static void
is_supported(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_bool(&call->json, "supported", true);
	json_object_end(&call->json);
}

/* --- changing ------------------------------------------------------------------------------- */

static void
answer_fault(struct call *call, const char *field, const char *message)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "failed");
	if (field) {
		json_name(&call->json, "validations");
		json_object(&call->json);
		json_put_string(&call->json, field, message);
		json_object_end(&call->json);
	}
	json_object_end(&call->json);
}

/* False: it has answered. */
static bool
check_texts(struct call *call, const char *name, const char *note)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	if (name[0] == '\0' || strspn(name, allowed) != strlen(name) || strlen(name) > STORE_COPY_NAME_MAX) {
		answer_fault(call, "name", "A name has 1 to 255 letters, digits and \"-\", \"_\", \".\".");
		return false;
	}
	if (strlen(note) > STORE_COPY_NOTE_MAX) {
		answer_fault(call, "note", "A note has at most 8192 characters.");
		return false;
	}
	return true;
}

static void
answer_result(struct call *call, enum result result, const struct buffer *message)
{
	if (result == RESULT_DONE)
		answer_word(call, "status", "ok");
	else if (result == RESULT_CONFLICT)
		answer_fault(call, "name", "There is a snapshot with this name.");
	else if (result == RESULT_TOO_BIG)
		answer_fault(call, "name", "There are as many snapshots as there can be.");
	else if (result == RESULT_MISSING)
		answer_fault(call, NULL, NULL);
	else
		answer_refusal(call, "Snapshot", "%s", buffer_string(message));
}

/* What is in no revision goes back to whoever may not save. */
static bool
may_save(struct call *call)
{
	if (call->request->caller->may_not_save)
		answer_refusal(call, "Configuration not saved", "You may look at the configuration but not change it.");
	return !call->request->caller->may_not_save;
}

static void
add(struct call *call)
{
	const char   *from = text_sent(call, "uuid");
	struct copy   copy = { .name = text_sent(call, "name"), .note = text_sent(call, "note") };
	scoped_buffer message = BUFFER_NONE;
	enum result   result;

	if (!may_save(call) || !check_texts(call, copy.name, copy.note))
		return;
	result = from[0] ? store_copy_clone(store_of(call), text_of(from), &copy, &message)
			 : store_copy_add(store_of(call), call->request->snapshot, &copy, &message);
	answer_result(call, result, &message);
}

static void
set(struct call *call)
{
	const struct copy *before = find(call, call_param(call, 0));
	scoped_buffer      message = BUFFER_NONE;

	if (!may_save(call))
		return;
	if (!before) {
		answer_fault(call, NULL, NULL);
		return;
	}
	struct copy after = *before;

	after.name = value_get(call->input, "name") ? text_sent(call, "name") : before->name;
	after.note = value_get(call->input, "note") ? text_sent(call, "note") : before->note;
	if (check_texts(call, after.name, after.note))
		answer_result(call, store_copy_change(store_of(call), &after, &message), &message);
}

static void
delete(struct call *call)
{
	const struct copy *copy = find(call, call_param(call, 0));
	scoped_buffer      message = BUFFER_NONE;

	if (!may_save(call))
		return;
	if (!copy)
		answer_refusal(call, "Snapshot", "There is no such snapshot.");
	else if (is_active(call, copy))
		answer_refusal(call, "Snapshot", "%s is the configuration in use.", copy->name);
	else
		answer_result(call, store_copy_remove(store_of(call), text_of(copy->uuid), &message), &message);
}

/* On its way from the commit to the apply. */
struct activation {
	struct copy *copy;
	unsigned     parts; /* that it changed */
};

static void
activate(struct call *call)
{
	struct request    *request = call->request;
	struct activation *activation = ARENA_MAKE(request->arena, struct activation, 1);
	struct copy       *copy = find(call, call_param(call, 0));
	const enum result  result = copy ? store_copy_into(store_of(call), request->change, text_of(copy->uuid)) : RESULT_MISSING;

	if (result == RESULT_MISSING) {
		answer_refusal(call, "Snapshot", "There is no such snapshot.");
	} else if (result != RESULT_DONE) {
		answer_refusal(call, "Snapshot", "%s cannot be read.", copy->name);
	} else {
		change_note(request->change, arena_print(request->arena, "activated snapshot %s", copy->name));
		request->keep = request->always = true;
		*activation = (struct activation){ copy, change_touched(request->change) };
		call->kept = activation;
		answer_word(call, "status", "ok");
	}
}

/* It is the configuration now: the revision that it became is the one it is the same as. */
static void
apply(struct call *call)
{
	const struct activation *activation = call->kept;
	struct copy             *copy = activation->copy;
	const char              *message;
	scoped_buffer            trouble = BUFFER_NONE;

	copy->revision = call->request->revision;
	store_copy_change(store_of(call), copy, &trouble);
	const enum result result = topic_apply(call->request, activation->parts, &message);

	if (result != RESULT_DONE)
		answer_refusal(call, "Not applied", "%s is the configuration now, but is not in force: %s", copy->name,
			       message[0] ? message : result_word(result));
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
const struct action core_snapshots_actions[] = {
	{ "core/snapshots/is_supported", KIND_QUERY, .handle = is_supported },
	{ "core/snapshots/search", KIND_GRID, .lane = LANE_SLOW, .handle = search },
	{ "core/snapshots/get", KIND_QUERY, .lane = LANE_SLOW, .handle = get },
	{ "core/snapshots/add", KIND_ACTION, .lane = LANE_SLOW, .handle = add, .refusal = FAILED },
	{ "core/snapshots/set", KIND_MODEL_SET, 1, .lane = LANE_SLOW, .handle = set, .refusal = FAILED },
	{ "core/snapshots/del", KIND_ACTION, 1, .lane = LANE_SLOW, .handle = delete, .refusal = FAILED },
	{ "core/snapshots/activate", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = activate, .finish = apply,
	  .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
