/* The processors, what runs on them, and how warm they are; names of addresses. */
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/number.h"
#include "proc/diagnose/diagnose.h"
#include "proc/diagnose/parse.h"

#define LOAD_SCALE    65536.0 /* sysinfo's fixed point */
#define ACTIVITY_MS   500     /* between the two looks that shares of time come from */
#define PROCESSES_MAX 32768
#define SHOWN_MAX     500
#define NAMES_MAX     64 /* addresses that are looked up for one question */

static void
put_number(struct arena *arena, struct value *row, const char *name, int64_t number)
{
	value_set(arena, row, name, value_integer(arena, number));
}

/* --- Processors ------------------------------------------------------------------------------------------------ */

/* "user nice sys idle interrupts total", as this topic gives it for the next time. */
static struct cpu_times
read_before(const struct asking *asking)
{
	struct text      rest = text_of(asked_text(asking, "before"));
	struct cpu_times times = { .user = (uint64_t)parse_number(&rest) };

	times.nice = (uint64_t)parse_number(&rest);
	times.sys = (uint64_t)parse_number(&rest);
	times.idle = (uint64_t)parse_number(&rest);
	times.interrupts = (uint64_t)parse_number(&rest);
	times.total = (uint64_t)parse_number(&rest);
	return times;
}

enum result
topic_cpu(struct asking *asking, struct value **answer)
{
	const struct cpu_times before = read_before(asking);
	struct arena          *arena = asking->arena;
	struct text            file;
	struct cpu_times       now;
	const enum result      result = asked_system(asking, SYSTEM_CPU, &file);

	if (result != RESULT_DONE)
		return result;
	if (!parse_cpu(file, &now))
		return asked_wrong(asking, RESULT_FAILED, "the kernel does not say what its processors did");
	const struct cpu_share share = cpu_share(&before, &now);

	*answer = value_object(arena);
	put_number(arena, *answer, "total", share.total);
	put_number(arena, *answer, "user", share.user);
	put_number(arena, *answer, "nice", share.nice);
	put_number(arena, *answer, "sys", share.sys);
	put_number(arena, *answer, "intr", share.interrupts);
	put_number(arena, *answer, "idle", share.idle);
	value_set_string(arena, *answer, "now",
			 arena_print(arena, "%llu %llu %llu %llu %llu %llu", (unsigned long long)now.user,
				     (unsigned long long)now.nice, (unsigned long long)now.sys, (unsigned long long)now.idle,
				     (unsigned long long)now.interrupts, (unsigned long long)now.total));
	return RESULT_DONE;
}

enum result
topic_processors(struct asking *asking, struct value **answer)
{
	struct text       file;
	const enum result result = asked_system(asking, SYSTEM_PROCESSORS, &file);

	if (result != RESULT_DONE)
		return result;
	const struct processors all = parse_processors(file);
	const unsigned          threads = all.threads ? all.threads : (unsigned)get_nprocs();

	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "model", value_text(asking->arena, all.model.len ? all.model : TEXT("unknown")));
	put_number(asking->arena, *answer, "cores", all.cores ? all.cores : threads);
	put_number(asking->arena, *answer, "threads", threads);
	return RESULT_DONE;
}

/* --- Temperatures ------------------------------------------------------------------------------------------------ */

/* "zone x86_pkg_temp 45000" */
enum result
topic_temperatures(struct asking *asking, struct value **answer)
{
	struct arena     *arena = asking->arena;
	struct text       file, line;
	const enum result result = asked_system(asking, SYSTEM_TEMPERATURES, &file);

	if (result != RESULT_DONE)
		return result;
	*answer = value_list(arena);
	for (int64_t i = 0; text_next(&file, "\n", &line); i++) {
		struct text   kind, name;
		struct value *row = value_object(arena);

		if (!parse_word(&line, &kind) || !parse_word(&line, &name))
			continue;
		const bool is_cpu = text_starts(name, TEXT("coretemp")) || text_starts(name, TEXT("k10temp"));
		const char *type = text_is(kind, "zone") ? "zone" : text_is(name, "k10temp") ? "amd" : is_cpu ? "cpu" : "other";

		value_set(arena, row, "device", value_text(arena, name));
		put_number(arena, row, "device_seq", i);
		value_set_string(arena, row, "temperature", arena_print(arena, "%.1f", (double)parse_number(&line) / 1000));
		value_set_string(arena, row, "type", type);
		value_set_string(arena, row, "type_translated",
				 strcmp(type, "zone") == 0 ? "Zone" : strcmp(type, "other") == 0 ? "Other" : "CPU");
		value_add(arena, *answer, row);
	}
	return RESULT_DONE;
}

/* --- Processes ------------------------------------------------------------------------------------------------------ */

