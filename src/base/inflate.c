/* Deflate, a bit at a time: what is read here is small. Codes are canonical, so that how many there are of each length is all of them. */
#include "base/unzip.h"

#include <stdint.h>

#define BITS_MAX     15 /* of a code */
#define LITERALS_MAX 288
#define LENGTHS_MAX  30 /* distance codes */
#define END          256

struct bits {
	struct text in;
	size_t      at;
	uint32_t    hold; /* the lowest come first */
	unsigned    count;
	bool        failed;
};

struct code {
	uint16_t counts[BITS_MAX + 1];
	uint16_t symbols[LITERALS_MAX];
};

static uint32_t
take(struct bits *bits, unsigned n)
{
	while (bits->count < n) {
		if (bits->at == bits->in.len) {
			bits->failed = true;
			return 0;
		}
		bits->hold |= (uint32_t)(unsigned char)bits->in.ptr[bits->at++] << bits->count;
		bits->count += 8;
	}
	const uint32_t value = bits->hold & ((1U << n) - 1);

	bits->hold >>= n;
	bits->count -= n;
	return value;
}

/* False: more codes than there can be of these lengths. */
static bool
make_code(struct code *code, const uint8_t *lengths, size_t n)
{
	uint16_t at[BITS_MAX + 1] = { 0 };
	int      left = 1;

	*code = (struct code){ 0 };
	for (size_t i = 0; i < n; i++)
		code->counts[lengths[i]]++;
	code->counts[0] = 0;
	for (unsigned len = 1; len <= BITS_MAX; len++) {
		left = left * 2 - code->counts[len];
		if (left < 0)
			return false;
		if (len < BITS_MAX)
			at[len + 1] = (uint16_t)(at[len] + code->counts[len]);
	}
	for (size_t i = 0; i < n; i++)
		if (lengths[i])
			code->symbols[at[lengths[i]]++] = (uint16_t)i;
	return true;
}

static unsigned
next_symbol(struct bits *bits, const struct code *code)
{
	unsigned number = 0, first = 0, index = 0;

	for (unsigned len = 1; len <= BITS_MAX; len++) {
		number |= take(bits, 1);
		if (number - first < code->counts[len])
			return code->symbols[index + number - first];
		index += code->counts[len];
		first = (first + code->counts[len]) << 1;
		number <<= 1;
	}
	bits->failed = true;
	return 0;
}

/* --- blocks ----------------------------------------------------------------------------------------- */

static void
copy_back(struct bits *bits, size_t length, size_t distance, size_t most, struct buffer *out)
{
	if (distance > out->len || length > most - out->len) {
		bits->failed = true;
		return;
	}
	for (size_t i = 0; i < length; i++)
		buffer_add_byte(out, out->bytes[out->len - distance]);
}

static void
read_symbols(struct bits *bits, const struct code *literals, const struct code *distances, size_t most, struct buffer *out)
{
	static const uint16_t lengths[] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
					    131, 163, 195, 227, 258 };
	static const uint8_t  more[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
	static const uint16_t backs[] = { 1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
					  2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };

	while (!bits->failed) {
		const unsigned symbol = next_symbol(bits, literals);

		if (symbol == END)
			return;
		if (symbol < END) {
			bits->failed |= out->len >= most;
			if (!bits->failed)
				buffer_add_byte(out, (char)symbol);
			continue;
		}
		const unsigned at = symbol - END - 1;

		if (at >= sizeof(more)) {
			bits->failed = true;
			return;
		}
		const size_t   length = lengths[at] + take(bits, more[at]);
		const unsigned back = next_symbol(bits, distances);

		if (bits->failed || back >= sizeof(backs) / sizeof(backs[0])) {
			bits->failed = true;
			return;
		}
		const size_t distance = backs[back] + take(bits, back < 2 ? 0 : back / 2 - 1);

		if (!bits->failed)
			copy_back(bits, length, distance, most, out);
	}
}

static void
read_stored(struct bits *bits, size_t most, struct buffer *out)
{
	uint32_t length, check;

	bits->hold = bits->count = 0;
	length = take(bits, 16);
	check = take(bits, 16);
	if (bits->failed || length != (~check & 0xffff) || length > bits->in.len - bits->at || length > most - out->len) {
		bits->failed = true;
		return;
	}
	buffer_add(out, text_first(text_after(bits->in, bits->at), length));
	bits->at += length;
}

static void
read_fixed(struct bits *bits, size_t most, struct buffer *out)
{
	struct code literals, distances;
	uint8_t     lengths[LITERALS_MAX];

	for (size_t i = 0; i < LITERALS_MAX; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	make_code(&literals, lengths, LITERALS_MAX);
	for (size_t i = 0; i < LENGTHS_MAX; i++)
		lengths[i] = 5;
	make_code(&distances, lengths, LENGTHS_MAX);
	read_symbols(bits, &literals, &distances, most, out);
}

/* Lengths of codes, themselves in a code: 16 to 18 say that one comes several times. */
static void
read_lengths(struct bits *bits, const struct code *code, uint8_t *lengths, size_t n)
{
	for (size_t i = 0; i < n && !bits->failed;) {
		const unsigned symbol = next_symbol(bits, code);
		uint8_t        length = 0;
		size_t         times;

		if (symbol < 16) {
			lengths[i++] = (uint8_t)symbol;
			continue;
		}
		if (symbol == 16 && i > 0)
			length = lengths[i - 1];
		bits->failed |= symbol == 16 && i == 0;
		times = symbol == 16 ? 3 + take(bits, 2) : symbol == 17 ? 3 + take(bits, 3) : 11 + take(bits, 7);
		if (times > n - i) {
			bits->failed = true;
			return;
		}
		while (times-- > 0)
			lengths[i++] = length;
	}
}

static void
read_dynamic(struct bits *bits, size_t most, struct buffer *out)
{
	static const uint8_t order[] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	const size_t         nliterals = take(bits, 5) + 257, ndistances = take(bits, 5) + 1, ncodes = take(bits, 4) + 4;
	uint8_t              lengths[LITERALS_MAX + 32] = { 0 };
	struct code          code, distances;

	if (bits->failed || nliterals > 286 || ndistances > LENGTHS_MAX) {
		bits->failed = true;
		return;
	}
	for (size_t i = 0; i < ncodes; i++)
		lengths[order[i]] = (uint8_t)take(bits, 3);
	if (bits->failed || !make_code(&code, lengths, sizeof(order))) {
		bits->failed = true;
		return;
	}
	for (size_t i = 0; i < sizeof(lengths); i++)
		lengths[i] = 0;
	read_lengths(bits, &code, lengths, nliterals + ndistances);
	if (bits->failed || lengths[END] == 0 || !make_code(&distances, lengths + nliterals, ndistances) ||
	    !make_code(&code, lengths, nliterals)) {
		bits->failed = true;
		return;
	}
	read_symbols(bits, &code, &distances, most, out);
}

bool
inflate(struct text in, size_t most, struct buffer *out)
{
	struct bits   bits = { .in = in };
	scoped_buffer made = BUFFER_NONE;
	bool          is_last = false;

	while (!is_last && !bits.failed) {
		is_last = take(&bits, 1);
		switch (take(&bits, 2)) {
		case 0:
			read_stored(&bits, most, &made);
			break;
		case 1:
			read_fixed(&bits, most, &made);
			break;
		case 2:
			read_dynamic(&bits, most, &made);
			break;
		default:
			bits.failed = true;
		}
	}
	if (!bits.failed)
		buffer_add(out, buffer_text(&made));
	return !bits.failed;
}
