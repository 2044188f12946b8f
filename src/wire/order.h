/* wire/order.h: all that the gate can ask of the keeper, and what it is told unasked. */
#pragma once

/*
 * What is in the bodies, in order. The reply to an order that was not DONE has one text in it, which says
 * why in words for people (at most ORDER_MESSAGE_MAX bytes). A malformed order is not answered: it ends the gate.
 */
enum order {
	ORDER_NONE,
	/* The first one. Asks: text, the build (proc/build.h). Reply: u32, enum apply_mode; u32, what the packet filter
	   lacks (wire/lacking.h). */
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
	/* Reply: a sealed memfd with tables_encode()d sets of the packet filter (wire/tables.h). */
	ORDER_TABLES,
	/* Asks: word, the set; u32, most keys to give. Reply: a sealed memfd, table_keys_encode(). MISSING: no such set. */
	ORDER_TABLE,
	/* Asks: word, the set; u32 seconds that new ones stay, 0: as the set says; bool, new ones count; texts, keys to delete and to
	   add. MISSING: no such set, or a key is not there. CONFLICT: an interval touches another. REFUSED: the set knows no such
	   times or counters. */
	ORDER_CHANGE_TABLE,
	/* Asks: word, the set. */
	ORDER_FLUSH_TABLE,
	/* Asks: word, the set. Reply: a sealed memfd, element_counts_encode(). MISSING: there is no such set of single keys. */
	ORDER_COUNT_TABLE,
	/* Reply: a sealed memfd, rule_counts_encode(). */
	ORDER_COUNT_RULES,
	/* Asks: a filter (wire/states.h); u32, most to give. Reply: a sealed memfd, states_encode(). */
	ORDER_STATES,
	/* Reply: u64 how many connections there are, u64 how many there may be. */
	ORDER_COUNT_STATES,
	/* Asks: bool, really all; a filter, of zeros when all are meant and only then. Reply: u64 how many it were. */
	ORDER_KILL_STATES,
	/* Reply: a sealed memfd, routes_encode() and neighbours_encode() (wire/routes.h). */
	ORDER_ROUTES,
	ORDER_NEIGHBOURS,
	/* The default routes that others than we have made. Reply: as that of ORDER_ROUTES. */
	ORDER_ROUTERS,
	/* Probe these gateways and no others. Asks: u32, how many; as many put_probe() (wire/probe.h). */
	ORDER_PROBE,
	/* Reply: u32, how many; as many put_probe_result(). */
	ORDER_PROBED,
	/* Asks: an address; all zeros: every one of the family. Reply: u32 how many it were. */
	ORDER_FORGET_NEIGHBOURS,
	/* Make links, addresses, neighbours and routes so. Asks: a sealed memfd with the plan. Reply, done: text, what to know of it. */
	ORDER_LOAD_NETWORK,
	/* What kinds of links can it not make? Asks: u32, u32, bits by enum link_kind (plan/network/network.h), tunnels over IPv6 in the
	   second. Reply: u32, bits by enum link_kind; for each, ascending: text, what the kernel lacks. */
	ORDER_LACKING_LINKS,
	/* Name the machine. Asks: word, the host; text, the domain; u32, how many; addresses, the name servers. */
	ORDER_SET_IDENTITY,
	/* Who may log in on the machine. Asks: a sealed memfd, accounts_encode()d. Not DONE: the text says who has no account, others have. */
	ORDER_SET_ACCOUNTS,
	/* Settings of the kernel; those that are left out get back what they had. Asks: a sealed memfd, tunables_encode()d. Not DONE:
	   the text says which are not so, the others are. */
	ORDER_SET_TUNABLES,
	/* What is done by the clock. Asks: a sealed memfd, jobs_encode()d. */
	ORDER_SET_JOBS,
	/* Where lines of logs are taken to be sent on. Reply: a datagram socket. UNAVAILABLE: nowhere. */
	ORDER_LOG_SOCKET,
	/* The machine's secure shell. Asks: bool, ours or as the machine has it; u16 port; u32, enum ssh_login; bools, the agent is forwarded,
	   root is let in; u32, how many; addresses to listen on. Answered when sshd has found it right and was told. */
	ORDER_SET_SSH,
	/* Make the daemons of these programs so. Asks: a sealed memfd, services_encode()d. Answered when they answer, other orders
	   before it. UNAVAILABLE, REFUSED, FAILED: the text says which service; what it had is in force, the others are done. */
	ORDER_LOAD_SERVICES,
	/* What a daemon's own checker says of files that it does not get. Asks: as above, with one service that is wanted. Reply: a sealed
	   memfd with what was said. REFUSED: they are wrong, and the text says why. UNAVAILABLE: there is no checker. */
	ORDER_TRY_SERVICES,
	/* Asks: word, the service; u32, enum service_action. Answered when it is so. MISSING: not configured. */
	ORDER_SERVICE,
	/* Reply: u32, how many; for each: word, the service; u32, enum daemon_state; u32 process, 0: none; u32 seconds of the state;
	   u32, how often it was started; u32, how often it ended unasked; bool, what was applied last wants it. */
	ORDER_SERVICES,
	/* Asks: word, the query (proc/service/query.h); text, its argument or "". Reply: a sealed memfd with what the daemon
	   says. UNAVAILABLE: it does not answer. */
	ORDER_ASK_SERVICE,
	/* Asks: word, the service. Reply: a pipe with what it says, one line a thing; who does not read it loses some. MISSING: it is
	   not heard, or was never wanted. */
	ORDER_HEAR_SERVICE,
	/* Asks: a sealed memfd of u32, ids of connections, which ascend. Reply: u64 how many it were. */
	ORDER_KILL_STATES_BY_ID,
	/* Asks: prefix; address, the gateway, or none; u32 link, 0: any. MISSING: no such route in the main table. */
	ORDER_DELETE_ROUTE,
	/* Write packets of a link down. Asks: word, the link; bool promiscuous; u32, bytes of each packet; u32, how many packets, 0:
	   any number; text, the filter (struct sock_filter). Reply: u32, its number; a descriptor to read (pcap). MISSING: no such
	   link. INVALID: the kernel takes no such filter. TOO_BIG: there are too many. */
	ORDER_CAPTURE,
	/* Asks: u32, the number of a capture. MISSING: it is not running (any more). */
	ORDER_STOP_CAPTURE,
	/* Reply: u32, how many are running; for each: u32, its number. */
	ORDER_CAPTURES,
	/* A socket for a look at others, bound to an address of ours. Asks: u32, enum probe_socket; u8 family (4, 6); address or none;
	   u16 port, 0: any. One of the captive portal listens: on all addresses (6: of both families), on a port that is its own. Reply: a descriptor. REFUSED: not ours, or in use. UNAVAILABLE: the text says why. */
	ORDER_PROBE_SOCKET,
	/* Wake a machine. Asks: word, the link; six u8, its MAC; addresses of IPv4, ours on the link and the one to send to. REFUSED: the
	   text says why it could not be sent. */
	ORDER_WAKE,
	/* Asks: u32, enum system_file (wire/system.h). Reply: a sealed memfd with its text. UNAVAILABLE: this kernel has it not. */
	ORDER_READ_SYSTEM,
	/* Asks: u32, enum feed; u64, the last number that was taken care of: it and those before are forgotten. Reply: u64, the last number there is; u64, how often the
	   kernel had no room; a sealed memfd, feed_entries_encode() (wire/feed.h). */
	ORDER_FEED,
	/* Begin a job on the machine's packages. Asks: u32, enum package_action; text, a name or "" (wire/packages.h). CONFLICT: one
	   is running. UNAVAILABLE: the packages are not ours. */
	ORDER_PACKAGE_JOB,
	/* Asks: bool, of the last check instead of the last job; bool, forget its log first. Reply: u32, enum package_state; u32, enum
	   package_action; i64, began, seconds since 1970; a sealed memfd with the log so far. */
	ORDER_PACKAGE_STATUS,
	/* Asks: u32, enum package_file; text, a name or "". Reply: a sealed memfd with its text. MISSING: there is none. */
	ORDER_PACKAGE_FILE,
	/* Asks: bool, off instead of on again. UNAVAILABLE: the machine is not ours. */
	ORDER_POWER,
	/* Run a command of a client, which the administrator's file allows. Asks: text, a line for the shell without a zero byte. Reply,
	   when it has ended: a sealed memfd of u32, enum command_end, and what it said. REFUSED: not allowed. TOO_BIG: others run. */
	ORDER_COMMAND,
	/* Make the shaper so. Asks: a sealed memfd, shaper_encode()d. Reply, done: text, what to know of it. */
	ORDER_LOAD_SHAPER,
	/* Reply: a sealed memfd, shaper_counts_encode() (wire/shaper.h). */
	ORDER_COUNT_SHAPER,
	ORDER_COUNT
};

