/* IPsec, OpenVPN and certificates, for the tables' expressions. */
#include "api/service.h"
#include "api/trust/certificate.h"
#include "dialect/pfsense/functions.h"
#include "dialect/pfsense/mount.h"

#define PHASE1 "ipsec/phase1"
#define PHASE2 "ipsec/phase2"

/* Position of the object whose member is the same number. */
static int64_t
position_of_number(struct scope *scope, const char *path, const char *name, int64_t wanted)
{
	const struct value *list = tree_find(scope->tree, path);

	for (size_t i = 0; i < value_count(list); i++)
		if (to_integer(value_get(list->members[i].value, name)) == wanted)
			return (int64_t)i;
	return -1;
}

FUNCTION(p1_index)
{
	UNUSED;
	const int64_t at = is_numeric(A(0)) ?
				   position_of_number(scope, PHASE1, "ikeid", to_integer(A(0))) :
				   -1;

	return at < 0 ? say(scope, false) : number(scope, at);
}

FUNCTION(p2_index)
{
	UNUSED;
	return index_or_false(scope, position_of(scope, PHASE2, "uniqid", text(scope, A(0))));
}

FUNCTION(p1_peer_used)
{
	UNUSED;
	const struct value *list = tree_find(scope->tree, PHASE1);
	const struct text   peer = text(scope, A(0));
	const bool          duplicates = !is_none(value_get(scope->object, "gw_duplicates"));
	size_t              own = SIZE_MAX;

	if (scope->target)
		is_index(scope->target, &own);
	if (text_is(peer, "0.0.0.0") || text_is(peer, "::"))
		return say(scope, false);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *other = list->members[i].value;

		if (i == own || !is_none(value_get(other, "disabled")) ||
		    !member_is(scope, other, "remote-gateway", peer))
			continue;
		if (duplicates && !is_none(value_get(other, "gw_duplicates")) &&
		    (is_ipv4(peer) || is_ipv6(peer)))
			continue;
		return say(scope, true);
	}
	return say(scope, false);
}

static void
add_cipher(struct scope *scope, struct value *list, const char *name, struct value *length)
{
	struct value *cipher = value_object(scope->arena);

	value_set_string(scope->arena, cipher, "name", name);
	if (length)
		value_set(scope->arena, cipher, "keylen", length);
	value_add(scope->arena, list, cipher);
}

/* Objects {name, keylen}; with an argument that is true also keylen "auto". */
FUNCTION(p1_cipher_options)
{
	UNUSED;
	static const struct {
		const char *name;
		int         lengths[3];
	} ciphers[] = {
		{ "aes", { 128, 192, 256 } },       { "aes128gcm", { 64, 96, 128 } },
		{ "aes192gcm", { 64, 96, 128 } },   { "aes256gcm", { 64, 96, 128 } },
	};
	struct value *list = value_list(scope->arena);

	for (size_t i = 0; i < COUNT(ciphers); i++) {
		for (size_t j = 0; j < 3; j++)
			add_cipher(scope, list, ciphers[i].name, number(scope, ciphers[i].lengths[j]));
		if (is_true(A(0)))
			add_cipher(scope, list, ciphers[i].name, value_string(scope->arena, "auto"));
	}
	add_cipher(scope, list, "chacha20poly1305", NULL);
	add_cipher(scope, list, "chacha20poly1305", value_string(scope->arena, ""));
	if (is_true(A(0)))
		add_cipher(scope, list, "chacha20poly1305", value_string(scope->arena, "auto"));
	return list;
}

FUNCTION(parent_prf_on)
{
	UNUSED;
	size_t              index;
	const struct value *parent = is_index(scope->target, &index) ?
					     value_at(tree_find(scope->tree, PHASE1), index) :
					     NULL;

	return say(scope, !is_none(value_get(parent, "prfselect_enable")));
}

