/* Aliases: members are stored joined by a blank, their notes joined by "||", one for each. */
#include "dialect/pfsense/actions/actions.h"

#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/function.h"

#define NOTES_BETWEEN "||"

static struct value *
call(struct scope *scope, const char *name, struct value *first, struct value *second)
{
	struct value *const arguments[] = { first, second };

	return function_find(text_of(name))->call(scope, arguments, second ? 2 : 1, TEXT_NONE);
}

static struct value *
split(struct scope *scope, const char *separator, const char *member)
{
	struct value *parts = call(scope, "split", value_string(scope->arena, separator),
				   value_get(scope->object, member));

	return call(scope, "drop_empty", parts, NULL);
}

/* A member as it is stored: an address without its length gets one in networks, ranges are a:b. */
static struct value *
stored_member(struct scope *scope, const struct value *member)
{
	const struct text type = to_text(scope->arena, value_get(scope->object, "type"));
	const struct text text = to_text(scope->arena, member);
	struct address    address;

	if (text_is(type, "network") && address_read(text, &address))
		return value_string(scope->arena, arena_print(scope->arena, "%.*s/%u", TEXT_ARGS(text),
							      address_bits(address.family)));
	if (text_is(type, "port")) {
		char *copy = arena_copy(scope->arena, text);

		for (char *at = copy; *at; at++)
			if (*at == '-' && at > copy && at[-1] >= '0' && at[-1] <= '9')
				*at = ':';
		return value_string(scope->arena, copy);
	}
	return value_text(scope->arena, text);
}

static void
store_joined(struct scope *scope, const char *member, const char *separator, struct value *list)
{
	value_set(scope->arena, scope->object, member,
		  call(scope, "join", value_string(scope->arena, separator), list));
}

/* Notes for all members: those given, then made ones; none too many. */
static struct value *
notes_for(struct scope *scope, size_t members, const struct value *given)
{
	struct value *notes = value_list(scope->arena);
	struct value *made = NULL;

	for (size_t i = 0; i < members; i++) {
		if (i < value_count(given)) {
			value_add(scope->arena, notes, given->members[i].value);
			continue;
		}
		if (!made)
			made = value_string(scope->arena,
					    arena_print(scope->arena, "Entry added %s",
							to_string(scope->arena,
								  function_find(TEXT("mail_date"))
									  ->call(scope, NULL, 0, TEXT_NONE))));
		value_add(scope->arena, notes, made);
	}
	return notes;
}

unsigned
alias_fill(struct scope *scope)
{
	struct value *given = value_get(scope->input, "address");
	struct value *notes = value_get(scope->input, "detail");
	struct value *members;

	if (!is_none(given)) {
		struct value *list = value_list(scope->arena);

		given = to_list(scope->arena, given);
		for (size_t i = 0; i < given->count; i++)
			value_add(scope->arena, list, stored_member(scope, given->members[i].value));
		store_joined(scope, "address", " ", list);
	}
	members = split(scope, " ", "address");
	notes = is_none(notes) ? split(scope, NOTES_BETWEEN, "detail") : to_list(scope->arena, notes);
	store_joined(scope, "detail", NOTES_BETWEEN, notes_for(scope, members->count, notes));
	return 0;
}

unsigned
alias_add_entries(struct scope *scope)
{
	struct value *members = split(scope, " ", "address");
	struct value *notes = notes_for(scope, members->count, split(scope, NOTES_BETWEEN, "detail"));
	struct value *given = to_list(scope->arena, value_get(scope->input, "address"));
	struct value *added = notes_for(scope, given->count,
					to_list(scope->arena, value_get(scope->input, "detail")));

	for (size_t i = 0; i < given->count; i++) {
		value_add(scope->arena, members, stored_member(scope, given->members[i].value));
		value_add(scope->arena, notes, added->members[i].value);
	}
	store_joined(scope, "address", " ", members);
	store_joined(scope, "detail", NOTES_BETWEEN, notes);
	return 0;
}