/* ICMP: echo requests only. */
enum probe_socket {
	PROBE_SOCKET_TCP,
	PROBE_SOCKET_UDP,
	PROBE_SOCKET_ICMP,
	PROBE_SOCKET_PORTAL,
	PROBE_SOCKETS
};

enum command_end {
	COMMAND_ENDED, /* by itself */
	COMMAND_LATE,  /* it was ended: it took too long */
	COMMAND_FULL,  /* it was ended: it said too much */
	COMMAND_ENDS
};

/* What the gate is told unasked; all without bodies. One that finds no room is told later, once. */
enum event {
	EVENT_NONE,
	EVENT_LINKS, /* links, addresses or routes have changed: ask for them */
	EVENT_GATEWAYS, /* the state of some gateway that is probed has changed: ask for them */
	EVENT_FEEDS, /* there is something new in the feeds; not told again until somebody asked for them */
	EVENT_NEIGHBOURS, /* the kernel has learnt of neighbours; not told again until somebody asked for them */
};

/* How long to wait for a reply, in ms: the biggest rule set takes seconds. */
#define ORDER_TIMEOUT       5000
#define ORDER_APPLY_TIMEOUT 120000

#define ORDER_MESSAGE_MAX 4096
#define ORDER_BUILD_MAX   64
#define ORDER_URL_MAX     256
#define ORDER_SECRET_MAX  1024 /* user names, passwords, keys */
#define COMMAND_MAX       16384 /* bytes of a command */
#define COMMAND_SAID_MAX  (1024 * 1024) /* bytes of what it may say */
