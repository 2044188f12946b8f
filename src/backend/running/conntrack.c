/* Netlink to connection tracking. The kernel filters by mark; the rest of a filter is looked at here. */
#include "backend/running/conntrack_inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "base/bug.h"
#include "base/cleanup.h"

#define RECEIVE_ROOM   (8 * 1024 * 1024)
#define PATIENCE       20  /* seconds */

/* --- Reading ----------------------------------------------------------------------------- */

static int
take_attribute(const struct nlattr *attribute, void *self)
{
	struct attributes *out = self;

	if (mnl_attr_get_type(attribute) < ATTRIBUTES_MAX)
		out->list[mnl_attr_get_type(attribute)] = attribute;
	return MNL_CB_OK;
}

static struct attributes
attributes_in(const struct nlattr *nest)
{
	struct attributes out = { 0 };

	if (nest)
		mnl_attr_parse_nested(nest, take_attribute, &out);
	return out;
}

/* Numbers come big-endian; 0 when it is not there. */
static uint64_t
number_in(const struct attributes *attributes, unsigned type)
{
	const struct nlattr *attribute = attributes->list[type];

	switch (attribute ? mnl_attr_get_payload_len(attribute) : 0) {
	case 1:
		return mnl_attr_get_u8(attribute);
	case 2:
		return ntohs(mnl_attr_get_u16(attribute));
	case 4:
		return ntohl(mnl_attr_get_u32(attribute));
	case 8:
		return __builtin_bswap64(mnl_attr_get_u64(attribute));
	default:
		return 0;
	}
}

static void
read_address(const struct attributes *ip, unsigned type4, unsigned type6, struct address *out)
{
	const bool           inet6 = ip->list[type6] != NULL;
	const struct nlattr *attribute = ip->list[inet6 ? type6 : type4];
	const size_t         size = inet6 ? 16 : 4;

	if (!attribute || mnl_attr_get_payload_len(attribute) != size)
		return;
	out->family = inet6 ? FAMILY_INET6 : FAMILY_INET;
	memcpy(out->bytes, mnl_attr_get_payload(attribute), size);
}

static uint8_t
read_tuple(const struct nlattr *nest, struct state_end *source, struct state_end *destination)
{
	const struct attributes tuple = attributes_in(nest);
	const struct attributes ip = attributes_in(tuple.list[CTA_TUPLE_IP]);
	const struct attributes protocol = attributes_in(tuple.list[CTA_TUPLE_PROTO]);

	read_address(&ip, CTA_IP_V4_SRC, CTA_IP_V6_SRC, &source->address);
	read_address(&ip, CTA_IP_V4_DST, CTA_IP_V6_DST, &destination->address);
	source->port = (uint16_t)number_in(&protocol, CTA_PROTO_SRC_PORT);
	destination->port = (uint16_t)number_in(&protocol, CTA_PROTO_DST_PORT);
	if (protocol.list[CTA_PROTO_ICMP_ID])
		source->port = (uint16_t)number_in(&protocol, CTA_PROTO_ICMP_ID);
	if (protocol.list[CTA_PROTO_ICMPV6_ID])
		source->port = (uint16_t)number_in(&protocol, CTA_PROTO_ICMPV6_ID);
	return (uint8_t)number_in(&protocol, CTA_PROTO_NUM);
}

static uint32_t
seconds_since(uint64_t nanoseconds)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	const int64_t age = now.tv_sec - (int64_t)(nanoseconds / 1000000000);

	return nanoseconds == 0 || age < 0 ? 0 : (uint32_t)age;
}

void
tracking_read_state(const struct attributes *a, struct state *out)
{
	static const unsigned   ways[] = { CTA_COUNTERS_ORIG, CTA_COUNTERS_REPLY };
	const struct attributes info = attributes_in(a->list[CTA_PROTOINFO]);
	const struct attributes tcp = attributes_in(info.list[CTA_PROTOINFO_TCP]);
	const struct attributes time = attributes_in(a->list[CTA_TIMESTAMP]);
	const uint32_t          status = (uint32_t)number_in(a, CTA_STATUS);

	*out = (struct state){
		.id = (uint32_t)number_in(a, CTA_ID),
		.mark = (uint32_t)number_in(a, CTA_MARK),
		.left = (uint32_t)number_in(a, CTA_TIMEOUT),
		.age = seconds_since(number_in(&time, CTA_TIMESTAMP_START)),
		.progress = (uint8_t)number_in(&tcp, CTA_PROTOINFO_TCP_STATE),
		.replied = status & IPS_SEEN_REPLY,
		.assured = status & IPS_ASSURED,
	};
	out->protocol = read_tuple(a->list[CTA_TUPLE_ORIG], &out->source, &out->destination);
	read_tuple(a->list[CTA_TUPLE_REPLY], &out->reply_source, &out->reply_destination);
	for (size_t i = 0; i < COUNT(ways); i++) {
		const struct attributes counters = attributes_in(a->list[ways[i]]);

		out->packets[i] = number_in(&counters, CTA_COUNTERS_PACKETS);
		out->bytes[i] = number_in(&counters, CTA_COUNTERS_BYTES);
	}
}

