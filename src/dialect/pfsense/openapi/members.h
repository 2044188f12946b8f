/*
 * dialect/pfsense/openapi/members.h: what requests are made of, for people and for the OpenAPI document.
 *
 * What the checks say already (what is required, what is one of a few, limits) is read from them; a
 * table here adds what they cannot say. One text for each operation: names divided by blanks, "a[].b"
 * for a member of a's members and "a.b" for a's own, each with its type (none: text) and "!" when
 * there must be one.
 */
#pragma once

#include "dialect/pfsense/operation.h"

struct members {
	const char *id;   /* "POST firewall/alias" */
	const char *list; /* "name! address:list apply:bool" */
};

enum member_type {
	MEMBER_TEXT,
	MEMBER_BOOL,    /* :bool */
	MEMBER_INTEGER, /* :int */
	MEMBER_NUMBER,  /* :number */
	MEMBER_LIST,    /* :list, texts; one alone will do */
	MEMBER_TEXTS,   /* :strings, the same without that */
	MEMBER_INTEGERS, /* :ints */
	MEMBER_OBJECT,  /* :object */
	MEMBER_OBJECTS, /* :objects */
};

/* One of them, with its own below it. */
struct taken {
	struct text      name; /* "timeserver" */
	const char      *path; /* as the steps write it: "timeservers[].timeserver" */
	enum member_type type;
	bool             required;
	struct taken    *first, *next;
};

/* In the arena; NULL: it takes none. */
struct taken *members_of(struct arena *, const struct operation *);
/* A few words about what a member of this name is; NULL: nothing is said. */
const char *member_help(struct text name);

/* What the steps ask of a member, as far as they do so unconditionally. */
struct limits {
	const struct node  *choices;   /* a list of literals; NULL: none */
	const struct value *least, *most, *preset; /* NULL: none */
	unsigned            codes[16]; /* that it may be refused with, in the order of the checks */
	size_t              ncodes;
};

struct limits limits_of(const struct operation *, const char *path);

/* One table for each family; each ends with an empty entry. */
extern const struct members members_firewall[];
extern const struct members members_interface[];
extern const struct members members_services[];
extern const struct members members_ipsec[];
extern const struct members members_openvpn[];
extern const struct members members_system[];
extern const struct members members_user[];
extern const struct members *const member_tables[];
extern const size_t                nmember_tables;
