/* backend/shaper/present.h: what the kernel has of the shaper, as rtnetlink tells it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/result.h"

#define SHAPER_PREF   0x4442U /* of the filter that leads to the shaper: told by it */
#define SHAPER_ALIAS  "drawbridge-shaper" /* not as the links that are configured: nobody else may think that it is his */

struct present_class {
	uint32_t parent; /* 0: none, or it is not there */
	bool     is_there;
	uint64_t rate, ceil; /* bytes per second */
	uint32_t quantum;
	char     leaf[16]; /* kind of the discipline below it that somebody gave it; "": none */
	uint32_t limit;    /* of a pfifo */
	/* What it has done: of its leaf where it has one. */
	uint64_t bytes, packets, dropped;
	uint32_t backlog;  /* packets */
};

struct present_device {
	const char *name;
	uint32_t    index;
	bool        is_port;     /* of a bridge or bond: what it carries has been through that */
	bool        has_clsact;  /* filters can be put there */
	bool        has_ingress; /* of somebody else, where ours would have to be */
	bool        has_filter;  /* ours leads to the shaper */
	bool        has_others;  /* filters of somebody else */
};

struct shaper_present {
	uint32_t               index;   /* of the shaper's link; 0: there is none */
	bool                   is_ours, is_up;
	bool                   has_root; /* its HTB */
	struct present_class  *classes; /* by number, 65536 of them; NULL without a link */
	struct present_device *devices; /* all other links */
	size_t                 ndevices;
};

/* FAILED: the kernel does not say. */
enum result            shaper_present_read(struct arena *, struct shaper_present *out);
struct present_device *shaper_present_device(const struct shaper_present *, const char *name);
