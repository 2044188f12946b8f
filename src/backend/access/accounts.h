/* backend/access/accounts.h: the machine's accounts, of which only those that carry our mark are ever touched. */
#pragma once

#include "base/result.h"
#include "plan/access/accounts.h"

#define ACCOUNTS_FILE_MAX ((size_t)16 * 1024 * 1024) /* bytes of passwd, shadow and group files that we still rewrite */

/*
 * Make the accounts so in a directory like /etc: passwd, shadow, group and gshadow, each replaced at once, and the public keys in
 * ssh/drawbridge-keys. Ours are known by the last word of their titles, our groups by what stands for their passwords; an account
 * or group of the machine's own that has the name or number keeps it. Homes are made in `homes` and never taken away.
 * REFUSED, UNAVAILABLE: the message says who has no account and why, all others have; FAILED: nothing has changed, or what it says.
 */
enum result accounts_write(int directory, const struct accounts *, const char *homes, struct buffer *message);
/* accounts_write() to /etc. */
enum result accounts_apply(const struct accounts *, const char *homes, struct buffer *message);
