/*
 * Random rule sets against random packets: the rule that the kernel logs must be the one that pf's
 * definition (filter_evaluate.c) names, on the way in and on the way out.
 *
 * NFT_RANDOM_SETS, NFT_RANDOM_PACKETS and NFT_RANDOM_SEED change the size and the start.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backend/nft.h"
#include "base/number.h"
#include "filter_text.h"
#include "frame.h"
#include "lab.h"
#include "plan/filter/compile.h"
#include "plan/filter/evaluate.h"
#include "test.h"

enum { LINKS = 3, PACKETS_MAX = 2000 };

static const char *const names[LINKS] = { "wan", "lan", "opt1" };
static const char *const pool4[LINKS][4] = {
	{ "192.0.2.10", "192.0.2.77", "198.51.100.5", "203.0.113.99" },
	{ "10.1.0.10", "10.1.0.11", "10.1.7.7", "10.1.255.1" },
	{ "10.2.0.10", "10.2.0.11", "10.2.9.9", "10.2.0.200" },
};
static const char *const pool6[LINKS][3] = {
	{ "2001:db8::10", "2001:db8:ffff::5", "2001:db8::77" },
	{ "fd00:1::10", "fd00:1::11", "fd00:1::ff:1" },
	{ "fd00:2::10", "fd00:2::11", "fd00:2:0:0:8000::" },
};
static const char *const own4[LINKS] = { "192.0.2.1", "10.1.0.1", "10.2.0.1" };
static const char *const own6[LINKS] = { "2001:db8::1", "fd00:1::1", "fd00:2::1" };

struct run {
	struct nft          *nft;
	struct filter_cache *cache;
	int                  log, links[LINKS];
	uint8_t              macs[LINKS][6];
	uint64_t             random;
	size_t               compared;
};

/* --- Chance ------------------------------------------------------------------------------------------------ */

static unsigned
pick(struct run *run, unsigned below)
{
	run->random ^= run->random << 13;
	run->random ^= run->random >> 7;
	run->random ^= run->random << 17;
	return (unsigned)((run->random >> 11) % below);
}

static bool
chance(struct run *run, unsigned percent)
{
	return pick(run, 100) < percent;
}

static void
add_net(struct run *run, struct buffer *out, unsigned family)
{
	static const char *const nets4[] = { "10.1.0.0/16", "10.0.0.0/8", "192.0.2.0/24", "10.2.0.10", "10.1.0.11", "0.0.0.0/0",
					     "10.2.0.8/29", "198.51.100.0/22" };
	static const char *const nets6[] = { "fd00:1::/64", "fd00::/8", "2001:db8::/32", "fd00:2::10", "::/0", "fd00:2::/65" };
	static const char *const both[] = { "@hosts", "@nets", "@mixed", "wan", "lan", "opt1", "lan:address", "opt1:address", "self" };

	if (family == 0 || chance(run, 50))
		buffer_add_string(out, both[pick(run, COUNT(both))]);
	else if (family == 4)
		buffer_add_string(out, nets4[pick(run, COUNT(nets4))]);
	else
		buffer_add_string(out, nets6[pick(run, COUNT(nets6))]);
}

static void
add_nets(struct run *run, struct buffer *out, const char *word, unsigned family)
{
	const bool many = chance(run, 25);

	if (chance(run, 40))
		return;
	buffer_print(out, " %s %s", word, !many && chance(run, 25) ? "!" : "");
	add_net(run, out, family);
	for (unsigned i = 0; many && i < 1 + pick(run, 3); i++) {
		buffer_add_byte(out, ',');
		add_net(run, out, family);
	}
}

static void
add_port(struct run *run, struct buffer *out, const char *word)
{
	static const char *const ports[] = { "80", "443", "22", "1:1023", "8000:8010", "@web", "@many", "53", "1024:65535" };

	buffer_print(out, " %s %s", word, ports[pick(run, COUNT(ports))]);
}

