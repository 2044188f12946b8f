/* proc/wall/sandbox.h: a place apart from the machine, where the keeper may do as it likes. */
#pragma once

#include <stdbool.h>

#include "base/buffer.h"
#include "proc/options.h"

/*
 * Put this process, which must have one thread, into namespaces of its own: network, mounts, host
 * name and IPC; also users when it is not root. There /run is empty, /etc and /var may be written to
 * and the machine's stay as they are, and the network has the links of sandbox_links(). The state
 * directory stays the real one (NULL: there is none). All of it goes when the last process in it ends.
 * False and a message when the kernel does not let us: the process is then of no use any more.
 *
 * *outside becomes a descriptor of the network that the other ends of the links are in. It must stay open as long
 * as the links are wanted; whoever enters it can play a host there.
 */
bool sandbox_enter(const char *state, int *outside, struct buffer *message);

/* Enter the network of a namespace by path (/run/netns/NAME); sockets that are open stay where they are. */
bool sandbox_join(const char *path, struct buffer *message);

/* Go to a new network with em0 to em3, each with a carrier: their other ends are in *outside, see above. */
#define SANDBOX_LINKS 4
bool sandbox_links(int *outside, struct buffer *message);

/* Go where the options say it is applied. Sockets that clients come to must be open by then. *outside is untouched
   unless that is a sandbox. */
bool sandbox_go(const struct options *, const char *state, int *outside, struct buffer *message);
