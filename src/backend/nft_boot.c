/* The rules between the start of the machine and the first plan. */
#include "backend/nft.h"
#include "plan/filter/compile.h"
#include "plan/filter_boot.h"

enum result
nft_boot(struct nft *nft, const uint16_t *ports, size_t count, struct nft_outcome *outcome)
{
	scoped_arena arena = arena_new();
	bool         is_there;
	enum result  result = nft_is_there(nft, &is_there);

	*outcome = (struct nft_outcome){ 0 };
	if (result != RESULT_DONE || is_there)
		return result;
	struct filter_cache       *cache = filter_cache_new();
	const struct filter *const filter = filter_boot(arena, ports, count);

	/* Indexes that no rule of a plan has soon: what they count is not to be taken for another's. */
	for (size_t i = 0; i < filter->nrules; i++)
		filter_cache_restore(cache, filter->rules[i]->uuid, (unsigned)(RULESET_RULES - 2 - i));
	result = nft_apply(nft, filter_compile(cache, filter), outcome);
	filter_cache_free(cache);
	return result;
}
