/*
 * tests/system/monitor.h: what the kernel tells of changes inside a box, from one moment to another. A mark that is made by
 * ourselves shows that all has been heard.
 */
#pragma once

#include "box.h"

enum monitored { MONITOR_RULES, MONITOR_ADDRESSES /* of IPv4, and routes */ };

struct monitor {
	const struct box *box;
	enum monitored    what;
	const char       *file;
	pid_t             pid;
};

/* What it needs for box_need(). */
#define MONITOR_NFT "/usr/sbin/nft"
#define MONITOR_IP  "/usr/sbin/ip"

/* Until it listens. Ends the test when it does not. */
struct monitor monitor_begin(const struct box *, enum monitored);
/* What was heard since, in lines, without the mark. */
const char    *monitor_end(struct monitor *);
