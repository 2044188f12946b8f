/*
 * proc/portal/vouchers.h: vouchers, which are users that somebody made in numbers, each for some time from its first use on. Passwords
 * are known to whoever made them, here only as hashes. Not safe for threads.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/value.h"

#define VOUCHERS_MAX           50000 /* of all servers */
#define VOUCHERS_BYTES_MAX     ((size_t)64 * 1024 * 1024) /* of all, written down */
#define VOUCHERS_AT_ONCE       10000
#define VOUCHER_GROUP_MAX      255   /* bytes of a group's name */
#define VOUCHER_LENGTH_MAX     32    /* of a name or a password */
#define VOUCHER_SECONDS_MAX    (10 * 366 * 86400LL)

/* Times are in seconds since 1970. */
struct voucher {
	char   *server, *user, *hash, *group; /* malloc'ed */
	int64_t validity; /* seconds from its first use on */
	int64_t expires;  /* 0: when it is used up */
	int64_t started;  /* 0: not used yet */
};

struct vouchers {
	struct voucher *list; /* malloc'ed, in the order they were made */
	size_t          count, room;
};

void vouchers_clear(struct vouchers *);

/* What is to be made. */
struct voucher_wish {
	const char *server, *group;
	size_t      count, user_length, password_length;
	int64_t     validity, expires;
	bool        is_simple; /* digits only */
};

/* One that is not kept anywhere yet; its password, in the arena. May take milliseconds. */
struct made_voucher {
	const char *user, *password, *hash;
};
struct made_voucher voucher_make(struct arena *, const struct voucher_wish *);
/* Keeps it. False: there is one of that name already, or there are too many. */
bool                vouchers_add(struct vouchers *, const struct voucher_wish *, const struct made_voucher *);

/*
 * Is it one, with this password, that is still good? From now on it is in use: *is_first says that it was not. *ends: when it is
 * over.
 */
struct voucher_use {
	const char *server;
	struct text user, password;
	int64_t     now;
};
bool vouchers_use(struct vouchers *, const struct voucher_use *, bool *is_first, int64_t *ends);

/* "unused", "valid" or "expired". */
const char   *voucher_state(const struct voucher *, int64_t now);
struct value *vouchers_groups(const struct vouchers *, struct arena *, const char *server);
struct value *vouchers_of_group(const struct vouchers *, struct arena *, const char *server, const char *group, int64_t now);
/* How many are gone. group NULL: of any; only those that are over, or all. */
size_t        vouchers_drop(struct vouchers *, const char *server, const char *group, bool only_expired, int64_t now);
/* It is over from now on. False: there is none. */
bool          vouchers_expire(struct vouchers *, const char *server, const char *user, int64_t now);

/* As JSON, without anything that lets somebody in; what is malformed is left out. */
void vouchers_write(const struct vouchers *, struct buffer *out);
void vouchers_read(struct vouchers *, struct text);
