/*
 * Collections with thousands of records behave as those with a few: what is added is found, what is unique stays so, a
 * change touches nothing else, references hold and follow, moving one moves no other. Nothing is timed here (bench/collections.c).
 *
 * usage: opnsense_crowd VECTORS
 */
#include <stdio.h>
#include <string.h>

#include "scenario/crowd.h"
#include "schema/lists.h"
#include "test.h"

#define MANY 10000
#define SOME 300

static const char *vectors;

/* Those with the most to check: unique fields, references, a number of its own. */
static const char *const crowded[] = { "firewall.alias", "firewall.rule", "kea.reservation4", "interfaces.vip" };

static const struct route *
route_for(const struct walk_box *box, const struct resource *resource, enum kind kind)
{
	for (size_t i = 0; i < routes_count(box->routes); i++) {
		const struct route *route = routes_at(box->routes, i);

		if (route->resource == resource && route->kind == kind && route->face)
			return route;
	}
	return NULL;
}

static size_t
count_of(struct walk_box *box, const struct resource *resource)
{
	const struct snapshot *snapshot = store_snapshot(harness_store(box->harness));
	const size_t           count = collection_count(snapshot_collection(snapshot, resource));

	snapshot_release(snapshot);
	return count;
}

static uint64_t
stamp_of(struct walk_box *box, const struct resource *resource)
{
	const struct snapshot *snapshot = store_snapshot(harness_store(box->harness));
	const uint64_t         stamp = collection_stamp(snapshot_collection(snapshot, resource));

	snapshot_release(snapshot);
	return stamp;
}

static struct value *
post(struct walk_box *box, struct arena *arena, const char *path, struct value *sent)
{
	struct value       *have;
	const struct answer answer = walk_box_ask(box, arena, METHOD_POST, path, sent, &have);

	if (!have)
		fail_msg("%s: %u %.*s", path, answer.status, TEXT_ARGS(answer.body));
	return have;
}

static const char *
word(struct arena *arena, const struct value *answer, const char *path)
{
	const char *text = value_as_string(arena, value_path(answer, path));

	return text ? text : "(none)";
}

/* --- every collection ---------------------------------------------------------------------------- */

static bool
has_unique(const struct resource *resource, const struct value *sent)
{
	for (size_t i = 0; i < resource->nfields; i++)
		for (size_t j = 0; j < resource->fields[i].nconstraints; j++)
			if (resource->fields[i].constraints[j].kind == CONSTRAINT_UNIQUE &&
			    value_path(sent, resource->fields[i].name))
				return true;
	return false;
}

static void
check_found(struct walk_box *box, struct arena *arena, const struct resource *resource, const char *uuid, bool is_there)
{
	const struct route *search = route_for(box, resource, KIND_SEARCH);
	struct value       *grid = value_object(arena);

	if (!search || (resource->flags & KEYED))
		return;
	value_set(arena, grid, "rowCount", value_integer(arena, 5));
	value_set_string(arena, grid, "searchPhrase", uuid);
	const char *total = word(arena, post(box, arena, search->endpoint, grid), "total");

	if (strcmp(total, is_there ? "1" : "0") != 0)
		fail_msg("%s: %s are found by the uuid of one", resource->name, total);
}

static void
check_taken(struct walk_box *box, struct arena *arena, const struct route *add, const struct value *sent)
{
	const struct resource *resource = add->resource;
	const uint64_t         before = stamp_of(box, resource);
	const char            *uuid = NULL;

	if (!has_unique(resource, sent))
		return;
	CHECK(!walk_is_saved(post(box, arena, add->endpoint, walk_wrapped(arena, add, value_copy(arena, sent))), &uuid));
	CHECK(stamp_of(box, resource) == before);
}

