/* plan/filter/build.h: what the files of the filter compiler share; nobody else includes it. */
#pragma once

#include "base/map.h"
#include "plan/filter/compile.h"

/*
 * Marks of connections: the index of the rule, whether the gateway is for the answers, and the gateway's number. Packets
 * have the gateway's number for the routes, and before they have a connection the index too.
 */
#define MARK_RULE          0x0000ffffU
#define MARK_SHAPED        0x00200000U /* of packets only: they wait in the class that their priority says */
#define MARK_SYNPROXY      0x00400000U /* of packets only: the handshake is ours */
#define MARK_REPLY_TO      0x00800000U
#define MARK_GATEWAY       0xff000000U
#define MARK_GATEWAY_SHIFT 24

/* --- Sets ------------------------------------------------------------------------------- */

enum want_kind {
	WANT_ALIAS,             /* an alias's addresses, ports or MACs */
	WANT_INTERFACE,         /* networks of an interface */
	WANT_INTERFACE_ADDRESS,
	WANT_UNION,             /* a list of networks */
	WANT_DEVICES,           /* kernel names of interfaces */
	WANT_PROTOCOLS,         /* tcp and udp */
	WANT_ICMP,
	WANT_INNER,             /* the networks of all interfaces without a gateway */
	WANT_COUNTED,           /* filled by rules */
};

/* A set that rules refer to, by name; its content is made when a compilation uses it. */
struct want {
	const char        *name;
	enum want_kind     kind;
	enum set_type      type;
	bool               interval, dynamic, counted;
	uint32_t           timeout, size;
	const char        *of;      /* alias or interface */
	struct nets        nets;    /* WANT_UNION */
	const char *const *devices; /* WANT_DEVICES */
	size_t             ndevices;
	struct icmp_types  icmp;
	uint64_t           round;   /* the last compilation that used it */
	uint64_t           stamp;   /* content the elements were made from, 0: must be made again */
	char              *elements; /* malloc'ed */
	size_t             count, len;
	uint64_t           hash;
	struct want       *next;    /* all of a cache, to free them */
};

/* --- Fragments --------------------------------------------------------------------------- */

/* The ways of a packet on which rules are asked. */
enum way {
	WAY_IN,
	WAY_OUT,  /* before sources are translated: rules may reject */
	WAY_POST, /* after that */
	WAYS
};

struct lines {
	struct text *list;
	size_t       count;
};

#define FRAGMENT_OBJECTS 3 /* time-outs of TCP and UDP, and a rate */
#define FRAGMENT_NOTES   (FILTER_NOTES_MAX + 10)

/* What one rule became. What each compilation looks at comes first. */
struct fragment {
	const struct filter_rule *rule;
	unsigned                  priority; /* 0: nowhere */
	unsigned                  sequence; /* its rule's */
	unsigned                  order;
	unsigned                  index;
	const char               *place;    /* whose chain it hangs in, by cache_place(): an interface, the number of groups; NULL: none */
	bool                      quick;    /* its rule's */
	bool                      names_interfaces, uses_gateway;
	bool                      names_gateway; /* and passes */
	bool                      has_extras;    /* some of what extras_make() is for */
	unsigned                  run[WAYS];     /* of the layout, where it stands; 0: in none */
	unsigned                  nnotes, nwants;
	struct want             **wants;
	uint64_t                  mark;     /* hash of its uuid: where chains are cut */
	struct lines              lines[WAYS];
	uint64_t                  hash[WAYS];
	struct lines              raw[2];   /* before connection tracking: in and out */
	struct lines              max, rate; /* chains of its own */
	struct lines              proxied;  /* for connections that we make for a client */
	struct ruleset_object    *objects;  /* room for FRAGMENT_OBJECTS, or NULL */
	size_t                    nobjects;
	const char              **notes;    /* what it does differently from pf; room for FRAGMENT_NOTES, or NULL */
};

struct fragment_list {
	struct fragment **list;
	size_t            count;
	bool              is_unsorted;
	size_t            nlines[WAYS]; /* of all of them; counted by the layers only */
	enum way          way; /* which of their lines */
};

/* What has to be known of rules before the first is compiled. */
enum fact {
	FACT_ASLEEP = 1,     /* not in force */
	FACT_OVERLOAD = 2,   /* puts addresses into an alias */
	FACT_SOURCE = 4,     /* for what leaves, and about where it comes from */
	/* Of what passes: */
	FACT_LOOSE = 8,      /* also what is no proper start of a connection */
	FACT_OPTIONS = 16,   /* also packets with IPv4 options */
	FACT_STATELESS = 32,
	FACT_PROXY = 64,     /* wants its handshakes answered */
	FACT_SHAPED = 256,   /* waits in a pipe or queue */
	/* Of any: */
	FACT_NOTED = 128,    /* its fragment has notes */
};

