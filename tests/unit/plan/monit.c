/* What Monit reads is what was configured: a value of a client is a value, whatever is in it, and no statement of its own. */
#include <string.h>

#include "planned.h"
#include "test.h"

#define CHECKER (const char *const[]){ "/usr/bin/monit", "-t", "-v", "-B", "-c", "%s/monitrc", NULL }
#define WATCH   "10000000-0000-4000-8000-000000000001"
#define OTHER   "10000000-0000-4000-8000-000000000002"
#define PROBE   "10000000-0000-4000-8000-000000000003"
#define ALERT   "10000000-0000-4000-8000-000000000004"

#define EVIL "exec \"/bin/evil\""

/* Where each hostile text goes; every one is a text of a client's. */
static const struct place {
	const char *resource, *uuid, *field;
	bool        is_always_fine; /* Monit takes the file whatever is in it, or it was left out */
} places[] = {
	{ "monit.settings", NULL, "general.username", true },
	{ "monit.settings", NULL, "general.password", true },
	{ "monit.settings", NULL, "general.mailserver" },
	{ "monit.settings", NULL, "general.sslversion" },
	{ "monit.settings", NULL, "general.logfile", true },
	{ "monit.settings", NULL, "general.statefile", true },
	{ "monit.settings", NULL, "general.eventqueuePath", true },
	{ "monit.settings", NULL, "general.eventqueueSlots", true },
	{ "monit.settings", NULL, "general.interval", true },
	{ "monit.settings", NULL, "general.startdelay", true },
	{ "monit.settings", NULL, "general.port", true },
	{ "monit.settings", NULL, "general.httpdUsername", true },
	{ "monit.settings", NULL, "general.httpdPassword", true },
	{ "monit.settings", NULL, "general.httpdAllow", true },
	{ "monit.settings", NULL, "general.mmonitUrl", true },
	{ "monit.settings", NULL, "general.mmonitTimeout", true },
	{ "monit.alert", ALERT, "recipient", true },
	{ "monit.alert", ALERT, "events" },
	{ "monit.alert", ALERT, "format", true },
	{ "monit.alert", ALERT, "reminder", true },
	{ "monit.alert", ALERT, "description", true },
	{ "monit.test", PROBE, "name", true },
	{ "monit.test", PROBE, "condition" },
	{ "monit.test", PROBE, "action", true },
	{ "monit.test", PROBE, "path", true },
	{ "monit.service", WATCH, "name" },
	{ "monit.service", WATCH, "description", true },
	{ "monit.service", WATCH, "type", true },
	{ "monit.service", WATCH, "path" },
	{ "monit.service", WATCH, "pidfile", true },
	{ "monit.service", WATCH, "match", true },
	{ "monit.service", WATCH, "address", true },
	{ "monit.service", WATCH, "interface", true },
	{ "monit.service", WATCH, "start", true },
	{ "monit.service", WATCH, "stop", true },
	{ "monit.service", WATCH, "timeout", true },
	{ "monit.service", WATCH, "starttimeout", true },
	{ "monit.service", WATCH, "tests", true },
	{ "monit.service", WATCH, "depends", true },
	{ "monit.service", WATCH, "polltime", true },
};

/* What would be a statement, if it stood where statements do. */
static const char *const statements[] = {
	"\" " EVIL " \"", "x\" then " EVIL, "x' then exec '/bin/evil", "not exist then " EVIL, "not exist " EVIL, "not exist EXEC /bin/evil",
	"not exist) then " EVIL " if (not exist", "not exist else if succeeded then " EVIL, "not exist # then", "not exist ; " EVIL,
	"not exist\n start program = \"/bin/evil\"", "failed port 80 } start program = \"/bin/evil\" {", "include /etc/passwd",
	"set httpd port 80 allow a:b", "check program x with path \"/bin/evil\"", "} set httpd port 80 allow a:b {", "\\\" then " EVIL,
	"message: } " EVIL, "from: a@b.c } " EVIL, "subject: x\n} " EVIL, "a@b.c " EVIL, "a@b.c} " EVIL, "CPUs " EVIL, "CPUs * " EVIL,
	"loadavg (1min) > CPUs * exec", "http://a/b then " EVIL, "2 cycles " EVIL, "* * * * exec",
	"failed port 80 protocol http headers [exec: /bin/evil] then " EVIL, "failed port 80 protocol http headers [a: b\"] " EVIL,
	"failed port 80 protocol http headers [a: b", "failed port 80 protocol http headers [" EVIL "]",
	"failed port 80 protocol http headers [a: b, " EVIL, "not every " EVIL, NULL,
};