/* A record comes, is changed, and goes, and nobody else notices. */
static void
live_among(struct walk_box *box, const struct route *add, size_t count)
{
	const struct resource *resource = add->resource;
	const struct route    *toggle = route_for(box, resource, KIND_TOGGLE), *set = route_for(box, resource, KIND_SET);
	const struct route    *delete = route_for(box, resource, KIND_DELETE);
	scoped_arena           arena = arena_new();
	struct value          *sent = walk_box_plausible(box, arena, add);
	const char            *uuid = NULL;

	if (!walk_is_saved(post(box, arena, add->endpoint, walk_wrapped(arena, add, sent)), &uuid) || !uuid)
		return; /* its relatives went with the one that all are copies of */
	CHECK_NUMBER(count_of(box, resource), count + 1);
	check_found(box, arena, resource, uuid, true);
	check_taken(box, arena, add, sent);
	if (set)
		CHECK(walk_is_saved(post(box, arena, arena_print(arena, "%s/%s", set->endpoint, uuid), walk_wrapped(arena, set, sent)),
				    &uuid));
	if (toggle)
		CHECK_STRING(word(arena, post(box, arena, arena_print(arena, "%s/%s", toggle->endpoint, uuid), NULL), "changed"), "1");
	CHECK_NUMBER(count_of(box, resource), count + 1);
	if (!delete)
		return;
	CHECK_STRING(word(arena, post(box, arena, arena_print(arena, "%s/%s", delete->endpoint, uuid), NULL), "result"), "deleted");
	CHECK_NUMBER(count_of(box, resource), count);
	check_found(box, arena, resource, uuid, false);
}

static bool
is_crowded(const struct resource *resource)
{
	for (size_t i = 0; i < COUNT(crowded); i++)
		if (strcmp(crowded[i], resource->name) == 0)
			return true;
	return false;
}

TEST(a_record_lives_among_thousands_and_leaves_them_as_they_are)
{
	struct walk_box box;
	unsigned        walked = 0;

	walk_box_open(&box, vectors);
	for (size_t i = 0; i < routes_count(box.routes); i++) {
		const struct route *add = routes_at(box.routes, i);
		const char         *like = add->resource ? map_get(box.known, text_of(add->resource->name)) : NULL;
		const struct route *delete = like ? route_for(&box, add->resource, KIND_DELETE) : NULL;
		scoped_arena        arena = arena_new();

		if (add->kind != KIND_ADD || !delete || (add->face && add->face->force))
			continue;
		const struct snapshot *snapshot = store_snapshot(harness_store(box.harness));
		const bool             gone = !collection_find(snapshot_collection(snapshot, add->resource), text_of(like));

		snapshot_release(snapshot);
		if (gone)
			continue;
		crowd_fill(&box, add->resource, like, is_crowded(add->resource) ? MANY : SOME);
		/* Kept when others need it; then it is one more. */
		post(&box, arena, arena_print(arena, "%s/%s", delete->endpoint, like), NULL);
		live_among(&box, add, count_of(&box, add->resource));
		crowd_clear(&box, add->resource);
		walked++;
	}
	CHECK(walked > 60);
	walk_box_close(&box);
}

/* --- references and order ------------------------------------------------------------------------- */

static const struct record *
record_at(struct walk_box *box, const char *resource, const char *uuid)
{
	return collection_find(snapshot_named(harness_snapshot(box->harness), resource), text_of(uuid));
}

static void
must_save(struct walk_box *box, struct arena *arena, const char *path, struct value *sent)
{
	struct value       *have;
	const struct answer answer = walk_box_ask(box, arena, METHOD_POST, path, sent, &have);
	const char         *uuid;

	if (!walk_is_saved(have, &uuid))
		fail_msg("%s: %u %.*s", path, answer.status, TEXT_ARGS(answer.body));
}

static struct value *
with(struct arena *arena, const char *root, const char *name, const char *value)
{
	struct value *around = value_object(arena), *record = value_object(arena);

	value_set_string(arena, record, name, value);
	value_set(arena, around, root, record);
	return around;
}

