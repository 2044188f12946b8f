/*
 * Authorities and certificates. What a form asks for is made on the slow lane: a key, and a certificate that
 * an authority of the box or the key itself signs. PEM is kept in base64, as config.xml has it.
 */
#include <string.h>

#include "api/accounts.h"
#include "api/certificate.h"
#include "api/verbs.h"
#include "base/number.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/tables.h"
#include "json/read.h"
#include "schema/type.h"

#define LIFETIME_MAX 36500 /* days */

/* What the slow lane made. */
struct made {
	const char *crt, *prv; /* PEM; NULL: nothing was asked for */
	const char *refusal;   /* why it could not be made; NULL: it was, or was not wanted */
};

static bool
is_authority(const struct call *call)
{
	return strcmp(call->route->resource->name, "trust.ca") == 0;
}

/* What was sent for a field, or what it is by default. */
static const char *
sent(const struct call *call, const char *name)
{
	const struct resource *resource = call->route->resource;
	const struct value    *value = value_get(value_get(call->input, call->route->face->root), name);
	const char            *text = value_as_string(call->request->arena, value);
	const char            *preset = resource->fields[resource_field(resource, name)].preset;

	return text ? text : preset ? preset : "";
}

static const char *
pem_of(struct arena *arena, const struct record *record, const char *field)
{
	const char *pem = base64_decode(arena, record_text(record, field), NULL);

	return pem ? pem : "";
}

/* --- making --------------------------------------------------------------------------------- */

static struct value *
names_of(const struct call *call)
{
	static const struct {
		const char *field, *name;
	} names[] = {
		{ "country", "countryName" }, { "state", "stateOrProvinceName" }, { "city", "localityName" },
		{ "organization", "organizationName" }, { "organizationalunit", "organizationalUnitName" },
		{ "commonname", "commonName" },
	};
	struct value *out = value_object(call->request->arena);

	for (size_t i = 0; i < COUNT(names); i++)
		value_set_string(call->request->arena, out, names[i].name, sent(call, names[i].field));
	return out;
}

/* One name a line. */
static void
add_alternatives(const struct call *call, struct value *out, const char *field, const char *kind)
{
	struct arena *arena = call->request->arena;
	struct text   rest = text_of(sent(call, field)), line;

	while (text_next(&rest, "\r\n", &line)) {
		struct value *one = value_object(arena);

		if (text_trim(line).len == 0)
			continue;
		value_set(arena, one, kind, value_text(arena, text_trim(line)));
		value_add(arena, out, one);
	}
}

static struct value *
alternatives_of(const struct call *call)
{
	struct value *out = value_list(call->request->arena);

	if (is_authority(call))
		return out;
	add_alternatives(call, out, "altnames_dns", "dns");
	add_alternatives(call, out, "altnames_ip", "ip");
	add_alternatives(call, out, "altnames_uri", "uri");
	add_alternatives(call, out, "altnames_email", "email");
	return out;
}

/* The authority that signs; false: it is named but cannot. */
static bool
find_signer(const struct call *call, struct certificate_request *request)
{
	const char          *caref = sent(call, "caref");
	const struct record *ca = caref[0] ? collection_where(snapshot_named(call->request->snapshot, "trust.ca"), "refid",
							      text_of(caref))
					   : NULL;

	if (caref[0] == '\0')
		return true;
	if (!ca || !record_has(ca, "prv"))
		return false;
	request->signer = pem_of(call->request->arena, ca, "crt");
	request->signer_key = pem_of(call->request->arena, ca, "prv");
	return true;
}

static struct certificate_request
request_of(const struct call *call)
{
	const char   *type = sent(call, "key_type");
	const int64_t now = call->request->service->now(call->request->service->context);
	int64_t       bits = 0, days = 0;
	const bool    rsa = number_read(text_of(type), 512, 8192, &bits);

	number_read(text_of(sent(call, "lifetime")), 1, LIFETIME_MAX, &days);
	return (struct certificate_request){
		.authority = is_authority(call) || strcmp(sent(call, "cert_type"), "v3_ca") == 0,
		.server = !is_authority(call) && strstr(sent(call, "cert_type"), "server"),
		.elliptic = !rsa,
		.bits = (unsigned)bits,
		.curve = type,
		.digest = sent(call, "digest"),
		.days = days,
		.serial = now,
		.now = now / 1000000,
		.names = names_of(call),
		.alternatives = alternatives_of(call),
	};
}

