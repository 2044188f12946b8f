/*
 * Reading the tables' expressions into trees. Recursive descent, one function for each
 * level of binding; the first mistake is remembered and ends it.
 */
#include "dialect/pfsense/language/expression.h"

#include <ctype.h>

#include "dialect/pfsense/function.h"
#include "dialect/pfsense/language/scan.h"

#define DEPTH_MAX 48

static struct node *read_choice(struct reader *);
static struct node *read_or(struct reader *);
static struct node *read_sum(struct reader *);

static struct node *
read_list(struct reader *reader)
{
	struct node *list = scan_node(reader, NODE_LIST);

	if (scan_take(reader, "]"))
		return list;
	do {
		struct node *kid = read_or(reader);

		if (!kid)
			return NULL;
		scan_add(reader, list, kid);
	} while (scan_take(reader, ","));
	return scan_take(reader, "]") ? list : scan_fail(reader, "list without end");
}

/* A text, or a number that becomes one. */
static struct node *
read_object_name(struct reader *reader)
{
	if (*reader->at == '"' || *reader->at == '\'')
		return scan_string(reader);
	const char *start = reader->at;

	while (isdigit((unsigned char)*reader->at))
		reader->at++;
	return scan_literal(reader, value_text(reader->arena,
					  (struct text){ start, (size_t)(reader->at - start) }));
}

/* Behind "{": an object when a text stands first, else the name of a member. */
static struct node *
read_braces(struct reader *reader)
{
	scan_blanks(reader);
	if (!strchr("\"'0123456789", *reader->at)) {
		struct node *name = read_or(reader);

		if (!name || !scan_take(reader, "}"))
			return scan_fail(reader, "no name in braces");
		return scan_pair(reader, NODE_NAMED_BY, name, NULL);
	}
	struct node *object = scan_node(reader, NODE_OBJECT);

	do {
		scan_blanks(reader);
		struct node *name = read_object_name(reader);
		struct node *value = name && scan_take(reader, ":") ? read_or(reader) : NULL;

		if (!value)
			return scan_fail(reader, "no member");
		scan_add(reader, object, name);
		scan_add(reader, object, value);
	} while (scan_take(reader, ","));
	return scan_take(reader, "}") ? object : scan_fail(reader, "object without end");
}

/* Behind "cfg(": steps divided by "/", each as it stands or an expression in "<>", up to the end. */
static struct node *
read_path(struct reader *reader, struct text name)
{
	struct node *path = scan_node(reader, NODE_PATH);

	path->text = name;
	do {
		scan_blanks(reader);
		struct node *step;

		if (scan_take(reader, "<")) {
			if (++reader->depth > DEPTH_MAX)
				return scan_fail(reader, "too deep");
			step = read_sum(reader);
			reader->depth--;
			if (!step || !scan_take(reader, ">"))
				return scan_fail(reader, "no step");
		} else {
			const char *start = reader->at;

			while (*reader->at && !strchr("/) :", *reader->at))
				reader->at++;
			step = scan_literal(reader, value_text(reader->arena, (struct text){
							start, (size_t)(reader->at - start) }));
		}
		scan_add(reader, path, step);
	} while (scan_take(reader, "/") || scan_take(reader, ":"));
	return scan_take(reader, ")") ? path : scan_fail(reader, "path without end");
}

static struct node *
read_call(struct reader *reader, struct text name)
{
	if (text_is(name, "cfg") || text_is(name, "cfg_on") || text_is(name, "next_index"))
		return read_path(reader, name);
	struct node *call = scan_node(reader, NODE_CALL);

	call->text = name;
	call->function = function_find(name);
	if (!call->function)
		return scan_fail(reader, arena_print(reader->arena, "no function %.*s", TEXT_ARGS(name)));
	while (!scan_take(reader, ")")) {
		if (call->nkids && !scan_take(reader, ","))
			return scan_fail(reader, "arguments without end");
		if (scan_take(reader, "also=")) {
			const char *start = reader->at;

			while (*reader->at && *reader->at != ')' && *reader->at != ',')
				reader->at++;
			call->options = (struct text){ start, (size_t)(reader->at - start) };
			continue;
		}
		if (scan_take_word(reader, "partial") || scan_take_word(reader, "wildcard_ok")) {
			call->options = TEXT("loose");
			continue;
		}
		struct node *kid = read_choice(reader);

		if (!kid)
			return NULL;
		scan_add(reader, call, kid);
	}
	if (call->nkids < call->function->least || call->nkids > call->function->most)
		return scan_fail(reader, arena_print(reader->arena, "wrong number of arguments of %.*s",
						TEXT_ARGS(name)));
	return call;
}

