/* What can be read from an operation's checks about one member. */
#include "dialect/pfsense/openapi/members.h"
#include "dialect/pfsense/program.h"

/* Is it the member itself, or its number? */
static bool
is_member(const struct node *node, struct text name)
{
	if (node->kind == NODE_CALL && text_is(node->text, "int") && node->nkids == 1)
		return is_member(node->kids[0], name);
	return node->kind == NODE_NAME && text_equal(node->text, name);
}

static bool
are_literals(const struct node *list)
{
	for (size_t i = 0; i < list->nkids; i++)
		if (list->kids[i]->kind != NODE_LITERAL)
			return false;
	return list->kind == NODE_LIST && list->nkids > 0;
}

/* "x not in ['a', 'b']", "x < 1", "x > 9", and either of the last two. */
static void
read_condition(struct limits *limits, const struct node *node, struct text name)
{
	if (node->kind == NODE_NOT && node->kids[0]->kind == NODE_IN) {
		const struct node *in = node->kids[0];

		if (is_member(in->kids[0], name) && are_literals(in->kids[1]))
			limits->choices = in->kids[1];
	} else if (node->kind == NODE_OR) {
		read_condition(limits, node->kids[0], name);
		read_condition(limits, node->kids[1], name);
	} else if (node->kind == NODE_LESS && is_member(node->kids[0], name) &&
		   node->kids[1]->kind == NODE_LITERAL) {
		limits->least = node->kids[1]->value;
	} else if (node->kind == NODE_LESS && is_member(node->kids[1], name) &&
		   node->kids[0]->kind == NODE_LITERAL) {
		limits->most = node->kids[0]->value;
	}
}

static void
add_code(struct limits *limits, unsigned code)
{
	for (size_t i = 0; i < limits->ncodes; i++)
		if (limits->codes[i] == code)
			return;
	if (limits->ncodes < COUNT(limits->codes))
		limits->codes[limits->ncodes++] = code;
}

/* "not has(x)" */
static bool
is_absence(const struct node *node, struct text name)
{
	return node && node->kind == NODE_NOT && node->kids[0]->kind == NODE_CALL &&
	       text_is(node->kids[0]->text, "has") && is_member(node->kids[0]->kids[0], name);
}

struct limits
limits_of(const struct operation *operation, const char *path)
{
	const struct compiled *compiled = compiled_of(operation);
	const struct text      name = text_of(path);
	struct limits          limits = { 0 };

	for (size_t i = 0; operation->steps && !is_last(&operation->steps[i]); i++) {
		const struct task          *step = &operation->steps[i];
		const struct compiled_step *read = &compiled->steps[i];

		if (!step->member || !text_is(name, step->member))
			continue;
		if (step->kind == DO_CHECK) {
			add_code(&limits, step->code);
			if (read->when)
				read_condition(&limits, read->when, name);
		}
		if (step->kind == DO_SET && read->value && read->value->kind == NODE_LITERAL &&
		    is_absence(read->when, name))
			limits.preset = read->value->value;
	}
	return limits;
}
