/*
 * What the packet filter costs: 10,000 rules loaded, one of them changed, and one address in or out of a set
 * of a million; nft does the same for comparison.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "backend/nft.h"
#include "base/bug.h"
#include "kernel/lab.h"
#include "plan/filter/compile.h"
#include "plan/ruleset/wire.h"

#define RULES   10000
#define ALIASES 100
#define MILLION 1000000
#define ROUNDS  200

struct bench {
	struct arena               *arena;
	struct filter               filter;
	struct filter_rule         *rules;
	const struct filter_rule  **list;
	const struct filter_alias **aliases;
	struct filter_cache        *cache;
	struct ruleset_known       *known;
	struct nft                 *nft;
	uint64_t                    stamp;
	double                      their_change; /* ms that nft takes to replace one chain */
};

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static int
compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The median; the 99th of a hundred in *p99. */
static double
median(double *times, size_t count, double *p99)
{
	qsort(times, count, sizeof(*times), compare);
	*p99 = times[count * 99 / 100];
	return times[count / 2];
}

static void
report(const char *what, const char *ours, const char *reference, const char *note)
{
	printf("bench\t%s\t%s\t%s\t%s\n", what, ours, reference, note);
	fflush(stdout);
}

/* --- What is filtered ------------------------------------------------------------------------------------ */

