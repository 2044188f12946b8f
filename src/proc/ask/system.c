/* How the machine is: from the kernel's own calls, because a confined gate may read no files for it. */
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include "proc/ask/ask.h"

#define LOAD_SCALE 65536.0 /* sysinfo's fixed point */

static double
fraction_used(double all, double unused)
{
	return all > 0 ? (all - unused) / all : 0;
}

static double
disk_usage(void)
{
	struct statvfs disk;

	return statvfs("/", &disk) == 0 ? fraction_used((double)disk.f_blocks, (double)disk.f_bfree) : 0;
}

enum result
topic_system_status(struct asking *asking, struct value **answer)
{
	static const char *const unknown[] = { "system_serial", "system_netgate_id", "bios_vendor", "bios_version",
					       "bios_date", "mds_mitigation" };
	struct arena   *arena = asking->arena;
	struct value   *out = value_object(arena), *load = value_list(arena);
	struct utsname  machine;
	struct sysinfo  now;

	if (sysinfo(&now) != 0 || uname(&machine) != 0)
		return asked_wrong(asking, RESULT_FAILED, "the kernel does not say how the machine is");
	value_set_string(arena, out, "system_platform", machine.sysname);
	for (size_t i = 0; i < COUNT(unknown); i++)
		value_set_string(arena, out, unknown[i], "");
	value_set_string(arena, out, "cpu_model", machine.machine);
	value_set(arena, out, "kernel_pti", value_bool(arena, false));
	value_set(arena, out, "temp_c", value_null(arena));
	value_set(arena, out, "temp_f", value_null(arena));
	for (size_t i = 0; i < 3; i++)
		value_add(arena, load, value_real(arena, (double)now.loads[i] / LOAD_SCALE));
	value_set(arena, out, "load_avg", load);
	value_set(arena, out, "cpu_count", value_integer(arena, get_nprocs()));
	value_set(arena, out, "mbuf_usage", value_real(arena, 0));
	value_set(arena, out, "mem_usage",
		  value_real(arena, fraction_used((double)now.totalram, (double)(now.freeram + now.bufferram))));
	value_set(arena, out, "swap_usage",
		  value_real(arena, fraction_used((double)now.totalswap, (double)now.freeswap)));
	value_set(arena, out, "disk_usage", value_real(arena, disk_usage()));
	value_set(arena, out, "uptime", value_integer(arena, now.uptime));
	*answer = out;
	return RESULT_DONE;
}
