/* What a box that is only simulated shows of itself: everything that a real one shows, of an idle machine. */
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "listen.h"
#include "test.h"

#define STREAMS_MAX 128   /* proc/lane/streams.h */
#define PATIENCE    60000 /* ms, for what happens in a second or so */
#define LOOK_EVERY  100

static struct arena    *arena;
static struct instance *instance;
static struct client   *client;

/* Are these members there? Comma separated. */
static void
check_members(const struct value *object, const char *names)
{
	struct text rest = text_of(names), name;

	while (text_next(&rest, ",", &name))
		if (!value_get_text(object, name))
			fail_msg("no %.*s in %s", TEXT_ARGS(name), client->body.bytes);
}

static void
check_members_at(const char *path, const char *names)
{
	check_members(must_get(client, arena, path), names);
}

/* --- The packet filter ------------------------------------------------------------------------------------ */

TEST(an_idle_filter_has_no_states_and_says_so)
{
	const struct value *grid = must_post(client, arena, "/api/diagnostics/firewall/query_states", "{\"rowCount\":7}");

	check_members(grid, "total,rowCount,current,rows");
	CHECK_STRING(at(arena, grid, "total"), "0");
	grid = must_get(client, arena, "/api/diagnostics/firewall/query_states");
	CHECK_STRING(at(arena, grid, "current"), "0");
	CHECK_STRING(at(arena, must_get(client, arena, "/api/diagnostics/firewall/pf_states"), "current"), "0");
	check_members_at("/api/diagnostics/firewall/pf_statistics", "info,memory,timeouts,interfaces,rules");
	check_members_at("/api/diagnostics/firewall/pf_statistics/memory", "memory");
	CHECK_NUMBER(value_count(must_get(client, arena, "/api/diagnostics/firewall/log")), 0);
	CHECK_NUMBER(value_count(must_get(client, arena, "/api/diagnostics/firewall/stats?group_by=dst")), 0);
	CHECK_STRING(at(arena, must_post(client, arena, "/api/diagnostics/firewall/flush_states", "{}"), "result"), "ok");
	CHECK_STRING(at(arena, must_post(client, arena, "/api/diagnostics/firewall/flush_sources", "{}"), "result"), "ok");
}

TEST(nothing_is_killed_that_was_not_named)
{
	const char *path = "/api/diagnostics/firewall/kill_states";

	CHECK_STRING(at(arena, must_post(client, arena, path, "{}"), "result"), "failed");
	CHECK_STRING(at(arena, must_get(client, arena, path), "result"), "failed");
	CHECK_STRING(at(arena, must_post(client, arena, path, "{\"filter\":\"10.0.0.0/8\"}"), "dropped_states"), "0");
	CHECK_STRING(at(arena, must_post(client, arena, path, "{\"ruleid\":\"nobody\"}"), "dropped_states"), "0");
	CHECK_STRING(at(arena, must_post(client, arena, "/api/diagnostics/firewall/del_state/x%2f/1", "{}"), "result"), "");
	CHECK_STRING(at(arena, must_post(client, arena, "/api/diagnostics/firewall/del_state/00000001/0", "{}"), "result"),
		     "killed 0 states");
}

/* --- The network and the machine ----------------------------------------------------------------------------- */

