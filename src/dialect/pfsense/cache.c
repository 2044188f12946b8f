/*
 * The cache: of each list the latest that was made. It is the process's, like the store's snapshots are; what a request
 * holds stays until it lets go.
 *
 * An object belongs to the newest list that has it. When a list gets a successor it keeps what that does not have, and
 * holds it for the rest: so the objects of a list last as long as the list, and none is counted. A list for an older
 * collection than the latest is made beside it, in the same way the other way round.
 */
#include "dialect/pfsense/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "dialect/pfsense/shown.h"

#define FEW 32 /* objects that are not worth a table */

struct shown_list {
	_Atomic(unsigned)        holds;
	const struct collection *records; /* held */
	uint64_t                 stamp, others;
	struct value             value;
	struct shown_list       *newer;   /* held; NULL: it has all its objects itself */
	struct shown           **own;     /* objects that the newer one lacks */
	size_t                   nown;
	bool                     is_ranked; /* no object's rank is below that of the one before it */
};

static struct slot {
	pthread_mutex_t              lock;
	_Atomic(struct shown_list *) latest;
	struct shown_index          *indexes; /* of the latest */
	struct shown_names           names;   /* of its and all others' objects */
} slots[CACHE_LISTS] = { [0 ... CACHE_LISTS - 1] = { .lock = PTHREAD_MUTEX_INITIALIZER } };

static void *
allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	BUG_IF(!memory, "out of memory");
	return memory;
}

/* --- lists ----------------------------------------------------------------------------------- */

struct value *
shown_value(struct shown_list *list)
{
	return &list->value;
}

size_t
shown_rank(const struct value *value)
{
	return shown_of(value)->rank;
}

bool
shown_is_ranked(const struct value *list)
{
	return list && ((const struct shown_list *)((const char *)list - offsetof(struct shown_list, value)))->is_ranked;
}

static struct shown_list *
list_new(const struct showing *showing, struct member *members, size_t count)
{
	struct shown_list *list = allocate(1, sizeof(*list));

	atomic_init(&list->holds, 1);
	list->records = collection_hold(showing->records);
	list->stamp = collection_stamp(showing->records);
	list->others = showing->others;
	list->value = (struct value){ .kind = showing->named ? VALUE_OBJECT : VALUE_LIST, .members = members, .count = count,
				      .room = count };
	return list;
}

/* Is the rank at this position not below the one before? */
static bool
is_ranked_at(const struct value *list, size_t at)
{
	return at == 0 || at >= list->count || shown_rank(list->members[at - 1].value) <= shown_rank(list->members[at].value);
}

static bool
is_ranked(const struct value *list)
{
	size_t at = 0;

	while (at < list->count && is_ranked_at(list, at))
		at++;
	return at == list->count;
}

static struct shown_list *
list_hold(struct shown_list *list)
{
	atomic_fetch_add(&list->holds, 1);
	return list;
}

void
shown_release(void *what)
{
	for (struct shown_list *list = what, *newer; list && atomic_fetch_sub(&list->holds, 1) == 1; list = newer) {
		newer = list->newer;
		for (size_t i = 0; !newer && i < list->value.count; i++)
			shown_free(shown_of(list->value.members[i].value));
		for (size_t i = 0; i < list->nown; i++)
			shown_free(list->own[i]);
		collection_release(list->records);
		free(list->own);
		free(list->value.members);
		free(list);
	}
}

static struct shown *
make_shown(const struct showing *showing, const struct record *record)
{
	const struct value *value = showing->show(showing->context, record);
	struct shown       *shown = shown_new(record, value, &slots[showing->list].names);

	shown->number = showing->number ? showing->number(showing->context, record) : 0;
	shown->rank = showing->rank ? showing->rank(showing->context, &shown->value) : 0;
	return shown;
}

static struct member
member_of(const struct showing *showing, struct shown *shown)
{
	return (struct member){ showing->named ? text_of(shown->record->uuid) : TEXT_NONE, &shown->value };
}

/* --- from nothing ------------------------------------------------------------------------------ */

static int
compare_places(int64_t number, int64_t place, const struct shown *other)
{
	if (number != other->number)
		return number < other->number ? -1 : 1;
	return place < other->record->place ? -1 : place > other->record->place;
}

struct placed {
	struct shown *shown;
	size_t        index;
};

static int
compare_placed(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	const int            order = compare_places(a->shown->number, a->shown->record->place, b->shown);

	return order ? order : a->index < b->index ? -1 : a->index > b->index;
}

