/* dialect/opnsense/vpn/ipsec.h: switching IPsec as a whole: two endpoints do it. */
#pragma once

#include "dialect/opnsense/call.h"

void ipsec_toggle(struct call *);