TEST(everything_about_the_network_has_its_members)
{
	static const char *const objects[][2] = {
		{ "interface/get_interface_statistics", "statistics" },
		{ "interface/get_protocol_statistics", "statistics" },
		{ "interface/get_socket_statistics", "statistics" },
		{ "interface/get_memory_statistics", "mbuf-statistics" },
		{ "interface/get_netisr_statistics", "netisr" },
		{ "interface/get_bpf_statistics", "bpf-statistics" },
		{ "interface/get_vip_status", "total,rowCount,current,rows,carp" },
		{ "interface/get_pfsync_nodes", "total,rowCount,current,rows" },
		{ "interface/search_arp", "total,rowCount,current,rows" },
		{ "traffic/interface", "interfaces,time" },
		{ "system/memory", "malloc-statistics,memory-zone-statistics" },
		{ "system/system_mbuf", "mbuf-statistics" },
		{ "activity/get_activity", "headers,details" },
		{ "traffic/top/lan", "lan" },
	};
	const struct value *said;

	for (size_t i = 0; i < COUNT(objects); i++)
		check_members_at(arena_print(arena, "/api/diagnostics/%s", objects[i][0]), objects[i][1]);
	CHECK_NUMBER(value_count(must_get(client, arena, "/api/diagnostics/interface/get_arp")), 0);
	CHECK_NUMBER(value_count(must_get(client, arena, "/api/diagnostics/interface/get_ndp")), 0);
	CHECK_NUMBER(value_count(must_get(client, arena, "/api/diagnostics/interface/get_routes")), 0);
	said = must_get(client, arena, "/api/diagnostics/interface/get_protocol_statistics");
	check_members(value_path(said, "statistics"), "tcp,udp,ip,icmp,arp,carp,pfsync");
	check_members(value_path(said, "statistics.tcp"), "sent-packets,received-packets");
	CHECK_STRING(at(arena, said, "statistics.ip.received-packets"), "0");
	said = must_get(client, arena, "/api/diagnostics/traffic/interface");
	check_members(value_path(said, "interfaces.lan"), "device,driver,index,flags,promiscuous listeners,mtu,metric,line rate,"
		"packets received,input errors,packets transmitted,output errors,collisions,bytes received,bytes transmitted,name");
	said = must_get(client, arena, "/api/diagnostics/activity/get_activity");
	check_members(value_path(said, "details.0"), "PID,USERNAME,PRI,NICE,SIZE,RES,STATE,TIME,WCPU,COMMAND,THR,C");
	CHECK(strstr(at(arena, must_get(client, arena, "/api/diagnostics/cpu_usage/get_c_p_u_type"), "0"), " threads)"));
}

TEST(what_takes_away_says_what_it_did)
{
	const struct answer flushed = post(client, arena, "/api/diagnostics/interface/flush_arp", "{}");

	CHECK(flushed.status == 200 && strstr(flushed.type, "text/plain"));
	CHECK_STRING(at(arena, must_get(client, arena, "/api/diagnostics/interface/flush_arp"), "message"), "error");
	CHECK_STRING(at(arena, must_post(client, arena, "/api/diagnostics/interface/del_route", "{}"), "message"), "error");
	CHECK_STRING(at(arena, must_post(client, arena, "/api/diagnostics/interface/del_route",
					 "{\"destination\":\"192.0.2.0/24\",\"gateway\":\"$(id)\"}"), "message"),
		     "route has not been found");
}

TEST(names_of_addresses_are_looked_up)
{
	const struct value *said =
		must_get(client, arena, "/api/diagnostics/dns/reverse_lookup?address[]=127.0.0.1&address[]=not-an-address");

	CHECK_NUMBER(value_count(said), 2);
	CHECK(value_get(said, "127.0.0.1")->text.len > 0);
	CHECK_STRING(value_get(said, "not-an-address")->text.ptr, "not-an-address");
	CHECK_NUMBER(value_count(must_get(client, arena, "/api/diagnostics/dns/reverse_lookup")), 0);
}

TEST(processors_and_traffic_are_followed)
{
	struct listening    stream;
	const struct value *event;

	listen_begin(&stream, instance, "/api/diagnostics/cpu_usage/stream");
	event = listen_next(&stream, arena, "message", PATIENCE);
	CHECK(event != NULL);
	check_members(event, "total,user,nice,sys,intr,idle");
	listen_end(&stream);
	listen_begin(&stream, instance, "/api/diagnostics/traffic/stream/1");
	event = listen_next(&stream, arena, "message", PATIENCE);
	CHECK(event != NULL);
	check_members(event, "interfaces,time");
	check_members(value_path(event, "interfaces.lan"), "inbytes,outbytes,inpkts,outpkts,inerrs,outerrs,collisions,name");
	listen_end(&stream);
}

/* --- Numbers over time ---------------------------------------------------------------------------------------- */

#define HEALTH "/api/diagnostics/systemhealth"

static bool
has_item(const struct value *list, const char *item)
{
	for (size_t i = 0; i < value_count(list); i++)
		if (text_is(list->members[i].value->text, item))
			return true;
	return false;
}

