/* plan/filter_read.h: from the records of a snapshot to what the filter compiler works with. */
#pragma once

#include <time.h>

#include "plan/filter.h"
#include "plan/gateway/gateway.h"
#include "schema/facts.h"
#include "schema/snapshot.h"

/*
 * What only the running box knows: what names resolve to, what was fetched, which addresses a
 * link was given. All functions may be NULL. What they give lives until the next filter_read().
 */
struct filter_live {
	void *context;
	/* Ranges that belong to an alias beside what its record says; a stamp that is new whenever they change. */
	const struct address_range *(*ranges)(void *context, const char *alias, size_t *count, uint64_t *stamp);
	/* What a host name stands for now. */
	const struct address *(*resolve)(void *context, const char *name, size_t *count);
	/* Addresses of a link by its kernel name, with their prefixes. */
	const struct filter_address *(*addresses)(void *context, const char *device, size_t *count);
	/* How the gateways are; NULL: there are none. Valid as long as the filter is. */
	const struct gateways *gateways;
	/* Whose devices of WireGuard there are; NULL: those of what is read. */
	const struct snapshot *devices;
	/* Where the daemon listens for clients; none: the usual ports. Valid as long as the filter is. */
	const uint16_t *management_ports;
	size_t          nmanagement_ports;
	bool            lacks_synproxy, lacks_timeouts; /* the kernel does */
	/* What was applied of it; NULL: nothing. Valid as long as the filter is. */
	const struct shaper *shaper;
	time_t now; /* for schedules; 0: rules with one are not in force */
};

/*
 * Reading 10,000 rules again because one has changed would be slow, so a reader remembers
 * what it made of each record. One thread at a time.
 */
struct filter_reader;

struct filter_reader *filter_reader_new(const struct schema *);
void                  filter_reader_free(struct filter_reader *);

/* Never fails: what a record says that cannot be understood makes its rule inactive. Valid until the next call. */
const struct filter *filter_read(struct filter_reader *, const struct snapshot *, const struct facts *,
                                 const struct filter_live *);
