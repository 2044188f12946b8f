/*
 * One thread, one table. An entry is a host name or the list of an alias; the thread looks up what is
 * due, without the lock, and swaps the result in. What was swapped out stays until the next turn, because
 * a plan may still be reading it.
 */
#include "proc/live.h"

#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/map.h" /* text_hash */
#include "plan/address_list.h"
#include "proc/live_fetch.h"
#include "proc/machine.h"
#include "schema/hosts.h"

#define TICK_SECONDS  5
#define RETRY_SECONDS 60

enum entry_kind { ENTRY_NAME, ENTRY_LIST };
struct entry {
	enum entry_kind      kind;
	char                *name;
	const struct record *alias; /* of a list; held */
	int64_t              due;
	bool                 is_wanted, was_tried;
	/* What it means now. */
	struct arena         *arena;
	struct address       *addresses;
	struct address_range *ranges;
	size_t                count;
	uint64_t              hash, stamp;
	struct entry         *next;
};

struct live {
	pthread_mutex_t    lock;
	pthread_cond_t     wake, settled;
	pthread_t          thread;
	bool               is_ending, is_settled;
	int                state_fd;
	void             (*changed)(void *);
	void              *context;
	const struct snapshot *snapshot;
	struct entry      *entries;
	size_t             count;
	struct arena     **graveyard;
	size_t             ngraves, graves_room;
	uint64_t           stamps;
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

/* --- the table: called with the lock held ------------------------------------------------------------- */

static struct entry *
find(const struct live *live, enum entry_kind kind, struct text name)
{
	for (struct entry *entry = live->entries; entry; entry = entry->next)
		if (entry->kind == kind && text_is(name, entry->name))
			return entry;
	return NULL;
}

static struct entry *
want(struct live *live, enum entry_kind kind, struct text name)
{
	struct entry *entry = find(live, kind, name);

	if (!entry && live->count < LIVE_NAMES_MAX) {
		entry = calloc(1, sizeof(*entry));
		BUG_IF(!entry, "out of memory");
		entry->kind = kind;
		entry->name = strndup(name.ptr, name.len);
		BUG_IF(!entry->name, "out of memory");
		entry->next = live->entries;
		live->entries = entry;
		live->count++;
		live->is_settled = false;
	}
	if (entry)
		entry->is_wanted = true;
	return entry;
}

static void
bury(struct live *live, struct arena *arena)
{
	if (!arena)
		return;
	if (live->ngraves == live->graves_room) {
		live->graves_room = live->graves_room * 2 + 16;
		live->graveyard = realloc(live->graveyard, live->graves_room * sizeof(struct arena *));
		BUG_IF(!live->graveyard, "out of memory");
	}
	live->graveyard[live->ngraves++] = arena;
}

static void
drop_unwanted(struct live *live)
{
	for (struct entry **link = &live->entries; *link;) {
		struct entry *entry = *link;

		if (entry->is_wanted) {
			link = &entry->next;
			continue;
		}
		*link = entry->next;
		bury(live, entry->arena);
		record_release(entry->alias);
		free(entry->name);
		free(entry);
		live->count--;
	}
}

static void
want_names(struct live *live, const struct record *alias)
{
	const struct collection *aliases = snapshot_named(live->snapshot, "firewall.alias");
	struct text              rest = record_text(alias, "content"), entry;
	struct prefix            prefix;

	while (text_next(&rest, "\n", &entry))
		if (!prefix_read(entry, &prefix) && memchr(entry.ptr, '.', entry.len) && host_name_is_valid(entry) &&
		    !collection_where(aliases, "name", entry))
			want(live, ENTRY_NAME, entry);
}

static void
want_list(struct live *live, const struct record *alias)
{
	struct entry *entry = want(live, ENTRY_LIST, record_text(alias, "name"));

	if (!entry || entry->alias == alias)
		return;
	record_release(entry->alias);
	entry->alias = record_hold(alias);
	entry->due = 0;
	live->is_settled = false;
}

static void
look_through(struct live *live)
{
	const struct collection *aliases = snapshot_named(live->snapshot, "firewall.alias");

	for (struct entry *entry = live->entries; entry; entry = entry->next)
		entry->is_wanted = false;
	for (size_t i = 0; i < collection_count(aliases); i++) {
		const struct record *alias = collection_at(aliases, i);
		const struct text    type = record_text(alias, "type");

		if (!record_bool(alias, "enabled"))
			continue;
		if (text_is(type, "host") || text_is(type, "network"))
			want_names(live, alias);
		else if (live_fetch_knows(type))
			want_list(live, alias);
	}
	drop_unwanted(live);
}

/* --- looking up: called without the lock ---------------------------------------------------------------- */

struct finding {
	struct arena         *arena;
	struct address       *addresses;
	struct address_range *ranges;
	size_t                count;
	bool                  is_found;
};

static struct finding
resolve(const char *name)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct finding        finding = { .arena = arena_new() };
	struct addrinfo      *list = NULL;
	size_t                most = 0;

