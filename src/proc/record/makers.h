/* proc/record/makers.h: who makes the hardware with an address, as far as the package ieee-data is installed. */
#pragma once

#include <stdint.h>

#include "base/text.h"

struct makers;

/* Reads nothing yet. path: a list in the form of the IEEE's oui.txt. */
struct makers *makers_new(const char *path);
void           makers_free(struct makers *);

/* Lives as long as the makers; empty: nobody known. Reads the list at the first call. Any thread. */
struct text makers_find(struct makers *, const uint8_t mac[6]);

#define MAKERS_FILE "/usr/share/ieee-data/oui.txt"
