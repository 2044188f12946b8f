/*
 * unbound.conf(5). A value stands in double quotes, in which neither a quote nor the end of a line can be written, so such
 * values are left out; data of zones is in single quotes, where a zone file's own \DDD says every byte (RFC 1035, 5.1).
 */
#include <string.h>

#include "base/address.h"
#include "base/bug.h"
#include "plan/network/making.h"
#include "plan/service/blocklist.h"
#include "plan/service/unbound_inside.h"

#define DIRECTORY "/etc/unbound/drawbridge"
#define PORT "53"

/*
 * The policies are apart, because the checker would load their zones, which takes seconds; and so are the names, because
 * they can be changed while the daemon runs (names/records is what of them it has been told).
 */
#define WHOLE                                                                                          \
	"include: \"" DIRECTORY "/main.conf\"\nserver:\n\tinclude: \"" DIRECTORY "/names/names.conf\"\n" \
	"include: \"" DIRECTORY "/policies.conf\"\n"

/* A setting that is the same in both worlds. */
static const struct setting {
	const char *field, *option;
	bool        is_flag;
	bool        counts; /* statistics need it */
} settings[] = {
	{ "advanced.hideidentity", "hide-identity", true },
	{ "advanced.hideversion", "hide-version", true },
	{ "advanced.prefetch", "prefetch", true },
	{ "advanced.prefetchkey", "prefetch-key", true },
	{ "advanced.dnssecstripped", "harden-dnssec-stripped", true },
	{ "advanced.belownxdomain", "harden-below-nxdomain", true },
	{ "advanced.aggressivensec", "aggressive-nsec", true },
	{ "advanced.serveexpired", "serve-expired", true },
	{ "advanced.serveexpiredreplyttl", "serve-expired-reply-ttl" },
	{ "advanced.serveexpiredttl", "serve-expired-ttl" },
	{ "advanced.serveexpiredttlreset", "serve-expired-ttl-reset", true },
	{ "advanced.serveexpiredclienttimeout", "serve-expired-client-timeout" },
	{ "advanced.qnameminstrict", "qname-minimisation-strict", true },
	{ "advanced.extendedstatistics", "extended-statistics", true },
	{ "advanced.logqueries", "log-queries", true },
	{ "advanced.logreplies", "log-replies", true, true },
	{ "advanced.logtagqueryreply", "log-tag-queryreply", true, true },
	{ "advanced.logservfail", "log-servfail", true },
	{ "advanced.loglocalactions", "log-local-actions", true, true },
	{ "advanced.logverbosity", "verbosity" },
	{ "advanced.valloglevel", "val-log-level" },
	{ "advanced.msgcachesize", "msg-cache-size" },
	{ "advanced.rrsetcachesize", "rrset-cache-size" },
	{ "advanced.outgoingnumtcp", "outgoing-num-tcp" },
	{ "advanced.incomingnumtcp", "incoming-num-tcp" },
	{ "advanced.numqueriesperthread", "num-queries-per-thread" },
	{ "advanced.outgoingrange", "outgoing-range" },
	{ "advanced.jostletimeout", "jostle-timeout" },
	{ "advanced.cachemaxttl", "cache-max-ttl" },
	{ "advanced.cachemaxnegativettl", "cache-max-negative-ttl" },
	{ "advanced.cacheminttl", "cache-min-ttl" },
	{ "advanced.infrahostttl", "infra-host-ttl" },
	{ "advanced.infrakeepprobing", "infra-keep-probing", true },
	{ "advanced.infracachenumhosts", "infra-cache-numhosts" },
	{ "advanced.unwantedreplythreshold", "unwanted-reply-threshold" },
};

/* Lists of which each entry is a line of its own. */
static const struct {
	const char *field, *option;
} lists[] = {
	{ "advanced.privatedomain", "private-domain" },
	{ "advanced.insecuredomain", "domain-insecure" },
	{ "advanced.privateaddress", "private-address" },
};

/* --- Lines ---------------------------------------------------------------------------------------- */

