/*
 * dialect/pfsense/language/expression.h: the small language of the operations' tables.
 *
 * "obj.protocol in ['tcp', 'udp'] and not has(srcport)": conditions and values stand in the
 * tables as text, are read once, and are evaluated against a scope (scope.h). A name is a member
 * of the request unless it is bound by "any", or one of obj, item, flag, client, selected and found.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/value.h"

enum node_kind {
	NODE_LITERAL,
	NODE_LIST,        /* [a, b] */
	NODE_OBJECT,      /* {"a": b}: names and values take turns in kids */
	NODE_NAME,        /* a member of the request, a bound name, obj, ... */
	NODE_NAMED_BY,    /* {field}: the member of the request whose name that is */
	NODE_DOT,         /* a.name, or a.{name} with the name as second kid */
	NODE_INDEX,       /* a[b] */
	NODE_EACH,        /* a[]: some member of a */
	NODE_PAIR_NAME,   /* a{key}: the name of some member of a */
	NODE_PAIR_VALUE,  /* a{value} */
	NODE_CALL,
	NODE_PATH,        /* cfg(a/b/<c>) and its like: kids are the steps */
	NODE_NOT,
	NODE_AND,
	NODE_OR,
	NODE_SAME,        /* = */
	NODE_ALIKE,       /* ~= */
	NODE_IN,
	NODE_IS,          /* is true, is false, is null */
	NODE_LESS,
	NODE_AT_MOST,
	NODE_JOIN,        /* & */
	NODE_PLUS,
	NODE_MINUS,
	NODE_TIMES,
	NODE_CHOOSE,      /* (a ? b : c) */
	NODE_ANY,         /* any v of a and b: text is v */
	NODE_MATCHES,     /* text is the pattern */
};

struct function;

#define NODE_KIDS_MAX 64

struct node {
	enum node_kind         kind;
	struct text            text;  /* as written: names, patterns; of EACH and PAIR the whole source */
	struct value          *value; /* of a literal */
	const struct function *function;
	struct node          **kids;
	size_t                 nkids;
	struct text            options; /* of a call: what follows "also=" */
	/* Outermost only: paths of request members that must be there for the expression to mean anything. */
	struct node **needs;
	size_t        nneeds;
};

/*
 * Read one. NULL when it is not well-formed; *message then says why. blank_needs: blank(x) asks for
 * x to be there too (as it does in what is stored, and not in checks).
 */
struct node *expression_read(struct arena *, const char *source, bool blank_needs, const char **message);
/* For the reader alone: fill in node->needs; add a kid. */
void expression_find_needs(struct arena *, struct node *, bool blank_needs);
void node_add(struct arena *, struct node *, struct node *kid);
