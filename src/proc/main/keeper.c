/*
 * drawbridged: the keeper. It is a program of its own, so that who has all rights is made of little: no TLS, no HTTP, no
 * database. What is asked about the program is known by the other one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proc/main/gate_build.h"
#include "proc/main/question.h"
#include "proc/role.h"

extern char **environ;

int
main(int argc, char *argv[])
{
	struct programs programs = programs_open();

	programs.build = TEXT(GATE_BUILD);
	if (question_of(argv[1]) == QUESTIONS)
		return keeper_main(argc, argv, &programs);
	fexecve(programs.gate, argv, environ);
	fprintf(stderr, "drawbridged: %s: %s\n", GATE_FILE, strerror(errno));
	return 1;
}
