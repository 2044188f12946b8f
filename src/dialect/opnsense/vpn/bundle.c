/*
 * Clients of OpenVPN: a configuration with everything in it, or an archive. A value with blanks stands in quotes, where
 * OpenVPN takes "\" as an escape.
 */
#include "dialect/opnsense/vpn/bundle.h"

#include <string.h>

#include "api/accounts.h"
#include "api/trust/certificate.h"
#include "api/trust/openvpn.h"
#include "base/archive.h"
#include "base/bug.h"

#define DEFAULT_PORT "1194"

/* --- the configuration ---------------------------------------------------------------------- */

static void
put_quoted(struct buffer *out, const char *value)
{
	buffer_add_byte(out, '"');
	for (; *value; value++) {
		if ((unsigned char)*value < 0x20)
			continue;
		if (*value == '"' || *value == '\\')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, *value);
	}
	buffer_add_byte(out, '"');
}

static const char *
protocol_of(const struct record *server)
{
	static const char *const pairs[][2] = { { "tcp", "tcp-client" }, { "tcp4", "tcp4-client" }, { "tcp6", "tcp6-client" } };

	for (size_t i = 0; i < COUNT(pairs); i++)
		if (strcmp(record_get(server, "proto"), pairs[i][0]) == 0)
			return pairs[i][1];
	return record_get(server, "proto");
}

static void
put_remotes(struct buffer *out, const struct client_files *client)
{
	struct text hosts = record_text(client->presets, "hostname"), host;
	const char *port = record_has(client->server, "port") ? record_get(client->server, "port") : DEFAULT_PORT;

	while (text_next(&hosts, ",", &host))
		if (host.len)
			buffer_print(out, "remote %.*s %s %s\n", TEXT_ARGS(host), port, protocol_of(client->server));
}

static void
put_crypto(struct buffer *out, const struct record *server)
{
	scoped_buffer ciphers = BUFFER_NONE;
	struct text   rest = record_text(server, "data-ciphers"), one;

	while (text_next(&rest, ",", &one))
		buffer_print(&ciphers, "%s%.*s", ciphers.len ? ":" : "", TEXT_ARGS(one));
	if (ciphers.len)
		buffer_print(out, "data-ciphers %s\n", buffer_string(&ciphers));
	if (record_has(server, "data-ciphers-fallback"))
		buffer_print(out, "data-ciphers-fallback %s\n", record_get(server, "data-ciphers-fallback"));
	if (record_has(server, "auth"))
		buffer_print(out, "auth %s\n", record_get(server, "auth"));
}

static void
put_login(struct buffer *out, const struct client_files *client)
{
	if (record_has(client->server, "authmode")) {
		buffer_add_string(out, "auth-user-pass\n");
		if (record_bool(client->presets, "static_challenge"))
			buffer_add_string(out, "static-challenge \"One-time password\" 1\n");
		if (record_bool(client->presets, "auth_nocache"))
			buffer_add_string(out, "auth-nocache\n");
	}
	if (record_bool(client->presets, "random_local_port"))
		buffer_add_string(out, "nobind\n");
	else if (record_has(client->presets, "local_port"))
		buffer_print(out, "lport %s\n", record_get(client->presets, "local_port"));
}

static void
put_settings(struct buffer *out, const struct client_files *client)
{
	const bool is_tap = strcmp(record_get(client->server, "dev_type"), "tap") == 0;

	buffer_print(out, "dev %s\npersist-tun\npersist-key\nclient\nresolv-retry infinite\n", is_tap ? "tap" : "tun");
	put_remotes(out, client);
	put_crypto(out, client->server);
	put_login(out, client);
	if (client->server_name && record_bool(client->presets, "validate_server_cn")) {
		buffer_add_string(out, "verify-x509-name ");
		put_quoted(out, client->server_name);
		buffer_add_string(out, " name\n");
	}
	if (client->server_name)
		buffer_add_string(out, "remote-cert-tls server\n");
	if (record_has(client->server, "tun_mtu"))
		buffer_print(out, "tun-mtu %s\n", record_get(client->server, "tun_mtu"));
	if (record_has(client->server, "fragment"))
		buffer_print(out, "fragment %s\n", record_get(client->server, "fragment"));
}

