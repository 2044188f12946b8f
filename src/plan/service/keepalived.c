/*
 * keepalived.conf(5): CARP's addresses as instances of VRRP. A vhid is a virtual router, advbase the seconds between
 * advertisements, advskew what is missing to the highest priority. Addresses lie on the interface itself, not on a link with
 * a virtual MAC above it, so that rules of the interface see their packets; who takes one over says so by gratuitous ARP.
 *
 * As with CARP, a link that is down makes the box less wanted for all of its addresses, unless it must not preempt.
 * All that is written is a number, an address, the name of a link or a password of eight letters and digits.
 */
#include <string.h>

#include "base/address.h"
#include "base/map.h"
#include "plan/network/carp.h"
#include "plan/network/making.h"
#include "plan/service/planner.h"

#define PRIORITY_MAX    254 /* 255 is the owner's, who never gives way */
#define PASSWORD_MAX    8   /* of VRRP's */
#define INTERVAL6_MAX   40  /* s: VRRP 3 has 12 bits of hundredths */

struct writing {
	const struct service_view *view;
	struct service_draft      *draft;
	const struct collection   *vips;
	struct buffer              out;
};

static const char *
device_of(const struct writing *writing, const struct record *vip)
{
	const char *device = making_device(writing->view->snapshot, record_text(vip, "interface"));

	return device && network_name_is_valid(text_of(device)) ? device : NULL;
}

static bool
read_prefix(const struct record *vip, struct prefix *out)
{
	int64_t bits;

	if (!address_read(record_text(vip, "subnet"), &out->address))
		return false;
	bits = address_bits(out->address.family);
	(void)service_number(vip, "subnet_bits", 0, bits, &bits);
	out->bits = (unsigned)bits;
	return true;
}

/* VRRP sends it as it is. One that does not fit is known to both boxes by a text of the same size that is made of all of it. */
static const char *
password_of(struct arena *arena, struct text password)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char              made[PASSWORD_MAX + 1] = "";
	bool              fits = password.len > 0 && password.len <= PASSWORD_MAX;

	for (size_t i = 0; i < password.len && fits; i++)
		fits = password.ptr[i] && strchr(letters, password.ptr[i]);
	if (fits)
		return arena_copy(arena, password);
	uint64_t hash = text_hash(password);

	for (size_t i = 0; i < PASSWORD_MAX; i++, hash >>= 6)
		made[i] = letters[hash & 63];
	return arena_copy(arena, text_of(made));
}

/* --- One instance ---------------------------------------------------------------------------- */

static unsigned
priority_of(const struct writing *writing, const struct record *vip)
{
	const int64_t skew = record_number(vip, "advskew", 0);
	const int64_t left = PRIORITY_MAX - skew - (carp_is_in_maintenance(writing->view->snapshot) ? CARP_DEMOTION : 0);

	return left < 1 ? 1 : (unsigned)left;
}

static void
put_interval(struct writing *writing, const struct record *vip, enum family family)
{
	int64_t seconds = record_number(vip, "advbase", 1);

	if (family == FAMILY_INET6 && seconds > INTERVAL6_MAX) {
		service_miss(writing->draft, "%s: VRRP of IPv6 advertises every %d seconds at least", record_get(vip, "subnet"),
			     INTERVAL6_MAX);
		seconds = INTERVAL6_MAX;
	}
	buffer_print(&writing->out, "\tadvert_int %lld\n", (long long)seconds);
}

/* The links of the other addresses. */
static void
put_tracked(struct writing *writing, const char *own)
{
	struct map *seen = map_make(writing->view->arena);

	(void)map_set(seen, text_of(own), &writing->out);
	buffer_add_string(&writing->out, "\ttrack_interface {\n");
	for (size_t i = 0; i < collection_count(writing->vips); i++) {
		const struct record *vip = collection_at(writing->vips, i);
		const char          *device = carp_is_router(vip) ? device_of(writing, vip) : NULL;

		if (device && !map_set(seen, text_of(device), &writing->out))
			buffer_print(&writing->out, "\t\t%s weight -%d\n", device, CARP_DEMOTION);
	}
	buffer_add_string(&writing->out, "\t}\n");
}

