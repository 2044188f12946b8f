/* proc/child/command.h: commands of clients, where the administrator's own file allows them; a row of the table in proc/orders.c. */
#pragma once

#include "proc/orders.h"

#define COMMANDS_MAX 4 /* at a time */

/* Answered when the command has ended, or was: the post's limit, and COMMAND_SAID_MAX bytes. */
bool run_command(struct post *, struct reader *, struct answer *);
