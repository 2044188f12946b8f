/*
 * A span has a place in the file that its number says; what is there says which span it is, how many rows, and a check of
 * all of it. So no head is kept up to date, and what was torn or is long gone is known. The span under way is in memory.
 *
 * When it has too many rows the smaller ones are added to rows that say nothing but the interface and the direction: what moves much
 * stays told apart, however many others there are.
 */
#include "proc/flow/archive.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/map.h"
#include "wire/bulk.h"

#define MAGIC     0x31464244U /* "DBF1" */
#define HEAD_SIZE 24 /* bytes: magic, rows, span, check */
#define ROW_SIZE  80 /* at most */

struct open_span {
	uint64_t         number; /* 0: none */
	struct flow_row *rows;
	size_t           n;
	uint32_t        *places; /* a hash table of 1 + index; at most half full */
	bool             is_saved;
};

struct archive {
	struct archive_shape shape;
	int                  fd;
	struct open_span     open;
	size_t               places; /* a power of two */
	uint64_t             secret; /* so that nobody outside chooses rows of one place */
	struct buffer        bytes;  /* of a span, while it is written or read */
};

/* --- The span under way ------------------------------------------------------------------------------------------ */

static size_t
room_of(const struct archive *archive)
{
	return (size_t)archive->shape.rows * ARCHIVE_OPEN;
}

#define FACTOR 0x9e3779b97f4a7c15ULL

static uint64_t
mix(uint64_t hash, const void *bytes, size_t size)
{
	uint64_t word = 0;

	memcpy(&word, bytes, size);
	hash = (hash ^ word) * FACTOR;
	return hash ^ hash >> 32;
}

static uint64_t
mix_address(uint64_t hash, const struct address *address)
{
	return mix(mix(hash, address->bytes, 8), address->bytes + 8, 8);
}

static uint64_t
hash_of(const struct archive *archive, const struct flow_key *key)
{
	const uint64_t numbers = (uint64_t)key->port << 16 | (uint64_t)key->protocol << 8 | key->is_out;
	const size_t   len = strnlen(key->device, WAYS_NAME_MAX), first = len < 8 ? len : 8;
	uint64_t       hash = mix(archive->secret, &numbers, sizeof(numbers));

	hash = mix(mix(hash, key->device, first), key->device + first, len - first);
	if (key->source.family != FAMILY_NONE)
		hash = mix_address(hash, &key->source);
	return key->destination.family != FAMILY_NONE ? mix_address(hash, &key->destination) : hash;
}

static bool
is_same_address(const struct address *a, const struct address *b)
{
	return a->family == b->family && (a->family == FAMILY_NONE || memcmp(a->bytes, b->bytes, address_bits(a->family) / 8) == 0);
}

static bool
is_same(const struct flow_key *a, const struct flow_key *b)
{
	return a->port == b->port && a->protocol == b->protocol && a->is_out == b->is_out &&
	       is_same_address(&a->source, &b->source) && is_same_address(&a->destination, &b->destination) &&
	       strcmp(a->device, b->device) == 0;
}

/* The place of a key, or the free one where it belongs. */
static uint32_t *
place_of(const struct archive *archive, const struct flow_key *key)
{
	size_t at = (size_t)hash_of(archive, key) & (archive->places - 1);

	while (archive->open.places[at] && !is_same(&archive->open.rows[archive->open.places[at] - 1].key, key))
		at = (at + 1) & (archive->places - 1);
	return &archive->open.places[at];
}

static void
add(struct archive *archive, const struct flow_row *more)
{
	struct open_span *open = &archive->open;
	uint32_t         *place = place_of(archive, &more->key);

	if (!*place) {
		open->rows[open->n] = (struct flow_row){ .key = more->key };
		*place = (uint32_t)++open->n;
	}
	struct flow_row *row = &open->rows[*place - 1];

	row->octets += more->octets;
	row->packets += more->packets;
	row->last = more->last > row->last ? more->last : row->last;
}

static void
forget_rows(struct archive *archive)
{
	memset(archive->open.places, 0, archive->places * sizeof(*archive->open.places));
	archive->open.n = 0;
}

/* --- Too many ----------------------------------------------------------------------------------------------------- */

struct rank {
	uint64_t octets;
	size_t   row;
};

static int
compare_ranks(const void *a, const void *b)
{
	const struct rank *left = a, *right = b;

	return (left->octets < right->octets) - (left->octets > right->octets);
}

