/* Closed lists of words, and which services there are. */
#include "dialect/pfsense/enums.h"

#include "dialect/pfsense/coerce.h"

/* clang-format off */
static const struct {
	const char *name;
	const char *words; /* divided by "|" */
} enums[] = {
	{ "country_codes",
	  "|AD|AE|AF|AG|AI|AL|AM|AO|AQ|AR|AS|AT|AU|AW|AX|AZ|BA|BB|BD|BE|BF|BG|BH|BI|BJ|BL|BM|BN|BO|"
	  "BQ|BR|BS|BT|BV|BW|BY|BZ|CA|CC|CD|CF|CG|CH|CI|CK|CL|CM|CN|CO|CR|CU|CV|CW|CX|CY|CZ|DE|DJ|"
	  "DK|DM|DO|DZ|EC|EE|EG|EH|ER|ES|ET|FI|FJ|FK|FM|FO|FR|GA|GB|GD|GE|GF|GG|GH|GI|GL|GM|GN|GP|"
	  "GQ|GR|GS|GT|GU|GW|GY|HK|HM|HN|HR|HT|HU|ID|IE|IL|IM|IN|IO|IQ|IR|IS|IT|JE|JM|JO|JP|KE|KG|"
	  "KH|KI|KM|KN|KP|KR|KW|KY|KZ|LA|LB|LC|LI|LK|LR|LS|LT|LU|LV|LY|MA|MC|MD|ME|MF|MG|MH|MK|ML|"
	  "MM|MN|MO|MP|MQ|MR|MS|MT|MU|MV|MW|MX|MY|MZ|NA|NC|NE|NF|NG|NI|NL|NO|NP|NR|NU|NZ|OM|PA|PE|"
	  "PF|PG|PH|PK|PL|PM|PN|PR|PS|PT|PW|PY|QA|RE|RO|RS|RU|RW|SA|SB|SC|SD|SE|SG|SH|SI|SJ|SK|SL|"
	  "SM|SN|SO|SR|SS|ST|SV|SX|SY|SZ|TC|TD|TF|TG|TH|TJ|TK|TL|TM|TN|TO|TR|TT|TV|TW|TZ|UA|UG|UM|"
	  "US|UY|UZ|VA|VC|VE|VG|VI|VN|VU|WF|WS|YE|YT|ZA|ZM|ZW" },
	{ "ec_curves",
	  "prime256v1|secp384r1|secp521r1|secp256k1|brainpoolP256r1|brainpoolP384r1|brainpoolP512r1" },
	{ "ipsec_closeactions",
	  "|none|start|trap" },
	{ "ipsec_startactions",
	  "|none|start|trap" },
	{ "my_identifier_list",
	  "myaddress|address|fqdn|user_fqdn|asn1dn|keyid tag|dyn_dns|auto" },
	{ "openssl_digest_algs",
	  "sha1|sha224|sha256|sha384|sha512" },
	{ "openvpn_ciphers",
	  "AES-128-CBC|AES-128-CFB|AES-128-CFB1|AES-128-CFB8|AES-128-GCM|AES-128-OFB|AES-192-CBC|"
	  "AES-192-GCM|AES-256-CBC|AES-256-CFB|AES-256-CFB1|AES-256-CFB8|AES-256-GCM|AES-256-OFB|"
	  "CAMELLIA-128-CBC|CAMELLIA-192-CBC|CAMELLIA-256-CBC|CHACHA20-POLY1305|BF-CBC|"
	  "DES-EDE3-CBC|none" },
	{ "openvpn_engines",
	  "none|rdrand" },
	{ "p1_dhgroups",
	  "1|2|5|14|15|16|17|18|19|20|21|22|23|24|25|26|27|28|29|30|31|32" },
	{ "p1_halgos",
	  "sha1|sha256|sha384|sha512|aesxcbc" },
	{ "p2_halgos",
	  "hmac_sha1|hmac_sha256|hmac_sha384|hmac_sha512|aesxcbc" },
	{ "p2_modes",
	  "tunnel|tunnel6|transport|vti" },
	{ "p2_pfskeygroups",
	  "0|1|2|5|14|15|16|17|18|19|20|21|22|23|24|25|26|27|28|29|30|31|32" },
	{ "p2_protos",
	  "esp|ah" },
	{ "peer_identifier_list",
	  "any|peeraddress|address|fqdn|user_fqdn|asn1dn|keyid tag|auto" },
	{ "syslog_formats",
	  "rfc3164|rfc5424" },
	{ "system_log_compression_types",
	  "bzip2|gzip|xz|zstd|none" },
};

