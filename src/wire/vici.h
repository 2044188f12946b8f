/* wire/vici.h: what strongSwan's daemon is asked on its socket, and what it says (strongSwan's libcharon/plugins/vici/README.md). */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "base/value.h"

#define VICI_NAME_MAX 255   /* bytes of a command, an event or the name of a value */
#define VICI_TEXT_MAX 65535 /* of a value */

/*
 * Add the bytes that ask for `command`, and that what it tells one by one as `event` be heard before (NULL: nothing is). Names and
 * values of its message by turns, then NULL; all within the limits above.
 */
void vici_ask(struct buffer *, const char *event, const char *command, const char *const *pairs);

/* Is all said that is said to vici_ask()? True too when it is malformed: then it is not worth to wait. */
bool vici_is_whole(struct text said);

/*
 * A list: an object for each event, then one for the reply. Sections are objects, values are texts, in which what is no UTF-8 is
 * "?". NULL: it is malformed, or the daemon knows no such command.
 */
struct value *vici_read(struct arena *, struct text said);
