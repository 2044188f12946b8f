/* openvpn/export: which servers there are to connect to, who may, and the files for it. */
#include <string.h>

#include "api/accounts.h"
#include "api/trust/certificate.h"
#include "api/verbs.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/tables.h"
#include "dialect/opnsense/trust/trust.h"
#include "dialect/opnsense/vpn/bundle.h"
#include "schema/type.h"

#define ROOT "openvpn_export"

static const struct collection *
records_of(const struct call *call, const char *resource)
{
	return snapshot_named(call->request->snapshot, resource);
}

/* --- servers -------------------------------------------------------------------------------- */

/* The instance that a parameter names; NULL: none, or a client. */
static const struct record *
find_server(const struct call *call)
{
	const struct record *server = collection_find(records_of(call, "openvpn.instance"), call_param(call, 0));

	return server && strcmp(record_get(server, "role"), "server") == 0 ? server : NULL;
}

static const char *
name_of(struct arena *arena, const struct record *server)
{
	const char *port = record_has(server, "port") ? record_get(server, "port") : "1194";

	return arena_print(arena, "%s %s:%s", record_get(server, "description"), record_get(server, "proto"), port);
}

static const char *
mode_of(const struct record *server)
{
	const bool has_certs = strcmp(record_get(server, "verify_client_cert"), "none") != 0;

	if (!record_has(server, "authmode"))
		return "server_tls";
	return has_certs ? "server_tls_user" : "server_user";
}

/* Where clients may reach it: where it listens, or else WAN. */
static const char *
default_host(const struct call *call, const struct record *server)
{
	const struct record *wan = collection_find(records_of(call, "interfaces.interface"), TEXT("wan"));
	struct text          address = wan ? record_text(wan, "ipaddr") : TEXT_NONE;

	if (record_has(server, "local"))
		return record_get(server, "local");
	return arena_copy(call->request->arena, text_until(&address, '/'));
}

/* What was stored for a server; a record of defaults without uuid when nothing was. */
static const struct record *
stored_presets(const struct call *call, const struct record *server)
{
	const struct record *stored = collection_where(records_of(call, "openvpn.export"), "vpnid", text_of(server->uuid));

	if (stored)
		return stored;
	struct record *fresh = verb_fresh(call->request, call_resource(call, "openvpn.export"));

	record_set(fresh, "vpnid", server->uuid);
	record_set(fresh, "hostname", default_host(call, server));
	record_set(fresh, "template", bundle_forms[0].id);
	return fresh;
}

static void
providers(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct collection *instances = records_of(call, "openvpn.instance");
	struct value            *answer = value_object(arena);

	for (size_t i = 0; i < collection_count(instances); i++) {
		const struct record *server = collection_at(instances, i);
		struct value        *row = value_object(arena);

		if (strcmp(record_get(server, "role"), "server") != 0 || !record_bool(server, "enabled"))
			continue;
		const struct record *presets = stored_presets(call, server);

		value_set_string(arena, row, "name", name_of(arena, server));
		value_set_string(arena, row, "mode", mode_of(server));
		for (size_t f = 0; f < presets->resource->nfields; f++)
			value_set_string(arena, row, presets->resource->fields[f].name, presets->values[f]);
		value_set(arena, answer, server->uuid, row);
	}
	answer_value(call, answer);
}

static void
templates(struct call *call)
{
	struct arena *arena = call->request->arena;
	struct value *answer = value_object(arena);

	for (size_t i = 0; i < bundle_forms_count; i++) {
		struct value *form = value_object(arena), *options = value_list(arena);
		struct text   rest = text_of(bundle_forms[i].options), one;

		while (text_next(&rest, " ", &one))
			value_add(arena, options, value_text(arena, one));
		value_set_string(arena, form, "name", bundle_forms[i].name);
		value_set(arena, form, "supportedOptions", options);
		value_set(arena, answer, bundle_forms[i].id, form);
	}
	answer_value(call, answer);
}

/* --- certificates --------------------------------------------------------------------------- */

static const struct record *
server_cert(const struct call *call, const struct record *server)
{
	return record_has(server, "cert") ? collection_where(records_of(call, "trust.cert"), "refid", record_text(server, "cert"))
					  : NULL;
}

/* The authority whose certificates the server takes; NULL: none. */
static const struct record *
server_ca(const struct call *call, const struct record *server)
{
	const struct record *cert = server_cert(call, server);

	if (record_has(server, "ca"))
		return trust_authority(call, record_text(server, "ca"));
	return cert ? trust_authority(call, record_text(cert, "caref")) : NULL;
}

