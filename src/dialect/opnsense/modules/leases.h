/* dialect/opnsense/modules/leases.h: what lists of leases have in common. Rows are those of the topic dhcp.leases. */
#pragma once

#include "dialect/opnsense/call.h"

/* Is a row's interface among those that were selected? None selected: all are. */
bool leases_are_selected(const struct value *selected, const struct value *row);
/* {"lan":"LAN"}: which interfaces the rows are of. */
struct value *leases_interfaces(struct arena *, const struct value *rows);
/* As grid_answer(), with {"interfaces": those of all} behind it and, unless NULL, {"stats": ...}. */
void leases_answer(struct call *, struct value *rows, const struct value *all, struct value *stats);
