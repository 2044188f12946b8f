/* proc/about/report.h: what this build serves, printed for people and for tests. */
#pragma once

#include "base/buffer.h"

/* One line for each endpoint that is served. */
void report_routes(struct buffer *);
/* "DIALECT PATH TEST" for each test that proofs.c cites. */
void report_proofs(struct buffer *);
/*
 * The table of docs/coverage.md. exercised: a folder of files that name endpoints, as the tests wrote them (NULL:
 * do not look). False when a served endpoint is in none of them; the report then ends with their names.
 */
bool report_coverage(struct buffer *, const char *exercised);
