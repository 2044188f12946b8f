/*
 * What the machine lacks for the configuration as it is saved, applied or not: daemons that are not installed, with their
 * packages, and what rules and links ask of a kernel that has it not.
 */
#include <string.h>

#include "base/map.h"
#include "plan/network/read.h"
#include "plan/service/planner.h"
#include "proc/ask/ask.h"
#include "wire/lacking.h"

#define INSTALL "apt-get install --no-install-recommends"

struct looking {
	struct asking *asking;
	struct text    missing; /* "PROGRAM PACKAGE" lines */
	struct map    *packages; /* that are in the command */
	struct buffer  command;
	struct value  *rows;
};

static struct text
package_of(const struct looking *looking, const char *program)
{
	struct text rest = looking->missing, line;

	while (text_next(&rest, "\n", &line)) {
		const struct text name = text_until(&line, ' ');

		if (text_is(name, program))
			return line;
	}
	return TEXT_NONE;
}

static bool
is_wanted(const struct looking *looking, const struct service_planner *planner)
{
	const struct keeper_box  *box = looking->asking->box;
	const struct service_view view = {
		.arena = looking->asking->arena, .snapshot = looking->asking->snapshot, .is_alone = box->setup.is_alone,
		.allows_commands = box->setup.allows_commands,
	};
	scoped_buffer             missing = BUFFER_NONE;
	struct services           services;

	services_read(&view, 0, planner->program, &services, &missing);
	for (size_t i = 0; i < services.n; i++)
		if (services.plans[i].wanted)
			return true;
	return false;
}

static void
add_row(struct looking *looking, const char *what, const char *package, const char *needs)
{
	struct arena *arena = looking->asking->arena;
	struct value *row = value_object(arena);

	value_set_string(arena, row, "missing", what);
	value_set_string(arena, row, "package", package);
	value_set_string(arena, row, "for", needs);
	value_add(arena, looking->rows, row);
	if (*package && !map_set(looking->packages, text_of(package), row))
		buffer_print(&looking->command, " %s", package);
}

static void
look_for_daemons(struct looking *looking)
{
	const struct service_planner *planner;

	for (size_t i = 0; (planner = service_planner_at(i)); i++) {
		const struct text package = package_of(looking, planner->program);

		if (package.len > 0 && is_wanted(looking, planner))
			add_row(looking, planner->program, arena_copy(looking->asking->arena, package), planner->needs);
	}
}

static void
look_at_rules(struct looking *looking)
{
	const struct collection *rules = snapshot_named(looking->asking->snapshot, "firewall.rule");
	const uint32_t           lacks = looking->asking->box->setup.lacks;
	bool                     synproxy = false, timeouts = false;

	for (size_t i = 0; i < collection_count(rules) && lacks; i++) {
		const struct record *rule = collection_at(rules, i);

		synproxy |= record_bool(rule, "enabled") && text_is(record_text(rule, "statetype"), "synproxy");
		timeouts |= record_bool(rule, "enabled") && record_has(rule, "statetimeout");
	}
	if (synproxy && (lacks & FILTER_SYNPROXY))
		add_row(looking, "synproxy of the kernel (nft_synproxy)", "", "firewall.rule");
	if (timeouts && (lacks & FILTER_TIMEOUTS))
		add_row(looking, "connection time-outs of the kernel (nft_ct)", "", "firewall.rule");
}

/* Whose records make links of a kind. */
static const char *const makers[LINK_KINDS] = {
	[LINK_BRIDGE] = "interfaces.bridge", [LINK_BOND] = "interfaces.lagg", [LINK_VLAN] = "interfaces.vlan",
	[LINK_VXLAN] = "interfaces.vxlan",   [LINK_TUNNEL] = "interfaces.gif", [LINK_GRE] = "interfaces.gre",
	[LINK_XFRM] = "ipsec.vti",
};

/* Where nothing is applied no kernel is asked. */
static void
look_at_links(struct looking *looking)
{
	const struct asking *asking = looking->asking;
	scoped_buffer        missing = BUFFER_NONE;
	const struct network network = network_read(asking->arena, (struct network_wish){ .links = asking->snapshot }, &missing);
	uint32_t             kinds[2] = { 0, 0 }, lacks;
	scoped_writer        order;
	scoped_message       reply;
	struct reader        in;

	for (size_t i = 0; i < network.nlinks; i++)
		kinds[network.links[i].remote.family == FAMILY_INET6] |= 1U << network.links[i].kind;
	writer_init(&order);
	message_init(&reply);
	put_u32(&order, kinds[0]);
	put_u32(&order, kinds[1]);
	if (asked_order(asking, ORDER_LACKING_LINKS, &order, &reply) != RESULT_DONE) {
		buffer_cut(asking->message, 0);
		return;
	}
	in = message_reader(&reply);
	lacks = get_u32(&in);
	for (unsigned kind = 0; kind < LINK_KINDS; kind++)
		if (lacks & 1U << kind) {
			const char *what = arena_copy(asking->arena, get_text(&in, ORDER_MESSAGE_MAX));

			add_row(looking, arena_print(asking->arena, "kernel support for %s", what), "", makers[kind] ? makers[kind] : "");
		}
}

enum result
topic_doctor(struct asking *asking, struct value **answer)
{
	struct looking    looking = { .asking = asking, .packages = map_make(asking->arena), .rows = value_list(asking->arena) };
	const enum result result = asked_daemon(asking, "programs.missing", "", &looking.missing);

	if (result != RESULT_DONE)
		return result;
	look_for_daemons(&looking);
	look_at_rules(&looking);
	look_at_links(&looking);
	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "rows", looking.rows);
	value_set_string(asking->arena, *answer, "command",
			 looking.command.len > 0 ? arena_print(asking->arena, INSTALL "%s", buffer_string(&looking.command)) : "");
	buffer_clear(&looking.command);
	return RESULT_DONE;
}
