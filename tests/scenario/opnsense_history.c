/* What clients of releases since 24.7 know: entry by entry of the two histories, what has become of it here. */
#include "test.h"

#include <string.h>

#include "dialect/opnsense/opnsense.h"
#include "dialect/opnsense/route.h"
#include "scenario/opnsense_client.h"
#include "scenario/setup.h"

static const char *vectors;

/* clang-format off */
/* Endpoints that are gone upstream and are not served here either. One that ends in "/" stands for all below it. */
static const struct {
	const char *endpoint, *why;
} unserved[] = {
	{ "firewall/alias_util/update_bogons", "no list of bogons is fetched" },
};

/* What was one block of settings and is the first policy now. */
#define BLOCK(member, sent, has, value) \
	{ "Unbound.Unbound", "dnsbl." member, "/api/unbound/settings/set", \
	  "{\"unbound\":{\"dnsbl\":{\"" member "\":\"" sent "\"}}}", "unbound.dnsbl", has, value }

/* Fields that are gone. Sent: taken as what the record then has; otherwise ignored, as upstream ignores it. */
static const struct {
	const char *model, *field;
	const char *target, *body, *resource, *has, *value;
} fields[] = {
	{ "Routes.Route", "route.disabled", "/api/routes/routes/addroute",
	  "{\"route\":{\"network\":\"10.9.0.0/16\",\"gateway\":\"WAN_GW\",\"disabled\":\"1\"}}", "routes.route", "enabled", "0" },
	{ "Routes.Route", "route.disabled", "/api/routes/routes/addroute",
	  "{\"route\":{\"network\":\"10.9.0.0/16\",\"gateway\":\"WAN_GW\",\"disabled\":\"0\"}}", "routes.route", "enabled", "1" },
	{ "IDS.IDS", "general.ips", "/api/ids/settings/set", "{\"ids\":{\"general\":{\"ips\":\"1\"}}}", "ids.settings",
	  "general.mode", "netmap" },
	{ "IDS.IDS", "general.ips", "/api/ids/settings/set", "{\"ids\":{\"general\":{\"ips\":\"0\"}}}", "ids.settings",
	  "general.mode", "pcap" },
	{ "Unbound.Unbound", "domains.domain.domain", "/api/unbound/settings/addDomainOverride",
	  "{\"domain\":{\"domain\":\"corp.example\",\"server\":\"192.0.2.53\"}}", "unbound.forward", "domain", "corp.example" },
	{ "Unbound.Unbound", "domains.domain.server", "/api/unbound/settings/addDomainOverride",
	  "{\"domain\":{\"domain\":\"corp.example\",\"server\":\"192.0.2.53\"}}", "unbound.forward", "server", "192.0.2.53" },
	{ "Unbound.Unbound", "domains.domain.enabled", "/api/unbound/settings/addDomainOverride",
	  "{\"domain\":{\"domain\":\"corp.example\",\"server\":\"192.0.2.53\",\"enabled\":\"0\"}}", "unbound.forward", "enabled", "0" },
	{ "Unbound.Unbound", "domains.domain.description", "/api/unbound/settings/addDomainOverride",
	  "{\"domain\":{\"domain\":\"corp.example\",\"server\":\"192.0.2.53\",\"description\":\"head office\"}}", "unbound.forward",
	  "description", "head office" },
	{ "Unbound.Unbound", "domains.domain.forward_tcp_upstream", "/api/unbound/settings/addDomainOverride",
	  "{\"domain\":{\"domain\":\"corp.example\",\"server\":\"192.0.2.53\",\"forward_tcp_upstream\":\"1\"}}", "unbound.forward",
	  "forward_tcp_upstream", "1" },
	{ "CaptivePortal.CaptivePortal", "zones.zone.interfaces_inbound", "/api/captiveportal/settings/addZone",
	  "{\"zone\":{\"interfaces\":\"lan\",\"interfaces_inbound\":\"lan\",\"description\":\"guests\"}}", "captiveportal.zone",
	  "interfaces", "lan" },
	{ "Core.Hasync", "pfsyncenabled", "/api/core/hasync/set", "{\"hasync\":{\"pfsyncenabled\":\"1\",\"pfsyncpeerip\":"
	  "\"192.0.2.9\"}}", "core.hasync", "pfsyncpeerip", "192.0.2.9" },
	{ "Unbound.Unbound", "hosts.host.aliascount", "/api/unbound/settings/addHostOverride",
	  "{\"host\":{\"hostname\":\"a\",\"domain\":\"example.net\",\"rr\":\"A\",\"server\":\"192.0.2.1\",\"aliascount\":\"7\"}}",
	  "unbound.host_override", "hostname", "a" },
	BLOCK("enabled", "1", "enabled", "1"),
	BLOCK("type", "ag,sb", "type", "ag,sb"),
	BLOCK("lists", "https://lists.example/a,https://lists.example/b", "lists",
	      "https://lists.example/a,https://lists.example/b"),
	BLOCK("whitelists", "good.example", "allowlists", "good.example"),
	BLOCK("blocklists", "bad.example", "blocklists", "bad.example"),
	BLOCK("wildcards", "all.example", "wildcards", "all.example"),
	BLOCK("address", "192.0.2.99", "address", "192.0.2.99"),
	BLOCK("nxdomain", "1", "nxdomain", "1"),
	{ "Unbound.Unbound", "dnsbl.safesearch", "/api/unbound/settings/set",
	  "{\"unbound\":{\"dnsbl\":{\"safesearch\":\"1\"}}}", "unbound.settings", "general.safesearch", "1" },
};

