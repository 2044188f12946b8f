/* One line for each backend. Whoever adds one changes NULL to the test that shows it. */
#include "proc/about/proofs.h"

#include "base/bug.h"

#define STORED "the configuration itself"

/* clang-format off */
const struct proof proofs[] = {
	{ "opnsense", "auth",                         "users, groups and keys of the API",  "opnsense-crud-auth opnsense-protocol-auth" },
	{ "opnsense", "captiveportal",                "nftables, our own pages",            "system_portal plan_portal proc_portal unzip" },
	{ "opnsense", "core",                         STORED,                               "opnsense-walk" },
	{ "opnsense", "core/backup",                  "the store's history",                "opnsense-walk system_smoke store_kill" },
	{ "opnsense", "core/dashboard",               STORED,                               "opnsense-core" },
	{ "opnsense", "core/defaults",                STORED,                               "opnsense-core" },
	{ "opnsense", "core/firmware",                "dpkg and apt",                       "proc_packages opnsense-firmware" },
	{ "opnsense", "core/hasync",                  "the peer of a pair",                 NULL },
	{ "opnsense", "core/hasync_status",           "the peer of a pair",                 NULL },
	{ "opnsense", "core/initial_setup",           STORED ", pppd",                      "opnsense-core system_vm_pppoe" },
	{ "opnsense", "core/menu",                    STORED,                               "opnsense-core" },
	{ "opnsense", "core/service",                 "the keeper's daemons",               "system_resolver" },
	{ "opnsense", "core/snapshots",               "the store's copies",                 "store_copies opnsense-core" },
	{ "opnsense", "core/system",                  "the machine's power",                "proc_packages" },
	{ "opnsense", "core/system/doctor",           "the machine's programs",             "system_doctor" },
	{ "opnsense", "core/system/status",           "what the kernel says",               "system_smoke" },
	{ "opnsense", "core/tunables",                "sysctl",                             "system_tunables" },
	{ "opnsense", "cron",                         "cron",                               "system_cron" },
	{ "opnsense", "dhcpv4",                       "Kea, dnsmasq",                       "system_kea system_dnsmasq" },
	{ "opnsense", "dhcpv6",                       "Kea, dnsmasq",                       "system_kea" },
	{ "opnsense", "dhcrelay",                     "DHCP relay",                         "system_announce" },
	{ "opnsense", "diagnostics",                  "diagnostics",                        "system_watch system_netdiag system_filterlog" },
	{ "opnsense", "diagnostics/netflow",          "conntrack",                          "system_netflow proc_flow_meter proc_flow_passing proc_flow_datagram" },
	{ "opnsense", "diagnostics/networkinsight",   "conntrack",                          "system_netflow proc_flow_insight" },
	{ "opnsense", "diagnostics/interface",        "rtnetlink",                          "kernel_running kernel_links" },
	{ "opnsense", "diagnostics/interface/carp_status", "keepalived",                    "system_failover plan_keepalived" },
	{ "opnsense", "diagnostics/interface/get_vip_status", "keepalived",                 "system_failover plan_keepalived" },
	{ "opnsense", "dnsmasq",                      "dnsmasq",                            "system_dnsmasq" },
	{ "opnsense", "firewall",                     "nftables",                           "nft_traffic system_packets lab_traffic" },
	{ "opnsense", "firewall/alias_util",          "nftables sets",                      "kernel_running" },
	{ "opnsense", "firewall/category",            STORED,                               "opnsense-crud-category" },
	{ "opnsense", "hostdiscovery",                "rtnetlink",                          "system_hosts proc_hosts" },
	{ "opnsense", "ids",                          "intrusion detection",                NULL },
	{ "opnsense", "interfaces",                   "rtnetlink",                          "kernel_network kernel_links" },
	{ "opnsense", "interfaces/assignment",        "rtnetlink, dhcpcd",                  "system_addressing kernel_network" },
	{ "opnsense", "interfaces/overview",          "rtnetlink, dhcpcd",                  "system_addressing" },
	{ "opnsense", "interfaces/bridge_settings",   "rtnetlink",                          "system_vm kernel_network" },
	{ "opnsense", "interfaces/gif_settings",      "rtnetlink",                          "system_vm" },
	{ "opnsense", "interfaces/gre_settings",      "rtnetlink",                          "system_vm" },
	{ "opnsense", "interfaces/lagg_settings",     "rtnetlink",                          "system_vm" },
	{ "opnsense", "interfaces/loopback_settings", "rtnetlink",                          "system_vm" },
	{ "opnsense", "interfaces/vlan_settings",     "rtnetlink",                          "system_vm kernel_network" },
	{ "opnsense", "interfaces/vxlan_settings",    "rtnetlink",                          "system_vm kernel_network" },
	{ "opnsense", "interfaces/vip_settings",      "rtnetlink, keepalived",              "kernel_network system_proxyarp system_failover" },
	{ "opnsense", "ipsec",                        "strongSwan",                         "system_ipsec system_vm_ipsec plan_charon" },
	{ "opnsense", "ipsec/connections/swanctl",    "what strongSwan would be told",      "plan_swanctl opnsense-vpn" },
	{ "opnsense", "ipsec/manual_spd",             "XFRM policies",                      NULL },
	{ "opnsense", "ipsec/vti",                    "XFRM interfaces",                    "system_vm_ipsec" },
	{ "opnsense", "kea",                          "Kea",                                "system_kea lab_office" },
	{ "opnsense", "monit",                        "Monit",                              "system_monit plan_monit" },
	{ "opnsense", "ntpd",                         "chrony",                             "system_time" },
	{ "opnsense", "openvpn",                      "OpenVPN",                            "system_openvpn plan_openvpn" },
	{ "opnsense", "openvpn/export",               "GnuTLS",                             "opnsense-vpn archive" },
	{ "opnsense", "radvd",                        "radvd",                              "system_announce" },
	{ "opnsense", "routes",                       "rtnetlink",                          "system_ways kernel_network" },
	{ "opnsense", "routing",                      "rtnetlink, ICMP probes",             "system_ways kernel_probe kernel_network" },
	{ "opnsense", "syslog",                       "syslog-ng",                          "system_logging" },
	{ "opnsense", "trafficshaper",                "HTB behind an IFB, nftables",        "system_shaper kernel_shaper kernel_vm_shaper plan_shaper" },
	{ "opnsense", "trust",                        "GnuTLS",                             "opnsense-trust revocation" },
	{ "opnsense", "trust/settings",               "the machine's trust",                NULL },
	{ "opnsense", "unbound",                      "Unbound",                            "system_resolver lab_office" },
	{ "opnsense", "wireguard",                    "WireGuard, wireguard-go",            "system_wireguard system_vm_wireguard plan_wireguard" },

	{ "pfsense",  "access_token",                 "tokens of the API",                  "pfsense-settings system_settings" },
	{ "pfsense",  "diagnostics/command_prompt",   "commands of clients",                "system_command proc_options" },
	{ "pfsense",  "firewall",                     "nftables",                           "nft_traffic system_packets lab_traffic" },
	{ "pfsense",  "firewall/states",              "conntrack",                          "kernel_running" },
	{ "pfsense",  "firewall/traffic_shaper",      "queues by interface (ALTQ)",         NULL },
	{ "pfsense",  "firewall/traffic_shaper/limiter", "HTB behind an IFB, nftables",     "system_shaper plan_shaper" },
	{ "pfsense",  "firewall/virtual_ip",          "rtnetlink",                          "kernel_network system_proxyarp" },
	{ "pfsense",  "interface",                    "rtnetlink",                          "kernel_network kernel_links" },
	{ "pfsense",  "routing",                      "rtnetlink, ICMP probes",             "system_ways kernel_probe kernel_network" },
	{ "pfsense",  "services",                     "the keeper's daemons",               "system_resolver" },
	{ "pfsense",  "services/ddns",                "dynamic DNS",                        NULL },
	{ "pfsense",  "services/dhcpd",               "DHCP server",                        "system_dhcpd" },
	{ "pfsense",  "services/dnsmasq",             "dnsmasq",                            "system_dhcpd" },
	{ "pfsense",  "services/dpinger",             "gateway monitor",                    "system_ways" },
	{ "pfsense",  "services/ipsec",               "strongSwan",                         "system_ipsec plan_swanctl" },
	{ "pfsense",  "services/ntpd",                "chrony",                             "system_time" },
	{ "pfsense",  "services/openvpn",             "OpenVPN",                            "system_openvpn plan_openvpn" },
	{ "pfsense",  "services/service_watchdog",    "the keeper's daemons",               "system_watchdog" },
	{ "pfsense",  "services/sshd",                "OpenSSH",                            "system_access" },
	{ "pfsense",  "services/syslogd",             "syslog-ng",                          "system_logging" },
	{ "pfsense",  "services/unbound",             "Unbound",                            "system_resolver" },
	{ "pfsense",  "services/wol",                 "UDP",                                "system_machine" },
	{ "pfsense",  "status/carp",                  "keepalived",                         "system_failover plan_keepalived" },
	{ "pfsense",  "status/gateway",               "ICMP probes",                        "system_ways kernel_probe" },
	{ "pfsense",  "status/interface",             "rtnetlink, dhcpcd",                  "system_addressing kernel_links" },
	{ "pfsense",  "status/ipsec",                 "strongSwan",                         "system_ipsec" },
	{ "pfsense",  "status/log",                   "logs",                               "system_filterlog system_logging" },
	{ "pfsense",  "status/log/config_history",    "the store's history",                "pfsense store_kill" },
	{ "pfsense",  "status/openvpn",               "OpenVPN",                            "system_openvpn" },
	{ "pfsense",  "status/system",                "what the kernel says",               "system_smoke" },
	{ "pfsense",  "system/api",                   "the API itself",                     "pfsense-settings system_settings" },
	{ "pfsense",  "system/arp",                   "rtnetlink",                          "kernel_running" },
	{ "pfsense",  "system/ca",                    "GnuTLS",                             "system_settings" },
	{ "pfsense",  "system/certificate",           "GnuTLS",                             "system_settings" },
	{ "pfsense",  "system/config",                "the store",                          "pfsense" },
	{ "pfsense",  "system/console",               "console",                            NULL },
	{ "pfsense",  "system/crl",                   "GnuTLS",                             "pfsense revocation" },
	{ "pfsense",  "system/dns",                   "resolv.conf",                        "identity" },
	{ "pfsense",  "system/halt",                  "the machine's power",                "proc_packages system_machine" },
	{ "pfsense",  "system/hostname",              "hostname and hosts",                 "identity" },
	{ "pfsense",  "system/notifications",         "SMTP",                               "proc_mail system_watchdog" },
	{ "pfsense",  "system/package",               "dpkg and apt",                       "pfsense-packages proc_packages" },
	{ "pfsense",  "system/reboot",                "the machine's power",                "proc_packages system_machine" },
	{ "pfsense",  "system/table",                 "nftables sets",                      "kernel_running" },
	{ "pfsense",  "system/tunable",               "sysctl",                             "system_tunables" },
	{ "pfsense",  "system/version",               "the program itself",                 "pfsense-walk" },
	{ "pfsense",  "user",                         "users and groups of the API",        "pfsense pfsense-privileges" },
	{ "pfsense",  "user/auth_server",             "LDAP and RADIUS",                    NULL },
};
/* clang-format on */
const size_t nproofs = COUNT(proofs);

/* The path itself, or what begins with it and a slash. */
static bool
lies_below(struct text path, struct text id)
{
	return text_starts(id, path) && (id.len == path.len || id.ptr[path.len] == '/');
}

const struct proof *
proof_find(const char *dialect, const char *id)
{
	const struct proof *best = NULL;
	struct text         url = text_of(id), verb = text_until(&url, ' ');

	if (!url.len)
		url = verb;
	for (size_t i = 0; i < nproofs; i++) {
		const struct text path = text_of(proofs[i].path);

		if (strcmp(proofs[i].dialect, dialect) != 0 || (best && strlen(best->path) >= path.len))
			continue;
		if (lies_below(path, url) || lies_below(path, text_of(id)))
			best = &proofs[i];
	}
	return best;
}
