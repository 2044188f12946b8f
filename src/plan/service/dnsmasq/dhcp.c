/* Ranges of addresses, what clients are told, and clients with a place of their own. */
#include <string.h>

#include "base/address.h"
#include "plan/network/making.h"
#include "plan/service/dnsmasq/writing.h"
#include "plan/service/leasing.h"

#define LEASE_MAX 0xfffffffe /* seconds */
#define MTU_MIN   1280

/* The tag that dnsmasq itself gives to what comes in on a device. False: the interface has none. */
static bool
put_interface_tag(struct writing *writing, const struct record *record)
{
	const char *device;

	if (!record_has(record, "interface"))
		return true;
	device = making_device(writing->view->snapshot, record_text(record, "interface"));
	if (device)
		writing_print(writing, "tag:%s", device);
	return device != NULL;
}

static void
put_tags(struct writing *writing, const struct record *record)
{
	struct text rest = record_text(record, "tag"), tag;

	while (text_next(&rest, ",", &tag))
		writing_tag(writing, "tag", tag);
}

static void
put_set_tag(struct writing *writing, const struct record *record)
{
	if (record_has(record, "set_tag"))
		writing_tag(writing, "set", record_text(record, "set_tag"));
}

/* --- Ranges ---------------------------------------------------------------------------------------- */

static void
put_words(struct writing *writing, struct text words)
{
	struct text word;

	while (text_next(&words, ",", &word))
		writing_word(writing, word);
}

/* What follows the addresses: of IPv6 where they begin, who announces them, and their length; of IPv4 the mask. */
static void
put_shape(struct writing *writing, const struct record *range, bool is_six)
{
	const char *device = making_device(writing->view->snapshot, record_text(range, "constructor"));
	int64_t     number;

	if (is_six && device)
		writing_print(writing, "constructor:%s", device);
	if (is_six)
		put_words(writing, record_text(range, "ra_mode"));
	put_words(writing, record_text(range, "mode"));
	if (!is_six && record_has(range, "subnet_mask"))
		writing_word(writing, record_text(range, "subnet_mask"));
	if (is_six && service_number(range, "prefix_len", 1, 128, &number))
		writing_print(writing, "%lld", (long long)number);
	if (service_number(range, "lease_time", 1, LEASE_MAX, &number))
		writing_print(writing, "%lld", (long long)number);
}

static void
put_range(struct writing *writing, const struct record *range, bool is_six)
{
	writing_begin(writing, "dhcp-range");
	if (!put_interface_tag(writing, range) ||
	    (record_has(range, "constructor") && !making_device(writing->view->snapshot, record_text(range, "constructor"))))
		return;
	put_set_tag(writing, range);
	writing_word(writing, record_text(range, "start_addr"));
	if (record_has(range, "end_addr"))
		writing_word(writing, record_text(range, "end_addr"));
	put_shape(writing, range, is_six);
	writing_end(writing, &writing->conf);
}

/* Clients of this range have another domain. */
static void
put_domain(struct writing *writing, const struct record *range)
{
	const char *device = making_device(writing->view->snapshot, record_text(range, "interface"));
	const bool  is_by_interface = text_is(record_text(range, "domain_type"), "interface");

	if (!record_has(range, "domain") || (is_by_interface ? !device : !record_has(range, "end_addr")))
		return;
	writing_begin(writing, "domain");
	writing_word(writing, record_text(range, "domain"));
	if (is_by_interface) {
		writing_word(writing, text_of(device));
	} else {
		writing_word(writing, record_text(range, "start_addr"));
		writing_word(writing, record_text(range, "end_addr"));
	}
	writing_end(writing, &writing->conf);
	if (!record_bool(writing->settings, "dhcp.local"))
		return;
	writing_begin(writing, "local");
	writing_print(writing, "/%s/", record_get(range, "domain"));
	writing_end(writing, &writing->conf);
}

static void
put_advertisement(struct writing *writing, const struct record *range)
{
	const char *device = making_device(writing->view->snapshot, record_text(range, "interface"));
	int64_t     mtu = 0, interval = 0, lifetime = 0;
	const bool  has_mtu = service_number(range, "ra_mtu", MTU_MIN, UINT16_MAX, &mtu);
	const bool  has_lifetime = service_number(range, "ra_router_lifetime", 0, UINT16_MAX, &lifetime);
	const bool  has_interval = service_number(range, "ra_interval", 0, UINT16_MAX, &interval);

	if (!device || !(has_mtu || has_lifetime || has_interval || record_has(range, "ra_priority")))
		return;
	writing_begin(writing, "ra-param");
	writing_word(writing, text_of(device));
	if (has_mtu)
		writing_print(writing, "mtu:%lld", (long long)mtu);
	if (record_has(range, "ra_priority"))
		writing_word(writing, record_text(range, "ra_priority"));
	writing_print(writing, "%lld", (long long)interval);
	if (has_lifetime)
		writing_print(writing, "%lld", (long long)lifetime);
	writing_end(writing, &writing->conf);
}

