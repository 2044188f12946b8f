/* Services: their settings beside the tables, and starting, stopping and watching them. */
#include <stdlib.h>

#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/actions/ask.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/enums.h"
#include "dialect/pfsense/function.h"

static struct value *
words_of(struct scope *scope, const struct value *value)
{
	struct value *words = value_list(scope->arena);
	struct text   rest = to_text(scope->arena, value), piece;

	while (text_next(&rest, " ", &piece))
		if (piece.len)
			value_add(scope->arena, words, value_text(scope->arena, piece));
	return words;
}

static struct value *
joined(struct scope *scope, const struct value *words)
{
	scoped_buffer out = BUFFER_NONE;

	for (size_t i = 0; i < value_count(words); i++) {
		if (i)
			buffer_add_byte(&out, ' ');
		buffer_add(&out, to_text(scope->arena, words->members[i].value));
	}
	return value_text(scope->arena, buffer_text(&out));
}

/* --- time servers: system/timeservers, and who of them is what in the ntpd section ---------- */

static const char *const server_marks[] = { "ispool", "noselect", "prefer" };

static void
mark_server(struct scope *scope, const char *mark, const struct value *server)
{
	struct value *words = words_of(scope, value_get(scope->object, mark));

	value_add(scope->arena, words, value_copy(scope->arena, server));
	value_set(scope->arena, scope->object, mark, joined(scope, words));
}

static void
mark_as_asked(struct scope *scope, const struct value *asked, const struct value *server)
{
	for (size_t i = 0; i < COUNT(server_marks); i++) {
		const struct value *is = value_get(asked, server_marks[i]);

		if (value_is(is, VALUE_BOOL) && is->truth)
			mark_server(scope, server_marks[i], server);
	}
}

static void
put_servers(struct scope *scope, const struct value *servers)
{
	tree_put(scope->tree, "system/timeservers", joined(scope, servers));
}

unsigned
ntp_add_server(struct scope *scope)
{
	struct value *servers = words_of(scope, tree_find(scope->tree, "system/timeservers"));
	struct value *server = value_get(scope->input, "timeserver");

	value_add(scope->arena, servers, server);
	mark_as_asked(scope, scope->input, server);
	put_servers(scope, servers);
	return 0;
}

static struct value *
without(struct scope *scope, const struct value *words, const struct value *word)
{
	struct value *rest = value_list(scope->arena);

	for (size_t i = 0; i < value_count(words); i++)
		if (!is_alike(words->members[i].value, word))
			value_add(scope->arena, rest, words->members[i].value);
	return rest;
}

unsigned
ntp_drop_server(struct scope *scope)
{
	const struct value *server = value_get(scope->input, "timeserver");
	struct value       *servers =
		without(scope, words_of(scope, tree_find(scope->tree, "system/timeservers")), server);

	for (size_t i = 0; i < COUNT(server_marks); i++) {
		const struct value *marked = value_get(scope->object, server_marks[i]);

		if (marked)
			value_set(scope->arena, scope->object, server_marks[i],
				  joined(scope, without(scope, words_of(scope, marked), server)));
	}
	if (servers->count == 0)
		value_add(scope->arena, servers, value_string(scope->arena, "pool.ntp.org"));
	put_servers(scope, servers);
	return 0;
}

unsigned
ntp_set_servers(struct scope *scope)
{
	const struct value *asked = value_get(scope->input, "timeservers");
	struct value       *servers = value_list(scope->arena);

	if (!value_is(asked, VALUE_LIST))
		return 0;
	for (size_t i = 0; i < COUNT(server_marks); i++)
		value_remove(scope->object, server_marks[i]);
	for (size_t i = 0; i < asked->count; i++) {
		struct value *server = value_get(asked->members[i].value, "timeserver");

		value_add(scope->arena, servers, server);
		mark_as_asked(scope, asked->members[i].value, server);
	}
	put_servers(scope, servers);
	return 0;
}

void
act_ntpd(struct scope *scope, struct outcome *outcome)
{
	const struct value *section = tree_find(scope->tree, "ntpd");

	if (!value_is(section, VALUE_OBJECT)) {
		outcome->data = NULL;
		return;
	}
	outcome->data = value_copy(scope->arena, section);
	value_set(scope->arena, outcome->data, "timeservers",
		  words_of(scope, tree_find(scope->tree, "system/timeservers")));
}

/* --- what the watchdog looks after ---------------------------------------------------------- */

unsigned
watchdog_fill(struct scope *scope)
{
	const struct value *asked = value_get(scope->input, "services");
	struct value       *list = value_list(scope->arena);

	if (is_none(asked))
		return 0;
	for (size_t i = 0; i < value_count(asked); i++) {
		const struct value *one = asked->members[i].value, *notify = value_get(one, "notify");
		struct value       *item = value_object(scope->arena);

		value_set(scope->arena, item, "name",
			  value_text(scope->arena, to_text(scope->arena, value_get(one, "name"))));
		value_set(scope->arena, item, "enabled", value_string(scope->arena, ""));
		if (value_is(notify, VALUE_BOOL) && notify->truth)
			value_set_string(scope->arena, item, "notify", "");
		value_add(scope->arena, list, item);
	}
	value_set(scope->arena, scope->object, "item", list);
	return 0;
}

