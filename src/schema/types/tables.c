/*
 * Constants that fields choose from: what no machine says otherwise. A list of the
 * running machine's facts goes before the one here.
 */
#include "schema/facts.h"

#include <string.h>

/* clang-format off */
/* IP protocols, most used first; IPv6 extension headers are left out: no filter sees them as protocols. */
static const struct choice protocols[] = {
	{ "TCP" }, { "UDP" }, { "ICMP" }, { "ESP" }, { "AH" }, { "GRE" }, { "IGMP" }, { "PIM" },
	{ "OSPF" }, { "AX.25" }, { "DCCP" }, { "DDP" }, { "EGP" }, { "EIGRP" }, { "ENCAP" },
	{ "ETHERIP" }, { "ETHERNET" }, { "FC" }, { "GGP" }, { "HIP" }, { "HMP" }, { "IDPR-CMTP" },
	{ "IDRP" }, { "IGP" }, { "IPCOMP" }, { "IPENCAP" }, { "IPIP" }, { "IPV6" }, { "IPV6-ICMP" },
	{ "ISIS" }, { "ISO-TP4" }, { "L2TP" }, { "MANET" }, { "MPLS-IN-IP" }, { "MPTCP" }, { "PUP" },
	{ "RDP" }, { "ROHC" }, { "RSPF" }, { "RSVP" }, { "SCTP" }, { "SHIM6" }, { "SKIP" }, { "ST" },
	{ "UDPLITE" }, { "VMTP" }, { "VRRP" }, { "WESP" }, { "XNS-IDP" }, { "XTP" },
};

