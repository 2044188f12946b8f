/* What clients ask first: which product and version this is, how the system is, what there is to see. */
#include <string.h>
#include <sys/utsname.h>

#include "api/topics.h"
#include "dialect/opnsense/tables.h"

/* The level of the API that is served: retired calls of 26.1 are kept, so it is that one. */
#define API_VERSION "26.1.11"

/* --- firmware -------------------------------------------------------------------------------------------- */

static void
put_product(struct call *call)
{
	struct utsname machine = { .machine = "" };

	uname(&machine);
	json_name(&call->json, "product");
	json_object(&call->json);
	json_put_string(&call->json, "product_id", "opnsense");
	json_put_string(&call->json, "product_name", "OPNsense");
	json_put_string(&call->json, "product_nickname", "");
	json_put_string(&call->json, "product_version", API_VERSION);
	json_put_string(&call->json, "product_latest", API_VERSION);
	json_put_string(&call->json, "product_arch", strcmp(machine.machine, "x86_64") == 0 ? "amd64" : machine.machine);
	json_put_string(&call->json, "product_abi", "26.1");
	json_put_string(&call->json, "product_mirror", "");
	json_put_string(&call->json, "product_repos", "");
	json_put_string(&call->json, "implementation_name", "Drawbridge");
	json_put_string(&call->json, "implementation_version", call->request->service->version);
	json_put_string(&call->json, "implementation_kernel", machine.release);
	json_put_null(&call->json, "product_check");
	json_object_end(&call->json);
}

static void
firmware_status(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	put_product(call);
	json_put_string(&call->json, "status_msg",
			"Updates of this machine come from its own package manager; none were asked for.");
	json_put_string(&call->json, "status", "none");
	json_object_end(&call->json);
}

/* Of the packages, the one we know without asking the system. */
static void
firmware_info(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "product_id", "opnsense");
	json_put_string(&call->json, "product_version", API_VERSION);
	json_name(&call->json, "package");
	json_list(&call->json);
	json_object(&call->json);
	json_put_string(&call->json, "name", "drawbridge");
	json_put_string(&call->json, "version", call->request->service->version);
	json_put_string(&call->json, "comment", "Firewall management REST daemon");
	json_put_string(&call->json, "flatsize", "");
	json_put_string(&call->json, "locked", "0");
	json_put_string(&call->json, "automatic", "0");
	json_put_string(&call->json, "license", "BSD-2-Clause");
	json_put_string(&call->json, "repository", "");
	json_put_string(&call->json, "origin", "");
	json_put_string(&call->json, "provided", "1");
	json_put_string(&call->json, "installed", "1");
	json_put_string(&call->json, "path", "");
	json_put_string(&call->json, "configured", "1");
	json_object_end(&call->json);
	json_list_end(&call->json);
	json_name(&call->json, "plugin");
	json_list(&call->json);
	json_list_end(&call->json);
	json_name(&call->json, "changelog");
	json_list(&call->json);
	json_list_end(&call->json);
	put_product(call);
	json_object_end(&call->json);
}

/* Nothing of ours ever works in the background on packages. */
static void
firmware_running(struct call *call)
{
	answer_word(call, "status", "ready");
}

/* --- system ------------------------------------------------------------------------------------------------ */

static void
system_status(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "metadata");
	json_object(&call->json);
	json_name(&call->json, "system");
	json_object(&call->json);
	json_put_number(&call->json, "status", 2);
	json_put_string(&call->json, "message", "No pending messages");
	json_put_string(&call->json, "title", "System");
	json_object_end(&call->json);
	json_name(&call->json, "translations");
	json_object(&call->json);
	json_put_string(&call->json, "dialogTitle", "System Status");
	json_put_string(&call->json, "dialogCloseButton", "Close");
	json_object_end(&call->json);
	json_name(&call->json, "subsystems");
	json_list(&call->json);
	json_list_end(&call->json);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

static void
turn_off(struct call *call, const char *topic)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *said = topic_ask(call->request, &message, topic, NULL);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "status", said ? "ok" : "failed");
	if (!said)
		json_put_string(&call->json, "message", buffer_string(&message));
	json_object_end(&call->json);
}

static void
halt(struct call *call)
{
	turn_off(call, "system.halt");
}

static void
reboot(struct call *call)
{
	turn_off(call, "system.reboot");
}

/* There is never a notice to dismiss. */
static void
dismiss(struct call *call)
{
	answer_word(call, "status", "failed");
}

/* --- menu: what there is to configure, from the declarations ------------------------------------------------- */

struct item {
	const char *module, *label, *url;
};

