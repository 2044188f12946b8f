/* strongSwan's files from records: which there are, what is said to be missing, and what the daemon itself makes of hostile texts. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "conf_grammar.h"
#include "planned.h"
#include "test.h"
#include "wire/vici.h"

#define CHARON     "/usr/lib/ipsec/charon"
#define SWANCTL    "/usr/sbin/swanctl"
#define SOCKET     "/run/charon.vici"
#define FOLDER     "/run/tunnels"
#define PATIENCE   60000 /* ms */
#define CONNECTION "10000000-0000-4000-8000-000000000001"
#define CHILD      "10000000-0000-4000-8000-000000000002"
#define LOCAL      "10000000-0000-4000-8000-000000000003"
#define REMOTE     "10000000-0000-4000-8000-000000000004"
#define POOL       "10000000-0000-4000-8000-000000000005"
#define KEY        "10000000-0000-4000-8000-000000000006"
#define OURS       "0123456789abc"
#define AUTHORITY  "0123456789abd"
#define ABOVE      "0123456789abe"

static struct planned *
new_box(void)
{
	struct planned *planned = planned_new();

	planned_put(planned, "ipsec.settings", NULL, "general.enabled", "1", NULL);
	planned_put(planned, "ipsec.connection", CONNECTION, "description", "site", "remote_addrs", "198.51.100.7", NULL);
	planned_put(planned, "ipsec.local", LOCAL, "connection", CONNECTION, "auth", "psk", "id", "a@b", NULL);
	planned_put(planned, "ipsec.remote", REMOTE, "connection", CONNECTION, "auth", "psk", "id", "c@d", NULL);
	planned_put(planned, "ipsec.child", CHILD, "connection", CONNECTION, "start_action", "none", "local_ts", "192.168.1.0/24",
		    "remote_ts", "10.0.0.0/8", NULL);
	return planned;
}

static const char *
pem(struct planned *planned, const char *content)
{
	return base64_encode(planned->arena, text_of(content));
}

static bool
misses(struct planned *planned, const char *words)
{
	planned_read(planned, "charon");
	return text_contains(buffer_text(&planned->missing), text_of(words));
}

/* --- files ------------------------------------------------------------------------------------------------------- */

TEST(there_is_nothing_while_it_is_off)
{
	struct planned *planned = new_box();

	planned_put(planned, "ipsec.settings", NULL, "general.enabled", "", NULL);
	planned_read(planned, "charon");
	CHECK_NUMBER(planned->services.n, 1);
	CHECK(!planned->services.plans[0].wanted && planned->services.plans[0].nfiles == 0);
	planned_free(planned);
}

TEST(certificates_come_with_their_keys_and_all_authorities_above)
{
	struct planned *planned = new_box();

	planned_put(planned, "trust.ca", NULL, "refid", ABOVE, "descr", "above", "crt", pem(planned, "ABOVE"), "prv", pem(planned, "SECRET1"), NULL);
	planned_put(planned, "trust.ca", NULL, "refid", AUTHORITY, "descr", "x", "crt", pem(planned, "AUTHORITY"), "caref", ABOVE, NULL);
	planned_put(planned, "trust.crl", NULL, "refid", OURS, "descr", "x", "caref", AUTHORITY, "text", pem(planned, "REVOKED"), NULL);
	planned_put(planned, "trust.cert", NULL, "refid", OURS, "descr", "x", "crt", pem(planned, "OURS"), "prv", pem(planned, "SECRET2"),
		    "caref", AUTHORITY, NULL);
	planned_put(planned, "ipsec.local", LOCAL, "auth", "pubkey", "certs", OURS, NULL);
	planned_put(planned, "ipsec.remote", REMOTE, "auth", "pubkey", "cacerts", AUTHORITY, NULL);
	planned_read(planned, "charon");
	CHECK_STRING(planned_file(planned, "charon", "x509/" OURS ".crt"), "OURS");
	CHECK_STRING(planned_file(planned, "charon", "private/" OURS ".key"), "SECRET2");
	CHECK_STRING(planned_file(planned, "charon", "x509ca/" AUTHORITY ".crt"), "AUTHORITY");
	CHECK_STRING(planned_file(planned, "charon", "x509ca/" ABOVE ".crt"), "ABOVE");
	CHECK_STRING(planned_file(planned, "charon", "x509crl/" OURS ".crl"), "REVOKED");
	for (size_t i = 0; i < planned->services.plans[0].nfiles; i++) {
		const struct service_file *file = &planned->services.plans[0].files[i];

		CHECK(!text_contains(file->content, TEXT("SECRET1")));
		CHECK(file->secret == (strncmp(file->name, "private/", 8) == 0 || strcmp(file->name, "swanctl.conf") == 0));
	}
	CHECK_NUMBER(planned->missing.len, 0);
	planned_free(planned);
}

