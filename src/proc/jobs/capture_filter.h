/* proc/jobs/capture_filter.h: which packets are captured, as a program for the kernel (classic BPF). */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"

#define CAPTURE_FILTER_MAX 128 /* instructions */
#define CAPTURE_TAKE       262144 /* bytes of a packet that matches: all */

enum capture_family { CAPTURE_ANY, CAPTURE_IP, CAPTURE_IP6, CAPTURE_ARP };

/* Everything must hold; what is not set does not matter. */
struct capture_filter {
	enum capture_family family;
	bool                is_raw;       /* packets begin with their IP header: a link without hardware addresses */
	int                 protocol;     /* -1: any */
	bool                protocol_not;
	struct prefix       host;         /* FAMILY_NONE: any */
	uint16_t            port;         /* 0: any */
	bool                port_not;
};

/* How many instructions it is. */
size_t capture_filter_make(const struct capture_filter *, struct sock_filter out[CAPTURE_FILTER_MAX]);
