/* How the machine is: from the kernel's own calls and, because a confined gate may read no files, the keeper's reading. */
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include "base/number.h"
#include "proc/diagnose/diagnose.h"
#include "proc/diagnose/parse.h"

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

/* What the kernel does not say is empty. */
static struct text
read_file(const struct asking *asking, enum system_file file)
{
	struct text text = TEXT_NONE;

	if (asked_system(asking, file, &text) != RESULT_DONE)
		buffer_cut(asking->message, 0);
	return text;
}

/* Behind the name of its line. */
static struct text
text_named(struct text lines, const char *name)
{
	struct text line;

	while (text_next(&lines, "\n", &line))
		if (text_is(text_until(&line, ' '), name))
			return text_trim(line);
	return TEXT_NONE;
}

static void
put_firmware(const struct asking *asking, struct value *out)
{
	/* clang-format off */
	static const char *const words[][2] = {
		{ "system_serial", "product_serial" }, { "bios_vendor", "bios_vendor" }, { "bios_version", "bios_version" },
		{ "bios_date", "bios_date" }, { "mds_mitigation", "mds" },
	};
	/* clang-format on */
	const struct text lines = read_file(asking, SYSTEM_FIRMWARE);

	for (size_t i = 0; i < COUNT(words); i++)
		value_set(asking->arena, out, words[i][0], value_text(asking->arena, text_named(lines, words[i][1])));
	value_set_string(asking->arena, out, "system_netgate_id", "");
	value_set(asking->arena, out, "kernel_pti",
		  value_bool(asking->arena, text_contains(text_named(lines, "meltdown"), TEXT("PTI"))));
}

/* The first sensor there is; null without. */
static void
put_temperature(const struct asking *asking, struct value *out)
{
	struct text   lines = read_file(asking, SYSTEM_TEMPERATURES), line = TEXT_NONE, word;
	struct arena *arena = asking->arena;
	const bool    known = text_next(&lines, "\n", &line) && parse_word(&line, &word) && parse_word(&line, &word);
	const double  degrees = (double)parse_number(&line) / 1000;

	value_set(arena, out, "temp_c", known ? value_real(arena, degrees) : value_null(arena));
	value_set(arena, out, "temp_f", known ? value_real(arena, degrees * 9 / 5 + 32) : value_null(arena));
}

/* How the privileged half is. */
enum result
topic_keeper_status(struct asking *asking, struct value **answer)
{
	struct arena     *arena = asking->arena;
	scoped_message    reply;
	enum result       result;

	message_init(&reply);
	result = asked_order(asking, ORDER_STATUS, NULL, &reply);
	if (result != RESULT_DONE)
		return result;
	struct reader      in = message_reader(&reply);
	struct value      *out = value_object(arena);

	get_u32(&in);
	value_set_string(arena, out, "backends", arena_copy(arena, get_text(&in, ORDER_MESSAGE_MAX)));
	value_set(arena, out, "uptime", value_integer(arena, get_i64(&in)));
	value_set(arena, out, "gate_starts", value_integer(arena, get_u32(&in)));
	value_set(arena, out, "rule_loads", value_integer(arena, get_u32(&in)));
	value_set_string(arena, out, "last_rule_load", result_word(get_result(&in)));
	if (!got_all(&in))
		return asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
	*answer = out;
	return RESULT_DONE;
}

enum result
topic_system_status(struct asking *asking, struct value **answer)
{
	const struct processors processors = parse_processors(read_file(asking, SYSTEM_PROCESSORS));
	struct arena   *arena = asking->arena;
	struct value   *out = value_object(arena), *load = value_list(arena);
	struct utsname  machine;
	struct sysinfo  now;

	if (sysinfo(&now) != 0 || uname(&machine) != 0)
		return asked_wrong(asking, RESULT_FAILED, "the kernel does not say how the machine is");
	value_set_string(arena, out, "system_platform", machine.sysname);
	put_firmware(asking, out);
	value_set(arena, out, "cpu_model",
		  value_text(arena, processors.model.len > 0 ? processors.model : text_of(machine.machine)));
	put_temperature(asking, out);
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
