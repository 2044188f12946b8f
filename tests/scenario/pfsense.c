/* The pfSense dialect from outside: who may, in which order errors come, what is stored and shown. */
#include "dialect/pfsense/serve.h"
#include "json/write.h"
#include "scenario/pfsense_setup.h"
#include "test.h"

#define ALIAS "{'name': 'hosts', 'type': 'host', 'address': ['192.0.2.1', '192.0.2.2'], 'detail': ['first']}"
#define RULE  "{'type': 'pass', 'interface': 'wan', 'ipprotocol': 'inet', 'protocol': 'tcp', 'src': 'any', " \
	     "'srcport': 'any', 'dst': 'lanip', 'dstport': '443'}"

static struct box_test box;

static int
set_up(void **state)
{
	(void)state;
	box = box_make();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	box_free(&box);
	return 0;
}

/* --- who may ----------------------------------------------------------------------------------------- */

TEST(a_verb_that_a_url_lacks_is_refused_before_anything_else)
{
	box.authorization = NULL;
	CHECK_NUMBER(ask_code(&box, "PATCH", "firewall/alias", NULL), 2);
	CHECK_NUMBER(ask_code(&box, "POST", "status/system", NULL), 2);
	CHECK_NUMBER(ask_code(&box, "OPTIONS", "firewall/alias", NULL), 2);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 3);
}

TEST(options_are_answered_when_they_are_allowed)
{
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'allow_options': true}"), 0);
	box.authorization = NULL;
	CHECK_NUMBER(ask_code(&box, "OPTIONS", "firewall/alias", NULL), 0);
}

TEST(nothing_is_changed_by_a_request_without_credentials)
{
	box.authorization = "Basic YWRtaW46d3Jvbmc=";
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias", ALIAS), 3);
	box.authorization = "Basic YWRtaW46cGZzZW5zZQ==";
	CHECK_NUMBER(value_count(value_get(ask(&box, "GET", "firewall/alias", NULL), "data")), 0);
}

TEST(the_members_of_old_clients_stand_in_for_the_header)
{
	box.authorization = NULL;
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", "{'client-id': 'admin', 'client-token': 'pfsense'}"), 0);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", "{'client-id': 'admin', 'client-token': 'no'}"), 3);
}

TEST(the_catalogue_of_errors_is_open_to_all)
{
	box.authorization = NULL;
	const struct value *reply = ask(&box, "GET", "system/api/error", NULL);

	CHECK_NUMBER(value_count(value_get(reply, "data")), 787);
	CHECK_STRING(text_at(&box, reply, "4050.return"), "4050");
}

TEST(a_token_stands_for_its_user)
{
	CHECK_NUMBER(ask_code(&box, "POST", "access_token", NULL), 9);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'authmode': 'token'}"), 0);
	const struct value *reply = ask(&box, "POST", "access_token", NULL);
	const char         *id = text_at(&box, reply, "client-id"), *secret = text_at(&box, reply, "client-token");

	CHECK_STRING(id, "61646d696e");
	CHECK_NUMBER(strlen(secret), 32);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 3);
	box.authorization = arena_print(box.arena, "%s %s", id, secret);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 0);
	box.authorization = arena_print(box.arena, "%s %s0", id, secret);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 3);
}

TEST(a_web_token_lasts_as_long_as_the_settings_say)
{
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'authmode': 'jwt', 'jwt_exp': 300}"), 0);
	const char *token = text_at(&box, ask(&box, "POST", "access_token", NULL), "token");

	CHECK(strlen(token) > 50);
	box.authorization = arena_print(box.arena, "Bearer %s", token);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 0);
	harness_wait(box.harness, &pfsense_dialect, 301);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 3);
}

TEST(settings_do_not_show_keys)
{
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'authmode': 'jwt'}"), 0);
	const char *token = text_at(&box, ask(&box, "POST", "access_token", NULL), "token");

	box.authorization = arena_print(box.arena, "Bearer %s", token);
	const struct value *data = value_get(ask(&box, "GET", "system/api", NULL), "data");

	CHECK_STRING(text_at(&box, ask(&box, "GET", "system/api", NULL), "authmode"), "jwt");
	CHECK(!value_get(data, "server_key"));
}

