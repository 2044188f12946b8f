/* backend/netlink.h: what all that asks rtnetlink has in common. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mnl_socket;
struct nlmsghdr;

/* Called for each message of an answer; MNL_CB_OK to go on. */
typedef int netlink_take(const struct nlmsghdr *, void *self);

/* Hear an answer to its end. False when it is an error (errno). */
bool netlink_hear(struct mnl_socket *, netlink_take *, void *self);
/* Ask once on a bus (NETLINK_ROUTE...) and hear the answer, or just that it was done (`take` NULL): 0, or the error number. */
int  netlink_once(int bus, struct nlmsghdr *, netlink_take *, void *self);
/* All that the kernel has of a kind (RTM_GETLINK, RTM_GETROUTE...), of every family, table and link. */
bool netlink_dump(uint16_t type, netlink_take *, void *self);
/* With a header that says which. */
bool netlink_dump_of(uint16_t type, const void *header, size_t size, netlink_take *, void *self);

/* --- One request and one answer --------------------------------------------------------------------- */

#define NETLINK_ROOM 4096

struct netlink {
	struct mnl_socket *socket;
	uint32_t           sequence;
	char               room[NETLINK_ROOM]; /* of the request */
	char               said[128]; /* what the kernel said to the last failure, "" often */
};

bool netlink_open(struct netlink *); /* false: no socket */
void netlink_close(struct netlink *);
/* Begin one, acknowledged; *out is its header, zeroed, of `head` bytes. */
struct nlmsghdr *netlink_request(struct netlink *, uint16_t type, uint16_t flags, size_t head, void *out);
/* 0, or the error number. */
int netlink_ask(struct netlink *, const struct nlmsghdr *);
