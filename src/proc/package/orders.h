/* proc/package/orders.h: what the keeper can be asked about packages and the machine's power; rows of the table in proc/orders.c. */
#pragma once

#include "proc/orders.h"

bool run_package_job(struct post *, struct reader *, struct answer *);
bool tell_package_job(struct post *, struct reader *, struct answer *);
bool show_package_file(struct post *, struct reader *, struct answer *);
bool turn_machine(struct post *, struct reader *, struct answer *);
