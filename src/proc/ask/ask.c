/* The table of topics, and giving orders for them. */
#include "proc/ask/ask.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/bug.h"
#include "json/read.h"
#include "proc/service/query.h"
#include "store/store.h"
#include "wire/courier.h"

/* clang-format off */
static const struct topic topics[] = {
	{ "tables",             topic_tables },
	{ "tables.size",        topic_tables_size },
	{ "table.list",         topic_table_list },
	{ "table.add",          topic_table_add },
	{ "table.delete",       topic_table_delete },
	{ "table.flush",        topic_table_flush },
	{ "table.find",         topic_table_find },
	{ "rules.counters",     topic_counters },
	{ "box.doctor",         topic_doctor },
	{ "filter.notes",       topic_filter_notes, true },
	{ "states.list",        topic_states },
	{ "states.count",       topic_states_count },
	{ "states.kill",        topic_states_kill },
	{ "states.reset",       topic_states_reset },
	{ "interfaces.status",  topic_interfaces_status },
	{ "interfaces.overview", topic_overview },
	{ "interfaces.duids",   topic_duids },
	{ "interfaces.renew",   topic_renew },
	{ "gateways.status",    topic_gateways_status },
	{ "gateways.list",      topic_gateways },
	{ "arp.list",           topic_arp },
	{ "arp.delete",         topic_arp_delete },
	{ "system.status",      topic_system_status },
	{ "keeper.status",      topic_keeper_status, true },
	{ "resolver.diagnostics", topic_resolver_diagnostics },
	{ "resolver.expire",    topic_resolver_expire },
	{ "resolver.queries",   topic_resolver_queries },
	{ "resolver.reset",     topic_resolver_reset },
	{ "resolver.rolling",   topic_resolver_rolling },
	{ "resolver.totals",    topic_resolver_totals },
	{ "resolver.test",      topic_resolver_test },
	{ "resolver.upstreams", topic_resolver_upstreams },
	{ "dhcp.leases",        topic_leases },
	{ "dhcp.release",       topic_lease_release },
	{ "services",           topic_services },
	{ "service.status",     topic_service_status },
	{ "service.start",      topic_service_start },
	{ "service.restart",    topic_service_restart },
	{ "service.stop",       topic_service_stop },
	{ "hostdiscovery.hosts", topic_hosts },
	{ "monit.check",        topic_monit_check },
	{ "monit.status",       topic_monit_status },
	{ "shaper.flush",       topic_shaper_flush },
	{ "shaper.statistics",  topic_shaper_statistics },
	{ "syslog.stats",       topic_syslog_stats },
	{ "time.peers",         topic_time_peers },
	{ "ipsec.configuration", topic_ipsec_configuration },
	{ "ipsec.phase1", topic_ipsec_phase1 },
	{ "ipsec.phase2", topic_ipsec_phase2 },
	{ "ipsec.status", topic_ipsec_status },
	{ "ipsec.connect", topic_ipsec_connect },
	{ "ipsec.disconnect", topic_ipsec_disconnect },
	{ "ipsec.associations", topic_ipsec_associations },
	{ "ipsec.policies", topic_ipsec_policies },
	{ "ipsec.forget_association", topic_ipsec_forget_association },
	{ "ipsec.forget_policy", topic_ipsec_forget_policy },
	{ "ipsec.pools", topic_ipsec_pools },
	{ "ipsec.leases", topic_ipsec_leases },
	{ "openvpn.sessions",   topic_openvpn_sessions },
	{ "openvpn.routes",     topic_openvpn_routes },
	{ "openvpn.kill",       topic_openvpn_kill },
	{ "openvpn.status",     topic_openvpn_status },
	{ "packages.start",     topic_packages_start },
	{ "packages.status",    topic_packages_status },
	{ "packages.forget",    topic_packages_forget },
	{ "packages.file",      topic_packages_file },
	{ "system.halt",        topic_system_halt },
	{ "system.reboot",      topic_system_reboot },
	{ "wireguard.show",     topic_wireguard_show },
	{ "command.run",        topic_command_run, true },
};
/* clang-format on */

/*
 * What a simulated box says where a real one has nothing yet: it has no clients, no tunnels and no log, and what is done to it
 * has no effect beyond itself.
 */
