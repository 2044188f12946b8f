/* dialect/pfsense/certificate.h: making X.509 certificates and looking into them. */
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

/* PEM texts, made in the arena. False: the library refused. Slow: making a key takes up to seconds. */
bool        certificate_create(struct arena *, const struct certificate_request *, const char **certificate,
                               const char **key);
/* Hex of the public key's id in a PEM certificate or key; NULL: it is none. */
const char *certificate_public_key(struct arena *, struct text pem, bool is_key);
bool        certificate_is_authority(struct text pem);
