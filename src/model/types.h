/* model/types.h: everything a declaration includes: the schema, its types, and those of single families. */
#pragma once

#include "schema/schema.h"
#include "schema/types.h"

extern const struct type type_alias_content;
extern const struct type type_alias_name;
extern const struct type type_alias_reflector;
extern const struct type type_api_key;
extern const struct type type_bridge_member;
extern const struct type type_capture_device;
extern const struct type type_category;
extern const struct type type_category_map;
extern const struct type type_charon_log_level;
extern const struct type type_device;
extern const struct type type_dnat_associated_rule;
extern const struct type type_dnat_sequence;
extern const struct type type_dnsmasq_name;
extern const struct type type_domain_ip;
extern const struct type type_duid;
extern const struct type type_expires;
extern const struct type type_filter_sequence;
extern const struct type type_gateway;
extern const struct type type_gateway_group_item;
extern const struct type type_gid;
extern const struct type type_group_membership;
extern const struct type type_group_name;
extern const struct type type_host;
extern const struct type type_if_desc;
extern const struct type type_ike_address;
extern const struct type type_ipsec_proposal;
extern const struct type type_kea_classless_static_route;
extern const struct type type_kea_option_data;
extern const struct type type_kea_pools;
extern const struct type type_kea_static_routes;
extern const struct type type_lagg_interface;
extern const struct type type_link_address;
extern const struct type type_member;
extern const struct type type_network_mapped;
extern const struct type type_openvpn_server;
extern const struct type type_plain_interface;
extern const struct type type_policy_content;
extern const struct type type_pools;
extern const struct type type_port_mapped;
extern const struct type type_priv;
extern const struct type type_range_address;
extern const struct type type_remote_host;
extern const struct type type_schedule;
extern const struct type type_snat_mode;
extern const struct type type_store_b64;
extern const struct type type_tos;
extern const struct type type_uid;
extern const struct type type_unbound_interface;
extern const struct type type_username;
extern const struct type type_vip_interface;
extern const struct type type_vip_link_local;
extern const struct type type_vip_network;
extern const struct type type_vlan_interface;
extern const struct type type_vpn_id;