/* A configuration of which each line is written. */
static struct planned *
plain(void)
{
	struct planned *planned = planned_new();

	planned_put(planned, "monit.settings", NULL, "general.enabled", "1", "general.mailserver", "mail.example.org,192.0.2.1",
		    "general.username", "joe", "general.password", "secret", "general.ssl", "1", "general.eventqueuePath", "/var/monit",
		    "general.eventqueueSlots", "50", "general.mmonitUrl", "https://u:p@192.0.2.3:8443/collector", NULL);
	planned_put(planned, "monit.alert", ALERT, "enabled", "1", "recipient", "admin@example.org", "noton", "1", "events", "action,icmp",
		    "reminder", "5", "format", "From: Box <box@example.org>\nsubject: $SERVICE\nmessage: one\n two", NULL);
	planned_put(planned, "monit.test", PROBE, "name", "Gone", "condition", "not exist for 2 cycles", "action", "alert", NULL);
	planned_put(planned, "monit.service", OTHER, "enabled", "1", "name", "run", "type", "directory", "path", "/run", NULL);
	planned_put(planned, "monit.service", WATCH, "enabled", "1", "name", "flag", "type", "file", "path", "/run/flag", "tests", PROBE,
		    "depends", OTHER, "polltime", "2 CYCLES", NULL);
	return planned;
}

static const char *
read_file(struct planned *planned)
{
	planned_read(planned, "monit");
	return planned_file(planned, "monit", "monitrc");
}

static void
must_take(struct planned *planned, const char *what)
{
	scoped_buffer said = BUFFER_NONE;

	if (planned_check(planned, "monit", CHECKER, &said) != 0)
		fail_msg("%s: %s\n%s", what, buffer_string(&said), planned_file(planned, "monit", "monitrc"));
}

TEST(each_setting_is_a_statement)
{
	struct planned *planned = plain();

	CHECK_STRING(read_file(planned),
		     "# Written by drawbridge.\n"
		     "set daemon 120 with start delay 120\n"
		     "set idfile /var/lib/monit/drawbridge/id\n"
		     "set statefile /var/lib/monit/drawbridge/state\n"
		     "set pidfile /run/drawbridge-monit.pid\n"
		     "set httpd unixsocket /run/drawbridge-monit.sock permission 0600 allow localhost\n"
		     "set eventqueue basedir /var/lib/monit/drawbridge/events slots 50\n"
		     "set mailserver \"mail.example.org\" port 25 username \"joe\" password \"secret\" using tls with options "
		     "{ version: auto verify: enable selfsigned: reject }, \"192.0.2.1\" port 25 username \"joe\" password \"secret\" "
		     "using tls with options { version: auto verify: enable selfsigned: reject }\n"
		     "set mmonit https://u:p@192.0.2.3:8443/collector with timeout 5 seconds\n"
		     "set alert admin@example.org not on { action, icmp } with mail-format {\n"
		     "\tfrom: Box <box@example.org>\n"
		     "\tsubject: $SERVICE\n"
		     "\tmessage: one\n"
		     "two\n"
		     "} with reminder on 5 cycles\n"
		     "\n"
		     "check directory \"run\" with path \"/run\"\n"
		     "\n"
		     "check file \"flag\" with path \"/run/flag\"\n"
		     "\tevery 2 cycles\n"
		     "\tif not exist for 2 cycles then alert\n"
		     "\tdepends on \"run\"\n");
	CHECK_NUMBER(planned->missing.len, 0);
	must_take(planned, "plain");
	planned_free(planned);
}

/* --- Types and conditions ------------------------------------------------------------------------------- */

