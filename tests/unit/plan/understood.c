/*
 * What daemons say that they have understood of the files we write: whatever a value is, it is that value or nothing, and nothing
 * else changes. For those whose checkers say no more than yes or no there are sides to look at: what a client sends, what a
 * relay asks for. In a namespace with links and a /run of its own.
 */
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "plan/access/jobs.h"
#include "planned.h"
#include "test.h"

#define DHCPCD   "/usr/sbin/dhcpcd"
#define IP       "/usr/sbin/ip"
#define RELAY    "10000000-0000-4000-8000-000000000001"
#define SERVERS  "10000000-0000-4000-8000-000000000002"
#define PATIENCE 60000 /* ms */
#define LINE     "10000000-0000-4000-8000-000000000004"
#define RECORD   "10000000-0000-4000-8000-000000000003" /* of subjects that are records of their own */
#define GENERATED 12   /* values of each kind, good and bad */

/* A field that gets everything that is hostile, and values that it may have. */
struct subject {
	const char *resource, *uuid;
	const char *const *base; /* the rest of the record: fields and values by turns */
	const char *field;
	const char *around;      /* what is written has "%" for the value; NULL: the value alone */
	const char *(*good)(struct arena *, unsigned n); /* the n-th value that it may have; NULL: no more */
	const char *means;       /* the lines that such a value adds to what is understood, with "%" for the value */
	bool        is_any;      /* whatever is written is such a value; where it is understood it stands as numbers of bytes */
};

/* A daemon, and how to learn what it understood: lines in any order. */
struct reader {
	const char *name;
	void (*surround)(struct planned *);
	const char *(*understood)(struct planned *);
	unsigned               every; /* of the hostile texts, where asking takes long */
	const struct subject  *subjects;
	size_t                 count;
};

/* --- Texts -------------------------------------------------------------------------------------------- */

static const char *
with_value(struct arena *arena, const char *pattern, const char *value)
{
	scoped_buffer out = BUFFER_NONE;

	for (; *pattern; pattern++)
		if (*pattern == '%')
			buffer_add_string(&out, value);
		else
			buffer_add_byte(&out, *pattern);
	return arena_copy(arena, buffer_text(&out));
}

static const char *
bytes_of(struct arena *arena, struct text text)
{
	scoped_buffer out = BUFFER_NONE;

	for (size_t i = 0; i < text.len; i++)
		buffer_print(&out, "%02x", (unsigned char)text.ptr[i]);
	return arena_copy(arena, buffer_text(&out));
}

static const char *
random_from(struct arena *arena, const char *alphabet, size_t max)
{
	const size_t len = 1 + (size_t)random() % max;
	char        *text = arena_take(arena, len + 1);

	for (size_t i = 0; i < len; i++)
		text[i] = alphabet[(size_t)random() % strlen(alphabet)];
	return text;
}

static const char *
random_number(struct arena *arena, unsigned n, unsigned min, unsigned max)
{
	return n < GENERATED ? arena_print(arena, "%u", n == 0 ? min : n == 1 ? max : min + (unsigned)random() % (max - min + 1)) : NULL;
}

static const char *
good_port(struct arena *arena, unsigned n)
{
	return random_number(arena, n, 1, 65535);
}

static const char *
good_minute(struct arena *arena, unsigned n)
{
	return random_number(arena, n, 0, 59);
}

static const char *
good_weekdays(struct arena *arena, unsigned n)
{
	static const char *const all[] = { "*", "*/7", "0-7/2", "1,3,5", "0", "7" };

	(void)arena;
	return n < COUNT(all) ? all[n] : NULL;
}

static const char *
good_parameter(struct arena *arena, unsigned n)
{
	return n < GENERATED ? random_from(arena, "abzABZ019_-", 30) : NULL;
}

static const char *
good_host(struct arena *arena, unsigned n)
{
	return n < 4 ? random_from(arena, "abzABZ019-_.", 40) : NULL;
}

static const char *
good_duid(struct arena *arena, unsigned n)
{
	return n < 3 ? arena_print(arena, "00:03:00:01:02:%02x:00:00:00:01", (unsigned)random() % 256) : NULL;
}

