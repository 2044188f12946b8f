/* proc/tls.h: the certificate the gate shows. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "proc/gate.h"

/*
 * The administrator's own pair, when one was given; else the one in the state directory, which is made at first start:
 * self-signed, for this host's name and the addresses listened on. Both PEM, in the arena. False: *message says why.
 */
bool tls_obtain(const struct gate_setup *, struct arena *, const char **certificate, const char **key,
                const char **message);
