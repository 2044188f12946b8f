/* Pipes, queues and rules of records and of pfSense's limiters, as classes and as who is sent into them. */
#include "plan/shaper/shaper.h"

#include <stdio.h>
#include <string.h>

#include "planned.h"
#include "test.h"

#define PIPE  "trafficshaper.pipe"
#define QUEUE "trafficshaper.queue"
#define RULE  "trafficshaper.rule"
#define P1    "11111111-0000-4000-8000-000000000001"
#define P2    "11111111-0000-4000-8000-000000000002"
#define Q1    "22222222-0000-4000-8000-000000000001"
#define Q2    "22222222-0000-4000-8000-000000000002"

static struct shaper
read_all(struct planned *planned)
{
	struct shaper shaper;

	buffer_cut(&planned->missing, 0);
	shaper_read(planned->arena, planned->snapshot, NULL, &shaper, &planned->missing);
	shaper_devices(planned->arena, planned->snapshot, &shaper);
	return shaper;
}

static bool
is_missed(const struct planned *planned, const char *words)
{
	return text_contains(buffer_text(&planned->missing), text_of(words));
}

static const struct shaper_class *
class_of(const struct shaper *shaper, const char *uuid)
{
	const struct shaper_target *target = shaper_target(shaper, uuid);

	for (size_t i = 0; target && i < shaper->nclasses; i++)
		if (shaper->classes[i].id == target->class)
			return &shaper->classes[i];
	return NULL;
}

static bool
passes(const struct shaper *shaper)
{
	scoped_arena  arena = arena_new();
	scoped_buffer bytes = BUFFER_NONE, again = BUFFER_NONE;
	struct shaper back;

	shaper_encode(&bytes, shaper);
	if (!shaper_decode(arena, buffer_text(&bytes), &back))
		return false;
	shaper_encode(&again, &back);
	CHECK(text_equal(buffer_text(&bytes), buffer_text(&again)));
	for (size_t n = 0; n < bytes.len; n += 1 + n / 32)
		CHECK(!shaper_decode(arena, text_first(buffer_text(&bytes), n), &back));
	buffer_add_byte(&again, 0);
	CHECK(!shaper_decode(arena, buffer_text(&again), &back));
	return true;
}

static void
put_pipe(struct planned *planned, const char *uuid, const char *bandwidth, const char *unit)
{
	planned_put(planned, PIPE, uuid, "enabled", "1", "number", "10000", "bandwidth", bandwidth, "bandwidthMetric", unit, "description",
	            uuid, NULL);
}

TEST(a_pipe_is_one_class)
{
	struct planned *planned = planned_new();
	struct shaper   shaper;

	planned_put(planned, "interfaces.interface", "wan", "enable", "1", "if", "em0", NULL);
	planned_put(planned, "interfaces.interface", "lan", "enable", "1", "if", "em1", NULL);
	planned_put(planned, "interfaces.interface", "opt1", "enable", "0", "if", "em2", NULL);
	planned_put(planned, "interfaces.interface", "opt2", "enable", "1", "if", "em1", NULL);
	put_pipe(planned, P1, "2", "Mbit");
	shaper = read_all(planned);
	CHECK_NUMBER(shaper.nclasses, 1);
	CHECK_NUMBER(shaper.classes[0].rate, 250000);
	CHECK_NUMBER(shaper.classes[0].ceil, 250000);
	CHECK_NUMBER(shaper.classes[0].leaf.limit, SHAPER_SLOTS);
	CHECK_NUMBER(shaper.ndevices, 2);
	CHECK_STRING(shaper.devices[0], "em0");
	CHECK_STRING(shaper.devices[1], "em1");
	CHECK(passes(&shaper));
	planned_put(planned, PIPE, P1, "enabled", "0", NULL);
	shaper = read_all(planned);
	CHECK_NUMBER(shaper.nclasses, 0);
	planned_free(planned);
}

