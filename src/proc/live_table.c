/* A hash table of what is looked up. */
#include "proc/live_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/map.h" /* text_hash */
#include "proc/live.h"

static struct entry **
bucket_of(struct live_table *table, enum entry_kind kind, struct text name)
{
	return &table->buckets[(text_hash(name) + kind) % TABLE_BUCKETS];
}

struct entry *
live_table_next(struct live_table *table, const struct entry *before)
{
	size_t at = 0;

	if (before && before->next)
		return before->next;
	if (before)
		at = (size_t)(bucket_of(table, before->kind, text_of(before->name)) - table->buckets) + 1;
	while (at < TABLE_BUCKETS && !table->buckets[at])
		at++;
	return at < TABLE_BUCKETS ? table->buckets[at] : NULL;
}

struct entry *
live_table_find(struct live_table *table, enum entry_kind kind, struct text name)
{
	for (struct entry *entry = *bucket_of(table, kind, name); entry; entry = entry->next)
		if (entry->kind == kind && text_is(name, entry->name))
			return entry;
	return NULL;
}

struct entry *
live_table_want(struct live_table *table, enum entry_kind kind, struct text name, bool *is_new)
{
	struct entry *entry = live_table_find(table, kind, name);

	*is_new = !entry;
	if (!entry && table->count < LIVE_NAMES_MAX) {
		struct entry **bucket = bucket_of(table, kind, name);

		entry = calloc(1, sizeof(*entry));
		BUG_IF(!entry, "out of memory");
		entry->kind = kind;
		entry->name = strndup(name.ptr, name.len);
		BUG_IF(!entry->name, "out of memory");
		entry->next = *bucket;
		*bucket = entry;
		table->count++;
		table->untried++;
	}
	if (entry)
		entry->is_wanted = true;
	return entry;
}

struct entry *
live_table_due(struct live_table *table, enum entry_kind kind, int64_t now)
{
	for (struct entry *entry = live_table_next(table, NULL); entry; entry = live_table_next(table, entry))
		if (entry->kind == kind && entry->due <= now)
			return entry;
	return NULL;
}

void
live_table_hurry(struct live_table *table, struct entry *entry)
{
	table->untried += entry->was_tried;
	entry->was_tried = false;
	entry->due = 0;
}

void
live_table_tried(struct live_table *table, struct entry *entry, int64_t due)
{
	table->untried -= !entry->was_tried;
	entry->was_tried = true;
	entry->due = due;
}

static void
bury(struct live_table *table, struct arena *arena)
{
	if (!arena)
		return;
	if (table->ngraves == table->graves_room) {
		table->graves_room = table->graves_room * 2 + 16;
		table->graveyard = realloc(table->graveyard, table->graves_room * sizeof(struct arena *));
		BUG_IF(!table->graveyard, "out of memory");
	}
	table->graveyard[table->ngraves++] = arena;
}

void
live_table_bury_all(struct live_table *table)
{
	for (size_t i = 0; i < table->ngraves; i++)
		arena_free(table->graveyard[i]);
	free(table->graveyard);
	table->graveyard = NULL;
	table->ngraves = table->graves_room = 0;
}

bool
live_table_take(struct live_table *table, struct entry *entry, struct finding *finding)
{
	if (!finding->is_found || finding->hash == entry->means.hash) {
		arena_free(finding->arena);
		return false;
	}
	bury(table, entry->means.arena);
	entry->means = *finding;
	entry->stamp = ++table->stamps;
	return true;
}

void
live_table_want_none(struct live_table *table)
{
	for (struct entry *entry = live_table_next(table, NULL); entry; entry = live_table_next(table, entry))
		entry->is_wanted = false;
}

void
live_table_drop(struct live_table *table, void (*dropped)(void *, const struct entry *), void *context)
{
	for (size_t i = 0; i < TABLE_BUCKETS; i++)
		for (struct entry **link = &table->buckets[i]; *link;) {
			struct entry *entry = *link;

			if (entry->is_wanted) {
				link = &entry->next;
				continue;
			}
			*link = entry->next;
			if (dropped)
				dropped(context, entry);
			bury(table, entry->means.arena);
			table->untried -= !entry->was_tried;
			table->count--;
			record_release(entry->alias);
			free(entry->name);
			free(entry);
		}
}
