/* plan/filter.h: what the packet filter is to do, typed and known to be valid. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"

/*
 * Made by whoever reads the records; filter_compile() turns it into a rule set.
 * Everything here belongs to the caller and must stay as it is while it is used.
 * A `stamp` is a number that is never used for a second content: the compiler may
 * keep what it made of a thing with the same stamp. Stamp 0 means: never keep.
 * Translation rules stand in the order in which they are asked.
 * Names of interfaces are those of the configuration (wan, lan, opt1), `device` is the
 * kernel's. Strings are not NULL unless said so.
 */

/* --- Interfaces ------------------------------------------------------------------------ */

/* One address as configured or learnt, with the length of its network's prefix. */
struct filter_address {
	struct prefix prefix; /* host bits kept: 192.168.1.1/24 */
};

/* What is called so in rules is about packets out of and into IPsec's tunnels; the device has those that the kernel does not wrap. */
#define FILTER_IPSEC_NAME   "enc0"
#define FILTER_IPSEC_DEVICE "ipsec0"

struct filter_interface {
	const char                  *name;
	const char                  *device;
	const struct filter_address *addresses;
	size_t                       naddresses;
	uint8_t                      gateway4, gateway6; /* number of the interface's gateway, 0: none */
	uint16_t                     mss;                /* largest packet of TCP through it, 0: as it is */
	bool                         is_wan;             /* has a gateway: outbound NAT, reply-to */
	bool                         block_private;
	bool                         block_bogons;
	bool                         dhcp_client4, dhcp_client6;
	bool                         dhcp_server4, dhcp_server6;
	bool                         has_carp;           /* talks VRRP to other boxes */
};

/* A tunnel whose packets are let through on its interface. */
struct filter_tunnel {
	const char    *name, *label;
	const char    *interface;
	struct address peer;     /* FAMILY_NONE: anybody */
	bool           floats;   /* also through boxes that translate addresses (RFC 3948) */
};

struct filter_group {
	const char        *name;
	const char *const *members; /* names of interfaces */
	size_t             nmembers;
	unsigned           sequence;
};

/* A way out; its number is in the marks of connections, and routing knows it. */
struct filter_hop {
	uint8_t  number; /* not 0 */
	unsigned weight; /* not 0 */
};

/* A gateway, or a group of them that share the connections. */
struct filter_gateway {
	const char              *name;
	enum family              family;
	bool                     is_sticky; /* a source stays with one */
	const struct filter_hop *hops;      /* that are up; none: packets go by the routes */
	size_t                   nhops;
};

/* --- Aliases --------------------------------------------------------------------------- */

enum alias_kind {
	ALIAS_ADDRESSES,
	ALIAS_PORTS,
	ALIAS_MACS,
};

struct address_range {
	struct address first, last; /* of one family, first <= last */
};

struct port_range {
	uint16_t first, last;
};

struct mac {
	uint8_t bytes[6];
};

struct mac_range {
	struct mac first, last; /* first <= last */
};

/*
 * Flattened and resolved; order and overlaps do not matter. The content of a dynamic alias is
 * kept by the kernel (overload tables, external ones): `ranges` is ignored then.
 */
struct filter_alias {
	const char                 *name; /* [A-Za-z0-9_]{1,32} */
	uint64_t                    stamp;
	enum alias_kind             kind;
	bool                        dynamic;
	unsigned                    timeout; /* seconds an element of a dynamic alias stays, 0: for ever */
	bool                        single;  /* a dynamic alias takes single addresses only, with times of their own */
	const char                 *uuid, *note; /* of its record; what cannot be had. NULL: none */
	const struct address_range *ranges;
	size_t                      nranges;
	const struct port_range    *ports;
	size_t                      nports;
	const struct mac_range     *macs;
	size_t                      nmacs;
};

/* --- Rules ----------------------------------------------------------------------------- */

enum rule_action { RULE_PASS, RULE_BLOCK, RULE_REJECT };
enum rule_direction { DIRECTION_IN, DIRECTION_OUT, DIRECTION_ANY };
enum rule_family { RULE_INET, RULE_INET6, RULE_INET46 };
enum rule_state { STATE_KEEP, STATE_SLOPPY, STATE_MODULATE, STATE_SYNPROXY, STATE_NONE };

