/* Counts of classes as bytes. */
#include "wire/shaper.h"

#include "wire/bulk.h"

#define COUNT_BYTES 33 /* at least */

void
shaper_counts_encode(struct buffer *out, const struct shaper_counts *counts)
{
	bulk_u32(out, (uint32_t)counts->n);
	for (size_t i = 0; i < counts->n; i++) {
		bulk_u32(out, counts->counts[i].class);
		bulk_u64(out, counts->counts[i].bytes);
		bulk_u64(out, counts->counts[i].packets);
		bulk_u64(out, counts->counts[i].dropped);
		bulk_u32(out, counts->counts[i].backlog);
		bulk_address(out, &counts->counts[i].host);
	}
}

bool
shaper_counts_decode(struct arena *arena, struct text bytes, struct shaper_counts *out)
{
	struct reader        in = reader_of(bytes);
	const size_t         n = get_choice(&in, SHAPER_COUNTS_MAX + 1);
	struct shaper_count *counts;

	if (n > bytes.len / COUNT_BYTES)
		return false;
	counts = ARENA_MAKE(arena, struct shaper_count, n);
	for (size_t i = 0; i < n && !in.failed; i++) {
		counts[i].class = get_choice(&in, SHAPER_COUNTS_MAX);
		counts[i].bytes = get_u64(&in);
		counts[i].packets = get_u64(&in);
		counts[i].dropped = get_u64(&in);
		counts[i].backlog = get_u32(&in);
		counts[i].host = get_address(&in);
		in.failed |= i > 0 && counts[i].class <= counts[i - 1].class;
	}
	if (!got_all(&in))
		return false;
	*out = (struct shaper_counts){ counts, n };
	return true;
}