TEST(what_is_switched_off_needs_no_files)
{
	struct planned *planned = new_box();

	planned_put(planned, "trust.cert", NULL, "refid", OURS, "descr", "x", "crt", pem(planned, "OURS"), NULL);
	planned_put(planned, "ipsec.local", LOCAL, "auth", "pubkey", "certs", OURS, NULL);
	planned_put(planned, "ipsec.connection", CONNECTION, "enabled", "0", NULL);
	planned_read(planned, "charon");
	CHECK_STRING(planned_file(planned, "charon", "x509/" OURS ".crt"), "");
	CHECK_NUMBER(planned->missing.len, 0);
	planned_free(planned);
}

TEST(keys_of_no_certificate_have_files_too)
{
	struct planned *planned = new_box();

	planned_put(planned, "ipsec.key_pair", KEY, "name", "pair", "publicKey", "PUBLIC", "privateKey", "PRIVATE", NULL);
	planned_put(planned, "ipsec.local", LOCAL, "auth", "pubkey", "pubkeys", KEY, NULL);
	planned_read(planned, "charon");
	CHECK_STRING(planned_file(planned, "charon", "pubkey/" KEY ".pem"), "PUBLIC");
	CHECK_STRING(planned_file(planned, "charon", "private/" KEY ".pem"), "PRIVATE");
	planned_put(planned, "ipsec.key_pair", KEY, "privateKey", "", NULL);
	CHECK(misses(planned, "key pair has no private half"));
	planned_free(planned);
}

TEST(settings_are_the_daemons_own)
{
	struct planned *planned = new_box();
	const char     *file;

	planned_put(planned, "ipsec.settings", NULL, "charon.threads", "24", "charon.retransmit_base", "1.8", "charon.plugins.attr.x_28674",
		    "example.org", "charon.syslog.daemon.ike", "4", "charon.syslog.daemon.knl", "-1", "charon.make_before_break", "1", NULL);
	planned_read(planned, "charon");
	file = planned_file(planned, "charon", "strongswan.conf");
	CHECK(conf_is_well_formed(file));
	CHECK(strstr(file, "    threads = 24\n") && strstr(file, "    retransmit_base = 1.8\n") && strstr(file, " 28674 = example.org\n"));
	CHECK(strstr(file, "    make_before_break = yes\n") && strstr(file, " knl = -1\n") && strstr(file, "kernel-libipsec {"));
	/* One level more, and keys are in the log. */
	CHECK(strstr(file, " ike = 3\n"));
	planned->kernel_has_esp = true;
	planned_read(planned, "charon");
	CHECK(!strstr(planned_file(planned, "charon", "strongswan.conf"), "kernel-libipsec"));
	planned_free(planned);
}

/* --- what cannot be had ------------------------------------------------------------------------------------------- */

