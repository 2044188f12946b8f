/* proc/service/orders.h: what the keeper can be asked about daemons; rows of the table in proc/orders.c. */
#pragma once

#include "proc/orders.h"

bool load_services(struct post *, struct reader *, struct answer *);
bool act_on_service(struct post *, struct reader *, struct answer *);
bool ask_service(struct post *, struct reader *, struct answer *);
bool hear_service(struct post *, struct reader *, struct answer *);
bool show_services(struct post *, struct reader *, struct answer *);
