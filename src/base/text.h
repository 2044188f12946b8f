/* base/text.h: a run of bytes with a length, owned by somebody else. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct arena;

struct text {
	const char *ptr; /* not NUL-terminated unless said so; NULL when empty is fine */
	size_t      len;
};

#define TEXT(literal) ((struct text){ "" literal, sizeof(literal) - 1 })
#define TEXT_NONE     ((struct text){ NULL, 0 })
/* For "%.*s"; looks at its argument more than once. */
#define TEXT_ARGS(t)  (int)(t).len, (t).ptr ? (t).ptr : ""

static inline struct text
text_of(const char *string)
{
	return (struct text){ string, string ? strlen(string) : 0 };
}

static inline bool
text_equal(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool
text_is(struct text a, const char *string)
{
	return text_equal(a, text_of(string));
}

/* The first n bytes, or all when there are fewer. */
static inline struct text
text_first(struct text t, size_t n)
{
	return (struct text){ t.ptr, n < t.len ? n : t.len };
}

/* What follows the first n bytes. */
static inline struct text
text_after(struct text t, size_t n)
{
	return n < t.len ? (struct text){ t.ptr + n, t.len - n } : TEXT_NONE;
}

bool text_equal_any_case(struct text, struct text); /* ASCII letters only */
bool text_starts(struct text, struct text prefix);
bool text_ends(struct text, struct text suffix);
bool text_contains(struct text, struct text part);
bool text_contains_any_case(struct text, struct text part); /* ASCII letters only */
/* Byte order, shorter first: as strcmp(). */
int  text_compare(struct text, struct text);
/* "item9" before "item10", ASCII letters of either case alike, and "_" behind them. */
int  text_compare_natural(struct text, struct text);
struct text text_trim(struct text); /* without white space at both ends */

/*
 * Cut the next piece off the front of *rest, up to any byte of separators;
 * false when nothing is left. "a,,b" gives "a", "", "b"; "" gives nothing; "a," gives "a" alone.
 */
bool text_next(struct text *rest, const char *separators, struct text *piece);
/* Is the entry a piece of "a,b,c"? */
bool text_lists(struct text list, struct text entry);
/* The next word between blanks (spaces, tabs, carriage returns), any number of them; false when none is left. */
bool text_next_word(struct text *rest, struct text *word);
/* The part before the first such byte; *rest becomes what follows it. All of it when there is none. */
struct text text_until(struct text *rest, char separator);

bool text_is_utf8(struct text); /* RFC 3629: no surrogates, no overlong forms */

/* What a hexadecimal digit counts; -1: it is none. */
int text_hex(char);
/*
 * A name or value of application/x-www-form-urlencoded, decoded into the arena; a lone '%' stays. A NUL has no place in a
 * text: it becomes nul, or is left out when that is 0.
 */
struct text text_decode_form(struct arena *, struct text, char nul);