struct look {
	struct process_row *rows;
	size_t              n;
	struct cpu_times    times;
	struct timespec     at;
};

static int
compare_pids(const void *a, const void *b)
{
	const uint32_t left = ((const struct process_row *)a)->pid, right = ((const struct process_row *)b)->pid;

	return (left > right) - (left < right);
}

static enum result
look(const struct asking *asking, struct look *out)
{
	struct text file, line, cpu;
	enum result result = asked_system(asking, SYSTEM_PROCESSES, &file);

	if (result == RESULT_DONE)
		result = asked_system(asking, SYSTEM_CPU, &cpu);
	if (result != RESULT_DONE)
		return result;
	*out = (struct look){ .rows = ARENA_MAKE(asking->arena, struct process_row, PROCESSES_MAX) };
	while (out->n < PROCESSES_MAX && text_next(&file, "\n", &line))
		out->n += parse_process(line, &out->rows[out->n]);
	qsort(out->rows, out->n, sizeof(*out->rows), compare_pids);
	parse_cpu(cpu, &out->times);
	clock_gettime(CLOCK_MONOTONIC, &out->at);
	return RESULT_DONE;
}

struct shown {
	const struct process_row *row;
	uint64_t                  ticks; /* since the first look */
};

static int
compare_shown(const void *a, const void *b)
{
	const struct shown *left = a, *right = b;

	if (left->ticks != right->ticks)
		return left->ticks < right->ticks ? 1 : -1;
	if (left->row->ticks != right->row->ticks)
		return left->row->ticks < right->row->ticks ? 1 : -1;
	return compare_pids(left->row, right->row);
}

static const char *
size_text(struct arena *arena, uint64_t bytes)
{
	static const char units[] = "KMGT";
	double            size = (double)bytes / 1024;
	size_t            unit = 0;

	for (; size >= 10000 && unit + 2 < sizeof(units); unit++)
		size /= 1024;
	return arena_print(arena, "%.0f%c", size, units[unit]);
}

static const char *
state_word(char state)
{
	return state == 'R' ? "CPU" : state == 'S' ? "sleep" : state == 'D' ? "disk" : state == 'Z' ? "zomb" :
	       state == 'T' || state == 't' ? "stop" : "idle";
}

static struct value *
process_value(struct arena *arena, const struct shown *shown, double seconds, struct text users)
{
	const struct process_row *process = shown->row;
	const double              hertz = (double)sysconf(_SC_CLK_TCK);
	const uint64_t            hundredths = (uint64_t)((double)process->ticks * 100 / hertz);
	struct value             *row = value_object(arena);

	value_set_string(arena, row, "PID", arena_print(arena, "%u", process->pid));
	value_set_string(arena, row, "USERNAME", user_name(arena, users, process->uid));
	value_set_string(arena, row, "PRI", arena_print(arena, "%lld", (long long)process->priority));
	value_set_string(arena, row, "NICE", arena_print(arena, "%lld", (long long)process->nice));
	value_set_string(arena, row, "SIZE", size_text(arena, process->size));
	value_set_string(arena, row, "RES", size_text(arena, process->resident * (uint64_t)sysconf(_SC_PAGESIZE)));
	value_set_string(arena, row, "STATE", state_word(process->state));
	value_set_string(arena, row, "TIME", arena_print(arena, "%llu:%02llu.%02llu", (unsigned long long)hundredths / 6000,
							 (unsigned long long)hundredths / 100 % 60,
							 (unsigned long long)hundredths % 100));
	value_set_string(arena, row, "WCPU",
			 arena_print(arena, "%.2f%%", seconds > 0 ? (double)shown->ticks * 100 / hertz / seconds : 0.0));
	value_set(arena, row, "COMMAND",
		  process->command.len ? value_text(arena, process->command)
				       : value_string(arena, arena_print(arena, "[%.*s]", TEXT_ARGS(process->name))));
	value_set_string(arena, row, "THR", arena_print(arena, "%lld", (long long)process->threads));
	value_set_string(arena, row, "C", arena_print(arena, "%d", process->cpu));
	return row;
}

