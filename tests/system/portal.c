/*
 * The captive portal, from the network behind it: who is not logged on reaches its pages and nothing else; who is, passes as the
 * rules say, is counted, and is let go.
 */
#include <signal.h>
#include <string.h>

#include "base/archive.h"
#include "base/base64.h"
#include "base/unzip.h"
#include "json/read.h"
#include "lab.h"
#include "router.h"
#include "test.h"

#define FAR      "192.0.2.10"
#define US       "10.2.0.1"
#define CLIENT   "10.2.0.10"
#define PAGES    "http://" US ":8000/"
#define ACCESS   PAGES "api/captiveportal/access/"
#define FAR6     "2001:db8::10"
#define PATIENCE 60000 /* ms */

static const char start_configuration[] =
	"<?xml version=\"1.0\"?><opnsense><system><hostname>firewall</hostname><domain>lab.example</domain>"
	"<authserver><type>voucher</type><name>Vouchers</name><simplePasswords>1</simplePasswords></authserver></system><interfaces>"
	"<wan><if>em0</if><descr>WAN</descr><enable>1</enable><ipaddr>192.0.2.1</ipaddr><subnet>24</subnet>"
	"<ipaddrv6>2001:db8::1</ipaddrv6><subnetv6>64</subnetv6></wan>"
	"<opt1><if>em2</if><descr>Guests</descr><enable>1</enable><ipaddr>" US "</ipaddr><subnet>24</subnet>"
	"<ipaddrv6>fd00:2::1</ipaddrv6><subnetv6>64</subnetv6></opt1>"
	"<lan><if>em1</if><descr>LAN</descr><enable>1</enable><ipaddr>10.1.0.1</ipaddr><subnet>24</subnet></lan>"
	"</interfaces></opnsense>";

static struct router lab;
static const char   *zone; /* uuid */

#define SAY(...)         arena_print(lab.arena, __VA_ARGS__)
#define POST(path, body) must_post(lab.client, lab.arena, "/api/" path, body)
#define GET(path)        must_get(lab.client, lab.arena, "/api/" path)
#define WORD(value, at_) at(lab.arena, value, at_)

/* --- a client's browser ---------------------------------------------------------------------------------- */

struct visit {
	long          status; /* 0: nobody answered */
	const char   *body, *location;
	struct value *json;
};

static size_t
take(char *bytes, size_t size, size_t n, void *buffer)
{
	buffer_add(buffer, (struct text){ bytes, size * n });
	return size * n;
}

/* As a guest, or whoever; accept and body may be NULL. */
static struct visit
visit_as(enum host host, const char *url, const char *accept, const char *body)
{
	CURL              *curl = curl_easy_init();
	scoped_buffer      said = BUFFER_NONE;
	struct curl_slist *fields = accept ? curl_slist_append(NULL, SAY("Accept: %s", accept)) : NULL;
	struct visit       visit = { 0 };
	char              *location = NULL;

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &said);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)PATIENCE);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	if (body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	host_enter(host);
	const CURLcode code = curl_easy_perform(curl);

	host_enter(HOST_ROUTER);
	if (code != CURLE_OK)
		print_message("%s: %s\n", url, curl_easy_strerror(code));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &visit.status);
	curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &location);
	visit.location = arena_copy(lab.arena, text_of(location ? location : ""));
	visit.body = arena_copy(lab.arena, buffer_text(&said));
	if (json_read(lab.arena, text_of(visit.body), NULL, &visit.json, NULL) != RESULT_DONE)
		visit.json = NULL;
	curl_slist_free_all(fields);
	curl_easy_cleanup(curl);
	return visit;
}

static struct visit
visit(const char *url)
{
	return visit_as(HOST_OPT, url, NULL, NULL);
}

static const char *
client_state(void)
{
	return WORD(visit(ACCESS "status/").json, "clientState");
}

static const char *
log_on(const char *fields)
{
	return WORD(visit_as(HOST_OPT, ACCESS "logon/", NULL, fields).json, "clientState");
}

static const char *
log_off(void)
{
	return WORD(visit_as(HOST_OPT, ACCESS "logoff/", NULL, "").json, "terminateCause");
}

/* --- what is configured ------------------------------------------------------------------------------------ */

