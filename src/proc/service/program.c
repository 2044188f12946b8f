/* One row a daemon. Paths are Debian's: its AppArmor profiles allow no others. */
#include "proc/service/program.h"

#include <signal.h>
#include <string.h>

#include "base/address.h"
#include "base/buffer.h"
#include "base/bug.h"
#include "plan/network/network.h"
#include "wire/management.h"
#include "proc/wireguard/keeping.h"

#define READABLE 0755
#define SYSLOG   "/run/drawbridge-syslog.ctl"
#define CHARON   "/etc/strongswan.d/drawbridge"
#define CHRONY   "/run/chrony/chronyd.sock"
#define OPENVPN  "/run/drawbridge-openvpn/%i.sock"
#define OURSELVES "/proc/self/exe"

#define KEA(number)          "/run/kea/kea" number "-ctrl-socket"
#define KEA_COMMAND(command) "{ \"command\": \"" command "\" }"
#define KEA_FINE             "\"result\": 0"
#define KEA_PLACES                                                                                                        \
	.places = { { "/run/kea", 0750 }, { "/run/lock", READABLE }, { "/run/lock/kea", 0750 }, { "/var/lib/kea", 0750 } }, \
	.environment = { "KEA_LOCKFILE_DIR=/run/lock/kea", "KEA_PIDFILE_DIR=/run/kea" }

