/* system, system/ssh, sysctl/item, ca, cert and crl. */
#include "dialect/pfsense/mount.h"

#include "api/accounts.h"
#include "api/trust/revocation.h"
#include "base/number.h"
#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct renamed system_members[] = {
	{ "hostname",                NULL,                 FORM_TEXT },
	{ "domain",                  NULL,                 FORM_TEXT },
	{ "dnsserver",               "dns_servers",        FORM_ITEMS },
	{ "dnsallowoverride",        "dns_allow_override", FORM_FLAG },
	{ "dnslocalhost",            "dns_local",          FORM_TEXT },
	{ "timezone",                NULL,                 FORM_TEXT },
	{ "timeservers",             NULL,                 FORM_TEXT },
	{ "optimization",            NULL,                 FORM_TEXT },
	{ "sshguard_threshold",      "guard_threshold",    FORM_TEXT },
	{ "sshguard_blocktime",      "guard_blocktime",    FORM_TEXT },
	{ "sshguard_detection_time", "guard_memory",       FORM_TEXT },
	{ "sshguard_whitelist",      "guard_exempt",       FORM_TEXT },
	{ "aliasesresolveinterval",  "alias_interval",     FORM_TEXT },
	{ NULL },
};

static const struct renamed ssh_members[] = {
	{ "enable",              NULL,               FORM_ENABLED },
	{ "port",                NULL,               FORM_TEXT },
	{ "sshdkeyonly",         "keyonly",          FORM_TEXT },
	{ "sshdagentforwarding", "agent_forwarding", FORM_ENABLED },
	{ NULL },
};

static const struct renamed remote_log_members[] = {
	{ "enable",        NULL,      FORM_FLAG },
	{ "remoteserver",  "server1", FORM_TEXT },
	{ "remoteserver2", "server2", FORM_TEXT },
	{ "remoteserver3", "server3", FORM_TEXT },
	{ "format",        NULL,      FORM_TEXT },
	{ "sourceip",      "source",  FORM_TEXT },
	{ "ipprotocol",    NULL,      FORM_TEXT },
	{ "logall",        NULL,      FORM_FLAG },
	{ "filter",        NULL,      FORM_FLAG },
	{ "dhcp",          NULL,      FORM_FLAG },
	{ "auth",          NULL,      FORM_FLAG },
	{ "portalauth",    NULL,      FORM_FLAG },
	{ "vpn",           NULL,      FORM_FLAG },
	{ "dpinger",       NULL,      FORM_FLAG },
	{ "hostapd",       NULL,      FORM_FLAG },
	{ "system",        NULL,      FORM_FLAG },
	{ "resolver",      NULL,      FORM_FLAG },
	{ "ppp",           NULL,      FORM_FLAG },
	{ "routing",       NULL,      FORM_FLAG },
	{ "ntpd",          NULL,      FORM_FLAG },
	{ NULL },
};

/* What the packet filter logs by itself. */
static const struct renamed logged_members[] = {
	{ "nologdefaultblock", "log_default_block", FORM_UNFLAG },
	{ "nologdefaultpass",  "log_default_pass",  FORM_UNFLAG },
	{ "nologbogons",       "log_bogons",        FORM_UNFLAG },
	{ "nologprivatenets",  "log_private",       FORM_UNFLAG },
	{ NULL },
};

static const struct renamed time_members[] = {
	{ "enable",     NULL, FORM_TEXT },
	{ "interface",  NULL, FORM_TEXT },
	{ "ispool",     NULL, FORM_TEXT },
	{ "prefer",     NULL, FORM_TEXT },
	{ "noselect",   NULL, FORM_TEXT },
	{ "orphan",     NULL, FORM_TEXT },
	{ "logpeer",    NULL, FORM_YES },
	{ "logsys",     NULL, FORM_YES },
	{ "clockstats", NULL, FORM_YES },
	{ "loopstats",  NULL, FORM_YES },
	{ "peerstats",  NULL, FORM_YES },
	{ "statsgraph", NULL, FORM_YES },
	{ "leapsec",    NULL, FORM_TEXT },
	{ NULL },
};

