/* proc/part/gateways.h: the gateways of the routes in force, with what the running box knows of them. */
#pragma once

#include "plan/gateway/gateway.h"
#include "store/store.h"
#include "wire/courier.h"

struct gateway_part;

/* Numbers are remembered in the store. Simulated: whatever is configured is there, and well. */
struct gateway_part *gateway_part_new(struct store *, bool is_simulated);
void                 gateway_part_free(struct gateway_part *);

/* Look again, for this snapshot, which is held then. Without an answer of the keeper what was known before counts. */
void                   gateway_part_look(struct gateway_part *, struct courier *, const struct snapshot *);
/* As they were found last; until the next look. None before the first. */
const struct gateways *gateway_part_now(const struct gateway_part *);