static void
reconfigure(void)
{
	const struct answer answer = post(lab.client, lab.arena, "/api/captiveportal/service/reconfigure", "{}");

	if (answer.status != 200 || !answer.json || strcmp(WORD(answer.json, "status"), "ok") != 0)
		fail_msg("reconfigure: %ld %.*s", answer.status, TEXT_ARGS(answer.body));
}

static void
set_zone(const char *fields)
{
	const struct value *said = must_post(lab.client, lab.arena, SAY("/api/captiveportal/settings/set_zone/%s", zone),
					     SAY("{\"zone\":{%s}}", fields));

	if (strcmp(WORD(said, "result"), "saved") != 0)
		fail_msg("%s: %s", fields, lab.client->body.bytes);
	reconfigure();
}

static void
add_rule(const char *interface)
{
	POST("firewall/filter/add_rule", SAY("{\"rule\":{\"enabled\":\"1\",\"action\":\"pass\",\"direction\":\"in\","
					     "\"ipprotocol\":\"inet46\",\"protocol\":\"any\",\"interface\":\"%s\"}}", interface));
}

static const struct value *
sessions(void)
{
	return GET("captiveportal/session/list/0");
}

static void
must_be_out(void)
{
	PING(HOST_OPT, FAR, "silent");
	TCP(HOST_OPT, FAR, 22, "silent");
}

static void
must_be_in(void)
{
	PING(HOST_OPT, FAR, "open");
	TCP(HOST_OPT, FAR, 22, "open");
}

/* --- tests ---------------------------------------------------------------------------------------------- */

TEST(before_there_is_a_zone_nobody_is_held_back)
{
	must_be_in();
	CHECK_NUMBER(visit(PAGES).status, 0);
	zone = WORD(POST("captiveportal/settings/add_zone", "{\"zone\":{\"interfaces\":\"opt1\",\"description\":\"guests\"}}"), "uuid");
	CHECK(*zone);
	reconfigure();
}

TEST(whoever_is_not_logged_on_reaches_nothing_but_the_pages)
{
	struct visit page;

	must_be_out();
	/* Nor this box, nor other networks; those of others are as they were. */
	PING(HOST_OPT, US, "silent");
	CHECK_NUMBER(talk_handshake(HOST_OPT, US, 8080), TALK_SILENT);
	TCP(HOST_OPT, "10.1.0.20", 443, "silent");
	PING(HOST_LAN, FAR, "open");
	PING(HOST_OPT, FAR6, "silent");
	CHECK_STRING(client_state(), "NOT_AUTHORIZED");
	page = visit("http://[" FAR6 "]/");
	CHECK_STRING(page.location, "http://[fd00:2::1]:8000/index.html?redirurl=%5B2001%3Adb8%3A%3A10%5D/");
	page = visit("http://" FAR "/news?of=today");
	CHECK_NUMBER(page.status, 302);
	CHECK_STRING(page.location, PAGES "index.html?redirurl=" FAR "/news%3Fof%3Dtoday");
	page = visit(page.location);
	CHECK_NUMBER(page.status, 200);
	CHECK(strstr(page.body, "Log on"));
	CHECK_NUMBER(visit(PAGES "../../etc/passwd").status, 404);
	/* No API of administrators there. */
	CHECK_NUMBER(visit(PAGES "api/core/firmware/status").status, 404);
}

TEST(whoever_logs_on_passes_and_is_counted)
{
	const struct value *list;

	CHECK_STRING(log_on(""), "AUTHORIZED");
	must_be_in();
	CHECK_STRING(client_state(), "AUTHORIZED");
	list = sessions();
	CHECK_NUMBER(value_count(list), 1);
	CHECK_STRING(WORD(list, "0.ipAddress"), CLIENT);
	CHECK_STRING(WORD(list, "0.userName"), "anonymous@" CLIENT);
	CHECK_NUMBER(strlen(WORD(list, "0.macAddress")), 17);
	CHECK_STRING(WORD(POST("captiveportal/session/search", "{\"selected_zones\":[\"0\"]}"), "total"), "1");
	CHECK_STRING(WORD(POST("captiveportal/session/search", "{\"selected_zones\":[\"1\"]}"), "total"), "0");
	for (int64_t begin = milliseconds(); milliseconds() - begin < PATIENCE; wait_a_little(100)) {
		list = sessions();
		if (strcmp(WORD(list, "0.packets_out"), "0") != 0)
			break;
	}
	CHECK(strcmp(WORD(list, "0.packets_in"), "0") != 0 && strcmp(WORD(list, "0.bytes_in"), "0") != 0);
	CHECK(strcmp(WORD(list, "0.packets_out"), "0") != 0 && strcmp(WORD(list, "0.bytes_out"), "0") != 0);
}