	if (getaddrinfo(name, NULL, &hints, &list) != 0)
		return finding;
	for (const struct addrinfo *one = list; one; one = one->ai_next)
		most++;
	finding.addresses = ARENA_MAKE(finding.arena, struct address, most + 1);
	for (const struct addrinfo *one = list; one; one = one->ai_next) {
		struct address *address = &finding.addresses[finding.count];

		if (one->ai_family == AF_INET) {
			address->family = FAMILY_INET;
			memcpy(address->bytes, &((const struct sockaddr_in *)(const void *)one->ai_addr)->sin_addr, 4);
		} else if (one->ai_family == AF_INET6) {
			address->family = FAMILY_INET6;
			memcpy(address->bytes, &((const struct sockaddr_in6 *)(const void *)one->ai_addr)->sin6_addr, 16);
		} else {
			continue;
		}
		finding.count++;
	}
	freeaddrinfo(list);
	finding.is_found = true;
	return finding;
}

static struct finding
fetch(const struct live *live, const struct record *alias)
{
	struct finding      finding = { .arena = arena_new() };
	struct address_list list = { 0 };

	finding.is_found = live_fetch(finding.arena, live->state_fd, alias, &list);
	finding.ranges = list.ranges;
	finding.count = list.count;
	return finding;
}

static int
by_address(const void *a, const void *b)
{
	return address_compare(a, b);
}

static uint64_t
hash_of(struct finding *finding, enum entry_kind kind)
{
	/* Name servers shuffle. */
	if (kind == ENTRY_NAME && finding->count > 1)
		qsort(finding->addresses, finding->count, sizeof(*finding->addresses), by_address);
	if (kind == ENTRY_NAME)
		return text_hash((struct text){ (const char *)finding->addresses, finding->count * sizeof(struct address) }) + 1;
	return text_hash((struct text){ (const char *)finding->ranges, finding->count * sizeof(struct address_range) }) + 1;
}

static int64_t
seconds_until_due(const struct entry *entry, bool is_found)
{
	double days = LIVE_FETCH_DAYS;

	if (!is_found)
		return RETRY_SECONDS;
	if (entry->kind == ENTRY_NAME)
		return LIVE_RESOLVE_SECONDS;
	const char *said = record_get(entry->alias, "updatefreq");
	if (said[0] && strtod(said, NULL) > 0)
		days = strtod(said, NULL);
	return days * 86400 < RETRY_SECONDS ? RETRY_SECONDS : (int64_t)(days * 86400);
}

/* True when it means something else now. Keeps the old meaning when nothing was found. */
static bool
take_finding(struct live *live, struct entry *entry, struct finding *finding)
{
	entry->was_tried = true;
	entry->due = now_seconds() + seconds_until_due(entry, finding->is_found);
	const uint64_t hash = hash_of(finding, entry->kind);

	if (!finding->is_found || hash == entry->hash) {
		arena_free(finding->arena);
		return false;
	}
	bury(live, entry->arena);
	entry->arena = finding->arena;
	entry->addresses = finding->addresses;
	entry->ranges = finding->ranges;
	entry->count = finding->count;
	entry->hash = hash;
	entry->stamp = ++live->stamps;
	return true;
}

