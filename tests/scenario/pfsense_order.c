/*
 * Rules that come, go, move and change their interface in any order: each list is what a plain list would be, and a
 * request touches the records that it is about and no others.
 */
#include <stdio.h>
#include <string.h>

#include "scenario/pfsense_setup.h"
#include "test.h"

#define STEPS     220
#define RULES_MAX 250
/* The record itself, in one place or two; now and then its neighbours, when there is no room left between them. */
#define TOUCHED_MEAN 5

struct rule {
	char descr[16], tracker[24];
	bool lan;
};

struct model {
	struct rule rules[RULES_MAX];
	size_t      count;
};

static uint32_t
next_random(uint32_t *state)
{
	return *state = *state * 1664525 + 1013904223, *state >> 8;
}

/* --- the plain list ------------------------------------------------------------------------------ */

/* Those on wan first; within a group they keep their order. */
static void
group(struct model *model)
{
	struct model grouped = { .count = 0 };

	for (int lan = 0; lan < 2; lan++)
		for (size_t i = 0; i < model->count; i++)
			if (model->rules[i].lan == lan)
				grouped.rules[grouped.count++] = model->rules[i];
	*model = grouped;
}

static void
model_add(struct model *model, struct rule rule, bool top)
{
	const size_t at = top ? 0 : model->count;

	memmove(&model->rules[at + 1], &model->rules[at], (model->count - at) * sizeof(rule));
	model->rules[at] = rule;
	model->count++;
	group(model);
}

static void
model_remove(struct model *model, size_t at)
{
	memmove(&model->rules[at], &model->rules[at + 1], (model->count - at - 1) * sizeof(model->rules[0]));
	model->count--;
}

/* What is there now, when another dialect has changed the order. */
static void
model_read(struct model *model, struct box_test *box)
{
	const struct value *reply = ask(box, "GET", "firewall/rule", NULL), *data = value_get(reply, "data");

	model->count = value_count(data);
	for (size_t i = 0; i < model->count; i++) {
		struct rule *rule = &model->rules[i];

		snprintf(rule->descr, sizeof(rule->descr), "%s", text_at(box, reply, arena_print(box->arena, "%zu.descr", i)));
		snprintf(rule->tracker, sizeof(rule->tracker), "%s", text_at(box, reply, arena_print(box->arena, "%zu.tracker", i)));
		rule->lan = strcmp(text_at(box, reply, arena_print(box->arena, "%zu.interface", i)), "lan") == 0;
	}
}

static void
check_same(const struct model *model, struct box_test *box, const char *what)
{
	static struct model now;

	model_read(&now, box);
	CHECK_NUMBER(now.count, model->count);
	for (size_t i = 0; i < now.count; i++)
		if (strcmp(now.rules[i].descr, model->rules[i].descr) != 0)
			fail_msg("after %s: %s stands at %zu instead of %s", what, now.rules[i].descr, i, model->rules[i].descr);
}

/* --- requests ------------------------------------------------------------------------------------- */

static void
add_rule(struct box_test *box, struct model *model, unsigned number, uint32_t random)
{
	struct rule rule = { .lan = random & 1 };
	const bool  top = random >> 1 & 1;

	snprintf(rule.descr, sizeof(rule.descr), "rule %u", number);
	const struct value *reply =
		ask(box, "POST", "firewall/rule",
		    arena_print(box->arena, "{'type':'pass','interface':'%s','ipprotocol':'inet','protocol':'any','src':'any','dst':'any',"
					    "'descr':'%s','top':%s}", rule.lan ? "lan" : "wan", rule.descr, top ? "true" : "false"));

	snprintf(rule.tracker, sizeof(rule.tracker), "%s", text_at(box, reply, "tracker"));
	CHECK(rule.tracker[0] != '\0');
	model_add(model, rule, top);
}

static void
move_rule(struct box_test *box, struct model *model, size_t at)
{
	struct rule *rule = &model->rules[at];

	rule->lan = !rule->lan;
	CHECK_NUMBER(ask_code(box, "PUT", "firewall/rule", arena_print(box->arena, "{'tracker':%s,'interface':'%s'}", rule->tracker,
								       rule->lan ? "lan" : "wan")), 0);
	group(model);
}

static void
remove_rule(struct box_test *box, struct model *model, size_t at)
{
	CHECK_NUMBER(ask_code(box, "DELETE", "firewall/rule", arena_print(box->arena, "{'tracker':%s}", model->rules[at].tracker)), 0);
	model_remove(model, at);
}

/* Somebody who knows the numbers gives one of them another, as it comes: even one that is taken. */
static void
renumber(struct box_test *box, uint32_t random)
{
	const struct collection *rules = snapshot_named(harness_snapshot(box->harness), "firewall.rule");
	const struct record     *rule = collection_at(rules, random % collection_count(rules));

	harness_change(box->harness, rule, "sequence", arena_print(box->arena, "%u", random >> 4 & 127));
}

static size_t
count_touched(struct box_test *box, const struct snapshot *before, const struct snapshot *after)
{
	size_t count;

	collection_compare(box->arena, snapshot_named(before, "firewall.rule"), snapshot_named(after, "firewall.rule"), &count);
	return count;
}

TEST(rules_stand_where_a_plain_list_has_them_and_no_request_touches_more_than_it_must)
{
	static struct model model;
	struct box_test     box = box_make();
	uint32_t            random = 4;
	bool                is_grouped = true;
	size_t              touched = 0, requests = 0;

	for (unsigned step = 0; step < STEPS; step++) {
		const struct snapshot *before = harness_snapshot(box.harness);
		const uint32_t         what = next_random(&random), which = next_random(&random);
		const bool             was_grouped = is_grouped;
		const char            *did = "adding";

		if (step < 20 || what % 10 < 5 || model.count < 3) {
			add_rule(&box, &model, step, which);
			is_grouped = true;
		} else if (what % 10 < 7) {
			move_rule(&box, &model, which % model.count);
			is_grouped = true;
			did = "another interface";
		} else if (what % 10 < 9) {
			remove_rule(&box, &model, which % model.count);
			did = "removing";
		} else {
			renumber(&box, which);
			model_read(&model, &box);
			is_grouped = false;
			continue;
		}
		check_same(&model, &box, did);
		if (was_grouped)
		if (was_grouped) {
			touched += count_touched(&box, before, harness_snapshot(box.harness));
			requests++;
		}
	}
	CHECK(touched <= TOUCHED_MEAN * requests);
	box_free(&box);
}

RUN(cmocka_unit_test(rules_stand_where_a_plain_list_has_them_and_no_request_touches_more_than_it_must));
