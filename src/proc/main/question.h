/* proc/main/question.h: what the program can be asked about itself: the gate answers, the keeper passes it on. */
#pragma once

#include <stddef.h>
#include <string.h>

enum question { QUESTION_ROUTES, QUESTION_COVERAGE, QUESTION_PROOFS, QUESTION_OPENAPI, QUESTIONS };

/* The one that this argument asks; QUESTIONS: none. */
static inline enum question
question_of(const char *argument)
{
	static const char *const words[QUESTIONS] = { "--routes", "--coverage", "--proofs", "--openapi" };
	enum question            question = 0;

	while (question < QUESTIONS && (!argument || strcmp(argument, words[question]) != 0))
		question++;
	return question;
}
