/*
 * monitrc: what Monit watches and whom it tells. Every value of a client stands between quotes, is a number, or is one of a few words that are
 * checked letter by letter (addresses of mail, which cannot be quoted).
 *
 * Its own files are where the row of the keeper's table makes places for them, whatever paths are configured: a client that could choose
 * where root writes could write anything. It listens on a unix socket of root's and nowhere else.
 *
 * Programs of a client's choice are not started unless the administrator's own file allows commands (service_view.allows_commands).
 */
#include <stdint.h>
#include <string.h>

#include "base/map.h"
#include "base/number.h"
#include "plan/network/making.h"
#include "plan/service/monit/condition.h"
#include "plan/service/monit/inside.h"
#include "schema/lists.h"

#define STATE         "/var/lib/monit/drawbridge"
#define SECONDS_MAX   86400
#define SLOTS_MAX     100000
#define PORT_SECURE   465 /* where TLS comes first */
#define LOGS          "/var/log/"
#define NOT_ALLOWED   "it would run a program of a client, and commands are not allowed on this box"

/* --- General -------------------------------------------------------------------------------------------- */

static void
put_settings(struct monit_writing *writing)
{
	int64_t interval = 1, delay = 0;

	(void)service_number(writing->settings, "general.interval", 1, SECONDS_MAX, &interval);
	(void)service_number(writing->settings, "general.startdelay", 0, SECONDS_MAX, &delay);
	buffer_print(&writing->out, "# Written by drawbridge.\nset daemon %lld with start delay %lld\n", (long long)interval, (long long)delay);
	buffer_add_string(&writing->out, "set idfile " STATE "/id\nset statefile " STATE "/state\nset pidfile /run/drawbridge-monit.pid\n"
					 "set httpd unixsocket /run/drawbridge-monit.sock permission 0600 allow localhost\n");
	if (record_bool(writing->settings, "general.httpdEnabled"))
		service_miss(writing->draft, "Monit's own web pages are not served: its state is at monit/status/get");
}

static void
put_queue(struct monit_writing *writing)
{
	int64_t slots;

	if (!record_has(writing->settings, "general.eventqueuePath"))
		return;
	buffer_add_string(&writing->out, "set eventqueue basedir " STATE "/events");
	if (service_number(writing->settings, "general.eventqueueSlots", 1, SLOTS_MAX, &slots))
		buffer_print(&writing->out, " slots %lld", (long long)slots);
	buffer_add_byte(&writing->out, '\n');
}

static void
put_secret(struct monit_writing *writing, const char *word, const char *field)
{
	const struct text value = record_text(writing->settings, field);
	const size_t      begin = writing->out.len;

	if (value.len == 0)
		return;
	buffer_print(&writing->out, " %s ", word);
	if (monit_quote(&writing->out, value))
		return;
	buffer_cut(&writing->out, begin);
	service_miss(writing->draft, "the mail server's %s has what cannot be in Monit's file", word);
}

static void
put_secure(struct monit_writing *writing, int64_t port)
{
	const struct text version = record_text(writing->settings, "general.sslversion");
	const bool        must_know = record_bool(writing->settings, "general.sslverify");

	buffer_print(&writing->out, " using %s with options {", port == PORT_SECURE ? "ssl" : "tls");
	if (monit_is_of(version, ""))
		buffer_print(&writing->out, " version: %.*s", TEXT_ARGS(version));
	buffer_print(&writing->out, " verify: %s selfsigned: %s }", must_know ? "enable" : "disable", must_know ? "reject" : "allow");
}

