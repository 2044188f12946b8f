/* What rules are called: those of the filter in force, those nobody wrote, and translations. */
#include <string.h>

#include "base/bug.h"
#include "plan/filter/automatic.h"
#include "proc/ask/ask.h"
#include "store/store.h"

static void
add_rules(struct map *labels, const struct filter_rule *const *rules, size_t count)
{
	for (size_t i = 0; i < count; i++)
		map_set(labels, text_of(rules[i]->uuid), (void *)(rules[i]->label ? rules[i]->label : ""));
}

static void
add_records(struct map *labels, const struct snapshot *snapshot)
{
	static const char *const kinds[][2] = {
		{ "firewall.source_nat", "description" }, { "firewall.destination_nat", "descr" },
		{ "firewall.one_to_one", "description" }, { "firewall.npt", "description" },
	};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		const struct collection *rules = snapshot_named(snapshot, kinds[i][0]);

		for (size_t k = 0; k < collection_count(rules); k++)
			map_set(labels, text_of(collection_at(rules, k)->uuid),
				(void *)record_get(collection_at(rules, k), kinds[i][1]));
	}
}

struct map *
rule_labels(const struct asking *asking)
{
	const struct filter    *filter = asking->box->filter;
	struct map             *labels = map_make(asking->arena);
	struct filter_automatic automatic = { 0 };

	add_records(labels, asking->snapshot);
	if (!filter)
		return labels;
	filter_automatic(asking->arena, filter, &automatic);
	add_rules(labels, automatic.rules, automatic.count);
	add_rules(labels, filter->rules, filter->nrules);
	return labels;
}

const char *
rule_label(const struct map *labels, const char *uuid)
{
	const char *label = uuid ? map_get(labels, text_of(uuid)) : NULL;

	return label ? label : "";
}

static const char *
find_label(const struct filter_rule *const *rules, size_t count, const char *uuid)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rules[i]->uuid, uuid) == 0)
			return rules[i]->label ? rules[i]->label : "";
	return NULL;
}

/* One alone: not worth a map. */
static const char *
label_of(const struct asking *asking, const char *uuid)
{
	const struct filter    *filter = asking->box->filter;
	struct filter_automatic automatic = { 0 };
	struct map             *labels;
	const char             *label = filter ? find_label(filter->rules, filter->nrules, uuid) : NULL;

	if (filter && !label) {
		filter_automatic(asking->arena, filter, &automatic);
		label = find_label(automatic.rules, automatic.count, uuid);
	}
	if (label)
		return label;
	labels = map_make(asking->arena);
	add_records(labels, asking->snapshot);
	return rule_label(labels, uuid);
}

const char *
keeper_box_label(void *context, struct arena *arena, const char *uuid)
{
	struct keeper_box *box = context;
	scoped_arena       own = arena_new();
	scoped_buffer      message = BUFFER_NONE;
	struct asking      asking = { box, own, store_snapshot(box->setup.store), NULL, &message };

	pthread_mutex_lock(&box->lock);
	const char *label = arena_copy(arena, text_of(label_of(&asking, uuid)));

	pthread_mutex_unlock(&box->lock);
	snapshot_release(asking.snapshot);
	return label;
}
