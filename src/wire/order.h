/* wire/order.h: all that the gate can ask of the keeper, and what it is told unasked. */
#pragma once

/*
 * What is in the bodies, in order. The reply to an order that was not DONE has one text in it, which says
 * why in words for people (at most ORDER_MESSAGE_MAX bytes). A malformed order is not answered: it ends the gate.
 */
enum order {
	ORDER_NONE,
	/* The first one. Asks: text, the build (proc/build.h). Reply: u32, enum apply_mode. */
	ORDER_HELLO,
	/* Clients are served now. Asks: texts, url, user, password, key, secret; empty but for an ephemeral instance. */
	ORDER_READY,
	/* Asks: u32, enum log_level. */
	ORDER_LOG_LEVEL,
	/* Make the packet filter so. Asks: a sealed memfd with the plan. */
	ORDER_LOAD_RULES,
	/* Reply: u32 apply mode, text name of the backends, u64 seconds the keeper runs, u32 times a gate was
	   started, u32 times rules were loaded, result of the last time. */
	ORDER_STATUS,
	/* Reply: a sealed memfd with links_encode()d links (wire/links.h), at most LINKS_BYTES_MAX. */
	ORDER_LINKS,
	ORDER_COUNT
};

/* What the gate is told unasked; all without bodies. One that finds no room is told later, once. */
enum event {
	EVENT_NONE,
	EVENT_LINKS, /* links, addresses or routes have changed: ask for them */
};

/* How long to wait for a reply, in ms: the biggest rule set takes seconds. */
#define ORDER_TIMEOUT       5000
#define ORDER_APPLY_TIMEOUT 120000

#define ORDER_MESSAGE_MAX 4096
#define ORDER_BUILD_MAX   64
#define ORDER_URL_MAX     256
#define ORDER_SECRET_MAX  1024 /* user names, passwords, keys */
