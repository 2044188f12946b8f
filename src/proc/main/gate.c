/* drawbridge-gate: the gate, as the keeper starts it; or what the program can say about itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialect/pfsense/openapi/document.h"
#include "proc/about/report.h"
#include "proc/gate.h"

static int
print_coverage(const char *exercised)
{
	scoped_buffer text = BUFFER_NONE;
	const bool    all = report_coverage(&text, exercised);

	fputs(buffer_string(&text), stdout);
	return all ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
print_routes(void)
{
	scoped_buffer text = BUFFER_NONE;

	report_routes(&text);
	fputs(buffer_string(&text), stdout);
	return EXIT_SUCCESS;
}

static int
print_proofs(void)
{
	scoped_buffer text = BUFFER_NONE;

	report_proofs(&text);
	fputs(buffer_string(&text), stdout);
	return EXIT_SUCCESS;
}

static int
print_openapi(void)
{
	scoped_buffer text = BUFFER_NONE;

	openapi_print(&text);
	fputs(buffer_string(&text), stdout);
	return EXIT_SUCCESS;
}

int
main(int argc, char *argv[])
{
	if (argc == 2 && strcmp(argv[1], "--routes") == 0)
		return print_routes();
	if ((argc == 2 || argc == 3) && strcmp(argv[1], "--coverage") == 0)
		return print_coverage(argv[2]);
	if (argc == 2 && strcmp(argv[1], "--proofs") == 0)
		return print_proofs();
	if (argc == 2 && strcmp(argv[1], "--openapi") == 0)
		return print_openapi();
	if (argc == 2 && strcmp(argv[1], GATE_ARGUMENT) == 0)
		return gate_enter(gate_run);
	fputs("drawbridge-gate is started by drawbridged, not by hand\n", stderr);
	return GATE_HOPELESS;
}
