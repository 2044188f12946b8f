/*
 * One entry a URL, and a thread that fetches what is due without the lock, so that a slow server holds up nobody. The texts
 * are kept as they came: the plan reads them. One that was replaced stays until the next turn, because a plan may be reading it.
 */
#include "proc/resolver/domain_lists.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/steady.h"
#include "base/map.h" /* text_hash */
#include "plan/service/blocklist.h"
#include "proc/child/loop.h"
#include "proc/fetch.h"

#define FOLDER         "blocklists"
#define LIVES_SECONDS  72000
#define RETRY_SECONDS  60 /* after a failure */
#define TICK_SECONDS   5
#define BATCH_SECONDS  2

struct list {
	struct list  *next;
	char         *url;
	struct buffer text;
	int64_t       lives; /* seconds between two fetches */
	int64_t       due;   /* CLOCK_MONOTONIC, seconds; 0: at once */
	bool          is_wanted;
	bool          is_awaited; /* by those who settle */
};

/* A text that was replaced. */
struct grave {
	struct grave *next;
	struct buffer text;
};

struct domain_lists {
	pthread_mutex_t   lock;
	pthread_cond_t    wake, settled;
	pthread_t         thread;
	bool              has_thread;
	_Atomic(bool)     is_ending, is_expired;
	int               folder;
	struct list      *first;
	struct grave     *graves;
	void            (*changed)(void *);
	void             *context;
	struct blocklists face;
};

static int64_t
now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static struct list *
find(const struct domain_lists *lists, const char *url)
{
	struct list *list = lists->first;

	while (list && strcmp(list->url, url) != 0)
		list = list->next;
	return list;
}

struct name {
	char bytes[24];
};

static struct name
kept_name(const char *url)
{
	struct name name;

	snprintf(name.bytes, sizeof(name.bytes), "%016llx", (unsigned long long)text_hash(text_of(url)));
	return name;
}

/* --- What is wanted: called with the lock held ------------------------------------------------------------ */

/* One that is new is first looked for among those that were kept. */
static struct list *
add(struct domain_lists *lists, const char *url, int64_t lives)
{
	struct list      *list = calloc(1, sizeof(*list));
	const struct name name = kept_name(url);
	const int64_t     age = fetch_age(lists->folder, name.bytes);

	BUG_IF(!list, "out of memory");
	list->url = strdup(url);
	BUG_IF(!list->url, "out of memory");
	list->lives = lives;
	list->is_awaited = true;
	if (age != INT64_MAX && fetch_kept(lists->folder, name.bytes, &list->text) && age < lives) {
		list->due = now_seconds() + lives - age;
		list->is_awaited = false;
	}
	list->next = lists->first;
	lists->first = list;
	return list;
}

static void
want(struct domain_lists *lists, const char *url, int64_t lives)
{
	struct list *list = find(lists, url);

	if (!list)
		list = add(lists, url, lives);
	/* Of several policies the most impatient one counts. */
	if (!list->is_wanted || lives < list->lives)
		list->lives = lives;
	list->is_wanted = true;
}

static void
forget_unwanted(struct domain_lists *lists)
{
	for (struct list **at = &lists->first; *at;) {
		struct list *list = *at;

		if (list->is_wanted) {
			at = &list->next;
			continue;
		}
		*at = list->next;
		buffer_clear(&list->text);
		free(list->url);
		free(list);
	}
}

static void
want_nothing(struct domain_lists *lists)
{
	for (struct list *list = lists->first; list; list = list->next)
		list->is_wanted = false;
}

/* Those that could not be had are tried at once, but waited for only once. */
static void
hurry(struct domain_lists *lists, bool is_expired)
{
	for (struct list *list = lists->first; list; list = list->next) {
		if (!is_expired && list->text.len > 0)
			continue;
		list->due = 0;
		list->is_awaited |= is_expired;
	}
}

/* --- Fetching ---------------------------------------------------------------------------------------------- */

static struct list *
first_due(const struct domain_lists *lists)
{
	struct list *list = lists->first;

	while (list && list->due > now_seconds())
		list = list->next;
	return list;
}

static bool
is_settled(const struct domain_lists *lists)
{
	for (const struct list *list = lists->first; list; list = list->next)
		if (list->is_awaited)
			return false;
	return true;
}

/* The text becomes the list's; is it another one? */
static bool
take(struct domain_lists *lists, struct list *list, struct buffer *fresh)
{
	struct grave *grave;

	list->due = now_seconds() + list->lives;
	if (text_equal(buffer_text(fresh), buffer_text(&list->text))) {
		buffer_clear(fresh);
		return false;
	}
	grave = calloc(1, sizeof(*grave));
	BUG_IF(!grave, "out of memory");
	*grave = (struct grave){ lists->graves, list->text };
	lists->graves = grave;
	list->text = *fresh;
	return true;
}

/* With the lock held before and after. */
static bool
fetch_one(struct domain_lists *lists, const struct list *due)
{
	char              *url = strdup(due->url);
	const struct fetch fetch = { .url = url, .about = "blocklist", .stop = &lists->is_ending };
	struct buffer      fresh = BUFFER_NONE;
	bool               is_new = false, is_there;

	BUG_IF(!url, "out of memory");
	pthread_mutex_unlock(&lists->lock);
	is_there = fetch_url(&fetch, &fresh);
	if (is_there && lists->folder >= 0)
		fetch_keep(lists->folder, kept_name(url).bytes, buffer_text(&fresh));
	pthread_mutex_lock(&lists->lock);
	struct list *list = find(lists, url);

	if (list && is_there)
		is_new = take(lists, list, &fresh);
	else
		buffer_clear(&fresh);
	if (list && !is_there)
		list->due = now_seconds() + (list->lives < RETRY_SECONDS ? list->lives : RETRY_SECONDS);
	if (list)
		list->is_awaited = false;
	free(url);
	return is_new;
}