static const struct renamed mail_members[] = {
	{ "disabled",                 NULL,        FORM_FLAG },
	{ "ipaddress",                "server",    FORM_TEXT },
	{ "port",                     NULL,        FORM_TEXT },
	{ "timeout",                  NULL,        FORM_TEXT },
	{ "ssl",                      "tls",       FORM_FLAG },
	{ "sslvalidate",              "verify",    FORM_TEXT },
	{ "fromaddress",              "sender",    FORM_TEXT },
	{ "notifyemailaddress",       "recipient", FORM_TEXT },
	{ "authentication_mechanism", "mechanism", FORM_TEXT },
	{ "username",                 NULL,        FORM_TEXT },
	{ "password",                 NULL,        FORM_TEXT },
	{ NULL },
};

static const struct renamed tunable_members[] = {
	{ "tunable", NULL, FORM_ALWAYS },
	{ "value",   NULL, FORM_ALWAYS },
	{ "descr",   NULL, FORM_ALWAYS },
	{ NULL },
};

static const struct renamed authority_members[] = {
	{ "refid",  NULL, FORM_ALWAYS },
	{ "descr",  NULL, FORM_ALWAYS },
	{ "crt",    NULL, FORM_TEXT },
	{ "prv",    NULL, FORM_TEXT },
	{ "serial", NULL, FORM_TEXT },
	{ "caref",  NULL, FORM_TEXT },
	{ NULL },
};

static const struct renamed certificate_members[] = {
	{ "refid", NULL, FORM_ALWAYS },
	{ "descr", NULL, FORM_ALWAYS },
	{ "crt",   NULL, FORM_TEXT },
	{ "prv",   NULL, FORM_TEXT },
	{ "csr",   NULL, FORM_TEXT },
	{ "caref", NULL, FORM_TEXT },
	{ NULL },
};
static const struct renamed list_members[] = {
	{ "refid",    NULL,        FORM_ALWAYS },
	{ "descr",    NULL,        FORM_ALWAYS },
	{ "caref",    NULL,        FORM_ALWAYS },
	{ "method",   "crlmethod", FORM_ALWAYS },
	{ "serial",   NULL,        FORM_OWN },
	{ "lifetime", NULL,        FORM_OWN },
	{ "text",     NULL,        FORM_OWN },
	{ "cert",     NULL,        FORM_OWN },
	{ NULL },
};
/* clang-format on */

const struct mount mount_box = {
	.path = "system",
	.resource = "system.general",
	.shape = MOUNT_SINGLE,
	.members = system_members,
};

const struct mount mount_remote_logs = {
	.path = "syslog",
	.resource = "syslog.remote",
	.shape = MOUNT_SINGLE,
	.members = remote_log_members,
};

const struct mount mount_logged = {
	.path = "syslog",
	.resource = "system.general",
	.shape = MOUNT_SINGLE,
	.members = logged_members,
};

const struct mount mount_ssh = {
	.path = "system/ssh",
	.resource = "system.ssh",
	.shape = MOUNT_SINGLE,
	.members = ssh_members,
};

const struct mount mount_time = {
	.path = "ntpd",
	.resource = "system.time",
	.shape = MOUNT_SINGLE,
	.members = time_members,
};

const struct mount mount_mail = {
	.path = "notifications/smtp",
	.resource = "system.mail",
	.shape = MOUNT_SINGLE,
	.members = mail_members,
};

const struct mount mount_tunables = {
	.path = "sysctl/item",
	.resource = "core.tunable",
	.shape = MOUNT_LIST,
	.members = tunable_members,
};

const struct mount mount_authorities = {
	.path = "ca",
	.resource = "trust.ca",
	.shape = MOUNT_LIST,
	.members = authority_members,
};

const struct mount mount_certificates = {
	.path = "cert",
	.resource = "trust.cert",
	.shape = MOUNT_LIST,
	.members = certificate_members,
};

