/*
 * dialect/pfsense/mount.h: where the things that other dialects show too appear in this one's tree.
 *
 * A mount turns the records of one resource into the objects of one list and back. Most members
 * are renames in a table; what is irregular has a function. Members that nobody claims are kept,
 * as JSON, in the resource's hidden field "pfsense", so nothing a client stored is lost.
 */
#pragma once

#include "dialect/pfsense/scope.h"

enum form {
	FORM_TEXT,    /* as it is; an empty field is no member */
	FORM_ALWAYS,  /* as it is; an empty field is "" */
	FORM_FLAG,    /* "1" is the member with "", otherwise no member */
	FORM_UNFLAG,  /* "0" is the member with "", otherwise no member */
	FORM_YES,     /* "1" is "yes" */
	FORM_ENABLED, /* "1" is "enabled" */
	FORM_SPACES,  /* lines are words between blanks */
	FORM_WORDS,   /* the field's commas are blanks */
	FORM_ITEMS,   /* the field's commas are the object's list; no member when there are none */
	FORM_LIST,    /* the same, but [] when there are none */
	FORM_OWN,     /* done by the mount's functions; only claimed here */
	FORM_SECRET,  /* the same, and never shown */
};

struct renamed {
	const char *name;  /* of the object's member */
	const char *field; /* of the record; NULL: the same */
	enum form   form;
};

enum mount_shape {
	MOUNT_LIST,   /* a list of objects */
	MOUNT_NAMED,  /* an object whose members are named by the record's uuid */
	MOUNT_SINGLE, /* one object, of a singleton; its members join those kept beside it; without any it is not there */
};

struct mount {
	const char          *path;     /* "aliases/alias" */
	const char          *resource; /* "firewall.alias" */
	enum mount_shape     shape;
	const struct renamed *members; /* ends with an empty one */
	const char           *sequence; /* a field that numbers the records in their order; NULL: their places do */
	const char           *identity; /* field and member by which an object without its record's uuid is known again */
	const char           *depends;  /* another resource that show() looks at; NULL: none */
	bool (*belongs)(const struct record *); /* NULL: all do */
	/* Where an object belongs among others, by what it says and what depends says; see act_regroup(). NULL: nowhere. */
	size_t (*rank)(struct tree *, const struct value *object);
	/* Add to the object what the table cannot say. */
	void (*show)(struct tree *, const struct record *, struct value *object);
	/* Put right what was kept beside the record, when another dialect changed the record since. */
	void (*settle)(struct tree *, const struct record *, struct value *object);
	/* Set in the record what the table cannot say; it has its uuid already. */
	void (*fill)(struct tree *, const struct value *object, struct record *record);
};

extern const struct mount *const mounts[];
extern const size_t              nmounts;

extern const struct mount mount_aliases;
extern const struct mount mount_rules;
extern const struct mount mount_schedules;
extern const struct mount mount_outbound_mode;
extern const struct mount mount_forwards;
extern const struct mount mount_outbound;
extern const struct mount mount_one_to_one;
extern const struct mount mount_interfaces;
extern const struct mount mount_interface_groups;
extern const struct mount mount_vips;
extern const struct mount mount_vlans;
extern const struct mount mount_bridges;
extern const struct mount mount_gateways;
extern const struct mount mount_gateway_groups;
extern const struct mount mount_default_gateways;
extern const struct mount mount_routes;
extern const struct mount mount_box;
extern const struct mount mount_remote_logs;
extern const struct mount mount_logged;
extern const struct mount mount_ssh;
extern const struct mount mount_time;
extern const struct mount mount_watched;
extern const struct mount mount_mail;
extern const struct mount mount_users;
extern const struct mount mount_groups;
extern const struct mount mount_resolver;
extern const struct mount mount_hosts;
extern const struct mount mount_acls;
extern const struct mount mount_forwarder;
extern const struct mount mount_forwarder_hosts;
extern const struct mount mount_forwarder_domains;
extern const struct mount mount_dhcp;
extern const struct mount mount_tunables;
extern const struct mount mount_authorities;
extern const struct mount mount_certificates;
extern const struct mount mount_revocations;
extern const struct mount mount_ipsec;
extern const struct mount mount_phases1;
extern const struct mount mount_phases2;

/* How many ranks there are among rules, from 0. */
size_t rule_ranks(struct tree *);

struct arena          *tree_arena(const struct tree *);
struct request        *tree_request(const struct tree *);
const struct snapshot *tree_snapshot(const struct tree *);
/* When everything is saved, those who name before are to name after. */
void                   tree_follow(struct tree *, const struct record *before, const struct record *after);

/* The field that keeps members nobody claims; not every resource has it. */
#define REST_FIELD "pfsense"

/* The name under which a shown object keeps the uuid of its record; never part of a reply. */
#define OWN_MEMBER "\001"

struct value *mount_show(struct tree *, const struct mount *);
/* One record, as it stands in the list; not shared. */
struct value *mount_show_record(struct tree *, const struct mount *, const struct record *);
/* Make the records what the list says now; before is what was shown. */
void          mount_save(struct tree *, const struct mount *, const struct value *before,
                         const struct value *now);
