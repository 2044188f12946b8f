/* Memory of the kernel, and how packets get through it: what comes nearest to upstream's mbufs, zones and netisr. */
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "proc/diagnose/diagnose.h"
#include "proc/diagnose/parse.h"

#define BACKLOG_PRESET 1000 /* net.core.netdev_max_backlog */

static void
put_number(struct arena *arena, struct value *row, const char *name, int64_t number)
{
	value_set(arena, row, name, value_integer(arena, number));
}

/* --- Buffers of packets --------------------------------------------------------------------------------------- */

struct slabs {
	int64_t active, total, size;
};

/* All slabs whose names begin so. */
static struct slabs
sum_slabs(struct text file, const char *prefix)
{
	struct slabs    sum = { 0 };
	struct text     line;
	struct slab_row row;

	while (text_next(&file, "\n", &line))
		if (parse_slab(line, &row) && text_starts(row.name, text_of(prefix))) {
			sum.active += row.active;
			sum.total += row.total;
			sum.size = row.size;
		}
	return sum;
}

/* The kernel's packet heads are mbufs, what they point to clusters; there is no limit but memory. */
enum result
topic_buffers(struct asking *asking, struct value **answer)
{
	static const char *const zeros[] = {
		"packet-count", "packet-free", "jumbo-count", "jumbo-cache", "jumbo-total", "jumbo-max", "jumbo-page-size",
		"jumbo9-count", "jumbo9-cache", "jumbo9-total", "jumbo9-max", "jumbo16-count", "jumbo16-cache", "jumbo16-total",
		"jumbo16-limit", "mbuf-failures", "cluster-failures", "packet-failures", "mbuf-sleeps", "cluster-sleeps",
		"packet-sleeps", "jumbop-sleeps", "jumbo9-sleeps", "jumbo16-sleeps", "jumbop-failures", "jumbo9-failures",
		"jumbo16-failures", "sendfile-syscalls", "sendfile-no-io", "sendfile-io-count", "sendfile-pages-sent",
		"sendfile-pages-valid", "sendfile-pages-bogus", "sendfile-requested-readahead", "sendfile-readahead",
		"sendfile-busy-encounters", "sfbufs-alloc-failed", "sfbufs-alloc-wait",
	};
	struct arena *arena = asking->arena;
	struct text   slabs = TEXT_NONE, memory = TEXT_NONE;

	if (asked_system(asking, SYSTEM_SLABS, &slabs) != RESULT_DONE || asked_system(asking, SYSTEM_MEMORY, &memory) != RESULT_DONE)
		buffer_cut(asking->message, 0);
	const struct slabs heads = sum_slabs(slabs, "skbuff_head_cache"), clones = sum_slabs(slabs, "skbuff_fclone");
	const struct slabs small = sum_slabs(slabs, "skbuff_small_head");
	const int64_t      current = heads.active + clones.active, total = heads.total + clones.total;
	const int64_t      most = parse_named(memory, "MemTotal") * 1024 / (small.size > 0 ? small.size : 2048);
	const int64_t      used = current * 256 + small.active * small.size, all = total * 256 + small.total * small.size;

	*answer = value_object(arena);
	put_number(arena, *answer, "mbuf-current", current);
	put_number(arena, *answer, "mbuf-cache", total - current);
	put_number(arena, *answer, "mbuf-total", total);
	put_number(arena, *answer, "cluster-current", small.active);
	put_number(arena, *answer, "cluster-cache", small.total - small.active);
	put_number(arena, *answer, "cluster-total", small.total);
	put_number(arena, *answer, "cluster-max", most);
	for (size_t i = 0; i < COUNT(zeros); i++)
		put_number(arena, *answer, zeros[i], 0);
	put_number(arena, *answer, "bytes-in-use", used);
	put_number(arena, *answer, "bytes-in-cache", all - used);
	put_number(arena, *answer, "bytes-total", all);
	return RESULT_DONE;
}

/* --- Packets on their way to protocols ---------------------------------------------------------------------------- */

static struct value *
setting(struct arena *arena, const char *name, int64_t current, int64_t limit)
{
	struct value *row = value_object(arena);

	value_set_string(arena, row, "name", name);
	put_number(arena, row, "current", current);
	put_number(arena, row, "limit", limit);
	return row;
}

static int64_t
hex_of(struct text word)
{
	int64_t number = 0;

	for (size_t i = 0; i < word.len && i < 15; i++) {
		const char c = (char)(word.ptr[i] | 32);

		number = number << 4 | (c >= 'a' && c <= 'f' ? c - 'a' + 10 : c & 15);
	}
	return number;
}

/* A line of /proc/net/softnet_stat: handled, dropped, squeezed... */
static struct value *
workstream(struct arena *arena, int64_t number, struct text line)
{
	struct value *row = value_object(arena), *work = value_list(arena), *ip = value_object(arena);
	int64_t       counts[12] = { 0 };
	struct text   word;

	for (size_t i = 0; i < COUNT(counts) && parse_word(&line, &word); i++)
		counts[i] = hex_of(word);
	put_number(arena, row, "wsid", number);
	put_number(arena, row, "cpu", number);
	value_set_string(arena, ip, "name", "ip");
	put_number(arena, ip, "length", counts[11]);
	put_number(arena, ip, "watermark", 0);
	put_number(arena, ip, "dispatched", counts[0]);
	put_number(arena, ip, "hybrid-dispatched", counts[9]);
	put_number(arena, ip, "queue-drops", counts[1]);
	put_number(arena, ip, "queued", counts[2]);
	put_number(arena, ip, "handled", counts[0]);
	value_add(arena, work, ip);
	value_set(arena, row, "work", work);
	return row;
}

