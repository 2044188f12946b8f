/*
 * schema/schema.h: what a resource, a field and a type are. A declaration in
 * model/ needs this header alone.
 *
 * All of it is static const data: nothing here is ever allocated or changed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bug.h"
#include "base/text.h"
#include "schema/faults.h"
#include "schema/record.h"

struct facts;
struct snapshot;

enum dialect {
	OPNSENSE,
	PFSENSE,
	NATIVE,
	DIALECTS,
};

/* The pieces of the box that are configured together: a bit each. */
enum part {
	PART_NONE = 0,
	PART_FILTER = 1 << 0,
	PART_ALIASES = 1 << 1,
	PART_INTERFACES = 1 << 2,
	PART_ROUTING = 1 << 3,
	PART_RESOLVER = 1 << 4,
	PART_DHCP = 1 << 5,
	PART_TIME = 1 << 6,
	PART_IDENTITY = 1 << 7, /* host name, domain, name servers */
	PART_ACCOUNTS = 1 << 8,
	PART_VPN_IPSEC = 1 << 9,
	PART_VPN_OPENVPN = 1 << 10,
	PART_VPN_WIREGUARD = 1 << 11,
	PART_SHAPER = 1 << 12,
	PART_LOGGING = 1 << 13,
	PART_TRUST = 1 << 14,
	PART_CRON = 1 << 15,
	PART_OTHER = 1 << 16,
	PART_ACCESS = 1 << 17, /* the secure shell */
	PART_TUNABLES = 1 << 18,
	PART_FLOWS = 1 << 19, /* accounting of traffic */
	PART_MONITOR = 1 << 22, /* Monit */
	PART_PORTAL = 1 << 20, /* the captive portal, beside its rules */
	PART_DISCOVERY = 1 << 23, /* of hosts */
};

/* What a field may look at while it is checked, completed or shown. */
struct view {
	struct arena          *arena;
	const struct snapshot *snapshot; /* while a change is made: with the change in it */
	const struct facts    *facts;    /* of the machine */
	const struct record   *record;   /* the one being looked at */
};

/* One entry of a closed list of values. */
struct choice {
	const char *key;
	const char *label; /* NULL: the key itself */
	const char *group; /* "optgroup", NULL: none */
};
#define CHOICES(...)                                   \
	((const struct choice[]){ __VA_ARGS__ }),      \
	.nchoices = COUNT(((const struct choice[]){ __VA_ARGS__ }))

/* Values that are uuids of records elsewhere. */
struct relation {
	const char *resource; /* by name */
	const char *display;  /* its fields to show, comma separated */
	const char *format;   /* printf-like with %s, one for each; NULL: joined by a blank */
	const char *filter;   /* "field=regex", NULL: all records */
};
#define RELATIONS(...)                                   \
	((const struct relation[]){ __VA_ARGS__ }),      \
	.nrelations = COUNT(((const struct relation[]){ __VA_ARGS__ }))

/* Which interfaces (or servers, actions...) qualify: its property must match the regex. */
struct condition {
	const char *property;
	const char *regex; /* PCRE without delimiters, case-sensitive */
};
#define CONDITIONS(...)                                    \
	((const struct condition[]){ __VA_ARGS__ }),       \
	.nconditions = COUNT(((const struct condition[]){ __VA_ARGS__ }))

enum constraint_kind {
	CONSTRAINT_UNIQUE,        /* this field and others together unique in the collection */
	CONSTRAINT_DEPEND,        /* fault when empty while one of others is not ("0" counts as empty) */
	CONSTRAINT_SET,           /* the same, but "0" counts as set */
	CONSTRAINT_SET_IF,        /* required when field others equals value */
	CONSTRAINT_SINGLE_SELECT, /* at most one of this and others; with required exactly one */
	CONSTRAINT_ALL_OR_NONE,   /* all or none of this and others */
	CONSTRAINT_COMPARE,       /* numeric: this <op> others, op in value: gt gte lt lte eq neq */
	CONSTRAINT_REFER,         /* run the constraints of field others; faults go there */
};

struct constraint {
	enum constraint_kind kind;
	const char          *others; /* comma separated field names of the same resource */
	const char          *value; /* of SET_IF: NULL means empty */
	bool                 required;
	bool                 any_case; /* UNIQUE ignores case */
	const char          *message;  /* NULL: the kind's own */
};
#define CONSTRAINTS(...)                                     \
	((const struct constraint[]){ __VA_ARGS__ }),        \
	.nconstraints = COUNT(((const struct constraint[]){ __VA_ARGS__ }))

