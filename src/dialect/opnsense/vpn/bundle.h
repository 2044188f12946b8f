/* dialect/opnsense/vpn/bundle.h: what a client of an OpenVPN server needs, as files. */
#pragma once

#include "dialect/opnsense/call.h"

/* All of it found. NULL where there is nothing. */
struct client_files {
	struct call         *call;
	const struct record *server;  /* an instance */
	const struct record *presets; /* as the client asked for them */
	const struct record *cert;    /* the client's */
	const char          *ca, *server_name; /* PEM; the common name of the server's certificate */
	const char          *crt, *prv; /* PEM of the client's */
	const char          *password;  /* of the bundle in an archive */
	const char          *name;      /* of the files: letters, digits, "_", "-", "." */
};

struct bundle_form {
	const char *id, *name, *ending, *type;
	const char *options; /* of the presets that it can hold, blank separated */
	/* NULL, or what is missing. */
	const char *(*write)(const struct client_files *, struct buffer *out);
};

extern const struct bundle_form bundle_forms[];
extern const size_t             bundle_forms_count;
