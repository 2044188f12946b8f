/* The machine's packages and its power: handed on to the keeper. */
#include <string.h>
#include <unistd.h>

#include "proc/ask/ask.h"
#include "proc/package/jobs.h"

static const char *const actions[PACKAGE_ACTIONS] = PACKAGE_WORDS;
static const char *const states[PACKAGE_STATES] = { "never", "running", "done", "failed" };
static const char *const files[PACKAGE_FILES] = { "installed", "automatic", "reboot", "copyright" };

/* The place of a word; count when it is none of them. */
static unsigned
find_word(const char *const *words, unsigned count, const char *word)
{
	unsigned at = 0;

	while (at < count && strcmp(words[at], word) != 0)
		at++;
	return at;
}

enum result
topic_packages_start(struct asking *asking, struct value **answer)
{
	const unsigned    action = find_word(actions, PACKAGE_ACTIONS, asked_text(asking, "action"));
	const char       *name = asked_text(asking, "name");

	if (action == PACKAGE_ACTIONS)
		return asked_wrong(asking, RESULT_INVALID, "there is no such job");
	if (name[0] && !package_name_is_valid(text_of(name)))
		return asked_wrong(asking, RESULT_INVALID, "this is no name of a package");
	if (!name[0] == (action >= PACKAGE_INSTALL && action <= PACKAGE_UNLOCK))
		return asked_wrong(asking, RESULT_INVALID, name[0] ? "this job takes no name" : "this job needs a name");
	scoped_writer  order;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_u32(&order, action);
	put_string(&order, name);
	*answer = value_bool(asking->arena, true);
	return asked_order(asking, ORDER_PACKAGE_JOB, &order, &reply);
}

static enum result
read_status(struct asking *asking, bool of_check, bool forget, struct value **answer)
{
	struct arena  *arena = asking->arena;
	scoped_writer  order;
	scoped_message reply;
	scoped_sealed  log = TEXT_NONE;

	writer_init(&order);
	message_init(&reply);
	put_bool(&order, of_check);
	put_bool(&order, forget);
	const enum result result = asked_order(asking, ORDER_PACKAGE_STATUS, &order, &reply);

	if (result != RESULT_DONE)
		return result;
	struct reader  in = message_reader(&reply);
	const unsigned state = get_choice(&in, PACKAGE_STATES), action = get_choice(&in, PACKAGE_ACTIONS);
	const int64_t  began = get_i64(&in);
	const int      fd = get_fd(&in);
	const bool     is_good = got_all(&in) && sealed_map(fd, PACKAGE_LOG_MAX, &log);

	if (fd >= 0)
		close(fd);
	if (!is_good)
		return asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
	*answer = value_object(arena);
	value_set_string(arena, *answer, "state", states[state]);
	value_set_string(arena, *answer, "action", actions[action]);
	value_set(arena, *answer, "began", value_integer(arena, began));
	value_set(arena, *answer, "log", value_text(arena, log));
	return RESULT_DONE;
}

enum result
topic_packages_status(struct asking *asking, struct value **answer)
{
	return read_status(asking, strcmp(asked_text(asking, "of"), "check") == 0, false, answer);
}

enum result
topic_packages_forget(struct asking *asking, struct value **answer)
{
	return read_status(asking, false, true, answer);
}

enum result
topic_packages_file(struct asking *asking, struct value **answer)
{
	const unsigned file = find_word(files, PACKAGE_FILES, asked_text(asking, "file"));
	const char    *name = asked_text(asking, "name");
	scoped_sealed  text = TEXT_NONE;

	if (file == PACKAGE_FILES || (file == PACKAGE_FILE_COPYRIGHT ? !package_name_is_valid(text_of(name)) : name[0] != '\0'))
		return asked_wrong(asking, RESULT_INVALID, "there is no such file");
	scoped_writer order;

	writer_init(&order);
	put_u32(&order, file);
	put_string(&order, name);
	const enum result result = asked_sealed(asking, ORDER_PACKAGE_FILE, &order, PACKAGE_FILE_MAX, &text);

	if (result != RESULT_DONE)
		return result;
	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "text", value_text(asking->arena, text));
	return RESULT_DONE;
}

static enum result
turn(struct asking *asking, bool off, struct value **answer)
{
	scoped_writer  order;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_bool(&order, off);
	*answer = value_object(asking->arena);
	return asked_order(asking, ORDER_POWER, &order, &reply);
}

enum result
topic_system_halt(struct asking *asking, struct value **answer)
{
	return turn(asking, true, answer);
}

enum result
topic_system_reboot(struct asking *asking, struct value **answer)
{
	return turn(asking, false, answer);
}
