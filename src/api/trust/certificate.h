/* api/trust/certificate.h: making X.509 certificates and looking into them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/value.h"

struct certificate_request {
	bool        authority, elliptic;
	bool        server, client, ocsp; /* what it may be used for, unless it is an authority's */
	unsigned    bits;
	const char *curve;  /* "prime256v1" */
	const char *digest; /* "sha256" */
	int64_t     days;
	int64_t     serial;
	int64_t     now; /* seconds since 1970 */
	const struct value *names; /* {commonName, countryName, ...} */
	const struct value *alternatives; /* [{dns: "a"}, {ip: "b"}], NULL: none */
	const char *ocsp_uri; /* where the state of the certificate can be asked for; NULL or "": nowhere */
	const char *signer, *signer_key; /* PEM; NULL: signed by itself */
	const char *csr; /* PEM: name and key are this request's, its names are added; NULL: they are given */
};

/* A new private key as PEM; NULL when there is none of that kind. Slow: up to some seconds. */
const char *certificate_new_key(struct arena *, const struct certificate_request *);
/*
 * The certificate for a key, as PEM; NULL: the library refused. The key is not looked at when there is a CSR. All is
 * made in the arena.
 */
const char *certificate_create(struct arena *, const struct certificate_request *, const char *key);
/* A signing request (PKCS #10) of a key, as PEM; NULL: the library refused. */
const char *certificate_csr(struct arena *, const struct certificate_request *, const char *key);
/* Hex of the public key's id in a PEM certificate or key; NULL: it is none. */
const char *certificate_public_key(struct arena *, struct text pem, bool is_key);
const char *csr_public_key(struct arena *, struct text pem);
const char *csr_describe(struct arena *, struct text pem); /* for people; NULL: it is none */
bool        certificate_is_authority(struct text pem);

/* What stands in a certificate. */
struct certificate_facts {
	const char *name; /* RFC 4514 */
	int64_t     valid_from, valid_to; /* seconds since 1970 */
	const char *country, *state, *city, *organization, *unit, *common_name, *email;
	const char *purposes; /* "id-kp-serverAuth, id-kp-clientAuth" */
	const char *text; /* all of it, for people */
};
bool certificate_describe(struct arena *, struct text pem, struct certificate_facts *); /* false: it is none */

#define BUNDLE_CHAIN_MAX 16

/* A certificate with its key and those above it, as PKCS #12. */
struct bundle {
	const char *name, *password; /* the password may be "" */
	const char *crt, *prv;       /* PEM */
	const char *chain[BUNDLE_CHAIN_MAX]; /* PEM of the authorities */
	size_t      nchain;
};
/* In base64, in the arena; NULL: the key does not go with the certificate, or the library refused. */
const char *bundle_make(struct arena *, const struct bundle *);

/* The parts of a distinguished name that requests may give, in the order in which certificates have them. */
#define CERTIFICATE_NAMES 7

struct certificate_name {
	const char *name, *oid;
};

extern const struct certificate_name certificate_names[CERTIFICATE_NAMES];