TEST(privileges_are_those_of_the_user_and_of_the_groups)
{
	CHECK_NUMBER(ask_code(&box, "POST", "user", "{'username': 'bob', 'password': 'secret'}"), 0);
	const char *admin = box.authorization, *bob = "Basic Ym9iOnNlY3JldA==";

	box.authorization = bob;
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 4);
	box.authorization = admin;
	CHECK_NUMBER(ask_code(&box, "POST", "user/privilege", "{'username': 'bob', 'priv': 'page-firewall-aliases'}"), 0);
	box.authorization = bob;
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 0);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias", ALIAS), 4);
	box.authorization = admin;
	CHECK_NUMBER(ask_code(&box, "POST", "user/group/member", "{'username': 'bob', 'group': ['admins']}"), 0);
	box.authorization = bob;
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias", ALIAS), 0);
}

TEST(read_only_mode_and_the_access_list_shut_out)
{
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'access_list': ['192.0.2.0/24']}"), 0);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 0);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'readonly': true}"), 0);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 0);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias", ALIAS), 4);
}

TEST(an_access_list_without_the_client_shuts_it_out)
{
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'access_list': ['10.0.0.0/8']}"), 0);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", NULL), 4);
}

TEST(a_disabled_api_sends_home)
{
	CHECK_NUMBER(ask_code(&box, "PUT", "system/api", "{'enable': false}"), 0);
	CHECK(!ask(&box, "GET", "firewall/alias", NULL));
}

/* --- aliases, rules and their order ------------------------------------------------------------------ */

TEST(the_first_error_is_the_answer)
{
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias", "{}"), 4050);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias", "{'name': '!'}"), 4053);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias", "{'name': 'a'}"), 4061);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias", "{'name': 'a', 'type': 'x'}"), 4057);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias", "{'name': 'a', 'type': 'host'}"), 4052);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias", "{'name': 'a', 'type': 'host', 'address': '!'}"), 4058);
}

TEST(notes_of_an_alias_stay_with_their_members)
{
	const struct value *reply = ask(&box, "POST", "firewall/alias", ALIAS);

	CHECK_STRING(text_at(&box, reply, "address"), "192.0.2.1 192.0.2.2");
	CHECK(strncmp(text_at(&box, reply, "detail"), "first||Entry added ", 19) == 0);
	reply = ask(&box, "DELETE", "firewall/alias/entry", "{'name': 'hosts', 'address': '192.0.2.1'}");
	CHECK_STRING(text_at(&box, reply, "address"), "192.0.2.2");
	CHECK(strncmp(text_at(&box, reply, "detail"), "Entry added ", 12) == 0);
}

TEST(an_alias_is_found_by_its_name_and_by_its_index)
{
	ask(&box, "POST", "firewall/alias", "{'name': 'first', 'type': 'port', 'address': '80'}");
	ask(&box, "POST", "firewall/alias", ALIAS);
	CHECK_STRING(text_at(&box, ask(&box, "PUT", "firewall/alias", "{'id': 'hosts', 'descr': 'x'}"), "name"), "hosts");
	CHECK_STRING(text_at(&box, ask(&box, "PUT", "firewall/alias", "{'id': 0, 'descr': 'y'}"), "name"), "first");
	CHECK_NUMBER(ask_code(&box, "PUT", "firewall/alias", "{'id': 'none'}"), 4055);
	CHECK_NUMBER(ask_code(&box, "PUT", "firewall/alias", "{'id': '0'}"), 4055);
	CHECK_NUMBER(ask_code(&box, "DELETE", "firewall/alias", "{'id': 2}"), 4055);
	CHECK_NUMBER(ask_code(&box, "DELETE", "firewall/alias", "{'id': 'first'}"), 0);
	CHECK_STRING(text_at(&box, ask(&box, "GET", "firewall/alias", NULL), "0.name"), "hosts");
}

