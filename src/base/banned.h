/* base/banned.h: included before everything by the build; what must not be called cannot be. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atof strtol system popen
