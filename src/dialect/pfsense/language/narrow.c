/*
 * "any rule of cfg(filter/rule) and int(rule.tracker) = int(tracker)": the cache knows by a table which of the members can
 * be meant. What is found is still evaluated, so only what cannot hold is left out.
 */
#include "dialect/pfsense/cache.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/function.h"
#include "dialect/pfsense/scope.h"

/* Does it depend on the member that is bound, or on another search? */
static bool
depends(const struct node *node, struct text name)
{
	if (node->kind == NODE_ANY || (node->kind == NODE_NAME && text_equal(node->text, name)))
		return true;
	for (size_t i = 0; i < node->nkids; i++)
		if (depends(node->kids[i], name))
			return true;
	return false;
}

/* "v.name", or NULL. */
static const char *
member_asked(struct scope *scope, const struct node *node, struct text name)
{
	if (node->kind != NODE_DOT || node->nkids != 1 || node->kids[0]->kind != NODE_NAME ||
	    !text_equal(node->kids[0]->text, name) || memchr(node->text.ptr, '.', node->text.len))
		return NULL;
	return arena_copy(scope->arena, node->text);
}

static const struct node *
inside_int(const struct node *node)
{
	return node->kind == NODE_CALL && node->nkids == 1 && strcmp(node->function->name, "int") == 0 ? node->kids[0] : NULL;
}

static bool
narrow_by(struct scope *scope, const struct node *asked, const struct node *wanted, struct text name, const struct value *list,
	  struct positions *positions)
{
	const struct node *inside = inside_int(asked);
	const char        *member = member_asked(scope, inside ? inside : asked, name);

	if (!member || depends(wanted, name) || (inside && !inside_int(wanted)))
		return false;
	const struct value *value = evaluate(scope, wanted);

	if (inside)
		return value_is(value, VALUE_INTEGER) && cache_find_number(list, member, value->integer, positions);
	return value_is(value, VALUE_TEXT) && cache_find_text(list, member, value->text, positions);
}

static bool
narrow_in(struct scope *scope, const struct node *condition, struct text name, const struct value *list, struct positions *positions)
{
	const struct node *left = condition->nkids == 2 ? condition->kids[0] : NULL, *right = left ? condition->kids[1] : NULL;

	if (condition->kind == NODE_AND)
		return narrow_in(scope, left, name, list, positions) || narrow_in(scope, right, name, list, positions);
	return condition->kind == NODE_SAME && (narrow_by(scope, left, right, name, list, positions) ||
						narrow_by(scope, right, left, name, list, positions));
}

bool
narrow(struct scope *scope, const struct node *any, const struct value *list, struct positions *positions)
{
	return any->nkids == 2 && narrow_in(scope, any->kids[1], any->text, list, positions);
}