TEST(each_type_is_watched_as_it_should_be)
{
	static const char *const types[][4] = {
		{ "process", "pidfile", "/run/x y.pid", "check process \"it\" with pidfile \"/run/x y.pid\"\n" },
		{ "process", "match", "a{2}b#", "check process \"it\" matching \"a{2}b#\"\n" },
		{ "file", "path", "/etc/passwd", "check file \"it\" with path \"/etc/passwd\"\n" },
		{ "fifo", "path", "/run/fifo", "check fifo \"it\" with path \"/run/fifo\"\n" },
		{ "filesystem", "path", "/", "check filesystem \"it\" with path \"/\"\n" },
		{ "directory", "path", "/run", "check directory \"it\" with path \"/run\"\n" },
		{ "host", "address", "192.0.2.1", "check host \"it\" with address \"192.0.2.1\"\n" },
		{ "system", "match", "", "check system \"it\"\n" },
		{ "custom", "path", "/bin/true", "check program \"it\" with path \"/bin/true\" timeout 300 seconds\n" },
		{ "network", "address", "127.0.0.1", "check network \"it\" with address \"127.0.0.1\"\n" },
		{ "network", "interface", "lan", "check network \"it\" with interface \"em7\"\n" },
	};

	for (size_t i = 0; i < COUNT(types); i++) {
		struct planned *planned = planned_new();
		const bool      is_host = strcmp(types[i][0], "host") == 0, is_custom = strcmp(types[i][0], "custom") == 0;

		planned->allows_commands = true;
		planned_put(planned, "interfaces.interface", "lan", "enable", "1", "if", "em7", NULL);
		planned_put(planned, "monit.settings", NULL, "general.enabled", "1", NULL);
		planned_put(planned, "monit.test", PROBE, "condition", is_host ? "failed ping" : "status != 0", "action", "alert", NULL);
		planned_put(planned, "monit.service", WATCH, "enabled", "1", "name", "it", "type", types[i][0], types[i][1], types[i][2],
			    "tests", is_host || is_custom ? PROBE : "", NULL);
		if (!strstr(read_file(planned), types[i][3]))
			fail_msg("%s", planned_file(planned, "monit", "monitrc"));
		CHECK_NUMBER(planned->missing.len, 0);
		must_take(planned, types[i][0]);
		planned_free(planned);
	}
}

