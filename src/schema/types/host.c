/* Types of hosts and networks: names, addresses, prefixes, ports behind them, hardware addresses. */
#include "schema/types.h"

#include <string.h>

#include "base/number.h"
#include "schema/hosts.h"
#include "schema/lists.h"

#define LABEL_MAX 63
#define NAME_LENGTH_MAX 253

static bool
is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool
is_host_label(struct text label)
{
	if (label.len == 0 || !is_alphanumeric(label.ptr[0]) || !is_alphanumeric(label.ptr[label.len - 1]))
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!is_alphanumeric(label.ptr[i]) && label.ptr[i] != '-')
			return false;
	return true;
}

static bool
is_name(struct text name, bool any_text)
{
	if (text_ends(name, TEXT(".")))
		name.len--;
	if (name.len == 0 || name.len > NAME_LENGTH_MAX)
		return false;
	struct text label, rest = name;

	do {
		const bool last = !text_contains(rest, TEXT("."));

		label = text_until(&rest, '.');
		if (label.len == 0 || label.len > LABEL_MAX || (!any_text && !is_host_label(label)))
			return false;
		if (last)
			return true;
	} while (rest.len > 0);
	return false;
}

bool
host_name_is_valid(struct text name)
{
	return is_name(name, false);
}

bool
domain_name_is_valid(struct text name)
{
	return is_name(name, true);
}

bool
port_number_is_valid(struct text t)
{
	int64_t number;

	return t.len > 0 && t.ptr[0] != '0' && number_read(t, 1, 65535, &number);
}

bool
address_range_read(struct text t, struct address *first, struct address *last)
{
	struct text after = t;
	struct text before = text_until(&after, '-');

	return address_read(before, first) && address_read(after, last) && first->family == last->family;
}

/* --- host names ------------------------------------------------------------------------------- */

static bool
is_blank_or_star(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '/' || c == '*';
}

static bool
is_name_for(const struct field *field, struct text name)
{
	if (!(field->settings & DNS_NAME))
		return host_name_is_valid(name);
	for (size_t i = 0; i < name.len; i++)
		if (is_blank_or_star(name.ptr[i]))
			return false;
	return domain_name_is_valid(name);
}

static bool
is_hostname(const struct field *field, struct text entry, const struct view *view)
{
	struct address address;

	(void)view;
	entry = text_trim(entry);
	if (address_read(entry, &address))
		return !(field->settings & NO_ADDRESS);
	if ((field->settings & HOST_WILDCARD) && text_is(entry, "*"))
		return true;
	if ((field->settings & ZONE_ROOT) && text_is(entry, "@"))
		return true;
	if ((field->settings & ZONE_ROOT) && text_starts(entry, TEXT("@.")))
		entry = text_after(entry, 2);
	else if ((field->settings & FQDN_WILDCARD) && text_starts(entry, TEXT("*.")))
		entry = text_after(entry, 2);
	return is_name_for(field, entry);
}

static void
check_hostname(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	check_entries(field, value, view, faults, is_hostname,
	              field->settings & NO_ADDRESS ? "This must be a host or domain name." :
	                                             "This must be an address, or a host or domain name.");
}

static const char *
normal_trimmed(const struct field *field, const char *value, const struct view *view)
{
	(void)field;
	return trimmed(value, view);
}

const struct type type_hostname = { .name = "hostname", .check = check_hostname, .normal = normal_trimmed };

/* --- networks --------------------------------------------------------------------------------- */

