/*
 * chrony.conf(5), and the servers in a file of their own, because those can be changed while it runs. Words are divided by
 * blanks and nothing can be quoted, so a server that is no name and no address is left out.
 */
#include "base/address.h"
#include "base/number.h"
#include "plan/network/making.h"
#include "plan/service/planner.h"

#define POOL_DOMAIN  "pool.ntp.org" /* its names stand for many servers, marked or not */
#define ORPHAN_PRESET "12"
#define SERVER_MAX   253

struct writing {
	const struct service_view *view;
	const struct record       *settings;
	struct service_draft      *draft;
	struct buffer              out, sources;
};

static bool
is_server(struct text name)
{
	struct address address;

	if (address_read(name, &address))
		return true;
	if (name.len == 0 || name.len > SERVER_MAX || name.ptr[0] == '-' || name.ptr[0] == '.')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
		      c == '_'))
			return false;
	}
	return true;
}

/* The device of an interface, when it can be written; NULL: none. */
static const char *
device_of(const struct writing *writing, struct text name)
{
	const char *device = making_device(writing->view->snapshot, name);

	return device && is_server(text_of(device)) ? device : NULL;
}

/* Is the server one of those that the field names? */
static bool
is_marked(const struct writing *writing, const char *field, struct text server)
{
	struct text rest = record_text(writing->settings, field), one;

	while (text_next(&rest, " ", &one))
		if (text_equal(one, server))
			return true;
	return false;
}

static void
put_servers(struct writing *writing)
{
	struct text rest = record_text(snapshot_single(writing->view->snapshot, "system.general"), "timeservers"), server;

	while (text_next(&rest, " ", &server)) {
		const bool is_pool = is_marked(writing, "ispool", server) || text_ends(server, TEXT(POOL_DOMAIN));

		if (server.len == 0)
			continue;
		if (!is_server(server)) {
			service_miss(writing->draft, "no time server can be called %.*s", TEXT_ARGS(text_first(server, SERVER_MAX)));
			continue;
		}
		buffer_print(&writing->sources, "%s %.*s iburst%s%s\n", is_pool ? "pool" : "server", TEXT_ARGS(server),
			     is_marked(writing, "prefer", server) ? " prefer" : "",
			     is_marked(writing, "noselect", server) ? " noselect" : "");
	}
}

/* The networks of an interface; false: they are not known before it runs. */
static bool
put_networks(struct writing *writing, struct text name)
{
	static const char *const families[] = { "ipaddr", "ipaddrv6" };
	const struct record     *interface =
		collection_find(snapshot_named(writing->view->snapshot, "interfaces.interface"), name);
	bool is_any = false;

	for (size_t i = 0; interface && i < COUNT(families); i++) {
		struct prefix prefix;

		if (!prefix_read(record_text(interface, families[i]), &prefix))
			continue;
		prefix.address = prefix_first(&prefix);
		buffer_print(&writing->out, "allow %s\n", prefix_print(writing->view->arena, &prefix));
		is_any = true;
	}
	return is_any;
}

/* It can be bound to one device; on several it tells clients apart by their networks. */
static void
put_access(struct writing *writing)
{
	struct text rest = record_text(writing->settings, "interface"), one, only = TEXT_NONE;
	size_t      n = 0;

	while (text_next(&rest, ",", &one))
		if (device_of(writing, one)) {
			only = one;
			n++;
		}
	if (n == 0) {
		buffer_add_string(&writing->out, "allow all\n");
		return;
	}
	if (n == 1 && !text_is(only, "lo0")) {
		buffer_print(&writing->out, "binddevice %s\nallow all\n", device_of(writing, only));
		return;
	}
	rest = record_text(writing->settings, "interface");
	while (text_next(&rest, ",", &one)) {
		if (text_is(one, "lo0"))
			buffer_add_string(&writing->out, "allow 127.0.0.0/8\nallow ::1\n");
		else if (device_of(writing, one) && !put_networks(writing, one))
			service_miss(writing->draft,
				     "time on %.*s: chrony serves several interfaces only where their addresses are static",
				     TEXT_ARGS(one));
	}
}

static void
put_logs(struct writing *writing)
{
	static const char *const kinds[][2] = {
		{ "peerstats", "measurements statistics" }, { "loopstats", "tracking" }, { "clockstats", "refclocks" },
	};
	bool is_any = false;

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (record_bool(writing->settings, kinds[i][0])) {
			buffer_print(&writing->out, "%s %s", is_any ? "" : "logdir /var/log/chrony\nlog", kinds[i][1]);
			is_any = true;
		}
	if (is_any)
		buffer_add_byte(&writing->out, '\n');
}

static void
put_settings(struct writing *writing)
{
	const struct text orphan = record_text(writing->settings, "orphan");
	int64_t           stratum = 0;

	buffer_add_string(&writing->out, "# Written by drawbridge.\n");
	buffer_print(&writing->out, "user %s\n", writing->view->is_alone ? "root" : "_chrony");
	buffer_add_string(&writing->out, "sourcedir /etc/chrony/drawbridge/sources\n"
					 "driftfile /var/lib/chrony/chrony.drift\n"
					 "pidfile /run/chrony/chronyd.pid\n"
					 "bindcmdaddress /run/chrony/chronyd.sock\ncmdport 0\n"
					 "makestep 1 3\nrtcsync\n");
	buffer_print(&writing->out, "local stratum %.*s orphan\n",
		     TEXT_ARGS(number_read(orphan, 1, 15, &stratum) ? orphan : TEXT(ORPHAN_PRESET)));
	if (record_has(writing->settings, "leapsec"))
		buffer_add_string(&writing->out, "leapsectz right/UTC\n");
	put_access(writing);
	put_logs(writing);
}

void
plan_chrony(const struct service_view *view, struct service_draft *draft)
{
	struct writing writing = { view, snapshot_single(view->snapshot, "system.time"), draft, BUFFER_NONE, BUFFER_NONE };
	const bool     is_wanted = !text_is(record_text(writing.settings, "enable"), "disabled");
	struct service_plan *plan = service_put(draft, "chrony", is_wanted);

	if (!is_wanted)
		return;
	put_settings(&writing);
	put_servers(&writing);
	service_put_file(draft, plan, "chrony.conf", buffer_text(&writing.out), false);
	service_put_file(draft, plan, "sources/drawbridge.sources", buffer_text(&writing.sources), false);
	buffer_clear(&writing.out);
	buffer_clear(&writing.sources);
}
