/* Linux names are taken as they are, with dots or slashes; those of the BSDs where Linux has something like it. */
#include "plan/access/tunables.h"

#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "plan/coding.h"

#define MISSING_MAX 2000 /* bytes; more would only repeat itself */

enum change {
	SAME,
	OPPOSITE, /* what is 1 there is 0 here */
	SECONDS,  /* milliseconds there */
};

/* clang-format off */
static const struct known {
	const char *name, *path;
	enum change change;
	const char *help;
} known[] = {
	{ "net.inet.ip.forwarding", "net/ipv4/ip_forward", SAME, "Forward IPv4 packets between interfaces" },
	{ "net.inet6.ip6.forwarding", "net/ipv6/conf/all/forwarding", SAME, "Forward IPv6 packets between interfaces" },
	{ "net.inet.ip.ttl", "net/ipv4/ip_default_ttl", SAME, "Hops that an IPv4 packet of ours may take" },
	{ "net.inet6.ip6.hlim", "net/ipv6/conf/all/hop_limit", SAME, "Hops that an IPv6 packet of ours may take" },
	{ "net.inet.ip.redirect", "net/ipv4/conf/all/send_redirects", SAME, "Send ICMP redirects" },
	{ "net.inet.ip.sourceroute", "net/ipv4/conf/all/accept_source_route", SAME, "Forward IPv4 packets with a source route" },
	{ "net.inet.ip.accept_sourceroute", "net/ipv4/conf/default/accept_source_route", SAME, "Accept IPv4 packets with a source route" },
	{ "net.inet.icmp.drop_redirect", "net/ipv4/conf/all/accept_redirects", OPPOSITE, "Pass over ICMP redirects" },
	{ "net.inet6.icmp6.rediraccept", "net/ipv6/conf/all/accept_redirects", SAME, "Accept ICMPv6 redirects" },
	{ "net.inet.icmp.log_redirect", "net/ipv4/conf/all/log_martians", SAME, "Log packets with impossible addresses" },
	{ "net.inet.icmp.icmplim", "net/ipv4/icmp_msgs_per_sec", SAME, "ICMP messages per second, at most" },
	{ "net.inet.icmp.bmcastecho", "net/ipv4/icmp_echo_ignore_broadcasts", OPPOSITE, "Answer echo requests to broadcast addresses" },
	{ "net.inet.tcp.syncookies", "net/ipv4/tcp_syncookies", SAME, "Survive SYN floods by cookies" },
	{ "net.inet.tcp.sack.enable", "net/ipv4/tcp_sack", SAME, "Selective acknowledgements" },
	{ "net.inet.tcp.ecn.enable", "net/ipv4/tcp_ecn", SAME, "Explicit congestion notification" },
	{ "net.inet.tcp.rfc1323", "net/ipv4/tcp_window_scaling", SAME, "Scaled windows" },
	{ "net.inet.tcp.path_mtu_discovery", "net/ipv4/ip_no_pmtu_disc", OPPOSITE, "Find the path's MTU" },
	{ "net.inet.tcp.minmss", "net/ipv4/tcp_min_snd_mss", SAME, "Smallest segment that is sent" },
	{ "net.inet.tcp.keepidle", "net/ipv4/tcp_keepalive_time", SECONDS, "Time until keepalives are sent" },
	{ "net.inet.tcp.keepintvl", "net/ipv4/tcp_keepalive_intvl", SECONDS, "Time between keepalives" },
	{ "net.inet.tcp.keepcnt", "net/ipv4/tcp_keepalive_probes", SAME, "Keepalives before a connection is given up" },
	{ "net.inet.tcp.finwait2_timeout", "net/ipv4/tcp_fin_timeout", SECONDS, "Time in FIN-WAIT-2" },
	{ "net.inet.tcp.cc.algorithm", "net/ipv4/tcp_congestion_control", SAME, "Congestion control" },
	{ "net.inet6.ip6.use_tempaddr", "net/ipv6/conf/all/use_tempaddr", SAME, "Temporary IPv6 addresses" },
	{ "net.inet6.ip6.accept_rtadv", "net/ipv6/conf/all/accept_ra", SAME, "Accept router advertisements" },
	{ "kern.ipc.somaxconn", "net/core/somaxconn", SAME, "Connections that wait to be accepted" },
	{ "kern.ipc.soacceptqueue", "net/core/somaxconn", SAME, "Connections that wait to be accepted" },
	{ "kern.ipc.maxsockbuf", "net/core/rmem_max", SAME, "Bytes of a socket's buffer, at most" },
	{ "kern.maxfiles", "fs/file-max", SAME, "Files that may be open" },
	{ "vm.overcommit", "vm/overcommit_memory", SAME, "Promise more memory than there is" },
};

