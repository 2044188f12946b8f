/* Authorities and certificates: keeping, showing, handing out. PEM is kept in base64, as config.xml has it. */
#include "dialect/opnsense/trust/trust.h"

#include <string.h>

#include "api/accounts.h"
#include "api/trust/certificate.h"
#include "api/verbs.h"
#include "dialect/opnsense/tables.h"
#include "json/read.h"
#include "schema/type.h"

bool
trust_is_authority(const struct call *call)
{
	return strcmp(call->route->resource->name, "trust.ca") == 0;
}

const char *
trust_sent(const struct call *call, const char *name)
{
	const struct resource *resource = call->route->resource;
	const struct value    *value = value_get(value_get(call->input, call->route->face->root), name);
	const char            *text = value_as_string(call->request->arena, value);
	const char            *preset = resource->fields[resource_field(resource, name)].preset;

	return text ? text : preset ? preset : "";
}

const char *
trust_pem(struct arena *arena, const struct record *record, const char *field)
{
	const char *pem = base64_decode(arena, record_text(record, field), NULL);

	return pem ? pem : "";
}

const struct record *
trust_authority(const struct call *call, struct text refid)
{
	return refid.len ? collection_where(snapshot_named(call->request->snapshot, "trust.ca"), "refid", refid) : NULL;
}

/* --- keeping -------------------------------------------------------------------------------- */

const char *
trust_new_refid(struct call *call)
{
	const int64_t now = call->request->service->now(call->request->service->context);

	return arena_print(call->request->arena, "%08llx%05llx", (unsigned long long)(now / 1000000) & 0xffffffffULL,
			   (unsigned long long)(now % 1000000));
}

static void
put_pem(struct record *record, const char *field, const char *pem, struct arena *arena)
{
	record_set(record, field, pem[0] ? base64_encode(arena, text_of(pem)) : "");
}

static bool
prepare(struct call *call, const struct record *before, struct record *record, struct faults *faults)
{
	struct arena      *arena = call->request->arena;
	const struct made *made = call->kept;
	const struct view  view = call_view(call, record);

	record_set(record, "refid", before ? record_get(before, "refid") : trust_new_refid(call));
	if (!before || !made)
		for (size_t i = 0; i < record->resource->nfields; i++)
			field_check(&record->resource->fields[i], record->values[i], &view, faults);
	if (!faults_none(faults)) {
		*faults = (struct faults){ .arena = arena };
		return true; /* told by the checks themselves */
	}
	if (made && made->refusal) {
		answer_refusal(call, trust_is_authority(call) ? "Authority" : "Certificate", "%s", made->refusal);
		return false;
	}
	if (!made || !made->crt)
		return true;
	const bool local = !before && !trust_is_authority(call) &&
			   strcmp(trust_sent(call, "private_key_location"), "local") == 0;

	put_pem(record, "crt", made->crt, arena);
	put_pem(record, "prv", local ? "" : made->prv, arena);
	if (made->csr)
		put_pem(record, "csr", made->csr, arena);
	return true;
}

/* A key that is not kept is shown once. */
static void
add_cert(struct call *call)
{
	const struct made *made = call->kept;
	struct value      *answer = NULL;
	struct arena      *arena = call->request->arena;

	regular_add(call);
	if (!call->request->keep || !made || !made->prv || !made->prv[0] || strcmp(trust_sent(call, "private_key_location"), "local") != 0 ||
	    json_read(arena, buffer_text(&call->request->reply.body), NULL, &answer, NULL) != RESULT_DONE)
		return;
	value_set_string(arena, answer, "private_key", made->prv);
	answer_value(call, answer);
}

/* --- showing -------------------------------------------------------------------------------- */

static size_t
count_signed(struct call *call, const struct record *ca)
{
	const struct collection *certs = snapshot_named(call->request->snapshot, "trust.cert");
	size_t                   count = 0;

	for (size_t i = 0; i < collection_count(certs); i++)
		count += strcmp(record_get(collection_at(certs, i), "caref"), record_get(ca, "refid")) == 0;
	return count;
}

static bool
is_user(const struct call *call, const char *name)
{
	return name[0] && collection_where(snapshot_named(call->request->snapshot, "auth.user"), "name", text_of(name));
}

/* A signing request that nobody answered yet. */
static void
show_csr(struct call *call, struct record *record)
{
	if (!trust_is_authority(call))
		record_set(record, "csr_payload", trust_pem(call->request->arena, record, "csr"));
}

