/* schema/facts.h: what the machine offers, for fields whose choices are not in the configuration. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "schema/schema.h"

/*
 * Named lists: "devices" (link names), "services" ("http" -> "80"), "protocols" ("TCP"), "countries"
 * ("NL" -> "Netherlands"), "timezones", "shells", "locales", "privileges" (id -> name), and those a
 * field's .source names ("system list shells"). Whoever makes the facts answers from memory;
 * the lists live as long as the facts. An unknown name is an empty list.
 */
struct facts {
	void *context;
	const struct choice *(*list)(void *context, const char *name, size_t *count);
	/* Rises whenever a list has changed, once it has; NULL: none ever does. */
	uint64_t (*stamp)(void *context);
};

/* What was made of facts and has their stamp from before still says what they say. facts may be NULL. */
uint64_t facts_stamp(const struct facts *);

/* A list that is the same everywhere ("countries", "port services"...); empty when the name is none of them. */
const struct choice *facts_constant(const char *name, size_t *count);
/* The machine's list, or the constant one of that name when it has none (or facts is NULL). */
const struct choice *facts_list(const struct facts *, const char *name, size_t *count);
/* The entry with this key, or NULL. */
const struct choice *facts_find(const struct facts *, const char *name, struct text key);
