/* RFC 2131 and RFC 8415, as much as a client needs to be given something. */
#include "lease.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

#define AGAIN 1000 /* ms between requests */

/* --- Bytes ---------------------------------------------------------------------------------------- */

struct packet {
	uint8_t bytes[LEASE_PACKET_MAX];
	size_t  len;
};

static void
put(struct packet *packet, const void *bytes, size_t len)
{
	if (packet->len + len > sizeof(packet->bytes))
		return;
	memcpy(packet->bytes + packet->len, bytes, len);
	packet->len += len;
}

static void
put_number(struct packet *packet, uint32_t number, size_t bytes)
{
	for (size_t i = bytes; i > 0; i--)
		put(packet, &(uint8_t){ (uint8_t)(number >> (i - 1) * 8) }, 1);
}

static uint32_t
number_at(const uint8_t *bytes, size_t n)
{
	uint32_t number = 0;

	while (n-- > 0)
		number = number << 8 | *bytes++;
	return number;
}

/* "01aabb", colons between or not. */
static size_t
read_hex(const char *hex, uint8_t *out, size_t max)
{
	size_t n = 0;

	while (hex && *hex && n < max) {
		char pair[3] = { hex[0], hex[1], '\0' };

		out[n++] = (uint8_t)strtoul(pair, NULL, 16);
		hex += hex[1] ? 2 : 1;
		hex += *hex == ':';
	}
	return n;
}

struct text
lease_option(const struct lease *lease, unsigned code)
{
	const size_t head = lease->is_six ? 2 : 1;

	for (size_t at = lease->options; at + head * 2 <= lease->len;) {
		const uint32_t kind = number_at(lease->packet + at, head);
		const size_t   len = number_at(lease->packet + at + head, head);

		if (!lease->is_six && (kind == 0 || kind == 255)) {
			at++;
			continue;
		}
		if (kind == code && at + head * 2 + len <= lease->len)
			return (struct text){ (const char *)lease->packet + at + head * 2, len };
		at += head * 2 + len;
	}
	return TEXT_NONE;
}

/* --- Asking ------------------------------------------------------------------------------------------ */

static int
open_socket(int family, const char *device, const struct sockaddr *own, socklen_t len)
{
	const int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device) + 1) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 || bind(fd, own, len) != 0) {
		fprintf(stderr, "no socket on %s: %s\n", device, strerror(errno));
		_exit(125);
	}
	return fd;
}

/* The first reply that this accepts, until the next request is due. */
static bool
wait_for(int fd, struct lease *lease, int64_t until, bool (*is_it)(const struct lease *, const void *), const void *about)
{
	struct pollfd poll_fd = { fd, POLLIN, 0 };

	while (milliseconds() < until) {
		if (poll(&poll_fd, 1, (int)(until - milliseconds()) + 1) <= 0)
			return false;
		const ssize_t n = recv(fd, lease->packet, sizeof(lease->packet), 0);

		lease->len = n > 0 ? (size_t)n : 0;
		if (lease->len > lease->options && is_it(lease, about))
			return true;
	}
	return false;
}

static int64_t
limit_of(const struct lease_wish *wish)
{
	return milliseconds() + (wish->limit ? wish->limit : LEASE_LIMIT);
}

/* --- IPv4 ---------------------------------------------------------------------------------------------- */

enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5 };

struct about {
	uint32_t id;
	uint8_t  kind;
};

static bool
is_reply(const struct lease *lease, const void *pointer)
{
	const struct about *about = pointer;
	const struct text   kind = lease_option(lease, 53);

	return number_at(lease->packet + 4, 4) == about->id && kind.len == 1 && (uint8_t)kind.ptr[0] == about->kind;
}

static void
put_option(struct packet *packet, uint8_t code, const void *bytes, size_t len)
{
	put_number(packet, code, 1);
	put_number(packet, (uint32_t)len, 1);
	put(packet, bytes, len);
}