/* What a network namespace has of its own; a "*" at the end is anything. Two lists: all of these, but for those. */
static const char *const own[] = {
	"net/ipv4/*", "net/ipv6/*", "net/netfilter/nf_conntrack_*", "net/core/somaxconn", "net/core/optmem_max", "net/core/txrehash",
	"net/unix/max_dgram_qlen", "net/bridge/*", "net/mptcp/*", NULL,
};
static const char *const shared[] = {
	"net/netfilter/nf_conntrack_max", "net/netfilter/nf_conntrack_buckets", "net/netfilter/nf_conntrack_expect_max",
	"net/netfilter/nf_conntrack_count", "net/ipv4/tcp_allowed_congestion_control", "net/ipv4/tcp_mem", "net/ipv4/udp_mem",
	"net/ipv4/tcp_max_orphans", "net/ipv4/route/*", "net/ipv6/route/*", "net/ipv4/neigh/default/gc_*", "net/ipv6/neigh/default/gc_*",
	NULL,
};
/* Of the whole machine: those that no program is run by. */
static const char *const machine[] = {
	"net/*", "vm/swappiness", "vm/overcommit_*", "vm/dirty_*", "vm/min_free_kbytes", "vm/vfs_cache_pressure", "vm/max_map_count",
	"fs/file-max", "fs/nr_open", "fs/aio-max-nr", "fs/inotify/*", "fs/protected_*", "fs/suid_dumpable",
	"kernel/panic", "kernel/panic_on_oops", "kernel/pid_max", "kernel/threads-max", "kernel/dmesg_restrict", "kernel/kptr_restrict",
	"kernel/msgmax", "kernel/msgmnb", "kernel/shmmax", "kernel/shmall", "kernel/shmmni", "kernel/sem", "kernel/printk",
	"kernel/randomize_va_space", "kernel/unprivileged_bpf_disabled", "kernel/yama/ptrace_scope", NULL,
};
/* clang-format on */

const char *
tunable_known(size_t n, const char **help)
{
	if (n >= COUNT(known))
		return NULL;
	*help = known[n].help;
	return known[n].name;
}

/* --- Checks ------------------------------------------------------------------------------------------ */

bool
tunable_path_is_valid(struct text path)
{
	struct text rest = path, part;

	if (path.len == 0 || path.len > TUNABLE_NAME_MAX || path.ptr[0] == '/' || path.ptr[path.len - 1] == '/')
		return false;
	for (size_t i = 0; i < path.len; i++) {
		const char c = path.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c != '\0' && strchr("_-./@", c))))
			return false;
	}
	while (text_next(&rest, "/", &part))
		if (part.len == 0 || part.ptr[0] == '.')
			return false;
	return memchr(path.ptr, '/', path.len) != NULL;
}

bool
tunable_value_is_valid(struct text value)
{
	if (value.len == 0 || value.len > TUNABLE_VALUE_MAX)
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] < ' ' || value.ptr[i] > '~')
			return false;
	return true;
}

static bool
is_among(struct text path, const char *const *patterns)
{
	for (; *patterns; patterns++) {
		const struct text pattern = text_of(*patterns);

		if (text_ends(pattern, TEXT("*")) ? text_starts(path, text_first(pattern, pattern.len - 1))
						  : text_equal(path, pattern))
			return true;
	}
	return false;
}

bool
tunable_is_allowed(struct text path, bool is_namespace)
{
	return is_namespace ? is_among(path, own) && !is_among(path, shared) : is_among(path, machine);
}

/* --- Reading ----------------------------------------------------------------------------------------- */

struct reading {
	struct arena   *arena;
	struct buffer  *missing;
	struct tunable *tunables;
	size_t          n;
};

static void
miss(struct reading *reading, const struct record *record, const char *why)
{
	if (reading->missing->len < MISSING_MAX)
		buffer_print(reading->missing, "%s%.128s: %s", reading->missing->len > 0 ? "; " : "",
			     record_get(record, "tunable"), why);
}

