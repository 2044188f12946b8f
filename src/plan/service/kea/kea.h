/* plan/service/kea/kea.h: what the files that write for Kea share. Their grammar is JSON; options go in hexadecimal, so no value can mean anything. */
#pragma once

#include "base/address.h"
#include "base/map.h"
#include "json/write.h"
#include "plan/service/planner.h"

/* What differs between the two servers. */
struct kea_kind {
	enum family family;
	const char *program;     /* "kea-dhcp4" */
	const char *top;         /* "Dhcp4" */
	const char *settings, *subnets, *reservations, *options, *peers; /* resources */
	const char *subnet_list; /* "subnet4" */
	const char *socket, *leases;
};

struct kea {
	const struct service_view *view;
	struct service_draft      *draft;
	const struct kea_kind     *kind;
	const struct record       *settings;
	struct map                *reserved; /* uuid of a subnet -> struct reserved, the first of its list */
	struct buffer              out;
	struct json                json;
};

/* A reservation, in the list of its subnet. */
struct reserved {
	const struct record *record;
	struct reserved     *next;
};

/* What it says goes to its output, a line each: "DATE LEVEL TEXT". */
void kea_put_logger(struct json *, const char *program);
/* A number, when the field has one. */
void kea_put_number(struct kea *, const char *name, const struct record *, const char *field);
/* A text, when the field has one. */
void kea_put_text(struct kea *, const char *name, const struct record *, const char *field);

/* --- Options (option.c) -------------------------------------------------------------------------------- */

/* Those that a subnet or a reservation has of its own, and those of the records that it names: a list "option-data". */
void kea_put_options(struct kea *, const struct record *);
/* Options that are sent only to clients which send something: classes, and the names of those that a subnet uses. */
void kea_put_classes(struct kea *);
void kea_put_class_names(struct kea *, const struct record *subnet);

enum kea_encoding { KEA_HEX, KEA_ADDRESSES, KEA_TEXT, KEA_DOMAINS };
/* One option, of a value or of a list with commas; false: it is no such thing, and nothing was put. */
bool kea_put_encoded(struct kea *, uint8_t code, enum kea_encoding, struct text value);

/* --- Servers of interfaces (server.c) ------------------------------------------------------------------ */

bool   kea_has_servers(const struct kea *);
void   kea_put_server_devices(struct kea *);
size_t kea_count_server_classes(const struct kea *);
void   kea_put_server_classes(struct kea *);
void   kea_put_servers(struct kea *);

/* --- Subnets (subnet.c) -------------------------------------------------------------------------------- */

void kea_put_subnets(struct kea *);
/* The first address of ours in the network; no family: none. */
struct address kea_own_address(const struct kea *, const struct prefix *network);

/* --- Updates of DNS (updates.c) ------------------------------------------------------------------------ */

/* Where the updates are sent to, and how those of a subnet are made. */
void kea_put_updates(struct kea *);
void kea_put_subnet_updates(struct kea *, const struct record *subnet);
