/* What the operations of this family take: see members.h for the notation. */
#include "dialect/pfsense/openapi/members.h"

/* clang-format off */
const struct members members_services[] = {
	{ "GET services",
	  "name" },
	{ "PUT services/dhcpd",
	  "interface! enable:bool range_from range_to domain mac_allow:list mac_deny:list "
	  "domainsearchlist:list defaultleasetime:int maxleasetime:int gateway dnsserver:list "
	  "staticarp:bool ignorebootp:bool denyunknown:bool numberoptions:object "
	  "numberoptions[].number:int! numberoptions[].type! numberoptions[].value!" },
	{ "POST services/dhcpd/options",
	  "interface! number:int! type! value!" },
	{ "GET services/dhcpd/static_mapping",
	  "interface!" },
	{ "POST services/dhcpd/static_mapping",
	  "interface! mac! ipaddr! cid descr hostname domain domainsearchlist:list gateway "
	  "dnsserver:list arp_table_static_entry:bool" },
	{ "PUT services/dhcpd/static_mapping",
	  "interface! id:int! mac ipaddr cid descr hostname domain domainsearchlist:list gateway "
	  "dnsserver:list arp_table_static_entry:bool" },
	{ "DELETE services/dhcpd/static_mapping",
	  "interface! id:int!" },
	{ "POST services/dnsmasq/host_override",
	  "host! domain! ip! descr aliases:objects aliases[].host! aliases[].domain! "
	  "aliases[].description apply:bool" },
	{ "PUT services/dnsmasq/host_override",
	  "id:int! ip host domain descr aliases:objects aliases[].host! aliases[].domain! "
	  "aliases[].description apply:bool" },
	{ "DELETE services/dnsmasq/host_override",
	  "id:int! apply:bool" },
	{ "POST services/dnsmasq/host_override/alias",
	  "id:int! host! domain! description apply:bool" },
	{ "PUT services/ntpd",
	  "interface:strings timeservers:objects timeservers[].timeserver! orphan:int logsys:bool "
	  "logpeer:bool clockstats:bool loopstats:bool peerstats:bool statsgraph:bool leapsec" },
	{ "POST services/ntpd/time_server",
	  "timeserver! ispool:bool noselect:bool prefer:bool" },
	{ "DELETE services/ntpd/time_server",
	  "timeserver" },
	{ "POST services/restart",
	  "service" },
	{ "PUT services/service_watchdog",
	  "services:objects services[].name! services[].notify:bool" },
	{ "PUT services/sshd",
	  "enable:bool port:int sshdkeyonly sshdagentforwarding:bool" },
	{ "PUT services/unbound",
	  "enable:bool dnssec:bool custom_options apply:bool" },
	{ "POST services/unbound/access_list",
	  "aclname aclaction! description row[].acl_network! row[].mask! row[].description row:objects! "
	  "apply:bool" },
	{ "PUT services/unbound/access_list",
	  "id:int! aclname aclaction description row:objects row[].acl_network! row[].mask! "
	  "row[].description apply:bool" },
	{ "DELETE services/unbound/access_list",
	  "id:int! apply:bool" },
	{ "POST services/unbound/access_list/row",
	  "id:int! acl_network! mask:int! description apply:bool" },
	{ "POST services/unbound/apply",
	  "async:bool" },
	{ "POST services/unbound/host_override",
	  "host! domain! ip:list descr aliases:objects aliases[].host! aliases[].domain! "
	  "aliases[].description apply:bool" },
	{ "PUT services/unbound/host_override",
	  "id:int! ip:list host domain descr aliases:objects aliases[].host! aliases[].domain! "
	  "aliases[].description apply:bool" },
	{ "DELETE services/unbound/host_override",
	  "id:int! apply" },
	{ "POST services/unbound/host_override/alias",
	  "id:int! host! domain! description apply:bool" },
	{ "PUT services/unbound/host_override/flush",
	  "host_overrides[].host! host_overrides[].domain! host_overrides[].ip! host_overrides[].descr "
	  "host_overrides[].aliases host_overrides[].aliases[].host! host_overrides[].aliases[].domain! "
	  "host_overrides[].aliases[].description host_overrides:objects apply:bool" },
	{ "POST services/wol/send",
	  "interface! mac!" },
	{ NULL },
};
/* clang-format on */
