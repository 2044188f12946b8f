/* The setup of the recordings, as records and facts. */
#include "setup.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/read.h"

struct text
setup_file(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "re");
	char *bytes = NULL;
	size_t room = 0;
	ssize_t len;

	BUG_IF(!file, "no file %s", path);
	len = getdelim(&bytes, &room, '\0', file);
	fclose(file);
	struct text copy = { arena_copy(arena, (struct text){ bytes, len < 0 ? 0 : (size_t)len }), len < 0 ? 0 : (size_t)len };

	free(bytes);
	return copy;
}

struct value *
setup_json(struct arena *arena, const char *path)
{
	struct value *value;
	const char   *message = "";

	BUG_IF(json_read(arena, setup_file(arena, path), NULL, &value, &message) != RESULT_DONE, "%s: %s", path, message);
	return value;
}

/* --- records ---------------------------------------------------------------------------------------- */

/* "field=value" pairs behind the uuid, up to NULL. */
static void __attribute__((sentinel))
put(struct snapshot *draft, const char *name, const char *uuid, ...)
{
	scoped_arena           arena = arena_new();
	const struct resource *resource = schema_named(snapshot_schema(draft), name);
	const char            *pair;
	static int64_t         place;
	va_list                pairs;

	BUG_IF(!resource, "no resource %s", name);
	struct record *record = record_make(arena, resource);

	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	record->place = ++place;
	va_start(pairs, uuid);
	while ((pair = va_arg(pairs, const char *))) {
		struct text value = text_of(pair);
		const char *field = arena_copy(arena, text_until(&value, '='));

		record_set(record, field, arena_copy(arena, value));
	}
	va_end(pairs);
	struct record *sealed = record_seal(record);

	snapshot_put(draft, sealed);
	record_release(sealed);
}

#define UUID(number) "00000000-0000-4000-8000-00000000" number

struct snapshot *
setup_snapshot(const struct schema *schema)
{
	struct snapshot *draft = snapshot_new(schema);

	put(draft, "interfaces.interface", "wan", "identifier=wan", "if=em0", "descr=WAN", "enable=1", "lock=0",
	    "type4=staticv4", "ipaddr=203.0.113.2/24", "type6=staticv6", "ipaddrv6=2001:db8:ffff::2/64", NULL);
	put(draft, "interfaces.interface", "lan", "identifier=lan", "if=em1", "descr=LAN", "enable=1", "lock=0",
	    "type4=staticv4", "ipaddr=192.168.1.1/24", "type6=staticv6", "ipaddrv6=2001:db8:1::1/64", NULL);
	put(draft, "interfaces.interface", "opt1", "identifier=opt1", "if=em2", "descr=DMZ", "enable=1", "lock=0",
	    "type4=staticv4", "ipaddr=10.0.0.1/24", "type6=none", NULL);
	put(draft, "auth.group", UUID("1999"), "gid=1999", "name=admins", "scope=system", "description=admins", "priv=page-all",
	    "member=0,2002,2003,2004", NULL);
	put(draft, "auth.user", UUID("0000"), "uid=0", "name=root", "scope=system", NULL);
	put(draft, "auth.user", UUID("2001"), "uid=2001", "name=reader", "priv=page-firewall-aliases", NULL);
	put(draft, "auth.user", UUID("2002"), "uid=2002", "name=locked", "priv=user-config-readonly", NULL);
	put(draft, "auth.user", UUID("2003"), "uid=2003", "name=off", "disabled=1", NULL);
	put(draft, "auth.user", UUID("2004"), "uid=2004", "name=old", "expires=01/01/2020", NULL);
	return draft;
}

/* --- facts ------------------------------------------------------------------------------------------ */