static const char *
good_link(struct arena *arena, unsigned n)
{
	(void)arena;
	return n == 0 ? "em2" : NULL;
}

static const char *
yes(struct arena *arena, unsigned n)
{
	(void)arena;
	return n == 0 ? "1" : NULL;
}

static const char *
both(struct arena *arena, unsigned n)
{
	(void)arena;
	return n == 0 ? "both" : NULL;
}

static void
write_file(const char *path, const char *content)
{
	scoped_fd fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content));
}

/* --- The secure shell --------------------------------------------------------------------------------------- */

static void
surround_sshd(struct planned *planned)
{
	planned->is_alone = true;
	planned_put(planned, "interfaces.interface", "lan", "enable", "1", "if", "em0", "ipaddr", "192.0.2.1/24", NULL);
	planned_put(planned, "system.ssh", NULL, "enable", "1", "interfaces", "lan", "keyonly", "enabled", NULL);
}

static const char *
understood_by_sshd(struct planned *planned)
{
	static const char *const checker[] = { "/usr/sbin/sshd", "-T", "-h", "/run/key", "-f", "%s/sshd_config", NULL };
	scoped_buffer said = BUFFER_NONE;

	planned_read(planned, "sshd");
	if (planned_check(planned, "sshd", checker, &said) != 0)
		fail_msg("%s", buffer_string(&said));
	return arena_copy(planned->arena, buffer_text(&said));
}

static const struct subject ssh_subjects[] = {
	{ "system.ssh", NULL, NULL, "port", NULL, good_port, "port %\nlistenaddress 192.0.2.1:%" },
	{ "system.ssh", NULL, NULL, "interfaces", "lan,%" },
	{ "system.ssh", NULL, NULL, "keyonly", NULL, both, "passwordauthentication yes\nauthenticationmethods publickey,password" },
	{ "system.ssh", NULL, NULL, "agent_forwarding", NULL, yes, "allowagentforwarding yes" },
	{ "system.ssh", NULL, NULL, "permit_root_login", NULL, yes, "permitrootlogin yes" },
};

/* --- Cron ------------------------------------------------------------------------------------------------------ */

static void
surround_cron(struct planned *planned)
{
	planned_put(planned, "cron.job", NULL, "enabled", "1", "command", "filter reload", "minutes", "7", "hours", "7", NULL);
}

/* Its own check, and then the words of each line as crontab(5) has them. */
static const char *
understood_by_cron(struct planned *planned)
{
	scoped_buffer file = BUFFER_NONE, said = BUFFER_NONE, out = BUFFER_NONE;
	struct jobs   jobs;
	struct text   rest, line, word;

	jobs_read(planned->arena, planned->snapshot, &jobs, &planned->missing);
	CHECK(jobs_print(&jobs, "/usr/bin/drawbridge", "/run/s", &file));
	write_file("/run/crontab", buffer_string(&file));
	if (planned_run((const char *const[]){ "/usr/bin/crontab", "-n", "/run/crontab", NULL }, &said) != 0)
		fail_msg("%s\n%s", buffer_string(&said), buffer_string(&file));
	rest = buffer_text(&file);
	while (text_next(&rest, "\n", &line)) {
		while (text_next_word(&line, &word))
			buffer_print(&out, "%.*s|", TEXT_ARGS(word));
		buffer_add_byte(&out, '\n');
	}
	return arena_copy(planned->arena, buffer_text(&out));
}

static const char *const job_base[] = { "enabled", "1", "command", "interface reconfigure", "parameters", "lan", "minutes", "1",
					"hours", "2", "days", "3", "months", "4", "weekdays", "5", NULL };
#define JOB(time, parameter) time "root|--socket|/run/s|call|/api/interfaces/overview/reload_interface/" parameter "|{}|"

