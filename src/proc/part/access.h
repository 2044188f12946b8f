/* proc/part/access.h: the machine itself, as the gate has the keeper make it: accounts, tunables, jobs, the secure shell. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "schema/snapshot.h"
#include "wire/courier.h"

/* Each says in *message what is wrong; what can be had is there all the same. */
enum result access_part_accounts(struct courier *, const struct snapshot *, struct buffer *message);
enum result access_part_tunables(struct courier *, const struct snapshot *, struct buffer *message);
enum result access_part_jobs(struct courier *, const struct snapshot *, struct buffer *message);
/* Of this machine; a sandbox has a daemon of its own (plan/service/sshd.c). */
enum result access_part_ssh(struct courier *, const struct snapshot *, struct buffer *message);
