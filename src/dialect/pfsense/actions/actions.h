/*
 * dialect/pfsense/actions/actions.h: what single operations do beyond their tables.
 *
 * A step function gives a return code or 0; prepare functions run before the writes and do too; act
 * functions make the reply (operation.h).
 */
#pragma once

#include "dialect/pfsense/operation.h"

/* Aliases (alias.c) */
unsigned alias_fill(struct scope *);
unsigned alias_add_entries(struct scope *);
unsigned alias_drop_entries(struct scope *);
unsigned alias_rename(struct scope *);
void     act_alias_advanced(struct scope *, struct outcome *);

/* Rules and translations (rule.c) */
unsigned rules_sort(struct scope *);
unsigned rules_replace(struct scope *);
unsigned outbound_mode(struct scope *);
void     act_regroup(struct scope *, struct outcome *);
void     act_rule_added(struct scope *, struct outcome *);
void     act_nat_top(struct scope *, struct outcome *);
void     act_outbound_mode(struct scope *, struct outcome *);

/* Interfaces (interface.c) */
unsigned interface_may_go(struct scope *);
unsigned interface_remove(struct scope *);
void     act_links(struct scope *, struct outcome *);
void     act_applied_interfaces(struct scope *, struct outcome *);
void     act_routing_gateways(struct scope *, struct outcome *);

/* Services (service.c, dhcp.c) */
unsigned ntp_add_server(struct scope *);
unsigned ntp_drop_server(struct scope *);
unsigned ntp_set_servers(struct scope *);
unsigned watchdog_fill(struct scope *);
unsigned overrides_sort(struct scope *);
void     act_ntpd(struct scope *, struct outcome *);
void     act_watchdog(struct scope *, struct outcome *);
void     act_overrides(struct scope *, struct outcome *);
void     act_async(struct scope *, struct outcome *);
void     act_applied_resolver(struct scope *, struct outcome *);
void     act_services(struct scope *, struct outcome *);
void     act_services_start(struct scope *, struct outcome *);
void     act_services_stop(struct scope *, struct outcome *);
void     act_services_restart(struct scope *, struct outcome *);
void     act_service_start(struct scope *, struct outcome *);
void     act_service_stop(struct scope *, struct outcome *);
void     act_service_restart(struct scope *, struct outcome *);
void     act_ddns(struct scope *, struct outcome *);
void     act_dhcpd(struct scope *, struct outcome *);
void     act_dhcp_option(struct scope *, struct outcome *);
void     act_static_mappings(struct scope *, struct outcome *);

/* Tunnels that go away, and whole lists (vpn.c) */
unsigned ipsec_drop_phase2(struct scope *);
/* All tunnels go down and come up again, when "initiate" asks for it. */
void ipsec_initiate(struct request *);
unsigned list_before(struct scope *);
void     act_vpn_removed(struct scope *, struct outcome *);

/* What the box calls a service of this API, and back; what is known by one name only keeps it (service.c). */
const char *service_on_box(const char *name);
const char *service_of_box(const char *name);

/* The box and its configuration (box.c) */
unsigned config_replace(struct scope *);
unsigned dns_put(struct scope *);
unsigned hostname_put(struct scope *);
unsigned carp_put(struct scope *);
void     act_config(struct scope *, struct outcome *);
void     act_request_body(struct scope *, struct outcome *);
void     act_dns(struct scope *, struct outcome *);
void     act_hostname(struct scope *, struct outcome *);
void     act_console(struct scope *, struct outcome *);
void     act_carp(struct scope *, struct outcome *);
void     act_carp_put(struct scope *, struct outcome *);
void     act_tunables(struct scope *, struct outcome *);
void     act_version(struct scope *, struct outcome *);
void     act_upgrade(struct scope *, struct outcome *);
void     act_history(struct scope *, struct outcome *);

/* Packages of the machine (package.c) */
void act_packages(struct scope *, struct outcome *);
void act_package_install(struct scope *, struct outcome *);
void act_package_remove(struct scope *, struct outcome *);

/* Questions to the running system (ask.c) */
void act_leases(struct scope *, struct outcome *);
void act_wake(struct scope *, struct outcome *);
void act_halt(struct scope *, struct outcome *);
void act_reboot(struct scope *, struct outcome *);
void act_tables(struct scope *, struct outcome *);
void act_arp(struct scope *, struct outcome *);
void act_arp_delete(struct scope *, struct outcome *);
void act_gateways(struct scope *, struct outcome *);
void act_interfaces(struct scope *, struct outcome *);
void act_ipsec(struct scope *, struct outcome *);
void act_openvpn(struct scope *, struct outcome *);
void act_log_dhcp(struct scope *, struct outcome *);
void act_log_firewall(struct scope *, struct outcome *);
void act_log_system(struct scope *, struct outcome *);
void act_system(struct scope *, struct outcome *);
void act_command(struct scope *, struct outcome *);
void act_states(struct scope *, struct outcome *);
void act_states_kill(struct scope *, struct outcome *);
void act_states_size(struct scope *, struct outcome *);

/* Certificates (trust.c) */
const char *private_key_for(struct request *);
unsigned authority_make(struct scope *);
unsigned trust_make_certificate(struct scope *);
void     act_crl(struct scope *, struct outcome *);

/* Users and groups (user.c) */
unsigned user_password(struct scope *);
unsigned member_add(struct scope *);
unsigned member_drop(struct scope *);
unsigned privilege_drop(struct scope *);
void     act_user(struct scope *, struct outcome *);
void     act_group(struct scope *, struct outcome *);
void     act_groups(struct scope *, struct outcome *);
void     act_member_groups(struct scope *, struct outcome *);
void     act_given_groups(struct scope *, struct outcome *);
void     act_user_privileges(struct scope *, struct outcome *);
void     act_auth_servers(struct scope *, struct outcome *);

/* This API (api.c) */
unsigned api_name(struct scope *);
unsigned sync_fill(struct scope *);
void     act_access_token(struct scope *, struct outcome *);
void     act_api(struct scope *, struct outcome *);
void     act_errors(struct scope *, struct outcome *);
void     act_api_version(struct scope *, struct outcome *);
