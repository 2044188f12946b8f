/* proc/service/trial.h: a daemon's own checker on files that it is not to have (yet). */
#pragma once

#include "proc/orders.h"

/*
 * What the checker says of what is planned, in a directory beside the one in use: a row of the table in proc/orders.c. Of all that is
 * planned the first service is looked at.
 */
bool try_services(struct post *, struct reader *, struct answer *);
