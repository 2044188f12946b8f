/*
 * One look at what there is, then: classes that are too many go, children first; those that are wanted come, parents first; each
 * gets what its packets wait in; last the links lead there. What is as it should be is not touched, and keeps its packets and counts.
 */
#include "backend/shaper/shaper.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "backend/shaper/present.h"
#include "backend/shaper/send.h"
#include "base/bug.h"

#define NUMBERS 65536U

struct shaper_backend {
	struct buffer last; /* the plan that was applied last, as bytes */
	size_t        steps;
};

struct work {
	struct arena                    *arena;
	struct netlink                  *netlink;
	const struct shaper             *wanted;
	const struct shaper_class      **classes; /* wanted, by number */
	struct shaper_leaf              *before;  /* of the plan applied last, by number; NULL: not known */
	struct shaper_present            present;
	struct buffer                   *message;
	bool                             is_new; /* the link was made just now */
	size_t                           steps;
};

/* True when it was done. */
static bool
took(struct work *work, int error, const char *what, const char *name)
{
	work->steps++;
	if (!error)
		return true;
	buffer_print(work->message, "cannot %s %s: %s", what, name, strerror(error));
	if (work->netlink->said[0])
		buffer_print(work->message, " (%s)", work->netlink->said);
	return false;
}

static bool
took_class(struct work *work, int error, const char *what, uint32_t id)
{
	return took(work, error, what, error ? arena_print(work->arena, "class %x:%x", SHAPER_HANDLE, id) : "");
}

/* --- Before anything changes ------------------------------------------------------------------------- */

static bool
lacks(struct work *work, bool has, const char *what)
{
	if (has)
		return false;
	buffer_print(work->message, "%s%s", work->message->len > 0 ? ", " : "the kernel has no ", what);
	return true;
}

/* What is there already needs no asking. */
static bool
lacks_something(struct work *work)
{
	bool is_used[SHAPER_DISCIPLINES] = { false }, is_lacking = false;

	if (!work->present.index)
		is_lacking |= lacks(work, send_has_device(work->netlink), "intermediate functional block (ifb)");
	if (!work->present.has_root)
		is_lacking |= lacks(work, send_has_discipline(work->netlink, "htb"), "hierarchical token bucket (sch_htb)");
	is_lacking |= lacks(work, send_has_discipline(work->netlink, "clsact"), "clsact (sch_ingress)");
	for (size_t i = 0; i < work->wanted->nclasses; i++)
		if (!work->wanted->classes[i].is_inner)
			is_used[work->wanted->classes[i].leaf.discipline] = true;
	for (size_t i = 0; i < SHAPER_DISCIPLINES; i++)
		if (is_used[i])
			is_lacking |= lacks(work, send_has_discipline(work->netlink, send_discipline((enum shaper_discipline)i)),
			                    arena_print(work->arena, "%s (sch_%s)", send_discipline((enum shaper_discipline)i),
			                                send_discipline((enum shaper_discipline)i)));
	return is_lacking;
}

/* Is there something of somebody else's where ours would be? */
static bool
is_taken(struct work *work)
{
	if (work->present.index && !work->present.is_ours) {
		buffer_print(work->message, "there is a link " SHAPER_DEVICE " that is not ours");
		return true;
	}
	for (size_t i = 0; i < work->wanted->ndevices; i++) {
		const struct present_device *device = shaper_present_device(&work->present, work->wanted->devices[i]);

		if (device && device->has_ingress && !device->is_port) {
			buffer_print(work->message, "%s has a discipline \"ingress\" of somebody else's, where filters cannot be ours",
			             device->name);
			return true;
		}
	}
	return false;
}

/* --- Classes ------------------------------------------------------------------------------------------ */

static bool
is_same_class(const struct present_class *have, const struct shaper_class *class)
{
	return have->rate == class->rate && have->ceil == class->ceil && have->quantum == class->quantum;
}

/* What is under another parent, or was a parent and is none any more, is made anew. */
static bool
is_kept(const struct work *work, uint32_t id)
{
	const struct shaper_class *class = work->classes[id];

	return class && work->present.classes[id].parent == class->parent;
}

static bool
drop_classes(struct work *work, bool is_below)
{
	for (uint32_t id = 1; id < NUMBERS; id++) {
		struct present_class *have = &work->present.classes[id];

		if (!have->is_there || !have->parent == is_below || is_kept(work, id))
			continue;
		if (!took_class(work, send_class_delete(work->netlink, work->present.index, id), "take away", id))
			return false;
		*have = (struct present_class){ .is_there = false };
	}
	return true;
}

