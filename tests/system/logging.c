/* What the box and its daemons say is kept, and sent to where clients want it: the right lines, and no others. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "test.h"

#define SYSLOG  "/usr/sbin/syslog-ng"
#define CONTROL "/usr/sbin/syslog-ng-ctl"
#define CHRONYD "/usr/sbin/chronyd"
#define IP      "/usr/sbin/ip"

static struct box *box;
static pid_t       receiver;
static const char *got_path;

/* Three ports, and in the file the port, the program and what it said. */
static void
start_receiver(void)
{
	const char *folder = box->instance->folder, *path = arena_print(box->arena, "%s/receiver.conf", folder);
	FILE       *file = fopen(path, "we");

	assert_non_null(file);
	got_path = arena_print(box->arena, "%s/got", folder);
	fprintf(file, "@version: 3.38\noptions { stats-freq(0); };\n"
		      "source s1 { network(ip(\"192.168.1.2\") transport(\"udp\") port(5514) tags(\"one\")); };\n"
		      "source s2 { syslog(ip(\"192.168.1.2\") transport(\"tcp\") port(5515) tags(\"two\")); };\n"
		      "source s3 { network(ip(\"192.168.1.2\") transport(\"udp\") port(5516) tags(\"three\")); };\n"
		      "destination d { file(\"%s\" template(\"$TAGS|$PRIORITY|$PROGRAM|$MSG\\n\") flush-lines(1)); };\n"
		      "log { source(s1); source(s2); source(s3); destination(d); };\n", got_path);
	fclose(file);
	const char *const words[] = { SYSLOG, "-F", "--no-caps", "-f", path, arena_print(box->arena, "--persist-file=%s/p", folder),
				      arena_print(box->arena, "--control=%s/c", folder),
				      arena_print(box->arena, "--pidfile=%s/i", folder), NULL };

	receiver = box_start(box, OUTSIDE, words);
	for (int i = 0; i < 600 && access(arena_print(box->arena, "%s/c", folder), F_OK) != 0; i++)
		wait_a_little(100);
}

static const char *
got(void)
{
	scoped_buffer out = BUFFER_NONE;
	char          bytes[4096];
	const int     fd = open(got_path, O_RDONLY | O_CLOEXEC);
	ssize_t       n;

	while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(&out, (struct text){ bytes, (size_t)n });
	if (fd >= 0)
		close(fd);
	return arena_copy(box->arena, buffer_text(&out));
}

/* Something that is logged, until it has come. */
static void
comes(const char *tag, const char *program, const char *part)
{
	for (int i = 0; i < 150; i++) {
		struct text rest = text_of(got()), line;

		while (text_next(&rest, "\n", &line))
			if (text_contains(line, text_of(tag)) && text_contains(line, text_of(arena_print(box->arena, "|%s|", program))) &&
			    text_contains(line, text_of(part)))
				return;
		must_post(box->client, box->arena, "/api/firewall/alias/add_item",
			  arena_print(box->arena, "{\"alias\":{\"name\":\"a%d%d\",\"type\":\"host\"}}", (int)receiver, i * 7 + (int)strlen(got())));
		wait_a_little(100);
	}
	fail_msg("%s %s %s did not come; there are:\n%.3000s", tag, program, part, got());
}

static const char *
add(const char *body)
{
	const struct value *said = must_post(box->client, box->arena, "/api/syslog/settings/add_destination",
					     arena_print(box->arena, "{\"destination\":{%s}}", body));

	if (strcmp(at(box->arena, said, "result"), "saved") != 0)
		fail_msg("%s", box->client->body.bytes);
	return at(box->arena, said, "uuid");
}

TEST(a_destination_gets_what_it_is_to_get)
{
	add("\"transport\":\"udp4\",\"hostname\":\"192.168.1.2\",\"port\":\"5514\",\"program\":\"audit\",\"description\":\"who did what\"");
	box_reconfigure(box, "syslog");
	comes("one", "audit", "changed configuration to revision");
	CHECK(strstr(got(), "|drawbridge-") == NULL);
	CHECK(strstr(got(), "|notice|audit|") != NULL);
}

