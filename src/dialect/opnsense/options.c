/* Option maps are gathered first: how they are written depends on all of their keys. */
#include "dialect/opnsense/options.h"

#include <stdio.h>
#include <string.h>

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
};

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
				   : options->many ? has_entry(options->value, options->separator, choice->key)
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

void
show_alias_content(struct json *json, const struct field *field, const char *value, const struct view *view)
{
	struct options options = { .arena = view->arena, .value = value ? value : "", .many = true, .separator = '\n',
				   .unset = !value };

	json_name(json, field->name);
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