bool
unbound_is_word(struct text value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] != '_' && (value.ptr[i] < 'a' || value.ptr[i] > 'z'))
			return false;
	return value.len > 0;
}

static bool
can_be_quoted(struct text value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == '"' || value.ptr[i] == 0x7f)
			return false;
	return value.len > 0;
}

static void
put(struct writing *writing, const char *option, struct text value)
{
	if (can_be_quoted(value))
		buffer_print(&writing->out, "\t%s: \"%.*s\"\n", option, TEXT_ARGS(value));
}

static void
put_flag(struct writing *writing, const char *option, bool value)
{
	put(writing, option, text_of(value ? "yes" : "no"));
}

/* --- Server ----------------------------------------------------------------------------------------- */

static void
put_interfaces(struct writing *writing, const char *field, const char *option, const char *otherwise)
{
	struct text rest = record_text(writing->settings, field), one;
	bool        is_any = false;

	while (text_next(&rest, ",", &one)) {
		const char *device = making_device(writing->view->snapshot, one);

		if (device)
			put(writing, option, text_of(device));
		is_any |= device != NULL;
	}
	if (is_any) {
		if (otherwise)
			put(writing, option, TEXT("127.0.0.1"));
		return;
	}
	while (otherwise && *otherwise) {
		put(writing, option, text_of(otherwise));
		otherwise += strlen(otherwise) + 1;
	}
}

/* Who is directly connected may ask; so may whom the lists name. */
static void
put_access(struct writing *writing)
{
	const struct snapshot   *snapshot = writing->view->snapshot;
	const struct collection *interfaces = snapshot_named(snapshot, "interfaces.interface");
	const struct collection *lists_of_access = snapshot_named(snapshot, "unbound.acl");
	static const char *const families[] = { "ipaddr", "ipaddrv6" };
	const struct text        action = record_text(writing->settings, "acls.default_action");
	const char              *others = text_is(action, "allow") || !unbound_is_word(action)
						  ? "refuse" : record_get(writing->settings, "acls.default_action");

	buffer_print(&writing->out, "\taccess-control: 0.0.0.0/0 %s\n\taccess-control: ::/0 %s\n", others, others);
	buffer_add_string(&writing->out, "\taccess-control: 127.0.0.0/8 allow\n\taccess-control: ::1 allow\n");
	for (size_t i = 0; i < collection_count(interfaces); i++)
		for (size_t k = 0; k < COUNT(families); k++) {
			const struct record *one = collection_at(interfaces, i);
			struct prefix        prefix;

			if (!record_bool(one, "enable") || !prefix_read(record_text(one, families[k]), &prefix))
				continue;
			prefix.address = prefix_first(&prefix);
			buffer_print(&writing->out, "\taccess-control: %s allow\n",
				     prefix_print(writing->view->arena, &prefix));
		}
	for (size_t i = 0; i < collection_count(lists_of_access); i++) {
		const struct record *one = collection_at(lists_of_access, i);
		struct text          rest = record_text(one, "networks"), network;
		struct prefix        prefix;

		while (record_bool(one, "enabled") && text_next(&rest, ",", &network))
			if (prefix_read(network, &prefix) && unbound_is_word(record_text(one, "action")))
				buffer_print(&writing->out, "\taccess-control: %s %s\n",
					     prefix_print(writing->view->arena, &prefix), record_get(one, "action"));
	}
}

static void
put_settings(struct writing *writing)
{
	for (size_t i = 0; i < COUNT(settings); i++) {
		/* Statistics are made from what is logged. */
		const bool is_needed = settings[i].counts && record_bool(writing->settings, "general.stats");

		if (settings[i].is_flag)
			put_flag(writing, settings[i].option, is_needed || record_bool(writing->settings, settings[i].field));
		else
			put(writing, settings[i].option, record_text(writing->settings, settings[i].field));
	}
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct text rest = record_text(writing->settings, lists[i].field), one;

		while (text_next(&rest, ",", &one))
			put(writing, lists[i].option, text_trim(one));
	}
	if (record_bool(writing->settings, "general.dns64") && record_has(writing->settings, "general.dns64prefix"))
		put(writing, "dns64-prefix", record_text(writing->settings, "general.dns64prefix"));
}

