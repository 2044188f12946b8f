/* The answer to the last question ends the answer to all of them. */
#include "wire/management.h"

bool
management_is_whole(struct text answer)
{
	return text_ends(answer, TEXT("\n")) && text_contains(answer, TEXT("\nSUCCESS: pid="));
}