struct seat {
	const struct filter_rule *rule;
	uint64_t                  stamp;
	struct fragment          *fragment; /* NULL: to be made */
	unsigned                  facts;
};

/* A rule that is another one than was in its place in the last compilation. */
#define CHANGES_MAX 64
struct seat_change {
	size_t      at;
	struct seat before;
};

struct seat_changes {
	struct seat_change list[CHANGES_MAX];
	size_t             count; /* more than there is room for: they are not all here */
};

/* --- The compilation --------------------------------------------------------------------- */

struct alias_info {
	const struct filter_alias *alias;
	uint64_t                   stamp;
	bool                       interval4, interval6;
	bool                       single; /* dynamic, and rules may add to it: hashed, without ranges */
	uint64_t                   round;
};

struct chains {
	struct ruleset_chain *list;
	size_t                count, room;
};

struct build {
	struct filter_cache   *cache;
	const struct filter   *filter;
	struct arena          *keep;    /* lives as long as the cache's content */
	struct arena          *once;    /* until the next compilation */
	struct arena          *lines;   /* one of them: for the fragment being made */
	struct map            *interfaces, *groups, *aliases;
	struct chains          chains;
	struct map            *chain_names;
	struct ruleset        *out;
	struct ruleset_set    *maps;    /* verdict maps and pools */
	size_t                 nmaps, maps_room;
	size_t                 nwants_of_rules; /* that are used by the time all fragments are taken */
	struct want          **wants;   /* being collected for a fragment */
	size_t                 nwants, wants_room;
	uint64_t               round;
	struct seat           *seats;   /* of each rule, of the cache */
	struct seat_changes    changes;
	unsigned               facts;   /* of any rule that is in force */
	bool                   extras, names_gateways; /* some fragment has extras, names a gateway */
	bool                   loose;   /* some rule accepts what is no proper start of a connection */
	bool                   allows_options; /* some rule lets packets with IPv4 options pass */
	bool                  *is_late; /* for each interface: its rules for "out" have to see translated sources */
	bool                   any_late;
	bool                   uses_gateways, passes_forwards;
	bool                   routes_own; /* some rule for "out" has a gateway */
	bool                   untracks, proxies; /* some rule is without states; answers handshakes */
	bool                   sets_priorities, limits_rates;
};

const struct filter_interface *build_interface(const struct build *, const char *name);
/* IPsec's, which is there while it is on; NULL: none. */
const struct filter_interface *build_ipsec(const struct build *);
const struct filter_group     *build_group(const struct build *, const char *name);
const struct alias_info       *build_alias(const struct build *, const char *name);
unsigned                       build_index(struct build *, const char *uuid);
unsigned                       build_tag(struct build *, const char *tag);

/* Sets: all give the name to refer to, and note that it is wanted. */
const char *want_alias(struct build *, const char *name, enum set_type);
/* Both sets of each dynamic alias, whether a rule names it or not: they can be filled at any time. */
void        want_dynamic(struct build *);
const char *want_interface(struct build *, enum want_kind, const char *name, enum set_type);
const char *want_union(struct build *, const struct nets *, enum set_type);
const char *want_devices(struct build *, const char *const *devices, size_t count);
const char *want_protocols(struct build *);
const char *want_icmp(struct build *, const struct icmp_types *, enum set_type);
const char *want_inner(struct build *);
const char *want_counted(struct build *, const char *name, enum set_type, uint32_t timeout, uint32_t size);
/* Uses the wants of a fragment in this compilation. */
void        want_use(struct build *, struct want *const *wants, size_t count);
/* Does an alias need an interval set? */
void        want_look(struct alias_info *);
/* All that were used, with their content, into the rule set. */
void        want_fill(struct build *);

/* Chains. */
const char *build_chain(struct build *, const char *name, const struct lines *);
void        build_add_chain(struct build *, const struct ruleset_chain *);
void        build_base(struct build *, const struct ruleset_chain *head, const struct lines *);
/* The lines of fragments in short chains called after `stem`; a jump to each is added. */
void        build_list(struct build *, const char *stem, const struct fragment_list *, struct lines *jumps);
/* `count` is the room; the caller counts up map->count, and seals it when it is full. */
struct ruleset_set *build_map(struct build *, const char *name, enum set_type, enum set_gives, size_t count);

