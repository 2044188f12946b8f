/* Tags of revisions, in headers. */
#include "proc/lane/tags.h"

#include <inttypes.h>
#include <stdio.h>

void
tag_print(char tag[static TAG_MAX], uint64_t revision)
{
	snprintf(tag, TAG_MAX, "\"%" PRIu64 "\"", revision);
}

bool
tag_matches(struct text header, uint64_t revision)
{
	struct text rest = header, one;
	char        tag[TAG_MAX];

	if (header.len == 0)
		return true;
	tag_print(tag, revision);
	/* No tag of ours has a comma; a weak one is none of ours. */
	while (text_next(&rest, ",", &one)) {
		one = text_trim(one);
		if (text_is(one, "*") || text_is(one, tag))
			return true;
	}
	return false;
}
