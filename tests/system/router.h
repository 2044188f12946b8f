/* tests/system/router.h: the whole daemon as the router between the hosts of tests/kernel/hosts.h. */
#pragma once

#include "client.h"
#include "talk.h"

#define MANAGEMENT "10.1.0.1:8080" /* where hosts reach it */

struct router {
	struct arena    *arena;
	struct instance *instance;
	struct client   *client;
};

/*
 * In a machine whose /etc, /var and /run are our own, started with this config.xml. Ends the test when it does not come
 * up; skips it without the privileges.
 */
void router_up(struct router *, const char *configuration);
/* The same with a state directory, and asked through the unix socket. */
void router_up_lasting(struct router *, const char *configuration);
void router_down(struct router *);
