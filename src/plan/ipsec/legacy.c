/*
 * Tunnels of the older kind as connections: each phase 1 is one, called conIKEID, with its phases 2 as children. Ways
 * to authenticate that strongSwan does not have by itself are left out, and said.
 */
#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "base/number.h"
#include "json/read.h"
#include "plan/ipsec/conf.h"
#include "plan/ipsec/swanctl.h"

#define REKEY_PERCENT 90 /* of the lifetime: then a new key is asked for */
#define IKE_PORT      500

/* --- what only pfSense has ------------------------------------------------------------------------ */

/* Members that have no field, as its dialect keeps them; NULL: none. */
static const struct value *
members_of(struct arena *arena, const struct record *phase)
{
	struct value *members = NULL;

	if (record_has(phase, "pfsense"))
		(void)json_read(arena, record_text(phase, "pfsense"), NULL, &members, NULL);
	return members;
}

static const char *
member(struct arena *arena, const struct value *members, const char *name)
{
	const char *text = value_as_string(arena, value_get(members, name));

	return text ? text : "";
}

/* Seconds until a new key; as a share of the lifetime when nobody says so. */
static int64_t
rekey_after(struct arena *arena, const struct value *members, int64_t lifetime)
{
	int64_t seconds = lifetime * REKEY_PERCENT / 100;

	(void)number_read(text_of(member(arena, members, "rekey_time")), 1, lifetime, &seconds);
	return seconds;
}

static void
put_seconds(struct conf *conf, const char *key, const char *value)
{
	int64_t seconds;

	if (number_read(text_of(value), 1, INT32_MAX, &seconds))
		conf_put_seconds(conf, key, value);
}

/* A word of the list, or the other one. */
static const char *
choice_of(const char *value, const char *otherwise)
{
	static const char *const actions[] = { "none", "trap", "start" };

	for (size_t i = 0; i < COUNT(actions); i++)
		if (strcmp(value, actions[i]) == 0)
			return actions[i];
	return otherwise;
}

/* Where its peer listens, when that is not where all do. */
static void
put_port(struct conf *conf, const char *port)
{
	int64_t number;

	if (number_read(text_of(port), 1, UINT16_MAX, &number) && number != IKE_PORT)
		conf_put_string(conf, "remote_port", port);
}

/* --- proposals ----------------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *number, *name;
} groups[] = {
	{ "1", "modp768" }, { "2", "modp1024" }, { "5", "modp1536" }, { "14", "modp2048" }, { "15", "modp3072" },
	{ "16", "modp4096" }, { "17", "modp6144" }, { "18", "modp8192" }, { "19", "ecp256" }, { "20", "ecp384" },
	{ "21", "ecp521" }, { "22", "modp1024s160" }, { "23", "modp2048s224" }, { "24", "modp2048s256" },
	{ "28", "ecp256bp" }, { "29", "ecp384bp" }, { "30", "ecp512bp" }, { "31", "curve25519" }, { "32", "curve448" },
};
/* clang-format on */

static const char *
group_of(struct text number)
{
	for (size_t i = 0; i < COUNT(groups); i++)
		if (text_is(number, groups[i].number))
			return groups[i].name;
	return NULL;
}

/* "aes" of any length means the longest; what is no letter or digit is none of a cipher. */
static bool
add_word(struct buffer *out, struct text word, bool is_first)
{
	if (text_starts(word, TEXT("hmac_")))
		word = text_after(word, 5);
	if (word.len == 0 || word.len > 32)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (!((word.ptr[i] >= 'a' && word.ptr[i] <= 'z') || (word.ptr[i] >= '0' && word.ptr[i] <= '9')))
			return false;
	buffer_print(out, "%s%.*s", is_first ? "" : "-", TEXT_ARGS(word));
	if (text_is(word, "aes"))
		buffer_add_string(out, "256");
	return true;
}

