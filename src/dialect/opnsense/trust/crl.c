/*
 * Revocation lists, one for each authority at most. A list made here is signed on the slow lane; one that was made
 * elsewhere is kept as it came. What was revoked stays so when the certificate itself is gone.
 */
#include <string.h>

#include "api/accounts.h"
#include "api/trust/certificate.h"
#include "api/references.h"
#include "api/trust/revocation.h"
#include "api/verbs.h"
#include "base/number.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/tables.h"
#include "dialect/opnsense/trust/trust.h"

#define LIST_BYTES_MAX (4 * 1024 * 1024) /* of one that was made elsewhere */

static const struct collection *
records_of(const struct call *call, const char *resource)
{
	return snapshot_named(call->request->snapshot, resource);
}

static const struct record *
list_of(const struct call *call, const char *caref)
{
	return collection_where(records_of(call, "trust.crl"), "caref", text_of(caref));
}

static int64_t
now_of(const struct call *call)
{
	return call->request->service->now(call->request->service->context) / 1000000;
}

/* --- showing -------------------------------------------------------------------------------- */

static void
search(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct collection *authorities = records_of(call, "trust.ca");
	struct value            *rows = value_list(arena);

	for (size_t i = 0; i < collection_count(authorities); i++) {
		const struct record *ca = collection_at(authorities, i);
		const struct record *list = list_of(call, record_get(ca, "refid"));
		struct value        *row = value_object(arena);

		value_set_string(arena, row, "descr", record_get(ca, "descr"));
		value_set_string(arena, row, "refid", record_get(ca, "refid"));
		if (list)
			value_set_string(arena, row, "crl_descr", record_get(list, "descr"));
		value_add(arena, rows, row);
	}
	grid_answer(call, rows, 9999);
}

/* The entry for a certificate; false: it is not revoked. */
static bool
find_revoked(const struct record *list, struct text refid, struct revoked *out)
{
	struct text rest = list ? record_text(list, "cert") : TEXT_NONE;

	while (revoked_next(&rest, out))
		if (text_equal(out->refid, refid))
			return true;
	return false;
}

static void
put_choice(struct call *call, const char *key, const char *label, bool is_selected)
{
	json_name(&call->json, key);
	json_object(&call->json);
	json_put_string(&call->json, "value", label);
	json_put_string(&call->json, "selected", is_selected ? "1" : "0");
	json_object_end(&call->json);
}

/* All certificates of the authority, those selected that were revoked for this reason. */
static void
put_reason(struct call *call, const char *caref, const struct record *list, unsigned reason)
{
	const struct collection *certs = records_of(call, "trust.cert");
	size_t                   count = 0;

	json_name(&call->json, arena_print(call->request->arena, "revoked_reason_%u", reason));
	for (size_t i = 0; i < collection_count(certs); i++) {
		const struct record *cert = collection_at(certs, i);
		struct revoked       one;

		if (strcmp(record_get(cert, "caref"), caref) != 0)
			continue;
		if (count++ == 0)
			json_object(&call->json);
		put_choice(call, record_get(cert, "refid"), record_get(cert, "descr"),
			   find_revoked(list, record_text(cert, "refid"), &one) && one.reason == reason);
	}
	if (count == 0)
		json_list(&call->json);
	if (count == 0)
		json_list_end(&call->json);
	else
		json_object_end(&call->json);
}

