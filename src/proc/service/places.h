/* proc/service/places.h: the directories a daemon expects, and who may read its files. */
#pragma once

#include "proc/service/files.h"
#include "proc/service/program.h"

/* False: the program's user is not there. is_alone: there is no user but root. */
bool places_owner(const struct program *, bool is_alone, struct files_owner *out);
/* What is there stays as it is. */
void places_make(const struct program *, struct text service, bool is_alone);
