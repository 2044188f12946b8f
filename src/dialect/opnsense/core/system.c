/* How the system is, and turning it off. */
#include <string.h>

#include "api/topics.h"
#include "dialect/opnsense/tables.h"

/* --- system ------------------------------------------------------------------------------------------------ */

enum { STATUS_NOTICE = 1, STATUS_OK = 2 };

#define FILTER_TITLE "Firewall rules"

/* What rules do otherwise than in pf, with a sentence about all of it; NULL: nothing. */
static const struct value *
filter_notes(struct call *call, const char **sentence)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *answer = topic_ask(call->request, &message, "filter.notes", NULL);
	const struct value *total = value_get(answer, "total");

	if (!value_is(total, VALUE_INTEGER) || total->integer == 0)
		return NULL;
	*sentence = arena_print(call->request->arena, "%lld thing%s in rules, translations and aliases cannot be had as in pf.",
	                        (long long)total->integer, total->integer == 1 ? "" : "s");
	return value_get(answer, "notes");
}

static void
put_subsystems(struct call *call, const struct value *notes, const char *sentence)
{
	json_name(&call->json, "subsystems");
	if (!notes) {
		json_list(&call->json);
		json_list_end(&call->json);
		return;
	}
	json_object(&call->json);
	json_name(&call->json, "firewall_notes");
	json_object(&call->json);
	json_put_string(&call->json, "title", FILTER_TITLE);
	json_put_number(&call->json, "status", STATUS_NOTICE);
	json_put_string(&call->json, "message", sentence);
	json_put_string(&call->json, "location", "/ui/firewall/filter");
	json_put_bool(&call->json, "persistent", true);
	json_name(&call->json, "notes");
	json_value(&call->json, notes);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

/* Ours: who carries out what is applied, and how often it did. */
static void
put_keeper(struct call *call)
{
	scoped_buffer       message = BUFFER_NONE;
	const struct value *keeper = topic_ask(call->request, &message, "keeper.status", NULL);

	if (!keeper)
		return;
	json_name(&call->json, "drawbridge");
	json_value(&call->json, keeper);
}

/* Ours: what the machine lacks for what is configured. */
static void
system_doctor(struct call *call)
{
	answer_asked(call, "Doctor", "box.doctor", NULL);
}

static void
system_status(struct call *call)
{
	const char         *sentence = "No pending messages";
	const struct value *notes = filter_notes(call, &sentence);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "metadata");
	json_object(&call->json);
	json_name(&call->json, "system");
	json_object(&call->json);
	json_put_number(&call->json, "status", notes ? STATUS_NOTICE : STATUS_OK);
	json_put_string(&call->json, "message", sentence);
	json_put_string(&call->json, "title", notes ? FILTER_TITLE : "System");
	json_object_end(&call->json);
	json_name(&call->json, "translations");
	json_object(&call->json);
	json_put_string(&call->json, "dialogTitle", "System Status");
	json_put_string(&call->json, "dialogCloseButton", "Close");
	json_object_end(&call->json);
	put_subsystems(call, notes, sentence);
	put_keeper(call);
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

/* clang-format off */
#define FAILED "{\"status\":\"failed\"}"
const struct action core_system_actions[] = {
	{ "core/system/dismiss_status", KIND_ACTION, 0, POSTS, LANE_WORKER, dismiss, .refusal = FAILED },
	{ "core/system/doctor",         KIND_QUERY,  0, 0,     LANE_SLOW,   system_doctor },
	{ "core/system/halt",           KIND_ACTION, 0, POSTS, LANE_SLOW,   halt,    .refusal = FAILED },
	{ "core/system/reboot",         KIND_ACTION, 0, POSTS, LANE_SLOW,   reboot,  .refusal = FAILED },
	{ "core/system/status",         KIND_QUERY,  0, 0,     LANE_SLOW,   system_status },
	{ 0 },
};
/* clang-format on */
