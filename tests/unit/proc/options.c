/* What drawbridged understands on its command line and in its file. */
#include "proc/options.h"

#include <unistd.h>

#include "test.h"

static struct options  options;
static struct arena   *arena;
static struct buffer   message;

#define ARGS_MAX 40

/* Words separated by blanks. */
static enum options_outcome
read_line(const char *line)
{
	char       *argv[ARGS_MAX] = { "drawbridged" };
	int         argc = 1;
	struct text rest = text_of(line), word;

	buffer_cut(&message, 0);
	while (text_next(&rest, " ", &word))
		argv[argc++] = arena_copy(arena, word);
	return options_read(&options, arena, argc, argv, &message);
}

TEST(an_instance_that_keeps_things_serves_tls_everywhere_by_default)
{
	CHECK_NUMBER(read_line("--config /dev/null"), OPTIONS_RUN);
	CHECK_NUMBER(options.nlisten, 2);
	CHECK_STRING(endpoint_print(arena, &options.listen[0]), "0.0.0.0:443");
	CHECK_STRING(endpoint_print(arena, &options.listen[1]), "[::]:443");
	CHECK_STRING(options.state, "/var/lib/drawbridge");
	CHECK_STRING(options.socket, "/run/drawbridge/drawbridge.sock");
	CHECK(options.apply == APPLY_HOST && !options.plain && options.log_level == LOG_LEVEL_INFO);
}

TEST(an_ephemeral_instance_serves_loopback_from_a_sandbox_by_default)
{
	CHECK_NUMBER(read_line("--ephemeral"), OPTIONS_RUN);
	CHECK_NUMBER(options.nlisten, 1);
	CHECK_STRING(endpoint_print(arena, &options.listen[0]), "127.0.0.1:0");
	CHECK(!options.state && !options.socket && options.apply == APPLY_SANDBOX);
}

TEST(every_option_arrives)
{
	CHECK_NUMBER(read_line("--ephemeral --listen 127.0.0.1:80 --listen=[::1]:81 --plain --apply none --import a.xml "
			       "--user u --password=p=q --key k --secret s --socket x --log-level debug --run-as 7"),
		     OPTIONS_RUN);
	CHECK_NUMBER(options.nlisten, 2);
	CHECK_STRING(endpoint_print(arena, &options.listen[1]), "[::1]:81");
	CHECK(options.plain && options.apply == APPLY_NONE && options.log_level == LOG_LEVEL_DEBUG);
	CHECK_STRING(options.import, "a.xml");
	CHECK_STRING(options.user, "u");
	CHECK_STRING(options.password, "p=q");
	CHECK_STRING(options.key, "k");
	CHECK_STRING(options.secret, "s");
	CHECK_STRING(options.socket, "x");
	CHECK_STRING(options.run_as, "7");
	CHECK_NUMBER(read_line("--ephemeral --netns n"), OPTIONS_RUN);
	CHECK(options.apply == APPLY_HOST);
	CHECK_STRING(options.netns, "n");
	CHECK_NUMBER(read_line("--config /dev/null --state d --certificate c --certificate-key k"), OPTIONS_RUN);
	CHECK_STRING(options.state, "d");
	CHECK_STRING(options.certificate, "c");
	CHECK_STRING(options.certificate_key, "k");
}

TEST(what_is_wrong_is_said)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{ "--what", "what is \"--what\"? (--help says what there is)" },
		{ "stray", "what is \"stray\"? (--help says what there is)" },
		{ "-v", "what is \"-v\"? (--help says what there is)" },
		{ "--state", "--state wants a value" },
		{ "--plain=yes", "--plain=yes takes no value" },
		{ "--state=", "state must not be empty" },
		{ "--apply here", "apply is host, sandbox or none" },
		{ "--log-level loud", "log-level is error, warning, info or debug" },
		{ "--listen 443", "listen: wants ADDR:PORT with a numeric address, IPv6 as [ADDR]:PORT" },
		{ "--password p", "password goes with ephemeral only" },
		{ "--ephemeral --state d", "state does not go with ephemeral" },
		{ "--ephemeral --key k", "key and secret go together" },
		{ "--certificate c", "certificate and certificate-key go together" },
		{ "--plain --certificate c --certificate-key k", "certificate does not go with plain" },
		{ "--netns p --apply none", "netns goes with apply host only" },
		{ "--force-plain", "force-plain goes with plain only" },
		{ "--plain --listen 192.0.2.1:80", "plain is for loopback addresses (force-plain lets it serve on any)" },
		{ "--plain --listen [::]:80", "plain is for loopback addresses (force-plain lets it serve on any)" },
		{ "--config /nowhere/at/all", "/nowhere/at/all: No such file or directory" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *line = strstr(cases[i].line, "--config") || strstr(cases[i].line, "--ephemeral") ?
			cases[i].line : arena_print(arena, "--config /dev/null %s", cases[i].line);

		CHECK_NUMBER(read_line(line), OPTIONS_WRONG);
		CHECK_STRING(buffer_string(&message), cases[i].says);
	}
}

TEST(plain_serves_any_address_when_forced)
{
	CHECK_NUMBER(read_line("--ephemeral --plain --force-plain --listen 192.0.2.1:80"), OPTIONS_RUN);
	CHECK_NUMBER(read_line("--ephemeral --plain --listen 127.9.9.9:80 --listen [::1]:80"), OPTIONS_RUN);
}

