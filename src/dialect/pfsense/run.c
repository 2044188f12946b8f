/* Going through an operation's steps: checks, and the object that they build. */
#include "dialect/pfsense/cache.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/program.h"

/* A container that may be changed: a copy shares no members list with what it was made from. */
static struct value *
own_copy(struct arena *arena, const struct value *value)
{
	return value ? value_copy(arena, value) : value_object(arena);
}

/* Set what is at "a.b.c" or append at "a.b[]" below the object. */
static void
put_at(struct scope *scope, struct value *object, struct text key, struct value *value)
{
	const bool  append = text_ends(key, TEXT("[]"));
	struct text rest = append ? text_first(key, key.len - 2) : key;

	while (memchr(rest.ptr, '.', rest.len)) {
		const struct text name = text_until(&rest, '.');
		struct value     *inner = value_get_text(object, name);

		if (!value_is(inner, VALUE_OBJECT)) {
			inner = value_object(scope->arena);
			value_set_text(scope->arena, object, name, inner);
		}
		object = inner;
	}
	if (!append) {
		value_set_text(scope->arena, object, rest, value);
		return;
	}
	struct value *list = value_get_text(object, rest);

	if (!value_is(list, VALUE_LIST)) {
		struct value *single = list;

		list = value_list(scope->arena);
		if (is_true(single))
			value_add(scope->arena, list, single);
		value_set_text(scope->arena, object, rest, list);
	}
	value_add(scope->arena, list, value);
}

static void
remove_at(struct scope *scope, struct value *object, struct text key)
{
	while (object && memchr(key.ptr, '.', key.len))
		object = value_get_text(object, text_until(&key, '.'));
	if (value_is(object, VALUE_OBJECT))
		value_remove(object, arena_copy(scope->arena, key));
}

/* Where a step's key leads: as it stands, or what its expression says. */
static struct text
key_of(struct scope *scope, const struct task *step, const struct compiled_step *compiled)
{
	return compiled->key ? to_text(scope->arena, evaluate(scope, compiled->key)) :
			       text_of(step->key);
}

/* Is the step's member (a path that may go through lists being gone through) in the request? */
static bool
member_is_there(struct scope *scope, const char *member)
{
	const char *last = strrchr(member, ']');
	struct text path = text_of(member);

	if (!last)
		return !is_none(value_get_text(scope->input, path)) ||
		       !is_none(value_path(scope->input, member));
	const size_t len = (size_t)(last - member) + 1;

	for (const struct binding *binding = scope->bound; binding; binding = binding->outer)
		if (text_equal(binding->name, text_first(path, len)))
			return path.len == len || !is_none(value_path(binding->value, member + len + 1));
	return false;
}

static bool
applies(struct scope *scope, const struct task *step, const struct compiled_step *compiled)
{
	if (!step->member)
		return !compiled->when || is_true(evaluate(scope, compiled->when));
	if (!compiled->when)
		return member_is_there(scope, step->member);
	return holds(scope, compiled->when);
}

/* Find the object: its index goes to selected, and obj becomes what is stored there. */
static void
select_object(const struct operation *operation, struct scope *scope, struct value *index)
{
	const char *marker = "/<selected>";
	const char *path = operation->writes ? operation->writes[0].path : operation->path;
	const char *at = path ? strstr(path, marker) : NULL;

	scope->target = NULL;
	if (is_none(index) || value_is(index, VALUE_BOOL))
		return;
	if (!at) {
		scope->target = index;
		return;
	}
	const char  *message;
	struct node *node = expression_read(
		scope->arena,
		arena_print(scope->arena, "cfg(%.*s/<selected>)", (int)(at - path), path), false,
		&message);

	scope->target = index;
	struct value *stored = node ? evaluate(scope, node) : NULL;

	if (is_none(stored)) {
		/* A list has no such index; an object may get such a member. */
		if (is_numeric(index))
			scope->target = NULL;
		return;
	}
	if (at[strlen(marker)] == '\0' || operation->method == METHOD_DELETE)
		scope->object = own_copy(scope->arena, stored);
}