TEST(bandwidths_are_as_they_say)
{
	static const struct {
		const char *bandwidth, *unit;
		uint32_t    rate;
	} rows[] = { { "1", "bit", 1 }, { "8000", "bit", 1000 }, { "64", "Kbit", 8000 }, { "4", "Gbit", 500000000 },
		     { "4294967295", "bit", 536870911 }, { "99999999999", "Gbit", UINT32_MAX } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct planned *planned = planned_new();
		struct shaper   shaper;

		put_pipe(planned, P1, rows[i].bandwidth, rows[i].unit);
		shaper = read_all(planned);
		CHECK_NUMBER(shaper.classes[0].rate, rows[i].rate);
		CHECK(passes(&shaper));
		planned_free(planned);
	}
}

TEST(queues_share_by_weight_below_their_pipe)
{
	struct planned            *planned = planned_new();
	struct shaper              shaper;
	const struct shaper_class *heavy, *light, *own;

	put_pipe(planned, P1, "8", "Mbit");
	planned_put(planned, QUEUE, Q1, "enabled", "1", "pipe", P1, "weight", "80", "description", "heavy", NULL);
	planned_put(planned, QUEUE, Q2, "enabled", "1", "pipe", P1, "weight", "20", "description", "light", "codel_enable", "1", NULL);
	shaper = read_all(planned);
	heavy = class_of(&shaper, Q1);
	light = class_of(&shaper, Q2);
	own = class_of(&shaper, P1);
	CHECK_NUMBER(shaper.nclasses, 4);
	CHECK(heavy->parent == light->parent && own->parent == heavy->parent && heavy->parent != 0);
	CHECK(heavy->rate > light->rate * 3 && light->rate > own->rate);
	CHECK_NUMBER(heavy->ceil, 1000000);
	CHECK_NUMBER(heavy->quantum, light->quantum * 4);
	CHECK_NUMBER(light->leaf.discipline, SHAPER_CODEL);
	CHECK(passes(&shaper));
	/* In one row nobody has a weight. */
	planned_put(planned, PIPE, P1, "scheduler", "fifo", NULL);
	shaper = read_all(planned);
	CHECK_NUMBER(shaper.nclasses, 1);
	CHECK(class_of(&shaper, Q1) == class_of(&shaper, P1));
	planned_put(planned, PIPE, P1, "scheduler", "fq_codel", "fqcodel_flows", "512", "codel_target", "5", NULL);
	shaper = read_all(planned);
	CHECK_NUMBER(shaper.nclasses, 1);
	CHECK_NUMBER(shaper.classes[0].leaf.discipline, SHAPER_FQ_CODEL);
	CHECK_NUMBER(shaper.classes[0].leaf.flows, 512);
	CHECK_NUMBER(shaper.classes[0].leaf.target, 5000);
	planned_free(planned);
}

TEST(masks_have_a_class_for_each_host)
{
	struct planned *planned = planned_new();
	struct shaper   shaper;

	put_pipe(planned, P1, "2", "Mbit");
	put_pipe(planned, P2, "2", "Mbit");
	planned_put(planned, PIPE, P1, "mask", "src-ip", NULL);
	planned_put(planned, QUEUE, Q1, "enabled", "1", "pipe", P1, "weight", "1", "description", "lost", NULL);
	planned_put(planned, QUEUE, Q2, "enabled", "1", "pipe", P2, "weight", "1", "description", "hosts", "mask", "dst-ip6", NULL);
	shaper = read_all(planned);
	CHECK_NUMBER(class_of(&shaper, P1)->count, SHAPER_GROUP);
	CHECK_NUMBER(class_of(&shaper, P1)->rate, 250000);
	CHECK_NUMBER(class_of(&shaper, P1)->parent, 0);
	CHECK_NUMBER(class_of(&shaper, Q2)->count, SHAPER_GROUP);
	CHECK(class_of(&shaper, Q2)->parent != 0);
	CHECK_NUMBER(shaper_target(&shaper, Q2)->mask, SHAPER_DESTINATION);
	CHECK_NUMBER(shaper_target(&shaper, Q2)->family, FAMILY_INET6);
	CHECK(!shaper_target(&shaper, Q1) && is_missed(planned, "lost: its pipe gives each host"));
	CHECK(passes(&shaper));
	planned_free(planned);
}