TEST(sixteen_addresses_are_served_and_no_more)
{
	struct buffer line = BUFFER_NONE;

	char *argv[2 * (OPTIONS_LISTEN_MAX + 2)] = { "drawbridged", "--ephemeral" };
	int   argc = 2;

	for (int i = 0; i < OPTIONS_LISTEN_MAX; i++)
		argv[argc++] = "--listen=127.0.0.1:1";
	CHECK_NUMBER(options_read(&options, arena, argc, argv, &line), OPTIONS_RUN);
	argv[argc++] = "--listen=127.0.0.1:1";
	CHECK_NUMBER(options_read(&options, arena, argc, argv, &line), OPTIONS_WRONG);
	CHECK_STRING(buffer_string(&line), "listen: more than 16 addresses");
	buffer_clear(&line);
}

TEST(addresses_are_numeric_and_ports_are_ports)
{
	static const char *const bad[] = { "", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
		"::1:80", "[::1]", "[127.0.0.1]:80", "localhost:80", "[]:80", "127.0.0.1:80 " };
	struct endpoint endpoint;

	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(!endpoint_read(text_of(bad[i]), &endpoint));
	CHECK(endpoint_read(TEXT("[2001:DB8::1]:65535"), &endpoint));
	CHECK_STRING(endpoint_print(arena, &endpoint), "[2001:db8::1]:65535");
}

static char file[] = "/tmp/drawbridge-options-XXXXXX";

/* Read the command line with a file of this content. */
static enum options_outcome
read_file_and_line(const char *content, const char *line)
{
	FILE *out = fopen(file, "we");

	CHECK(out && fputs(content, out) >= 0 && fclose(out) == 0);
	return read_line(arena_print(arena, "--config %s %s", file, line));
}

TEST(the_file_says_what_the_command_line_does_not)
{
	CHECK_NUMBER(read_file_and_line("# who\n\n state = /srv/a b\nplain=yes\nlisten = 127.0.0.1:1\n"
					"listen = 127.0.0.1:2\napply = none", ""), OPTIONS_RUN);
	CHECK_STRING(options.state, "/srv/a b");
	CHECK(options.plain && options.apply == APPLY_NONE);
	CHECK_NUMBER(options.nlisten, 2);
	CHECK_NUMBER(read_file_and_line("listen = 127.0.0.1:1\nlisten = 127.0.0.1:2\nstate = a\nplain = no\n",
					"--listen 127.0.0.1:3 --state b"), OPTIONS_RUN);
	CHECK_NUMBER(options.nlisten, 1);
	CHECK_NUMBER(options.listen[0].port, 3);
	CHECK_STRING(options.state, "b");
	CHECK(!options.plain);
}

TEST(mistakes_in_the_file_are_said_with_their_line)
{
	static const struct {
		const char *content, *says;
	} cases[] = {
		{ "state = a\nplain\n", "line 2: a line wants \"name = value\"" },
		{ "color = red\n", "line 1: no option \"color\" here" },
		{ "password = x\n", "line 1: no option \"password\" here" },
		{ "config = x\n", "line 1: no option \"config\" here" },
		{ "plain = maybe\n", "line 1: plain is yes or no" },
		{ "\n\nstate =\n", "line 3: state must not be empty" },
		{ "allow-commands = yes\n", "line 1: allow-commands is a number of seconds, 1 to 100" },
		{ "allow-commands = 0\n", "line 1: allow-commands is a number of seconds, 1 to 100" },
		{ "allow-commands = 101\n", "line 1: allow-commands is a number of seconds, 1 to 100" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		CHECK_NUMBER(read_file_and_line(cases[i].content, ""), OPTIONS_WRONG);
		CHECK_STRING(buffer_string(&message), arena_print(arena, "%s, %s", file, cases[i].says));
	}
}

TEST(clients_run_commands_when_the_file_says_so_and_only_then)
{
	CHECK_NUMBER(read_file_and_line("plain = yes\n", ""), OPTIONS_RUN);
	CHECK_NUMBER(options.command_limit, 0);
	CHECK_NUMBER(read_file_and_line("allow-commands = 100\n", ""), OPTIONS_RUN);
	CHECK_NUMBER(options.command_limit, 100);
	CHECK_NUMBER(read_line("--ephemeral --allow-commands 5"), OPTIONS_WRONG);
	CHECK_STRING(buffer_string(&message), "allow-commands is for the file alone");
	CHECK_NUMBER(read_line("--ephemeral --allow-commands=5"), OPTIONS_WRONG);
}

TEST(help_and_version_are_said_whatever_else_is_there)
{
	CHECK_NUMBER(read_line("--nonsense --help"), OPTIONS_SAY);
	CHECK(text_contains(buffer_text(&message), TEXT("--listen ADDR:PORT")));
	CHECK_NUMBER(read_line("--version"), OPTIONS_SAY);
	CHECK(text_starts(buffer_text(&message), TEXT("drawbridged ")));
}

static int
set_up(void **state)
{
	const int fd = mkstemp(file);

	(void)state;
	arena = arena_new();
	return fd < 0 || close(fd);
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(file);
	arena_free(arena);
	buffer_clear(&message);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_instance_that_keeps_things_serves_tls_everywhere_by_default),
		cmocka_unit_test(an_ephemeral_instance_serves_loopback_from_a_sandbox_by_default),
		cmocka_unit_test(every_option_arrives),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(plain_serves_any_address_when_forced),
		cmocka_unit_test(sixteen_addresses_are_served_and_no_more),
		cmocka_unit_test(addresses_are_numeric_and_ports_are_ports),
		cmocka_unit_test(the_file_says_what_the_command_line_does_not),
		cmocka_unit_test(mistakes_in_the_file_are_said_with_their_line),
		cmocka_unit_test(clients_run_commands_when_the_file_says_so_and_only_then),
		cmocka_unit_test(help_and_version_are_said_whatever_else_is_there),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
