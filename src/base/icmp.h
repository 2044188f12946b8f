/* base/icmp.h: what packet filters call the types of ICMP. */
#pragma once

#include "base/address.h"

#define ICMP_TYPES 256

/* A name, or a number below ICMP_TYPES; -1: that family has none such. */
int         icmp_type_read(enum family, struct text);
/* NULL: it has no name. */
const char *icmp_type_name(enum family, int type);
