/* proc/first_start.h: filling a new store. */
#pragma once

#include "proc/gate.h"
#include "proc/seed.h"
#include "store/store.h"

/*
 * What the factory has, what the setup wants imported, and an administrator, whose credentials are made where the setup does not say
 * them; shown gets them, from the arena. false: it was logged why not.
 */
bool first_start(const struct gate_setup *, struct store *, const struct schema *, const struct facts *, struct arena *,
		 struct credentials *shown);
