/* The table of planners, and what they share. */
#include "plan/service/planner.h"

#include <stdarg.h>
#include <string.h>

#include "base/bug.h"
#include "base/number.h"

#define MISSING_MAX 2000 /* bytes; more would only repeat itself */

/* clang-format off */
static const struct service_planner planners[] = {
	{ PART_VPN_IPSEC, "charon", "ipsec.", plan_charon },
	{ PART_TIME, "chrony", "system.time,system.general", plan_chrony },
	{ PART_INTERFACES, "dhcpcd", "interfaces.interface,interfaces.settings", plan_dhcpcd },
	{ PART_RESOLVER | PART_DHCP, "dnsmasq", "dnsmasq.", plan_dnsmasq },
	{ PART_DHCP, "dhcrelay", "dhcrelay.", plan_dhcrelay },
	{ PART_DHCP, "kea-dhcp4", "dhcp.,kea.dhcpv4_,kea.subnet4,kea.reservation4,kea.option4,kea.peer4,kea.ddns", plan_kea4 },
	{ PART_DHCP, "kea-dhcp6", "kea.dhcpv6_,kea.subnet6,kea.reservation6,kea.option6,kea.peer6,kea.pd_pool", plan_kea6 },
	{ PART_DHCP, "kea-dhcp-ddns", "kea.ddns", plan_kea_ddns },
	{ PART_DHCP, "kea-ctrl-agent", "kea.ctrl_agent", plan_kea_agent },
	{ PART_CRON, "cron", "cron.", plan_cron },
	{ PART_INTERFACES, "keepalived", "interfaces.vip,interfaces.carp,core.hasync", plan_keepalived },
	{ PART_MONITOR, "monit", "monit.", plan_monit },
	{ PART_VPN_OPENVPN, "openvpn", "openvpn.", plan_openvpn },
	{ PART_INTERFACES, "pppd", "interfaces.ppp", plan_pppd },
	{ PART_DHCP, "radvd", "radvd.,system.general", plan_radvd },
	{ PART_LOGGING, "syslog-ng", "syslog.", plan_syslog },
	{ PART_ACCESS, "sshd", "system.ssh", plan_sshd },
	{ PART_RESOLVER, "unbound", "unbound.", plan_unbound },
	{ PART_VPN_WIREGUARD, "wireguard", "wireguard.", plan_wireguard },
};
/* clang-format on */

struct service_draft {
	struct arena        *arena;
	struct service_plan *plans;
	size_t               n;
	struct buffer       *missing;
};

struct service_plan *
service_put(struct service_draft *draft, const char *name, bool wanted)
{
	BUG_IF(!service_name_is_valid(text_of(name)), "no service can be called so");
	BUG_IF(draft->n == SERVICES_MAX, "more than %d services", SERVICES_MAX);
	draft->plans[draft->n] = (struct service_plan){ .name = name, .wanted = wanted };
	return &draft->plans[draft->n++];
}

void
service_put_file(struct service_draft *draft, struct service_plan *plan, const char *name, struct text content, bool secret)
{
	struct service_file *files = (struct service_file *)(uintptr_t)plan->files;
	/* Room doubles at each power of two. */
	const bool           is_full = (plan->nfiles & (plan->nfiles - 1)) == 0;

	BUG_IF(!service_file_is_valid(text_of(name)), "no file can be called so");
	if (plan->nfiles == SERVICE_FILES_MAX) {
		service_miss(draft, "%s: more than %d files", plan->name, SERVICE_FILES_MAX);
		return;
	}
	if (is_full) {
		files = ARENA_MAKE(draft->arena, struct service_file, plan->nfiles * 2 + 1);
		if (plan->nfiles > 0)
			memcpy(files, plan->files, plan->nfiles * sizeof(*files));
	}
	files[plan->nfiles++] =
		(struct service_file){ name, { arena_copy(draft->arena, content), content.len }, secret };
	plan->files = files;
}

void
service_miss(struct service_draft *draft, const char *format, ...)
{
	va_list args;

	if (draft->missing->len > MISSING_MAX)
		return;
	if (draft->missing->len > 0)
		buffer_add_string(draft->missing, "; ");
	va_start(args, format);
	buffer_print_args(draft->missing, format, args);
	va_end(args);
}

bool
service_number(const struct record *record, const char *field, int64_t min, int64_t max, int64_t *out)
{
	return number_read(record_text(record, field), min, max, out);
}

const struct service_planner *
service_planner_at(size_t n)
{
	return n < COUNT(planners) ? &planners[n] : NULL;
}

bool
services_know(const char *resource)
{
	for (size_t i = 0; i < COUNT(planners); i++) {
		struct text rest = text_of(planners[i].needs), one;

		while (text_next(&rest, ",", &one))
			if (text_starts(text_of(resource), one))
				return true;
	}
	return false;
}

void
services_read(const struct service_view *view, unsigned parts, const char *program, struct services *out,
	      struct buffer *missing)
{
	struct service_draft draft = { .arena = view->arena, .missing = missing };
	const char         **programs = ARENA_MAKE(view->arena, const char *, COUNT(planners));
	size_t               count = 0;

	draft.plans = ARENA_MAKE(view->arena, struct service_plan, SERVICES_MAX);
	for (size_t i = 0; i < COUNT(planners); i++) {
		if (program ? strcmp(planners[i].program, program) != 0 : !(planners[i].parts & parts))
			continue;
		programs[count++] = planners[i].program;
		planners[i].plan(view, &draft);
	}
	*out = (struct services){ programs, count, draft.plans, draft.n };
}
