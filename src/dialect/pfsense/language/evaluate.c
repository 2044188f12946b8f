/* What an expression is worth in a scope. Nothing here changes anything but scope->found. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "dialect/pfsense/cache.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/enums.h"
#include "dialect/pfsense/function.h"
#include "dialect/pfsense/scope.h"

static struct value *
truth(struct scope *scope, bool is)
{
	return value_bool(scope->arena, is);
}

static const struct binding *
binding_of(const struct scope *scope, struct text name)
{
	for (const struct binding *binding = scope->bound; binding; binding = binding->outer)
		if (text_equal(binding->name, name))
			return binding;
	return NULL;
}

static struct value *
client(struct scope *scope)
{
	struct value *value = value_object(scope->arena);
	const char   *name = scope->request->caller ? scope->request->caller->name : "unknown";

	value_set_string(scope->arena, value, "username", name);
	value_set_string(scope->arena, value, "ip_address",
			 address_print(scope->arena, &scope->request->peer));
	return value;
}

static struct value *
name_value(struct scope *scope, const struct node *node)
{
	const struct binding *binding = binding_of(scope, node->text);

	if (binding)
		return binding->value;
	if (text_is(node->text, "obj"))
		return scope->object;
	if (text_is(node->text, "item"))
		return scope->item;
	if (text_is(node->text, "flag"))
		return scope->flags;
	if (text_is(node->text, "selected"))
		return scope->target;
	if (text_is(node->text, "found"))
		return scope->found;
	if (text_is(node->text, "client"))
		return client(scope);
	if (text_starts(node->text, TEXT("enum:")))
		return enum_list(scope->arena, text_after(node->text, 5));
	if (text_is(node->text, "id") && scope->bound && !value_get(scope->input, "id"))
		return scope->bound->index;
	return value_get_text(scope->input, node->text);
}

/* A member by name or, in lists, by number. */
static struct value *
member_of(struct scope *scope, const struct value *value, const struct value *which)
{
	size_t index;

	if (!value || is_none(which))
		return NULL;
	if (value->kind == VALUE_LIST)
		return is_index(which, &index) ? value_at(value, index) : NULL;
	if (value->kind == VALUE_TEXT)
		return is_index(which, &index) && index < value->text.len ?
			       value_text(scope->arena, text_first(text_after(value->text, index), 1)) :
			       NULL;
	return value_get_text(value, to_text(scope->arena, which));
}

static struct value *
path_value(struct scope *scope, const struct node *node)
{
	struct text steps[16];
	size_t      count = 0;

	for (size_t i = 0; i < node->nkids && count < 16; i++) {
		const struct value *step = evaluate(scope, node->kids[i]);

		if (is_none(step))
			return NULL;
		steps[count++] = to_text(scope->arena, step);
	}
	struct value *value = tree_get(scope->tree, steps, count);

	if (text_is(node->text, "cfg_on"))
		return truth(scope, !is_none(value));
	if (text_is(node->text, "next_index"))
		return value_integer(scope->arena, (int64_t)value_count(value));
	return value;
}

static struct value *
call_value(struct scope *scope, const struct node *node)
{
	struct value *arguments[NODE_KIDS_MAX];

	for (size_t i = 0; i < node->nkids && i < NODE_KIDS_MAX; i++)
		arguments[i] = evaluate(scope, node->kids[i]);
	return node->function->call(scope, arguments, node->nkids, node->options);
}

static bool
is_in(const struct value *value, const struct value *list)
{
	if (is_none(list))
		return false;
	if (value_is(list, VALUE_TEXT))
		return !value_is(value, VALUE_BOOL) && is_alike(value, list);
	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *one = list->members[i].value;
		const bool          bools = value_is(value, VALUE_BOOL) || value_is(one, VALUE_BOOL);

		/* A boolean is like nothing but itself. */
		if (bools ? is_same(value, one) : is_alike(value, one))
			return true;
	}
	return false;
}

static bool
any_holds(struct scope *scope, const struct node *node)
{
	if (node == scope->settled)
		return node->nkids < 2 || is_true(evaluate(scope, node->kids[1]));
	const struct value *list = evaluate(scope, node->kids[0]);

	if (!value_is(list, VALUE_LIST) && !value_is(list, VALUE_OBJECT))
		return false;
	struct positions known;
	const bool       is_narrow = narrow(scope, node, list, &known);

	for (size_t n = 0; n < (is_narrow ? known.count : list->count); n++) {
		const size_t  i = is_narrow ? known.at[n] : n;
		struct value *index = list->kind == VALUE_LIST ?
					      value_integer(scope->arena, (int64_t)i) :
					      value_text(scope->arena, list->members[i].name);
		struct binding counter = { TEXT("counter"), value_integer(scope->arena, (int64_t)i + 1), NULL, scope->bound };
		struct binding binding = { node->text, list->members[i].value, index, &counter };

		scope->bound = &binding;
		const bool held = node->nkids < 2 || is_true(evaluate(scope, node->kids[1]));

		scope->bound = counter.outer;
		if (held) {
			scope->found = index;
			return true;
		}
	}
	return false;
}

