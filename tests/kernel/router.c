/* Rules of text in force, without a daemon. */
#include "router.h"

#include "filter_text.h"
#include "test.h"

#define INTERFACES                                                          \
	"interface wan em0 192.0.2.1/24 2001:db8::1/64 wan\n"               \
	"interface lan em1 10.1.0.1/24 fd00:1::1/64\n"                      \
	"interface opt1 em2 10.2.0.1/24 fd00:2::1/64\n"                     \
	"management 443\n"

struct router router;

void
apply_whole(const char *text)
{
	struct filter *filter = filter_text_make(router.arena, text);

	for (size_t i = 0; i < filter->nrules; i++)
		((struct filter_rule *)filter->rules[i])->stamp = 0;
	for (size_t i = 0; i < filter->naliases; i++)
		((struct filter_alias *)filter->aliases[i])->stamp = 0;
	if (nft_apply(router.nft, filter_compile(router.cache, filter), &router.outcome) != RESULT_DONE)
		fail_msg("apply: %s", router.outcome.message);
}

void
apply(const char *text)
{
	apply_whole(arena_print(router.arena, "%s%s", INTERFACES, text));
}

uint64_t
packets_of(const char *uuid)
{
	struct nft_counter *list;
	size_t              count;
	const unsigned      index = filter_cache_index(router.cache, uuid);

	CHECK_NUMBER(nft_counters(router.nft, router.arena, &list, &count), RESULT_DONE);
	for (size_t i = 0; i < count; i++)
		if (list[i].index == index)
			return list[i].packets;
	fail_msg("no counter of %s", uuid);
	return 0;
}

int
router_up(void **state)
{
	(void)state;
	hosts_up();
	router = (struct router){ .cache = filter_cache_new(), .arena = arena_new() };
	return nft_open(&router.nft) == RESULT_DONE ? 0 : -1;
}

int
router_down(void **state)
{
	(void)state;
	nft_close(router.nft);
	filter_cache_free(router.cache);
	arena_free(router.arena);
	hosts_down();
	return 0;
}
