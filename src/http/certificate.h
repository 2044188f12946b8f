/* http/certificate.h: certificates for our own server: making one that is self-signed, checking a
 * pair. */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/result.h"

#define CERTIFICATE_CHAIN_MAX 16

struct certificate_wish {
	const char        *name;  /* the subject's common name; "O" is "Drawbridge" */
	const char *const *names; /* subject alternative names: host names and addresses, as text */
	size_t             nnames;
	unsigned           days; /* valid from an hour ago; 0: 397 */
};

/*
 * A new EC P-256 key and a self-signed server certificate for it, both PEM, made in the arena.
 * RESULT_INVALID for a name that is none, RESULT_FAILED when GnuTLS cannot; with a message.
 */
enum result certificate_make(struct arena *, const struct certificate_wish *,
			     const char **certificate, const char **key, const char **message);

/*
 * RESULT_DONE when certificate is PEM (its issuers may follow) and key the private key to it, PEM,
 * not encrypted; otherwise RESULT_INVALID and a message. Dates are not looked at.
 */
enum result certificate_check(const char *certificate, const char *key, struct arena *,
			      const char **message);
