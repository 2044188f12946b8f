/* proc/watcher.h: keeping the gate's idea of the machine's links up to date. */
#pragma once

#include <stdbool.h>

#include "proc/machine.h"
#include "wire/courier.h"

struct watcher;

/* Ask the keeper for the links, now and whenever woken. changed is called on the watcher's thread after each time but the first. */
struct watcher *watcher_new(struct courier *, struct machine *, void (*changed)(void *), void *context);
void            watcher_free(struct watcher *);
/* The keeper says that links have changed. Any thread; NULL is fine. */
void            watcher_wake(struct watcher *);