FUNCTION(aes_offered)
{
	UNUSED;
	const struct value *ciphers = value_get(scope->object, "encryption-algorithm-option");

	for (size_t i = 0; i < value_count(ciphers); i++)
		if (member_is(scope, ciphers->members[i].value, "name", TEXT("aes")))
			return say(scope, true);
	return say(scope, false);
}

/* Does a record of another dialect have this number? */
static bool
is_taken(const struct scope *scope, const char *resource, const char *name, int64_t n)
{
	return resource && collection_where(snapshot_named(tree_snapshot(scope->tree), resource), name,
					    text_of(arena_print(scope->arena, "%lld", (long long)n)));
}

/* The lowest number from 1 that no object of the lists and no record of the resource (NULL: of none) has. */
static struct value *
next_number(struct scope *scope, const char *const *paths, const char *name, const char *resource)
{
	for (int64_t i = 1;; i++) {
		bool free = !is_taken(scope, resource, name, i);

		for (size_t j = 0; free && paths[j]; j++)
			free = position_of_number(scope, paths[j], name, i) < 0;
		if (free)
			return number(scope, i);
	}
}

FUNCTION(next_ikeid)
{
	UNUSED;
	return next_number(scope, (const char *const[]){ PHASE1, NULL }, "ikeid", NULL);
}

FUNCTION(next_reqid)
{
	UNUSED;
	return next_number(scope, (const char *const[]){ PHASE2, NULL }, "reqid", NULL);
}

static const char *const openvpn_paths[] = { "openvpn/openvpn-server", "openvpn/openvpn-client", NULL };

FUNCTION(next_vpnid)
{
	UNUSED;
	return next_number(scope, openvpn_paths, "vpnid", "openvpn.instance");
}

/* UDP4, UDP6 and UDP are one transport. */
static bool
same_transport(struct text a, struct text b)
{
	return a.len >= 3 && b.len >= 3 && text_equal(text_first(a, 3), text_first(b, 3)) &&
	       text_equal(a, b);
}

static int64_t
port_user(struct scope *scope, struct text transport, struct text interface, struct text port, int64_t own)
{
	for (size_t j = 0; openvpn_paths[j]; j++) {
		const struct value *list = tree_find(scope->tree, openvpn_paths[j]);

		for (size_t i = 0; i < value_count(list); i++) {
			const struct value *other = list->members[i].value;
			const int64_t       id = to_integer(value_get(other, "vpnid"));

			if (id != own && is_none(value_get(other, "disable")) &&
			    member_is(scope, other, "local_port", port) &&
			    member_is(scope, other, "interface", interface) &&
			    same_transport(text(scope, value_get(other, "protocol")), transport))
				return id;
		}
	}
	return 0;
}

FUNCTION(ovpn_port_used_by)
{
	UNUSED;
	return number(scope, port_user(scope, text(scope, A(0)), text(scope, A(1)), text(scope, A(2)),
				       to_integer(A(3))));
}

FUNCTION(next_ovpn_port)
{
	UNUSED;
	for (int port = 1194; port < 65535; port++)
		if (port_user(scope, text(scope, A(0)), text(scope, A(1)),
			      text_of(arena_print(scope->arena, "%d", port)), 0) == 0)
			return number(scope, port);
	return NULL;
}

FUNCTION(ovpn_tunnel_in_use)
{
	UNUSED;
	const struct text network = text(scope, A(0));
	size_t            own = SIZE_MAX;

	if (scope->target)
		is_index(scope->target, &own);
	for (size_t j = 0; network.len && openvpn_paths[j]; j++) {
		const struct value *list = tree_find(scope->tree, openvpn_paths[j]);

		for (size_t i = 0; i < value_count(list); i++) {
			const struct value *other = list->members[i].value;

			if (is_alike(value_get(other, "vpnid"), value_get(scope->object, "vpnid")) &&
			    scope->object)
				continue;
			if (member_is(scope, other, "tunnel_network", network) ||
			    member_is(scope, other, "tunnel_networkv6", network))
				return say(scope, true);
		}
	}
	return say(scope, false);
}