/* ISO 3166-1, by English short name. */
static const struct choice countries[] = {
	{ "AF", "Afghanistan" }, { "AL", "Albania" }, { "DZ", "Algeria" }, { "AD", "Andorra" },
	{ "AO", "Angola" }, { "AI", "Anguilla" }, { "AQ", "Antarctica" }, { "AG", "Antigua & Barbuda" },
	{ "AR", "Argentina" }, { "AM", "Armenia" }, { "AW", "Aruba" }, { "AU", "Australia" },
	{ "AT", "Austria" }, { "AZ", "Azerbaijan" }, { "BS", "Bahamas" }, { "BH", "Bahrain" },
	{ "BD", "Bangladesh" }, { "BB", "Barbados" }, { "BY", "Belarus" }, { "BE", "Belgium" },
	{ "BZ", "Belize" }, { "BJ", "Benin" }, { "BM", "Bermuda" }, { "BT", "Bhutan" },
	{ "BO", "Bolivia" }, { "BA", "Bosnia & Herzegovina" }, { "BW", "Botswana" },
	{ "BV", "Bouvet Island" }, { "BR", "Brazil" }, { "GB", "Britain (UK)" },
	{ "IO", "British Indian Ocean Territory" }, { "BN", "Brunei" }, { "BG", "Bulgaria" },
	{ "BF", "Burkina Faso" }, { "BI", "Burundi" }, { "KH", "Cambodia" }, { "CM", "Cameroon" },
	{ "CA", "Canada" }, { "CV", "Cape Verde" }, { "BQ", "Caribbean NL" }, { "KY", "Cayman Islands" },
	{ "CF", "Central African Rep." }, { "TD", "Chad" }, { "CL", "Chile" }, { "CN", "China" },
	{ "CX", "Christmas Island" }, { "CC", "Cocos (Keeling) Islands" }, { "CO", "Colombia" },
	{ "KM", "Comoros" }, { "CD", "Congo (Dem. Rep.)" }, { "CG", "Congo (Rep.)" },
	{ "CK", "Cook Islands" }, { "CR", "Costa Rica" }, { "HR", "Croatia" }, { "CU", "Cuba" },
	{ "CW", "Curaçao" }, { "CY", "Cyprus" }, { "CZ", "Czech Republic" }, { "CI", "Côte d'Ivoire" },
	{ "DK", "Denmark" }, { "DJ", "Djibouti" }, { "DM", "Dominica" }, { "DO", "Dominican Republic" },
	{ "TL", "East Timor" }, { "EC", "Ecuador" }, { "EG", "Egypt" }, { "SV", "El Salvador" },
	{ "GQ", "Equatorial Guinea" }, { "ER", "Eritrea" }, { "EE", "Estonia" },
	{ "SZ", "Eswatini (Swaziland)" }, { "ET", "Ethiopia" }, { "FK", "Falkland Islands" },
	{ "FO", "Faroe Islands" }, { "FJ", "Fiji" }, { "FI", "Finland" }, { "FR", "France" },
	{ "GF", "French Guiana" }, { "PF", "French Polynesia" }, { "TF", "French S. Terr." },
	{ "GA", "Gabon" }, { "GM", "Gambia" }, { "GE", "Georgia" }, { "DE", "Germany" },
	{ "GH", "Ghana" }, { "GI", "Gibraltar" }, { "GR", "Greece" }, { "GL", "Greenland" },
	{ "GD", "Grenada" }, { "GP", "Guadeloupe" }, { "GU", "Guam" }, { "GT", "Guatemala" },
	{ "GG", "Guernsey" }, { "GN", "Guinea" }, { "GW", "Guinea-Bissau" }, { "GY", "Guyana" },
	{ "HT", "Haiti" }, { "HM", "Heard Island & McDonald Islands" }, { "HN", "Honduras" },
	{ "HK", "Hong Kong" }, { "HU", "Hungary" }, { "IS", "Iceland" }, { "IN", "India" },
	{ "ID", "Indonesia" }, { "IR", "Iran" }, { "IQ", "Iraq" }, { "IE", "Ireland" },
	{ "IM", "Isle of Man" }, { "IL", "Israel" }, { "IT", "Italy" }, { "JM", "Jamaica" },
	{ "JP", "Japan" }, { "JE", "Jersey" }, { "JO", "Jordan" }, { "KZ", "Kazakhstan" },
	{ "KE", "Kenya" }, { "KI", "Kiribati" }, { "KP", "Korea (North)" }, { "KR", "Korea (South)" },
	{ "KW", "Kuwait" }, { "KG", "Kyrgyzstan" }, { "LA", "Laos" }, { "LV", "Latvia" },
	{ "LB", "Lebanon" }, { "LS", "Lesotho" }, { "LR", "Liberia" }, { "LY", "Libya" },
	{ "LI", "Liechtenstein" }, { "LT", "Lithuania" }, { "LU", "Luxembourg" }, { "MO", "Macau" },
	{ "MG", "Madagascar" }, { "MW", "Malawi" }, { "MY", "Malaysia" }, { "MV", "Maldives" },
	{ "ML", "Mali" }, { "MT", "Malta" }, { "MH", "Marshall Islands" }, { "MQ", "Martinique" },
	{ "MR", "Mauritania" }, { "MU", "Mauritius" }, { "YT", "Mayotte" }, { "MX", "Mexico" },
	{ "FM", "Micronesia" }, { "MD", "Moldova" }, { "MC", "Monaco" }, { "MN", "Mongolia" },
	{ "ME", "Montenegro" }, { "MS", "Montserrat" }, { "MA", "Morocco" }, { "MZ", "Mozambique" },
	{ "MM", "Myanmar (Burma)" }, { "NA", "Namibia" }, { "NR", "Nauru" }, { "NP", "Nepal" },
	{ "NL", "Netherlands" }, { "NC", "New Caledonia" }, { "NZ", "New Zealand" },
	{ "NI", "Nicaragua" }, { "NE", "Niger" }, { "NG", "Nigeria" }, { "NU", "Niue" },
	{ "NF", "Norfolk Island" }, { "MK", "North Macedonia" }, { "MP", "Northern Mariana Islands" },
	{ "NO", "Norway" }, { "OM", "Oman" }, { "PK", "Pakistan" }, { "PW", "Palau" },
	{ "PS", "Palestine" }, { "PA", "Panama" }, { "PG", "Papua New Guinea" }, { "PY", "Paraguay" },
	{ "PE", "Peru" }, { "PH", "Philippines" }, { "PN", "Pitcairn" }, { "PL", "Poland" },
	{ "PT", "Portugal" }, { "PR", "Puerto Rico" }, { "QA", "Qatar" }, { "RO", "Romania" },
	{ "RU", "Russia" }, { "RW", "Rwanda" }, { "RE", "Réunion" }, { "AS", "Samoa (American)" },
	{ "WS", "Samoa (western)" }, { "SM", "San Marino" }, { "ST", "Sao Tome & Principe" },
	{ "SA", "Saudi Arabia" }, { "SN", "Senegal" }, { "RS", "Serbia" }, { "SC", "Seychelles" },
	{ "SL", "Sierra Leone" }, { "SG", "Singapore" }, { "SK", "Slovakia" }, { "SI", "Slovenia" },
	{ "SB", "Solomon Islands" }, { "SO", "Somalia" }, { "ZA", "South Africa" },
	{ "GS", "South Georgia & the South Sandwich Islands" }, { "SS", "South Sudan" },
	{ "ES", "Spain" }, { "LK", "Sri Lanka" }, { "BL", "St Barthelemy" }, { "SH", "St Helena" },
	{ "KN", "St Kitts & Nevis" }, { "LC", "St Lucia" }, { "SX", "St Maarten (Dutch)" },
	{ "MF", "St Martin (French)" }, { "PM", "St Pierre & Miquelon" }, { "VC", "St Vincent" },
	{ "SD", "Sudan" }, { "SR", "Suriname" }, { "SJ", "Svalbard & Jan Mayen" }, { "SE", "Sweden" },
	{ "CH", "Switzerland" }, { "SY", "Syria" }, { "TW", "Taiwan" }, { "TJ", "Tajikistan" },
	{ "TZ", "Tanzania" }, { "TH", "Thailand" }, { "TG", "Togo" }, { "TK", "Tokelau" },
	{ "TO", "Tonga" }, { "TT", "Trinidad & Tobago" }, { "TN", "Tunisia" }, { "TR", "Turkey" },
	{ "TM", "Turkmenistan" }, { "TC", "Turks & Caicos Is" }, { "TV", "Tuvalu" },
	{ "UM", "US minor outlying islands" }, { "UG", "Uganda" }, { "UA", "Ukraine" },
	{ "AE", "United Arab Emirates" }, { "US", "United States" }, { "UY", "Uruguay" },
	{ "UZ", "Uzbekistan" }, { "VU", "Vanuatu" }, { "VA", "Vatican City" }, { "VE", "Venezuela" },
	{ "VN", "Vietnam" }, { "VG", "Virgin Islands (UK)" }, { "VI", "Virgin Islands (US)" },
	{ "WF", "Wallis & Futuna" }, { "EH", "Western Sahara" }, { "YE", "Yemen" }, { "ZM", "Zambia" },
	{ "ZW", "Zimbabwe" }, { "AX", "Åland Islands" },
};