static bool
matches(struct scope *scope, const struct node *node)
{
	const struct text subject = to_text(scope->arena, evaluate(scope, node->kids[0]));
	int               error;
	PCRE2_SIZE        offset;
	pcre2_code       *code = pcre2_compile((PCRE2_SPTR)node->text.ptr, node->text.len, 0, &error,
					       &offset, NULL);

	if (!code)
		return false;
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
	const bool        found = pcre2_match(code, (PCRE2_SPTR)(subject.ptr ? subject.ptr : ""),
					      subject.len, 0, 0, data, NULL) >= 0;

	pcre2_match_data_free(data);
	pcre2_code_free(code);
	return found;
}

static struct value *
joined(struct scope *scope, const struct node *node)
{
	const struct text left = to_text(scope->arena, evaluate(scope, node->kids[0]));
	const struct text right = to_text(scope->arena, evaluate(scope, node->kids[1]));

	return value_string(scope->arena, arena_print(scope->arena, "%.*s%.*s", TEXT_ARGS(left),
						      TEXT_ARGS(right)));
}

static struct value *
arithmetic(struct scope *scope, const struct node *node)
{
	const struct value *left = evaluate(scope, node->kids[0]);
	const struct value *right = evaluate(scope, node->kids[1]);
	const double        a = to_real(left), b = to_real(right);
	const double        result = node->kind == NODE_PLUS  ? a + b :
				     node->kind == NODE_MINUS ? a - b :
								a * b;

	if (result == (double)(int64_t)result)
		return value_integer(scope->arena, (int64_t)result);
	return value_real(scope->arena, result);
}

static bool
is_what(const struct value *value, const struct value *what)
{
	if (is_none(what))
		return is_none(value);
	return value_is(value, VALUE_BOOL) && value->truth == what->truth;
}

static struct value *
compound(struct scope *scope, const struct node *node)
{
	const bool    list = node->kind == NODE_LIST;
	struct value *value = list ? value_list(scope->arena) : value_object(scope->arena);

	for (size_t i = 0; i < node->nkids; i += list ? 1 : 2) {
		struct value *member = evaluate(scope, node->kids[list ? i : i + 1]);

		if (!member)
			member = value_null(scope->arena);
		if (list)
			value_add(scope->arena, value, member);
		else
			value_set_text(scope->arena, value, node->kids[i]->value->text, member);
	}
	return value;
}

static struct value *
member_value(struct scope *scope, const struct node *node)
{
	const struct value *base = evaluate(scope, node->kids[0]);

	if (node->nkids == 2)
		return member_of(scope, base, evaluate(scope, node->kids[1]));
	if (value_is(base, VALUE_LIST)) {
		size_t index;
		struct value which = { .kind = VALUE_TEXT, .text = node->text };

		return is_index(&which, &index) ? value_at(base, index) : NULL;
	}
	return value_get_text(base, node->text);
}