/* --- revocation lists: those made elsewhere show as they came, those of ours what they are made of ------------- */

static void
show_revoked(struct arena *arena, const struct record *record, struct value *object)
{
	struct value  *list = value_list(arena);
	struct text    rest = record_text(record, "cert");
	struct revoked one;

	while (revoked_next(&rest, &one)) {
		struct value *cert = value_object(arena);

		value_set(arena, cert, "refid", value_text(arena, one.refid));
		value_set(arena, cert, "serial", value_text(arena, one.serial));
		value_set_string(arena, cert, "reason", arena_print(arena, "%u", one.reason));
		value_set_string(arena, cert, "revoke_time", arena_print(arena, "%lld", (long long)one.time));
		value_add(arena, list, cert);
	}
	if (list->count)
		value_set(arena, object, "cert", list);
}

static void
show_list(struct tree *tree, const struct record *record, struct value *object)
{
	struct arena *arena = tree_arena(tree);

	if (text_is(record_text(record, "crlmethod"), "existing")) {
		value_set_string(arena, object, "text", record_get(record, "text"));
		return;
	}
	value_set_string(arena, object, "serial", record_get(record, "serial"));
	value_set_string(arena, object, "lifetime", record_get(record, "lifetime"));
	show_revoked(arena, record, object);
}

static const char *
read_revoked(struct arena *arena, const struct value *list)
{
	scoped_buffer lines = BUFFER_NONE;

	for (size_t i = 0; i < value_count(list); i++) {
		const struct value *cert = value_at(list, i);
		const int64_t       reason = to_integer(value_get(cert, "reason"));
		const struct revoked one = { .refid = to_text(arena, value_get(cert, "refid")),
					     .serial = to_text(arena, value_get(cert, "serial")),
					     .reason = reason > 0 && reason < REVOCATION_REASONS ? (unsigned)reason : 0,
					     .time = to_integer(value_get(cert, "revoke_time")) };

		revoked_add(&lines, &one);
	}
	return arena_copy(arena, buffer_text(&lines));
}

/* Signed when it is kept: whoever checks wants a list that is valid. */
static void
sign_list(struct tree *tree, struct record *record)
{
	struct arena        *arena = tree_arena(tree);
	const struct service *service = tree_request(tree)->service;
	const struct record *ca = collection_where(snapshot_named(tree_snapshot(tree), "trust.ca"), "refid",
						   record_text(record, "caref"));
	const char          *crt = ca ? base64_decode(arena, record_text(ca, "crt"), NULL) : NULL;
	const char          *prv = ca ? base64_decode(arena, record_text(ca, "prv"), NULL) : NULL;
	const struct revocation_request request = {
		.authority = crt,
		.authority_key = prv,
		.number = (uint64_t)record_number(record, "serial", 0),
		.now = service->now(service->context) / 1000000,
		.days = record_number(record, "lifetime", 1),
		.revoked = record_text(record, "cert"),
	};
	const char *pem = crt && prv && prv[0] ? revocation_make(arena, &request) : NULL;

	record_set(record, "text", pem ? base64_encode(arena, text_of(pem)) : "");
}

static void
fill_list(struct tree *tree, const struct value *object, struct record *record)
{
	struct arena *arena = tree_arena(tree);

	if (text_is(record_text(record, "crlmethod"), "existing")) {
		record_set(record, "text", to_string(arena, value_get(object, "text")));
		return;
	}
	record_set(record, "serial", to_string(arena, value_get(object, "serial")));
	record_set(record, "lifetime", to_string(arena, value_get(object, "lifetime")));
	record_set(record, "cert", read_revoked(arena, value_get(object, "cert")));
	sign_list(tree, record);
}

const struct mount mount_revocations = {
	.path = "crl",
	.resource = "trust.crl",
	.shape = MOUNT_LIST,
	.members = list_members,
	.show = show_list,
	.fill = fill_list,
};