/* clang-format off */
static const struct choice devices[] = {
	{ "em0", "em0 (00:11:22:33:44:50)", "Hardware" }, { "em1", "em1 (00:11:22:33:44:51)", "Hardware" },
	{ "em2", "em2 (00:11:22:33:44:52)", "Hardware" }, { "em3", "em3 (00:11:22:33:44:53)", "Hardware" },
	{ "em4", "em4 (00:11:22:33:44:54)", "Hardware" },
};
/* What the recording's backend said could be assigned. */
static const struct choice assignable[] = {
	{ "em0", "em0 (00:11:22:33:44:50)", "Hardware" }, { "em1", "em1 (00:11:22:33:44:51)", "Hardware" },
	{ "em3", "em3 (00:11:22:33:44:53)", "Hardware" },
};
static const struct choice locales[] = { { "en_US", "English" }, { "de_DE", "German" } };
static const struct choice shells[] = { { "/bin/csh" }, { "/bin/sh" } };
static const struct choice sync_items[] = { { "aliases", "Aliases" }, { "rules", "Rules" } };
static const struct choice timezones[] = { { "Etc/UTC" }, { "Europe/Amsterdam" } };
static const struct choice tunables[] = { { "net.inet.ip.random_id", "random id", "1" } };
static const struct choice gateways[] = { { "WAN_GW", "WAN_GW - 203.0.113.1" } };
static const struct choice actions[] = {
	{ "firmware auto-update", "Automatic firmware update" }, { "unbound restart", "Restart Unbound" },
	{ "filter schedule bogons", "Update bogons" },
};
static const struct choice applications[] = { { "filterlog", "filter" }, { "unbound", "unbound" } };
static const struct choice kea4[] = { { "6", "domain-name-servers [6]" }, { "66", "tftp-server-name [66]" } };
static const struct choice option23[] = { { "23", "dns-servers [23]" } };
static const struct choice dnsmasq4[] = { { "3", "router [3]" }, { "6", "dns-server [6]" }, { "15", "domain-name [15]" } };

static const struct list {
	const char          *name;
	const struct choice *items;
	size_t               count;
} lists[] = {
	{ "devices", devices, COUNT(devices) },
	{ "assignable devices", assignable, COUNT(assignable) },
	{ "system list locales", locales, COUNT(locales) },
	{ "system list shells", shells, COUNT(shells) },
	{ "system ha options", sync_items, COUNT(sync_items) },
	{ "system list timezones", timezones, COUNT(timezones) },
	{ "interface gateways list", gateways, COUNT(gateways) },
	{ "interface gateways list -g", gateways, COUNT(gateways) },
	{ "interface gateways list -l", gateways, COUNT(gateways) },
	{ "tunables", tunables, COUNT(tunables) },
	{ "actions", actions, COUNT(actions) },
	{ "syslog list applications", applications, COUNT(applications) },
	{ "kea list dhcp_options", kea4, COUNT(kea4) },
	{ "kea list dhcp_options6", option23, COUNT(option23) },
	{ "dnsmasq list dhcp_options", dnsmasq4, COUNT(dnsmasq4) },
	{ "dnsmasq list dhcp_options6", option23, COUNT(option23) },
};
/* clang-format on */

struct answers {
	struct choice *privileges, *services;
	size_t         nprivileges, nservices;
};

static const struct choice *
answer(void *context, const char *name, size_t *count)
{
	const struct answers *answers = context;

	*count = 0;
	if (strcmp(name, "privileges") == 0) {
		*count = answers->nprivileges;
		return answers->privileges;
	}
	if (strcmp(name, "services") == 0) {
		*count = answers->nservices;
		return answers->services;
	}
	for (size_t i = 0; i < COUNT(lists); i++) {
		if (strcmp(lists[i].name, name) != 0)
			continue;
		*count = lists[i].count;
		return lists[i].items;
	}
	return NULL;
}

static void
read_privileges(struct answers *answers, struct arena *arena, const char *vectors)
{
	const struct value *core = value_get(setup_json(arena, arena_print(arena, "%s/acl.json", vectors)), "core");

	answers->nprivileges = value_count(core);
	answers->privileges = ARENA_MAKE(arena, struct choice, value_count(core) + 1);
	for (size_t i = 0; i < value_count(core); i++)
		answers->privileges[i] = (struct choice){ arena_copy(arena, core->members[i].name),
			                                  value_as_string(arena, value_get(core->members[i].value, "name")), NULL };
}

/* A few of those that any system knows. */
static void
read_services(struct answers *answers)
{
	static struct choice services[] = { { "http", "80" }, { "https", "443" }, { "domain", "53" }, { "ssh", "22" } };

	answers->services = services;
	answers->nservices = COUNT(services);
}

struct facts
setup_facts(struct arena *arena, const char *vectors)
{
	struct answers *answers = ARENA_MAKE(arena, struct answers, 1);

	read_privileges(answers, arena, vectors);
	read_services(answers);
	return (struct facts){ answers, answer };
}
