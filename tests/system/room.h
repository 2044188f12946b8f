/*
 * tests/system/room.h: a machine that outlives the drawbridged that runs on it.
 *
 * A network, files and a name of its own, held by a process of ours, so that a keeper that is killed finds what it left when it comes
 * again. Its links em0 to em3 have their other ends, peer0 to peer3, beside them. Needs root.
 */
#pragma once

#include <sys/types.h>

#include "instance.h"

/* The process that holds it; room_end() ends it. Ends the test when it cannot be made. */
pid_t room_new(void);
void  room_end(pid_t holder);
/* instance_lasting(false) that applies to it; `state`: the directory of another instance, NULL: its own. Not started. */
struct instance *room_instance(pid_t holder, const char *state);
