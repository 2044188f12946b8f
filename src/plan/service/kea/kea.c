/* kea-dhcp4 and kea-dhcp6: what is the same for all their clients. */
#include "plan/service/kea/kea.h"

#include <string.h>

#include "plan/network/making.h"

#define HOOKS "/usr/lib/" TRIPLET "/kea/hooks/"

#define RETRIES    1000000
#define RETRY_WAIT 2000 /* ms */

static const struct kea_kind kinds[] = {
	{ FAMILY_INET, "kea-dhcp4", "Dhcp4", "kea.dhcpv4_settings", "kea.subnet4", "kea.reservation4", "kea.option4", "kea.peer4",
	  "subnet4", "/run/kea/kea4-ctrl-socket", "/var/lib/kea/kea-leases4.csv" },
	{ FAMILY_INET6, "kea-dhcp6", "Dhcp6", "kea.dhcpv6_settings", "kea.subnet6", "kea.reservation6", "kea.option6", "kea.peer6",
	  "subnet6", "/run/kea/kea6-ctrl-socket", "/var/lib/kea/kea-leases6.csv" },
};

void
kea_put_number(struct kea *kea, const char *name, const struct record *record, const char *field)
{
	int64_t number;

	if (service_number(record, field, 0, UINT32_MAX, &number))
		json_put_number(&kea->json, name, number);
}

void
kea_put_text(struct kea *kea, const char *name, const struct record *record, const char *field)
{
	if (record_has(record, field))
		json_put_text(&kea->json, name, record_text(record, field));
}

static void
put_number_or(struct kea *kea, const char *name, const char *field, int64_t preset)
{
	int64_t number = preset;

	(void)service_number(kea->settings, field, 0, UINT32_MAX, &number);
	json_put_number(&kea->json, name, number);
}

static void
put_interfaces(struct kea *kea)
{
	const struct record *settings = kea->settings;
	struct text          rest = record_bool(settings, "general.enabled") ? record_text(settings, "general.interfaces") : TEXT_NONE;
	struct text          one;

	json_name(&kea->json, "interfaces-config");
	json_object(&kea->json);
	json_name(&kea->json, "interfaces");
	json_list(&kea->json);
	while (text_next(&rest, ",", &one)) {
		const char *device = making_device(kea->view->snapshot, one);

		if (device)
			json_string(&kea->json, device);
	}
	kea_put_server_devices(kea);
	json_list_end(&kea->json);
	if (kea->kind->family == FAMILY_INET)
		kea_put_text(kea, "dhcp-socket-type", settings, "general.dhcp_socket_type");
	/* A link that is down, or an address that is not checked yet, comes later. */
	put_number_or(kea, "service-sockets-max-retries", "general.service_sockets_max_retries", RETRIES);
	put_number_or(kea, "service-sockets-retry-wait-time", "general.service_sockets_retry_wait_time", RETRY_WAIT);
	json_object_end(&kea->json);
}

void
kea_put_logger(struct json *json, const char *program)
{
	json_name(json, "loggers");
	json_list(json);
	json_object(json);
	json_put_string(json, "name", program);
	json_put_string(json, "severity", "INFO");
	json_name(json, "output_options");
	json_list(json);
	json_object(json);
	json_put_string(json, "output", "stdout");
	json_put_string(json, "pattern", "%c %p %m\n");
	json_object_end(json);
	json_list_end(json);
	json_object_end(json);
	json_list_end(json);
}

static void
put_files(struct kea *kea)
{
	struct json *json = &kea->json;

	json_name(json, "lease-database");
	json_object(json);
	json_put_string(json, "type", "memfile");
	json_put_bool(json, "persist", true);
	json_put_string(json, "name", kea->kind->leases);
	json_object_end(json);
	json_name(json, "control-socket");
	json_object(json);
	json_put_string(json, "socket-type", "unix");
	json_put_string(json, "socket-name", kea->kind->socket);
	json_object_end(json);
	kea_put_logger(json, kea->kind->program);
}

static void
put_expiry(struct kea *kea)
{
	static const char *const fields[][2] = {
		{ "hold-reclaimed-time", "lexpire.hold_reclaimed_time" },
		{ "reclaim-timer-wait-time", "lexpire.reclaim_timer_wait_time" },
		{ "flush-reclaimed-timer-wait-time", "lexpire.flush_reclaimed_timer_wait_time" },
		{ "max-reclaim-time", "lexpire.max_reclaim_time" },
		{ "max-reclaim-leases", "lexpire.max_reclaim_leases" },
		{ "unwarned-reclaim-cycles", "lexpire.unwarned_reclaim_cycles" },
	};

	bool is_any = false;

	/* An empty one is wrong. */
	for (size_t i = 0; i < COUNT(fields); i++)
		is_any |= record_get(kea->settings, fields[i][1])[0] != '\0';
	if (!is_any)
		return;
	json_name(&kea->json, "expired-leases-processing");
	json_object(&kea->json);
	for (size_t i = 0; i < COUNT(fields); i++)
		kea_put_number(kea, fields[i][0], kea->settings, fields[i][1]);
	json_object_end(&kea->json);
}