/* Names that a port may be given by. */
static const struct choice port_services[] = {
	{ "afs3-fileserver", "7000" }, { "aol", "5190" }, { "auth", "113" }, { "avt-profile-1", "5004" },
	{ "cvsup", "5999" }, { "domain", "53" }, { "domain-s", "853" }, { "ftp", "21" },
	{ "hbci", "3000" }, { "http", "80" }, { "https", "443" }, { "igmpv3lite", "465" },
	{ "imap", "143" }, { "imaps", "993" }, { "ipsec-msft", "10000" }, { "ipsec-nat-t", "4500" },
	{ "isakmp", "500" }, { "l2f", "1701" }, { "ldap", "389" }, { "ldaps", "636" },
	{ "microsoft-ds", "445" }, { "ms-streaming", "1755" }, { "ms-wbt-server", "3389" },
	{ "msnp", "1863" }, { "nat-stun-port", "3478" }, { "netbios-dgm", "138" },
	{ "netbios-ns", "137" }, { "netbios-ssn", "139" }, { "nntp", "119" }, { "ntp", "123" },
	{ "openvpn", "1194" }, { "pop3", "110" }, { "pop3s", "995" }, { "pptp", "1723" },
	{ "radius", "1812" }, { "radius-acct", "1813" }, { "rfb", "5900" }, { "sip", "5060" },
	{ "sip-tls", "5061" }, { "smtp", "25" }, { "snmp", "161" }, { "snmptrap", "162" },
	{ "ssh", "22" }, { "submission", "587" }, { "submissions", "465" }, { "telnet", "23" },
	{ "teredo", "3544" }, { "tftp", "69" }, { "urd", "465" }, { "wins", "1512" },
};