TEST(sessions_outlive_applies_and_the_gate)
{
	const char *id = WORD(sessions(), "0.sessionId");
	const pid_t gate = instance_gate(lab.instance);

	CHECK_STRING(WORD(POST("firewall/filter/apply", "{}"), "status"), "OK\n\n");
	reconfigure();
	must_be_in();
	kill(gate, SIGKILL);
	for (int64_t begin = milliseconds(); milliseconds() - begin < PATIENCE; wait_a_little(100))
		if (instance_gate(lab.instance) && instance_gate(lab.instance) != gate &&
		    get(lab.client, lab.arena, "/api/captiveportal/session/list/0").status == 200)
			break;
	CHECK_STRING(WORD(sessions(), "0.sessionId"), id);
	must_be_in();
	CHECK_STRING(client_state(), "AUTHORIZED");
}

/* A device has addresses of both families. */
TEST(its_other_addresses_pass_too)
{
	for (int64_t begin = milliseconds(); milliseconds() - begin < PATIENCE && !*WORD(sessions(), "0.ipAddresses.1");) {
		visit("http://[fd00:2::1]:8000/");
		wait_a_little(200);
	}
	CHECK_STRING(WORD(sessions(), "0.ipAddresses.1"), "fd00:2::10");
	PING(HOST_OPT, FAR6, "open");
}

/* All of it ends and starts again; what was let in is let in. */
TEST(sessions_outlive_the_daemon)
{
	const char *id = WORD(sessions(), "0.sessionId");

	instance_kill(lab.instance);
	instance_start(lab.instance);
	CHECK_STRING(WORD(sessions(), "0.sessionId"), id);
	for (int64_t begin = milliseconds(); milliseconds() - begin < PATIENCE && try_ping(HOST_OPT, FAR).how != TALK_OPEN;)
		wait_a_little(200);
	must_be_in();
	CHECK_STRING(client_state(), "AUTHORIZED");
}

TEST(an_administrator_ends_a_session_and_its_connections)
{
	struct line_open    line;
	const struct value *list = sessions();

	CHECK(line_begin(&line, HOST_OPT, FAR, 2000, HOST_WAN));
	CHECK(line_works(&line));
	CHECK_STRING(WORD(POST("captiveportal/session/disconnect/0", SAY("{\"sessionId\":\"%s\"}", WORD(list, "0.sessionId"))),
			  "terminateCause"), "Admin-Reset");
	CHECK(!line_still_works(&line));
	line_finish(&line);
	must_be_out();
	CHECK_STRING(client_state(), "NOT_AUTHORIZED");
	CHECK_NUMBER(value_count(sessions()), 0);
	CHECK_STRING(WORD(POST("captiveportal/session/disconnect/0", "{\"sessionId\":\"x\"}"), "status"), "Illegal response");
}

TEST(a_client_logs_off_and_hears_of_it)
{
	struct line_open line;

	CHECK_STRING(log_on(""), "AUTHORIZED");
	must_be_in();
	CHECK(line_begin(&line, HOST_OPT, FAR, 2000, HOST_WAN));
	CHECK(line_works(&line));
	CHECK_STRING(log_off(), "User-Request");
	CHECK(!line_still_works(&line));
	line_finish(&line);
	must_be_out();
}

TEST(users_of_the_box_log_on_with_their_passwords)
{
	POST("auth/user/add", "{\"user\":{\"name\":\"guest\",\"password\":\"let me in\"}}");
	set_zone("\"authservers\":\"Local Database\"");
	CHECK_STRING(WORD(visit(ACCESS "status/").json, "authType"), "normal");
	CHECK_STRING(log_on(""), "NOT_AUTHORIZED");
	CHECK_STRING(log_on("user=guest&password=wrong"), "NOT_AUTHORIZED");
	must_be_out();
	CHECK_STRING(log_on("user=guest&password=let+me+in"), "AUTHORIZED");
	must_be_in();
	CHECK_STRING(WORD(sessions(), "0.userName"), "guest");
	CHECK_STRING(WORD(sessions(), "0.authenticated_via"), "Local Database");
	CHECK_STRING(log_off(), "User-Request");
}

