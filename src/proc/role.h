/* proc/role.h: main() of the keeper, and the program that it starts as the gate. */
#pragma once

#include "base/text.h"

#define GATE_FILE "drawbridge-gate"

/* The gate's program: open for as long as we run, so that a file put in its place does not matter. */
struct gate_program {
	int         file;  /* -1: there is none */
	struct text build; /* build_id() there: what it must say of itself, so that both are of one build */
};

/* GATE_FILE beside the file of the program that runs, close-on-exec; -1 and errno when it is not there. */
int gate_file_open(void);

/* Reads the options and is the keeper; the exit status. */
int keeper_main(int argc, char *argv[], const struct gate_program *);
