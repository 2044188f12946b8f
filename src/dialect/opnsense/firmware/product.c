/* What product this is, which packages the machine has, and what there is to upgrade by its last check. */
#include "dialect/opnsense/firmware/firmware.h"

#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "api/packages.h"
#include "api/topics.h"
#include "dialect/opnsense/tables.h"

/* The level of the API that is served: retired calls of 26.1 are kept, so it is that one. */
#define API_VERSION "26.1.11"

#define CHECK_WAIT 180 /* seconds that a client waits for its check */

/* --- asking --------------------------------------------------------------------------------- */

const struct value *
firmware_job(struct call *call, bool of_check)
{
	scoped_buffer message = BUFFER_NONE;

	return topic_ask(call->request, &message, "packages.status", "of", of_check ? "check" : "", NULL);
}

bool
firmware_is(const struct value *job, const char *state)
{
	const struct value *is = value_get(job, "state");

	return value_is(is, VALUE_TEXT) && text_is(is->text, state);
}

const char *
firmware_file(struct call *call, const char *file, const char *name)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *answer = topic_ask(call->request, &message, "packages.file", "file", file, "name", name, NULL);
	const char         *text = value_as_string(call->request->arena, value_get(answer, "text"));

	return text ? text : "";
}

struct value *
firmware_packages(struct call *call)
{
	return packages_installed(call->request->arena, text_of(firmware_file(call, "installed", "")),
				  text_of(firmware_file(call, "automatic", "")));
}

/* --- what there is to upgrade --------------------------------------------------------------- */

static const char *
word(const struct call *call, const struct value *row, const char *name)
{
	const char *text = value_as_string(call->request->arena, value_get(row, name));

	return text ? text : "";
}

static bool
is_reason(const struct call *call, const struct value *row, const char *reason)
{
	return strcmp(word(call, row, "reason"), reason) == 0;
}

static void
put_changes(struct call *call, const char *name, const struct value *rows, const char *reason)
{
	json_name(&call->json, name);
	json_list(&call->json);
	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *row = value_at(rows, i);

		if (!is_reason(call, row, reason))
			continue;
		json_object(&call->json);
		json_put_string(&call->json, "name", word(call, row, "name"));
		if (strcmp(reason, "upgrade") == 0) {
			json_put_string(&call->json, "current_version", word(call, row, "old"));
			json_put_string(&call->json, "new_version", word(call, row, "new"));
		} else {
			json_put_string(&call->json, "version", word(call, row, strcmp(reason, "new") == 0 ? "new" : "old"));
		}
		json_put_string(&call->json, "repository", word(call, row, "repository"));
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
}

static void
put_all(struct call *call, const struct value *rows)
{
	json_name(&call->json, "all_packages");
	if (value_count(rows) == 0) {
		json_list(&call->json);
		json_list_end(&call->json);
		return;
	}
	json_object(&call->json);
	for (size_t i = 0; i < value_count(rows); i++) {
		const struct value *row = value_at(rows, i);

		json_name(&call->json, word(call, row, "name"));
		json_object(&call->json);
		json_put_string(&call->json, "reason", word(call, row, "reason"));
		json_put_string(&call->json, "old", word(call, row, "old"));
		json_put_string(&call->json, "new", word(call, row, "new"));
		json_put_string(&call->json, "name", word(call, row, "name"));
		json_put_string(&call->json, "repository", word(call, row, "repository"));
		json_object_end(&call->json);
	}
	json_object_end(&call->json);
}

/* A new kernel, or what every program uses, wants the machine to start again. */
static bool
wants_reboot(const struct call *call, const struct value *rows)
{
	for (size_t i = 0; i < value_count(rows); i++) {
		const char *name = word(call, value_at(rows, i), "name");

		if (text_starts(text_of(name), TEXT("linux-image-")) || strcmp(name, "libc6") == 0 || strcmp(name, "systemd") == 0)
			return true;
	}
	return false;
}

