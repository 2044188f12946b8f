/* Every family of operations. */
#include "dialect/pfsense/operation.h"

#include "base/bug.h"

extern const struct operation operations_api[];
extern const struct operation operations_firewall[];
extern const struct operation operations_alias[];
extern const struct operation operations_nat[];
extern const struct operation operations_rule[];
extern const struct operation operations_rule_flush[];
extern const struct operation operations_schedule[];
extern const struct operation operations_shaper[];
extern const struct operation operations_limiter[];
extern const struct operation operations_interface[];
extern const struct operation operations_links[];
extern const struct operation operations_routing[];
extern const struct operation operations_services[];
extern const struct operation operations_dhcp[];
extern const struct operation operations_dnsmasq[];
extern const struct operation operations_ipsec[];
extern const struct operation operations_ipsec_phase2[];
extern const struct operation operations_openvpn_client[];
extern const struct operation operations_openvpn[];
extern const struct operation operations_openvpn_server[];
extern const struct operation operations_unbound[];
extern const struct operation operations_system[];
extern const struct operation operations_certificate[];
extern const struct operation operations_user[];

const struct operation *const operation_tables[] = {
	operations_api,
	operations_firewall,
	operations_alias,
	operations_nat,
	operations_rule,
	operations_rule_flush,
	operations_schedule,
	operations_shaper,
	operations_limiter,
	operations_interface,
	operations_links,
	operations_routing,
	operations_services,
	operations_dhcp,
	operations_dnsmasq,
	operations_ipsec,
	operations_ipsec_phase2,
	operations_openvpn_client,
	operations_openvpn,
	operations_openvpn_server,
	operations_unbound,
	operations_system,
	operations_certificate,
	operations_user,
};
const size_t noperation_tables = COUNT(operation_tables);