static void
add_where(struct run *run, struct buffer *out)
{
	static const char *const lists[] = { "wan", "lan", "opt1", "wan", "lan", "opt1", "inner", "outer", "all", "wan,lan",
					     "lan,opt1", "inner,wan" };

	if (chance(run, 20))
		return;
	if (chance(run, 12))
		buffer_print(out, " noton %s", names[pick(run, LINKS)]);
	else
		buffer_print(out, " on %s", lists[pick(run, COUNT(lists))]);
}

static void
add_protocol(struct run *run, struct buffer *out, unsigned family)
{
	static const char *const protocols[] = { "tcp", "udp", "tcp/udp", "icmp", "icmp6", "47" };
	const char              *protocol = protocols[pick(run, COUNT(protocols))];

	if (chance(run, 30))
		return;
	if (family == 4 && !strcmp(protocol, "icmp6"))
		protocol = "tcp";
	buffer_print(out, " proto %s", protocol);
	if (!strcmp(protocol, "icmp") && chance(run, 60))
		buffer_add_string(out, chance(run, 50) ? " icmp 8" : " icmp 8,13");
	if (!strcmp(protocol, "icmp6") && chance(run, 60))
		buffer_add_string(out, chance(run, 50) ? " icmp6 128" : " icmp6 128,129");
	if (!strstr(protocol, "tcp") && !strstr(protocol, "udp"))
		return;
	if (chance(run, 50))
		add_port(run, out, "port");
	if (chance(run, 15))
		add_port(run, out, "fromport");
	if (!strcmp(protocol, "tcp") && chance(run, 5))
		buffer_add_string(out, chance(run, 50) ? " flags 16/18" : " anyflags");
}

static void
add_rule(struct run *run, struct buffer *out)
{
	static const char *const actions[] = { "pass", "pass", "block", "reject" };
	static const char *const directions[] = { "in", "in", "in", "out", "any" };
	static const char *const families[] = { "inet46", "inet", "inet6" };
	const unsigned           family = pick(run, 3);
	const unsigned           digits[] = { 0, 4, 6 };

	buffer_print(out, "rule %s %s%s log %s", actions[pick(run, COUNT(actions))], directions[pick(run, COUNT(directions))],
		     chance(run, 35) ? " last" : "", families[family]);
	add_where(run, out);
	add_protocol(run, out, digits[family]);
	add_nets(run, out, "from", digits[family]);
	add_nets(run, out, "to", digits[family]);
	if (chance(run, 30))
		buffer_print(out, " sequence %u", 1 + pick(run, 20));
	if (chance(run, 5))
		buffer_add_string(out, " off");
	buffer_add_byte(out, '\n');
}

static void
make_filter(struct run *run, struct buffer *out)
{
	buffer_add_string(out,
			  "interface wan em0 192.0.2.1/24 2001:db8::1/64 wan\n"
			  "interface lan em1 10.1.0.1/16 fd00:1::1/64\n"
			  "interface opt1 em2 10.2.0.1/16 fd00:2::1/64\n"
			  "alias hosts 10.1.0.10 10.2.0.11 192.0.2.77 fd00:1::10 2001:db8::77\n"
			  "alias nets 10.2.0.0/24 198.51.100.0/24 fd00:2::/66 2001:db8:ffff::/48\n"
			  "alias mixed 10.1.0.11 10.2.9.0-10.2.9.255 203.0.113.0/25 203.0.113.64/26 fd00:1::11\n"
			  "ports web 80 443\n"
			  "ports many 22 53 8000-8005 8006-8010 60000-61000\n"
			  "logdefault\nnolockout\n");
	buffer_print(out, "mode %s\n", chance(run, 50) ? "automatic" : "disabled");
	buffer_print(out, "group inner %u lan opt1\ngroup outer %u wan\ngroup all %u wan lan opt1\n", pick(run, 3), pick(run, 3),
		     pick(run, 3));
	const unsigned count = 1 + pick(run, chance(run, 10) ? 150 : 25);

	for (unsigned i = 0; i < count; i++)
		add_rule(run, out);
}

