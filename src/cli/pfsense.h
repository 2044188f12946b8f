/* cli/pfsense.h: the words of pfSense-API's own tool, as far as they mean something on Debian. */
#pragma once

#include "cli/commands.h"

/* The arguments are the word and what follows it; none: the list of words. */
int pfsense_run(const struct command_call *);
