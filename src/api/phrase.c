/*
 * Most fields of most records hold what nobody has set, which is one text at one address in all of them: those are left
 * out by comparing addresses, and what occurs in their labels is found out once. What has no label of its own is looked
 * into first, for that takes the least; what a choice is called is compared with the words once, not once for each record.
 */
#include "api/phrase.h"

#include <ctype.h>
#include <string.h>

#include "schema/sealed.h"

#define BITS 64 /* fields that a mask is for */
#define FEW  4  /* words that are each looked for by themselves */

struct words {
	struct text words[PHRASE_WORDS_MAX];
	size_t      count;
	uint64_t    all;
	uint64_t    begins[256]; /* with each byte, in either case: which words */
	uint64_t    goes_on[256]; /* with each byte behind the first: which words; those of a single byte with any */
	bool        single;      /* one of them is a single byte */
	bool        uuid;        /* one of them is a uuid: then that is searched too */
};

/* Of up to BITS fields that follow each other: a bit for each. */
struct fields {
	uint64_t plain;    /* searched; a value is its own label */
	uint64_t labelled; /* searched; may have a label, or is computed */
	uint64_t computed; /* those of them whose value is not in the record */
	uint64_t presets;  /* searched; in what it holds when nobody set it some word occurs */
};

struct phrase {
	struct words         words;
	struct labels       *labels;
	const struct record *fresh; /* with what nobody has set */
	bool                 both;
	struct fields       *fields;
	size_t               nfields; /* groups of them */
	uint64_t            *preset;  /* for each field: which words occur in what it holds when nobody set it */
};

/* --- words ---------------------------------------------------------------------------------- */

static inline unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static void
add_byte(uint64_t *table, char byte, uint64_t bit)
{
	table[(unsigned char)byte] |= bit;
	table[toupper((unsigned char)byte)] |= bit;
}

static void
add_word(struct words *words, struct text word, struct arena *arena)
{
	const uint64_t bit = (uint64_t)1 << words->count;
	char          *own = arena_copy(arena, word);

	for (size_t i = 0; i < word.len; i++)
		own[i] = (char)lower(own[i]);
	words->uuid |= uuid_is_valid(word);
	words->single |= word.len == 1;
	words->all |= bit;
	add_byte(words->begins, own[0], bit);
	for (unsigned byte = 0; word.len == 1 && byte < COUNT(words->goes_on); byte++)
		words->goes_on[byte] |= bit;
	if (word.len > 1)
		add_byte(words->goes_on, own[1], bit);
	words->words[words->count++] = (struct text){ own, word.len };
}

static struct words
split(struct text phrase, struct arena *arena)
{
	struct words words = { .count = 0 };
	struct text  word;

	while (words.count < PHRASE_WORDS_MAX && text_next(&phrase, " ", &word))
		if (word.len)
			add_word(&words, word, arena);
	return words;
}

/* The first two bytes are there. The word is in lower case already. */
static bool
is_here(const char *in, struct text word)
{
	size_t i = 2;

	while (i < word.len && lower(in[i]) == (unsigned char)word.ptr[i])
		i++;
	return i >= word.len;
}

static uint64_t
occur(const struct words *words, uint64_t missing, const char *in)
{
	uint64_t found = 0;

	for (; *in && missing != found; in++) {
		uint64_t begin = words->begins[(unsigned char)in[0]] & words->goes_on[(unsigned char)in[1]] & missing & ~found;

		for (; begin; begin &= begin - 1)
			if (is_here(in, words->words[__builtin_ctzll(begin)]))
				found |= begin & -begin;
	}
	return found;
}

/* --- all texts of a record at once ----------------------------------------------------------- */

typedef uint8_t bytes __attribute__((vector_size(16)));

static bytes
load(const char *from)
{
	bytes loaded;

	memcpy(&loaded, from, sizeof(loaded));
	return loaded;
}

static bool
has_any(bytes found)
{
	uint64_t halves[2];

	memcpy(halves, &found, sizeof(halves));
	return halves[0] | halves[1];
}

/* What makes a letter of either case this one, and leaves others alone. */
static uint8_t
case_bit(char c)
{
	return c >= 'a' && c <= 'z' ? 0x20 : 0;
}

/* Where the first two bytes are is found for many places at once. */
static bool
is_among(struct text texts, struct text word)
{
	const uint8_t first = (uint8_t)word.ptr[0], second = (uint8_t)(word.len > 1 ? word.ptr[1] : 0);
	const uint8_t first_case = case_bit(word.ptr[0]), second_case = word.len > 1 ? case_bit(word.ptr[1]) : 0;

	for (size_t i = 0; i < texts.len; i += sizeof(bytes)) {
		bytes found = (bytes)((load(texts.ptr + i) | first_case) == first);

		if (word.len > 1)
			found &= (bytes)((load(texts.ptr + i + 1) | second_case) == second);
		for (size_t j = i; has_any(found) && j < i + sizeof(bytes) && j < texts.len; j++)
			if (found[j - i] && is_here(texts.ptr + j, word))
				return true;
	}
	return false;
}

/* Those of the missing words that may occur in what was set. */
static uint64_t
occur_somewhere(const struct words *words, uint64_t missing, const struct record *record)
{
	const struct text texts = sealed_texts(record);
	uint64_t          found = 0;

	if (words->count > FEW || !texts.ptr)
		return missing;
	for (size_t i = 0; i < words->count; i++)
		if ((missing >> i & 1) && is_among(texts, words->words[i]))
			found |= (uint64_t)1 << i;
	return found;
}

