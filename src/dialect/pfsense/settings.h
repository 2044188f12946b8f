/* dialect/pfsense/settings.h: the settings of this API itself (behaviour §9). */
#pragma once

#include "api/request.h"
#include "dialect/pfsense/tree.h"

enum auth_mode {
	MODE_LOCAL,
	MODE_JWT,
	MODE_TOKEN,
};

struct settings {
	bool           enabled, read_only, allow_options, protect_login, log_success, persist;
	enum auth_mode mode;
	int64_t        jwt_seconds;
	const char    *key_hash;
	size_t         key_bytes;
	const char    *server_key; /* "" until one is needed */
	const char    *interfaces; /* comma-separated */
	const char    *access_list; /* blank-separated */
	const struct value *headers; /* NULL: none */
	const struct value *keys;    /* list of tokens; NULL: none */
	const struct value *all;     /* the section */
};

/* Of the request's snapshot, made in its arena; read once for each lane. */
const struct settings *settings_of(struct request *);
/* They were written: read them again. */
void settings_reread(struct request *);
/* Position of the API among the packages, and its section: [index, conf]. */
struct value *settings_package(struct arena *, const struct value *packages);
/* What a box that was never configured has. */
struct value *settings_defaults(struct arena *);
#define SERVER_KEY_BYTES 32
/* Put another section in the place of what is there; with a package around it when there is none. */
void settings_put(struct request *, struct tree *, struct value *settings);
/* Add the custom headers to the reply. */
void settings_headers(struct request *);