/* "firewall/alias" as "Alias". */
static const char *
label_of(struct arena *arena, struct text name)
{
	char *label = arena_copy(arena, name);
	bool  begins = true;

	for (char *c = label; *c; c++) {
		if (*c == '_')
			*c = ' ';
		else if (begins && *c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
		begins = *c == ' ';
	}
	return label;
}

static bool
is_known(const struct item *items, size_t count, const char *url)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(items[i].url, url) == 0)
			return true;
	return false;
}

/* Each controller the caller may visit, once. */
static struct item *
collect(struct call *call, size_t *count)
{
	struct arena        *arena = call->request->arena;
	const struct schema *schema = call->request->service->schema;
	struct item         *items = ARENA_MAKE(arena, struct item, schema_count(schema) * 4 + 1);

	*count = 0;
	for (size_t i = 0; i < schema_count(schema); i++) {
		const struct face *face = schema_at(schema, i)->faces[OPNSENSE];

		for (; face && face->at; face++) {
			struct text       rest = text_of(face->at);
			const struct text module = text_until(&rest, '/');
			const char       *url = arena_print(arena, "/ui/%s", face->at);

			if (is_known(items, *count, url) ||
			    !caller_may_visit(call->request->caller, text_of(arena_print(arena, "api/%s/get", face->at))))
				continue;
			items[(*count)++] = (struct item){ label_of(arena, module), label_of(arena, rest), url };
		}
	}
	return items;
}

static void
put_item(struct call *call, const char *id, const char *name, const char *url, bool is_selected, size_t order)
{
	json_put_string(&call->json, "Id", id);
	json_put_number(&call->json, "Order", (int64_t)order);
	json_put_string(&call->json, "VisibleName", name);
	json_put_string(&call->json, "CssClass", "");
	json_put_string(&call->json, "Url", url);
	json_put_string(&call->json, "IsExternal", "N");
	json_put_string(&call->json, "Visibility", "all");
	json_put_bool(&call->json, "Selected", is_selected);
	json_put_bool(&call->json, "isVisible", true);
}

static void
menu_tree(struct call *call)
{
	size_t             count;
	const struct item *items = collect(call, &count);
	const char        *shown = call_text(call, "uri");

	answer_begin(call, 200, TYPE_JSON);
	json_list(&call->json);
	for (size_t i = 0, modules = 0; i < count;) {
		const char *module = items[i].module;

		json_object(&call->json);
		put_item(call, module, module, "", false, modules++);
		json_name(&call->json, "Children");
		json_list(&call->json);
		for (; i < count && strcmp(items[i].module, module) == 0; i++) {
			json_object(&call->json);
			put_item(call, items[i].label, items[i].label, items[i].url,
				 shown && strcmp(shown, items[i].url) == 0, i);
			json_name(&call->json, "Children");
			json_list(&call->json);
			json_list_end(&call->json);
			json_object_end(&call->json);
		}
		json_list_end(&call->json);
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
}

static void
menu_search(struct call *call)
{
	size_t             count;
	const struct item *items = collect(call, &count);
	const char        *phrase = call_text(call, "q");

	answer_begin(call, 200, TYPE_JSON);
	json_list(&call->json);
	for (size_t i = 0; i < count; i++) {
		const char *crumbs = arena_print(call->request->arena, "%s / %s", items[i].module, items[i].label);

		if (phrase && !text_contains_any_case(text_of(crumbs), text_of(phrase)))
			continue;
		json_object(&call->json);
		put_item(call, items[i].label, items[i].label, items[i].url, false, i);
		json_put_string(&call->json, "breadcrumb", crumbs);
		json_put_number(&call->json, "depth", 2);
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
}

/* clang-format off */
#define FAILED "{\"status\":\"failed\"}"
const struct action core_system_actions[] = {
	{ "core/firmware/info",         KIND_QUERY,  0, 0,     LANE_WORKER, firmware_info },
	{ "core/firmware/running",      KIND_QUERY,  0, 0,     LANE_WORKER, firmware_running },
	{ "core/firmware/status",       KIND_QUERY,  0, 0,     LANE_WORKER, firmware_status },
	{ "core/menu/search",           KIND_QUERY,  0, 0,     LANE_WORKER, menu_search },
	{ "core/menu/tree",             KIND_QUERY,  0, 0,     LANE_WORKER, menu_tree },
	{ "core/system/dismiss_status", KIND_ACTION, 0, POSTS, LANE_WORKER, dismiss, .refusal = FAILED },
	{ "core/system/halt",           KIND_ACTION, 0, POSTS, LANE_SLOW,   halt,    .refusal = FAILED },
	{ "core/system/reboot",         KIND_ACTION, 0, POSTS, LANE_SLOW,   reboot,  .refusal = FAILED },
	{ "core/system/status",         KIND_QUERY,  0, 0,     LANE_WORKER, system_status },
	{ 0 },
};
/* clang-format on */