/* DHCP options (IANA) that a server may be told to send. */
static const struct choice dhcp4_options[] = {
	{ "1", "subnet-mask [1]" }, { "2", "time-offset [2]" }, { "3", "routers [3]" },
	{ "4", "time-servers [4]" }, { "5", "name-servers [5]" }, { "6", "domain-name-servers [6]" },
	{ "7", "log-servers [7]" }, { "8", "cookie-servers [8]" }, { "9", "lpr-servers [9]" },
	{ "10", "impress-servers [10]" }, { "11", "resource-location-servers [11]" },
	{ "12", "host-name [12]" }, { "13", "boot-size [13]" }, { "14", "merit-dump [14]" },
	{ "15", "domain-name [15]" }, { "16", "swap-server [16]" }, { "17", "root-path [17]" },
	{ "18", "extensions-path [18]" }, { "19", "ip-forwarding [19]" },
	{ "20", "non-local-source-routing [20]" }, { "22", "max-dgram-reassembly [22]" },
	{ "23", "default-ip-ttl [23]" }, { "24", "path-mtu-aging-timeout [24]" },
	{ "25", "path-mtu-plateau-table [25]" }, { "26", "interface-mtu [26]" },
	{ "27", "all-subnets-local [27]" }, { "28", "broadcast-address [28]" },
	{ "29", "perform-mask-discovery [29]" }, { "30", "mask-supplier [30]" },
	{ "31", "router-discovery [31]" }, { "32", "router-solicitation-address [32]" },
	{ "33", "static-routes [33]" }, { "34", "trailer-encapsulation [34]" },
	{ "35", "arp-cache-timeout [35]" }, { "36", "ieee802-3-encapsulation [36]" },
	{ "37", "default-tcp-ttl [37]" }, { "38", "tcp-keepalive-interval [38]" },
	{ "39", "tcp-keepalive-garbage [39]" }, { "40", "nis-domain [40]" }, { "41", "nis-servers [41]" },
	{ "42", "ntp-servers [42]" }, { "43", "vendor-encapsulated-options [43]" },
	{ "44", "netbios-name-servers [44]" }, { "45", "netbios-dd-server [45]" },
	{ "46", "netbios-node-type [46]" }, { "47", "netbios-scope [47]" }, { "48", "font-servers [48]" },
	{ "49", "x-display-manager [49]" }, { "60", "vendor-class-identifier [60]" },
	{ "62", "nwip-domain-name [62]" }, { "63", "nwip-suboptions [63]" },
	{ "64", "nisplus-domain-name [64]" }, { "65", "nisplus-servers [65]" },
	{ "66", "tftp-server-name [66]" }, { "67", "boot-file-name [67]" },
	{ "68", "mobile-ip-home-agent [68]" }, { "69", "smtp-server [69]" }, { "70", "pop-server [70]" },
	{ "71", "nntp-server [71]" }, { "72", "www-server [72]" }, { "73", "finger-server [73]" },
	{ "74", "irc-server [74]" }, { "75", "streettalk-server [75]" },
	{ "76", "streettalk-directory-assistance-server [76]" }, { "77", "user-class [77]" },
	{ "78", "slp-directory-agent [78]" }, { "79", "slp-service-scope [79]" },
	{ "85", "nds-servers [85]" }, { "86", "nds-tree-name [86]" }, { "87", "nds-context [87]" },
	{ "88", "bcms-controller-names [88]" }, { "89", "bcms-controller-address [89]" },
	{ "93", "client-system [93]" }, { "94", "client-ndi [94]" }, { "97", "uuid-guid [97]" },
	{ "98", "uap-servers [98]" }, { "99", "geoconf-civic [99]" }, { "100", "pcode [100]" },
	{ "101", "tcode [101]" }, { "108", "v6-only-preferred [108]" },
	{ "112", "netinfo-server-address [112]" }, { "113", "netinfo-server-tag [113]" },
	{ "114", "v4-captive-portal [114]" }, { "116", "auto-config [116]" },
	{ "117", "name-service-search [117]" }, { "119", "domain-search [119]" },
	{ "121", "classless-static-route [121]" }, { "124", "vivco-suboptions [124]" },
	{ "125", "vivso-suboptions [125]" }, { "136", "pana-agent [136]" }, { "137", "v4-lost [137]" },
	{ "138", "capwap-ac-v4 [138]" }, { "141", "sip-ua-cs-domains [141]" },
	{ "143", "v4-sztp-redirect [143]" }, { "146", "rdnss-selection [146]" },
	{ "150", "tftp-server-address [150]" }, { "159", "v4-portparams [159]" },
	{ "162", "v4-dnr [162]" }, { "212", "option-6rd [212]" }, { "213", "v4-access-domain [213]" },
};