static void
get(struct call *call)
{
	const struct record *ca = trust_authority(call, call_param(call, 0));
	const struct record *list = ca ? list_of(call, record_get(ca, "refid")) : NULL;
	const struct record *shown = list ? list : verb_fresh(call->request, call_resource(call, "trust.crl"));
	const bool           is_own = strcmp(record_get(shown, "crlmethod"), "existing") != 0;

	if (!ca) {
		answer_empty(call);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "crl");
	json_object(&call->json);
	json_put_string(&call->json, "caref", record_get(ca, "refid"));
	json_put_string(&call->json, "descr", record_get(shown, "descr"));
	json_put_string(&call->json, "serial", record_get(shown, "serial"));
	json_put_string(&call->json, "lifetime", record_get(shown, "lifetime"));
	if (list)
		json_put_string(&call->json, "text", trust_pem(call->request->arena, list, "text"));
	json_name(&call->json, "crlmethod");
	json_object(&call->json);
	put_choice(call, "internal", "Internal", is_own);
	put_choice(call, "existing", "Import existing", !is_own);
	json_object_end(&call->json);
	for (unsigned reason = 0; reason < REVOCATION_REASONS; reason++)
		put_reason(call, record_get(ca, "refid"), list, reason);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

static void
raw_dump(struct call *call)
{
	struct arena        *arena = call->request->arena;
	const struct record *list = list_of(call, call_param_string(call, 0));
	const char *text = list ? revocation_describe(arena, text_of(trust_pem(arena, list, "text"))) : NULL;

	if (!text) {
		answer_empty(call);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "stdout", text);
	json_put_string(&call->json, "stderr", "");
	json_object_end(&call->json);
}

/* The index of an authority, for a responder that answers in its name. */
static void
ocsp_index(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct collection *certs = records_of(call, "trust.cert");
	const struct record     *list = list_of(call, call_param_string(call, 0));
	scoped_buffer            lines = BUFFER_NONE;

	for (size_t i = 0; i < collection_count(certs); i++) {
		const struct record *cert = collection_at(certs, i);
		struct revoked       one;

		if (!text_equal(record_text(cert, "caref"), call_param(call, 0)))
			continue;
		revocation_index(&lines, text_of(trust_pem(arena, cert, "crt")),
				 find_revoked(list, record_text(cert, "refid"), &one) ? &one : NULL, now_of(call));
	}
	answer_word(call, "payload", buffer_string(&lines));
}

/* --- setting -------------------------------------------------------------------------------- */

/* On its way from the slow lane to the commit. */
struct making {
	const struct record *ca, *before; /* as the slow lane saw them; before NULL: there was no list */
	const char          *descr, *method, *text; /* text: PEM; NULL: not made */
	const char          *revoked;
	int64_t              serial, lifetime;
	struct faults        faults;
};

static const char *
sent(const struct call *call, const char *name)
{
	return value_as_string(call->request->arena, value_get(value_get(call->input, "crl"), name));
}

/* Revoked for the first time now, or when it was for the same reason before. */
static void
add_revoked(struct call *call, struct making *making, struct buffer *lines, struct text refid, unsigned reason)
{
	struct arena        *arena = call->request->arena;
	const struct record *cert = collection_where(records_of(call, "trust.cert"), "refid", refid);
	const char          *serial = NULL;
	struct revoked       one, before;

	if (cert && strcmp(record_get(cert, "caref"), record_get(making->ca, "refid")) == 0)
		serial = certificate_serial(arena, text_of(trust_pem(arena, cert, "crt")));
	if (!serial) {
		faults_add(&making->faults, arena_print(arena, "revoked_reason_%u", reason), FAULT_REFERENCE,
			   "This authority has no such certificate.");
		return;
	}
	one = (struct revoked){ refid, text_of(serial), reason, now_of(call) };
	if (making->before && find_revoked(making->before, refid, &before) && before.reason == reason)
		one.time = before.time;
	revoked_add(lines, &one);
}

static bool
is_listed_already(const struct buffer *lines, struct text refid)
{
	struct text    rest = buffer_text(lines);
	struct revoked one;

	while (revoked_next(&rest, &one))
		if (text_equal(one.refid, refid))
			return true;
	return false;
}

/* Those whose certificate is not here any more: nobody can choose them, and nobody takes them back. */
static void
keep_gone(struct call *call, const struct record *before, struct buffer *lines)
{
	struct text    rest = before ? record_text(before, "cert") : TEXT_NONE;
	struct revoked one;

	while (revoked_next(&rest, &one))
		if (!collection_where(records_of(call, "trust.cert"), "refid", one.refid))
			revoked_add(lines, &one);
}

static void
read_revoked(struct call *call, struct making *making)
{
	scoped_buffer lines = BUFFER_NONE;

	keep_gone(call, making->before, &lines);
	for (unsigned reason = 0; reason < REVOCATION_REASONS; reason++) {
		struct text rest = text_of(sent(call, arena_print(call->request->arena, "revoked_reason_%u", reason)));
		struct text refid;

		while (text_next(&rest, ",", &refid))
			if (refid.len && !is_listed_already(&lines, refid))
				add_revoked(call, making, &lines, refid, reason);
	}
	making->revoked = arena_copy(call->request->arena, buffer_text(&lines));
}

/* A list's number rises, whatever the form says. */
static void
read_numbers(struct call *call, struct making *making)
{
	const char   *serial = sent(call, "serial"), *lifetime = sent(call, "lifetime");
	const int64_t last = making->before ? record_number(making->before, "serial", 0) : -1;
	int64_t       number = 0;

	making->lifetime = making->before ? record_number(making->before, "lifetime", 9999) : 9999;
	if (lifetime && !number_read(text_of(lifetime), 1, REVOCATION_DAYS_MAX, &making->lifetime))
		faults_add(&making->faults, "lifetime", FAULT_RANGE, "The lifetime is a number of days from 1 to %d.",
			   REVOCATION_DAYS_MAX);
	if (serial && serial[0] && !number_read(text_of(serial), 0, INT32_MAX, &number))
		faults_add(&making->faults, "serial", FAULT_RANGE, "The serial is a number from 0 to %d.", INT32_MAX);
	making->serial = number > last ? number : last + 1;
}

static void
take_list(struct call *call, struct making *making)
{
	const char *text = sent(call, "text");

	if (!text || strlen(text) > LIST_BYTES_MAX || !revocation_describe(call->request->arena, text_of(text)))
		faults_add(&making->faults, "text", FAULT_FORMAT, "This is no revocation list in PEM form.");
	else
		making->text = text;
}

static void
sign_list(struct call *call, struct making *making)
{
	struct arena                   *arena = call->request->arena;
	const struct revocation_request request = {
		.authority = trust_pem(arena, making->ca, "crt"),
		.authority_key = trust_pem(arena, making->ca, "prv"),
		.number = (uint64_t)making->serial,
		.now = now_of(call),
		.days = making->lifetime,
		.revoked = text_of(making->revoked),
	};

	making->text = revocation_make(arena, &request);
	if (!making->text)
		faults_add(&making->faults, "crlmethod", FAULT_CONFLICT,
			   "The key of this authority is not on this box, or cannot sign lists.");
}

static void
make_list(struct call *call, struct making *making)
{
	const char *method = sent(call, "crlmethod"), *descr = sent(call, "descr");
	const bool  is_own = method && strcmp(method, "internal") == 0;

	making->faults.arena = call->request->arena;
	making->method = method;
	making->descr = descr;
	if (!method || (!is_own && strcmp(method, "existing") != 0))
		faults_add(&making->faults, "crlmethod", FAULT_CHOICE, "A list is internal or existing.");
	if (!descr || !descr[0] || strlen(descr) > 255 || strpbrk(descr, "\r\n"))
		faults_add(&making->faults, "descr", FAULT_FORMAT,
			   "The description is one line of 1 to 255 characters.");
	read_numbers(call, making);
	making->revoked = "";
	if (is_own)
		read_revoked(call, making);
	if (!faults_none(&making->faults))
		return;
	if (is_own)
		sign_list(call, making);
	else
		take_list(call, making);
}

static void
prepare(struct call *call)
{
	struct making *making = ARENA_MAKE(call->request->arena, struct making, 1);

	call->kept = making;
	making->ca = trust_authority(call, call_param(call, 0));
	if (!making->ca || !value_is(value_get(call->input, "crl"), VALUE_OBJECT))
		return;
	making->before = list_of(call, record_get(making->ca, "refid"));
	make_list(call, making);
}

static void
answer_faults(struct call *call, const struct faults *faults)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", "failed");
	if (!faults_none(faults)) {
		json_name(&call->json, "validations");
		json_object(&call->json);
		for (const struct fault *fault = faults->first; fault; fault = fault->next)
			json_put_string(&call->json, arena_print(call->request->arena, "crl.%s", fault->field),
					fault->message);
		json_object_end(&call->json);
	}
	json_object_end(&call->json);
}

