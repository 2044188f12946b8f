/* dialect/pfsense/login.h: who is calling, and whether they may (behaviour §4 to §6). */
#pragma once

#include "dialect/pfsense/operation.h"
#include "dialect/pfsense/settings.h"

/* May requests arrive where this one did? */
bool              arrival_allowed(struct request *, const struct settings *);
/* Sets request->caller. AUTH_SLOW: ask again on LANE_SLOW. */
enum auth_outcome login(struct request *, const struct operation *, const struct settings *);
/* Basic authentication alone. request->caller is somewhere to put who it is. */
enum auth_outcome login_by_password(struct request *);
/* Privileges, access list and read-only mode. */
bool              is_authorized(struct request *, const struct operation *, const struct settings *);
/* Count and note a failed login; note one that succeeded. Both as far as the settings say so. */
void              login_failed(struct request *, const struct settings *);
void              login_succeeded(struct request *, const struct settings *);
