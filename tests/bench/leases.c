/*
 * One host among 10,000 of dnsmasq, one reservation among 10,000 of Kea: saved, and live when the reply to the apply is there; beside
 * what the daemon takes to read its own files again. Needs root. usage: leases DAEMON BARE
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/rig.h"

#define HOSTS   10000
#define CHANGES 12
#define SUBNET  "c0000000-0000-4000-8000-000000000000"

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
		rig_ask(bench->fd, rig_request(bench->arena, target, RIG_KEY, body ? "application/json" : NULL, body), &out);

	if (status != 200)
		rig_fail(arena_print(bench->arena, "%s: %u %s", target, status, buffer_string(&out)));
	return arena_copy(bench->arena, buffer_text(&out));
}

/* A configuration of both servers, of which Kea's is off. */
static struct text
configuration(struct arena *arena)
{
	scoped_buffer out = BUFFER_NONE;

	buffer_add_string(&out, "<?xml version=\"1.0\"?><opnsense><interfaces><lan><enable>1</enable><if>em0</if>"
				"<ipaddr>192.168.1.1</ipaddr><subnet>24</subnet></lan></interfaces>"
				"<dnsmasq><enable>1</enable><port>53053</port>");
	for (unsigned i = 0; i < HOSTS; i++)
		buffer_print(&out, "<hosts uuid=\"a0000000-0000-4000-8000-%012u\"><host>host%u</host><domain>lab.example</domain>"
			     "<ip>10.%u.%u.%u</ip></hosts>", i, i, 1 + i / 62500, i / 250 % 250, 1 + i % 250);
	buffer_add_string(&out, "</dnsmasq><OPNsense><Kea><dhcp4><general><enabled>0</enabled><interfaces>lan</interfaces></general>"
				"<subnets><subnet4 uuid=\"" SUBNET "\"><subnet_id>1</subnet_id><subnet>10.0.0.0/8</subnet>"
				"<pools>10.200.0.1-10.200.9.9</pools></subnet4></subnets><reservations>");
	for (unsigned i = 0; i < HOSTS; i++)
		buffer_print(&out, "<reservation uuid=\"b0000000-0000-4000-8000-%012u\"><subnet>" SUBNET "</subnet><ip_address>10.%u.%u.%u"
			     "</ip_address><hw_address>02:00:00:%02x:%02x:%02x</hw_address><hostname>r%u</hostname></reservation>", i,
			     1 + i / 62500, i / 250 % 250, 1 + i % 250, i >> 16, i >> 8 & 255, i & 255, i);
	buffer_add_string(&out, "</reservations></dhcp4></Kea></OPNsense></opnsense>");
	return (struct text){ arena_copy(arena, buffer_text(&out)), out.len };
}

/* Change one and apply, some times. */
static double
change(struct bench *bench, const char *set, const char *root, const char *field, const char *value, const char *apply, double *high)
{
	double took[CHANGES];

	for (unsigned i = 0; i < CHANGES; i++) {
		const char  *body = arena_print(bench->arena, "{\"%s\":{\"%s\":\"%s%u\"}}", root, field, value, 200 + i);
		const double begin = rig_now();

		say(bench, set, body);
		if (!strstr(say(bench, apply, "{}"), "\"ok\""))
			rig_fail(apply);
		took[i] = rig_now() - begin;
	}
	const double median = rig_median(took, CHANGES);

	*high = took[CHANGES - 1];
	return median;
}

static void
report(struct bench *bench, const char *what, double took, double high, const char *reference, const char *which)
{
	rig_report(what, arena_print(bench->arena, "%s (slowest of %d: %s)", rig_print(bench->arena, took), CHANGES,
				     rig_print(bench->arena, high)), reference, which);
}

static void
measure_dnsmasq(struct bench *bench)
{
	double took, high;

	say(bench, "/api/dnsmasq/service/reconfigure", "{}");
	took = change(bench, "/api/dnsmasq/settings/set_host/a0000000-0000-4000-8000-000000004711", "host", "ip", "10.99.0.",
		      "/api/dnsmasq/service/reconfigure", &high);
	report(bench, "one of 10,000 hosts of dnsmasq changed: on disk and answered", took, high, "100 ms", "our own limit");
}

static void
measure_kea(struct bench *bench)
{
	double took, high;

	say(bench, "/api/kea/dhcpv4/set", "{\"dhcpv4\":{\"general\":{\"enabled\":\"1\"}}}");
	say(bench, "/api/kea/service/reconfigure", "{}");
	took = change(bench, "/api/kea/dhcpv4/set_reservation/b0000000-0000-4000-8000-000000004711", "reservation", "ip_address",
		      "10.99.0.", "/api/kea/service/reconfigure", &high);
	report(bench, "one of 10,000 reservations of Kea changed: on disk and given", took, high,
	       rig_print(bench->arena, rig_reload(&bench->rig, "kea/kea4-ctrl-socket", "{ \"command\": \"config-reload\" }")), "Kea's own config-reload of the same file");
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
	if (access("/usr/sbin/kea-dhcp4", X_OK) != 0 || access("/usr/sbin/dnsmasq", X_OK) != 0)
		rig_skip("needs kea-dhcp4-server and dnsmasq-base");
	bench.rig = rig_daemon(argv[1], (const char *const[]){ "--apply", "sandbox", "--import", rig_file(arena, configuration(arena)),
							       NULL });
	bench.fd = rig_connect(&bench.rig);
	say(&bench, "/api/interfaces/vip_settings/reconfigure", "{}");
	measure_dnsmasq(&bench);
	measure_kea(&bench);
	close(bench.fd);
	rig_end(&bench.rig);
	return 0;
}
