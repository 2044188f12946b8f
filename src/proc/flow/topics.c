/* Accounting of traffic, as it is asked for. */
#include <string.h>
#include <time.h>

#include "proc/diagnose/diagnose.h"
#include "proc/flow/flows.h"

enum result
topic_netflow_status(struct asking *asking, struct value **answer)
{
	*answer = flows_status(asking->box->flows, asking->arena);
	return RESULT_DONE;
}

enum result
topic_netflow_cached(struct asking *asking, struct value **answer)
{
	flows_look(asking->box->flows);
	*answer = flows_cached(asking->box->flows, asking->arena);
	return RESULT_DONE;
}

enum result
topic_insight_forget(struct asking *asking, struct value **answer)
{
	insight_clear(flows_insight(asking->box->flows));
	*answer = value_bool(asking->arena, true);
	return RESULT_DONE;
}

enum result
topic_insight_metadata(struct asking *asking, struct value **answer)
{
	*answer = insight_metadata(asking->arena);
	return RESULT_DONE;
}

static struct insight_query
read_query(const struct asking *asking)
{
	const int64_t now = time(NULL);

	return (struct insight_query){
		.provider = asked_text(asking, "provider"),
		.from = asked_number(asking, "from", 0, UINT32_MAX, 0),
		.to = asked_number(asking, "to", 0, UINT32_MAX, now + 1),
		.now = now,
		.resolution = (unsigned)asked_number(asking, "resolution", 0, UINT32_MAX, 0),
		.fields = text_of(asked_text(asking, "fields")),
		.filter = text_of(asked_text(asking, "filter")),
	};
}

static enum result
said(const struct asking *asking, const struct value *answer)
{
	return answer ? RESULT_DONE : asked_wrong(asking, RESULT_MISSING, "there are no such numbers");
}

enum result
topic_insight_series(struct asking *asking, struct value **answer)
{
	flows_look(asking->box->flows);
	const struct insight_query query = read_query(asking);

	*answer = insight_series(flows_insight(asking->box->flows), asking->arena, &query);
	return said(asking, *answer);
}

enum result
topic_insight_top(struct asking *asking, struct value **answer)
{
	const bool   by_packets = strcmp(asked_text(asking, "by"), "packets") == 0;
	const size_t most = (size_t)asked_number(asking, "most", 0, INSIGHT_TOP_MAX, INSIGHT_TOP_MAX);

	flows_look(asking->box->flows);
	const struct insight_query query = read_query(asking);

	*answer = insight_top(flows_insight(asking->box->flows), asking->arena, &query, by_packets, most);
	return said(asking, *answer);
}

enum result
topic_insight_export(struct asking *asking, struct value **answer)
{
	scoped_buffer text = BUFFER_NONE;

	flows_look(asking->box->flows);
	const struct insight_query query = read_query(asking);

	*answer = NULL;
	if (insight_export(flows_insight(asking->box->flows), &text, &query))
		*answer = value_text(asking->arena, buffer_text(&text));
	return said(asking, *answer);
}