static const struct {
	const char *name, *answer;
} simulated[] = {
	{ "dhcp.leases", "[]" },
	{ "syslog.stats", "[]" },
};

static enum result
simulate(struct arena *arena, const char *topic, struct value **answer)
{
	for (size_t i = 0; i < COUNT(simulated); i++)
		if (strcmp(simulated[i].name, topic) == 0)
			return json_read(arena, text_of(simulated[i].answer), NULL, answer, NULL);
	return RESULT_UNAVAILABLE;
}

static const struct topic *
find_topic(const char *name)
{
	for (size_t i = 0; i < COUNT(topics); i++)
		if (strcmp(topics[i].name, name) == 0)
			return &topics[i];
	for (const struct topic *topic = diagnose_topics; topic->name; topic++)
		if (strcmp(topic->name, name) == 0)
			return topic;
	for (const struct topic *topic = portal_topics; topic->name; topic++)
		if (strcmp(topic->name, name) == 0)
			return topic;
	return NULL;
}

enum result
ask_topic(void *context, struct arena *arena, const char *topic, const struct value *argument, struct value **answer,
	  struct buffer *message)
{
	struct keeper_box *box = context;
	struct asking      asking = { .box = box, .arena = arena, .argument = argument, .message = message };
	enum result        result = RESULT_UNAVAILABLE;
	const struct topic *found = find_topic(topic);

	/* The one that does not wait, not even for an apply. */
	if (strcmp(topic, "lockout.add") == 0) {
		*answer = value_bool(arena, true);
		return lockout_add(box->lockout, argument, message);
	}
	if (found) {
		asking.snapshot = store_snapshot(box->setup.store);
		asking.is_locked = !found->is_free;
		if (asking.is_locked)
			pthread_mutex_lock(&box->lock);
		result = found->answer(&asking, answer);
		if (asking.is_locked)
			pthread_mutex_unlock(&box->lock);
		snapshot_release(asking.snapshot);
		return result;
	}
	if (box->setup.is_simulated && simulate(arena, topic, answer) == RESULT_DONE)
		return RESULT_DONE;
	buffer_print(message, "there is no backend yet for %s", topic);
	return result;
}

const char *
asked_text(const struct asking *asking, const char *name)
{
	const char *text = value_as_string(asking->arena, value_get(asking->argument, name));

	return text ? text : "";
}

enum result
asked_wrong(const struct asking *asking, enum result result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buffer_print_args(asking->message, format, args);
	va_end(args);
	return result;
}

enum result
asked_order(const struct asking *asking, unsigned order, const struct writer *body, struct message *reply)
{
	struct writer none;

	writer_init(&none);
	const enum result result =
		courier_ask(asking->box->setup.courier, order, body ? body : &none, ORDER_APPLY_TIMEOUT, reply);

	if (result != RESULT_DONE) {
		struct reader     in = message_reader(reply);
		const struct text why = get_text(&in, ORDER_MESSAGE_MAX);

		buffer_add(asking->message, why.len ? why : text_of(result_word(result)));
	}
	return result;
}

enum result
asked_sealed(const struct asking *asking, unsigned order, const struct writer *body, size_t max, struct text *mapped)
{
	scoped_message reply;

	message_init(&reply);
	const enum result result = asked_order(asking, order, body, &reply);

	if (result != RESULT_DONE)
		return result;
	struct reader in = message_reader(&reply);
	const int     fd = get_fd(&in);
	const bool    is_good = got_all(&in) && sealed_map(fd, max, mapped);

	if (fd >= 0)
		close(fd);
	return is_good ? RESULT_DONE : asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
}

enum result
asked_daemon(const struct asking *asking, const char *query, const char *argument, struct text *answer)
{
	scoped_writer order;
	scoped_sealed mapped = TEXT_NONE;
	enum result   result;

	BUG_IF(!asking->is_locked, "%s: a free topic cannot ask a daemon", query);
	writer_init(&order);
	put_string(&order, query);
	put_string(&order, argument);
	pthread_mutex_unlock(&asking->box->lock);
	result = asked_sealed(asking, ORDER_ASK_SERVICE, &order, QUERY_ANSWER_MAX, &mapped);
	pthread_mutex_lock(&asking->box->lock);
	if (result == RESULT_DONE)
		*answer = (struct text){ arena_copy(asking->arena, mapped), mapped.len };
	return result;
}
