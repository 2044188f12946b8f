/*
 * Forgetting connections. Those meant are gathered first, because deleting during a dump would skip others.
 */
#include "backend/running/conntrack_inside.h"

#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdlib.h>

#include "base/bug.h"

#define KILLS_AT_ONCE 64 /* deletions in one packet */

/* Deletions, each a whole message, to be sent some at a time. */
struct killing {
	const struct state_filter *filter; /* NULL: by id */
	const uint32_t            *ids;
	size_t                     nids;
	struct buffer              messages;
	uint64_t                   killed;
};

static int
compare_ids(const void *a, const void *b)
{
	const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static bool
is_meant(const struct killing *killing, const struct state *state)
{
	if (killing->filter)
		return state_matches(killing->filter, state);
	return killing->nids > 0 && bsearch(&state->id, killing->ids, killing->nids, sizeof(*killing->ids), compare_ids);
}

static int
mark_for_death(const struct nlmsghdr *message, void *self)
{
	static const unsigned   which[] = { CTA_TUPLE_ORIG, CTA_ID, CTA_ZONE };
	const struct attributes a = tracking_attributes(message);
	const struct nfgenmsg  *general = mnl_nlmsg_get_payload(message);
	struct killing         *killing = self;
	char                    room[512];
	struct state            state;

	tracking_read_state(&a, &state);
	if (!is_meant(killing, &state))
		return MNL_CB_OK;
	struct nlmsghdr *request = tracking_put_head(room, IPCTNL_MSG_CT_DELETE, NLM_F_ACK, general->nfgen_family);

	for (size_t i = 0; i < COUNT(which); i++) {
		const struct nlattr *attribute = a.list[which[i]];

		if (attribute && !mnl_attr_put_check(request, sizeof(room), attribute->nla_type,
						     mnl_attr_get_payload_len(attribute), mnl_attr_get_payload(attribute)))
			return MNL_CB_OK;
	}
	buffer_add(&killing->messages, (struct text){ room, MNL_ALIGN(request->nlmsg_len) });
	return MNL_CB_OK;
}

/* As many answers as there were messages; one that is gone already is no success of ours. */
static enum result
hear_deaths(struct mnl_socket *socket, size_t expected, uint64_t *killed)
{
	char bytes[ANSWER_MAX];

	while (expected > 0) {
		ssize_t got = mnl_socket_recvfrom(socket, bytes, sizeof(bytes));
		int     len = (int)got;

		if (got <= 0)
			return RESULT_FAILED;
		for (const struct nlmsghdr *m = (void *)bytes; mnl_nlmsg_ok(m, len); m = mnl_nlmsg_next(m, &len)) {
			const struct nlmsgerr *error = mnl_nlmsg_get_payload(m);

			if (m->nlmsg_type != NLMSG_ERROR)
				continue;
			if (error->error == -EPERM)
				return RESULT_FAILED;
			*killed += error->error == 0;
			expected -= expected > 0;
		}
	}
	return RESULT_DONE;
}

static enum result
send_deaths(struct mnl_socket *socket, struct killing *killing)
{
	struct text rest = buffer_text(&killing->messages);
	enum result result = RESULT_DONE;

	while (rest.len > 0 && result == RESULT_DONE) {
		size_t n = 0, len = 0;

		for (; n < KILLS_AT_ONCE && len < rest.len; n++)
			len += MNL_ALIGN(((const struct nlmsghdr *)(const void *)(rest.ptr + len))->nlmsg_len);
		if (mnl_socket_sendto(socket, rest.ptr, len) < 0)
			return RESULT_FAILED;
		result = hear_deaths(socket, n, &killing->killed);
		rest = text_after(rest, len);
	}
	return result;
}

static enum result
kill_meant(struct killing *killing, uint64_t *killed)
{
	struct mnl_socket *socket = tracking_open();

	if (!socket)
		return RESULT_UNAVAILABLE;
	enum result result =
		tracking_dump(socket, killing->filter ? killing->filter : &(struct state_filter){ 0 }, mark_for_death, killing);

	if (result == RESULT_DONE)
		result = send_deaths(socket, killing);
	mnl_socket_close(socket);
	buffer_clear(&killing->messages);
	if (result == RESULT_DONE)
		*killed = killing->killed;
	return result;
}

enum result
conntrack_kill(const struct state_filter *filter, uint64_t *killed)
{
	return kill_meant(&(struct killing){ .filter = filter }, killed);
}

enum result
conntrack_kill_these(const uint32_t *ids, size_t n, uint64_t *killed)
{
	return kill_meant(&(struct killing){ .ids = ids, .nids = n }, killed);
}
