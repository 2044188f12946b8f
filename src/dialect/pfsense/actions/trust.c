/* Certificates: authorities and certificates that this box makes itself. */
#include "dialect/pfsense/actions/actions.h"

#include "dialect/pfsense/coerce.h"
#include "api/trust/certificate.h"
#include "dialect/pfsense/state.h"

void
act_crl(struct scope *scope, struct outcome *outcome)
{
	struct value *list = tree_find(scope->tree, "crl");

	outcome->data = value_object(scope->arena);
	value_set(scope->arena, outcome->data, "crl", list ? list : value_list(scope->arena));
}

/* What is asked for, from the flags that the checks left. */
static struct certificate_request
read_request(struct scope *scope)
{
	const struct value *attributes = value_get(scope->flags, "cert_attr");
	const struct value *names = value_get(scope->flags, "dn");

	return (struct certificate_request){
		.elliptic = text_is(to_text(scope->arena, value_get(attributes, "keytype")), "ECDSA"),
		.bits = (unsigned)to_integer(value_get(attributes, "keylen")),
		.curve = to_string(scope->arena, value_get(attributes, "ecname")),
		.digest = to_string(scope->arena, value_get(attributes, "digest_alg")),
		.days = to_integer(value_get(attributes, "lifetime")),
		.names = names,
		.now = scope->now,
	};
}

/* The stored authority with this refid. */
static struct value *
authority(struct scope *scope, struct text refid, size_t *index)
{
	const struct value *list = tree_find(scope->tree, "ca");

	for (size_t i = 0; i < value_count(list); i++)
		if (text_equal(to_text(scope->arena, value_get(list->members[i].value, "refid")), refid)) {
			*index = i;
			return list->members[i].value;
		}
	return NULL;
}

/* An authority's certificate and key, decoded; its serial is counted up. */
static bool
sign_with(struct scope *scope, struct text refid, struct certificate_request *request)
{
	size_t        index;
	struct value *signer = authority(scope, refid, &index);
	size_t        len;

	if (!signer)
		return false;
	request->signer = base64_decode(scope->arena, to_text(scope->arena, value_get(signer, "crt")), &len);
	request->signer_key =
		base64_decode(scope->arena, to_text(scope->arena, value_get(signer, "prv")), &len);
	request->serial = to_integer(value_get(signer, "serial")) + 1;
	tree_put(scope->tree, arena_print(scope->arena, "ca/%zu/serial", index),
		 value_string(scope->arena, arena_print(scope->arena, "%lld", (long long)request->serial)));
	return request->signer && request->signer_key;
}

static unsigned
make(struct scope *scope, struct certificate_request *request)
{
	const char *key = state_of(scope->request)->private_key;
	const char *certificate = key ? certificate_create(scope->arena, request, key) : NULL;

	if (!certificate)
		return 1050;
	value_set_string(scope->arena, scope->object, "crt", base64_encode(scope->arena, text_of(certificate)));
	value_set_string(scope->arena, scope->object, "prv", base64_encode(scope->arena, text_of(key)));
	return 0;
}

/* Imported PEM texts are stored encoded. */
static void
encode_members(struct scope *scope)
{
	static const char *const members[] = { "crt", "prv" };

	for (size_t i = 0; i < COUNT(members); i++) {
		const struct value *pem = value_get(scope->object, members[i]);

		if (value_is(pem, VALUE_TEXT) && text_contains(pem->text, TEXT("-----BEGIN")))
			value_set_string(scope->arena, scope->object, members[i],
					 base64_encode(scope->arena, pem->text));
	}
}

/* What kind of key the members of the request ask for; made before the change, for it takes its time. */
const char *
private_key_for(struct request *request)
{
	const struct value *type = value_get(request->input, "keytype");
	const struct text   method = to_text(request->arena, value_get(request->input, "method"));
	const int64_t       bits = to_integer(value_get(request->input, "keylen"));
	const struct certificate_request asked = {
		.elliptic = text_equal_any_case(to_text(request->arena, type), TEXT("ecdsa")),
		.bits = bits >= 1024 && bits <= 16384 ? (unsigned)bits : 0,
		.curve = to_string(request->arena, value_get(request->input, "ecname")),
	};

	if (!text_is(method, "internal") && !text_is(method, "intermediate"))
		return NULL;
	return asked.elliptic || asked.bits ? certificate_new_key(request->arena, &asked) : NULL;
}

unsigned
authority_make(struct scope *scope)
{
	struct certificate_request request = read_request(scope);
	const struct text          method = to_text(scope->arena, value_get(scope->flags, "method"));

	if (text_is(method, "existing")) {
		encode_members(scope);
		return 0;
	}
	request.authority = true;
	request.serial = 1;
	if (text_is(method, "intermediate")) {
		const struct value *refid = value_get(value_get(scope->flags, "cert_attr"), "caref");

		if (!sign_with(scope, to_text(scope->arena, refid), &request))
			return 1050;
		value_set(scope->arena, scope->object, "caref", value_copy(scope->arena, refid));
	}
	value_set_string(scope->arena, scope->object, "serial", "1");
	return make(scope, &request);
}

unsigned
trust_make_certificate(struct scope *scope)
{
	struct certificate_request request = read_request(scope);
	const struct text          method = to_text(scope->arena, value_get(scope->flags, "method"));

	if (text_is(method, "existing")) {
		encode_members(scope);
		return 0;
	}
	request.server = text_is(to_text(scope->arena, value_get(scope->object, "type")), "server");
	request.client = !request.server;
	request.alternatives = value_get(scope->input, "altnames");
	if (!sign_with(scope, to_text(scope->arena, value_get(scope->object, "caref")), &request))
		return 1050;
	return make(scope, &request);
}