static const struct subject cron_subjects[] = {
	{ "cron.job", NULL, job_base, "minutes", NULL, good_minute, JOB("%|2|3|4|5|", "lan") },
	{ "cron.job", NULL, job_base, "hours", NULL, NULL, JOB("1|%|3|4|5|", "lan") },
	{ "cron.job", NULL, job_base, "days", NULL, NULL, JOB("1|2|%|4|5|", "lan") },
	{ "cron.job", NULL, job_base, "months", NULL, NULL, JOB("1|2|3|%|5|", "lan") },
	{ "cron.job", NULL, job_base, "weekdays", NULL, good_weekdays, JOB("1|2|3|4|%|", "lan") },
	{ "cron.job", NULL, job_base, "parameters", NULL, good_parameter, JOB("1|2|3|4|5|", "%") },
	{ "cron.job", NULL, job_base, "command", NULL, NULL, NULL },
	{ "cron.job", NULL, job_base, "who", NULL, NULL, NULL },
};

/* --- The relay of DHCP ----------------------------------------------------------------------------------------- */

static void
surround_relay(struct planned *planned)
{
	planned_put(planned, "interfaces.interface", "lan", "enable", "1", "if", "em0", "ipaddr", "192.0.2.1/24", NULL);
	planned_put(planned, "interfaces.interface", "wan", "enable", "1", "if", "em1", NULL);
	planned_put(planned, "interfaces.interface", "opt1", "enable", "1", NULL);
	planned_put(planned, "dhcrelay.destination", SERVERS, "name", "x", "server", "192.0.2.9", NULL);
	planned_put(planned, "dhcrelay.relay", RELAY, "enabled", "1", "interface", "lan", "destination", SERVERS, "agent_info", "1", NULL);
}

/* It has understood everything when it comes as far as to its port, which is ours; before that it names its links. */
static const char *
understood_by_relay(struct planned *planned)
{
	const char   *words[64] = { "/usr/sbin/dhcrelay", "-d", "--no-pid" };
	scoped_buffer said = BUFFER_NONE, out = BUFFER_NONE;
	struct text   rest, line;
	size_t        n = 3;

	planned_read(planned, "dhcrelay");
	rest = text_of(planned_file(planned, "dhcrelay@" RELAY, "words"));
	while (n + 1 < COUNT(words) && text_next(&rest, "\n", &line))
		words[n++] = arena_copy(planned->arena, line);
	planned_run(words, &said);
	if (!text_contains(buffer_text(&said), TEXT("Can't bind to dhcp address")))
		fail_msg("%s%s", planned_file(planned, "dhcrelay@" RELAY, "words"), buffer_string(&said));
	rest = buffer_text(&said);
	while (text_next(&rest, "\n", &line))
		if (text_starts(line, TEXT("Requesting")) || text_contains(line, TEXT("unknown")) || text_contains(line, TEXT("No ")))
			buffer_print(&out, "%.*s\n", TEXT_ARGS(line));
	return arena_copy(planned->arena, buffer_text(&out));
}

static const struct subject relay_subjects[] = {
	{ "dhcrelay.destination", SERVERS, NULL, "server", "192.0.2.9,%" },
	{ "interfaces.interface", "opt1", NULL, "if", NULL, good_link, "Requesting: % as upstream: Y downstream: N" },
	{ "interfaces.interface", "opt1", NULL, "ipaddrv6" },
	{ "dhcrelay.relay", RELAY, NULL, "circuit_id" },
};

/* --- The client of DHCP ------------------------------------------------------------------------------------------ */

/* The options of its first question, as it is seen at the other end of the link: "12=host". */
static void
hear_question(int fd, struct buffer *out)
{
	uint8_t       frame[2048];
	ssize_t       n;
	struct pollfd one = { .fd = fd, .events = POLLIN };
	const size_t  options = 14 + 20 + 8 + 240;

	do {
		CHECK(poll(&one, 1, PATIENCE) == 1);
		n = recv(fd, frame, sizeof(frame), 0);
	} while (n < (ssize_t)options || frame[12] != 8 || frame[13] != 0 || frame[23] != IPPROTO_UDP || frame[37] != 67);
	for (size_t at = options; at + 1 < (size_t)n && frame[at] != 255; at += 2 + frame[at + 1]) {
		buffer_print(out, "%u=", frame[at]);
		/* Times and numbers of its own choice are none of ours. */
		for (size_t i = 0; i < frame[at + 1] && frame[at] != 61 && at + 2 + i < (size_t)n; i++)
			if (frame[at] == 12)
				buffer_add_byte(out, (char)frame[at + 2 + i]);
			else
				buffer_print(out, "%u,", frame[at + 2 + i]);
		buffer_add_byte(out, '\n');
	}
}