/* Fields that are gone and hold nothing themselves. */
static const char *const ignored[] = { "Unbound.Unbound domains" };
/* clang-format on */

static const struct value *
history(struct arena *arena, const char *name)
{
	return setup_json(arena, arena_print(arena, "%s/%s", vectors, name));
}

static bool
is_unserved(const char *endpoint)
{
	for (size_t i = 0; i < COUNT(unserved); i++) {
		const struct text prefix = text_of(unserved[i].endpoint);

		if (text_is(prefix, endpoint) ||
		    (text_ends(prefix, TEXT("/")) && text_starts(text_of(endpoint), prefix)))
			return true;
	}
	return false;
}

static bool
has_route(const struct routes *routes, struct arena *arena, const char *spelling, size_t nparams)
{
	struct text params[CALL_PARAMS_MAX];
	size_t      found = 0;
	const char *path = arena_print(arena, "/%s", spelling);

	for (size_t i = 0; i < nparams; i++)
		path = arena_print(arena, "%s/x", path);
	return routes_match(routes, text_of(path), params, &found) != NULL;
}

TEST(what_is_gone_upstream_is_served_or_has_its_reason)
{
	scoped_arena         arena = arena_new();
	struct client        client = { opnsense_setup(arena, vectors), arena, 0 };
	const struct routes *routes = harness_service(client.harness)->routes[OPNSENSE];
	const struct value  *gone = value_get(history(arena, "endpoints-history.json"), "gone");
	size_t               served = 0;

	CHECK(value_count(gone) > 40);
	for (size_t i = 0; i < value_count(gone); i++) {
		const struct value *entry = value_at(gone, i);
		const char         *endpoint = client_word(&client, entry, "id"), *camel = client_word(&client, entry, "camel");
		const size_t        nparams = value_count(value_get(entry, "params"));
		const bool          is_served = has_route(routes, arena, endpoint, nparams);

		if (is_served == is_unserved(endpoint))
			fail_msg("%s: %s", endpoint, is_served ? "served, but listed as not" : "not served");
		if (is_served != has_route(routes, arena, camel, nparams))
			fail_msg("%s and %s: not the same", endpoint, camel);
		served += is_served;
	}
	CHECK_NUMBER(served, 43);
	harness_free(client.harness);
}

static const char *
newest(struct client *client, size_t i)
{
	const struct snapshot *snapshot = harness_snapshot(client->harness);
	const struct resource *resource = schema_named(harness_service(client->harness)->schema, fields[i].resource);

	if (resource->shape == SINGLETON)
		return record_get(snapshot_single(snapshot, fields[i].resource), fields[i].has);
	const struct collection *records = snapshot_named(snapshot, fields[i].resource);

	CHECK(collection_count(records) > 0);
	return record_get(collection_at(records, collection_count(records) - 1), fields[i].has);
}

