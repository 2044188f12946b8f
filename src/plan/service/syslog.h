/* plan/service/syslog.h: where syslog-ng takes what the box logs. */
#pragma once

#include <stddef.h>

#define SYSLOG_SOCKET "/run/drawbridge-syslog.sock"

/* Programs that write logs here, for those who choose among them; the n-th, NULL behind the last. */
const char *syslog_program(size_t n);