static const char *
time_text(struct arena *arena, int64_t seconds)
{
	const time_t at = (time_t)seconds;
	struct tm    parts;
	char         room[64];

	localtime_r(&at, &parts);
	return strftime(room, sizeof(room), "%a %b %e %H:%M:%S %Z %Y", &parts) ? arena_copy(arena, text_of(room)) : "";
}

/* All that the last check says; the object is open. */
static void
put_check(struct call *call, const struct value *check, const struct value *rows)
{
	const struct value *began = value_get(check, "began");
	const bool          is_due = firmware_file(call, "reboot", "")[0] != '\0';
	struct utsname      machine = { .release = "" };

	uname(&machine);
	json_put_string(&call->json, "last_check",
			time_text(call->request->arena, value_is(began, VALUE_INTEGER) ? began->integer : 0));
	json_put_string(&call->json, "os_version", arena_print(call->request->arena, "%s %s", machine.sysname, machine.release));
	json_put_string(&call->json, "connection", firmware_is(check, "done") ? "ok" : "misconfigured");
	json_put_string(&call->json, "repository", firmware_is(check, "done") ? "ok" : "incomplete");
	json_put_string(&call->json, "needs_reboot", is_due ? "1" : "0");
	json_put_string(&call->json, "status_reboot", wants_reboot(call, rows) ? "1" : "0");
	put_changes(call, "new_packages", rows, "new");
	put_changes(call, "upgrade_packages", rows, "upgrade");
	put_changes(call, "remove_packages", rows, "remove");
	json_name(&call->json, "reinstall_packages");
	json_list(&call->json);
	json_list_end(&call->json);
	json_name(&call->json, "downgrade_packages");
	json_list(&call->json);
	json_list_end(&call->json);
	json_name(&call->json, "upgrade_sets");
	json_list(&call->json);
	json_list_end(&call->json);
	json_name(&call->json, "all_sets");
	json_list(&call->json);
	json_list_end(&call->json);
	put_all(call, rows);
}

/* --- the product ---------------------------------------------------------------------------- */

static void
put_product(struct call *call, const struct value *check, const struct value *rows)
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
	if (check) {
		json_name(&call->json, "product_check");
		json_object(&call->json);
		put_check(call, check, rows);
		json_object_end(&call->json);
	} else {
		json_put_null(&call->json, "product_check");
	}
	json_object_end(&call->json);
}

/* The last check that ended; NULL: there was none. */
static const struct value *
last_check(struct call *call)
{
	const struct value *check = firmware_job(call, true);

	return firmware_is(check, "done") || firmware_is(check, "failed") ? check : NULL;
}

static const char *
status_message(struct call *call, const struct value *check, size_t count)
{
	if (!check)
		return "Updates of this machine come from its own package manager; none were asked for.";
	if (firmware_is(check, "failed"))
		return "The package manager of this machine could not be asked; its log says why.";
	if (count == 0)
		return "There are no updates available.";
	return arena_print(call->request->arena, count == 1 ? "There is %zu update available." : "There are %zu updates available.",
			   count);
}

static void
put_status(struct call *call)
{
	const struct value *check = last_check(call);
	const char         *log = value_as_string(call->request->arena, value_get(check, "log"));
	const struct value *rows = packages_changes(call->request->arena, text_of(log));
	const size_t        count = value_count(rows);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	put_product(call, check, rows);
	json_put_string(&call->json, "status_msg", status_message(call, check, count));
	json_put_string(&call->json, "status", firmware_is(check, "failed") ? "error" : count ? "update" : "none");
	if (check)
		put_check(call, check, rows);
	json_object_end(&call->json);
}

/* Wait for the check that this request began. */
static void
wait_for_check(struct call *call)
{
	const struct timespec pause = { .tv_nsec = 250 * 1000 * 1000 };

	for (int i = 0; i < CHECK_WAIT * 4; i++) {
		if (!firmware_is(firmware_job(call, false), "running"))
			return;
		nanosleep(&pause, NULL);
	}
}