TEST(what_one_of_thousands_refers_to_cannot_go_and_is_renamed_in_it)
{
	struct walk_box box;
	scoped_arena    arena = arena_new();

	walk_box_open(&box, vectors);
	const char *alias = map_get(box.known, TEXT("firewall.alias")), *rule = map_get(box.known, TEXT("firewall.rule"));
	const char *category = map_get(box.known, TEXT("firewall.category"));
	const char *user = crowd_uuid(arena, MANY / 2);

	crowd_fill(&box, schema_named(harness_service(box.harness)->schema, "firewall.rule"), rule, MANY);
	must_save(&box, arena, arena_print(arena, "firewall/filter/set_rule/%s", user), with(arena, "rule", "source_net", "walk"));
	must_save(&box, arena, arena_print(arena, "firewall/filter/set_rule/%s", user), with(arena, "rule", "categories", category));
	CHECK_STRING(record_get(record_at(&box, "firewall.rule", user), "source_net"), "walk");
	CHECK_STRING(record_get(record_at(&box, "firewall.rule", user), "categories"), category);

	post(&box, arena, arena_print(arena, "firewall/alias/del_item/%s", alias), NULL);
	CHECK(record_at(&box, "firewall.alias", alias));
	post(&box, arena, arena_print(arena, "firewall/category/del_item/%s", category), NULL);
	CHECK(record_at(&box, "firewall.category", category));

	must_save(&box, arena, arena_print(arena, "firewall/alias/set_item/%s", alias), with(arena, "alias", "name", "walked"));
	CHECK_STRING(record_get(record_at(&box, "firewall.rule", user), "source_net"), "walked");

	must_save(&box, arena, arena_print(arena, "firewall/filter/set_rule/%s", user), with(arena, "rule", "source_net", "any"));
	must_save(&box, arena, arena_print(arena, "firewall/filter/set_rule/%s", user), with(arena, "rule", "categories", ""));
	post(&box, arena, arena_print(arena, "firewall/alias/del_item/%s", alias), NULL);
	CHECK(!record_at(&box, "firewall.alias", alias));
	post(&box, arena, arena_print(arena, "firewall/category/del_item/%s", category), NULL);
	CHECK(!record_at(&box, "firewall.category", category));
	walk_box_close(&box);
}

/* Those among the copies that are not where they were, but for one. */
static size_t
count_moved(const struct collection *before, const struct collection *after, const char *except)
{
	size_t moved = 0;

	for (size_t i = 0, j = 0; i < collection_count(before); i++, j++) {
		if (strcmp(collection_at(before, i)->uuid, except) == 0)
			i++;
		if (j < collection_count(after) && strcmp(collection_at(after, j)->uuid, except) == 0)
			j++;
		if (i < collection_count(before) && (j >= collection_count(after) ||
						     strcmp(collection_at(before, i)->uuid, collection_at(after, j)->uuid) != 0))
			moved++;
	}
	return moved;
}

TEST(one_of_thousands_is_moved_and_no_other)
{
	struct walk_box        box;
	scoped_arena           arena = arena_new();
	const struct resource *rules;

	walk_box_open(&box, vectors);
	rules = schema_named(harness_service(box.harness)->schema, "firewall.rule");
	crowd_fill(&box, rules, map_get(box.known, TEXT("firewall.rule")), MANY);
	const char              *moved = crowd_uuid(arena, MANY - 10), *target = crowd_uuid(arena, 10);
	const struct collection *before = snapshot_collection(harness_snapshot(box.harness), rules);

	post(&box, arena, arena_print(arena, "firewall/filter/move_rule_before/%s/%s", moved, target), NULL);
	const struct collection *after = snapshot_collection(harness_snapshot(box.harness), rules);

	CHECK_NUMBER(count_moved(before, after, moved), 0);
	CHECK(record_number(collection_find(after, text_of(moved)), "sequence", 0) <=
	      record_number(collection_find(after, text_of(target)), "sequence", 0));
	walk_box_close(&box);
}

/* --- long values ------------------------------------------------------------------------------------ */

#define ENTRIES 600

static void
check_option(struct arena *arena, const struct value *options, const char *key, const char *selected)
{
	const struct value *option = value_get(options, key);

	if (!option || strcmp(word(arena, option, "selected"), selected) != 0)
		fail_msg("%s is not there with %s: %s", key, selected, word(arena, option, "selected"));
	CHECK_STRING(word(arena, option, "value"), key);
}

TEST(a_long_list_of_entries_is_shown_as_a_short_one_is)
{
	struct walk_box box;
	scoped_arena    arena = arena_new();
	scoped_buffer   content = BUFFER_NONE;

	walk_box_open(&box, vectors);
	const char *like = map_get(box.known, TEXT("firewall.alias"));

	crowd_fill(&box, schema_named(harness_service(box.harness)->schema, "firewall.alias"), like, 2);
	for (unsigned i = 0; i < ENTRIES; i++)
		buffer_print(&content, "10.1.%u.%u\n", i >> 8, i & 255);
	buffer_add_string(&content, "walk_1");
	must_save(&box, arena, arena_print(arena, "firewall/alias/set_item/%s", crowd_uuid(arena, 0)),
		  with(arena, "alias", "content", buffer_string(&content)));
	const struct value *item =
		value_path(post(&box, arena, arena_print(arena, "firewall/alias/get_item/%s", crowd_uuid(arena, 0)), NULL), "alias.content");
	struct value *model;

	for (unsigned i = 0; i < ENTRIES; i += 7)
		check_option(arena, item, arena_print(arena, "10.1.%u.%u", i >> 8, i & 255), "1");
	check_option(arena, item, "walk_1", "1");
	check_option(arena, item, "walk", "0");
	walk_box_ask(&box, arena, METHOD_GET, "firewall/alias/get", NULL, &model);
	item = value_get(value_get(value_path(model, "alias.aliases.alias"), crowd_uuid(arena, 0)), "content");
	CHECK_NUMBER(value_count(item), ENTRIES + 1);
	for (unsigned i = 0; i < ENTRIES; i += 7)
		check_option(arena, item, arena_print(arena, "10.1.%u.%u", i >> 8, i & 255), "1");
	walk_box_close(&box);
}

