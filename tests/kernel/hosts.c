/* Namespaces are kept as descriptors. */
#include "hosts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bug.h"
#include "lab.h"

#define UP_TRIES 3000 /* of 10 ms */

static int spaces[HOSTS] = { -1, -1, -1, -1, -1 };

void
host_enter(enum host host)
{
	BUG_IF(setns(spaces[host], CLONE_NEWNET) != 0, "cannot enter host %d: %s", host, strerror(errno));
}

void
host_ip(enum host host, const char *const *argv)
{
	scoped_buffer said = BUFFER_NONE;

	host_enter(host);
	if (!lab_run(&said, argv))
		fprintf(stderr, "ip %s %s...: %s", argv[1], argv[2], buffer_string(&said));
	host_enter(HOST_ROUTER);
}

static void
write_file(const char *path, const char *value)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	BUG_IF(fd < 0 || write(fd, value, strlen(value)) < 0, "cannot write %s", path);
	close(fd);
}

static void
new_space(enum host host)
{
	lab_fresh();
	write_file("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
	write_file("/proc/sys/net/ipv6/conf/all/accept_dad", "0");
	spaces[host] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	BUG_IF(spaces[host] < 0, "no namespace");
}

/* A link of the router whose other end is a host's. */
static void
connect_host(struct arena *arena, const char *device, enum host host, const char *end)
{
	const char *path = arena_print(arena, "/proc/%d/fd/%d", (int)getpid(), spaces[host]);

	HOST_IP(HOST_ROUTER, "link", "add", device, "type", "veth", "peer", "name", end);
	HOST_IP(HOST_ROUTER, "link", "set", end, "netns", path);
	HOST_IP(HOST_ROUTER, "link", "set", device, "up");
	HOST_IP(host, "link", "set", end, "up");
}

static void
give(enum host host, const char *device, const char *v4, const char *v6)
{
	HOST_IP(host, "address", "add", v4, "dev", device);
	HOST_IP(host, "address", "add", v6, "dev", device, "nodad");
}

static void
route(enum host host, const char *v4, const char *v6)
{
	HOST_IP(host, "route", "add", "default", "via", v4);
	HOST_IP(host, "-6", "route", "add", "default", "via", v6);
}

/* The lan is a bridge in the lan host, with the server behind it. */
static void
make_lan(struct arena *arena)
{
	const char *path = arena_print(arena, "/proc/%d/fd/%d", (int)getpid(), spaces[HOST_SERVER]);

	HOST_IP(HOST_LAN, "link", "add", "br0", "type", "bridge");
	HOST_IP(HOST_LAN, "link", "set", "br0", "up");
	HOST_IP(HOST_LAN, "link", "set", "eth0", "master", "br0");
	HOST_IP(HOST_LAN, "link", "add", "eth1", "type", "veth", "peer", "name", "srv0");
	HOST_IP(HOST_LAN, "link", "set", "eth1", "master", "br0");
	HOST_IP(HOST_LAN, "link", "set", "eth1", "up");
	HOST_IP(HOST_LAN, "link", "set", "srv0", "netns", path);
	HOST_IP(HOST_SERVER, "link", "set", "srv0", "name", "eth0");
	HOST_IP(HOST_SERVER, "link", "set", "eth0", "up");
}

/* Packets are lost until the kernel has noticed that both ends of a link are up, which it does later. */
static void
wait_until_up(enum host host, const char *device)
{
	const struct timespec a_little = { .tv_nsec = 10000000 };

	for (int tries = 0; tries < UP_TRIES; tries++) {
		scoped_buffer said = BUFFER_NONE;

		host_enter(host);
		LAB(&said, "ip", "link", "show", "dev", device);
		host_enter(HOST_ROUTER);
		if (text_contains(buffer_text(&said), TEXT("state UP")))
			return;
		nanosleep(&a_little, NULL);
	}
	BUG_IF(true, "%s of host %d does not come up", device, host);
}

/* The lan's bridge is up when one of its ports forwards. */
static void
wait_until_all_up(void)
{
	static const struct {
		enum host   host;
		const char *device;
	} links[] = {
		{ HOST_ROUTER, "em0" }, { HOST_ROUTER, "em1" }, { HOST_ROUTER, "em2" }, { HOST_WAN, "eth0" },   { HOST_OPT, "eth0" },
		{ HOST_LAN, "eth0" },   { HOST_LAN, "eth1" },   { HOST_LAN, "br0" },    { HOST_SERVER, "eth0" },
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		wait_until_up(links[i].host, links[i].device);
}

void
hosts_up(void)
{
	scoped_arena arena = arena_new();

	for (unsigned i = HOSTS; i-- > 0;)
		new_space(i);
	write_file("/proc/sys/net/ipv4/ip_forward", "1");
	write_file("/proc/sys/net/ipv6/conf/all/forwarding", "1");
	write_file("/proc/sys/net/ipv4/icmp_ratelimit", "0");
	connect_host(arena, "em0", HOST_WAN, "eth0");
	connect_host(arena, "em1", HOST_LAN, "eth0");
	connect_host(arena, "em2", HOST_OPT, "eth0");
	make_lan(arena);
	give(HOST_ROUTER, "em0", "192.0.2.1/24", "2001:db8::1/64");
	give(HOST_ROUTER, "em1", "10.1.0.1/24", "fd00:1::1/64");
	give(HOST_ROUTER, "em2", "10.2.0.1/24", "fd00:2::1/64");
	give(HOST_WAN, "eth0", "192.0.2.10/24", "2001:db8::10/64");
	give(HOST_LAN, "br0", "10.1.0.10/24", "fd00:1::10/64");
	give(HOST_SERVER, "eth0", "10.1.0.20/24", "fd00:1::20/64");
	give(HOST_OPT, "eth0", "10.2.0.10/24", "fd00:2::10/64");
	route(HOST_WAN, "192.0.2.1", "2001:db8::1");
	route(HOST_LAN, "10.1.0.1", "fd00:1::1");
	route(HOST_SERVER, "10.1.0.1", "fd00:1::1");
	route(HOST_OPT, "10.2.0.1", "fd00:2::1");
	wait_until_all_up();
}

void
hosts_down(void)
{
	for (unsigned i = 0; i < HOSTS; i++) {
		if (spaces[i] >= 0)
			close(spaces[i]);
		spaces[i] = -1;
	}
}
