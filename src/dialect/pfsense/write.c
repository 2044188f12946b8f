/* Making an operation's writes in the tree. */
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/program.h"

/* The steps of a path; what was selected stands for itself, nothing selected for the end of the list. */
static size_t
path_of(struct scope *scope, const struct node *node, struct text *steps, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < node->nkids && count < room; i++) {
		struct value *step = evaluate(scope, node->kids[i]);

		if (is_none(step)) {
			const struct value *list = tree_get(scope->tree, steps, count);

			step = value_integer(scope->arena, (int64_t)value_count(list));
		}
		steps[count++] = to_text(scope->arena, step);
	}
	return count;
}

static void
add_member(struct arena *arena, struct value *container, const struct member *member, struct value *value)
{
	if (container->kind == VALUE_LIST)
		value_add(arena, container, value);
	else
		value_set_text(arena, container, member->name, value);
}

static bool
is_container(const struct value *value)
{
	return value->kind == VALUE_LIST || value->kind == VALUE_OBJECT;
}

/* What is stored for a scalar; itself when it is a text. */
static struct value *
scalar_as_stored(struct scope *scope, const struct value *value)
{
	switch (value->kind) {
	case VALUE_TEXT:
		return (struct value *)value;
	case VALUE_BOOL:
		return value->truth ? value_string(scope->arena, "") : NULL;
	case VALUE_INTEGER:
	case VALUE_REAL:
		return value_string(scope->arena, to_string(scope->arena, value));
	default:
		return NULL;
	}
}

/* What is stored already is shared, not copied: the next in line sees that it is as it was. */
struct value *
operation_as_stored(struct scope *scope, const struct value *value)
{
	struct value *stored = NULL;

	if (!is_container(value))
		return scalar_as_stored(scope, value);
	for (size_t i = 0; i < value->count; i++) {
		const struct member *member = &value->members[i];
		struct value        *now = operation_as_stored(scope, member->value);

		if (!stored && now == member->value)
			continue;
		if (!stored) {
			stored = value->kind == VALUE_LIST ? value_list(scope->arena) : value_object(scope->arena);
			for (size_t j = 0; j < i; j++)
				add_member(scope->arena, stored, &value->members[j], value->members[j].value);
		}
		if (now)
			add_member(scope->arena, stored, member, now);
	}
	return stored ? stored : (struct value *)value;
}

void
operation_write(const struct operation *operation, struct scope *scope)
{
	const struct compiled *compiled = compiled_of(operation);
	struct text            steps[16];

	for (size_t i = 0; operation->writes && operation->writes[i].path; i++) {
		const struct compiled_step *write = &compiled->writes[i];

		if (write->when && is_blank(evaluate(scope, write->when)))
			continue;
		const size_t count = path_of(scope, write->key, steps, COUNT(steps));

		if (operation->writes[i].kind == WRITE_DELETE) {
			tree_remove(scope->tree, steps, count);
			continue;
		}
		struct value *value = write->value ? evaluate(scope, write->value) : scope->object;

		if (is_none(value))
			continue;
		value = value == scope->object ? value : operation_as_stored(scope, value);
		if (value)
			tree_set(scope->tree, steps, count, value);
	}
}
