/* proc/role.h: which of the two processes this one is. */
#pragma once

#include "proc/gate.h"

/*
 * All of main(): reads the options and is the keeper, or, started by it with "--gate", the gate with
 * that inside. Tests have their own insides.
 */
int role_play(int argc, char *argv[], int (*inside)(const struct gate_setup *));
