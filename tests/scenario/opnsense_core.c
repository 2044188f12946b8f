/* The module core: dashboard and favorites, snapshots, going back to the defaults, the wizard, the peer. */
#include "test.h"

#include <string.h>

#include "auth/secret.h"
#include "dialect/opnsense/opnsense.h"
#include "scenario/opnsense_client.h"

static const char *vectors;

static struct client
client_new(struct arena *arena)
{
	return (struct client){ opnsense_setup(arena, vectors), arena, 0 };
}

static const char *
post_word(struct client *client, const char *target, const char *body, const char *path)
{
	return client_word(client, client_post(client, target, body), path);
}

static uint64_t
revision_of(struct client *client)
{
	return snapshot_revision(harness_snapshot(client->harness));
}

/* --- dashboard ---------------------------------------------------------------------------------------- */

TEST(a_dashboard_is_kept_with_its_user)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	const char   *first = client_word(&client, client_get(&client, "/api/core/dashboard/get_dashboard"), "dashboard.widgets.0.id");

	CHECK_STRING(post_word(&client, "/api/core/dashboard/save_widgets",
			       "{\"widgets\":[{\"id\":\"<b>\\u0001\",\"x\":3}],\"options\":{\"a\":[1,null]}}", "result"),
		     "saved");
	const struct value *board = client_get(&client, "/api/core/dashboard/get_dashboard");

	CHECK_STRING(client_word(&client, board, "dashboard.widgets.0.id"), "<b>\001");
	CHECK_STRING(client_word(&client, board, "dashboard.widgets.0.x"), "3");
	CHECK_STRING(client_word(&client, board, "dashboard.options.a.0"), "1");
	CHECK(value_count(value_get(board, "modules")) > 3);
	CHECK_STRING(post_word(&client, "/api/core/dashboard/save_widgets", "{\"widgets\":\"x\"}", "result"), "failed");
	CHECK_STRING(post_word(&client, "/api/core/dashboard/save_widgets", "{}", "result"), "failed");
	CHECK_STRING(post_word(&client, "/api/core/dashboard/restore_defaults", "{}", "result"), "saved");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/dashboard/get_dashboard"), "dashboard.widgets.0.id"), first);
	harness_free(client.harness);
}

/* A list of widgets whose JSON has so many bytes, as it is kept. */
static const char *
dashboard_of(struct arena *arena, size_t bytes)
{
	const size_t around = strlen("{\"options\":{},\"widgets\":[\"\"]}");
	char        *text = arena_take(arena, bytes + 64);

	memset(text, 'x', bytes - around);
	return arena_print(arena, "{\"widgets\":[\"%s\"]}", text);
}

TEST(a_dashboard_has_its_limit)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	CHECK_STRING(post_word(&client, "/api/core/dashboard/save_widgets", dashboard_of(arena, 1024 * 1024), "result"), "saved");
	const uint64_t revision = revision_of(&client);

	client_post(&client, "/api/core/dashboard/save_widgets", dashboard_of(arena, 1024 * 1024 + 1));
	CHECK_NUMBER(client.status, 500);
	CHECK_NUMBER(revision_of(&client), revision);
	harness_free(client.harness);
}

/* Those who may not save may do so much. */
TEST(whoever_may_not_save_has_a_dashboard_too)
{
	scoped_arena     arena = arena_new();
	struct client    client = client_new(arena);
	const char      *targets[] = { "/api/core/dashboard/save_widgets", "/api/core/snapshots/add", "/api/core/defaults/factory_defaults" };
	const unsigned   wanted[] = { 200, 500, 500 };

	for (size_t i = 0; i < COUNT(targets); i++) {
		const struct ask    what = { METHOD_POST, targets[i],
					     { { "Authorization", opnsense_authorization(arena, "locked") },
					       { "Content-Type", "application/json" } },
					     TEXT("{\"widgets\":[],\"name\":\"x\"}"), false };
		const struct answer answer = harness_ask(client.harness, arena, &opnsense_dialect, &what);

		CHECK_NUMBER(answer.status, wanted[i]);
	}
	CHECK_NUMBER(value_count(value_get(client_get(&client, "/api/core/snapshots/search"), "rows")), 0);
	harness_free(client.harness);
}

