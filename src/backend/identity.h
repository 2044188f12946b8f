/* backend/identity.h: what this machine is called and whom it asks for names. */
#pragma once

#include <stdbool.h>

#include "base/address.h"
#include "base/buffer.h"
#include "base/result.h"

#define IDENTITY_HOST_MAX    63
#define IDENTITY_DOMAIN_MAX  253
#define IDENTITY_SERVERS_MAX 16
#define IDENTITY_HOSTS_MAX   (1024 * 1024) /* bytes of a hosts file that we still rewrite */

struct identity {
	char           host[IDENTITY_HOST_MAX + 1];
	char           domain[IDENTITY_DOMAIN_MAX + 1]; /* "": none */
	struct address servers[IDENTITY_SERVERS_MAX];
	size_t         nservers; /* 0: resolv.conf is left to others */
};

/* Labels of letters, digits and inner hyphens, no longer than allowed. */
bool identity_is_valid(const struct identity *);
/*
 * Write hostname, hosts and resolv.conf into the directory, each at once or not at all; of hosts only the lines between our marks
 * are replaced. All are made before the first is put in place. FAILED with a message: nothing has changed, or what it says.
 */
enum result identity_write(int directory, const struct identity *, struct buffer *message);
/* identity_write() to /etc, and the kernel's host name. */
enum result identity_apply(const struct identity *, struct buffer *message);
