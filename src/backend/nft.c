/*
 * The backend of the packet filter. Each transaction names the generation it is made for; when that is
 * not the kernel's any more, somebody else has changed rules, and we look again before we try again.
 */
#include "backend/nft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/running/conntrack.h"
#include "backend/nft_difference.h"
#include "backend/nft_encode.h"
#include "backend/nft_inside.h"
#include "backend/nft_present.h"
#include "base/bug.h"
#include "base/cleanup.h"

#define TRIES_MAX        8
#define LONG_CHAIN       8  /* rules */
#define CHAINS_ASKED_MAX 16 /* where more change, asking costs more than it saves */

static struct nft *
nft_new(bool recording)
{
	struct nft *nft = calloc(1, sizeof(*nft));

	BUG_IF(!nft, "out of memory");
	nft->socket.fd = -1;
	nft->is_recording = recording;
	haves_init(&nft->haves);
	return nft;
}

enum result
nft_open(struct nft **out)
{
	struct nft *nft = nft_new(false);
	enum result result = nft_socket_open(&nft->socket);

	if (result == RESULT_DONE && nft_generation(&nft->socket, &nft->generation) != RESULT_DONE)
		result = RESULT_UNAVAILABLE;
	if (result != RESULT_DONE) {
		nft_close(nft);
		return result;
	}
	*out = nft;
	return RESULT_DONE;
}

struct nft *
nft_record(void)
{
	return nft_new(true);
}

void
nft_close(struct nft *nft)
{
	if (!nft)
		return;
	nft_socket_close(&nft->socket);
	haves_clear(&nft->haves);
	batch_clear(&nft->batch);
	buffer_clear(&nft->recorded);
	free(nft->expiries);
	free(nft);
}

/* Look at what is there. Two looks with the same generation before and after are one. */
enum result
nft_synchronise(struct nft *nft)
{
	uint32_t after = 0;

	for (int i = 0; i < TRIES_MAX; i++) {
		enum result result = nft_generation(&nft->socket, &nft->generation);

		haves_clear(&nft->haves);
		haves_init(&nft->haves);
		if (result == RESULT_DONE)
			result = present_read(&nft->socket, &nft->haves);
		if (result == RESULT_DONE)
			result = nft_generation(&nft->socket, &after);
		if (result != RESULT_DONE)
			return result;
		nft->is_synced = after == nft->generation;
		nft->haves.is_bare = true;
		if (nft->is_synced)
			return RESULT_DONE;
	}
	return RESULT_CONFLICT;
}

static void
explain(struct nft_outcome *outcome, const struct batch_answer *answer)
{
	if (answer->error)
		snprintf(outcome->message, sizeof(outcome->message), "the kernel refused message %zu: %s", answer->message,
			 strerror(answer->error));
}

/* Nothing is to be done: if nobody has changed what is there. */
static enum result
is_untouched(struct nft *nft)
{
	uint32_t          now = 0;
	const enum result result = nft_generation(&nft->socket, &now);

	if (result != RESULT_DONE)
		return result;
	nft->is_synced = now == nft->generation;
	return nft->is_synced ? RESULT_DONE : RESULT_CONFLICT;
}

/* Of a long chain only the rules that are others are changed; for that they have to be known by their handles. */
static void
look_up_rules(struct nft *nft, const struct ruleset *wanted)
{
	size_t asked = 0;

	for (size_t i = 0; i < wanted->nchains && asked < CHAINS_ASKED_MAX; i++) {
		struct have *have = difference_within(&nft->haves, &wanted->chains[i]);

		if (!have || have->handles || have->count < LONG_CHAIN)
			continue;
		asked++;
		have->handles = present_handles(&nft->socket, have->name, have->count);
	}
}

/* One try. CONFLICT: look again. */
static enum result
send_difference(struct nft *nft, const struct ruleset *wanted, bool try_only, struct nft_outcome *outcome)
{
	struct batch_answer answer;

	*outcome = (struct nft_outcome){ .full = !nft->is_synced };
	if (!nft->is_synced && nft_synchronise(nft) != RESULT_DONE)
		return RESULT_FAILED;
	if (!difference_is_whole(&nft->haves, wanted)) {
		nft->is_synced = !outcome->full;
		return RESULT_MISSING;
	}
	if (!outcome->full)
		look_up_rules(nft, wanted);
	batch_start(&nft->batch, &nft->socket, nft->generation);
	if (outcome->full && nft->haves.has_table)
		encode_flush(&nft->batch, NULL);
	difference_make(&nft->haves, wanted, &nft->batch, outcome);
	outcome->bytes = nft->batch.bytes.len;
	if (nft->batch.count == 0)
		return is_untouched(nft);
	const enum result result = batch_send(&nft->batch, &nft->socket, try_only, &answer);

	explain(outcome, &answer);
	/* After a full look nothing is known for sure, so after any trouble we look again. */
	if (result != RESULT_DONE || (try_only && outcome->full))
		nft->is_synced = false;
	else if (!try_only)
		nft->generation++;
	return result;
}