/* Two servers of which one stands by, each with a listener of its own. */
static void
put_pair(struct kea *kea)
{
	const struct collection *peers = snapshot_named(kea->view->snapshot, kea->kind->peers);
	const struct record     *general = snapshot_single(kea->view->snapshot, "system.general");
	struct json             *json = &kea->json;

	json_object(json);
	json_put_string(json, "library", HOOKS "libdhcp_ha.so");
	json_name(json, "parameters");
	json_object(json);
	json_name(json, "high-availability");
	json_list(json);
	json_object(json);
	json_put_text(json, "this-server-name",
		      record_text(record_has(kea->settings, "ha.this_server_name") ? kea->settings : general,
				  record_has(kea->settings, "ha.this_server_name") ? "ha.this_server_name" : "hostname"));
	json_put_string(json, "mode", "hot-standby");
	kea_put_number(kea, "max-unacked-clients", kea->settings, "ha.max_unacked_clients");
	json_name(json, "multi-threading");
	json_object(json);
	json_put_bool(json, "enable-multi-threading", true);
	json_put_bool(json, "http-dedicated-listener", true);
	json_object_end(json);
	json_name(json, "peers");
	json_list(json);
	for (size_t i = 0; i < collection_count(peers); i++) {
		json_object(json);
		json_put_text(json, "name", record_text(collection_at(peers, i), "name"));
		json_put_text(json, "role", record_text(collection_at(peers, i), "role"));
		json_put_text(json, "url", record_text(collection_at(peers, i), "url"));
		json_object_end(json);
	}
	json_list_end(json);
	json_object_end(json);
	json_list_end(json);
	json_object_end(json);
	json_object_end(json);
}

static void
put_hooks(struct kea *kea)
{
	struct json *json = &kea->json;
	const bool   is_pair = record_bool(kea->settings, "general.enabled") && record_bool(kea->settings, "ha.enabled");

	json_name(json, "hooks-libraries");
	json_list(json);
	json_object(json);
	json_put_string(json, "library", HOOKS "libdhcp_lease_cmds.so");
	json_object_end(json);
	if (is_pair)
		put_pair(kea);
	json_list_end(json);
	json_name(json, "multi-threading");
	json_object(json);
	json_put_bool(json, "enable-multi-threading", is_pair);
	json_object_end(json);
}

/* What Kea 2.2 knows of what newer ones do. */
static void
put_habits(struct kea *kea)
{
	struct text rest = kea->kind->family == FAMILY_INET ? record_text(kea->settings, "general.compatibility") : TEXT_NONE, one;

	while (text_next(&rest, ",", &one)) {
		if (!text_is(one, "lenient-option-parsing")) {
			service_miss(kea->draft, "%s of Debian 12 has no %.*s", kea->kind->program, TEXT_ARGS(one));
			continue;
		}
		json_name(&kea->json, "compatibility");
		json_object(&kea->json);
		json_put_bool(&kea->json, "lenient-option-parsing", true);
		json_object_end(&kea->json);
	}
}

static void
put_words(struct kea *kea, const char *name, struct text words)
{
	struct text word;

	json_name(&kea->json, name);
	json_list(&kea->json);
	while (text_next(&words, ",", &word))
		json_text(&kea->json, word);
	json_list_end(&kea->json);
}

static void
put_all(struct kea *kea)
{
	const bool is_six = kea->kind->family == FAMILY_INET6;

	json_object(&kea->json);
	json_name(&kea->json, kea->kind->top);
	json_object(&kea->json);
	kea_put_number(kea, "valid-lifetime", kea->settings, "general.valid_lifetime");
	kea_put_number(kea, "decline-probation-period", kea->settings, "general.decline_probation_period");
	put_words(kea, "host-reservation-identifiers", is_six ? TEXT("duid,hw-address") : TEXT("hw-address,client-id"));
	if (is_six)
		put_words(kea, "mac-sources", record_text(kea->settings, "general.mac_sources"));
	put_interfaces(kea);
	put_files(kea);
	put_expiry(kea);
	put_habits(kea);
	put_hooks(kea);
	kea_put_updates(kea);
	kea_put_classes(kea);
	kea_put_subnets(kea);
	json_object_end(&kea->json);
	json_object_end(&kea->json);
	buffer_add_byte(&kea->out, '\n');
}

/* Each subnet's reservations, in their order. */
static void
sort_reservations(struct kea *kea)
{
	const struct collection *reservations = snapshot_named(kea->view->snapshot, kea->kind->reservations);

	kea->reserved = map_make(kea->view->arena);
	for (size_t i = collection_count(reservations); i-- > 0;) {
		struct reserved *one = ARENA_MAKE(kea->view->arena, struct reserved, 1);

		one->record = collection_at(reservations, i);
		one->next = map_set(kea->reserved, record_text(one->record, "subnet"), one);
	}
}

static void
plan(const struct service_view *view, struct service_draft *draft, const struct kea_kind *kind)
{
	struct kea           kea = { view, draft, kind, snapshot_single(view->snapshot, kind->settings) };
	bool                 is_wanted = record_bool(kea.settings, "general.enabled");
	struct service_plan *service;

	if (is_wanted && record_bool(kea.settings, "general.manual_config")) {
		service_miss(draft, "%s cannot be configured by hand", kind->program);
		is_wanted = false;
	}
	is_wanted |= kea_has_servers(&kea);
	service = service_put(draft, kind->program, is_wanted);
	if (!is_wanted)
		return;
	kea.json = (struct json){ .out = &kea.out };
	sort_reservations(&kea);
	put_all(&kea);
	service_put_file(draft, service, arena_print(view->arena, "%s.conf", kind->program), buffer_text(&kea.out), true);
	buffer_clear(&kea.out);
}

void
plan_kea4(const struct service_view *view, struct service_draft *draft)
{
	plan(view, draft, &kinds[0]);
}

void
plan_kea6(const struct service_view *view, struct service_draft *draft)
{
	plan(view, draft, &kinds[1]);
}
