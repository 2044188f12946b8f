/* Names of clients in DNS: the servers say what is to be changed, and kea-dhcp-ddns changes it. And the agent that others ask over HTTP. */
#include <string.h>

#include "base/number.h"
#include "plan/service/kea/kea.h"

#define DDNS_SOCKET "/run/kea/kea-ddns-ctrl-socket"
#define DNS_PORT    53

/* --- What the servers say ---------------------------------------------------------------------------- */

static bool
has_updates(const struct record *subnet)
{
	return record_has(subnet, "ddns_forward_zone") || record_has(subnet, "ddns_reverse_zone");
}

void
kea_put_updates(struct kea *kea)
{
	const struct record *ddns = snapshot_single(kea->view->snapshot, "kea.ddns");
	struct json         *json = &kea->json;

	json_name(json, "dhcp-ddns");
	json_object(json);
	json_put_bool(json, "enable-updates", record_bool(ddns, "general.enabled"));
	if (record_bool(ddns, "general.enabled")) {
		kea_put_text(kea, "server-ip", ddns, "general.server_ip");
		kea_put_number(kea, "server-port", ddns, "general.server_port");
	}
	json_object_end(json);
	json_put_bool(json, "ddns-send-updates", false);
}

void
kea_put_subnet_updates(struct kea *kea, const struct record *subnet)
{
	const struct text    mode = record_text(subnet, "ddns_conflict_resolution_mode");
	struct json         *json = &kea->json;

	if (!record_bool(snapshot_single(kea->view->snapshot, "kea.ddns"), "general.enabled") || !has_updates(subnet))
		return;
	json_put_bool(json, "ddns-send-updates", true);
	json_put_text(json, "ddns-qualifying-suffix",
		      record_text(subnet, record_has(subnet, "ddns_qualifying_suffix") ? "ddns_qualifying_suffix" : "ddns_forward_zone"));
	json_put_bool(json, "ddns-override-no-update", record_bool(subnet, "ddns_override_no_update"));
	json_put_bool(json, "ddns-override-client-update", record_bool(subnet, "ddns_override_client_update"));
	json_put_bool(json, "ddns-update-on-renew", record_bool(subnet, "ddns_update_on_renew"));
	/* Kea 2.2 either looks at the DHCID or at nothing. */
	json_put_bool(json, "ddns-use-conflict-resolution", mode.len == 0);
	if (mode.len > 0 && !text_is(mode, "no-check-without-dhcid"))
		service_miss(kea->draft, "%s of Debian 12 has no conflict resolution mode %.*s", kea->kind->program, TEXT_ARGS(mode));
}

/* --- Who changes it -------------------------------------------------------------------------------------- */

static void
put_socket(struct json *json, const char *name, const char *path)
{
	json_name(json, name);
	json_object(json);
	json_put_string(json, "socket-type", "unix");
	json_put_string(json, "socket-name", path);
	json_object_end(json);
}

struct walk {
	struct kea *kea;
	struct map *seen;
	const char *field; /* the zone's */
};

static bool
has_key(const struct record *subnet)
{
	return record_has(subnet, "ddns_domain_key_name") && record_has(subnet, "ddns_domain_key_secret") &&
	       record_has(subnet, "ddns_domain_key_algorithm");
}

static void
put_zone(struct walk *walk, const struct record *subnet)
{
	struct json  *json = &walk->kea->json;
	scoped_buffer zone = BUFFER_NONE;
	int64_t       port = DNS_PORT;

	if (!record_has(subnet, walk->field) || !record_has(subnet, "ddns_dns_server") ||
	    map_set(walk->seen, record_text(subnet, walk->field), walk))
		return;
	buffer_add(&zone, record_text(subnet, walk->field));
	if (!text_ends(buffer_text(&zone), TEXT(".")))
		buffer_add_byte(&zone, '.');
	json_object(json);
	json_put_text(json, "name", buffer_text(&zone));
	if (has_key(subnet))
		json_put_text(json, "key-name", record_text(subnet, "ddns_domain_key_name"));
	json_name(json, "dns-servers");
	json_list(json);
	json_object(json);
	json_put_text(json, "ip-address", record_text(subnet, "ddns_dns_server"));
	(void)service_number(subnet, "ddns_dns_port", 1, UINT16_MAX, &port);
	json_put_number(json, "port", port);
	json_object_end(json);
	json_list_end(json);
	json_object_end(json);
}

