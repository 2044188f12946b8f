/*
 * dialect/pfsense/operation.h: what can be asked, as tables: a URL, a verb, who may, and the steps
 * that check the request and build the object in the order in which clients see the first error.
 */
#pragma once

#include "api/request.h"
#include "dialect/pfsense/scope.h"

enum step_kind {
	DO_SELECT, /* value finds the object among those at the first write's path */
	DO_CHECK,  /* code is the answer when the condition holds */
	DO_SET,    /* obj.key = value */
	DO_UNSET,
	DO_NORMAL, /* the member itself becomes value */
	DO_FLAG,   /* flag.key = value */
	DO_EACH,   /* the steps up to END for every member of a list; each makes an item, which key takes */
	DO_END,
	DO_CALL,   /* what a table cannot say */
};

/*
 * A step about a member is left out when the members it mentions are not in the request (see
 * expression.h); one without a member (ALWAYS) is not. value and when are expressions.
 */
struct task {
	enum step_kind kind;
	const char    *member;
	unsigned       code;
	const char    *key;
	const char    *value;
	const char    *when;
	/* Gives the return code, or 0 to go on. */
	unsigned (*call)(struct scope *);
};

/* clang-format off */
#define SELECT(m, v, w)    { DO_SELECT, m, .value = v, .when = w }
#define REFUSE(m, c, w)     { DO_CHECK, m, c, .when = w }
#define SET(m, k, v, w)    { DO_SET, m, .key = k, .value = v, .when = w }
#define UNSET(m, k, w)     { DO_UNSET, m, .key = k, .when = w }
#define NORMAL(m, v, w)    { DO_NORMAL, m, .value = v, .when = w }
#define FLAG(m, k, v, w)   { DO_FLAG, m, .key = k, .value = v, .when = w }
#define EACH(m, k)         { DO_EACH, m, .key = k }
#define END(m)             { DO_END, m }
#define CALL(f)            { DO_CALL, .call = f }

/* What recurs. The forms with a g count only when that holds too. */
#define ONE_OF(m, c, list)          REFUSE(m, c, m " not in " list)
#define ONE_OF_IF(g, m, c, list)    REFUSE(m, c, g " and " m " not in " list)
#define TAKE(m, k)                  SET(m, k, m, "has(" m ")")
#define TAKE_IF(g, m, k)            SET(m, k, m, g " and has(" m ")")
#define ELSE(m, k, v)               SET(m, k, v, "not has(" m ")")
#define ELSE_IF(g, m, k, v)         SET(m, k, v, g " and not has(" m ")")
#define TAKE_OR(m, k, v)            TAKE(m, k), ELSE(m, k, v)
#define TAKE_OR_IF(g, m, k, v)      TAKE_IF(g, m, k), ELSE_IF(g, m, k, v)
#define WORD(m, word, k, v)         SET(m, k, v, m " = '" word "'")
#define WORD_IF(g, m, word, k, v)   SET(m, k, v, g " and " m " = '" word "'")
#define YES(m, k)                   SET(m, k, "'yes'", m " is true"), SET(m, k, "''", m " is not true")
#define DROP_IF(g, k)               UNSET(NULL, k, g " and has(obj." k ")")
#define YES_IF(g, m, k)             SET(m, k, "'yes'", g " and " m " is true"), SET(m, k, "''", g " and " m " is not true")
/* clang-format on */

enum write_kind {
	WRITE_SET,
	WRITE_DELETE,
};

struct write {
	enum write_kind kind;
	const char     *path; /* steps divided by "/"; expressions in "<>" */
	const char     *value;
	const char     *when;
};

enum apply_when {
	APPLY_NEVER,
	APPLY_IF_TRUE,      /* when member "apply" is true */
	APPLY_UNLESS_FALSE, /* unless it is false */
	APPLY_ALWAYS,
	APPLY_ALONG, /* each time; the answer stands whatever becomes of it, which the box logs */
};

enum returns {
	RETURNS_NOTHING, /* [] */
	RETURNS_OBJECT,  /* obj */
	RETURNS_STORED,  /* what is stored at path; [] when nothing is */
	RETURNS_LISTED,  /* the same, each object with its index as id */
};

/* Operation flags. */
enum {
	FORCE_LOCAL = 1 << 0,      /* basic authentication whatever the mode */
	FORCE_NONE = 1 << 1,       /* no authentication */
	IGNORE_READ_ONLY = 1 << 2,
	IGNORE_ENABLE = 1 << 3,
	IGNORE_INTERFACE = 1 << 4,
	SAVES = 1 << 5,            /* makes a revision */
	ON_BOX = 1 << 6,           /* act() asks the box or does something slow */
	MAKES_KEY = 1 << 8,        /* so is a private key, when one is asked for */
	TAKES_LONG = 1 << 9,       /* with ON_BOX: act() runs on LANE_LONG */
	HASHES = 1 << 7,           /* the member "password" is a new user's: its hash is made on LANE_SLOW */
};

/* What act() leaves behind. */
struct outcome {
	unsigned      code; /* 0 */
	struct value *data; /* NULL: [] */
	const char   *message;
};

struct operation {
	const char        *url; /* behind "/api/v1/" */
	enum method        method;
	const char        *privileges; /* blank-separated; any one is enough; "": nobody needs one */
	unsigned           flags;
	const struct task *steps;  /* end with an empty one */
	const struct write *writes; /* likewise */
	const char        *marks;  /* subsystem with pending changes */
	unsigned           parts;  /* enum part, or-ed: what applying touches */
	enum apply_when    apply;
	enum returns       returns;
	const char        *path;   /* for RETURNS_STORED */
	const char        *excludes; /* comma-separated members that are no filter */
	/* What a table cannot say; runs after the checks and the writes (or, ON_BOX, on LANE_SLOW). */
	void (*act)(struct scope *, struct outcome *);
	/* On LANE_SLOW, once what was written is durable; before the answer. Not beside apply. */
	void (*after)(struct request *);
	/* On LANE_APPLY, once it is so; what fails then is no failure of the apply. */
	void (*applied)(struct request *);
	/* Runs before the writes and may change scope->object. */
	unsigned (*prepare)(struct scope *);
};

/* A URL family's operations; each table ends with an empty one. */
extern const struct operation *const operation_tables[];
extern const size_t                  noperation_tables;

/* "POST firewall/alias". */
const char *operation_id(struct arena *, const struct operation *);
/* NULL: none. *known: there is one for another verb. The URL is without leading prefix and slashes. */
const struct operation *operation_find(struct text url, enum method, bool *known);
/* Go through the steps. The first return code met, or 0. */
unsigned operation_check(const struct operation *, struct scope *);
/* What the configuration keeps: texts, lists and objects; true is "", false and null are nothing (NULL). */
struct value *operation_as_stored(struct scope *, const struct value *);
/* Make the writes in the scope's tree. */
void     operation_write(const struct operation *, struct scope *);
/* Parse every expression of every table; a line for each that is wrong. */
bool     operations_verify(struct buffer *mistakes);
