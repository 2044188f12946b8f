/*
 * The recorded battery: 244 inputs for each field of every model. What the reference
 * accepts, stores and offers, we do; what we do otherwise stands with its reason in
 * tests/vectors/battery-exceptions.txt.
 *
 * usage: test_battery VECTORS-DIRECTORY [all]   (all: say every deviation, known ones too)
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/map.h"
#include "base/value.h"
#include "model/registry.h"
#include "schema/type.h"
#include "setup.h"

struct battery {
	struct arena        *arena;
	const char          *vectors;
	struct schema       *schema;
	struct snapshot     *snapshot;
	struct facts         facts;
	const struct value  *inputs;
	struct map          *exceptions; /* "Model:path what" -> its line */
	size_t               checks, deviations, excused;
};

/* One field of one case. */
struct subject {
	struct battery     *battery;
	const char         *name; /* "Model:path" */
	const struct value *expected;
	const struct field *field;
	struct record      *record;
	struct arena       *arena;
	struct view         view;
};

static void __attribute__((format(printf, 3, 4)))
deviates(struct subject *subject, const char *what, const char *format, ...)
{
	struct battery *battery = subject->battery;
	const char     *key = arena_print(battery->arena, "%s %s", subject->name, what);
	const char     *whole = arena_print(battery->arena, "%s *", subject->name);
	const bool      known = map_get(battery->exceptions, text_of(key)) || map_get(battery->exceptions, text_of(whole));
	va_list         args;

	battery->excused += known;
	battery->deviations += !known;
	if (known)
		return;
	fprintf(stderr, "%s (%s): %s: ", subject->name, subject->field ? subject->field->type->name : "?", what);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

static bool
has_number(const struct value *list, size_t number)
{
	for (size_t i = 0; i < value_count(list); i++)
		if (value_at(list, i)->integer == (int64_t)number)
			return true;
	return false;
}

/* What is stored for an input: itself when nothing else was recorded. */
static const char *
recorded(const struct subject *subject, const char *input, size_t index)
{
	const struct value *stored = value_get(subject->expected, "stored");
	const struct value *one = value_is(stored, VALUE_LIST) ?
	                                  value_at(stored, index) :
	                                  value_get(stored, arena_print(subject->arena, "%zu", index));

	return one ? value_as_string(subject->arena, one) : input;
}

static void
try_input(struct subject *subject, const char *input, bool accepted, const char *stored, const char *what)
{
	const char   *normal = field_normal(subject->field, input, &subject->view);
	struct faults faults = { .arena = subject->arena };

	subject->battery->checks++;
	if (stored && strcmp(stored, normal) != 0)
		deviates(subject, what, "\"%.60s\" is stored as \"%.60s\", not \"%.60s\"", input, normal, stored);
	field_check(subject->field, normal, &subject->view, &faults);
	if (faults_none(&faults) != accepted)
		deviates(subject, what, "\"%.60s\" is %s", input,
		         accepted ? faults.first->message : "accepted, but should not be");
}

struct choices {
	size_t             count, missing;
	const struct value *keys;
	const char        *stranger;
};

static void
count_choice(void *context, const struct choice *choice)
{
	struct choices *choices = context;

	choices->count++;
	if (!choices->keys)
		return;
	for (size_t i = 0; i < choices->keys->count; i++)
		if (text_is(value_at(choices->keys, i)->text, choice->key))
			return;
	choices->stranger = choices->stranger ? choices->stranger : choice->key;
}

static void
try_options(struct subject *subject)
{
	const struct value *count = value_get(subject->expected, "options");
	struct choices      choices = { .keys = value_get(subject->expected, "option_keys") };

	if (!count)
		return;
	subject->battery->checks++;
	if (!subject->field->type->choices) {
		deviates(subject, "options", "no list of choices");
		return;
	}
	/* Where the list is not required the recording counts an empty key that is a choice of its own. */
	const struct value *first = value_at(value_at(value_get(subject->expected, "extra"), 0), 0);

	subject->field->type->choices(subject->field, "", &subject->view, count_choice, &choices);
	choices.count += value_is(first, VALUE_TEXT) && first->text.len == 0 && choices.stranger == NULL &&
	                 choices.count + 1 == (size_t)count->integer;
	if (choices.count != (size_t)count->integer)
		deviates(subject, "options", "%zu choices, not %lld", choices.count, (long long)count->integer);
	else if (choices.stranger)
		deviates(subject, "options", "%s is no choice there", choices.stranger);
}

static void
try_subject(struct subject *subject)
{
	const struct value *inputs = subject->battery->inputs, *extra = value_get(subject->expected, "extra");
	const struct value *ok = value_get(subject->expected, "ok");

	for (size_t i = 0; i < value_count(inputs); i++) {
		const char *input = value_as_string(subject->arena, value_at(inputs, i));

		try_input(subject, input, has_number(ok, i), recorded(subject, input, i),
		          arena_print(subject->battery->arena, "input %zu", i));
	}
	for (size_t i = 0; i < value_count(extra); i++) {
		const struct value *one = value_at(extra, i);
		const char         *input = value_as_string(subject->arena, value_at(one, 0));

		try_input(subject, input, value_at(one, 1)->truth,
		          value_at(one, 2) ? value_as_string(subject->arena, value_at(one, 2)) : input,
		          arena_print(subject->battery->arena, "extra %zu", i));
	}
	try_options(subject);
}

/* The resource that holds "Model:path", and the name of the field in it. */
static const struct resource *
find_resource(const struct battery *battery, struct text name, struct text *field)
{
	struct text            path = name;
	const struct text      model = text_until(&path, ':');
	const struct resource *best = NULL;
	size_t                 longest = 0;

	for (size_t i = 0; i < schema_count(battery->schema); i++) {
		const struct resource *resource = schema_at(battery->schema, i);
		const struct text      own = text_of(resource->path);

		if (!resource->model || !text_is(model, resource->model) || (best && own.len < longest))
			continue;
		if (own.len > 0 && !(text_starts(path, own) && path.len > own.len && path.ptr[own.len] == '.'))
			continue;
		best = resource;
		longest = own.len;
		*field = own.len ? text_after(path, own.len + 1) : path;
	}
	return best;
}

static void
try_field(struct battery *battery, const struct value *expected, const char *name)
{
	scoped_arena           arena = arena_new();
	struct text            field;
	const struct resource *resource = find_resource(battery, text_of(name), &field);
	const size_t           at = resource ? resource_find_field(resource, field) : SIZE_MAX;
	struct subject         subject = { .battery = battery, .name = name, .expected = expected, .arena = arena };

	if (at == SIZE_MAX) {
		deviates(&subject, "declaration", "there is no such field");
		return;
	}
	subject.field = &resource->fields[at];
	subject.record = record_make(arena, resource);
	subject.view = (struct view){ arena, battery->snapshot, &battery->facts, subject.record };
	try_subject(&subject);
}

static void
read_exceptions(struct battery *battery, const char *path)
{
	struct text rest = setup_file(battery->arena, path), line;

	while (text_next(&rest, "\n", &line)) {
		struct text reason = line;

		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		/* The field's own name holds a colon; the one before the reason has a blank behind it. */
		for (size_t i = 0; i + 1 < line.len; i++)
			if (line.ptr[i] == ':' && line.ptr[i + 1] == ' ') {
				reason = text_first(line, i);
				break;
			}
		map_set(battery->exceptions, text_of(arena_copy(battery->arena, reason)), battery);
	}
}

int
main(int argc, char **argv)
{
	scoped_arena        arena = arena_new();
	struct battery      battery = { .arena = arena, .exceptions = map_make(arena) };
	const struct value *cases;
	size_t              fields = 0;

	if (argc < 2)
		return 2;
	battery.vectors = arena_print(arena, "%s/opnsense", argv[1]);
	battery.schema = schema_new(registry, registry_count);
	battery.snapshot = setup_snapshot(battery.schema);
	battery.facts = setup_facts(arena, battery.vectors);
	if (argc < 3)
		read_exceptions(&battery, arena_print(arena, "%s/battery-exceptions.txt", argv[1]));
	cases = setup_json(arena, arena_print(arena, "%s/field-battery.json", battery.vectors));
	battery.inputs = value_get(cases, "inputs");
	cases = value_get(cases, "cases");
	for (size_t i = 0; i < value_count(cases); i++) {
		const struct value *names = value_get(value_at(cases, i), "fields");

		for (size_t j = 0; j < value_count(names); j++, fields++)
			try_field(&battery, value_at(cases, i), value_as_string(arena, value_at(names, j)));
	}
	fprintf(stderr, "battery: %zu fields, %zu checks, %zu deviations, %zu excused\n", fields, battery.checks,
	        battery.deviations, battery.excused);
	snapshot_release(battery.snapshot);
	schema_free(battery.schema);
	return battery.deviations == 0 ? 0 : 1;
}