/* clang-format off */
static const struct program programs[] = {
	/* Both read below one folder that the profiles of both allow. */
	{ "charon", "strongswan-charon strongswan-swanctl", CHARON, NULL, "strongswan-starter.service",
	  .run = { "/usr/lib/ipsec/charon" }, .once = "strongswan.conf", .is_told = true,
	  .reload = { "/usr/sbin/swanctl", "--load-all", "--noprompt", "--debug", "0" },
	  .ready_path = "/run/charon.vici", .places = { { "/etc/strongswan.d", READABLE } },
	  .environment = { "STRONGSWAN_CONF=" CHARON "/strongswan.conf", "SWANCTL_DIR=" CHARON } },
	{ "chrony", "chrony", "/etc/chrony/drawbridge", "_chrony", "chrony.service",
	  .run = { "/usr/sbin/chronyd", "-d", "-f", "/etc/chrony/drawbridge/chrony.conf" }, .alone = "-x",
	  .check = { "/usr/sbin/chronyd", "-p", "-f", "/etc/chrony/drawbridge/chrony.conf" },
	  .reload = { "/usr/bin/chronyc", "-h", CHRONY, "reload", "sources" }, .reloads = "sources",
	  .ready_path = CHRONY,
	  .places = { { "/run/chrony", 0750, true }, { "/var/lib/chrony", 0750, true }, { "/var/log/chrony", 0755, true } } },
	/* A question that comes while it begins ends it ("eloop_start: Invalid argument"). */
	{ "dhcpcd", "dhcpcd-base", "/etc/dhcpcd.drawbridge", .stumbles = 2,
	  .run = { "/usr/sbin/dhcpcd", "-B", "-f", "/etc/dhcpcd.drawbridge/dhcpcd.conf" },
	  .ready_path = "/run/dhcpcd/sock", .places = { { "/run/dhcpcd", READABLE }, { "/var/lib/dhcpcd", READABLE } } },
	{ "dnsmasq", "dnsmasq-base", "/etc/dnsmasq.d/drawbridge", "dnsmasq", "dnsmasq.service",
	  .run = { "/usr/sbin/dnsmasq", "-k", "-C", "/etc/dnsmasq.d/drawbridge/dnsmasq.conf" },
	  .check = { "/usr/sbin/dnsmasq", "--test", "-C", "/etc/dnsmasq.d/drawbridge/dnsmasq.conf" },
	  .signal_reload = SIGHUP, .reloads = "again",
	  .ready_path = "/run/dnsmasq-drawbridge.pid",
	  .places = { { "/etc/dnsmasq.d", READABLE }, { "/var/lib/misc", READABLE } } },
	{ "dhcrelay", "isc-dhcp-relay", "/etc/dhcp/drawbridge-%i", NULL, "isc-dhcp-relay.service",
	  .run = { "/usr/sbin/dhcrelay", "-d", "--no-pid" },
	  .options = { "-4", "-6", "-a", "-I", "-id", "-iu", "-l", "-u" },
	  .ready_after = 500, .places = { { "/etc/dhcp", READABLE } } },
	{ "kea-dhcp4", "kea-dhcp4-server", "/etc/kea/drawbridge4", NULL, "kea-dhcp4-server.service",
	  .run = { "/usr/sbin/kea-dhcp4", "-c", "/etc/kea/drawbridge4/kea-dhcp4.conf" },
	  .check = { "/usr/sbin/kea-dhcp4", "-t", "/etc/kea/drawbridge4/kea-dhcp4.conf" },
	  .ask_reload = { KEA("4"), KEA_COMMAND("config-reload"), KEA_FINE }, .reload_checks = true,
	  .ready = { KEA("4"), KEA_COMMAND("status-get"), "\"status\": \"ready\"", KEA_FINE, "already in use" },
	  .ready_path = "/run/kea/kea-dhcp4.kea-dhcp4.pid", KEA_PLACES },
	{ "kea-dhcp6", "kea-dhcp6-server", "/etc/kea/drawbridge6", NULL, "kea-dhcp6-server.service",
	  .run = { "/usr/sbin/kea-dhcp6", "-c", "/etc/kea/drawbridge6/kea-dhcp6.conf" },
	  .check = { "/usr/sbin/kea-dhcp6", "-t", "/etc/kea/drawbridge6/kea-dhcp6.conf" },
	  .ask_reload = { KEA("6"), KEA_COMMAND("config-reload"), KEA_FINE }, .reload_checks = true,
	  .ready = { KEA("6"), KEA_COMMAND("status-get"), "\"status\": \"ready\"", KEA_FINE, "already in use" },
	  .ready_path = "/run/kea/kea-dhcp6.kea-dhcp6.pid", KEA_PLACES },
	{ "kea-dhcp-ddns", "kea-dhcp-ddns-server", "/etc/kea/drawbridge-ddns", NULL, "kea-dhcp-ddns-server.service",
	  .run = { "/usr/sbin/kea-dhcp-ddns", "-c", "/etc/kea/drawbridge-ddns/kea-dhcp-ddns.conf" },
	  .check = { "/usr/sbin/kea-dhcp-ddns", "-t", "/etc/kea/drawbridge-ddns/kea-dhcp-ddns.conf" },
	  .ask_reload = { KEA("-ddns"), KEA_COMMAND("config-reload"), KEA_FINE }, .reload_checks = true,
	  .ready = { KEA("-ddns"), KEA_COMMAND("status-get"), KEA_FINE },
	  .ready_path = "/run/kea/kea-dhcp-ddns.kea-dhcp-ddns.pid", KEA_PLACES },
	{ "kea-ctrl-agent", "kea-ctrl-agent", "/etc/kea/drawbridge-agent", NULL, "kea-ctrl-agent.service",
	  .run = { "/usr/sbin/kea-ctrl-agent", "-c", "/etc/kea/drawbridge-agent/kea-ctrl-agent.conf" },
	  .check = { "/usr/sbin/kea-ctrl-agent", "-t", "/etc/kea/drawbridge-agent/kea-ctrl-agent.conf" },
	  .ready_after = 500, KEA_PLACES },
	{ "cron", "cron", "/run/drawbridge-cron", NULL,
	  .run = { "/usr/sbin/cron", "-f" }, .ready_path = "/run/crond.pid" },
	{ "keepalived", "keepalived", "/etc/keepalived/drawbridge", NULL, "keepalived.service",
	  .run = { "/usr/sbin/keepalived", "-n", "-l", "-P", "-f", "/etc/keepalived/drawbridge/keepalived.conf",
		   "-p", "/run/keepalived/drawbridge.pid", "-r", "/run/keepalived/drawbridge-vrrp.pid" },
	  .check = { "/usr/sbin/keepalived", "-t", "-f", "/etc/keepalived/drawbridge/keepalived.conf" },
	  .signal_reload = SIGHUP, .ready_path = "/run/keepalived/drawbridge-vrrp.pid",
	  /* What it says of keepalived.state of query.c, and where it leaves the answer. */
	  .unsaid = "Printing VRRP as json for process",
	  .places = { { "/etc/keepalived", READABLE }, { "/run/keepalived", 0700 } }, .environment = { "TMPDIR=/run/keepalived" } },
	{ "monit", "monit", "/etc/monit/drawbridge", NULL, "monit.service",
	  .run = { "/usr/bin/monit", "-I", "-B", "-c", "/etc/monit/drawbridge/monitrc" },
	  .check = { "/usr/bin/monit", "-t", "-B", "-c", "/etc/monit/drawbridge/monitrc" },
	  .signal_reload = SIGHUP, .ready_path = "/run/drawbridge-monit.pid",
	  .places = { { "/etc/monit", READABLE }, { "/var/lib/monit", 0700 }, { "/var/lib/monit/drawbridge", 0700 } } },
	/* What it gives single clients, and whom it does not let in, it reads anew for each: asking whether it runs is enough. */
	{ "openvpn", "openvpn", "/etc/openvpn/drawbridge-%i", NULL, NULL,
	  .run = { "/usr/sbin/openvpn", "--config", "/etc/openvpn/drawbridge-%i/openvpn.conf" },
	  .ask_reload = { OPENVPN, MANAGEMENT("version"), "END", .is_whole = management_is_whole }, .reloads = "clients",
	  .ready = { OPENVPN, MANAGEMENT("state"), ",CONNECTED,", "END", .is_whole = management_is_whole },
	  .ready_path = OPENVPN, .unsaid = "MANAGEMENT: ",
	  .places = { { "/etc/openvpn", READABLE }, { "/run/drawbridge-openvpn", 0700 }, { "/var/lib/drawbridge-openvpn", 0700 } },
	  .tool = { "/run/drawbridge-openvpn/login", "drawbridge-login" } },
	/* "notty": what is checked names no device yet, which may come later. */
	{ "pppd", "ppp", "/run/drawbridge-ppp-%i", NULL, NULL,
	  .run = { "/usr/sbin/pppd", "file", "/run/drawbridge-ppp-%i/line" },
	  .check = { "/usr/sbin/pppd", "file", "/run/drawbridge-ppp-%i/options", "notty", "dryrun" },
	  .ready_after = 500 },
	{ "radvd", "radvd", "/etc/radvd.d/drawbridge", NULL, "radvd.service",
	  .run = { "/usr/sbin/radvd", "-n", "-m", "stderr_clean", "-p", "/run/radvd-drawbridge.pid", "-C",
		   "/etc/radvd.d/drawbridge/radvd.conf" },
	  .check = { "/usr/sbin/radvd", "-c", "-C", "/etc/radvd.d/drawbridge/radvd.conf" },
	  .signal_reload = SIGHUP, .ready_path = "/run/radvd-drawbridge.pid", .places = { { "/etc/radvd.d", READABLE } } },
	{ "syslog-ng", "syslog-ng-core", "/etc/syslog-ng/drawbridge", NULL, NULL,
	  .run = { "/usr/sbin/syslog-ng", "-F", "-e", "--no-caps", "-f", "/etc/syslog-ng/drawbridge/syslog-ng.conf",
		   "--persist-file=/var/lib/syslog-ng/drawbridge.persist", "--control=" SYSLOG,
		   "--pidfile=/run/drawbridge-syslog.pid" },
	  .check = { "/usr/sbin/syslog-ng", "-s", "-f", "/etc/syslog-ng/drawbridge/syslog-ng.conf" },
	  .reload = { "/usr/sbin/syslog-ng-ctl", "reload", "--control=" SYSLOG },
	  .ready_path = SYSLOG, .places = { { "/var/lib/syslog-ng", 0700 } } },
	{ "sshd", "openssh-server", "/etc/ssh/drawbridge", NULL,
	  .run = { "/usr/sbin/sshd", "-D", "-e", "-f", "/etc/ssh/drawbridge/sshd_config" },
	  .check = { "/usr/sbin/sshd", "-t", "-f", "/etc/ssh/drawbridge/sshd_config" },
	  .signal_reload = SIGHUP, .ready_after = 200,
	  .places = { { "/run/sshd", READABLE } } },
	{ "unbound", "unbound", "/etc/unbound/drawbridge", "unbound", "unbound.service",
	  .run = { "/usr/sbin/unbound", "-d", "-p", "-c", "/etc/unbound/drawbridge/unbound.conf" },
	  .check = { "/usr/sbin/unbound-checkconf", "/etc/unbound/drawbridge/main.conf" },
	  .lines = { "names/records", "names", "/run/unbound.ctl", "UBCT1 local_datas_remove\n", "UBCT1 local_datas\n", "\004\n",
		     "error" },
	  .ask_reload = { "/run/unbound.ctl", "UBCT1 reload_keep_cache\n", "ok" },
	  .ready = { "/run/unbound.ctl", "UBCT1 status\n", "is running" },
	  .is_heard = true, .places = { { "/var/lib/unbound", READABLE, true } } },
	/* Ourselves in another part: it takes the kernel's WireGuard or, where there is none, the package. */
	{ "wireguard", "wireguard-go", WIREGUARD_FILES, NULL, NULL,
	  .run = { OURSELVES, WIREGUARD_ARGUMENT, "run", "%i" }, .check = { OURSELVES, WIREGUARD_ARGUMENT, "check", "%i" },
	  .reload = { OURSELVES, WIREGUARD_ARGUMENT, "set", "%i" }, .ready_path = WIREGUARD_READY, .lacks = wireguard_is_missing },
};
/* clang-format on */

