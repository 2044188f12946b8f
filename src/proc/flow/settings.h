/* proc/flow/settings.h: what is accounted, and who is told. */
#pragma once

#include "proc/flow/passing.h"
#include "schema/snapshot.h"

#define FLOW_TARGETS_MAX 16
#define FLOW_LOCAL       "127.0.0.1:2056" /* stands for our own archives, when traffic is collected */

struct flow_target {
	struct address address;
	uint16_t       port;
};

struct flow_settings {
	struct passing_links links; /* none: nothing is accounted */
	bool                 collects; /* into archives */
	unsigned             version; /* of NetFlow: 5 or 9 */
	struct flow_target   targets[FLOW_TARGETS_MAX];
	size_t               ntargets;
	size_t               collectors; /* that are configured, the archives too */
	int64_t              active, inactive; /* ms */
};

struct flow_settings flow_settings_read(const struct snapshot *);