void
act_watchdog(struct scope *scope, struct outcome *outcome)
{
	outcome->data = tree_find(scope->tree, "installedpackages/servicewatchdog/item");
}

/* --- host overrides ------------------------------------------------------------------------- */

static int
compare_overrides(const void *left, const void *right)
{
	const struct value *a = ((const struct member *)left)->value;
	const struct value *b = ((const struct member *)right)->value;
	const struct value *hosts[] = { value_get(a, "host"), value_get(b, "host") };
	const struct value *domains[] = { value_get(a, "domain"), value_get(b, "domain") };
	const int           order = hosts[0] && hosts[1] ?
					    text_compare_natural(hosts[0]->text, hosts[1]->text) :
					    0;

	if (order || !domains[0] || !domains[1])
		return order;
	return text_compare_natural(domains[0]->text, domains[1]->text);
}

unsigned
overrides_sort(struct scope *scope)
{
	struct value *hosts = value_get(scope->object, "hosts");

	if (!hosts) {
		hosts = value_list(scope->arena);
		value_set(scope->arena, scope->object, "hosts", hosts);
	}
	if (hosts->count > 1)
		qsort(hosts->members, hosts->count, sizeof(*hosts->members), compare_overrides);
	return 0;
}

void
act_overrides(struct scope *scope, struct outcome *outcome)
{
	outcome->data = tree_find(scope->tree, "unbound/hosts");
}

void
act_applied_resolver(struct scope *scope, struct outcome *outcome)
{
	struct value *const arguments[] = { value_string(scope->arena, "unbound") };
	const struct value *pending = function_find(TEXT("dirty"))->call(scope, arguments, 1, TEXT_NONE);

	outcome->data = value_object(scope->arena);
	value_set(scope->arena, outcome->data, "applied",
		  value_bool(scope->arena, !is_true(pending)));
}

/* "async": true is answered before the work is known to be done. */
void
act_async(struct scope *scope, struct outcome *outcome)
{
	const struct value *async = value_get(scope->input, "async");

	if (value_is(async, VALUE_BOOL) && async->truth)
		outcome->code = 14;
}

/* --- starting and stopping ------------------------------------------------------------------ */

/* What this API's names stand for, and what the box calls them. */
static const struct {
	const char *name, *description, *box;
} named[] = {
	{ "unbound", "DNS resolver", "unbound" },
	{ "dnsmasq", "DNS forwarder", "dnsmasq" },
	{ "ntpd", "NTP clock sync", "ntpd" },
	{ "syslogd", "System logger", "syslog-ng" },
	{ "dhcpd", "DHCP service", "kea-dhcp" },
	{ "dpinger", "Gateway monitoring", "routing" },
	{ "sshd", "Secure shell daemon", "openssh" },
	{ "ipsec", "IPsec VPN", "strongswan" },
	{ "openvpn", "OpenVPN", "openvpn" },
};

static size_t
named_find(const char *name)
{
	for (size_t i = 0; i < COUNT(named); i++)
		if (strcmp(named[i].name, name) == 0)
			return i;
	return COUNT(named);
}

static const char *
describe(const char *name)
{
	const size_t at = named_find(name);

	return at < COUNT(named) ? named[at].description : name;
}

const char *
service_on_box(const char *name)
{
	const size_t at = named_find(name);

	return at < COUNT(named) ? named[at].box : name;
}

const char *
service_of_box(const char *name)
{
	for (size_t i = 0; i < COUNT(named); i++)
		if (strcmp(named[i].box, name) == 0)
			return named[i].name;
	return name;
}

static const struct value *
box_name(struct scope *scope, const char *name)
{
	return ask_with(scope, "name", service_on_box(name));
}

/* The list of services; each with the status given, or with what the box says. */
static void
list_services(struct scope *scope, const char *status, struct outcome *outcome)
{
	const struct value *names = services_configured(scope);

	outcome->data = value_list(scope->arena);
	for (size_t i = 0; i < value_count(names); i++) {
		const char    *name = to_string(scope->arena, names->members[i].value);
		struct value  *one = value_object(scope->arena);
		struct outcome asked = { 0 };

		value_set_string(scope->arena, one, "name", name);
		value_set_string(scope->arena, one, "description", describe(name));
		value_set(scope->arena, one, "enabled", value_bool(scope->arena, true));
		if (status) {
			value_set_string(scope->arena, one, "status", status);
		} else {
			const struct value *said =
				ask_box(scope, "service.status", box_name(scope, name), &asked);
			const struct value *running = value_get(said, "running");

			value_set_string(scope->arena, one, "status",
					 is_none(running) ? "unknown" :
					 is_true(running) ? "running" :
							    "stopped");
		}
		value_add(scope->arena, outcome->data, one);
	}
}