/* --- Packets ---------------------------------------------------------------------------------------------------- */

static struct address
address_of(const char *text)
{
	struct address out;

	BUG_IF(!address_read(text_of(text), &out), "no address: %s", text);
	return out;
}

struct sent {
	struct packet packet;
	int           link, out_link; /* out_link -1: for this box */
	bool          was_in, was_out, is_wrong;
};

/* GRE has no ports here: a second packet between the same two, either way, would belong to the first's connection. */
static bool
is_connected(const struct sent *list, unsigned count, const struct packet *p)
{
	for (unsigned i = 0; i < count; i++) {
		const struct packet *q = &list[i].packet;

		if (q->protocol == p->protocol &&
		    (address_compare(&q->source, &p->source) == 0 || address_compare(&q->source, &p->destination) == 0))
			return true;
	}
	return false;
}

static void
make_packet(struct run *run, struct sent *list, unsigned id)
{
	struct sent          *sent = &list[id];
	static const uint16_t ports[] = { 80, 443, 22, 53, 8003, 8008, 9999, 60500 };
	const bool            v4 = chance(run, 60);
	struct packet        *p = &sent->packet;
	const unsigned        from = pick(run, LINKS), to = pick(run, LINKS);

	*sent = (struct sent){ .link = (int)pick(run, LINKS), .out_link = (int)to };
	p->interface = names[sent->link];
	p->source = address_of(v4 ? pool4[from][pick(run, 4)] : pool6[from][pick(run, 3)]);
	p->to_self = chance(run, 20);
	if (p->to_self)
		sent->out_link = -1;
	p->destination = address_of(p->to_self ? v4 ? own4[to] : own6[to] :
				    v4 ? pool4[to][pick(run, 4)] : pool6[to][pick(run, 3)]);
	p->protocol = (const int[]){ 6, 6, 17, 17, v4 ? 1 : 58, 47 }[pick(run, 6)];
	/* To our address it may be the answer to something translated. */
	if (p->protocol == 47 && (p->to_self || is_connected(list, id, p)))
		p->protocol = 17;
	p->mac.bytes[0] = 2;
	p->mac.bytes[5] = 99;
	if (p->protocol == 6 || p->protocol == 17) {
		p->destination_port = chance(run, 85) ? ports[pick(run, COUNT(ports))] : (uint16_t)(1 + pick(run, 65535));
		/* No two packets of one round are of one connection. */
		p->source_port = (uint16_t)(chance(run, 10) ? 500 + id % 400 : 2000 + id * 31 % 60000);
	}
	p->tcp_flags = chance(run, 92) ? 2 : (const uint8_t[]){ 16, 18, 4 }[pick(run, 3)];
	p->icmp_type = v4 ? chance(run, 80) ? 8 : 13 : 128;
}

/* --- Comparing ---------------------------------------------------------------------------------------------------- */

static void
complain(const struct run *run, const struct sent *sent, const char *have, const struct filter_rule *want)
{
	scoped_arena arena = arena_new();

	print_message("packet on %s: %s:%u -> %s:%u protocol %d flags %u type %u, out by %s\n  kernel: %s\n  model: %s (seed %llu)\n",
		      names[sent->link], address_print(arena, &sent->packet.source), sent->packet.source_port,
		      address_print(arena, &sent->packet.destination), sent->packet.destination_port, sent->packet.protocol,
		      sent->packet.tcp_flags, sent->packet.icmp_type, sent->out_link < 0 ? "-" : names[sent->out_link], have,
		      want ? want->uuid : "nothing", (unsigned long long)run->random);
}

static bool
is_own(const struct address *address)
{
	for (unsigned i = 0; i < LINKS; i++) {
		const struct address v4 = address_of(own4[i]), v6 = address_of(own6[i]);

		if (address_compare(address, &v4) == 0 || address_compare(address, &v6) == 0)
			return true;
	}
	return false;
}