static bool
is_for(const struct record *cert, const struct record *server, const struct record *ca)
{
	return ca && strcmp(record_get(cert, "caref"), record_get(ca, "refid")) == 0 &&
	       strcmp(record_get(cert, "refid"), record_get(server, "cert")) != 0;
}

static void
add_account(struct call *call, struct value *answer, const char *key, const char *description, const char *user)
{
	struct arena *arena = call->request->arena;
	struct value *account = value_object(arena), *users = value_list(arena);

	if (user && collection_where(records_of(call, "auth.user"), "name", text_of(user)))
		value_add(arena, users, value_string(arena, user));
	value_set_string(arena, account, "description", description);
	value_set(arena, account, "users", users);
	value_set(arena, answer, key, account);
}

static void
accounts(struct call *call)
{
	const struct record     *server = find_server(call);
	const struct record     *ca = server ? server_ca(call, server) : NULL;
	const struct collection *certs = records_of(call, "trust.cert");
	struct value            *answer = value_object(call->request->arena);

	if (!server) {
		answer_empty(call);
		return;
	}
	add_account(call, answer, "", "(none) Exclude certificate from export", NULL);
	for (size_t i = 0; i < collection_count(certs); i++) {
		const struct record     *cert = collection_at(certs, i);
		struct certificate_facts facts = { .common_name = "" };

		if (!is_for(cert, server, ca))
			continue;
		certificate_describe(call->request->arena, text_of(trust_pem(call->request->arena, cert, "crt")), &facts);
		add_account(call, answer, record_get(cert, "refid"), record_get(cert, "descr"), facts.common_name);
	}
	answer_value(call, answer);
}

/* --- presets -------------------------------------------------------------------------------- */

static void
check_template(const struct record *presets, struct faults *faults)
{
	for (size_t i = 0; i < bundle_forms_count; i++)
		if (strcmp(record_get(presets, "template"), bundle_forms[i].id) == 0)
			return;
	faults_add(faults, "template", FAULT_CHOICE, "There is no such form of export.");
}

/* What was sent, laid over what is stored; NULL: it was no such thing. */
static struct record *
read_presets(struct call *call, const struct record *server, struct faults *faults)
{
	const struct value  *sent = value_get(call->input, ROOT);
	const struct record *before = stored_presets(call, server);
	struct record       *after = record_copy(call->request->arena, before);
	const struct view    view = call_view(call, after);

	if ((sent && !value_is(sent, VALUE_OBJECT)) || (sent && !regular_fill(call, after, sent)))
		return NULL;
	record_set(after, "vpnid", server->uuid);
	record_check(after, before->uuid[0] ? before : NULL, true, &view, faults);
	check_template(after, faults);
	return after;
}

static void
answer_presets(struct call *call, bool is_good, bool is_changed, const struct faults *faults)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", is_good ? "ok" : "failed");
	json_put_bool(&call->json, "changed", is_changed);
	if (faults && !faults_none(faults)) {
		json_name(&call->json, "validations");
		json_object(&call->json);
		for (const struct fault *fault = faults->first; fault; fault = fault->next)
			json_put_string(&call->json, arena_print(call->request->arena, ROOT ".%s", fault->field), fault->message);
		json_object_end(&call->json);
	}
	json_object_end(&call->json);
}

static bool
differs(const struct call *call, const struct record *server, const struct record *presets)
{
	const struct record *before = stored_presets(call, server);

	return !before->uuid[0] || !record_same(before, presets);
}

static void
validate_presets(struct call *call)
{
	const struct record *server = find_server(call);
	struct faults        faults = { .arena = call->request->arena };
	struct record       *presets = server ? read_presets(call, server, &faults) : NULL;

	answer_presets(call, presets && faults_none(&faults), presets && differs(call, server, presets), &faults);
}

static void
store_presets(struct call *call)
{
	const struct record *server = find_server(call);
	struct faults        faults = { .arena = call->request->arena };
	struct record       *presets = server ? read_presets(call, server, &faults) : NULL;
	const bool           is_good = presets && faults_none(&faults);
	const bool           is_changed = is_good && differs(call, server, presets);

	if (is_changed) {
		change_put(call->request->change, presets);
		call->request->keep = call->request->always = true;
	}
	answer_presets(call, is_good, is_changed, &faults);
}

/* --- files ---------------------------------------------------------------------------------- */

