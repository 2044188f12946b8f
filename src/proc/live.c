/*
 * One table, and two threads: one for host names, one for the lists of aliases, so that a slow server keeps no name from
 * being looked up. Each looks up what is due, without the lock, and swaps the result in. What was swapped out stays until
 * the next turn, because a plan may still be reading it. What was found last time is there from the start.
 */
#include "proc/live.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "proc/live_fetch.h"
#include "proc/live_table.h"
#include "proc/machine.h"
#include "schema/hosts.h"

#define TICK_SECONDS  5
#define RETRY_SECONDS 60
#define BATCH_SECONDS 2 /* what was found is told then, though others are still looked up */

struct worker {
	struct live    *live;
	enum entry_kind kind;
	pthread_t       thread;
};

struct live {
	pthread_mutex_t    lock;
	pthread_cond_t     wake, settled;
	struct worker      workers[ENTRY_KINDS];
	bool               is_ending;
	int                state_fd;
	void             (*changed)(void *);
	void              *context;
	const struct snapshot *snapshot;
	const struct snapshot *peers; /* of WireGuard, by their names too; NULL: none */
	int64_t            interval; /* seconds between two looks at a name */
	struct live_table  table;
	struct kept_names *names;
	int64_t            minute;
	struct machine    *machine;
	struct filter_live face;
};

static int64_t
now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* --- what is wanted: called with the lock held ------------------------------------------------------------ */

static void
want_name(struct live *live, struct text name)
{
	struct finding kept;
	struct entry  *entry;
	bool           is_new;

	entry = live_table_want(&live->table, ENTRY_NAME, name, &is_new);
	if (!entry || !is_new)
		return;
	kept = kept_names_find(live->names, entry->name);
	live_table_take(&live->table, entry, &kept);
}

static void
want_names(struct live *live, const struct record *alias)
{
	const struct collection *aliases = snapshot_named(live->snapshot, "firewall.alias");
	struct text              rest = record_text(alias, "content"), name;
	struct prefix            prefix;

	while (text_next(&rest, "\n", &name)) {
		name = text_trim(name);
		if (name.len > 0 && name.ptr[0] == '!')
			name = text_after(name, 1);
		if (prefix_read(name, &prefix) || !memchr(name.ptr, '.', name.len) || !host_name_is_valid(name) ||
		    collection_where(aliases, "name", name))
			continue;
		want_name(live, name);
	}
}

/* Do they list the same? */
static bool
is_same_list(const struct record *one, const struct record *other)
{
	static const char *const fields[] = { "type", "content", "proto", "path_expression" };

	for (size_t i = 0; i < COUNT(fields); i++)
		if (strcmp(record_get(one, fields[i]), record_get(other, fields[i])) != 0)
			return false;
	return true;
}

static void
want_list(struct live *live, const struct record *alias)
{
	bool           is_new;
	struct entry  *entry = live_table_want(&live->table, ENTRY_LIST, record_text(alias, "name"), &is_new);
	struct finding kept;

	if (!entry || entry->alias == alias)
		return;
	if (is_new) {
		kept = find_kept_list(live->state_fd, alias);
		live_table_take(&live->table, entry, &kept);
	} else {
		live_fetch_forget(live->state_fd, entry->alias, alias);
		entry->is_other |= !is_same_list(entry->alias, alias);
	}
	record_release(entry->alias);
	entry->alias = record_hold(alias);
	live_table_hurry(&live->table, entry);
}

static void
forget_list(void *context, const struct entry *entry)
{
	if (entry->alias)
		live_fetch_forget(((struct live *)context)->state_fd, entry->alias, NULL);
}

/* Where peers of WireGuard are. */
static void
want_peers(struct live *live)
{
	const struct collection *peers = live->peers ? snapshot_named(live->peers, "wireguard.client") : NULL;
	struct address           address;

	for (size_t i = 0; peers && i < collection_count(peers); i++) {
		const struct text host = record_text(collection_at(peers, i), "serveraddress");

		if (record_bool(collection_at(peers, i), "enabled") && !address_read(host, &address) && host_name_is_valid(host))
			want_name(live, host);
	}
}

static void
look_through(struct live *live)
{
	const struct collection *aliases = live->snapshot ? snapshot_named(live->snapshot, "firewall.alias") : NULL;

	live_table_want_none(&live->table);
	want_peers(live);
	for (size_t i = 0; aliases && i < collection_count(aliases); i++) {
		const struct record *alias = collection_at(aliases, i);
		const struct text    type = record_text(alias, "type");

		if (!record_bool(alias, "enabled"))
			continue;
		if (text_is(type, "host") || text_is(type, "network"))
			want_names(live, alias);
		else if (live_fetch_knows(type))
			want_list(live, alias);
	}
	live_table_drop(&live->table, forget_list, live);
}

/* --- looking up ----------------------------------------------------------------------------------------- */

