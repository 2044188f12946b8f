/*
 * dialect/opnsense/contract.h: the endpoints of the contract. Each controller lists its commands,
 * blank separated, with a letter for the kind in front: contract_kind() knows them.
 */
#pragma once

#include <stddef.h>

#include "dialect/opnsense/route.h"

struct contract_controller {
	const char *at;       /* "firewall/alias" */
	const char *commands; /* "aadd_item ddel_item" */
};

extern const struct contract_controller contract_controllers[];
extern const size_t                     contract_controllers_count;

enum kind contract_kind(char letter);
