/* What an expression presupposes: the members of the request that must be there for it to mean anything. */
#include "dialect/pfsense/language/expression.h"

/* Names that "any" binds, and how many it met so far. */
#define BOUND_MAX 16

struct search {
	struct arena *arena;
	bool          blank_needs;
	struct text   bound[BOUND_MAX]; /* names of "any" that we are inside of */
	size_t        nbound;
};

/* Is it a path below a member of the request, and which? */
static bool
is_member_path(const struct search *search, const struct node *node)
{
	while (node->kind == NODE_DOT || node->kind == NODE_EACH || node->kind == NODE_INDEX)
		node = node->kids[0];
	if (node->kind != NODE_NAME)
		return false;
	static const char *const others[] = { "obj", "item", "flag", "client", "selected", "found" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (text_is(node->text, others[i]))
			return false;
	/* Inside of "any", id is the index of the member that is looked at. */
	if (search->nbound && text_is(node->text, "id"))
		return false;
	for (size_t i = 0; i < search->nbound; i++)
		if (text_equal(search->bound[i], node->text))
			return false;
	return !text_starts(node->text, TEXT("enum:"));
}

/* Does it ask whether what it is about is there? */
static bool
asks(const struct search *search, const struct node *node)
{
	if (node->kind == NODE_IS)
		return true;
	return node->kind == NODE_CALL &&
	       (text_is(node->text, "has") || text_is(node->text, "is_null") ||
		text_is(node->text, "resolved") ||
		(!search->blank_needs && text_is(node->text, "blank")));
}

/* Collect the members of the request it presupposes; those asked about by has() and "is" are not. */
static void
collect_needs(struct search *search, struct node *root, struct node *node)
{
	if (is_member_path(search, node)) {
		node_add(search->arena, root, node);
		return;
	}
	if (asks(search, node) && node->nkids && is_member_path(search, node->kids[0]))
		return;
	const size_t before = search->nbound;

	for (size_t i = 0; i < node->nkids; i++) {
		if (node->kind == NODE_ANY && i == 1 && search->nbound + 2 <= BOUND_MAX) {
			search->bound[search->nbound++] = node->text;
			search->bound[search->nbound++] = TEXT("counter");
		}
		collect_needs(search, root, node->kids[i]);
	}
	search->nbound = before;
}

/*
 * Is it asked about: not has(x), blank(x), x is true? A has(x) that is not negated says nothing: what is said
 * of x besides has its meaning only when x is there.
 */
static bool
is_asked(const struct search *search, const struct node *node, struct text member, bool negated)
{
	const bool here = asks(search, node) &&
			  (negated || node->kind == NODE_IS || !text_is(node->text, "has"));

	for (size_t i = 0; i < node->nkids; i++) {
		if (here && node->kids[i]->kind == NODE_NAME && text_equal(node->kids[i]->text, member))
			return true;
		if (is_asked(search, node->kids[i], member, node->kind == NODE_NOT))
			return true;
	}
	return false;
}

void
expression_find_needs(struct arena *arena, struct node *node, bool blank_needs)
{
	struct search search = { .arena = arena, .blank_needs = blank_needs };
	struct node   all = { .kind = NODE_LIST };

	collect_needs(&search, &all, node);
	node->needs = ARENA_MAKE(arena, struct node *, all.nkids + 1);
	for (size_t i = 0; i < all.nkids; i++)
		if (all.kids[i]->kind != NODE_NAME || !is_asked(&search, node, all.kids[i]->text, false))
			node->needs[node->nneeds++] = all.kids[i];
}