TEST(numbers_of_classes_stay_when_others_come_and_go)
{
	struct planned *planned = planned_new();
	struct shaper   shaper;
	uint32_t        class;

	put_pipe(planned, P2, "2", "Mbit");
	shaper = read_all(planned);
	class = shaper_target(&shaper, P2)->class;
	put_pipe(planned, P1, "1", "Mbit");
	shaper = read_all(planned);
	CHECK_NUMBER(shaper_target(&shaper, P2)->class, class);
	planned_put(planned, PIPE, P1, "enabled", "0", NULL);
	shaper = read_all(planned);
	CHECK_NUMBER(shaper_target(&shaper, P2)->class, class);
	planned_free(planned);
}

/* More than there is room for is left out, and said. */
TEST(there_is_an_end_of_groups)
{
	struct planned *planned = planned_new();
	struct shaper   shaper;

	for (unsigned i = 0; i <= SHAPER_GROUPS_MAX; i++) {
		const char *uuid = arena_print(planned->arena, "33333333-0000-4000-8000-%012u", i);

		put_pipe(planned, uuid, "1", "Mbit");
		planned_put(planned, PIPE, uuid, "mask", "src-ip", NULL);
	}
	shaper = read_all(planned);
	CHECK_NUMBER(shaper.nclasses, SHAPER_GROUPS_MAX);
	CHECK(is_missed(planned, "there are too many pipes and queues"));
	CHECK(passes(&shaper));
	planned_free(planned);
}

TEST(rules_are_read_in_their_order)
{
	struct planned           *planned = planned_new();
	struct shaper             shaper;
	const struct shaper_rule *rule;

	put_pipe(planned, P1, "2", "Mbit");
	planned_put(planned, RULE, NULL, "enabled", "1", "sequence", "9", "interface", "wan", "target", P1, "proto", "tcp_ack_not", "dst_port",
	            "80-90", "source", "10.0.0.0/8,fd00::/8", "source_not", "1", "dscp", "ef,af11", "iplen", "100", "direction", "out",
	            "interface2", "lan", "destination", "any", "src_port", "any", "description", "nine", NULL);
	planned_put(planned, RULE, NULL, "enabled", "1", "sequence", "2", "interface", "lan", "target", P1, "proto", "ip", "source", "any",
	            "destination", "192.0.2.1", "src_port", "any", "dst_port", "any", "description", "two", NULL);
	planned_put(planned, RULE, NULL, "enabled", "0", "sequence", "1", "interface", "lan", "target", P1, "description", "off", NULL);
	planned_put(planned, RULE, NULL, "enabled", "1", "sequence", "1", "interface", "lan", "target", P2, "description", "nowhere", NULL);
	shaper = read_all(planned);
	CHECK_NUMBER(shaper.nrules, 2);
	CHECK_STRING(shaper.rules[0].description, "two");
	rule = &shaper.rules[1];
	CHECK_STRING(rule->description, "nine");
	CHECK_NUMBER(rule->match.protocol, 6);
	CHECK(rule->match.tcp_flags_mask == 0x10 && rule->match.tcp_flags_set == 0);
	CHECK_NUMBER(rule->match.destination_port.range.last, 90);
	CHECK(rule->match.source.count == 2 && rule->match.source.negated);
	CHECK(rule->ndscp == 2 && rule->dscp[0] == 46 && rule->dscp[1] == 10);
	CHECK_NUMBER(rule->length, 100);
	CHECK_STRING(rule->second, "lan");
	CHECK_NUMBER(rule->match.direction, DIRECTION_OUT);
	CHECK(shaper_target(&shaper, P1) == rule->target);
	planned_free(planned);
}