static void
put_server(struct writing *writing)
{
	const struct record *settings_record = writing->settings;
	const struct text    port = record_text(settings_record, "general.port");
	const bool           secure = record_bool(settings_record, "general.dnssec");

	buffer_add_string(&writing->out, "# Written by drawbridge.\nserver:\n");
	buffer_print(&writing->out, "\tusername: \"%s\"\n", writing->view->is_alone ? "" : "unbound");
	buffer_add_string(&writing->out, "\tchroot: \"\"\n\tdirectory: \"/etc/unbound\"\n\tpidfile: \"\"\n\tuse-syslog: no\n"
					 "\tdo-daemonize: no\n\tnum-threads: 1\n"
					 "\tinterface-automatic: no\n\tharden-glue: yes\n");
	buffer_print(&writing->out, "\tmodule-config: \"respip %s%siterator\"\n",
		     record_bool(settings_record, "general.dns64") ? "dns64 " : "", secure ? "validator " : "");
	if (secure)
		buffer_add_string(&writing->out, "\ttrust-anchor-file: \"/usr/share/dns/root.key\"\n");
	put(writing, "port", port.len > 0 ? port : TEXT(PORT));
	put_interfaces(writing, "general.active_interface", "interface", "0.0.0.0\0::0\0");
	put_interfaces(writing, "general.outgoing_interface", "outgoing-interface", NULL);
	put_access(writing);
	put_settings(writing);
}

/* --- Asking others ------------------------------------------------------------------------------------ */

static bool
is_used(const struct record *one)
{
	struct address address;

	return record_bool(one, "enabled") && address_read(record_text(one, "server"), &address);
}

static bool
has_same_domain(const struct record *a, const struct record *b)
{
	return text_equal_any_case(record_text(a, "domain"), record_text(b, "domain"));
}

/* All servers of a domain are in one zone; the first one says how it is asked. */
static void
put_zone(struct writing *writing, const struct collection *forwards, size_t at)
{
	const struct record *first = collection_at(forwards, at);
	const bool           is_secure = text_is(record_text(first, "type"), "dot");

	buffer_add_string(&writing->out, "forward-zone:\n\tname: '");
	unbound_add_domain(&writing->out, record_has(first, "domain") ? record_text(first, "domain") : TEXT("."));
	buffer_add_string(&writing->out, "'\n");
	put_flag(writing, "forward-tls-upstream", is_secure);
	put_flag(writing, "forward-tcp-upstream", record_bool(first, "forward_tcp_upstream"));
	put_flag(writing, "forward-first", record_bool(first, "forward_first"));
	for (size_t i = at; i < collection_count(forwards); i++) {
		const struct record *one = collection_at(forwards, i);
		const char          *port = record_has(one, "port") ? record_get(one, "port") : is_secure ? "853" : PORT;

		if (!is_used(one) || !has_same_domain(one, first))
			continue;
		put(writing, "forward-addr",
		    text_of(arena_print(writing->view->arena, "%s@%s%s%s", record_get(one, "server"), port,
					record_has(one, "verify") ? "#" : "", record_get(one, "verify"))));
	}
}

static void
put_forwards(struct writing *writing)
{
	const struct collection *forwards = snapshot_named(writing->view->snapshot, "unbound.forward");
	bool                     has_root = false;

	for (size_t i = 0; i < collection_count(forwards); i++) {
		const struct record *one = collection_at(forwards, i);
		bool                 is_first = is_used(one);

		for (size_t k = 0; k < i && is_first; k++)
			is_first = !is_used(collection_at(forwards, k)) || !has_same_domain(collection_at(forwards, k), one);
		if (is_first)
			put_zone(writing, forwards, i);
		has_root |= is_first && !record_has(one, "domain");
	}
	if (has_root || !record_bool(writing->settings, "forwarding.enabled"))
		return;
	struct text rest = record_text(snapshot_single(writing->view->snapshot, "system.general"), "dns_servers"), server;
	bool        is_any = false;

	while (text_next(&rest, ",", &server)) {
		struct address address;

		if (!address_read(server, &address))
			continue;
		if (!is_any)
			buffer_add_string(&writing->out, "forward-zone:\n\tname: '.'\n");
		buffer_print(&writing->out, "\tforward-addr: %.*s\n", TEXT_ARGS(server));
		is_any = true;
	}
}

