/* tests/unit/model/cases.h: records against the checks of their resource, a line each. */
#pragma once

#include "test.h"

/* Records that are there already. */
struct given {
	const char *resource, *uuid;
	const char *values; /* "field=value;field=value" */
};

struct check_case {
	const char *resource;
	const char *values; /* of a new record; "uuid=..." makes it a change of a given one */
	const char *faults; /* the fields at fault, in order, joined by blanks; each once */
};

/* Every case on the box of tests/scenario/setup.h, with the given records in it. */
void cases_run(const struct given *, size_t ngiven, const struct check_case *, size_t ncases);
#define RUN_CASES(given, cases) cases_run((given), COUNT(given), (cases), COUNT(cases))
