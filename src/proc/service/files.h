/* proc/service/files.h: a service's directory, replaced as a whole and put back when it was wrong. */
#pragma once

#include <sys/types.h>

#include "base/buffer.h"
#include "base/result.h"
#include "plan/service/service.h"

/* Who may read what is not secret to all; gid_t -1: only root. */
struct files_owner {
	gid_t group;
	bool  is_public; /* everybody may */
};

/* Is exactly this in the directory already? */
bool files_are(const char *directory, const struct service_plan *);
/* The same, whatever is in this inner directory. */
bool files_are_but(const char *directory, const struct service_plan *, const char *inner);
/* Is this one as planned? */
bool files_have(const char *directory, const struct service_plan *, const char *name);
/* The content of one; false when it is not there. */
bool files_read(const char *directory, const char *name, struct buffer *out);
/*
 * Put the files in place; what was there stays beside it until files_keep() or files_restore(). A directory that is in the
 * way of the work itself is taken away first. FAILED with a message: what was there is there.
 */
enum result files_place(const char *directory, const struct service_plan *, struct files_owner, struct buffer *message);
void        files_keep(const char *directory);
/* False: there was nothing before; the directory is gone. */
bool        files_restore(const char *directory);
void        files_remove(const char *directory);