unsigned
alias_drop_entries(struct scope *scope)
{
	const struct value *dropped = to_list(scope->arena, value_get(scope->input, "address"));
	const struct value *members = split(scope, " ", "address");
	const struct value *notes = notes_for(scope, members->count, split(scope, NOTES_BETWEEN, "detail"));
	struct value       *kept = value_list(scope->arena), *kept_notes = value_list(scope->arena);

	for (size_t i = 0; i < members->count; i++) {
		bool drop = false;

		for (size_t j = 0; j < dropped->count; j++)
			drop = drop || is_alike(members->members[i].value, dropped->members[j].value);
		if (drop)
			continue;
		value_add(scope->arena, kept, members->members[i].value);
		value_add(scope->arena, kept_notes, notes->members[i].value);
	}
	store_joined(scope, "address", " ", kept);
	store_joined(scope, "detail", NOTES_BETWEEN, kept_notes);
	return 0;
}

/* The value with every text that is the old name replaced; itself when there is none. */
static struct value *
renamed(struct scope *scope, struct value *value, struct text from, struct text to, bool *changed)
{
	bool          here = false;
	struct value *copy;

	if (value_is(value, VALUE_TEXT)) {
		if (!text_equal(value->text, from))
			return value;
		*changed = true;
		return value_text(scope->arena, to);
	}
	if (!value_is(value, VALUE_LIST) && !value_is(value, VALUE_OBJECT))
		return value;
	copy = value->kind == VALUE_LIST ? value_list(scope->arena) : value_object(scope->arena);
	for (size_t i = 0; i < value->count; i++) {
		struct value *member = renamed(scope, value->members[i].value, from, to, &here);

		if (value->kind == VALUE_LIST)
			value_add(scope->arena, copy, member);
		else
			value_set_text(scope->arena, copy, value->members[i].name, member);
	}
	*changed = *changed || here;
	return here ? copy : value;
}

/* Rewrite the members of each object of a list that may name an alias. */
static void
rename_in(struct scope *scope, const char *path, const char *members, struct text from, struct text to)
{
	const struct value *list = tree_find(scope->tree, path);

	for (size_t i = 0; i < value_count(list); i++) {
		struct value *object = list->members[i].value, *copy = NULL;
		struct text   rest = text_of(members), name;

		while (text_next(&rest, " ", &name)) {
			bool          changed = false;
			struct value *member = value_get_text(object, name);
			struct value *now = renamed(scope, member, from, to, &changed);

			if (!changed)
				continue;
			if (!copy)
				copy = value_copy(scope->arena, object);
			value_set_text(scope->arena, copy, name, now);
		}
		if (copy)
			tree_put(scope->tree, arena_print(scope->arena, "%s/%zu", path, i), copy);
	}
}

unsigned
alias_rename(struct scope *scope)
{
	const struct text from = to_text(scope->arena, value_get(scope->flags, "original_name"));
	const struct text to = to_text(scope->arena, value_get(scope->object, "name"));

	if (from.len == 0 || text_equal(from, to))
		return 0;
	rename_in(scope, "filter/rule", "source destination", from, to);
	rename_in(scope, "nat/rule", "source destination target local-port", from, to);
	rename_in(scope, "nat/onetoone", "source destination", from, to);
	rename_in(scope, "nat/outbound/rule",
		  "source destination target dstport natport sourceport", from, to);
	rename_in(scope, "aliases/alias", "address", from, to);
	rename_in(scope, "staticroutes/route", "network", from, to);
	return 0;
}

void
act_alias_advanced(struct scope *scope, struct outcome *outcome)
{
	const struct value *box = tree_find(scope->tree, "system");
	const struct value *interval = value_get(box, "aliasesresolveinterval");
	const struct text   check = to_text(scope->arena, value_get(box, "checkaliasesurlcert"));

	outcome->data = value_object(scope->arena);
	value_set(scope->arena, outcome->data, "aliasesresolveinterval",
		  value_integer(scope->arena, is_none(interval) ? 300 : to_integer(interval)));
	value_set(scope->arena, outcome->data, "checkaliasesurlcert",
		  value_bool(scope->arena, !is_none(value_get(box, "checkaliasesurlcert")) &&
						   !text_is(check, "disabled")));
}