static struct address
address(uint32_t number)
{
	return (struct address){ FAMILY_INET, { (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number } };
}

static const struct filter_alias *
make_alias(struct bench *bench, const char *name, size_t count, uint32_t first)
{
	struct filter_alias  *alias = ARENA_MAKE(bench->arena, struct filter_alias, 1);
	struct address_range *ranges = ARENA_MAKE(bench->arena, struct address_range, count);

	for (size_t i = 0; i < count; i++)
		ranges[i].first = ranges[i].last = address(first + (uint32_t)i * 3);
	*alias = (struct filter_alias){ .name = name, .stamp = ++bench->stamp, .ranges = ranges, .nranges = count };
	return alias;
}

static void
make_rule(struct bench *bench, unsigned i)
{
	static const char *const interfaces[] = { "lan", "opt1", "wan" };
	struct net              *nets = ARENA_MAKE(bench->arena, struct net, 2);
	const uint16_t           port = (uint16_t)(1000 + i % 5000);

	nets[0] = (struct net){ .kind = NET_PREFIX, .prefix = { address(0x0a000000 + i * 256), 24 } };
	nets[1] = (struct net){ .kind = NET_ALIAS, .name = bench->aliases[i % ALIASES]->name };
	bench->rules[i] = (struct filter_rule){
		.uuid = arena_print(bench->arena, "3f2a9c00-0000-4000-8000-0000%08u", i), .stamp = ++bench->stamp,
		.action = i % 7 ? RULE_PASS : RULE_BLOCK, .family = RULE_INET, .quick = true, .sequence = i, .protocol = 6,
		.interfaces = &interfaces[i % 3], .ninterfaces = 1, .source = { &nets[0], 1 }, .destination = { &nets[1], 1 },
		.destination_port = { .kind = PORTS_RANGE, .range = { port, port } }, .tos = -1, .prio = -1, .set_prio = -1,
	};
	bench->list[i] = &bench->rules[i];
}

static void
make(struct bench *bench)
{
	static struct filter_address   addresses[3];
	static struct filter_interface interfaces[3] = { { "lan", "em1" }, { "opt1", "em2" }, { "wan", "em0" } };
	static const uint16_t          management[] = { 443 };

	*bench = (struct bench){ .arena = arena_new(), .cache = filter_cache_new(), .known = ruleset_known_new() };
	for (unsigned i = 0; i < 3; i++) {
		addresses[i].prefix = (struct prefix){ address(0xc0a80001 + (i << 8)), 24 };
		interfaces[i].addresses = &addresses[i];
		interfaces[i].naddresses = 1;
	}
	interfaces[2].is_wan = true;
	bench->rules = ARENA_MAKE(bench->arena, struct filter_rule, RULES);
	bench->list = ARENA_MAKE(bench->arena, const struct filter_rule *, RULES);
	bench->aliases = ARENA_MAKE(bench->arena, const struct filter_alias *, ALIASES + 1);
	for (unsigned i = 0; i < ALIASES; i++)
		bench->aliases[i] = make_alias(bench, arena_print(bench->arena, "alias%u", i), 100, 0x0b000000 + i * 4096);
	for (unsigned i = 0; i < RULES; i++)
		make_rule(bench, i);
	bench->filter = (struct filter){
		.interfaces = interfaces, .ninterfaces = 3, .aliases = bench->aliases, .naliases = ALIASES, .rules = bench->list,
		.nrules = RULES, .management_ports = management, .nmanagement_ports = 1, .log_group = 1,
	};
}

/* Another port for one rule: as an edit gives it, a new struct with a new stamp. */
static void
change(struct bench *bench, unsigned which)
{
	struct filter_rule *copy = ARENA_MAKE(bench->arena, struct filter_rule, 1);

	*copy = *bench->list[which];
	copy->stamp = ++bench->stamp;
	copy->destination_port.range.first = copy->destination_port.range.last = (uint16_t)(10000 + bench->stamp % 20000);
	bench->list[which] = copy;
}

static void
apply(struct bench *bench, const struct ruleset *ruleset, struct nft_outcome *outcome)
{
	BUG_IF(nft_apply(bench->nft, ruleset, outcome) != RESULT_DONE, "apply: %s", outcome->message);
}

/* --- nft, for comparison ------------------------------------------------------------------------------------ */

static double
run_nft(const char *path)
{
	scoped_buffer said = BUFFER_NONE;
	const double  start = now();

	BUG_IF(!LAB(&said, "nft", "-f", path), "nft: %s", buffer_string(&said));
	return now() - start;
}

static void
write_script(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	BUG_IF(!file || fputs(text, file) < 0 || fclose(file) != 0, "cannot write %s", path);
}

/* The chain that one changed rule replaces, as a script. */
static void
chain_script(struct buffer *out, const struct ruleset *ruleset)
{
	for (size_t i = 0; i < ruleset->nchains; i++) {
		const struct ruleset_chain *chain = &ruleset->chains[i];

		if (strncmp(chain->name, "i_lan_in_", 9) != 0)
			continue;
		buffer_print(out, "flush chain inet drawbridge %s\ntable inet drawbridge {\nchain %s {\n", chain->name, chain->name);
		for (size_t k = 0; k < chain->nrules; k++) {
			step_print_rule(out, chain->rules[k]);
			buffer_add_byte(out, '\n');
		}
		buffer_add_string(out, "}\n}\n");
		return;
	}
}

/* --- Measured ------------------------------------------------------------------------------------------------- */

static void
measure_load(struct bench *bench, char *folder)
{
	scoped_buffer      text = BUFFER_NONE, bytes = BUFFER_NONE, script = BUFFER_NONE;
	struct nft_outcome outcome;
	const char        *path = arena_print(bench->arena, "%s/all.nft", folder);
	const double       start = now();

	const struct ruleset *ruleset = filter_compile(bench->cache, &bench->filter);
	const double          compiled = now();

	ruleset_encode(&bytes, ruleset, NULL);
	const double encoded = now();

	apply(bench, ruleset, &outcome);
	const double applied = now();

	ruleset_known_learn(bench->known, ruleset);
	ruleset_print(&text, ruleset);
	write_script(path, buffer_string(&text));
	/* The same by nft, in a namespace of its own. */
	lab_fresh();
	const double theirs = run_nft(path);

	report("10,000 filter rules compiled, nothing known", arena_print(bench->arena, "%.0f ms", compiled - start), "-",
	       arena_print(bench->arena, "%zu KB to the keeper, written in %.1f ms", bytes.len / 1024, encoded - compiled));
	report("10,000 filter rules into the kernel", arena_print(bench->arena, "%.0f ms", applied - encoded),
	       arena_print(bench->arena, "%.0f ms", theirs), "nft -f of the same rule set");
	chain_script(&script, ruleset);
	write_script(arena_print(bench->arena, "%s/one.nft", folder), buffer_string(&script));
	bench->their_change = 1e9;
	for (int i = 0; i < 5; i++) {
		const double took = run_nft(arena_print(bench->arena, "%s/one.nft", folder));

		bench->their_change = took < bench->their_change ? took : bench->their_change;
	}
}

static void
measure_change(struct bench *bench)
{
	static double      gate[ROUNDS], keeper[ROUNDS];
	struct nft_outcome outcome;
	double             gate99, keeper99;
	size_t             sent = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		scoped_buffer  bytes = BUFFER_NONE;
		scoped_arena   arena = arena_new();
		struct ruleset read;
		const char    *why;

		change(bench, i * 47 % RULES);
		const double start = now();

		const struct ruleset *ruleset = filter_compile(bench->cache, &bench->filter);

		ruleset_encode(&bytes, ruleset, bench->known);
		ruleset_known_learn(bench->known, ruleset);
		const double sending = now();

		BUG_IF(!ruleset_decode(arena, buffer_text(&bytes), &read, &why), "decode: %s", why);
		apply(bench, &read, &outcome);
		keeper[i] = now() - sending;
		gate[i] = sending - start;
		sent = bytes.len;
	}
	const double gate50 = median(gate, ROUNDS, &gate99), keeper50 = median(keeper, ROUNDS, &keeper99);

	report("one of 10,000 filter rules changed: planned", arena_print(bench->arena, "%.2f ms", gate50), "-",
	       arena_print(bench->arena, "99%%: %.2f ms; %zu KB to the keeper", gate99, sent / 1024));
	report("one of 10,000 filter rules changed: in the kernel", arena_print(bench->arena, "%.2f ms", keeper50),
	       arena_print(bench->arena, "%.1f ms", bench->their_change),
	       arena_print(bench->arena, "nft -f of the same chain (%zu rules; 99%%: %.2f ms)", outcome.rules, keeper99));
}