static struct node *
read_first(struct reader *reader)
{
	scan_blanks(reader);
	if (scan_take(reader, "(")) {
		struct node *inner = read_choice(reader);

		return inner && scan_take(reader, ")") ? inner : scan_fail(reader, "bracket without end");
	}
	if (scan_take(reader, "["))
		return read_list(reader);
	if (scan_take(reader, "{"))
		return read_braces(reader);
	if (*reader->at == '"' || *reader->at == '\'')
		return scan_string(reader);
	if (isdigit((unsigned char)*reader->at) ||
	    (*reader->at == '-' && isdigit((unsigned char)reader->at[1])))
		return scan_number(reader);
	if (scan_take_word(reader, "true"))
		return scan_literal(reader, value_bool(reader->arena, true));
	if (scan_take_word(reader, "false"))
		return scan_literal(reader, value_bool(reader->arena, false));
	if (scan_take_word(reader, "null"))
		return scan_literal(reader, value_null(reader->arena));
	const struct text name = scan_word(reader);

	if (name.len == 0)
		return scan_fail(reader, "nothing to read");
	if (*reader->at == '(') {
		reader->at++;
		return read_call(reader, name);
	}
	struct node *node = scan_node(reader, NODE_NAME);

	node->text = name;
	return node;
}

/* What may follow: .name .{name} [] [index] {key} {value} */
static struct node *
read_postfix(struct reader *reader)
{
	scan_blanks(reader);
	const char  *start = reader->at;
	struct node *node = read_first(reader);

	while (node) {
		struct node *outer;

		if (*reader->at == '.' && reader->at[1] == '{') {
			reader->at += 2;
			outer = scan_pair(reader, NODE_DOT, node, read_or(reader));
			if (outer->nkids != 2 || !scan_take(reader, "}"))
				return scan_fail(reader, "no name in braces");
		} else if (*reader->at == '.') {
			reader->at++;
			outer = scan_pair(reader, NODE_DOT, node, NULL);
			outer->text = scan_word(reader);
		} else if (strncmp(reader->at, "[]", 2) == 0) {
			reader->at += 2;
			outer = scan_pair(reader, NODE_EACH, node, NULL);
		} else if (*reader->at == '[') {
			reader->at++;
			outer = scan_pair(reader, NODE_INDEX, node, read_or(reader));
			if (outer->nkids != 2 || !scan_take(reader, "]"))
				return scan_fail(reader, "index without end");
		} else if (strncmp(reader->at, "{key}", 5) == 0) {
			reader->at += 5;
			outer = scan_pair(reader, NODE_PAIR_NAME, node, NULL);
		} else if (strncmp(reader->at, "{value}", 7) == 0) {
			reader->at += 7;
			outer = scan_pair(reader, NODE_PAIR_VALUE, node, NULL);
		} else {
			return node;
		}
		if (outer->kind != NODE_DOT)
			outer->text = (struct text){ start, (size_t)(reader->at - start) };
		node = outer;
	}
	return NULL;
}

static struct node *
read_sum(struct reader *reader)
{
	struct node *left = read_postfix(reader);

	while (left) {
		enum node_kind kind;

		if (scan_take(reader, "&"))
			kind = NODE_JOIN;
		else if (scan_take(reader, "+"))
			kind = NODE_PLUS;
		else if (scan_take(reader, "- "))
			kind = NODE_MINUS;
		else if (scan_take(reader, "*"))
			kind = NODE_TIMES;
		else
			return left;
		struct node *right = read_postfix(reader);

		if (!right)
			return NULL;
		left = scan_pair(reader, kind, left, right);
	}
	return NULL;
}

static struct node *
negate(struct reader *reader, bool no, struct node *node)
{
	return no && node ? scan_pair(reader, NODE_NOT, node, NULL) : node;
}

/* A pattern between slashes; a slash inside is written "\/". */
static struct node *
read_pattern(struct reader *reader, struct node *left)
{
	if (!scan_take(reader, "/"))
		return scan_fail(reader, "no pattern");
	const char *start = reader->at;

	while (*reader->at && *reader->at != '/')
		reader->at += reader->at[0] == '\\' && reader->at[1] ? 2 : 1;
	struct node *node = scan_pair(reader, NODE_MATCHES, left, NULL);

	node->text = (struct text){ start, (size_t)(reader->at - start) };
	return scan_take(reader, "/") ? node : scan_fail(reader, "pattern without end");
}

