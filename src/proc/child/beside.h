/* proc/child/beside.h: programs of ours that stand beside the one that runs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The path of such a program; false: it would not fit. Whether it is there is not looked at. */
bool beside_us(const char *name, char *room, size_t size);
