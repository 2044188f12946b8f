/*
 * Links and routes are applied apart and may be of two revisions. When links, addresses, routes or gateways change, all of it is
 * planned again with what is known then, and the packet filter after it.
 */
#include "proc/part/links.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/number.h"
#include "proc/ask/box_inside.h"
#include "proc/box.h"
#include "proc/flow/flows.h"
#include "proc/part/shaper.h"
#include "store/store.h"

#define SETTING_LINKS    BOX_APPLIED "links"
#define SETTING_ROUTES   BOX_APPLIED "routes"
#define SETTING_DEVICES  BOX_APPLIED "devices" /* of WireGuard */
#define SETTING_GRANTS   "dhcp.grants" /* seconds since 1970, a newline, what was said then */

static int64_t
now(clockid_t clock)
{
	struct timespec at;

	clock_gettime(clock, &at);
	return at.tv_sec;
}

static void
learn(const struct snapshot **have, const struct snapshot *snapshot)
{
	const struct snapshot *before = *have;

	*have = snapshot_hold(snapshot);
	snapshot_release(before);
}

/* --- Names ------------------------------------------------------------------------------------ */

enum result
links_apply_identity(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	const enum result result =
		network_part_name(box->setup.courier, snapshot, grant_part_now(box->grants), message);

	if (result != RESULT_DONE)
		return result;
	learn(&box->identity, snapshot);
	return result;
}

/* Name servers were given, or are none any more. */
static void
name_again(struct keeper_box *box)
{
	scoped_buffer message = BUFFER_NONE;

	if (box->identity &&
	    network_part_name(box->setup.courier, box->identity, grant_part_now(box->grants), &message) != RESULT_DONE)
		log_warning("name servers that were given: %s", buffer_string(&message));
}

/* --- What was given --------------------------------------------------------------------------- */

static void
save_grants(struct keeper_box *box, struct text said)
{
	scoped_buffer text = BUFFER_NONE, message = BUFFER_NONE;

	buffer_print(&text, "%lld\n", (long long)now(CLOCK_REALTIME));
	buffer_add(&text, said);
	if (store_setting_set(box->setup.store, SETTING_GRANTS, buffer_string(&text), &message) != RESULT_DONE)
		log_warning("what was given cannot be remembered: %s", buffer_string(&message));
}

/* So that a prefix survives us, for as long as it is ours. */
static void
restore_grants(struct keeper_box *box)
{
	scoped_arena arena = arena_new();
	struct text  said = text_of(store_setting(box->setup.store, arena, SETTING_GRANTS));
	int64_t      then;

	if (number_read(text_until(&said, '\n'), 0, INT64_MAX, &then) && then <= now(CLOCK_REALTIME))
		grant_part_take(box->grants, said, now(CLOCK_MONOTONIC) - (now(CLOCK_REALTIME) - then));
}

/* Asking takes its time: nothing is locked. */
static void
ask_grants(struct keeper_box *box)
{
	scoped_buffer        said = BUFFER_NONE;
	struct grant_clients clients;
	bool                 is_needed, is_answered;
	uint64_t             version;

	pthread_mutex_lock(&box->lock);
	clients = grant_part_clients(box->network.links);
	pthread_mutex_unlock(&box->lock);
	is_needed = clients.dhcp || clients.line[0];
	is_answered = is_needed && grant_part_ask(box->setup.courier, &clients, &said);
	pthread_mutex_lock(&box->lock);
	version = grant_part_version(box->grants);
	if (is_answered)
		grant_part_take(box->grants, buffer_text(&said), now(CLOCK_MONOTONIC));
	else if (!is_needed)
		grant_part_forget(box->grants);
	if (version != grant_part_version(box->grants)) {
		save_grants(box, buffer_text(&said));
		name_again(box);
	}
	pthread_mutex_unlock(&box->lock);
}

/* --- Links and routes ------------------------------------------------------------------------- */

static enum result
apply(struct keeper_box *box, const struct snapshot *links, const struct snapshot *routes, struct buffer *message)
{
	box->network.grants = grant_part_now(box->grants);
	return network_part_apply(&box->network, box->setup.courier, links, routes, message);
}

/* Something happened, and nobody asked for it. */
static void
mend(struct keeper_box *box, const struct snapshot *links, const struct snapshot *routes)
{
	scoped_buffer message = BUFFER_NONE;

	box->network.mends = true;
	const enum result result = apply(box, links, routes, &message);

	if (result != RESULT_DONE && result != RESULT_UNAVAILABLE)
		log_warning("the network is not as it was applied: %s", buffer_string(&message));
	box->network.mends = false;
}

/* A DHCP client that is to stop still runs, and would put back what we take from it. */
enum result
links_apply(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	box->network.keeps_given = true;
	const enum result result = apply(box, snapshot, NULL, message);

	/* What has no backend does not keep the rest from being there. */
	if (box->network.links == snapshot)
		box_remember(box, SETTING_LINKS, snapshot);
	shaper_part_mend(box);
	return result;
}

enum result
links_apply_devices(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	(void)message;
	network_part_learn(&box->network, snapshot);
	box->network.has_new_devices = true;
	box_remember(box, SETTING_DEVICES, snapshot);
	return RESULT_DONE;
}

/* What has no backend was said when it was applied. */
enum result
links_settle(struct keeper_box *box, struct buffer *message)
{
	const bool    has_new_devices = box->network.has_new_devices;
	scoped_buffer said = BUFFER_NONE;
	enum result   result = RESULT_DONE;

	if (!box->network.keeps_given && !has_new_devices)
		return RESULT_DONE;
	box->network.keeps_given = box->network.has_new_devices = false;
	if (!has_new_devices) {
		if (box->network.links)
			mend(box, NULL, NULL);
		return RESULT_DONE;
	}
	result = apply(box, NULL, NULL, &said);
	/* Rules are about devices too. */
	box_refresh_filter(box);
	if (result == RESULT_DONE || result == RESULT_UNAVAILABLE)
		return RESULT_DONE;
	buffer_add(message, buffer_text(&said));
	return result;
}

enum result
links_apply_routes(struct keeper_box *box, const struct snapshot *snapshot, struct buffer *message)
{
	const enum result result = apply(box, NULL, snapshot, message);

	if (box->network.routes != snapshot)
		return result;
	box_remember(box, SETTING_ROUTES, snapshot);
	box_refresh_filter(box);
	gateway_part_settle(box->gateways, box->setup.courier);
	return result;
}

void
keeper_box_links_changed(struct keeper_box *box)
{
	flows_ways_changed(box->flows);
	ask_grants(box);
	pthread_mutex_lock(&box->lock);
	if (box->network.links || box->network.routes || box->network.devices)
		mend(box, NULL, NULL);
	shaper_part_mend(box);
	box_refresh_filter(box);
	gateway_part_settle(box->gateways, box->setup.courier);
	pthread_mutex_unlock(&box->lock);
}

/* --- Life ------------------------------------------------------------------------------------- */

void
links_resume(struct keeper_box *box)
{
	const struct snapshot *links = box_last_applied(box, SETTING_LINKS);
	const struct snapshot *routes = box_last_applied(box, SETTING_ROUTES);
	const struct snapshot *devices = box_last_applied(box, SETTING_DEVICES);

	restore_grants(box);
	network_part_learn(&box->network, devices);
	if (links || routes || devices)
		mend(box, links, routes);
	snapshot_release(devices);
	snapshot_release(links);
	snapshot_release(routes);
}

void
links_clear(struct keeper_box *box)
{
	network_part_clear(&box->network);
	snapshot_release(box->identity);
}
