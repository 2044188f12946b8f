/* proc/place.h: what must be there before a gate can run: its directory, its user, its files. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "proc/options.h"

/* The user that the gate is to become. `change` is false when we may not, or need not. */
struct gate_user {
	uid_t uid;
	gid_t gid;
	bool  change;
};

/* A name of /etc/passwd or a number; NULL: "drawbridge" if there is one, else 65534. */
bool place_user(const char *run_as, struct gate_user *out, struct buffer *message);

/*
 * Open the state directory, made with mode 0700 if it is not there, and see that the gate's user owns it. *path becomes its
 * absolute path. The descriptor, or -1 and a message.
 */
int place_state(const char *directory, const struct gate_user *, struct arena *, const char **path,
		struct buffer *message);

/*
 * The state directory of an ephemeral instance in a sandbox, in whose memory it is and with which it goes, so that a later gate goes on
 * from what the one before it kept. NULL: there is none.
 */
const char *place_memory(const struct options *);
/*
 * May another gate go on after one that died? Not when that one alone knew what was configured, while it is in force on the machine:
 * says so in the log.
 */
bool        place_can_go_on(const struct options *);

/* A file to be read by the gate; -1 and a message. */
int place_file(const char *path, struct buffer *message);

/* May we change links, addresses and rules here? */
bool place_may_configure(void);

/* As many descriptors as the system lets us have: each client is one. */
void place_limits(void);

/* A socket to the service manager that waits for us (NOTIFY_SOCKET), or -1. In a sandbox its path is not seen any more. */
int  place_manager(void);
/* As sd_notify() does; nothing when there is no manager. */
void place_notify(int manager, const char *words);