TEST(what_cannot_be_had_is_said)
{
	static const struct {
		const char *resource, *uuid, *field, *value, *words;
	} rows[] = {
		{ "ipsec.child", CHILD, "mode", "transport", "CONFIG_INET_ESP" },
		{ "ipsec.local", LOCAL, "auth", "xauth-pam", "Xauth PAM" },
		{ "ipsec.remote", REMOTE, "auth", "eap-radius", "no server is known" },
		{ "ipsec.local", LOCAL, "certs", OURS, "certificate " OURS " or its key is not there" },
		{ "ipsec.remote", REMOTE, "cacerts", AUTHORITY, "authority " AUTHORITY " is not there" },
		{ "ipsec.settings", NULL, "general.preferred_oldsa", "1", "newest" },
		{ "ipsec.settings", NULL, "general.passthrough_networks", "10.0.0.0/8", "passthrough" },
		{ "ipsec.vti", NULL, "reqid", "1", "virtual tunnel interfaces" },
		{ "ipsec.spd", NULL, "source", "10.0.0.0/8", "manual policies" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct planned *planned = new_box();

		planned_put(planned, rows[i].resource, rows[i].uuid, rows[i].field, rows[i].value, NULL);
		if (!misses(planned, rows[i].words))
			fail_msg("%s: %s", rows[i].words, buffer_string(&planned->missing));
		planned_free(planned);
	}
}

/* Nothing tells the daemon of a packet that it has no association for. */
TEST(what_waits_for_a_packet_starts_at_once_where_none_can_start_it)
{
	struct planned *planned = new_box();

	planned_put(planned, "ipsec.child", CHILD, "start_action", "trap|start", "close_action", "trap", NULL);
	planned_read(planned, "charon");
	CHECK(strstr(planned_file(planned, "charon", "swanctl.conf"), "start_action = start\n                close_action = start\n"));
	planned->kernel_has_esp = true;
	planned_read(planned, "charon");
	CHECK(strstr(planned_file(planned, "charon", "swanctl.conf"), "start_action = trap|start\n                close_action = trap\n"));
	planned_free(planned);
}

TEST(a_kernel_that_can_needs_no_excuse)
{
	struct planned *planned = new_box();

	planned->kernel_has_esp = true;
	planned_put(planned, "ipsec.child", CHILD, "mode", "transport", "reqid", "7", "policies", "0", NULL);
	planned_put(planned, "ipsec.vti", NULL, "reqid", "7", NULL);
	planned_read(planned, "charon");
	CHECK_NUMBER(planned->missing.len, 0);
	/* An interface of its own has its number. */
	CHECK(strstr(planned_file(planned, "charon", "swanctl.conf"), "policies = yes\n                if_id_in = 7\n                if_id_out = 7\n"));
	planned_free(planned);
}

/* --- hostile texts -------------------------------------------------------------------------------------------------- */

static const struct {
	const char *resource, *uuid, *field;
} fields[] = {
	{ "ipsec.connection", CONNECTION, "remote_addrs" }, { "ipsec.connection", CONNECTION, "proposals" },
	{ "ipsec.connection", CONNECTION, "rekey_time" },   { "ipsec.connection", CONNECTION, "unique" },
	{ "ipsec.connection", CONNECTION, "pools" },        { "ipsec.connection", CONNECTION, "keyingtries" },
	{ "ipsec.local", LOCAL, "id" },                     { "ipsec.local", LOCAL, "eap_id" },
	{ "ipsec.local", LOCAL, "auth" },                   { "ipsec.remote", REMOTE, "id" },
	{ "ipsec.child", CHILD, "remote_ts" },              { "ipsec.child", CHILD, "esp_proposals" },
	{ "ipsec.child", CHILD, "reqid" },                  { "ipsec.child", CHILD, "start_action" },
	{ "ipsec.pool", POOL, "addrs" },                    { "ipsec.pool", POOL, "dns" },
	{ "ipsec.pool", POOL, "name" },                     { "ipsec.pre_shared_key", KEY, "ident" },
	{ "ipsec.pre_shared_key", KEY, "remote_ident" },    { "ipsec.pre_shared_key", KEY, "Key" },
	{ "ipsec.settings", NULL, "charon.threads" },       { "ipsec.settings", NULL, "charon.reqid_base" },
	{ "ipsec.settings", NULL, "charon.retransmit_base" }, { "ipsec.settings", NULL, "charon.syslog.daemon.app" },
	{ "ipsec.settings", NULL, "charon.plugins.attr.dns" }, { "ipsec.settings", NULL, "charon.plugins.attr.x_28672" },
};

static void
add_rest(struct planned *planned)
{
	planned_put(planned, "ipsec.pool", POOL, "name", "one", "addrs", "10.9.0.0/24", NULL);
	planned_put(planned, "ipsec.pre_shared_key", KEY, "ident", "a@b", "remote_ident", "c@d", "Key", "secret", NULL);
}

TEST(no_text_is_more_than_a_value)
{
	for (size_t i = 0; hostile_texts[i]; i++)
		for (size_t k = 0; k < COUNT(fields); k++) {
			struct planned *planned = new_box();

			add_rest(planned);
			planned_put(planned, fields[k].resource, fields[k].uuid, fields[k].field, hostile_texts[i], NULL);
			planned_read(planned, "charon");
			if (!conf_is_well_formed(planned_file(planned, "charon", "swanctl.conf")) ||
			    !conf_is_well_formed(planned_file(planned, "charon", "strongswan.conf")))
				fail_msg("%s: %s", fields[k].field, hostile_texts[i]);
			planned_free(planned);
		}
}

/* --- the daemon itself ------------------------------------------------------------------------------------------------ */

static pid_t daemon_pid;

static void
write_file(const char *path, const char *content)
{
	scoped_fd fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content));
}

