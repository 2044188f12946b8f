/* backend/nft_part.h: what the files that make expressions share; nobody else includes it. */
#pragma once

#include <libmnl/libmnl.h>

#include "plan/ruleset/step.h"

#define LABEL_SIZE 16 /* bytes of a connection's label */

/* An expression is a name and data; what is put between begin and end is its data. */
struct expression {
	struct nlmsghdr *message;
	struct nlattr   *element, *data;
};

struct expression part_begin(struct nlmsghdr *, const char *name);
void              part_end(const struct expression *);

void part_number(struct nlmsghdr *, uint16_t type, uint32_t number); /* big-endian */
void part_text(struct nlmsghdr *, uint16_t type, struct text);
void part_value(struct nlmsghdr *, uint16_t type, const void *value, size_t size);

/* The key into register 1; masked, when the step has a mask. */
void part_load(struct nlmsghdr *, enum step_key);
void part_masked_load(struct nlmsghdr *, const struct step *, enum step_key);
/* Register 1 = (register 1 & mask) ^ with. */
void part_bitwise(struct nlmsghdr *, const uint8_t *mask, const uint8_t *with, unsigned size);
void part_immediate(struct nlmsghdr *, uint32_t reg, const void *value, size_t size);
void part_compare(struct nlmsghdr *, uint32_t operation, const void *value, size_t size);
/* The kernel's number of a meta or ct key. */
uint32_t part_key(enum step_key);
void     part_label_mask(uint32_t bit, uint8_t *mask);

/* Whole steps. */
void part_match(struct nlmsghdr *, const struct step *);
void part_lookup(struct nlmsghdr *, const struct step *, bool verdicts);
void part_has_label(struct nlmsghdr *, const struct step *);
void part_nat(struct nlmsghdr *, const struct step *);
void part_pick(struct nlmsghdr *, const struct step *);
