/* Option maps are gathered first: how they are written depends on all of their keys. */
#include "dialect/opnsense/options.h"

#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "schema/aliases.h"
#include "schema/lists.h"

struct option {
	const char *key, *label, *group;
	bool        selected;
};

struct options {
	struct arena  *arena;
	const char    *value;
	bool           many;
	char           separator;
	bool           unset; /* no value: nothing is selected, and there is no empty entry */
	struct option *options;
	size_t         count, room;
	struct map    *entries; /* of a long value; NULL: not made yet */
};

#define LONG_VALUE 2048 /* bytes of a value that is not looked through for each choice */

/* Is the key one of the entries of a list? */
static bool
has_entry(const char *list, char separator, const char *key)
{
	const size_t len = strlen(key);

	if (list[0] == '\0')
		return len == 0;
	for (const char *at = list; at && *at; at = strchr(at, separator), at = at ? at + 1 : NULL)
		if (strncmp(at, key, len) == 0 && (at[len] == separator || at[len] == '\0'))
			return true;
	return false;
}

/* The same of the options' value; when that is long, its entries are put into a table first. */
static bool
is_selected(struct options *options, const char *key)
{
	struct entries entries = entries_of(options->value, options->separator);
	struct text    entry;

	if (!options->entries && strnlen(options->value, LONG_VALUE) < LONG_VALUE)
		return has_entry(options->value, options->separator, key);
	if (!options->entries) {
		options->entries = map_make(options->arena);
		while (entry_next(&entries, &entry))
			map_set(options->entries, entry, options);
	}
	return map_get(options->entries, text_of(key)) != NULL;
}

static void
add_option(struct options *options, const struct option *option)
{
	if (options->count == options->room) {
		struct option *more = ARENA_MAKE(options->arena, struct option, options->room * 2 + 16);

		if (options->count)
			memcpy(more, options->options, options->count * sizeof(*more));
		options->options = more;
		options->room = options->room * 2 + 16;
	}
	options->options[options->count++] = *option;
}

/* The texts of a choice live only for the call. */
static void
choose_option(void *context, const struct choice *choice)
{
	struct options *options = context;
	const bool      selected = options->unset  ? false
				   : options->many ? is_selected(options, choice->key)
						   : strcmp(options->value, choice->key) == 0;

	if (options->unset && choice->key[0] == '\0')
		return;
	const char *key = arena_copy(options->arena, text_of(choice->key));

	add_option(options, &(struct option){
				    .key = key,
				    .label = choice->label ? arena_copy(options->arena, text_of(choice->label)) : key,
				    .group = choice->group ? arena_copy(options->arena, text_of(choice->group)) : NULL,
				    .selected = selected,
			    });
}

/* The entries of the value itself, all selected; an empty value is one empty entry. */
static void
own_entries(struct options *options)
{
	const char  separators[] = { options->separator, '\0' };
	struct text rest = text_of(options->value), entry;

	if (rest.len == 0)
		add_option(options, &(struct option){ "", "", NULL, true });
	while (text_next(&rest, separators, &entry)) {
		const char *key = arena_copy(options->arena, entry);

		add_option(options, &(struct option){ key, key, NULL, true });
	}
}

/* Keys 0, 1, 2...: what the reference writes as a list. */
static bool
is_counted(const struct options *options)
{
	char number[24];

	for (size_t i = 0; i < options->count; i++) {
		snprintf(number, sizeof(number), "%zu", i);
		if (strcmp(options->options[i].key, number) != 0)
			return false;
	}
	return true;
}

/* describe: aliases show their description too. */
static void
write_options(struct json *json, const struct options *options, const struct view *describe)
{
	const bool list = is_counted(options);
	bool       grouped = false;

	for (size_t i = 0; i < options->count; i++)
		grouped = grouped || options->options[i].group;

	list ? json_list(json) : json_object(json);
	for (size_t i = 0; i < options->count; i++) {
		const struct option *option = &options->options[i];

		if (!list)
			json_name(json, option->key);
		json_object(json);
		json_put_string(json, "value", option->label);
		json_put_number(json, "selected", option->selected);
		if (grouped)
			json_put_string(json, "optgroup", option->group ? option->group : "");
		if (describe) {
			const struct record *alias = alias_find(describe, text_of(option->key));

			json_put_string(json, "description", alias ? record_get(alias, "description") : "");
		}
		json_object_end(json);
	}
	list ? json_list_end(json) : json_object_end(json);
}