/* Whatever somebody gets into a record: no rule is wider than it says, and nothing breaks the plan. */
TEST(hostile_values_are_no_rules)
{
	static const char *const fields[] = { "proto", "source", "destination", "src_port", "dst_port", "dscp" };

	for (size_t i = 0; i < COUNT(fields); i++)
		for (size_t k = 0; hostile_texts[k]; k++) {
			struct planned *planned = planned_new();
			struct shaper   shaper;

			put_pipe(planned, P1, "2", "Mbit");
			planned_put(planned, RULE, NULL, "enabled", "1", "interface", "wan", "target", P1, "proto", "udp", fields[i], hostile_texts[k],
			            NULL);
			shaper = read_all(planned);
			if (shaper.nrules > 0)
				fail_msg("%s \"%s\" is a rule", fields[i], hostile_texts[k]);
			CHECK(is_missed(planned, "cannot be understood"));
			planned_free(planned);
		}
}

TEST(hostile_names_and_numbers_stay_where_they_are)
{
	static const char *const fields[] = { "number", "bandwidth", "bandwidthMetric", "queue", "mask", "scheduler", "codel_target",
		                              "fqcodel_flows", "delay", "description" };

	for (size_t i = 0; i < COUNT(fields); i++)
		for (size_t k = 0; hostile_texts[k]; k++) {
			struct planned *planned = planned_new();
			struct shaper   shaper;

			planned_put(planned, "interfaces.interface", "wan", "enable", "1", "if", hostile_texts[k], NULL);
			put_pipe(planned, P1, "2", "Mbit");
			planned_put(planned, PIPE, P1, fields[i], hostile_texts[k], NULL);
			shaper = read_all(planned);
			CHECK_NUMBER(shaper.nclasses, 1);
			CHECK(passes(&shaper));
			planned_free(planned);
		}
}

TEST(limiters_are_pipes_by_their_names)
{
	struct planned            *planned = planned_new();
	const struct shaper_class *queue;
	struct shaper              shaper;

	planned_put(planned, "pfsense.section", "dnshaper", "body",
	            "{\"queue\":[{\"name\":\"up\",\"number\":1,\"enabled\":\"on\",\"sched\":\"wf2q+\",\"aqm\":\"droptail\",\"mask\":\"none\","
	            "\"bandwidth\":{\"item\":[{\"bw\":9,\"bwscale\":\"Mb\",\"bwsched\":\"night\"},{\"bw\":2,\"bwscale\":\"Mb\",\"bwsched\":\"none\"}]},"
	            "\"queue\":[{\"name\":\"q\",\"enabled\":\"on\",\"weight\":30,\"aqm\":\"codel\",\"param_codel_target\":5}]},"
	            "{\"name\":\"each\",\"enabled\":\"on\",\"sched\":\"fifo\",\"aqm\":\"red\",\"mask\":\"srcaddress\",\"maskbits\":24,\"plr\":0.5,"
	            "\"bandwidth\":{\"item\":[{\"bw\":64,\"bwscale\":\"Kb\"}]}},"
	            "{\"name\":\"off\",\"bandwidth\":{\"item\":[{\"bw\":64,\"bwscale\":\"Kb\"}]}},"
	            "{\"name\":\"bad name\\\"\",\"enabled\":\"on\",\"bandwidth\":{\"item\":[{\"bw\":64,\"bwscale\":\"Kb\"}]}},"
	            "{\"name\":\"late\",\"enabled\":\"on\",\"bandwidth\":{\"item\":[{\"bw\":64,\"bwscale\":\"Kb\",\"bwsched\":\"night\"}]}}]}", NULL);
	shaper = read_all(planned);
	queue = class_of(&shaper, "limiter.q");
	CHECK_NUMBER(shaper.ntargets, 3);
	CHECK_NUMBER(shaper_target(&shaper, "limiter.up")->rate, 250000);
	CHECK_NUMBER(queue->leaf.discipline, SHAPER_CODEL);
	CHECK_NUMBER(queue->ceil, 250000);
	CHECK_NUMBER(class_of(&shaper, "limiter.each")->count, SHAPER_GROUP);
	CHECK(is_missed(planned, "up: its bandwidths by schedule"));
	CHECK(is_missed(planned, "late: it has no bandwidth without a schedule"));
	CHECK(is_missed(planned, "each: masks of whole networks"));
	CHECK(is_missed(planned, "each: RED"));
	CHECK(is_missed(planned, "each: nothing is lost on purpose"));
	CHECK(passes(&shaper));
	planned_put(planned, "pfsense.section", "dnshaper", "body", "{\"queue\":[1,[],{\"name\":{}},null]}", NULL);
	planned_put(planned, "pfsense.section", "shaper", "body", "{}", NULL);
	shaper = read_all(planned);
	CHECK(!is_missed(planned, "ALTQ"));
	planned_put(planned, "pfsense.section", "shaper", "body", "{\"queue\":[{\"interface\":\"wan\"}]}", NULL);
	shaper = read_all(planned);
	CHECK_NUMBER(shaper.ntargets, 0);
	CHECK(is_missed(planned, "ALTQ"));
	planned_put(planned, "pfsense.section", "dnshaper", "body", "{\"queue\":", NULL);
	CHECK_NUMBER(read_all(planned).ntargets, 0);
	planned_free(planned);
}