static void
show(struct call *call, struct record *record)
{
	struct arena            *arena = call->request->arena;
	struct certificate_facts facts;
	const char              *crt = trust_pem(arena, record, "crt");

	if (record->uuid[0] == '\0')
		return;
	show_csr(call, record);
	if (!certificate_describe(arena, text_of(crt), &facts))
		return;
	record_set(record, "name", facts.name);
	record_set(record, "valid_from", arena_print(arena, "%lld", (long long)facts.valid_from));
	record_set(record, "valid_to", arena_print(arena, "%lld", (long long)facts.valid_to));
	record_set(record, "country", facts.country);
	record_set(record, "state", facts.state);
	record_set(record, "city", facts.city);
	record_set(record, "organization", facts.organization);
	record_set(record, "organizationalunit", facts.unit);
	record_set(record, "commonname", facts.common_name);
	record_set(record, "email", facts.email);
	record_set(record, "crt_payload", crt);
	if (trust_is_authority(call)) {
		record_set(record, "refcount", arena_print(arena, "%zu", count_signed(call, record)));
		return;
	}
	record_set(record, "rfc3280_purpose", facts.purposes);
	record_set(record, "in_use", trust_user_of(call, record_get(record, "refid")) ? "1" : "0");
	record_set(record, "is_user", is_user(call, facts.common_name) ? "1" : "0");
}

/* --- searching ------------------------------------------------------------------------------ */

/* Is a text in a list that was sent? An empty list, or none, wants all. */
static bool
is_among(struct call *call, const char *name, const char *text)
{
	const struct value *list = value_get(call->input, name);

	list = list ? list : value_get(call_query(call), name);
	for (size_t i = 0; i < value_count(list); i++) {
		const char *one = value_as_string(call->request->arena, value_at(list, i));

		if (one && strcmp(one, text) == 0)
			return true;
	}
	return value_count(list) == 0;
}

static bool
is_wanted(const struct record *record, void *context)
{
	struct call             *call = context;
	struct certificate_facts facts = { .common_name = "" };

	if (!is_among(call, "carefs", record_get(record, "caref")))
		return false;
	if (is_among(call, "user", ""))
		return true;
	certificate_describe(call->request->arena, text_of(trust_pem(call->request->arena, record, "crt")), &facts);
	return is_among(call, "user", facts.common_name);
}

static void
put_info(struct call *call, const struct record *record)
{
	struct arena            *arena = call->request->arena;
	struct value            *answer = value_object(arena);
	struct certificate_facts facts;

	if (record && certificate_describe(arena, text_of(trust_pem(arena, record, "crt")), &facts)) {
		value_set_string(arena, answer, "name", facts.name);
		value_set(arena, answer, "valid_from", value_integer(arena, facts.valid_from));
		value_set(arena, answer, "valid_to", value_integer(arena, facts.valid_to));
		value_set_string(arena, answer, "country", facts.country);
		value_set_string(arena, answer, "state", facts.state);
		value_set_string(arena, answer, "city", facts.city);
		value_set_string(arena, answer, "organization", facts.organization);
		value_set_string(arena, answer, "organizationalunit", facts.unit);
		value_set_string(arena, answer, "commonname", facts.common_name);
		value_set_string(arena, answer, "email", facts.email);
	}
	answer_value(call, answer);
}

static void
ca_info(struct call *call)
{
	put_info(call, trust_authority(call, call_param(call, 0)));
}

static void
ca_list(struct call *call)
{
	const struct collection *authorities = snapshot_named(call->request->snapshot, "trust.ca");

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "rows");
	json_list(&call->json);
	for (size_t i = 0; i < collection_count(authorities); i++) {
		json_object(&call->json);
		json_put_string(&call->json, "caref", record_get(collection_at(authorities, i), "refid"));
		json_put_string(&call->json, "descr", record_get(collection_at(authorities, i), "descr"));
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_put_number(&call->json, "count", (int64_t)collection_count(authorities));
	json_object_end(&call->json);
}

static void
user_list(struct call *call)
{
	const struct collection *users = snapshot_named(call->request->snapshot, "auth.user");

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "rows");
	json_list(&call->json);
	for (size_t i = 0; i < collection_count(users); i++) {
		json_object(&call->json);
		json_put_string(&call->json, "name", record_get(collection_at(users, i), "name"));
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_put_number(&call->json, "count", (int64_t)collection_count(users));
	json_object_end(&call->json);
}

static void
raw_dump(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct record     *record = regular_stored(call, call_param(call, 0));
	struct certificate_facts facts = { .text = NULL };

	if (record && !certificate_describe(arena, text_of(trust_pem(arena, record, "crt")), &facts) &&
	    !trust_is_authority(call))
		facts.text = csr_describe(arena, text_of(trust_pem(arena, record, "csr")));
	if (!facts.text) {
		answer_empty(call);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "stdout", facts.text);
	json_put_string(&call->json, "stderr", "");
	json_object_end(&call->json);
}

/* --- files ---------------------------------------------------------------------------------- */

