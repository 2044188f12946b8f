/* The places of config.xml that no declaration describes. */
#include "api/config_map.h"

#include <string.h>

#include "api/trust/revocation.h"
#include "auth/apikey.h"
#include "auth/secret.h"
#include "base/number.h"
#include "schema/type.h"

#define GENERAL "system.general"
#define SSH     "system.ssh"
#define TIME    "system.time"

const struct system_place system_places[] = {
	{ GENERAL, "hostname", "system/hostname" },
	{ GENERAL, "domain", "system/domain" },
	{ GENERAL, "dns_servers", "system/dnsserver" },
	{ GENERAL, "dns_allow_override", "system/dnsallowoverride" },
	{ GENERAL, "timezone", "system/timezone" },
	{ GENERAL, "language", "system/language" },
	{ GENERAL, "timeservers", "system/timeservers" },
	{ GENERAL, "optimization", "system/optimization" },
	{ GENERAL, "no_anti_lockout", "system/webgui/noantilockout" },
	{ GENERAL, "guard_threshold", "system/sshguard_threshold" },
	{ GENERAL, "guard_blocktime", "system/sshguard_blocktime" },
	{ GENERAL, "guard_memory", "system/sshguard_detection_time" },
	{ GENERAL, "guard_exempt", "system/sshguard_whitelist" },
	{ GENERAL, "alias_interval", "system/aliasesresolveinterval" },
	{ GENERAL, "picture", "system/picture" },
	{ SSH, "enable", "system/ssh/enabled" },
	{ SSH, "enable", "system/ssh/enable", true },
	{ SSH, "keyonly", "system/ssh/sshdkeyonly", true },
	{ SSH, "agent_forwarding", "system/ssh/sshdagentforwarding", true },
	{ SSH, "port", "system/ssh/port" },
	{ SSH, "permit_root_login", "system/ssh/permitrootlogin" },
	{ SSH, "interfaces", "system/ssh/interfaces" },
	{ TIME, "enable", "ntpd/enable" },
	{ TIME, "interface", "ntpd/interface" },
	{ TIME, "ispool", "ntpd/ispool" },
	{ TIME, "prefer", "ntpd/prefer" },
	{ TIME, "noselect", "ntpd/noselect" },
	{ TIME, "orphan", "ntpd/orphan" },
	{ TIME, "logpeer", "ntpd/logpeer" },
	{ TIME, "logsys", "ntpd/logsys" },
	{ TIME, "clockstats", "ntpd/clockstats" },
	{ TIME, "loopstats", "ntpd/loopstats" },
	{ TIME, "peerstats", "ntpd/peerstats" },
	{ TIME, "statsgraph", "ntpd/statsgraph" },
	{ TIME, "leapsec", "ntpd/leapsec" },
};
const size_t system_places_count = COUNT(system_places);

/* --- interfaces ------------------------------------------------------------------------------------------ */

static const char *const kinds4[] = { "dhcp", "ppp", "pppoe", "pptp", "l2tp", NULL };
static const char *const kinds6[] = { "dhcp6", "slaac", "6rd", "6to4", "track6", "idassoc6", "linklocal", "pppoev6", NULL };

static bool
is_one_of(const char *const *words, const char *word)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

static void
address_from_xml(struct arena *arena, struct record *record, struct xml *node, bool is_v6)
{
	const char *value = xml_value(node, is_v6 ? "ipaddrv6" : "ipaddr");
	const char *bits = xml_value(node, is_v6 ? "subnetv6" : "subnet");
	const char *type = is_v6 ? "type6" : "type4";

	if (value[0] == '\0') {
		record_set(record, type, "none");
	} else if (is_one_of(is_v6 ? kinds6 : kinds4, value)) {
		record_set(record, type, value);
	} else {
		record_set(record, type, is_v6 ? "staticv6" : "staticv4");
		record_set(record, is_v6 ? "ipaddrv6" : "ipaddr",
			   bits[0] ? arena_print(arena, "%s/%s", value, bits) : value);
	}
}

