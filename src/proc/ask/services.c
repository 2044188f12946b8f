/*
 * Services: what the keeper says of its daemons. Those of a simulated box run when the configuration switches them on, until
 * somebody starts or stops them by hand; the next apply puts them back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "proc/ask/ask.h"
#include "proc/discover/discovery.h"
#include "proc/part/daemons.h"
#include "proc/portal/portal.h"
#include "proc/service/runner.h"
#include "proc/service/seen.h"

/* clang-format off */
static const struct service_row {
	const char *name, *description; /* no description: another name, not listed */
	const char *settings; /* the resource it is switched on in; NULL: always on */
	const char *enabled;  /* the field */
	bool        locked;   /* the box itself: cannot be stopped */
	const char *programs; /* the keeper's, comma separated; NULL: as the name */
	bool        is_each;  /* each record is a service of its own, by its uuid */
} rows[] = {
	{ "captiveportal", "Captive Portal", "captiveportal.zone", "enabled" },
	{ "configd", "System Configuration Daemon", .locked = true },
	{ "cron", "Cron" },
	{ "dhcrelay", "DHCP Relay", "dhcrelay.relay", "enabled" },
	{ "dhcpd", NULL, .programs = "kea-dhcp4" },
	{ "dnsmasq", "Dnsmasq DNS/DHCP", "dnsmasq.settings", "enable" },
	{ "hostwatch", "Host discovery", "hostdiscovery.hostwatch", "general.enabled" },
	{ "kea-dhcp", "Kea DHCP", "kea.dhcpv4_settings", "general.enabled",
	  .programs = "kea-dhcp4,kea-dhcp6,kea-dhcp-ddns,kea-ctrl-agent" },
	{ "monit", "Monit System Monitoring", "monit.settings", "general.enabled" },
	{ "ntpd", "Network Time Daemon", .programs = "chrony" },
	{ "openvpn", "OpenVPN", "openvpn.instance", "enabled", .is_each = true },
	{ "openssh", "Secure Shell Daemon", "system.ssh", "enable", .programs = "sshd" },
	{ "pf", "Packet Filter", .locked = true },
	{ "radvd", "Router Advertisement Daemon", "radvd.entry", "enabled" },
	{ "routing", "System routing", .locked = true },
	{ "strongswan", "IPsec VPN", "ipsec.settings", "general.enabled", .programs = "charon" },
	{ "suricata", "Intrusion Detection", "ids.settings", "general.enabled" },
	{ "syslog-ng", "Remote Syslog", "syslog.settings", "general.enabled" },
	{ "unbound", "Unbound DNS", "unbound.settings", "general.enabled" },
	{ "webgui", "Web GUI", .locked = true },
	{ "wireguard", "WireGuard VPN", "wireguard.general", "enabled" },
};
/* clang-format on */

struct actor {
	char         *name;
	bool          running;
	struct actor *next;
};

/* What was told by hand. */
struct actors {
	struct actor *list;
};

struct actors *
actors_new(void)
{
	struct actors *actors = calloc(1, sizeof(*actors));

	BUG_IF(!actors, "out of memory");
	return actors;
}

void
actors_forget(struct actors *actors)
{
	for (struct actor *one = actors->list, *next; one; one = next) {
		next = one->next;
		free(one->name);
		free(one);
	}
	actors->list = NULL;
}

void
actors_free(struct actors *actors)
{
	if (!actors)
		return;
	actors_forget(actors);
	free(actors);
}

static bool
is_enabled(const struct asking *asking, const struct service_row *row)
{
	const struct schema   *schema = asking->box->setup.schema;
	const struct resource *resource = row->settings ? schema_named(schema, row->settings) : NULL;

	if (!row->settings)
		return true;
	if (!resource)
		return false;
	if (resource->shape == SINGLETON)
		return record_bool(snapshot_single(asking->snapshot, row->settings), row->enabled);
	return collection_where(snapshot_collection(asking->snapshot, resource), row->enabled, TEXT("1"));
}

static const struct service_row *
find_row(const char *name)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

/* --- Services without a daemon -------------------------------------------------------------------- */

static bool
portal_is_up(const struct keeper_box *box)
{
	return portal_is_serving(box->portal);
}

static enum result
act_on_portal(const struct asking *asking, enum service_action action)
{
	portal_stop(asking->box->portal);
	return action == SERVICE_STOP ? RESULT_DONE : portal_apply(asking->box->portal, asking->snapshot, asking->message);
}

static bool
discovery_is_up(const struct keeper_box *box)
{
	return discovery_runs(box->discovery);
}

