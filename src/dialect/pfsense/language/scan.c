/* Words, marks, texts and numbers of expressions. */
#include "dialect/pfsense/language/scan.h"

#include <ctype.h>

#include "base/number.h"

void
node_add(struct arena *arena, struct node *node, struct node *kid)
{
	if (!node->kids) {
		node->kids = ARENA_MAKE(arena, struct node *, 2);
	} else if (node->nkids >= 2 && (node->nkids & (node->nkids - 1)) == 0) {
		struct node **more = ARENA_MAKE(arena, struct node *, node->nkids * 2);

		memcpy(more, node->kids, node->nkids * sizeof(*more));
		node->kids = more;
	}
	node->kids[node->nkids++] = kid;
}

struct node *
scan_fail(struct reader *reader, const char *message)
{
	if (!reader->mistake)
		reader->mistake = arena_print(reader->arena, "%s at \"%.40s\"", message, reader->at);
	return NULL;
}

struct node *
scan_node(struct reader *reader, enum node_kind kind)
{
	struct node *node = ARENA_MAKE(reader->arena, struct node, 1);

	node->kind = kind;
	return node;
}

void
scan_add(struct reader *reader, struct node *node, struct node *kid)
{
	node_add(reader->arena, node, kid);
}

struct node *
scan_pair(struct reader *reader, enum node_kind kind, struct node *left, struct node *right)
{
	struct node *node = scan_node(reader, kind);

	scan_add(reader, node, left);
	if (right)
		scan_add(reader, node, right);
	return node;
}

void
scan_blanks(struct reader *reader)
{
	while (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\t')
		reader->at++;
}

/* Take a punctuation mark when it is next. */
bool
scan_take(struct reader *reader, const char *mark)
{
	scan_blanks(reader);
	if (strncmp(reader->at, mark, strlen(mark)) != 0)
		return false;
	reader->at += strlen(mark);
	return true;
}

static bool
in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Take a word when it is next, whole. */
bool
scan_take_word(struct reader *reader, const char *word)
{
	const size_t len = strlen(word);

	scan_blanks(reader);
	if (strncmp(reader->at, word, len) != 0 || in_word(reader->at[len]))
		return false;
	reader->at += len;
	return true;
}

/* Letters, digits and "_"; a "-" or ":" only between such. */
struct text
scan_word(struct reader *reader)
{
	const char *start = reader->at;

	while (in_word(*reader->at) ||
	       ((*reader->at == '-' || *reader->at == ':') && reader->at > start &&
		isalnum((unsigned char)reader->at[1])))
		reader->at++;
	return (struct text){ start, (size_t)(reader->at - start) };
}

struct node *
scan_literal(struct reader *reader, struct value *value)
{
	struct node *node = scan_node(reader, NODE_LITERAL);

	node->value = value;
	return node;
}

struct node *
scan_string(struct reader *reader)
{
	const char quote = *reader->at;
	char      *out = arena_take(reader->arena, strlen(reader->at) + 1);
	size_t     len = 0;

	for (reader->at++; *reader->at != quote; reader->at++) {
		if (*reader->at == '\0')
			return scan_fail(reader, "text without end");
		if (*reader->at == '\\' && reader->at[1]) {
			reader->at++;
			out[len++] = *reader->at == 'n' ? '\n' : *reader->at == 't' ? '\t' : *reader->at;
		} else {
			out[len++] = *reader->at;
		}
	}
	reader->at++;
	return scan_literal(reader, value_text(reader->arena, (struct text){ out, len }));
}

struct node *
scan_number(struct reader *reader)
{
	const char *start = reader->at;
	int64_t     integer;
	double      real;

	if (*reader->at == '-')
		reader->at++;
	while (isdigit((unsigned char)*reader->at) || *reader->at == '.')
		reader->at++;
	const struct text digits = { start, (size_t)(reader->at - start) };

	if (number_read(digits, INT64_MIN, INT64_MAX, &integer))
		return scan_literal(reader, value_integer(reader->arena, integer));
	if (number_read_real(digits, &real))
		return scan_literal(reader, value_real(reader->arena, real));
	return scan_fail(reader, "not a number");
}
