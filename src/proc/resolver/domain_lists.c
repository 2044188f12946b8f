/* One entry a URL. The texts are kept as they came: the plan reads them. */
#include "proc/resolver/domain_lists.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/map.h" /* text_hash */
#include "plan/service/blocklist.h"
#include "proc/fetch.h"

#define FOLDER "blocklists"

struct list {
	struct list  *next;
	char         *url;
	struct buffer text;
	int64_t       due; /* CLOCK_MONOTONIC, seconds; 0: at once */
	bool          is_wanted;
};

struct domain_lists {
	int               folder;
	struct list      *first;
	_Atomic(bool)     is_expired;
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

static struct text
text_now(void *context, const char *url)
{
	const struct list *list = find(context, url);

	return list ? buffer_text(&list->text) : TEXT_NONE;
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
	if (age != INT64_MAX && fetch_kept(lists->folder, name.bytes, &list->text) && age < lives)
		list->due = now_seconds() + lives - age;
	list->next = lists->first;
	lists->first = list;
	return list;
}

static void
refresh(struct domain_lists *lists, struct list *list, int64_t lives)
{
	const struct fetch fetch = { .url = list->url, .about = "blocklist" };
	struct buffer      fresh = BUFFER_NONE;

	if (!fetch_url(&fetch, &fresh)) {
		buffer_clear(&fresh);
		return;
	}
	if (lists->folder >= 0)
		fetch_keep(lists->folder, kept_name(list->url).bytes, buffer_text(&fresh));
	buffer_clear(&list->text);
	list->text = fresh;
	list->due = now_seconds() + lives;
}

static void
forget_unwanted(struct domain_lists *lists)
{
	for (struct list **at = &lists->first; *at;) {
		struct list *list = *at;

		if (list->is_wanted) {
			list->is_wanted = false;
			at = &list->next;
			continue;
		}
		*at = list->next;
		buffer_clear(&list->text);
		free(list->url);
		free(list);
	}
}

void
domain_lists_refresh(struct domain_lists *lists, const struct snapshot *snapshot)
{
	scoped_arena             arena = arena_new();
	const struct collection *policies = snapshot_named(snapshot, "unbound.dnsbl");
	const bool               is_expired = atomic_exchange(&lists->is_expired, false);
	const char              *url;

	for (size_t i = 0; i < collection_count(policies); i++) {
		const struct record *policy = collection_at(policies, i);
		const int64_t        lives = record_number(policy, "cache_ttl", 72000);

		for (size_t n = 0; record_bool(policy, "enabled") && (url = blocklist_url(arena, policy, n)); n++) {
			struct list *list = find(lists, url);

			if (!list)
				list = add(lists, url, lives);
			if (!list->is_wanted && (is_expired || list->due <= now_seconds()))
				refresh(lists, list, lives);
			list->is_wanted = true;
		}
	}
	forget_unwanted(lists);
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
domain_lists_new(int state_fd)
{
	struct domain_lists *lists = calloc(1, sizeof(*lists));

	BUG_IF(!lists, "out of memory");
	lists->folder = fetch_folder(state_fd, FOLDER);
	lists->face = (struct blocklists){ lists, text_now };
	return lists;
}

void
domain_lists_free(struct domain_lists *lists)
{
	if (!lists)
		return;
	for (struct list *list = lists->first; list; list = list->next)
		list->is_wanted = false;
	forget_unwanted(lists);
	if (lists->folder >= 0)
		close(lists->folder);
	free(lists);
}