/* As sysctl(8): whichever of dot and slash comes first divides, and the other one is part of a name. */
static const char *
path_of(struct arena *arena, const char *name)
{
	char         *path = arena_copy(arena, text_of(name));
	const size_t  at = strcspn(path, "./");
	const bool    is_dotted = path[at] == '.';

	for (char *c = path; is_dotted && *c; c++)
		*c = *c == '.' ? '/' : *c == '/' ? '.' : *c;
	return path;
}

static const char *
changed(struct arena *arena, const char *value, enum change change)
{
	int64_t number;

	if (change == SAME || !number_read(text_of(value), 0, INT32_MAX, &number))
		return value;
	if (change == OPPOSITE)
		return number ? "0" : "1";
	return arena_print(arena, "%lld", (long long)(number < 1000 ? 1 : number / 1000));
}

static struct tunable
translate(struct arena *arena, const char *name, const char *value)
{
	for (size_t i = 0; i < COUNT(known); i++)
		if (strcmp(known[i].name, name) == 0)
			return (struct tunable){ known[i].path, changed(arena, value, known[i].change) };
	return (struct tunable){ path_of(arena, name), value };
}

/* Is it a name of the BSDs that nobody knows here? Linux has no such trees. */
static bool
is_foreign(struct text path)
{
	static const char *const trees[] = { "net/inet/*", "net/inet6/*", "net/link/*", "net/pf/*", "net/route/*", "net/isr/*", "kern/*",
					     "hw/*", "machdep/*", "debug/*", "security/*", "dev/*", "vfs/*", NULL };

	return is_among(path, trees);
}

/* Of two that are one here the later counts. */
static void
put(struct reading *reading, struct tunable tunable)
{
	for (size_t i = 0; i < reading->n; i++)
		if (strcmp(reading->tunables[i].path, tunable.path) == 0) {
			reading->tunables[i] = tunable;
			return;
		}
	reading->tunables[reading->n++] = tunable;
}

void
tunables_read(struct arena *arena, const struct snapshot *snapshot, struct tunables *out, struct buffer *missing)
{
	const struct collection *all = snapshot_named(snapshot, "core.tunable");
	struct reading           reading = { arena, missing, ARENA_MAKE(arena, struct tunable, TUNABLES_MAX), 0 };

	for (size_t i = 0; i < collection_count(all) && reading.n < TUNABLES_MAX; i++) {
		const struct record *record = collection_at(all, i);
		const struct text    value = text_trim(record_text(record, "value"));
		const struct tunable tunable =
			translate(arena, record_get(record, "tunable"), arena_copy(arena, value));

		/* "default" is what the machine has by itself. */
		if (value.len == 0 || text_is(value, "default"))
			continue;
		if (is_foreign(text_of(tunable.path)))
			miss(&reading, record, "Linux has nothing like it");
		else if (!tunable_path_is_valid(text_of(tunable.path)))
			miss(&reading, record, "no tunable can be called so");
		else if (!tunable_value_is_valid(text_of(tunable.value)))
			miss(&reading, record, "no tunable can have this value");
		else
			put(&reading, tunable);
	}
	*out = (struct tunables){ reading.tunables, reading.n };
}

/* --- To the keeper ------------------------------------------------------------------------------------ */

void
tunables_encode(struct buffer *out, const struct tunables *all)
{
	coding_put_number(out, all->n);
	for (size_t i = 0; i < all->n; i++) {
		coding_put_text(out, text_of(all->tunables[i].path));
		coding_put_text(out, text_of(all->tunables[i].value));
	}
}

bool
tunables_decode(struct arena *arena, struct text bytes, struct tunables *out)
{
	struct coding   in = { .arena = arena, .rest = bytes };
	const size_t    n = coding_number(&in, TUNABLES_MAX);
	struct tunable *all = ARENA_MAKE(arena, struct tunable, n);

	for (size_t i = 0; i < n && !in.failed; i++) {
		all[i].path = coding_string(&in, TUNABLE_NAME_MAX, tunable_path_is_valid);
		all[i].value = coding_string(&in, TUNABLE_VALUE_MAX, tunable_value_is_valid);
		for (size_t k = 0; k < i && !in.failed; k++)
			in.failed = strcmp(all[k].path, all[i].path) == 0;
	}
	if (!coding_is_whole(&in))
		return false;
	*out = (struct tunables){ all, n };
	return true;
}
