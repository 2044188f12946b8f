/*
 * syslog-ng.conf(5): what comes through our socket goes to the destinations of both dialects. A value stands in double quotes, in
 * which neither a quote nor a backslash nor the end of a line can be, so such values are left out and told.
 */
#include "plan/service/syslog.h"

#include <string.h>

#include "base/address.h"
#include "base/base64.h"
#include "base/number.h"
#include "plan/network/making.h"
#include "plan/service/planner.h"

#define DIRECTORY   "/etc/syslog-ng/drawbridge"
#define PORT        514
#define SERVERS_MAX 3

/* clang-format off */
/* What pfSense calls a kind of log, and the programs that write it. */
static const struct {
	const char *field, *programs;
} kinds[] = {
	{ "filter", "filterlog" },
	{ "dhcp", "dhcpd,kea-dhcp4,kea-dhcp6,kea-dhcp-ddns,kea-ctrl-agent,dnsmasq-dhcp,dhcrelay" },
	{ "auth", "audit,sshd" },
	{ "portalauth", "captiveportal" },
	{ "vpn", "charon,swanctl,openvpn,wireguard,wireguard-go" },
	{ "dpinger", "dpinger" },
	{ "hostapd", "hostapd" },
	{ "system", "drawbridge-gate,drawbridge-keeper,cron,syslog-ng,monit" },
	{ "resolver", "unbound,dnsmasq" },
	{ "ppp", "pppd" },
	{ "routing", "radvd,zebra,ospfd,bgpd,ripd,dhcpcd" },
	{ "ntpd", "chronyd" },
};

/* Levels and facilities whose names differ. */
static const char *const renamed[][2] = { { "warn", "warning" } };
/* clang-format on */

static const char *const programs_known[] = {
	"audit", "charon", "chronyd", "cron", "dhcpcd", "dnsmasq", "dnsmasq-dhcp", "drawbridge-gate", "drawbridge-keeper", "filterlog",
	"kea-dhcp4", "kea-dhcp6", "kea-dhcp-ddns", "monit", "openvpn", "pppd", "radvd", "sshd", "suricata", "syslog-ng", "unbound",
};

const char *
syslog_program(size_t n)
{
	return n < COUNT(programs_known) ? programs_known[n] : NULL;
}

struct writing {
	const struct service_view *view;
	struct service_draft      *draft;
	struct service_plan       *plan;
	struct buffer              out;
};

static bool
can_be_quoted(struct text value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] <= ' ' || value.ptr[i] > '~' || value.ptr[i] == '"' || value.ptr[i] == '\\')
			return false;
	return value.len > 0;
}

static bool
is_word(struct text value)
{
	for (size_t i = 0; i < value.len; i++) {
		const char c = value.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'))
			return false;
	}
	return value.len > 0;
}

/* --- Filters ------------------------------------------------------------------------------------------ */

static const char *
name_of(struct arena *arena, struct text word)
{
	for (size_t i = 0; i < COUNT(renamed); i++)
		if (text_is(word, renamed[i][0]))
			return renamed[i][1];
	return arena_copy(arena, word);
}

/* "level(a,b)": any of the list; nothing when it is empty. */
static void
add_words(struct writing *writing, struct buffer *filter, const char *what, struct text list)
{
	struct text one;
	bool        is_any = false;

	while (text_next(&list, ",", &one)) {
		if (!is_word(one))
			continue;
		buffer_print(filter, "%s%s", is_any ? "," : filter->len > 0 ? " and " : "", is_any ? "" : what);
		buffer_print(filter, "%s%s", is_any ? "" : "(", name_of(writing->view->arena, one));
		is_any = true;
	}
	if (is_any)
		buffer_add_byte(filter, ')');
}

static void
add_programs(struct buffer *filter, struct text list)
{
	struct text one;
	bool        is_any = false;

	while (text_next(&list, ",", &one)) {
		if (!is_word(one))
			continue;
		buffer_print(filter, "%sprogram(\"%.*s\" type(string))", is_any ? " or " : filter->len > 0 ? " and (" : "(",
			     TEXT_ARGS(one));
		is_any = true;
	}
	if (is_any)
		buffer_add_byte(filter, ')');
}

