/* proc/service/stale.h: daemons that outlived the keeper that started them. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* End all that were noted, and wait for it, for at most a few seconds. */
void stale_end(void);
/*
 * Start a process that waits for our end, however it comes, and then does stale_end(). To be called while there is one thread; it
 * holds nothing of ours but standard error. False and errno.
 */
bool stale_watch(void);
/* Note it, or with pid 0 forget it. */
void stale_note(const char *service, pid_t pid);
