/* How the machine is: time, memory, disks. What the kernel tells anybody who asks. */
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>

#include "dialect/opnsense/tables.h"

#define LOAD_SCALE 65536.0

static const char *
local_time(struct arena *arena, time_t at)
{
	struct tm parts;
	char      room[64];

	localtime_r(&at, &parts);
	return strftime(room, sizeof(room), "%a %b %e %H:%M:%S %Z %Y", &parts) ? arena_copy(arena, text_of(room)) : "";
}

static const char *
duration(struct arena *arena, long seconds)
{
	const long days = seconds / 86400, rest = seconds % 86400;
	const char *clock = arena_print(arena, "%02ld:%02ld:%02ld", rest / 3600, rest / 60 % 60, rest % 60);

	return days ? arena_print(arena, "%ld days, %s", days, clock) : clock;
}

static void
system_time(struct call *call)
{
	struct arena      *arena = call->request->arena;
	const int64_t      now = call->request->service->now(call->request->service->context) / 1000000;
	struct sysinfo     info = { .uptime = 0 };
	struct history     history = { .count = 0 };
	time_t             changed = 0;

	sysinfo(&info);
	if (store_revisions(call->request->service->store, arena, 1, 0, &history) == RESULT_DONE && history.count)
		changed = (time_t)(history.revisions[0].time / 1000000);
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "uptime", duration(arena, info.uptime));
	json_put_string(&call->json, "datetime", local_time(arena, (time_t)now));
	json_put_string(&call->json, "boottime", local_time(arena, (time_t)now - info.uptime));
	json_put_string(&call->json, "config", changed ? local_time(arena, changed) : "");
	json_put_string(&call->json, "loadavg",
			arena_print(arena, "%.2f, %.2f, %.2f", (double)info.loads[0] / LOAD_SCALE,
				    (double)info.loads[1] / LOAD_SCALE, (double)info.loads[2] / LOAD_SCALE));
	json_object_end(&call->json);
}

static void
system_resources(struct call *call)
{
	struct arena  *arena = call->request->arena;
	struct sysinfo info = { .uptime = 0 };

	sysinfo(&info);
	const unsigned long long unit = info.mem_unit ? info.mem_unit : 1;
	const unsigned long long total = info.totalram * unit;
	const unsigned long long used = total - (info.freeram + info.bufferram) * unit;

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "memory");
	json_object(&call->json);
	json_put_string(&call->json, "total", arena_print(arena, "%llu", total));
	json_put_string(&call->json, "total_frmt", arena_print(arena, "%llu", total >> 20));
	json_put_number(&call->json, "used", (int64_t)used);
	json_put_string(&call->json, "used_frmt", arena_print(arena, "%llu", used >> 20));
	json_object_end(&call->json);
	json_object_end(&call->json);
}

static void
system_swap(struct call *call)
{
	struct arena  *arena = call->request->arena;
	struct sysinfo info = { .uptime = 0 };

	sysinfo(&info);
	const unsigned long long unit = info.mem_unit ? info.mem_unit : 1;

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "swap");
	json_list(&call->json);
	if (info.totalswap) {
		json_object(&call->json);
		json_put_string(&call->json, "device", "swap");
		json_put_string(&call->json, "total", arena_print(arena, "%llu", info.totalswap * unit / 1024));
		json_put_string(&call->json, "used",
				arena_print(arena, "%llu", (info.totalswap - info.freeswap) * unit / 1024));
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_object_end(&call->json);
}

/* "20G", "512M" */
static const char *
size_text(struct arena *arena, unsigned long long bytes)
{
	static const char units[] = "KMGTP";
	double            size = (double)bytes / 1024;
	size_t            unit = 0;

	while (size >= 1024 && unit + 2 < sizeof(units)) {
		size /= 1024;
		unit++;
	}
	return arena_print(arena, size < 10 ? "%.1f%c" : "%.0f%c", size, units[unit]);
}

static void
system_disk(struct call *call)
{
	struct arena *arena = call->request->arena;
	struct statfs root;

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "devices");
	json_list(&call->json);
	if (statfs("/", &root) == 0 && root.f_blocks) {
		const unsigned long long block = (unsigned long long)root.f_bsize;
		const unsigned long long used = (root.f_blocks - root.f_bfree) * block;
		const unsigned long long usable = used + root.f_bavail * block;

		json_object(&call->json);
		json_put_string(&call->json, "device", "root");
		json_put_string(&call->json, "type", "");
		json_put_string(&call->json, "blocks", size_text(arena, root.f_blocks * block));
		json_put_string(&call->json, "used", size_text(arena, used));
		json_put_string(&call->json, "available", size_text(arena, root.f_bavail * block));
		json_put_number(&call->json, "used_pct", usable ? (int64_t)((used * 100 + usable - 1) / usable) : 0);
		json_put_string(&call->json, "mountpoint", "/");
		json_object_end(&call->json);
	}
	json_list_end(&call->json);
	json_object_end(&call->json);
}

static void
system_information(struct call *call)
{
	struct arena        *arena = call->request->arena;
	const struct record *general = snapshot_single(call->request->snapshot, "system.general");
	struct utsname       kernel = { .release = "" };

	uname(&kernel);
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "name",
			arena_print(arena, "%s.%s", record_get(general, "hostname"), record_get(general, "domain")));
	json_name(&call->json, "versions");
	json_list(&call->json);
	json_string(&call->json, arena_print(arena, "Drawbridge %s", call->request->service->version));
	json_string(&call->json, arena_print(arena, "%s %s", kernel.sysname, kernel.release));
	json_list_end(&call->json);
	json_put_string(&call->json, "updates", "Updates come from the package manager of this machine.");
	json_object_end(&call->json);
}

/* clang-format off */
const struct action system_actions[] = {
	{ "diagnostics/system/system_time", KIND_QUERY, .lane = LANE_SLOW, .handle = system_time },
	{ "diagnostics/system/system_resources", KIND_QUERY, .handle = system_resources },
	{ "diagnostics/system/system_swap", KIND_QUERY, .handle = system_swap },
	{ "diagnostics/system/system_disk", KIND_QUERY, .lane = LANE_SLOW, .handle = system_disk },
	{ "diagnostics/system/system_information", KIND_QUERY, .handle = system_information },
	{ NULL },
};
/* clang-format on */