void
interface_from_xml(struct arena *arena, struct record *record, struct xml *node)
{
	static const char *const apart[] = { "ipaddr", "ipaddrv6", "subnet", "subnetv6", NULL };

	for (struct xml *child = node->first; child; child = child->next) {
		const size_t field = resource_find_field(record->resource, text_of(child->name));

		child->is_used = true;
		if (field == SIZE_MAX || is_one_of(apart, child->name))
			continue;
		/* In the older form a flag is an empty element. */
		const bool is_flag = strcmp(record->resource->fields[field].type->name, "boolean") == 0;

		record_put(record, field, is_flag && child->text.len == 0 ? "1" : child->text.ptr);
	}
	if (!xml_child(node, "enable"))
		record_set(record, "enable", "0");
	record_set(record, "identifier", arena_copy(arena, text_of(node->name)));
	address_from_xml(arena, record, node, false);
	address_from_xml(arena, record, node, true);
	snprintf(record->uuid, sizeof(record->uuid), "%.*s", UUID_LENGTH, node->name);
}

static void
add(struct arena *arena, struct xml *node, const char *name, const char *value)
{
	xml_make(arena, node, name)->text = text_of(arena_copy(arena, text_of(value)));
}

static void
address_to_xml(struct arena *arena, const struct record *record, struct xml *node, bool is_v6)
{
	struct text rest = record_text(record, is_v6 ? "ipaddrv6" : "ipaddr");
	const char *type = record_get(record, is_v6 ? "type6" : "type4");

	if (strcmp(type, "none") == 0)
		return;
	if (is_one_of(is_v6 ? kinds6 : kinds4, type)) {
		add(arena, node, is_v6 ? "ipaddrv6" : "ipaddr", type);
		return;
	}
	const struct text address = text_until(&rest, '/');

	add(arena, node, is_v6 ? "ipaddrv6" : "ipaddr", arena_copy(arena, address));
	add(arena, node, is_v6 ? "subnetv6" : "subnet", arena_copy(arena, rest));
}

void
interface_to_xml(struct arena *arena, const struct record *record, struct xml *node)
{
	static const char *const apart[] = { "ipaddr", "ipaddrv6", "type4", "type6", "identifier", "pending_action", NULL };

	for (size_t i = 0; i < record->resource->nfields; i++) {
		const struct field *field = &record->resource->fields[i];

		if (!(field->flags & VOLATILE) && !is_one_of(apart, field->name) && record->values[i][0] &&
		    strcmp(record->values[i], "0") != 0)
			add(arena, node, field->name, record->values[i]);
	}
	address_to_xml(arena, record, node, false);
	address_to_xml(arena, record, node, true);
}

/* --- API keys -------------------------------------------------------------------------------------------------- */

/* <apikeys><item><key/><secret/></item></apikeys> */
static const char *
apikeys_from_xml(struct arena *arena, struct xml *node)
{
	const char *value = "";

	for (struct xml *item = xml_child(node, "item"); item; item = xml_next(item)) {
		const char *key = xml_value(item, "key"), *hash = xml_value(item, "secret");

		for (struct xml *child = item->first; child; child = child->next)
			child->is_used = true;
		if (key[0] && hash[0] && !strpbrk(key, "|\n") && !strpbrk(hash, "|\n"))
			value = apikey_add(arena, value, key, hash);
	}
	return value;
}

static void
apikeys_to_xml(struct arena *arena, const char *value, struct xml *node)
{
	struct xml   *keys = xml_make(arena, node, "apikeys");
	struct text   rest = text_of(value);
	struct apikey one;

	while (apikey_next(&rest, &one)) {
		struct xml *item = xml_make(arena, keys, "item");

		add(arena, item, "key", arena_copy(arena, one.key));
		add(arena, item, "secret", arena_copy(arena, one.hash));
	}
}

/* --- what an authority revoked ------------------------------------------------------------------------------- */

static void
use_all(struct xml *node)
{
	node->is_used = true;
	for (struct xml *child = node->first; child; child = child->next)
		use_all(child);
}

/* Upstream keeps the whole certificate; the serial number is all that counts of it. */
static const char *
serial_from_xml(struct arena *arena, struct xml *node)
{
	const char *serial = xml_value(node, "serial");
	const char *pem = serial[0] ? NULL : base64_decode(arena, text_of(xml_value(node, "crt")), NULL);

	return pem ? certificate_serial(arena, text_of(pem)) : serial;
}