/* The first look is taken soon. */
static const struct value *
wait_for_numbers(const char *item)
{
	for (int i = 0; i < PATIENCE / LOOK_EVERY; i++) {
		const struct value *said = must_get(client, arena, HEALTH "/get_rrd_list");

		check_members(said, "data,files,interfaces,result");
		if (has_item(value_path(said, "data.system"), item))
			return said;
		wait_a_little(LOOK_EVERY);
	}
	fail_msg("there are no numbers of the %s", item);
	return NULL;
}

TEST(the_box_is_looked_at_and_numbers_are_kept)
{
	CHECK_STRING(at(arena, must_post(client, arena, HEALTH "/reconfigure", "{}"), "status"), "ok");
	const struct value *said = wait_for_numbers("states");

	CHECK(has_item(value_path(said, "data.system"), "processor") && has_item(value_path(said, "data.system"), "mbuf"));
	CHECK(strstr(at(arena, said, "files.0.filename"), ".health"));
	CHECK_STRING(at(arena, said, "interfaces.lan.descr"), "LAN");
	for (int detail = 0; detail < 4; detail++) {
		said = must_get(client, arena, arena_print(arena, HEALTH "/get_system_health/states-system/%d", detail));
		check_members(said, "set,title,y-axis_label");
		check_members(value_get(said, "set"), "count,step_size,data");
		CHECK_STRING(at(arena, said, "set.data.1.key"), "pfstates");
		CHECK_STRING(at(arena, said, "set.data.1.values.0.1"), "0");
	}
	CHECK_STRING(at(arena, said, "set.step_size"), "86400");
	CHECK_STRING(at(arena, must_get(client, arena, HEALTH "/get_system_health/system-states"), "set.step_size"), "60");
	const struct answer file = get(client, arena, HEALTH "/export_as_c_s_v/states-system/0");

	CHECK(strstr(file.type, "text/csv") && text_starts(file.body, TEXT("timestamp;pfrate;pfstates;pfnat;srcip;dstip\n")));
	CHECK(text_contains(file.body, TEXT(";0;0;0;0\n")));
}

TEST(numbers_that_nobody_has_are_an_error)
{
	static const char *const none[] = { "", "/", "/states-system/4", "/states-system/x", "/..%2f..%2fetc-passwd/0", "/states/0" };

	for (size_t i = 0; i < COUNT(none); i++) {
		const struct value *said = must_get(client, arena, arena_print(arena, HEALTH "/get_system_health%s", none[i]));

		CHECK_STRING(at(arena, said, "title"), "error");
		CHECK(value_is(value_get(said, "set"), VALUE_LIST) && value_count(value_get(said, "set")) == 0);
	}
	CHECK_STRING(at(arena, must_get(client, arena, HEALTH "/export_as_c_s_v/none/0"), "title"), "error");
	CHECK_STRING(at(arena, must_post(client, arena, HEALTH "/del_r_r_d/none", "{}"), "status"), "failed");
}

/* And while nobody wants them there are none. */
TEST(numbers_are_forgotten_when_told)
{
	wait_for_numbers("states");
	CHECK_STRING(at(arena, must_post(client, arena, HEALTH "/set", "{\"systemhealth\":{\"enabled\":\"0\"}}"), "result"), "saved");
	CHECK_STRING(at(arena, must_post(client, arena, HEALTH "/del_r_r_d/states-system.health", "{}"), "status"), "ok");
	/* A look that was under way may come after. */
	for (int i = 0; i < 10; i++) {
		CHECK_STRING(at(arena, must_post(client, arena, HEALTH "/del_r_r_d", "{}"), "status"), "ok");
		must_post(client, arena, HEALTH "/reconfigure", "{}");
		wait_a_little(300);
		if (value_count(value_get(must_get(client, arena, HEALTH "/get_rrd_list"), "data")) == 0)
			break;
	}
	CHECK_NUMBER(value_count(value_get(must_get(client, arena, HEALTH "/get_rrd_list"), "data")), 0);
	CHECK_STRING(at(arena, must_post(client, arena, HEALTH "/set", "{\"systemhealth\":{\"enabled\":\"1\"}}"), "result"), "saved");
	must_post(client, arena, HEALTH "/reconfigure", "{}");
	wait_for_numbers("states");
}

/* --- Jobs ---------------------------------------------------------------------------------------------------- */

