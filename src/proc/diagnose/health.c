/* Numbers over time, as they are asked for. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "proc/diagnose/diagnose.h"
#include "proc/diagnose/sampler.h"
#include "proc/record/health.h"

/* [{item, topic}] */
enum result
topic_health_list(struct asking *asking, struct value **answer)
{
	const struct health_series *list;
	const size_t                n = health_list(asking->box->health, asking->arena, &list);

	*answer = value_list(asking->arena);
	for (size_t i = 0; i < n; i++) {
		struct value *row = value_object(asking->arena);

		value_set_string(asking->arena, row, "item", list[i].item);
		value_set_string(asking->arena, row, "topic", list[i].topic);
		value_add(asking->arena, *answer, row);
	}
	return RESULT_DONE;
}

/* [[ms, number]] of one column; what nobody has looked at is left out. */
static struct value *
column_values(struct arena *arena, const struct health_data *data, size_t column, size_t *rows)
{
	struct value *list = value_list(arena);

	for (size_t i = 0; i < data->rows; i++) {
		const float   number = data->values[i * data->columns + column];
		struct value *pair;

		if (isnan(number))
			continue;
		pair = value_list(arena);
		value_add(arena, pair, value_integer(arena, (data->first + (int64_t)i * data->step) * 1000));
		value_add(arena, pair, value_real(arena, (double)number));
		value_add(arena, list, pair);
	}
	*rows = list->count > *rows ? list->count : *rows;
	return list;
}

enum result
topic_health_fetch(struct asking *asking, struct value **answer)
{
	struct arena      *arena = asking->arena;
	const int64_t      detail = asked_number(asking, "detail", 0, HEALTH_DETAILS - 1, HEALTH_DETAILS);
	struct health_data data;
	struct text        rest, name;
	size_t             rows = 0;

	if (!health_fetch(asking->box->health, arena, asked_text(asking, "series"), (unsigned)detail, time(NULL), &data))
		return asked_wrong(asking, RESULT_MISSING, "there are no such numbers");
	struct value *list = value_list(arena);

	rest = text_of(data.names);
	for (size_t i = 0; text_next(&rest, ",", &name); i++) {
		struct value *column = value_object(arena);

		value_set(arena, column, "key", value_text(arena, name));
		value_set(arena, column, "values", column_values(arena, &data, i, &rows));
		value_add(arena, list, column);
	}
	*answer = value_object(arena);
	value_set_string(arena, *answer, "item", data.item);
	value_set_string(arena, *answer, "topic", data.topic);
	value_set(arena, *answer, "step", value_integer(arena, data.step));
	value_set(arena, *answer, "rows", value_integer(arena, (int64_t)rows));
	value_set(arena, *answer, "columns", list);
	return RESULT_DONE;
}

enum result
topic_health_forget(struct asking *asking, struct value **answer)
{
	if (!health_flush(asking->box->health, asked_text(asking, "series")))
		return asked_wrong(asking, RESULT_MISSING, "there are no such numbers");
	*answer = value_bool(asking->arena, true);
	return RESULT_DONE;
}

enum result
topic_health_look(struct asking *asking, struct value **answer)
{
	sampler_wake(asking->box->sampler);
	*answer = value_bool(asking->arena, true);
	return RESULT_DONE;
}
