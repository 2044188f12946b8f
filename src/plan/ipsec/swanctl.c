/* Connections as they are declared; fields have strongSwan's own names, so most are handed on. */
#include "plan/ipsec/swanctl.h"

#include <stdio.h>
#include <string.h>

#include "plan/ipsec/conf.h"

#define HIDDEN_SECRET "(not shown)"

/* Enabled, and of this connection. */
static bool
belongs(const struct record *record, const struct record *connection)
{
	return record_bool(record, "enabled") && strcmp(record_get(record, "connection"), connection->uuid) == 0;
}

/* Names of files: what is listed, with what comes behind it. */
static void
put_files(struct conf *conf, const char *key, struct text list, const char *ending)
{
	scoped_buffer files = BUFFER_NONE;
	struct text   one;

	while (text_next(&list, ",", &one))
		if (one.len > 0)
			buffer_print(&files, "%s%.*s%s", files.len ? "," : "", TEXT_ARGS(one), ending);
	conf_put(conf, key, buffer_text(&files));
}

static void
put_section(struct conf *conf, const char *what, const struct record *record)
{
	char name[sizeof("remote-") + UUID_LENGTH + 1];

	snprintf(name, sizeof(name), "%s%s", what, record->uuid);
	conf_open(conf, name);
}

/* --- one connection ------------------------------------------------------------------------------ */

static void
put_local(struct conf *conf, const struct record *local)
{
	put_section(conf, "local-", local);
	conf_put_string(conf, "round", record_get(local, "round"));
	conf_put_string(conf, "auth", record_get(local, "auth"));
	conf_put_string(conf, "id", record_get(local, "id"));
	conf_put_string(conf, "eap_id", record_get(local, "eap_id"));
	put_files(conf, "certs", record_text(local, "certs"), ".crt");
	put_files(conf, "pubkeys", record_text(local, "pubkeys"), ".pem");
	conf_close(conf);
}

static void
put_remote(struct conf *conf, const struct record *remote, const struct snapshot *snapshot)
{
	const struct collection *groups = snapshot_named(snapshot, "auth.group");
	struct text              rest = record_text(remote, "groups"), gid;
	scoped_buffer            names = BUFFER_NONE;

	put_section(conf, "remote-", remote);
	conf_put_string(conf, "round", record_get(remote, "round"));
	conf_put_string(conf, "auth", record_get(remote, "auth"));
	conf_put_string(conf, "id", record_get(remote, "id"));
	conf_put_string(conf, "eap_id", record_get(remote, "eap_id"));
	while (text_next(&rest, ",", &gid)) {
		const struct record *group = collection_where(groups, "gid", gid);

		if (group)
			buffer_print(&names, "%s%s", names.len ? "," : "", record_get(group, "name"));
	}
	conf_put(conf, "groups", buffer_text(&names));
	put_files(conf, "certs", record_text(remote, "certs"), ".crt");
	put_files(conf, "cacerts", record_text(remote, "cacerts"), ".crt");
	put_files(conf, "pubkeys", record_text(remote, "pubkeys"), ".pem");
	conf_close(conf);
}

/* Has the child an interface of its own? Its number is the request's. */
static bool
has_interface(const struct record *child, const struct snapshot *snapshot)
{
	const struct record *interface =
		collection_where(snapshot_named(snapshot, "ipsec.vti"), "reqid", record_text(child, "reqid"));

	return record_has(child, "reqid") && interface && record_bool(interface, "enabled");
}

/* What is sent by an interface finds its policy by the number, which other packets do not have: so it must have one. */
static void
put_policies(struct conf *conf, const struct record *child, const struct snapshot *snapshot)
{
	const bool has = has_interface(child, snapshot);

	conf_put_yes(conf, "policies", has || record_bool(child, "policies"));
	if (!has)
		return;
	conf_put_string(conf, "if_id_in", record_get(child, "reqid"));
	conf_put_string(conf, "if_id_out", record_get(child, "reqid"));
}

static void
put_child(struct conf *conf, const struct record *child, const struct snapshot *snapshot)
{
	put_section(conf, "", child);
	conf_put_string(conf, "reqid", record_get(child, "reqid"));
	conf_put_list(conf, "esp_proposals", record_text(child, "esp_proposals"));
	if (record_bool(child, "sha256_96"))
		conf_put_yes(conf, "sha256_96", true);
	conf_put_action(conf, "start_action", record_get(child, "start_action"));
	conf_put_action(conf, "close_action", record_get(child, "close_action"));
	conf_put_action(conf, "dpd_action", record_get(child, "dpd_action"));
	conf_put_string(conf, "mode", record_get(child, "mode"));
	put_policies(conf, child, snapshot);
	conf_put_list(conf, "local_ts", record_text(child, "local_ts"));
	conf_put_list(conf, "remote_ts", record_text(child, "remote_ts"));
	conf_put_seconds(conf, "rekey_time", record_get(child, "rekey_time"));
	conf_close(conf);
}