/* One more "cipher-hash-group", unless it is none. */
static void
add_proposal(struct buffer *out, struct text cipher, struct text hash, struct text group, struct text function)
{
	const size_t before = out->len;
	const bool   is_whole = text_contains(cipher, TEXT("gcm")) || text_contains(cipher, TEXT("ccm")) ||
			      text_starts(cipher, TEXT("chacha"));
	const char  *name = group_of(group);
	bool         is_good;

	if (out->len > 0)
		buffer_add_byte(out, ',');
	is_good = add_word(out, cipher, true);
	/* Such ciphers need no hash, but a function to make keys from. */
	if (is_good && is_whole && name && function.len > 0) {
		buffer_add_string(out, "-prf");
		is_good = add_word(out, function, true);
	} else if (is_good && !is_whole && hash.len > 0) {
		is_good = add_word(out, hash, false);
	}
	if (is_good && group.len > 0 && !text_is(group, "0"))
		is_good = name && add_word(out, text_of(name), false);
	if (!is_good)
		buffer_cut(out, before);
}

static void
put_ike_proposals(struct conf *conf, const struct record *phase)
{
	struct text   rest = record_text(phase, "proposals"), line, hash, group;
	scoped_buffer out = BUFFER_NONE, cipher = BUFFER_NONE;

	buffer_print(&cipher, "%s%s", record_get(phase, "encryption-algorithm.name"),
		     record_get(phase, "encryption-algorithm.keylen"));
	while (text_next(&rest, "\n", &line)) {
		const struct text word = text_until(&line, '|');

		hash = text_until(&line, '|');
		group = text_until(&line, '|');
		add_proposal(&out, word, hash, group, line);
	}
	for (struct text hashes = record_text(phase, "hash-algorithm"); !record_has(phase, "proposals") && text_next(&hashes, ",", &hash);)
		for (struct text all = record_text(phase, "dhgroup"); text_next(&all, ",", &group);)
			add_proposal(&out, buffer_text(&cipher), hash, group, hash);
	conf_put(conf, "proposals", out.len ? buffer_text(&out) : TEXT("default"));
}

static void
put_esp_proposals(struct conf *conf, const struct record *phase)
{
	const bool    is_ah = strcmp(record_get(phase, "protocol"), "ah") == 0;
	struct text   ciphers = is_ah ? TEXT("null") : record_text(phase, "encryption-algorithm-option"), cipher, hash;
	scoped_buffer out = BUFFER_NONE;

	while (text_next(&ciphers, ",", &cipher)) {
		struct text hashes = record_text(phase, "hash-algorithm-option");
		bool        any = false;

		for (; text_next(&hashes, ",", &hash); any = true)
			add_proposal(&out, is_ah ? hash : cipher, is_ah ? TEXT_NONE : hash, record_text(phase, "pfsgroup"), TEXT_NONE);
		if (!any && !is_ah)
			add_proposal(&out, cipher, TEXT_NONE, record_text(phase, "pfsgroup"), TEXT_NONE);
	}
	conf_put(conf, is_ah ? "ah_proposals" : "esp_proposals", out.len ? buffer_text(&out) : TEXT("default"));
}

/* --- who ----------------------------------------------------------------------------------------- */

struct ends {
	char local[64], remote[256]; /* addresses; "%any" when they are not known */
};

static struct ends
ends_of(const struct record *phase, const struct snapshot *snapshot)
{
	const struct record *interface = collection_find(snapshot_named(snapshot, "interfaces.interface"),
							 record_text(phase, "interface"));
	const bool           is_six = strcmp(record_get(phase, "protocol"), "inet6") == 0;
	struct text          rest = interface ? record_text(interface, is_six ? "ipaddrv6" : "ipaddr") : TEXT_NONE;
	const struct text    address = text_until(&rest, '/');
	struct ends          ends;

	snprintf(ends.local, sizeof(ends.local), "%.*s", TEXT_ARGS(address.len ? address : TEXT("%any")));
	snprintf(ends.remote, sizeof(ends.remote), "%s",
		 record_bool(phase, "mobile") || !record_has(phase, "remote-gateway") ? "%any"
										       : record_get(phase, "remote-gateway"));
	return ends;
}