static void
put_request(struct packet *packet, const struct lease_wish *wish, uint8_t kind, uint32_t id)
{
	uint8_t      bytes[255];
	const size_t len = read_hex(wish->mac, bytes, 6);

	*packet = (struct packet){ .len = 0 };
	put_number(packet, 0x01010600, 4);
	put_number(packet, id, 4);
	put_number(packet, 0x8000, 4); /* answer by broadcast */
	packet->len = 28;
	put(packet, bytes, len);
	packet->len = 236;
	put_number(packet, 0x63825363, 4);
	put_option(packet, 53, &kind, 1);
	if (wish->client_id)
		put_option(packet, 61, bytes, read_hex(wish->client_id, bytes, sizeof(bytes)));
	if (wish->hostname)
		put_option(packet, 12, wish->hostname, strlen(wish->hostname));
	put_option(packet, 55, bytes, read_hex(wish->asked ? wish->asked : "0103060f33", bytes, sizeof(bytes)));
}

static void
take4(const struct lease_wish *wish, struct lease *out)
{
	const struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(68) };
	const struct sockaddr_in all = { .sin_family = AF_INET, .sin_port = htons(67), .sin_addr.s_addr = INADDR_BROADCAST };
	const int      fd = open_socket(AF_INET, wish->device, (const struct sockaddr *)&own, sizeof(own));
	const int64_t  limit = limit_of(wish);
	struct about   about = { (uint32_t)milliseconds() ^ (uint32_t)getpid() << 16, OFFER };
	struct packet  packet;
	struct lease   lease = { .options = 240 };

	while (milliseconds() < limit) {
		const bool is_offered = about.kind == ACK;

		put_request(&packet, wish, is_offered ? REQUEST : DISCOVER, about.id);
		if (is_offered) {
			put_option(&packet, 50, lease.packet + 16, 4);
			put_option(&packet, 54, lease_option(&lease, 54).ptr, 4);
		}
		put_number(&packet, 255, 1);
		(void)!sendto(fd, packet.bytes, packet.len < 300 ? 300 : packet.len, 0, (const struct sockaddr *)&all, sizeof(all));

		struct lease reply = lease;

		if (!wait_for(fd, &reply, milliseconds() + AGAIN, is_reply, &about)) {
			about.kind = OFFER;
			continue;
		}
		lease = reply;
		if (is_offered) {
			const struct text seconds = lease_option(&lease, 51);

			lease.is_there = true;
			lease.seconds = seconds.len == 4 ? number_at((const uint8_t *)seconds.ptr, 4) : 0;
			inet_ntop(AF_INET, lease.packet + 16, lease.address, sizeof(lease.address));
			*out = lease;
			return;
		}
		about.kind = ACK;
	}
}

/* --- IPv6 ----------------------------------------------------------------------------------------------- */

enum { SOLICIT = 1, ADVERTISE = 2, REQUEST6 = 3, REPLY = 7 };

static bool
is_reply6(const struct lease *lease, const void *pointer)
{
	const struct about *about = pointer;

	return number_at(lease->packet, 4) == ((uint32_t)about->kind << 24 | about->id);
}

static void
put_option6(struct packet *packet, uint16_t code, const void *bytes, size_t len)
{
	put_number(packet, code, 2);
	put_number(packet, (uint32_t)len, 2);
	put(packet, bytes, len);
}

static void
put_request6(struct packet *packet, const struct lease_wish *wish, uint8_t kind, uint32_t id)
{
	static const uint8_t ids[12] = { 0, 0, 0, 1 }, asked[] = { 0, 23, 0, 24 };
	uint8_t              duid[10] = { 0, 3, 0, 1 };

	*packet = (struct packet){ .len = 0 };
	read_hex(wish->mac, duid + 4, 6);
	put_number(packet, (uint32_t)kind << 24 | id, 4);
	put_option6(packet, 1, duid, sizeof(duid));
	put_option6(packet, 8, ids, 2);
	put_option6(packet, 6, asked, sizeof(asked));
	put_option6(packet, 3, ids, sizeof(ids));
	if (wish->wants_prefix)
		put_option6(packet, 25, ids, sizeof(ids));
}

