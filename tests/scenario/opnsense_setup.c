/* The box of scenario/setup.h in a harness, with API keys for its users. */
#include "scenario/opnsense_setup.h"

#include <string.h>

#include "auth/apikey.h"
#include "auth/secret.h"
#include "dialect/opnsense/opnsense.h"
#include "scenario/setup.h"

/* clang-format off */
static const struct {
	const char *name, *key, *secret;
} keys[] = {
	{ "root", "adminkey", "adminsecret" },
	{ "reader", "readerkey", "readersecret" },
	{ "locked", "lockedkey", "lockedsecret" },
	{ "off", "offkey", "offsecret" },
	{ "old", "oldkey", "oldsecret" },
};

static const struct {
	const char *topic, *json;
} answers[] = {
	{ "tables", "[\"bogons\",\"virusprot\"]" },
	{ "services", "[{\"id\":\"configd\",\"locked\":1,\"running\":1,\"description\":\"System Configuration Daemon\","
	  "\"name\":\"configd\"},{\"id\":\"unbound\",\"locked\":0,\"running\":0,\"description\":\"Unbound DNS\","
	  "\"name\":\"unbound\"},{\"id\":\"openvpn/1\",\"locked\":0,\"running\":1,\"description\":\"OpenVPN server\","
	  "\"name\":\"openvpn\"}]" },
	{ "tables.size", "{\"size\":1000000,\"used\":2,\"details\":{}}" },
	{ "tables.update", "true" },
	{ "job.make ping", "{\"uuid\":\"33333333-3333-4333-8333-333333333333\"}" },
	{ "table.add", "true" }, { "table.delete", "true" }, { "table.flush", "true" }, { "table.list", "[]" },
	{ "rules.counters", "{}" },
	{ "nat.automatic", "[{\"interface\":\"wan\",\"source_net\":\"192.168.1.0/24\"}]" },
	{ "gateways.status", "[{\"name\":\"WAN_GW\",\"address\":\"203.0.113.1\",\"status\":\"none\",\"loss\":\"0.0 %\","
	  "\"delay\":\"1.2 ms\",\"stddev\":\"0.1 ms\",\"monitor\":\"203.0.113.1\",\"status_translated\":\"Online\"}]" },
	{ "gateways.list", "[{\"name\":\"WAN_GW\",\"address\":\"203.0.113.1\",\"status\":\"none\",\"loss\":\"0.0 %\","
	  "\"delay\":\"1.2 ms\",\"stddev\":\"0.1 ms\",\"monitor\":\"203.0.113.1\",\"status_translated\":\"Online\","
	  "\"interface\":\"wan\",\"ipprotocol\":\"inet\",\"priority\":255,\"default\":true}]" },
	{ "dhcp.leases kea4", "[{\"address\":\"192.168.1.100\",\"prefix_len\":128,\"type\":\"\","
	  "\"hwaddr\":\"00:11:22:aa:bb:cc\",\"duid\":\"\",\"client_id\":\"\",\"iaid\":\"\",\"valid_lifetime\":4000,"
	  "\"expire\":1700004000,\"hostname\":\"pc1\",\"state\":0,\"if\":\"em1\",\"if_descr\":\"LAN\",\"is_reserved\":[],"
	  "\"if_name\":\"lan\",\"mac_info\":\"CIMSYS\"}]" },
	{ "dhcp.leases dnsmasq", "[]" },
	{ "service.status", "{\"running\":false}" },
	{ "service.status syslog-ng", "{\"running\":true}" },
	{ "service.status wireguard", "{}" },
	{ "service.start", "{\"message\":\"OK\"}" }, { "service.stop", "{\"message\":\"OK\"}" },
	{ "service.restart", "{\"message\":\"OK\"}" },
};
/* clang-format on */

static void
give_keys(struct harness *harness)
{
	const struct collection *users = snapshot_named(harness_snapshot(harness), "auth.user");
	scoped_arena             arena = arena_new();

	for (size_t i = 0; i < COUNT(keys); i++) {
		const struct record *user = collection_where(users, "name", text_of(keys[i].name));

		BUG_IF(!user, "no user %s", keys[i].name);
		harness_change(harness, user, "apikeys",
			       apikey_add(arena, "", keys[i].key, secret_hash(arena, keys[i].secret)));
	}
}

/* What the older configuration of the reference comes out as. */
static void
change_interfaces(struct harness *harness)
{
	static const char *const keys_of_interfaces[] = { "wan", "lan", "opt1" };

	for (size_t i = 0; i < COUNT(keys_of_interfaces); i++)
		harness_change(harness,
			       collection_find(snapshot_named(harness_snapshot(harness), "interfaces.interface"),
					       text_of(keys_of_interfaces[i])),
			       "dhcp6_request_dns", "1");
	harness_change(harness,
		       collection_find(snapshot_named(harness_snapshot(harness), "interfaces.interface"), TEXT("opt1")),
		       "type6", "");
}

struct harness *
opnsense_setup(struct arena *arena, const char *vectors)
{
	struct harness  *harness = harness_new();
	struct service  *service = harness_service(harness);
	struct snapshot *records = setup_snapshot(service->schema);

	service->routes[OPNSENSE] = opnsense_routes(arena, service->schema);
	harness_facts(harness, setup_facts(arena, vectors));
	for (size_t i = 0; i < COUNT(answers); i++)
		harness_box(harness, answers[i].topic, answers[i].json);
	harness_fill(harness, records);
	snapshot_release(records);
	give_keys(harness);
	change_interfaces(harness);
	harness_put(harness, "system.general", NULL, "hostname", "fw1", "domain", "example.net", NULL);
	return harness;
}

const char *
opnsense_authorization(struct arena *arena, const char *user)
{
	if (strcmp(user, "none") == 0)
		return NULL;
	if (strcmp(user, "bad") == 0)
		return arena_print(arena, "Basic %s", base64_encode(arena, TEXT("adminkey:wrong")));
	if (strcmp(user, "admin") == 0)
		user = "root";
	for (size_t i = 0; i < COUNT(keys); i++)
		if (strcmp(keys[i].name, user) == 0)
			return arena_print(arena, "Basic %s",
					   base64_encode(arena, text_of(arena_print(arena, "%s:%s", keys[i].key,
										   keys[i].secret))));
	return user;
}