static struct shown_list *
make_all(const struct showing *showing)
{
	const size_t          room = collection_count(showing->records);
	const struct record **records = ARENA_MAKE(showing->scratch, const struct record *, room + 1);
	struct placed        *placed = ARENA_MAKE(showing->scratch, struct placed, room + 1);
	size_t                count = 0;

	collection_copy(showing->records, records);
	for (size_t i = 0; i < room; i++)
		if (!showing->belongs || showing->belongs(records[i])) {
			placed[count] = (struct placed){ make_shown(showing, records[i]), count };
			count++;
		}
	if (showing->number && count > 1)
		qsort(placed, count, sizeof(*placed), compare_placed);
	struct member *members = allocate(count, sizeof(*members));

	for (size_t i = 0; i < count; i++)
		members[i] = member_of(showing, placed[i].shown);
	struct shown_list *list = list_new(showing, members, count);

	list->is_ranked = is_ranked(&list->value);
	return list;
}

/* --- from the one before -------------------------------------------------------------------------- */

/* Something that is new in front of a position, or what is at the position goes. */
struct edit {
	size_t        at;
	struct shown *shown;
	bool          is_new;
};

/* The first position that is not before this place (past: that is behind it). */
static size_t
bound(const struct value *list, int64_t number, int64_t place, bool past)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int    order = compare_places(number, place, shown_of(list->members[middle].value));

		if (order > 0 || (past && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t
position_of_record(const struct showing *showing, const struct value *list, const struct record *record)
{
	const int64_t number = showing->number ? showing->number(showing->context, record) : 0;

	for (size_t at = bound(list, number, record->place, false); at < list->count; at++)
		if (shown_of(list->members[at].value)->record == record)
			return at;
	BUG_IF(true, "%s is not where it was shown", record->uuid);
	return 0;
}

static int
compare_edits(const void *left, const void *right)
{
	const struct edit *a = left, *b = right;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->is_new != b->is_new)
		return a->is_new ? -1 : 1;
	return compare_places(a->shown->number, a->shown->record->place, b->shown);
}

static struct edit *
make_edits(const struct showing *showing, const struct shown_list *from, size_t *count)
{
	size_t                   ndifferences;
	const struct difference *differences =
		collection_compare(showing->scratch, from->records, showing->records, &ndifferences);
	struct edit *edits = ARENA_MAKE(showing->scratch, struct edit, ndifferences * 2 + 1);

	*count = 0;
	for (size_t i = 0; i < ndifferences; i++) {
		const struct record *before = differences[i].before, *after = differences[i].after;

		if (before && (!showing->belongs || showing->belongs(before))) {
			const size_t at = position_of_record(showing, &from->value, before);

			edits[(*count)++] = (struct edit){ at, shown_of(from->value.members[at].value), false };
		}
		if (after && (!showing->belongs || showing->belongs(after))) {
			struct shown *shown = make_shown(showing, after);

			edits[(*count)++] = (struct edit){ bound(&from->value, shown->number, after->place, true), shown, true };
		}
	}
	qsort(edits, *count, sizeof(*edits), compare_edits);
	return edits;
}

static struct member *
edited_members(const struct showing *showing, const struct value *from, const struct edit *edits, size_t nedits, size_t *count)
{
	struct member *members = allocate(from->count + nedits, sizeof(*members));
	size_t         at = 0;

	*count = 0;
	for (size_t i = 0; i <= nedits; i++) {
		const size_t until = i < nedits ? edits[i].at : from->count;

		memcpy(members + *count, from->members + at, (until - at) * sizeof(*members));
		*count += until - at;
		at = until;
		if (i < nedits && edits[i].is_new)
			members[(*count)++] = member_of(showing, edits[i].shown);
		else
			at++;
	}
	return members;
}

/* Where the list before was ranked only what is new can stand in the wrong place. */
static bool
is_ranked_after(bool before, const struct value *list, const struct edit *edits, size_t nedits)
{
	size_t added = 0, removed = 0;

	if (!before)
		return is_ranked(list);
	for (size_t i = 0; i < nedits; i++) {
		const size_t at = edits[i].at + added - removed;

		if (edits[i].is_new && (!is_ranked_at(list, at) || !is_ranked_at(list, at + 1)))
			return false;
		added += edits[i].is_new;
		removed += !edits[i].is_new;
	}
	return true;
}

/* Take those of the edits that are new, or those that are not, as the list's own. */
static void
own_edits(struct shown_list *list, const struct edit *edits, size_t nedits, bool new)
{
	list->own = allocate(nedits, sizeof(*list->own));
	for (size_t i = 0; i < nedits; i++)
		if (edits[i].is_new == new)
			list->own[list->nown++] = edits[i].shown;
}

static void
edit_indexes(struct slot *slot, const struct edit *edits, size_t nedits)
{
	for (struct shown_index *index = slot->indexes; index; index = index->next)
		for (size_t i = 0; i < nedits; i++)
			if (edits[i].is_new)
				index_add(index, edits[i].shown);
			else
				index_remove(index, edits[i].shown);
}

/* Nobody else has the latest list: it becomes the next one. */
static struct shown_list *
edit_latest(const struct showing *showing, struct shown_list *latest, const struct edit *edits, size_t nedits)
{
	size_t         count;
	struct member *members = edited_members(showing, &latest->value, edits, nedits, &count);

	free(latest->value.members);
	latest->value.members = members;
	latest->value.count = latest->value.room = count;
	latest->is_ranked = is_ranked_after(latest->is_ranked, &latest->value, edits, nedits);
	for (size_t i = 0; i < nedits; i++)
		if (!edits[i].is_new)
			shown_free(edits[i].shown);
	collection_release(latest->records);
	latest->records = collection_hold(showing->records);
	latest->stamp = collection_stamp(showing->records);
	return list_hold(latest);
}

static struct shown_list *
make_next(const struct showing *showing, struct slot *slot, struct shown_list *latest)
{
	size_t             nedits, count;
	const struct edit *edits = make_edits(showing, latest, &nedits);
	const bool         is_older = collection_stamp(showing->records) < latest->stamp;

	if (!is_older)
		edit_indexes(slot, edits, nedits);
	if (!is_older && atomic_load(&latest->holds) == 1)
		return edit_latest(showing, latest, edits, nedits);
	struct member     *members = edited_members(showing, &latest->value, edits, nedits, &count);
	struct shown_list *list = list_new(showing, members, count);

	list->is_ranked = is_ranked_after(latest->is_ranked, &list->value, edits, nedits);
	if (is_older) {
		own_edits(list, edits, nedits, true);
		list->newer = list_hold(latest);
		return list;
	}
	own_edits(latest, edits, nedits, false);
	latest->newer = list_hold(list);
	atomic_store(&slot->latest, list_hold(list));
	shown_release(latest);
	return list;
}

/* --- the cache ------------------------------------------------------------------------------- */

static struct shown_list *
make_first(const struct showing *showing, struct slot *slot)
{
	struct shown_list *list = make_all(showing), *old = atomic_load(&slot->latest);

	for (struct shown_index *index = slot->indexes, *next; index; index = next) {
		next = index->next;
		index_free(index);
	}
	slot->indexes = NULL;
	atomic_store(&slot->latest, list_hold(list));
	shown_release(old);
	return list;
}

struct shown_list *
cache_show(const struct showing *showing)
{
	struct slot *slot = &slots[showing->list];

	BUG_IF(showing->list >= CACHE_LISTS, "too many lists");
	pthread_mutex_lock(&slot->lock);
	struct shown_list *latest = atomic_load(&slot->latest);
	struct shown_list *list = !latest || latest->others != showing->others ? make_first(showing, slot) :
				  latest->stamp == collection_stamp(showing->records) ? list_hold(latest) :
											make_next(showing, slot, latest);

	pthread_mutex_unlock(&slot->lock);
	return list;
}

/* --- finding ------------------------------------------------------------------------------------ */

static struct shown_index *
index_for(struct slot *slot, const struct value *list, const char *member, bool by_number)
{
	for (struct shown_index *index = slot->indexes; index; index = index->next)
		if (index->by_number == by_number && strcmp(index->member, member) == 0)
			return index;
	struct shown_index *index = index_new(member, by_number, list);

	index->next = slot->indexes;
	return slot->indexes = index;
}

/* Where they are in the list. */
static void
find_positions(const struct value *list, struct shown *const *found, size_t count, struct positions *positions)
{
	positions->count = 0;
	for (size_t i = 0; positions->count < count && i < list->count; i++)
		for (size_t j = 0; j < count; j++)
			if (list->members[i].value == &found[j]->value)
				positions->at[positions->count++] = i;
}

static bool
find(const struct value *list, const char *member, bool by_number, struct text text, int64_t number, struct positions *positions)
{
	struct shown *found[FOUND_MAX];
	struct slot  *slot = NULL;
	size_t        count;
	bool          known = false;

	for (size_t i = 0; list && list->count > FEW && i < CACHE_LISTS && !slot; i++) {
		struct shown_list *latest = atomic_load(&slots[i].latest);

		if (latest && &latest->value == list)
			slot = &slots[i];
	}
	if (!slot)
		return false;
	pthread_mutex_lock(&slot->lock);
	struct shown_list *latest = atomic_load(&slot->latest);

	if (latest && &latest->value == list) {
		struct shown_index *index = index_for(slot, list, member, by_number);

		known = !index->is_odd && index_find(index, text, number, found, &count);
	}
	pthread_mutex_unlock(&slot->lock);
	if (known)
		find_positions(list, found, count, positions);
	return known;
}

bool
cache_find_text(const struct value *list, const char *member, struct text text, struct positions *positions)
{
	return text.len > 0 && find(list, member, false, text, 0, positions);
}

bool
cache_find_number(const struct value *list, const char *member, int64_t number, struct positions *positions)
{
	return find(list, member, true, TEXT_NONE, number, positions);
}