/* The kernel's own is a row with room for as many as nobody says otherwise. */
static bool
needs_leaf(const struct shaper_class *class)
{
	return !class->is_inner && (class->leaf.discipline != SHAPER_FIFO || class->leaf.limit != SHAPER_SLOTS);
}

static bool
is_same_leaf(const struct work *work, const struct shaper_class *class, uint32_t id)
{
	const struct present_class *have = &work->present.classes[id];

	if (!needs_leaf(class))
		return class->is_inner || !have->leaf[0] ||
		       (strcmp(have->leaf, "pfifo") == 0 && have->limit == SHAPER_SLOTS);
	if (strcmp(have->leaf, send_discipline(class->leaf.discipline)) != 0)
		return false;
	if (class->leaf.discipline == SHAPER_FIFO)
		return have->limit == class->leaf.limit;
	return work->before && memcmp(&work->before[id], &class->leaf, sizeof(class->leaf)) == 0;
}

static bool
want_class(struct work *work, const struct shaper_class *class, uint32_t n)
{
	const uint32_t              id = class->id + n;
	const struct present_class *have = &work->present.classes[id];

	if ((!have->is_there || !is_same_class(have, class)) &&
	    !took_class(work, send_class(work->netlink, work->present.index, class, n), "make", id))
		return false;
	return is_same_leaf(work, class, id) ||
	       took_class(work, send_leaf(work->netlink, work->present.index, class, n), "make a discipline in", id);
}

static bool
make_classes(struct work *work)
{
	if (!drop_classes(work, true) || !drop_classes(work, false))
		return false;
	for (size_t i = 0; i < work->wanted->nclasses; i++)
		for (uint32_t n = 0; n < work->wanted->classes[i].count; n++)
			if (!want_class(work, &work->wanted->classes[i], n))
				return false;
	return true;
}

static bool
make_link(struct work *work)
{
	if (!work->present.index) {
		if (!took(work, send_device(work->netlink), "make the link", SHAPER_DEVICE))
			return false;
		work->present.index = if_nametoindex(SHAPER_DEVICE);
		work->present.is_up = work->is_new = true;
	}
	if (!work->present.classes)
		work->present.classes = ARENA_MAKE(work->arena, struct present_class, NUMBERS);
	if (!work->present.is_up &&
	    !took(work, send_device_up(work->netlink, work->present.index), "begin with the link", SHAPER_DEVICE))
		return false;
	return work->present.has_root ||
	       took(work, send_root(work->netlink, work->present.index), "make the root of", SHAPER_DEVICE);
}

/* --- The way there -------------------------------------------------------------------------------------- */

/* A link may go while we look at it. */
static bool
took_on(struct work *work, int error, const char *what, const struct present_device *device)
{
	return took(work, error == ENODEV ? 0 : error, what, device->name);
}

static bool
drop_way(struct work *work, struct present_device *device)
{
	if (!device->has_filter)
		return true;
	if (!took_on(work, send_filter_delete(work->netlink, device->index), "take away the filter of", device))
		return false;
	device->has_filter = false;
	if (device->has_others)
		return true;
	device->has_clsact = false;
	return took_on(work, send_clsact_delete(work->netlink, device->index), "take away the filters' place on", device);
}

static bool
make_way(struct work *work, struct present_device *device)
{
	/* It leads to a link that is gone. */
	if (work->is_new && device->has_filter) {
		if (!took_on(work, send_filter_delete(work->netlink, device->index), "take away the filter of", device))
			return false;
		device->has_filter = false;
	}
	if (!device->has_clsact &&
	    !took_on(work, send_clsact(work->netlink, device->index), "make a place for filters on", device))
		return false;
	return device->has_filter || took_on(work, send_filter(work->netlink, device->index, work->present.index),
	                                  "lead to the shaper (cls_bpf, act_mirred) from", device);
}

static bool
is_wanted(const struct work *work, const char *name)
{
	for (size_t i = 0; i < work->wanted->ndevices; i++)
		if (strcmp(work->wanted->devices[i], name) == 0)
			return true;
	return false;
}

static bool
make_ways(struct work *work)
{
	for (size_t i = 0; i < work->present.ndevices; i++) {
		struct present_device *device = &work->present.devices[i];
		const bool             leads = work->wanted->nclasses > 0 && !device->is_port && is_wanted(work, device->name);

		if (!(leads ? make_way : drop_way)(work, device))
			return false;
	}
	return true;
}

/* --- All of it --------------------------------------------------------------------------------------------- */

static bool
change(struct work *work)
{
	if (work->wanted->nclasses > 0)
		return make_link(work) && make_classes(work) && make_ways(work);
	if (!make_ways(work))
		return false;
	return !work->present.index || !work->present.is_ours ||
	       took(work, send_device_delete(work->netlink, work->present.index), "take away the link", SHAPER_DEVICE);
}

