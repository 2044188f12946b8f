/* api/history.h: the revisions of the configuration, as requests see them. */
#pragma once

#include "api/request.h"
#include "store/store.h"

/* Newest first; limit 0: all. LANE_SLOW or LANE_COMMIT, as everything here. */
enum result history_list(struct request *, size_t limit, size_t offset, struct history *);
/* By its time ("1764000000.1234"); empty: the newest. */
enum result history_find(struct request *, struct text time, struct revision *);
/* The configuration as it was, as config.xml. */
enum result history_export(struct request *, const struct revision *, struct buffer *out);
/* Fill the request's change with what brings the configuration back. */
enum result history_restore(struct request *, const struct revision *);
/* Not listed any more. LANE_COMMIT. */
enum result history_hide(struct request *, const struct revision *, struct buffer *message);