TEST(fields_that_older_clients_send_count_or_are_passed_over)
{
	for (size_t i = 0; i < COUNT(fields); i++) {
		scoped_arena        arena = arena_new();
		struct client       client = { opnsense_setup(arena, vectors), arena, 0 };
		const struct value *answer = client_post(&client, fields[i].target, fields[i].body);

		if (strcmp(client_word(&client, answer, "result"), "saved") != 0)
			fail_msg("%s %s: not saved", fields[i].model, fields[i].field);
		CHECK_STRING(newest(&client, i), fields[i].value);
		harness_free(client.harness);
	}
}

static bool
is_known(struct arena *arena, const char *model, struct text field)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (strcmp(fields[i].model, model) == 0 && text_is(field, fields[i].field))
			return true;
	for (size_t i = 0; i < COUNT(ignored); i++)
		if (strcmp(ignored[i], arena_print(arena, "%s %.*s", model, TEXT_ARGS(field))) == 0)
			return true;
	return false;
}

/* --- the block of blocklists ------------------------------------------------------------------ */

static const struct value *
block(struct client *client)
{
	return value_get(value_get(client_get(client, "/api/unbound/settings/get"), "unbound"), "dnsbl");
}

static const struct value *
set_block(struct client *client, const char *members)
{
	return client_post(client, "/api/unbound/settings/set",
			   arena_print(client->arena, "{\"unbound\":{\"dnsbl\":{%s}}}", members));
}

/* Is this a choice of a member, and chosen? */
static bool
is_chosen(struct client *client, const char *member, const char *choice)
{
	const struct value *option = value_get(value_get(block(client), member), choice);

	return option && strcmp(client_word(client, option, "selected"), "1") == 0;
}

TEST(the_one_block_of_blocklists_reads_as_it_did)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };

	/* Before anything was set: off, and nothing made by looking or by saying so. */
	CHECK_STRING(client_word(&client, block(&client), "enabled"), "0");
	CHECK_STRING(client_word(&client, block(&client), "nxdomain"), "0");
	CHECK_STRING(client_word(&client, block(&client), "address"), "");
	CHECK_NUMBER(value_count(value_get(block(&client), "type")), 31);
	CHECK_STRING(client_word(&client, set_block(&client, "\"enabled\":\"0\",\"type\":\"\""), "result"), "saved");
	CHECK_NUMBER(client_count(&client, "unbound.dnsbl"), 0);

	CHECK_STRING(client_word(&client, set_block(&client, "\"enabled\":\"1\",\"safesearch\":\"1\",\"type\":\"el,ep\","
							     "\"whitelists\":\"a.example,b.example\",\"address\":\"192.0.2.9\""),
				 "result"), "saved");
	CHECK_NUMBER(client_count(&client, "unbound.dnsbl"), 1);
	CHECK_STRING(client_word(&client, block(&client), "enabled"), "1");
	CHECK_STRING(client_word(&client, block(&client), "safesearch"), "1");
	CHECK_STRING(client_word(&client, block(&client), "address"), "192.0.2.9");
	CHECK(is_chosen(&client, "type", "el") && is_chosen(&client, "type", "ep") && !is_chosen(&client, "type", "ag"));
	CHECK(is_chosen(&client, "whitelists", "a.example") && is_chosen(&client, "whitelists", "b.example"));

	/* Switched off by a client that sends only that. */
	CHECK_STRING(client_word(&client, set_block(&client, "\"enabled\":\"0\""), "result"), "saved");
	CHECK_STRING(client_word(&client, block(&client), "enabled"), "0");
	CHECK(is_chosen(&client, "type", "el"));
	CHECK_NUMBER(client_count(&client, "unbound.dnsbl"), 1);
	harness_free(client.harness);
}

