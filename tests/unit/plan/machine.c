/* Tunables and jobs: what is read of the configuration the keeper takes, and nothing else. */
#include <string.h>

#include "plan/access/jobs.h"
#include "plan/access/tunables.h"
#include "planned.h"
#include "test.h"

/* --- Tunables ------------------------------------------------------------------------------------------ */

TEST(no_name_or_value_becomes_more_than_it_is)
{
	for (size_t i = 0; hostile_texts[i]; i++)
		for (int k = 0; k < 2; k++) {
			struct planned *planned = planned_new();
			scoped_buffer   bytes = BUFFER_NONE;
			struct tunables all, again;

			planned_put(planned, "core.tunable", NULL, "tunable", k ? "net.ipv4.ip_forward" : hostile_texts[i], "value",
				    k ? hostile_texts[i] : "1", NULL);
			tunables_read(planned->arena, planned->snapshot, &all, &planned->missing);
			tunables_encode(&bytes, &all);
			if (!tunables_decode(planned->arena, buffer_text(&bytes), &again) || again.n != all.n)
				fail_msg("%s", hostile_texts[i]);
			if (k == 0)
				CHECK(all.n == 0 && planned->missing.len > 0);
			planned_free(planned);
		}
}

TEST(dots_and_slashes_divide_as_sysctl_has_it)
{
	static const char *const names[][2] = {
		{ "net.ipv4.conf.em0/10.rp_filter", "net/ipv4/conf/em0.10/rp_filter" },
		{ "net/ipv4/conf/em0.10/rp_filter", "net/ipv4/conf/em0.10/rp_filter" },
		{ "net.inet.tcp.syncookies", "net/ipv4/tcp_syncookies" },
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		struct planned *planned = planned_new();
		struct tunables all;

		planned_put(planned, "core.tunable", NULL, "tunable", names[i][0], "value", "1", NULL);
		tunables_read(planned->arena, planned->snapshot, &all, &planned->missing);
		CHECK_NUMBER(all.n, 1);
		CHECK_STRING(all.tunables[0].path, names[i][1]);
		planned_free(planned);
	}
}

