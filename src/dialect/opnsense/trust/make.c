/*
 * Making what a form asks for, on the slow lane: keys, certificates that an authority of the box or the key itself
 * signs, signing requests.
 */
#include <string.h>

#include "api/accounts.h"
#include "api/trust/certificate.h"
#include "base/number.h"
#include "dialect/opnsense/trust/trust.h"

/* What was sent for a field, what the certificate that is made again had, or what it is by default. */
static const char *
wanted(const struct call *call, const struct value *had, const char *name)
{
	const struct value *form = value_get(call->input, call->route->face->root);
	const char         *old = value_as_string(call->request->arena, value_get(had, name));

	return !value_get(form, name) && old ? old : trust_sent(call, name);
}

/* --- requests ------------------------------------------------------------------------------- */

static struct value *
names_of(const struct call *call, const struct value *had)
{
	static const struct {
		const char *field, *name;
	} names[] = {
		{ "country", "countryName" }, { "state", "stateOrProvinceName" }, { "city", "localityName" },
		{ "organization", "organizationName" }, { "organizationalunit", "organizationalUnitName" },
		{ "commonname", "commonName" }, { "email", "emailAddress" },
	};
	struct value *out = value_object(call->request->arena);

	for (size_t i = 0; i < COUNT(names); i++)
		value_set_string(call->request->arena, out, names[i].name, wanted(call, had, names[i].field));
	return out;
}

/* One name a line. */
static void
add_alternatives(const struct call *call, struct value *out, const char *field, const char *kind)
{
	struct arena *arena = call->request->arena;
	struct text   rest = text_of(trust_sent(call, field)), line;

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

	if (trust_is_authority(call))
		return out;
	add_alternatives(call, out, "altnames_dns", "dns");
	add_alternatives(call, out, "altnames_ip", "ip");
	add_alternatives(call, out, "altnames_uri", "uri");
	add_alternatives(call, out, "altnames_email", "email");
	return out;
}

/* The authority that signs; false: it is named but cannot. */
static bool
find_signer(const struct call *call, const char *caref, struct certificate_request *request)
{
	const struct record *ca = caref[0] ? trust_authority(call, text_of(caref)) : NULL;

	if (caref[0] == '\0')
		return true;
	if (!ca || !record_has(ca, "prv"))
		return false;
	request->signer = trust_pem(call->request->arena, ca, "crt");
	request->signer_key = trust_pem(call->request->arena, ca, "prv");
	return true;
}

static struct certificate_request
request_of(const struct call *call, const struct value *had)
{
	const char   *type = trust_sent(call, "key_type");
	const int64_t now = call->request->service->now(call->request->service->context);
	const char   *use = trust_is_authority(call) ? "" : trust_sent(call, "cert_type");
	const bool    is_ocsp = trust_is_authority(call) && strcmp(trust_sent(call, "action"), "ocsp") == 0;
	int64_t       bits = 0, days = 0;
	const bool    rsa = number_read(text_of(type), 512, 8192, &bits);

	number_read(text_of(trust_sent(call, "lifetime")), 1, LIFETIME_MAX, &days);
	return (struct certificate_request){
		.authority = (trust_is_authority(call) && !is_ocsp) || strcmp(use, "v3_ca") == 0,
		.server = strcmp(use, "server_cert") == 0 || strcmp(use, "combined_server_client") == 0,
		.client = strcmp(use, "usr_cert") == 0 || strcmp(use, "combined_server_client") == 0,
		.ocsp = is_ocsp,
		.elliptic = !rsa,
		.bits = (unsigned)bits,
		.curve = type,
		.digest = trust_sent(call, "digest"),
		.days = days,
		.serial = now,
		.now = now / 1000000,
		.names = names_of(call, had),
		.alternatives = alternatives_of(call),
		.ocsp_uri = trust_sent(call, "ocsp_uri"),
	};
}

/* --- actions -------------------------------------------------------------------------------- */

#define NO_SIGNER "The authority is unknown, or its key is not on this box."
#define NOT_MADE  "The certificate could not be made from these values."

static void
make_certificate(struct call *call, struct made *made)
{
	struct certificate_request request = request_of(call, NULL);
	const char                *caref = trust_sent(call, "caref");

	if (request.days == 0)
		return; /* the check of the field says so */
	if (!find_signer(call, caref, &request) || (request.ocsp && caref[0] == '\0')) {
		made->refusal = NO_SIGNER;
		return;
	}
	made->prv = certificate_new_key(call->request->arena, &request);
	made->crt = made->prv ? certificate_create(call->request->arena, &request, made->prv) : NULL;
	if (!made->crt)
		made->refusal = NOT_MADE;
}

static void
make_csr(struct call *call, struct made *made)
{
	const struct certificate_request request = request_of(call, NULL);

	made->prv = certificate_new_key(call->request->arena, &request);
	made->csr = made->prv ? certificate_csr(call->request->arena, &request, made->prv) : NULL;
	made->crt = "";
	if (!made->csr)
		made->refusal = "The signing request could not be made from these values.";
}