/* --- values --------------------------------------------------------------------------------- */

static bool
is_nothing(const char *value)
{
	return value[0] == '\0' || (value[0] == '0' && value[1] == '\0');
}

static uint64_t
occur_in_plain(const struct words *words, uint64_t missing, const char *value)
{
	return is_nothing(value) || (value[1] == '\0' && !words->single) ? 0 : occur(words, missing, value);
}

static uint64_t
occur_in_labelled(struct phrase *phrase, uint64_t missing, const struct record *record, size_t field)
{
	const struct words *words = &phrase->words;
	const char         *value = labels_value(phrase->labels, record, field);

	if (is_nothing(value))
		return 0;
	struct label *label = labels_find(phrase->labels, record, field);

	if (!label)
		return occur_in_plain(words, missing, value);
	if (!label->looked) {
		label->words = occur(words, words->all, label->text);
		if (phrase->both)
			label->words |= occur(words, words->all, value);
		label->looked = true;
	}
	return label->words;
}

/* --- records -------------------------------------------------------------------------------- */

/* Computed for each row and of no interest to people: not worth it unless it is asked for by name. */
static bool
is_shown(const struct field *field)
{
	return !(field->flags & (HIDDEN | SECRET)) && (!field->derive || field->type->is_list);
}

static void
add_field(struct phrase *phrase, size_t at)
{
	const struct field *field = &phrase->fresh->resource->fields[at];
	struct fields      *fields = &phrase->fields[at / BITS];
	const uint64_t      bit = (uint64_t)1 << at % BITS;

	if (field->derive) {
		fields->labelled |= bit;
		fields->computed |= bit;
		return;
	}
	*(labels_are_values(phrase->labels, at) ? &fields->plain : &fields->labelled) |= bit;
	phrase->preset[at] = occur_in_labelled(phrase, phrase->words.all, phrase->fresh, at);
	if (phrase->preset[at])
		fields->presets |= bit;
}

struct phrase *
phrase_make(struct arena *arena, struct text words, const char *names, bool both, struct labels *labels)
{
	const struct resource *resource = labels_resource(labels);
	struct phrase         *phrase = ARENA_MAKE(arena, struct phrase, 1);
	struct text            rest = text_of(names ? names : ""), name;

	phrase->words = split(words, arena);
	if (phrase->words.count == 0)
		return NULL;
	phrase->labels = labels;
	phrase->fresh = record_make(arena, resource);
	phrase->both = both;
	phrase->nfields = (resource->nfields + BITS - 1) / BITS;
	phrase->fields = ARENA_MAKE(arena, struct fields, phrase->nfields);
	phrase->preset = ARENA_MAKE(arena, uint64_t, resource->nfields);
	for (size_t i = 0; !names && i < resource->nfields; i++)
		if (is_shown(&resource->fields[i]))
			add_field(phrase, i);
	while (names && text_next(&rest, ",", &name)) {
		const size_t field = resource_find_field(resource, name);

		if (field != SIZE_MAX)
			add_field(phrase, field);
	}
	return phrase;
}

static inline uint64_t
differs(const struct record *record, const struct record *fresh, size_t field)
{
	return record->values[field] != fresh->values[field];
}

/* Which of the fields from this one on hold something that was set. Four at a time is twice as quick. */
static uint64_t
find_set(const struct record *record, const struct record *fresh, size_t from)
{
	const size_t left = record->resource->nfields - from, count = left < BITS ? left : BITS;
	uint64_t     set = 0;
	size_t       i = 0;

	for (; i + 4 <= count; i += 4)
		set |= (differs(record, fresh, from + i) | differs(record, fresh, from + i + 1) << 1 |
			differs(record, fresh, from + i + 2) << 2 | differs(record, fresh, from + i + 3) << 3)
		       << i;
	for (; i < count; i++)
		set |= differs(record, fresh, from + i) << i;
	return set;
}

/* Those of the missing words that are in this group of fields. Of what was set it is known where to look for which. */
static uint64_t
occur_in_group(struct phrase *phrase, uint64_t missing, uint64_t set_words, const struct record *record, size_t group)
{
	const struct fields *fields = &phrase->fields[group];
	const uint64_t       set = find_set(record, phrase->fresh, group * BITS);
	const uint64_t       wanted = missing;
	uint64_t             bits;

	for (bits = fields->presets & ~set; bits; bits &= bits - 1)
		missing &= ~phrase->preset[group * BITS + (size_t)__builtin_ctzll(bits)];
	for (bits = fields->plain & set; bits && (missing & set_words); bits &= bits - 1)
		missing &= ~occur_in_plain(&phrase->words, missing & set_words, record->values[group * BITS + (size_t)__builtin_ctzll(bits)]);
	for (bits = fields->labelled & (set | fields->computed); bits && missing; bits &= bits - 1)
		missing &= ~occur_in_labelled(phrase, missing, record, group * BITS + (size_t)__builtin_ctzll(bits));
	return wanted & ~missing;
}

bool
phrase_matches(struct phrase *phrase, const struct record *record)
{
	uint64_t missing = phrase->words.all;

	if (phrase->words.uuid)
		missing &= ~occur(&phrase->words, missing, record->uuid);
	const uint64_t set_words = occur_somewhere(&phrase->words, missing, record);

	for (size_t group = 0; missing && group < phrase->nfields; group++)
		missing &= ~occur_in_group(phrase, missing, set_words, record, group);
	return !missing;
}
