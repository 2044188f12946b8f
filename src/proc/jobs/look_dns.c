/*
 * Questions to one name server, by UDP and, where an answer is cut, by TCP. The C library puts questions together and takes
 * answers apart.
 */
#include "proc/jobs/looks.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <resolv.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/buffer.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "proc/child/loop.h"

#define PORT        53
#define PATIENCE_MS 3000
#define TRIES       2
#define ANSWER_MAX  65535
#define ROWS_MAX    64

struct question {
	uint8_t bytes[NS_PACKETSZ];
	int     len;
};

struct server {
	struct sockaddr_storage place;
	socklen_t               size;
	struct address          address;
};

/* --- The server ------------------------------------------------------------------------------------------------------ */

static void
set_server(struct server *server, const struct address *address)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&server->place;
	struct sockaddr_in  *four = (struct sockaddr_in *)&server->place;

	*server = (struct server){ .address = *address };
	if (address->family == FAMILY_INET6) {
		*six = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons(PORT) };
		memcpy(&six->sin6_addr, address->bytes, 16);
		server->size = sizeof(*six);
	} else {
		*four = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(PORT) };
		memcpy(&four->sin_addr, address->bytes, 4);
		server->size = sizeof(*four);
	}
}

/* The one that is asked for, or the first of /etc/resolv.conf. */
static bool
find_server(const char *wanted, struct server *out)
{
	struct __res_state state = { 0 };
	struct address     address = { .family = FAMILY_INET };
	bool               found = false;

	if (wanted[0]) {
		found = address_read(text_of(wanted), &address);
	} else if (res_ninit(&state) == 0) {
		if (state.nscount > 0 && state.nsaddr_list[0].sin_family == AF_INET) {
			memcpy(address.bytes, &state.nsaddr_list[0].sin_addr, 4);
			found = true;
		} else if (state._u._ext.nscount > 0 && state._u._ext.nsaddrs[0]) {
			address.family = FAMILY_INET6;
			memcpy(address.bytes, &state._u._ext.nsaddrs[0]->sin6_addr, 16);
			found = true;
		}
		res_nclose(&state);
	}
	if (found)
		set_server(out, &address);
	return found;
}

/* --- Asking ------------------------------------------------------------------------------------------------------------ */

static bool
make_question(struct question *question, const char *name, int type)
{
	struct __res_state state = { .options = RES_INIT | RES_RECURSE };

	question->len = res_nmkquery(&state, ns_o_query, name, ns_c_in, type, NULL, 0, NULL, question->bytes,
				     sizeof(question->bytes));
	if (question->len < NS_HFIXEDSZ)
		return false;
	/* The library's number can be guessed. */
	return getrandom(question->bytes, 2, 0) == 2;
}

static bool
wait_for(int fd, short events, int64_t until)
{
	struct pollfd wait = { .fd = fd, .events = events };
	const int64_t left = until - loop_clock();

	return left > 0 && poll(&wait, 1, (int)left) > 0;
}

static int
ask_udp(const struct server *server, const struct question *question, uint8_t *answer)
{
	scoped_fd fd = socket(server->place.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&server->place, server->size) != 0)
		return -1;
	for (int i = 0; i < TRIES; i++) {
		const int64_t until = loop_clock() + PATIENCE_MS;

		if (send(fd, question->bytes, (size_t)question->len, 0) < 0)
			return -1;
		while (wait_for(fd, POLLIN, until)) {
			const ssize_t len = recv(fd, answer, ANSWER_MAX, 0);

			if (len < 0)
				return -1;
			if (len >= NS_HFIXEDSZ && memcmp(answer, question->bytes, 2) == 0)
				return (int)len;
		}
	}
	errno = ETIMEDOUT;
	return -1;
}

