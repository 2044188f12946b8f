/* The tables of irregular endpoints, one per module. */
#include "dialect/opnsense/tables.h"

const struct action *const action_tables[] = {
	auth_group_actions,
	auth_user_actions,
	core_backup_actions,
	core_system_actions,
	firewall_alias_actions,
	firewall_category_actions,
	firewall_exchange_actions,
	firewall_filter_actions,
	firewall_nat_actions,
	firewall_rules_actions,
	firewall_rollback_actions,
	firewall_table_actions,
	dhcp_actions,
	interfaces_actions,
	ipsec_actions,
	routing_actions,
	trust_actions,
	various_actions,
	service_actions,
	unbound_actions,
	wireguard_actions,
	NULL,
};
