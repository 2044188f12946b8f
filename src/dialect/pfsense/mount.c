/* Records as the objects of this dialect, and back. */
#include "dialect/pfsense/mount.h"

#include "dialect/pfsense/cache.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/sections/said.h"
#include "json/read.h"

const struct mount *const mounts[] = {
	&mount_aliases,
	&mount_rules,
	&mount_schedules,
	&mount_outbound_mode,
	&mount_forwards,
	&mount_outbound,
	&mount_one_to_one,
	&mount_interfaces,
	&mount_interface_groups,
	&mount_vips,
	&mount_vlans,
	&mount_bridges,
	&mount_gateways,
	&mount_gateway_groups,
	&mount_default_gateways,
	&mount_routes,
	&mount_box,
	&mount_remote_logs,
	&mount_logged,
	&mount_ssh,
	&mount_time,
	&mount_watched,
	&mount_mail,
	&mount_users,
	&mount_groups,
	&mount_resolver,
	&mount_hosts,
	&mount_acls,
	&mount_forwarder,
	&mount_forwarder_hosts,
	&mount_forwarder_domains,
	&mount_dhcp,
	&mount_tunables,
	&mount_authorities,
	&mount_certificates,
	&mount_revocations,
	&mount_ipsec,
	&mount_phases1,
	&mount_phases2,
};
const size_t nmounts = COUNT(mounts);

static void
show_member(struct arena *arena, const struct record *record, const struct renamed *renamed,
            struct value *object)
{
	const char   *text = renamed->form == FORM_OWN || renamed->form == FORM_SECRET ?
				     "" :
				     record_get(record, renamed->field ? renamed->field : renamed->name);
	struct value *list;
	struct text   rest = text_of(text), piece;
	char         *words;

	switch (renamed->form) {
	case FORM_TEXT:
		if (*text)
			value_set_string(arena, object, renamed->name, text);
		break;
	case FORM_ALWAYS:
		value_set_string(arena, object, renamed->name, text);
		break;
	case FORM_FLAG:
		if (strcmp(text, "1") == 0)
			value_set_string(arena, object, renamed->name, "");
		break;
	case FORM_UNFLAG:
		if (strcmp(text, "1") != 0)
			value_set_string(arena, object, renamed->name, "");
		break;
	case FORM_YES:
		if (strcmp(text, "1") == 0)
			value_set_string(arena, object, renamed->name, "yes");
		break;
	case FORM_ENABLED:
		if (strcmp(text, "1") == 0)
			value_set_string(arena, object, renamed->name, "enabled");
		break;
	case FORM_SPACES:
	case FORM_WORDS:
		words = arena_copy(arena, rest);
		for (char *at = words; *at; at++)
			if (*at == '\n' || *at == ',')
				*at = ' ';
		value_set_string(arena, object, renamed->name, words);
		break;
	case FORM_ITEMS:
	case FORM_LIST:
		list = value_list(arena);
		while (text_next(&rest, ",\n", &piece))
			value_add(arena, list, value_text(arena, piece));
		if (list->count || renamed->form == FORM_LIST)
			value_set(arena, object, renamed->name, list);
		break;
	case FORM_OWN:
	case FORM_SECRET:
		break;
	}
}

struct value *
mount_show_record(struct tree *tree, const struct mount *mount, const struct record *record)
{
	struct arena *arena = tree_arena(tree);
	struct value *object = value_object(arena), *rest = NULL;

	value_set_string(arena, object, OWN_MEMBER, record->uuid);
	for (const struct renamed *renamed = mount->members; renamed->name; renamed++)
		show_member(arena, record, renamed, object);
	if (mount->show)
		mount->show(tree, record, object);
	if (resource_find_field(record->resource, TEXT(REST_FIELD)) != SIZE_MAX)
		json_read(arena, record_text(record, REST_FIELD), NULL, &rest, NULL);
	for (size_t i = 0; i < value_count(rest); i++)
		if (!text_is(rest->members[i].name, SAID_MEMBER))
			value_set_text(arena, object, rest->members[i].name, rest->members[i].value);
	if (mount->settle)
		mount->settle(tree, record, object);
	said_show(arena, value_get(rest, SAID_MEMBER), object);
	return object;
}

/* Where the mount stands among all. */
static size_t
index_of(const struct mount *mount)
{
	for (size_t i = 0; i < nmounts; i++)
		if (mounts[i] == mount)
			return i;
	BUG_IF(true, "%s is mounted nowhere", mount->path);
	return 0;
}

/* What the cache is given to make a list with. */
struct maker {
	struct tree        *tree;
	const struct mount *mount;
};

static struct value *
make_object(void *context, const struct record *record)
{
	const struct maker *maker = context;

	return mount_show_record(maker->tree, maker->mount, record);
}

static int64_t
number_of(void *context, const struct record *record)
{
	const struct maker *maker = context;

	return record_number(record, maker->mount->sequence, 0);
}

static size_t
rank_of(void *context, const struct value *object)
{
	const struct maker *maker = context;

	return maker->mount->rank(maker->tree, object);
}

static uint64_t
stamp_of(struct tree *tree, const char *resource)
{
	return resource ? collection_stamp(snapshot_named(tree_snapshot(tree), resource)) : 0;
}

struct value *
mount_show(struct tree *tree, const struct mount *mount)
{
	const struct snapshot *snapshot = tree_snapshot(tree);
	struct value          *all;

	if (mount->shape == MOUNT_SINGLE)
		return mount_show_record(tree, mount, snapshot_single(snapshot, mount->resource));
	struct maker         maker = { tree, mount };
	const struct showing showing = {
		.list = index_of(mount),
		.records = snapshot_named(snapshot, mount->resource),
		.others = stamp_of(tree, mount->depends),
		.named = mount->shape == MOUNT_NAMED,
		.scratch = tree_arena(tree),
		.context = &maker,
		.belongs = mount->belongs,
		.number = mount->sequence ? number_of : NULL,
		.show = make_object,
		.rank = mount->rank ? rank_of : NULL,
	};
	struct shown_list *list = cache_show(&showing);

	arena_defer(tree_arena(tree), shown_release, list);
	all = shown_value(list);
	return all->count ? all : NULL;
}
