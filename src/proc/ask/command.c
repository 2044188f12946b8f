/* Commands of clients: handed on to the keeper, which runs them where the administrator's own file allows it. */
#include "base/text.h"
#include "proc/ask/ask.h"
#include "wire/reader.h"

enum result
topic_command_run(struct asking *asking, struct value **answer)
{
	static const char *const ends[COMMAND_ENDS] = { "", "late", "full" };
	const struct value      *command = value_get(asking->argument, "command");
	const struct text        line = value_is(command, VALUE_TEXT) ? command->text : TEXT_NONE;
	scoped_sealed            mapped = TEXT_NONE;

	if (line.len == 0 || memchr(line.ptr, '\0', line.len))
		return asked_wrong(asking, RESULT_INVALID, "this is no command");
	if (line.len > COMMAND_MAX)
		return asked_wrong(asking, RESULT_TOO_BIG, "a command has at most %d bytes", COMMAND_MAX);
	scoped_writer order;

	writer_init(&order);
	put_text(&order, line);
	const enum result result = asked_sealed(asking, ORDER_COMMAND, &order, COMMAND_SAID_MAX + 4, &mapped);

	if (result != RESULT_DONE)
		return result;
	struct reader  in = reader_of(mapped);
	const unsigned end = get_choice(&in, COMMAND_ENDS);

	if (in.failed)
		return asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "output", value_text(asking->arena, in.left));
	value_set_string(asking->arena, *answer, "ended", ends[end]);
	return RESULT_DONE;
}