static struct node *
read_comparison(struct reader *reader)
{
	static const struct {
		const char    *mark;
		enum node_kind kind;
		bool           no, swapped;
	} marks[] = {
		{ "!~=", NODE_ALIKE, true, false }, { "~=", NODE_ALIKE, false, false },
		{ "!=", NODE_SAME, true, false },   { "=", NODE_SAME, false, false },
		{ "<=", NODE_AT_MOST, false, false }, { "< ", NODE_LESS, false, false },
		{ ">=", NODE_AT_MOST, false, true },  { "> ", NODE_LESS, false, true },
	};
	struct node *left = read_sum(reader);

	if (!left)
		return NULL;
	if (scan_take_word(reader, "not")) {
		if (scan_take_word(reader, "in")) {
			struct node *right = read_sum(reader);

			return right ? negate(reader, true, scan_pair(reader, NODE_IN, left, right)) : NULL;
		}
		if (scan_take_word(reader, "found"))
			return scan_pair(reader, NODE_IS, left, scan_literal(reader, value_null(reader->arena)));
		return scan_fail(reader, "not what?");
	}
	if (scan_take_word(reader, "in")) {
		struct node *right = read_sum(reader);

		return right ? scan_pair(reader, NODE_IN, left, right) : NULL;
	}
	if (scan_take_word(reader, "is")) {
		const bool   no = scan_take_word(reader, "not");
		struct node *right = read_first(reader);

		return right ? negate(reader, no, scan_pair(reader, NODE_IS, left, right)) : NULL;
	}
	if (scan_take_word(reader, "matches"))
		return read_pattern(reader, left);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (scan_take(reader, marks[i].mark)) {
			struct node *right = read_sum(reader);

			if (!right)
				return NULL;
			return negate(reader, marks[i].no,
				      scan_pair(reader, marks[i].kind, marks[i].swapped ? right : left,
					   marks[i].swapped ? left : right));
		}
	return left;
}

static struct node *read_and(struct reader *);

/* Behind "any": a name, "of", a list, and what must hold for one of its members. */
static struct node *
read_any(struct reader *reader)
{
	struct node *node = scan_node(reader, NODE_ANY);

	scan_blanks(reader);
	node->text = scan_word(reader);
	if (!scan_take_word(reader, "of"))
		return scan_fail(reader, "any of what?");
	struct node *list = read_sum(reader);

	if (!list)
		return NULL;
	scan_add(reader, node, list);
	if (scan_take_word(reader, "and")) {
		struct node *condition = read_and(reader);

		if (!condition)
			return NULL;
		scan_add(reader, node, condition);
	}
	return node;
}

static struct node *
read_not(struct reader *reader)
{
	if (++reader->depth > DEPTH_MAX)
		return scan_fail(reader, "too deep");
	struct node *node;

	if (scan_take_word(reader, "not")) {
		struct node *inner = read_not(reader);

		node = inner ? scan_pair(reader, NODE_NOT, inner, NULL) : NULL;
	} else if (scan_take_word(reader, "any")) {
		node = read_any(reader);
	} else {
		node = read_comparison(reader);
	}
	reader->depth--;
	return node;
}

static struct node *
read_and(struct reader *reader)
{
	struct node *left = read_not(reader);

	while (left && scan_take_word(reader, "and")) {
		struct node *right = read_not(reader);

		left = right ? scan_pair(reader, NODE_AND, left, right) : NULL;
	}
	return left;
}

static struct node *
read_or(struct reader *reader)
{
	struct node *left = read_and(reader);

	while (left && scan_take_word(reader, "or")) {
		struct node *right = read_and(reader);

		left = right ? scan_pair(reader, NODE_OR, left, right) : NULL;
	}
	return left;
}

static struct node *
read_choice(struct reader *reader)
{
	struct node *condition = read_or(reader);

	if (!condition || !scan_take(reader, "?"))
		return condition;
	struct node *yes = read_or(reader);
	struct node *no = yes && scan_take(reader, ":") ? read_or(reader) : NULL;

	if (!no)
		return scan_fail(reader, "choice without end");
	struct node *node = scan_pair(reader, NODE_CHOOSE, condition, yes);

	scan_add(reader, node, no);
	return node;
}

struct node *
expression_read(struct arena *arena, const char *source, bool blank_needs, const char **message)
{
	struct reader reader = { .arena = arena, .at = source };
	struct node  *node = read_choice(&reader);

	scan_blanks(&reader);
	if (node && *reader.at)
		node = scan_fail(&reader, "more than an expression");
	if (!node) {
		if (message)
			*message = reader.mistake;
		return NULL;
	}
	expression_find_needs(arena, node, blank_needs);
	return node;
}