TEST(each_condition_is_written_so_that_it_means_the_same)
{
	static const char *const conditions[][3] = {
		{ "system", "loadavg (1min) is greater than CPUs * 2", "loadavg (1min) per core is greater than 2" },
		{ "system", "loadavg (5min) is greater than CPUs * 1.5", "loadavg (5min) per core is greater than 1.5" },
		{ "system", "loadavg (15min) is greater than CPUs", "loadavg (15min) per core is greater than 1" },
		{ "system", "loadavg (15min) > CPUs for 3 cycles", "loadavg (15min) per core > 1 for 3 cycles" },
		{ "system", "memory usage is greater than 75%", "memory usage is greater than 75%" },
		{ "system", "cpu usage (user) > 75 %", "cpu usage (user) > 75 %" },
		{ "system", "swap usage > 20% for 2 times within 4 cycles", "swap usage > 20% for 2 times within 4 cycles" },
		{ "system", "uptime > 3 days", "uptime > 3 days" },
		{ "file", "failed md5 checksum", "failed md5 checksum" },
		{ "file", "failed checksum expect 8f7f419955cefa0b33a2ba316cba3659",
		  "failed checksum expect \"8f7f419955cefa0b33a2ba316cba3659\"" },
		{ "file", "content = 'exec a'", "content = \"exec a\"" },
		{ "file", "failed permission 0644", "failed permission 0644" },
		{ "file", "failed uid root", "failed uid \"root\"" },
		{ "file", "size > 5 MB", "size > 5 MB" },
		{ "file", "timestamp is older than 5 minutes", NULL },
		{ "file", "changed timestamp", "changed timestamp" },
		{ "filesystem", "space usage is greater than 75%", "space usage is greater than 75%" },
		{ "filesystem", "inodes usage > 80%", "inodes usage > 80%" },
		{ "filesystem", "changed fsflags", "changed fsflags" },
		{ "filesystem", "read rate > 10 MB/s", "read rate > 10 MB/s" },
		{ "filesystem", "service time > 10 ms", "service time > 10 ms" },
		{ "process", "failed port 80 protocol http request /monit/token with timeout 5 seconds",
		  "failed port 80 protocol http request \"/monit/token\" with timeout 5 seconds" },
		{ "process", "failed unixsocket /run/x with timeout 5 seconds", "failed unixsocket \"/run/x\" with timeout 5 seconds" },
		{ "process", "failed host 192.0.2.1 port 443 with ssl options {verify: enable}",
		  "failed host \"192.0.2.1\" port 443 with ssl options {verify: enable}" },
		{ "process", "failed port 25 and expect '^220.*' send \"HELO a\\r\\n\" expect '^250.*'",
		  "failed port 25 and expect \"^220.*\" send \"HELO a\\r\\n\" expect \"^250.*\"" },
		{ "process", "failed port 80 protocol http with http headers [Host: a.b, X-Y: \"c, d\"] and request '/a'",
		  "failed port 80 protocol http with http headers [Host: \"a.b\", X-Y: \"c, d\"]  and request \"/a\"" },
		{ "process", "total memory usage > 100 MB", "total memory usage > 100 MB" },
		{ "process", "changed pid", "changed pid" },
		{ "process", "disk read rate > 1 MB/s", "disk read rate > 1 MB/s" },
		{ "network", "failed link", "failed link" },
		{ "network", "changed link capacity", "changed link capacity" },
		{ "network", "saturation is greater than 75%", "saturation is greater than 75%" },
		{ "network", "upload > 1 MB/s", "upload > 1 MB/s" },
		{ "network", "total downloaded > 1 GB in last 2 hours", "total downloaded > 1 GB in last 2 hours" },
		{ "host", "failed ping count 5 with timeout 10 seconds", "failed ping count 5 with timeout 10 seconds" },
	};

	for (size_t i = 0; i < COUNT(conditions); i++) {
		struct planned *planned = planned_new();

		planned->allows_commands = true;
		planned_put(planned, "monit.settings", NULL, "general.enabled", "1", NULL);
		planned_put(planned, "monit.test", PROBE, "name", "it", "condition", conditions[i][1], "action", "alert", NULL);
		planned_put(planned, "monit.service", WATCH, "enabled", "1", "name", "it", "type", conditions[i][0], "tests", PROBE,
			    strcmp(conditions[i][0], "host") == 0 || strcmp(conditions[i][0], "network") == 0 ? "address" : "path",
			    strcmp(conditions[i][0], "host") == 0 || strcmp(conditions[i][0], "network") == 0 ? "127.0.0.1" : "/bin/true",
			    "match", "init", NULL);
		(void)read_file(planned);
		CHECK_NUMBER(planned->missing.len, 0);
		if (conditions[i][2]) {
			if (!strstr(planned_file(planned, "monit", "monitrc"),
				    arena_print(planned->arena, "\tif %s then alert\n", conditions[i][2])))
				fail_msg("%s: %s", conditions[i][1], planned_file(planned, "monit", "monitrc"));
			must_take(planned, conditions[i][1]);
		}
		planned_free(planned);
	}
}

/* --- Hostile values ------------------------------------------------------------------------------------ */

/* All that is not between quotes. */
static const char *
bare(struct arena *arena, const char *file)
{
	scoped_buffer out = BUFFER_NONE;
	bool          is_quoted = false;

	for (; *file; file++) {
		if (*file == '"')
			is_quoted = !is_quoted;
		else if (is_quoted && *file == '\n')
			fail_msg("a line ends in quotes");
		else if (!is_quoted)
			buffer_add_byte(&out, *file);
	}
	CHECK(!is_quoted);
	return arena_copy(arena, buffer_text(&out));
}

