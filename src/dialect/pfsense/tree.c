/* The configuration as this API's clients know it: sections, with records mounted in them. */
#include "dialect/pfsense/tree.h"

#include "api/references.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/keep.h"
#include "dialect/pfsense/mount.h"
#include "dialect/pfsense/settings.h"
#include "json/read.h"
#include "json/write.h"

#define SECTIONS      "pfsense.section"
#define SECTIONS_MAX  256
#define STEPS_MAX     16
#define MOUNTS_MAX    24

struct section {
	struct text   name;
	struct value *value; /* NULL: there is none */
	bool          changed;
	struct {
		const struct mount *mount;
		struct value       *shown;
	} mounted[MOUNTS_MAX];
	size_t nmounted;
};

/* A record that is saved in place of another. */
struct followed {
	const struct record *before, *after;
	struct followed     *next;
};

struct tree {
	struct request  *request;
	struct followed *followed; /* latest first */
	struct section  *sections[SECTIONS_MAX];
	size_t           nsections;
	bool             changed;
};

struct tree *
tree_make(struct request *request)
{
	struct tree *tree = ARENA_MAKE(request->arena, struct tree, 1);

	tree->request = request;
	return tree;
}

struct arena *
tree_arena(const struct tree *tree)
{
	return tree->request->arena;
}

struct request *
tree_request(const struct tree *tree)
{
	return tree->request;
}

const struct snapshot *
tree_snapshot(const struct tree *tree)
{
	return tree->request->snapshot;
}

static size_t
split_path(const char *path, struct text *steps)
{
	struct text rest = text_of(path);
	size_t      count = 0;

	while (count < STEPS_MAX && text_next(&rest, "/", &steps[count]))
		count++;
	return count;
}

/* One step down. NULL: nothing there. */
static struct value *
step_down(const struct value *value, struct text step)
{
	const struct value which = { .kind = VALUE_TEXT, .text = step };
	size_t             index;

	if (value_is(value, VALUE_LIST))
		return is_index(&which, &index) ? value_at(value, index) : NULL;
	return value_get_text(value, step);
}

static struct value *
walk(struct value *value, const struct text *steps, size_t count)
{
	for (size_t i = 0; value && i < count; i++)
		value = step_down(value, steps[i]);
	return is_none(value) ? NULL : value;
}

/* A copy of the container that shares its members. */
static struct value *
shallow_copy(struct arena *arena, const struct value *value)
{
	struct value *copy = ARENA_MAKE(arena, struct value, 1);

	*copy = *value;
	copy->text = TEXT_NONE;
	copy->room = value->count + 4;
	copy->members = ARENA_MAKE(arena, struct member, copy->room);
	if (value->count)
		memcpy(copy->members, value->members, value->count * sizeof(*copy->members));
	return copy;
}

/* The value with what is below steps replaced, or removed when that is NULL. */
static struct value *
with_changed(struct arena *arena, const struct value *value, const struct text *steps, size_t count,
             struct value *replacement)
{
	const struct value which = { .kind = VALUE_TEXT, .text = steps[0] };
	const bool         container = value_is(value, VALUE_LIST) || value_is(value, VALUE_OBJECT);
	size_t             index;
	struct value      *copy;

	if (!container)
		copy = is_index(&which, &index) ? value_list(arena) : value_object(arena);
	else
		copy = shallow_copy(arena, value);
	if (count > 1)
		replacement = with_changed(arena, step_down(copy, steps[0]), steps + 1, count - 1,
					   replacement);
	if (copy->kind == VALUE_OBJECT) {
		if (replacement)
			value_set_text(arena, copy, steps[0], replacement);
		else
			value_remove(copy, arena_copy(arena, steps[0]));
		return copy;
	}
	if (!is_index(&which, &index))
		return copy;
	if (index >= copy->count) {
		if (replacement)
			value_add(arena, copy, replacement);
	} else if (replacement) {
		copy->members[index].value = replacement;
	} else {
		memmove(&copy->members[index], &copy->members[index + 1],
			(copy->count - index - 1) * sizeof(*copy->members));
		copy->count--;
	}
	return copy;
}