TEST(favorites_are_pages_of_the_menu)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	const char   *good = "{\"menuUrl\":\"/ui/firewall/alias\",\"isFavorite\":1}";

	CHECK_STRING(post_word(&client, "/api/core/menu/set_favorite", "{\"menuUrl\":\"/ui/nowhere\",\"isFavorite\":1}", "result"), "failed");
	CHECK_STRING(post_word(&client, "/api/core/menu/set_favorite", "{\"menuUrl\":[],\"isFavorite\":1}", "result"), "failed");
	for (int i = 0; i < 3; i++)
		CHECK_STRING(post_word(&client, "/api/core/menu/set_favorite", good, "result"), "saved");
	const struct answer tree = client_ask(&client, METHOD_GET, "/api/core/menu/search?q=alias", NULL);

	CHECK(strstr(tree.body.ptr, "\"isFavorite\":true"));
	CHECK_STRING(post_word(&client, "/api/core/menu/set_favorite", "{\"menuUrl\":\"/ui/firewall/alias\",\"isFavorite\":\"0\"}", "result"), "saved");
	CHECK(!strstr(client_ask(&client, METHOD_GET, "/api/core/menu/tree", NULL).body.ptr, "\"isFavorite\":true"));
	harness_free(client.harness);
}

TEST(a_picture_is_what_it_begins_with)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/dashboard/picture"), "result"), "failed");
	harness_put(client.harness, "system.general", NULL, "picture", base64_encode(arena, TEXT("<script>")), NULL);
	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/dashboard/picture"), "result"), "failed");
	harness_put(client.harness, "system.general", NULL, "picture", base64_encode(arena, TEXT("GIF89a...")), NULL);
	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/dashboard/picture"), "mime"), "image/gif");
	CHECK_NUMBER(value_count(value_get(client_get(&client, "/api/core/dashboard/product_info_feed"), "items")), 0);
	harness_free(client.harness);
}

/* --- snapshots ---------------------------------------------------------------------------------------- */

static const char *
add_alias(struct client *client, const char *name)
{
	return post_word(client, "/api/firewall/alias/add_item",
			 arena_print(client->arena, "{\"alias\":{\"name\":\"%s\",\"type\":\"host\",\"content\":\"192.0.2.1\"}}", name), "result");
}

TEST(an_activated_snapshot_is_the_configuration)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	unsigned      parts;

	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/snapshots/is_supported"), "supported"), "1");
	CHECK_STRING(add_alias(&client, "before"), "saved");
	CHECK_STRING(post_word(&client, "/api/core/snapshots/add", "{\"name\":\"good\",\"note\":\"a\\nb\"}", "status"), "ok");
	const struct value *rows = client_get(&client, "/api/core/snapshots/search");
	const char         *uuid = client_word(&client, rows, "rows.0.uuid");

	CHECK_STRING(client_word(&client, rows, "rows.0.active"), "NR");
	client_post(&client, arena_print(arena, "/api/core/snapshots/del/%s", uuid), "{}");
	CHECK_NUMBER(client.status, 500);
	CHECK_STRING(add_alias(&client, "after"), "saved");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/snapshots/search"), "rows.0.active"), "-");
	const unsigned before = harness_applied(client.harness, &parts);

	CHECK_STRING(post_word(&client, arena_print(arena, "/api/core/snapshots/activate/%s", uuid), "{}", "status"), "ok");
	CHECK_NUMBER(client_count(&client, "firewall.alias"), 1);
	CHECK_NUMBER(harness_applied(client.harness, &parts), before + 1);
	CHECK(parts & (PART_ALIASES | PART_FILTER));
	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/snapshots/search"), "rows.0.active"), "NR");
	const struct value *one = client_get(&client, arena_print(arena, "/api/core/snapshots/get/%s", uuid));

	CHECK_STRING(client_word(&client, one, "note"), "a\nb");
	harness_free(client.harness);
}