/* Did somebody else change the authority or its list since the slow lane looked? */
static bool
is_stale(const struct call *call, const struct making *making)
{
	const struct record *ca = trust_authority(call, call_param(call, 0));
	const struct record *list = ca ? list_of(call, record_get(ca, "refid")) : NULL;

	return !ca || !record_same(ca, making->ca) || !list != !making->before ||
	       (list && !record_same(list, making->before));
}

static void
set(struct call *call)
{
	struct request *request = call->request;
	struct making  *making = call->kept;
	struct faults   faults = { .arena = request->arena };

	if (making->text && is_stale(call, making))
		prepare(call);
	making = call->kept;
	if (!making->text) {
		answer_faults(call, &making->faults);
		return;
	}
	struct record *list = making->before ? record_copy(request->arena, making->before)
					     : verb_fresh(request, call_resource(call, "trust.crl"));

	if (!making->before)
		record_set(list, "refid", trust_new_refid(call));
	record_set(list, "caref", record_get(making->ca, "refid"));
	record_set(list, "descr", making->descr);
	record_set(list, "crlmethod", making->method);
	record_set(list, "serial", arena_print(request->arena, "%lld", (long long)making->serial));
	record_set(list, "lifetime", arena_print(request->arena, "%lld", (long long)making->lifetime));
	record_set(list, "cert", making->revoked);
	record_set(list, "text", base64_encode(request->arena, text_of(making->text)));
	if (making->before)
		verb_set(request, making->before, list, true, &faults);
	else
		verb_add(request, list, &faults);
	if (!faults_none(&faults)) {
		answer_faults(call, &faults);
		return;
	}
	request->keep = request->always = true;
	answer_word(call, "status", "saved");
}