void                build_add_map(struct build *, const struct ruleset_set *);
void                build_seal_map(struct ruleset_set *);
void                build_dispatch(struct build *, const char *name, enum step_key, const struct ruleset_entry *,
				   size_t count, struct lines *walk);

/* Lines: text in steps, from one arena. */
struct line {
	struct build *build;
	struct buffer bytes;
};

void line_start(struct line *, struct build *);
void line_add(struct line *, const struct step *);
void line_number(struct line *, enum step_key, enum step_compare, uint32_t number);
void line_masked(struct line *, enum step_key, uint32_t mask, uint32_t number);
/* Some of these bits are set. */
void line_bits(struct line *, enum step_key, uint32_t bits);
void line_device(struct line *, enum step_key, enum step_compare, const char *device);
void line_prefix(struct line *, enum step_key, enum step_compare, const struct prefix *);
void line_lookup(struct line *, enum step_key, enum step_compare, const char *set);
void line_verdict(struct line *, enum step_verdict, const char *chain);
void line_end(struct line *, struct arena *, struct lines *);
void lines_add(struct arena *, struct lines *, struct text);

/* Where a match on addresses can be one of several lines: a term each. */
enum term_kind { TERM_ANY, TERM_PREFIX, TERM_SET, TERM_SELF, TERM_MAC, TERM_NO_MAC };
struct term {
	enum term_kind     kind;
	bool               negated;
	struct prefix      prefix;
	const char        *set;
	const struct term *also; /* this one has to hold too, or NULL */
};
#define TERMS_MAX 64
size_t terms_of(struct build *, const struct nets *, bool is_source, enum family, struct term *out);
void   line_term(struct line *, const struct term *, bool is_source, enum family);
void   line_ports(struct line *, const struct ports *, enum step_key);
void   line_protocol(struct line *, int protocol, enum family);
int    protocol_in(int protocol, enum family); /* ICMP has one of its own for IPv6 */

/* Rules. */
void rule_compile(struct build *, const struct filter_rule *, struct fragment *);
/* How many groups have this sequence: their rules are mixed when there are several. */
size_t groups_at(const struct filter *, unsigned sequence);

/* Fills in seats and facts. */
void seats_take(struct build *);

/* What a rule became, made when it is not known. */
struct fragment *build_fragment(struct build *, const struct filter_rule *, struct seat *);
/* Fragments in their order, into chains of their layers. */
void layers_make(struct build *, const struct fragment_list *all);

/*
 * The layout: what layers_make() made of all fragments the last time. Where the fragments are the same but for a few, and these
 * have as many lines in the same places, their lines take the places of those before them.
 */
bool layout_change(struct build *, const struct fragment_list *automatic); /* false, and nothing done: all is to be laid out */
const struct fragment_list *layout_all(const struct build *);
/* Its chains and maps into the rule set, as layers_make() would. */
void layout_add(struct build *);
/* Around what is laid out; of what is taken from `once` between them the layout is the owner. */
void layout_begin(struct build *);
void layout_end(struct build *, const struct fragment_list *all, const struct fragment_list *automatic);
/* Some fragments in a row whose lines become a chain; the chain is the next one that is made. */
void layout_run(struct build *, struct fragment **first, size_t count, enum way);

/* Fills in is_late and any_late. */
void late_find(struct build *);

/* Gateways: a chain for each that rules name. */
#define GATEWAY_CHAIN_MAX 64 /* bytes of a gateway's name in the name of its chain */
bool        gateway_is_known(const struct build *, const char *name);
const char *gateway_chain(struct arena *, const char *name, enum way);
void        gateways_make(struct build *, const struct fragment_list *all);

/* What rules have beside their lines; by their index where the name says so. */
#define MAX_CHAIN      "m_%u"
#define RATE_CHAIN     "q_%u"
#define PROXIED_CHAIN  "s_proxied"
#define MAP_PRIORITIES "v_prio"
#define MAP_RATES      "v_rate"
bool rule_sets_priority(const struct filter_rule *);
void extras_make(struct build *, const struct fragment_list *all);
/* Before connections are tracked: are there rules that must be known by then? Fills in untracks and proxies. */
void raw_find(struct build *);
void raw_make(struct build *, const struct fragment_list *all);

/* Chains at hooks, and those that count what passes: by the mark of the connection, by that of the packet. */
#define CHAIN_PASS_IN  "f_pass"
#define CHAIN_PASS_OUT "f_pass_out"
void filter_base(struct build *);
/* Who is sent into which class of the shaper; nothing at all when there is none. */
void shape_make(struct build *);
bool shape_is_on(const struct build *);
void nat_compile(struct build *);
