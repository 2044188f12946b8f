/* api/login.h: login protection, for all dialects. */
#pragma once

#include "api/request.h"

/*
 * Count a failed login of the request's peer by the settings in system.general; one that failed too often is locked
 * out of the management of this box. Never waits; any lane. This machine itself is never locked out.
 */
void login_count_failure(struct request *);

/* Who comes through the socket of this machine, without saying who they are, is its administrator. Sets request->caller. */
bool login_administrator(struct request *);
