/*
 * dialect/pfsense/sections/said.h: what records cannot tell apart and clients can: a member that is not there, one that is
 * empty and one that says the preset.
 *
 * Kept beside the record, with what would be shown without it: as soon as another dialect changes that, it no longer counts.
 */
#pragma once

#include "dialect/pfsense/mount.h"

/* The member of the rest that holds it; never part of a reply. */
#define SAID_MEMBER "\002"

/* Where the members that the mount claims differ from what is shown of the record; NULL: nowhere. */
struct value *said_note(struct arena *, const struct mount *, const struct value *shown, const struct value *said);
/* Put it into the object again. */
void          said_show(struct arena *, const struct value *said, struct value *object);