/* Told while it runs. */
TEST(another_kind_and_another_level)
{
	const pid_t before = box_daemon(box, SYSLOG);

	CHECK(before > 0);
	add("\"transport\":\"tcp4\",\"hostname\":\"192.168.1.2\",\"port\":\"5515\",\"rfc5424\":\"1\",\"level\":\"notice,warn,err\"");
	box_reconfigure(box, "syslog");
	CHECK_NUMBER(box_daemon(box, SYSLOG), before);
	comes("two", "audit", "changed configuration");
	CHECK(strstr(got(), "two|info|") == NULL && strstr(got(), ".source.s2|info|") == NULL);
}

TEST(what_was_sent_is_counted)
{
	bool is_sent = false;

	for (int tries = 0; tries < 600 && !is_sent; tries++) {
		const struct value *stats = must_post(box->client, box->arena, "/api/syslog/service/stats", "{\"rowCount\":-1}");
		const struct value *rows = value_get(stats, "rows");

		for (size_t i = 0; i < value_count(rows); i++) {
			const struct value *row = value_at(rows, i);

			is_sent |= strcmp(at(box->arena, row, "Description"), "who did what") == 0 &&
				   strcmp(at(box->arena, row, "Type"), "written") == 0 &&
				   strcmp(at(box->arena, row, "Number"), "0") != 0;
		}
		wait_a_little(is_sent ? 0 : 100);
	}
	CHECK(is_sent);
}

TEST(servers_of_the_other_dialect_are_served_beside)
{
	must(box->client, box->arena, "PUT", "/api/v1/status/log/settings",
	     "{\"enable\":true,\"remoteserver\":\"192.168.1.2:5516\",\"system\":true}");
	comes("three", "syslog-ng", "");
	CHECK(strstr(got(), "s3|notice|audit|") == NULL);
	must(box->client, box->arena, "PUT", "/api/v1/status/log/settings", "{\"enable\":false}");
}

/* Daemons say it to us, and it is where clients look for it. */
TEST(what_daemons_say_is_kept)
{
	const struct value *lines = NULL;

	must_post(box->client, box->arena, "/api/core/service/start/ntpd", "{}");
	for (int i = 0; i < 1200 && !(lines && strstr(box->client->body.bytes, "chronyd version")); i++) {
		lines = must_post(box->client, box->arena, "/api/diagnostics/log/core/ntpd", "{\"rowCount\":50}");
		wait_a_little(50);
	}
	if (!strstr(box->client->body.bytes, "chronyd version"))
		fail_msg("%s", box->client->body.bytes);
	CHECK_STRING(at(box->arena, lines, "rows.0.process_name"), "chronyd");
	CHECK_STRING(at(box->arena, must_post(box->client, box->arena, "/api/syslog/service/reset", "{}"), "status"), "ok");
	must_post(box->client, box->arena, "/api/diagnostics/log/core/ntpd", "{\"rowCount\":50}");
	CHECK(strstr(box->client->body.bytes, "chronyd version") == NULL);
}

TEST(with_nobody_to_send_to_there_is_no_daemon)
{
	const struct value *rows = must_get(box->client, box->arena, "/api/syslog/settings/search_destinations");

	for (size_t i = 0; i < 2; i++)
		must_post(box->client, box->arena, arena_print(box->arena, "/api/syslog/settings/del_destination/%s",
			  at(box->arena, rows, arena_print(box->arena, "rows.%zu.uuid", i))), "{}");
	box_reconfigure(box, "syslog");
	CHECK_NUMBER(box_daemon(box, SYSLOG), 0);
}

static int
end(void **state)
{
	(void)state;
	box_end(receiver);
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_destination_gets_what_it_is_to_get), cmocka_unit_test(another_kind_and_another_level),
		cmocka_unit_test(what_was_sent_is_counted), cmocka_unit_test(servers_of_the_other_dialect_are_served_beside),
		cmocka_unit_test(what_daemons_say_is_kept), cmocka_unit_test(with_nobody_to_send_to_there_is_no_daemon),
	};

	instance_programs(argc, argv);
	box_need(SYSLOG, CONTROL, CHRONYD, IP, NULL);
	box = box_new();
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", "192.168.1.2/24", "dev", "em0");
	BOX_RUN(box, INSIDE, NULL, IP, "address", "add", "192.168.1.1/24", "dev", "em0");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	start_receiver();
	return cmocka_run_group_tests(tests, NULL, end);
}