static int
listen_at(const char *link)
{
	const struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = (int)if_nametoindex(link) };
	const int                fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_IP));

	CHECK(fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0);
	return fd;
}

static void
surround_client(struct planned *planned)
{
	planned_put(planned, "interfaces.interface", "wan", "enable", "1", "if", "em0", "type4", "dhcp", NULL);
}

/* What it complains about while it reads, and what it goes by. */
static void
read_complaints(const char *path, struct buffer *out)
{
	scoped_buffer said = BUFFER_NONE;
	struct text   rest, line;

	CHECK(planned_run((const char *const[]){ "/usr/bin/cat", path, NULL }, &said) == 0);
	rest = buffer_text(&said);
	while (text_next(&rest, "\n", &line))
		if (text_starts(line, TEXT("DUID ")) || text_contains(line, TEXT("unknown")) || text_contains(line, TEXT("invalid")))
			buffer_print(out, "%.*s\n", TEXT_ARGS(line));
}

static const char *
understood_by_client(struct planned *planned)
{
	scoped_fd     far = listen_at("em1");
	scoped_buffer out = BUFFER_NONE;

	planned_read(planned, "dhcpcd");
	write_file("/run/dhcpcd.conf", planned_file(planned, "dhcpcd", "dhcpcd.conf"));
	const pid_t pid = fork();

	if (pid == 0) {
		dup2(open("/run/said", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), 2);
		dup2(2, 1);
		execl(DHCPCD, "dhcpcd", "-d", "-B", "-f", "/run/dhcpcd.conf", NULL);
		_exit(127);
	}
	hear_question(far, &out);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	read_complaints("/run/said", &out);
	return arena_copy(planned->arena, buffer_text(&out));
}

static const struct subject client_subjects[] = {
	{ "interfaces.interface", "wan", NULL, "dhcphostname", NULL, good_host, "12=%" },
	{ "interfaces.interface", "wan", NULL, "dhcprejectfrom" },
	{ "interfaces.interface", "wan", NULL, "dhcphonourmtu", NULL, yes, "55=1,121,3,6,15,26,28,33,51,58,59,119," },
	{ "interfaces.settings", NULL, NULL, "dhcp6_duid", NULL, good_duid, "DUID %" },
};

/* --- Lines to providers -------------------------------------------------------------------------------------------- */

static void
surround_line(struct planned *planned)
{
	planned_put(planned, "interfaces.interface", "wan", "enable", "1", "if", "pppoe0", "type4", "pppoe", NULL);
	planned_put(planned, "interfaces.ppp", LINE, "type", "pppoe", "if", "pppoe0", "ports", "em0", NULL);
}

/* It shows some bytes as C does. */
static struct text
without_escapes(struct arena *arena, struct text shown)
{
	static const char letters[] = "nrt", bytes[] = "\n\r\t";
	char             *text = arena_take(arena, shown.len + 1);
	size_t            len = 0;
	unsigned          byte;

	for (size_t i = 0; i < shown.len; i++) {
		const char *letter;

		if (shown.ptr[i] != '\\' || i + 1 == shown.len)
			text[len++] = shown.ptr[i];
		else if (shown.ptr[++i] == 'x' && i + 2 < shown.len && sscanf(shown.ptr + i + 1, "%2x", &byte) == 1)
			text[len++] = (char)byte, i += 2;
		else
			text[len++] = (letter = strchr(letters, shown.ptr[i])) ? bytes[letter - letters] : shown.ptr[i];
	}
	return (struct text){ text, len };
}

