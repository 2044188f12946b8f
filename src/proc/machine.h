/* proc/machine.h: the facts of this machine, or of the simulated one. */
#pragma once

#include "schema/facts.h"

/*
 * Lists that need the system: "devices", "timezones", "shells", "locales", "privileges" and the upstream names of
 * the same. Read once; devices again by machine_refresh(). Any thread may read.
 */
struct machine;

/* simulated: links em0 to em3 whatever the kernel has. */
struct machine     *machine_new(bool simulated);
void                machine_free(struct machine *);
const struct facts *machine_facts(const struct machine *);