TEST(a_translation_is_found_by_its_index_alone)
{
	const char *forward = "{'interface': 'wan', 'protocol': 'tcp', 'src': 'any', 'srcport': 'any', 'dst': 'wanip', "
			      "'dstport': '8443', 'target': '192.168.1.10', 'local-port': '443', 'descr': '%s'}";

	ask(&box, "POST", "firewall/nat/port_forward", arena_print(box.arena, forward, "a"));
	ask(&box, "POST", "firewall/nat/port_forward", arena_print(box.arena, forward, "b"));
	CHECK_NUMBER(ask_code(&box, "PUT", "firewall/nat/port_forward", "{'id': '1', 'descr': 'c'}"), 0);
	CHECK_NUMBER(ask_code(&box, "PUT", "firewall/nat/port_forward", "{'id': 2}"), 4016);
	CHECK_NUMBER(ask_code(&box, "PUT", "firewall/nat/port_forward", "{'id': '../0'}"), 4016);
	CHECK_NUMBER(ask_code(&box, "DELETE", "firewall/nat/port_forward", "{'id': 0}"), 0);
	const struct value *reply = ask(&box, "GET", "firewall/nat/port_forward", NULL);

	CHECK_STRING(text_at(&box, reply, "0.descr"), "c");
	CHECK_NUMBER(value_count(value_get(reply, "data")), 1);
}

TEST(an_alias_in_use_cannot_go_and_takes_its_rules_along_when_renamed)
{
	ask(&box, "POST", "firewall/alias", ALIAS);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/rule",
			      "{'type': 'pass', 'interface': 'wan', 'ipprotocol': 'inet', 'protocol': 'any', "
			      "'src': 'hosts', 'dst': 'any'}"), 0);
	CHECK_NUMBER(ask_code(&box, "DELETE", "firewall/alias", "{'id': 'hosts'}"), 4108);
	CHECK_NUMBER(ask_code(&box, "PUT", "firewall/alias", "{'id': 'hosts', 'name': 'others'}"), 0);
	CHECK_STRING(text_at(&box, ask(&box, "GET", "firewall/rule", NULL), "0.source.address"), "others");
}

/* How a pool is used, and what is exempt from 1:1, are fields that the packet filter reads. */
TEST(a_translation_says_how_it_takes_from_a_pool_and_what_is_exempt)
{
	const struct snapshot *now;

	CHECK_NUMBER(ask_code(&box, "POST", "firewall/nat/outbound/mapping",
			      "{'interface': 'wan', 'protocol': 'udp', 'src': '192.168.1.0/24', 'dst': 'any', "
			      "'target': '203.0.113.8/29', 'poolopts': 'round-robin sticky-address'}"), 0);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/nat/one_to_one",
			      "{'interface': 'wan', 'src': '192.168.1.5', 'dst': 'any', 'external': '203.0.113.9', "
			      "'nobinat': true}"), 0);
	now = harness_snapshot(box.harness);
	CHECK_STRING(record_get(collection_at(snapshot_named(now, "firewall.source_nat"), 0), "poolopts"),
		     "round-robin sticky-address");
	CHECK_STRING(record_get(collection_at(snapshot_named(now, "firewall.one_to_one"), 0), "nobinat"), "1");
	CHECK_STRING(text_at(&box, ask(&box, "GET", "firewall/nat/outbound/mapping", NULL), "0.poolopts"),
		     "round-robin sticky-address");
	CHECK(value_get(value_at(value_get(ask(&box, "GET", "firewall/nat/one_to_one", NULL), "data"), 0), "nobinat"));
	CHECK_NUMBER(ask_code(&box, "PUT", "firewall/nat/one_to_one", "{'id': 0, 'src': '192.168.1.5', 'dst': 'any', 'nobinat': false}"), 0);
	CHECK(!value_get(value_at(value_get(ask(&box, "GET", "firewall/nat/one_to_one", NULL), "data"), 0), "nobinat"));
}