/* Its options in effect: "user x<tab><tab># (from /run/...)". */
static const char *
understood_by_pppd(struct planned *planned)
{
	static const char *const checker[] = { "/usr/sbin/pppd", "file", "%s/options", "notty", "dryrun", "dump", "logfd", "2", NULL };
	scoped_buffer            said = BUFFER_NONE, out = BUFFER_NONE;
	struct text              rest, line;

	planned_read(planned, "pppd");
	if (planned_check(planned, "pppd@pppoe0", checker, &said) != 0)
		fail_msg("%s%s", buffer_string(&said), planned_file(planned, "pppd@pppoe0", "options"));
	rest = buffer_text(&said);
	while (text_next(&rest, "\n", &line)) {
		const char       *end = memmem(line.ptr, line.len, "\t\t# (from ", 10);
		struct text       value = text_first(line, end ? (size_t)(end - line.ptr) : line.len);
		const struct text option = text_until(&value, ' ');

		buffer_print(&out, "%.*s=%s\n", TEXT_ARGS(option), bytes_of(planned->arena, without_escapes(planned->arena, value)));
	}
	return arena_copy(planned->arena, buffer_text(&out));
}

static const struct subject line_subjects[] = {
	{ "interfaces.ppp", LINE, NULL, "username", NULL, NULL, "user=%", true },
	{ "interfaces.ppp", LINE, NULL, "provider", NULL, NULL, "pppoe-service=%", true },
};

/* --- All of them ------------------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct reader
	sshd = { "sshd", surround_sshd, understood_by_sshd, 6, ssh_subjects, COUNT(ssh_subjects) },
	cron = { "cron", surround_cron, understood_by_cron, 1, cron_subjects, COUNT(cron_subjects) },
	relay = { "dhcrelay", surround_relay, understood_by_relay, 2, relay_subjects, COUNT(relay_subjects) },
	pppd = { "pppd", surround_line, understood_by_pppd, 3, line_subjects, COUNT(line_subjects) },
	client = { "dhcpcd", surround_client, understood_by_client, 8, client_subjects, COUNT(client_subjects) };
/* clang-format on */

static const char *
understood(const struct reader *reader, const struct subject *subject, struct planned *planned, const char *value)
{
	reader->surround(planned);
	for (const char *const *pair = subject->base; value && pair && *pair; pair += 2)
		planned_put(planned, subject->resource, RECORD, pair[0], pair[1], NULL);
	if (value)
		planned_put(planned, subject->resource, subject->base ? RECORD : subject->uuid, subject->field,
			    with_value(planned->arena, subject->around ? subject->around : "%", value), NULL);
	return reader->understood(planned);
}

/* Lines of the one text that the other has not, each followed by its end. */
static const char *
only_in(struct arena *arena, const char *one, const char *other)
{
	const char   *framed = arena_print(arena, "\n%s\n", other);
	scoped_buffer out = BUFFER_NONE;
	struct text   rest = text_of(one), line;

	while (text_next(&rest, "\n", &line))
		if (line.len > 0 && !strstr(framed, arena_print(arena, "\n%.*s\n", TEXT_ARGS(line))))
			buffer_print(&out, "%.*s\n", TEXT_ARGS(line));
	return arena_copy(arena, buffer_text(&out));
}

/* What is added to what is understood without the value is what the value means, or, when it may be none, nothing. */
static void
check_value(const struct reader *reader, const struct subject *subject, const char *value, bool is_good, const char *without)
{
	struct planned *planned = planned_new();
	const char     *more = only_in(planned->arena, understood(reader, subject, planned, value), without);
	const char     *shown = subject->is_any ? bytes_of(planned->arena, text_of(value)) : value;
	const char     *means = subject->means ? with_value(planned->arena, subject->means, shown) : "";

	if ((is_good || subject->is_any || *more) && !text_equal(text_trim(text_of(more)), text_of(means)))
		fail_msg("%s: %s \"%s\": %s", reader->name, subject->field, value, more);
	planned_free(planned);
}

