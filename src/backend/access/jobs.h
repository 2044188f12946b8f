/* backend/access/jobs.h: what the machine does by the clock. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "plan/access/jobs.h"

#define JOBS_DIRECTORY "/etc/cron.d"
#define JOBS_FILE      "drawbridge"

/* Write the file for cron, or with no jobs take it away. FAILED with a message: it is as it was. */
enum result jobs_write(int directory, const struct jobs *, const char *tool, const char *socket, struct buffer *message);
/* Take away every job that is not ours: for a sandbox, which has those of the machine it is on in its view. */
void        jobs_clear_others(int etc, int spool);