/* The name of the files: the server's and the certificate's, as far as every system takes them. */
static const char *
file_name(struct arena *arena, const struct record *server, const char *who)
{
	char *name = arena_print(arena, "%.40s%s%.40s", record_get(server, "description"), who[0] ? "_" : "", who);

	for (char *c = name; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", *c))
			*c = '_';
	return name[0] ? name : "openvpn";
}

/* False: it has answered. */
static bool
find_files(struct call *call, const struct record *server, struct client_files *out)
{
	struct arena            *arena = call->request->arena;
	const struct record     *ca = server_ca(call, server), *own = server_cert(call, server);
	const char              *refid = call_param_string(call, 1);
	const char              *password = value_as_string(arena, value_path(call->input, ROOT ".p12_password"));
	struct certificate_facts facts = { .common_name = "" };

	*out = (struct client_files){ .call = call, .server = server, .password = password ? password : "",
				      .ca = ca ? trust_pem(arena, ca, "crt") : "" };
	if (own && certificate_describe(arena, text_of(trust_pem(arena, own, "crt")), &facts))
		out->server_name = facts.common_name;
	facts.common_name = "";
	if (refid[0]) {
		out->cert = collection_where(records_of(call, "trust.cert"), "refid", text_of(refid));
		if (!out->cert || !is_for(out->cert, server, ca)) {
			answer_refusal(call, "Export", "This server takes no certificate %s.", refid);
			return false;
		}
		out->crt = trust_pem(arena, out->cert, "crt");
		out->prv = trust_pem(arena, out->cert, "prv");
		certificate_describe(arena, text_of(out->crt), &facts);
	}
	out->name = file_name(arena, server, facts.common_name);
	return true;
}

static void
answer_files(struct call *call, const struct client_files *client, bool is_changed)
{
	const struct bundle_form *form = bundle_forms;
	scoped_buffer             bytes = BUFFER_NONE;

	for (size_t i = 0; i < bundle_forms_count; i++)
		if (strcmp(bundle_forms[i].id, record_get(client->presets, "template")) == 0)
			form = &bundle_forms[i];
	const char *why = form->write(client, &bytes);

	if (why) {
		answer_refusal(call, "Export", "%s", why);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", "ok");
	json_put_bool(&call->json, "changed", is_changed);
	json_put_string(&call->json, "filename", arena_print(call->request->arena, "%s.%s", client->name, form->ending));
	json_put_string(&call->json, "filetype", form->type);
	json_put_string(&call->json, "content", base64_encode(call->request->arena, buffer_text(&bytes)));
	json_object_end(&call->json);
}

/* The last step, with the presets as they are now. */
static void
make_files(struct call *call)
{
	const struct record *server = find_server(call);
	struct faults        faults = { .arena = call->request->arena };
	struct client_files  client;

	if (!server) {
		answer_presets(call, false, false, NULL);
		return;
	}
	if (!find_files(call, server, &client))
		return;
	client.presets = read_presets(call, server, &faults);
	answer_files(call, &client, call->kept != NULL);
}

/* The files come once it is durable, also when somebody else has stored the same meanwhile. */
static void
store_for_download(struct call *call)
{
	store_presets(call);
	call->request->keep = true;
}

/* What was asked for is what the next page shows: so it is stored first. */
static void
download(struct call *call)
{
	const struct record *server = find_server(call);
	struct faults        faults = { .arena = call->request->arena };
	struct record       *presets = server ? read_presets(call, server, &faults) : NULL;
	struct client_files  client;

	if (!presets || !faults_none(&faults)) {
		answer_presets(call, false, false, &faults);
		return;
	}
	if (!find_files(call, server, &client))
		return;
	if (differs(call, server, presets)) {
		call->kept = presets;
		call_move(call, LANE_COMMIT, store_for_download);
	} else {
		make_files(call);
	}
}

#define FAILED "{\"result\":\"failed\"}"

/* clang-format off */
const struct action vpn_export_actions[] = {
	{ "openvpn/export/providers", KIND_QUERY, .handle = providers },
	{ "openvpn/export/templates", KIND_QUERY, .handle = templates },
	{ "openvpn/export/accounts", KIND_QUERY, .handle = accounts },
	{ "openvpn/export/validate_presets", KIND_QUERY, 1, POSTS, .handle = validate_presets, .refusal = FAILED },
	{ "openvpn/export/store_presets", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = store_presets, .refusal = FAILED },
	{ "openvpn/export/download", KIND_ACTION, 1, .lane = LANE_SLOW, .handle = download, .finish = make_files, .refusal = FAILED },
	{ NULL },
};
/* clang-format on */