static void
check_subject(const struct reader *reader, const struct subject *subject)
{
	static const char alphabet[] = "\"\\#,:;=%'[]{}()<>/*@!$&|`~ \t\nabcdef0189.-_";
	scoped_arena      arena = arena_new();
	struct planned   *planned = planned_new();
	const char       *without = understood(reader, subject, planned, NULL), *value;

	for (unsigned i = 0; hostile_texts[i]; i++)
		if (i % reader->every == 0)
			check_value(reader, subject, hostile_texts[i], false, without);
	for (unsigned i = 0; i < GENERATED; i++)
		if (i % reader->every == 0)
			check_value(reader, subject, random_from(arena, alphabet, 60), false, without);
	for (unsigned i = 0; subject->good && (value = subject->good(arena, i)); i++)
		check_value(reader, subject, value, true, without);
	planned_free(planned);
}

static void
check_reader(const struct reader *reader)
{
	for (size_t i = 0; i < reader->count; i++)
		check_subject(reader, &reader->subjects[i]);
}

TEST(sshd_goes_by_the_value_or_by_nothing)
{
	check_reader(&sshd);
}

TEST(cron_goes_by_the_value_or_by_nothing)
{
	check_reader(&cron);
}

TEST(the_relay_goes_by_the_value_or_by_nothing)
{
	check_reader(&relay);
}

TEST(the_client_of_dhcp_goes_by_the_value_or_by_nothing)
{
	check_reader(&client);
}

/* The kernel of most test machines has no PPP, without which pppd says nothing. */
TEST(pppd_goes_by_the_value_whatever_it_is)
{
	if (access("/dev/ppp", F_OK) != 0) {
		print_message("skipped: this kernel lacks PPP (script/vm runs this test under another one)\n");
		skip();
	}
	check_reader(&pppd);
}

/* --- The place ------------------------------------------------------------------------------------------------------ */

static void
take_port(int family, uint16_t port)
{
	const struct sockaddr_in  four = { .sin_family = AF_INET, .sin_port = htons(port) };
	const struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	const int                 fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	CHECK(fd >= 0);
	CHECK(bind(fd, family == AF_INET ? (const void *)&four : &six, family == AF_INET ? sizeof(four) : sizeof(six)) == 0);
}

#define MUST_RUN(...) CHECK_NUMBER(planned_run((const char *const[]){ __VA_ARGS__, NULL }, &said), 0)

static int
furnish(void **state)
{
	scoped_buffer said = BUFFER_NONE;

	(void)state;
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) {
		fprintf(stderr, "SKIPPED: this test needs the right to make namespaces (run as root)\n");
		exit(77);
	}
	CHECK(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && mount("understood", "/run", "tmpfs", 0, "mode=755") == 0);
	CHECK(mkdir("/run/sshd", 0755) == 0 && mkdir("/run/dhcpcd", 0755) == 0);
	if (access("/var/lib/dhcpcd", F_OK) == 0)
		CHECK(mount("understood", "/var/lib/dhcpcd", "tmpfs", 0, "mode=755") == 0);
	MUST_RUN(IP, "link", "add", "em0", "type", "veth", "peer", "name", "em1");
	MUST_RUN(IP, "link", "add", "em2", "type", "veth", "peer", "name", "em3");
	for (int i = 0; i < 3; i++)
		MUST_RUN(IP, "link", "set", i == 0 ? "em0" : i == 1 ? "em1" : "em2", "up");
	MUST_RUN("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/run/key");
	take_port(AF_INET, 67);
	take_port(AF_INET6, 547);
	return 0;
}

/* usage: understood [PATTERN]: only tests of such names */
int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sshd_goes_by_the_value_or_by_nothing), cmocka_unit_test(cron_goes_by_the_value_or_by_nothing),
		cmocka_unit_test(the_relay_goes_by_the_value_or_by_nothing),
		cmocka_unit_test(the_client_of_dhcp_goes_by_the_value_or_by_nothing),
		cmocka_unit_test(pppd_goes_by_the_value_whatever_it_is),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, furnish, NULL);
}
