/* Single settings of the Routing.GatewayGroups model. */
#include "model/types.h"

const struct resource routing_gateway_groups_settings_resource = {
	.name = "routing.gateway_groups_settings",
	.summary = "Single settings of the Routing.GatewayGroups model",
	.shape = SINGLETON,
	.model = "Routing.GatewayGroups",
	.path = "",
	.mount = "/gateways/gateway_group+",
	.version = "1.0.0",
	.touches = PART_ROUTING,
};
