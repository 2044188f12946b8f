/* proc/record/forward.h: lines of the journal on their way to syslog-ng, which sends them on. */
#pragma once

#include "proc/record/journal.h"
#include "wire/courier.h"

#define FORWARD_WAITING_MAX 4000 /* lines; what comes beyond is lost to others, not to the journal */

struct forward;

/* One thread. The journal is told to give it what is put from now on. */
struct forward *forward_new(struct courier *, struct journal *);
void            forward_free(struct forward *); /* NULL is fine */