TEST(a_zone_may_be_for_one_group)
{
	const struct value *users = POST("auth/user/search", "{\"searchPhrase\":\"guest\"}");
	const char         *uid = WORD(users, "rows.0.uid");

	POST("auth/group/add", "{\"group\":{\"name\":\"visitors\"}}");
	const struct value *groups = POST("auth/group/search", "{\"searchPhrase\":\"visitors\"}");

	set_zone(SAY("\"authEnforceGroup\":\"%s\"", WORD(groups, "rows.0.gid")));
	CHECK_STRING(log_on("user=guest&password=let+me+in"), "NOT_AUTHORIZED");
	must_post(lab.client, lab.arena, SAY("/api/auth/group/set/%s", WORD(groups, "rows.0.uuid")),
		  SAY("{\"group\":{\"member\":\"%s\"}}", uid));
	CHECK_STRING(log_on("user=guest&password=let+me+in"), "AUTHORIZED");
	CHECK_STRING(log_off(), "User-Request");
	set_zone("\"authEnforceGroup\":\"\"");
}

TEST(what_is_allowed_needs_no_log_on)
{
	set_zone("\"allowedAddresses\":\"" CLIENT "\"");
	must_be_in();
	CHECK_STRING(client_state(), "AUTHORIZED");
	set_zone("\"allowedAddresses\":\"" FAR "/32\"");
	must_be_in();
	PING(HOST_OPT, "10.1.0.20", "silent");
	CHECK_STRING(client_state(), "NOT_AUTHORIZED");
	set_zone("\"allowedAddresses\":\"\"");
	must_be_out();
}

TEST(a_known_device_needs_no_log_on)
{
	const struct value *table = GET("diagnostics/interface/get_arp");
	const char         *mac = "";

	for (size_t i = 0; i < value_count(table); i++)
		if (strcmp(WORD(value_at(table, i), "ip"), CLIENT) == 0)
			mac = WORD(value_at(table, i), "mac");
	set_zone(SAY("\"allowedMACAddresses\":\"%s\"", mac));
	must_be_in();
	CHECK_STRING(WORD(visit(ACCESS "status/").json, "authenticated_via"), "---mac---");
	set_zone("\"allowedMACAddresses\":\"\"");
	must_be_out();
}

static const char *
log_on_by(const struct value *voucher)
{
	return log_on(SAY("user=%s&password=%s", WORD(voucher, "username"), WORD(voucher, "password")));
}

static const char *
first_state(const char *group)
{
	return WORD(must_get(lab.client, lab.arena, SAY("/api/captiveportal/voucher/list_vouchers/Vouchers/%s", group)), "0.state");
}

TEST(a_voucher_lets_somebody_in_for_its_time)
{
	const struct value *made;

	CHECK_STRING(WORD(GET("captiveportal/voucher/list_providers"), "0"), "Vouchers");
	set_zone("\"authservers\":\"Vouchers,Local Database\"");
	made = POST("captiveportal/voucher/generate_vouchers/Vouchers",
		    "{\"count\":\"3\",\"validity\":\"8\",\"expirytime\":\"0\",\"vouchergroup\":\"a &b#\"}");
	CHECK_NUMBER(value_count(made), 3);
	CHECK_STRING(WORD(made, "0.vouchergroup"), "a b");
	CHECK_STRING(WORD(GET("captiveportal/voucher/list_voucher_groups/Vouchers"), "0"), "a b");
	CHECK_STRING(first_state("a%20b"), "unused");
	CHECK_STRING(log_on(SAY("user=%s&password=wrong", WORD(made, "0.username"))), "NOT_AUTHORIZED");
	CHECK_STRING(first_state("a%20b"), "unused");
	CHECK_STRING(log_on_by(value_at(made, 0)), "AUTHORIZED");
	CHECK_STRING(first_state("a%20b"), "valid");
	CHECK_STRING(WORD(sessions(), "0.authenticated_via"), "Vouchers");
	PING(HOST_OPT, FAR, "open");
	for (int64_t begin = milliseconds(); milliseconds() - begin < PATIENCE && value_count(sessions()) > 0;)
		wait_a_little(200);
	CHECK_NUMBER(value_count(sessions()), 0);
	must_be_out();
	CHECK_STRING(first_state("a%20b"), "expired");
	CHECK_STRING(log_on_by(value_at(made, 0)), "NOT_AUTHORIZED");
	/* Expired by hand; dropped. */
	CHECK_STRING(WORD(POST("captiveportal/voucher/expire_voucher/Vouchers", SAY("{\"username\":\"%s\"}", WORD(made, "1.username"))),
			  "status"), "ok");
	CHECK_STRING(log_on_by(value_at(made, 1)), "NOT_AUTHORIZED");
	CHECK_STRING(WORD(POST("captiveportal/voucher/drop_expired_vouchers/Vouchers/a%20b", "{}"), "count"), "2");
	CHECK_STRING(WORD(POST("captiveportal/voucher/drop_voucher_group/Vouchers/a%20b", "{}"), "status"), "drop");
	CHECK_NUMBER(value_count(GET("captiveportal/voucher/list_voucher_groups/Vouchers")), 0);
	CHECK_STRING(log_on_by(value_at(made, 2)), "NOT_AUTHORIZED");
}

