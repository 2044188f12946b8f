/*
 * model/checks.h: shapes that checks between fields have again and again. All fields are those of the record
 * given; a value that its own type refuses is left to that.
 */
#pragma once

#include <stdio.h>
#include <string.h>

#include "schema/hosts.h"
#include "schema/lists.h"
#include "schema/snapshot.h"

bool is_set(const struct record *, const char *field);                     /* not "" */
bool is_value(const struct record *, const char *field, const char *value);
bool is_one_of(const struct record *, const char *field, const char *values); /* comma separated */
bool is_list(const struct record *, const char *field);                    /* more than one entry */

/* record_number() within limits that sums and small products of such stay inside 64 bits. */
int64_t bounded_number(const struct record *, const char *field, int64_t otherwise);

/* Fault when the field is empty ("": "0" is a value), or when it is not. */
void must_be_set(const struct record *, const char *field, struct faults *, const char *why);
void must_be_empty(const struct record *, const char *field, struct faults *, const char *why);
/* Fault on each field that is set while the other one has none of the values. */
struct condition_on {
	const char *field;
	const char *values; /* comma separated */
};
void must_suit(const struct record *, const struct condition_on *, size_t count, const char *other, struct faults *,
               const char *why);

/* The family of a literal address or network; FAMILY_NONE for names and what is no address. */
enum family literal_family(const char *value);
/* How many bits the prefix of a literal has; those of an address when it has no prefix; 0 when it is none. */
unsigned    literal_bits(const char *value);
/* "inet" and "inet6"; FAMILY_NONE for others. */
enum family family_of(const char *name);
/* Fault when the field is a literal of another family. */
void        must_be_family(const struct record *, const char *field, enum family, struct faults *);
/* Fault on the second when both are literals and of different families. */
void        must_share_family(const struct record *, const char *first, const char *second, struct faults *);
/* A single address of the family, without prefix. */
bool        literal_is_address(const char *value, enum family);
/* Is the literal inside the network? False when either is no address. */
bool        literal_is_in(const char *value, const char *network);

/* The record as it is stored, or NULL for a new one. */
const struct record *stored_of(const struct record *, const struct view *);
/* The interface by its key, or NULL. */
const struct record *interface_record(const struct view *, const char *key);
/* What records that name an entry in a list of theirs have in a field (NULL: their uuids), in order, commas between. */
struct naming {
	const char *resource, *list, *shown;
};
const char *shown_of_naming(const struct naming *, struct text entry, const struct view *);
/* Does another record of the resource have this value in the field? */
bool has_twin(const struct record *, const char *field, const struct view *);
/* "prefix0", "prefix1"... counted from a number: the first that no record of the resource has in the field. */
const char *first_free_name(const struct record *, const char *field, const char *prefix, size_t from, const struct view *);

/* The near end of a tunnel: local-addr shows what its siblings if (an interface) and ipaddr (an address) keep. */
const char *link_address(const struct record *, const struct view *);
void        link_address_complete(struct record *, const struct record *before, const struct view *);

/* --- records that go along with another ------------------------------------------------------- */

/* Put one more in front. */
void companion_add(const struct companion **list, struct record *, bool remove, const struct view *);
/*
 * Make every record of the resource that should name something in a list do so, and every other not. Whether it
 * should, says the callback.
 */
typedef bool should_name(const struct record *holder, const void *context);
const struct companion *companions_naming(const char *resource, const char *list_field, struct text name,
                                          should_name *, const void *context, const struct view *);