/* Where a rule stands when its own sequence does not decide: upstream's priorities. */
enum rule_priority {
	PRIORITY_AUTOMATIC = 100000,
	PRIORITY_FLOATING = 200000,
	PRIORITY_GROUP = 300000, /* plus the group's sequence */
	PRIORITY_INTERFACE = 400000,
	PRIORITY_LAST = 500000, /* automatic rules of port forwards */
};

/* Protocol numbers, and two more. That of ICMP means ICMPv6 among packets of IPv6. */
#define PROTOCOL_ANY     (-1)
#define PROTOCOL_TCP_UDP 256
#define PROTOCOL_ICMP    1
#define PROTOCOL_ICMP6   58

enum net_kind {
	NET_PREFIX,
	NET_ALIAS,
	NET_INTERFACE,         /* the networks of an interface */
	NET_INTERFACE_ADDRESS, /* its addresses */
	NET_SELF,              /* every address of this box */
};

struct net {
	enum net_kind kind;
	struct prefix prefix;
	const char   *name; /* of the alias or interface */
};

/* Any of them; `count` 0 means any address. */
struct nets {
	const struct net *list;
	size_t            count;
	bool              negated;
};

enum ports_kind { PORTS_ANY, PORTS_RANGE, PORTS_ALIAS };

struct ports {
	enum ports_kind   kind;
	struct port_range range;
	const char       *alias;
};

/* ICMP types as a bit each. */
struct icmp_types {
	uint64_t bits[4]; /* none set: any; but none of a family when only the other one's are set */
};

struct filter_rule {
	const char         *uuid; /* [A-Za-z0-9_.-]{1,63}: also names automatic rules */
	uint64_t            stamp;
	enum rule_action    action;
	enum rule_direction direction;
	enum rule_family    family;
	enum rule_state     state;
	unsigned            priority; /* 0: from the interfaces, as upstream does */
	unsigned            sequence;
	bool                quick;
	bool                log;
	bool                is_inactive; /* disabled, or outside its schedule */
	bool                is_scheduled;
	bool                interface_not;
	const char *const  *interfaces; /* names of interfaces or groups; none: all */
	size_t              ninterfaces;
	int                 protocol;
	struct nets         source, destination;
	struct ports        source_port, destination_port;
	struct icmp_types   icmp4, icmp6;
	bool                tcp_flags_any;
	uint8_t             tcp_flags_set, tcp_flags_mask; /* mask 0: what states need */
	bool                allow_options;
	int                 tos;  /* DSCP value 0..63, or -1 */
	int                 prio; /* VLAN priority 0..7, or -1 */
	int                 set_prio, set_prio_low; /* the second for what is urgent */
	const char         *tag, *tagged; /* NULL: none */
	const char         *gateway;      /* name, NULL: by the routes */
	const char         *pipe, *pipe_back; /* pipe or queue of the shaper for its direction and for answers: uuids, NULL: none */
	uint8_t             reply_to;     /* number of a gateway, 0: the interface's */
	bool                disable_reply_to;
	/* Limits; 0: none. */
	unsigned            max_states, max_source_states, max_source_nodes, max_source_connections;
	unsigned            rate_connections, rate_seconds;
	unsigned            rate_packets, rate_packet_seconds;
	unsigned            state_timeout;               /* seconds of an established TCP connection, 0: as all others */
	unsigned            udp_unreplied, udp_replied;
	const char         *overload; /* alias that takes who exceeds, or NULL */
	const char         *label;    /* description, for people */
	const char *const  *notes;    /* what was asked for and cannot be had */
	size_t              nnotes;   /* FILTER_NOTES_MAX at most */
};

#define FILTER_NOTES_MAX 12

/* Thousands of rules lie anywhere in memory: what is looked at so many steps later is asked for now. */
#define READ_AHEAD 8

/* --- Translation ----------------------------------------------------------------------- */

enum nat_target { NAT_TO_INTERFACE, NAT_TO_PREFIX, NAT_TO_ALIAS, NAT_TO_NOTHING };
enum nat_pool { POOL_DEFAULT, POOL_ROUND_ROBIN, POOL_ROUND_ROBIN_STICKY, POOL_RANDOM, POOL_RANDOM_STICKY, POOL_SOURCE_HASH, POOL_BITMASK };
enum outbound_mode { OUTBOUND_AUTOMATIC, OUTBOUND_HYBRID, OUTBOUND_MANUAL, OUTBOUND_DISABLED };

