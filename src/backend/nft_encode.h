/* backend/nft_encode.h: parts of a rule set as netlink messages. */
#pragma once

#include "backend/nft_batch.h"
#include "plan/ruleset/ruleset.h"

#define NFT_TABLE "drawbridge"
#define ENCODE_CLASS_TYPE 23 /* nft's number of the type of classes */

void encode_table(struct batch *);
void encode_table_delete(struct batch *);

void encode_chain(struct batch *, const struct ruleset_chain *);
void encode_chain_delete(struct batch *, const char *name);
/* All rules of a chain; NULL: of all chains. */
void encode_flush(struct batch *, const char *chain);
/* The steps must be sound: see step_next(). */
void encode_rule(struct batch *, const char *chain, struct text steps);
/* The same in front of the rule that has this handle. */
void encode_rule_before(struct batch *, const char *chain, struct text steps, uint64_t handle);
void encode_rule_delete(struct batch *, const char *chain, uint64_t handle);

void encode_counter(struct batch *, unsigned index);
void encode_counter_delete(struct batch *, unsigned index);

void encode_object(struct batch *, const struct ruleset_object *);
void encode_object_delete(struct batch *, enum object_kind, const char *name);
/* The kernel's number of a kind, and back; 0: none of ours. */
uint32_t         encode_object_type(enum object_kind);
enum object_kind encode_object_kind(uint32_t type);

/* The type that nft's number of a data type is; 0 when we have none such. */
enum set_type encode_set_type(uint32_t data_type);
/* Without its elements. */
void encode_set(struct batch *, const struct ruleset_set *);
void encode_set_delete(struct batch *, const char *name);
void encode_set_flush(struct batch *, const char *name);

/*
 * Elements are gathered into messages of a good size: begin, any number of elements, end. `keys`
 * are those of the set's type, two for an interval.
 */
struct elements {
	struct batch             *batch;
	const struct ruleset_set *set;
	bool                      is_delete;
	bool                      counts; /* each is to have a counter of its own */
	struct nlattr            *list; /* the list being filled, NULL: none */
};

void elements_add(struct elements *, const uint8_t *keys);
void elements_add_entry(struct elements *, const struct ruleset_entry *);
void elements_add_for(struct elements *, const uint8_t *key, uint64_t milliseconds);
void elements_end(struct elements *);
