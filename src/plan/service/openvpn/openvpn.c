/*
 * OpenVPN: a process for each instance that is switched on. Its files are the configuration, what proves who it is, and what it gives
 * to single clients. The names of the files are ours, so that nothing of a client's is in a path.
 */
#include "plan/service/openvpn/openvpn.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/bug.h"
#include "base/number.h"

#define ROOT        "/etc/openvpn/drawbridge-"
#define NUMBER_MAX  9999999999 /* with more digits it makes no name of a link */
#define CHAIN_MAX   10         /* authorities above each other */
#define LOGIN_MAX   127        /* bytes of a name or password that OpenVPN reads */
/* Read anew for each client, as all in this directory is; longer than any common name: nobody is called so. */
#define REVOKED     "clients/list-of-revoked-certificates-whose-name-is-longer-than-that-of-any-client.pem"

/* --- Names ---------------------------------------------------------------------------------------------- */

static bool
is_role(const struct record *instance, const char *role)
{
	return text_is(record_text(instance, "role"), role);
}

const char *
openvpn_device(struct arena *arena, const struct record *instance)
{
	int64_t number;

	if (!service_number(instance, "vpnid", 1, NUMBER_MAX, &number))
		return NULL;
	return arena_print(arena, "ovpn%c%lld", is_role(instance, "client") ? 'c' : 's', (long long)number);
}

const char *
openvpn_service(struct arena *arena, const struct record *instance)
{
	return arena_print(arena, OPENVPN_SERVICE "%s", instance->uuid);
}

const char **
openvpn_devices(struct arena *arena, const struct snapshot *snapshot, size_t *count)
{
	const struct openvpn_all *all = openvpn_read(arena, snapshot);
	const char              **devices = ARENA_MAKE(arena, const char *, all->ninstances + 1);

	*count = 0;
	for (size_t i = 0; i < all->ninstances; i++) {
		const char *device = openvpn_device(arena, all->instances[i].record);

		if (device && record_bool(all->instances[i].record, "enabled"))
			devices[(*count)++] = device;
	}
	return devices;
}

/* --- Certificates ---------------------------------------------------------------------------------------- */

static const struct record *
find(const struct tunnel *tunnel, const char *resource, struct text refid)
{
	return refid.len > 0 ? collection_where(snapshot_named(tunnel->view->snapshot, resource), "refid", refid) : NULL;
}

/* What stands in base64 in a field; empty when there is nothing. */
static struct text
decoded(const struct tunnel *tunnel, const struct record *record, const char *field)
{
	size_t      len = 0;
	const char *bytes = record ? base64_decode(tunnel->view->arena, record_text(record, field), &len) : NULL;

	return bytes ? (struct text){ bytes, len } : TEXT_NONE;
}

void
tunnel_put_file(struct tunnel *tunnel, struct service_plan *plan, const char *option, const char *file, struct text content, bool secret)
{
	service_put_file(tunnel->draft, plan, file, content, secret);
	tunnel_print(tunnel, "%s %s/%s", option, tunnel->directory, file);
}

/* The authority, and those above it. */
static void
put_authorities(struct tunnel *tunnel, struct service_plan *plan, const struct record *ca)
{
	scoped_buffer chain = BUFFER_NONE;

	for (int i = 0; ca && i < CHAIN_MAX; i++) {
		buffer_add(&chain, decoded(tunnel, ca, "crt"));
		buffer_add_byte(&chain, '\n');
		ca = find(tunnel, "trust.ca", record_text(ca, "caref"));
	}
	tunnel_put_file(tunnel, plan, "ca", "ca.pem", buffer_text(&chain), false);
}

struct proof {
	const struct record *cert, *ca, *crl;
};

/* False, and missed: without these it would not run, or let in whoever comes. */
static bool
find_proof(struct tunnel *tunnel, struct proof *out)
{
	const struct record *instance = tunnel->instance;
	const bool           wants_crl = record_has(instance, "crl");

	out->cert = find(tunnel, "trust.cert", record_text(instance, "cert"));
	out->ca = find(tunnel, "trust.ca", record_text(instance, "ca"));
	if (!out->ca && out->cert && !record_has(instance, "ca"))
		out->ca = find(tunnel, "trust.ca", record_text(out->cert, "caref"));
	out->crl = find(tunnel, "trust.crl", record_text(instance, "crl"));
	/* A server proves who it is, whatever it asks of others. */
	if (tunnel->is_server || record_has(instance, "cert")) {
		if (decoded(tunnel, out->cert, "crt").len == 0 || decoded(tunnel, out->cert, "prv").len == 0) {
			tunnel_miss(tunnel, "cert", "there is no such certificate with its key: it does not run");
			return false;
		}
	}
	if (decoded(tunnel, out->ca, "crt").len == 0)
		tunnel_miss(tunnel, "ca", "there is no such authority: it does not run");
	else if (wants_crl && decoded(tunnel, out->crl, "text").len == 0)
		tunnel_miss(tunnel, "crl", "there is no such list: it does not run");
	else
		return true;
	return false;
}

static void
put_proof(struct tunnel *tunnel, struct service_plan *plan, const struct proof *proof)
{
	put_authorities(tunnel, plan, proof->ca);
	if (proof->cert) {
		tunnel_put_file(tunnel, plan, "cert", "cert.pem", decoded(tunnel, proof->cert, "crt"), false);
		tunnel_put_file(tunnel, plan, "key", "key.pem", decoded(tunnel, proof->cert, "prv"), true);
	}
	if (proof->crl)
		tunnel_put_file(tunnel, plan, "crl-verify", REVOKED, decoded(tunnel, proof->crl, "text"), false);
}

/* --- Shared keys ------------------------------------------------------------------------------------------ */

