/* dialect/pfsense/state.h: what serve() remembers of a request from lane to lane. */
#pragma once

#include "api/request.h"
#include "dialect/pfsense/operation.h"
#include "dialect/pfsense/settings.h"

enum stage {
	STAGE_NEW,
	STAGE_KNOWN,    /* who is calling is known, and that they may */
	STAGE_WRITTEN,  /* the change was made; what is left is the applying */
};

struct state {
	enum stage              stage;
	const struct operation *operation;
	const struct settings  *settings; /* of settings_from; see settings_of() */
	const struct snapshot  *settings_from;
	struct text             claimed; /* the name of who wants to log in, as far as it is said; unchecked */
	struct value           *filters; /* members as sent, before checks normalise any */
	struct outcome          outcome;
	const char             *password_hash; /* of the member "password"; NULL: none was asked for */
	const char             *private_key;   /* PEM, for a certificate that is to be made */
	bool                    was_persistent; /* the API's settings were, before they change */
	bool                    prepared;      /* the two above are done */
	struct scope           *scope;
};

/* Made when first asked for; lives in the request's arena. */
struct state *state_of(struct request *);
