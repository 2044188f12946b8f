/* Samples for fields, and records made of them. */
#include "scenario/walk_values.h"

#include <stdio.h>
#include <string.h>

#include "schema/lists.h"
#include "schema/types.h"

#define BIG     (64 * 1024)
#define BIGGEST (1024 * 1024)
#define BIGGEST_EVERY 8 /* fields: a megabyte takes long */
#define ENTRIES 3000
/* Opens nothing. */
#define PUBLIC_KEY \
	"-----BEGIN PUBLIC KEY-----\n" \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOfEMpWWmmKE10zBn5fWT0To7iSrG\n" \
	"HTe85oIUEtBjmlqWeT22ALYgUyivFImcrfByAqBeorJ23RFG+o2ARfpXyA==\n" \
	"-----END PUBLIC KEY-----\n"

/* --- values that are good ----------------------------------------------------------------------- */

/* What cross checks ask for beyond the single fields. */
static const struct {
	const char *resource;
	const char *values;
} overrides[] = {
	{ "dnsmasq.host", "host=walk;ip=192.168.1.77;hwaddr=00:11:22:33:44:77;cnames=walk.example.net,other.example.net" },
	{ "dnsmasq.option", "option=6;value=192.168.1.1" },
	{ "dnsmasq.range", "start_addr=192.168.1.10;end_addr=192.168.1.20" },
	{ "firewall.alias", "name=walk;type=host;content=10.0.0.1" },
	{ "firewall.category", "name=walk" },
	{ "firewall.npt", "source_net=fd00:1::/64;destination_net=2001:db8:9::/64" },
	{ "firewall.one_to_one", "source_net=192.168.1.50;external=203.0.113.50" },
	{ "interfaces.interface", "if=em3;type4=none" },
	{ "interfaces.lagg", "members=em4" },
	{ "interfaces.vip", "interface=lan;network=192.168.1.60/24" },
	{ "interfaces.vlan", "if=em3;tag=5" },
	{ "interfaces.vxlan", "vxlanid=5;vxlanlocal=203.0.113.2;vxlanremote=198.51.100.1" },
	{ "ipsec.key_pair", "name=walk;keyType=ecdsa;publicKey=" PUBLIC_KEY },
	{ "ipsec.spd", "source=10.0.0.0/24;reqid=10" },
	{ "ipsec.vti", "reqid=10;tunnel_local=10.1.1.1;tunnel_remote=10.1.1.2" },
	{ "kea.pd_pool", "prefix=2001:db8:1:100::;prefix_len=56;delegated_len=64" },
	{ "kea.reservation4", "ip_address=192.168.1.5;hw_address=00:11:22:33:44:66" },
	{ "kea.reservation6", "ip_address=2001:db8:1::5;duid=00:01:02:03" },
	{ "kea.subnet4", "subnet=192.168.1.0/24" },
	{ "kea.subnet6", "subnet=2001:db8:1::/48;interface=lan" },
	{ "monit.service", "name=walk;type=system" },
	{ "openvpn.instance", "server=10.8.0.0/24;verify_client_cert=none;authmode=Local Database" },
	{ "routes.route", "network=10.20.0.0/16;gateway=WAN_GW" },
	{ "routing.gateway", "name=WALK;gateway=203.0.113.9" },
	{ "routing.gateway_group", "name=WALKS;item=WAN_GW" },
	{ "syslog.destination", "hostname=log.example;transport=udp4" },
	{ "unbound.host_alias", "hostname=other;domain=example.net" },
	{ "unbound.host_override", "hostname=walk;domain=example.net;server=192.168.1.5" },
	{ "auth.user", "name=walk;password=walk" },
};

static const char *
override_for(const struct resource *resource, const char *field, struct arena *arena)
{
	for (size_t i = 0; i < COUNT(overrides); i++) {
		struct text rest = text_of(overrides[i].values), pair;

		while (strcmp(overrides[i].resource, resource->name) == 0 && text_next(&rest, ";", &pair)) {
			struct text value = pair;

			if (text_is(text_until(&value, '='), field))
				return arena_copy(arena, value);
		}
	}
	return NULL;
}

static void
keep_first(void *context, const struct choice *choice)
{
	const char **first = context;

	if (!*first && choice->key[0])
		*first = choice->key;
}

const char *
walk_sample(const struct field *field, const struct view *view)
{
	static const char *const candidates[] = {
		"1", "walk", "10", "100", "1000", "5000", "65000", "10.0.0.1", "10.0.0.0/24", "2001:db8::1", "2001:db8::/64",
		"walk.example", "walk@example.net", "http://walk.example/", "YWFhYWFhYWFhYWFhYWFhYWFhYWE=", "00:11:22:33:44:55",
		"lagg7", "gif7", "gre7", "bridge7", "0x1", "/walk", "/walk x", "aabbcc", "00:11", "0123456789abc", "a,b", "::1",
		"10.0.0.1:80", "fe80::1", "WALK", "10.0.0.1-10.0.0.9",
	};
	const char *sample = NULL;

	if (field->type->is_list && field->type->choices)
		field->type->choices(field, "", view, keep_first, &sample);
	if (sample && field_accepts(field, sample, view))
		return sample;
	for (size_t i = 0; i < COUNT(candidates); i++)
		if (field_accepts(field, field_normal(field, candidates[i], view), view))
			return candidates[i];
	return NULL;
}