/* A virtual IP by description, address or uniqid. */
static const struct value *
find_vip(struct scope *scope, struct text name)
{
	const struct value *list = tree_find(scope->tree, "virtualip/vip");

	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *vip = list->members[i].value;
		const struct text   uniqid = text(scope, value_get(vip, "uniqid"));

		if (name.len && (text_equal_any_case(text(scope, value_get(vip, "descr")), name) ||
				 member_is(scope, vip, "subnet", name) || text_equal_any_case(uniqid, name)))
			return vip;
	}
	return NULL;
}

/* What an instance listens on: {interface, ipaddr}; false when nothing is called so. */
FUNCTION(openvpn_interface)
{
	UNUSED;
	struct value       *found = value_object(scope->arena);
	const struct text   name = text(scope, A(0));
	const char         *id = interface_id(scope, name, TEXT_NONE);
	const struct value *vip = find_vip(scope, name), *address = NULL;
	const int64_t       group = position_of(scope, "gateways/gateway_group", "name", name);

	if (id && is_none(value_get(value_get(tree_find(scope->tree, "interfaces"), id), "enable")))
		id = NULL;
	if (!id && vip) {
		id = arena_print(scope->arena, "_vip%s", to_string(scope->arena, value_get(vip, "uniqid")));
		address = value_get(vip, "subnet");
	} else if (!id && group >= 0) {
		id = to_string(scope->arena, A(0));
	}
	if (!id)
		return say(scope, false);
	value_set_string(scope->arena, found, "interface", id);
	value_set_string(scope->arena, found, "ipaddr", to_string(scope->arena, address));
	return found;
}

FUNCTION(openvpn_vip)
{
	UNUSED;
	const struct value *vip = find_vip(scope, text(scope, A(0)));

	if (!vip)
		return say(scope, false);
	return value_string(scope->arena,
			    arena_print(scope->arena, "_vip%s|%s",
					to_string(scope->arena, value_get(vip, "uniqid")),
					to_string(scope->arena, value_get(vip, "subnet"))));
}

FUNCTION(new_static_key)
{
	UNUSED;
	scoped_buffer     out = BUFFER_NONE;
	const struct text key = text_of(random_hex(scope->arena, 256));

	buffer_add_string(&out, "#\n# 2048 bit OpenVPN static key\n#\n-----BEGIN OpenVPN Static key V1-----\n");
	for (size_t i = 0; i < key.len; i += 32) {
		buffer_add(&out, text_first(text_after(key, i), 32));
		buffer_add_byte(&out, '\n');
	}
	buffer_add_string(&out, "-----END OpenVPN Static key V1-----\n");
	return value_text(scope->arena, buffer_text(&out));
}

FUNCTION(cert_exists)
{
	UNUSED;
	return say(scope, position_of(scope, "cert", "refid", text(scope, A(0))) >= 0);
}

FUNCTION(ca_exists)
{
	UNUSED;
	return say(scope, position_of(scope, "ca", "refid", text(scope, A(0))) >= 0);
}

FUNCTION(signing_ca_refids)
{
	UNUSED;
	const struct value *list = tree_find(scope->tree, "ca");
	struct value       *refids = value_list(scope->arena);

	for (size_t i = 0; i < value_count(list); i++)
		if (is_true(value_get(list->members[i].value, "prv")))
			value_add(scope->arena, refids, value_get(list->members[i].value, "refid"));
	return refids;
}

/* Does any object of the list at path name this in one of its members? */
static bool
is_named_in(struct scope *scope, const char *path, const char *const *members, struct text wanted)
{
	for (size_t i = 0; members[i]; i++)
		if (position_of(scope, path, members[i], wanted) >= 0)
			return true;
	return false;
}

