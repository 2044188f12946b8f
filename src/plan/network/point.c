/*
 * The interface has a device, and the line that the device is of knows the port. As upstream, the MTU of such an interface is that of
 * its port, and the line's is less by the headers.
 */
#include "plan/network/point.h"

#include <string.h>

#include "base/number.h"
#include "plan/network/network.h"

#define PREFIX    "pppoe"
#define UNIT_MAX  9999
#define FRAME_MIN 576
#define FRAME_MAX 65535

bool
point_is_wanted(const struct record *interface)
{
	return record_bool(interface, "enable") && text_is(record_text(interface, "type4"), "pppoe");
}

/* "pppoe0" */
static bool
is_device(struct text name)
{
	int64_t number;

	return text_starts(name, TEXT(PREFIX)) && name.len <= NETWORK_NAME_MAX &&
	       number_read(text_after(name, strlen(PREFIX)), 0, UNIT_MAX, &number);
}

bool
point_read(const struct snapshot *snapshot, const struct record *interface, struct point *out)
{
	const struct text    device = record_text(interface, "if");
	const struct record *line = collection_where(snapshot_named(snapshot, "interfaces.ppp"), "if", device);
	const struct record *first = collection_where(snapshot_named(snapshot, "interfaces.interface"), "if", device);
	int64_t              frame = POINT_FRAME;

	if (!point_is_wanted(interface) || !is_device(device) || first != interface || !line ||
	    !text_is(record_text(line, "type"), "pppoe") || !network_name_is_valid(record_text(line, "ports")))
		return false;
	(void)number_read(record_text(interface, "mtu"), FRAME_MIN, FRAME_MAX, &frame);
	*out = (struct point){
		.line = line,
		.device = record_get(line, "if"),
		.port = record_get(line, "ports"),
		.frame = (uint32_t)frame,
		.mtu = (uint32_t)frame - POINT_HEADERS,
	};
	return true;
}