/* Of what the other dialect stores, too: shaping, groups of gateways. */
TEST(a_gateway_takes_those_along_that_name_it_when_renamed)
{
	const struct snapshot *now;
	const struct value    *gateway;

	CHECK_NUMBER(ask_code(&box, "POST", "routing/gateway",
			      "{'interface': 'wan', 'name': 'FIRST', 'ipprotocol': 'inet', 'gateway': '203.0.113.9', "
			      "'descr': ''}"), 0);
	CHECK_NUMBER(ask_code(&box, "POST", "routing/static_route", "{'network': '198.51.100.0/24', 'gateway': 'FIRST'}"), 0);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/rule",
			      "{'type': 'pass', 'interface': 'lan', 'ipprotocol': 'inet', 'protocol': 'any', 'src': 'any', "
			      "'dst': 'any', 'gateway': 'FIRST'}"), 0);
	CHECK_NUMBER(ask_code(&box, "PUT", "routing/gateway/default", "{'defaultgw4': 'FIRST'}"), 0);
	harness_put(box.harness, "routing.gateway_group", "aaaaaaaa-0000-4000-8000-000000000001", "name", "both", "item", "FIRST",
		    NULL);
	gateway = ask(&box, "PUT", "routing/gateway", "{'id': 'FIRST', 'name': 'SECOND'}");
	CHECK_STRING(text_at(&box, gateway, "name"), "SECOND");
	CHECK_STRING(text_at(&box, ask(&box, "GET", "routing/static_route", NULL), "0.gateway"), "SECOND");
	CHECK_STRING(text_at(&box, ask(&box, "GET", "firewall/rule", NULL), "0.gateway"), "SECOND");
	now = harness_snapshot(box.harness);
	CHECK_STRING(record_get(snapshot_single(now, "routing.default_gateway"), "gateway4"), "SECOND");
	CHECK_STRING(record_get(collection_at(snapshot_named(now, "routing.gateway_group"), 0), "item"), "SECOND");
}

/* What it gets from outside is called after it. */
TEST(a_found_gateway_follows_the_description_of_its_interface)
{
	harness_change(box.harness,
		       collection_find(snapshot_named(harness_snapshot(box.harness), "interfaces.interface"), TEXT("wan")), "type4",
		       "dhcp");
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/rule",
			      "{'type': 'pass', 'interface': 'lan', 'ipprotocol': 'inet', 'protocol': 'any', 'src': 'any', "
			      "'dst': 'any', 'gateway': 'WAN_DHCP'}"), 0);
	CHECK_NUMBER(ask_code(&box, "PUT", "interface", "{'id': 'wan', 'descr': 'uplink'}"), 0);
	CHECK_STRING(text_at(&box, ask(&box, "GET", "firewall/rule", NULL), "0.gateway"), "UPLINK_DHCP");
}

TEST(a_rule_is_stored_as_clients_know_it)
{
	const struct value *reply = ask(&box, "POST", "firewall/rule", RULE);
	const char         *tracker = text_at(&box, reply, "tracker");

	CHECK_STRING(text_at(&box, reply, "destination.network"), "lanip");
	CHECK_STRING(text_at(&box, reply, "destination.port"), "443");
	CHECK_STRING(text_at(&box, reply, "created.username"), "admin@192.0.2.10 (API)");
	CHECK_STRING(text_at(&box, ask(&box, "GET", "firewall/rule", NULL), "0.tracker"), tracker);
	CHECK_NUMBER(ask_code(&box, "PUT", "firewall/rule",
			      arena_print(box.arena, "{'tracker': %s, 'descr': 'new', 'log': true}", tracker)), 0);
	reply = ask(&box, "GET", "firewall/rule", NULL);
	CHECK_STRING(text_at(&box, reply, "0.descr"), "new");
	CHECK_STRING(text_at(&box, reply, "0.destination.port"), "443");
}

TEST(rules_are_grouped_and_top_is_first)
{
	ask(&box, "POST", "firewall/rule", RULE);
	ask(&box, "POST", "firewall/rule",
	    "{'type': 'block', 'interface': 'lan', 'ipprotocol': 'inet', 'protocol': 'any', 'src': 'any', 'dst': 'any'}");
	ask(&box, "POST", "firewall/rule",
	    "{'type': 'reject', 'interface': 'wan', 'ipprotocol': 'inet', 'protocol': 'any', 'src': 'any', "
	    "'dst': 'any', 'top': true}");
	const struct value *reply = ask(&box, "GET", "firewall/rule", NULL);

	CHECK_STRING(text_at(&box, reply, "0.type"), "reject");
	CHECK_STRING(text_at(&box, reply, "1.type"), "pass");
	CHECK_STRING(text_at(&box, reply, "2.type"), "block");
}

