/* dialect/opnsense/diagnostics/stream.h: answers as Server-Sent Events. */
#pragma once

#include "api/topics.h"
#include "dialect/opnsense/call.h"

/* Begin one; see struct follow. */
struct follow *stream_begin(struct call *, unsigned every,
			    bool (*more)(struct follow *, const struct service *, struct buffer *));
/* One event: its name, and what is its data; NULL: none. */
void stream_put(struct buffer *, const char *event, const struct value *data);

/* So that a quiet stream is known to be alive: puts an event when there was none for a second. Counts in calls. */
struct pulse {
	unsigned quiet, limit; /* limit: calls in a second */
};

void pulse_beat(struct pulse *, struct buffer *, bool had_event);
