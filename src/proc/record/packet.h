/* proc/record/packet.h: logged packets as lines of the filter log, and such lines as records. */
#pragma once

#include "base/address.h"
#include "base/buffer.h"
#include "base/value.h"
#include "wire/feed.h"

/*
 * The line, in the form that upstream's filterlog writes: comma separated, the fields depending on IP version and protocol.
 * device is the kernel's name of the link. False: the packet or its prefix is not one of ours; nothing is written.
 */
bool packet_line(struct buffer *, const struct feed_packet *, const char *device);

/* The uuid of the rule in a packet's prefix; empty: none. */
struct text packet_rule(const struct feed_packet *);

/*
 * Is it not for the log, but of a source that exceeded what a rule with a table for such allows? All connections from there are to
 * end, as with "flush global" of pf.
 */
bool packet_flushes(const struct feed_packet *, struct address *source);

/* Put each field of a line into the object, by name, and a list of the names as `__spec__`. False: it is no such line. */
bool packet_record(struct arena *, struct text line, struct value *object);
/* One field of a line; empty: it has none. */
struct text packet_field(struct text line, struct text name);