/* With more interfaces than there is room for, not even these are told. */
static void
add_to_others(struct archive *archive, const struct flow_row *row, size_t limit)
{
	struct flow_row other = { .key.is_out = row->key.is_out, .octets = row->octets, .packets = row->packets, .last = row->last };

	memcpy(other.key.device, row->key.device, sizeof(other.key.device));
	if (archive->open.n >= limit - 1 && !*place_of(archive, &other.key))
		other.key = (struct flow_key){ 0 };
	add(archive, &other);
}

/* So many of the largest stay; there are more for what the others are added to, but not beyond the limit. */
static void
prune(struct archive *archive, size_t most, size_t limit)
{
	const size_t     n = archive->open.n;
	struct flow_row *rows = calloc(n, sizeof(*rows));
	struct rank     *ranks = calloc(n, sizeof(*ranks));

	BUG_IF(!rows || !ranks, "out of memory");
	memcpy(rows, archive->open.rows, n * sizeof(*rows));
	for (size_t i = 0; i < n; i++)
		ranks[i] = (struct rank){ rows[i].octets, i };
	qsort(ranks, n, sizeof(*ranks), compare_ranks);
	forget_rows(archive);
	for (size_t i = 0; i < n; i++)
		if (i < most)
			add(archive, &rows[ranks[i].row]);
		else
			add_to_others(archive, &rows[ranks[i].row], limit);
	free(ranks);
	free(rows);
}

/* --- The file ----------------------------------------------------------------------------------------------------- */

static size_t
slot_size(const struct archive *archive)
{
	return HEAD_SIZE + (size_t)archive->shape.rows * ROW_SIZE;
}

static off_t
slot_place(const struct archive *archive, uint64_t number)
{
	return (off_t)(number % archive->shape.spans * slot_size(archive));
}

static void
put_row(struct buffer *out, const struct flow_row *row)
{
	bulk_text(out, text_of(row->key.device));
	bulk_u8(out, row->key.is_out);
	bulk_u8(out, row->key.protocol);
	bulk_u16(out, row->key.port);
	bulk_address(out, &row->key.source);
	bulk_address(out, &row->key.destination);
	bulk_u64(out, row->octets);
	bulk_u64(out, row->packets);
	bulk_u32(out, (uint32_t)row->last);
}

static struct flow_row
get_row(struct reader *in)
{
	struct flow_row   row = { 0 };
	const struct text device = get_text(in, WAYS_NAME_MAX);

	if (device.len)
		memcpy(row.key.device, device.ptr, device.len);
	row.key.is_out = get_bool(in);
	row.key.protocol = get_u8(in);
	row.key.port = get_u16(in);
	row.key.source = get_address(in);
	row.key.destination = get_address(in);
	row.octets = get_u64(in);
	row.packets = get_u64(in);
	row.last = get_u32(in);
	return row;
}

static bool
write_rows(struct archive *archive)
{
	const struct open_span *open = &archive->open;
	scoped_buffer           slot = BUFFER_NONE;
	struct buffer          *bytes = &archive->bytes;

	buffer_cut(bytes, 0);
	for (size_t i = 0; i < open->n; i++)
		put_row(bytes, &open->rows[i]);
	bulk_u32(&slot, MAGIC);
	bulk_u32(&slot, (uint32_t)open->n);
	bulk_u64(&slot, open->number);
	bulk_u64(&slot, text_hash(buffer_text(bytes)) ^ open->number);
	buffer_add(&slot, buffer_text(bytes));
	return pwrite(archive->fd, slot.bytes, slot.len, slot_place(archive, open->number)) == (ssize_t)slot.len;
}

/* The largest, when there are too many; all of them go on being told apart. */
static bool
write_open(struct archive *archive)
{
	struct open_span *open = &archive->open;
	const size_t      n = open->n;
	struct flow_row  *all;

	if (n <= archive->shape.rows)
		return write_rows(archive);
	all = calloc(n, sizeof(*all));
	BUG_IF(!all, "out of memory");
	memcpy(all, open->rows, n * sizeof(*all));
	prune(archive, archive->shape.rows - archive->shape.rows / 8, archive->shape.rows);
	const bool is_written = write_rows(archive);

	forget_rows(archive);
	for (size_t i = 0; i < n; i++)
		add(archive, &all[i]);
	free(all);
	return is_written;
}

