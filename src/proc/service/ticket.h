/* proc/service/ticket.h: an order whose answer comes later. The gate that gave it may be replaced meanwhile. */
#pragma once

#include "base/result.h"
#include "base/text.h"
#include "proc/orders.h"

struct ticket;

/* For the order that is being obeyed. */
struct ticket *ticket_new(struct post *, unsigned number);
/* It was malformed after all: nobody is answered. */
void           ticket_free(struct ticket *);
/* The answer, and the ticket is gone; nobody hears it when the gate is another one. */
void           ticket_answer(void *ticket, enum result, struct text message);
/* The same; what was DONE is answered by sealed memory, because it may be too long for a packet. */
void           ticket_answer_sealed(void *ticket, enum result, struct text);
