/* proc/access/orders.h: what the keeper can be asked about the machine itself; rows of the table in proc/orders.c. */
#pragma once

#include "proc/orders.h"

bool set_accounts(struct post *, struct reader *, struct answer *);
bool set_tunables(struct post *, struct reader *, struct answer *);
bool set_jobs(struct post *, struct reader *, struct answer *);
bool open_log(struct post *, struct reader *, struct answer *);
bool set_ssh(struct post *, struct reader *, struct answer *);
