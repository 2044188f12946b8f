/*
 * drawbridged: the keeper. It is a program of its own, so that who has all rights is made of little: no TLS, no HTTP, no
 * database. What is asked about the program is known by the other one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "proc/main/gate_build.h"
#include "proc/role.h"

extern char **environ;

static bool
is_question(const char *argument)
{
	static const char *const questions[] = { "--routes", "--coverage", "--proofs", "--openapi" };

	for (size_t i = 0; i < COUNT(questions); i++)
		if (strcmp(argument, questions[i]) == 0)
			return true;
	return false;
}

int
main(int argc, char *argv[])
{
	struct programs programs = programs_open();

	programs.build = TEXT(GATE_BUILD);
	if (argc < 2 || !is_question(argv[1]))
		return keeper_main(argc, argv, &programs);
	fexecve(programs.gate, argv, environ);
	fprintf(stderr, "drawbridged: %s: %s\n", GATE_FILE, strerror(errno));
	return 1;
}