/* The lines that top has above its list. */
static struct value *
header_lines(const struct asking *asking, const struct look *before, const struct look *now)
{
	const struct cpu_share share = cpu_share(&before->times, &now->times);
	struct arena          *arena = asking->arena;
	struct value          *lines = value_list(arena);
	struct sysinfo         info = { .uptime = 0 };
	struct text            memory = TEXT_NONE;
	const time_t           clock = time(NULL);
	int64_t                threads = 0;
	unsigned               running = 0;
	uint32_t               last = 0;
	struct tm              parts;
	char                   text[16];

	sysinfo(&info);
	if (asked_system(asking, SYSTEM_MEMORY, &memory) != RESULT_DONE)
		buffer_cut(asking->message, 0);
	for (size_t i = 0; i < now->n; i++) {
		threads += now->rows[i].threads;
		running += now->rows[i].state == 'R';
		last = now->rows[i].pid > last ? now->rows[i].pid : last;
	}
	localtime_r(&clock, &parts);
	strftime(text, sizeof(text), "%H:%M:%S", &parts);
	value_add(arena, lines, value_string(arena, arena_print(arena,
		"last pid: %5u;  load averages: %5.2f, %5.2f, %5.2f  up %ld+%02ld:%02ld:%02ld    %s", last,
		(double)info.loads[0] / LOAD_SCALE, (double)info.loads[1] / LOAD_SCALE, (double)info.loads[2] / LOAD_SCALE,
		info.uptime / 86400, info.uptime / 3600 % 24, info.uptime / 60 % 60, info.uptime % 60, text)));
	value_add(arena, lines, value_string(arena, arena_print(arena, "%lld threads:   %u running, %lld sleeping",
		(long long)threads, running, (long long)(threads - running))));
	value_add(arena, lines, value_string(arena, arena_print(arena,
		"CPU: %2u.0%% user, %2u.0%% nice, %2u.0%% system, %2u.0%% interrupt, %2u.0%% idle", share.user, share.nice, share.sys,
		share.interrupts, share.idle)));
	value_add(arena, lines, value_string(arena, arena_print(arena, "Mem: %s Active, %s Inact, %s Cached, %s Free",
		size_text(arena, (uint64_t)parse_named(memory, "Active") * 1024),
		size_text(arena, (uint64_t)parse_named(memory, "Inactive") * 1024),
		size_text(arena, (uint64_t)parse_named(memory, "Cached") * 1024),
		size_text(arena, (uint64_t)parse_named(memory, "MemFree") * 1024))));
	value_add(arena, lines, value_string(arena, arena_print(arena, "Swap: %s Total, %s Free",
		size_text(arena, (uint64_t)parse_named(memory, "SwapTotal") * 1024),
		size_text(arena, (uint64_t)parse_named(memory, "SwapFree") * 1024))));
	return lines;
}

/* Looks twice, so that shares are those of now. */
enum result
topic_activity(struct asking *asking, struct value **answer)
{
	const struct timespec pause = { 0, ACTIVITY_MS * 1000000L };
	struct arena         *arena = asking->arena;
	struct value         *details = value_list(arena);
	struct text           users = TEXT_NONE;
	struct look           before, now;
	enum result           result = look(asking, &before);

	if (result != RESULT_DONE)
		return result;
	nanosleep(&pause, NULL);
	result = look(asking, &now);
	if (result != RESULT_DONE)
		return result;
	if (asked_system(asking, SYSTEM_USERS, &users) != RESULT_DONE)
		buffer_cut(asking->message, 0);
	const double  seconds = (double)(now.at.tv_sec - before.at.tv_sec) + (double)(now.at.tv_nsec - before.at.tv_nsec) / 1e9;
	struct shown *shown = ARENA_MAKE(arena, struct shown, now.n + 1);

	for (size_t i = 0; i < now.n; i++) {
		const struct process_row *old =
			before.n ? bsearch(&now.rows[i], before.rows, before.n, sizeof(*before.rows), compare_pids) : NULL;

		shown[i] = (struct shown){ &now.rows[i], old && old->started == now.rows[i].started && now.rows[i].ticks > old->ticks
								 ? now.rows[i].ticks - old->ticks
								 : 0 };
	}
	qsort(shown, now.n, sizeof(*shown), compare_shown);
	for (size_t i = 0; i < now.n && i < SHOWN_MAX; i++)
		value_add(arena, details, process_value(arena, &shown[i], seconds, users));
	*answer = value_object(arena);
	value_set(arena, *answer, "headers", header_lines(asking, &before, &now));
	value_set(arena, *answer, "details", details);
	return RESULT_DONE;
}

/* --- Names ------------------------------------------------------------------------------------------------------------ */

/* {address: name}; the address itself where there is none. Addresses are comma separated. */
enum result
topic_reverse(struct asking *asking, struct value **answer)
{
	struct text rest = text_of(asked_text(asking, "addresses")), one;

	*answer = value_object(asking->arena);
	for (size_t i = 0; i < NAMES_MAX && text_next(&rest, ",", &one); i++) {
		struct address address;
		const char    *name = arena_copy(asking->arena, one);

		if (address_read(one, &address))
			host_name_of(asking->arena, &address, &name);
		value_set_text(asking->arena, *answer, one, value_string(asking->arena, name));
	}
	return RESULT_DONE;
}
