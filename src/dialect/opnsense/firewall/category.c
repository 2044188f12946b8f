/* Categories: the search with an empty row in front, and CSV. */
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/tables.h"

/* A first row for "no category", which is on every page and not counted. */
static void
put_empty_row(struct call *call)
{
	if (call_param(call, 0).len == 0 || text_is(call_param(call, 0), "0"))
		return;
	json_object(&call->json);
	json_put_string(&call->json, "uuid", "");
	json_put_string(&call->json, "name", "(No Category)");
	json_put_string(&call->json, "auto", "");
	json_put_string(&call->json, "color", "");
	json_object_end(&call->json);
}

/* clang-format off */
static const struct twist category_twist = { .first = put_empty_row };
static const struct twist category_file = { .key = "name", .without = "auto" };

const struct action firewall_category_actions[] = {
	{ "firewall/category/search_item", KIND_SEARCH, .twist = &category_twist },
	{ "firewall/category/download", KIND_CSV_DOWNLOAD, 0, 0, LANE_WORKER, regular_download,
	  .resource = "firewall.category", .twist = &category_file },
	{ "firewall/category/upload", KIND_CSV_UPLOAD, 0, 0, LANE_COMMIT, regular_upload,
	  .resource = "firewall.category", .twist = &category_file },
	{ NULL },
};
/* clang-format on */