static void
delete(struct call *call)
{
	const struct record *list = list_of(call, call_param_string(call, 0));
	const char          *user = list ? trust_user_of(call, record_get(list, "refid")) : NULL;
	struct reference    *users = NULL;

	if (!list) {
		answer_word(call, "status", "not found");
		return;
	}
	if (user) {
		answer_refusal(call, "Revocation list", "%s is in use by %s.", record_get(list, "descr"), user);
		return;
	}
	verb_delete(call->request, list, false, &users);
	call->request->keep = call->request->always = true;
	answer_word(call, "status", "deleted");
}

#define FAILED "{\"status\":\"failed\"}"

/* clang-format off */
const struct action trust_crl_actions[] = {
	{ "trust/crl/search", KIND_GRID, .handle = search },
	{ "trust/crl/get", KIND_QUERY, 1, GETS, .handle = get },
	{ "trust/crl/set", KIND_MODEL_SET, 1, .lane = LANE_COMMIT, .handle = set, .slow = prepare, .refusal = FAILED },
	{ "trust/crl/del", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = delete, .refusal = FAILED },
	{ "trust/crl/raw_dump", KIND_QUERY, 1, GETS, .handle = raw_dump },
	{ "trust/crl/get_ocsp_info_data", KIND_QUERY, 1, .handle = ocsp_index },
	{ NULL },
};
/* clang-format on */
