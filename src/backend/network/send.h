/* backend/network/send.h: carrying out single steps by rtnetlink and sysctl. */
#pragma once

#include "backend/network/step.h"

struct sender;

struct sender *sender_open(void); /* NULL: no socket */
void           sender_close(struct sender *);
/* Does the kernel know the kind? Nothing is made. */
bool           sender_can_make(struct sender *, const struct network_link *);
/* Not DONE: nothing has happened, and *why says why. UNAVAILABLE: the kernel lacks the kind of link. */
enum result    sender_take(struct sender *, const struct step *, struct buffer *why);
