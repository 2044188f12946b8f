/* dialect/opnsense/core/menu.h: what the menu shows, and whose favorites are in it. */
#pragma once

#include "dialect/opnsense/call.h"

/* Does the caller's menu have this page? */
bool menu_has(struct call *, const char *url);
/* One of the caller's favorites? Keeps their list in call->kept. */
bool menu_is_favorite(struct call *, const char *url);