static const char *
make_job(const char *kind, const char *body)
{
	return at(arena, must_post(client, arena, arena_print(arena, "/api/diagnostics/%s/set", kind), body), "uuid");
}

static const struct value *
turn_job(const char *kind, const char *verb, const char *job)
{
	return must_post(client, arena, arena_print(arena, "/api/diagnostics/%s/%s/%s", kind, verb, job), "{}");
}

static const struct value *
list_jobs(const char *kind)
{
	return must_post(client, arena, arena_print(arena, "/api/diagnostics/%s/search_jobs", kind), "{}");
}

TEST(a_ping_that_nobody_answers_runs_until_it_is_stopped)
{
	const char *job = make_job("ping", "{\"ping\":{\"settings\":{\"hostname\":\"192.0.2.9\"}}}");

	CHECK_STRING(at(arena, list_jobs("ping"), "rows.0.status"), "stopped");
	CHECK_STRING(at(arena, turn_job("ping", "start", job), "started_processes"), "1");
	CHECK_STRING(at(arena, turn_job("ping", "start", job), "status"), "failed");
	check_members(value_path(list_jobs("ping"), "rows.0"),
		"id,status,hostname,fam,source_address,packetsize,disable_frag,loss,send,received,min,max,avg,std-dev,last_error");
	CHECK_STRING(at(arena, list_jobs("ping"), "rows.0.status"), "running");
	CHECK_STRING(at(arena, list_jobs("ping"), "rows.0.loss"), "100.0%");
	CHECK_STRING(at(arena, turn_job("ping", "stop", job), "status"), "ok");
	CHECK_STRING(at(arena, list_jobs("ping"), "rows.0.status"), "stopped");
	CHECK_STRING(at(arena, turn_job("ping", "remove", job), "status"), "ok");
	CHECK_STRING(at(arena, list_jobs("ping"), "total"), "0");
	CHECK_STRING(at(arena, turn_job("ping", "start", job), "status"), "failed");
	CHECK_STRING(at(arena, turn_job("ping", "remove", "..%2f"), "status"), "failed");
}

TEST(a_capture_of_nothing_is_an_empty_file)
{
	const char *job = make_job("packet_capture",
		"{\"packetcapture\":{\"settings\":{\"interface\":\"em0,em1\",\"fam\":\"any\",\"host\":\"192.0.2.0/24\"}}}");
	const char *path = arena_print(arena, "/api/diagnostics/packet_capture/view/%s", job);

	CHECK_STRING(at(arena, turn_job("packet_capture", "start", job), "started_processes"), "2");
	CHECK_STRING(at(arena, list_jobs("packet_capture"), "rows.0.status"), "running");
	check_members_at(path, "settings,status,interfaces");
	check_members(value_path(must_get(client, arena, path), "interfaces"), "em0,em1");
	CHECK_STRING(at(arena, turn_job("packet_capture", "stop", job), "stopped_processes"), "2");
	const struct answer file = get(client, arena, arena_print(arena, "/api/diagnostics/packet_capture/download/%s", job));

	CHECK(strstr(file.type, "zip") && text_starts(file.body, TEXT("PK\3\4")));
	CHECK_STRING(at(arena, turn_job("packet_capture", "remove", job), "status"), "ok");
	CHECK_STRING(at(arena, must_get(client, arena, path), "status"), "failed");
	check_members_at("/api/diagnostics/packet_capture/mac_info/02:db:00:00:00:01", "status,ip,ip6,org");
	CHECK_STRING(at(arena, must_post(client, arena, "/api/diagnostics/packet_capture/set",
					 "{\"packetcapture\":{\"settings\":{\"interface\":\"em0;id\",\"fam\":\"any\"}}}"), "result"),
		     "failed");
}

/* However many are asked for. */
TEST(there_are_so_many_jobs_and_no_more)
{
	const char *body = "{\"ping\":{\"settings\":{\"hostname\":\"192.0.2.9\"}}}";
	const char *jobs[40];
	size_t      n = 0;

	while (n < COUNT(jobs) && post(client, arena, "/api/diagnostics/ping/set", body).status == 200)
		jobs[n++] = arena_copy(arena, text_of(at(arena, list_jobs("ping"), "rows.0.id")));
	CHECK_NUMBER(n, 32);
	while (n > 0)
		turn_job("ping", "remove", jobs[--n]);
	CHECK_STRING(at(arena, list_jobs("ping"), "total"), "0");
}

