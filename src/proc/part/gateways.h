/* proc/part/gateways.h: the gateways of the routes in force, with what the running box knows of them. */
#pragma once

#include "plan/gateway/gateway.h"
#include "proc/notify/mailer.h"
#include "store/store.h"
#include "wire/courier.h"
#include "wire/probe.h"

struct gateway_part;

/* Numbers are remembered in the store; the mailer (NULL is fine) hears which go down and come back. Simulated: whatever is configured is there, and well. */
struct gateway_part *gateway_part_new(struct store *, struct mailer *, bool is_simulated);
void                 gateway_part_free(struct gateway_part *);

/*
 * Look again, for this snapshot, which is held then, and have its gateways probed. Without an answer of the keeper what was
 * known before counts.
 */
void                   gateway_part_look(struct gateway_part *, struct courier *, const struct snapshot *);
/* As they were found last; until the next look. None before the first. */
const struct gateways *gateway_part_now(const struct gateway_part *);
/* Of those that went down or came back since the last time: end the connections that cannot live on. When rules follow already. */
void                   gateway_part_settle(struct gateway_part *, struct courier *);

/* The gateways of another snapshot, with what was found last; in the arena. */
struct gateways            gateway_part_read(struct gateway_part *, struct arena *, const struct snapshot *);
/* What its probes have found; NULL: it is not probed. */
const struct probe_result *gateway_part_result(const struct gateway_part *, const struct gateway *);
/* Whose address probes have; no family: not known. */
struct address             gateway_part_source(const struct gateway_part *, const struct gateway *);