enum result
topic_netisr(struct asking *asking, struct value **answer)
{
	struct arena     *arena = asking->arena;
	struct value     *settings = value_list(arena), *protocols = value_list(arena), *streams = value_list(arena);
	struct value     *ip = value_object(arena);
	struct text       file = TEXT_NONE, line;
	const enum result result = asked_system(asking, SYSTEM_SOFTNET, &file);

	if (result != RESULT_DONE)
		return result;
	for (int64_t i = 0; text_next(&file, "\n", &line); i++)
		value_add(arena, streams, workstream(arena, i, line));
	value_add(arena, settings, setting(arena, "Thread count", (int64_t)streams->count, (int64_t)streams->count));
	value_add(arena, settings, setting(arena, "Default queue limit", BACKLOG_PRESET, BACKLOG_PRESET));
	value_set_string(arena, ip, "name", "ip");
	put_number(arena, ip, "protocol", 1);
	put_number(arena, ip, "queue-limit", BACKLOG_PRESET);
	value_set_string(arena, ip, "policy-type", "cpu");
	value_set_string(arena, ip, "dispatch-policy", "direct");
	value_set_string(arena, ip, "flags", "---");
	value_add(arena, protocols, ip);
	*answer = value_object(arena);
	value_set(arena, *answer, "setting", settings);
	value_set(arena, *answer, "protocol", protocols);
	value_set(arena, *answer, "workstream", streams);
	return RESULT_DONE;
}

/* --- All memory of the kernel ----------------------------------------------------------------------------------------- */

static const char *
size_text(struct arena *arena, int64_t bytes)
{
	static const char *const units[] = { "B", "K", "M", "G", "T" };
	size_t                   unit = 0;
	double                   size = (double)bytes;

	for (; size >= 1024 && unit + 1 < COUNT(units); unit++)
		size /= 1024;
	return arena_print(arena, "%.0f%s", size, units[unit]);
}

static struct value *
totals(struct arena *arena, int64_t used)
{
	struct value *row = value_object(arena);

	put_number(arena, row, "used", used);
	value_set_string(arena, row, "used_fmt", size_text(arena, used));
	return row;
}

static struct value *
section(struct arena *arena, const char *name, struct value *rows, int64_t used)
{
	struct value *out = value_object(arena);

	value_set(arena, out, name, rows);
	value_set(arena, out, "totals", totals(arena, used));
	return out;
}

/* What /proc/meminfo calls by name stands for malloc's kinds, slabs for zones. */
enum result
topic_memory(struct asking *asking, struct value **answer)
{
	static const char *const kinds[] = { "Buffers", "Cached", "AnonPages", "Shmem", "KernelStack", "PageTables", "VmallocUsed",
					     "Percpu", "SReclaimable", "SUnreclaim" };
	struct arena   *arena = asking->arena;
	struct value   *memory = value_list(arena), *zones = value_list(arena);
	struct text     file = TEXT_NONE, slabs = TEXT_NONE, line;
	int64_t         used = 0, zoned = 0;
	struct slab_row slab;

	if (asked_system(asking, SYSTEM_MEMORY, &file) != RESULT_DONE || asked_system(asking, SYSTEM_SLABS, &slabs) != RESULT_DONE)
		buffer_cut(asking->message, 0);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const int64_t bytes = parse_named(file, kinds[i]) * 1024, page = sysconf(_SC_PAGESIZE);
		struct value *row = value_object(arena);

		value_set_string(arena, row, "name", kinds[i]);
		put_number(arena, row, "in-use", bytes / page);
		put_number(arena, row, "memory-use", bytes);
		put_number(arena, row, "requests", bytes / page);
		value_add(arena, memory, row);
		used += bytes;
	}
	while (text_next(&slabs, "\n", &line)) {
		struct value *row = value_object(arena);

		if (!parse_slab(line, &slab))
			continue;
		value_set(arena, row, "name", value_text(arena, slab.name));
		put_number(arena, row, "size", slab.size);
		put_number(arena, row, "limit", 0);
		put_number(arena, row, "used", slab.active);
		put_number(arena, row, "free", slab.total - slab.active);
		put_number(arena, row, "requests", slab.total);
		put_number(arena, row, "fail", 0);
		put_number(arena, row, "sleep", 0);
		put_number(arena, row, "xdomain", 0);
		value_add(arena, zones, row);
		zoned += slab.active * slab.size;
	}
	*answer = value_object(arena);
	value_set(arena, *answer, "malloc-statistics", section(arena, "memory", memory, used));
	value_set(arena, *answer, "memory-zone-statistics", section(arena, "zone", zones, zoned));
	return RESULT_DONE;
}
