/* proc/notify/mail.h: one mail, by SMTP. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"

#define MAIL_SECONDS     20
#define MAIL_SECONDS_MAX 300
#define MAIL_ADDRESS_MAX 254 /* bytes, RFC 5321 4.5.3.1.3 */
#define MAIL_TO_MAX      16

/* Nothing of it is trusted: what could be more than one word of a command or header is refused. */
struct mail {
	const char *server;         /* name or address */
	uint16_t    port;           /* 0: the usual */
	long        seconds;        /* 0: MAIL_SECONDS; at most MAIL_SECONDS_MAX */
	bool        tls;            /* from the start; else when the server offers it */
	bool        verify;         /* its certificate must be good for its name, by an authority of the machine */
	const char *mechanism;      /* of the login: PLAIN or LOGIN */
	const char *user, *password; /* "": without a login */
	const char *from, *to;      /* to: comma separated */
	const char *host;           /* what we are called */
	const char *subject;
	struct text text;           /* lines */
	int64_t     time;           /* seconds since 1970 */
	const _Atomic(bool) *stop;  /* once it is true, nothing is waited for any more; NULL: never */
};

/* Hand it over, waiting as long as that takes. What is wrong, in the arena or static; NULL: the server has taken it. */
const char *mail_send(struct arena *, const struct mail *);
/* What is sent, headers and text. False: an address cannot be written to. */
bool        mail_write(struct buffer *, const struct mail *);