const char *const known_privileges[] = {
	"api-services-servicewatchdog", "page-all", "page-dashboard-all", "page-dashboard-widgets",
	"page-diagnostics-arptable", "page-diagnostics-authentication",
	"page-diagnostics-backup-restore", "page-diagnostics-command",
	"page-diagnostics-configurationhistory", "page-diagnostics-cpuutilization",
	"page-diagnostics-crash-reporter", "page-diagnostics-dns", "page-diagnostics-edit",
	"page-diagnostics-factorydefaults", "page-diagnostics-gmirror",
	"page-diagnostics-haltsystem", "page-diagnostics-interfacetraffic",
	"page-diagnostics-limiter-info", "page-diagnostics-logs-dhcp",
	"page-diagnostics-logs-firewall", "page-diagnostics-logs-firewall-dynamic",
	"page-diagnostics-logs-firewall-summary", "page-diagnostics-logs-gateways",
	"page-diagnostics-logs-pptpvpn", "page-diagnostics-logs-resolver",
	"page-diagnostics-logs-settings", "page-diagnostics-logs-system",
	"page-diagnostics-ndptable", "page-diagnostics-packetcapture", "page-diagnostics-pf-info",
	"page-diagnostics-ping", "page-diagnostics-rebootsystem", "page-diagnostics-resetstate",
	"page-diagnostics-routingtables", "page-diagnostics-showstates", "page-diagnostics-smart",
	"page-diagnostics-sockets", "page-diagnostics-sourcetracking",
	"page-diagnostics-statessummary", "page-diagnostics-system-activity",
	"page-diagnostics-system-pftop", "page-diagnostics-tables", "page-diagnostics-testport",
	"page-diagnostics-traceroute", "page-diagnostics-wirelessstatus",
	"page-firewall-alias-edit", "page-firewall-alias-import", "page-firewall-aliases",
	"page-firewall-easyrule", "page-firewall-nat-1-1", "page-firewall-nat-1-1-edit",
	"page-firewall-nat-npt", "page-firewall-nat-npt-edit", "page-firewall-nat-outbound",
	"page-firewall-nat-outbound-edit", "page-firewall-nat-portforward",
	"page-firewall-nat-portforward-edit", "page-firewall-rules", "page-firewall-rules-edit",
	"page-firewall-schedules", "page-firewall-schedules-edit", "page-firewall-trafficshaper",
	"page-firewall-trafficshaper-limiter", "page-firewall-trafficshaper-queues",
	"page-firewall-trafficshaper-wizard", "page-firewall-virtualipaddress-edit",
	"page-firewall-virtualipaddresses", "page-getqueuestats", "page-getserviceproviders",
	"page-getstats", "page-help-all", "page-hidden-detailedstatus",
	"page-hidden-uploadconfiguration", "page-interfaces", "page-interfaces-assignnetworkports",
	"page-interfaces-bridge", "page-interfaces-bridge-edit", "page-interfaces-gif",
	"page-interfaces-gif-edit", "page-interfaces-gre", "page-interfaces-gre-edit",
	"page-interfaces-groups", "page-interfaces-groups-edit", "page-interfaces-lagg",
	"page-interfaces-lagg-edit", "page-interfaces-ppps", "page-interfaces-ppps-edit",
	"page-interfaces-qinq", "page-interfaces-qinq-edit", "page-interfaces-vlan",
	"page-interfaces-vlan-edit", "page-interfaces-wireless", "page-interfaces-wireless-edit",
	"page-openvpn-client", "page-openvpn-client-advanced", "page-openvpn-csc",
	"page-openvpn-csc-advanced", "page-openvpn-server", "page-openvpn-server-advanced",
	"page-package-edit", "page-package-settings", "page-pfsensewizardsubsystem",
	"page-services-acb", "page-services-acb-backup", "page-services-acb-changekey",
	"page-services-acb-settings", "page-services-captiveportal",
	"page-services-captiveportal-allowedhostnames", "page-services-captiveportal-allowedips",
	"page-services-captiveportal-editallowedhostnames",
	"page-services-captiveportal-editallowedips",
	"page-services-captiveportal-editmacaddresses", "page-services-captiveportal-editzones",
	"page-services-captiveportal-filemanager", "page-services-captiveportal-hasync",
	"page-services-captiveportal-macaddresses", "page-services-captiveportal-voucher-edit",
	"page-services-captiveportal-vouchers", "page-services-captiveportal-zones",
	"page-services-checkipedit", "page-services-checkipservices", "page-services-dhcprelay",
	"page-services-dhcpserver", "page-services-dhcpserver-editstaticmapping",
	"page-services-dhcpserver-settings", "page-services-dhcpserverv6-editstaticmapping",
	"page-services-dhcpv6relay", "page-services-dhcpv6server",
	"page-services-dhcpv6server-settings", "page-services-dnsforwarder",
	"page-services-dnsforwarder-editdomainoverride", "page-services-dnsforwarder-edithost",
	"page-services-dnsresolver", "page-services-dnsresolver-acls",
	"page-services-dnsresolver-advanced", "page-services-dnsresolver-editdomainoverride",
	"page-services-dnsresolver-edithost", "page-services-dynamicdnsclient",
	"page-services-dynamicdnsclients", "page-services-igmpproxy",
	"page-services-igmpproxy-edit", "page-services-ntpd", "page-services-ntpd-acls",
	"page-services-ntpd-gps", "page-services-ntpd-pps", "page-services-pppoeserver",
	"page-services-pppoeserver-edit", "page-services-rfc2136clients",
	"page-services-rfc2136edit", "page-services-router-advertisement", "page-services-snmp",
	"page-services-upnp", "page-services-wakeonlan", "page-services-wakeonlan-edit",
	"page-status-captiveportal", "page-status-captiveportal-expire",
	"page-status-captiveportal-test", "page-status-captiveportal-voucher-rolls",
	"page-status-captiveportal-vouchers", "page-status-carp", "page-status-cpuload",
	"page-status-dhcpleases", "page-status-dhcpv6leases", "page-status-dns-resolver",
	"page-status-filterreloadstatus", "page-status-gatewaygroups", "page-status-gateways",
	"page-status-interfaces", "page-status-ipsec", "page-status-ipsec-leases",
	"page-status-ipsec-sad", "page-status-ipsec-spd", "page-status-ntp", "page-status-openvpn",
	"page-status-packagelogs", "page-status-services", "page-status-systemlogs-ipsecvpn",
	"page-status-systemlogs-ntpd", "page-status-systemlogs-openvpn",
	"page-status-systemlogs-portalauth", "page-status-systemlogs-ppp",
	"page-status-systemlogs-routing", "page-status-systemlogs-wireless",
	"page-status-trafficgraph", "page-status-trafficshaper-queues", "page-status-upnpstatus",
	"page-system-advanced-admin", "page-system-advanced-firewall", "page-system-advanced-misc",
	"page-system-advanced-network", "page-system-advanced-notifications",
	"page-system-advanced-sysctl", "page-system-api", "page-system-authservers",
	"page-system-camanager", "page-system-certmanager", "page-system-certmanager-renew",
	"page-system-crlmanager", "page-system-gatewaygroups", "page-system-gateways",
	"page-system-gateways-editgateway", "page-system-gateways-editgatewaygroups",
	"page-system-generalsetup", "page-system-groupmanager", "page-system-groupmanager-addprivs",
	"page-system-hasync", "page-system-login-logout", "page-system-packagemanager",
	"page-system-packagemanager-installed", "page-system-packagemanager-installpackage",
	"page-system-register", "page-system-staticroutes", "page-system-staticroutes-editroute",
	"page-system-update-settings", "page-system-user-settings", "page-system-usermanager",
	"page-system-usermanager-addprivs", "page-system-usermanager-passwordmg",
	"page-system-usermanager-settings", "page-vpn-ipsec", "page-vpn-ipsec-editkeys",
	"page-vpn-ipsec-editphase1", "page-vpn-ipsec-editphase2", "page-vpn-ipsec-listkeys",
	"page-vpn-ipsec-mobile", "page-vpn-ipsec-settings", "page-vpn-vpnl2tp",
	"page-vpn-vpnl2tp-users", "page-vpn-vpnl2tp-users-edit", "page-xmlrpcinterfacestats",
	"page-xmlrpclibrary", "system-xmlrpc-ha-sync", "user-config-readonly", "user-copy-files",
	"user-copy-files-chroot", "user-ipsec-xauth-dialin", "user-l2tp-dialin",
	"user-pppoe-dialin", "user-services-captiveportal-login", "user-shell-access",
	"user-ssh-tunnel", "user-view-clear-notices", "user-view-notices",
	NULL,
};
/* clang-format on */