TEST(snapshots_are_named_copied_and_removed)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	const char   *add = "/api/core/snapshots/add", *search = "/api/core/snapshots/search";

	CHECK_STRING(post_word(&client, add, "{\"name\":\"one\"}", "status"), "ok");
	const char *uuid = client_word(&client, client_get(&client, search), "rows.0.uuid");

	CHECK_STRING(post_word(&client, add, "{\"name\":\"one\"}", "validations.name"), "There is a snapshot with this name.");
	CHECK_STRING(post_word(&client, add, "{\"name\":\"a b\"}", "status"), "failed");
	CHECK_STRING(post_word(&client, add, "{\"name\":\"\"}", "status"), "failed");
	CHECK_STRING(post_word(&client, add, "{\"name\":[]}", "status"), "failed");
	CHECK_STRING(post_word(&client, add, "{\"name\":\"../x\"}", "status"), "failed");
	CHECK_STRING(post_word(&client, add, arena_print(arena, "{\"name\":\"n\",\"note\":\"%0*d\"}", 8193, 1), "status"), "failed");
	CHECK_STRING(post_word(&client, add, "{\"name\":\"two\",\"uuid\":\"none\"}", "status"), "failed");
	CHECK_STRING(post_word(&client, add, arena_print(arena, "{\"name\":\"two\",\"uuid\":\"%s\"}", uuid), "status"), "ok");
	CHECK_STRING(post_word(&client, arena_print(arena, "/api/core/snapshots/set/%s", uuid), "{\"name\":\"two\"}", "status"), "failed");
	CHECK_STRING(post_word(&client, arena_print(arena, "/api/core/snapshots/set/%s", uuid), "{\"name\":\"three\",\"note\":\"x\"}", "status"), "ok");
	CHECK_STRING(post_word(&client, "/api/core/snapshots/set/none", "{\"name\":\"four\"}", "status"), "failed");
	CHECK_NUMBER(value_count(client_get(&client, "/api/core/snapshots/get/none")), 0);
	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/snapshots/get"), "uuid"), "");
	client_post(&client, "/api/core/snapshots/activate/none", "{}");
	CHECK_NUMBER(client.status, 500);
	client_post(&client, "/api/core/snapshots/del/none", "{}");
	CHECK_NUMBER(client.status, 500);
	add_alias(&client, "x");
	CHECK_STRING(post_word(&client, arena_print(arena, "/api/core/snapshots/del/%s", uuid), "{}", "status"), "ok");
	CHECK_NUMBER(value_count(value_get(client_get(&client, search), "rows")), 1);
	harness_free(client.harness);
}

/* --- defaults ----------------------------------------------------------------------------------------- */

TEST(a_section_is_reset_unless_others_need_it)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	const char   *aliases = "{\"items\":[\"OPNsense.Firewall.Alias\"]}";

	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/defaults/get"), "default_ip"), "192.168.1.1");
	CHECK_STRING(add_alias(&client, "hosts"), "saved");
	CHECK(strstr(client_ask(&client, METHOD_GET, "/api/core/defaults/get_installed_sections", NULL).body.ptr, "OPNsense.Firewall.Alias"));
	const struct value *rule = client_post(&client, "/api/firewall/filter/add_rule",
					       "{\"rule\":{\"interface\":\"lan\",\"source_net\":\"hosts\"}}");

	client_post(&client, "/api/core/defaults/reset", aliases);
	CHECK_NUMBER(client.status, 500);
	CHECK_NUMBER(client_count(&client, "firewall.alias"), 1);
	client_post(&client, arena_print(arena, "/api/firewall/filter/del_rule/%s", client_word(&client, rule, "uuid")), "{}");
	CHECK_STRING(post_word(&client, "/api/core/defaults/reset", "{\"items\":[\"OPNsense.Firewall.Alias\",\"nothing\"]}", "status"), "failed");
	CHECK_STRING(post_word(&client, "/api/core/defaults/reset", "{\"items\":[]}", "status"), "failed");
	CHECK_STRING(post_word(&client, "/api/core/defaults/reset", "{\"items\":\"OPNsense.Firewall.Alias\"}", "status"), "failed");
	CHECK_STRING(post_word(&client, "/api/core/defaults/reset", aliases, "status"), "ok");
	CHECK_NUMBER(client_count(&client, "firewall.alias"), 0);
	harness_free(client.harness);
}