/* What was logged, against what the model says of the packet in that direction. */
static bool
is_right(struct run *run, const struct evaluation *evaluation, struct sent *sent, const struct logged *logged)
{
	struct text       rest = text_of(logged->prefix);
	const struct text index = text_until(&rest, ':'), action = text_until(&rest, ':'), direction = text_until(&rest, ':');
	struct packet     packet = sent->packet;

	(void)index;
	if (text_is(direction, "out") && sent->out_link >= 0) {
		packet.is_out = true;
		packet.interface = names[sent->out_link];
		/* Translated by now, perhaps. */
		packet.source = logged->source;
		if (packet.protocol == 6 || packet.protocol == 17)
			packet.source_port = logged->source_port;
		packet.from_self = is_own(&packet.source);
		sent->was_out = true;
	} else {
		sent->was_in = true;
	}
	const struct filter_rule *want = evaluation_run(evaluation, &packet);
	const bool                is_start = packet.protocol != 6 || packet.tcp_flags == 2;

	run->compared++;
	/* What is no connection is refused before the rules, where pf may name a blocking one. */
	if (want && text_equal(rest, text_of(want->uuid)))
		return true;
	if (want && !is_start && want->action != RULE_PASS && text_is(action, "block"))
		return true;
	complain(run, sent, logged->prefix, want);
	return false;
}

/* The kernel's own packets have id 0. */
static struct sent *
find_sent(struct sent *list, size_t count, const struct logged *logged)
{
	struct sent *one = logged->id > 0 && logged->id <= count ? &list[logged->id - 1] : NULL;

	if (!one || address_compare(&one->packet.destination, &logged->destination) != 0)
		return NULL;
	if (address_compare(&one->packet.source, &logged->source) != 0 && !is_own(&logged->source))
		return NULL;
	return one;
}

static size_t
hear(struct run *run, const struct evaluation *evaluation, struct sent *list, size_t count)
{
	struct logged logged;
	size_t        heard = 0, wrong = 0;

	while (log_next(run->log, heard < count ? 3000 : 3, &logged)) {
		struct sent *one = find_sent(list, count, &logged);

		if (!one)
			continue;
		heard += !one->was_in;
		if (!is_right(run, evaluation, one, &logged))
			one->is_wrong = true;
	}
	for (size_t i = 0; i < count; i++) {
		struct packet             packet = list[i].packet;
		const struct filter_rule *in = evaluation_run(evaluation, &packet);
		const bool                goes_out = in && in->action == RULE_PASS && list[i].out_link >= 0;

		if (!list[i].was_in) {
			complain(run, &list[i], "not logged", in);
			list[i].is_wrong = true;
		}
		if (goes_out != list[i].was_out && !list[i].is_wrong) {
			complain(run, &list[i], goes_out ? "never came out" : "came out", in);
			list[i].is_wrong = true;
		}
		wrong += list[i].is_wrong;
	}
	return wrong;
}

static void
one_round(struct run *run, size_t packets)
{
	static struct sent   sent[PACKETS_MAX];
	scoped_arena         arena = arena_new();
	scoped_buffer        text = BUFFER_NONE;
	struct nft_outcome   outcome;
	struct evaluation    evaluation;
	uint8_t              frame[256];

	make_filter(run, &text);
	struct filter *filter = filter_text_make(arena, buffer_string(&text));

	filter->log_default_pass = true;
	for (size_t i = 0; i < filter->nrules; i++)
		((struct filter_rule *)filter->rules[i])->stamp = 0;
	if (nft_apply(run->nft, filter_compile(run->cache, filter), &outcome) != RESULT_DONE)
		fail_msg("apply: %s\n%s", outcome.message, buffer_string(&text));
	connections_flush();
	evaluation_make(&evaluation, arena, filter);
	for (size_t i = 0; i < packets; i++) {
		make_packet(run, sent, (unsigned)i);
		const size_t len = frame_make(&sent[i].packet, (uint32_t)i + 1, run->macs[sent[i].link], frame, sizeof(frame));

		CHECK(frame_send(run->links[sent[i].link], frame, len));
	}
	const size_t wrong = hear(run, &evaluation, sent, packets);

	if (wrong > 0)
		print_message("%s", buffer_string(&text));
	if (wrong > 0)
		fail_msg("%zu of %zu packets", wrong, packets);
}

