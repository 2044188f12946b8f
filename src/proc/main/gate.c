/* drawbridge-gate: the gate, as the keeper starts it; or what the program can say about itself. */
#include <stdio.h>
#include <stdlib.h>

#include "dialect/pfsense/openapi/document.h"
#include "proc/about/report.h"
#include "proc/gate.h"
#include "proc/main/question.h"

/* exercised: the folder that says which endpoints tests reached; NULL: nobody counted. */
static int
answer(enum question question, const char *exercised)
{
	scoped_buffer text = BUFFER_NONE;
	bool          all = true;

	switch (question) {
	case QUESTION_ROUTES:
		report_routes(&text);
		break;
	case QUESTION_COVERAGE:
		all = report_coverage(&text, exercised);
		break;
	case QUESTION_PROOFS:
		report_proofs(&text);
		break;
	case QUESTION_OPENAPI:
		openapi_print(&text);
		break;
	case QUESTIONS:
		break;
	}
	fputs(buffer_string(&text), stdout);
	return all ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char *argv[])
{
	const enum question question = question_of(argv[1]);

	if (question != QUESTIONS && argc <= (question == QUESTION_COVERAGE ? 3 : 2))
		return answer(question, argv[2]);
	if (argc == 2 && strcmp(argv[1], GATE_ARGUMENT) == 0)
		return gate_enter(gate_run);
	fputs("drawbridge-gate is started by drawbridged, not by hand\n", stderr);
	return GATE_HOPELESS;
}
