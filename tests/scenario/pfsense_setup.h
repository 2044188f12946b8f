/* tests/scenario/pfsense_setup.h: a box as pfSense-API's clients expect one, and asking it. */
#pragma once

#include "scenario/harness.h"

struct box_test {
	struct harness *harness;
	struct arena   *arena;
	const char     *authorization; /* header; NULL: none */
};

/* em0 is wan (203.0.113.2/24), em1 lan (192.168.1.1/24); user admin, password pfsense. */
struct box_test box_make(void);
void            box_free(struct box_test *);

/* The whole reply, parsed. body: JSON, NULL for none. Single quotes in it count as double ones. */
const struct value *ask(struct box_test *, const char *method, const char *url, const char *body);
/* Its return code, after making sure that the envelope is what it must be. */
int                 ask_code(struct box_test *, const char *method, const char *url, const char *body);
/* A text below data: "0.name". "" when there is none. */
const char         *text_at(struct box_test *, const struct value *reply, const char *path);
