/* Looking things up in the lists of facts. */
#include "schema/facts.h"

const struct choice *
facts_list(const struct facts *facts, const char *name, size_t *count)
{
	*count = 0;
	const struct choice *list = facts && facts->list ? facts->list(facts->context, name, count) : NULL;

	return *count > 0 ? list : facts_constant(name, count);
}

const struct choice *
facts_find(const struct facts *facts, const char *name, struct text key)
{
	size_t               count;
	const struct choice *list = facts_list(facts, name, &count);

	for (size_t i = 0; i < count; i++)
		if (text_is(key, list[i].key))
			return &list[i];
	return NULL;
}

uint64_t
facts_stamp(const struct facts *facts)
{
	return facts && facts->stamp ? facts->stamp(facts->context) : 0;
}
