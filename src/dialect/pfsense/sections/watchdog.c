/* installedpackages/servicewatchdog/item: its names are this API's, the record's those of the box. */
#include "dialect/pfsense/actions/actions.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/mount.h"

/* clang-format off */
static const struct renamed members[] = {
	{ "name",   NULL, FORM_OWN },
	{ "notify", NULL, FORM_FLAG },
	{ NULL },
};
/* clang-format on */

static void
show(struct tree *tree, const struct record *record, struct value *object)
{
	value_set_string(tree_arena(tree), object, "name", service_of_box(record_get(record, "name")));
}

static void
fill(struct tree *tree, const struct value *object, struct record *record)
{
	record_set(record, "name", service_on_box(to_string(tree_arena(tree), value_get(object, "name"))));
}

const struct mount mount_watched = {
	.path = "installedpackages/servicewatchdog/item",
	.resource = "system.watched",
	.shape = MOUNT_LIST,
	.members = members,
	.show = show,
	.fill = fill,
};
