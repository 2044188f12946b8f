/*
 * One small text file, replaced as a whole. Losing it costs nothing but a wrong rule beside old connections. Indexes that are
 * nobody's any more are found by asking which ones connections carry.
 */
#include "proc/indexes.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "wire/order.h"
#include "wire/sealed.h"
#include "wire/tables.h"

#define NAME     "rule-indexes"
#define FRESH    "rule-indexes.new"
#define SIZE_MOST (16 * 1024 * 1024)

void
indexes_load(int state_fd, struct filter_cache *cache)
{
	scoped_fd     fd = state_fd >= 0 ? openat(state_fd, NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	scoped_buffer text = BUFFER_NONE;
	char          bytes[16384];
	ssize_t       got;

	while (fd >= 0 && text.len < SIZE_MOST && (got = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(&text, (struct text){ bytes, (size_t)got });
	filter_cache_read(cache, buffer_text(&text));
}

void
indexes_save(int state_fd, const struct filter_cache *cache, uint64_t *saved)
{
	const uint64_t version = filter_cache_version(cache);
	scoped_buffer  text = BUFFER_NONE;

	if (state_fd < 0 || version == *saved)
		return;
	scoped_fd fd = openat(state_fd, FRESH, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return;
	filter_cache_write(cache, &text);
	if (file_write(fd, buffer_text(&text)) && renameat(state_fd, FRESH, state_fd, NAME) == 0)
		*saved = version;
}

/* A bit for each index that some connection carries; false when that cannot be known. */
static bool
find_carried(struct courier *courier, uint64_t *carried)
{
	scoped_arena       arena = arena_new();
	scoped_sealed      mapped = TEXT_NONE;
	scoped_writer      order;
	scoped_message     reply;
	struct rule_counts counts;

	writer_init(&order);
	message_init(&reply);
	if (courier_ask(courier, ORDER_COUNT_RULES, &order, ORDER_APPLY_TIMEOUT, &reply) != RESULT_DONE)
		return false;
	struct reader in = message_reader(&reply);
	scoped_fd     fd = get_fd(&in);

	if (!got_all(&in) || !sealed_map(fd, RULE_COUNTS_MAX * 32ULL, &mapped) || !rule_counts_decode(arena, mapped, &counts))
		return false;
	for (size_t i = 0; i < counts.n; i++)
		if (counts.counts[i].states > 0)
			carried[counts.counts[i].index / 64] |= 1ULL << (counts.counts[i].index % 64);
	return true;
}

void
indexes_give_back(struct courier *courier, struct filter_cache *cache, unsigned *limit)
{
	uint64_t       carried[RULESET_RULES / 64] = { 0 };
	const unsigned idle = filter_cache_idle(cache);

	if (idle < *limit)
		return;
	if (!find_carried(courier, carried)) {
		log_warning("indexes of rules that are gone cannot be given back: nobody says which ones connections carry");
		*limit = idle + INDEXES_IDLE;
		return;
	}
	filter_cache_release(cache, carried);
	/* Those that connections still have are not asked about again at once. */
	*limit = filter_cache_idle(cache) + INDEXES_IDLE;
}