static void
put_mail_servers(struct monit_writing *writing)
{
	struct text rest = record_text(writing->settings, "general.mailserver"), one;
	const char *before = "set mailserver ";
	int64_t     port = 25;

	(void)service_number(writing->settings, "general.port", 1, UINT16_MAX, &port);
	while (text_next(&rest, ",", &one)) {
		if (!monit_is_of(one, ".-_:")) {
			service_miss(writing->draft, "no mail server can be called %.64s", arena_copy(writing->view->arena, one));
			continue;
		}
		buffer_print(&writing->out, "%s\"%.*s\" port %lld", before, TEXT_ARGS(one), (long long)port);
		put_secret(writing, "username", "general.username");
		put_secret(writing, "password", "general.password");
		if (record_bool(writing->settings, "general.ssl"))
			put_secure(writing, port);
		before = ", ";
	}
	if (before[0] == ',')
		buffer_add_byte(&writing->out, '\n');
}

/* Where M/Monit is told: an URL cannot be quoted. */
static void
put_collector(struct monit_writing *writing)
{
	const struct text url = record_text(writing->settings, "general.mmonitUrl");
	int64_t           timeout = 0;

	if (url.len == 0)
		return;
	if (!monit_is_of(url, ":/@._-%+=") || !(text_starts(url, TEXT("http://")) || text_starts(url, TEXT("https://")))) {
		service_miss(writing->draft, "the URL of M/Monit is none that Monit can read");
		return;
	}
	buffer_print(&writing->out, "set mmonit %.*s", TEXT_ARGS(url));
	if (service_number(writing->settings, "general.mmonitTimeout", 1, SECONDS_MAX, &timeout))
		buffer_print(&writing->out, " with timeout %lld seconds", (long long)timeout);
	buffer_print(&writing->out, "%s\n",
		     record_bool(writing->settings, "general.mmonitRegisterCredentials") ? "" : " and register without credentials");
}

/* --- Services ---------------------------------------------------------------------------------------------- */

/* The line that says what is watched: true when there is something. */
static bool
put_target(struct monit_writing *writing, const struct record *service, const char *type)
{
	static const struct {
		const char *type, *word, *field;
	} ways[] = {
		{ "process", " with pidfile ", "pidfile" }, { "process", " matching ", "match" }, { "file", " with path ", "path" },
		{ "fifo", " with path ", "path" }, { "filesystem", " with path ", "path" }, { "directory", " with path ", "path" },
		{ "host", " with address ", "address" }, { "custom", " with path ", "path" }, { "network", " with address ", "address" },
		{ "network", " with interface ", "interface" },
	};

	for (size_t i = 0; i < COUNT(ways); i++) {
		struct text value = strcmp(ways[i].type, type) == 0 ? record_text(service, ways[i].field) : TEXT_NONE;

		if (value.len == 0)
			continue;
		if (strcmp(ways[i].field, "interface") == 0) {
			const char *device = making_device(writing->view->snapshot, value);

			value = device ? text_of(device) : value;
		}
		buffer_add_string(&writing->out, ways[i].word);
		return monit_quote(&writing->out, value);
	}
	return strcmp(type, "system") == 0;
}

static bool
put_head(struct monit_writing *writing, const struct record *service)
{
	static const char *const types[][2] = {
		{ "process" }, { "file" }, { "fifo" }, { "filesystem" }, { "directory" }, { "host" }, { "system" },
		{ "custom", "program" }, { "network" },
	};
	int64_t timeout;

	for (size_t i = 0; i < COUNT(types); i++) {
		if (!text_is(record_text(service, "type"), types[i][0]))
			continue;
		buffer_print(&writing->out, "\ncheck %s ", types[i][1] ? types[i][1] : types[i][0]);
		if (!monit_quote(&writing->out, record_text(service, "name")) || !put_target(writing, service, types[i][0]))
			return false;
		if (types[i][1] && service_number(service, "timeout", 1, SECONDS_MAX, &timeout))
			buffer_print(&writing->out, " timeout %lld seconds", (long long)timeout);
		buffer_add_byte(&writing->out, '\n');
		return true;
	}
	return false;
}

