/* plan/service/planner.h: from the configuration to the daemons: one function a program, all of them in one table. */
#pragma once

#include "base/address.h"
#include "plan/service/service.h"
#include "schema/snapshot.h"

/* What lists from elsewhere say now; whoever plans has fetched them before. TEXT_NONE: not to be had. */
struct blocklists {
	void *context;
	struct text (*text)(void *context, const char *url);
};

/* What host names mean now; nothing waits. False: it is not known. */
struct name_lookup {
	void *context;
	bool (*address)(void *context, const char *name, struct address *out);
};

/* What a program's plan is made from. */
struct service_view {
	struct arena             *arena;
	const struct snapshot    *snapshot;
	const struct snapshot    *users; /* newer ones, where a program asks them for passwords; NULL: the same */
	const struct blocklists  *lists; /* NULL: none */
	const struct name_lookup *names; /* NULL: none is known */
	bool is_alone;        /* there is no user but root: daemons must not want to become another */
	bool kernel_has_esp;  /* where it is to run */
	bool allows_commands; /* the administrator's own file lets clients run programs */
};

/* What is being put together. */
struct service_draft;

/*
 * A service with the files it is to have; none are added to one that is not wanted. Names are arena's or constants.
 */
struct service_plan *service_put(struct service_draft *, const char *name, bool wanted);
void                 service_put_file(struct service_draft *, struct service_plan *, const char *name, struct text content,
				      bool secret);
/* Something configured that cannot be had, in words; the rest is done all the same. */
void                 service_miss(struct service_draft *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For planners: the number in the field, when it is one and within the limits. */
bool service_number(const struct record *, const char *field, int64_t min, int64_t max, int64_t *out);

struct service_planner {
	unsigned    parts;   /* that it belongs to, enum part */
	const char *program; /* as the keeper knows it */
	const char *needs;   /* the resources it is made of, by the beginning of their names: "unbound." */
	void      (*plan)(const struct service_view *, struct service_draft *);
};

/* The n-th of the table; NULL behind the last. */
const struct service_planner *service_planner_at(size_t n);
/* Does a planner make something of this resource? */
bool services_know(const char *resource);
/*
 * The plan for one program, or, with NULL, for all programs of these parts. *missing gets what of it cannot be had, in words.
 * The plan lies in the view's arena.
 */
void services_read(const struct service_view *, unsigned parts, const char *program, struct services *out,
		   struct buffer *missing);

/* The planners, by file. */
void plan_charon(const struct service_view *, struct service_draft *);
void plan_chrony(const struct service_view *, struct service_draft *);
void plan_dhcpcd(const struct service_view *, struct service_draft *);
void plan_dnsmasq(const struct service_view *, struct service_draft *);
void plan_dhcrelay(const struct service_view *, struct service_draft *);
void plan_kea4(const struct service_view *, struct service_draft *);
void plan_kea6(const struct service_view *, struct service_draft *);
void plan_kea_agent(const struct service_view *, struct service_draft *);
void plan_kea_ddns(const struct service_view *, struct service_draft *);
void plan_keepalived(const struct service_view *, struct service_draft *);
void plan_monit(const struct service_view *, struct service_draft *);
void plan_cron(const struct service_view *, struct service_draft *);
void plan_openvpn(const struct service_view *, struct service_draft *);
void plan_pppd(const struct service_view *, struct service_draft *);
void plan_radvd(const struct service_view *, struct service_draft *);
void plan_syslog(const struct service_view *, struct service_draft *);
void plan_sshd(const struct service_view *, struct service_draft *);
void plan_unbound(const struct service_view *, struct service_draft *);
void plan_wireguard(const struct service_view *, struct service_draft *);