struct value *
evaluate(struct scope *scope, const struct node *node)
{
	const struct binding *binding;

	switch (node->kind) {
	case NODE_LITERAL:
		return node->value;
	case NODE_LIST:
	case NODE_OBJECT:
		return compound(scope, node);
	case NODE_NAME:
		return name_value(scope, node);
	case NODE_NAMED_BY:
		return value_get_text(scope->input,
				      to_text(scope->arena, evaluate(scope, node->kids[0])));
	case NODE_DOT:
		return member_value(scope, node);
	case NODE_INDEX:
		return member_of(scope, evaluate(scope, node->kids[0]), evaluate(scope, node->kids[1]));
	case NODE_EACH:
	case NODE_PAIR_NAME:
	case NODE_PAIR_VALUE:
		binding = binding_of(scope, node->text);
		return binding ? binding->value : NULL;
	case NODE_CALL:
		return call_value(scope, node);
	case NODE_PATH:
		return path_value(scope, node);
	case NODE_NOT:
		return truth(scope, is_blank(evaluate(scope, node->kids[0])));
	case NODE_AND:
		return truth(scope, is_true(evaluate(scope, node->kids[0])) &&
					    is_true(evaluate(scope, node->kids[1])));
	case NODE_OR:
		return truth(scope, is_true(evaluate(scope, node->kids[0])) ||
					    is_true(evaluate(scope, node->kids[1])));
	case NODE_SAME:
		return truth(scope, is_same(evaluate(scope, node->kids[0]),
					    evaluate(scope, node->kids[1])));
	case NODE_ALIKE:
		return truth(scope, is_alike(evaluate(scope, node->kids[0]),
					     evaluate(scope, node->kids[1])));
	case NODE_IN:
		return truth(scope, is_in(evaluate(scope, node->kids[0]),
					  evaluate(scope, node->kids[1])));
	case NODE_IS:
		return truth(scope, is_what(evaluate(scope, node->kids[0]),
					    evaluate(scope, node->kids[1])));
	case NODE_LESS:
		return truth(scope, to_real(evaluate(scope, node->kids[0])) <
					    to_real(evaluate(scope, node->kids[1])));
	case NODE_AT_MOST:
		return truth(scope, to_real(evaluate(scope, node->kids[0])) <=
					    to_real(evaluate(scope, node->kids[1])));
	case NODE_JOIN:
		return joined(scope, node);
	case NODE_PLUS:
	case NODE_MINUS:
	case NODE_TIMES:
		return arithmetic(scope, node);
	case NODE_CHOOSE:
		return evaluate(scope, node->kids[is_true(evaluate(scope, node->kids[0])) ? 1 : 2]);
	case NODE_ANY:
		return truth(scope, any_holds(scope, node));
	case NODE_MATCHES:
		return truth(scope, matches(scope, node));
	}
	return NULL;
}

bool
is_supplied(struct scope *scope, const struct node *node)
{
	for (size_t i = 0; i < node->nneeds; i++)
		if (is_none(evaluate(scope, node->needs[i])))
			return false;
	return true;
}

/* The first a[], a{key} or a{value} that is not bound yet and whose own base needs nothing more. */
static const struct node *
find_unbound(const struct scope *scope, const struct node *node)
{
	for (size_t i = 0; i < node->nkids; i++) {
		const struct node *found = find_unbound(scope, node->kids[i]);

		if (found)
			return found;
	}
	if (node->kind != NODE_EACH && node->kind != NODE_PAIR_NAME && node->kind != NODE_PAIR_VALUE)
		return NULL;
	return binding_of(scope, node->text) ? NULL : node;
}

static bool holds_for_some(struct scope *, const struct node *, const struct node *unbound);

static bool
holds_now(struct scope *scope, const struct node *node)
{
	const struct node *unbound = find_unbound(scope, node);

	if (unbound)
		return holds_for_some(scope, node, unbound);
	return is_supplied(scope, node) && is_true(evaluate(scope, node));
}

/* Bind both a{key} and a{value} of one member: they stand for the same one. */
static bool
holds_for_pair(struct scope *scope, const struct node *node, const struct node *unbound,
               const struct member *member)
{
	const struct node *base = unbound->kids[0];
	const size_t       len = unbound->text.len - (unbound->kind == NODE_PAIR_NAME ? 5 : 7);
	struct text        name = text_first(unbound->text, len);
	struct binding     first = { .name = text_of(arena_print(scope->arena, "%.*s{key}", TEXT_ARGS(name))),
				     .value = value_text(scope->arena, member->name),
				     .outer = scope->bound };
	struct binding second = { .name = text_of(arena_print(scope->arena, "%.*s{value}", TEXT_ARGS(name))),
				  .value = member->value,
				  .outer = &first };

	(void)base;
	scope->bound = &second;
	const bool held = holds_now(scope, node);

	scope->bound = first.outer;
	return held;
}

static bool
holds_for_some(struct scope *scope, const struct node *node, const struct node *unbound)
{
	struct value *base = evaluate(scope, unbound->kids[0]);

	if (is_none(base))
		return false;
	if (!value_is(base, VALUE_LIST) && !value_is(base, VALUE_OBJECT)) {
		struct value *list = value_list(scope->arena);

		value_add(scope->arena, list, base);
		base = list;
	}
	for (size_t i = 0; i < base->count; i++) {
		if (unbound->kind != NODE_EACH) {
			if (holds_for_pair(scope, node, unbound, &base->members[i]))
				return true;
			continue;
		}
		struct binding binding = { unbound->text, base->members[i].value,
					   value_integer(scope->arena, (int64_t)i), scope->bound };

		scope->bound = &binding;
		const bool held = holds_now(scope, node);

		scope->bound = binding.outer;
		if (held)
			return true;
	}
	return false;
}

bool
holds(struct scope *scope, const struct node *node)
{
	return !node || holds_now(scope, node);
}