TEST(no_more_vouchers_than_there_may_be)
{
	CHECK_STRING(WORD(POST("captiveportal/voucher/generate_vouchers/Nobody", "{\"count\":\"1\",\"validity\":\"60\"}"), "status"), "error");
	CHECK_STRING(WORD(POST("captiveportal/voucher/generate_vouchers/Vouchers", "{\"count\":\"10001\",\"validity\":\"60\"}"), "status"), "error");
	CHECK_STRING(WORD(POST("captiveportal/voucher/generate_vouchers/Vouchers", "{\"count\":\"1\",\"validity\":\"0\"}"), "status"), "error");
	CHECK_STRING(WORD(POST("captiveportal/voucher/drop_expired_vouchers/Nobody/x", "{}"), "status"), "error");
}

TEST(an_administrator_lets_somebody_in)
{
	CHECK_STRING(WORD(POST("captiveportal/session/connect/0", "{\"user\":\"printer\",\"ip\":\"" CLIENT "\"}"), "userName"), "printer");
	must_be_in();
	CHECK_STRING(log_off(), "User-Request");
	CHECK_NUMBER(value_count(POST("captiveportal/session/connect/0", "{\"user\":\"x\",\"ip\":\"nobody\"}")), 0);
	CHECK_NUMBER(value_count(POST("captiveportal/session/connect/7", "{\"user\":\"x\",\"ip\":\"" CLIENT "\"}")), 0);
}

TEST(nobody_is_logged_on_twice_where_that_may_not_be)
{
	set_zone("\"concurrentlogins\":\"0\"");
	POST("captiveportal/session/connect/0", "{\"user\":\"one\",\"ip\":\"10.2.0.98\"}");
	POST("captiveportal/session/connect/0", "{\"user\":\"other\",\"ip\":\"10.2.0.97\"}");
	POST("captiveportal/session/connect/0", "{\"user\":\"one\",\"ip\":\"10.2.0.99\"}");
	CHECK_NUMBER(value_count(sessions()), 2);
	for (int i = 0; i < 2; i++)
		POST("captiveportal/session/disconnect/0", SAY("{\"sessionId\":\"%s\"}", WORD(sessions(), "0.sessionId")));
	CHECK_NUMBER(value_count(sessions()), 0);
	set_zone("\"concurrentlogins\":\"1\"");
}

TEST(who_came_and_went_is_in_the_log)
{
	const struct value *lines = POST("diagnostics/log/core/portalauth", "{\"searchPhrase\":\"guest\"}");

	CHECK(value_count(value_get(lines, "rows")) > 0);
	CHECK(strstr(lab.client->body.bytes, "AUTH guest (" CLIENT ") zone 0") && strstr(lab.client->body.bytes, "DENY guest"));
	CHECK(!strstr(lab.client->body.bytes, "let me in"));
}

/* A page may be elsewhere: what clients ask is open to anybody, about themselves alone. */
TEST(clients_may_ask_the_api_too)
{
	static const char access_[] = "http://" MANAGEMENT "/api/captiveportal/access/";
	struct visit      said = visit_as(HOST_LAN, SAY("%sstatus/0", access_), NULL, NULL);

	CHECK_STRING(WORD(said.json, "clientState"), "NOT_AUTHORIZED");
	CHECK_STRING(WORD(said.json, "ipAddress"), "10.1.0.10");
	said = visit_as(HOST_LAN, SAY("%sstatus/0", access_), "x\r\nX-Forwarded-For: " CLIENT, NULL);
	CHECK_STRING(WORD(said.json, "ipAddress"), "10.1.0.10");
	CHECK_STRING(WORD(visit_as(HOST_LAN, SAY("%slogoff/7", access_), NULL, "").json, "clientState"), "UNKNOWN");
	CHECK_NUMBER(visit_as(HOST_LAN, "http://" MANAGEMENT "/api/captiveportal/session/list/0", NULL, NULL).status, 302);
}