static const char *
revoked_from_xml(struct arena *arena, struct xml *node)
{
	scoped_buffer lines = BUFFER_NONE;

	for (; node; node = xml_next(node)) {
		const char    *serial = serial_from_xml(arena, node);
		struct revoked one = { .refid = text_of(xml_value(node, "refid")), .serial = text_of(serial) };
		int64_t        reason = 0;

		use_all(node);
		number_read(text_of(xml_value(node, "reason")), 0, REVOCATION_REASONS - 1, &reason);
		number_read(text_of(xml_value(node, "revoke_time")), 0, INT64_MAX, &one.time);
		one.reason = (unsigned)reason;
		if (serial && serial[0] && !memchr(one.refid.ptr, '|', one.refid.len))
			revoked_add(&lines, &one);
	}
	return arena_copy(arena, buffer_text(&lines));
}

static void
revoked_to_xml(struct arena *arena, const char *value, struct xml *node)
{
	struct text    rest = text_of(value);
	struct revoked one;

	while (revoked_next(&rest, &one)) {
		struct xml *cert = xml_make(arena, node, "cert");

		add(arena, cert, "refid", arena_copy(arena, one.refid));
		add(arena, cert, "serial", arena_copy(arena, one.serial));
		add(arena, cert, "reason", arena_print(arena, "%u", one.reason));
		add(arena, cert, "revoke_time", arena_print(arena, "%lld", (long long)one.time));
	}
}

/* --- passwords that letters stand for ---------------------------------------------------------------------- */

/* What is none of base64 was written by hand. */
static const char *
letters_from_xml(struct arena *arena, struct xml *node)
{
	const char *plain = base64_decode(arena, node->text, NULL);

	node->is_used = true;
	return plain ? plain : arena_copy(arena, node->text);
}

static void
letters_to_xml(struct arena *arena, const char *value, struct xml *node)
{
	add(arena, node, "password", base64_encode(arena, text_of(value)));
}

static const struct nested_field nested_fields[] = {
	{ "auth.user", "apikeys", apikeys_from_xml, apikeys_to_xml },
	{ "interfaces.ppp", "password", letters_from_xml, letters_to_xml },
	{ "trust.crl", "cert", revoked_from_xml, revoked_to_xml },
};

const struct nested_field *
nested_field(const struct record *record, const char *name)
{
	for (size_t i = 0; i < COUNT(nested_fields); i++)
		if (strcmp(nested_fields[i].name, name) == 0 &&
		    strcmp(nested_fields[i].resource, record->resource->name) == 0)
			return &nested_fields[i];
	return NULL;
}

/* --- mounts -------------------------------------------------------------------------------------------------------- */

const char *
mount_path(struct arena *arena, const char *mount)
{
	struct text path = text_of(mount);

	while (path.len > 0 && path.ptr[0] == '/')
		path = text_after(path, 1);
	if (text_ends(path, TEXT("+")))
		path.len--;
	return arena_copy(arena, path);
}

struct place
collection_place(struct arena *arena, const char *mount, const char *path)
{
	const bool  is_list = text_ends(text_of(mount), TEXT("+"));
	const char *whole = is_list ? mount_path(arena, mount)
				    : arena_print(arena, "%s/%s", mount_path(arena, mount), path);
	char       *above = arena_copy(arena, text_of(whole));
	char       *cut = strrchr(above, '/'), *dot = strrchr(above, '.');

	if (dot && (!cut || dot > cut))
		cut = dot;
	/* Lists of old that stand at the top. */
	if (!cut)
		return (struct place){ "", above };
	*cut = '\0';
	return (struct place){ above, cut + 1 };
}

const struct resource *
mount_owner(const struct schema *schema, const struct resource *resource)
{
	for (size_t i = 0; resource->model && i < schema_count(schema); i++) {
		const struct resource *other = schema_at(schema, i);

		if (other->mount && strcmp(other->model, resource->model) == 0)
			return other;
	}
	return NULL;
}
