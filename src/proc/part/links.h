/* proc/part/links.h: the network of the box: applied, remembered, and made true again when something has happened. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "schema/snapshot.h"

struct keeper_box;

/* The box's lock is held. What has no backend is in the message, and UNAVAILABLE; the rest is in force then. */
enum result links_apply(struct keeper_box *, const struct snapshot *, struct buffer *message);
/* Devices of WireGuard are these from now on; what they have comes with links_settle(). */
enum result links_apply_devices(struct keeper_box *, const struct snapshot *, struct buffer *message);
/*
 * After the daemons were applied: what was given to links that ask for nothing any more goes, and devices that came have their addresses and
 * routes.
 */
enum result links_settle(struct keeper_box *, struct buffer *message);
enum result links_apply_routes(struct keeper_box *, const struct snapshot *, struct buffer *message);
/* Host name, domain and name servers, also those that were given. */
enum result links_apply_identity(struct keeper_box *, const struct snapshot *, struct buffer *message);
/* What was applied last, by this process or one before it; what never was is not touched. */
void        links_resume(struct keeper_box *);
void        links_clear(struct keeper_box *);