TEST(the_factory_configuration_lets_the_administrator_in)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	unsigned      parts;

	add_alias(&client, "hosts");
	CHECK_STRING(post_word(&client, "/api/core/defaults/factory_defaults", "{}", "status"), "ok");
	harness_applied(client.harness, &parts);
	CHECK(parts & PART_FILTER && parts & PART_INTERFACES);
	CHECK_NUMBER(client_count(&client, "firewall.alias"), 0);
	CHECK_NUMBER(client_count(&client, "auth.user"), 1);
	CHECK_NUMBER(client_count(&client, "interfaces.interface"), 2);
	const struct record *wan = collection_find(snapshot_named(harness_snapshot(client.harness), "interfaces.interface"), TEXT("wan"));

	CHECK_STRING(record_get(wan, "if"), "em0");
	CHECK_STRING(record_get(wan, "type4"), "dhcp");
	client_get(&client, "/api/firewall/alias/get");
	CHECK_NUMBER(client.status, 200);
	harness_apply_fails(client.harness, RESULT_UNAVAILABLE, "no backend");
	client_post(&client, "/api/core/defaults/factory_defaults", "{}");
	CHECK_NUMBER(client.status, 500);
	harness_free(client.harness);
}

TEST(tunables_go_back_to_what_the_machine_has)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	client_post(&client, "/api/core/tunables/add_item", "{\"sysctl\":{\"tunable\":\"net.x\",\"value\":\"1\"}}");
	CHECK_NUMBER(client_count(&client, "core.tunable"), 1);
	CHECK_STRING(post_word(&client, "/api/core/tunables/reset", "{}", "status"), "ok");
	CHECK_NUMBER(client_count(&client, "core.tunable"), 0);
	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/tunables/reset"), "status"), "failed");
	harness_free(client.harness);
}

/* --- what older clients send -------------------------------------------------------------------------- */

/* A route that is switched off by the old member must not be on; the member of today counts where both are there. */
TEST(members_of_older_releases_say_what_they_said)
{
	static const struct {
		const char *members, *result, *enabled;
	} routes[] = {
		{ "\"disabled\":\"1\"", "saved", "0" },
		{ "\"disabled\":\"0\"", "saved", "1" },
		{ "\"disabled\":\"1\",\"enabled\":\"1\"", "saved", "1" },
		{ "\"disabled\":\"x\"", "failed", NULL },
		{ "\"disabled\":{\"a\":1}", "failed", NULL },
	};
	static const char *const modes[][2] = { { "1", "netmap" }, { "0", "pcap" }, { "divert", "pcap" } };
	scoped_arena             arena = arena_new();
	struct client            client = client_new(arena);

	for (size_t i = 0; i < COUNT(routes); i++) {
		CHECK_STRING(post_word(&client, "/api/routes/routes/addroute",
				       arena_print(arena, "{\"route\":{\"network\":\"10.%zu.0.0/16\",\"gateway\":\"Null4\",%s}}", i, routes[i].members),
				       "result"),
			     routes[i].result);
		const struct collection *kept = snapshot_named(harness_snapshot(client.harness), "routes.route");

		if (routes[i].enabled)
			CHECK_STRING(record_get(collection_at(kept, i), "enabled"), routes[i].enabled);
		else
			CHECK_NUMBER(client_count(&client, "routes.route"), 3);
	}
	for (size_t i = 0; i < COUNT(modes); i++) {
		post_word(&client, "/api/ids/settings/set", arena_print(arena, "{\"ids\":{\"general\":{\"ips\":\"%s\"}}}", modes[i][0]), "result");
		CHECK_STRING(record_get(snapshot_single(harness_snapshot(client.harness), "ids.settings"), "general.mode"), modes[i][1]);
	}
	harness_free(client.harness);
}

/* --- the wizard --------------------------------------------------------------------------------------- */

