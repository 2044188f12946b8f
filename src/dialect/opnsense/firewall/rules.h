/* dialect/opnsense/firewall/rules.h: what the tables of rules share. */
#pragma once

#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/route.h"

extern const struct twist rule_twist;

/* The request of a rule page, in the order rules are applied in unless it asks for another. */
struct grid rule_grid(struct call *, bool (*wanted)(const struct record *, void *call));
/* {"total":...,"rows":[ : the caller writes the rows and closes both. */
void        rule_answer(struct call *, const struct grid *, size_t count, size_t total);
bool        rule_has_category(const struct record *, void *call);
/* What stands behind the fields in a row. */
void        put_rule_columns(struct call *, const struct record *);

/* Handlers. */
void rule_move(struct call *);
void rule_log(struct call *);
void rule_apply(struct call *);