void
walk_put(struct arena *arena, struct value *object, const char *name, struct value *value)
{
	struct text rest = text_of(name);

	for (;;) {
		const struct text step = text_until(&rest, '.');
		struct value     *next = value_get_text(object, step);

		if (rest.len == 0) {
			value_set_text(arena, object, step, value);
			return;
		}
		if (!next) {
			next = value_object(arena);
			value_set_text(arena, object, step, next);
		}
		object = next;
	}
}

static const char *
shown_name(const struct field *field)
{
	const char *name = field->as[OPNSENSE] ? field->as[OPNSENSE] : field->name;

	return strcmp(name, ABSENT) == 0 || (field->flags & HIDDEN) ? NULL : name;
}

struct value *
walk_plausible(struct arena *arena, const struct resource *resource, const struct view *view)
{
	struct value  *object = value_object(arena);
	struct record *record = record_make(arena, resource);
	struct view    own = *view;

	own.record = record;
	for (size_t i = 0; i < resource->nfields; i++) {
		const struct field *field = &resource->fields[i];
		const char         *value = override_for(resource, field->name, arena);

		/* Numbers that are given out are left to that. */
		if (!value && (field->flags & REQUIRED) && !record->values[i][0] && !field->type->fresh &&
		    strcmp(field->name, "number") != 0 && !text_ends(text_of(field->name), TEXT("if")))
			value = walk_sample(field, &own);
		if (!value || !shown_name(field))
			continue;
		record_put(record, i, field_normal(field, value, &own));
		walk_put(arena, object, shown_name(field), value_string(arena, value));
	}
	return object;
}

/* --- values that are bad ------------------------------------------------------------------------ */

enum hostile {
	EMPTY,
	MINUS,
	HUGE_NUMBER,
	BELOW,
	ABOVE,
	LOWEST,
	HIGHEST,
	LENGTH,
	LENGTH_PAST,
	LONG_TEXT,
	MANY_ENTRIES,
	CONTROL,
	NO_UTF8,
	MARKUP,
	PATH,
	FORMAT,
	TRUTH,
	NOTHING,
	REAL,
	LIST,
	OBJECT,
	DEEP,
	UNKNOWN_UUID,
	HOSTILE,
};

size_t
walk_hostile_count(void)
{
	return HOSTILE;
}

static struct value *
repeated(struct arena *arena, const char *what, size_t times)
{
	scoped_buffer text = BUFFER_NONE;

	for (size_t i = 0; i < times; i++)
		buffer_add_string(&text, what);
	return value_text(arena, buffer_text(&text));
}

static struct value *
deep(struct arena *arena)
{
	struct value *value = value_string(arena, "x");

	for (int i = 0; i < 50; i++) {
		struct value *around = i % 2 ? value_list(arena) : value_object(arena);

		if (i % 2)
			value_add(arena, around, value);
		else
			value_set(arena, around, "x", value);
		value = around;
	}
	return value;
}

/* The most that may stand in it, where that is said; of all else, what names usually have. */
static size_t
length_of(const struct field *field)
{
	return field->flags & HIGH_LIMIT && field->max > 0 && field->max < BIG ? (size_t)field->max : 255;
}

struct value *
walk_hostile(struct arena *arena, const struct field *field, size_t n)
{
	struct value *made;

	switch ((enum hostile)n) {
	case EMPTY:
		return value_string(arena, "");
	case MINUS:
		return value_integer(arena, -1);
	case HUGE_NUMBER:
		return value_string(arena, "99999999999999999999999999");
	case BELOW:
		return value_integer(arena, field->flags & LOW_LIMIT ? field->min - 1 : INT64_MIN);
	case ABOVE:
		return value_integer(arena, field->flags & HIGH_LIMIT ? field->max + 1 : INT64_MAX);
	case LOWEST:
		return value_integer(arena, field->flags & LOW_LIMIT ? field->min : 0);
	case HIGHEST:
		return value_integer(arena, field->flags & HIGH_LIMIT ? field->max : INT32_MAX);
	case LENGTH:
		return repeated(arena, "x", length_of(field));
	case LENGTH_PAST:
		return repeated(arena, "x", length_of(field) + 1);
	case LONG_TEXT:
		return repeated(arena, "x", strlen(field->name) % BIGGEST_EVERY ? BIG : BIGGEST);
	case MANY_ENTRIES:
		return repeated(arena, "10.0.0.1,", ENTRIES);
	case CONTROL:
		return value_string(arena, "\x01\x02\n\r\t\x7f\x1b[0m");
	case NO_UTF8:
		return value_string(arena, "\xff\xfe\xc0\xaf");
	case MARKUP:
		return value_string(arena, "<script>alert(1)</script>' or 1=1 -- \"; drop table x;");
	case PATH:
		return value_string(arena, "../../../../etc/passwd");
	case FORMAT:
		return value_string(arena, "%s%n%d$(reboot)`reboot`;reboot|reboot");
	case TRUTH:
		return value_bool(arena, true);
	case NOTHING:
		return value_null(arena);
	case REAL:
		return value_real(arena, 1e300);
	case LIST:
		made = value_list(arena);
		value_add(arena, made, value_string(arena, "x"));
		return made;
	case OBJECT:
		made = value_object(arena);
		value_set_string(arena, made, "x", "y");
		return made;
	case DEEP:
		return deep(arena);
	case UNKNOWN_UUID:
		return value_string(arena, "11111111-2222-4333-8444-555555555555");
	case HOSTILE:
		break;
	}
	return NULL;
}