/* --- the thread -------------------------------------------------------------------------------------------- */

static struct entry *
next_due(const struct live *live)
{
	const int64_t now = now_seconds();

	for (struct entry *entry = live->entries; entry; entry = entry->next)
		if (entry->due <= now)
			return entry;
	return NULL;
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
	struct finding finding = kind == ENTRY_NAME ? resolve(name) : fetch(live, alias);

	pthread_mutex_lock(&live->lock);
	struct entry *entry = find(live, kind, text_of(name));
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

static void
wait_for_work(struct live *live)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += TICK_SECONDS;
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
	struct live *live = context;

	pthread_mutex_lock(&live->lock);
	while (!live->is_ending) {
		bool          is_new = is_new_minute(live);
		struct entry *due;

		while (!live->is_ending && (due = next_due(live)))
			is_new |= look_up(live, due);
		live->is_settled = true;
		pthread_cond_broadcast(&live->settled);
		if (is_new && live->changed && !live->is_ending) {
			pthread_mutex_unlock(&live->lock);
			live->changed(live->context);
			pthread_mutex_lock(&live->lock);
		}
		if (!live->is_ending && !next_due(live))
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
	const struct entry         *entry = find(live, ENTRY_LIST, text_of(alias));
	const struct address_range *ranges = entry ? entry->ranges : NULL;

	*count = entry ? entry->count : 0;
	*stamp = entry ? entry->stamp : 0;
	pthread_mutex_unlock(&live->lock);
	return ranges;
}

static const struct address *
give_addresses(void *context, const char *name, size_t *count)
{
	struct live *live = context;

	pthread_mutex_lock(&live->lock);
	const struct entry   *entry = find(live, ENTRY_NAME, text_of(name));
	const struct address *addresses = entry ? entry->addresses : NULL;

	*count = entry ? entry->count : 0;
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
	live->changed = changed;
	live->context = context;
	live->is_settled = true;
	live->face = (struct filter_live){ live, give_ranges, give_addresses, link_addresses, 0 };
	live->machine = machine;
	BUG_IF(pthread_create(&live->thread, NULL, run, live) != 0, "no thread");
	return live;
}

void
live_free(struct live *live)
{
	if (!live)
		return;
	pthread_mutex_lock(&live->lock);
	live->is_ending = true;
	pthread_cond_signal(&live->wake);
	pthread_mutex_unlock(&live->lock);
	pthread_join(live->thread, NULL);
	for (struct entry *entry = live->entries; entry; entry = entry->next)
		entry->is_wanted = false;
	drop_unwanted(live);
	live_turn(live);
	snapshot_release(live->snapshot);
	free(live->graveyard);
	pthread_mutex_destroy(&live->lock);
	free(live);
}

void
live_watch(struct live *live, const struct snapshot *snapshot)
{
	pthread_mutex_lock(&live->lock);
	const bool is_same = live->snapshot && collection_stamp(snapshot_named(live->snapshot, "firewall.alias")) ==
						       collection_stamp(snapshot_named(snapshot, "firewall.alias"));

	snapshot_release(live->snapshot);
	live->snapshot = snapshot_hold(snapshot);
	if (!is_same) {
		look_through(live);
		pthread_cond_signal(&live->wake);
	}
	pthread_mutex_unlock(&live->lock);
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
	while (!live->is_settled && pthread_cond_timedwait(&live->settled, &live->lock, &until) == 0)
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
	for (size_t i = 0; i < live->ngraves; i++)
		arena_free(live->graveyard[i]);
	live->ngraves = 0;
	live->face.now = time(NULL);
	pthread_mutex_unlock(&live->lock);
}