TEST(systems_of_clients_ask_whether_they_are_held)
{
	struct visit said = visit_as(HOST_OPT, ACCESS "api", "application/captive+json", NULL);

	CHECK_NUMBER(said.status, 200);
	CHECK_STRING(WORD(said.json, "captive"), "1");
	CHECK_STRING(WORD(said.json, "user-portal-url"), PAGES);
	CHECK_NUMBER(visit(ACCESS "api").status, 400);
}

/* A ZIP file with one file, in base64. */
static const char *
packed(const char *name, const char *content)
{
	scoped_buffer bytes = BUFFER_NONE;
	struct zip    zip = { .out = &bytes };

	zip_add(&zip, name, text_of(content), 1764000000);
	zip_finish(&zip);
	return base64_encode(lab.arena, buffer_text(&bytes));
}

static const struct value *
save_template(const char *name, const char *content)
{
	return POST("captiveportal/template/save_template", SAY("{\"name\":\"%s\",\"content\":\"%s\"}", name, content));
}

TEST(pages_may_be_by_tls)
{
	const struct value *found;
	struct visit        page;

	POST("trust/cert/add", "{\"cert\":{\"action\":\"internal\",\"descr\":\"portal\",\"cert_type\":\"server_cert\",\"caref\":\"\","
			       "\"key_type\":\"prime256v1\",\"digest\":\"sha256\",\"lifetime\":\"30\",\"commonname\":\"portal.lab.example\","
			       "\"country\":\"NL\",\"private_key_location\":\"firewall\"}}");
	found = POST("trust/cert/search", "{\"searchPhrase\":\"portal\"}");
	set_zone(SAY("\"certificate\":\"%s\",\"servername\":\"portal.lab.example\"", WORD(found, "rows.0.refid")));
	page = visit("https://" US ":8000/");
	CHECK_NUMBER(page.status, 200);
	CHECK(strstr(page.body, "Log on"));
	CHECK_STRING(visit("http://" FAR "/").location, "https://portal.lab.example:8000/index.html?redirurl=" FAR "/");
	/* Of others, too; what its client thinks of the certificate is another matter. */
	CHECK_STRING(visit("https://" FAR "/a").location, "https://portal.lab.example:8000/index.html?redirurl=" FAR "/a");
	set_zone("\"certificate\":\"\",\"servername\":\"\"");
	CHECK_NUMBER(visit(PAGES).status, 200);
}

TEST(a_template_is_what_clients_see)
{
	const struct value *found;
	struct answer       zip;
	struct unzip_file  *files;
	const char         *why;
	size_t              count;

	CHECK_STRING(WORD(save_template("Blue", packed("css/blue.css", "h1{color:blue}")), "error"), "");
	found = POST("captiveportal/template/search_templates", "{}");
	set_zone(SAY("\"template\":\"%s\"", WORD(found, "rows.0.uuid")));
	CHECK_STRING(visit(PAGES "css/blue.css").body, "h1{color:blue}");
	/* What it lacks is ours. */
	CHECK(strstr(visit(PAGES).body, "Log on"));
	zip = get(lab.client, lab.arena, SAY("/api/captiveportal/template/get_template/%s", WORD(found, "rows.0.fileid")));
	CHECK_NUMBER(zip.status, 200);
	CHECK_NUMBER(unzip(lab.arena, zip.body, &(struct unzip_limits){ 10, 100000 }, &files, &count, &why), RESULT_DONE);
	CHECK_NUMBER(count, 2);
	CHECK_STRING(files[0].name, "css/blue.css");
	CHECK_STRING(files[1].name, "index.html");
	/* Another one of the same name takes its place. */
	CHECK_STRING(WORD(save_template("Blue", packed("index.html", "<p>ours")), "error"), "");
	CHECK_STRING(WORD(POST("captiveportal/template/search_templates", "{}"), "total"), "1");
	reconfigure();
	CHECK_STRING(visit(PAGES).body, "<p>ours");
	CHECK_NUMBER(visit(PAGES "css/blue.css").status, 404);
	set_zone("\"template\":\"\"");
	CHECK(strstr(visit(PAGES).body, "Log on"));
}

