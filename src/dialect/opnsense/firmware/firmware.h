/* dialect/opnsense/firmware/firmware.h: what the files of this folder share. */
#pragma once

#include "dialect/opnsense/call.h"

/* The last job, or the last check: the answer of "packages.status". NULL: nobody knows. LANE_SLOW. */
const struct value *firmware_job(struct call *, bool of_check);
bool                firmware_is(const struct value *job, const char *state); /* false also when there is no answer */
/* What is installed (api/packages.h); empty when nobody knows. LANE_SLOW. */
struct value *firmware_packages(struct call *);
/* A file of the package manager; "" when there is none. LANE_SLOW. */
const char   *firmware_file(struct call *, const char *file, const char *name);
