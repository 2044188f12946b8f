/*
 * A table of compiled expressions that only grows: slots are found by hash and taken
 * by compare-and-swap, so readers never wait. Two threads that meet a new mask both
 * compile it; the loser throws its work away. What a match needs is kept with its mask, for
 * the next match: whoever finds it taken makes another.
 */
#include "schema/mask.h"

#include <stdatomic.h>
#include <stdint.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/bug.h"

/* More than the tables hold by far; a full table is a mistake of ours. */
#define SLOTS         2048
#define MATCH_LIMIT   200000
#define DEPTH_LIMIT   2000
#define MISTAKE_BYTES 160

struct compiled {
	struct text mask;
	bool        any_case;
	pcre2_code *code;
	pcre2_match_context        *limits;
	_Atomic(pcre2_match_data *) spare; /* NULL: somebody is matching, or nobody has yet */
};

/* Our only mutable global besides the process': a cache of what constants mean. */
static _Atomic(struct compiled *) slots[SLOTS];

static pcre2_code *
compile(struct text mask, bool any_case, int *error, size_t *where)
{
	const uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | (any_case ? PCRE2_CASELESS : 0);

	return pcre2_compile((PCRE2_SPTR)mask.ptr, mask.len, options, error, where, NULL);
}

static struct compiled *
compiled_new(struct text mask, bool any_case)
{
	struct compiled *made = malloc(sizeof(*made));
	int              error;
	size_t           where;

	BUG_IF(!made, "out of memory");
	*made = (struct compiled){ mask, any_case, compile(mask, any_case, &error, &where), pcre2_match_context_create(NULL), NULL };
	BUG_IF(!made->code, "mask %.*s does not compile: error %d at %zu", TEXT_ARGS(mask), error, where);
	BUG_IF(!made->limits, "out of memory");
	pcre2_set_match_limit(made->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(made->limits, DEPTH_LIMIT);
	/* Without JIT it is only slower. */
	(void)pcre2_jit_compile(made->code, PCRE2_JIT_COMPLETE);
	return made;
}

static void
compiled_free(struct compiled *compiled)
{
	pcre2_code_free(compiled->code);
	pcre2_match_context_free(compiled->limits);
	free(compiled);
}

static struct compiled *
find(struct text mask, bool any_case)
{
	struct compiled *made = NULL;
	size_t           at = ((uintptr_t)mask.ptr * 0x9e3779b97f4a7c15ULL >> 40) + any_case;

	for (size_t tries = 0; tries < SLOTS; tries++, at++) {
		struct compiled *present = atomic_load_explicit(&slots[at % SLOTS], memory_order_acquire);

		if (!present) {
			made = made ? made : compiled_new(mask, any_case);
			if (atomic_compare_exchange_strong(&slots[at % SLOTS], &present, made))
				return made;
		}
		if (present->mask.ptr == mask.ptr && present->mask.len == mask.len && present->any_case == any_case) {
			if (made)
				compiled_free(made);
			return present;
		}
	}
	BUG_IF(true, "more than %d masks", SLOTS);
}

static pcre2_match_data *
take_data(struct compiled *compiled)
{
	pcre2_match_data *data = atomic_exchange_explicit(&compiled->spare, NULL, memory_order_acquire);

	data = data ? data : pcre2_match_data_create(1, NULL);
	BUG_IF(!data, "out of memory");
	return data;
}

static void
give_back_data(struct compiled *compiled, pcre2_match_data *data)
{
	pcre2_match_data_free(atomic_exchange_explicit(&compiled->spare, data, memory_order_acq_rel));
}

bool
mask_find(struct text mask, bool any_case, struct text t, struct text *found)
{
	struct compiled  *compiled = find(mask, any_case);
	const char       *bytes = t.ptr ? t.ptr : "";
	pcre2_match_data *data = take_data(compiled);
	int count = pcre2_match(compiled->code, (PCRE2_SPTR)bytes, t.len, 0, 0, data, compiled->limits);

	/* The interpreter works on the heap: slower, and within the limits. */
	if (count == PCRE2_ERROR_JIT_STACKLIMIT)
		count = pcre2_match(compiled->code, (PCRE2_SPTR)bytes, t.len, 0, PCRE2_NO_JIT, data, compiled->limits);
	if (count >= 0) {
		const PCRE2_SIZE *at = pcre2_get_ovector_pointer(data);

		*found = (struct text){ bytes + at[0], at[1] - at[0] };
	}
	give_back_data(compiled, data);
	return count >= 0;
}

bool
mask_matches(struct text mask, bool any_case, struct text t)
{
	struct text found;

	return mask_find(mask, any_case, t, &found);
}

const char *
mask_mistake(struct text mask)
{
	static _Thread_local unsigned char message[MISTAKE_BYTES];
	int                                error;
	size_t                             where;
	pcre2_code                        *code = compile(mask, false, &error, &where);

	if (code) {
		pcre2_code_free(code);
		return NULL;
	}
	pcre2_get_error_message(error, message, sizeof(message));
	return (const char *)message;
}