/* What the administrator wants in it besides. */
static void
put_plain(struct buffer *out, const struct client_files *client)
{
	if (record_has(client->presets, "plain_config"))
		buffer_print(out, "%s\n", record_get(client->presets, "plain_config"));
}

/* --- the shared key ------------------------------------------------------------------------- */

struct shared_key {
	const char *option; /* "tls-crypt"; NULL: there is none */
	const char *key;
};

static bool
find_key(const struct client_files *client, struct shared_key *out)
{
	const struct record *key = collection_find(snapshot_named(client->call->request->snapshot, "openvpn.static_key"),
						   record_text(client->server, "tls_key"));
	const char          *mode = key ? record_get(key, "mode") : "";

	*out = (struct shared_key){ NULL };
	if (!key)
		return true;
	if (strcmp(mode, "crypt-v2") == 0) {
		*out = (struct shared_key){ "tls-crypt-v2",
					    openvpn_client_key(client->call->request->arena, record_text(key, "key")) };
		return out->key;
	}
	*out = (struct shared_key){ strcmp(mode, "auth") == 0 ? "tls-auth" : "tls-crypt", record_get(key, "key") };
	return true;
}

static void
put_inline(struct buffer *out, const char *tag, const char *text)
{
	const struct text body = text_trim(text_of(text));

	if (body.len)
		buffer_print(out, "<%s>\n%.*s\n</%s>\n", tag, TEXT_ARGS(body), tag);
}

/* --- forms ---------------------------------------------------------------------------------- */

#define NO_KEY "The key of tls-crypt-v2 is none of a server."

static bool
is_windows_store(const struct client_files *client)
{
	return record_bool(client->presets, "cryptoapi") && client->crt;
}

static const char *
write_plain(const struct client_files *client, struct buffer *out)
{
	struct certificate_facts facts;
	struct shared_key        shared;

	if (!find_key(client, &shared))
		return NO_KEY;
	put_settings(out, client);
	if (is_windows_store(client) &&
	    certificate_describe(client->call->request->arena, text_of(client->crt), &facts)) {
		buffer_add_string(out, "cryptoapicert ");
		put_quoted(out, arena_print(client->call->request->arena, "SUBJ:%s", facts.common_name));
		buffer_add_byte(out, '\n');
	}
	put_plain(out, client);
	put_inline(out, "ca", client->ca);
	if (client->crt && !is_windows_store(client)) {
		put_inline(out, "cert", client->crt);
		put_inline(out, "key", client->prv);
	}
	if (!shared.option)
		return NULL;
	put_inline(out, shared.option, shared.key);
	if (strcmp(shared.option, "tls-auth") == 0)
		buffer_add_string(out, "key-direction 1\n");
	return NULL;
}

/* Certificate, key and authority in one file with a password. */
static const char *
make_p12(const struct client_files *client, struct text *out)
{
	struct arena *arena = client->call->request->arena;
	struct bundle bundle = { .name = client->name, .password = client->password, .crt = client->crt, .prv = client->prv,
				 .chain = { client->ca }, .nchain = 1 };
	const char   *encoded = bundle_make(arena, &bundle);

	if (!encoded)
		return "The certificate's key is not on this box.";
	out->ptr = base64_decode(arena, text_of(encoded), &out->len);
	return NULL;
}

struct members {
	const char *config, *key; /* texts; key NULL: none */
	struct text p12;          /* empty: none */
	const char *key_name, *p12_name;
};