static void
status(struct call *call)
{
	scoped_buffer message = BUFFER_NONE;

	if (call_is_post(call) && topic_ask(call->request, &message, "packages.start", "action", "check", NULL))
		wait_for_check(call);
	put_status(call);
}

/* --- packages ------------------------------------------------------------------------------- */

static void
put_package(struct call *call, const struct value *row)
{
	const char *kilobytes = word(call, row, "kilobytes");

	json_object(&call->json);
	json_put_string(&call->json, "name", word(call, row, "name"));
	json_put_string(&call->json, "version", word(call, row, "version"));
	json_put_string(&call->json, "comment", word(call, row, "summary"));
	json_put_string(&call->json, "flatsize", kilobytes[0] ? arena_print(call->request->arena, "%sKiB", kilobytes) : "");
	json_put_string(&call->json, "locked", strcmp(word(call, row, "locked"), "1") == 0 ? "1" : "0");
	json_put_string(&call->json, "automatic", strcmp(word(call, row, "automatic"), "1") == 0 ? "1" : "0");
	json_put_string(&call->json, "license", "");
	json_put_string(&call->json, "repository", "Debian");
	json_put_string(&call->json, "origin", word(call, row, "section"));
	json_put_string(&call->json, "provided", "1");
	json_put_string(&call->json, "installed", "1");
	json_put_string(&call->json, "path", arena_print(call->request->arena, "Debian/%s", word(call, row, "section")));
	json_put_string(&call->json, "configured", "0");
	json_object_end(&call->json);
}

/* Built from source there is no package of us, but there we are. */
static void
put_ourselves(struct call *call)
{
	struct value *row = value_object(call->request->arena);

	value_set_string(call->request->arena, row, "name", "drawbridge");
	value_set_string(call->request->arena, row, "version", call->request->service->version);
	value_set_string(call->request->arena, row, "summary", "Firewall management REST daemon");
	put_package(call, row);
}

static void
put_empty_list(struct call *call, const char *name)
{
	json_name(&call->json, name);
	json_list(&call->json);
	json_list_end(&call->json);
}

static void
info(struct call *call)
{
	const struct value *packages = firmware_packages(call), *check = last_check(call);
	const char         *log = value_as_string(call->request->arena, value_get(check, "log"));

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "product_id", "opnsense");
	json_put_string(&call->json, "product_version", API_VERSION);
	json_name(&call->json, "package");
	json_list(&call->json);
	if (!packages_find(packages, "drawbridge"))
		put_ourselves(call);
	for (size_t i = 0; i < value_count(packages); i++)
		put_package(call, value_at(packages, i));
	json_list_end(&call->json);
	put_empty_list(call, "plugin");
	put_empty_list(call, "changelog");
	put_product(call, check, packages_changes(call->request->arena, text_of(log)));
	json_object_end(&call->json);
}

static void
put_choice(struct call *call, const char *name, const char *label)
{
	json_name(&call->json, name);
	json_object(&call->json);
	json_put_string(&call->json, "", label);
	json_object_end(&call->json);
}

/* Where packages come from is said in apt's own files; there is nothing to choose here. */
static void
options(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	put_choice(call, "families", "Debian");
	put_empty_list(call, "families_has_subscription");
	put_choice(call, "flavours", "(default)");
	put_empty_list(call, "flavours_has_subscription");
	put_choice(call, "mirrors", "The sources of this machine");
	put_empty_list(call, "mirrors_has_subscription");
	json_object_end(&call->json);
}

/* clang-format off */
const struct action firmware_product_actions[] = {
	{ "core/firmware/info", KIND_QUERY, .lane = LANE_SLOW, .handle = info },
	{ "core/firmware/status", KIND_QUERY, .lane = LANE_SLOW, .handle = status },
	{ "core/firmware/get_options", KIND_QUERY, .handle = options },
	{ NULL },
};
/* clang-format on */
