/*
 * First all that is about links, then, with a new look at what the kernel has by now, the routes: links that go
 * down lose theirs.
 */
#include "backend/network/network.h"

#include <stdlib.h>
#include <string.h>

#include "backend/network/send.h"
#include "backend/network/setting.h"
#include "base/bug.h"

struct network_backend {
	struct buffer last;  /* the plan with links that was applied last, as bytes */
	size_t        steps;
};

struct work {
	struct arena  *arena;
	struct sender *sender;
	struct network wanted, before;
	struct present first; /* as it was */
	struct steps   done;
};

/* --- Settings ----------------------------------------------------------------------------------- */

static void
want_setting(struct steps *steps, const char *path, const char *value)
{
	const char *now = setting_read(steps->arena, path);

	if (now && strcmp(now, value) != 0)
		steps_add(steps, &(struct step){ .kind = STEP_SETTING, .device = path, .from = { .there = true, .text = now },
						 .to = { .there = true, .text = value } });
}

/* Who answers by a gateway need not be where the routes would look for it. */
static void
want_loose_sources(struct steps *steps, const struct work *work)
{
	for (size_t i = 0; i < work->wanted.ngateways; i++) {
		const char *path =
			arena_print(work->arena, "net/ipv4/conf/%s/rp_filter", work->wanted.gateways[i].device);
		const char *own = setting_read(work->arena, path);
		const char *all = setting_read(work->arena, "net/ipv4/conf/all/rp_filter");

		/* The higher of the two counts: 1 is strict, 2 is loose. */
		if (own && all && strcmp(own, "2") != 0 && strcmp(all, "2") != 0 && (*own == '1' || *all == '1'))
			want_setting(steps, path, "2");
	}
}

/* The box forwards; addresses that stay are not lost with the first of their network. */
static void
want_settings(struct steps *steps, const struct work *work)
{
	want_setting(steps, "net/ipv4/conf/all/promote_secondaries", "1");
	want_setting(steps, "net/ipv4/ip_forward", "1");
	want_setting(steps, "net/ipv6/conf/all/forwarding", "1");
	for (size_t i = 0; i < work->wanted.nlinks; i++)
		if (work->wanted.links[i].hears_routers)
			want_setting(steps, arena_print(work->arena, "net/ipv6/conf/%s/accept_ra", work->wanted.links[i].name),
			             "2");
}

/* --- Doing and undoing -------------------------------------------------------------------------- */

static enum result
carry_out(struct work *work, const struct steps *steps, struct buffer *message)
{
	for (size_t i = 0; i < steps->n; i++) {
		const enum result result = sender_take(work->sender, &steps->steps[i], message);

		if (result != RESULT_DONE && !work->wanted.mends)
			return result;
		if (result == RESULT_DONE)
			steps_add(&work->done, &steps->steps[i]);
		else
			buffer_add_string(message, "; ");
	}
	return RESULT_DONE;
}

static void
undo(struct work *work, struct buffer *message)
{
	struct steps   lost = { .arena = work->arena };
	struct present present;
	struct step    back;

	for (size_t i = work->done.n; i-- > 0;) {
		back = step_back(&work->done.steps[i]);
		if (sender_take(work->sender, &back, message) != RESULT_DONE)
			buffer_add_byte(message, ';');
	}
	/* Routes that went with a link that was down for a moment. */
	if (network_present_read(work->arena, &present) != RESULT_DONE)
		return;
	steps_for_lost_routes(&lost, &work->first, &present);
	for (size_t i = 0; i < lost.n; i++)
		if (sender_take(work->sender, &lost.steps[i], message) != RESULT_DONE)
			buffer_add_byte(message, ';');
}

static enum result
change(struct work *work, struct buffer *absent, struct buffer *message)
{
	struct steps   links = { .arena = work->arena }, routes = { .arena = work->arena };
	struct present present = work->first;
	enum result    result = RESULT_DONE;

	if (work->wanted.has_links) {
		want_settings(&links, work);
		if (!work->wanted.leaves_links)
			steps_to_end_answers(&links, &work->wanted, &work->first);
		steps_for_links(&links, &work->wanted, &work->before, &work->first, absent);
		steps_to_begin_answers(&links, &work->wanted, &work->first);
		result = carry_out(work, &links, message);
	}
	if (result != RESULT_DONE)
		return result;
	if (links.n > 0 && network_present_read(work->arena, &present) != RESULT_DONE) {
		buffer_add_string(message, "the kernel does not say what routes there are");
		return RESULT_FAILED;
	}
	if (work->wanted.has_routes) {
		want_loose_sources(&routes, work);
		steps_for_routes(&routes, &work->wanted, &present);
	} else {
		steps_for_lost_routes(&routes, &work->first, &present);
	}
	return carry_out(work, &routes, message);
}

static enum result
apply(struct network_backend *backend, struct work *work, struct buffer *message)
{
	scoped_buffer absent = BUFFER_NONE;
	enum result   result;

	if (network_present_read(work->arena, &work->first) != RESULT_DONE) {
		buffer_add_string(message, "the kernel does not say what links there are");
		return RESULT_FAILED;
	}
	result = change(work, &absent, message);
	backend->steps = work->done.n;
	if (result != RESULT_DONE)
		undo(work, message);
	else if (absent.len > 0)
		buffer_print(message, "not there: %s", buffer_string(&absent));
	return result;
}

enum result
network_apply(struct network_backend *backend, struct text plan, struct buffer *message)
{
	scoped_arena arena = arena_new();
	struct work  work = { .arena = arena, .done = { .arena = arena } };
	enum result  result;

	if (!network_decode(arena, plan, &work.wanted)) {
		buffer_add_string(message, "the plan of the network is malformed");
		return RESULT_INVALID;
	}
	network_decode(arena, buffer_text(&backend->last), &work.before);
	work.sender = sender_open();
	if (!work.sender) {
		buffer_add_string(message, "no netlink socket");
		return RESULT_FAILED;
	}
	result = apply(backend, &work, message);
	sender_close(work.sender);
	if (result == RESULT_DONE && work.wanted.has_links && !work.wanted.leaves_links) {
		buffer_cut(&backend->last, 0);
		buffer_add(&backend->last, plan);
	}
	return result;
}

/* A dummy has a stand-in. */
enum result
network_lacks(uint32_t kinds, uint32_t kinds6, uint32_t *lacks)
{
	struct sender *sender = sender_open();

	if (!sender)
		return RESULT_FAILED;
	*lacks = 0;
	for (unsigned kind = LINK_GIVEN + 1; kind < LINK_KINDS; kind++) {
		struct network_link link = { .kind = (enum link_kind)kind, .name = "drawbridge-try" };

		if (kind == LINK_LOOPBACK)
			continue;
		if ((kinds & 1U << kind) && !sender_can_make(sender, &link))
			*lacks |= 1U << kind;
		link.remote.family = FAMILY_INET6;
		if ((kinds6 & 1U << kind) && !sender_can_make(sender, &link))
			*lacks |= 1U << kind;
	}
	sender_close(sender);
	return RESULT_DONE;
}

/* --- Life --------------------------------------------------------------------------------------- */

struct network_backend *
network_backend_new(void)
{
	struct network_backend *backend = calloc(1, sizeof(*backend));

	BUG_IF(!backend, "out of memory");
	return backend;
}

void
network_backend_free(struct network_backend *backend)
{
	if (!backend)
		return;
	buffer_clear(&backend->last);
	free(backend);
}

size_t
network_steps(const struct network_backend *backend)
{
	return backend->steps;
}