/* The words of statements that nobody asked for; the mail's own text is none, but may not end its braces. */
static void
must_be_harmless(struct planned *planned, const char *what)
{
	static const char *const words[] = { "exec ", "exec\n", "exec\t", "include", "program", "httpd port", "evil", "restart", "unmonitor", NULL };
	scoped_buffer            cut = BUFFER_NONE;
	struct text              rest = text_of(planned_file(planned, "monit", "monitrc")), line;
	bool                     is_mail = false;
	size_t                   checks = 0;

	while (text_next(&rest, "\n", &line)) {
		if (text_starts(line, TEXT("}")))
			is_mail = false;
		if (is_mail && (memchr(line.ptr, '}', line.len) || memchr(line.ptr, '{', line.len)))
			fail_msg("%s: %.*s", what, TEXT_ARGS(line));
		if (!is_mail)
			buffer_print(&cut, "%.*s\n", TEXT_ARGS(line));
		is_mail |= text_ends(line, TEXT("with mail-format {"));
		checks += text_starts(line, TEXT("check "));
	}
	CHECK(checks <= 2);
	for (size_t i = 0; words[i]; i++)
		if (text_contains_any_case(text_of(bare(planned->arena, buffer_string(&cut))), text_of(words[i])))
			fail_msg("%s: %s in %s", what, words[i], buffer_string(&cut));
}

/* Monit names each service once, and what is done. */
static void
must_understand_no_more(struct planned *planned, const struct place *place, const char *what)
{
	scoped_buffer said = BUFFER_NONE;
	const int     status = planned_check(planned, "monit", CHECKER, &said);

	if (place->is_always_fine && status != 0)
		fail_msg("%s %s: %s", place->field, what, buffer_string(&said));
	if (text_contains(buffer_text(&said), TEXT("then exec")) || text_contains(buffer_text(&said), TEXT("Start program")) ||
	    text_contains(buffer_text(&said), TEXT("Program Name")))
		fail_msg("%s %s: %s", place->field, what, buffer_string(&said));
}

static void
try_all(const struct place *place, const char *const *texts, size_t every)
{
	const size_t shift = (size_t)(place - places);

	for (size_t i = 0; texts[i]; i++) {
		struct planned *planned = plain();

		planned_put(planned, place->resource, place->uuid, place->field, texts[i], NULL);
		(void)read_file(planned);
		must_be_harmless(planned, texts[i]);
		if ((i + shift) % every == 0)
			must_understand_no_more(planned, place, texts[i]);
		planned_free(planned);
	}
}

TEST(a_hostile_value_is_no_statement)
{
	for (size_t i = 0; i < COUNT(places); i++) {
		try_all(&places[i], hostile_texts, 16);
		try_all(&places[i], statements, 8);
	}
}

TEST(a_condition_with_a_statement_in_it_is_refused)
{
	for (size_t i = 0; statements[i]; i++) {
		struct planned *planned = plain();
		scoped_buffer   said = BUFFER_NONE;

		planned_put(planned, "monit.test", PROBE, "condition", statements[i], NULL);
		(void)read_file(planned);
		if (planned->missing.len == 0 && planned_check(planned, "monit", CHECKER, &said) == 0)
			fail_msg("%s: %s", statements[i], planned_file(planned, "monit", "monitrc"));
		planned_free(planned);
	}
}

/* --- Programs -------------------------------------------------------------------------------------------- */

TEST(programs_are_run_only_where_that_is_allowed)
{
	for (int allowed = 0; allowed < 2; allowed++) {
		struct planned *planned = plain();
		const char     *file;

		planned->allows_commands = allowed;
		planned_put(planned, "monit.test", PROBE, "action", "exec", "path", "/bin/true", NULL);
		planned_put(planned, "monit.service", WATCH, "start", "/bin/true a", "stop", "/bin/true", NULL);
		planned_put(planned, "monit.service", NULL, "enabled", "1", "name", "mine", "type", "custom", "path", "/bin/true", NULL);
		file = read_file(planned);
		CHECK((strstr(file, "\tif not exist for 2 cycles then exec \"/bin/true\"\n") != NULL) == allowed);
		CHECK((strstr(file, "\tstart program = \"/bin/true a\" with timeout 30 seconds\n\tstop program = \"/bin/true\"\n") != NULL) == allowed);
		CHECK((strstr(file, "check program \"mine\"") != NULL) == allowed);
		CHECK((strstr(file, "/bin/true") != NULL) == allowed);
		CHECK((planned->missing.len == 0) == allowed);
		if (!allowed)
			CHECK(text_contains(buffer_text(&planned->missing), TEXT("commands are not allowed on this box")));
		planned_free(planned);
	}
}