static void
start_daemon(struct planned *planned)
{
	CHECK(mkdir(FOLDER, 0700) == 0 || errno == EEXIST);
	planned_read(planned, "charon");
	write_file(FOLDER "/strongswan.conf", planned_file(planned, "charon", "strongswan.conf"));
	unlink(SOCKET);
	daemon_pid = fork();
	if (daemon_pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(open(FOLDER "/log", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), 2);
		execl(CHARON, "charon", NULL);
		_exit(127);
	}
	for (int waited = 0; access(SOCKET, F_OK) != 0; waited += 20) {
		if (waited > PATIENCE || waitpid(daemon_pid, NULL, WNOHANG) != 0)
			fail_msg("the daemon does not start with\n%s", planned_file(planned, "charon", "strongswan.conf"));
		usleep(20000);
	}
}

static void
end_daemon(void)
{
	kill(daemon_pid, SIGTERM);
	waitpid(daemon_pid, NULL, 0);
}

static const struct value *
ask_daemon(struct arena *arena, const char *event, const char *command)
{
	const struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = SOCKET };
	scoped_fd                fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	scoped_buffer            asked = BUFFER_NONE, said = BUFFER_NONE;
	char                     bytes[4096];
	ssize_t                  n;

	vici_ask(&asked, event, command, NULL);
	CHECK(connect(fd, (const struct sockaddr *)&name, sizeof(name)) == 0);
	CHECK(write(fd, asked.bytes, asked.len) == (ssize_t)asked.len);
	while (!vici_is_whole(buffer_text(&said)) && (n = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(&said, (struct text){ bytes, (size_t)n });
	return vici_read(arena, buffer_text(&said));
}

/* What the daemon has: connections, their children, pools and secrets by name; secrets in a list. */
static const char *
names_of(struct arena *arena)
{
	static const char *const kinds[][2] = { { "list-conn", "list-conns" }, { NULL, "get-pools" }, { NULL, "get-shared" } };
	scoped_buffer            out = BUFFER_NONE;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		const struct value *said = ask_daemon(arena, kinds[i][0], kinds[i][1]);

		for (size_t j = 0; j < value_count(said); j++)
			for (size_t k = 0; k < value_count(value_at(said, j)); k++) {
				const struct member *one = &value_at(said, j)->members[k];
				const struct value  *inner = i == 0 ? value_get(one->value, "children") : NULL;

				buffer_print(&out, "%s %.*s\n", kinds[i][1], TEXT_ARGS(one->name));
				for (size_t l = 0; l < value_count(inner); l++)
					buffer_print(&out, "child %.*s\n", TEXT_ARGS(inner->members[l].name));
				for (size_t l = 0; i == 2 && l < value_count(one->value); l++)
					buffer_print(&out, "secret %s\n", value_as_string(arena, value_at(one->value, l)));
			}
	}
	return arena_copy(arena, buffer_text(&out));
}

