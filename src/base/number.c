/* Strict readers of numbers. */
#include "base/number.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#define REAL_LENGTH_MAX 64

bool
number_read(struct text t, int64_t min, int64_t max, int64_t *out)
{
	const bool negative = t.len > 0 && t.ptr[0] == '-';
	int64_t    number = 0;

	if (negative)
		t = text_after(t, 1);
	if (t.len == 0)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		const int digit = t.ptr[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(number, 10, &number) ||
		    __builtin_sub_overflow(number, digit, &number))
			return false;
	}
	/* Built up below zero, where there is one more value. */
	if (!negative) {
		if (number == INT64_MIN)
			return false;
		number = -number;
	}
	if (number < min || number > max)
		return false;
	*out = number;
	return true;
}

bool
number_read_real(struct text t, double *out)
{
	char  copy[REAL_LENGTH_MAX + 1];
	char *end;
	bool  digits = false;

	if (t.len == 0 || t.len > REAL_LENGTH_MAX)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		if (!isdigit((unsigned char)t.ptr[i]) && !strchr("+-.eE", t.ptr[i]))
			return false;
		digits |= isdigit((unsigned char)t.ptr[i]) != 0;
		copy[i] = t.ptr[i];
	}
	copy[t.len] = '\0';
	const double number = strtod(copy, &end);

	if (!digits || *end != '\0' || !isfinite(number))
		return false;
	*out = number;
	return true;
}
