/* dialect/pfsense/language/scan.h: the words and marks that expressions are made of. For expression.c alone. */
#pragma once

#include "dialect/pfsense/language/expression.h"

struct reader {
	struct arena *arena;
	const char   *at;
	const char   *mistake;
	unsigned      depth;
};

/* Remember the first mistake; always NULL. */
struct node *scan_fail(struct reader *, const char *message);
struct node *scan_node(struct reader *, enum node_kind);
void         scan_add(struct reader *, struct node *, struct node *kid);
struct node *scan_pair(struct reader *, enum node_kind, struct node *left, struct node *right); /* right may be NULL */
void         scan_blanks(struct reader *);
/* Take a mark, or a whole word, when it is next. */
bool         scan_take(struct reader *, const char *mark);
bool         scan_take_word(struct reader *, const char *word);
/* Letters, digits and "_"; a "-" or ":" only between such. Empty when something else is next. */
struct text  scan_word(struct reader *);
struct node *scan_literal(struct reader *, struct value *);
struct node *scan_string(struct reader *); /* in either kind of quotes */
struct node *scan_number(struct reader *);