static void
put_key(struct walk *walk, const struct record *subnet)
{
	struct json  *json = &walk->kea->json;
	scoped_buffer algorithm = BUFFER_NONE;

	if (!has_key(subnet) || map_set(walk->seen, record_text(subnet, "ddns_domain_key_name"), walk))
		return;
	buffer_add(&algorithm, record_text(subnet, "ddns_domain_key_algorithm"));
	for (size_t i = 0; i < algorithm.len; i++)
		if (algorithm.bytes[i] >= 'a' && algorithm.bytes[i] <= 'z')
			algorithm.bytes[i] = (char)(algorithm.bytes[i] - 'a' + 'A');
	json_object(json);
	json_put_text(json, "name", record_text(subnet, "ddns_domain_key_name"));
	json_put_text(json, "algorithm", buffer_text(&algorithm));
	json_put_text(json, "secret", record_text(subnet, "ddns_domain_key_secret"));
	json_object_end(json);
}

static void
for_each_subnet(struct walk *walk, void (*act)(struct walk *, const struct record *))
{
	static const char *const resources[] = { "kea.subnet4", "kea.subnet6" };

	walk->seen = map_make(walk->kea->view->arena);
	for (size_t i = 0; i < COUNT(resources); i++) {
		const struct collection *subnets = snapshot_named(walk->kea->view->snapshot, resources[i]);

		for (size_t k = 0; k < collection_count(subnets); k++)
			act(walk, collection_at(subnets, k));
	}
}

static void
put_zones(struct kea *kea, const char *name, const char *field)
{
	struct walk walk = { kea, NULL, field };

	json_name(&kea->json, name);
	json_object(&kea->json);
	json_name(&kea->json, "ddns-domains");
	json_list(&kea->json);
	for_each_subnet(&walk, put_zone);
	json_list_end(&kea->json);
	json_object_end(&kea->json);
}

static void
put_keys(struct kea *kea)
{
	struct walk walk = { .kea = kea };

	json_name(&kea->json, "tsig-keys");
	json_list(&kea->json);
	for_each_subnet(&walk, put_key);
	json_list_end(&kea->json);
}

void
plan_kea_ddns(const struct service_view *view, struct service_draft *draft)
{
	const struct record *ddns = snapshot_single(view->snapshot, "kea.ddns");
	struct kea           kea = { .view = view, .draft = draft };
	bool                 is_wanted = record_bool(ddns, "general.enabled");
	struct service_plan *service;

	if (is_wanted && record_bool(ddns, "general.manual_config")) {
		service_miss(draft, "kea-dhcp-ddns cannot be configured by hand");
		is_wanted = false;
	}
	service = service_put(draft, "kea-dhcp-ddns", is_wanted);
	if (!is_wanted)
		return;
	kea.json = (struct json){ .out = &kea.out };
	json_object(&kea.json);
	json_name(&kea.json, "DhcpDdns");
	json_object(&kea.json);
	kea_put_text(&kea, "ip-address", ddns, "general.server_ip");
	kea_put_number(&kea, "port", ddns, "general.server_port");
	put_socket(&kea.json, "control-socket", DDNS_SOCKET);
	put_keys(&kea);
	put_zones(&kea, "forward-ddns", "ddns_forward_zone");
	put_zones(&kea, "reverse-ddns", "ddns_reverse_zone");
	kea_put_logger(&kea.json, "kea-dhcp-ddns");
	json_object_end(&kea.json);
	json_object_end(&kea.json);
	service_put_file(draft, service, "kea-dhcp-ddns.conf", buffer_text(&kea.out), true);
	buffer_clear(&kea.out);
}

/* --- Who is asked over HTTP -------------------------------------------------------------------------------- */

void
plan_kea_agent(const struct service_view *view, struct service_draft *draft)
{
	static const char *const sockets[][2] = {
		{ "dhcp4", "/run/kea/kea4-ctrl-socket" }, { "dhcp6", "/run/kea/kea6-ctrl-socket" }, { "d2", DDNS_SOCKET },
	};
	const struct record *agent = snapshot_single(view->snapshot, "kea.ctrl_agent");
	const bool           is_wanted = record_bool(agent, "general.enabled");
	struct service_plan *service = service_put(draft, "kea-ctrl-agent", is_wanted);
	struct kea           kea = { .view = view, .draft = draft };

	if (!is_wanted)
		return;
	kea.json = (struct json){ .out = &kea.out };
	json_object(&kea.json);
	json_name(&kea.json, "Control-agent");
	json_object(&kea.json);
	kea_put_text(&kea, "http-host", agent, "general.http_host");
	kea_put_number(&kea, "http-port", agent, "general.http_port");
	json_name(&kea.json, "control-sockets");
	json_object(&kea.json);
	for (size_t i = 0; i < COUNT(sockets); i++)
		put_socket(&kea.json, sockets[i][0], sockets[i][1]);
	json_object_end(&kea.json);
	kea_put_logger(&kea.json, "kea-ctrl-agent");
	json_object_end(&kea.json);
	json_object_end(&kea.json);
	service_put_file(draft, service, "kea-ctrl-agent.conf", buffer_text(&kea.out), true);
	buffer_clear(&kea.out);
}
