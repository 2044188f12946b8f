/* Captures: the keeper takes the packets, this side says which and reads what there is. */
#include "proc/jobs/jobs_inside.h"

#include <ctype.h>
#include <net/if_arp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/number.h"
#include "proc/capture/taker.h"
#include "proc/jobs/capture_filter.h"
#include "wire/links.h"
#include "wire/order.h"
#include "wire/sealed.h"

#define SNAPLEN_PRESET CAPTURE_SNAPLEN_MAX
#define COUNT_PRESET   100

/* --- What is asked for ------------------------------------------------------------------------------------------ */

static bool
is_on(const struct job *job, const char *name)
{
	return strcmp(job_setting(job, name), "1") == 0;
}

static int64_t
number_setting(const struct job *job, const char *name, int64_t max, int64_t otherwise)
{
	int64_t number = otherwise;

	number_read(text_of(job_setting(job, name)), 0, max, &number);
	return number;
}

/* Protocols as the field lists them: by upstream's names, those of /etc/protocols, or number. */
static bool
read_protocol(const char *text, int *out)
{
	/* clang-format off */
	static const struct { const char *name; int number; } names[] = {
		{ "tcp", 6 }, { "udp", 17 }, { "icmp", 1 }, { "icmp6", 58 }, { "icmpv6", 58 }, { "ipv6-icmp", 58 }, { "carp", 112 },
		{ "pfsync", 240 }, { "ospf", 89 }, { "gre", 47 }, { "esp", 50 }, { "ah", 51 }, { "igmp", 2 }, { "pim", 103 },
	};
	/* clang-format on */
	struct protoent  room, *found = NULL;
	char             lower[64] = "", bytes[1024];
	int64_t          number;

	*out = -1;
	if (!text[0] || strcmp(text, "any") == 0)
		return true;
	for (size_t i = 0; i < COUNT(names); i++)
		if (text_equal_any_case(text_of(text), text_of(names[i].name))) {
			*out = names[i].number;
			return true;
		}
	if (number_read(text_of(text), 0, 255, &number)) {
		*out = (int)number;
		return true;
	}
	for (size_t i = 0; text[i] && i + 1 < sizeof(lower); i++)
		lower[i] = (char)tolower((unsigned char)text[i]);
	if (getprotobyname_r(lower, &room, bytes, sizeof(bytes), &found) != 0 || !found)
		return false;
	*out = found->p_proto;
	return true;
}

static bool
resolve_host(const char *name, bool inet6, struct prefix *out)
{
	struct sockaddr_storage found;
	unsigned                size;

	if (!jobs_resolve(name, inet6, &found, &size))
		return false;
	out->address.family = inet6 ? FAMILY_INET6 : FAMILY_INET;
	out->bits = address_bits(out->address.family);
	if (inet6)
		memcpy(out->address.bytes, &((const struct sockaddr_in6 *)&found)->sin6_addr, 16);
	else
		memcpy(out->address.bytes, &((const struct sockaddr_in *)&found)->sin_addr, 4);
	return true;
}

static bool
read_filter(const struct job *job, struct capture_filter *out, struct buffer *message)
{
	static const char *const families[] = { "any", "ip", "ip6", "arp" };
	const char              *family = job_setting(job, "settings.fam"), *host = job_setting(job, "settings.host");

	*out = (struct capture_filter){
		.protocol_not = is_on(job, "settings.protocol_not"), .port_not = is_on(job, "settings.port_not"),
		.port = (uint16_t)number_setting(job, "settings.port", UINT16_MAX, 0),
	};
	for (unsigned i = 0; i < 4; i++)
		if (strcmp(family, families[i]) == 0)
			out->family = (enum capture_family)i;
	if (!read_protocol(job_setting(job, "settings.protocol"), &out->protocol)) {
		buffer_add_string(message, "this protocol cannot be captured by name");
		return false;
	}
	if (!host[0] || prefix_read(text_of(host), &out->host) || resolve_host(host, out->family == CAPTURE_IP6, &out->host))
		return true;
	buffer_print(message, "%s is neither an address nor a network, nor a host that is known", host);
	return false;
}

/* --- Links --------------------------------------------------------------------------------------------------------- */

static bool
ask_links(struct jobs *jobs, struct arena *arena, struct links *out)
{
	struct writer  order;
	scoped_message reply;
	scoped_sealed  bytes = TEXT_NONE;

	writer_init(&order);
	message_init(&reply);
	if (courier_ask(jobs->courier, ORDER_LINKS, &order, ORDER_TIMEOUT, &reply) != RESULT_DONE)
		return false;
	struct reader in = message_reader(&reply);
	const int     fd = get_fd(&in);
	const bool    good = got_all(&in) && sealed_map(fd, LINKS_BYTES_MAX, &bytes) && links_decode(arena, bytes, out);

	if (fd >= 0)
		close(fd);
	return good;
}

