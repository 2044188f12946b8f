/* tests/scenario/opnsense_setup.h: the box that the recorded OPNsense scenarios start from; vectors is their folder. */
#pragma once

#include "scenario/harness.h"

struct harness *opnsense_setup(struct arena *, const char *vectors);
/* The Authorization header of a user ("admin", "reader", "bad"...); a literal one is given back; "none": NULL. */
const char     *opnsense_authorization(struct arena *, const char *user);
