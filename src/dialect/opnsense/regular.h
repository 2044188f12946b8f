/* dialect/opnsense/regular.h: the endpoints every resource has. */
#pragma once

#include "api/references.h"
#include "dialect/opnsense/call.h"
#include "dialect/opnsense/route.h"

void regular_search(struct call *);
void regular_get(struct call *);
void regular_add(struct call *);
void regular_set(struct call *);
void regular_delete(struct call *);
void regular_toggle(struct call *);
void regular_model_get(struct call *);
void regular_model_set(struct call *);
void regular_download(struct call *);
void regular_upload(struct call *);

/* --- pieces that irregular ones are made of --- */

/*
 * Put what a client sent into a record: unknown keys are passed over. False: a list or object where
 * a text belongs, or the other way round.
 */
bool regular_fill(struct call *, struct record *, const struct value *sent);
/* The record of the first parameter; NULL: none, or built in and so not to be changed. */
const struct record *regular_stored(const struct call *, struct text uuid);
/* As get answers, for one record of the route's resource. */
void regular_show(struct call *, const struct record *);
/* "module - description {path.uuid}" for each, as the refusal to delete something says. */
void regular_in_use(struct call *, const struct record *, const struct reference *);
