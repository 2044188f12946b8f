/* base/banned.h: included before everything by the build; what must not be called cannot be. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With clang and _FORTIFY_SOURCE some are macros. */
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atof strtol system popen