TEST(looks_at_others_say_that_there_is_nobody)
{
	const struct value *said = must_post(client, arena, "/api/diagnostics/portprobe/set",
		"{\"portprobe\":{\"settings\":{\"hostname\":\"192.0.2.9\",\"port\":\"80\"}}}");

	CHECK_STRING(at(arena, said, "result"), "ok");
	check_members(value_get(said, "response"), "message,payload");
	said = must_post(client, arena, "/api/diagnostics/traceroute/set",
			 "{\"traceroute\":{\"settings\":{\"hostname\":\"192.0.2.9\"}}}");
	check_members(value_get(said, "response"), "rows");
	said = must_post(client, arena, "/api/diagnostics/dns_diagnostics/set",
			 "{\"dns\":{\"settings\":{\"hostname\":\"example.com\"}}}");
	check_members(value_get(said, "response"), "error_message");
	said = must_post(client, arena, "/api/diagnostics/portprobe/set",
			 "{\"portprobe\":{\"settings\":{\"hostname\":\"a b\",\"port\":\"99999\"}}}");
	CHECK_STRING(at(arena, said, "result"), "failed");
	CHECK(value_get(said, "validations") != NULL);
}

/* --- Logs --------------------------------------------------------------------------------------------------- */

static const struct value *
read_log(const char *log, const char *body)
{
	return must_post(client, arena, arena_print(arena, "/api/diagnostics/log/%s", log), body);
}

TEST(who_changed_what_is_in_the_audit_log)
{
	must_post(client, arena, "/api/firewall/alias/add_item",
		  "{\"alias\":{\"name\":\"noted\",\"type\":\"host\",\"content\":\"192.0.2.1\"}}");
	const struct value *found = read_log("core/audit", "{\"searchPhrase\":\"ALIAS add_item\"}");

	check_members(found, "filters,rows,total_rows,origin,rowCount,total,current");
	CHECK_STRING(at(arena, found, "total"), "1");
	check_members(value_path(found, "rows.0"), "timestamp,parser,facility,severity,process_name,pid,rnum,line");
	CHECK(strstr(at(arena, found, "rows.0.line"), "user admin@127.0.0.1 changed configuration"));
	CHECK_STRING(at(arena, read_log("core/audit", "{\"severity\":\"Error,Debug\"}"), "total"), "0");
	CHECK(strcmp(at(arena, read_log("core/audit", "{\"severity\":[\"Notice\"]}"), "total"), "0") != 0);
	client->password = "wrong";
	client->name = "nobody";
	CHECK_NUMBER(get(client, arena, "/api/core/system/status").status, 401);
	client->password = client->name = NULL;
	CHECK_STRING(at(arena, read_log("core/audit", "{\"searchPhrase\":\"authentication failed\"}"), "total"), "1");
}

TEST(a_log_is_exported_cleared_and_nobody_elses)
{
	const struct answer file = get(client, arena, "/api/diagnostics/log/core/audit/export");

	CHECK(file.status == 200 && strstr(file.type, "text/csv") && text_contains(file.body, TEXT("\taudit\tuser admin")));
	CHECK_STRING(at(arena, must_post(client, arena, "/api/diagnostics/log/core/audit/clear", "{}"), "status"), "ok");
	CHECK_STRING(at(arena, read_log("core/audit", "{}"), "total"), "0");
	CHECK_NUMBER(value_count(must_get(client, arena, "/api/diagnostics/log/core/audit")), 0);
	CHECK_STRING(at(arena, read_log("core/..%2f..%2fetc", "{}"), "origin"), "");
	CHECK_NUMBER(get(client, arena, "/api/diagnostics/log/core").status, 404);
}

TEST(pfsense_shows_its_logs)
{
	static const char *const logs[] = { "dhcp", "firewall", "system" };

	for (size_t i = 0; i < COUNT(logs); i++)
		CHECK(value_is(value_get(must_get(client, arena, arena_print(arena, "/api/v1/status/log/%s", logs[i])), "data"),
			       VALUE_LIST));
}

/* --- Streams ------------------------------------------------------------------------------------------------- */

