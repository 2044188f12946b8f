/* What comes in Authorization headers: keys, tokens, base64; first line the header, the rest a URI for the patterns. */
#include <stddef.h>
#include <stdint.h>

#include "auth/acl.h"
#include "auth/apikey.h"
#include "auth/secret.h"
#include "base/bug.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena      arena = arena_new();
	struct text       rest = { (const char *)data, size };
	const struct text line = text_until(&rest, '\n');
	struct apikey     key;
	struct token      token;
	size_t            len;
	const char       *plain = base64_decode(arena, line, &len);

	if (plain)
		BUG_IF(!text_is(line, base64_encode(arena, (struct text){ plain, len })) && len > 0 &&
			       line.ptr[line.len - 1] != '=',
		       "base64 does not survive");
	/* The key is not known: nothing may pass. */
	BUG_IF(token_read(arena, line, TEXT("0123456789abcdef"), 1700000000, &token), "a token was forged");
	for (size_t i = 0; i < acl_privileges_count; i++)
		acl_opens(&acl_privileges[i], rest);
	while (apikey_next(&rest, &key))
		;
	return 0;
}