/* The certificate with its key and the authorities above it, as far as they are here. */
static const char *
bundle_of(struct call *call, const struct record *record)
{
	struct arena  *arena = call->request->arena;
	const char    *password = value_as_string(arena, value_get(call->input, "password"));
	struct bundle  bundle = { .name = record_get(record, "descr"),
				  .password = password ? password : "",
				  .crt = trust_pem(arena, record, "crt"),
				  .prv = trust_pem(arena, record, "prv") };
	const struct record *above = trust_authority(call, record_text(record, "caref"));

	while (above && bundle.nchain < BUNDLE_CHAIN_MAX) {
		bundle.chain[bundle.nchain++] = trust_pem(arena, above, "crt");
		above = trust_authority(call, record_text(above, "caref"));
	}
	return bundle_make(arena, &bundle);
}

static void
answer_payload(struct call *call, const struct record *record, const char *name, const char *payload, const char *why)
{
	const bool is_there = payload && payload[0];

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", is_there ? "ok" : "failed");
	if (record)
		json_put_string(&call->json, "descr", record_get(record, "descr"));
	if (is_there)
		json_put_string(&call->json, name, payload);
	else
		json_put_string(&call->json, "error", why);
	json_object_end(&call->json);
}

static void
generate_file(struct call *call)
{
	const struct record *record = regular_stored(call, call_param(call, 0));
	const char          *type = call->nparams > 1 ? call_param_string(call, 1) : "crt";
	const bool           is_cert = !trust_is_authority(call);

	if (!record)
		answer_payload(call, NULL, "payload", NULL, "There is no such certificate.");
	else if (strcmp(type, "crt") == 0 || strcmp(type, "prv") == 0 || (is_cert && strcmp(type, "csr") == 0))
		answer_payload(call, record, "payload", trust_pem(call->request->arena, record, type),
			       "There is none on this box.");
	else if (is_cert && strcmp(type, "pkcs12") == 0)
		answer_payload(call, record, "payload_b64", bundle_of(call, record),
			       "Certificate and key are not both on this box.");
	else
		answer_payload(call, record, "payload", NULL, "There are no files of this type.");
}

/* --- in use --------------------------------------------------------------------------------- */

/* Certificates are named by refid, anywhere. */
const char *
trust_user_of(const struct call *call, const char *refid)
{
	const struct schema *schema = call->request->service->schema;

	for (size_t i = 0; refid[0] && i < schema_count(schema); i++) {
		const struct resource   *resource = schema_at(schema, i);
		const struct collection *records = snapshot_collection(call->request->snapshot, resource);

		for (size_t f = 0; f < resource->nfields; f++)
			for (size_t j = 0;
			     strcmp(resource->fields[f].type->name, "certificate") == 0 && j < collection_count(records); j++)
				if (text_contains(text_of(collection_at(records, j)->values[f]), text_of(refid)))
					return resource->summary;
	}
	return NULL;
}

static bool
removing(struct call *call, const struct record *record)
{
	const char *user = trust_user_of(call, record_get(record, "refid"));

	if (user)
		answer_refusal(call, "Certificate", "%s is in use by %s.", record_get(record, "descr"), user);
	return !user;
}

/* clang-format off */
static const struct twist cert_search = { .wanted = is_wanted, .show = show };
static const struct twist trust_twist = { .prepare = prepare, .show = show, .removing = removing };

#define TRUST(at, what) \
	{ at "/get", KIND_GET, .twist = &trust_twist }, \
	{ at "/search", KIND_SEARCH, .twist = &trust_twist }, \
	{ at "/set", KIND_SET, .twist = &trust_twist }, \
	{ at "/del", KIND_DELETE, .twist = &trust_twist }, \
	{ at "/ca_info", KIND_QUERY, 1, GETS, .handle = ca_info }, \
	{ at "/ca_list", KIND_QUERY, 0, GETS, .handle = ca_list }, \
	{ at "/raw_dump", KIND_QUERY, 1, .handle = raw_dump, .resource = what }, \
	{ at "/generate_file", KIND_QUERY, 0, POSTS, .lane = LANE_SLOW, .handle = generate_file, .resource = what, \
	  .refusal = "{\"status\":\"failed\"}" }

const struct action trust_actions[] = {
	TRUST("trust/ca", "trust.ca"),
	TRUST("trust/cert", "trust.cert"),
	{ "trust/ca/add", KIND_ADD, .twist = &trust_twist, .slow = trust_make },
	{ "trust/cert/add", KIND_ADD, .lane = LANE_COMMIT, .handle = add_cert, .twist = &trust_twist, .slow = trust_make },
	{ "trust/cert/set", KIND_SET, .twist = &trust_twist, .slow = trust_make_again },
	{ "trust/cert/search", KIND_SEARCH, .twist = &cert_search },
	{ "trust/cert/user_list", KIND_QUERY, 0, GETS, .handle = user_list },
	{ NULL },
};
/* clang-format on */
