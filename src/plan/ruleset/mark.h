/* plan/ruleset/mark.h: numbers that the writer and the reader of rule sets share. */
#pragma once

#define RULESET_MAGIC 0x32746573656c7572ULL /* "ruleset2" */

enum {
	SET_INTERVAL = 1,
	SET_DYNAMIC = 2,
	SET_COUNTED = 4,
	SET_OMITTED = 8,
	SET_BITS = 15,
};