static void
wait_until(pthread_cond_t *what, pthread_mutex_t *lock, unsigned milliseconds)
{
	const int64_t         due = loop_clock() + milliseconds;
	const struct timespec until = { due / 1000, due % 1000 * 1000000 };

	pthread_cond_timedwait(what, lock, &until);
}

/* What is new is told when nothing else is due, or after a while. */
static void *
run(void *context)
{
	struct domain_lists *lists = context;
	int64_t              since = 0; /* when the first of it was found; 0: nothing is new */

	pthread_mutex_lock(&lists->lock);
	while (!atomic_load(&lists->is_ending)) {
		const struct list *due = first_due(lists);

		if (since && (!due || now_seconds() >= since + BATCH_SECONDS)) {
			since = 0;
			pthread_mutex_unlock(&lists->lock);
			lists->changed(lists->context);
			pthread_mutex_lock(&lists->lock);
		} else if (due) {
			if (fetch_one(lists, due) && !since)
				since = now_seconds();
			if (is_settled(lists))
				pthread_cond_broadcast(&lists->settled);
		} else {
			wait_until(&lists->wake, &lists->lock, TICK_SECONDS * 1000);
		}
	}
	pthread_mutex_unlock(&lists->lock);
	return NULL;
}

/* --- The outside ------------------------------------------------------------------------------------------- */

static struct text
text_now(void *context, const char *url)
{
	struct domain_lists *lists = context;

	pthread_mutex_lock(&lists->lock);
	const struct list *list = find(lists, url);
	const struct text  text = list ? buffer_text(&list->text) : TEXT_NONE;

	pthread_mutex_unlock(&lists->lock);
	return text;
}

void
domain_lists_watch(struct domain_lists *lists, const struct snapshot *snapshot)
{
	scoped_arena             arena = arena_new();
	const struct collection *policies = snapshot_named(snapshot, "unbound.dnsbl");
	const char              *url;

	pthread_mutex_lock(&lists->lock);
	want_nothing(lists);
	for (size_t i = 0; i < collection_count(policies); i++) {
		const struct record *policy = collection_at(policies, i);
		const int64_t        lives = record_number(policy, "cache_ttl", LIVES_SECONDS);

		for (size_t n = 0; record_bool(policy, "enabled") && (url = blocklist_url(arena, policy, n)); n++)
			want(lists, url, lives > 0 ? lives : LIVES_SECONDS);
	}
	forget_unwanted(lists);
	hurry(lists, atomic_exchange(&lists->is_expired, false));
	if (lists->first && !lists->has_thread) {
		BUG_IF(pthread_create(&lists->thread, NULL, run, lists) != 0, "no thread");
		lists->has_thread = true;
	}
	pthread_cond_broadcast(&lists->wake);
	pthread_mutex_unlock(&lists->lock);
}

void
domain_lists_settle(struct domain_lists *lists, unsigned milliseconds)
{
	const int64_t until = now_seconds() + (milliseconds + 999) / 1000;

	pthread_mutex_lock(&lists->lock);
	while (!is_settled(lists) && now_seconds() < until)
		wait_until(&lists->settled, &lists->lock, milliseconds);
	pthread_mutex_unlock(&lists->lock);
}

void
domain_lists_turn(struct domain_lists *lists)
{
	pthread_mutex_lock(&lists->lock);
	while (lists->graves) {
		struct grave *grave = lists->graves;

		lists->graves = grave->next;
		buffer_clear(&grave->text);
		free(grave);
	}
	pthread_mutex_unlock(&lists->lock);
}

void
domain_lists_expire(struct domain_lists *lists)
{
	atomic_store(&lists->is_expired, true);
}

const struct blocklists *
domain_lists_face(struct domain_lists *lists)
{
	return &lists->face;
}

struct domain_lists *
domain_lists_new(int state_fd, void (*changed)(void *), void *context)
{
	struct domain_lists *lists = calloc(1, sizeof(*lists));

	BUG_IF(!lists, "out of memory");
	pthread_mutex_init(&lists->lock, NULL);
	steady_condition_init(&lists->wake);
	steady_condition_init(&lists->settled);
	lists->folder = fetch_folder(state_fd, FOLDER);
	lists->changed = changed;
	lists->context = context;
	lists->face = (struct blocklists){ lists, text_now };
	return lists;
}

void
domain_lists_free(struct domain_lists *lists)
{
	if (!lists)
		return;
	pthread_mutex_lock(&lists->lock);
	atomic_store(&lists->is_ending, true);
	pthread_cond_broadcast(&lists->wake);
	pthread_mutex_unlock(&lists->lock);
	if (lists->has_thread)
		pthread_join(lists->thread, NULL);
	want_nothing(lists);
	forget_unwanted(lists);
	domain_lists_turn(lists);
	if (lists->folder >= 0)
		close(lists->folder);
	pthread_cond_destroy(&lists->wake);
	pthread_cond_destroy(&lists->settled);
	pthread_mutex_destroy(&lists->lock);
	free(lists);
}
