/*
 * Applying: the parts a request asks for are planned and handed to the keeper. Parts that have no
 * backend yet say so; nothing is ever reported as done that was not.
 */
#include "proc/box.h"

#include <stdlib.h>
#include <time.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/number.h"
#include "proc/ask/ask.h"
#include "proc/ask/box_inside.h"
#include "proc/indexes.h"
#include "proc/diagnose/sampler.h"
#include "proc/discover/discovery.h"
#include "proc/flow/flows.h"
#include "proc/jobs/jobs.h"
#include "proc/notify/mailer.h"
#include "proc/part/access.h"
#include "proc/part/daemons.h"
#include "proc/part/filter.h"
#include "proc/part/left.h"
#include "proc/part/links.h"
#include "proc/part/shaper.h"
#include "proc/portal/portal.h"
#include "proc/record/health.h"
#include "proc/record/journal.h"
#include "proc/record/makers.h"
#include "store/store.h"
#include "wire/feed.h"

#define NOTES_MOST 65536 /* bytes of what is told with an apply */
#define FILTER_PARTS ((unsigned)(PART_FILTER | PART_ALIASES))

/* --- parts ------------------------------------------------------------------------------------------ */

void
box_write(struct keeper_box *box, const char *setting, const char *value)
{
	scoped_buffer message = BUFFER_NONE;

	if (store_setting_set(box->setup.store, setting, value, &message) != RESULT_DONE)
		log_warning("what was applied cannot be remembered: %s", buffer_string(&message));
}

void
box_remember(struct keeper_box *box, const char *setting, const struct snapshot *snapshot)
{
	scoped_arena arena = arena_new();

	box_write(box, setting, arena_print(arena, "%llu", (unsigned long long)snapshot_revision(snapshot)));
}

void
keeper_box_refresh(struct keeper_box *box)
{
	pthread_mutex_lock(&box->lock);
	box_refresh_filter(box);
	pthread_mutex_unlock(&box->lock);
}

static void
live_changed(void *context)
{
	keeper_box_refresh(context);
	daemons_rename(context);
}

static enum result
apply_accounts(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	return access_part_accounts(box->setup.courier, snapshot, message);
}

static enum result
apply_jobs(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	return access_part_jobs(box->setup.courier, snapshot, message);
}

static enum result
apply_tunables(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	return access_part_tunables(box->setup.courier, snapshot, message);
}

/* A sandbox has its own. */
static enum result
apply_ssh(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	return box->setup.is_alone ? RESULT_DONE : access_part_ssh(box->setup.courier, snapshot, message);
}

static enum result
apply_flows(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	return flows_apply(box->flows, snapshot, message);
}

static enum result
apply_portal(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	return portal_apply(box->portal, snapshot, message);
}

static enum result
apply_discovery(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	return discovery_apply(box->discovery, snapshot, message);
}

/* What can be made true, in the order in which it is; everything else has no backend yet. */
static const struct {
	unsigned    parts;
	enum result (*apply)(struct keeper_box *, const struct snapshot *, struct buffer *);
	const char *setting; /* the revision that was applied, to be so again after a start; NULL: it remembers itself */
} appliers[] = {
	{ PART_INTERFACES, links_apply },
	{ PART_ROUTING, links_apply_routes },
	{ PART_VPN_WIREGUARD, links_apply_devices },
	{ FILTER_PARTS, filter_apply },
	{ PART_SHAPER, shaper_part_apply, BOX_APPLIED "shaper" },
	{ PART_IDENTITY, links_apply_identity, BOX_APPLIED "identity" },
	{ PART_ACCOUNTS, apply_accounts, BOX_APPLIED "accounts" },
	{ PART_ACCESS, apply_ssh, BOX_APPLIED "access" },
	{ PART_TUNABLES, apply_tunables, BOX_APPLIED "tunables" },
	{ PART_CRON, apply_jobs, BOX_APPLIED "jobs" },
	{ PART_FLOWS, apply_flows, BOX_APPLIED "flows" },
	{ PART_PORTAL, apply_portal, BOX_APPLIED "portal" },
	{ PART_DISCOVERY, apply_discovery, BOX_APPLIED "discovery" },
};

