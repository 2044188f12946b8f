/*
 * What the packet filter has counted, in pf's words: connection tracking stands for the state table. What only pf counts
 * is 0.
 */
#include <string.h>
#include <sys/sysinfo.h>

#include "base/bug.h"
#include "base/number.h"
#include "proc/diagnose/diagnose.h"
#include "wire/links.h"
#include "wire/tables.h"

/* --- Numbers by name -------------------------------------------------------------------------------------- */

/* Of "name number" in lines; 0: not there. */
static int64_t
number_named(struct text lines, const char *name)
{
	struct text line;
	int64_t     number = 0;

	while (text_next(&lines, "\n", &line))
		if (text_is(text_until(&line, ' '), name) && number_read(line, 0, INT64_MAX, &number))
			return number;
	return 0;
}

/* What the kernel does not say is not there. */
static struct text
read_lines(const struct asking *asking, enum system_file file)
{
	struct text lines = TEXT_NONE;

	asked_system(asking, file, &lines);
	buffer_cut(asking->message, 0);
	return lines;
}

static int64_t
uptime(void)
{
	struct sysinfo now;

	return sysinfo(&now) == 0 && now.uptime > 0 ? now.uptime : 1;
}

/* {total, rate}: since the start of the machine. */
static void
put_count(struct arena *arena, struct value *object, const char *name, int64_t total)
{
	struct value *count = value_object(arena);
	const int64_t tenths = total * 10 / uptime();

	value_set(arena, count, "total", value_integer(arena, total));
	value_set(arena, count, "rate", value_real(arena, (double)tenths / 10));
	value_set(arena, object, name, count);
}

static void
put_total(struct arena *arena, struct value *object, const char *name, int64_t total)
{
	struct value *count = value_object(arena);

	value_set(arena, count, "total", value_integer(arena, total));
	value_set(arena, object, name, count);
}

/* --- Sections ------------------------------------------------------------------------------------------------ */

static void
count_states(struct asking *asking, int64_t *count, int64_t *limit)
{
	scoped_message reply;

	message_init(&reply);
	*count = *limit = 0;
	if (asked_order(asking, ORDER_COUNT_STATES, NULL, &reply) == RESULT_DONE) {
		struct reader in = message_reader(&reply);

		*count = get_i64(&in);
		*limit = get_i64(&in);
	}
	buffer_cut(asking->message, 0);
}

static bool
read_rules(struct asking *asking, struct rule_counts *out)
{
	scoped_sealed mapped = TEXT_NONE;

	*out = (struct rule_counts){ NULL, 0 };
	if (asked_sealed(asking, ORDER_COUNT_RULES, NULL, RULE_COUNTS_MAX * 32ULL, &mapped) == RESULT_DONE)
		return rule_counts_decode(asking->arena, mapped, out);
	buffer_cut(asking->message, 0);
	return false;
}

