/* From checked bytes to the backends of single parts. */
#include "backend/kernel.h"

#include <stdlib.h>

#include "backend/links.h"
#include "backend/nft.h"
#include "base/bug.h"
#include "plan/ruleset/wire.h"

struct kernel {
	struct nft *nft;
};

static enum result
load_rules(void *self, struct text rules, struct buffer *message)
{
	struct kernel     *kernel = self;
	scoped_arena       arena = arena_new();
	struct ruleset     ruleset;
	struct nft_outcome outcome = { 0 };
	const char        *why = "";

	if (!ruleset_decode(arena, rules, &ruleset, &why)) {
		buffer_print(message, "malformed rules: %s", why);
		return RESULT_INVALID;
	}
	const enum result result = nft_apply(kernel->nft, &ruleset, &outcome);

	if (result != RESULT_DONE)
		buffer_add_string(message, outcome.message);
	return result;
}

static enum result
read_links(void *self, struct arena *arena, struct links *out)
{
	(void)self;
	return links_read(arena, out);
}

enum result
kernel_open(struct kernel **out, struct buffer *message)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));

	BUG_IF(!kernel, "out of memory");
	const enum result result = nft_open(&kernel->nft);

	if (result != RESULT_DONE) {
		buffer_add_string(message, "nftables cannot be used: the kernel lacks it, or CAP_NET_ADMIN is missing");
		free(kernel);
		return result;
	}
	*out = kernel;
	return RESULT_DONE;
}

void
kernel_close(struct kernel *kernel)
{
	if (!kernel)
		return;
	nft_close(kernel->nft);
	free(kernel);
}

struct backends
kernel_backends(struct kernel *kernel)
{
	return (struct backends){
		.name = "kernel", .self = kernel, .load_rules = load_rules, .read_links = read_links,
	};
}
