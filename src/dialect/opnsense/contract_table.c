/* The endpoints of the contract: what coverage is measured against. One line for each controller. */
#include "dialect/opnsense/contract.h"

#include "base/bug.h"

/* clang-format off */
const struct contract_controller contract_controllers[] = {
	{ "auth/group",
	  "aadd ddel gget ssearch eset" },
	{ "auth/priv",
	  "Gget Gget_item #search Eset Eset_item" },
	{ "auth/user",
	  "aadd !add_api_key ddel !del_api_key cdownload gget qnew_otp_seed ssearch "
	  "#search_api_key eset uupload" },
	{ "captiveportal/access",
	  "qapi !logoff !logon qstatus" },
	{ "captiveportal/service",
	  "Rreconfigure 2restart 1start ?status 0stop" },
	{ "captiveportal/session",
	  "!connect !disconnect qlist #search qzones" },
	{ "captiveportal/settings",
	  "aadd_zone ddel_zone Gget gget_zone ssearch_zones Eset eset_zone ttoggle_zone" },
	{ "captiveportal/template",
	  "ddel_template Gget fget_template !save_template ssearch_templates Eset" },
	{ "captiveportal/voucher",
	  "!drop_expired_vouchers !drop_voucher_group !expire_voucher !generate_vouchers "
	  "qlist_providers qlist_voucher_groups qlist_vouchers" },
	{ "core/backup",
	  "qbackups !delete_backup qdiff fdownload qproviders !revert_backup" },
	{ "core/dashboard",
	  "qget_dashboard qpicture qproduct_info_feed !restore_defaults !save_widgets" },
	{ "core/defaults",
	  "!factory_defaults qget qget_installed_sections !reset" },
	{ "core/firmware",
	  "!audit qchangelog !check !cleanup !connection qdetails Gget qget_options !health "
	  "qinfo !install qlicense !lock qlog !poweroff !reboot !reinstall !remove "
	  "!resync_plugins qrunning Eset qstatus !sync_plugins !unlock !update !upgrade "
	  "qupgradestatus" },
	{ "core/hasync",
	  "Gget rreconfigure Eset" },
	{ "core/hasync_status",
	  "!restart !restart_all #services !start !stop qversion" },
	{ "core/initial_setup",
	  "!abort Econfigure Gget Eset" },
	{ "core/menu",
	  "qsearch !set_favorite qtree" },
	{ "core/service",
	  "!restart #search !start !stop" },
	{ "core/snapshots",
	  "!activate !add !del qget qis_supported #search Eset" },
	{ "core/system",
	  "!dismiss_status !halt !reboot qstatus" },
	{ "core/tunables",
	  "aadd_item ddel_item Gget gget_item rreconfigure !reset ssearch_item Eset eset_item" },
	{ "cron/service",
	  "rreconfigure" },
	{ "cron/settings",
	  "aadd_job ddel_job Gget gget_job ssearch_jobs Eset !set_job ttoggle_job" },
	{ "dhcrelay/service",
	  "rreconfigure" },
	{ "dhcrelay/settings",
	  "aadd_dest aadd_relay ddel_dest ddel_relay Gget gget_dest gget_relay ssearch_dest "
	  "ssearch_relay Eset eset_dest eset_relay ttoggle_relay" },
	{ "diagnostics/activity",
	  "qget_activity" },
	{ "diagnostics/cpu_usage",
	  "qget_c_p_u_type ~stream" },
	{ "diagnostics/dns",
	  "qreverse_lookup" },
	{ "diagnostics/dns_diagnostics",
	  "Gget Eset" },
	{ "diagnostics/firewall",
	  "!del_state !flush_sources !flush_states !kill_states qlist_rule_ids qlog "
	  "qlog_filters qpf_states qpf_statistics #query_pf_top #query_states qstats "
	  "~stream_log" },
	{ "diagnostics/interface",
	  "!carp_status !del_route !flush_arp qget_arp qget_bpf_statistics "
	  "qget_interface_config qget_interface_names qget_interface_statistics "
	  "qget_memory_statistics qget_ndp qget_netisr_statistics #get_pfsync_nodes "
	  "qget_protocol_statistics qget_routes qget_socket_statistics #get_vip_status "
	  "#search_arp #search_ndp" },
	{ "diagnostics/log",
	  "#{module}" },
	{ "diagnostics/lvtemplate",
	  "aadd_item ddel_item Gget gget_item ssearch_item Eset eset_item" },
	{ "diagnostics/netflow",
	  "qcache_stats qgetconfig qis_enabled rreconfigure !reset qsetconfig qstatus" },
	{ "diagnostics/networkinsight",
	  "fexport qget_interfaces qget_metadata qget_protocols qget_services qtimeserie qtop" },
	{ "diagnostics/packet_capture",
	  "fdownload Gget qmac_info !remove #search_jobs Eset !start !stop qview" },
	{ "diagnostics/ping",
	  "Gget !remove #search_jobs Eset !start !stop" },
	{ "diagnostics/portprobe",
	  "Gget Eset" },
	{ "diagnostics/system",
	  "qmemory qsystem_disk qsystem_information qsystem_mbuf qsystem_resources qsystem_swap "
	  "qsystem_temperature qsystem_time" },
	{ "diagnostics/systemhealth",
	  "!del_r_r_d cexport_as_c_s_v Gget qget_interfaces qget_rrd_list qget_system_health "
	  "rreconfigure Eset" },
	{ "diagnostics/traceroute",
	  "Gget Eset" },
	{ "diagnostics/traffic",
	  "qinterface ~stream qtop" },
	{ "dnsmasq/leases",
	  "#search" },
	{ "dnsmasq/service",
	  "Rreconfigure 2restart 1start ?status 0stop" },
	{ "dnsmasq/settings",
	  "aadd_boot aadd_domain aadd_host aadd_option aadd_range aadd_tag ddel_boot "
	  "ddel_domain ddel_host ddel_option ddel_range ddel_tag cdownload_hosts Gget gget_boot "
	  "gget_domain gget_host gget_option gget_range gget_tag qget_tag_list ssearch_boot "
	  "ssearch_domain ssearch_host ssearch_option ssearch_range ssearch_tag Eset eset_boot "
	  "eset_domain eset_host eset_option eset_range eset_tag uupload_hosts" },
	{ "firewall/alias",
	  "aadd_item ddel_item fexport Gget qget_alias_u_u_i_d qget_geo_i_p gget_item "
	  "qget_table_size !import qlist_categories qlist_countries qlist_network_aliases "
	  "qlist_user_groups rreconfigure ssearch_item Eset eset_item ttoggle_item !update" },
	{ "firewall/alias_util",
	  "!add qaliases !delete qfind_references !flush #list" },
	{ "firewall/category",
	  "aadd_item ddel_item cdownload Gget gget_item ssearch_item Eset eset_item uupload" },
	{ "firewall/d_nat",
	  "aadd_rule !apply ddel_rule cdownload_rules Gget gget_rule qlist_categories "
	  "qlist_network_select_options qlist_port_select_options !move_rule_before "
	  "#search_rule Eset eset_rule !toggle_rule !toggle_rule_log uupload_rules" },
	{ "firewall/filter",
	  "aadd_rule !apply ddel_rule cdownload_rules !flush_inspect_cache Gget "
	  "qget_interface_list gget_rule qlist_categories qlist_network_select_options "
	  "qlist_port_select_options !move_rule_before #search_rule Eset eset_rule ttoggle_rule "
	  "!toggle_rule_log uupload_rules" },
	{ "firewall/filter_util",
	  "qrule_stats" },
	{ "firewall/group",
	  "aadd_item ddel_item Gget gget_item rreconfigure ssearch_item Eset eset_item" },
	{ "firewall/migration",
	  "qcount_outbound qcount_rules cdownload_outbound cdownload_rules !flush "
	  "!flush_outbound" },
	{ "firewall/npt",
	  "aadd_rule !apply ddel_rule cdownload_rules Gget gget_rule qlist_categories "
	  "qlist_network_select_options qlist_port_select_options !move_rule_before "
	  "ssearch_rule Eset eset_rule ttoggle_rule !toggle_rule_log uupload_rules" },
	{ "firewall/one_to_one",
	  "aadd_rule !apply ddel_rule cdownload_rules Gget gget_rule qlist_categories "
	  "qlist_network_select_options qlist_port_select_options !move_rule_before "
	  "ssearch_rule Eset eset_rule ttoggle_rule !toggle_rule_log uupload_rules" },
	{ "firewall/source_nat",
	  "aadd_rule !apply ddel_rule cdownload_rules Gget gget_rule qlist_categories "
	  "qlist_network_select_options qlist_port_select_options !move_rule_before "
	  "#search_rule Eset eset_rule ttoggle_rule !toggle_rule_log uupload_rules" },
	{ "hostdiscovery/service",
	  "Rreconfigure 2restart #search 1start ?status 0stop" },
	{ "hostdiscovery/settings",
	  "Gget Eset" },
	{ "ids/service",
	  "!drop_alert_log qget_alert_info qget_alert_logs #query_alerts Rreconfigure "
	  "!reload_rules 2restart 1start ?status 0stop !update_rules" },
	{ "ids/settings",
	  "aadd_policy aadd_policy_rule aadd_user_rule qcheck_policy_rule ddel_policy "
	  "ddel_policy_rule ddel_user_rule Gget gget_policy gget_policy_rule qget_rule_info "
	  "qget_ruleset qget_rulesetproperties gget_user_rule qlist_rule_metadata "
	  "#list_rulesets #search_installed_rules ssearch_policy ssearch_policy_rule "
	  "ssearch_user_rule Eset eset_policy eset_policy_rule !set_rule !set_ruleset "
	  "!set_rulesetproperties eset_user_rule ttoggle_policy ttoggle_policy_rule "
	  "!toggle_rule !toggle_ruleset ttoggle_user_rule" },
	{ "interfaces/assignment",
	  "aadd_item ddel_item Gget gget_item rreconfigure ssearch_item Eset eset_item" },
	{ "interfaces/bridge_settings",
	  "aadd_item ddel_item Gget gget_item rreconfigure ssearch_item Eset eset_item" },
	{ "interfaces/gif_settings",
	  "aadd_item ddel_item Gget qget_if_options gget_item rreconfigure ssearch_item Eset "
	  "eset_item" },
	{ "interfaces/gre_settings",
	  "aadd_item ddel_item Gget qget_if_options gget_item rreconfigure ssearch_item Eset "
	  "eset_item" },
	{ "interfaces/lagg_settings",
	  "aadd_item ddel_item Gget gget_item rreconfigure ssearch_item Eset eset_item" },
	{ "interfaces/loopback_settings",
	  "aadd_item ddel_item Gget gget_item rreconfigure ssearch_item Eset eset_item" },
	{ "interfaces/neighbor_settings",
	  "aadd_item ddel_item Gget gget_item rreconfigure ssearch_item Eset eset_item" },
	{ "interfaces/overview",
	  "fexport qget_interface #interfaces_info !reload_interface" },
	{ "interfaces/settings",
	  "Gget rreconfigure Eset" },
	{ "interfaces/vip_settings",
	  "aadd_item ddel_item Gget gget_item qget_unused_vhid rreconfigure ssearch_item Eset "
	  "eset_item" },
	{ "interfaces/vlan_settings",
	  "aadd_item ddel_item Gget gget_item rreconfigure ssearch_item Eset eset_item" },
	{ "interfaces/vxlan_settings",
	  "aadd_item ddel_item Gget gget_item rreconfigure ssearch_item Eset eset_item" },
	{ "ipsec/connections",
	  "aadd_child aadd_connection aadd_local aadd_remote qconnection_exists ddel_child "
	  "ddel_connection ddel_local ddel_remote Gget gget_child gget_connection gget_local "
	  "gget_remote qis_enabled ssearch_child ssearch_connection ssearch_local "
	  "ssearch_remote Eset eset_child eset_connection eset_local eset_remote qswanctl "
	  "!toggle ttoggle_child ttoggle_connection ttoggle_local ttoggle_remote" },
	{ "ipsec/key_pairs",
	  "aadd_item ddel_item qgen_key_pair Gget gget_item ssearch_item Eset eset_item" },
	{ "ipsec/leases",
	  "qpools #search" },
	{ "ipsec/legacy_subsystem",
	  "!apply_config qstatus" },
	{ "ipsec/manual_spd",
	  "aadd ddel gget ssearch eset ttoggle" },
	{ "ipsec/pools",
	  "aadd ddel gget ssearch eset ttoggle" },
	{ "ipsec/pre_shared_keys",
	  "aadd_item ddel_item Gget gget_item ssearch_item Eset eset_item" },
	{ "ipsec/sad",
	  "!delete #search" },
	{ "ipsec/service",
	  "Rreconfigure 2restart 1start ?status 0stop" },
	{ "ipsec/sessions",
	  "!connect !disconnect #search_phase1 #search_phase2" },
	{ "ipsec/settings",
	  "Gget Eset" },
	{ "ipsec/spd",
	  "!delete #search" },
	{ "ipsec/tunnel",
	  "!del_phase1 !del_phase2 #search_phase1 #search_phase2 !toggle !toggle_phase1 "
	  "!toggle_phase2" },
	{ "ipsec/vti",
	  "aadd ddel gget ssearch eset ttoggle" },
	{ "kea/ctrl_agent",
	  "Gget Eset" },
	{ "kea/ddns",
	  "Gget Eset" },
	{ "kea/dhcpv4",
	  "aadd_option aadd_peer aadd_reservation aadd_subnet ddel_option ddel_peer "
	  "ddel_reservation ddel_subnet cdownload_reservations Gget gget_option gget_peer "
	  "gget_reservation gget_subnet ssearch_option ssearch_peer ssearch_reservation "
	  "ssearch_subnet Eset eset_option eset_peer eset_reservation eset_subnet "
	  "uupload_reservations" },
	{ "kea/dhcpv6",
	  "aadd_option aadd_pd_pool aadd_peer aadd_reservation aadd_subnet ddel_option "
	  "ddel_pd_pool ddel_peer ddel_reservation ddel_subnet cdownload_reservations Gget "
	  "gget_option gget_pd_pool gget_peer gget_reservation gget_subnet ssearch_option "
	  "ssearch_pd_pool ssearch_peer ssearch_reservation ssearch_subnet Eset eset_option "
	  "eset_pd_pool eset_peer eset_reservation eset_subnet uupload_reservations" },
	{ "kea/leases4",
	  "!del_lease #search" },
	{ "kea/leases6",
	  "!del_lease #search" },
	{ "kea/service",
	  "Rreconfigure 2restart 1start ?status 0stop" },
	{ "monit/service",
	  "!check Rreconfigure 2restart 1start ?status 0stop" },
	{ "monit/settings",
	  "aadd_alert aadd_service aadd_test ddel_alert ddel_service ddel_test Gget gget_alert "
	  "qget_general gget_service gget_test ssearch_alert ssearch_service ssearch_test Eset "
	  "eset_alert eset_service eset_test ttoggle_alert ttoggle_service" },
	{ "monit/status",
	  "qget" },
	{ "ntpd/service",
	  "qgps qmeta #status" },
	{ "openvpn/client_overwrites",
	  "aadd ddel gget ssearch eset ttoggle" },
	{ "openvpn/export",
	  "qaccounts !download qproviders !store_presets qtemplates qvalidate_presets" },
	{ "openvpn/instances",
	  "aadd aadd_static_key ddel ddel_static_key qgen_key gget gget_static_key ssearch "
	  "ssearch_static_key eset eset_static_key ttoggle" },
	{ "openvpn/service",
	  "!kill_session rreconfigure !restart_service #search_routes #search_sessions "
	  "!start_service !stop_service" },
	{ "radvd/service",
	  "Rreconfigure 2restart 1start ?status 0stop" },
	{ "radvd/settings",
	  "aadd_entry ddel_entry Gget gget_entry ssearch_entry Eset eset_entry ttoggle_entry" },
	{ "routes/gateway",
	  "qstatus" },
	{ "routes/routes",
	  "aaddroute ddelroute Gget ggetroute rreconfigure ssearchroute Eset esetroute "
	  "ttoggleroute" },
	{ "routing/group_settings",
	  "aadd ddel gget rreconfigure ssearch eset" },
	{ "routing/settings",
	  "aadd_gateway ddel_gateway Gget gget_gateway rreconfigure #search_gateway Eset "
	  "eset_gateway !toggle_gateway" },
	{ "syslog/service",
	  "Rreconfigure !reset 2restart 1start #stats ?status 0stop" },
	{ "syslog/settings",
	  "aadd_destination ddel_destination Gget gget_destination ssearch_destinations Eset "
	  "eset_destination ttoggle_destination" },
	{ "trafficshaper/service",
	  "!flushreload rreconfigure qstatistics" },
	{ "trafficshaper/settings",
	  "aadd_pipe aadd_queue aadd_rule ddel_pipe ddel_queue ddel_rule cdownload_pipes "
	  "cdownload_queues Gget gget_pipe gget_queue gget_rule ssearch_pipes ssearch_queues "
	  "ssearch_rules Eset eset_pipe eset_queue eset_rule ttoggle_pipe ttoggle_queue "
	  "ttoggle_rule uupload_pipes uupload_queues" },
	{ "trust/ca",
	  "aadd qca_info qca_list ddel qgenerate_file gget qraw_dump ssearch eset" },
	{ "trust/cert",
	  "aadd qca_info qca_list ddel qgenerate_file gget qraw_dump ssearch eset quser_list" },
	{ "trust/crl",
	  "!del qget qget_ocsp_info_data qraw_dump #search Eset" },
	{ "trust/settings",
	  "Gget rreconfigure Eset" },
	{ "unbound/diagnostics",
	  "qdumpcache qdumpinfra qlistinsecure qlistlocaldata qlistlocalzones qstats "
	  "qtest_blocklist" },
	{ "unbound/overview",
	  "qget_policies qis_block_list_enabled qis_enabled !reset qrolling #search_queries "
	  "qtotals" },
	{ "unbound/service",
	  "!dnsbl Rreconfigure !reconfigure_general 2restart 1start ?status 0stop" },
	{ "unbound/settings",
	  "aadd_acl aadd_dnsbl aadd_dot aadd_forward aadd_host_alias aadd_host_override "
	  "ddel_acl ddel_dnsbl ddel_dot ddel_forward ddel_host_alias ddel_host_override Gget "
	  "gget_acl gget_dnsbl gget_dot gget_forward gget_host_alias gget_host_override "
	  "qget_nameservers ssearch_acl ssearch_dnsbl ssearch_dot ssearch_forward "
	  "ssearch_host_alias ssearch_host_override Eset eset_acl eset_dnsbl eset_dot "
	  "eset_forward eset_host_alias eset_host_override ttoggle_acl ttoggle_dnsbl "
	  "ttoggle_dot ttoggle_forward ttoggle_host_alias ttoggle_host_override "
	  "!update_blocklist" },
	{ "wireguard/client",
	  "aadd_client aadd_client_builder ddel_client Gget gget_client gget_client_builder "
	  "qget_server_info qlist_servers qpsk ssearch_client Eset eset_client ttoggle_client" },
	{ "wireguard/general",
	  "Gget Eset" },
	{ "wireguard/server",
	  "aadd_server ddel_server Gget gget_server qkey_pair ssearch_server Eset eset_server "
	  "ttoggle_server" },
	{ "wireguard/service",
	  "Rreconfigure 2restart #show 1start ?status 0stop" },
};
/* clang-format on */

const size_t contract_controllers_count = COUNT(contract_controllers);