TEST(hostile_templates_are_refused)
{
	CHECK(*WORD(save_template("Evil", packed("../../etc/passwd", "x")), "error"));
	CHECK(*WORD(save_template("Evil", "no base64 at all, but long enough"), "error"));
	CHECK(*WORD(save_template("Evil", base64_encode(lab.arena, TEXT("no zip, but long enough"))), "error"));
	CHECK(*WORD(save_template("<Evil>", packed("a", "x")), "error"));
	CHECK_STRING(WORD(POST("captiveportal/template/save_template",
			       "{\"name\":\"Evil\",\"uuid\":\"00000000-0000-4000-8000-000000000000\",\"content\":\"\"}"), "error"),
		     "node not found");
	CHECK_STRING(WORD(POST("captiveportal/template/search_templates", "{}"), "total"), "1");
}

/* What a client sends is its own business, and stays it. */
TEST(hostile_clients_get_nothing_else)
{
	const struct visit said = visit_as(HOST_OPT, "http://" FAR "/%0d%0aSet-Cookie:%20a?<script>", NULL, NULL);

	CHECK_NUMBER(said.status, 302);
	CHECK(text_starts(text_of(said.location), TEXT(PAGES "index.html?redirurl=")) && !strpbrk(said.location, "<>\r\n"));
	set_zone("\"authservers\":\"\"");
	CHECK_STRING(log_on("user=%00%0d%0a<b>&password=%ff"), "AUTHORIZED");
	CHECK_STRING(log_off(), "User-Request");
	CHECK_STRING(WORD(visit_as(HOST_OPT, PAGES "api/captiveportal/access/logon/99999999999999", NULL, "x").json, "clientState"), "AUTHORIZED");
	CHECK_STRING(log_off(), "User-Request");
	scoped_buffer big = BUFFER_NONE;

	for (int i = 0; i < 20000; i++)
		buffer_add_byte(&big, 'a');
	CHECK_NUMBER(visit_as(HOST_OPT, ACCESS "logon/", NULL, buffer_string(&big)).status, 413);
}

TEST(a_device_keeps_its_session_when_it_takes_another_address)
{
	CHECK_STRING(log_on(""), "AUTHORIZED");
	HOST_IP(HOST_OPT, "address", "add", "10.2.0.77/24", "dev", "eth0");
	HOST_IP(HOST_OPT, "address", "del", CLIENT "/24", "dev", "eth0");
	HOST_IP(HOST_OPT, "address", "add", "10.2.0.77/24", "dev", "eth0");
	HOST_IP(HOST_OPT, "route", "replace", "default", "via", US);
	for (int64_t begin = milliseconds(); milliseconds() - begin < PATIENCE && strcmp(client_state(), "AUTHORIZED") != 0;)
		wait_a_little(200);
	CHECK_STRING(client_state(), "AUTHORIZED");
	PING(HOST_OPT, FAR, "open");
	CHECK_STRING(WORD(sessions(), "0.ipAddresses.1"), "10.2.0.77");
	CHECK_STRING(log_off(), "User-Request");
	PING(HOST_OPT, FAR, "silent");
	HOST_IP(HOST_OPT, "address", "flush", "dev", "eth0", "scope", "global");
	HOST_IP(HOST_OPT, "address", "add", CLIENT "/24", "dev", "eth0");
	HOST_IP(HOST_OPT, "route", "replace", "default", "via", US);
}

/* Who has its address by another device is not logged on. */
TEST(another_device_does_not_inherit_a_session)
{
	CHECK_STRING(log_on(""), "AUTHORIZED");
	HOST_IP(HOST_OPT, "link", "set", "eth0", "down");
	HOST_IP(HOST_OPT, "link", "set", "eth0", "address", "02:00:00:00:00:99");
	HOST_IP(HOST_OPT, "link", "set", "eth0", "up");
	HOST_IP(HOST_OPT, "route", "replace", "default", "via", US);
	for (int64_t begin = milliseconds(); milliseconds() - begin < PATIENCE && strcmp(client_state(), "AUTHORIZED") == 0;)
		wait_a_little(200);
	CHECK_STRING(client_state(), "NOT_AUTHORIZED");
	must_be_out();
	set_zone("\"authservers\":\"Local Database\"");
}

