/* What CARP is to Linux is told in plan/service/keepalived.c; this is what others need to know of it. */
#include "plan/network/carp.h"

bool
carp_is_disabled(const struct snapshot *snapshot)
{
	return record_bool(snapshot_single(snapshot, "interfaces.carp"), "disabled");
}

bool
carp_is_in_maintenance(const struct snapshot *snapshot)
{
	return record_bool(snapshot_single(snapshot, "interfaces.carp"), "maintenance");
}

bool
carp_is_router(const struct record *vip)
{
	return text_is(record_text(vip, "mode"), "carp");
}

bool
carp_floats(const struct record *vip)
{
	return carp_is_router(vip) || (text_is(record_text(vip, "mode"), "ipalias") && record_has(vip, "vhid"));
}

bool
carp_is_on(const struct snapshot *snapshot, struct text interface)
{
	const struct collection *vips = snapshot_named(snapshot, "interfaces.vip");

	for (size_t i = 0; i < collection_count(vips) && !carp_is_disabled(snapshot); i++) {
		const struct record *vip = collection_at(vips, i);

		if (carp_is_router(vip) && text_equal(record_text(vip, "interface"), interface))
			return true;
	}
	return false;
}
