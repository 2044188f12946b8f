/* dialect/opnsense/trust/trust.h: what the files of this folder share. */
#pragma once

#include "dialect/opnsense/regular.h"

#define LIFETIME_MAX 36500 /* days */

/* What the slow lane made. */
struct made {
	const char *crt, *prv, *csr; /* PEM; NULL: nothing was asked for; "": none */
	const char *refusal;         /* why it could not be made; NULL: it was, or was not wanted */
};

/* Before a record is added: what its action asks for. To call->kept, a struct made. */
void trust_make(struct call *);
/* Before a certificate is changed: only what needs the one there was. */
void trust_make_again(struct call *);

/* What was sent for a field, or what it is by default. */
const char *trust_sent(const struct call *, const char *name);
bool        trust_is_authority(const struct call *);
/* A field that holds PEM in base64; "" when it holds none. */
const char *trust_pem(struct arena *, const struct record *, const char *field);
const struct record *trust_authority(const struct call *, struct text refid); /* NULL: none */
/* Thirteen digits: seconds and microseconds. */
const char *trust_new_refid(struct call *);
/* Who holds a refid in a field for certificates; NULL: nobody. */
const char *trust_user_of(const struct call *, const char *refid);
