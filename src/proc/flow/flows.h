/*
 * proc/flow/flows.h: accounting of traffic (diagnostics.netflow): all connections are looked at again and again, and what they
 * have carried goes into insight's archives and to collectors.
 */
#pragma once

#include "base/value.h"
#include "proc/flow/insight.h"
#include "schema/snapshot.h"

struct flows;
struct keeper_box;
struct feed_entries;

/* One thread, which does nothing until it is told what to account. Any thread may call these. */
struct flows *flows_new(struct keeper_box *);
void          flows_free(struct flows *); /* NULL is fine */

/* As this configuration says, from now on. Not DONE: the box does not say what connections carry; it is asked again. */
enum result flows_apply(struct flows *, const struct snapshot *, struct buffer *message);
/* Connections that ended. */
void        flows_ended(struct flows *, const struct feed_entries *);
/* Links, addresses or routes are others. */
void        flows_ways_changed(struct flows *);
/* Make sure that what connections have carried until a moment ago is in the archives. Asks the keeper. */
void        flows_look(struct flows *);
/* Where it is kept; it outlives whoever asks. */
struct insight *flows_insight(struct flows *);

/* {status: active or inactive, collectors: how many, when active} */
struct value *flows_status(struct flows *, struct arena *);
/* {device: {Pkts, if, SrcIPaddresses, DstIPaddresses}}: what was not told to collectors yet. */
struct value *flows_cached(struct flows *, struct arena *);