struct attributes
tracking_attributes(const struct nlmsghdr *message)
{
	struct attributes out = { 0 };

	mnl_attr_parse(message, sizeof(struct nfgenmsg), take_attribute, &out);
	return out;
}

void
conntrack_read(const struct nlmsghdr *message, struct state *out, int64_t *started)
{
	const struct attributes a = tracking_attributes(message);
	const struct attributes time = attributes_in(a.list[CTA_TIMESTAMP]);

	tracking_read_state(&a, out);
	*started = (int64_t)(number_in(&time, CTA_TIMESTAMP_START) / 1000000);
}

/* --- Talking ------------------------------------------------------------------------------- */

struct mnl_socket *
tracking_open(void)
{
	const struct timeval patience = { PATIENCE, 0 };
	const int            room = RECEIVE_ROOM;
	struct mnl_socket   *socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);

	if (!socket)
		return NULL;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(socket);
		return NULL;
	}
	if (setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) != 0)
		setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return socket;
}

struct nlmsghdr *
tracking_put_head(void *at, unsigned type, unsigned flags, unsigned family)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(at);
	struct nfgenmsg *general = mnl_nlmsg_put_extra_header(message, sizeof(*general));

	message->nlmsg_type = (uint16_t)(NFNL_SUBSYS_CTNETLINK << 8 | type);
	message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	*general = (struct nfgenmsg){ (uint8_t)family, NFNETLINK_V0, 0 };
	return message;
}

/* Sends one request and gives each message of the answer to the function. */
static enum result
converse(struct mnl_socket *socket, const struct nlmsghdr *request, mnl_cb_t each, void *self)
{
	char bytes[ANSWER_MAX];
	int  more = MNL_CB_OK;

	if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return RESULT_FAILED;
	while (more == MNL_CB_OK) {
		const ssize_t len = mnl_socket_recvfrom(socket, bytes, sizeof(bytes));

		if (len <= 0)
			return RESULT_FAILED;
		more = mnl_cb_run(bytes, (size_t)len, 0, 0, each, self);
	}
	/* Without connection tracking nobody is at home in that subsystem. */
	return more >= 0 ? RESULT_DONE : errno == EINVAL || errno == EOPNOTSUPP ? RESULT_UNAVAILABLE : RESULT_FAILED;
}

enum result
tracking_dump(struct mnl_socket *socket, const struct state_filter *filter, mnl_cb_t each, void *self)
{
	char             room[256];
	struct nlmsghdr *request = tracking_put_head(room, IPCTNL_MSG_CT_GET, NLM_F_DUMP, AF_UNSPEC);

	if (filter->mask) {
		mnl_attr_put_u32(request, CTA_MARK, htonl(filter->mark));
		mnl_attr_put_u32(request, CTA_MARK_MASK, htonl(filter->mask));
	}
	return converse(socket, request, each, self);
}

static enum result
dump_alone(const struct state_filter *filter, mnl_cb_t each, void *self)
{
	struct mnl_socket *socket = tracking_open();

	if (!socket)
		return RESULT_UNAVAILABLE;
	const enum result result = tracking_dump(socket, filter, each, self);

	mnl_socket_close(socket);
	return result;
}

/* --- Listing -------------------------------------------------------------------------------- */

/* A list that grows in the arena by doubling; what was before is left behind. */
struct listing {
	struct arena              *arena;
	const struct state_filter *filter;
	struct state              *states;
	size_t                     n, room, most;
	uint64_t                   total;
};

static void
keep(struct listing *listing, const struct state *state)
{
	if (listing->n == listing->most)
		return;
	if (listing->n == listing->room) {
		struct state *more = ARENA_MAKE(listing->arena, struct state, listing->room * 2 + 64);

		if (listing->n > 0)
			memcpy(more, listing->states, sizeof(*more) * listing->n);
		listing->states = more;
		listing->room = listing->room * 2 + 64;
	}
	listing->states[listing->n++] = *state;
}

