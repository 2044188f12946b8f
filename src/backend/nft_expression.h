/* backend/nft_expression.h: steps of a rule as the kernel's expressions. */
#pragma once

#include <libmnl/libmnl.h>

#include "plan/ruleset/step.h"

/* The expressions and the comment of one rule. */
void expression_put_rule(struct nlmsghdr *, struct text steps);
/* A verdict as the data of an element or expression; `chain` for jump and goto. */
void expression_put_verdict(struct nlmsghdr *, enum step_verdict, const char *chain);