static int
load(struct planned *planned)
{
	scoped_buffer said = BUFFER_NONE;

	planned_read(planned, "charon");
	write_file(FOLDER "/swanctl.conf", planned_file(planned, "charon", "swanctl.conf"));
	return planned_run((const char *const[]){ SWANCTL, "--load-all", "--noprompt", "--debug", "0", NULL }, &said);
}

/* Each name that it has is one of those. */
static void
check_names(struct arena *arena, const char *text, const char *field)
{
	static const char wanted[] = "get-pools one\nlist-conns " CONNECTION "\nchild " CHILD "\nget-shared keys\nsecret ike-" KEY "\n";
	const char       *have = names_of(arena);
	struct text       rest = text_of(have), line;

	while (text_next(&rest, "\n", &line)) {
		const char *whole = arena_print(arena, "%.*s\n", TEXT_ARGS(line));
		/* A pool may be called by what is left of its name. */
		const bool is_name = strcmp(field, "name") == 0 && text_starts(line, TEXT("get-pools "));

		if (!strstr(wanted, whole) && !is_name)
			fail_msg("%s: %s: it knows %s", field, text, whole);
	}
}

static void
need_daemon(void)
{
	if (geteuid() != 0 || access(CHARON, X_OK) != 0 || access(SWANCTL, X_OK) != 0 || unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) {
		fprintf(stderr, "SKIPPED: this test needs to be root, strongswan-charon and strongswan-swanctl\n");
		skip();
	}
	CHECK(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && mount("run", "/run", "tmpfs", 0, "mode=755") == 0);
	setenv("STRONGSWAN_CONF", FOLDER "/strongswan.conf", 1);
	setenv("SWANCTL_DIR", FOLDER, 1);
}

TEST(the_daemon_has_what_was_planned_and_nothing_else_whatever_a_text_is)
{
	struct planned *first = new_box();

	need_daemon();
	add_rest(first);
	start_daemon(first);
	CHECK_NUMBER(load(first), 0);
	CHECK_STRING(names_of(first->arena), "list-conns " CONNECTION "\nchild " CHILD "\nget-pools one\nget-shared keys\nsecret ike-" KEY "\n");
	for (size_t i = 0; hostile_texts[i]; i++)
		for (size_t k = i % 6; k < COUNT(fields); k += 6) {
			struct planned *planned;

			if (strcmp(fields[k].resource, "ipsec.settings") == 0)
				continue;
			planned = new_box();
			add_rest(planned);
			planned_put(planned, fields[k].resource, fields[k].uuid, fields[k].field, hostile_texts[i], NULL);
			(void)load(planned);
			check_names(planned->arena, hostile_texts[i], fields[k].field);
			planned_free(planned);
		}
	planned_free(first);
	end_daemon();
}

RUN(cmocka_unit_test(there_is_nothing_while_it_is_off), cmocka_unit_test(certificates_come_with_their_keys_and_all_authorities_above),
    cmocka_unit_test(what_is_switched_off_needs_no_files), cmocka_unit_test(keys_of_no_certificate_have_files_too),
    cmocka_unit_test(settings_are_the_daemons_own), cmocka_unit_test(what_cannot_be_had_is_said),
    cmocka_unit_test(what_waits_for_a_packet_starts_at_once_where_none_can_start_it),
    cmocka_unit_test(a_kernel_that_can_needs_no_excuse), cmocka_unit_test(no_text_is_more_than_a_value),
    cmocka_unit_test(the_daemon_has_what_was_planned_and_nothing_else_whatever_a_text_is));