/* What the end is called to the other. */
static const char *
id_of(struct arena *arena, const struct record *phase, const char *type, const char *data, const char *address)
{
	const char *kind = record_get(phase, type), *name = record_get(phase, data);

	if (strcmp(kind, "myaddress") == 0 || strcmp(kind, "peeraddress") == 0 || !name[0])
		return strcmp(address, "%any") == 0 ? "" : address;
	if (strncmp(kind, "keyid", 5) == 0)
		return arena_print(arena, "keyid:%s", name);
	return arena_print(arena, "%s%s", strcmp(kind, "user_fqdn") == 0 && !strchr(name, '@') ? "email:" : "", name);
}

static const struct auth {
	const char *method, *local, *remote;
} auths[] = {
	{ "pre_shared_key", "psk", "psk" },     { "cert", "pubkey", "pubkey" },         { "rsasig", "pubkey", "pubkey" },
	{ "ecdsasig", "pubkey", "pubkey" },     { "pubkey", "pubkey", "pubkey" },       { "eap-tls", "pubkey", "eap-tls" },
	{ "eap-mschapv2", "pubkey", "eap-mschapv2" }, { "eap-radius", "pubkey", "eap-radius" },
};

static const struct auth *
auth_of(const struct record *phase)
{
	for (size_t i = 0; i < COUNT(auths); i++)
		if (strcmp(auths[i].method, record_get(phase, "authentication_method")) == 0)
			return &auths[i];
	return NULL;
}

static void
put_file(struct conf *conf, const char *key, const char *refid)
{
	scoped_buffer file = BUFFER_NONE;

	if (refid[0])
		buffer_print(&file, "%s.crt", refid);
	conf_put(conf, key, buffer_text(&file));
}

static void
put_auth(struct conf *conf, const struct record *phase, const struct auth *auth, const struct ends *ends)
{
	scoped_arena arena = arena_new();

	conf_open(conf, "local-0");
	conf_put_string(conf, "auth", auth->local);
	conf_put_string(conf, "id", id_of(arena, phase, "myid_type", "myid_data", ends->local));
	if (strcmp(auth->local, "psk") != 0)
		put_file(conf, "certs", record_get(phase, "certref"));
	conf_close(conf);
	conf_open(conf, "remote-0");
	conf_put_string(conf, "auth", auth->remote);
	conf_put_string(conf, "id", id_of(arena, phase, "peerid_type", "peerid_data", ends->remote));
	if (strcmp(auth->remote, "pubkey") == 0)
		put_file(conf, "cacerts", record_get(phase, "caref"));
	if (strncmp(auth->remote, "eap-", 4) == 0)
		conf_put_string(conf, "eap_id", "%any");
	conf_close(conf);
}

/* --- what goes through --------------------------------------------------------------------------- */

/* The network of an end of phase 2; empty: the daemon's own choice. */
static const char *
network_of(struct arena *arena, const struct record *phase, const char *end, const struct snapshot *snapshot)
{
	const char *type = record_get(phase, arena_print(arena, "%s.type", end));
	const char *address = record_get(phase, arena_print(arena, "%s.address", end));
	const char *bits = record_get(phase, arena_print(arena, "%s.netbits", end));
	const bool  is_six = strcmp(record_get(phase, "mode"), "tunnel6") == 0;
	struct prefix network;

	if (strcmp(type, "address") == 0 || strcmp(type, "network") == 0) {
		const bool has_bits = strcmp(type, "network") == 0 && bits[0];

		if (!prefix_read(text_of(arena_print(arena, "%s%s%s", address, has_bits ? "/" : "", has_bits ? bits : "")), &network))
			return "";
	} else {
		const struct record *interface =
			collection_find(snapshot_named(snapshot, "interfaces.interface"), text_of(type));

		if (!interface || !prefix_read(record_text(interface, is_six ? "ipaddrv6" : "ipaddr"), &network))
			return "";
	}
	network.address = prefix_first(&network);
	return prefix_print(arena, &network);
}

