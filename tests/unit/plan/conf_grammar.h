/* tests/unit/plan/conf_grammar.h: is a file made of sections, keys and values alone, each value within its quotes? */
#pragma once

#include <stdbool.h>

bool conf_is_well_formed(const char *file);
