/*
 * tests/system/client.h: one connection of a client, in both dialects.
 *
 * Paths below /api/v1 are asked as the administrator by password, others by API key.
 */
#pragma once

#include <curl/curl.h>

#include "base/buffer.h"
#include "base/value.h"
#include "instance.h"

struct client {
	CURL                  *curl;
	const struct instance *instance;
	const char            *name, *password; /* ask as somebody else; "" without authentication */
	const char            *authority;       /* PEM file of who must have signed the certificate; NULL: anybody */
	bool                   by_socket;       /* through the unix socket */
	bool                   connects_anew;   /* for each request: on an old connection libcurl may send one twice */
	long                   connects;        /* connections made so far */
	long                   limit;           /* ms for an answer */
	bool                   tagged;          /* ask for the tags of answers */
	const char            *match;           /* the tag in If-Match; NULL: none */
	struct buffer          body;
};

struct answer {
	long          status; /* 0: no answer */
	const char   *type;   /* "" when there is none */
	const char   *notes;  /* how many there are on an apply; "" when it does not say */
	struct text   body;   /* valid until the next one is asked */
	struct value *json;   /* NULL: it is none */
	const char   *tag;    /* ETag; "" when there is none */
};

struct client *client_new(const struct instance *);
void           client_free(struct client *);

/* A body makes it application/json; NULL: none. The tree is made in the arena. Never fails the test. */
struct answer ask(struct client *, struct arena *, const char *method, const char *path, const char *body);
struct answer ask_text(struct client *, struct arena *, const char *method, const char *path, const char *type,
                       struct text body);
struct answer get(struct client *, struct arena *, const char *path);
struct answer post(struct client *, struct arena *, const char *path, const char *body);

/* The same, but anything else than status 200 and JSON ends the test. */
struct value *must_get(struct client *, struct arena *, const char *path);
struct value *must_post(struct client *, struct arena *, const char *path, const char *body);
struct value *must(struct client *, struct arena *, const char *method, const char *path, const char *body);

/* The string at a path in a tree; "" when there is none. */
const char *at(struct arena *, const struct value *, const char *path);
