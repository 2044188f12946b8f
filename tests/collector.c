/* Every number is looked up at its place; of version 9 the templates say where. */
#include "collector.h"

#include <arpa/inet.h>
#include <string.h>

#define TEMPLATES_MAX 4
#define FIELDS_MAX    32

struct template {
	uint64_t id;
	size_t   n, size;
	struct {
		uint64_t type, size;
	} fields[FIELDS_MAX];
};

static bool
take(struct text *rest, size_t size, uint64_t *out)
{
	*out = 0;
	if (rest->len < size)
		return false;
	for (size_t i = 0; i < size; i++)
		*out = *out << 8 | (unsigned char)rest->ptr[i];
	*rest = text_after(*rest, size);
	return true;
}

/* --- version 5 ---------------------------------------------------------------------------------------- */

static uint64_t
number_at(struct text record, size_t at, size_t size)
{
	struct text rest = text_after(record, at);
	uint64_t    number;

	take(&rest, size, &number);
	return number;
}

static bool
read_5(struct text rest, struct collected *out)
{
	uint64_t nanoseconds, engine;

	if (!take(&rest, 2, &out->count) || !take(&rest, 4, &out->uptime) || !take(&rest, 4, &out->seconds) ||
	    !take(&rest, 4, &nanoseconds) || !take(&rest, 4, &out->sequence) || !take(&rest, 4, &engine) ||
	    rest.len != out->count * 48 || out->count > 30 || nanoseconds >= 1000000000)
		return false;
	for (; rest.len; rest = text_after(rest, 48)) {
		struct collected_record *record = &out->records[out->n++];

		inet_ntop(AF_INET, rest.ptr, record->source, sizeof(record->source));
		inet_ntop(AF_INET, rest.ptr + 4, record->destination, sizeof(record->destination));
		record->in = number_at(rest, 12, 2);
		record->out = number_at(rest, 14, 2);
		record->packets = number_at(rest, 16, 4);
		record->octets = number_at(rest, 20, 4);
		record->first = number_at(rest, 24, 4);
		record->last = number_at(rest, 28, 4);
		record->source_port = number_at(rest, 32, 2);
		record->destination_port = number_at(rest, 34, 2);
		record->protocol = number_at(rest, 38, 1);
		record->direction = -1;
	}
	return true;
}

/* --- version 9 ---------------------------------------------------------------------------------------- */

static bool
read_templates(struct text set, struct template *templates, size_t *n)
{
	for (; set.len >= 4; (*n)++) {
		struct template *one = &templates[*n];
		uint64_t         count;

		if (*n == TEMPLATES_MAX || !take(&set, 2, &one->id) || !take(&set, 2, &count) || count > FIELDS_MAX)
			return false;
		for (one->n = one->size = 0; one->n < count; one->n++) {
			if (!take(&set, 2, &one->fields[one->n].type) || !take(&set, 2, &one->fields[one->n].size))
				return false;
			one->size += one->fields[one->n].size;
		}
	}
	return set.len == 0;
}

static void
take_field(struct collected_record *record, uint64_t type, struct text bytes)
{
	const uint64_t number = bytes.len <= 8 ? number_at(bytes, 0, bytes.len) : 0;

	switch (type) {
	case 8:
		inet_ntop(AF_INET, bytes.ptr, record->source, sizeof(record->source));
		break;
	case 12:
		inet_ntop(AF_INET, bytes.ptr, record->destination, sizeof(record->destination));
		break;
	case 27:
		inet_ntop(AF_INET6, bytes.ptr, record->source, sizeof(record->source));
		break;
	case 28:
		inet_ntop(AF_INET6, bytes.ptr, record->destination, sizeof(record->destination));
		break;
	case 1:
		record->octets = number;
		break;
	case 2:
		record->packets = number;
		break;
	case 4:
		record->protocol = number;
		break;
	case 7:
		record->source_port = number;
		break;
	case 11:
		record->destination_port = number;
		break;
	case 10:
		record->in = number;
		break;
	case 14:
		record->out = number;
		break;
	case 21:
		record->last = number;
		break;
	case 22:
		record->first = number;
		break;
	case 61:
		record->direction = (int)number;
		break;
	default:
		break;
	}
}

/* What is shorter than a record fills up. */
static bool
read_records(struct text set, const struct template *template, struct collected *out)
{
	for (; template->size && set.len >= template->size; out->n++) {
		if (out->n == COLLECTED_MAX)
			return false;
		out->records[out->n].direction = -1;
		for (size_t i = 0; i < template->n; i++) {
			take_field(&out->records[out->n], template->fields[i].type, text_first(set, template->fields[i].size));
			set = text_after(set, template->fields[i].size);
		}
	}
	return set.len < 4;
}

static bool
read_set(uint64_t id, struct text set, struct template *templates, size_t *n, struct collected *out)
{
	if (id == 0)
		return read_templates(set, templates, n);
	for (size_t i = 0; i < *n; i++)
		if (templates[i].id == id)
			return read_records(set, &templates[i], out);
	return false;
}

static bool
read_9(struct text rest, struct collected *out)
{
	struct template templates[TEMPLATES_MAX] = { 0 };
	uint64_t        source, id, len;
	size_t          n = 0;

	if (!take(&rest, 2, &out->count) || !take(&rest, 4, &out->uptime) || !take(&rest, 4, &out->seconds) ||
	    !take(&rest, 4, &out->sequence) || !take(&rest, 4, &source))
		return false;
	while (rest.len) {
		if (!take(&rest, 2, &id) || !take(&rest, 2, &len) || len < 4 || len % 4 || len - 4 > rest.len ||
		    !read_set(id, text_first(rest, len - 4), templates, &n, out))
			return false;
		rest = text_after(rest, len - 4);
	}
	return out->count == n + out->n;
}

bool
collector_read(struct text datagram, struct collected *out)
{
	memset(out, 0, sizeof(*out));
	if (!take(&datagram, 2, &out->version))
		return false;
	return out->version == 5 ? read_5(datagram, out) : out->version == 9 ? read_9(datagram, out) : false;
}
