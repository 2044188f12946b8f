/* api/certificate.h: making X.509 certificates and looking into them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/value.h"

struct certificate_request {
	bool        authority, server, elliptic;
	unsigned    bits;
	const char *curve;  /* "prime256v1" */
	const char *digest; /* "sha256" */
	int64_t     days;
	int64_t     serial;
	int64_t     now; /* seconds since 1970 */
	const struct value *names; /* {commonName, countryName, ...} */
	const struct value *alternatives; /* [{dns: "a"}, {ip: "b"}], NULL: none */
	const char *signer, *signer_key; /* PEM; NULL: signed by itself */
};

/* A new private key as PEM; NULL when there is none of that kind. Slow: up to some seconds. */
const char *certificate_new_key(struct arena *, const struct certificate_request *);
/* The certificate for a key, as PEM; NULL: the library refused. All is made in the arena. */
const char *certificate_create(struct arena *, const struct certificate_request *, const char *key);
/* Hex of the public key's id in a PEM certificate or key; NULL: it is none. */
const char *certificate_public_key(struct arena *, struct text pem, bool is_key);
bool        certificate_is_authority(struct text pem);

/* What stands in a certificate. */
struct certificate_facts {
	const char *name; /* RFC 4514 */
	int64_t     valid_from, valid_to; /* seconds since 1970 */
	const char *country, *state, *city, *organization, *unit, *common_name, *email;
	const char *text; /* all of it, for people */
};
bool certificate_describe(struct arena *, struct text pem, struct certificate_facts *); /* false: it is none */