static enum result
apply_parts(struct keeper_box *box, const struct snapshot *snapshot, unsigned parts, struct buffer *message)
{
	unsigned    left = parts;
	enum result first = RESULT_DONE;

	/* What has no backend does not keep the rest from being there. */
	for (size_t i = 0; i < COUNT(appliers); i++) {
		if (!(parts & appliers[i].parts))
			continue;
		const enum result result = appliers[i].apply(box, snapshot, message);

		/* Of what was refused the rest is there. */
		if (appliers[i].setting && result != RESULT_FAILED)
			box_remember(box, appliers[i].setting, snapshot);
		if (result != RESULT_DONE && result != RESULT_UNAVAILABLE)
			return result;
		first = first == RESULT_DONE ? result : first;
		left &= ~appliers[i].parts;
		if (result == RESULT_DONE)
			atomic_fetch_and(box->setup.pending, ~appliers[i].parts);
	}
	const enum result done = daemons_apply(box, snapshot, parts, message), settled = links_settle(box, message);
	const enum result result = done == RESULT_DONE ? settled : done;

	/* What cannot be had does not keep the rest from running after a start. */
	if (first == RESULT_DONE && (result == RESULT_DONE || result == RESULT_UNAVAILABLE))
		daemons_remember(box, snapshot, parts);
	if (result != RESULT_DONE || first != RESULT_DONE)
		return first == RESULT_DONE ? result : first;
	/* A simulated box is what it is told to be. */
	if (box->setup.is_simulated) {
		atomic_fetch_and(box->setup.pending, ~left);
		return RESULT_DONE;
	}
	const enum result rest = parts_check_left(snapshot, left, message);

	if (rest == RESULT_DONE)
		atomic_fetch_and(box->setup.pending, ~left);
	return rest;
}

/* --- the face ----------------------------------------------------------------------------------------- */

/* A package that is missing is no news: whoever asks is told, and nothing became worse. */
static void
complain(const struct keeper_box *box)
{
	scoped_arena arena = arena_new();
	const char  *text = arena_print(arena, "not all is as configured: %s", buffer_string(&box->message));

	log_warning("%s", text);
	if (box->result != RESULT_UNAVAILABLE)
		mailer_tell(box->setup.mailer, text);
}

/* Who is let in follows from the tunnels, and some have interfaces. */
static unsigned
parts_beside(const struct snapshot *snapshot, unsigned parts)
{
	if (!(parts & PART_VPN_IPSEC))
		return 0;
	return PART_FILTER | (collection_count(snapshot_named(snapshot, "ipsec.vti")) > 0 ? PART_INTERFACES : 0);
}

static enum result
apply(void *context, const struct snapshot *snapshot, unsigned parts, struct buffer *message)
{
	struct keeper_box *box = context;

	parts |= parts_beside(snapshot, parts);
	pthread_mutex_lock(&box->lock);
	/* An apply that began after this request was waiting, and did as much, has done it. */
	if (box->answered < box->ticket || (parts & ~box->parts)) {
		buffer_clear(&box->message);
		actors_forget(box->actors);
		box->parts = parts;
		box->result = apply_parts(box, snapshot, parts, &box->message);
		if (box->result == RESULT_DONE && (parts & FILTER_PARTS))
			remarks_print(box->remarks, &box->message, NOTES_MOST);
		box->answered = box->newest;
		if (box->result != RESULT_DONE)
			complain(box);
	}
	const enum result result = box->result;

	buffer_add(message, buffer_text(&box->message));
	pthread_mutex_unlock(&box->lock);
	return result;
}

/* --- after a start ----------------------------------------------------------------------------------- */

const struct snapshot *
box_last_applied(const struct keeper_box *box, const char *setting)
{
	scoped_arena           arena = arena_new();
	const char            *revision = store_setting(box->setup.store, arena, setting);
	const struct snapshot *snapshot = NULL;
	int64_t                number;

	if (revision && number_read(text_of(revision), 0, INT64_MAX, &number) &&
	    store_snapshot_at(box->setup.store, (uint64_t)number, &snapshot) != RESULT_DONE)
		log_warning("revision %s was applied last and is not known any more", revision);
	return snapshot;
}

static void
resume_parts(struct keeper_box *box)
{
	for (size_t i = 0; i < COUNT(appliers); i++) {
		scoped_buffer          message = BUFFER_NONE;
		const struct snapshot *snapshot =
			appliers[i].setting ? box_last_applied(box, appliers[i].setting) : NULL;

		if (snapshot && appliers[i].apply(box, snapshot, &message) != RESULT_DONE)
			log_error("what was applied before: %s", buffer_string(&message));
		snapshot_release(snapshot);
	}
}