/* The address or prefix inside an option that holds some; "" when there is none. */
static void
read_inner(struct lease *lease, unsigned outer, unsigned inner, char *out)
{
	const struct text  option = lease_option(lease, outer);
	const struct lease within = { .is_six = true, .options = 0, .len = option.len > 12 ? option.len - 12 : 0 };
	struct lease       view = within;
	struct text        found;
	char               text[INET6_ADDRSTRLEN];

	if (option.len > 12)
		memcpy(view.packet, option.ptr + 12, view.len);
	found = lease_option(&view, inner);
	if (inner == 5 && found.len >= 24) {
		inet_ntop(AF_INET6, found.ptr, out, 64);
		lease->seconds = number_at((const uint8_t *)found.ptr + 20, 4);
	} else if (inner == 26 && found.len >= 25) {
		inet_ntop(AF_INET6, found.ptr + 9, text, sizeof(text));
		snprintf(out, 64, "%s/%u", text, (unsigned)(uint8_t)found.ptr[8]);
	}
}

static void
take6(const struct lease_wish *wish, struct lease *out)
{
	const struct sockaddr_in6 own = { .sin6_family = AF_INET6, .sin6_port = htons(546) };
	struct sockaddr_in6       all = { .sin6_family = AF_INET6, .sin6_port = htons(547) };
	const int     fd = open_socket(AF_INET6, wish->device, (const struct sockaddr *)&own, sizeof(own));
	const int64_t limit = limit_of(wish);
	struct about  about = { ((uint32_t)milliseconds() ^ (uint32_t)getpid() << 8) & 0xffffff, ADVERTISE };
	struct packet packet;
	struct lease  lease = { .options = 4, .is_six = true };

	inet_pton(AF_INET6, "ff02::1:2", &all.sin6_addr);
	all.sin6_scope_id = if_nametoindex(wish->device);
	while (milliseconds() < limit) {
		const bool        is_offered = about.kind == REPLY;
		const struct text server = lease_option(&lease, 2);

		put_request6(&packet, wish, is_offered ? REQUEST6 : SOLICIT, about.id);
		if (is_offered)
			put_option6(&packet, 2, server.ptr, server.len);
		(void)!sendto(fd, packet.bytes, packet.len, 0, (const struct sockaddr *)&all, sizeof(all));

		struct lease reply = lease;

		if (!wait_for(fd, &reply, milliseconds() + AGAIN, is_reply6, &about)) {
			about.kind = ADVERTISE;
			continue;
		}
		lease = reply;
		read_inner(&lease, 3, 5, lease.address);
		read_inner(&lease, 25, 26, lease.prefix);
		if (is_offered && (lease.address[0] || lease.prefix[0])) {
			lease.is_there = true;
			*out = lease;
			return;
		}
		about.kind = is_offered || !(lease.address[0] || lease.prefix[0]) ? ADVERTISE : REPLY;
		if (about.kind == ADVERTISE)
			usleep(AGAIN * 1000);
	}
}

/* --- In a process there ---------------------------------------------------------------------------------- */

struct errand {
	const struct lease_wish *wish;
	struct lease            *out; /* shared memory */
	void                   (*take)(const struct lease_wish *, struct lease *);
};

static void
run_errand(void *pointer)
{
	const struct errand *errand = pointer;

	errand->take(errand->wish, errand->out);
}

static struct lease
take(const struct box *box, const struct lease_wish *wish, void (*how)(const struct lease_wish *, struct lease *))
{
	struct lease *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct errand errand = { wish, shared, how };
	struct lease  lease;

	assert_ptr_not_equal(shared, MAP_FAILED);
	CHECK_NUMBER(box_call(box, OUTSIDE, run_errand, &errand), 0);
	lease = *shared;
	munmap(shared, sizeof(*shared));
	return lease;
}

struct lease
lease_take(const struct box *box, const struct lease_wish *wish)
{
	return take(box, wish, take4);
}

struct lease
lease_take6(const struct box *box, const struct lease_wish *wish)
{
	return take(box, wish, take6);
}