static void
make_certificate(struct call *call, struct made *made)
{
	struct certificate_request request = request_of(call);

	if (request.days == 0)
		return; /* the check of the field says so */
	if (!find_signer(call, &request)) {
		made->refusal = "The authority is unknown, or its key is not on this box.";
		return;
	}
	made->prv = certificate_new_key(call->request->arena, &request);
	made->crt = made->prv ? certificate_create(call->request->arena, &request, made->prv) : NULL;
	if (!made->crt)
		made->refusal = "The certificate could not be made from these values.";
}

static void
take_payload(struct call *call, struct made *made)
{
	const char              *crt = sent(call, "crt_payload"), *prv = sent(call, "prv_payload");
	struct certificate_facts facts;

	if (!certificate_describe(call->request->arena, text_of(crt), &facts)) {
		made->refusal = "This is no certificate in PEM form.";
		return;
	}
	const char *of_crt = certificate_public_key(call->request->arena, text_of(crt), false);
	const char *of_prv = prv[0] ? certificate_public_key(call->request->arena, text_of(prv), true) : of_crt;

	if (!of_prv || !of_crt || strcmp(of_crt, of_prv) != 0) {
		made->refusal = "The private key does not belong to the certificate.";
		return;
	}
	made->crt = crt;
	made->prv = prv;
}

/* Before a record is kept: what its action asks for. */
static void
make(struct call *call)
{
	struct made *made = ARENA_MAKE(call->request->arena, struct made, 1);
	const bool   fresh = call->route->kind == KIND_ADD;
	const char  *action = value_get(value_get(call->input, call->route->face->root), "action") || fresh
				      ? sent(call, "action")
				      : "";

	call->kept = made;
	if (!value_is(value_get(call->input, call->route->face->root), VALUE_OBJECT))
		return;
	if (fresh && strcmp(action, "internal") == 0)
		make_certificate(call, made);
	else if (fresh && (strcmp(action, "existing") == 0 || strcmp(action, "import") == 0))
		take_payload(call, made);
	else if (fresh && strcmp(action, "manual") != 0)
		made->refusal = "Signing requests and OCSP signers cannot be made here yet.";
}

/* Thirteen digits: seconds and microseconds. */
static const char *
new_refid(struct call *call)
{
	const int64_t now = call->request->service->now(call->request->service->context);

	return arena_print(call->request->arena, "%08llx%05llx", (unsigned long long)(now / 1000000) & 0xffffffffULL,
			   (unsigned long long)(now % 1000000));
}

