/*
 * Elements of sets while the rules stay as they are: what clients, logins and lists put there. In the kernel, or in
 * the memory of the twin, which lets them expire as the kernel does.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/nft_encode.h"
#include "backend/nft_inside.h"
#include "backend/nft_present.h"
#include "backend/shaper/hosts.h"
#include "base/bug.h"

static size_t
size_of(const struct have *have)
{
	return set_key_size(have->shape.type) * (have->shape.interval ? 2 : 1);
}

/* Are its elements in our memory? */
static bool
is_remembered(const struct nft *nft, const struct have *have)
{
	return nft->is_recording || (have->is_known && !have->shape.dynamic);
}

/* --- Memory --------------------------------------------------------------------------------------- */

/* Where a key is, or would be, in the sorted elements. */
static size_t
place_of(const struct have *have, const uint8_t *key, bool *found)
{
	const size_t size = size_of(have);
	size_t       low = 0, high = have->len / size;

	*found = false;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int    order = memcmp(have->elements + middle * size, key, size);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
remembers(const struct have *have, const uint8_t *key)
{
	bool found;

	place_of(have, key, &found);
	return found;
}

static void
remember(struct have *have, const uint8_t *key, bool is_delete)
{
	const size_t size = size_of(have);
	bool         found;
	const size_t at = place_of(have, key, &found) * size;

	if (found != is_delete)
		return;
	/* It is not what the rule set says any more. */
	have->hash = have->shape.dynamic ? have->hash : 0;
	if (is_delete) {
		memmove(have->elements + at, have->elements + at + size, have->len - at - size);
		have->len -= size;
		return;
	}
	have->elements = realloc(have->elements, have->len + size + 1);
	BUG_IF(!have->elements, "out of memory");
	memmove(have->elements + at + size, have->elements + at, have->len - at);
	memcpy(have->elements + at, key, size);
	have->len += size;
}

/* --- The twin's clock ------------------------------------------------------------------------------ */

static int64_t
now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void
forget_expiry(struct nft *nft, const char *set, const uint8_t *key, size_t size)
{
	for (size_t i = 0; i < nft->nexpiries; i++)
		if (strcmp(nft->expiries[i].set, set) == 0 && memcmp(nft->expiries[i].key, key, size) == 0) {
			nft->expiries[i] = nft->expiries[--nft->nexpiries];
			return;
		}
}

static void
note_expiry(struct nft *nft, const struct have *have, const uint8_t *key, uint32_t seconds)
{
	const uint32_t stays = seconds ? seconds : have->shape.timeout;

	forget_expiry(nft, have->name, key, size_of(have));
	if (stays == 0)
		return;
	nft->expiries = realloc(nft->expiries, (nft->nexpiries + 1) * sizeof(*nft->expiries));
	BUG_IF(!nft->expiries, "out of memory");
	struct expiry *expiry = &nft->expiries[nft->nexpiries++];

	*expiry = (struct expiry){ .set = have->name, .due = now_seconds() + stays };
	memcpy(expiry->key, key, size_of(have));
}

/* What is over is gone before anybody looks. */
static void
expire(struct nft *nft)
{
	const int64_t now = now_seconds();

	for (size_t i = 0; i < nft->nexpiries;) {
		const struct expiry expiry = nft->expiries[i];
		struct have        *have = haves_find(&nft->haves, HAVE_SET, expiry.set);

		if (expiry.due > now) {
			i++;
			continue;
		}
		nft->expiries[i] = nft->expiries[--nft->nexpiries];
		if (have)
			remember(have, expiry.key, true);
	}
}

/* --- Changing ------------------------------------------------------------------------------------------ */

/* Before the first apply only names and shapes are looked up: the apply still has to be a full one. */
static bool
know_sets(struct nft *nft)
{
	bool known = true;

	if (!nft->is_recording && !nft->is_synced) {
		known = nft_synchronise(nft) == RESULT_DONE;
		nft->is_synced = false;
	}
	expire(nft);
	return known;
}

static struct have *
find(struct nft *nft, const char *set)
{
	if (!know_sets(nft))
		return NULL;
	struct have *have = haves_find(&nft->haves, HAVE_SET, set);

	return have && !have->shape.gives ? have : NULL;
}

/* One transaction; ENOENT and EEXIST say what was wrong with it. */
static enum result
commit(struct nft *nft)
{
	struct batch_answer answer;
	const enum result   result = batch_send(&nft->batch, &nft->socket, false, &answer);
	uint32_t            now = 0;

	/* A transaction of nothing new makes no generation; one too many is somebody else's. */
	if (result == RESULT_DONE) {
		if (nft_generation(&nft->socket, &now) != RESULT_DONE || now - nft->generation > 1)
			nft->is_synced = false;
		nft->generation = now;
	}
	return answer.error == ENOENT ? RESULT_MISSING : answer.error == EEXIST ? RESULT_CONFLICT : result;
}

static void
put_keys(struct nft *nft, const struct have *have, const uint8_t *keys, size_t count, uint32_t seconds, bool is_delete, bool counts)
{
	struct elements elements = { .batch = &nft->batch, .set = &have->shape, .is_delete = is_delete, .counts = counts };

	for (size_t i = 0; i < count; i++)
		if (is_delete || seconds == 0)
			elements_add(&elements, keys + i * size_of(have));
		else
			elements_add_for(&elements, keys + i * size_of(have), seconds * 1000ULL);
	elements_end(&elements);
}

/* The kernel keeps the time of an element that is added again, so it is taken away first. */
static void
make_way(struct nft *nft, const struct have *have, const struct nft_change *change)
{
	for (size_t i = 0; i < change->nadded; i++) {
		batch_start(&nft->batch, &nft->socket, 0);
		put_keys(nft, have, change->added + i * size_of(have), 1, 0, true, false);
		commit(nft);
	}
}

static enum result
change_kernel(struct nft *nft, const struct have *have, const struct nft_change *change)
{
	if (change->seconds)
		make_way(nft, have, change);
	batch_start(&nft->batch, &nft->socket, 0);
	put_keys(nft, have, change->deleted, change->ndeleted, 0, true, false);
	put_keys(nft, have, change->added, change->nadded, change->seconds, false, change->counts);
	return nft->batch.count > 0 ? commit(nft) : RESULT_DONE;
}

static enum result
change_memory(struct nft *nft, struct have *have, const struct nft_change *change)
{
	const size_t size = size_of(have);

	for (size_t i = 0; i < change->ndeleted; i++)
		if (!remembers(have, change->deleted + i * size))
			return RESULT_MISSING;
	for (size_t i = 0; i < change->ndeleted; i++) {
		remember(have, change->deleted + i * size, true);
		forget_expiry(nft, have->name, change->deleted + i * size, size);
	}
	for (size_t i = 0; i < change->nadded; i++) {
		remember(have, change->added + i * size, false);
		if (nft->is_recording)
			note_expiry(nft, have, change->added + i * size, change->seconds);
	}
	return RESULT_DONE;
}

enum result
nft_set_change(struct nft *nft, const struct nft_change *change)
{
	struct have *have = find(nft, change->set);
	enum result  result = RESULT_DONE;

	if (!have)
		return RESULT_MISSING;
	/* Times of their own are for single elements of sets that have any. */
	if (change->seconds && (!have->shape.timeout || have->shape.interval))
		return RESULT_REFUSED;
	if (change->counts && (change->seconds || have->shape.interval))
		return RESULT_REFUSED;
	if (!nft->is_recording)
		result = change_kernel(nft, have, change);
	return result == RESULT_DONE && is_remembered(nft, have) ? change_memory(nft, have, change) : result;
}

enum result
nft_set_flush(struct nft *nft, const char *set)
{
	struct have *have = find(nft, set);
	enum result  result = RESULT_DONE;

	if (!have)
		return RESULT_MISSING;
	if (!nft->is_recording) {
		batch_start(&nft->batch, &nft->socket, 0);
		encode_set_flush(&nft->batch, set);
		result = commit(nft);
	}
	if (result != RESULT_DONE || !is_remembered(nft, have))
		return result;
	while (have->len > 0) {
		forget_expiry(nft, have->name, have->elements + have->len - size_of(have), size_of(have));
		have->len -= size_of(have);
	}
	have->hash = have->shape.dynamic ? have->hash : 0;
	return RESULT_DONE;
}

/* --- Looking ------------------------------------------------------------------------------------------- */

static enum result
list(struct nft *nft, struct arena *arena, const struct have *have, size_t most, struct table_keys *out)
{
	struct text keys;

	if (is_remembered(nft, have))
		keys = (struct text){ (const char *)have->elements, have->len };
	else if (present_keys(&nft->socket, arena, &have->shape, SIZE_MAX / 64, &keys) != RESULT_DONE)
		return RESULT_FAILED;
	const size_t size = size_of(have), count = keys.len / size;

	keys = text_first(keys, (most < count ? most : count) * size);
	*out = (struct table_keys){ (uint8_t)have->shape.type, have->shape.interval, count,
				    { arena_copy(arena, keys), keys.len } };
	return RESULT_DONE;
}

enum result
nft_set_list(struct nft *nft, struct arena *arena, const char *set, size_t most, struct table_keys *out)
{
	const struct have *have = find(nft, set);

	return have ? list(nft, arena, have, most, out) : RESULT_MISSING;
}

enum result
nft_set_counts(struct nft *nft, struct arena *arena, const char *set, struct element_counts *out)
{
	const struct have *have = find(nft, set);

	if (!have || have->shape.interval)
		return RESULT_MISSING;
	if (!nft->is_recording)
		return present_counts(&nft->socket, arena, &have->shape, out);
	const size_t          size = size_of(have), n = have->len / size;
	struct element_count *counts = ARENA_MAKE(arena, struct element_count, n + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(counts[i].key, have->elements + i * size, size);
	*out = (struct element_counts){ (uint8_t)have->shape.type, counts, n };
	return RESULT_DONE;
}

static bool
is_table(const struct have *have)
{
	return have->kind == HAVE_SET && have->is_there && !have->shape.gives &&
	       (have->shape.type == SET_IPV4 || have->shape.type == SET_IPV6 || have->shape.type == SET_MAC);
}

enum result
nft_set_all(struct nft *nft, struct arena *arena, struct tables *out)
{
	struct table *tables;
	size_t        n = 0;

	if (!know_sets(nft))
		return RESULT_FAILED;
	tables = ARENA_MAKE(arena, struct table, nft->haves.count + 1);
	for (const struct have *have = nft->haves.list; have; have = have->next) {
		struct table_keys keys;

		if (!is_table(have))
			continue;
		if (list(nft, arena, have, 0, &keys) != RESULT_DONE)
			return RESULT_FAILED;
		tables[n++] = (struct table){ arena_copy(arena, text_of(have->name)), keys.type, keys.interval,
					      have->shape.dynamic, keys.count };
	}
	*out = (struct tables){ tables, n };
	return RESULT_DONE;
}

enum result
nft_set_classes(struct nft *nft, const char *map, nft_take_class *take, void *self)
{
	const struct have *have = know_sets(nft) && !nft->is_recording ? haves_find(&nft->haves, HAVE_SET, map) : NULL;

	if (!have || have->shape.gives != GIVES_CLASS)
		return RESULT_MISSING;
	return shaper_read_hosts(&nft->socket, &have->shape, take, self);
}
