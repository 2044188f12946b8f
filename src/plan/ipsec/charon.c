/*
 * strongSwan's daemon: its connections with all secrets (swanctl.c), its settings (strongswan.c), and the certificates and keys that
 * connections name, in the folders where swanctl looks for them.
 */
#include <string.h>

#include "base/base64.h"
#include "base/map.h"
#include "plan/ipsec/strongswan.h"
#include "plan/ipsec/swanctl.h"
#include "plan/service/planner.h"

#define CHAIN_MAX 8 /* authorities above each other */

struct writing {
	const struct service_view *view;
	struct service_draft      *draft;
	struct service_plan       *plan;
	struct map                *files; /* names of those that are there */
};

/* --- Files ------------------------------------------------------------------------------------------------- */

static void
put_file(struct writing *writing, const char *name, struct text content, bool is_secret)
{
	if (content.len > 0 && !map_set(writing->files, text_of(name), writing))
		service_put_file(writing->draft, writing->plan, name, content, is_secret);
}

/* A field of a certificate or authority, which is kept as PEM in base64. */
static bool
put_pem(struct writing *writing, const struct record *record, const char *field, const char *name)
{
	size_t      len = 0;
	const char *pem = base64_decode(writing->view->arena, record_text(record, field), &len);

	if (!pem || len == 0)
		return false;
	put_file(writing, name, (struct text){ pem, len }, strcmp(field, "prv") == 0);
	return true;
}

static const struct record *
find(const struct writing *writing, const char *resource, struct text refid)
{
	return refid.len ? collection_where(snapshot_named(writing->view->snapshot, resource), "refid", refid) : NULL;
}

/* The list of who is revoked, of this authority. */
static void
put_revoked(struct writing *writing, struct text authority)
{
	const struct collection *lists = snapshot_named(writing->view->snapshot, "trust.crl");
	struct arena            *arena = writing->view->arena;

	for (size_t i = 0; i < collection_count(lists); i++) {
		const struct record *list = collection_at(lists, i);

		if (text_equal(record_text(list, "caref"), authority))
			(void)put_pem(writing, list, "text", arena_print(arena, "x509crl/%s.crl", record_get(list, "refid")));
	}
}

/* The authority and those above it. */
static bool
put_authorities(struct writing *writing, struct text refid)
{
	bool is_there = false;

	for (int i = 0; i < CHAIN_MAX; i++) {
		const struct record *authority = find(writing, "trust.ca", refid);

		if (!authority || !put_pem(writing, authority, "crt",
					   arena_print(writing->view->arena, "x509ca/%.*s.crt", TEXT_ARGS(refid))))
			return is_there;
		is_there = true;
		put_revoked(writing, refid);
		refid = record_text(authority, "caref");
	}
	return is_there;
}

static bool
put_certificate(struct writing *writing, struct text refid, bool with_key)
{
	const struct record *certificate = find(writing, "trust.cert", refid);
	struct arena        *arena = writing->view->arena;

	if (!certificate || !put_pem(writing, certificate, "crt", arena_print(arena, "x509/%.*s.crt", TEXT_ARGS(refid))))
		return false;
	(void)put_authorities(writing, record_text(certificate, "caref"));
	return !with_key || put_pem(writing, certificate, "prv", arena_print(arena, "private/%.*s.key", TEXT_ARGS(refid)));
}

static void
put_certificates(struct writing *writing, const struct record *record, const char *field, bool with_key)
{
	struct text rest = record_text(record, field), refid;

	while (text_next(&rest, ",", &refid))
		if (refid.len > 0 && !put_certificate(writing, refid, with_key))
			service_miss(writing->draft, "IPsec: certificate %.13s%s", arena_copy(writing->view->arena, refid),
				     with_key ? " or its key is not there" : " is not there");
}

static void
put_trusted(struct writing *writing, const struct record *record, const char *field)
{
	struct text rest = record_text(record, field), refid;

	while (text_next(&rest, ",", &refid))
		if (refid.len > 0 && !put_authorities(writing, refid))
			service_miss(writing->draft, "IPsec: authority %.13s is not there", arena_copy(writing->view->arena, refid));
}

static void
put_keys(struct writing *writing, const struct record *record, bool with_private)
{
	const struct collection *pairs = snapshot_named(writing->view->snapshot, "ipsec.key_pair");
	struct text              rest = record_text(record, "pubkeys"), uuid;
	struct arena            *arena = writing->view->arena;

	while (text_next(&rest, ",", &uuid)) {
		const struct record *pair = collection_find(pairs, uuid);

		if (!pair)
			continue;
		put_file(writing, arena_print(arena, "pubkey/%s.pem", pair->uuid), record_text(pair, "publicKey"), false);
		if (with_private && record_has(pair, "privateKey"))
			put_file(writing, arena_print(arena, "private/%s.pem", pair->uuid), record_text(pair, "privateKey"), true);
		else if (with_private)
			service_miss(writing->draft, "IPsec: key %.64s has no private half", record_get(pair, "name"));
	}
}

static bool
is_in_use(const struct writing *writing, const struct record *end)
{
	const struct record *connection =
		collection_find(snapshot_named(writing->view->snapshot, "ipsec.connection"), record_text(end, "connection"));

	return record_bool(end, "enabled") && connection && record_bool(connection, "enabled");
}

