/* Probes and results as bytes: fixed fields in the order of the structs. */
#include "wire/probe.h"

#include <string.h>

#include "wire/bulk.h"

void
put_probe(struct writer *out, const struct probe *probe)
{
	put_u8(out, probe->number);
	put_bool(out, probe->is_routed);
	put_address(out, &probe->target);
	put_string(out, probe->device);
	put_u32(out, probe->interval);
	put_u32(out, probe->loss_interval);
	put_u32(out, probe->period);
	put_u32(out, probe->delay_low);
	put_u32(out, probe->delay_high);
	put_u32(out, probe->loss_low);
	put_u32(out, probe->loss_high);
	put_u32(out, probe->size);
}

static uint32_t
get_between(struct reader *in, uint32_t least, uint32_t most)
{
	const uint32_t number = get_u32(in);

	in->failed |= number < least || number > most;
	return number;
}

/* What a device may be called is for the kernel to say; it only gets it as a name to be looked up. */
static void
get_device(struct reader *in, char *device)
{
	const struct text name = get_text(in, PROBE_DEVICE_MAX);

	for (size_t i = 0; i < name.len; i++) {
		in->failed |= name.ptr[i] <= ' ' || name.ptr[i] == 0x7f || name.ptr[i] == '/';
		device[i] = name.ptr[i];
	}
}

struct probe
get_probe(struct reader *in)
{
	struct probe probe = { .number = get_u8(in) };

	probe.is_routed = get_bool(in);
	probe.target = get_address(in);
	get_device(in, probe.device);
	probe.interval = get_between(in, 1, PROBE_TIME_MAX);
	probe.loss_interval = get_between(in, 1, PROBE_TIME_MAX);
	probe.period = get_between(in, 1, PROBE_TIME_MAX);
	probe.delay_low = get_between(in, 0, PROBE_TIME_MAX);
	probe.delay_high = get_between(in, 0, PROBE_TIME_MAX);
	probe.loss_low = get_between(in, 0, 100);
	probe.loss_high = get_between(in, 0, 100);
	probe.size = get_between(in, 0, PROBE_SIZE_MAX);
	in->failed |= probe.number == 0 || probe.target.family == FAMILY_NONE;
	return probe;
}

void
put_probe_result(struct writer *out, const struct probe_result *result)
{
	put_u8(out, result->number);
	put_u32(out, result->state);
	put_bool(out, result->is_measured);
	put_u32(out, result->delay);
	put_u32(out, result->deviation);
	put_u32(out, result->loss);
}

struct probe_result
get_probe_result(struct reader *in)
{
	struct probe_result result = { .number = get_u8(in) };

	result.state = (enum probe_state)get_choice(in, PROBE_DOWN + 1);
	result.is_measured = get_bool(in);
	result.delay = get_u32(in);
	result.deviation = get_u32(in);
	result.loss = get_between(in, 0, 1000);
	return result;
}