/* The rows of a span, in the buffer; false: there is no such span. */
static bool
read_slot(struct archive *archive, uint64_t number, struct reader *rows, size_t *n)
{
	char          head[HEAD_SIZE];
	const off_t   place = slot_place(archive, number);
	struct reader in = reader_of((struct text){ head, sizeof(head) });
	uint64_t      check;
	ssize_t       got;

	if (archive->fd < 0 || pread(archive->fd, head, sizeof(head), place) != (ssize_t)sizeof(head) || get_u32(&in) != MAGIC)
		return false;
	*n = get_u32(&in);
	if (*n > archive->shape.rows || get_u64(&in) != number)
		return false;
	check = get_u64(&in);
	buffer_cut(&archive->bytes, 0);
	buffer_reserve(&archive->bytes, *n * ROW_SIZE + 1);
	got = pread(archive->fd, archive->bytes.bytes, *n * ROW_SIZE, place + HEAD_SIZE);
	if (got < 0)
		return false;
	/* Behind the rows may be those of an older span. How long they are is known when they are read. */
	struct reader whole = reader_of((struct text){ archive->bytes.bytes, (size_t)got });

	for (size_t i = 0; i < *n; i++)
		get_row(&whole);
	*rows = reader_of((struct text){ archive->bytes.bytes, (size_t)got - whole.left.len });
	return !whole.failed && (text_hash(rows->left) ^ number) == check;
}

/* --- Opening and closing --------------------------------------------------------------------------------------------- */

/* What was written down of a span before, by this process or one before it, goes on. */
static void
open_number(struct archive *archive, uint64_t number)
{
	struct reader rows;
	size_t        n;

	forget_rows(archive);
	archive->open.number = number;
	archive->open.is_saved = true;
	if (!read_slot(archive, number, &rows, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct flow_row row = get_row(&rows);

		add(archive, &row);
	}
}

bool
archive_save(struct archive *archive)
{
	if (archive->open.is_saved || archive->fd < 0)
		return true;
	archive->open.is_saved = true;
	return write_open(archive);
}

void
archive_add(struct archive *archive, const struct flow_key *key, uint64_t octets, uint64_t packets, int64_t time)
{
	const uint64_t  number = time > 0 ? (uint64_t)time / archive->shape.step : 0;
	struct flow_row row = { .key = *key, .octets = octets, .packets = packets, .last = time };

	if (number > archive->open.number) {
		archive_save(archive);
		open_number(archive, number);
	}
	if (archive->open.n >= room_of(archive) - 1)
		prune(archive, archive->shape.rows, room_of(archive) - 1);
	add(archive, &row);
	archive->open.is_saved = false;
}

/* --- Reading -------------------------------------------------------------------------------------------------------- */

static void
read_number(struct archive *archive, uint64_t number, archive_take *take, void *self)
{
	const int64_t start = (int64_t)(number * archive->shape.step);
	struct reader rows;
	size_t        n;

	if (number == archive->open.number) {
		for (size_t i = 0; i < archive->open.n; i++)
			take(self, start, &archive->open.rows[i]);
		return;
	}
	if (!read_slot(archive, number, &rows, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct flow_row row = get_row(&rows);

		take(self, start, &row);
	}
}

void
archive_read(struct archive *archive, int64_t from, int64_t to, int64_t now, archive_take *take, void *self)
{
	const int64_t step = archive->shape.step, newest = now / step;
	const int64_t oldest = newest - (int64_t)archive->shape.spans + 1;
	int64_t       first = from / step;

	first = first > oldest ? first : oldest;
	for (int64_t number = first > 0 ? first : 1; number <= newest && number * step < to; number++)
		read_number(archive, (uint64_t)number, take, self);
}

/* --- Life ------------------------------------------------------------------------------------------------------------ */

void
archive_clear(struct archive *archive)
{
	if (archive->fd >= 0 && ftruncate(archive->fd, 0) != 0)
		/* What is there says which span it is: these are none. */
		for (unsigned i = 0; i < archive->shape.spans; i++)
			(void)!pwrite(archive->fd, "none", 4, slot_place(archive, i));
	open_number(archive, archive->open.number);
}

struct archive *
archive_new(const struct archive_shape *shape, int fd)
{
	struct archive *archive = calloc(1, sizeof(*archive));

	BUG_IF(!archive, "out of memory");
	archive->shape = *shape;
	archive->fd = fd;
	archive->open.is_saved = true;
	BUG_IF(getrandom(&archive->secret, sizeof(archive->secret), 0) != sizeof(archive->secret), "no random numbers");
	archive->open.rows = calloc(room_of(archive), sizeof(*archive->open.rows));
	for (archive->places = 16; archive->places < room_of(archive) * 2;)
		archive->places *= 2;
	archive->open.places = calloc(archive->places, sizeof(*archive->open.places));
	BUG_IF(!archive->open.rows || !archive->open.places, "out of memory");
	return archive;
}

void
archive_free(struct archive *archive)
{
	if (!archive)
		return;
	archive_save(archive);
	if (archive->fd >= 0)
		close(archive->fd);
	buffer_clear(&archive->bytes);
	free(archive->open.rows);
	free(archive->open.places);
	free(archive);
}
