/* tests/kernel/hosts.h: a router and hosts around it, each in a network namespace, and talk between them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 *   wan host 192.0.2.10, 2001:db8::10 --- em0 router em1 --- lan host 10.1.0.10, fd00:1::10 and lan server 10.1.0.20, fd00:1::20
 *                                                    em2 --- opt host 10.2.0.10, fd00:2::10
 * The router is .1 everywhere; the lan is a bridge in the lan host. This process is in the router.
 */
enum host { HOST_ROUTER, HOST_WAN, HOST_LAN, HOST_SERVER, HOST_OPT, HOSTS };

void hosts_up(void);
void hosts_down(void);
/* This thread is in that host now. */
void host_enter(enum host);
/* Run `ip` in a host. */
void host_ip(enum host, const char *const *argv);
#define HOST_IP(host, ...) host_ip((host), (const char *const[]){ "ip", __VA_ARGS__, NULL })

/* What became of a connection. */
enum talk { TALK_OPEN, TALK_RESET, TALK_UNREACHABLE, TALK_SILENT };
const char *talk_word(enum talk);

struct talked {
	enum talk how;
	char      seen_from[64]; /* address the server saw */
	uint16_t  seen_port;
	enum host server;        /* who answered */
};

/*
 * A connection from one host to an address and port. Every other host listens on `listen` ports meanwhile
 * (0: same as port); who accepts is the server.
 */
struct talked talk_tcp(enum host from, const char *to, uint16_t port, uint16_t listen);
struct talked talk_udp(enum host from, uint16_t from_port, const char *to, uint16_t port, uint16_t listen);
struct talked talk_ping(enum host from, const char *to);

/* A connection that stays: NULL when it cannot be made. */
struct line_open {
	int client, server;
};

bool line_begin(struct line_open *, enum host from, const char *to, uint16_t port, enum host server);
/* Does a byte get through, and its answer back? */
bool line_works(const struct line_open *);
void line_finish(struct line_open *);
