/* A list that grows at its end. */
#include "schema/faults.h"

#include <stdarg.h>
#include <string.h>

#include "base/buffer.h"

void
faults_add(struct faults *faults, const char *field, enum fault_kind kind, const char *format, ...)
{
	struct fault *fault = ARENA_MAKE(faults->arena, struct fault, 1);
	scoped_buffer message = BUFFER_NONE;
	va_list       args;

	va_start(args, format);
	buffer_print_args(&message, format, args);
	va_end(args);
	*fault = (struct fault){ field, kind, arena_copy(faults->arena, buffer_text(&message)), NULL };
	if (faults->last)
		faults->last->next = fault;
	else
		faults->first = fault;
	faults->last = fault;
	faults->count++;
}

bool
faults_has(const struct faults *faults, const char *field)
{
	for (const struct fault *fault = faults->first; fault; fault = fault->next)
		if (strcmp(fault->field, field) == 0)
			return true;
	return false;
}
