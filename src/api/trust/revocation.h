/*
 * api/trust/revocation.h: certificates that their authority has taken back. A list of them is kept as lines, and
 * signed as a CRL (RFC 5280) for those who check.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"

/* RFC 5280's reasons 0 to 6: unspecified, keyCompromise, cACompromise, affiliationChanged, superseded... */
#define REVOCATION_REASONS  7
#define REVOCATION_DAYS_MAX 36500
#define SERIAL_BYTES_MAX    64

struct revoked {
	struct text refid;  /* of the certificate when it was here */
	struct text serial; /* hex */
	unsigned    reason;
	int64_t     time;   /* seconds since 1970 */
};

/* "refid|serial|reason|time" a line; lines that are none are passed over. */
bool revoked_next(struct text *rest, struct revoked *);
void revoked_add(struct buffer *, const struct revoked *);

struct revocation_request {
	const char *authority, *authority_key; /* PEM */
	uint64_t    number; /* of this list: rises with each */
	int64_t     now, days;
	struct text revoked; /* lines */
};

/* The signed list as PEM, in the arena; NULL: the key does not belong to the authority, or cannot sign. */
const char *revocation_make(struct arena *, const struct revocation_request *);
/* A list for people; NULL: this is none. */
const char *revocation_describe(struct arena *, struct text pem);
/* Hex of a certificate's serial number, as openssl prints it; NULL: it is none. */
const char *certificate_serial(struct arena *, struct text pem);
/*
 * A line of the index that openssl's responder reads: state, ends, when taken back, serial, file, name.
 * why NULL: it is not taken back. False: this is no certificate.
 */
bool revocation_index(struct buffer *, struct text pem, const struct revoked *why, int64_t now);