static int64_t
seconds_until_due(const struct live *live, const struct entry *entry, bool is_found)
{
	double days = LIVE_FETCH_DAYS;

	if (entry->kind == ENTRY_NAME && (is_found || live->interval < RETRY_SECONDS))
		return live->interval;
	if (!is_found)
		return RETRY_SECONDS;
	const char *said = record_get(entry->alias, "updatefreq");
	if (said[0] && strtod(said, NULL) > 0)
		days = strtod(said, NULL);
	return days * 86400 < RETRY_SECONDS ? RETRY_SECONDS : (int64_t)(days * 86400);
}

static bool
take_finding(struct live *live, struct entry *entry, struct finding *finding)
{
	live_table_tried(&live->table, entry, now_seconds() + seconds_until_due(live, entry, finding->is_found));
	if (live->table.untried == 0)
		pthread_cond_broadcast(&live->settled);
	/* What cannot be had keeps its meaning, unless that was another list's. */
	finding->is_found |= entry->is_other;
	entry->is_other = false;
	return live_table_take(&live->table, entry, finding);
}

/* One look-up; with the lock held before and after. */
static bool
look_up(struct live *live, const struct entry *due)
{
	const enum entry_kind kind = due->kind;
	char                 *name = strdup(due->name);
	const struct record  *alias = due->alias ? record_hold(due->alias) : NULL;

	BUG_IF(!name, "out of memory");
	pthread_mutex_unlock(&live->lock);
	struct finding finding = kind == ENTRY_NAME ? find_name(name) : find_list(live->state_fd, alias);

	pthread_mutex_lock(&live->lock);
	struct entry *entry = live_table_find(&live->table, kind, text_of(name));
	bool          is_new = false;

	/* It may have gone, or become another alias, meanwhile. */
	if (entry && entry->alias == alias)
		is_new = take_finding(live, entry, &finding);
	else
		arena_free(finding.arena);
	record_release(alias);
	free(name);
	return is_new;
}

/* All that is due, or what was new after a while; is there anything new? */
static bool
look_up_due(struct live *live, enum entry_kind kind)
{
	int64_t       since = 0;
	struct entry *due;

	while (!live->is_ending && (due = live_table_due(&live->table, kind, now_seconds()))) {
		if (look_up(live, due) && since == 0)
			since = now_seconds();
		if (since && now_seconds() >= since + BATCH_SECONDS)
			break;
	}
	return since;
}

/* The lock is let go for the writing. */
static void
keep_names(struct live *live)
{
	kept_names_begin(live->names);
	for (struct entry *entry = live_table_next(&live->table, NULL); entry; entry = live_table_next(&live->table, entry))
		if (entry->kind == ENTRY_NAME && entry->means.is_found)
			kept_names_add(live->names, entry->name, entry->means.addresses, entry->means.count);
	pthread_mutex_unlock(&live->lock);
	kept_names_write(live->names);
	pthread_mutex_lock(&live->lock);
}

/* --- the threads ------------------------------------------------------------------------------------------- */

static void
wait_for_work(struct live *live)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += live->interval < TICK_SECONDS ? live->interval : TICK_SECONDS;
	pthread_cond_timedwait(&live->wake, &live->lock, &until);
}

/* Rules with a schedule may begin or end with every new minute. */
static bool
is_new_minute(struct live *live)
{
	const int64_t minute = time(NULL) / 60, last = live->minute;

	live->minute = minute;
	return last != 0 && minute != last && live->snapshot &&
	       collection_count(snapshot_named(live->snapshot, "firewall.schedule")) > 0;
}

static void *
run(void *context)
{
	struct worker *worker = context;
	struct live   *live = worker->live;

	pthread_mutex_lock(&live->lock);
	while (!live->is_ending) {
		const bool is_new = look_up_due(live, worker->kind);
		const bool is_later = worker->kind == ENTRY_NAME && is_new_minute(live);

		if (is_new && worker->kind == ENTRY_NAME)
			keep_names(live);
		if ((is_new || is_later) && live->changed && !live->is_ending) {
			pthread_mutex_unlock(&live->lock);
			live->changed(live->context);
			pthread_mutex_lock(&live->lock);
		}
		if (!live->is_ending && !live_table_due(&live->table, worker->kind, now_seconds()))
			wait_for_work(live);
	}
	pthread_mutex_unlock(&live->lock);
	return NULL;
}

/* --- the outside ----------------------------------------------------------------------------------------------- */

static const struct address_range *
give_ranges(void *context, const char *alias, size_t *count, uint64_t *stamp)
{
	struct live *live = context;

	pthread_mutex_lock(&live->lock);
	const struct entry         *entry = live_table_find(&live->table, ENTRY_LIST, text_of(alias));
	const struct address_range *ranges = entry ? entry->means.ranges : NULL;

	*count = entry ? entry->means.count : 0;
	*stamp = entry ? entry->stamp : 0;
	pthread_mutex_unlock(&live->lock);
	return ranges;
}