static enum result
run(struct nft *nft, const struct ruleset *wanted, bool try_only, struct nft_outcome *outcome)
{
	enum result result = RESULT_CONFLICT;

	for (int i = 0; i < TRIES_MAX && result == RESULT_CONFLICT; i++)
		result = send_difference(nft, wanted, try_only, outcome);
	return result;
}

static enum result
record(struct nft *nft, const struct ruleset *wanted, bool try_only, struct nft_outcome *outcome)
{
	*outcome = (struct nft_outcome){ .full = !nft->is_synced };
	if (!difference_is_whole(&nft->haves, wanted))
		return RESULT_MISSING;
	batch_start(&nft->batch, &nft->socket, 0);
	difference_make(&nft->haves, wanted, &nft->batch, outcome);
	outcome->bytes = nft->batch.bytes.len;
	if (try_only)
		return RESULT_DONE;
	difference_keep(&nft->haves, wanted, TEXT_NONE);
	nft->is_synced = true;
	buffer_cut(&nft->recorded, 0);
	ruleset_print_short(&nft->recorded, wanted, 10000);
	return RESULT_DONE;
}

enum result
nft_check(struct nft *nft, const struct ruleset *wanted, struct nft_outcome *outcome)
{
	return (nft->is_recording ? record : run)(nft, wanted, true, outcome);
}

/* A TCP connection begins with its first packet: what begins in the middle is invalid, as for pf. */
static void
demand_whole_connections(void)
{
	scoped_fd fd = open("/proc/sys/net/netfilter/nf_conntrack_tcp_loose", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, "0", 1) != 1)
		return; /* a read-only /proc: whoever runs us so has set it himself */
}

enum result
nft_apply(struct nft *nft, const struct ruleset *wanted, struct nft_outcome *outcome)
{
	if (nft->is_recording)
		return record(nft, wanted, false, outcome);
	const enum result result = run(nft, wanted, false, outcome);

	if (result != RESULT_DONE)
		return result;
	difference_keep(&nft->haves, wanted, buffer_text(&nft->batch.told));
	if (outcome->full) {
		demand_whole_connections();
		conntrack_account();
	}
	return RESULT_DONE;
}

enum result
nft_is_there(struct nft *nft, bool *out)
{
	const enum result result = nft->is_recording || nft->is_synced ? RESULT_DONE : nft_synchronise(nft);

	if (result == RESULT_DONE)
		*out = nft->haves.has_table;
	/* What was found is only names: the next apply is a full one. */
	if (!nft->is_recording && nft->haves.is_bare)
		nft->is_synced = false;
	return result;
}

enum result
nft_remove(struct nft *nft)
{
	struct batch_answer answer;
	enum result         result = RESULT_DONE;

	if (!nft->is_recording) {
		result = nft_synchronise(nft);
		if (result == RESULT_DONE && nft->haves.has_table) {
			batch_start(&nft->batch, &nft->socket, 0);
			encode_table_delete(&nft->batch);
			result = batch_send(&nft->batch, &nft->socket, false, &answer);
		}
	}
	haves_clear(&nft->haves);
	haves_init(&nft->haves);
	nft->nexpiries = 0;
	nft->is_synced = false;
	buffer_cut(&nft->recorded, 0);
	return result;
}

const char *
nft_recorded(const struct nft *nft)
{
	return buffer_string(&nft->recorded);
}

enum result
nft_counters(struct nft *nft, struct arena *arena, struct nft_counter **out, size_t *count)
{
	if (!nft->is_recording)
		return present_counters(&nft->socket, arena, out, count);
	*out = ARENA_MAKE(arena, struct nft_counter, RULESET_RULES);
	*count = 0;
	for (unsigned i = 1; i < RULESET_RULES; i++)
		if (nft->haves.counters[i / 64] >> (i % 64) & 1)
			(*out)[(*count)++].index = i;
	return RESULT_DONE;
}