/* Field flags. */
enum {
	REQUIRED = 1 << 0,
	MANY = 1 << 1,      /* a list: comma separated unless the type says otherwise ("multiple") */
	VOLATILE = 1 << 2,  /* shown, never stored; may carry input for one request */
	AS_LIST = 1 << 3,   /* plain type that is shown as an option map of its entries */
	SECRET = 1 << 4,    /* never shown in listings, logs, events and plans */
	UPPER = 1 << 5,     /* value is turned into upper case when set */
	LOWER = 1 << 6,
	HIDDEN = 1 << 7,    /* ours only: in no dialect unless .as names it */
	MASK_PER_ITEM = 1 << 8,
	MASK_ANY_CASE = 1 << 9,
	SORT_BY_LABEL = 1 << 10,
	SELECT_ALL = 1 << 11, /* an empty list means all choices */
	LOW_LIMIT = 1 << 12,  /* .min counts */
	HIGH_LIMIT = 1 << 13, /* .max counts */
};
/* What single types can be told; see types.h for which type reads which. */
enum {
	MASK_REQUIRED = 1 << 0,   /* network: "/bits" must be there */
	MASK_FORBIDDEN = 1 << 1,  /* network: "/bits" must not be there */
	ONLY_INET = 1 << 2,
	ONLY_INET6 = 1 << 3,
	NO_WILDCARD = 1 << 4,     /* network: "any" is refused */
	HOST_BITS_ZERO = 1 << 5,  /* network: strict */
	NO_ADDRESS = 1 << 6,      /* host name: an address is refused */
	DNS_NAME = 1 << 7,        /* host name: relaxed */
	FQDN_WILDCARD = 1 << 8,   /* "*.x" */
	HOST_WILDCARD = 1 << 9,   /* "*" */
	ZONE_ROOT = 1 << 10,      /* "@" */
	WELL_KNOWN = 1 << 11,     /* port: any and service names */
	RANGES = 1 << 12,         /* port: a-b */
	ALIASES = 1 << 13,        /* port: names of port aliases */
	PORT_OPTIONAL = 1 << 14,
	HOSTNAME_ALLOWED = 1 << 15,
	DYNAMIC = 1 << 16,        /* interface: also internal and dynamic ones */
	DYNAMIC_STATIC = 1 << 17, /* interface: dynamic ones with an address */
	PARENT_DEVICES = 1 << 18, /* interface: also unassigned parents */
	INVERTED = 1 << 19,       /* country: also "!CC" */
	NO_SPACES = 1 << 20,
	NO_NEWLINES = 1 << 21,
	IS_DOMAIN = 1 << 23,
	SORTED = 1 << 24,         /* relation: selection order first */
	BY_NEWLINE = 1 << 25,     /* list entries are separated by newlines */
	PHASE_TWO = 1 << 26,      /* IPsec proposal */
	SPACES_ALLOWED = 1 << 27, /* strict text */
	NO_SPECIAL = 1 << 28,     /* text: no NUL, VT, FF */
	KEY_UUID = 1 << 29,       /* virtual IP: its uuid instead of its address */
};

struct field {
	const char              *name;   /* nested ones dotted: "source.network" */
	const struct type       *type;
	const char              *preset; /* default; NULL: empty */
	unsigned                 flags;
	unsigned                 settings;
	int64_t                  min, max; /* of a number; of the length of a text */
	const char              *mask;     /* PCRE over the whole value, without delimiters */
	const char              *blank;    /* label of the empty choice; NULL: "None" */
	const struct choice     *choices;
	size_t                   nchoices;
	const struct relation   *relations;
	size_t                   nrelations;
	const struct condition  *conditions;
	size_t                   nconditions;
	const struct constraint *constraints;
	size_t                   nconstraints;
	const char              *source; /* what the type draws on: a list of facts, a sibling field */
	/* Computed when shown; such a field is VOLATILE. */
	const char *(*derive)(const struct record *, const struct view *);
	const char *as[DIALECTS]; /* its name there, when another; ABSENT: not shown */
	const char *help;
};
#define ABSENT "-"