TEST(what_is_stored_here_is_the_record_of_the_other_dialect)
{
	ask(&box, "POST", "firewall/rule", RULE);
	const struct record *rule =
		collection_at(snapshot_named(harness_snapshot(box.harness), "firewall.rule"), 0);

	CHECK_STRING(record_get(rule, "action"), "pass");
	CHECK_STRING(record_get(rule, "protocol"), "TCP");
	CHECK_STRING(record_get(rule, "destination_net"), "lanip");
	CHECK_STRING(record_get(rule, "destination_port"), "443");
	CHECK_STRING(record_get(rule, "enabled"), "1");
}

/* Kept as numbers, which the other dialect's clients choose from. */
TEST(types_of_icmp_have_names_in_either_family)
{
	const struct collection *rules;

	CHECK_NUMBER(ask_code(&box, "POST", "firewall/rule",
			      "{'type': 'pass', 'interface': 'lan', 'ipprotocol': 'inet6', 'protocol': 'icmp', 'icmptype': "
			      "['echoreq', 'unreach'], 'src': 'any', 'dst': 'any'}"), 0);
	rules = snapshot_named(harness_snapshot(box.harness), "firewall.rule");
	CHECK_STRING(record_get(collection_at(rules, 0), "protocol"), "IPV6-ICMP");
	CHECK_STRING(record_get(collection_at(rules, 0), "icmp6type"), "128,1");
	CHECK_STRING(text_at(&box, ask(&box, "GET", "firewall/rule", NULL), "0.icmptype"), "echoreq,unreach");
}

/* --- applying ---------------------------------------------------------------------------------------- */

TEST(a_change_is_applied_when_that_is_asked_for)
{
	unsigned parts;

	ask(&box, "POST", "firewall/rule", RULE);
	CHECK_NUMBER(harness_applied(box.harness, &parts), 0);
	ask(&box, "POST", "firewall/alias", ALIAS);
	CHECK_NUMBER(harness_applied(box.harness, &parts), 1);
	CHECK(parts & PART_FILTER);
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/apply", NULL), 0);
	CHECK_NUMBER(harness_applied(box.harness, &parts), 2);
}

TEST(what_could_not_be_applied_is_said_and_stays_saved)
{
	harness_apply_fails(box.harness, RESULT_UNAVAILABLE, "no packet filter here");
	const struct value *reply = ask(&box, "POST", "firewall/alias", ALIAS);

	CHECK_NUMBER(value_get(reply, "return")->integer, 1);
	CHECK(text_is(value_get(reply, "message")->text, "no packet filter here"));
	CHECK_NUMBER(value_count(value_get(ask(&box, "GET", "firewall/alias", NULL), "data")), 1);
}

TEST(a_bypassed_request_changes_nothing)
{
	CHECK_NUMBER(ask_code(&box, "POST", "firewall/alias",
			      "{'name': 'a', 'type': 'port', 'address': '80', '_action_bypass': true}"), 15);
	CHECK_NUMBER(ask_code(&box, "GET", "firewall/alias", "{'_action_bypass': true}"), 15);
	CHECK_NUMBER(value_count(value_get(ask(&box, "GET", "firewall/alias", NULL), "data")), 0);
}

/* --- queries ----------------------------------------------------------------------------------------- */

TEST(a_query_keeps_the_indexes_of_what_it_keeps)
{
	ask(&box, "POST", "firewall/alias", ALIAS);
	ask(&box, "POST", "firewall/alias", "{'name': 'ports', 'type': 'port', 'address': ['80']}");
	const struct value *first = value_get(ask(&box, "GET", "firewall/alias?type=host", NULL), "data");
	const struct value *second = value_get(ask(&box, "GET", "firewall/alias?name__contains=ort", NULL), "data");

	CHECK(value_is(first, VALUE_LIST));
	CHECK_NUMBER(first->count, 1);
	CHECK(value_is(second, VALUE_OBJECT));
	CHECK(value_get(second, "1"));
	CHECK_NUMBER(value_count(value_get(ask(&box, "GET", "firewall/alias?name=none", NULL), "data")), 0);
}

TEST(a_content_type_with_parameters_is_unknown)
{
	struct ask          what = { METHOD_GET, "/api/v1/firewall/alias",
				     { { "Content-Type", "application/json; charset=utf-8" },
				       { "Authorization", "Basic YWRtaW46cGZzZW5zZQ==" } } };
	const struct answer answer = harness_ask(box.harness, box.arena, &pfsense_dialect, &what);

	CHECK_NUMBER(answer.status, 415);
}