TEST(a_quiet_stream_is_alive)
{
	struct listening stream;

	listen_begin(&stream, instance, "/api/diagnostics/firewall/stream_log");
	CHECK_NUMBER(listen_status(&stream), 200);
	CHECK(strstr(buffer_string(&stream.heard), "text/event-stream"));
	CHECK(listen_next(&stream, arena, "keepalive", PATIENCE));
	CHECK(listen_next(&stream, arena, "keepalive", PATIENCE));
	listen_end(&stream);
}

TEST(a_log_is_followed)
{
	struct listening stream;

	must_post(client, arena, "/api/firewall/alias/add_item",
		  "{\"alias\":{\"name\":\"before\",\"type\":\"host\",\"content\":\"192.0.2.1\"}}");
	listen_begin(&stream, instance, "/api/diagnostics/log/core/audit/live?offset=0");
	CHECK(listen_next(&stream, arena, "message", PATIENCE));
	must_post(client, arena, "/api/firewall/alias/add_item",
		  "{\"alias\":{\"name\":\"later\",\"type\":\"host\",\"content\":\"192.0.2.1\"}}");
	const struct value *row = listen_next(&stream, arena, "log", PATIENCE);

	CHECK(row && strstr(at(arena, row, "line"), "add_item"));
	listen_end(&stream);
}

/* That somebody left is seen a little later. */
static bool
begin_one(struct listening *stream)
{
	for (int i = 0; i < PATIENCE / LOOK_EVERY; i++) {
		listen_begin(stream, instance, "/api/diagnostics/firewall/stream_log");
		if (listen_status(stream) == 200)
			return true;
		listen_end(stream);
		wait_a_little(LOOK_EVERY);
	}
	return false;
}

TEST(so_many_may_listen_and_no_more_and_room_comes_back)
{
	static struct listening streams[STREAMS_MAX];
	struct listening        one_more;

	for (size_t i = 0; i < STREAMS_MAX; i++)
		CHECK(begin_one(&streams[i]));
	listen_begin(&one_more, instance, "/api/diagnostics/firewall/stream_log");
	CHECK_NUMBER(listen_status(&one_more), 500);
	listen_end(&one_more);
	/* Others are served meanwhile. */
	must_get(client, arena, "/api/diagnostics/firewall/pf_states");
	for (size_t i = 0; i < STREAMS_MAX; i++)
		listen_end(&streams[i]);
	CHECK(begin_one(&one_more));
	listen_end(&one_more);
}

TEST(streams_do_not_keep_it_from_ending)
{
	struct listening stream;

	listen_begin(&stream, instance, "/api/diagnostics/firewall/stream_log");
	instance_stop(instance);
	listen_end(&stream);
}

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	instance = instance_plain("none");
	client = client_new(instance);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	client_free(client);
	instance_free(instance);
	arena_free(arena);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_idle_filter_has_no_states_and_says_so),
		cmocka_unit_test(nothing_is_killed_that_was_not_named),
		cmocka_unit_test(everything_about_the_network_has_its_members),
		cmocka_unit_test(what_takes_away_says_what_it_did),
		cmocka_unit_test(names_of_addresses_are_looked_up),
		cmocka_unit_test(processors_and_traffic_are_followed),
		cmocka_unit_test(the_box_is_looked_at_and_numbers_are_kept),
		cmocka_unit_test(numbers_that_nobody_has_are_an_error),
		cmocka_unit_test(numbers_are_forgotten_when_told),
		cmocka_unit_test(a_ping_that_nobody_answers_runs_until_it_is_stopped),
		cmocka_unit_test(a_capture_of_nothing_is_an_empty_file),
		cmocka_unit_test(there_are_so_many_jobs_and_no_more),
		cmocka_unit_test(looks_at_others_say_that_there_is_nobody),
		cmocka_unit_test(who_changed_what_is_in_the_audit_log),
		cmocka_unit_test(a_log_is_exported_cleared_and_nobody_elses),
		cmocka_unit_test(pfsense_shows_its_logs),
		cmocka_unit_test(a_quiet_stream_is_alive),
		cmocka_unit_test(a_log_is_followed),
		cmocka_unit_test(so_many_may_listen_and_no_more_and_room_comes_back),
		cmocka_unit_test(streams_do_not_keep_it_from_ending),
	};

	instance_programs(argc, argv);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
