/* Addresses, names and ports, for the tables' expressions. What counts as one is what the contract says. */
#include <ctype.h>
#include <netdb.h>
/* A word of ours too (schema.h). */
#undef NO_ADDRESS
#include <stdio.h>

#include "base/address.h"
#include "base/number.h"
#include "dialect/pfsense/functions.h"

bool
is_ipv4(struct text address)
{
	struct address out;

	return address_read(address, &out) && out.family == FAMILY_INET;
}

/* A zone ("%em0") may follow. */
bool
is_ipv6(struct text address)
{
	struct address out;
	struct text    zone = address;
	const struct text plain = text_until(&zone, '%');

	if (plain.len != address.len && zone.len == 0)
		return false;
	return address_read(plain, &out) && out.family == FAMILY_INET6;
}

static int
family_of(struct text address)
{
	return is_ipv4(address) ? 4 : is_ipv6(address) ? 6 : 0;
}

/* The length must be there. */
static int
cidr_family(struct text cidr)
{
	struct prefix     prefix;
	struct text       bits = cidr;
	const struct text address = text_until(&bits, '/');
	int64_t           length;

	if (address.len == cidr.len || !number_read(bits, 0, 128, &length) || bits.len > 3)
		return 0;
	if (!prefix_read(cidr, &prefix))
		return 0;
	return prefix.address.family == FAMILY_INET ? 4 : 6;
}

static struct value *
family_or_false(struct scope *scope, int family)
{
	return family ? number(scope, family) : say(scope, false);
}

static bool
is_label(struct text label, bool wildcard)
{
	if (wildcard && text_is(label, "*"))
		return true;
	if (label.len == 0 || label.len > 63 || label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!isalnum((unsigned char)label.ptr[i]) && label.ptr[i] != '-' && label.ptr[i] != '_')
			return false;
	return true;
}

/* Labels divided by dots; one dot at the end is fine. */
static bool
is_domain(struct text name, bool wildcard)
{
	struct text rest = text_ends(name, TEXT(".")) ? text_first(name, name.len - 1) : name;

	if (rest.len == 0 || rest.len > 253)
		return false;
	while (rest.len) {
		const bool        last = !memchr(rest.ptr, '.', rest.len);
		const struct text label = text_until(&rest, '.');

		if (!is_label(label, wildcard) || (!last && rest.len == 0))
			return false;
	}
	return true;
}

static bool
is_hostname(struct text name, bool wildcard)
{
	const char *dot = name.len ? memchr(name.ptr, '.', name.len) : NULL;

	return is_domain(name, wildcard) && !(dot && dot == name.ptr + name.len - 1);
}

static bool
is_fqdn(struct text name)
{
	struct text rest = text_ends(name, TEXT(".")) ? text_first(name, name.len - 1) : name;
	struct text last = rest;
	bool        dots = false, digits = true;

	if (!is_hostname(name, false))
		return false;
	while (rest.len) {
		last = text_until(&rest, '.');
		dots = dots || rest.len;
	}
	for (size_t i = 0; i < last.len; i++)
		digits = digits && isdigit((unsigned char)last.ptr[i]);
	return dots && !digits;
}

bool
is_port(struct text port)
{
	int64_t number;
	char    name[64], buffer[4096];

	if (number_read(port, 1, 65535, &number))
		return true;
	if (port.len == 0 || port.len >= sizeof(name) || isdigit((unsigned char)port.ptr[0]))
		return false;
	memcpy(name, port.ptr, port.len);
	name[port.len] = '\0';
	struct servent entry, *found = NULL;

	if (getservbyname_r(name, "tcp", &entry, buffer, sizeof(buffer), &found) == 0 && found)
		return true;
	return getservbyname_r(name, "udp", &entry, buffer, sizeof(buffer), &found) == 0 && found;
}

static bool
is_port_or_range(struct text range)
{
	struct text       end = range;
	const struct text start = text_until(&end, ':');

	return start.len == range.len ? is_port(range) : is_port(start) && is_port(end);
}

static bool
is_port_alias(struct scope *scope, struct text name)
{
	const char *type = alias_type(scope, name);

	return type && strcmp(type, "port") == 0;
}