static void
name_absent(struct work *work)
{
	bool is_first = true;

	for (size_t i = 0; i < work->wanted->ndevices; i++) {
		if (shaper_present_device(&work->present, work->wanted->devices[i]))
			continue;
		buffer_print(work->message, "%s%s", is_first ? "not there: " : ", ", work->wanted->devices[i]);
		is_first = false;
	}
}

static void
prepare(struct work *work, const struct shaper *before)
{
	work->classes = ARENA_MAKE(work->arena, const struct shaper_class *, NUMBERS);
	for (size_t i = 0; i < work->wanted->nclasses; i++)
		for (uint32_t n = 0; n < work->wanted->classes[i].count; n++)
			work->classes[work->wanted->classes[i].id + n] = &work->wanted->classes[i];
	if (!before)
		return;
	work->before = ARENA_MAKE(work->arena, struct shaper_leaf, NUMBERS);
	for (size_t i = 0; i < before->nclasses; i++)
		for (uint32_t n = 0; n < before->classes[i].count; n++)
			work->before[before->classes[i].id + n] = before->classes[i].leaf;
}

static enum result
look(struct work *work)
{
	if (shaper_present_read(work->arena, &work->present) == RESULT_DONE)
		return RESULT_DONE;
	buffer_add_string(work->message, "the kernel does not say how traffic is queued");
	return RESULT_FAILED;
}

/* What was there before, by the same way. */
static void
undo(struct work *work, const struct shaper *before)
{
	static const struct shaper none = { .nclasses = 0 };
	struct work                back = { work->arena, work->netlink, before ? before : &none, .message = work->message };

	prepare(&back, NULL);
	buffer_add_string(work->message, "; ");
	if (look(&back) == RESULT_DONE && change(&back))
		buffer_add_string(work->message, "it is as it was before");
}

static enum result
apply(struct work *work, const struct shaper *before)
{
	if (look(work) != RESULT_DONE)
		return RESULT_FAILED;
	if (work->wanted->nclasses > 0 && lacks_something(work))
		return RESULT_UNAVAILABLE;
	if (work->wanted->nclasses > 0 && is_taken(work))
		return RESULT_FAILED;
	if (change(work)) {
		name_absent(work);
		return RESULT_DONE;
	}
	undo(work, before);
	return RESULT_FAILED;
}

enum result
shaper_apply(struct shaper_backend *backend, struct text plan, struct buffer *message)
{
	scoped_arena   arena = arena_new();
	struct netlink netlink;
	struct shaper  wanted, before;
	const bool     is_known = shaper_decode(arena, buffer_text(&backend->last), &before);
	struct work    work = { arena, &netlink, &wanted, .message = message };

	if (!shaper_decode(arena, plan, &wanted)) {
		buffer_add_string(message, "the plan of the shaper is malformed");
		return RESULT_INVALID;
	}
	if (!netlink_open(&netlink)) {
		buffer_add_string(message, "no netlink socket");
		return RESULT_FAILED;
	}
	prepare(&work, is_known ? &before : NULL);
	const enum result result = apply(&work, is_known ? &before : NULL);

	netlink_close(&netlink);
	backend->steps = work.steps;
	if (result == RESULT_DONE) {
		buffer_cut(&backend->last, 0);
		buffer_add(&backend->last, plan);
	}
	return result;
}

enum result
shaper_count(struct arena *arena, struct shaper_counts *out)
{
	struct shaper_present present;
	struct shaper_count  *list;
	size_t                count = 0;

	if (shaper_present_read(arena, &present) != RESULT_DONE)
		return RESULT_FAILED;
	list = ARENA_MAKE(arena, struct shaper_count, NUMBERS);
	for (uint32_t id = 1; present.classes && present.is_ours && id < NUMBERS; id++) {
		const struct present_class *have = &present.classes[id];

		if (have->is_there)
			list[count++] = (struct shaper_count){ .class = id, .bytes = have->bytes, .packets = have->packets,
							       .dropped = have->dropped, .backlog = have->backlog };
	}
	*out = (struct shaper_counts){ list, count };
	return RESULT_DONE;
}

/* --- Life --------------------------------------------------------------------------------------------------- */

struct shaper_backend *
shaper_backend_new(void)
{
	struct shaper_backend *backend = calloc(1, sizeof(*backend));

	BUG_IF(!backend, "out of memory");
	return backend;
}

void
shaper_backend_free(struct shaper_backend *backend)
{
	if (!backend)
		return;
	buffer_clear(&backend->last);
	free(backend);
}

size_t
shaper_steps(const struct shaper_backend *backend)
{
	return backend->steps;
}