/* Outbound NAT. NAT_TO_NOTHING: not translated, and no later rule asked. */
struct outbound_rule {
	const char       *uuid;
	uint64_t          stamp;
	unsigned          sequence;
	bool              is_inactive;
	const char       *interface;
	enum rule_family  family; /* not RULE_INET46 */
	int               protocol;
	struct nets       source, destination;
	struct ports      source_port, destination_port;
	enum nat_target   to;
	struct prefix     prefix;
	const char       *alias; /* alias, or interface for its address */
	struct port_range port;  /* 0..0: any */
	bool              static_port;
	enum nat_pool     pool;
	bool              log;
	const char       *tag, *tagged;
	const char       *note; /* what cannot be had, or NULL; of the others too */
};

/* Port forward. NAT_TO_NOTHING: "no rdr". */
struct forward_rule {
	const char        *uuid;
	uint64_t           stamp;
	unsigned           sequence;
	bool               is_inactive;
	const char *const *interfaces;
	size_t             ninterfaces;
	enum rule_family   family;
	int                protocol;
	struct nets        source, destination;
	struct ports       source_port, destination_port;
	enum nat_target    to; /* NAT_TO_PREFIX, NAT_TO_ALIAS or NAT_TO_NOTHING */
	struct prefix      prefix;
	const char        *alias;
	uint16_t           port; /* first local port, 0: as it was */
	enum nat_pool      pool;
	bool               reflect;   /* also from inside */
	bool               pass;      /* allowed without a filter rule */
	bool               registers; /* ... by one that follows from it */
	bool               log;
	const char        *tag, *tagged;
	const char        *note;
};

struct one_to_one_rule {
	const char   *uuid;
	uint64_t      stamp;
	unsigned      sequence;
	bool          is_inactive;
	bool          is_nat; /* "nat": outbound only; else both ways */
	bool          is_exempt; /* "no binat": what goes out is not translated, and no later rule asked */
	const char   *interface;
	struct prefix external;
	struct nets   source, destination;
	bool          reflect;
	bool          log;
	const char   *note;
};

/* RFC 6296 in intent; stateful here. */
struct prefix_rule {
	const char   *uuid;
	uint64_t      stamp;
	unsigned      sequence;
	bool          is_inactive;
	const char   *interface;
	struct prefix internal, external; /* of one length */
	const char   *tracked; /* interface whose prefix the external one is; NULL: it is given */
	bool          log;
	const char   *note;
};

/* --- The captive portal --------------------------------------------------------------------- */

/* A zone: dynamic aliases of whom it has let in, for what comes from them and for what goes to them, both of which is counted. */
struct filter_zone {
	const char *from, *to;
};

/* --- All of it ------------------------------------------------------------------------- */

struct shaper;

#define FILTER_LOG_GROUP 1 /* of NFLOG; the keeper reads it */

struct filter {
	const struct filter_interface       *interfaces;
	size_t                               ninterfaces;
	const struct filter_group           *groups;
	size_t                               ngroups;
	const struct filter_tunnel          *tunnels;
	size_t                               ntunnels;
	const struct filter_gateway         *gateways;
	size_t                               ngateways;
	const struct filter_alias *const    *aliases; /* enabled ones */
	size_t                               naliases;
	const struct filter_rule *const     *rules; /* in any order */
	size_t                               nrules;
	const struct filter_rule *const     *scheduled; /* those of them that have a schedule */
	size_t                               nscheduled;
	const struct outbound_rule *const   *outbound;
	size_t                               noutbound;
	const struct forward_rule *const    *forwards;
	size_t                               nforwards;
	const struct one_to_one_rule *const *one_to_one;
	size_t                               none_to_one;
	const struct prefix_rule *const     *prefixes;
	size_t                               nprefixes;
	const struct filter_zone            *zones; /* of the captive portal */
	size_t                               nzones;
	const struct filter_rule *const     *zone_rules; /* what follows from them: automatic ones, in their order */
	size_t                               nzone_rules;
	enum outbound_mode                   outbound_mode;
	bool                                 reflection_helper; /* hairpin masquerade */
	bool                                 block_ipv6;
	bool                                 log_default_block, log_default_pass;
	bool                                 log_bogons, log_private;
	bool                                 no_anti_lockout;
	const char                          *lockout_interface; /* NULL: lan, or the only one */
	const uint16_t                      *management_ports;  /* for anti-lockout and boot */
	size_t                               nmanagement_ports;
	uint16_t                             log_group;
	bool                                 lacks_synproxy, lacks_timeouts; /* in the kernel */
	const struct shaper                 *shaper; /* in force, NULL: none (plan/shaper/shaper.h) */
};