#define TEST(name, test)      \
	FUNCTION(name)            \
	{                         \
		UNUSED;               \
		const struct text it = value_is(A(0), VALUE_LIST) || value_is(A(0), VALUE_OBJECT) ? \
			TEXT_NONE : text(scope, A(0)); \
		return say(scope, (test)); \
	}

TEST(ipv4, is_ipv4(it))
TEST(ipv6, is_ipv6(it))
TEST(fqdn, is_fqdn(it))
TEST(hostname, is_hostname(it, options.len > 0))
TEST(domain, is_domain(it, false))
TEST(bare_hostname, is_label(it, false))
TEST(port, is_port(it))
TEST(port_or_range, is_port_or_range(it))
TEST(port_or_alias, is_port(it) || is_port_alias(scope, it))
TEST(port_range_or_alias, is_port_or_range(it) || is_port_alias(scope, it))

FUNCTION(ip)
{
	UNUSED;
	return family_or_false(scope, family_of(text(scope, A(0))));
}

FUNCTION(cidr)
{
	UNUSED;
	return family_or_false(scope, cidr_family(text(scope, A(0))));
}

FUNCTION(in_cidr4)
{
	UNUSED;
	struct address address;
	struct prefix  prefix;

	return say(scope, address_read(text(scope, A(0)), &address) &&
				  prefix_read(text(scope, A(1)), &prefix) &&
				  prefix_covers(&prefix, &address));
}

FUNCTION(email)
{
	UNUSED;
	struct text       domain = text(scope, A(0));
	const struct text whole = domain, local = text_until(&domain, '@');

	if (local.len == 0 || local.len > 64 || local.len == whole.len || !is_domain(domain, false))
		return say(scope, false);
	for (size_t i = 0; i < local.len; i++)
		if (!isalnum((unsigned char)local.ptr[i]) && !strchr(".!#$%&'*+/=?^_`{|}~-", local.ptr[i]))
			return say(scope, false);
	return say(scope, local.ptr[0] != '.' && local.ptr[local.len - 1] != '.' &&
				  !text_ends(domain, TEXT(".")));
}

FUNCTION(url)
{
	UNUSED;
	struct text       rest = text(scope, A(0));
	const struct text whole = rest, scheme = text_until(&rest, ':');

	if (scheme.len == 0 || scheme.len == whole.len || !isalpha((unsigned char)scheme.ptr[0]))
		return say(scope, false);
	return say(scope, text_starts(rest, TEXT("//")) && rest.len > 2 && rest.ptr[2] != '/');
}

FUNCTION(mac)
{
	UNUSED;
	struct text rest = text(scope, A(0));
	size_t      bytes = 0;

	if (text_ends(rest, TEXT(":")))
		return say(scope, false);
	while (rest.len) {
		const struct text byte = text_until(&rest, ':');

		if (byte.len < 1 || byte.len > 2 || !isxdigit((unsigned char)byte.ptr[0]) ||
		    !isxdigit((unsigned char)byte.ptr[byte.len - 1]))
			return say(scope, false);
		bytes++;
	}
	return say(scope, options.len ? bytes >= 1 && bytes <= 6 : bytes == 6);
}

/* "192.0.2.1:514", "[2001:db8::1]:514" */
static bool
is_ip_with_port(struct text it)
{
	if (it.len && it.ptr[0] == '[') {
		struct text       rest = text_after(it, 1);
		const struct text address = text_until(&rest, ']');

		return is_ipv6(address) && text_starts(rest, TEXT(":")) && is_port(text_after(rest, 1));
	}
	struct text       port = it;
	const struct text address = text_until(&port, ':');

	return is_ipv4(address) && is_port(port);
}

FUNCTION(syslog_target)
{
	UNUSED;
	const struct text it = text(scope, A(0));
	struct text       port = it;
	const struct text host = text_until(&port, ':');

	return say(scope, family_of(it) || is_ip_with_port(it) || is_hostname(it, false) ||
				  (is_hostname(host, false) && port.len && is_port(port)));
}

static uint32_t
to_number(struct text address)
{
	struct address out;

	if (!address_read(address, &out) || out.family != FAMILY_INET)
		return 0;
	return (uint32_t)out.bytes[0] << 24 | (uint32_t)out.bytes[1] << 16 |
	       (uint32_t)out.bytes[2] << 8 | out.bytes[3];
}

