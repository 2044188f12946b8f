/*
 * What rules and aliases do otherwise than they would in pf, as the compiler noted it when the filter in force was made. Kept
 * apart from the box, so that asking never waits for an apply.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/map.h"
#include "proc/ask/ask.h"

#define KEPT_MAX   1000 /* that can be asked for; the number is right all the same */
#define LOGGED_MAX 20   /* at once */

struct remark {
	const char *uuid, *text;
};

struct remarks {
	pthread_mutex_t lock;
	struct arena   *arena;
	struct map     *known; /* uuid and text, of those that are kept */
	struct remark  *list;
	size_t          count, total;
};

struct remarks *
remarks_new(void)
{
	struct remarks *remarks = calloc(1, sizeof(*remarks));

	BUG_IF(!remarks, "out of memory");
	pthread_mutex_init(&remarks->lock, NULL);
	remarks->arena = arena_new();
	remarks->known = map_make(remarks->arena);
	return remarks;
}

void
remarks_free(struct remarks *remarks)
{
	if (!remarks)
		return;
	arena_free(remarks->arena);
	pthread_mutex_destroy(&remarks->lock);
	free(remarks);
}

/* Each is logged when it was not there before. */
void
remarks_take(struct remarks *remarks, const struct filter_note *notes, size_t count)
{
	const size_t   kept = count < KEPT_MAX ? count : KEPT_MAX;
	struct arena  *arena = arena_new(), *old = remarks->arena;
	struct remark *list = ARENA_MAKE(arena, struct remark, kept + 1);
	struct map    *known = map_make(arena);
	size_t         fresh = 0;

	for (size_t i = 0; i < kept; i++) {
		const struct text key = text_of(arena_print(arena, "%s: %s", notes[i].uuid, notes[i].text));

		list[i] = (struct remark){ arena_copy(arena, text_of(notes[i].uuid)), arena_copy(arena, text_of(notes[i].text)) };
		map_set(known, key, (void *)key.ptr);
		if (!map_get(remarks->known, key) && fresh++ < LOGGED_MAX)
			log_warning("filter: %s", key.ptr);
	}
	if (fresh > LOGGED_MAX)
		log_warning("filter: %zu more act otherwise than in pf", fresh - LOGGED_MAX);
	pthread_mutex_lock(&remarks->lock);
	remarks->arena = arena;
	remarks->known = known;
	remarks->list = list;
	remarks->count = kept;
	remarks->total = count;
	pthread_mutex_unlock(&remarks->lock);
	arena_free(old);
}

void
remarks_print(struct remarks *remarks, struct buffer *out, size_t most)
{
	pthread_mutex_lock(&remarks->lock);
	for (size_t i = 0; i < remarks->count && out->len < most; i++)
		buffer_print(out, "%s: %s\n", remarks->list[i].uuid, remarks->list[i].text);
	pthread_mutex_unlock(&remarks->lock);
}

/* --- The answer ------------------------------------------------------------------------------------------ */

/* What people call it. */
static const char *
description_of(const struct snapshot *snapshot, const char *uuid)
{
	static const struct {
		const char *resource, *field;
	} places[] = {
		{ "firewall.rule", "description" },       { "firewall.source_nat", "description" },
		{ "firewall.destination_nat", "descr" },  { "firewall.one_to_one", "description" },
		{ "firewall.npt", "description" },        { "firewall.alias", "name" },
	};

	for (size_t i = 0; i < COUNT(places); i++) {
		const struct record *record = collection_find(snapshot_named(snapshot, places[i].resource), text_of(uuid));

		if (record)
			return record_get(record, places[i].field);
	}
	return "";
}

enum result
topic_filter_notes(struct asking *asking, struct value **answer)
{
	struct remarks *remarks = asking->box->remarks;
	struct arena   *arena = asking->arena;
	struct value   *list = value_list(arena);

	*answer = value_object(arena);
	pthread_mutex_lock(&remarks->lock);
	for (size_t i = 0; i < remarks->count; i++) {
		struct value *row = value_object(arena);

		value_set_string(arena, row, "uuid", arena_copy(arena, text_of(remarks->list[i].uuid)));
		value_set_string(arena, row, "description", description_of(asking->snapshot, remarks->list[i].uuid));
		value_set_string(arena, row, "message", arena_copy(arena, text_of(remarks->list[i].text)));
		value_add(arena, list, row);
	}
	value_set(arena, *answer, "total", value_integer(arena, (int64_t)remarks->total));
	value_set(arena, *answer, "notes", list);
	pthread_mutex_unlock(&remarks->lock);
	return RESULT_DONE;
}