/* --- accounts ---------------------------------------------------------------------------------------- */

TEST(a_new_user_can_log_in_and_a_removed_one_cannot)
{
	CHECK_NUMBER(ask_code(&box, "POST", "user",
			      "{'username': 'bob', 'password': 'secret', 'priv': ['page-all']}"), 0);
	const char *admin = box.authorization;

	box.authorization = "Basic Ym9iOnNlY3JldA==";
	CHECK_NUMBER(ask_code(&box, "GET", "user", NULL), 0);
	box.authorization = admin;
	CHECK_NUMBER(ask_code(&box, "PUT", "user", "{'username': 'bob', 'disabled': true}"), 0);
	box.authorization = "Basic Ym9iOnNlY3JldA==";
	CHECK_NUMBER(ask_code(&box, "GET", "user", NULL), 3);
	box.authorization = admin;
	CHECK_NUMBER(ask_code(&box, "DELETE", "user", "{'username': 'bob'}"), 0);
	CHECK_NUMBER(ask_code(&box, "DELETE", "user", "{'username': 'admin'}"), 5005);
}

TEST(a_configuration_that_is_put_back_changes_nothing_that_counts)
{
	scoped_buffer out = BUFFER_NONE;

	ask(&box, "POST", "firewall/alias", ALIAS);
	ask(&box, "POST", "firewall/rule", RULE);
	const struct value *data = value_get(ask(&box, "GET", "system/config", NULL), "data");

	json_value(&(struct json){ .out = &out }, data);
	CHECK_NUMBER(ask_code(&box, "PUT", "system/config", buffer_string(&out)), 0);
	CHECK_NUMBER(ask_code(&box, "GET", "user", NULL), 0);
	CHECK_STRING(text_at(&box, ask(&box, "GET", "firewall/alias", NULL), "0.name"), "hosts");
	CHECK_STRING(text_at(&box, ask(&box, "GET", "firewall/rule", NULL), "0.destination.port"), "443");
	CHECK_STRING(text_at(&box, ask(&box, "GET", "interface", NULL), "lan.ipaddr"), "192.168.1.1");
}

TEST(a_mac_address_is_kept_with_its_interface)
{
	const char             *bad = "{'id': 'lan', 'spoofmac': '02:11:22'}", *good = "{'id': 'lan', 'spoofmac': '02:11:22:33:44:55'}";
	const struct collection *interfaces;

	CHECK_NUMBER(ask_code(&box, "PUT", "interface", bad), 3003);
	CHECK_NUMBER(ask_code(&box, "PUT", "interface", good), 0);
	CHECK_STRING(text_at(&box, ask(&box, "GET", "interface", NULL), "lan.spoofmac"), "02:11:22:33:44:55");
	interfaces = snapshot_named(harness_snapshot(box.harness), "interfaces.interface");
	CHECK_STRING(record_get(collection_find(interfaces, TEXT("lan")), "spoofmac"), "02:11:22:33:44:55");
	CHECK_NUMBER(ask_code(&box, "PUT", "interface", "{'id': 'lan', 'spoofmac': ''}"), 0);
	interfaces = snapshot_named(harness_snapshot(box.harness), "interfaces.interface");
	CHECK_STRING(record_get(collection_find(interfaces, TEXT("lan")), "spoofmac"), "");
}