static int
list_one(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = tracking_attributes(message);
	struct listing         *listing = self;
	struct state            state;

	tracking_read_state(&a, &state);
	if (!state_matches(listing->filter, &state))
		return MNL_CB_OK;
	listing->total++;
	keep(listing, &state);
	return MNL_CB_OK;
}

enum result
conntrack_list(struct arena *arena, const struct state_filter *filter, size_t most, struct states *out)
{
	struct listing    listing = { arena, filter, .most = most < STATES_MAX ? most : STATES_MAX };
	const enum result result = dump_alone(filter, list_one, &listing);

	if (result == RESULT_DONE)
		*out = (struct states){ listing.states, listing.n, listing.total };
	return result;
}

/* --- Counting ------------------------------------------------------------------------------- */

struct totals {
	uint64_t count, limit;
};

static int
take_totals(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = tracking_attributes(message);
	struct totals          *out = self;

	out->count = number_in(&a, CTA_STATS_GLOBAL_ENTRIES);
	out->limit = number_in(&a, CTA_STATS_GLOBAL_MAX_ENTRIES);
	return MNL_CB_OK;
}

enum result
conntrack_count(uint64_t *count, uint64_t *limit)
{
	char               room[256];
	struct totals      totals = { 0 };
	struct mnl_socket *socket = tracking_open();

	if (!socket)
		return RESULT_UNAVAILABLE;
	/* An acknowledgement follows the answer, so that the end is known. */
	const enum result result =
		converse(socket, tracking_put_head(room, IPCTNL_MSG_CT_GET_STATS, NLM_F_ACK, AF_UNSPEC), take_totals, &totals);

	mnl_socket_close(socket);
	if (result != RESULT_DONE)
		return result;
	*count = totals.count;
	*limit = totals.limit;
	return RESULT_DONE;
}

static int
count_one(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = tracking_attributes(message);
	uint64_t               *counts = self;

	counts[number_in(&a, CTA_MARK) & 0xffff]++;
	return MNL_CB_OK;
}

enum result
conntrack_count_by_rule(uint64_t *counts)
{
	return dump_alone(&(struct state_filter){ 0 }, count_one, counts);
}

struct tally {
	uint64_t of[CTA_STATS_MAX + 1];
};

static int
add_tally(const struct nlmsghdr *message, void *self)
{
	const struct attributes a = tracking_attributes(message);
	struct tally           *tally = self;

	for (unsigned i = 0; i <= CTA_STATS_MAX; i++)
		tally->of[i] += number_in(&a, i);
	return MNL_CB_OK;
}

enum result
conntrack_statistics(struct buffer *out)
{
	static const struct {
		unsigned    type;
		const char *name;
	} names[] = {
		{ CTA_STATS_FOUND, "found" }, { CTA_STATS_INVALID, "invalid" }, { CTA_STATS_INSERT, "insert" },
		{ CTA_STATS_INSERT_FAILED, "insert_failed" }, { CTA_STATS_DROP, "drop" },
		{ CTA_STATS_EARLY_DROP, "early_drop" }, { CTA_STATS_ERROR, "error" },
		{ CTA_STATS_SEARCH_RESTART, "search_restart" },
	};
	char               room[256];
	struct tally       tally = { 0 };
	struct mnl_socket *socket = tracking_open();

	if (!socket)
		return RESULT_UNAVAILABLE;
	const enum result result =
		converse(socket, tracking_put_head(room, IPCTNL_MSG_CT_GET_STATS_CPU, NLM_F_DUMP, AF_UNSPEC), add_tally, &tally);

	mnl_socket_close(socket);
	for (size_t i = 0; result == RESULT_DONE && i < COUNT(names); i++)
		buffer_print(out, "%s %llu\n", names[i].name, (unsigned long long)tally.of[names[i].type]);
	return result;
}

/* --- Switches -------------------------------------------------------------------------------- */

void
conntrack_account(void)
{
	static const char *const files[] = {
		"/proc/sys/net/netfilter/nf_conntrack_acct",
		"/proc/sys/net/netfilter/nf_conntrack_timestamp",
	};

	for (size_t i = 0; i < COUNT(files); i++) {
		scoped_fd fd = open(files[i], O_WRONLY | O_CLOEXEC);

		/* A read-only /proc: whoever runs us so has set it himself. */
		if (fd >= 0 && write(fd, "1", 1) != 1)
			continue;
	}
}
