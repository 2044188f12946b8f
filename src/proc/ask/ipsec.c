/* What IPsec's daemon is told. */
#include "plan/ipsec/swanctl.h"
#include "proc/ask/ask.h"

enum result
topic_ipsec_configuration(struct asking *asking, struct value **answer)
{
	scoped_buffer content = BUFFER_NONE, missing = BUFFER_NONE;
	struct text   rest, line;

	swanctl_write(&content, asking->snapshot, false, &missing);
	rest = buffer_text(&missing);
	while (text_next(&rest, "\n", &line))
		buffer_print(&content, "# %.*s\n", TEXT_ARGS(line));
	*answer = value_object(asking->arena);
	value_set_string(asking->arena, *answer, "content", buffer_string(&content));
	return RESULT_DONE;
}