/* --- one choice of many ------------------------------------------------------------------------- */

struct finding {
	const struct field *field;
	struct view         view;
	struct map         *seen;
	size_t              count;
};

/* Of several with one key the type may find any. What it finds to have a label has that. */
static void
find_choice(void *context, const struct choice *choice)
{
	struct finding      *finding = context;
	const struct type   *type = finding->field->type;
	const char          *key = arena_copy(finding->view.arena, text_of(choice->key));
	const char          *label = arena_copy(finding->view.arena, text_of(choice->label ? choice->label : key));
	const struct choice *found = field_choice(finding->field, text_of(key), &finding->view);
	const struct choice *labelled = type->labelled ? type->labelled(finding->field, text_of(key), &finding->view) : found;
	const bool           is_first = !map_set(finding->seen, text_of(key), finding);

	if (!found || strcmp(found->key, key) != 0)
		fail_msg("%s: %s is not found", finding->field->name, key);
	if (is_first && strcmp(found->label ? found->label : found->key, label) != 0)
		fail_msg("%s: %s is %s and found as %s", finding->field->name, key, label, found->label ? found->label : found->key);
	if (is_first && strcmp(labelled && labelled->label ? labelled->label : key, label) != 0)
		fail_msg("%s: %s is %s and labelled otherwise", finding->field->name, key, label);
	finding->count++;
}

static void
check_choices_of(const struct resource *resource, const struct view *view)
{
	for (size_t i = 0; i < resource->nfields; i++) {
		const struct field *field = &resource->fields[i];
		struct finding      finding = { field, *view, map_make(view->arena), 0 };

		if (!field->type->find || !field->type->choices)
			continue;
		field->type->choices(field, "", view, find_choice, &finding);
		if (field_choice(field, TEXT("no such choice"), view))
			fail_msg("%s %s: anything is found", resource->name, field->name);
	}
}

TEST(a_choice_that_is_looked_up_is_the_one_in_the_list)
{
	static const char *const grown[] = { "auth.user", "auth.group", "firewall.category", "interfaces.vip", "ipsec.pool",
					     "openvpn.instance", "routing.gateway", "routing.gateway_group", "trust.cert" };
	struct walk_box box;

	walk_box_open(&box, vectors);
	for (size_t i = 0; i < COUNT(grown); i++)
		crowd_fill(&box, schema_named(harness_service(box.harness)->schema, grown[i]),
			   map_get(box.known, text_of(grown[i])), 40);
	const struct snapshot *snapshot = store_snapshot(harness_store(box.harness));
	const struct service  *service = harness_service(box.harness);

	for (size_t i = 0; i < schema_count(service->schema); i++) {
		scoped_arena             arena = arena_new();
		const struct resource   *resource = schema_at(service->schema, i);
		const struct collection *records = snapshot_collection(snapshot, resource);
		const struct record     *record =
			resource->shape == COLLECTION && collection_count(records) ? collection_at(records, 0) : record_make(arena, resource);

		check_choices_of(resource, &(struct view){ arena, snapshot, service->facts, record });
	}
	snapshot_release(snapshot);
	walk_box_close(&box);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_lives_among_thousands_and_leaves_them_as_they_are),
		cmocka_unit_test(what_one_of_thousands_refers_to_cannot_go_and_is_renamed_in_it),
		cmocka_unit_test(one_of_thousands_is_moved_and_no_other),
		cmocka_unit_test(a_long_list_of_entries_is_shown_as_a_short_one_is),
		cmocka_unit_test(a_choice_that_is_looked_up_is_the_one_in_the_list),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