/* --- Blocking ------------------------------------------------------------------------------------------ */

/* A policy with networks is for clients in them only: their queries carry its tag. */
static void
put_tags(struct writing *writing, const struct collection *policies)
{
	struct buffer *out = &writing->out;
	bool           is_any = false;

	for (size_t i = 0; i < collection_count(policies); i++)
		if (record_bool(collection_at(policies, i), "enabled") && record_has(collection_at(policies, i), "source_nets")) {
			buffer_print(out, "%spolicy-%zu", is_any ? " " : "\tdefine-tag: \"", i);
			is_any = true;
		}
	if (is_any)
		buffer_add_string(out, "\"\n");
	for (size_t i = 0; i < collection_count(policies); i++) {
		struct text   rest = record_text(collection_at(policies, i), "source_nets"), one;
		struct prefix prefix;

		while (record_bool(collection_at(policies, i), "enabled") && text_next(&rest, ",", &one))
			if (prefix_read(one, &prefix))
				buffer_print(out, "\taccess-control-tag: %.*s \"policy-%zu\"\n", TEXT_ARGS(one), i);
	}
}

static void
put_policies(struct writing *writing, struct service_draft *draft, struct service_plan *plan)
{
	const struct collection *policies = snapshot_named(writing->view->snapshot, "unbound.dnsbl");

	for (size_t i = 0; i < collection_count(policies); i++) {
		const struct record *policy = collection_at(policies, i);
		scoped_buffer        zone = BUFFER_NONE;
		const char          *name = arena_print(writing->view->arena, "policy-%zu.zone", i);

		if (!record_bool(policy, "enabled"))
			continue;
		blocklist_write(writing->view->arena, policy, writing->view->lists, &zone);
		service_put_file(draft, plan, name, buffer_text(&zone), false);
		buffer_print(&writing->policies, "rpz:\n\tname: \"policy-%zu.drawbridge\"\n\tzonefile: \"" DIRECTORY "/%s\"\n", i, name);
		buffer_print(&writing->policies, "\trpz-log: yes\n\trpz-log-name: \"%s\"\n", policy->uuid);
		if (record_has(policy, "source_nets"))
			buffer_print(&writing->policies, "\ttags: \"policy-%zu\"\n", i);
	}
}

void
plan_unbound(const struct service_view *view, struct service_draft *draft)
{
	struct writing writing = { .view = view, .settings = snapshot_single(view->snapshot, "unbound.settings") };
	const bool     is_wanted = record_bool(writing.settings, "general.enabled");
	struct service_plan *plan = service_put(draft, "unbound", is_wanted);

	if (!is_wanted)
		return;
	put_server(&writing);
	put_tags(&writing, snapshot_named(view->snapshot, "unbound.dnsbl"));
	unbound_put_names(&writing);
	buffer_add_string(&writing.out, "remote-control:\n\tcontrol-enable: yes\n\tcontrol-use-cert: no\n"
					"\tcontrol-interface: \"/run/unbound.ctl\"\n");
	put_forwards(&writing);
	put_policies(&writing, draft, plan);
	service_put_file(draft, plan, "unbound.conf", TEXT(WHOLE), false);
	service_put_file(draft, plan, "main.conf", buffer_text(&writing.out), false);
	service_put_file(draft, plan, "names/names.conf", buffer_text(&writing.names), false);
	service_put_file(draft, plan, "names/records", buffer_text(&writing.records), false);
	service_put_file(draft, plan, "policies.conf", buffer_text(&writing.policies), false);
	buffer_clear(&writing.out);
	buffer_clear(&writing.names);
	buffer_clear(&writing.records);
	buffer_clear(&writing.policies);
}
