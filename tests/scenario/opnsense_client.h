/* tests/scenario/opnsense_client.h: asking the OPNsense dialect in a few words. All as the administrator, in the arena. */
#pragma once

#include "scenario/opnsense_setup.h"

struct client {
	struct harness *harness;
	struct arena   *arena;
	unsigned        status; /* of the last answer */
};

struct answer client_ask(struct client *, enum method, const char *target, const char *body); /* body NULL: none */
/* The answer's JSON; NULL: it was none. */
struct value *client_post(struct client *, const char *target, const char *body);
struct value *client_get(struct client *, const char *target);
/* A text in an answer by path, "(none)" when it is not there. */
const char   *client_word(struct client *, const struct value *, const char *path);
size_t        client_count(struct client *, const char *resource); /* records there are */