TEST(the_wizard_sets_what_it_shows)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	const char   *form = "{\"wizard\":{\"hostname\":\"gw\",\"domain\":\"example.org\",\"language\":\"en_US\",\"timezone\":\"Etc/UTC\","
			     "\"unbound\":{\"enabled\":\"1\",\"dnssec\":\"1\",\"dnssecstripped\":\"0\"},"
			     "\"interfaces\":{\"wan\":{\"ipv4_type\":\"static\",\"ipaddr\":\"198.51.100.2/24\",\"gateway\":\"198.51.100.1\",\"mtu\":\"1400\",\"spoofmac\":\"02:11:22:33:44:55\"},"
			     "\"lan\":{\"ipaddr\":\"10.1.2.1/28\",\"configure_dhcp\":\"1\"}},"
			     "\"password\":\"new one\",\"password_confirm\":\"new one\"}}";

	harness_put(client.harness, "dnsmasq.settings", NULL, "port", "53053", NULL);
	CHECK_STRING(post_word(&client, "/api/core/initial_setup/configure", form, "result"), "saved");
	const struct snapshot *now = harness_snapshot(client.harness);
	const struct record   *wan = collection_find(snapshot_named(now, "interfaces.interface"), TEXT("wan"));
	const struct record   *range = collection_at(snapshot_named(now, "dnsmasq.range"), 0);

	CHECK_STRING(record_get(snapshot_single(now, "system.general"), "hostname"), "gw");
	CHECK_STRING(record_get(snapshot_single(now, "unbound.settings"), "general.dnssec"), "1");
	CHECK_STRING(record_get(wan, "ipaddr"), "198.51.100.2/24");
	CHECK_STRING(record_get(wan, "mtu"), "1400");
	CHECK_STRING(record_get(wan, "spoofmac"), "02:11:22:33:44:55");
	CHECK_STRING(record_get(wan, "gateway"), "WAN_GW");
	CHECK_STRING(record_get(collection_at(snapshot_named(now, "routing.gateway"), 0), "gateway"), "198.51.100.1");
	CHECK_STRING(record_get(range, "start_addr"), "10.1.2.8");
	CHECK_STRING(record_get(range, "end_addr"), "10.1.2.14");
	CHECK_STRING(record_get(snapshot_single(now, "dnsmasq.settings"), "interface"), "lan");
	const struct record *root = collection_where(snapshot_named(now, "auth.user"), "uid", TEXT("0"));

	CHECK(hash_matches(record_get(root, "password"), "new one"));
	const struct value *shown = client_get(&client, "/api/core/initial_setup/get");

	CHECK_STRING(client_word(&client, shown, "wizard.interfaces.wan.gateway"), "198.51.100.1");
	CHECK_STRING(client_word(&client, shown, "wizard.interfaces.wan.ipv4_type.static.selected"), "1");
	CHECK_STRING(post_word(&client, "/api/core/initial_setup/abort", "{}", "result"), "done");
	harness_free(client.harness);
}

static void
set_wan(struct client *client, const char *members)
{
	CHECK_STRING(post_word(client, "/api/core/initial_setup/configure",
			       arena_print(client->arena, "{\"wizard\":{\"language\":\"en_US\",\"timezone\":\"Etc/UTC\",\"interfaces\":{\"wan\":{%s}}}}", members),
			       "result"), "saved");
}