void
keeper_box_resume(struct keeper_box *box, bool is_new)
{
	scoped_buffer          message = BUFFER_NONE;
	const struct snapshot *snapshot = box_last_applied(box, FILTER_APPLIED);

	/* A new store says nothing about this machine yet; a simulated one needs no care. */
	if (!snapshot && (!is_new || box->setup.is_simulated))
		snapshot = store_snapshot(box->setup.store);
	pthread_mutex_lock(&box->lock);
	if (snapshot && box->live)
		live_watch(box->live, snapshot);
	/* Rules name gateways. */
	links_resume(box);
	resume_parts(box);
	if (snapshot && filter_resume(box, snapshot, &message) != RESULT_DONE)
		log_error("what was applied before cannot be applied again: %s", buffer_string(&message));
	pthread_mutex_unlock(&box->lock);
	box->is_resuming = pthread_create(&box->resuming, NULL, daemons_resume, box) == 0;
	snapshot_release(snapshot);
}

void
keeper_box_turn(void *context, uint64_t ticket, uint64_t newest)
{
	struct keeper_box *box = context;

	pthread_mutex_lock(&box->lock);
	box->ticket = ticket;
	box->newest = newest;
	pthread_mutex_unlock(&box->lock);
}

void
keeper_box_flows(void *context, const struct feed_entries *ended)
{
	const struct keeper_box *box = context;

	sampler_ended(box->sampler, ended->n);
	flows_ended(box->flows, ended);
}

void
keeper_box_neighbours_changed(struct keeper_box *box)
{
	if (box)
		discovery_wake(box->discovery);
}

static void
resolver_said(void *context, const struct query_said *said)
{
	const struct keeper_box  *box = context;
	struct timespec           now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (box->setup.journal)
		journal_put(box->setup.journal, LOG_RESOLVER, &(struct journal_line){
			.time = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000, .severity = said->severity, .pid = said->pid,
			.program = TEXT("unbound"), .text = said->line });
}

struct keeper_box *
keeper_box_new(const struct keeper_box_setup *setup)
{
	struct keeper_box *box = calloc(1, sizeof(*box));

	BUG_IF(!box, "out of memory");
	box->face = (struct box){ box, apply, ask_topic };
	box->setup = *setup;
	box->gateways = gateway_part_new(setup->store, setup->mailer, setup->is_simulated);
	box->grants = grant_part_new();
	box->shaper = shaper_part_new();
	box->network = (struct network_part){ .gateways = box->gateways, .is_simulated = setup->is_simulated };
	box->reader = filter_reader_new(setup->schema);
	box->cache = filter_cache_new();
	indexes_load(setup->state_fd, box->cache);
	box->idle_limit = INDEXES_IDLE;
	box->saved = filter_cache_version(box->cache);
	box->known = ruleset_known_new();
	box->overlays = overlays_new();
	box->makers = makers_new(MAKERS_FILE);
	box->jobs = jobs_new(setup->courier, setup->is_simulated);
	box->actors = actors_new();
	box->lists = domain_lists_new(setup->state_fd, daemons_relist, box);
	box->queries = query_log_new(setup->courier, resolver_said, box);
	pthread_mutex_init(&box->lock, NULL);
	pthread_mutex_init(&box->services_lock, NULL);
	box->remarks = remarks_new();
	box->lockout = lockout_new(box);
	if (!setup->is_simulated)
		box->live = live_new(setup->state_fd, setup->machine, live_changed, box);
	box->health = health_new(setup->state_fd);
	box->sampler = sampler_new(box);
	box->flows = flows_new(box);
	box->portal = portal_new(&(struct portal_setup){ .courier = setup->courier, .store = setup->store, .journal = setup->journal,
							 .state_fd = setup->state_fd, .is_simulated = setup->is_simulated });
	box->discovery = discovery_new(box);
	return box;
}

void
keeper_box_free(struct keeper_box *box)
{
	if (!box)
		return;
	atomic_store(&box->is_ending, true);
	if (box->is_resuming)
		pthread_join(box->resuming, NULL);
	portal_free(box->portal);
	discovery_free(box->discovery);
	flows_free(box->flows);
	sampler_free(box->sampler);
	health_free(box->health);
	lockout_free(box->lockout);
	live_free(box->live);
	domain_lists_free(box->lists);
	snapshot_release(box->listed);
	snapshot_release(box->logins);
	overlays_free(box->overlays);
	makers_free(box->makers);
	jobs_free(box->jobs);
	actors_free(box->actors);
	remarks_free(box->remarks);
	query_log_free(box->queries);
	snapshot_release(box->applied);
	links_clear(box);
	gateway_part_free(box->gateways);
	grant_part_free(box->grants);
	filter_reader_free(box->reader);
	shaper_part_free(box->shaper);
	filter_cache_free(box->cache);
	ruleset_known_free(box->known);
	buffer_clear(&box->message);
	buffer_clear(&box->awake);
	pthread_mutex_destroy(&box->services_lock);
	pthread_mutex_destroy(&box->lock);
	free(box);
}

const struct box *
keeper_box_face(struct keeper_box *box)
{
	return &box->face;
}
