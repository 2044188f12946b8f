/* base/number.h: reading numbers without surprises. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/*
 * Decimal digits with an optional leading "-", nothing else, within min..max.
 * *out is untouched when it is not so. "007" is read as 7; "" and "+1" are refused.
 */
bool number_read(struct text, int64_t min, int64_t max, int64_t *out);
/* Decimal with optional sign, fraction and exponent; no blanks, no hex, no "inf". */
bool number_read_real(struct text, double *out);