static void
put_path(struct writing *writing, const char *id, struct text filter)
{
	if (filter.len > 0)
		buffer_print(&writing->out, "filter f_%s { %.*s; };\n", id, TEXT_ARGS(filter));
	buffer_print(&writing->out, "log { source(s_box);");
	if (filter.len > 0)
		buffer_print(&writing->out, " filter(f_%s);", id);
	buffer_print(&writing->out, " destination(d_%s); };\n", id);
}

/* --- Destinations --------------------------------------------------------------------------------------- */

/* The name under which the status shows it. */
static const char *
id_of(struct arena *arena, const struct record *record)
{
	char *id = arena_copy(arena, text_of(record->uuid));

	for (char *c = id; *c; c++)
		*c = *c == '-' ? '_' : *c;
	return id;
}

struct target {
	const char    *id;
	struct text    host;
	int64_t        port;
	const char    *transport; /* "udp", "tcp", "tls" */
	int            version;   /* 4, 6 */
	bool           is_new;    /* RFC 5424 */
	const char    *secure;    /* what is behind "tls(" */
	struct address source;    /* no family: any */
};

static void
put_destination(struct writing *writing, const struct target *target)
{
	scoped_arena arena = arena_new();

	buffer_print(&writing->out, "destination d_%s { %s(\"%.*s\" transport(\"%s\") port(%lld) ip-protocol(%d) persist-name(\"%s\")",
		     target->id, target->is_new ? "syslog" : "network", TEXT_ARGS(target->host), target->transport,
		     (long long)target->port, target->version, target->id);
	if (target->source.family != FAMILY_NONE)
		buffer_print(&writing->out, " localip(\"%s\")", address_print(arena, &target->source));
	if (target->secure)
		buffer_print(&writing->out, " tls(%s)", target->secure);
	buffer_add_string(&writing->out, "); };\n");
}

/* The certificate by which we are known, in files of its own; who answers must be signed by somebody that the machine trusts. */
static const char *
put_certificate(struct writing *writing, const struct record *record, const char *id)
{
	static const char *const fields[][2] = { { "crt", "crt" }, { "prv", "key" } };
	struct arena            *arena = writing->view->arena;
	const struct record     *certificate = collection_where(snapshot_named(writing->view->snapshot, "trust.cert"), "refid",
								record_text(record, "certificate"));
	const char              *paths[2];

	for (size_t i = 0; i < 2; i++) {
		size_t      len = 0;
		const char *pem = certificate ? base64_decode(arena, record_text(certificate, fields[i][0]), &len) : NULL;

		if (!pem || len == 0)
			return NULL;
		paths[i] = arena_print(arena, DIRECTORY "/%s.%s", id, fields[i][1]);
		service_put_file(writing->draft, writing->plan, arena_print(arena, "%s.%s", id, fields[i][1]),
				 (struct text){ pem, len }, i == 1);
	}
	return arena_print(arena, "ca-dir(\"/etc/ssl/certs\") peer-verify(required-trusted) cert-file(\"%s\") key-file(\"%s\")", paths[0],
			   paths[1]);
}

static void
put_record(struct writing *writing, const struct record *record)
{
	struct arena     *arena = writing->view->arena;
	scoped_buffer     filter = BUFFER_NONE;
	const struct text transport = record_text(record, "transport");
	struct target     target = { .id = id_of(arena, record), .host = record_text(record, "hostname"), .port = PORT,
				     .is_new = record_bool(record, "rfc5424") };

	(void)number_read(record_text(record, "port"), 1, UINT16_MAX, &target.port);
	target.version = text_ends(transport, TEXT("6")) ? 6 : 4;
	target.transport = arena_copy(arena, text_first(transport, 3));
	if (strcmp(target.transport, "tls") == 0)
		target.secure = put_certificate(writing, record, target.id);
	if (!can_be_quoted(target.host) || !is_word(text_of(target.transport)) ||
	    (strcmp(target.transport, "tls") == 0 && !target.secure)) {
		service_miss(writing->draft, "logs to %.64s: its name or certificate is none that can be used",
			     record_get(record, "hostname"));
		return;
	}
	add_programs(&filter, record_text(record, "program"));
	add_words(writing, &filter, "level", record_text(record, "level"));
	add_words(writing, &filter, "facility", record_text(record, "facility"));
	put_destination(writing, &target);
	put_path(writing, target.id, buffer_text(&filter));
}