static bool
read_all(int fd, uint8_t *out, size_t len, int64_t until)
{
	for (size_t done = 0; done < len;) {
		const ssize_t got = wait_for(fd, POLLIN, until) ? recv(fd, out + done, len - done, 0) : -1;

		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

static int
ask_tcp(const struct server *server, const struct question *question, uint8_t *answer)
{
	scoped_fd     fd = socket(server->place.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const int64_t until = loop_clock() + PATIENCE_MS;
	uint8_t       message[2 + NS_PACKETSZ] = { (uint8_t)(question->len >> 8), (uint8_t)question->len };

	memcpy(message + 2, question->bytes, (size_t)question->len);
	if (fd < 0 || (connect(fd, (const struct sockaddr *)&server->place, server->size) != 0 && errno != EINPROGRESS) ||
	    !wait_for(fd, POLLOUT, until) || send(fd, message, (size_t)question->len + 2, 0) != question->len + 2 ||
	    !read_all(fd, message, 2, until))
		return -1;
	const size_t len = (size_t)message[0] << 8 | message[1];

	return len >= NS_HFIXEDSZ && read_all(fd, answer, len, until) && memcmp(answer, question->bytes, 2) == 0 ? (int)len : -1;
}

/* --- Answers ------------------------------------------------------------------------------------------------------------- */

/* A name of the message, printable, with a dot at its end. */
static bool
put_name(struct buffer *out, ns_msg *message, const uint8_t *at)
{
	char name[NS_MAXDNAME];

	if (dn_expand(ns_msg_base(*message), ns_msg_end(*message), at, name, sizeof(name)) < 0)
		return false;
	buffer_print(out, "%s.", name);
	return true;
}

/* Strings with a length in front, in quotes. */
static void
put_strings(struct buffer *out, const uint8_t *data, size_t len)
{
	for (size_t at = 0; at < len;) {
		const size_t part = data[at++];

		buffer_add_string(out, at > 1 ? " \"" : "\"");
		for (size_t i = 0; i < part && at < len; i++, at++)
			if (data[at] < ' ' || data[at] > '~')
				buffer_print(out, "\\%03u", data[at]);
			else if (data[at] == '"' || data[at] == '\\')
				buffer_print(out, "\\%c", data[at]);
			else
				buffer_add_byte(out, (char)data[at]);
		buffer_add_byte(out, '"');
	}
}

/* False: the data is not what the type says. */
static bool
put_data(struct buffer *out, ns_msg *message, const ns_rr *row)
{
	scoped_arena   arena = arena_new_small(256);
	const uint8_t *data = ns_rr_rdata(*row);
	const size_t   len = ns_rr_rdlen(*row);
	struct address address = { .family = ns_rr_type(*row) == ns_t_aaaa ? FAMILY_INET6 : FAMILY_INET };

	switch (ns_rr_type(*row)) {
	case ns_t_a:
	case ns_t_aaaa:
		if (len != address_bits(address.family) / 8)
			return false;
		memcpy(address.bytes, data, len);
		buffer_add_string(out, address_print(arena, &address));
		return true;
	case ns_t_mx:
		if (len < 3)
			return false;
		buffer_print(out, "%u ", (unsigned)data[0] << 8 | data[1]);
		return put_name(out, message, data + 2);
	case ns_t_ptr:
		return put_name(out, message, data);
	case ns_t_txt:
		put_strings(out, data, len);
		return true;
	default:
		return false;
	}
}

/* "name ttl IN type data", with tabs; NULL: it cannot be read. */
static const char *
row_text(struct arena *arena, ns_msg *message, const ns_rr *row, const char *word)
{
	scoped_buffer out = BUFFER_NONE;

	buffer_print(&out, "%s.\t%u\tIN\t%s\t", ns_rr_name(*row), ns_rr_ttl(*row), word);
	return put_data(&out, message, row) ? arena_copy(arena, buffer_text(&out)) : NULL;
}

static struct value *
answer_rows(struct arena *arena, struct text answer, int type, const char *word)
{
	struct value *rows = value_list(arena);
	ns_msg        message;
	ns_rr         row;

	if (ns_initparse((const uint8_t *)answer.ptr, (int)answer.len, &message) != 0)
		return rows;
	for (int i = 0; i < ns_msg_count(message, ns_s_an) && rows->count < ROWS_MAX; i++) {
		const char *text = ns_parserr(&message, ns_s_an, i, &row) == 0 && ns_rr_type(row) == (ns_type)type
					   ? row_text(arena, &message, &row, word)
					   : NULL;

		if (text)
			value_add(arena, rows, value_string(arena, text));
	}
	return rows;
}

/* False: nobody answers; errno says why. */
static bool
ask_type(struct arena *arena, struct value *out, const struct server *server, const char *name, int type, const char *word)
{
	const int64_t   begun = loop_clock();
	uint8_t        *answer = arena_take(arena, ANSWER_MAX);
	struct question question;

	if (!make_question(&question, name, type)) {
		errno = EINVAL;
		return false;
	}
	int len = ask_udp(server, &question, answer);

	if (len >= NS_HFIXEDSZ && (answer[2] & 2))
		len = ask_tcp(server, &question, answer);
	if (len < NS_HFIXEDSZ)
		return false;
	struct value *rows = answer_rows(arena, (struct text){ (const char *)answer, (size_t)len }, type, word), *about = value_object(arena);

	if (rows->count == 0)
		return true;
	value_set(arena, about, "answers", rows);
	value_set_string(arena, about, "query_time", arena_print(arena, "%lld msec", (long long)(loop_clock() - begun)));
	value_set_string(arena, about, "server", address_print(arena, &server->address));
	value_set(arena, out, word, about);
	return true;
}

/* "1.2.0.192.in-addr.arpa" */
static const char *
reverse_name(struct arena *arena, const struct address *address)
{
	scoped_buffer out = BUFFER_NONE;

	if (address->family == FAMILY_INET)
		return arena_print(arena, "%u.%u.%u.%u.in-addr.arpa", address->bytes[3], address->bytes[2], address->bytes[1],
				   address->bytes[0]);
	for (size_t i = 16; i-- > 0;)
		buffer_print(&out, "%x.%x.", address->bytes[i] & 15, address->bytes[i] >> 4);
	buffer_add_string(&out, "ip6.arpa");
	return arena_copy(arena, buffer_text(&out));
}

struct value *
look_dns(struct arena *arena, const char *host, const char *wanted)
{
	/* clang-format off */
	static const struct { int type; const char *word; } types[] = {
		{ ns_t_a, "A" }, { ns_t_aaaa, "AAAA" }, { ns_t_mx, "MX" }, { ns_t_txt, "TXT" },
	};
	/* clang-format on */
	struct value  *out = value_object(arena);
	struct address address;
	struct server  server;
	bool           answered = true;

	if (!find_server(wanted, &server)) {
		value_set_string(arena, out, "error_message", "no name server is configured");
		return out;
	}
	if (address_read(text_of(host), &address))
		answered = ask_type(arena, out, &server, reverse_name(arena, &address), ns_t_ptr, "PTR");
	else
		for (size_t i = 0; i < COUNT(types) && answered; i++)
			answered = ask_type(arena, out, &server, host, types[i].type, types[i].word);
	if (answered)
		return out;
	const char *why = strerror(errno);

	out = value_object(arena);
	value_set_string(arena, out, "error_message",
			 arena_print(arena, "%s: %s", address_print(arena, &server.address), why));
	return out;
}
