/* From records: interfaces by their links, collectors by their addresses. */
#include "proc/flow/settings.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "schema/hosts.h"

static void
read_links(const struct snapshot *snapshot, const struct record *settings, struct passing_links *out)
{
	const struct collection *interfaces = snapshot_named(snapshot, "interfaces.interface");
	struct text              rest = text_of(record_get(settings, "capture.interfaces")), name;

	while (text_next(&rest, ",", &name)) {
		const struct record *interface = collection_find(interfaces, name);
		const char          *device = interface ? record_get(interface, "if") : "";

		if (!device[0] || strlen(device) > WAYS_NAME_MAX || out->n == PASSING_LINKS_MAX)
			continue;
		snprintf(out->links[out->n].device, sizeof(out->links[out->n].device), "%s", device);
		out->links[out->n++].only_out = text_lists(record_text(settings, "capture.egress_only"), name);
	}
}

static bool
read_target(struct text written, struct flow_target *out)
{
	struct text host, port;
	int64_t     number;

	if (!address_and_port_read(written, &host, &port) || !address_read(host, &out->address) ||
	    !number_read(port, 1, 65535, &number))
		return false;
	out->port = (uint16_t)number;
	return true;
}

static void
read_targets(const struct record *settings, struct flow_settings *out)
{
	struct text rest = text_of(record_get(settings, "capture.targets")), one;

	while (text_next(&rest, ",", &one)) {
		const struct text written = text_trim(one);

		if (out->collects && text_is(written, FLOW_LOCAL))
			continue;
		if (out->ntargets < FLOW_TARGETS_MAX && read_target(written, &out->targets[out->ntargets]))
			out->ntargets++;
	}
	out->collectors = out->ntargets + out->collects;
}

struct flow_settings
flow_settings_read(const struct snapshot *snapshot)
{
	const struct record *settings = snapshot_single(snapshot, "diagnostics.netflow");
	struct flow_settings out = {
		.collects = record_bool(settings, "collect.enable"),
		.version = strcmp(record_get(settings, "capture.version"), "v5") == 0 ? 5 : 9,
		.active = record_number(settings, "activeTimeout", 1800) * 1000,
		.inactive = record_number(settings, "inactiveTimeout", 15) * 1000,
	};

	read_links(snapshot, settings, &out.links);
	read_targets(settings, &out);
	return out;
}