TEST(the_one_block_is_the_first_policy_and_no_other)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *add = "/api/unbound/settings/add_dnsbl";
	const char   *names[] = { "guests", "staff" };
	const struct collection *policies;

	for (size_t i = 0; i < COUNT(names); i++)
		client_post(&client, add, arena_print(arena, "{\"blocklist\":{\"description\":\"%s\",\"blocklists\":\"%s.example\"}}",
						      names[i], names[i]));
	CHECK(is_chosen(&client, "blocklists", "guests.example"));
	set_block(&client, "\"blocklists\":\"other.example\",\"nxdomain\":\"1\"");
	policies = snapshot_named(harness_snapshot(client.harness), "unbound.dnsbl");
	CHECK_NUMBER(collection_count(policies), 2);
	CHECK_STRING(record_get(collection_at(policies, 0), "description"), "guests");
	CHECK_STRING(record_get(collection_at(policies, 0), "blocklists"), "other.example");
	CHECK_STRING(record_get(collection_at(policies, 0), "nxdomain"), "1");
	CHECK_STRING(record_get(collection_at(policies, 1), "blocklists"), "staff.example");
	CHECK_STRING(record_get(collection_at(policies, 1), "nxdomain"), "0");

	/* Who sends policies means them, whatever else is in what it sends. */
	set_block(&client, arena_print(arena, "\"blocklists\":\"old.example\",\"blocklist\":{\"%s\":{\"nxdomain\":\"0\"}}",
				       collection_at(policies, 0)->uuid));
	policies = snapshot_named(harness_snapshot(client.harness), "unbound.dnsbl");
	CHECK_STRING(record_get(collection_at(policies, 0), "blocklists"), "other.example");
	CHECK_STRING(record_get(collection_at(policies, 0), "nxdomain"), "0");
	harness_free(client.harness);
}

TEST(what_is_wrong_with_the_one_block_is_said_of_it)
{
	static const struct {
		const char *sent, *where;
	} wrong[] = {
		{ "\"type\":\"nosuch\"", "unbound.dnsbl.type" },
		{ "\"address\":\"2001:db8::1\"", "unbound.dnsbl.address" },
		{ "\"whitelists\":\"a\\nb\"", "unbound.dnsbl.whitelists" },
		{ "\"wildcards\":\"-\",\"enabled\":\"1\"", "unbound.dnsbl.wildcards" },
		{ "\"lists\":{\"a\":{}}", NULL },
		{ "\"safesearch\":\"yes\"", NULL },
	};
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };

	for (size_t i = 0; i < COUNT(wrong); i++) {
		const struct value *answer = set_block(&client, wrong[i].sent);

		CHECK_STRING(client_word(&client, answer, "result"), "failed");
		if (wrong[i].where && !value_get(value_get(answer, "validations"), wrong[i].where))
			fail_msg("%s: %s is not named", wrong[i].sent, wrong[i].where);
		CHECK_NUMBER(client_count(&client, "unbound.dnsbl"), 0);
	}
	harness_free(client.harness);
}

TEST(no_field_that_is_gone_is_forgotten)
{
	scoped_arena        arena = arena_new();
	const struct value *models = value_get(history(arena, "models-history.json"), "models");
	size_t              count = 0;

	for (size_t i = 0; i < value_count(models); i++) {
		const char         *model = arena_copy(arena, models->members[i].name);
		const struct value *gone = value_get(models->members[i].value, "gone");

		for (size_t j = 0; j < value_count(gone); j++, count++)
			if (!is_known(arena, model, gone->members[j].name))
				fail_msg("%s %.*s", model, TEXT_ARGS(gone->members[j].name));
	}
	CHECK(count >= 19);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_gone_upstream_is_served_or_has_its_reason),
		cmocka_unit_test(fields_that_older_clients_send_count_or_are_passed_over),
		cmocka_unit_test(the_one_block_of_blocklists_reads_as_it_did),
		cmocka_unit_test(the_one_block_is_the_first_policy_and_no_other),
		cmocka_unit_test(what_is_wrong_with_the_one_block_is_said_of_it),
		cmocka_unit_test(no_field_that_is_gone_is_forgotten),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