static bool
prepare(struct call *call, const struct record *before, struct record *record, struct faults *faults)
{
	struct arena      *arena = call->request->arena;
	const struct made *made = call->kept;
	const struct view  view = call_view(call, record);

	record_set(record, "refid", before ? record_get(before, "refid") : new_refid(call));
	if (!before || !made)
		for (size_t i = 0; i < record->resource->nfields; i++)
			field_check(&record->resource->fields[i], record->values[i], &view, faults);
	if (!faults_none(faults)) {
		*faults = (struct faults){ .arena = arena };
		return true; /* told by the checks themselves */
	}
	if (made && made->refusal) {
		answer_refusal(call, is_authority(call) ? "Authority" : "Certificate", "%s", made->refusal);
		return false;
	}
	if (!made || !made->crt)
		return true;
	const bool local = !is_authority(call) && strcmp(sent(call, "private_key_location"), "local") == 0;

	record_set(record, "crt", base64_encode(arena, text_of(made->crt)));
	record_set(record, "prv", local || !made->prv[0] ? "" : base64_encode(arena, text_of(made->prv)));
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
	if (!call->request->keep || !made || !made->prv || strcmp(sent(call, "private_key_location"), "local") != 0 ||
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

static void
show(struct call *call, struct record *record)
{
	struct arena            *arena = call->request->arena;
	struct certificate_facts facts;
	const char              *crt = pem_of(arena, record, "crt");

	if (record->uuid[0] == '\0' || !certificate_describe(arena, text_of(crt), &facts))
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
	if (is_authority(call))
		record_set(record, "refcount", arena_print(arena, "%zu", count_signed(call, record)));
}

static void
put_info(struct call *call, const struct record *record)
{
	struct arena            *arena = call->request->arena;
	struct value            *answer = value_object(arena);
	struct certificate_facts facts;

	if (record && certificate_describe(arena, text_of(pem_of(arena, record, "crt")), &facts)) {
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
	put_info(call, collection_where(snapshot_named(call->request->snapshot, "trust.ca"), "refid", call_param(call, 0)));
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
	struct certificate_facts facts;

	if (!record || !certificate_describe(arena, text_of(pem_of(arena, record, "crt")), &facts)) {
		answer_empty(call);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "stdout", facts.text);
	json_put_string(&call->json, "stderr", "");
	json_object_end(&call->json);
}

static void
generate_file(struct call *call)
{
	const struct record *record = regular_stored(call, call_param(call, 0));
	const struct text    type = call->nparams > 1 ? call_param(call, 1) : TEXT("crt");
	const bool           known = text_is(type, "crt") || text_is(type, "prv");
	const char *pem = record && known ? pem_of(call->request->arena, record, text_is(type, "crt") ? "crt" : "prv") : "";

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", pem[0] ? "ok" : "failed");
	if (record)
		json_put_string(&call->json, "descr", record_get(record, "descr"));
	if (pem[0])
		json_put_string(&call->json, "payload", pem);
	else if (!known)
		json_put_string(&call->json, "error", "Only certificates and keys in PEM form can be fetched.");
	json_object_end(&call->json);
}

/* --- in use --------------------------------------------------------------------------------- */

/* Certificates are named by refid, anywhere. */
static bool
removing(struct call *call, const struct record *record)
{
	const struct schema *schema = call->request->service->schema;
	const char          *refid = record_get(record, "refid");

	for (size_t i = 0; refid[0] && i < schema_count(schema); i++) {
		const struct resource   *resource = schema_at(schema, i);
		const struct collection *records = snapshot_collection(call->request->snapshot, resource);

		for (size_t f = 0; f < resource->nfields; f++)
			for (size_t j = 0;
			     strcmp(resource->fields[f].type->name, "certificate") == 0 && j < collection_count(records); j++)
				if (text_contains(text_of(collection_at(records, j)->values[f]), text_of(refid))) {
					answer_refusal(call, "Certificate", "%s is in use by %s.",
						       record_get(record, "descr"), resource->summary);
					return false;
				}
	}
	return true;
}

/* clang-format off */
static const struct twist trust_twist = { .prepare = prepare, .show = show, .removing = removing };

#define TRUST(at, what) \
	{ at "/get", KIND_GET, .twist = &trust_twist }, \
	{ at "/search", KIND_SEARCH, .twist = &trust_twist }, \
	{ at "/set", KIND_SET, .twist = &trust_twist }, \
	{ at "/del", KIND_DELETE, .twist = &trust_twist }, \
	{ at "/ca_info", KIND_QUERY, 1, GETS, .handle = ca_info }, \
	{ at "/ca_list", KIND_QUERY, 0, GETS, .handle = ca_list }, \
	{ at "/raw_dump", KIND_QUERY, 1, .handle = raw_dump, .resource = what }, \
	{ at "/generate_file", KIND_QUERY, 1, POSTS, .handle = generate_file, .resource = what }

const struct action trust_actions[] = {
	TRUST("trust/ca", "trust.ca"),
	TRUST("trust/cert", "trust.cert"),
	{ "trust/ca/add", KIND_ADD, .twist = &trust_twist, .slow = make },
	{ "trust/cert/add", KIND_ADD, .lane = LANE_COMMIT, .handle = add_cert, .twist = &trust_twist, .slow = make },
	{ "trust/cert/user_list", KIND_QUERY, 0, GETS, .handle = user_list },
	{ NULL },
};
/* clang-format on */