static bool
is_raw(const struct links *links, const char *name)
{
	const struct link *link = links_find(links, name);

	return link && link->type != ARPHRD_ETHER && link->type != ARPHRD_LOOPBACK;
}

static enum result
start_one(struct jobs *jobs, const struct job *job, const struct capture_filter *filter, struct capture *capture,
	  struct buffer *message)
{
	struct sock_filter program[CAPTURE_FILTER_MAX];
	const size_t       n = capture_filter_make(filter, program);
	const int64_t      snaplen = number_setting(job, "settings.snaplen", CAPTURE_SNAPLEN_MAX, SNAPLEN_PRESET);
	struct writer      order;
	scoped_message     reply;

	writer_init(&order);
	message_init(&reply);
	put_string(&order, capture->link);
	put_bool(&order, is_on(job, "settings.promiscuous"));
	put_u32(&order, (uint32_t)(snaplen ? snaplen : SNAPLEN_PRESET));
	put_u32(&order, (uint32_t)number_setting(job, "settings.count", INT32_MAX, COUNT_PRESET));
	put_text(&order, (struct text){ (const char *)program, n * sizeof(*program) });
	const enum result result = courier_ask(jobs->courier, ORDER_CAPTURE, &order, ORDER_TIMEOUT, &reply);
	struct reader     in = message_reader(&reply);

	if (result == RESULT_DONE) {
		capture->id = get_u32(&in);
		capture->file = get_fd(&in);
		return RESULT_DONE;
	}
	buffer_add(message, get_text(&in, ORDER_MESSAGE_MAX));
	return result;
}

static bool
stop_one(struct jobs *jobs, struct capture *capture)
{
	struct writer  order;
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_u32(&order, capture->id);
	return courier_ask(jobs->courier, ORDER_STOP_CAPTURE, &order, ORDER_TIMEOUT, &reply) == RESULT_DONE;
}

/* --- From jobs.c ----------------------------------------------------------------------------------------------------- */

void
job_capture_clear(struct job *job)
{
	for (size_t i = 0; i < job->ncaptures; i++)
		if (job->captures[i].file >= 0)
			close(job->captures[i].file);
	job->ncaptures = 0;
}

unsigned
job_capture_stop(struct jobs *jobs, struct job *job)
{
	unsigned stopped = 0;

	for (size_t i = 0; i < job->ncaptures; i++) {
		if (job->captures[i].id)
			stopped += stop_one(jobs, &job->captures[i]);
		job->captures[i].id = 0;
	}
	return stopped;
}

bool
job_capture_runs(struct jobs *jobs, struct job *job)
{
	struct writer  order;
	scoped_message reply;
	uint32_t       ids[64];
	bool           any = false;

	writer_init(&order);
	message_init(&reply);
	if (job->ncaptures == 0 || courier_ask(jobs->courier, ORDER_CAPTURES, &order, ORDER_TIMEOUT, &reply) != RESULT_DONE)
		return false;
	struct reader in = message_reader(&reply);
	const size_t  n = get_choice(&in, 65);

	for (size_t i = 0; i < n; i++)
		ids[i] = get_u32(&in);
	for (size_t i = 0; i < job->ncaptures; i++) {
		bool runs = false;

		for (size_t k = 0; k < n; k++)
			runs = runs || ids[k] == job->captures[i].id;
		if (!runs)
			job->captures[i].id = 0;
		any = any || runs;
	}
	return any;
}

enum result
job_capture_start(struct jobs *jobs, struct job *job, struct buffer *message)
{
	scoped_arena          arena = arena_new();
	struct text           rest = text_of(job_setting(job, "settings.interface")), one;
	struct links          links = { NULL, 0 };
	struct capture_filter filter;
	enum result           result = RESULT_DONE;

	if (!read_filter(job, &filter, message))
		return RESULT_INVALID;
	if (!ask_links(jobs, arena, &links)) {
		buffer_add_string(message, "the links of this box are not known");
		return RESULT_UNAVAILABLE;
	}
	job_capture_clear(job);
	while (result == RESULT_DONE && job->ncaptures < LINKS_PER_JOB && text_next(&rest, ",", &one)) {
		struct capture *capture = &job->captures[job->ncaptures];

		*capture = (struct capture){ .file = -1 };
		memcpy(capture->link, one.ptr, one.len < LINK_NAME_MAX ? one.len : LINK_NAME_MAX);
		filter.is_raw = is_raw(&links, capture->link);
		result = start_one(jobs, job, &filter, capture, message);
		job->ncaptures += result == RESULT_DONE;
	}
	if (result != RESULT_DONE)
		job_capture_stop(jobs, job);
	return result;
}