static const struct address *
give_addresses(void *context, const char *name, size_t *count)
{
	struct live *live = context;

	pthread_mutex_lock(&live->lock);
	const struct entry   *entry = live_table_find(&live->table, ENTRY_NAME, text_of(name));
	const struct address *addresses = entry ? entry->means.addresses : NULL;

	*count = entry ? entry->means.count : 0;
	pthread_mutex_unlock(&live->lock);
	return addresses;
}

static const struct filter_address *
link_addresses(void *context, const char *device, size_t *count)
{
	return machine_addresses(((struct live *)context)->machine, device, count);
}

struct live *
live_new(int state_fd, struct machine *machine, void (*changed)(void *), void *context)
{
	struct live *live = calloc(1, sizeof(*live));

	BUG_IF(!live, "out of memory");
	pthread_mutex_init(&live->lock, NULL);
	pthread_cond_init(&live->wake, NULL);
	pthread_cond_init(&live->settled, NULL);
	live->state_fd = state_fd;
	live->interval = LIVE_RESOLVE_SECONDS;
	live->changed = changed;
	live->context = context;
	live->names = kept_names_open(state_fd);
	live->face = (struct filter_live){ live, give_ranges, give_addresses, link_addresses, 0 };
	live->machine = machine;
	for (enum entry_kind kind = 0; kind < ENTRY_KINDS; kind++) {
		live->workers[kind] = (struct worker){ .live = live, .kind = kind };
		BUG_IF(pthread_create(&live->workers[kind].thread, NULL, run, &live->workers[kind]) != 0, "no thread");
	}
	return live;
}

void
live_free(struct live *live)
{
	if (!live)
		return;
	pthread_mutex_lock(&live->lock);
	live->is_ending = true;
	pthread_cond_broadcast(&live->wake);
	pthread_mutex_unlock(&live->lock);
	for (enum entry_kind kind = 0; kind < ENTRY_KINDS; kind++)
		pthread_join(live->workers[kind].thread, NULL);
	live_table_want_none(&live->table);
	live_table_drop(&live->table, NULL, NULL);
	live_turn(live);
	kept_names_close(live->names);
	snapshot_release(live->snapshot);
	snapshot_release(live->peers);
	pthread_mutex_destroy(&live->lock);
	free(live);
}

/* With the lock held. Names that would be looked at much later are when a shorter interval is over. */
static void
set_interval(struct live *live)
{
	const struct record *general = snapshot_single(live->snapshot, "system.general");
	const int64_t        said = record_number(general, "alias_interval", 0), now = now_seconds();
	const int64_t        interval = said < 1 ? LIVE_RESOLVE_SECONDS : said < LIVE_RESOLVE_MAX ? said : LIVE_RESOLVE_MAX;
	struct entry        *entry = NULL;

	if (interval == live->interval)
		return;
	live->interval = interval;
	while ((entry = live_table_next(&live->table, entry)))
		if (entry->kind == ENTRY_NAME && entry->due > now + interval)
			entry->due = now + interval;
	pthread_cond_broadcast(&live->wake);
}

void
live_watch(struct live *live, const struct snapshot *snapshot)
{
	pthread_mutex_lock(&live->lock);
	const bool is_same = live->snapshot && collection_stamp(snapshot_named(live->snapshot, "firewall.alias")) ==
						       collection_stamp(snapshot_named(snapshot, "firewall.alias"));

	snapshot_release(live->snapshot);
	live->snapshot = snapshot_hold(snapshot);
	set_interval(live);
	if (!is_same) {
		look_through(live);
		pthread_cond_broadcast(&live->wake);
	}
	pthread_mutex_unlock(&live->lock);
}

void
live_watch_peers(struct live *live, const struct snapshot *snapshot)
{
	pthread_mutex_lock(&live->lock);
	const struct snapshot *before = live->peers;

	live->peers = snapshot_hold(snapshot);
	snapshot_release(before);
	look_through(live);
	pthread_cond_broadcast(&live->wake);
	pthread_mutex_unlock(&live->lock);
}

bool
live_address(void *context, const char *name, struct address *out)
{
	struct live *live = context;

	pthread_mutex_lock(&live->lock);
	const struct entry *entry = live_table_find(&live->table, ENTRY_NAME, text_of(name));
	const bool          is_known = entry && entry->means.count > 0;

	if (is_known)
		*out = entry->means.addresses[0];
	pthread_mutex_unlock(&live->lock);
	return is_known;
}

void
live_settle(struct live *live, unsigned milliseconds)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += milliseconds / 1000;
	until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&live->lock);
	while (live->table.untried > 0 && pthread_cond_timedwait(&live->settled, &live->lock, &until) == 0)
		;
	pthread_mutex_unlock(&live->lock);
}

const struct filter_live *
live_face(struct live *live)
{
	return &live->face;
}

void
live_turn(struct live *live)
{
	pthread_mutex_lock(&live->lock);
	live_table_bury_all(&live->table);
	live->face.now = time(NULL);
	pthread_mutex_unlock(&live->lock);
}
