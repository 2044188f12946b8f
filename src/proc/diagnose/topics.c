/* The table of topics, and what their files share. */
#include "proc/diagnose/diagnose.h"

#include "base/number.h"

/* clang-format off */
const struct topic diagnose_topics[] = {
	{ "states.search",     topic_states_search },
	{ "states.kill_found", topic_states_kill_found },
	{ "sources.flush",     topic_sources_flush },
	{ "filter.statistics", topic_filter_statistics },
	{ "log.read",          topic_log_read,         .is_free = true },
	{ "log.reset",         topic_log_reset,        .is_free = true },
	{ "log.clear",         topic_log_clear,        .is_free = true },
	{ "log.follow",        topic_log_follow,       .is_free = true },
	{ "log.lines",         topic_log_lines,        .is_free = true },
	{ "filterlog.read",    topic_filterlog_read,   .is_free = true },
	{ "filterlog.follow",  topic_filterlog_follow, .is_free = true },
	{ "filterlog.stats",   topic_filterlog_stats,  .is_free = true },
	{ "neighbours.table",  topic_neighbours_table, .is_free = true },
	{ "neighbours.clear",  topic_neighbours_clear, .is_free = true },
	{ "routes.table",      topic_routes_table,     .is_free = true },
	{ "route.delete",      topic_route_delete,     .is_free = true },
	{ "vips.status",       topic_vips },
	{ "interfaces.statistics", topic_interface_statistics, .is_free = true },
	{ "interfaces.counters", topic_interface_counters, .is_free = true },
	{ "network.protocols", topic_protocols,        .is_free = true },
	{ "network.sockets",   topic_sockets,          .is_free = true },
	{ "network.netisr",    topic_netisr,           .is_free = true },
	{ "network.bpf",       topic_bpf,              .is_free = true },
	{ "network.buffers",   topic_buffers,          .is_free = true },
	{ "system.memory",     topic_memory,           .is_free = true },
	{ "system.cpu",        topic_cpu,              .is_free = true },
	{ "system.processors", topic_processors,       .is_free = true },
	{ "system.activity",   topic_activity,         .is_free = true },
	{ "system.temperatures", topic_temperatures,   .is_free = true },
	{ "traffic.top",       topic_traffic_top,      .is_free = true },
	{ "job.make",          topic_job_make,         .is_free = true },
	{ "job.list",          topic_job_list,         .is_free = true },
	{ "job.start",         topic_job_start,        .is_free = true },
	{ "job.stop",          topic_job_stop,         .is_free = true },
	{ "job.remove",        topic_job_remove,       .is_free = true },
	{ "capture.view",      topic_capture_view,     .is_free = true },
	{ "capture.download",  topic_capture_download, .is_free = true },
	{ "names.mac",         topic_mac_info,         .is_free = true },
	{ "wake.send",         topic_wake_send,        .is_free = true },
	{ "look.dns",          topic_look_dns,         .is_free = true },
	{ "look.route",        topic_look_route,       .is_free = true },
	{ "look.port",         topic_look_port,        .is_free = true },
	{ "names.reverse",     topic_reverse,          .is_free = true },
	{ "health.list",       topic_health_list,      .is_free = true },
	{ "health.fetch",      topic_health_fetch,     .is_free = true },
	{ "health.look",       topic_health_look,      .is_free = true },
	{ "health.forget",     topic_health_forget,    .is_free = true },
	{ "netflow.status",    topic_netflow_status,   .is_free = true },
	{ "netflow.cached",    topic_netflow_cached,   .is_free = true },
	{ "insight.metadata",  topic_insight_metadata, .is_free = true },
	{ "insight.series",    topic_insight_series,   .is_free = true },
	{ "insight.top",       topic_insight_top,      .is_free = true },
	{ "insight.export",    topic_insight_export,   .is_free = true },
	{ "insight.forget",    topic_insight_forget,   .is_free = true },
	{ NULL },
};
/* clang-format on */

int64_t
asked_number(const struct asking *asking, const char *name, int64_t min, int64_t max, int64_t otherwise)
{
	int64_t number = otherwise;

	return number_read(text_trim(text_of(asked_text(asking, name))), min, max, &number) ? number : otherwise;
}

enum result
asked_system(const struct asking *asking, enum system_file file, struct text *out)
{
	scoped_sealed mapped = TEXT_NONE;
	struct writer order;

	writer_init(&order);
	put_u32(&order, file);
	const enum result result = asked_sealed(asking, ORDER_READ_SYSTEM, &order, SYSTEM_FILE_MAX, &mapped);

	if (result == RESULT_DONE)
		*out = (struct text){ arena_copy(asking->arena, mapped), mapped.len };
	return result;
}

enum result
asked_states(const struct asking *asking, const struct state_filter *filter, uint32_t most, struct states *out)
{
	static const struct state_filter all;
	scoped_sealed                    mapped = TEXT_NONE;
	struct writer                    order;

	writer_init(&order);
	put_state_filter(&order, filter ? filter : &all);
	put_u32(&order, most);
	const enum result result = asked_sealed(asking, ORDER_STATES, &order, STATES_BYTES_MAX, &mapped);

	if (result != RESULT_DONE)
		return result;
	return states_decode(asking->arena, mapped, out) ? RESULT_DONE
							 : asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
}

const char *
asked_description(const struct asking *asking, const char *device)
{
	const struct record *interface =
		device[0] ? collection_where(snapshot_named(asking->snapshot, "interfaces.interface"), "if", text_of(device)) : NULL;

	if (!interface)
		return "";
	return record_has(interface, "descr") ? record_get(interface, "descr") : interface->uuid;
}