bool
network_accepts(const struct field *field, struct text entry, const struct view *view)
{
	const bool    masked = text_contains(entry, TEXT("/"));
	struct prefix prefix;

	(void)view;
	if (text_is(entry, "any"))
		return !(field->settings & NO_WILDCARD);
	if (!prefix_read(entry, &prefix))
		return false;
	if (masked ? (field->settings & MASK_FORBIDDEN) : (field->settings & MASK_REQUIRED))
		return false;
	if ((field->settings & ONLY_INET) && prefix.address.family != FAMILY_INET)
		return false;
	if ((field->settings & ONLY_INET6) && prefix.address.family != FAMILY_INET6)
		return false;
	if (!(field->settings & HOST_BITS_ZERO))
		return true;
	const struct address first = prefix_first(&prefix);

	return address_compare(&first, &prefix.address) == 0;
}

static void
check_network(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	const char *family = field->settings & ONLY_INET ? "IPv4 " : field->settings & ONLY_INET6 ? "IPv6 " : "";
	const char *shape = field->settings & MASK_REQUIRED ? "network with its prefix length" :
	                    field->settings & MASK_FORBIDDEN ? "address" : "address or network";

	check_entries(field, value, view, faults, network_accepts,
	              arena_print(view->arena, "This must be an %s%s.", family, shape));
}

static const char *
normal_network(const struct field *field, const char *value, const struct view *view)
{
	(void)field;
	return lowered(trimmed(value, view), view);
}

const struct type type_network = { .name = "network", .check = check_network, .normal = normal_network };

/* --- addresses with ports ----------------------------------------------------------------------- */

bool
address_and_port_read(struct text entry, struct text *host, struct text *port)
{
	struct text rest = entry;

	if (text_starts(entry, TEXT("["))) {
		rest = text_after(entry, 1);
		if (!text_contains(rest, TEXT("]")))
			return false;
		*host = text_until(&rest, ']');
		if (rest.len && rest.ptr[0] != ':')
			return false;
		*port = text_after(rest, 1);
		return rest.len != 1;
	}
	*host = text_until(&rest, ':');
	*port = rest;
	return rest.len > 0 || host->len == entry.len;
}

static bool
is_address_and_port(const struct field *field, struct text entry, const struct view *view)
{
	const bool     bracketed = text_starts(entry, TEXT("["));
	struct text    host, port;
	struct address address;

	(void)view;
	if (!address_and_port_read(entry, &host, &port))
		return false;
	if (port.len == 0 ? !(field->settings & PORT_OPTIONAL) : !port_number_is_valid(port))
		return false;
	if (!address_read(host, &address))
		return !bracketed && (field->settings & HOSTNAME_ALLOWED) && host_name_is_valid(host);
	if (bracketed != (address.family == FAMILY_INET6))
		return false;
	return !((field->settings & ONLY_INET) && address.family != FAMILY_INET) &&
	       !((field->settings & ONLY_INET6) && address.family != FAMILY_INET6);
}

static void
check_ip_port(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	check_entries(field, value, view, faults, is_address_and_port,
	              "This must be an address and a port: 192.0.2.1:80 or [2001:db8::1]:80.");
}

const struct type type_ip_port = { .name = "ip_port", .check = check_ip_port, .normal = normal_trimmed };

/* --- hardware addresses ------------------------------------------------------------------------- */

bool
mac_address_is_valid(struct text t)
{
	const char   separator = t.len == 14 ? '.' : t.len == 17 ? t.ptr[2] : '\0';
	const size_t group = separator == '.' ? 4 : 2;

	if (separator == '\0' || (t.len == 17 && separator != ':' && separator != '-'))
		return false;
	for (size_t i = 0; i < t.len; i++) {
		const char c = t.ptr[i];
		const bool between = i % (group + 1) == group;

		if (between ? c != separator : !((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f')))
			return false;
	}
	return true;
}

static bool
is_mac_address(const struct field *field, struct text entry, const struct view *view)
{
	(void)field;
	(void)view;
	return mac_address_is_valid(entry);
}

static void
check_mac_address(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	check_entries(field, value, view, faults, is_mac_address, "This must be a hardware address: 00:11:22:33:44:55.");
}

const struct type type_mac_address = { .name = "mac_address", .check = check_mac_address, .normal = normal_trimmed };
