/* Records of hosts and their aliases, in the words of zone files: \DDD says every byte (RFC 1035, 5.1). */
#include <string.h>

#include "base/address.h"
#include "plan/service/unbound_inside.h"

#define TTL 3600

void
unbound_add_domain(struct buffer *out, struct text domain)
{
	for (size_t i = 0; i < domain.len; i++) {
		const unsigned char c = (unsigned char)domain.ptr[i];
		const bool          is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			c == '-' || c == '_' || c == '.' || c == '*';

		if (is_plain)
			buffer_add_byte(out, (char)c);
		else
			buffer_print(out, "\\%03u", c);
	}
}

static void
add_string(struct buffer *out, struct text string)
{
	buffer_add_byte(out, '"');
	for (size_t i = 0; i < string.len; i++) {
		const unsigned char c = (unsigned char)string.ptr[i];

		if (c >= ' ' && c < 0x7f && c != '"' && c != '\'' && c != '\\')
			buffer_add_byte(out, (char)c);
		else
			buffer_print(out, "\\%03u", c);
	}
	buffer_add_byte(out, '"');
}

static void
add_name(struct buffer *out, struct text host, struct text domain)
{
	if (host.len > 0) {
		unbound_add_domain(out, host);
		buffer_add_byte(out, '.');
	}
	unbound_add_domain(out, domain);
}

/* RFC 1035, 3.5, and RFC 3596, 2.5. */
static void
add_reverse(struct buffer *out, const struct address *address)
{
	if (address->family == FAMILY_INET) {
		for (size_t i = 4; i > 0; i--)
			buffer_print(out, "%u.", address->bytes[i - 1]);
		buffer_add_string(out, "in-addr.arpa.");
		return;
	}
	for (size_t i = 16; i > 0; i--)
		buffer_print(out, "%x.%x.", address->bytes[i - 1] & 15U, address->bytes[i - 1] >> 4);
	buffer_add_string(out, "ip6.arpa.");
}

/* "IN A 192.0.2.1", "IN MX 5 mail.example"; false: it is no such record. */
static bool
add_value(struct buffer *out, const struct record *host)
{
	const struct text type = record_text(host, "rr");
	struct address    address;
	int64_t           number;

	if (text_is(type, "MX") && service_number(host, "mxprio", 0, UINT16_MAX, &number)) {
		buffer_print(out, "IN MX %lld ", (long long)number);
		unbound_add_domain(out, record_text(host, "mx"));
		return true;
	}
	if (text_is(type, "TXT")) {
		buffer_add_string(out, "IN TXT ");
		add_string(out, record_text(host, "txtdata"));
		return true;
	}
	if (!address_read(record_text(host, "server"), &address) ||
	    !text_is(type, address.family == FAMILY_INET ? "A" : "AAAA"))
		return false;
	buffer_print(out, "IN %.*s %s", TEXT_ARGS(type), record_get(host, "server"));
	return true;
}

/* One record of ours: what the daemon reads at its start, and what it can be told while it runs. */
static void
put_record(struct writing *writing, const struct buffer *record)
{
	buffer_print(&writing->names, "local-data: '%s'\n", buffer_string(record));
	buffer_print(&writing->records, "%s\n", buffer_string(record));
}

/* "*" is all below the domain: a redirecting zone, which has its data at its top. */
static void
put_data(struct writing *writing, const struct record *host, struct text name, struct text domain)
{
	const bool    is_wildcard = text_is(name, "*");
	scoped_buffer record = BUFFER_NONE;
	int64_t       seconds = TTL;

	(void)service_number(host, "ttl", 0, INT32_MAX, &seconds);
	add_name(&record, is_wildcard ? TEXT_NONE : name, domain);
	buffer_print(&record, ". %lld ", (long long)seconds);
	if (!add_value(&record, host))
		return;
	if (is_wildcard) {
		buffer_add_string(&writing->out, "\tlocal-zone: '");
		unbound_add_domain(&writing->out, domain);
		buffer_add_string(&writing->out, "' redirect\n");
	}
	put_record(writing, &record);
}

static void
put_pointer(struct writing *writing, const struct record *host)
{
	scoped_buffer  record = BUFFER_NONE;
	struct address address;

	if (!record_bool(host, "addptr") || text_is(record_text(host, "hostname"), "*") ||
	    !address_read(record_text(host, "server"), &address))
		return;
	add_reverse(&record, &address);
	buffer_print(&record, " %d IN PTR ", TTL);
	add_name(&record, record_text(host, "hostname"), record_text(host, "domain"));
	buffer_add_byte(&record, '.');
	put_record(writing, &record);
}

static void
put_aliases(struct writing *writing, const struct record *host)
{
	const struct collection *aliases = snapshot_named(writing->view->snapshot, "unbound.host_alias");

	for (size_t i = 0; i < collection_count(aliases); i++) {
		const struct record *alias = collection_at(aliases, i);

		if (record_bool(alias, "enabled") && text_is(record_text(alias, "host"), host->uuid))
			put_data(writing, host, record_text(alias, "hostname"),
				 record_text(record_has(alias, "domain") ? alias : host, "domain"));
	}
}

void
unbound_put_names(struct writing *writing)
{
	const struct collection *hosts = snapshot_named(writing->view->snapshot, "unbound.host_override");

	if (unbound_is_word(record_text(writing->settings, "general.local_zone_type"))) {
		const struct record *general = snapshot_single(writing->view->snapshot, "system.general");

		buffer_add_string(&writing->out, "\tlocal-zone: '");
		unbound_add_domain(&writing->out, record_text(general, "domain"));
		buffer_print(&writing->out, "' %s\n", record_get(writing->settings, "general.local_zone_type"));
	}
	for (size_t i = 0; i < collection_count(hosts); i++) {
		const struct record *host = collection_at(hosts, i);

		if (!record_bool(host, "enabled"))
			continue;
		put_data(writing, host, record_text(host, "hostname"), record_text(host, "domain"));
		put_pointer(writing, host);
		put_aliases(writing, host);
	}
}