static struct value *
privileges(struct arena *arena)
{
	struct value *list = value_list(arena);

	for (size_t i = 0; known_privileges[i]; i++)
		value_add(arena, list, value_string(arena, known_privileges[i]));
	return list;
}

bool
enum_exists(struct text name)
{
	for (size_t i = 0; i < COUNT(enums); i++)
		if (text_is(name, enums[i].name))
			return true;
	return text_is(name, "priv_list");
}

struct value *
enum_list(struct arena *arena, struct text name)
{
	struct value *list = value_list(arena);

	if (text_is(name, "priv_list"))
		return privileges(arena);
	for (size_t i = 0; i < COUNT(enums); i++) {
		struct text rest = text_of(enums[i].words);

		if (!text_is(name, enums[i].name))
			continue;
		while (rest.len || list->count == 0)
			value_add(arena, list, value_text(arena, text_until(&rest, '|')));
		return list;
	}
	return NULL;
}

/* A service is listed while the configuration has it. */
struct value *
services_configured(struct scope *scope)
{
	static const struct {
		const char *name;
		const char *path; /* what must be there; NULL: nothing */
	} services[] = {
		{ "unbound", "unbound/enable" },     { "dnsmasq", "dnsmasq/enable" },
		{ "ntpd", NULL },                    { "syslogd", NULL },
		{ "dhcpd", "dhcpd" },                { "dpinger", NULL },
		{ "sshd", "system/ssh/enable" },     { "ipsec", "ipsec/phase1/0" },
		{ "openvpn", "openvpn/openvpn-server/0" },
	};
	struct value *list = value_list(scope->arena);

	for (size_t i = 0; i < COUNT(services); i++)
		if (!services[i].path || !is_none(tree_find(scope->tree, services[i].path)))
			value_add(scope->arena, list, value_string(scope->arena, services[i].name));
	return list;
}
