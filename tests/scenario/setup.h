/* tests/scenario/setup.h: the box that the recordings in tests/vectors/opnsense were made on. */
#pragma once

#include "schema/facts.h"
#include "schema/snapshot.h"

/* Interfaces, gateway, users and group of tests/vectors/opnsense/scenarios/README.md. Held once. */
struct snapshot *setup_snapshot(const struct schema *);
/* Devices em0..em4, and the example data that the recordings name; privileges from acl.json below vectors. */
struct facts     setup_facts(struct arena *, const char *vectors);

/* A whole file, in the arena; aborts when it cannot be read. */
struct text   setup_file(struct arena *, const char *path);
/* The JSON in a file; aborts when it is none. */
struct value *setup_json(struct arena *, const char *path);