static struct value *
info(struct asking *asking)
{
	static const char *const limits[] = { "max states per rule", "max-src-states", "max-src-nodes", "max-src-conn",
					      "max-src-conn-rate", "overload table insertion", "overload flush states" };
	static const char *const zeros[] = { "bad-offset", "fragment", "short", "normalize", "memory", "bad-timestamp",
					     "congestion", "ip-option", "proto-cksum" };
	struct arena      *arena = asking->arena;
	const struct text  tracking = read_lines(asking, SYSTEM_TRACKING);
	struct value      *out = value_object(arena), *table = value_object(arena), *sources = value_object(arena);
	struct value      *counters = value_object(arena), *limited = value_object(arena);
	const int64_t      up = uptime(), inserts = number_named(tracking, "insert");
	struct rule_counts rules;
	int64_t            current, most, matched = 0;

	count_states(asking, &current, &most);
	read_rules(asking, &rules);
	for (size_t i = 0; i < rules.n; i++)
		matched += (int64_t)rules.counts[i].packets;
	value_set_string(arena, out, "uptime", arena_print(arena, "%lld days %02lld:%02lld:%02lld", (long long)(up / 86400),
		(long long)(up / 3600 % 24), (long long)(up / 60 % 60), (long long)(up % 60)));
	put_total(arena, table, "current-entries", current);
	put_count(arena, table, "searches", number_named(tracking, "found") + number_named(tracking, "search_restart") + matched);
	put_count(arena, table, "inserts", inserts > current ? inserts : current);
	put_count(arena, table, "removals", inserts > current ? inserts - current : 0);
	put_total(arena, sources, "current-entries", 0);
	put_count(arena, sources, "searches", 0);
	put_count(arena, sources, "inserts", 0);
	put_count(arena, sources, "removals", 0);
	put_count(arena, counters, "match", matched);
	for (size_t i = 0; i < COUNT(zeros); i++)
		put_count(arena, counters, zeros[i], 0);
	put_count(arena, counters, "state-mismatch", number_named(tracking, "invalid"));
	put_count(arena, counters, "state-insert", number_named(tracking, "insert_failed"));
	put_count(arena, counters, "state-limit", number_named(tracking, "early_drop") + number_named(tracking, "drop"));
	put_count(arena, counters, "src-limit", 0);
	put_count(arena, counters, "synproxy", 0);
	put_count(arena, counters, "map-failed", 0);
	for (size_t i = 0; i < COUNT(limits); i++)
		put_count(arena, limited, limits[i], 0);
	value_set(arena, out, "state-table", table);
	value_set(arena, out, "source-tracking-table", sources);
	value_set(arena, out, "counters", counters);
	value_set(arena, out, "limit-counters", limited);
	return out;
}

static struct value *
memory(struct asking *asking)
{
	struct arena *arena = asking->arena;
	struct value *out = value_object(arena);
	int64_t       current, most;

	count_states(asking, &current, &most);
	value_set(arena, out, "states", value_integer(arena, most));
	value_set(arena, out, "src-nodes", value_integer(arena, UINT16_MAX));
	value_set(arena, out, "table-entries", value_integer(arena, 1000000));
	return out;
}

static struct value *
timeouts(struct asking *asking)
{
	static const char *const words[][2] = {
		{ "tcp.first", "tcp_timeout_syn_sent" }, { "tcp.opening", "tcp_timeout_syn_recv" },
		{ "tcp.established", "tcp_timeout_established" }, { "tcp.closing", "tcp_timeout_fin_wait" },
		{ "tcp.finwait", "tcp_timeout_time_wait" }, { "tcp.closed", "tcp_timeout_close" },
		{ "udp.first", "udp_timeout" }, { "udp.single", "udp_timeout" }, { "udp.multiple", "udp_timeout_stream" },
		{ "icmp.first", "icmp_timeout" }, { "icmp.error", "icmp_timeout" }, { "other.first", "generic_timeout" },
		{ "other.single", "generic_timeout" }, { "other.multiple", "generic_timeout" },
	};
	struct arena     *arena = asking->arena;
	const struct text lines = read_lines(asking, SYSTEM_TIMEOUTS);
	struct value     *out = value_object(arena);

	for (size_t i = 0; i < COUNT(words); i++)
		value_set_string(arena, out, words[i][0],
				 arena_print(arena, "%llds", (long long)number_named(lines, words[i][1])));
	return out;
}

static void
put_way(struct arena *arena, struct value *out, const char *way, unsigned version, const struct link_counters *counters)
{
	static const char *const verdicts[] = { "pass", "block" };

	for (size_t i = 0; i < COUNT(verdicts); i++) {
		const uint64_t packets = i == 0 ? counters->packets : counters->drops, bytes = i == 0 ? counters->bytes : 0;

		value_set(arena, out, arena_print(arena, "%s%u_%s_packets", way, version, verdicts[i]),
			  value_integer(arena, (int64_t)packets));
		value_set(arena, out, arena_print(arena, "%s%u_%s_bytes", way, version, verdicts[i]),
			  value_integer(arena, (int64_t)bytes));
	}
}

