/* proc/notify/watchdog.h: seeing that the services somebody listed (system.watched) run. */
#pragma once

#include "proc/notify/mailer.h"
#include "store/store.h"
#include "wire/courier.h"

/* Seconds between two looks. */
#define WATCHDOG_SECONDS 3
#define WATCHDOG_AGAIN   60 /* until what could not be started is tried once more */

struct watchdog_setup {
	struct courier *courier;
	struct store   *store;
	struct mailer  *mailer; /* for those that want it told */
};

struct watchdog;

/*
 * A thread that looks again and again. What of the listed should run by what was applied last, and has stopped, whoever
 * stopped it, is started; what failed and was started again already is only told of.
 */
struct watchdog *watchdog_new(const struct watchdog_setup *);
void             watchdog_free(struct watchdog *); /* the courier has ended; NULL is fine */
