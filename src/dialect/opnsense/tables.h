/* dialect/opnsense/tables.h: what each module adds to the regular endpoints. */
#pragma once

#include "dialect/opnsense/route.h"

extern const struct action auth_group_actions[];
extern const struct action auth_user_actions[];
extern const struct action core_backup_actions[];
extern const struct action core_dashboard_actions[];
extern const struct action core_defaults_actions[];
extern const struct action core_hasync_actions[];
extern const struct action core_menu_actions[];
extern const struct action core_snapshots_actions[];
extern const struct action core_system_actions[];
extern const struct action core_wizard_actions[];
extern const struct action diagnostics_firewall_actions[];
extern const struct action diagnostics_health_actions[];
extern const struct action diagnostics_interface_actions[];
extern const struct action diagnostics_insight_actions[];
extern const struct action diagnostics_log_actions[];
extern const struct action diagnostics_netflow_actions[];
extern const struct action diagnostics_traffic_actions[];
extern const struct action firewall_alias_actions[];
extern const struct action firewall_category_actions[];
extern const struct action firewall_exchange_actions[];
extern const struct action firewall_filter_actions[];
extern const struct action firewall_nat_actions[];
extern const struct action firewall_rollback_actions[];
extern const struct action firewall_rules_actions[];
extern const struct action firewall_table_actions[];
extern const struct action dhcp_actions[];
extern const struct action firmware_jobs_actions[];
extern const struct action firmware_product_actions[];
extern const struct action interfaces_actions[];
extern const struct action ipsec_actions[];
extern const struct action jobs_actions[];
extern const struct action leases_older_actions[];
extern const struct action names_actions[];
extern const struct action portal_actions[];
extern const struct action routing_actions[];
extern const struct action running_actions[];
extern const struct action setup_actions[];
extern const struct action system_actions[];
extern const struct action time_actions[];
extern const struct action trust_actions[];
extern const struct action trust_crl_actions[];
extern const struct action various_actions[];
extern const struct action service_actions[];
extern const struct action unbound_actions[];
extern const struct action vpn_export_actions[];
extern const struct action vpn_openvpn_actions[];
extern const struct action vpn_tunnel_actions[];
extern const struct action wireguard_actions[];
