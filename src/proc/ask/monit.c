/* What Monit says of all it watches, and of a configuration that is saved and not yet applied. */
#include <string.h>

#include "api/xml.h"
#include "proc/ask/ask.h"
#include "proc/ask/box_inside.h"
#include "proc/part/service.h"

/* --- Status ------------------------------------------------------------------------------------------ */

/* As PHP's SimpleXML becomes JSON: texts, objects, a list where a name comes again, "@attributes"; what is empty is an empty object. */
static struct value *
tree_of(struct arena *arena, const struct xml *node)
{
	struct value *object;

	if (!node->first && node->text.len > 0 && !node->attributes)
		return value_text(arena, node->text);
	object = value_object(arena);
	if (node->attributes) {
		struct value *attributes = value_object(arena);

		for (size_t i = 0; node->attributes[i]; i += 2)
			value_set_string(arena, attributes, node->attributes[i], node->attributes[i + 1]);
		value_set(arena, object, "@attributes", attributes);
	}
	if (!node->first && node->text.len > 0)
		value_set(arena, object, "0", value_text(arena, node->text));
	for (const struct xml *child = node->first; child; child = child->next) {
		struct value *present = value_get(object, child->name), *below = tree_of(arena, child);

		if (present && present->kind != VALUE_LIST) {
			struct value *list = value_list(arena);

			value_add(arena, list, present);
			value_set(arena, object, child->name, list);
			present = list;
		}
		if (present)
			value_add(arena, present, below);
		else
			value_set(arena, object, child->name, below);
	}
	return object;
}

/* What is behind the head of an answer of HTTP 1.0; TEXT_NONE: it is none, or no good one. */
static struct text
body_of(struct text answer)
{
	const char *end = answer.len > 0 ? memmem(answer.ptr, answer.len, "\r\n\r\n", 4) : NULL;

	if (!end || !text_starts(answer, TEXT("HTTP/1.")) || !text_starts(text_after(answer, 8), TEXT(" 200 ")))
		return TEXT_NONE;
	return text_after(answer, (size_t)(end - answer.ptr) + 4);
}

/* Without the colours of a terminal: ESC "[" ... "m". For pages, what has a meaning there is escaped. */
static struct value *
plain(struct arena *arena, struct text text, bool is_page)
{
	scoped_buffer out = BUFFER_NONE, page = BUFFER_NONE;

	while (text.len > 0) {
		buffer_add(&out, text_until(&text, '\x1b'));
		if (text_starts(text, TEXT("[")))
			(void)text_until(&text, 'm');
	}
	if (!is_page)
		return value_text(arena, buffer_text(&out));
	buffer_add_string(&page, "<pre>");
	xml_write_text(&page, buffer_string(&out));
	buffer_add_string(&page, "</pre>");
	return value_text(arena, buffer_text(&page));
}

enum result
topic_monit_status(struct asking *asking, struct value **answer)
{
	const char       *format = asked_text(asking, "format"), *message = "no answer";
	const bool        is_tree = strcmp(format, "xml") == 0;
	struct text       said;
	const struct xml *root;

	*answer = value_object(asking->arena);
	if (asking->box->setup.is_simulated) {
		value_set(asking->arena, *answer, "status", value_object(asking->arena));
		return RESULT_DONE;
	}
	const enum result result = asked_daemon(asking, is_tree ? "monit.xml" : "monit.text", "", &said);

	/* Its first start after the machine's waits before it listens to anybody. */
	if (result == RESULT_UNAVAILABLE)
		buffer_print(asking->message, " before its start delay of %s seconds is over",
			     record_get(snapshot_single(asking->snapshot, "monit.settings"), "general.startdelay"));
	if (result != RESULT_DONE)
		return result;
	said = body_of(said);
	if (said.len == 0)
		return asked_wrong(asking, RESULT_FAILED, "Monit does not say how it is");
	if (!is_tree) {
		value_set(asking->arena, *answer, "status", plain(asking->arena, said, strcmp(format, "html") == 0));
		return RESULT_DONE;
	}
	root = xml_read(asking->arena, said, &message);
	if (!root)
		return asked_wrong(asking, RESULT_FAILED, "what Monit says is not well-formed: %s", message);
	value_set(asking->arena, *answer, "status", tree_of(asking->arena, root));
	return RESULT_DONE;
}

/* --- Check -------------------------------------------------------------------------------------------- */

enum result
topic_monit_check(struct asking *asking, struct value **answer)
{
	struct keeper_box        *box = asking->box;
	const struct service_view view = {
		.arena = asking->arena, .snapshot = asking->snapshot, .is_alone = box->setup.is_alone,
		.allows_commands = box->setup.allows_commands,
	};
	scoped_buffer             said = BUFFER_NONE;
	enum result               result = RESULT_DONE;

	if (box->setup.is_simulated) {
		buffer_add_string(&said, "Control file syntax OK");
	} else {
		pthread_mutex_unlock(&box->lock);
		result = service_part_try(box->setup.courier, &view, "monit", &said, asking->message);
		pthread_mutex_lock(&box->lock);
	}
	if (result != RESULT_DONE)
		return result;
	*answer = value_object(asking->arena);
	value_set_string(asking->arena, *answer, "message", buffer_string(&said));
	return RESULT_DONE;
}