static void
run_select(const struct operation *operation, const struct compiled_step *compiled,
           struct scope *scope)
{
	scope->found = NULL;
	if (!compiled->when || is_true(evaluate(scope, compiled->when)))
		select_object(operation, scope, evaluate(scope, compiled->value));
}

static unsigned run_steps(const struct operation *, const struct compiled *, struct scope *, size_t from,
                          size_t to);

static size_t
find_end(const struct operation *operation, size_t from)
{
	size_t depth = 0;

	for (size_t i = from;; i++) {
		if (operation->steps[i].kind == DO_EACH)
			depth++;
		if (operation->steps[i].kind == DO_END && --depth == 0)
			return i;
	}
}

/* The value of a list that is gone through: a member, or one below an item that is. */
static struct value *
list_of(struct scope *scope, const char *member)
{
	const char *last = strrchr(member, ']');
	struct text path = text_of(member);

	if (!last)
		return value_get_text(scope->input, path);
	const size_t len = (size_t)(last - member) + 1;

	for (const struct binding *binding = scope->bound; binding; binding = binding->outer)
		if (text_equal(binding->name, text_first(path, len)))
			return value_path(binding->value, member + len + 1);
	return NULL;
}

static unsigned
run_each(const struct operation *operation, const struct compiled *compiled, struct scope *scope,
         size_t from, size_t to)
{
	const struct task *step = &operation->steps[from];
	struct value      *list = list_of(scope, step->member);
	struct value      *outer = scope->item;
	const struct text  name = text_of(arena_print(scope->arena, "%s[]", step->member));
	unsigned           code = 0;

	if (!value_is(list, VALUE_LIST) && !value_is(list, VALUE_OBJECT))
		return 0;
	for (size_t i = 0; code == 0 && i < list->count; i++) {
		struct binding binding = { name, list->members[i].value,
					   value_integer(scope->arena, (int64_t)i), scope->bound };

		scope->bound = &binding;
		scope->item = value_object(scope->arena);
		scope->flags = own_copy(scope->arena, scope->flags);
		code = run_steps(operation, compiled, scope, from + 1, to);
		scope->bound = binding.outer;
		if (code == 0 && step->key)
			put_at(scope, outer ? outer : scope->object, text_of(step->key), scope->item);
	}
	scope->item = outer;
	return code;
}

/* Set a member of the request, or of the item being gone through when its path leads through a list. */
static void
normalise(struct scope *scope, const char *member, struct value *value)
{
	const char *last = strrchr(member, ']');

	if (!last) {
		value_set(scope->arena, scope->input, member, value);
		return;
	}
	const struct text name = { member, (size_t)(last - member) + 1 };

	for (const struct binding *binding = scope->bound; binding; binding = binding->outer)
		if (text_equal(binding->name, name) && value_is(binding->value, VALUE_OBJECT)) {
			value_set(scope->arena, binding->value, member + name.len + 1, value);
			return;
		}
}

static unsigned
run_step(const struct compiled_step *compiled, const struct task *step, struct scope *scope)
{
	struct value *into = scope->item ? scope->item : scope->object;
	struct value *value;

	switch (step->kind) {
	case DO_CALL:
		return step->call(scope);
	case DO_CHECK:
		return holds(scope, compiled->when) ? step->code : 0;
	default:
		break;
	}
	if (!applies(scope, step, compiled))
		return 0;
	if (step->kind == DO_UNSET) {
		remove_at(scope, into, key_of(scope, step, compiled));
		return 0;
	}
	value = evaluate(scope, compiled->value);
	if (is_none(value) && step->kind != DO_FLAG)
		return 0;
	value = value ? value_copy(scope->arena, value) : value_null(scope->arena);
	if (step->kind == DO_FLAG)
		put_at(scope, scope->flags, key_of(scope, step, compiled), value);
	else if (step->kind == DO_NORMAL)
		normalise(scope, step->member, value);
	else
		put_at(scope, into, key_of(scope, step, compiled), value);
	return 0;
}

/* The "any" that a step's condition starts from, when it has one. */
static const struct node *
find_any(const struct node *node)
{
	if (!node || node->kind == NODE_ANY)
		return node;
	return node->kind == NODE_AND && find_any(node->kids[0]) ? find_any(node->kids[0]) :
	       node->kind == NODE_AND				 ? find_any(node->kids[1]) :
								   NULL;
}

