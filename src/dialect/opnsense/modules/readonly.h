/*
 * dialect/opnsense/modules/readonly.h: privileges that open reads only.
 *
 * Upstream has none, so only those see them who ask: with the header X-Drawbridge-Readonly, answers about a
 * user or a group have "priv_readonly", those about a privilege "readonly_users" and "readonly_groups". What
 * is sent under these names is taken from everybody.
 */
#pragma once

#include "dialect/opnsense/call.h"
#include "schema/faults.h"

bool readonly_is_asked(const struct call *);
/* Twists of users and groups: take what was sent; show it behind the record, in a row. */
void readonly_take(struct call *, struct record *, struct faults *);
void readonly_show(struct call *, const struct record *);
void readonly_column(struct call *, const struct record *);
