/* Words for results. */
#include "base/result.h"

static const char *const words[] = {
	[RESULT_DONE] = "done",
	[RESULT_INVALID] = "invalid",
	[RESULT_MISSING] = "missing",
	[RESULT_IN_USE] = "in use",
	[RESULT_REFUSED] = "refused",
	[RESULT_FORBIDDEN] = "forbidden",
	[RESULT_UNAUTHENTICATED] = "unauthenticated",
	[RESULT_TOO_BIG] = "too big",
	[RESULT_CONFLICT] = "conflict",
	[RESULT_UNAVAILABLE] = "unavailable",
	[RESULT_FAILED] = "failed",
};

const char *
result_word(enum result result)
{
	return words[result];
}