static void
sign_csr(struct call *call, struct made *made)
{
	struct certificate_request request = request_of(call, NULL);
	const char                *caref = trust_sent(call, "caref");

	if (request.days == 0)
		return;
	request.csr = trust_sent(call, "csr_payload");
	if (!csr_public_key(call->request->arena, text_of(request.csr))) {
		made->refusal = "This is no signing request in PEM form.";
		return;
	}
	if (caref[0] == '\0' || !find_signer(call, caref, &request)) {
		made->refusal = NO_SIGNER;
		return;
	}
	made->crt = certificate_create(call->request->arena, &request, "");
	made->prv = "";
	made->csr = request.csr;
	if (!made->crt)
		made->refusal = NOT_MADE;
}

static void
take_payload(struct call *call, struct made *made)
{
	const char *crt = trust_sent(call, "crt_payload"), *prv = trust_sent(call, "prv_payload");
	const char *of_crt = certificate_public_key(call->request->arena, text_of(crt), false);
	const char *of_prv = prv[0] ? certificate_public_key(call->request->arena, text_of(prv), true) : of_crt;

	if (!of_crt)
		made->refusal = "This is no certificate in PEM form.";
	else if (!of_prv || strcmp(of_crt, of_prv) != 0)
		made->refusal = "The private key does not belong to the certificate.";
	if (made->refusal)
		return;
	made->crt = crt;
	made->prv = prv;
}

void
trust_make(struct call *call)
{
	static const struct {
		const char *action;
		void      (*make)(struct call *, struct made *);
	} actions[] = {
		{ "internal", make_certificate }, { "ocsp", make_certificate }, { "external", make_csr },
		{ "sign_csr", sign_csr }, { "existing", take_payload }, { "import", take_payload },
	};
	struct made *made = ARENA_MAKE(call->request->arena, struct made, 1);
	const char  *action = trust_sent(call, "action");

	call->kept = made;
	if (!value_is(value_get(call->input, call->route->face->root), VALUE_OBJECT))
		return;
	for (size_t i = 0; i < COUNT(actions); i++)
		if (strcmp(actions[i].action, action) == 0) {
			actions[i].make(call, made);
			return;
		}
	if (strcmp(action, "import_csr") == 0 || strcmp(action, "reissue") == 0)
		made->refusal = "This needs a certificate that is here already.";
}

/* --- with what there was -------------------------------------------------------------------- */

/* What stands in the certificate there is, by the names of the form. */
static const struct value *
facts_of(struct call *call, const struct record *record)
{
	struct arena            *arena = call->request->arena;
	struct value            *had = value_object(arena);
	struct certificate_facts facts;

	if (!certificate_describe(arena, text_of(trust_pem(arena, record, "crt")), &facts))
		return had;
	value_set_string(arena, had, "country", facts.country);
	value_set_string(arena, had, "state", facts.state);
	value_set_string(arena, had, "city", facts.city);
	value_set_string(arena, had, "organization", facts.organization);
	value_set_string(arena, had, "organizationalunit", facts.unit);
	value_set_string(arena, had, "commonname", facts.common_name);
	value_set_string(arena, had, "email", facts.email);
	value_set_string(arena, had, "caref", record_get(record, "caref"));
	return had;
}

static void
reissue(struct call *call, const struct record *record, struct made *made)
{
	const struct value        *had = facts_of(call, record);
	struct certificate_request request = request_of(call, had);

	if (request.days == 0)
		return;
	made->prv = trust_pem(call->request->arena, record, "prv");
	if (made->prv[0] == '\0')
		made->refusal = "The private key is not on this box.";
	else if (!find_signer(call, wanted(call, had, "caref"), &request))
		made->refusal = NO_SIGNER;
	else
		made->crt = certificate_create(call->request->arena, &request, made->prv);
	if (!made->refusal && !made->crt)
		made->refusal = NOT_MADE;
}

/* What an authority elsewhere made of a signing request of ours. */
static void
import_signed(struct call *call, const struct record *record, struct made *made)
{
	struct arena *arena = call->request->arena;
	const char   *crt = trust_sent(call, "crt_payload");
	const char   *of_crt = certificate_public_key(arena, text_of(crt), false);
	const char   *of_csr = csr_public_key(arena, text_of(trust_pem(arena, record, "csr")));

	if (!of_crt)
		made->refusal = "This is no certificate in PEM form.";
	else if (!of_csr || strcmp(of_crt, of_csr) != 0)
		made->refusal = "The certificate does not belong to the signing request.";
	if (made->refusal)
		return;
	made->crt = crt;
	made->prv = trust_pem(arena, record, "prv");
	made->csr = "";
}

void
trust_make_again(struct call *call)
{
	struct made         *made = ARENA_MAKE(call->request->arena, struct made, 1);
	const struct value  *form = value_get(call->input, call->route->face->root);
	const char          *action = value_as_string(call->request->arena, value_get(form, "action"));
	const struct record *record = regular_stored(call, call_param(call, 0));

	call->kept = made;
	if (!record || !action)
		return;
	if (strcmp(action, "reissue") == 0)
		reissue(call, record, made);
	else if (strcmp(action, "import_csr") == 0)
		import_signed(call, record, made);
}