const struct program *
program_at(size_t n)
{
	return n < COUNT(programs) ? &programs[n] : NULL;
}

const struct program *
program_find(struct text service)
{
	const struct text name = text_until(&service, '@');

	for (size_t i = 0; i < COUNT(programs); i++)
		if (text_is(name, programs[i].name))
			return &programs[i];
	return NULL;
}

const char *
program_path(struct arena *arena, const char *path, struct text service)
{
	scoped_buffer whole = BUFFER_NONE;
	struct text   rest = text_of(path);

	text_until(&service, '@');
	while (rest.len > 0) {
		const struct text part = text_until(&rest, '%');

		buffer_add(&whole, part);
		if (rest.len == 0)
			break;
		BUG_IF(rest.ptr[0] != 'i', "%s of the table of programs", path);
		buffer_add(&whole, service);
		rest = text_after(rest, 1);
	}
	return arena_copy(arena, buffer_text(&whole));
}

const char *const *
program_words(struct arena *arena, const char *const *command, struct text service)
{
	const char **words = ARENA_MAKE(arena, const char *, PROGRAM_WORDS_MAX);

	for (size_t i = 0; command[i]; i++)
		words[i] = program_path(arena, command[i], service);
	return words[0] ? words : NULL;
}

/* "192.0.2.1", "em0" or "2001:db8::1%em0". */
static bool
is_end(struct text word)
{
	struct text       link = word;
	const struct text first = text_until(&link, '%');
	struct address    address;

	if (first.len < word.len)
		return address_read(first, &address) && network_name_is_valid(link);
	return word.ptr[0] != '-' && (address_read(word, &address) || network_name_is_valid(word));
}

static bool
may_be_told(const struct program *program, struct text word)
{
	for (size_t i = 0; i < COUNT(program->options) && program->options[i]; i++)
		if (text_is(word, program->options[i]))
			return true;
	return word.len > 0 && is_end(word);
}

const char *const *
program_run(struct arena *arena, const struct program *program, struct text service, bool is_alone, struct text file)
{
	const char **words = ARENA_MAKE(arena, const char *, PROGRAM_WORDS_MAX + PROGRAM_LINES_MAX + 2);
	size_t       n = 0, lines = 0;
	struct text  word;

	for (; program->run[n]; n++)
		words[n] = program_path(arena, program->run[n], service);
	while (program->options[0] && text_next(&file, "\n", &word)) {
		if (!may_be_told(program, word) || lines++ == PROGRAM_LINES_MAX)
			return NULL;
		words[n++] = arena_copy(arena, word);
	}
	if (is_alone)
		words[n] = program->alone;
	return words;
}