/* The WAN's device becomes the port of a line, and is the WAN's again when another type is chosen. */
TEST(the_wizard_makes_a_line_and_takes_it_away)
{
	scoped_arena               arena = arena_new();
	struct client              client = client_new(arena);
	const struct snapshot     *now = harness_snapshot(client.harness);
	const char                *device = arena_copy(arena, record_text(collection_find(snapshot_named(now, "interfaces.interface"), TEXT("wan")), "if"));
	const struct record       *line, *wan;

	harness_put(client.harness, "dnsmasq.settings", NULL, "port", "53053", NULL);
	set_wan(&client, "\"ipv4_type\":\"pppoe\",\"pppoe_username\":\"u\",\"pppoe_password\":\"p\",\"pppoe_provider\":\"s\"");
	/* Who sends no password again leaves it as it is. */
	set_wan(&client, "\"ipv4_type\":\"pppoe\",\"pppoe_username\":\"v\",\"pppoe_password\":\"\",\"mtu\":\"1400\"");
	now = harness_snapshot(client.harness);
	wan = collection_find(snapshot_named(now, "interfaces.interface"), TEXT("wan"));
	CHECK_NUMBER(collection_count(snapshot_named(now, "interfaces.ppp")), 1);
	line = collection_at(snapshot_named(now, "interfaces.ppp"), 0);
	CHECK_STRING(record_get(line, "if"), "pppoe0");
	CHECK_STRING(record_get(line, "ports"), device);
	CHECK_STRING(record_get(line, "username"), "v");
	CHECK_STRING(record_get(line, "password"), "p");
	CHECK_STRING(record_get(line, "provider"), "s");
	CHECK_STRING(record_get(wan, "if"), "pppoe0");
	CHECK_STRING(record_get(wan, "type4"), "pppoe");
	CHECK_STRING(record_get(wan, "mtu"), "1400");
	const struct value *shown = client_get(&client, "/api/core/initial_setup/get");

	CHECK_STRING(client_word(&client, shown, "wizard.interfaces.wan.pppoe_username"), "v");
	CHECK_STRING(client_word(&client, shown, "wizard.interfaces.wan.pppoe_password"), "");
	CHECK_STRING(client_word(&client, shown, "wizard.interfaces.wan.ipv4_type.pppoe.selected"), "1");
	set_wan(&client, "\"ipv4_type\":\"dhcp\"");
	now = harness_snapshot(client.harness);
	wan = collection_find(snapshot_named(now, "interfaces.interface"), TEXT("wan"));
	CHECK_NUMBER(collection_count(snapshot_named(now, "interfaces.ppp")), 0);
	CHECK_STRING(record_get(wan, "if"), device);
	CHECK_STRING(record_get(wan, "type4"), "dhcp");
	harness_free(client.harness);
}

TEST(the_wizard_keeps_nothing_when_something_is_wrong)
{
	static const struct {
		const char *form, *field;
	} wrong[] = {
		{ "\"hostname\":\"-\"", "hostname" },
		{ "\"password\":\"a\",\"password_confirm\":\"b\"", "password" },
		{ "\"interfaces\":{\"wan\":{\"ipv4_type\":\"pppoe\",\"pppoe_password\":\"p\"}}", "interfaces.wan.pppoe_username" },
		{ "\"interfaces\":{\"wan\":{\"ipv4_type\":\"pppoe\",\"pppoe_username\":\"u\"}}", "interfaces.wan.pppoe_password" },
		{ "\"interfaces\":{\"wan\":{\"ipv4_type\":\"static\",\"ipaddr\":\"\"}}", "interfaces.wan.ipv4_type" },
		{ "\"interfaces\":{\"wan\":{\"ipv4_type\":\"static\",\"ipaddr\":\"10.0.0.1/24\",\"gateway\":\"10.9.0.1\"}}", "interfaces.wan.gateway" },
		{ "\"interfaces\":{\"wan\":{\"spoofmac\":\"00:11:22\"}}", "interfaces.wan.spoofmac" },
		{ "\"interfaces\":{\"lan\":{\"ipaddr\":\"192.0.2.1/32\"}}", "interfaces.lan.configure_dhcp" },
		{ "\"deployment_type\":{\"maxthreads\":\"1\"}", "deployment_type.maxthreads" },
	};
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	harness_put(client.harness, "dnsmasq.settings", NULL, "port", "53053", NULL);
	const uint64_t revision = revision_of(&client);

	for (size_t i = 0; i < COUNT(wrong); i++) {
		const struct value *answer = client_post(&client, "/api/core/initial_setup/configure",
							 arena_print(arena, "{\"wizard\":{\"language\":\"en_US\",\"timezone\":\"Etc/UTC\",%s}}", wrong[i].form));

		CHECK_STRING(client_word(&client, answer, "result"), "failed");
		CHECK(value_get(value_get(answer, "validations"), arena_print(arena, "wizard.%s", wrong[i].field)));
	}
	CHECK_STRING(post_word(&client, "/api/core/initial_setup/configure", "{\"wizard\":[]}", "result"), "failed");
	CHECK_STRING(post_word(&client, "/api/core/initial_setup/configure", "{\"wizard\":{\"unbound\":\"x\"}}", "result"), "failed");
	CHECK_NUMBER(revision_of(&client), revision);
	harness_free(client.harness);
}

