/* tests/kernel/hosts.h: a router and hosts around it, each in a network namespace. */
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
