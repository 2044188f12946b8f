/* What the names are that it answers for itself, and whom it asks for others. */
#include <string.h>

#include "base/address.h"
#include "plan/service/dnsmasq/writing.h"

/* --- The file of hosts: an address and its names, between blanks -------------------------------------- */

static bool
is_name(struct text name)
{
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.'))
			return false;
	}
	return name.len > 0;
}

static void
add_name(struct buffer *out, struct text host, struct text domain)
{
	if (!is_name(host.len > 0 ? host : domain) || (domain.len > 0 && !is_name(domain)))
		return;
	buffer_print(out, " %.*s%s%.*s", TEXT_ARGS(host), host.len > 0 && domain.len > 0 ? "." : "", TEXT_ARGS(domain));
}

static void
put_names(struct writing *writing, const struct address *address, const struct record *host)
{
	scoped_buffer names = BUFFER_NONE;
	struct text   rest = record_text(host, "aliases"), alias;

	add_name(&names, record_text(host, "host"), record_text(host, "domain"));
	while (text_next(&rest, ",", &alias))
		add_name(&names, alias, TEXT_NONE);
	if (names.len > 0)
		buffer_print(&writing->hosts, "%s%s\n", address_print(writing->view->arena, address), buffer_string(&names));
}

/* All below the domain. */
static void
put_wildcard(struct writing *writing, const struct address *address, struct text domain)
{
	writing_begin(writing, "address");
	writing_print(writing, "/%.*s/%s", TEXT_ARGS(domain), address_print(writing->view->arena, address));
	writing_end(writing, &writing->conf);
}

/* "::10" is the end of an address whose beginning is not known. */
static bool
is_whole(struct text entry, struct address *out)
{
	return address_read(entry, out) && !(text_starts(entry, TEXT("::")) && entry.len > 2 && !text_is(entry, "::1"));
}

static void
put_host(struct writing *writing, const struct record *host)
{
	const struct text domain = record_text(host, "domain");
	struct text       rest = record_text(host, "ip"), entry;
	struct address    address;

	while (text_next(&rest, ",", &entry)) {
		if (!is_whole(entry, &address))
			continue;
		if (!text_is(record_text(host, "host"), "*"))
			put_names(writing, &address, host);
		else if (domain.len > 0)
			put_wildcard(writing, &address, domain);
	}
	if (record_bool(host, "local") && domain.len > 0) {
		writing_begin(writing, "local");
		writing_print(writing, "/%.*s/", TEXT_ARGS(domain));
		writing_end(writing, &writing->conf);
	}
	rest = record_text(host, "cnames");
	while (record_has(host, "host") && text_next(&rest, ",", &entry)) {
		writing_begin(writing, "cname");
		writing_word(writing, entry);
		writing_print(writing, "%s%s%.*s", record_get(host, "host"), domain.len > 0 ? "." : "", TEXT_ARGS(domain));
		writing_end(writing, &writing->conf);
	}
}

/* Clients that have their place from another server. */
static void
put_reservations(struct writing *writing, const char *resource)
{
	const struct collection *reservations = snapshot_named(writing->view->snapshot, resource);
	const struct record     *general = snapshot_single(writing->view->snapshot, "system.general");
	struct address           address;

	for (size_t i = 0; i < collection_count(reservations); i++) {
		const struct record *one = collection_at(reservations, i);
		scoped_buffer        name = BUFFER_NONE;

		add_name(&name, record_text(one, "hostname"),
			 text_contains(record_text(one, "hostname"), TEXT(".")) ? TEXT_NONE : record_text(general, "domain"));
		const char *field = strcmp(resource, "dhcp.mapping") == 0 ? "address" : "ip_address";

		if (record_has(one, "hostname") && name.len > 0 && address_read(record_text(one, field), &address))
			buffer_print(&writing->hosts, "%s%s\n", address_print(writing->view->arena, &address), buffer_string(&name));
	}
}

/* --- Whom it asks -------------------------------------------------------------------------------------- */

/* In elements of an alias that is filled from outside; the set's name is the filter's. */
static void
put_set(struct writing *writing, const struct record *override)
{
	const struct record *alias =
		collection_find(snapshot_named(writing->view->snapshot, "firewall.alias"), record_text(override, "ipset"));
	const char *name = alias ? record_get(alias, "name") : NULL;

	if (!name)
		return;
	writing_begin(writing, "nftset");
	writing_print(writing, "/%s/4#inet#drawbridge#a_%s_4n", record_get(override, "domain"), name);
	writing_print(writing, "6#inet#drawbridge#a_%s_6n", name);
	writing_end(writing, &writing->conf);
}

/* "/domain/" alone: nobody is asked. "*" is every domain. */
static void
put_override(struct writing *writing, const struct record *override)
{
	const struct text domain = record_text(override, "domain");
	const bool        is_all = text_is(domain, "*");
	const struct text server = record_text(override, "ip");
	scoped_buffer     value = BUFFER_NONE;

	if (record_has(override, "ipset"))
		put_set(writing, override);
	if (is_all && server.len == 0)
		return;
	if (!is_all)
		buffer_print(&value, "/%.*s/", TEXT_ARGS(domain));
	buffer_add(&value, server);
	if (server.len > 0 && record_has(override, "port"))
		buffer_print(&value, "#%s", record_get(override, "port"));
	if (server.len > 0 && record_has(override, "srcip"))
		buffer_print(&value, "@%s", record_get(override, "srcip"));
	writing_put(writing, "server", buffer_text(&value));
}

void
dnsmasq_put_names(struct writing *writing)
{
	const struct collection *hosts = snapshot_named(writing->view->snapshot, "dnsmasq.host");
	const struct collection *overrides = snapshot_named(writing->view->snapshot, "dnsmasq.domain");

	for (size_t i = 0; i < collection_count(hosts); i++)
		put_host(writing, collection_at(hosts, i));
	if (record_bool(writing->settings, "regdhcpstatic")) {
		put_reservations(writing, "kea.reservation4");
		put_reservations(writing, "kea.reservation6");
		put_reservations(writing, "dhcp.mapping");
	}
	for (size_t i = 0; i < collection_count(overrides); i++)
		put_override(writing, collection_at(overrides, i));
}
