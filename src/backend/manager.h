/* backend/manager.h: systemd, where it is there: so that the units of Debian's packages do not run what we run. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"

#define MANAGER_CALL_MS 5000  /* for one answer */
#define MANAGER_STOP_MS 10000 /* for a unit to have stopped */

/*
 * See that a unit ("unbound.service") does not run, and is not started until the machine is (masked at run time). DONE also when there
 * is no system bus, no systemd on it, or no such unit. FAILED with a message: it is there and does not stop. May wait.
 */
enum result manager_yield(const char *unit, struct buffer *message);