/* Nobody tries all passwords. */
TEST(whoever_fails_too_often_is_not_asked_any_more)
{
	for (int i = 0; i < 10; i++)
		CHECK_STRING(log_on(SAY("user=guest&password=%d", i)), "NOT_AUTHORIZED");
	CHECK_STRING(log_on("user=guest&password=let+me+in"), "NOT_AUTHORIZED");
	must_be_out();
}

TEST(it_is_a_service_that_stops_and_starts)
{
	CHECK_STRING(WORD(GET("captiveportal/service/status"), "status"), "running");
	POST("captiveportal/service/stop", "{}");
	CHECK_STRING(WORD(GET("captiveportal/service/status"), "status"), "stopped");
	CHECK_NUMBER(talk_handshake(HOST_OPT, US, 8000), TALK_RESET);
	must_be_out();
	POST("captiveportal/service/start", "{}");
	CHECK_STRING(client_state(), "NOT_AUTHORIZED");
}

TEST(a_zone_that_is_switched_off_holds_nobody)
{
	set_zone("\"enabled\":\"0\"");
	must_be_in();
	CHECK_NUMBER(visit(PAGES).status, 0);
	/* Of its rules nothing is left. */
	scoped_buffer rules = BUFFER_NONE;

	CHECK(LAB(&rules, "nft", "list", "table", "inet", "drawbridge"));
	CHECK(!strstr(buffer_string(&rules), "portal"));
}

/* --- life ----------------------------------------------------------------------------------------------- */

static int
set_up(void **unused)
{
	(void)unused;
	router_up_lasting(&lab, start_configuration);
	add_rule("opt1");
	add_rule("lan");
	CHECK_STRING(WORD(POST("interfaces/vip_settings/reconfigure", "{}"), "status"), "ok");
	CHECK_STRING(WORD(POST("firewall/filter/apply", "{}"), "status"), "OK\n\n");
	return 0;
}

static int
tear_down(void **unused)
{
	(void)unused;
	router_down(&lab);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_there_is_a_zone_nobody_is_held_back),
		cmocka_unit_test(whoever_is_not_logged_on_reaches_nothing_but_the_pages),
		cmocka_unit_test(whoever_logs_on_passes_and_is_counted),
		cmocka_unit_test(sessions_outlive_applies_and_the_gate),
		cmocka_unit_test(its_other_addresses_pass_too),
		cmocka_unit_test(sessions_outlive_the_daemon),
		cmocka_unit_test(an_administrator_ends_a_session_and_its_connections),
		cmocka_unit_test(a_client_logs_off_and_hears_of_it),
		cmocka_unit_test(users_of_the_box_log_on_with_their_passwords),
		cmocka_unit_test(a_zone_may_be_for_one_group),
		cmocka_unit_test(what_is_allowed_needs_no_log_on),
		cmocka_unit_test(a_known_device_needs_no_log_on),
		cmocka_unit_test(a_voucher_lets_somebody_in_for_its_time),
		cmocka_unit_test(no_more_vouchers_than_there_may_be),
		cmocka_unit_test(an_administrator_lets_somebody_in),
		cmocka_unit_test(nobody_is_logged_on_twice_where_that_may_not_be),
		cmocka_unit_test(who_came_and_went_is_in_the_log),
		cmocka_unit_test(clients_may_ask_the_api_too),
		cmocka_unit_test(systems_of_clients_ask_whether_they_are_held),
		cmocka_unit_test(pages_may_be_by_tls),
		cmocka_unit_test(a_template_is_what_clients_see),
		cmocka_unit_test(hostile_templates_are_refused),
		cmocka_unit_test(hostile_clients_get_nothing_else),
		cmocka_unit_test(a_device_keeps_its_session_when_it_takes_another_address),
		cmocka_unit_test(another_device_does_not_inherit_a_session),
		cmocka_unit_test(whoever_fails_too_often_is_not_asked_any_more),
		cmocka_unit_test(it_is_a_service_that_stops_and_starts),
		cmocka_unit_test(a_zone_that_is_switched_off_holds_nobody),
	};

	instance_programs(argc, argv);
	lab_need("ip");
	lab_need("nft");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
