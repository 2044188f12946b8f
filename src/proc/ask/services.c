/*
 * Services of a simulated box: each runs when the configuration switches it on, until somebody starts or stops it by
 * hand; the next apply puts it back. Where there is a real box this is not the place to ask.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "proc/ask/ask.h"

/* clang-format off */
static const struct service_row {
	const char *name, *description;
	const char *settings; /* the resource it is switched on in; NULL: always on */
	const char *enabled;  /* the field */
	bool        locked;   /* the box itself: cannot be stopped */
} rows[] = {
	{ "captiveportal", "Captive Portal", "captiveportal.zone", "enabled" },
	{ "configd", "System Configuration Daemon", .locked = true },
	{ "cron", "Cron" },
	{ "dnsmasq", "Dnsmasq DNS/DHCP", "dnsmasq.settings", "enable" },
	{ "hostwatch", "Host discovery", "hostdiscovery.hostwatch", "general.enabled" },
	{ "kea-dhcp", "Kea DHCP", "kea.dhcpv4_settings", "general.enabled" },
	{ "monit", "Monit System Monitoring", "monit.settings", "general.enabled" },
	{ "ntpd", "Network Time Daemon" },
	{ "openssh", "Secure Shell Daemon" },
	{ "pf", "Packet Filter", .locked = true },
	{ "radvd", "Router Advertisement Daemon", "radvd.entry", "enabled" },
	{ "routing", "System routing", .locked = true },
	{ "strongswan", "IPsec VPN", "ipsec.settings", "general.enabled" },
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
	const struct resource *resource = row->settings ? schema_find(schema, text_of(row->settings)) : NULL;

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

static enum result
need_simulation(const struct asking *asking)
{
	return asking->box->setup.is_simulated
		       ? RESULT_DONE
		       : asked_wrong(asking, RESULT_UNAVAILABLE, "there is no backend yet for services");
}

static const char *
asked_service(const struct asking *asking)
{
	const char *name = asked_text(asking, "name");

	return name[0] ? name : asked_text(asking, "service");
}

enum result
topic_services(struct asking *asking, struct value **answer)
{
	struct arena     *arena = asking->arena;
	const enum result result = need_simulation(asking);

	if (result != RESULT_DONE)
		return result;
	*answer = value_list(arena);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct value *row = value_object(arena);

		if (!is_enabled(asking, &rows[i]))
			continue;
		value_set_string(arena, row, "id", rows[i].name);
		value_set(arena, row, "locked", value_integer(arena, rows[i].locked));
		value_set(arena, row, "running", value_integer(arena, is_running(asking, rows[i].name)));
		value_set_string(arena, row, "description", rows[i].description);
		value_set_string(arena, row, "name", rows[i].name);
		value_add(arena, *answer, row);
	}
	return RESULT_DONE;
}

enum result
topic_service_status(struct asking *asking, struct value **answer)
{
	const enum result result = need_simulation(asking);

	if (result != RESULT_DONE)
		return result;
	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "running", value_bool(asking->arena, is_running(asking, asked_service(asking))));
	return RESULT_DONE;
}

#define ACTORS_MAX 256

static enum result
tell(struct asking *asking, bool running, struct value **answer)
{
	struct actors *actors = asking->box->actors;
	const char    *name = asked_service(asking);
	struct actor  *one = actors->list;
	size_t         count = 0;
	enum result    result = need_simulation(asking);

	if (result != RESULT_DONE)
		return result;
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
	*answer = value_object(asking->arena);
	value_set_string(asking->arena, *answer, "message", "OK");
	return RESULT_DONE;
}

enum result
topic_service_start(struct asking *asking, struct value **answer)
{
	return tell(asking, true, answer);
}

enum result
topic_service_stop(struct asking *asking, struct value **answer)
{
	return tell(asking, false, answer);
}