static void
measure_million(struct bench *bench)
{
	static double      times[ROUNDS];
	struct nft_outcome outcome;
	double             p99, start;
	uint8_t            key[4] = { 1, 2, 3, 0 };

	bench->aliases[ALIASES] = make_alias(bench, "million", MILLION, 0x20000000);
	bench->filter.naliases++;
	struct filter_rule *rule = (struct filter_rule *)bench->list[0];
	struct net         *nets = ARENA_MAKE(bench->arena, struct net, 1);

	nets[0] = (struct net){ .kind = NET_ALIAS, .name = "million" };
	rule->destination = (struct nets){ nets, 1 };
	rule->stamp = ++bench->stamp;
	start = now();
	const struct ruleset *ruleset = filter_compile(bench->cache, &bench->filter);
	const double          compiled = now();

	apply(bench, ruleset, &outcome);
	report("an alias of a million addresses", arena_print(bench->arena, "%.0f ms", now() - compiled), "-",
	       arena_print(bench->arena, "into the kernel; planned in %.0f ms", compiled - start));
	for (unsigned i = 0; i < ROUNDS; i++) {
		key[3] = (uint8_t)(i / 2);
		start = now();
		BUG_IF((i % 2 ? nft_set_delete : nft_set_add)(bench->nft, "a_million_4", key, 1) != RESULT_DONE, "no element");
		times[i] = now() - start;
	}
	const double p50 = median(times, ROUNDS, &p99);

	report("one address in or out of a million", arena_print(bench->arena, "%.3f ms", p50), "-",
	       arena_print(bench->arena, "99%%: %.3f ms", p99));
	for (unsigned i = 0; i < 20; i++) {
		change(bench, i * 47 % RULES + 1);
		ruleset = filter_compile(bench->cache, &bench->filter);
		start = now();
		apply(bench, ruleset, &outcome);
		times[i] = now() - start;
	}
	report("one rule changed beside a million addresses", arena_print(bench->arena, "%.2f ms", median(times, 20, &p99)), "-",
	       "in the kernel");
}

int
main(void)
{
	char         folder[] = "/tmp/bench-nft-XXXXXX";
	struct bench bench;

	lab_need("nft");
	BUG_IF(!mkdtemp(folder), "no folder");
	make(&bench);
	BUG_IF(nft_open(&bench.nft) != RESULT_DONE, "no nftables");
	measure_load(&bench, folder);
	measure_change(&bench);
	measure_million(&bench);
	nft_close(bench.nft);
	filter_cache_free(bench.cache);
	ruleset_known_free(bench.known);
	unlink(arena_print(bench.arena, "%s/all.nft", folder));
	unlink(arena_print(bench.arena, "%s/one.nft", folder));
	rmdir(folder);
	arena_free(bench.arena);
	return 0;
}
