/* Sets and counters as bytes: fixed fields in the order of the structs. */
#include "wire/tables.h"

#include "wire/bulk.h"

#define TABLE_MIN 16 /* bytes of the shortest entries: no more room is made than the bytes can fill */
#define COUNT_MIN 28
#define ELEMENT_SIZE 32

void
tables_encode(struct buffer *out, const struct tables *tables)
{
	bulk_u32(out, (uint32_t)tables->n);
	for (size_t i = 0; i < tables->n; i++) {
		const struct table *table = &tables->tables[i];

		bulk_text(out, text_of(table->name));
		bulk_u8(out, table->type);
		bulk_u8(out, table->interval);
		bulk_u8(out, table->dynamic);
		bulk_u64(out, table->count);
	}
}

bool
tables_decode(struct arena *arena, struct text bytes, struct tables *out)
{
	struct reader in = reader_of(bytes);
	const size_t  n = get_u32(&in);

	if (n > bytes.len / TABLE_MIN)
		return false;
	struct table *tables = ARENA_MAKE(arena, struct table, n);

	for (size_t i = 0; i < n && !in.failed; i++) {
		tables[i].name = arena_copy(arena, get_word(&in, TABLE_NAME_MAX));
		tables[i].type = get_u8(&in);
		tables[i].interval = get_bool(&in);
		tables[i].dynamic = get_bool(&in);
		tables[i].count = get_u64(&in);
	}
	if (!got_all(&in))
		return false;
	*out = (struct tables){ tables, n };
	return true;
}

void
table_keys_encode(struct buffer *out, const struct table_keys *keys)
{
	bulk_u8(out, keys->type);
	bulk_u8(out, keys->interval);
	bulk_u64(out, keys->count);
	bulk_text(out, keys->keys);
}

bool
table_keys_decode(struct text bytes, struct table_keys *out)
{
	struct reader     in = reader_of(bytes);
	struct table_keys keys = { .type = get_u8(&in) };

	keys.interval = get_bool(&in);
	keys.count = get_u64(&in);
	keys.keys = get_text(&in, TABLE_KEYS_MAX);
	if (!got_all(&in))
		return false;
	*out = keys;
	return true;
}

void
rule_counts_encode(struct buffer *out, const struct rule_counts *counts)
{
	bulk_u32(out, (uint32_t)counts->n);
	for (size_t i = 0; i < counts->n; i++) {
		bulk_u32(out, counts->counts[i].index);
		bulk_u64(out, counts->counts[i].packets);
		bulk_u64(out, counts->counts[i].bytes);
		bulk_u64(out, counts->counts[i].states);
	}
}

bool
rule_counts_decode(struct arena *arena, struct text bytes, struct rule_counts *out)
{
	struct reader in = reader_of(bytes);
	const size_t  n = get_choice(&in, RULE_COUNTS_MAX + 1);

	if (n > bytes.len / COUNT_MIN)
		return false;
	struct rule_count *counts = ARENA_MAKE(arena, struct rule_count, n);

	for (size_t i = 0; i < n && !in.failed; i++) {
		counts[i].index = get_choice(&in, RULE_COUNTS_MAX);
		counts[i].packets = get_u64(&in);
		counts[i].bytes = get_u64(&in);
		counts[i].states = get_u64(&in);
	}
	if (!got_all(&in))
		return false;
	*out = (struct rule_counts){ counts, n };
	return true;
}

void
element_counts_encode(struct buffer *out, const struct element_counts *counts)
{
	bulk_u8(out, counts->type);
	bulk_u32(out, (uint32_t)counts->n);
	for (size_t i = 0; i < counts->n; i++) {
		for (size_t k = 0; k < sizeof(counts->counts[i].key); k++)
			bulk_u8(out, counts->counts[i].key[k]);
		bulk_u64(out, counts->counts[i].packets);
		bulk_u64(out, counts->counts[i].bytes);
	}
}

bool
element_counts_decode(struct arena *arena, struct text bytes, struct element_counts *out)
{
	struct reader in = reader_of(bytes);
	const uint8_t type = get_u8(&in);
	const size_t  n = get_choice(&in, ELEMENT_COUNTS_MAX + 1);

	if (n > bytes.len / ELEMENT_SIZE)
		return false;
	struct element_count *counts = ARENA_MAKE(arena, struct element_count, n + 1);

	for (size_t i = 0; i < n && !in.failed; i++) {
		for (size_t k = 0; k < sizeof(counts[i].key); k++)
			counts[i].key[k] = get_u8(&in);
		counts[i].packets = get_u64(&in);
		counts[i].bytes = get_u64(&in);
	}
	if (!got_all(&in))
		return false;
	*out = (struct element_counts){ type, counts, n };
	return true;
}