TEST(what_runs_is_told_in_the_words_of_this_api)
{
	harness_box(box.harness, "gateways.list",
		    "[{\"name\": \"WANGW\", \"address\": \"203.0.113.1\", \"monitor\": \"~\", \"delay\": \"~\","
		    " \"stddev\": \"~\", \"loss\": \"~\", \"status\": \"none\", \"srcip\": \"203.0.113.2\"},"
		    " {\"name\": \"CABLE\", \"address\": \"~\", \"monitor\": \"192.0.2.1\", \"delay\": \"12.5 ms\","
		    " \"stddev\": \"0.3 ms\", \"loss\": \"33.3 %\", \"status\": \"down\"},"
		    " {\"name\": \"OFF\", \"address\": \"~\", \"monitor\": \"~\", \"status\": \"down\", \"disabled\": true}]");
	harness_box(box.harness, "states.list",
		    "[{\"interface\": \"lan\", \"proto\": \"tcp\", \"src_addr\": \"2001:db8::1\", \"src_port\": \"1234\","
		    " \"dst_addr\": \"192.0.2.9\", \"dst_port\": \"443\", \"pkts\": [3, 4], \"bytes\": [30, 40],"
		    " \"state\": \"CLOSED:CLOSED\"}]");
	const struct value *gateways = ask(&box, "GET", "status/gateway", NULL);
	const struct value *states = ask(&box, "GET", "firewall/states", NULL);

	CHECK_STRING(text_at(&box, gateways, "0.monitorip"), "203.0.113.1");
	CHECK_STRING(text_at(&box, gateways, "0.status"), "up");
	CHECK_STRING(text_at(&box, gateways, "0.srcip"), "203.0.113.2");
	CHECK_STRING(text_at(&box, gateways, "1.monitorip"), "192.0.2.1");
	CHECK_STRING(text_at(&box, gateways, "1.status"), "down");
	CHECK_STRING(text_at(&box, gateways, "1.loss"), "33.3");
	CHECK_STRING(text_at(&box, gateways, "2.name"), "");
	CHECK_STRING(text_at(&box, states, "0.source"), "2001:db8::1[1234]");
	CHECK_STRING(text_at(&box, states, "0.destination"), "192.0.2.9:443");
	CHECK_STRING(text_at(&box, states, "0.packets_total"), "7");
	CHECK_STRING(text_at(&box, states, "0.bytes_out"), "40");
}

TEST(a_list_of_revoked_certificates_is_signed_when_it_is_kept)
{
	const char *authority = "{'method': 'internal', 'descr': 'house', 'keytype': 'ECDSA', 'ecname': 'prime256v1',"
				" 'digest_alg': 'sha256', 'lifetime': 365, 'dn_commonname': 'House'}";
	const struct value *ca = ask(&box, "POST", "system/ca", authority);
	const char         *refid = text_at(&box, ca, "refid");
	const char *list = arena_print(box.arena, "{'method': 'internal', 'descr': 'lost', 'caref': '%s', 'lifetime': 30}", refid);

	CHECK_NUMBER(ask_code(&box, "POST", "system/crl", list), 0);
	const struct value *lists = ask(&box, "GET", "system/crl", NULL);

	CHECK_STRING(text_at(&box, lists, "crl.0.lifetime"), "30");
	CHECK_STRING(text_at(&box, lists, "crl.0.text"), "");
	const struct record *record = collection_at(snapshot_named(harness_snapshot(box.harness), "trust.crl"), 0);

	CHECK_STRING(record_get(record, "caref"), refid);
	CHECK(text_starts(record_text(record, "text"), TEXT("LS0tLS1CRUdJTi")));
	CHECK_NUMBER(ask_code(&box, "DELETE", "system/crl?descr=lost", NULL), 0);
	CHECK_NUMBER(collection_count(snapshot_named(harness_snapshot(box.harness), "trust.crl")), 0);
}