TEST(only_what_is_its_own_is_a_namespaces)
{
	static const struct {
		const char *path;
		bool        in_namespace, on_machine;
	} cases[] = {
		{ "net/ipv4/ip_forward", true, true },       { "net/ipv6/conf/all/forwarding", true, true },
		{ "net/core/somaxconn", true, true },        { "net/core/rmem_max", false, true },
		{ "net/netfilter/nf_conntrack_max", false, true }, { "net/netfilter/nf_conntrack_tcp_loose", true, true },
		{ "net/ipv4/tcp_mem", false, true },         { "vm/swappiness", false, true },
		{ "kernel/panic", false, true },             { "kernel/core_pattern", false, false },
		{ "kernel/modprobe", false, false },         { "kernel/hotplug", false, false },
		{ "kernel/hostname", false, false },         { "fs/binfmt_misc/register", false, false },
		{ "net", false, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		if (tunable_is_allowed(text_of(cases[i].path), true) != cases[i].in_namespace ||
		    tunable_is_allowed(text_of(cases[i].path), false) != cases[i].on_machine)
			fail_msg("%s", cases[i].path);
}

static const char *const bad_paths[] = { "", "/", "/net/a", "net/a/", "net//a", "net/../kernel/panic", "net/./a", "net", "a b/c", "net/a\n", "net/%s" };

TEST(the_keeper_takes_no_other_tunables)
{
	const struct tunable good = { "net/ipv4/ip_forward", "1" }, twice[] = { good, good };
	struct tunable       bad = good;
	scoped_arena         arena = arena_new();
	scoped_buffer        bytes = BUFFER_NONE;
	struct tunables      out;

	tunables_encode(&bytes, &(struct tunables){ &good, 1 });
	CHECK(tunables_decode(arena, buffer_text(&bytes), &out) && out.n == 1);
	for (size_t len = 0; len < bytes.len; len++)
		CHECK(!tunables_decode(arena, text_first(buffer_text(&bytes), len), &out));
	for (size_t i = 0; i < COUNT(bad_paths); i++) {
		bad.path = bad_paths[i];
		buffer_cut(&bytes, 0);
		tunables_encode(&bytes, &(struct tunables){ &bad, 1 });
		if (tunables_decode(arena, buffer_text(&bytes), &out))
			fail_msg("%s", bad_paths[i]);
	}
	bad = (struct tunable){ good.path, "1\n2" };
	buffer_cut(&bytes, 0);
	tunables_encode(&bytes, &(struct tunables){ &bad, 1 });
	CHECK(!tunables_decode(arena, buffer_text(&bytes), &out));
	buffer_cut(&bytes, 0);
	tunables_encode(&bytes, &(struct tunables){ twice, 2 });
	CHECK(!tunables_decode(arena, buffer_text(&bytes), &out));
}

/* --- Jobs ---------------------------------------------------------------------------------------------- */

static bool
is_taken(const struct job *job)
{
	scoped_arena  arena = arena_new();
	scoped_buffer bytes = BUFFER_NONE;
	struct jobs   out;

	jobs_encode(&bytes, &(struct jobs){ job, 1 });
	for (size_t len = 0; len < bytes.len; len += 3)
		CHECK(!jobs_decode(arena, text_first(buffer_text(&bytes), len), &out));
	return jobs_decode(arena, buffer_text(&bytes), &out);
}

TEST(times_are_those_of_cron)
{
	static const char *const good[][JOB_FIELDS] = {
		{ "*", "*", "*", "*", "*" }, { "0,30", "1-5", "1-31/2", "JAN-mar", "0-7" }, { "*/5", "23", "L", "12", "7" },
	};
	static const char *const bad[][JOB_FIELDS] = {
		{ "60", "*", "*", "*", "*" }, { "*", "24", "*", "*", "*" }, { "*", "*", "0", "*", "*" }, { "*", "*", "*", "13", "*" },
		{ "*", "*", "*", "*", "8" }, { "5-1", "*", "*", "*", "*" }, { "1-", "*", "*", "*", "*" }, { "1,", "*", "*", "*", "*" },
		{ ",1", "*", "*", "*", "*" }, { "1/2", "*", "*", "*", "*" }, { "*/0", "*", "*", "*", "*" }, { "", "*", "*", "*", "*" },
		{ "* * * * * root id\n*", "*", "*", "*", "*" }, { "L", "*", "*", "*", "*" }, { "@reboot", "*", "*", "*", "*" },
		{ "*", "*", "*", "FOO", "*" }, { "*", "*", "*", "*", "MON" },
	};
	struct job job = { .parameter = "" };

	for (size_t i = 0; i < COUNT(good); i++) {
		memcpy(job.fields, good[i], sizeof(job.fields));
		CHECK(is_taken(&job));
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		memcpy(job.fields, bad[i], sizeof(job.fields));
		if (is_taken(&job))
			fail_msg("%zu", i);
	}
}

TEST(a_line_is_what_it_should_be_and_percents_are_escaped)
{
	const struct job job = { { "1", "2", "3", "4", "5" }, 1, "" };
	scoped_buffer    out = BUFFER_NONE;

	CHECK(jobs_print(&(struct jobs){ &job, 1 }, "/usr/bin/drawbridge", "/run/a%b.sock", &out));
	CHECK(strstr(buffer_string(&out), "\n1 2 3 4 5 root --socket /run/a\\%b.sock call /api/core/service/restart/dnsmasq {}\n") != NULL);
	CHECK(!jobs_print(&(struct jobs){ &job, 1 }, "/usr/bin/drawbridge", "/run/a b", &out));
	CHECK(!jobs_print(&(struct jobs){ &job, 1 }, "/usr/bin/drawbridge", "/run/a\nb", &out));
	CHECK(!jobs_print(&(struct jobs){ &job, 1 }, "/usr/bin/dr'aw", "/run/a", &out));
}

TEST(no_text_of_a_job_becomes_more_than_it_is)
{
	static const char *const fields[] = { "minutes", "hours", "days", "months", "weekdays", "command", "parameters", "who", "description" };

	for (size_t i = 0; hostile_texts[i]; i++)
		for (size_t k = 0; k < COUNT(fields); k++) {
			struct planned *planned = planned_new();
			scoped_buffer   file = BUFFER_NONE;
			struct jobs     all;
			size_t          lines = 0;

			planned_put(planned, "cron.job", NULL, "enabled", "1", "command", "interface reconfigure", "parameters", "lan",
				    fields[k], hostile_texts[i], NULL);
			jobs_read(planned->arena, planned->snapshot, &all, &planned->missing);
			CHECK(jobs_print(&all, "/usr/bin/drawbridge", "/run/s", &file));
			for (const char *c = buffer_string(&file); *c; c++)
				lines += *c == '\n';
			CHECK_NUMBER(lines, 3 + all.n);
			planned_free(planned);
		}
}

RUN(cmocka_unit_test(no_name_or_value_becomes_more_than_it_is), cmocka_unit_test(dots_and_slashes_divide_as_sysctl_has_it),
    cmocka_unit_test(only_what_is_its_own_is_a_namespaces), cmocka_unit_test(the_keeper_takes_no_other_tunables),
    cmocka_unit_test(times_are_those_of_cron), cmocka_unit_test(a_line_is_what_it_should_be_and_percents_are_escaped),
    cmocka_unit_test(no_text_of_a_job_becomes_more_than_it_is));
