/*
 * dialect/pfsense/own/tool.h: what the command line tool "pfsense-api" asks for (behaviour §15).
 *
 * POST /api/pfsense-tool/WORD, from the administrator of this machine alone; lines of text are the answer.
 */
#pragma once

#include "api/request.h"

extern const struct dialect_server pfsense_tool;