static void
load_mounts(struct tree *tree, struct section *section)
{
	struct text steps[STEPS_MAX];

	for (size_t i = 0; i < nmounts; i++) {
		const size_t count = split_path(mounts[i]->path, steps);

		if (!text_equal(steps[0], section->name))
			continue;
		struct value *shown = mount_show(tree, mounts[i]);

		BUG_IF(section->nmounted == MOUNTS_MAX, "too many mounts in a section");
		if (shown && mounts[i]->shape == MOUNT_SINGLE) {
			struct value *rest = walk(section->value, steps + 1, count - 1);

			for (size_t j = 0; j < value_count(rest); j++)
				if (!value_get_text(shown, rest->members[j].name))
					value_set_text(tree_arena(tree), shown, rest->members[j].name,
						       rest->members[j].value);
			/* The record's own uuid is no member. */
			if (value_count(shown) == 1)
				shown = NULL;
		}
		section->mounted[section->nmounted].mount = mounts[i];
		section->mounted[section->nmounted++].shown = shown;
		if (!shown)
			continue;
		section->value = count == 1 ? shown :
					      with_changed(tree_arena(tree), section->value, steps + 1,
							   count - 1, shown);
	}
}

/* What is there before anybody has configured it: the settings of this API. */
static void
add_presets(struct tree *tree, struct section *section)
{
	struct arena *arena = tree_arena(tree);

	if (!text_is(section->name, "installedpackages"))
		return;
	const struct value *packages = value_get(section->value, "package");
	const struct value *found = settings_package(arena, packages);
	const size_t        index = (size_t)to_integer(value_at(found, 0));
	const struct text   steps[] = { TEXT("package"), text_of(arena_print(arena, "%zu", index)) };
	struct value       *package = value_object(arena);

	if (index < value_count(packages))
		return;
	value_set_string(arena, package, "name", "API");
	value_set(arena, package, "conf", settings_defaults(arena));
	section->value = with_changed(arena, section->value, steps, 2, package);
}

static struct section *
section_of(struct tree *tree, struct text name)
{
	struct arena *arena = tree_arena(tree);

	for (size_t i = 0; i < tree->nsections; i++)
		if (text_equal(tree->sections[i]->name, name))
			return tree->sections[i];
	if (tree->nsections == SECTIONS_MAX)
		return NULL;
	struct section      *section = ARENA_MAKE(arena, struct section, 1);
	const struct record *record =
		collection_find(snapshot_named(tree_snapshot(tree), SECTIONS), name);

	section->name = (struct text){ arena_copy(arena, name), name.len };
	if (record)
		json_read(arena, record_text(record, "body"), NULL, &section->value, NULL);
	add_presets(tree, section);
	load_mounts(tree, section);
	tree->sections[tree->nsections++] = section;
	return section;
}

/* Everything: each section that is stored or has a mount. */
static struct value *
whole(struct tree *tree)
{
	struct arena            *arena = tree_arena(tree);
	struct value            *all = value_object(arena);
	const struct collection *records = snapshot_named(tree_snapshot(tree), SECTIONS);

	for (size_t i = 0; i < collection_count(records); i++)
		section_of(tree, text_of(collection_at(records, i)->uuid));
	for (size_t i = 0; i < nmounts; i++) {
		struct text rest = text_of(mounts[i]->path);

		section_of(tree, text_until(&rest, '/'));
	}
	for (size_t i = 0; i < tree->nsections; i++)
		if (tree->sections[i]->value)
			value_set_text(arena, all, tree->sections[i]->name, tree->sections[i]->value);
	return all;
}

struct value *
tree_get(struct tree *tree, const struct text *steps, size_t count)
{
	if (count == 0)
		return whole(tree);
	const struct section *section = section_of(tree, steps[0]);

	return section ? walk(section->value, steps + 1, count - 1) : NULL;
}

struct value *
tree_find(struct tree *tree, const char *path)
{
	struct text  steps[STEPS_MAX];
	const size_t count = split_path(path, steps);

	return tree_get(tree, steps, count);
}

const struct value *
tree_shown(struct tree *tree, const char *path)
{
	struct text           rest = text_of(path);
	const struct section *section = section_of(tree, text_until(&rest, '/'));

	for (size_t i = 0; section && i < section->nmounted; i++)
		if (strcmp(section->mounted[i].mount->path, path) == 0)
			return section->mounted[i].shown;
	return NULL;
}

