/*
 * tests/system/hold.h: the keeper is held up until all that was asked of its instance waits for it. Requests that are made
 * meanwhile are made at the same time, however slow the machine is.
 */
#pragma once

#include "instance.h"

void hold_begin(const struct instance *);
/* When no thread of the gate has anything to do any more, nor any of ours but this one. Ends the test when that does not come. */
void hold_end(const struct instance *);
