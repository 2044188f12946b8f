/* proc/keeper.h: the privileged process. */
#pragma once

#include "base/arena.h"
#include "proc/options.h"
#include "proc/role.h"

/* Run until told to stop; the exit status of the process. What is wrong is logged. */
int keeper_run(const struct options *, const struct programs *, struct arena *);
