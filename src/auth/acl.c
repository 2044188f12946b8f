/* Matching URIs with patterns. */
#include "auth/acl.h"

#include <stdint.h>
#include <string.h>

const struct privilege *
acl_find(struct text id)
{
	size_t low = 0, high = acl_privileges_count;

	while (low < high) {
		const size_t middle = (low + high) / 2;
		const int    order = text_compare(id, text_of(acl_privileges[middle].id));

		if (order == 0)
			return &acl_privileges[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Linear: after a "*" fails further on, only the last one needs another try. */
static bool
matches(const char *pattern, size_t pattern_len, struct text uri)
{
	size_t p = 0, u = 0, star = SIZE_MAX, tried = 0;

	while (u < uri.len) {
		if (p < pattern_len && pattern[p] == '*') {
			star = p++;
			tried = u;
		} else if (p < pattern_len && pattern[p] == uri.ptr[u]) {
			p++;
			u++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			u = ++tried;
		} else {
			return false;
		}
	}
	while (p < pattern_len && pattern[p] == '*')
		p++;
	return p == pattern_len;
}

bool
acl_matches(const char *pattern, struct text uri)
{
	const size_t len = strlen(pattern);

	if (matches(pattern, len, uri))
		return true;
	return len >= 2 && pattern[len - 1] == '*' && strchr("/&?", pattern[len - 2]) &&
	       matches(pattern, len - 2, uri);
}

static struct text
without_fragment(struct text uri)
{
	return text_until(&uri, '#');
}

bool
acl_opens(const struct privilege *privilege, struct text uri)
{
	uri = without_fragment(uri);
	for (size_t i = 0; privilege->patterns && privilege->patterns[i]; i++)
		if (acl_matches(privilege->patterns[i], uri))
			return true;
	return false;
}

bool
acl_is_opened(struct text uri)
{
	const struct privilege *all = acl_find(TEXT("page-all"));

	for (size_t i = 0; i < acl_privileges_count; i++)
		if (&acl_privileges[i] != all && acl_opens(&acl_privileges[i], uri))
			return true;
	return acl_is_public(uri);
}

bool
acl_is_public(struct text uri)
{
	uri = without_fragment(uri);
	return text_is(uri, "index.php?logout") || acl_matches("api/core/menu/*", uri);
}