/* What was never applied is, with what is configured now. */
static enum result
act_on_discovery(const struct asking *asking, enum service_action action)
{
	struct discovery *discovery = asking->box->discovery;

	if (discovery_turn(discovery, action != SERVICE_STOP) || action == SERVICE_STOP)
		return RESULT_DONE;
	if (!is_enabled(asking, find_row("hostwatch")))
		return asked_wrong(asking, RESULT_REFUSED, "hostwatch is not configured");
	return discovery_apply(discovery, asking->snapshot, asking->message);
}

/* What we do ourselves. */
static const struct within {
	const char *name;
	bool (*is_up)(const struct keeper_box *);
	enum result (*act)(const struct asking *, enum service_action);
} withins[] = {
	{ "captiveportal", portal_is_up, act_on_portal },
	{ "hostwatch", discovery_is_up, act_on_discovery },
};

static const struct within *
find_within(const char *name)
{
	for (size_t i = 0; i < COUNT(withins); i++)
		if (strcmp(withins[i].name, name) == 0)
			return &withins[i];
	return NULL;
}

/* --- What runs -------------------------------------------------------------------------------------- */

static bool
is_running(const struct asking *asking, const char *name)
{
	const struct service_row *row = find_row(name);

	for (const struct actor *one = asking->box->actors->list; one; one = one->next)
		if (strcmp(one->name, name) == 0)
			return one->running;
	/* Those that only pfSense names are there because it listed them as configured. */
	return !row || is_enabled(asking, row);
}

/* --- What the keeper says ------------------------------------------------------------------------ */

/* All daemons that were ever wanted, into the arena. */
static enum result
look(const struct asking *asking, struct seen_service **out, size_t *count)
{
	scoped_message reply;

	message_init(&reply);
	const enum result result = asked_order(asking, ORDER_SERVICES, NULL, &reply);

	if (result == RESULT_DONE && !seen_read(&reply, asking->arena, out, count))
		return asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
	return result;
}

bool
service_stands_for(const char *asked, const char *service)
{
	const struct service_row *row = find_row(asked);
	struct text               programs = text_of(row && row->programs ? row->programs : asked), program;
	struct text               rest = text_of(service);
	const struct text         name = text_until(&rest, '@');

	while (text_next(&programs, ",", &program))
		if (text_equal(program, name) || text_is(program, service))
			return true;
	return false;
}

static enum result
is_up(const struct asking *asking, const char *name, bool *up)
{
	const struct service_row *row = find_row(name);
	struct seen_service      *seen = NULL;
	size_t                    n = 0;
	enum result               result = RESULT_DONE;

	*up = row && row->locked;
	if (asking->box->setup.is_simulated)
		*up = is_running(asking, name);
	else if (find_within(name))
		*up = find_within(name)->is_up(asking->box);
	else if (!*up)
		result = look(asking, &seen, &n);
	for (size_t i = 0; i < n; i++)
		*up |= service_stands_for(name, seen[i].name) && seen[i].state == DAEMON_RUNNING;
	return result;
}

enum result
asked_action(const struct asking *asking, const char *service, enum service_action action)
{
	scoped_writer  order;
	scoped_message reply;
	enum result    result;

	writer_init(&order);
	message_init(&reply);
	put_string(&order, service);
	put_u32(&order, action);
	pthread_mutex_unlock(&asking->box->lock);
	result = asked_order(asking, ORDER_SERVICE, &order, &reply);
	pthread_mutex_lock(&asking->box->lock);
	return result;
}

/* *acted: how many daemons are behind the name. */
static enum result
act_on_seen(const struct asking *asking, const char *name, enum service_action action, size_t *acted)
{
	struct seen_service *seen;
	size_t               n;
	enum result          result = look(asking, &seen, &n);

	*acted = 0;
	for (size_t i = 0; result == RESULT_DONE && i < n; i++) {
		if (!service_stands_for(name, seen[i].name))
			continue;
		result = asked_action(asking, seen[i].name, action);
		++*acted;
	}
	return result;
}

/* What was never applied is, with what is configured now. */
static enum result
apply_first(const struct asking *asking, const char *name, size_t *acted)
{
	const struct service_row *row = find_row(name);
	struct text               programs = text_of(row && row->programs ? row->programs : name), program;
	struct seen_service      *seen;
	size_t                    n;
	enum result               result = RESULT_DONE;

	while (result == RESULT_DONE && text_next(&programs, ",", &program))
		result = daemons_load(asking->box, asking->snapshot, arena_copy(asking->arena, text_until(&program, '@')),
				      asking->message);
	if (result == RESULT_DONE)
		result = look(asking, &seen, &n);
	for (size_t i = 0; result == RESULT_DONE && i < n; i++)
		*acted += service_stands_for(name, seen[i].name);
	return result;
}

