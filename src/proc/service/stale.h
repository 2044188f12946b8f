/* proc/service/stale.h: daemons that outlived the keeper that started them. */
#pragma once

#include <sys/types.h>

/* End all that were noted, and wait for it, for at most a few seconds. */
void stale_end(void);
/* Note it, or with pid 0 forget it. */
void stale_note(const char *service, pid_t pid);
