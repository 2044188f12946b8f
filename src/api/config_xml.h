/*
 * api/config_xml.h: the configuration as config.xml, the file both upstreams keep theirs in. Where a
 * model lies in it is declared with the model (resource->mount, ->path).
 */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "schema/snapshot.h"
#include "store/change.h"

struct xml;

/* Takes more of the file; what it reads it marks as used. */
typedef void config_more(struct change *, struct arena *, struct xml *root, struct buffer *report);

/*
 * Put what the file says in place of what there is: of each model that the file has, nothing old stays.
 * Users stay when the file has none. The report gets a line for each thing that was not understood or does not
 * pass its checks (it is kept all the same, as upstream keeps it). RESULT_INVALID, with a message, when it
 * is no such file; the change is then as it was. more (may be NULL) comes last.
 */
enum result config_import(struct change *, const struct facts *, struct text xml, config_more *more,
                          struct buffer *report, struct buffer *message);

/* The whole configuration, OPNsense's way. Secrets are in it. */
void config_export(struct buffer *, const struct snapshot *);