/* "start program", where that is allowed. */
static void
put_method(struct monit_writing *writing, const struct record *service, const char *method)
{
	const struct text program = record_text(service, method);
	const size_t      begin = writing->out.len;
	int64_t           timeout;

	if (program.len == 0)
		return;
	if (!writing->view->allows_commands) {
		service_miss(writing->draft, "how to %s %.64s: " NOT_ALLOWED, method, record_get(service, "name"));
		return;
	}
	buffer_print(&writing->out, "\t%s program = ", method);
	if (!monit_quote(&writing->out, program)) {
		buffer_cut(&writing->out, begin);
		service_miss(writing->draft, "how to %s %.64s: it has what cannot be in Monit's file", method, record_get(service, "name"));
		return;
	}
	if (strcmp(method, "start") == 0 && service_number(service, "starttimeout", 1, SECONDS_MAX, &timeout))
		buffer_print(&writing->out, " with timeout %lld seconds", (long long)timeout);
	buffer_add_byte(&writing->out, '\n');
}

/* "3 CYCLES", "* 8-19 * * 1-5", "NOT EVERY * 0-3 * * 0" */
static void
put_polltime(struct monit_writing *writing, const struct record *service)
{
	struct text rest = record_text(service, "polltime"), words[8] = { TEXT_NONE }, *first = words;
	size_t      n = 0;
	int64_t     cycles;
	bool        is_good;

	while (n < COUNT(words) && text_next_word(&rest, &words[n]))
		n++;
	if (n == 0)
		return;
	const bool not = n > 2 && text_equal_any_case(words[0], TEXT("not")) && text_equal_any_case(words[1], TEXT("every"));

	first += not ? 2 : 0;
	n -= not ? 2 : 0;
	if (!not && n == 2 && number_read(first[0], 1, SECONDS_MAX, &cycles) &&
	    (text_equal_any_case(first[1], TEXT("cycles")) || text_equal_any_case(first[1], TEXT("cycle")))) {
		buffer_print(&writing->out, "\tevery %lld cycles\n", (long long)cycles);
		return;
	}
	is_good = n == 5;
	for (size_t i = 0; i < n && is_good; i++)
		for (size_t k = 0; k < first[i].len; k++)
			is_good &= first[i].ptr[k] && strchr("0123456789*,-", first[i].ptr[k]);
	if (!is_good) {
		service_miss(writing->draft, "%.64s: its polltime is neither a number of cycles nor five fields of cron",
			     record_get(service, "name"));
		return;
	}
	buffer_print(&writing->out, "\t%severy \"", not ? "not " : "");
	for (size_t i = 0; i < n; i++)
		buffer_print(&writing->out, "%s%.*s", i ? " " : "", TEXT_ARGS(first[i]));
	buffer_add_string(&writing->out, "\"\n");
}

static void
put_depends(struct monit_writing *writing, const struct record *service)
{
	struct text rest = record_text(service, "depends"), uuid;
	const char *before = "\tdepends on ";

	while (text_next(&rest, ",", &uuid)) {
		const struct record *other = map_get(writing->written, uuid);

		if (!other)
			continue;
		buffer_add_string(&writing->out, before);
		(void)monit_quote(&writing->out, record_text(other, "name"));
		before = ", ";
	}
	if (before[0] == ',')
		buffer_add_byte(&writing->out, '\n');
}

static bool
put_action(struct monit_writing *writing, const struct record *test, const char **why)
{
	static const char *const actions[] = { "alert", "restart", "start", "stop", "unmonitor" };

	for (size_t i = 0; i < COUNT(actions); i++)
		if (text_is(record_text(test, "action"), actions[i])) {
			buffer_add_string(&writing->out, actions[i]);
			return true;
		}
	*why = writing->view->allows_commands ? "its path is none that can be run" : NOT_ALLOWED;
	buffer_add_string(&writing->out, "exec ");
	return writing->view->allows_commands && text_starts(record_text(test, "path"), TEXT("/")) &&
	       monit_quote(&writing->out, record_text(test, "path"));
}