TEST(tunnels_are_shared_with_the_other_dialect)
{
	const char *phase1 = "{'iketype': 'ikev2', 'protocol': 'inet', 'interface': 'wan', 'remote-gateway': '198.51.100.7',"
			     " 'authentication_method': 'pre_shared_key', 'myid_type': 'myaddress', 'peerid_type': 'peeraddress',"
			     " 'pre-shared-key': 'hello', 'descr': 'site', 'encryption': [{'encryption-algorithm': {'name': 'aes256gcm',"
			     " 'keylen': 128}, 'hash-algorithm': 'sha256', 'dhgroup': 14}]}";
	const char *phase2 = "{'ikeid': '1', 'mode': 'tunnel', 'localid': {'type': 'lan'}, 'remoteid': {'type': 'network',"
			     " 'address': '10.1.0.0', 'netbits': 16}, 'protocol': 'esp', 'encryption-algorithm-option':"
			     " [{'name': 'aes', 'keylen': 128}, {'name': 'aes256gcm', 'keylen': 128}],"
			     " 'hash-algorithm-option': ['hmac_sha256'], 'pfsgroup': 14}";

	CHECK_NUMBER(ask_code(&box, "POST", "services/ipsec/phase1", phase1), 0);
	CHECK_NUMBER(ask_code(&box, "POST", "services/ipsec/phase2", phase2), 0);
	const struct record *first = collection_at(snapshot_named(harness_snapshot(box.harness), "ipsec.phase1"), 0);
	const struct record *second = collection_at(snapshot_named(harness_snapshot(box.harness), "ipsec.phase2"), 0);

	CHECK_STRING(record_get(first, "proposals"), "aes256gcm16|sha256|14|sha256");
	CHECK_STRING(record_get(first, "remote-gateway"), "198.51.100.7");
	CHECK_STRING(record_get(second, "encryption-algorithm-option"), "aes128,aes256gcm16");
	CHECK_STRING(record_get(second, "remoteid.netbits"), "16");
	harness_change(box.harness, first, "disabled", "1");
	const struct value *shown = ask(&box, "GET", "services/ipsec/phase1", NULL);

	CHECK(value_path(shown, "data.0.disabled"));
	CHECK_STRING(text_at(&box, shown, "0.encryption.item.0.encryption-algorithm.keylen"), "128");
	CHECK_STRING(text_at(&box, shown, "0.descr"), "site");
	/* What config.xml of the other product had shows as it would have been made here. */
	harness_put(box.harness, "ipsec.phase1", NULL, "ikeid", "7", "encryption-algorithm.name", "aes", "encryption-algorithm.keylen",
		    "192", "hash-algorithm", "sha1,sha256", "dhgroup", "2", NULL);
	shown = ask(&box, "GET", "services/ipsec/phase1", NULL);
	CHECK_STRING(text_at(&box, shown, "1.encryption.item.1.hash-algorithm"), "sha256");
	CHECK_STRING(text_at(&box, shown, "1.encryption.item.0.encryption-algorithm.name"), "aes");
	CHECK_NUMBER(ask_code(&box, "DELETE", "services/ipsec/phase1?ikeid=1", NULL), 0);
	CHECK_NUMBER(collection_count(snapshot_named(harness_snapshot(box.harness), "ipsec.phase2")), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN(CASE(a_verb_that_a_url_lacks_is_refused_before_anything_else), CASE(options_are_answered_when_they_are_allowed),
    CASE(nothing_is_changed_by_a_request_without_credentials),
    CASE(the_members_of_old_clients_stand_in_for_the_header), CASE(the_catalogue_of_errors_is_open_to_all),
    CASE(a_token_stands_for_its_user), CASE(a_web_token_lasts_as_long_as_the_settings_say),
    CASE(settings_do_not_show_keys), CASE(privileges_are_those_of_the_user_and_of_the_groups),
    CASE(read_only_mode_and_the_access_list_shut_out), CASE(an_access_list_without_the_client_shuts_it_out),
    CASE(a_disabled_api_sends_home), CASE(the_first_error_is_the_answer),
    CASE(notes_of_an_alias_stay_with_their_members),
    CASE(an_alias_is_found_by_its_name_and_by_its_index), CASE(a_translation_is_found_by_its_index_alone),
    CASE(an_alias_in_use_cannot_go_and_takes_its_rules_along_when_renamed),
    CASE(a_translation_says_how_it_takes_from_a_pool_and_what_is_exempt),
    CASE(a_gateway_takes_those_along_that_name_it_when_renamed),
    CASE(a_found_gateway_follows_the_description_of_its_interface),
    CASE(a_rule_is_stored_as_clients_know_it), CASE(rules_are_grouped_and_top_is_first),
    CASE(what_is_stored_here_is_the_record_of_the_other_dialect),
    CASE(types_of_icmp_have_names_in_either_family), CASE(a_change_is_applied_when_that_is_asked_for), CASE(what_could_not_be_applied_is_said_and_stays_saved),
    CASE(a_bypassed_request_changes_nothing), CASE(a_query_keeps_the_indexes_of_what_it_keeps),
    CASE(a_content_type_with_parameters_is_unknown), CASE(a_new_user_can_log_in_and_a_removed_one_cannot),
    CASE(a_configuration_that_is_put_back_changes_nothing_that_counts),
    CASE(a_mac_address_is_kept_with_its_interface),
    CASE(what_runs_is_told_in_the_words_of_this_api),
    CASE(tunnels_are_shared_with_the_other_dialect),
    CASE(a_list_of_revoked_certificates_is_signed_when_it_is_kept));