/* Face verbs. */
enum {
	VERB_SEARCH = 1 << 0,
	VERB_GET = 1 << 1,
	VERB_ADD = 1 << 2,
	VERB_SET = 1 << 3,
	VERB_DELETE = 1 << 4,
	VERB_TOGGLE = 1 << 5,
	VERB_UPLOAD = 1 << 6,   /* CSV */
	VERB_DOWNLOAD = 1 << 7, /* CSV */
	FACE_GUARDED = 1 << 8,  /* deleting looks for references first */
	FACE_GRID = 1 << 9,     /* search takes grid requests by POST only ("query-grid") */
	CRUD = VERB_SEARCH | VERB_GET | VERB_ADD | VERB_SET | VERB_DELETE,
};

/* One place where a dialect shows a resource. */
struct face {
	const char *at;     /* "firewall/alias" */
	const char *suffix; /* behind the verb: "_item", "" */
	const char *root;   /* JSON key around the record */
	unsigned    verbs;
	const char *search_suffix; /* behind "search", when another ("_zones"); NULL: suffix */
	const char *search; /* fields the phrase looks in, comma separated; NULL: all */
	const char *sort;   /* default order: a field; NULL: by uuid */
	const char *force;  /* "field=value": only such records, and set on new ones */
	const char *enabled; /* field that toggle turns; NULL: "enabled" */
};
#define FACES(...) ((const struct face[]){ __VA_ARGS__, { 0 } })

/* A record that is to be put (a new one when it has no uuid) or removed together with another. */
struct companion {
	struct record          *record; /* in the view's arena */
	bool                    remove;
	const struct companion *next;
};

enum shape {
	COLLECTION,
	SINGLETON,
};

/* Resource flags. */
enum {
	ORDERED = 1 << 0,   /* the order of the records means something */
	IN_MEMORY = 1 << 1, /* never stored: lives as long as the process */
	KEYED = 1 << 2,     /* the uuid is a name of ours ("wan"), not a random one */
};

struct resource {
	const char         *name; /* "firewall.alias" */
	const char         *summary;
	enum shape          shape;
	unsigned            flags;
	const struct field *fields;
	size_t              nfields;
	const char         *key;   /* the field people know a record by; NULL: none */
	const char         *model; /* "Firewall.Alias": the OPNsense model it is part of */
	const char         *path;  /* where in it: "aliases.alias"; "" for the model's own fields */
	/* Of a model's own resource: where config.xml has it ("//A/B"; a "+" behind: the list itself), in which version. */
	const char         *mount, *version;
	unsigned            touches; /* enum part, or-ed */
	/* What a table cannot say. The record is view->record too. */
	void (*check)(const struct record *, const struct view *, struct faults *);
	/* Complete a new or changed record before it is checked (numbers given out, names split). */
	void (*complete)(struct record *, const struct record *before, const struct view *);
	/*
	 * Records of other resources that go along when one is kept: new (before NULL), changed, or removed (after
	 * NULL). Asked once the record is complete, free of faults and has its uuid. NULL: none.
	 */
	const struct companion *(*spread)(const struct record *after, const struct record *before, const struct view *);
	/* Rows that are shown but not stored: give the n-th, or NULL after the last. */
	const struct record *(*builtin)(size_t n, const struct view *);
	const struct face  *faces[DIALECTS]; /* each ends with an empty one; NULL: not shown */
};

/* The resources the program knows. Made once for the process; tests free theirs. */
struct schema;

struct schema         *schema_new(const struct resource *const *resources, size_t count);
void                   schema_free(struct schema *);
size_t                 schema_count(const struct schema *);
const struct resource *schema_at(const struct schema *, size_t index);
size_t                 schema_index(const struct schema *, const struct resource *);
const struct resource *schema_find(const struct schema *, struct text name); /* NULL: unknown */
const struct resource *schema_named(const struct schema *, const char *name); /* the same, quicker for literals */
/*
 * Look for mistakes in the tables: types missing, names twice, presets their own type refuses,
 * relations and constraints that point nowhere. Writes one line each; true when there are none.
 */
struct buffer;
bool schema_check(const struct schema *, const struct facts *, struct buffer *mistakes);

/* The index of a field; aborts when the resource lacks it: a mistake in our code. */
size_t resource_field(const struct resource *, const char *name);
/* SIZE_MAX when there is none; for names that clients send. */
size_t resource_find_field(const struct resource *, struct text name);
