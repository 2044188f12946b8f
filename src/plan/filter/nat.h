/* plan/filter/nat.h: what the files of the translation compiler share; nobody else includes it. */
#pragma once

#include "plan/filter/build.h"

#define PICKS_MAX 256 /* addresses of a pool that are used */

/* A rule while its lines are made. */
struct translation {
	struct build      *build;
	const char        *uuid;
	unsigned           index;
	bool               log;
	enum family        family;
	int                protocol;
	const struct nets *source, *destination; /* NULL: any */
	struct ports       source_port, destination_port;
	const char        *tagged, *set_tag;
	bool               pass;      /* the filter is not asked */
	bool               hairpin;   /* only what was translated on its way in */
	bool               inner;     /* from any network of an interface without a gateway */
	bool               has_pick;
	struct step        pick;      /* for one target of several */
	struct step        last;      /* what is done */
};

/* Counts for this uuid; everything else is nothing. */
void translation_start(struct translation *, struct build *, const char *uuid);
void translation_add(const struct translation *, struct lines *out);

/* Where to: one address, a range of them, or several to pick from. */
struct target {
	struct address first, last; /* equal: one address */
	bool           is_netmap;   /* the range is a prefix, and host bits are kept */
};

/* nat to this target; `flags` as in enum step_nat_flag. */
struct step nat_step(enum step_nat, const struct target *, struct port_range, unsigned flags);
/* The single addresses of an alias, at most PICKS_MAX. */
size_t      nat_pool(struct build *, const char *alias, enum family, struct target *out);
/* Adds lines for each of several targets. */
void        translation_add_pool(struct translation *, enum nat_pool, const struct target *, size_t count,
				 struct port_range, unsigned flags, struct lines *out);

/* A prefix onto another of the same length, or onto its addresses when it has another length. */
struct target target_of(const struct prefix *, const struct prefix *from);
/* The prefix that a list of one network stands for in a family; false when there is none. */
bool          nat_internal(struct build *, const struct nets *, enum family, struct prefix *out);

/* The chains of one interface. */
void nat_destinations(struct build *, const struct filter_interface *, struct lines *out);
void nat_sources(struct build *, const struct filter_interface *, struct lines *out);
