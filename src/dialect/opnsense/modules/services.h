/* dialect/opnsense/modules/services.h: handlers that make saved settings true. */
#pragma once

#include "dialect/opnsense/call.h"

void service_status(struct call *);
void service_start(struct call *);
void service_stop(struct call *);
void service_restart(struct call *);
void service_reconfigure(struct call *);
/* After users or groups were kept: their accounts follow. What was answered stands; what is wrong the box logs. */
void accounts_follow(struct call *);
/* {"status":"ok"} or "failed", of everything the model of the route's resource touches. */
void reconfigure(struct call *);
