/*
 * plan/vlan_priority.h: priorities of VLAN frames (802.1Q, 0 to 7) as the kernel carries them with a packet. Devices of VLANs
 * translate: the first kind on arrival, the second when a frame leaves. Two kinds, since what came with a priority
 * does not leave with it by itself, in pf neither.
 */
#pragma once

#include <stdint.h>

#define VLAN_PRIORITY_MAX 7
/* Priority 0, and no tag at all, are nothing. */
#define VLAN_PRIORITY_IN(priority)  (0xdb010000U | (uint32_t)(priority))
#define VLAN_PRIORITY_OUT(priority) (0xdb000000U | (uint32_t)(priority))
