/* What chrony says of its servers, in the words of ntpq, which clients know. */
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "proc/ask/ask.h"

#define SERVERS_MAX 256
#define COLUMNS_MAX 40
#define NEVER       UINT32_MAX /* seconds since the last answer of one that never gave any */

/* One line of comma separated values. */
struct line {
	struct text columns[COLUMNS_MAX];
	size_t      n;
};

static struct line
line_read(struct text text)
{
	struct line line = { .n = 0 };

	while (line.n < COLUMNS_MAX && (text.len > 0 || line.n == 0))
		line.columns[line.n++] = text_until(&text, ',');
	return line;
}

static struct text
column(const struct line *line, size_t n)
{
	return n < line->n ? line->columns[n] : TEXT_NONE;
}

/* The line whose column has this text. */
static struct line
line_of(struct text all, size_t at, struct text name)
{
	struct text one;

	while (text_next(&all, "\n", &one)) {
		const struct line line = line_read(one);

		if (text_equal(column(&line, at), name))
			return line;
	}
	return (struct line){ .n = 0 };
}

static const char *
milliseconds(struct arena *arena, struct text seconds, double sign)
{
	double value = 0;

	(void)number_read_real(seconds, &value);
	return arena_print(arena, "%.3f", value * sign * 1000);
}

/* ntpq's mark for chrony's. */
static const char *
tally(struct text state)
{
	static const char *const marks[][2] = { { "*", "*" }, { "+", "+" }, { "-", "-" }, { "x", "x" }, { "~", "#" } };

	for (size_t i = 0; i < COUNT(marks); i++)
		if (text_is(state, marks[i][0]))
			return marks[i][1];
	return " ";
}

/* "7F7F0101": an address above stratum 1, else four letters. */
static const char *
reference(struct arena *arena, const struct line *data)
{
	const struct text name = column(data, 16), hex = column(data, 15);
	char              digits[9] = "";
	unsigned long     number;

	if (name.len > 0)
		return arena_print(arena, ".%.*s.", TEXT_ARGS(name));
	if (hex.len == 0 || hex.len >= sizeof(digits))
		return "";
	memcpy(digits, hex.ptr, hex.len);
	number = strtoul(digits, NULL, 16);
	return number == 0 ? ".INIT."
			   : arena_print(arena, "%lu.%lu.%lu.%lu", number >> 24 & 255, number >> 16 & 255, number >> 8 & 255,
					 number & 255);
}

static struct value *
peer_row(struct arena *arena, const struct line *source, struct text stats, struct text data)
{
	const struct text name = column(source, 2);
	const struct line its_stats = line_of(stats, 0, name), its_data = line_of(data, 0, name);
	struct value     *row = value_object(arena);
	int64_t           when = NEVER, poll = 0;

	(void)number_read(column(source, 6), 0, NEVER, &when);
	(void)number_read(column(source, 4), -7, 24, &poll);
	value_set_string(arena, row, "status", tally(column(source, 1)));
	value_set(arena, row, "server", value_text(arena, name));
	value_set_string(arena, row, "refid", reference(arena, &its_data));
	value_set(arena, row, "stratum", value_text(arena, its_data.n > 8 ? column(&its_data, 8) : column(source, 3)));
	value_set_string(arena, row, "type", text_is(column(source, 0), "#") ? "l" : "u");
	value_set_string(arena, row, "when", when == NEVER ? "-" : arena_print(arena, "%lld", (long long)when));
	value_set_string(arena, row, "poll", arena_print(arena, "%ld", poll < 0 ? 1L : 1L << poll));
	value_set(arena, row, "reach", value_text(arena, column(source, 5)));
	value_set_string(arena, row, "delay", milliseconds(arena, column(&its_data, 19), 1));
	/* Chrony says how far the clock of the box is ahead, ntpq how far that of the server is. */
	value_set_string(arena, row, "offset", milliseconds(arena, column(source, 8), -1));
	value_set_string(arena, row, "jitter", milliseconds(arena, column(&its_stats, 7), 1));
	return row;
}

enum result
topic_time_peers(struct asking *asking, struct value **answer)
{
	struct text sources, stats, data, one;
	enum result result;

	*answer = value_list(asking->arena);
	if (asking->box->setup.is_simulated)
		return RESULT_DONE;
	result = asked_daemon(asking, "chrony.sources", "", &sources);
	if (result == RESULT_DONE)
		result = asked_daemon(asking, "chrony.stats", "", &stats);
	if (result == RESULT_DONE)
		result = asked_daemon(asking, "chrony.data", "", &data);
	if (result != RESULT_DONE)
		return result;
	while ((*answer)->count < SERVERS_MAX && text_next(&sources, "\n", &one)) {
		const struct line source = line_read(one);

		if (source.n >= 10)
			value_add(asking->arena, *answer, peer_row(asking->arena, &source, stats, data));
	}
	return RESULT_DONE;
}
