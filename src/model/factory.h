/* model/factory.h: what a fresh installation holds. */
#pragma once

#include <stddef.h>

#include "schema/factory.h"

/* Only what differs from the fields' own defaults; users are not among them. */
extern const struct factory_record factory_records[];
extern const size_t                factory_records_count;