FUNCTION(ipnum)
{
	UNUSED;
	return number(scope, to_number(text(scope, A(0))));
}

/* First or last address of a network. */
static struct value *
edge(struct scope *scope, const struct value *address, const struct value *bits, bool last)
{
	struct prefix prefix = { .bits = 0 };
	const int64_t length = to_integer(bits);

	if (!address_read(text(scope, address), &prefix.address) || length < 0 ||
	    length > address_bits(prefix.address.family))
		return say(scope, false);
	prefix.bits = (unsigned)length;
	const struct address out = last ? prefix_last(&prefix) : prefix_first(&prefix);

	return value_string(scope->arena, address_print(scope->arena, &out));
}

FUNCTION(net_addr)
{
	UNUSED;
	return edge(scope, A(0), A(1), false);
}

FUNCTION(bcast_addr)
{
	UNUSED;
	return edge(scope, A(0), A(1), true);
}

/* A list of networks of one family, or one; empty is fine; an IPv6 one may lack its length. */
FUNCTION(ovpn_cidr_error)
{
	UNUSED;
	struct text       rest = text(scope, A(0)), piece;
	const bool        several = is_true(A(2)), six = text_is(text(scope, A(3)), "ipv6");
	struct text const whole = rest;

	if (!several && memchr(whole.ptr ? whole.ptr : "", ',', whole.len))
		return say(scope, true);
	while (text_next(&rest, ",", &piece)) {
		piece = text_trim(piece);
		if (cidr_family(piece) != (six ? 6 : 4) && !(six && is_ipv6(piece)))
			return say(scope, true);
	}
	return say(scope, false);
}

FUNCTION(ovpn_port_error)
{
	UNUSED;
	const int64_t first = count > 2 ? to_integer(A(2)) : 1, port = to_integer(A(0));

	return say(scope, !is_numeric(A(0)) || port < first || port > 65535);
}

FUNCTION(ip_or_alias)
{
	UNUSED;
	const struct text it = text(scope, A(0));
	const int         family = family_of(it);
	const char       *type = family ? NULL : alias_type(scope, it);

	if (family)
		return number(scope, family);
	return say(scope, type && strcmp(type, "port") != 0);
}

FUNCTION(ip_kind)
{
	UNUSED;
	const struct text it = text(scope, A(0));
	const char       *type;

	if (cidr_family(it) == 4)
		return value_string(scope->arena, "ipv4_subnet");
	if (is_ipv4(it))
		return value_string(scope->arena, "ipv4_addr");
	if (is_ipv6(it))
		return value_string(scope->arena, "alias");
	type = alias_type(scope, it);
	return type && strcmp(type, "port") != 0 ? value_string(scope->arena, "alias") : say(scope, false);
}

/* clang-format off */
const struct function functions_network[] = {
	{ "ipv4",                1, 1, call_ipv4 },
	{ "ipv6",                1, 1, call_ipv6 },
	{ "ip",                  1, 1, call_ip },
	{ "cidr",                1, 1, call_cidr },
	{ "in_cidr4",            2, 2, call_in_cidr4 },
	{ "fqdn",                1, 1, call_fqdn },
	{ "hostname",            1, 1, call_hostname },
	{ "domain",              1, 1, call_domain },
	{ "bare_hostname",       1, 1, call_bare_hostname },
	{ "email",               1, 1, call_email },
	{ "url",                 1, 1, call_url },
	{ "mac",                 1, 1, call_mac },
	{ "port",                1, 1, call_port },
	{ "port_or_range",       1, 1, call_port_or_range },
	{ "port_or_alias",       1, 1, call_port_or_alias },
	{ "port_range_or_alias", 1, 1, call_port_range_or_alias },
	{ "syslog_target",       1, 1, call_syslog_target },
	{ "ipnum",               1, 1, call_ipnum },
	{ "net_addr",            2, 2, call_net_addr },
	{ "bcast_addr",          2, 2, call_bcast_addr },
	{ "ip_or_alias",         1, 1, call_ip_or_alias },
	{ "ip_kind",             1, 1, call_ip_kind },
	{ "ovpn_cidr_error",     1, 4, call_ovpn_cidr_error },
	{ "ovpn_port_error",     1, 4, call_ovpn_port_error },
	{ NULL },
};
/* clang-format on */