/* --- the content of an alias ---------------------------------------------------------------------- */

/* It may have a million entries: they are written as they are met, and never stand beside their text. */
struct content {
	struct json       *json;
	const struct view *view;
	struct map        *aliases; /* among the entries */
};

static void
write_content(void *context, const struct choice *choice)
{
	struct content      *content = context;
	const struct record *alias = alias_find(content->view, text_of(choice->key));
	const bool           selected = !alias || map_get(content->aliases, text_of(choice->key));

	json_name(content->json, choice->key);
	json_object(content->json);
	json_put_string(content->json, "value", choice->label ? choice->label : choice->key);
	json_put_number(content->json, "selected", selected);
	json_put_string(content->json, "description", alias ? record_get(alias, "description") : "");
	json_object_end(content->json);
}

static bool
is_long(const char *value)
{
	/* Keys from 0 would make it a list. */
	return strnlen(value, LONG_VALUE) == LONG_VALUE && strncmp(value, "0\n", 2) != 0 && strncmp(value, "0,", 2) != 0;
}

static void
write_long_content(struct json *json, const struct field *field, const char *value, const struct view *view)
{
	struct content content = { .json = json, .view = view, .aliases = map_make(view->arena) };
	struct entries entries = entries_of(value, '\n');
	struct text    entry;

	while (entry_next(&entries, &entry))
		if (alias_find(view, entry))
			map_set(content.aliases, entry, json);
	json_object(json);
	field->type->choices(field, value, view, write_content, &content);
	json_object_end(json);
}

void
show_alias_content(struct json *json, const struct field *field, const char *value, const struct view *view)
{
	struct options options = { .arena = view->arena, .value = value ? value : "", .many = true, .separator = '\n',
				   .unset = !value };

	json_name(json, field->name);
	if (is_long(options.value)) {
		write_long_content(json, field, options.value, view);
		return;
	}
	field->type->choices(field, options.value, view, choose_option, &options);
	write_options(json, &options, view);
}

/* Lists whose choices are what stands in them. */
static bool
holds_own_entries(const struct field *field)
{
	static const char *const types[] = { "csv", "alias_content", "ike_address", "remote_host" };

	for (size_t i = 0; i < COUNT(types); i++)
		if (strcmp(field->type->name, types[i]) == 0)
			return true;
	return !field->type->choices;
}

/* The entries of a long value, all selected, as they are met. */
static void
write_long(struct json *json, const char *value, char separator)
{
	const char  separators[] = { separator, '\0' };
	struct text rest = text_of(value), entry;

	json_object(json);
	while (text_next(&rest, separators, &entry)) {
		json_name_text(json, entry);
		json_object(json);
		json_name(json, "value");
		json_text(json, entry);
		json_put_number(json, "selected", 1);
		json_object_end(json);
	}
	json_object_end(json);
}

void
show_options(struct json *json, const struct field *field, const char *value, const struct view *view)
{
	struct options options = {
		.arena = view->arena,
		.value = value,
		.many = field->flags & MANY,
		.separator = field_separator(field),
	};
	const bool own = holds_own_entries(field);

	if (own && is_long(value)) {
		write_long(json, value, options.separator);
		return;
	}
	if (own) {
		own_entries(&options);
	} else {
		if (!(field->flags & (MANY | REQUIRED | AS_LIST)))
			add_option(&options, &(struct option){ "", field->blank ? field->blank : "None", NULL,
							       value[0] == '\0' });
		field->type->choices(field, value, view, choose_option, &options);
	}
	write_options(json, &options, NULL);
}