FUNCTION(cert_in_use)
{
	UNUSED;
	static const char *const members[] = { "certref", NULL };
	const struct text        refid = text(scope, A(0));
	const struct value      *users = tree_find(scope->tree, "system/user");

	if (refid.len == 0)
		return say(scope, false);
	for (size_t i = 0; i < value_count(users); i++) {
		const struct value *certs = to_list(scope->arena, value_get(users->members[i].value, "cert"));

		for (size_t j = 0; j < value_count(certs); j++)
			if (text_equal(text(scope, certs->members[j].value), refid))
				return say(scope, true);
	}
	return say(scope, is_named_in(scope, PHASE1, members, refid) ||
				  is_named_in(scope, openvpn_paths[0], members, refid) ||
				  is_named_in(scope, openvpn_paths[1], members, refid) ||
				  text_equal(refid, text(scope, tree_find(scope->tree,
									  "system/webgui/ssl-certref"))));
}

FUNCTION(ca_in_use)
{
	UNUSED;
	static const char *const members[] = { "caref", NULL };
	const struct text        refid = text(scope, A(0));

	return say(scope, refid.len && (is_named_in(scope, PHASE1, members, refid) ||
					is_named_in(scope, openvpn_paths[0], members, refid) ||
					is_named_in(scope, openvpn_paths[1], members, refid)));
}

FUNCTION(crl_in_use)
{
	UNUSED;
	static const char *const members[] = { "crlref", NULL };
	const struct text        refid = text(scope, A(0));

	return say(scope, refid.len && (is_named_in(scope, openvpn_paths[0], members, refid) ||
					is_named_in(scope, openvpn_paths[1], members, refid)));
}

FUNCTION(cert_max_days)
{
	UNUSED;
	return number(scope, 12000);
}

/* The key's fingerprint; what cannot be read is itself, so that two of it are not alike. */
FUNCTION(public_key)
{
	UNUSED;
	const char *key = certificate_public_key(scope->arena, text(scope, A(0)), count > 2);

	return key ? value_string(scope->arena, key) :
		     value_string(scope->arena, count > 2 ? "no key" : "no certificate");
}

FUNCTION(cert_purpose)
{
	UNUSED;
	struct value *purpose = value_object(scope->arena);

	value_set_string(scope->arena, purpose, "ca",
			 certificate_is_authority(text(scope, A(0))) ? "Yes" : "No");
	return purpose;
}

/* clang-format off */
const struct function functions_vpn[] = {
	{ "p1_index",           1, 1, call_p1_index },
	{ "p2_index",           1, 1, call_p2_index },
	{ "p1_peer_used",       1, 1, call_p1_peer_used },
	{ "p1_cipher_options",  1, 1, call_p1_cipher_options },
	{ "parent_prf_on",      0, 0, call_parent_prf_on },
	{ "aes_offered",        0, 0, call_aes_offered },
	{ "next_ikeid",         0, 0, call_next_ikeid },
	{ "next_reqid",         0, 0, call_next_reqid },
	{ "next_vpnid",         0, 0, call_next_vpnid },
	{ "next_ovpn_port",     2, 2, call_next_ovpn_port },
	{ "ovpn_port_used_by",  4, 4, call_ovpn_port_used_by },
	{ "ovpn_tunnel_in_use", 1, 1, call_ovpn_tunnel_in_use },
	{ "openvpn_interface",  1, 1, call_openvpn_interface },
	{ "openvpn_vip",        1, 1, call_openvpn_vip },
	{ "new_static_key",     0, 0, call_new_static_key },
	{ "cert_exists",        1, 1, call_cert_exists },
	{ "ca_exists",          1, 1, call_ca_exists },
	{ "signing_ca_refids",  0, 0, call_signing_ca_refids },
	{ "cert_in_use",        1, 1, call_cert_in_use },
	{ "ca_in_use",          1, 1, call_ca_in_use },
	{ "crl_in_use",         1, 1, call_crl_in_use },
	{ "public_key",         2, 3, call_public_key },
	{ "cert_purpose",       2, 2, call_cert_purpose },
	{ "cert_max_days",      0, 0, call_cert_max_days },
	{ NULL },
};
/* clang-format on */