/* Monit is root, and clients need not be: without leave to run commands they get no more of root than looks. NULL: it may. */
static const char *
why_not(const struct monit_writing *writing, const struct record *service, unsigned uses)
{
	const struct text path = record_text(service, "path");
	const bool        is_log = text_starts(path, TEXT(LOGS)) && !text_contains(path, TEXT(".."));

	if (writing->view->allows_commands)
		return NULL;
	if (uses & MONIT_SPEAKS)
		return "it would speak as root to a socket of this machine, and commands are not allowed on this box";
	if ((uses & MONIT_READS) && text_is(record_text(service, "type"), "file") && !is_log)
		return "it would read as root what is no log in " LOGS ", and commands are not allowed on this box";
	return NULL;
}

static void
put_tests(struct monit_writing *writing, const struct record *service)
{
	const struct collection *tests = snapshot_named(writing->view->snapshot, "monit.test");
	struct text              rest = record_text(service, "tests"), uuid;

	while (text_next(&rest, ",", &uuid)) {
		const struct record *test = collection_find(tests, uuid);
		const size_t         begin = writing->out.len;
		unsigned             uses = 0;
		const char          *why = "";

		if (!test)
			continue;
		buffer_add_string(&writing->out, "\tif ");
		if (monit_condition(record_text(test, "condition"), &writing->out, &uses, &why)) {
			const char *refusal = why_not(writing, service, uses);

			buffer_add_string(&writing->out, " then ");
			why = refusal ? refusal : why;
			if (!refusal && put_action(writing, test, &why)) {
				buffer_add_byte(&writing->out, '\n');
				continue;
			}
		}
		buffer_cut(&writing->out, begin);
		service_miss(writing->draft, "test %.64s of %.64s: %s", record_get(test, "name"), record_get(service, "name"), why);
	}
}

static bool
is_written(struct monit_writing *writing, const struct record *service)
{
	const size_t begin = writing->out.len;
	const char  *why = NULL;

	if (!record_bool(service, "enabled"))
		return false;
	if (text_is(record_text(service, "type"), "custom") && !writing->view->allows_commands)
		why = NOT_ALLOWED;
	else if (!put_head(writing, service))
		why = "its name, or what is to be watched, has what cannot be in Monit's file";
	buffer_cut(&writing->out, begin);
	if (why)
		service_miss(writing->draft, "%.64s is not watched: %s", record_get(service, "name"), why);
	return !why;
}

static void
put_services(struct monit_writing *writing)
{
	const struct collection *services = snapshot_named(writing->view->snapshot, "monit.service");

	for (size_t i = 0; i < collection_count(services); i++)
		if (is_written(writing, collection_at(services, i)))
			(void)map_set(writing->written, text_of(collection_at(services, i)->uuid),
				      (void *)(uintptr_t)collection_at(services, i));
	for (size_t i = 0; i < collection_count(services); i++) {
		const struct record *service = collection_at(services, i);

		if (!map_get(writing->written, text_of(service->uuid)))
			continue;
		(void)put_head(writing, service);
		put_method(writing, service, "start");
		put_method(writing, service, "stop");
		put_polltime(writing, service);
		put_tests(writing, service);
		put_depends(writing, service);
	}
}

void
plan_monit(const struct service_view *view, struct service_draft *draft)
{
	const struct collection *alerts = snapshot_named(view->snapshot, "monit.alert");
	struct monit_writing           writing = { view, snapshot_single(view->snapshot, "monit.settings"), draft, BUFFER_NONE,
					     map_make(view->arena) };
	const bool               is_wanted = record_bool(writing.settings, "general.enabled");
	struct service_plan     *plan = service_put(draft, "monit", is_wanted);

	if (!is_wanted)
		return;
	put_settings(&writing);
	put_queue(&writing);
	put_mail_servers(&writing);
	put_collector(&writing);
	for (size_t i = 0; i < collection_count(alerts); i++)
		if (record_bool(collection_at(alerts, i), "enabled"))
			monit_put_alert(&writing, collection_at(alerts, i));
	put_services(&writing);
	service_put_file(draft, plan, "monitrc", buffer_text(&writing.out), true);
	buffer_clear(&writing.out);
}
