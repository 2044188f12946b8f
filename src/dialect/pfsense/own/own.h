/*
 * dialect/pfsense/own/own.h: what this API does with its own settings: a copy that outlives the store, and peers that
 * are told (behaviour §12, §13).
 */
#pragma once

#include "dialect/pfsense/settings.h"

/* After a change of the settings is durable, on LANE_SLOW: what fails is only noted. */
void own_changed(struct request *);
/* The same after a peer's settings were taken over, when persist was on. */
void own_received(struct request *);

/* Write the copy. The message says what went wrong. */
enum result own_backup(struct request *, struct buffer *message);
/* Read it; NULL: there is none, or none that can be read, and the message says why. */
struct value *own_read(struct request *, struct buffer *message);
/* Tell the peers now; a line for each goes to the report. False: nobody is to be told, and the report says so. */
bool own_push(struct request *, struct buffer *report);