/* What was never applied is, with what is configured now. */
static enum result
act_on_all(struct asking *asking, const char *name, enum service_action action)
{
	const struct service_row *row = find_row(name);
	size_t                    acted;
	enum result               result;

	if (row && row->locked)
		return asked_wrong(asking, RESULT_REFUSED, "%s is part of the box and always runs", name);
	if (find_within(name))
		return find_within(name)->act(asking, action);
	result = act_on_seen(asking, name, action, &acted);
	if (result == RESULT_DONE && acted == 0 && action != SERVICE_STOP)
		result = apply_first(asking, name, &acted);
	if (result == RESULT_DONE && acted == 0 && action != SERVICE_STOP)
		return asked_wrong(asking, RESULT_REFUSED, "%s is not configured", name);
	return result;
}

/* --- Topics ---------------------------------------------------------------------------------------- */

static const char *
asked_service(const struct asking *asking)
{
	const char               *name = asked_text(asking, "name"), *id = asked_text(asking, "id");
	const struct service_row *row = find_row(name);

	if (row && row->is_each && id[0])
		return arena_print(asking->arena, "%s@%s", name, id);
	return name[0] ? name : asked_text(asking, "service");
}

/* One of the list; `id` is what clients call it. */
static enum result
add_service(const struct asking *asking, const struct service_row *row, const char *service, const char *id,
	    const char *description, struct value *list)
{
	struct arena     *arena = asking->arena;
	struct value     *one = value_object(arena);
	bool              up;
	const enum result result = is_up(asking, service, &up);

	if (result != RESULT_DONE)
		return result;
	value_set_string(arena, one, "id", id);
	value_set(arena, one, "locked", value_integer(arena, row->locked));
	value_set(arena, one, "running", value_integer(arena, up));
	value_set_string(arena, one, "description", description);
	value_set_string(arena, one, "name", row->name);
	value_add(arena, list, one);
	return RESULT_DONE;
}

static enum result
add_each(const struct asking *asking, const struct service_row *row, struct value *list)
{
	struct arena            *arena = asking->arena;
	const struct collection *records = snapshot_named(asking->snapshot, row->settings);
	enum result              result = RESULT_DONE;

	for (size_t i = 0; result == RESULT_DONE && i < collection_count(records); i++) {
		const struct record *record = collection_at(records, i);

		if (record_bool(record, row->enabled))
			result = add_service(asking, row, arena_print(arena, "%s@%s", row->name, record->uuid),
					     arena_print(arena, "%s/%s", row->name, record->uuid),
					     arena_print(arena, "%s %s", row->description, record_get(record, "description")), list);
	}
	return result;
}

enum result
topic_services(struct asking *asking, struct value **answer)
{
	enum result result = RESULT_DONE;

	*answer = value_list(asking->arena);
	for (size_t i = 0; result == RESULT_DONE && i < COUNT(rows); i++) {
		if (!rows[i].description || !is_enabled(asking, &rows[i]))
			continue;
		if (rows[i].is_each)
			result = add_each(asking, &rows[i], *answer);
		else
			result = add_service(asking, &rows[i], rows[i].name, rows[i].name, rows[i].description, *answer);
	}
	return result;
}

enum result
topic_service_status(struct asking *asking, struct value **answer)
{
	bool              up;
	const enum result result = is_up(asking, asked_service(asking), &up);

	if (result != RESULT_DONE)
		return result;
	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "running", value_bool(asking->arena, up));
	return RESULT_DONE;
}

#define ACTORS_MAX 256

/* Of a simulated box. */
static void
pretend(const struct asking *asking, const char *name, bool running)
{
	struct actors *actors = asking->box->actors;
	struct actor  *one = actors->list;
	size_t         count = 0;

	for (; one && strcmp(one->name, name) != 0; one = one->next)
		count++;
	if (!one && count < ACTORS_MAX) {
		one = calloc(1, sizeof(*one));
		BUG_IF(!one, "out of memory");
		one->name = strdup(name);
		BUG_IF(!one->name, "out of memory");
		one->next = actors->list;
		actors->list = one;
	}
	if (one)
		one->running = running;
}

static enum result
tell(struct asking *asking, enum service_action action, struct value **answer)
{
	const char *name = asked_service(asking);
	enum result result = RESULT_DONE;

	if (asking->box->setup.is_simulated)
		pretend(asking, name, action != SERVICE_STOP);
	else
		result = act_on_all(asking, name, action);
	if (result != RESULT_DONE)
		return result;
	*answer = value_object(asking->arena);
	value_set_string(asking->arena, *answer, "message", "OK");
	return RESULT_DONE;
}

enum result
topic_service_start(struct asking *asking, struct value **answer)
{
	return tell(asking, SERVICE_START, answer);
}

enum result
topic_service_restart(struct asking *asking, struct value **answer)
{
	return tell(asking, SERVICE_RESTART, answer);
}

enum result
topic_service_stop(struct asking *asking, struct value **answer)
{
	return tell(asking, SERVICE_STOP, answer);
}
