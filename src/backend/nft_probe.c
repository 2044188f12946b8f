/* What the kernel can do is found out by trying: transactions that are checked and then forgotten. */
#include "backend/nft_encode.h"
#include "backend/nft_inside.h"
#include "base/bug.h"
#include "wire/lacking.h"

#define PROBE "probe" /* name of what is tried */

static void
try_synproxy(struct batch *batch)
{
	static const struct ruleset_chain chain = { .name = PROBE, .type = CHAIN_FILTER, .hook = HOOK_FORWARD };
	scoped_buffer                     steps = BUFFER_NONE;

	encode_chain(batch, &chain);
	step_add(&steps, &(struct step){ .kind = STEP_SYNPROXY, .number = 1460 });
	encode_rule(batch, PROBE, buffer_text(&steps));
}

static void
try_timeouts(struct batch *batch)
{
	static const struct ruleset_object timeout = { .name = PROBE, .kind = OBJECT_TIMEOUT, .protocol = 6, .numbers = { 60 } };

	encode_object(batch, &timeout);
}

static const struct {
	enum filter_feature feature;
	void              (*try)(struct batch *);
} probes[] = { { FILTER_SYNPROXY, try_synproxy }, { FILTER_TIMEOUTS, try_timeouts } };

uint32_t
nft_lacks(struct nft *nft)
{
	struct batch_answer answer;
	uint32_t            lacks = 0;

	for (size_t i = 0; !nft->is_recording && i < COUNT(probes); i++) {
		batch_start(&nft->batch, &nft->socket, 0);
		encode_table(&nft->batch);
		probes[i].try(&nft->batch);
		if (batch_send(&nft->batch, &nft->socket, true, &answer) != RESULT_DONE)
			lacks |= probes[i].feature;
	}
	return lacks;
}