static const struct record *
find_key(const struct tunnel *tunnel)
{
	for (size_t i = 0; i < tunnel->all->nkeys; i++)
		if (text_is(record_text(tunnel->instance, "tls_key"), tunnel->all->keys[i]->uuid))
			return tunnel->all->keys[i];
	return NULL;
}

/* False, and missed: the other side would not be heard, or anybody would. */
static bool
put_shared_key(struct tunnel *tunnel, struct service_plan *plan)
{
	static const char *const modes[] = { "auth", "crypt", "crypt-v2", NULL };
	static const char *const options[] = { "tls-auth", "tls-crypt", "tls-crypt-v2" };
	const struct record     *key = find_key(tunnel);
	const size_t             mode = key ? record_choice(key, "mode", modes, COUNT(options)) : COUNT(options);

	if (!record_has(tunnel->instance, "tls_key"))
		return true;
	if (mode == COUNT(options)) {
		tunnel_miss(tunnel, "tls_key", "there is no such key: it does not run");
		return false;
	}
	tunnel_put_file(tunnel, plan, options[mode], "shared.key", record_text(key, "key"), true);
	if (mode == 0)
		tunnel_print(tunnel, "key-direction %d", !tunnel->is_server);
	return true;
}

/* --- Who the client is ------------------------------------------------------------------------------------ */

static bool
is_line(struct text text)
{
	return text.len > 0 && text.len <= LOGIN_MAX && !memchr(text.ptr, '\n', text.len) && !memchr(text.ptr, '\r', text.len) &&
	       !memchr(text.ptr, '\0', text.len);
}

static void
put_login(struct tunnel *tunnel, struct service_plan *plan)
{
	const struct text name = record_text(tunnel->instance, "username"), password = record_text(tunnel->instance, "password");
	const char       *lines;

	if (tunnel->is_server || (name.len == 0 && password.len == 0))
		return;
	if (!is_line(name) || !is_line(password)) {
		tunnel_miss(tunnel, "username", "a name or password of these bytes or this length cannot be told");
		return;
	}
	lines = arena_print(tunnel->view->arena, "%.*s\n%.*s\n", TEXT_ARGS(name), TEXT_ARGS(password));
	tunnel_put_file(tunnel, plan, "auth-user-pass", "login", text_of(lines), true);
}

/* --- Instances -------------------------------------------------------------------------------------------- */

static struct tunnel
read_tunnel(const struct service_view *view, struct service_draft *draft, const struct openvpn_all *all, size_t at)
{
	const struct record *instance = all->instances[at].record;
	const char *described = record_get(instance, "description");

	return (struct tunnel){
		.view = view, .draft = draft, .all = all, .instance = instance,
		.name = arena_print(view->arena, "OpenVPN %s", described[0] ? described : instance->uuid),
		.device = openvpn_device(view->arena, instance),
		.directory = arena_print(view->arena, ROOT "%s", instance->uuid),
		.is_server = !is_role(instance, "client"),
		.is_tap = text_is(record_text(instance, "dev_type"), "tap"),
		.is_udp = !text_starts(record_text(instance, "proto"), TEXT("tcp")),
		.out = BUFFER_NONE,
	};
}

static void
put_instance(struct tunnel *tunnel, const struct openvpn_instance *from)
{
	struct service_plan *plan;
	struct proof         proof;

	if (!tunnel->device) {
		tunnel_miss(tunnel, "vpnid", "no link can have this number: it does not run");
		return;
	}
	if (!find_proof(tunnel, &proof) || !tunnel_can_ask(tunnel))
		return;
	plan = service_put(tunnel->draft, openvpn_service(tunnel->view->arena, tunnel->instance), true);
	tunnel_settings(tunnel);
	buffer_add_string(&tunnel->out, from->lines);
	put_proof(tunnel, plan, &proof);
	put_login(tunnel, plan);
	tunnel_logins(tunnel, plan);
	if (!put_shared_key(tunnel, plan)) {
		plan->wanted = false;
		plan->nfiles = 0;
		return;
	}
	service_put_file(tunnel->draft, plan, "openvpn.conf", buffer_text(&tunnel->out), false);
	if (tunnel->is_server)
		tunnel_clients(tunnel, plan);
}

/* Another one with the same number, which comes first. */
static bool
is_twin(const struct openvpn_all *all, size_t at)
{
	int64_t number = 0, other = 0;

	for (size_t i = 0; i < at; i++)
		if (record_bool(all->instances[i].record, "enabled") &&
		    service_number(all->instances[i].record, "vpnid", 1, NUMBER_MAX, &other) &&
		    service_number(all->instances[at].record, "vpnid", 1, NUMBER_MAX, &number) && number == other)
			return true;
	return false;
}

void
plan_openvpn(const struct service_view *view, struct service_draft *draft)
{
	const struct openvpn_all *all = openvpn_read(view->arena, view->snapshot);
	size_t                    count = 0;

	for (size_t i = 0; i < all->ninstances; i++) {
		struct tunnel tunnel = read_tunnel(view, draft, all, i);

		if (!record_bool(tunnel.instance, "enabled"))
			continue;
		if (is_twin(all, i)) {
			tunnel_miss(&tunnel, "vpnid", "another instance has the same number: it does not run");
			continue;
		}
		if (count++ == OPENVPN_INSTANCES_MAX) {
			service_miss(draft, "OpenVPN: more than %d instances", OPENVPN_INSTANCES_MAX);
			return;
		}
		if (all->instances[i].missing[0])
			service_miss(draft, "%s: %s", tunnel.name, all->instances[i].missing);
		put_instance(&tunnel, &all->instances[i]);
		buffer_clear(&tunnel.out);
	}
}
