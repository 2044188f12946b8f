/* Rule sets from the gate: what is accepted can be printed, sent, and written again as the same bytes. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "backend/nft.h"
#include "base/bug.h"
#include "plan/ruleset/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	scoped_arena       arena = arena_new();
	scoped_buffer      text = BUFFER_NONE, again = BUFFER_NONE;
	struct nft        *nft;
	struct nft_outcome outcome;
	struct ruleset     ruleset;
	const char        *why;

	if (!ruleset_decode(arena, (struct text){ (const char *)bytes, len }, &ruleset, &why))
		return 0;
	ruleset_print(&text, &ruleset);
	nft = nft_record();
	nft_apply(nft, &ruleset, &outcome);
	nft_apply(nft, &ruleset, &outcome);
	nft_close(nft);
	for (size_t i = 0; i < ruleset.nchains; i++)
		if (ruleset.chains[i].is_omitted)
			return 0;
	for (size_t i = 0; i < ruleset.nsets; i++)
		if (ruleset.sets[i].is_omitted)
			return 0;
	ruleset_encode(&again, &ruleset, NULL);
	BUG_IF(again.len != len || memcmp(again.bytes, bytes, len) != 0, "it is not written as it was read");
	return 0;
}
