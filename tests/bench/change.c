/*
 * Changing one rule among 10,000, through each dialect: acknowledged, on disk and live in the kernel, against `nft -f`
 * of the same rule set; and small changes of 64 clients, against SQLite with one row a commit. Needs root.
 * usage: change DAEMON BARE
 */
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/rig.h"

#define RULES   10000
#define CHANGES 40
#define LOADS   3
#define WRITERS 64
#define SECONDS 2.0

static char folder[] = "/tmp/drawbridge-bench-XXXXXX";

static void
remove_folder(void)
{
	rig_run((const char *const[]){ "rm", "-rf", folder, NULL }, NULL);
}

/* The requests that change one rule each. */
static const char *
request_opnsense(struct arena *arena, const struct rig *rig, int fd, unsigned which)
{
	(void)fd;
	return rig_request(arena, arena_print(arena, "/api/firewall/filter/set_rule/c0000000-0000-4000-8000-%012u", which), rig->key,
			   "application/json", arena_print(arena, "{\"rule\":{\"destination_port\":\"%u\"}}", 50000 + which));
}

/* Clients of this dialect look a rule's number up first; that is not counted. */
static const char *
request_pfsense(struct arena *arena, const struct rig *rig, int fd, unsigned which)
{
	scoped_buffer out = BUFFER_NONE;

	rig_ask(fd, rig_request(arena, arena_print(arena, "/api/v1/firewall/rule?descr=rule%%20%u", which), rig->password, NULL, NULL), &out);
	const char *at = strstr(buffer_string(&out), "\"tracker\":\"");

	if (!at)
		rig_fail(buffer_string(&out));
	return rig_request(arena, "PUT /api/v1/firewall/rule", rig->password, "application/json",
			   arena_print(arena, "{\"tracker\":%.*s,\"src\":\"10.77.%u.%u\",\"apply\":true}",
				       (int)strcspn(at + 11, "\""), at + 11, which >> 8 & 255, which & 255));
}

static double
change_one(struct arena *arena, const struct rig *rig, bool opnsense, double *high)
{
	const int     fd = rig_connect(rig);
	const char   *apply = rig_request(arena, "/api/firewall/filter/apply", rig->key, "application/json", "{}");
	scoped_buffer out = BUFFER_NONE;
	double        took[CHANGES];

	for (unsigned i = 0; i < CHANGES; i++) {
		const unsigned which = 4000 + i * 37;
		const char    *request = (opnsense ? request_opnsense : request_pfsense)(arena, rig, fd, which);
		const double   begin = rig_now();

		if (rig_ask(fd, request, &out) != 200 || (opnsense && rig_ask(fd, apply, &out) != 200))
			rig_fail(buffer_string(&out));
		took[i] = rig_now() - begin;
	}
	close(fd);
	const double median = rig_median(took, CHANGES);

	*high = took[CHANGES - 1];
	return median;
}

/* The rules that are in the kernel now, loaded by nft into an empty network namespace. */
static double
load_all(struct arena *arena, const struct rig *rig)
{
	const char *const rules = arena_print(arena, "%s/rules.nft", folder);
	const char *const list[] = { "nsenter", "-t", arena_print(arena, "%d", (int)rig->pid), "-n", "nft", "list", "ruleset", NULL };
	const char *const load[] = { "unshare", "-n", "nft", "-f", rules, NULL };
	double            took[LOADS];

	if (!rig_run(list, rules))
		rig_skip("cannot list the rules of the sandbox: nft, nsenter and root are needed");
	for (size_t i = 0; i < LOADS; i++) {
		const double begin = rig_now();

		if (!rig_run(load, NULL))
			rig_fail("nft -f refuses the rules");
		took[i] = rig_now() - begin;
	}
	return rig_median(took, LOADS);
}

/* Commits of one row in a second, as SQLite does them without us, on the same disk. */
static double
commits(struct arena *arena)
{
	sqlite3 *database;
	size_t   count = 0;

	if (sqlite3_open(arena_print(arena, "%s/reference.db", folder), &database) != SQLITE_OK ||
	    sqlite3_exec(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(k INTEGER PRIMARY KEY, v TEXT)",
			 NULL, NULL, NULL) != SQLITE_OK)
		rig_fail(sqlite3_errmsg(database));
	const double begin = rig_now();

	while (rig_now() - begin < 1.5 && sqlite3_exec(database, "INSERT INTO t(v) VALUES('one alias, with a name and an address')", NULL, NULL, NULL) ==
						 SQLITE_OK)
		count++;
	const double rate = (double)count / (rig_now() - begin);

	sqlite3_close(database);
	return rate;
}

static void
report_change(struct arena *arena, const char *what, double took, double high, double reference)
{
	rig_report(what, arena_print(arena, "%s (slowest of %u: %s)", rig_print(arena, took), CHANGES, rig_print(arena, high)),
		   rig_print(arena, reference), "nft -f of the same rule set");
}

int
main(int argc, char **argv)
{
	scoped_arena  arena = arena_new();
	scoped_buffer out = BUFFER_NONE;
	double        high, took;

	if (argc < 2)
		return 2;
	if (geteuid() != 0)
		rig_skip("needs root, to look into the sandbox");
	if (!mkdtemp(folder))
		rig_fail("no temporary folder");
	atexit(remove_folder);
	/* The gate runs as somebody else. */
	if (chmod(folder, 0755) != 0)
		rig_fail("cannot open the temporary folder");
	const char *const more[] = { "--state", arena_print(arena, "%s/state", folder), "--socket", arena_print(arena, "%s/socket", folder),
				     "--apply", "sandbox", "--import", rig_file(arena, rig_config(arena, 10, RULES, 0)), NULL };
	struct rig        rig = rig_daemon(argv[1], more);
	const int         fd = rig_connect(&rig);

	if (rig_ask(fd, rig_request(arena, "/api/firewall/filter/apply", rig.key, "application/json", "{}"), &out) != 200 ||
	    !strstr(buffer_string(&out), "OK"))
		rig_fail(buffer_string(&out));
	took = change_one(arena, &rig, true, &high);
	const double reference = load_all(arena, &rig);

	report_change(arena, "change one of 10,000 rules: on disk and in the kernel; OPNsense, two requests", took, high, reference);
	took = change_one(arena, &rig, false, &high);
	report_change(arena, "the same; pfSense, one request with apply", took, high, reference);
	const double rate = rig_load(&rig, rig_request(arena, "/api/firewall/alias/toggle_item/a0000000-0000-4000-8000-000000000007", rig.key,
						       "application/json", "{}"),
				     WRITERS, SECONDS);

	rig_report("durable changes of 64 clients over HTTP", arena_print(arena, "%.0f/s", rate), arena_print(arena, "%.0f/s", commits(arena)),
		   "SQLite, one row a commit, same disk");
	close(fd);
	rig_end(&rig);
	return 0;
}
