/* A word is done in turns: before the change, in it, after it. */
#include "dialect/pfsense/own/tool.h"

#include "api/login.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/own/own.h"
#include "dialect/pfsense/state.h"

#define PREFIX "/api/pfsense-tool"

struct turns {
	struct state      state; /* first: state_of() */
	const struct word *word;
	bool              is_changed; /* the change is durable */
	struct value     *settings;   /* that were read */
};

struct word {
	const char *name;
	/* On LANE_SLOW, before there is a change. False: that is all, and the reply is written. */
	bool (*begin)(struct request *, struct buffer *out);
	/* On LANE_COMMIT: the section as it will be; NULL: it stays, and the reply is written. */
	struct value *(*change)(struct request *, struct buffer *out);
	/* On LANE_SLOW, when the change is durable. */
	void (*end)(struct request *, struct buffer *out);
};

static struct turns *
turns_of(struct request *request)
{
	return request->state;
}

static enum step
answer(struct request *request, unsigned status, const struct buffer *lines)
{
	reply_reset(request);
	request->reply.status = status;
	request->reply.content_type = "text/plain; charset=utf-8";
	buffer_add(&request->reply.body, buffer_text(lines));
	return STEP_ANSWER;
}

static enum step
answer_words(struct request *request, unsigned status, const char *words)
{
	scoped_buffer lines = BUFFER_NONE;

	buffer_add_string(&lines, words);
	return answer(request, status, &lines);
}

/* The reply is the lines, and not good. */
static bool
fail(struct request *request, const struct buffer *lines, const char *what)
{
	scoped_buffer all = BUFFER_NONE;

	buffer_print(&all, "%s: %s\n", what, buffer_string(lines));
	answer(request, 500, &all);
	return false;
}

/* --- the words ------------------------------------------------------------------------------------------------ */

static bool
begin_backup(struct request *request, struct buffer *out)
{
	scoped_buffer message = BUFFER_NONE;

	if (own_backup(request, &message) != RESULT_DONE)
		return fail(request, &message, "The settings were not backed up");
	buffer_add_string(out, "The settings are backed up.\n");
	answer(request, 200, out);
	return false;
}

static bool
begin_sync(struct request *request, struct buffer *out)
{
	answer(request, own_push(request, out) ? 200 : 500, out);
	return false;
}

static bool
begin_restore(struct request *request, struct buffer *out)
{
	scoped_buffer message = BUFFER_NONE;

	(void)out;
	turns_of(request)->settings = own_read(request, &message);
	return turns_of(request)->settings || fail(request, &message, "There is nothing to restore");
}

static struct value *
change_restore(struct request *request, struct buffer *out)
{
	struct value *settings = turns_of(request)->settings;

	if (!value_equal(settings, settings_of(request)->all))
		return settings;
	buffer_add_string(out, "The settings are those of the backup already.\n");
	answer(request, 200, out);
	return NULL;
}

static void
end_restore(struct request *request, struct buffer *out)
{
	scoped_buffer report = BUFFER_NONE;

	buffer_add_string(out, "The settings are restored.\n");
	if (own_push(request, &report))
		buffer_add(out, buffer_text(&report));
}

/* Tokens of both kinds are void from here on. */
static struct value *
change_rotate(struct request *request, struct buffer *out)
{
	struct value *settings = value_copy(request->arena, settings_of(request)->all);

	(void)out;
	value_remove(settings, "keys");
	value_set_string(request->arena, settings, "server_key", random_hex(request->arena, SERVER_KEY_BYTES));
	return settings;
}

static void
end_rotate(struct request *request, struct buffer *out)
{
	scoped_buffer report = BUFFER_NONE, message = BUFFER_NONE;

	buffer_add_string(out, "There is a new server key, and all tokens are void.\n");
	/* An older copy would bring them back. */
	if (settings_of(request)->persist && own_backup(request, &message) == RESULT_FAILED)
		buffer_print(out, "The settings were not backed up: %s\n", buffer_string(&message));
	if (own_push(request, &report))
		buffer_add(out, buffer_text(&report));
}

static const struct word words[] = {
	{ "backup", begin_backup, NULL, NULL },
	{ "restore", begin_restore, change_restore, end_restore },
	{ "rotateserverkey", NULL, change_rotate, end_rotate },
	{ "sync", begin_sync, NULL, NULL },
};

/* --- turns ---------------------------------------------------------------------------------------------------- */

static const struct word *
word_find(struct text name)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (text_is(name, words[i].name))
			return &words[i];
	return NULL;
}

static enum step
make_change(struct request *request)
{
	const struct word *word = turns_of(request)->word;
	scoped_buffer      out = BUFFER_NONE;
	struct value      *settings = word->change(request, &out);
	const char        *message = NULL;

	if (!settings)
		return STEP_ANSWER;
	struct tree *tree = tree_make(request);

	settings_put(request, tree, settings);
	if (tree_save(tree, &message) != RESULT_DONE)
		return answer_words(request, 500, message ? message : "The settings were not saved.\n");
	settings_reread(request);
	change_note(request->change, arena_print(request->arena, "pfsense-api %s", word->name));
	request->keep = true;
	request->then = LANE_SLOW;
	turns_of(request)->is_changed = true;
	return STEP_ANSWER;
}

static enum step
finish(struct request *request)
{
	scoped_buffer out = BUFFER_NONE;

	turns_of(request)->word->end(request, &out);
	return answer(request, 200, &out);
}

static enum step
begin(struct request *request)
{
	const struct word *word = turns_of(request)->word;
	scoped_buffer      out = BUFFER_NONE;

	if (word->begin && !word->begin(request, &out))
		return STEP_ANSWER;
	return move_to(request, LANE_COMMIT);
}

static enum step
serve(struct request *request)
{
	const struct text name = text_after(request->path, sizeof(PREFIX));

	if (!request->socket || !word_find(name))
		return answer_words(request, 404, "Not found\n");
	if (request->method != METHOD_POST)
		return answer_words(request, 405, "Only by POST.\n");
	if (request->header(request, "Authorization").ptr || !login_administrator(request))
		return answer_words(request, 401, "Only for the administrator of this machine.\n");
	if (!request->state)
		request->state = ARENA_MAKE(request->arena, struct turns, 1);
	turns_of(request)->word = word_find(name);
	if (turns_of(request)->is_changed)
		return finish(request);
	if (request->lane == LANE_COMMIT)
		return make_change(request);
	return request->lane == LANE_SLOW ? begin(request) : move_to(request, LANE_SLOW);
}

static void
failed(struct request *request, enum result result, const char *message)
{
	(void)result;
	answer_words(request, 500, arena_print(request->arena, "The settings were not saved: %s\n", message));
}

/* None of a contract's. */
static const char *
endpoint_of(const struct request *request)
{
	(void)request;
	return NULL;
}

const struct dialect_server pfsense_tool = {
	.name = "pfsense-tool",
	.prefix = PREFIX,
	.serve = serve,
	.failed = failed,
	.endpoint = endpoint_of,
};