static const char *
make_members(const struct client_files *client, struct members *out)
{
	struct arena     *arena = client->call->request->arena;
	scoped_buffer     config = BUFFER_NONE;
	struct shared_key shared;
	const char       *why = client->crt ? make_p12(client, &out->p12) : NULL;

	if (why || !find_key(client, &shared))
		return why ? why : NO_KEY;
	out->key_name = arena_print(arena, "%s-tls.key", client->name);
	out->p12_name = arena_print(arena, "%s.p12", client->name);
	out->key = shared.option ? shared.key : NULL;
	put_settings(&config, client);
	put_plain(&config, client);
	if (out->p12.len)
		buffer_print(&config, "pkcs12 %s\n", out->p12_name);
	else
		put_inline(&config, "ca", client->ca);
	if (shared.option)
		buffer_print(&config, "%s %s%s\n", shared.option, out->key_name,
			     strcmp(shared.option, "tls-auth") == 0 ? " 1" : "");
	out->config = arena_copy(arena, buffer_text(&config));
	return NULL;
}

static int64_t
now_of(const struct client_files *client)
{
	const struct service *service = client->call->request->service;

	return service->now(service->context) / 1000000;
}

static const char *
write_zip(const struct client_files *client, struct buffer *out)
{
	struct arena  *arena = client->call->request->arena;
	struct members members = { NULL };
	struct zip     zip = { .out = out };
	const char    *why = make_members(client, &members);

	if (why)
		return why;
	zip_add(&zip, arena_print(arena, "%s/%s.ovpn", client->name, client->name), text_of(members.config), now_of(client));
	if (members.p12.len)
		zip_add(&zip, arena_print(arena, "%s/%s", client->name, members.p12_name), members.p12, now_of(client));
	if (members.key)
		zip_add(&zip, arena_print(arena, "%s/%s", client->name, members.key_name), text_of(members.key), now_of(client));
	zip_finish(&zip);
	return NULL;
}

/* A folder NAME.visc with what Viscosity calls its files. */
static const char *
write_visz(const struct client_files *client, struct buffer *out)
{
	struct arena     *arena = client->call->request->arena;
	scoped_buffer     config = BUFFER_NONE, tar = BUFFER_NONE;
	struct shared_key shared;
	const int64_t     now = now_of(client);

	if (!find_key(client, &shared))
		return NO_KEY;
	buffer_print(&config, "#-- Configuration of Viscosity\n#viscosity name %s\n#viscosity startonopen false\n", client->name);
	put_settings(&config, client);
	put_plain(&config, client);
	buffer_add_string(&config, "ca ca.crt\n");
	if (client->crt)
		buffer_add_string(&config, "cert cert.crt\nkey key.key\n");
	if (shared.option)
		buffer_print(&config, "%s ta.key%s\n", shared.option, strcmp(shared.option, "tls-auth") == 0 ? " 1" : "");
	tar_add(&tar, arena_print(arena, "%s.visc/config.conf", client->name), buffer_text(&config), now);
	tar_add(&tar, arena_print(arena, "%s.visc/ca.crt", client->name), text_of(client->ca), now);
	if (client->crt) {
		tar_add(&tar, arena_print(arena, "%s.visc/cert.crt", client->name), text_of(client->crt), now);
		tar_add(&tar, arena_print(arena, "%s.visc/key.key", client->name), text_of(client->prv), now);
	}
	if (shared.option)
		tar_add(&tar, arena_print(arena, "%s.visc/ta.key", client->name), text_of(shared.key), now);
	tar_finish(&tar);
	gzip_wrap(out, buffer_text(&tar));
	return NULL;
}

/* clang-format off */
#define COMMON "plain_config auth_nocache random_local_port validate_server_cn static_challenge"

const struct bundle_form bundle_forms[] = {
	{ "PlainOpenVPN",   "File Only", "ovpn", "text/plain",               COMMON " cryptoapi",    write_plain },
	{ "ArchiveOpenVPN", "Archive",   "zip",  "application/zip",          COMMON " p12_password", write_zip },
	{ "ViscosityVisz",  "Viscosity", "visz", "application/octet-stream", COMMON,                 write_visz },
};
/* clang-format on */
const size_t bundle_forms_count = COUNT(bundle_forms);