void
act_services(struct scope *scope, struct outcome *outcome)
{
	list_services(scope, NULL, outcome);
}

static bool
tell(struct scope *scope, const char *verb, const char *name, struct outcome *outcome)
{
	return ask_box(scope, arena_print(scope->arena, "service.%s", verb),
		       box_name(scope, name), outcome) != NULL;
}

static void
tell_all(struct scope *scope, const char *verb, const char *status, struct outcome *outcome)
{
	const struct value *names = services_configured(scope);

	for (size_t i = 0; i < value_count(names); i++)
		if (!tell(scope, verb, to_string(scope->arena, names->members[i].value), outcome))
			return;
	list_services(scope, status, outcome);
}

void
act_services_start(struct scope *scope, struct outcome *outcome)
{
	tell_all(scope, "start", "started", outcome);
}

void
act_services_stop(struct scope *scope, struct outcome *outcome)
{
	tell_all(scope, "stop", "stopped", outcome);
}

void
act_services_restart(struct scope *scope, struct outcome *outcome)
{
	const struct value *service = value_get(scope->input, "service");
	const char         *name = to_string(scope->arena, service);

	if (is_none(service)) {
		tell_all(scope, "restart", "restarted", outcome);
		return;
	}
	if (!tell(scope, "restart", name, outcome))
		return;
	outcome->data = value_object(scope->arena);
	value_set_string(scope->arena, outcome->data, "service", name);
	value_set_string(scope->arena, outcome->data, "status", "restarted");
}

/* services/NAME/VERB: {NAME: status} */
static void
tell_one(struct scope *scope, const char *verb, const char *status, struct outcome *outcome)
{
	struct text       rest = text_after(scope->request->path, strlen("/api/v1/services/"));
	const char *const name = arena_copy(scope->arena, text_until(&rest, '/'));

	if (!tell(scope, verb, name, outcome))
		return;
	outcome->data = value_object(scope->arena);
	value_set_string(scope->arena, outcome->data, name, status);
}

void
act_service_start(struct scope *scope, struct outcome *outcome)
{
	tell_one(scope, "start", "started", outcome);
}

void
act_service_stop(struct scope *scope, struct outcome *outcome)
{
	tell_one(scope, "stop", "stopped", outcome);
}

void
act_service_restart(struct scope *scope, struct outcome *outcome)
{
	tell_one(scope, "restart", "restarted", outcome);
}

/* --- DHCP and dynamic DNS ------------------------------------------------------------------- */

/* A copy whose first member is this one. */
static struct value *
headed(struct scope *scope, const char *name, struct value *value, const struct value *object)
{
	struct value *copy = value_object(scope->arena);

	value_set(scope->arena, copy, name, value);
	for (size_t i = 0; i < value_count(object); i++)
		value_set_text(scope->arena, copy, object->members[i].name, object->members[i].value);
	return copy;
}

void
act_dhcpd(struct scope *scope, struct outcome *outcome)
{
	const struct value *sections = tree_find(scope->tree, "dhcpd");

	outcome->data = value_list(scope->arena);
	for (size_t i = 0; i < value_count(sections); i++)
		value_add(scope->arena, outcome->data,
			  headed(scope, "interface", value_text(scope->arena, sections->members[i].name),
				 sections->members[i].value));
}

void
act_static_mappings(struct scope *scope, struct outcome *outcome)
{
	const struct text   steps[] = { TEXT("dhcpd"), to_text(scope->arena, value_get(scope->input, "interface")),
					TEXT("staticmap") };
	const struct value *list = tree_get(scope->tree, steps, 3);

	outcome->data = value_list(scope->arena);
	for (size_t i = 0; i < value_count(list); i++)
		value_add(scope->arena, outcome->data,
			  headed(scope, "id", value_integer(scope->arena, (int64_t)i), list->members[i].value));
}

/* The new option, merged into the section it went to. */
void
act_dhcp_option(struct scope *scope, struct outcome *outcome)
{
	const struct text   steps[] = { TEXT("dhcpd"), to_text(scope->arena, scope->target) };
	const struct value *section = tree_get(scope->tree, steps, 2);

	outcome->data = value_copy(scope->arena, section ? section : value_object(scope->arena));
	for (size_t i = 0; i < value_count(scope->object); i++)
		value_set_text(scope->arena, outcome->data, scope->object->members[i].name,
			       scope->object->members[i].value);
}

void
act_ddns(struct scope *scope, struct outcome *outcome)
{
	const struct value *list = tree_find(scope->tree, "dyndnses/dyndns");

	outcome->data = value_list(scope->arena);
	for (size_t i = 0; i < value_count(list); i++) {
		struct value *entry = value_copy(scope->arena, list->members[i].value);

		value_set_string(scope->arena, entry, "cached_ip", "");
		value_set_string(scope->arena, entry, "cached_ipv6", "");
		value_set(scope->arena, entry, "current", value_bool(scope->arena, false));
		value_add(scope->arena, outcome->data, entry);
	}
}
