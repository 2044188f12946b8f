/* plan/service/openvpn/openvpn.h: what the files that plan OpenVPN share; others use the names of devices. */
#pragma once

#include "base/address.h"
#include "plan/service/openvpn/all.h"
#include "plan/service/planner.h"

#define OPENVPN_LINE_MAX      254 /* bytes that OpenVPN reads of a line */
#define OPENVPN_INSTANCES_MAX 128
#define OPENVPN_SERVICE       "openvpn@"

/* The configuration of one tunnel being written. */
struct tunnel {
	const struct service_view *view;
	struct service_draft      *draft;
	const struct openvpn_all  *all;
	const struct record       *instance;
	const char                *name;      /* for people */
	const char                *device;
	const char                *directory; /* where its files will be */
	const char                *pair; /* the line that gives a client the other of two addresses; NULL: there is a pool */
	bool                       is_server, is_tap, is_udp;
	struct buffer              out;
};

/* "ovpns1" or "ovpnc1"; NULL: its number makes no name. */
const char *openvpn_device(struct arena *, const struct record *instance);
/* Those of all that are switched on, in the arena. */
const char **openvpn_devices(struct arena *, const struct snapshot *, size_t *count);
/* "openvpn@" and its uuid. */
const char *openvpn_service(struct arena *, const struct record *instance);

/* --- Lines: what is written here begins no second line and no second word ------------------------------ */

/* An option whose words are known to be harmless. */
void tunnel_print(struct tunnel *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* An option for clients; they cut what they are sent at commas. */
void tunnel_push(struct tunnel *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* An option with one word in quotes, and what goes behind it. Missed when it cannot be written. */
void tunnel_quote(struct tunnel *, const char *option, struct text word, const char *behind);
/* The field's value behind the option when it is made of letters, digits, "-", "_", "." and ":"; missed otherwise; nothing when empty. */
void tunnel_word(struct tunnel *, const char *option, const char *field);
/* The number in the field behind the option, likewise. */
void tunnel_number(struct tunnel *, const char *option, const char *field, int64_t min, int64_t max);
/* A field that is set and cannot be had, and why. */
void tunnel_miss(struct tunnel *, const char *field, const char *why);
/* Letters, digits, "-", "_", "." and ":", not beginning with "-". */
bool openvpn_is_word(struct text);
/* "255.255.255.0" */
const char *openvpn_mask(struct arena *, const struct prefix *);

/* What is pushed is written the same way for an instance and for one client of it: the names of the fields are the same. */
void tunnel_push_settings(struct tunnel *, const struct record *);
/* "route 10.1.0.0 255.255.0.0" and "route-ipv6 2001:db8::/32" for each network in the field, with what goes behind them. */
void tunnel_routes(struct tunnel *, const struct record *, const char *field, bool is_pushed, const char *option, const char *behind);

/* --- By file -------------------------------------------------------------------------------------------- */

/* A file of ours, and an option that names it. */
void tunnel_put_file(struct tunnel *, struct service_plan *, const char *option, const char *file, struct text content, bool secret);

/* All lines of the configuration. */
void tunnel_settings(struct tunnel *);
/* Must clients say a name and a password? */
bool tunnel_has_logins(const struct tunnel *);
/* Can somebody be asked whether they are right? False, and missed: nobody. */
bool tunnel_can_ask(struct tunnel *);
/* Our own program that is asked who may come in, and what it reads. */
void tunnel_logins(struct tunnel *, struct service_plan *);
/* What single clients are given: files in the inner directory, which is read anew for each client. */
void tunnel_clients(struct tunnel *, struct service_plan *);
