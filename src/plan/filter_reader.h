/* plan/filter_reader.h: what the files of the filter reader share; nobody else includes it. */
#pragma once

#include "base/map.h"
#include "plan/filter_read.h"

/* What was made of one record, and with which names known. */
struct kept {
	const struct record *record; /* held */
	uint64_t             names;
	uint64_t             round; /* the last reading that looked for it, as it was not where it had been */
	struct arena        *arena;
	void                *made;
	struct kept         *next; /* of its hash bucket */
};

/* A collection as it was read last: nearly all of it is in the next one too, and in the same order. */
struct row {
	const struct record *record; /* held by what was kept of it */
	void                *made;
};

struct rows {
	const char *resource;
	struct row *list;  /* malloc'ed */
	size_t      count;
	uint64_t    names; /* that were known */
};

#define READ_ROWS_MAX 8 /* resources that are read row by row */

/* The fields of a resource that a reader asks for, by position. */
struct columns {
	size_t at[64];
};

struct filter_reader {
	const struct schema *schema;
	struct kept        **buckets;
	size_t               nbuckets, nkept;
	struct rows          rows[READ_ROWS_MAX];
	uint64_t             round, stamps;
	/* Of the reading under way. */
	struct arena            *once;
	const struct snapshot   *snapshot;
	const struct facts      *facts;
	const struct filter_live *live;
	uint64_t                 names; /* hash of what a name may stand for */
	struct map              *aliases; /* name -> record, enabled or not */
	struct map              *flat;    /* name -> struct filter_alias */
	const struct record    **own;  /* aliases that are built in */
	size_t                   nown;
	struct map              *interfaces; /* name -> record */
	struct map              *groups;
	struct filter            filter;
};

/* Make something of a record: gives NULL to leave it out. */
typedef void *maker(struct filter_reader *, struct arena *, const struct record *);

/* Each record of a collection through `make`, remembered; the list is of `once`. */
void *const *read_all(struct filter_reader *, const char *resource, maker *, size_t *count);
uint64_t     fresh_stamp(struct filter_reader *);

/*
 * The same for some of a collection: each record once, in their order, between begin and end. What was made before and
 * is not asked for any more is forgotten at the end.
 */
struct reading {
	struct filter_reader *reader;
	struct rows          *rows;
	struct row           *now;
	size_t                count, at; /* rows of this reading; where in those of the last one */
	bool                  is_same;   /* the names are those of the last one */
};

struct reading reading_begin(struct filter_reader *, const char *resource, size_t most);
void          *reading_one(struct reading *, const struct record *, maker *);
/* It was read the last time too, and stands about where it did: what cannot be known otherwise is false. */
bool           reading_knows(struct reading *, const struct record *);
void           reading_end(struct reading *);

/* "a,b !c" into nets. False: something in it stands for nothing. */
bool read_nets(const struct filter_reader *, struct arena *, struct text list, bool negated, struct nets *);
bool read_ports(const struct filter_reader *, struct arena *, struct text, struct ports *);
bool read_port(const struct filter_reader *, struct text, uint16_t *);
bool read_protocol(struct text, int *);
/* The groups of devices that daemons make; then NULL. One that somebody called so is theirs. */
extern const char *const device_groups[];
/* Is its daemon on, or does it have devices? */
bool has_device_group(const struct filter_reader *, size_t group);
/* Comma separated names of interfaces or groups that exist. */
const char *const *read_names(struct arena *, struct text list, size_t *count);
enum rule_family   read_family(struct text);
const char        *text_or_null(const struct record *, const char *field); /* NULL: it is empty or "0" */

/* What was asked for and cannot be had, in words that live in the arena. */
struct noting {
	struct arena *arena;
	const char   *list[FILTER_NOTES_MAX];
	size_t        count;
};

void note_add(struct noting *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* That a field of the record is about something that is not there, so that its rule is not applied. */
void note_missing(struct noting *, const struct record *, const char *field);

void read_interfaces(struct filter_reader *);
void read_gateways(struct filter_reader *);
/* The index of the gateway of this name, 0: none. */
uint8_t read_gateway(const struct filter_reader *, struct text name);
void read_aliases(struct filter_reader *);
void read_rules(struct filter_reader *);
void read_nat(struct filter_reader *);
/* Zones of the captive portal, behind all of these: their aliases, translations and rules. */
void read_zones(struct filter_reader *);
/* The beginnings of Ethernet addresses, a line each; and a stamp for content that has to be made anew each time. */
size_t   read_macs(struct arena *, struct text, const struct mac_range **out);
uint64_t alias_stamp(const struct filter_alias *);
