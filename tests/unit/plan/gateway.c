/* Gateways from records, and which of them are taken. */
#include "plan/gateway/gateway.h"

#include <stdio.h>

#include "base/bug.h"
#include "model/registry.h"
#include "test.h"

struct box {
	struct arena           *arena;
	struct schema          *schema;
	struct snapshot        *draft;
	struct numbers         *numbers;
	enum gateway_health     health[GATEWAYS_MAX + 1];
	bool                    unplugged; /* em1 */
	unsigned                records;
};

static void
put(struct box *box, const char *resource, const char *uuid, const char *values)
{
	struct record *record = record_make(box->arena, schema_named(box->schema, resource)), *sealed;
	struct text    rest = text_of(values), pair;

	while (text_next(&rest, ";", &pair)) {
		struct text value = pair;
		const char *name = arena_copy(box->arena, text_until(&value, '='));

		record_set(record, name, arena_copy(box->arena, value));
	}
	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	record->place = ++box->records;
	sealed = record_seal(record);
	snapshot_put(box->draft, sealed);
	record_release(sealed);
}

/* Two static ways out, one that is given, and none on the LAN. */
static void
begin(struct box *box)
{
	*box = (struct box){ .arena = arena_new(), .schema = schema_new(registry, registry_count), .numbers = numbers_new(GATEWAYS_MAX) };
	struct snapshot *empty = snapshot_new(box->schema);

	box->draft = snapshot_draft(empty);
	snapshot_release(empty);
	put(box, "interfaces.interface", "wan", "descr=WAN;if=em0;enable=1;type4=staticv4;ipaddr=192.0.2.1/24");
	put(box, "interfaces.interface", "opt1", "descr=Second;if=em1;enable=1;type4=staticv4;ipaddr=198.51.100.1/24");
	put(box, "interfaces.interface", "opt2", "if=em2;enable=1;type4=dhcp;type6=slaac");
	put(box, "interfaces.interface", "lan", "if=em3;enable=1;type4=staticv4;ipaddr=10.0.0.1/24");
	put(box, "routing.gateway", "a", "name=FIRST;interface=wan;gateway=192.0.2.254;priority=200;monitor_disable=0");
	put(box, "routing.gateway", "b", "name=SECOND;interface=opt1;gateway=198.51.100.254;priority=210;monitor_disable=0;weight=3");
}

static void
end(struct box *box)
{
	numbers_free(box->numbers);
	snapshot_release(box->draft);
	schema_free(box->schema);
	arena_free(box->arena);
}

static bool
router(void *context, const char *device, enum family family, struct address *out)
{
	(void)context;
	return strcmp(device, "em2") == 0 && family == FAMILY_INET && address_read(TEXT("203.0.113.1"), out);
}

static bool
has_carrier(void *context, const char *device)
{
	return !((const struct box *)context)->unplugged || strcmp(device, "em1") != 0;
}

static struct gateways
look(struct box *box)
{
	const struct gateway_live live = { box, router, has_carrier, box->health };

	return gateways_read(box->arena, box->draft, box->numbers, &live);
}

static void
set_health(struct box *box, const char *name, enum gateway_health health)
{
	box->health[numbers_give(box->numbers, name)] = health;
}

static const char *
default4(struct box *box)
{
	const struct gateways gateways = look(box);

	return gateways.standard4 ? gateways.standard4->name : "";
}

TEST(the_most_preferred_gateway_that_is_not_down_is_the_default)
{
	struct box box;

	begin(&box);
	CHECK_STRING(default4(&box), "FIRST");
	set_health(&box, "FIRST", GATEWAY_POOR);
	CHECK_STRING(default4(&box), "FIRST");
	set_health(&box, "FIRST", GATEWAY_DOWN);
	CHECK_STRING(default4(&box), "SECOND");
	box.unplugged = true;
	CHECK_STRING(default4(&box), "OPT2_DHCP");
	set_health(&box, "FIRST", GATEWAY_FINE);
	CHECK_STRING(default4(&box), "FIRST");
	put(&box, "routing.gateway", "c", "name=THIRD;interface=opt1;gateway=198.51.100.253;priority=255;defaultgw=1");
	CHECK_STRING(default4(&box), "FIRST"); /* em1 has no carrier */
	box.unplugged = false;
	CHECK_STRING(default4(&box), "THIRD");
	end(&box);
}

TEST(with_all_down_the_most_preferred_stays)
{
	struct box box;

	begin(&box);
	put(&box, "interfaces.interface", "opt2", "if=em2;enable=1;type4=none");
	set_health(&box, "FIRST", GATEWAY_DOWN);
	set_health(&box, "SECOND", GATEWAY_DOWN);
	CHECK_STRING(default4(&box), "FIRST");
	put(&box, "routing.gateway", "a", "name=FIRST;interface=wan;gateway=192.0.2.254;force_down=1");
	CHECK_STRING(default4(&box), "SECOND");
	end(&box);
}

TEST(the_default_can_be_named)
{
	struct box box;

	begin(&box);
	put(&box, "routing.gateway_group", "g", "name=BOTH;item=SECOND;item2=FIRST");
	put(&box, "routing.default_gateway", "d", "gateway4=SECOND");
	set_health(&box, "SECOND", GATEWAY_DOWN);
	CHECK_STRING(default4(&box), "SECOND");
	put(&box, "routing.default_gateway", "d", "gateway4=BOTH");
	CHECK_STRING(default4(&box), "FIRST");
	set_health(&box, "SECOND", GATEWAY_FINE);
	CHECK_STRING(default4(&box), "SECOND");
	put(&box, "routing.default_gateway", "d", "gateway4=-");
	CHECK_STRING(default4(&box), "");
	put(&box, "routing.default_gateway", "d", "gateway4=nobody");
	CHECK_STRING(default4(&box), "FIRST");
	end(&box);
}