static const struct choice dhcp6_options[] = {
	{ "7", "preference [7]" }, { "12", "unicast [12]" }, { "21", "sip-server-dns [21]" },
	{ "22", "sip-server-addr [22]" }, { "23", "dns-servers [23]" }, { "24", "domain-search [24]" },
	{ "27", "nis-servers [27]" }, { "28", "nisp-servers [28]" }, { "29", "nis-domain-name [29]" },
	{ "30", "nisp-domain-name [30]" }, { "31", "sntp-servers [31]" },
	{ "32", "information-refresh-time [32]" }, { "33", "bcmcs-server-dns [33]" },
	{ "34", "bcmcs-server-addr [34]" }, { "36", "geoconf-civic [36]" },
	{ "41", "new-posix-timezone [41]" }, { "42", "new-tzdb-timezone [42]" }, { "51", "v6-lost [51]" },
	{ "52", "capwap-ac-v6 [52]" }, { "56", "ntp-server [56]" }, { "57", "v6-access-domain [57]" },
	{ "58", "sip-ua-cs-list [58]" }, { "59", "bootfile-url [59]" }, { "60", "bootfile-param [60]" },
	{ "64", "aftr-name [64]" }, { "82", "sol-max-rt [82]" }, { "83", "inf-max-rt [83]" },
	{ "88", "dhcp4o6-server-addr [88]" }, { "94", "s46-cont-mape [94]" },
	{ "95", "s46-cont-mapt [95]" }, { "96", "s46-cont-lw [96]" },
	{ "103", "v6-captive-portal [103]" }, { "136", "v6-sztp-redirect [136]" },
	{ "143", "ipv6-address-andsf [143]" }, { "144", "v6-dnr [144]" },
};

static const struct list {
	const char          *name;
	const struct choice *items;
	size_t               count;
} lists[] = {
	{ "protocols", protocols, COUNT(protocols) },
	{ "countries", countries, COUNT(countries) },
	{ "port services", port_services, COUNT(port_services) },
	{ "kea list dhcp_options", dhcp4_options, COUNT(dhcp4_options) },
	{ "kea list dhcp_options6", dhcp6_options, COUNT(dhcp6_options) },
	{ "dnsmasq list dhcp_options", dhcp4_options, COUNT(dhcp4_options) },
	{ "dnsmasq list dhcp_options6", dhcp6_options, COUNT(dhcp6_options) },
};
/* clang-format on */

const struct choice *
facts_constant(const char *name, size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < COUNT(lists); i++) {
		if (strcmp(lists[i].name, name) != 0)
			continue;
		*count = lists[i].count;
		return lists[i].items;
	}
	return NULL;
}
