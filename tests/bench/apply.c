/*
 * One link more among 200, one name of Unbound's among 10,000: saved, and live when the reply to the apply is there; beside what ip
 * and Unbound take alone. Links are VXLAN, which has the same steps as VLAN and is there in more kernels. Needs root.
 * usage: apply DAEMON BARE
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/rig.h"

#define HOSTS   10000
#define LINKS   200
#define CHANGES 12
#define HOST    "/api/unbound/settings/set_host_override/a0000000-0000-4000-8000-000000004711"

struct bench {
	struct arena *arena;
	struct rig    rig;
	int           fd;
};

static const char *
say(struct bench *bench, const char *target, const char *body)
{
	scoped_buffer out = BUFFER_NONE;

	const unsigned status =
		rig_ask(bench->fd, rig_request(bench->arena, target, RIG_KEY, "application/json", body), &out);

	if (status != 200 || strstr(buffer_string(&out), "failed"))
		rig_fail(arena_print(bench->arena, "%s: %u %s", target, status, buffer_string(&out)));
	return arena_copy(bench->arena, buffer_text(&out));
}

static struct text
configuration(struct arena *arena)
{
	scoped_buffer out = BUFFER_NONE;

	buffer_add_string(&out, "<?xml version=\"1.0\"?><opnsense><interfaces><lan><enable>1</enable><if>em0</if>"
				"<ipaddr>192.168.1.1</ipaddr><subnet>24</subnet></lan></interfaces>"
				"<OPNsense><unboundplus><general><enabled>1</enabled></general><hosts>");
	for (unsigned i = 0; i < HOSTS; i++)
		buffer_print(&out, "<host uuid=\"a0000000-0000-4000-8000-%012u\"><enabled>1</enabled><hostname>host%u</hostname>"
			     "<domain>lab.example</domain><rr>A</rr><server>10.%u.%u.%u</server></host>", i, i, 1 + i / 62500,
			     i / 250 % 250, 1 + i % 250);
	buffer_add_string(&out, "</hosts></unboundplus></OPNsense></opnsense>");
	return (struct text){ arena_copy(arena, buffer_text(&out)), out.len };
}

static void
report(struct bench *bench, const char *what, double *took, const char *reference, const char *which)
{
	const double median = rig_median(took, CHANGES);

	rig_report(what, arena_print(bench->arena, "%s (slowest of %d: %s)", rig_print(bench->arena, median), CHANGES,
				     rig_print(bench->arena, took[CHANGES - 1])), reference, which);
}

/* --- Links ---------------------------------------------------------------------------------------------------- */

static void
add_link(struct bench *bench, unsigned number)
{
	say(bench, "/api/interfaces/vxlan_settings/add_item",
	    arena_print(bench->arena, "{\"vxlan\":{\"vxlanid\":\"%u\",\"vxlanlocal\":\"192.168.1.1\",\"vxlanremote\":\"10.1.%u.%u\"}}",
			number + 1, number / 250, 1 + number % 250));
}

static void
apply_links(struct bench *bench)
{
	if (!strstr(say(bench, "/api/interfaces/vxlan_settings/reconfigure", "{}"), "\"ok\""))
		rig_fail("links are not applied");
}

/* Seen from within: the links of the namespace the keeper is in. */
static unsigned
count_links(struct bench *bench)
{
	char     line[1024];
	unsigned count = 0;
	FILE    *file = fopen(arena_print(bench->arena, "/proc/%d/net/dev", (int)bench->rig.pid), "re");

	while (file && fgets(line, sizeof(line), file))
		count += strstr(line, "vxlan") != NULL;
	if (file)
		fclose(file);
	return count;
}

/* ip, once for one more link beside them. */
static double
time_ip(struct bench *bench)
{
	double took[CHANGES];

	for (unsigned i = 0; i < CHANGES; i++) {
		const char *const argv[] = { "/usr/bin/nsenter", "-t", arena_print(bench->arena, "%d", (int)bench->rig.pid), "-n",
					     "/usr/sbin/ip", "link", "add", arena_print(bench->arena, "other%u", i), "type", "vxlan", "id",
					     arena_print(bench->arena, "%u", 9000 + i), "remote", "10.2.0.1", "dstport", "4790", NULL };
		const double begin = rig_now();

		if (!rig_run(argv, "/dev/null"))
			rig_skip("ip cannot add VXLAN links");
		took[i] = rig_now() - begin;
	}
	return rig_median(took, CHANGES);
}

static void
measure_links(struct bench *bench)
{
	double took[CHANGES];

	for (unsigned i = 0; i < LINKS; i++)
		add_link(bench, i);
	apply_links(bench);
	for (unsigned i = 0; i < CHANGES; i++) {
		const double begin = rig_now();

		add_link(bench, LINKS + i);
		apply_links(bench);
		took[i] = rig_now() - begin;
		if (count_links(bench) != LINKS + i + 1)
			rig_fail("a link that was applied is not there");
	}
	report(bench, "one VXLAN link more beside 200: on disk and there", took, rig_print(bench->arena, time_ip(bench)),
	       "ip link add of one, a process each");
}

/* --- Names ------------------------------------------------------------------------------------------------------ */

static void
measure_names(struct bench *bench)
{
	double took[CHANGES];

	if (!strstr(say(bench, "/api/unbound/service/reconfigure", "{}"), "\"ok\""))
		rig_fail("Unbound is not configured");
	for (unsigned i = 0; i < CHANGES; i++) {
		const double begin = rig_now();

		say(bench, HOST, arena_print(bench->arena, "{\"host\":{\"server\":\"10.99.0.%u\"}}", 1 + i));
		if (!strstr(say(bench, "/api/unbound/service/reconfigure", "{}"), "\"ok\""))
			rig_fail("Unbound is not reconfigured");
		took[i] = rig_now() - begin;
	}
	report(bench, "one of 10,000 names of Unbound changed: on disk and answered", took,
	       rig_print(bench->arena, rig_reload(&bench->rig, "unbound.ctl", "UBCT1 reload_keep_cache\n")), "Unbound's own reload of the same file");
}

int
main(int argc, char **argv)
{
	scoped_arena arena = arena_new();
	struct bench bench = { .arena = arena };

	if (argc < 2)
		return 2;
	if (geteuid() != 0)
		rig_skip("needs root, to look into the sandbox");
	if (access("/usr/sbin/unbound", X_OK) != 0 || access("/usr/sbin/ip", X_OK) != 0)
		rig_skip("needs unbound and iproute2");
	bench.rig = rig_daemon(argv[1], (const char *const[]){ "--apply", "sandbox", "--import", rig_file(arena, configuration(arena)),
							       NULL });
	bench.fd = rig_connect(&bench.rig);
	say(&bench, "/api/interfaces/vip_settings/reconfigure", "{}");
	measure_names(&bench);
	measure_links(&bench);
	close(bench.fd);
	rig_end(&bench.rig);
	return 0;
}