TEST(what_an_interface_is_given_is_a_gateway_and_a_record_can_adopt_it)
{
	struct box            box;
	const struct gateway *gateway;
	struct gateways       gateways;

	begin(&box);
	gateways = look(&box);
	gateway = gateways_find(&gateways, TEXT("OPT2_DHCP"));
	CHECK(gateway && !gateway->record && gateway->is_there && gateway->is_dynamic && gateway->number);
	CHECK_STRING(address_print(box.arena, &gateway->address), "203.0.113.1");
	gateway = gateways_find(&gateways, TEXT("OPT2_SLAAC"));
	CHECK(gateway && !gateway->is_there && gateway->health == GATEWAY_DOWN);
	put(&box, "routing.gateway", "c", "name=CABLE;interface=opt2;gateway=dynamic;weight=5");
	gateways = look(&box);
	CHECK(!gateways_find(&gateways, TEXT("OPT2_DHCP")));
	gateway = gateways_find(&gateways, TEXT("CABLE"));
	CHECK(gateway && gateway->is_there && gateway->weight == 5);
	/* A name that somebody gave is not taken. */
	put(&box, "routing.gateway", "c", "name=OPT2_DHCP;interface=wan;gateway=192.0.2.9");
	gateways = look(&box);
	gateway = gateways_find(&gateways, TEXT("OPT2_DHCP"));
	CHECK(gateway && gateway->record);
	end(&box);
}

TEST(a_group_uses_its_first_tier_that_is_well_enough)
{
	struct box                  box;
	struct gateways             gateways;
	const struct gateway_group *group;

	begin(&box);
	put(&box, "routing.gateway_group", "g", "name=G;item=FIRST,SECOND;item2=OPT2_DHCP;trigger=downloss;poolopts=round-robin sticky-address");
	gateways = look(&box);
	group = gateways_group(&gateways, TEXT("G"));
	CHECK(group && group->nchoices == 2 && group->is_sticky);
	CHECK_NUMBER(group->choices[0].weight, 1);
	CHECK_NUMBER(group->choices[1].weight, 3);
	CHECK_NUMBER(group->tiers[1], 2);
	CHECK_NUMBER(group->tiers[GATEWAY_TIERS], 3);
	set_health(&box, "FIRST", GATEWAY_LOSSY);
	set_health(&box, "SECOND", GATEWAY_DELAYED);
	gateways = look(&box);
	group = gateways_group(&gateways, TEXT("G"));
	CHECK(group->nchoices == 1);
	CHECK_STRING(group->choices[0].gateway->name, "SECOND");
	set_health(&box, "SECOND", GATEWAY_DOWN);
	gateways = look(&box);
	group = gateways_group(&gateways, TEXT("G"));
	CHECK(group->nchoices == 1);
	CHECK_STRING(group->choices[0].gateway->name, "OPT2_DHCP");
	end(&box);
}

TEST(times_are_exact_while_both_dialects_agree)
{
	struct box            box;
	struct gateways       gateways;
	const struct gateway *gateway;

	begin(&box);
	put(&box, "routing.gateway", "a", "name=FIRST;interface=wan;gateway=192.0.2.254;interval=1;interval_ms=500;"
	    "loss_interval=3;loss_interval_ms=1500;time_period=999999999999;losshigh=101;data_length=99999");
	gateways = look(&box);
	gateway = gateways_find(&gateways, TEXT("FIRST"));
	CHECK_NUMBER(gateway->watch.interval, 500);
	CHECK_NUMBER(gateway->watch.loss_interval, 3000);
	CHECK_NUMBER(gateway->watch.period, GATEWAY_TIME_MAX);
	CHECK_NUMBER(gateway->watch.loss_high, 100);
	CHECK_NUMBER(gateway->watch.size, GATEWAY_PROBE_MAX);
	CHECK(!gateway->watch.is_on && gateway->watch.is_routed);
	end(&box);
}

TEST(names_that_are_gone_give_up_their_numbers_when_others_want_for_one)
{
	struct box      box;
	struct gateways gateways;
	char            name[16];

	begin(&box);
	gateways = look(&box);
	const uint8_t first = gateways_find(&gateways, TEXT("FIRST"))->number;

	for (unsigned i = numbers_count(box.numbers); i < GATEWAYS_MAX; i++) {
		snprintf(name, sizeof(name), "gone %u", i);
		CHECK(numbers_give(box.numbers, name));
	}
	CHECK_NUMBER(numbers_give(box.numbers, "one too many"), 0);
	put(&box, "routing.gateway", "c", "name=NEW;interface=wan;gateway=192.0.2.9");
	gateways = look(&box);
	CHECK(gateways_find(&gateways, TEXT("NEW"))->number);
	CHECK_NUMBER(gateways_find(&gateways, TEXT("FIRST"))->number, first);
	end(&box);
}

RUN(cmocka_unit_test(the_most_preferred_gateway_that_is_not_down_is_the_default),
    cmocka_unit_test(with_all_down_the_most_preferred_stays), cmocka_unit_test(the_default_can_be_named),
    cmocka_unit_test(what_an_interface_is_given_is_a_gateway_and_a_record_can_adopt_it),
    cmocka_unit_test(a_group_uses_its_first_tier_that_is_well_enough),
    cmocka_unit_test(times_are_exact_while_both_dialects_agree), cmocka_unit_test(names_that_are_gone_give_up_their_numbers_when_others_want_for_one));