/* "192.0.2.1:514", "[2001:db8::1]:514", "2001:db8::1", "name". */
static bool
read_server(struct text text, struct target *target)
{
	struct text    rest = text;
	struct address address;

	if (address_read(text, &address)) {
		target->host = text;
		target->version = address.family == FAMILY_INET6 ? 6 : 4;
		return true;
	}
	if (text_starts(text, TEXT("["))) {
		rest = text_after(text, 1);
		target->host = text_until(&rest, ']');
		target->version = 6;
		return address_read(target->host, &address) && text_starts(rest, TEXT(":")) &&
		       number_read(text_after(rest, 1), 1, UINT16_MAX, &target->port);
	}
	target->host = text_until(&rest, ':');
	if (address_read(target->host, &address))
		target->version = 4;
	return can_be_quoted(target->host) &&
	       (target->host.len == text.len || number_read(rest, 1, UINT16_MAX, &target->port));
}

static void
put_servers(struct writing *writing, const struct record *remote)
{
	struct arena *arena = writing->view->arena;
	scoped_buffer programs = BUFFER_NONE, filter = BUFFER_NONE;
	const bool    is_six = text_is(record_text(remote, "ipprotocol"), "ipv6");

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (record_bool(remote, kinds[i].field))
			buffer_print(&programs, "%s,", kinds[i].programs);
	if (!record_bool(remote, "logall"))
		add_programs(&filter, programs.len > 0 ? buffer_text(&programs) : TEXT("none"));
	for (size_t i = 1; i <= SERVERS_MAX; i++) {
		const struct text server = record_text(remote, arena_print(arena, "server%zu", i));
		struct target     target = { .id = arena_print(arena, "server%zu", i), .port = PORT, .transport = "udp",
					     .version = is_six ? 6 : 4, .is_new = text_is(record_text(remote, "format"), "rfc5424") };

		if (server.len == 0)
			continue;
		if (!read_server(server, &target) || !can_be_quoted(target.host)) {
			service_miss(writing->draft, "logs to %.*s: no server can be called so", TEXT_ARGS(text_first(server, 64)));
			continue;
		}
		if (record_has(remote, "source"))
			target.source = making_own_address(writing->view->snapshot, record_text(remote, "source"),
							   target.version == 6 ? FAMILY_INET6 : FAMILY_INET);
		put_destination(writing, &target);
		put_path(writing, target.id, buffer_text(&filter));
	}
}

/* --- The whole -------------------------------------------------------------------------------------------- */

static bool
is_any_enabled(const struct collection *destinations)
{
	return collection_where(destinations, "enabled", TEXT("1")) != NULL;
}

void
plan_syslog(const struct service_view *view, struct service_draft *draft)
{
	const struct collection *destinations = snapshot_named(view->snapshot, "syslog.destination");
	const struct record     *remote = snapshot_single(view->snapshot, "syslog.remote");
	const bool               is_on = record_bool(snapshot_single(view->snapshot, "syslog.settings"), "general.enabled");
	const bool               has_servers = record_bool(remote, "enable");
	/* Nobody is to be sent anything: what is logged here needs no help. */
	const bool               is_wanted = is_on && (has_servers || is_any_enabled(destinations));
	struct writing           writing = { view, draft, service_put(draft, "syslog-ng", is_wanted), BUFFER_NONE };

	if (!is_wanted)
		return;
	buffer_add_string(&writing.out, "@version: 3.38\n# Written by drawbridge.\n"
					"options { chain-hostnames(no); keep-hostname(no); dns-cache(no); use-dns(no); stats-freq(0); "
					"time-reopen(10); };\n"
					"source s_box { unix-dgram(\"" SYSLOG_SOCKET "\" owner(\"root\") perm(0600)); };\n");
	for (size_t i = 0; i < collection_count(destinations); i++)
		if (record_bool(collection_at(destinations, i), "enabled"))
			put_record(&writing, collection_at(destinations, i));
	if (has_servers)
		put_servers(&writing, remote);
	service_put_file(draft, writing.plan, "syslog-ng.conf", buffer_text(&writing.out), false);
	buffer_clear(&writing.out);
}
