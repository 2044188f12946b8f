/*
 * dialect/opnsense/route.h: the endpoints there are.
 *
 * Regular ones are computed: every face of every resource times its verbs. The others stand in tables of
 * struct action, one per module; an action with the name of a regular endpoint takes its place, or,
 * without a handler, only gives it a twist.
 */
#pragma once

#include "dialect/opnsense/call.h"
#include "schema/faults.h"

enum kind {
	KIND_SEARCH,
	KIND_GET,
	KIND_ADD,
	KIND_SET,
	KIND_DELETE,
	KIND_TOGGLE,
	KIND_MODEL_GET,
	KIND_MODEL_SET,
	KIND_CSV_DOWNLOAD,
	KIND_CSV_UPLOAD,
	KIND_START,
	KIND_STOP,
	KIND_RESTART,
	KIND_STATUS,
	KIND_SERVICE_RECONFIGURE,
	KIND_RECONFIGURE,
	KIND_ACTION,
	KIND_QUERY,
	KIND_GRID,
	KIND_DOWNLOAD,
	KIND_STREAM,
	KINDS,
};

/* What a regular endpoint does beyond the regular. Any function may be NULL. */
struct twist {
	/* search: which records; and what stands behind a row. */
	bool (*wanted)(const struct record *, void *call);
	void (*begin)(struct call *); /* before the first record is looked at: may keep something in call->kept */
	void (*first)(struct call *); /* rows in front of the page */
	void (*columns)(struct call *, const struct record *);
	/* get: what stands behind the record; before: change what is shown. */
	void (*show)(struct call *, struct record *);
	void (*extra)(struct call *, const struct record *);
	/* add and set: before the record is checked. before is NULL for new ones. False: it has answered. */
	bool (*prepare)(struct call *, const struct record *before, struct record *, struct faults *);
	/* add and set, after the record is in the change; delete, before it is gone. False: it has answered. */
	bool (*stored)(struct call *, const struct record *before, const struct record *after);
	bool (*removing)(struct call *, const struct record *);
	/* What is wrong, before it is told: fields may be given other names. */
	void (*explain)(struct call *, struct faults *);
	/* Fields that get, or search, leave out: comma separated. */
	const char *hide_get, *hide_row;
	/* CSV: the key to match rows by, comma separated; fields left out of it. */
	const char *key;
	const char *without;
	const char *names;  /* fields that hold uuids and are written as names */
	const char *fields; /* these and no others, volatile ones too */
};

#define GETS  (1u << METHOD_GET | 1u << METHOD_HEAD)
#define POSTS (1u << METHOD_POST)

typedef void handler(struct call *);

struct action {
	const char *endpoint; /* "firewall/alias/list_categories" */
	enum kind   kind;
	unsigned    params;  /* that must be there */
	unsigned    methods; /* bits; 0: any */
	enum lane   lane;
	handler    *handle;
	const char *refusal;  /* the body for other methods; NULL: the kind's own */
	handler    *slow;     /* before handle, on LANE_SLOW */
	handler    *finish;   /* after what handle changed is durable, on LANE_APPLY */
	const char *resource; /* what it is about; NULL: that of the regular endpoint, or nothing */
	const struct twist *twist;
	const char *like; /* the endpoint whose face it has: root, suffix */
	const char *also; /* another name: same endpoint */
	unsigned    parts; /* reconfigure: what is made true */
	bool        is_open; /* to anybody, whoever it is */
};

struct route {
	const char            *endpoint;
	enum kind              kind;
	unsigned               params;
	unsigned               methods;
	enum lane              lane;
	handler               *handle, *slow, *finish;
	const char            *refusal;
	const struct resource *resource;
	const struct face     *face;
	const struct twist    *twist;
	unsigned               parts;
	bool                   is_open;
};

struct routes;

/* All of them, in the arena. Two faces at one endpoint are a bug; of two actions the later table's stands. */
const struct routes *routes_new(struct arena *, const struct schema *);
size_t               routes_count(const struct routes *);
const struct route  *routes_at(const struct routes *, size_t); /* by endpoint */
const struct route  *routes_find(const struct routes *, struct text endpoint);
/*
 * The route of a path behind "/api/", and its parameters. Module and command in any case, the controller in
 * snake or camel case. NULL: none, or not enough parameters.
 */
const struct route *routes_match(const struct routes *, struct text path, struct text *params, size_t *nparams);
const char         *kind_name(enum kind); /* "crud-search" */
/* Is it for looking only? What changes the configuration or the box is not. */
bool                kind_is_read(enum kind);

/* The tables of irregular endpoints, by module; each ends with an empty one. */
extern const struct action *const action_tables[]; /* ends with NULL */