/* It is no lease that is given where only routers are announced. */
static bool
is_taken(struct writing *writing, const struct record *range, enum family family)
{
	const struct text modes = record_text(range, "ra_mode");

	if (!leasing_is_keas(writing->view->snapshot, family) || text_is(modes, "ra-only"))
		return false;
	if (!leasing_by_kea(writing->view->snapshot, record_text(range, "interface"), family))
		service_miss(writing->draft, "dnsmasq leases nothing from %s: Kea has the port", record_get(range, "start_addr"));
	return true;
}

void
dnsmasq_put_ranges(struct writing *writing)
{
	const struct collection *ranges = snapshot_named(writing->view->snapshot, "dnsmasq.range");

	for (size_t i = 0; i < collection_count(ranges); i++) {
		const struct record *range = collection_at(ranges, i);
		struct address       first;
		const bool is_six = address_read(record_text(range, "start_addr"), &first) && first.family == FAMILY_INET6;

		if (is_taken(writing, range, is_six ? FAMILY_INET6 : FAMILY_INET))
			continue;
		put_range(writing, range, is_six);
		put_domain(writing, range);
		if (is_six)
			put_advertisement(writing, range);
	}
}

/* --- What clients are told -------------------------------------------------------------------------- */

static void
put_number(struct writing *writing, const struct record *option)
{
	if (record_has(option, "option6"))
		writing_print(writing, "option6:%s", record_get(option, "option6"));
	else
		writing_word(writing, record_text(option, "option"));
}

static void
put_option(struct writing *writing, const struct record *option)
{
	const bool is_match = text_is(record_text(option, "type"), "match");

	writing_begin(writing, is_match ? "dhcp-match" : record_bool(option, "force") ? "dhcp-option-force" : "dhcp-option");
	if (is_match)
		put_set_tag(writing, option);
	else if (!put_interface_tag(writing, option))
		return;
	else
		put_tags(writing, option);
	put_number(writing, option);
	writing_value(writing, record_text(option, "value"));
	writing_end(writing, &writing->conf);
}

static void
put_boot(struct writing *writing, const struct record *boot)
{
	struct address address;
	const bool     has_address = record_has(boot, "address");

	writing_begin(writing, "dhcp-boot");
	if (!put_interface_tag(writing, boot))
		return;
	put_tags(writing, boot);
	writing_text(writing, record_text(boot, "filename"));
	if (record_has(boot, "servername") || has_address)
		writing_text(writing, record_text(boot, "servername"));
	if (has_address && address_read(record_text(boot, "address"), &address))
		writing_word(writing, record_text(boot, "address"));
	else if (has_address)
		writing_text(writing, record_text(boot, "address"));
	writing_end(writing, &writing->conf);
}

void
dnsmasq_put_options(struct writing *writing)
{
	const struct collection *options = snapshot_named(writing->view->snapshot, "dnsmasq.option");
	const struct collection *boots = snapshot_named(writing->view->snapshot, "dnsmasq.boot");

	for (size_t i = 0; i < collection_count(options); i++)
		put_option(writing, collection_at(options, i));
	for (size_t i = 0; i < collection_count(boots); i++)
		put_boot(writing, collection_at(boots, i));
}

/* --- Clients ------------------------------------------------------------------------------------------ */

static void
put_addresses(struct writing *writing, const struct record *host)
{
	struct text    rest = record_text(host, "ip"), entry;
	struct address address;

	while (text_next(&rest, ",", &entry)) {
		if (!address_read(entry, &address))
			continue;
		if (address.family == FAMILY_INET6)
			writing_print(writing, "[%.*s]", TEXT_ARGS(entry));
		else
			writing_word(writing, entry);
	}
}

/* A name in quotes is never taken for a time or for "ignore". */
static void
put_client(struct writing *writing, const struct record *host)
{
	int64_t lease;

	writing_begin(writing, NULL);
	put_words(writing, record_text(host, "hwaddr"));
	if (record_has(host, "client_id"))
		writing_print(writing, "id:%s", record_get(host, "client_id"));
	put_set_tag(writing, host);
	put_addresses(writing, host);
	if (record_has(host, "host"))
		writing_text(writing, record_text(host, "host"));
	if (service_number(host, "lease_time", 1, LEASE_MAX, &lease))
		writing_print(writing, "%lld", (long long)lease);
	if (record_bool(host, "ignore"))
		writing_word(writing, TEXT("ignore"));
	writing_end(writing, &writing->clients);
}

void
dnsmasq_put_clients(struct writing *writing)
{
	const struct collection *hosts = snapshot_named(writing->view->snapshot, "dnsmasq.host");

	for (size_t i = 0; i < collection_count(hosts); i++)
		if (record_has(collection_at(hosts, i), "hwaddr") || record_has(collection_at(hosts, i), "client_id"))
			put_client(writing, collection_at(hosts, i));
}