TEST(plans_that_make_no_sense_are_refused)
{
	const char               *names[] = { "em0" };
	const struct shaper_class good = { .id = 5, .count = 1, .rate = 10, .ceil = 10, .quantum = 1514 };
	struct shaper_class       bad[2] = { good, good };
	struct shaper             shaper = { .devices = names, .ndevices = 1, .classes = bad, .nclasses = 1 };

#define REFUSED(change) \
	do { \
		bad[0] = bad[1] = good; \
		change; \
		CHECK(!passes(&shaper)); \
	} while (0)
	CHECK(passes(&shaper));
	REFUSED(bad[0].id = 0);
	REFUSED(bad[0].id = 65536);
	REFUSED(bad[0].count = 0);
	REFUSED(bad[0].count = SHAPER_GROUP + 1);
	REFUSED((bad[0].id = 65530, bad[0].count = 7));
	REFUSED(bad[0].rate = 0);
	REFUSED(bad[0].ceil = 9);
	REFUSED(bad[0].quantum = 0);
	REFUSED(bad[0].quantum = 200001);
	REFUSED(bad[0].parent = 4);
	REFUSED(bad[0].parent = 5);
	REFUSED((bad[0].is_inner = true, bad[0].count = 2));
	REFUSED(bad[0].leaf.limit = 1000001);
	shaper.nclasses = 2;
	REFUSED(bad[1].id = 5);
	REFUSED((bad[1].id = 6, bad[1].parent = 5));
	REFUSED((bad[0].count = 4, bad[1].id = 8));
	bad[0].is_inner = true;
	bad[0].count = 1;
	bad[1] = good;
	bad[1].id = 6;
	bad[1].parent = 5;
	CHECK(passes(&shaper));
	names[0] = "em/0";
	CHECK(!passes(&shaper));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_is_one_class),
		cmocka_unit_test(bandwidths_are_as_they_say),
		cmocka_unit_test(queues_share_by_weight_below_their_pipe),
		cmocka_unit_test(masks_have_a_class_for_each_host),
		cmocka_unit_test(numbers_of_classes_stay_when_others_come_and_go),
		cmocka_unit_test(there_is_an_end_of_groups),
		cmocka_unit_test(rules_are_read_in_their_order),
		cmocka_unit_test(hostile_values_are_no_rules),
		cmocka_unit_test(hostile_names_and_numbers_stay_where_they_are),
		cmocka_unit_test(limiters_are_pipes_by_their_names),
		cmocka_unit_test(plans_that_make_no_sense_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