/* --- The router ------------------------------------------------------------------------------------------------------ */

static void
write_file(const char *path, const char *value)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	BUG_IF(fd < 0 || write(fd, value, strlen(value)) < 0, "cannot write %s", path);
	close(fd);
}

static void
add_neighbours(struct arena *arena, unsigned link)
{
	const char *device = arena_print(arena, "em%u", link);

	for (unsigned i = 0; i < 4; i++)
		LAB(NULL, "ip", "neigh", "replace", pool4[link][i], "lladdr", "02:00:00:00:00:99", "dev", device, "nud", "permanent");
	for (unsigned i = 0; i < 3; i++)
		LAB(NULL, "ip", "neigh", "replace", pool6[link][i], "lladdr", "02:00:00:00:00:99", "dev", device, "nud", "permanent");
}

/* Three links to nowhere: what leaves is addressed to a station that is not there. */
static void
build(struct run *run)
{
	scoped_arena arena = arena_new();

	lab_fresh();
	write_file("/proc/sys/net/ipv4/ip_forward", "1");
	write_file("/proc/sys/net/ipv6/conf/all/forwarding", "1");
	write_file("/proc/sys/net/ipv4/icmp_ratelimit", "0");
	for (unsigned i = 0; i < LINKS; i++) {
		const char *device = arena_print(arena, "em%u", i), *peer = arena_print(arena, "p%u", i);

		CHECK(LAB(NULL, "ip", "link", "add", device, "type", "veth", "peer", "name", peer));
		write_file(arena_print(arena, "/proc/sys/net/ipv6/conf/%s/disable_ipv6", peer), "1");
		write_file(arena_print(arena, "/proc/sys/net/ipv6/conf/%s/accept_dad", device), "0");
		CHECK(LAB(NULL, "ip", "link", "set", peer, "up"));
		CHECK(LAB(NULL, "ip", "link", "set", device, "up"));
		CHECK(LAB(NULL, "ip", "address", "add", arena_print(arena, "%s/%d", own4[i], i ? 16 : 24), "dev", device));
		CHECK(LAB(NULL, "ip", "address", "add", arena_print(arena, "%s/64", own6[i]), "dev", device, "nodad"));
		add_neighbours(arena, i);
		run->links[i] = frame_socket(peer);
		frame_mac(device, run->macs[i]);
	}
	CHECK(LAB(NULL, "ip", "route", "add", "default", "via", "192.0.2.10"));
	CHECK(LAB(NULL, "ip", "-6", "route", "add", "default", "via", "2001:db8::10"));
	run->log = log_open(1);
	CHECK_NUMBER(nft_open(&run->nft), RESULT_DONE);
	run->cache = filter_cache_new();
}

static uint64_t
option(const char *name, uint64_t preset)
{
	int64_t number;

	return getenv(name) && number_read(text_of(getenv(name)), 1, INT64_MAX, &number) ? (uint64_t)number : preset;
}

TEST(the_kernel_decides_as_pf_would)
{
	struct run   run = { .random = option("NFT_RANDOM_SEED", 88172645463325252ULL) };
	const size_t sets = option("NFT_RANDOM_SETS", 150), packets = option("NFT_RANDOM_PACKETS", 200);

	build(&run);
	for (size_t i = 0; i < sets; i++)
		one_round(&run, packets < PACKETS_MAX ? packets : PACKETS_MAX);
	print_message("%zu rule sets, %zu verdicts compared\n", sets, run.compared);
	nft_close(run.nft);
	filter_cache_free(run.cache);
	log_close(run.log);
	for (unsigned i = 0; i < LINKS; i++)
		close(run.links[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_kernel_decides_as_pf_would) };

	lab_need("ip");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
