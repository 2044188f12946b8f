/*
 * api/references.h: who refers to a record, by uuid or by name, and keeping names right when one changes.
 *
 * A uuid may stand anywhere in a stored value. Names are looked for only where a field's type says that
 * it names such a thing: an alias in a rule's source, a gateway in a route.
 */
#pragma once

#include "api/request.h"

struct reference {
	const struct record *record;
	const struct field  *field;
	struct reference    *next;
};

/* Everybody but itself whose stored values hold its uuid. In the arena; NULL: nobody. */
struct reference *references_to(struct arena *, const struct snapshot *, const struct record *);
/* Everybody who names what this record is called. NULL: nobody, or a kind of record nobody names. */
struct reference *references_by_name(struct arena *, const struct snapshot *, const struct record *);
/* In LANE_COMMIT: those who name before, or a gateway that is called after it, now name after. */
void references_rename(struct request *, const struct record *before, const struct record *after);
/*
 * All records of some resources are to go (is_going, by the schema's index): the first of those that stay that refers
 * to one of them, and whom; false: nobody does. One walk over everything.
 */
bool references_remain(struct arena *, const struct snapshot *, const bool *is_going, struct reference *user,
                       const struct record **used);
