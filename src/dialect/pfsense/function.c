/* Finding a function of the tables' expressions by its name; done once for each mention. */
#include "dialect/pfsense/function.h"

const struct function *
function_find(struct text name)
{
	static const struct function *const tables[] = {
		functions_text,    functions_network, functions_firewall, functions_interface,
		functions_routing, functions_shaper,  functions_vpn,      functions_system,
		functions_user,
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct function *function = tables[i]; function->name; function++)
			if (text_is(name, function->name))
				return function;
	return NULL;
}