static void
put_phase2(struct conf *conf, const struct record *phase, const struct record *tunnel, size_t number,
	   const struct snapshot *snapshot)
{
	scoped_arena  arena = arena_new();
	const int64_t lifetime = record_number(phase, "lifetime", 0);
	const bool    is_transport = strcmp(record_get(phase, "mode"), "transport") == 0;
	const struct value *members = members_of(arena, phase), *outer = members_of(arena, tunnel);

	conf_open(conf, arena_print(arena, "con%s-%zu", record_get(tunnel, "ikeid"), number));
	conf_put_string(conf, "reqid", record_get(phase, "reqid"));
	put_esp_proposals(conf, phase);
	conf_put_string(conf, "mode", is_transport ? "transport" : "tunnel");
	if (!is_transport) {
		conf_put_string(conf, "local_ts", network_of(arena, phase, "localid", snapshot));
		conf_put_string(conf, "remote_ts", network_of(arena, phase, "remoteid", snapshot));
	}
	if (lifetime > 0) {
		conf_put_seconds(conf, "rekey_time", arena_print(arena, "%lld", (long long)rekey_after(arena, members, lifetime)));
		conf_put_seconds(conf, "life_time", arena_print(arena, "%lld", (long long)lifetime));
	}
	put_seconds(conf, "rand_time", member(arena, members, "rand_time"));
	conf_put_action(conf, "start_action",
			choice_of(member(arena, outer, "startaction"), record_bool(tunnel, "mobile") ? "none" : "trap"));
	conf_put_action(conf, "close_action", choice_of(member(arena, outer, "closeaction"), "none"));
	conf_close(conf);
}

static void
put_phase1(struct conf *conf, const struct record *phase, const struct auth *auth, const struct snapshot *snapshot)
{
	const struct collection *phases2 = snapshot_named(snapshot, "ipsec.phase2");
	const struct ends        ends = ends_of(phase, snapshot);
	const char              *kind = record_get(phase, "iketype");
	const int64_t            lifetime = record_number(phase, "lifetime", 0), delay = record_number(phase, "dpd_delay", 0);
	scoped_arena             arena = arena_new();
	const struct value      *members = members_of(arena, phase);
	size_t                   number = 0;

	conf_open(conf, arena_print(arena, "con%s", record_get(phase, "ikeid")));
	conf_put_string(conf, "version", strcmp(kind, "ikev1") == 0 ? "1" : strcmp(kind, "ikev2") == 0 ? "2" : "0");
	put_ike_proposals(conf, phase);
	conf_put_string(conf, "local_addrs", ends.local);
	conf_put_string(conf, "remote_addrs", ends.remote);
	conf_put_yes(conf, "aggressive", strcmp(record_get(phase, "mode"), "aggressive") == 0);
	conf_put_yes(conf, "mobike", strcmp(record_get(phase, "mobike"), "off") != 0);
	conf_put_yes(conf, "encap", strcmp(record_get(phase, "nat_traversal"), "force") == 0);
	if (delay > 0) {
		conf_put_seconds(conf, "dpd_delay", arena_print(arena, "%lld", (long long)delay));
		conf_put_seconds(conf, "dpd_timeout",
				 arena_print(arena, "%lld", (long long)(delay * (record_number(phase, "dpd_maxfail", 5) + 1))));
	}
	if (lifetime > 0) {
		const int64_t after = rekey_after(arena, members, lifetime);

		conf_put_seconds(conf, "rekey_time", arena_print(arena, "%lld", (long long)after));
		conf_put_seconds(conf, "over_time", arena_print(arena, "%lld", (long long)(lifetime - after)));
	}
	put_seconds(conf, "reauth_time", member(arena, members, "reauth_time"));
	put_seconds(conf, "rand_time", member(arena, members, "rand_time"));
	put_port(conf, member(arena, members, "ikeport"));
	put_auth(conf, phase, auth, &ends);
	conf_open(conf, "children");
	for (size_t i = 0; i < collection_count(phases2); i++) {
		const struct record *phase2 = collection_at(phases2, i);

		if (!record_bool(phase2, "disabled") && strcmp(record_get(phase2, "mode"), "vti") != 0 &&
		    strcmp(record_get(phase2, "ikeid"), record_get(phase, "ikeid")) == 0)
			put_phase2(conf, phase2, phase, number++, snapshot);
	}
	conf_close(conf);
	conf_close(conf);
}