static void
change_at(struct tree *tree, const struct text *steps, size_t count, struct value *value)
{
	struct section *section = count ? section_of(tree, steps[0]) : NULL;

	if (!section)
		return;
	section->value = count == 1 ? value :
				      with_changed(tree_arena(tree), section->value, steps + 1,
						   count - 1, value);
	section->changed = tree->changed = true;
}

void
tree_set(struct tree *tree, const struct text *steps, size_t count, struct value *value)
{
	change_at(tree, steps, count, value);
}

void
tree_put(struct tree *tree, const char *path, struct value *value)
{
	struct text  steps[STEPS_MAX];
	const size_t count = split_path(path, steps);

	change_at(tree, steps, count, value);
}

void
tree_remove(struct tree *tree, const struct text *steps, size_t count)
{
	if (tree_get(tree, steps, count))
		change_at(tree, steps, count, NULL);
}

bool
tree_is_changed(const struct tree *tree)
{
	return tree->changed;
}

/* What is kept of a section beside its mounts. */
static struct value *
without_mounts(struct tree *tree, const struct section *section)
{
	struct value *rest = section->value;
	struct text   steps[STEPS_MAX];

	for (size_t i = 0; rest && i < section->nmounted; i++) {
		const struct mount *mount = section->mounted[i].mount;
		const size_t        count = split_path(mount->path, steps);

		if (mount->shape == MOUNT_SINGLE) {
			struct value *object = walk(rest, steps + 1, count - 1);

			object = object ? shallow_copy(tree_arena(tree), object) : NULL;
			for (const struct renamed *member = mount->members; object && member->name; member++)
				value_remove(object, member->name);
			if (object)
				value_remove(object, OWN_MEMBER);
			if (object)
				rest = count == 1 ? object :
						    with_changed(tree_arena(tree), rest, steps + 1,
								 count - 1, object);
			continue;
		}
		if (count == 1)
			return NULL;
		if (walk(rest, steps + 1, count - 1))
			rest = with_changed(tree_arena(tree), rest, steps + 1, count - 1, NULL);
	}
	return rest;
}

static void
save_rest(struct tree *tree, const struct section *section)
{
	struct arena          *arena = tree_arena(tree);
	const struct snapshot *snapshot = tree_snapshot(tree);
	const struct resource *resource = schema_named(snapshot_schema(snapshot), SECTIONS);
	const struct record   *before =
		collection_find(snapshot_collection(snapshot, resource), section->name);
	const struct value *rest = without_mounts(tree, section);
	scoped_buffer       out = BUFFER_NONE;

	if (!value_count(rest) && !value_is(rest, VALUE_TEXT)) {
		if (before)
			keep_removed(tree->request, resource, section->name);
		return;
	}
	json_value(&(struct json){ .out = &out }, rest);
	if (before && text_equal(record_text(before, "body"), buffer_text(&out)))
		return;
	struct record *record = before ? record_copy(arena, before) : record_make(arena, resource);

	memcpy(record->uuid, section->name.ptr,
	       section->name.len < UUID_LENGTH ? section->name.len : UUID_LENGTH);
	record_set(record, "body", arena_copy(arena, buffer_text(&out)));
	keep_record(tree->request, record);
}

void
tree_follow(struct tree *tree, const struct record *before, const struct record *after)
{
	struct followed *followed = ARENA_MAKE(tree_arena(tree), struct followed, 1);

	*followed = (struct followed){ record_copy(tree_arena(tree), before), after, tree->followed };
	tree->followed = followed;
}

enum result
tree_save(struct tree *tree, const char **message)
{
	struct text steps[STEPS_MAX];

	*message = NULL;
	for (size_t i = 0; i < tree->nsections; i++) {
		struct section *section = tree->sections[i];

		if (!section->changed)
			continue;
		for (size_t j = 0; j < section->nmounted; j++) {
			const struct mount *mount = section->mounted[j].mount;
			const size_t        count = split_path(mount->path, steps);
			struct value       *now = walk(section->value, steps + 1, count - 1);

			if (now != section->mounted[j].shown)
				mount_save(tree, mount, section->mounted[j].shown, now);
		}
		save_rest(tree, section);
		section->changed = false;
	}
	for (; tree->followed; tree->followed = tree->followed->next)
		references_rename(tree->request, tree->followed->before, tree->followed->after);
	return RESULT_DONE;
}