/* A step whose condition says "any v of a" is done for each such v; "counter" counts them from 1. */
static void
run_for_any(const struct compiled_step *compiled, const struct task *step, struct scope *scope,
            const struct node *any)
{
	const struct value *list = evaluate(scope, any->kids[0]);

	if (!value_is(list, VALUE_LIST) && !value_is(list, VALUE_OBJECT))
		return;
	struct positions known;
	const bool       is_narrow = narrow(scope, any, list, &known);

	for (size_t n = 0; n < (is_narrow ? known.count : list->count); n++) {
		const size_t   i = is_narrow ? known.at[n] : n;
		struct binding counter = { TEXT("counter"), value_integer(scope->arena, (int64_t)i + 1),
					   NULL, scope->bound };
		struct binding binding = { any->text, list->members[i].value,
					   value_integer(scope->arena, (int64_t)i), &counter };

		scope->bound = &binding;
		scope->settled = any;
		run_step(compiled, step, scope);
		scope->settled = NULL;
		scope->bound = counter.outer;
	}
}

/* The members of a list, one after the other, take their turn as "a[]" in a value to store. */
static bool
stores_each(const struct task *step)
{
	return step->kind == DO_SET && step->key && text_ends(text_of(step->key), TEXT("[]")) &&
	       step->member && strchr(step->value, '[') && !strchr(step->member, '[') &&
	       strncmp(step->value, step->member, strlen(step->member)) == 0 &&
	       strncmp(step->value + strlen(step->member), "[]", 2) == 0;
}

static void
store_each(const struct compiled_step *compiled, const struct task *step, struct scope *scope)
{
	struct value *list = to_list(scope->arena, value_get(scope->input, step->member));
	struct value *into = scope->item ? scope->item : scope->object;
	const struct text name = text_of(arena_print(scope->arena, "%s[]", step->member));

	if (is_none(value_get(scope->input, step->member)))
		return;
	for (size_t i = 0; i < value_count(list); i++) {
		struct binding binding = { name, list->members[i].value,
					   value_integer(scope->arena, (int64_t)i), scope->bound };

		scope->bound = &binding;
		if (!compiled->when || is_true(evaluate(scope, compiled->when)))
			put_at(scope, into, text_of(step->key),
			       value_copy(scope->arena, evaluate(scope, compiled->value)));
		scope->bound = binding.outer;
	}
}

static unsigned
run_steps(const struct operation *operation, const struct compiled *compiled, struct scope *scope,
          size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct task *step = &operation->steps[i];
		unsigned           code;

		if (step->kind == DO_EACH) {
			const size_t end = find_end(operation, i);

			code = run_each(operation, compiled, scope, i, end);
			i = end;
		} else if (stores_each(step)) {
			store_each(&compiled->steps[i], step, scope);
			code = 0;
		} else if (step->kind == DO_SELECT) {
			code = 0;
			run_select(operation, &compiled->steps[i], scope);
		} else if (step->kind != DO_CHECK && find_any(compiled->steps[i].when)) {
			code = 0;
			run_for_any(&compiled->steps[i], step, scope, find_any(compiled->steps[i].when));
		} else {
			code = run_step(&compiled->steps[i], step, scope);
		}
		if (code)
			return code;
	}
	return 0;
}

/* An operation that writes one whole section starts from what is stored there. */
static void
load_object(const struct operation *operation, struct scope *scope)
{
	const struct write  *write = operation->writes;
	const struct value  *stored = NULL;

	if (write && write->path && write->kind == WRITE_SET && !write->value &&
	    !strstr(write->path, "<selected>") && !strstr(write->path, "<flag."))
		stored = evaluate(scope, compiled_of(operation)->writes[0].key);
	scope->object = own_copy(scope->arena, value_is(stored, VALUE_OBJECT) ? stored : NULL);
}

unsigned
operation_check(const struct operation *operation, struct scope *scope)
{
	size_t count = 0;

	scope->flags = value_object(scope->arena);
	load_object(operation, scope);
	if (!operation->steps)
		return 0;
	while (!is_last(&operation->steps[count]))
		count++;
	return run_steps(operation, compiled_of(operation), scope, 0, count);
}
