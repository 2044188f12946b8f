/* What Unbound reads is what was configured, whatever is in it. */
#include <stdlib.h>
#include <string.h>

#include "planned.h"
#include "test.h"

#define HOST   "10000000-0000-4000-8000-000000000001"
#define ROUNDS 300

static const char *const main_words[] = {
	"server:", "\tusername: \"\"", "\tchroot: \"\"", "\tdirectory: \"/etc/unbound\"", "\tpidfile: \"\"", "\tuse-syslog: no",
	"\tdo-daemonize: no", "\tnum-threads: 1", "\tinterface-automatic: no", "\tharden-glue: yes", "\tmodule-config: \"respip ",
	"\ttrust-anchor-file: \"/usr/share/dns/root.key\"", "\tport: \"", "\tinterface: \"", "\toutgoing-interface: \"",
	"\taccess-control: ", "\taccess-control-tag: 192.0.2.0/24 \"policy-", "\tdefine-tag: \"policy-", "\tprivate-domain: \"",
	"\tdomain-insecure: \"", "\tprivate-address: \"", "\tdns64-prefix: \"", "\tlocal-zone: '", "remote-control:",
	"\tcontrol-enable: yes", "\tcontrol-use-cert: no", "\tcontrol-interface: \"/run/unbound.ctl\"", "forward-zone:", "\tname: '",
	"\tforward-tls-upstream: \"", "\tforward-tcp-upstream: \"", "\tforward-first: \"", "\tforward-addr: \"192.0.2.53@",
	/* Settings that are the same in both worlds. */
	"\thide-", "\tprefetch", "\tharden-", "\taggressive-nsec: \"", "\tserve-expired", "\tqname-minimisation-strict: \"",
	"\textended-statistics: \"", "\tlog-", "\tverbosity: \"", "\tval-log-level: \"", "\tmsg-cache-size: \"",
	"\trrset-cache-size: \"", "\toutgoing-", "\tincoming-num-tcp: \"", "\tnum-queries-per-thread: \"", "\tjostle-timeout: \"",
	"\tcache-", "\tinfra-", "\tunwanted-reply-threshold: \"", NULL,
};
static const char *const name_words[] = { "local-data: '", NULL };
static const char *const policy_words[] = {
	"rpz:", "\tname: \"policy-0.drawbridge\"", "\tzonefile: \"/etc/unbound/drawbridge/policy-0.zone\"", "\trpz-log: yes",
	"\trpz-log-name: \"", "\ttags: \"policy-0\"", NULL,
};

static struct planned *
new_box(void)
{
	struct planned *planned = planned_new();

	planned->is_alone = true;
	planned_put(planned, "unbound.settings", NULL, "general.enabled", "1", NULL);
	return planned;
}

static void
put_everywhere(struct planned *planned, const char *text)
{
	static const char *const fields[] = {
		"general.port", "general.active_interface", "general.outgoing_interface", "general.dns64prefix",
		"general.local_zone_type", "advanced.privatedomain", "advanced.insecuredomain", "advanced.privateaddress",
		"advanced.msgcachesize", "advanced.logverbosity", "advanced.serveexpiredttl", "acls.default_action",
	};

	for (size_t i = 0; i < COUNT(fields); i++)
		planned_put(planned, "unbound.settings", NULL, fields[i], text, NULL);
	planned_put(planned, "unbound.settings", NULL, "general.dns64", "1", "forwarding.enabled", "1", NULL);
	planned_put(planned, "system.general", NULL, "domain", text, "dns_servers", text, NULL);
	planned_put(planned, "unbound.acl", NULL, "enabled", "1", "networks", text, "action", text, NULL);
	planned_put(planned, "unbound.acl", NULL, "enabled", "1", "networks", "192.0.2.0/24", "action", text, NULL);
	planned_put(planned, "unbound.forward", NULL, "enabled", "1", "type", "dot", "domain", text, "server", "192.0.2.53", "port", text,
		    "verify", text, NULL);
	planned_put(planned, "unbound.forward", NULL, "enabled", "1", "domain", text, "server", text, NULL);
	planned_put(planned, "unbound.dnsbl", NULL, "enabled", "1", "source_nets", arena_print(planned->arena, "192.0.2.0/24,%s", text),
		    "blocklists", text, "wildcards", text, "address", text, "description", text, NULL);
	planned_put(planned, "unbound.host_override", HOST, "enabled", "1", "hostname", text, "domain", text, "rr", "TXT", "txtdata", text,
		    "ttl", text, "description", text, NULL);
	planned_put(planned, "unbound.host_override", NULL, "enabled", "1", "hostname", text, "domain", text, "rr", text, "server", text, NULL);
	planned_put(planned, "unbound.host_override", NULL, "enabled", "1", "hostname", "*", "domain", text, "rr", "A", "server", text, NULL);
	planned_put(planned, "unbound.host_override", NULL, "enabled", "1", "hostname", text, "domain", text, "rr", "MX", "mx", text,
		    "mxprio", text, NULL);
	planned_put(planned, "unbound.host_alias", NULL, "enabled", "1", "host", HOST, "hostname", text, "domain", text, NULL);
}

TEST(no_text_makes_a_line_of_its_own)
{
	for (size_t i = 0; hostile_texts[i]; i++) {
		struct planned *planned = new_box();

		put_everywhere(planned, hostile_texts[i]);
		planned_read(planned, "unbound");
		if (!lines_begin_with(planned_file(planned, "unbound", "main.conf"), main_words) ||
		    !lines_begin_with(planned_file(planned, "unbound", "names/names.conf"), name_words) ||
		    !lines_begin_with(planned_file(planned, "unbound", "policies.conf"), policy_words))
			fail_msg("%s", hostile_texts[i]);
		planned_free(planned);
	}
}

/* Each record is one line with the data, in which nothing ends it before its end. */
TEST(whatever_may_be_written_freely_is_data)
{
	static const char alphabet[] = "\"\\#,:;=%'[]{}()<>/*@!$&|`~ \tabcdef0189.-_";
	struct planned   *planned = new_box();
	scoped_buffer     said = BUFFER_NONE;
	struct text       rest, line;
	size_t            count = 0;

	for (size_t i = 0; i < ROUNDS; i++) {
		char text[41] = "";

		for (size_t k = 0, len = 1 + (size_t)random() % 40; k < len; k++)
			text[k] = alphabet[(size_t)random() % (sizeof(alphabet) - 1)];
		planned_put(planned, "unbound.host_override", NULL, "enabled", "1", "hostname", arena_print(planned->arena, "h%zu", i),
			    "domain", "home.example", "rr", "TXT", "txtdata", arena_copy(planned->arena, text_of(text)), NULL);
	}
	planned_read(planned, "unbound");
	rest = text_of(planned_file(planned, "unbound", "names/names.conf"));
	for (; text_next(&rest, "\n", &line); count++) {
		CHECK(text_starts(line, text_of(arena_print(planned->arena, "local-data: 'h%zu.home.example. 3600 IN TXT \"", count))));
		CHECK(text_ends(line, TEXT("\"'")));
		CHECK_NUMBER(memchr(line.ptr + 13, '\'', line.len - 14) == NULL, 1);
	}
	CHECK_NUMBER(count, ROUNDS);
	if (planned_check(planned, "unbound", (const char *const[]){ "/usr/sbin/unbound-checkconf", "%s/main.conf", NULL }, &said) != 0)
		fail_msg("%s", buffer_string(&said));
	planned_free(planned);
}

RUN(cmocka_unit_test(no_text_makes_a_line_of_its_own), cmocka_unit_test(whatever_may_be_written_freely_is_data));