static void
put_peer(struct writing *writing, const struct record *vip, enum family family)
{
	static const struct prefix groups4 = { { FAMILY_INET, { 224 } }, 4 }, groups6 = { { FAMILY_INET6, { 0xff } }, 8 };
	struct address             peer, own;

	if (!address_read(record_text(vip, family == FAMILY_INET6 ? "peer6" : "peer"), &peer) || peer.family != family ||
	    prefix_covers(&groups4, &peer) || prefix_covers(&groups6, &peer))
		return;
	own = making_own_address(writing->view->snapshot, record_text(vip, "interface"), family);
	if (own.family == family)
		buffer_print(&writing->out, "\tunicast_src_ip %s\n", address_print(writing->view->arena, &own));
	buffer_print(&writing->out, "\tunicast_peer {\n\t\t%s\n\t}\n", address_print(writing->view->arena, &peer));
}

static void
put_address(struct writing *writing, const char *device, const struct prefix *prefix)
{
	buffer_print(&writing->out, "\t\t%s dev %s\n", prefix_print(writing->view->arena, prefix), device);
}

/* Aliases that move with it. */
static void
put_aliases(struct writing *writing, const struct record *vip, const char *device)
{
	struct prefix prefix;

	buffer_add_string(&writing->out, "\tvirtual_ipaddress_excluded {\n");
	for (size_t i = 0; i < collection_count(writing->vips); i++) {
		const struct record *other = collection_at(writing->vips, i);

		if (!carp_is_router(other) && carp_floats(other) &&
		    text_equal(record_text(other, "interface"), record_text(vip, "interface")) &&
		    text_equal(record_text(other, "vhid"), record_text(vip, "vhid")) && read_prefix(other, &prefix))
			put_address(writing, device, &prefix);
	}
	buffer_add_string(&writing->out, "\t}\n");
}

static void
put_instance(struct writing *writing, const struct record *vip)
{
	const char   *device = device_of(writing, vip);
	const bool    must_wait = record_bool(snapshot_single(writing->view->snapshot, "core.hasync"), "disablepreempt");
	struct prefix prefix;
	int64_t       vhid;

	if (!device || !read_prefix(vip, &prefix) || !service_number(vip, "vhid", 1, 255, &vhid))
		return;
	const bool six = prefix.address.family == FAMILY_INET6;

	buffer_print(&writing->out, "\nvrrp_instance %s@%lld {\n\tstate BACKUP\n\tversion %d\n\tinterface %s\n\tvirtual_router_id %lld\n"
				    "\tpriority %u\n",
		     device, (long long)vhid, six ? 3 : 2, device, (long long)vhid, priority_of(writing, vip));
	put_interval(writing, vip, prefix.address.family);
	if (!six)
		buffer_print(&writing->out, "\tauthentication {\n\t\tauth_type PASS\n\t\tauth_pass %s\n\t}\n",
			     password_of(writing->view->arena, record_text(vip, "password")));
	if (must_wait)
		buffer_add_string(&writing->out, "\tnopreempt\n");
	else
		put_tracked(writing, device);
	put_peer(writing, vip, prefix.address.family);
	buffer_add_string(&writing->out, "\tvirtual_ipaddress {\n");
	put_address(writing, device, &prefix);
	buffer_add_string(&writing->out, "\t}\n");
	put_aliases(writing, vip, device);
	buffer_add_string(&writing->out, "}\n");
}

void
plan_keepalived(const struct service_view *view, struct service_draft *draft)
{
	struct writing       writing = { view, draft, snapshot_named(view->snapshot, "interfaces.vip"), BUFFER_NONE };
	scoped_buffer        whole = BUFFER_NONE;
	struct service_plan *plan;

	for (size_t i = 0; i < collection_count(writing.vips) && !carp_is_disabled(view->snapshot); i++)
		if (carp_is_router(collection_at(writing.vips, i)))
			put_instance(&writing, collection_at(writing.vips, i));
	plan = service_put(draft, "keepalived", writing.out.len > 0);
	/* Links may come later, or come back. */
	buffer_add_string(&whole, "global_defs {\n\trouter_id drawbridge\n\tdynamic_interfaces\n\tvrrp_garp_master_refresh 60\n}\n");
	buffer_add(&whole, buffer_text(&writing.out));
	if (writing.out.len > 0)
		service_put_file(draft, plan, "keepalived.conf", buffer_text(&whole), true);
	buffer_clear(&writing.out);
}