/* --- the peer ----------------------------------------------------------------------------------------- */

TEST(nothing_is_told_of_a_peer_that_cannot_be_asked)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	CHECK_NUMBER(value_count(value_get(client_post(&client, "/api/core/hasync_status/services", "{}"), "rows")), 0);
	CHECK_STRING(post_word(&client, "/api/core/hasync_status/restart/unbound", "{}", "status"), "error");
	harness_put(client.harness, "core.hasync", NULL, "synchronizetoip", "192.0.2.9", NULL);
	client_post(&client, "/api/core/hasync_status/services", "{}");
	CHECK_NUMBER(client.status, 500);
	CHECK_STRING(post_word(&client, "/api/core/hasync_status/start/unbound", "{}", "status"), "error");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/core/hasync_status/stop"), "status"), "failed");
	harness_free(client.harness);
}

/* --- what runs ---------------------------------------------------------------------------------------- */

TEST(daemons_are_asked_and_missing_ones_named)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	unsigned      parts;

	CHECK_STRING(post_word(&client, "/api/monit/service/check", "{}", "status"), "failed");
	CHECK(strstr(post_word(&client, "/api/monit/service/check", "{}", "result"), "monit.check"));
	CHECK_STRING(client_word(&client, client_get(&client, "/api/monit/status/get/xml"), "result"), "failed");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/monit/status/get/exe"), "status"), "There are xml, text and html.");
	client_get(&client, "/api/syslog/service/stats");
	CHECK_NUMBER(client.status, 500);
	harness_box(client.harness, "monit.check", "{\"message\":\"fine\"}");
	harness_box(client.harness, "monit.status text", "{\"status\":\"all <is> well\"}");
	harness_box(client.harness, "syslog.stats", "[{\"#\":1,\"SourceName\":\"dst.file\",\"Number\":\"12\"}]");
	CHECK_STRING(post_word(&client, "/api/monit/service/check", "{}", "result"), "fine");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/monit/status/get/text"), "status"), "all <is> well");
	CHECK_STRING(client_word(&client, client_get(&client, "/api/syslog/service/stats"), "rows.0.SourceName"), "dst.file");
	CHECK_STRING(post_word(&client, "/api/trafficshaper/service/flushreload", "{}", "status"), "ok");
	harness_applied(client.harness, &parts);
	CHECK_NUMBER(parts, PART_SHAPER);
	harness_apply_fails(client.harness, RESULT_UNAVAILABLE, "no backend");
	CHECK_STRING(post_word(&client, "/api/trafficshaper/service/flushreload", "{}", "message"), "no backend");
	harness_free(client.harness);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dashboard_is_kept_with_its_user),
		cmocka_unit_test(a_dashboard_has_its_limit),
		cmocka_unit_test(whoever_may_not_save_has_a_dashboard_too),
		cmocka_unit_test(favorites_are_pages_of_the_menu),
		cmocka_unit_test(a_picture_is_what_it_begins_with),
		cmocka_unit_test(an_activated_snapshot_is_the_configuration),
		cmocka_unit_test(snapshots_are_named_copied_and_removed),
		cmocka_unit_test(a_section_is_reset_unless_others_need_it),
		cmocka_unit_test(the_factory_configuration_lets_the_administrator_in),
		cmocka_unit_test(tunables_go_back_to_what_the_machine_has),
		cmocka_unit_test(members_of_older_releases_say_what_they_said),
		cmocka_unit_test(the_wizard_sets_what_it_shows), cmocka_unit_test(the_wizard_makes_a_line_and_takes_it_away),
		cmocka_unit_test(the_wizard_keeps_nothing_when_something_is_wrong),
		cmocka_unit_test(nothing_is_told_of_a_peer_that_cannot_be_asked),
		cmocka_unit_test(daemons_are_asked_and_missing_ones_named),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
