/* proc/offer/keepsakes.h: api/keepsakes.h in the state directory. */
#pragma once

#include "api/keepsakes.h"

/* state_fd -1: nothing is kept. Both must outlive it; neither is owned. */
struct keepsakes keepsakes_in(const int *state_fd);