/* Monit looks as root: what it reads would be mailed, whom it speaks to would believe it. */
TEST(no_more_of_root_is_lent_than_looks)
{
	static const struct {
		const char *type, *path, *condition;
		bool        is_left; /* also where commands are not allowed */
	} tests[] = {
		{ "file", "/etc/shadow", "content = \"root\"" },
		{ "file", "/etc/shadow", "CONTENT = \"root\"" },
		{ "file", "/etc/shadow", "match \"root\"" },
		{ "file", "/var/log/../../etc/shadow", "content = \"root\"" },
		{ "file", "/var/log/syslog", "content = \"root\"", true },
		{ "file", "/etc/shadow", "changed timestamp", true },
		{ "process", "", "failed unixsocket /run/docker.sock send \"POST\"" },
		{ "process", "", "failed unix \"/run/docker.sock\"" },
		{ "process", "", "failed port 80 protocol http content = \"a\"", true },
	};

	for (size_t i = 0; i < COUNT(tests) * 2; i++) {
		struct planned *planned = plain();
		const size_t    at = i / 2;
		const bool      allowed = i % 2, is_left = allowed || tests[at].is_left;

		planned->allows_commands = allowed;
		planned_put(planned, "monit.test", PROBE, "condition", tests[at].condition, NULL);
		planned_put(planned, "monit.service", WATCH, "type", tests[at].type, "path", tests[at].path, "match", "init", NULL);
		if ((strstr(read_file(planned), "\tif ") != NULL) != is_left || (planned->missing.len == 0) != is_left)
			fail_msg("%s of %s: %s", tests[at].condition, tests[at].path, buffer_string(&planned->missing));
		planned_free(planned);
	}
}

/* Who depends on something that is not watched depends on nothing. */
TEST(what_is_left_out_is_nobodys_need)
{
	struct planned *planned = plain();

	planned_put(planned, "monit.service", OTHER, "enabled", "0", NULL);
	CHECK(!strstr(read_file(planned), "depends"));
	must_take(planned, "without");
	planned_free(planned);
}

TEST(what_is_switched_off_has_no_files)
{
	struct planned *planned = plain();

	planned_put(planned, "monit.settings", NULL, "general.enabled", "0", NULL);
	planned_read(planned, "monit");
	CHECK_NUMBER(planned->services.n, 1);
	CHECK(!planned->services.plans[0].wanted && planned->services.plans[0].nfiles == 0);
	planned_free(planned);
}

/* Passwords are for the daemon's eyes only, and in no message. */
TEST(what_is_secret_stays_so)
{
	struct planned *planned = plain();

	planned_put(planned, "monit.settings", NULL, "general.password", "s3\"cret", NULL);
	(void)read_file(planned);
	CHECK(planned->services.plans[0].files[0].secret);
	CHECK(planned->missing.len > 0 && !text_contains(buffer_text(&planned->missing), TEXT("s3")));
	planned_free(planned);
}

RUN(cmocka_unit_test(each_setting_is_a_statement), cmocka_unit_test(each_type_is_watched_as_it_should_be),
    cmocka_unit_test(each_condition_is_written_so_that_it_means_the_same), cmocka_unit_test(a_hostile_value_is_no_statement),
    cmocka_unit_test(a_condition_with_a_statement_in_it_is_refused), cmocka_unit_test(programs_are_run_only_where_that_is_allowed),
    cmocka_unit_test(no_more_of_root_is_lent_than_looks), cmocka_unit_test(what_is_left_out_is_nobodys_need),
    cmocka_unit_test(what_is_switched_off_has_no_files),
    cmocka_unit_test(what_is_secret_stays_so));
