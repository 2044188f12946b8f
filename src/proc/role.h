/* proc/role.h: main() of the keeper, and the programs that it starts. */
#pragma once

#include "base/text.h"

#define GATE_FILE "drawbridge-gate"

/* What the keeper starts: open for as long as it runs, so that files put in their place do not matter. */
struct programs {
	int         own;   /* that takes packets */
	int         gate;  /* -1: there is none */
	struct text build; /* build_id() in the gate: what it must say of itself, so that both are of one build */
};

/* The program that runs, and GATE_FILE beside it; build is the caller's to say. */
struct programs programs_open(void);

/* Reads the options and is the keeper; the exit status. */
int keeper_main(int argc, char *argv[], const struct programs *);
