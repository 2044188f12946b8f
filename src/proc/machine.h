/* proc/machine.h: the facts of this machine, or of the simulated one. */
#pragma once

#include "plan/filter.h"
#include "schema/facts.h"
#include "wire/links.h"

/*
 * Lists that need the system: "devices" and "device addresses" (link name -> "192.0.2.1/24", one entry for each),
 * "timezones", "shells", "locales", "privileges" and the upstream names of the same. Any thread may read.
 */
struct machine;

/* simulated: links em0 to em3 whatever the kernel has, of which em1 was given addresses. */
struct machine     *machine_new(bool simulated);
void                machine_free(struct machine *);
const struct facts *machine_facts(const struct machine *);

/*
 * What the kernel has now; copied. One thread at a time. What readers were given before stays for
 * MACHINE_GENERATIONS more changes, much longer than a request takes.
 */
#define MACHINE_GENERATIONS 64
void machine_take_links(struct machine *, const struct links *);
/* Addresses of a link that are no link-local ones; for filter_live, whose context is the machine. */
const struct filter_address *machine_addresses(void *machine, const char *device, size_t *count);
/* The name of a link by its number, made in the arena; "" for none, "#7" for one that is not known (any more). */
const char *machine_link_name(struct machine *, struct arena *, uint32_t index);
