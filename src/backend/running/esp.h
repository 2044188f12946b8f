/* backend/running/esp.h: can the kernel here do IPsec by itself? */
#pragma once

#include <stdbool.h>

/*
 * In the network that we are in: an association is made, with what every peer must know (RFC 8221), and taken away at once; its
 * number is one that no peer uses. False too when we may not, or when the kernel has no such thing as XFRM.
 */
bool kernel_has_esp(void);