/* What of the networks behind it cannot be had. */
static void
miss_phase2(const struct record *phase, struct buffer *missing)
{
	scoped_arena        arena = arena_new();
	const struct value *members = members_of(arena, phase);
	const char         *tunnel = record_get(phase, "ikeid");

	if (text_is(record_text(phase, "mode"), "vti"))
		buffer_print(missing, "IPsec tunnel %s: there is no backend yet for its mode vti\n", tunnel);
	if (value_count(value_get(members, "natlocalid")) > 0)
		buffer_print(missing, "IPsec tunnel %s: its networks cannot be translated\n", tunnel);
	if (record_has(phase, "pinghost"))
		buffer_print(missing, "IPsec tunnel %s: there is no backend yet for pings through it\n", tunnel);
}

static void
miss_phases2(const struct snapshot *snapshot, struct buffer *missing)
{
	const struct collection *phases = snapshot_named(snapshot, "ipsec.phase2");

	for (size_t i = 0; missing && i < collection_count(phases); i++)
		if (!record_bool(collection_at(phases, i), "disabled"))
			miss_phase2(collection_at(phases, i), missing);
}

void
legacy_write_connections(struct conf *conf, const struct snapshot *snapshot, struct buffer *missing)
{
	const struct collection *phases = snapshot_named(snapshot, "ipsec.phase1");

	miss_phases2(snapshot, missing);
	for (size_t i = 0; i < collection_count(phases); i++) {
		const struct record *phase = collection_at(phases, i);
		const struct auth   *auth = auth_of(phase);

		if (record_bool(phase, "disabled"))
			continue;
		if (auth)
			put_phase1(conf, phase, auth, snapshot);
		else if (missing)
			buffer_print(missing, "IPsec tunnel %s: there is no way %s to authenticate\n", record_get(phase, "ikeid"),
				     record_get(phase, "authentication_method"));
	}
}

void
legacy_write_secrets(struct conf *conf, const struct snapshot *snapshot, bool with_secrets)
{
	const struct collection *phases = snapshot_named(snapshot, "ipsec.phase1");

	for (size_t i = 0; i < collection_count(phases); i++) {
		const struct record *phase = collection_at(phases, i);
		const struct auth   *auth = auth_of(phase);
		const struct ends    ends = ends_of(phase, snapshot);
		scoped_arena         arena = arena_new();

		if (record_bool(phase, "disabled") || !auth || strcmp(auth->local, "psk") != 0)
			continue;
		conf_open(conf, arena_print(arena, "ike-con%s", record_get(phase, "ikeid")));
		conf_put_string(conf, "id-0", id_of(arena, phase, "myid_type", "myid_data", ends.local));
		conf_put_string(conf, "id-1", id_of(arena, phase, "peerid_type", "peerid_data", ends.remote));
		if (with_secrets)
			conf_put_secret(conf, "secret", record_text(phase, "pre-shared-key"));
		else
			conf_put_string(conf, "secret", "(not shown)");
		conf_close(conf);
	}
}