static struct link_counters
without(const struct link_counters *all, const struct link_counters *some)
{
	const uint64_t packets = all->packets > some->packets ? all->packets - some->packets : 0;

	/* The link counts its own headers too. */
	return (struct link_counters){ packets, packets > 0 && all->bytes > some->bytes ? all->bytes - some->bytes : 0, 0,
				       all->drops };
}

/* Links count for themselves; of what was blocked they know only what they dropped. */
static struct value *
interfaces(struct asking *asking)
{
	struct arena *arena = asking->arena;
	struct value *out = value_object(arena);
	struct links  links = { NULL, 0 };
	scoped_sealed mapped = TEXT_NONE;

	if (asked_sealed(asking, ORDER_LINKS, NULL, LINKS_BYTES_MAX, &mapped) == RESULT_DONE)
		links_decode(arena, mapped, &links);
	buffer_cut(asking->message, 0);
	for (size_t i = 0; i < links.n; i++) {
		const struct link         *link = &links.links[i];
		const struct link_counters in = without(&link->in, &link->in6), away = without(&link->out, &link->out6);
		struct value              *row = value_object(arena);

		value_set_string(arena, row, "cleared", "");
		value_set(arena, row, "references", value_integer(arena, 0));
		put_way(arena, row, "in", 4, &in);
		put_way(arena, row, "out", 4, &away);
		put_way(arena, row, "in", 6, &link->in6);
		put_way(arena, row, "out", 6, &link->out6);
		value_set(arena, out, link->name, row);
	}
	return out;
}

static bool
is_translation(const struct asking *asking, const char *uuid)
{
	static const char *const kinds[] = { "firewall.source_nat", "firewall.destination_nat", "firewall.one_to_one",
					     "firewall.npt" };

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (collection_find(snapshot_named(asking->snapshot, kinds[i]), text_of(uuid)))
			return true;
	return false;
}

static struct value *
rules(struct asking *asking)
{
	struct arena      *arena = asking->arena;
	const struct map  *labels = rule_labels(asking);
	struct value      *out = value_object(arena), *filters = value_object(arena), *translations = value_object(arena);
	struct rule_counts counts;

	read_rules(asking, &counts);
	for (size_t i = 0; i < counts.n; i++) {
		const struct rule_count *count = &counts.counts[i];
		const char              *uuid = filter_cache_uuid(asking->box->cache, count->index);
		struct value            *row = value_object(arena);
		const struct {
			const char *name;
			uint64_t    number;
		} numbers[] = {
			{ "evaluations", count->packets }, { "packets", count->packets }, { "bytes", count->bytes },
			{ "states", count->states }, { "inserted", (uint64_t)asking->box->applied_at },
			{ "state_creations", count->states },
		};

		if (!uuid)
			continue;
		for (size_t k = 0; k < COUNT(numbers); k++)
			value_set(arena, row, numbers[k].name, value_integer(arena, (int64_t)numbers[k].number));
		value_set(arena, is_translation(asking, uuid) ? translations : filters,
			  arena_print(arena, "@%u %s label \"%s\"", count->index, rule_label(labels, uuid), uuid), row);
	}
	value_set(arena, out, "filter rules", filters);
	value_set(arena, out, "nat rules", translations);
	return out;
}

/* {info, memory, timeouts, interfaces, rules}: all, or the one that is asked for. */
enum result
topic_filter_statistics(struct asking *asking, struct value **answer)
{
	static const struct {
		const char    *name;
		struct value *(*make)(struct asking *);
	} sections[] = {
		{ "info", info }, { "memory", memory }, { "timeouts", timeouts }, { "interfaces", interfaces }, { "rules", rules },
	};
	const char *wanted = asked_text(asking, "section");

	*answer = value_object(asking->arena);
	for (size_t i = 0; i < COUNT(sections); i++)
		if (!wanted[0] || strcmp(sections[i].name, wanted) == 0)
			value_set(asking->arena, *answer, sections[i].name, sections[i].make(asking));
	return RESULT_DONE;
}