/* Pools are stored by uuid and called by their name; the daemon's own (dhcp, radius) are words already. */
static void
put_pools(struct conf *conf, const struct record *connection, const struct snapshot *snapshot)
{
	const struct collection *pools = snapshot_named(snapshot, "ipsec.pool");
	struct text              rest = record_text(connection, "pools"), one;
	scoped_buffer            names = BUFFER_NONE;

	while (text_next(&rest, ",", &one)) {
		const struct record *pool = collection_find(pools, one);

		if (pool && !record_bool(pool, "enabled"))
			continue;
		scoped_buffer name = BUFFER_NONE;

		conf_add_name(&name, pool ? record_text(pool, "name") : one);
		buffer_print(&names, "%s%s", names.len && name.len ? "," : "", buffer_string(&name));
	}
	conf_put(conf, "pools", buffer_text(&names));
}

static void
put_connection(struct conf *conf, const struct record *connection, const struct snapshot *snapshot)
{
	static const char *const texts[] = { "unique", "version", "local_port", "remote_port", "send_cert", "keyingtries" };
	static const char *const times[] = { "reauth_time", "rekey_time", "over_time", "dpd_delay", "dpd_timeout" };
	static const char *const flags[] = { "aggressive", "mobike", "encap", "send_certreq" };
	static const char *const lists[] = { "proposals", "local_addrs", "remote_addrs" };
	const struct collection *locals = snapshot_named(snapshot, "ipsec.local");
	const struct collection *remotes = snapshot_named(snapshot, "ipsec.remote");
	const struct collection *children = snapshot_named(snapshot, "ipsec.child");

	put_section(conf, "", connection);
	for (size_t i = 0; i < COUNT(lists); i++)
		conf_put_list(conf, lists[i], record_text(connection, lists[i]));
	for (size_t i = 0; i < COUNT(texts); i++)
		conf_put_string(conf, texts[i], record_get(connection, texts[i]));
	for (size_t i = 0; i < COUNT(flags); i++)
		conf_put_yes(conf, flags[i], record_bool(connection, flags[i]));
	for (size_t i = 0; i < COUNT(times); i++)
		conf_put_seconds(conf, times[i], record_get(connection, times[i]));
	put_pools(conf, connection, snapshot);
	for (size_t i = 0; i < collection_count(locals); i++)
		if (belongs(collection_at(locals, i), connection))
			put_local(conf, collection_at(locals, i));
	for (size_t i = 0; i < collection_count(remotes); i++)
		if (belongs(collection_at(remotes, i), connection))
			put_remote(conf, collection_at(remotes, i), snapshot);
	conf_open(conf, "children");
	for (size_t i = 0; i < collection_count(children); i++)
		if (belongs(collection_at(children, i), connection))
			put_child(conf, collection_at(children, i), snapshot);
	conf_close(conf);
	conf_close(conf);
}

/* --- the file ------------------------------------------------------------------------------------ */

static void
write_connections(struct conf *conf, const struct snapshot *snapshot, struct buffer *missing)
{
	const struct collection *connections = snapshot_named(snapshot, "ipsec.connection");

	conf_open(conf, "connections");
	for (size_t i = 0; i < collection_count(connections); i++)
		if (record_bool(collection_at(connections, i), "enabled"))
			put_connection(conf, collection_at(connections, i), snapshot);
	legacy_write_connections(conf, snapshot, missing);
	conf_close(conf);
}

static void
write_pools(struct conf *conf, const struct snapshot *snapshot)
{
	const struct collection *pools = snapshot_named(snapshot, "ipsec.pool");

	conf_open(conf, "pools");
	for (size_t i = 0; i < collection_count(pools); i++) {
		const struct record *pool = collection_at(pools, i);
		scoped_buffer        name = BUFFER_NONE;

		conf_add_name(&name, record_text(pool, "name"));
		if (!record_bool(pool, "enabled") || name.len == 0)
			continue;
		conf_open(conf, record_get(pool, "name"));
		conf_put_string(conf, "addrs", record_get(pool, "addrs"));
		conf_put_list(conf, "dns", record_text(pool, "dns"));
		conf_close(conf);
	}
	conf_close(conf);
}

static void
write_secrets(struct conf *conf, const struct snapshot *snapshot, bool with_secrets)
{
	const struct collection *keys = snapshot_named(snapshot, "ipsec.pre_shared_key");

	conf_open(conf, "secrets");
	for (size_t i = 0; i < collection_count(keys); i++) {
		const struct record *key = collection_at(keys, i);

		put_section(conf, strcmp(record_get(key, "keyType"), "EAP") == 0 ? "eap-" : "ike-", key);
		conf_put_string(conf, "id-0", record_get(key, "ident"));
		conf_put_string(conf, "id-1", record_get(key, "remote_ident"));
		if (with_secrets)
			conf_put_secret(conf, "secret", record_text(key, "Key"));
		else
			conf_put_string(conf, "secret", HIDDEN_SECRET);
		conf_close(conf);
	}
	legacy_write_secrets(conf, snapshot, with_secrets);
	conf_close(conf);
}

void
swanctl_write(struct buffer *out, const struct snapshot *snapshot, struct swanctl_wish wish, struct buffer *missing)
{
	struct conf conf = { .out = out, .traps = wish.kernel_has_esp };

	buffer_add_string(out, "# Written by Drawbridge; changes are lost with the next apply.\n");
	if (!record_bool(snapshot_single(snapshot, "ipsec.settings"), "general.enabled"))
		return;
	write_connections(&conf, snapshot, missing);
	write_pools(&conf, snapshot);
	write_secrets(&conf, snapshot, wish.with_secrets);
}