/* Without means to authenticate somebody a connection is nothing. */
static void
check_auth(const struct writing *writing, const struct record *end)
{
	if (text_is(record_text(end, "auth"), "xauth-pam"))
		service_miss(writing->draft, "IPsec: Xauth PAM: users here are none of the machine's");
	if (text_is(record_text(end, "auth"), "eap-radius"))
		service_miss(writing->draft, "IPsec: EAP RADIUS: no server is known");
}

static void
put_ends(struct writing *writing)
{
	const struct collection *locals = snapshot_named(writing->view->snapshot, "ipsec.local");
	const struct collection *remotes = snapshot_named(writing->view->snapshot, "ipsec.remote");

	for (size_t i = 0; i < collection_count(locals); i++) {
		const struct record *local = collection_at(locals, i);

		if (!is_in_use(writing, local))
			continue;
		check_auth(writing, local);
		put_certificates(writing, local, "certs", true);
		put_keys(writing, local, true);
	}
	for (size_t i = 0; i < collection_count(remotes); i++) {
		const struct record *remote = collection_at(remotes, i);

		if (!is_in_use(writing, remote))
			continue;
		check_auth(writing, remote);
		put_certificates(writing, remote, "certs", false);
		put_trusted(writing, remote, "cacerts");
		put_keys(writing, remote, false);
	}
}

static void
put_older(struct writing *writing)
{
	const struct collection *phases = snapshot_named(writing->view->snapshot, "ipsec.phase1");

	for (size_t i = 0; i < collection_count(phases); i++) {
		const struct record *phase = collection_at(phases, i);

		if (record_bool(phase, "disabled") || text_is(record_text(phase, "authentication_method"), "pre_shared_key"))
			continue;
		put_certificates(writing, phase, "certref", true);
		put_trusted(writing, phase, "caref");
	}
}

/* --- What cannot be had --------------------------------------------------------------------------------------- */

static bool
any_enabled(const struct service_view *view, const char *resource)
{
	return collection_where(snapshot_named(view->snapshot, resource), "enabled", TEXT("1"));
}

/* What only a kernel can do that has ESP. */
static void
check_kernel(const struct service_view *view, struct service_draft *draft)
{
	const struct collection *children = snapshot_named(view->snapshot, "ipsec.child");
	const struct collection *phases = snapshot_named(view->snapshot, "ipsec.phase2");
	bool                     is_short = false;

	for (size_t i = 0; i < collection_count(children); i++)
		is_short |= record_bool(collection_at(children, i), "enabled") &&
			    !text_is(record_text(collection_at(children, i), "mode"), "tunnel");
	for (size_t i = 0; i < collection_count(phases); i++)
		is_short |= !record_bool(collection_at(phases, i), "disabled") &&
			    (text_is(record_text(collection_at(phases, i), "mode"), "transport") ||
			     text_is(record_text(collection_at(phases, i), "protocol"), "ah"));
	if (is_short)
		service_miss(draft, "IPsec: this kernel has no ESP (CONFIG_INET_ESP), and without it there are only tunnels: "
				    "no mode transport, pass or drop, and no AH");
}

static void
check_settings(const struct service_view *view, struct service_draft *draft)
{
	const struct record *settings = snapshot_single(view->snapshot, "ipsec.settings");

	if (record_bool(settings, "general.preferred_oldsa"))
		service_miss(draft, "IPsec: Linux always prefers the newest associations");
	if (record_has(settings, "general.passthrough_networks") && !view->kernel_has_esp)
		service_miss(draft, "IPsec: passthrough networks need a kernel with ESP (CONFIG_INET_ESP)");
	if (any_enabled(view, "ipsec.vti") && !view->kernel_has_esp)
		service_miss(draft, "IPsec: virtual tunnel interfaces need a kernel with ESP (CONFIG_INET_ESP)");
	if (any_enabled(view, "ipsec.spd"))
		service_miss(draft, "there is no backend yet for IPsec's manual policies");
}

void
plan_charon(const struct service_view *view, struct service_draft *draft)
{
	const bool          is_on = record_bool(snapshot_single(view->snapshot, "ipsec.settings"), "general.enabled");
	struct writing      writing = { view, draft, service_put(draft, "charon", is_on), map_make(view->arena) };
	scoped_buffer       connections = BUFFER_NONE, settings = BUFFER_NONE, missing = BUFFER_NONE;
	struct text         rest, line;

	if (!is_on)
		return;
	swanctl_write(&connections, view->snapshot, (struct swanctl_wish){ true, view->kernel_has_esp }, &missing);
	strongswan_write(&settings, view->snapshot, view->kernel_has_esp);
	put_file(&writing, "swanctl.conf", buffer_text(&connections), true);
	put_file(&writing, "strongswan.conf", buffer_text(&settings), false);
	put_ends(&writing);
	put_older(&writing);
	for (rest = buffer_text(&missing); text_next(&rest, "\n", &line);)
		service_miss(draft, "%.*s", TEXT_ARGS(line));
	check_settings(view, draft);
	if (!view->kernel_has_esp)
		check_kernel(view, draft);
}
