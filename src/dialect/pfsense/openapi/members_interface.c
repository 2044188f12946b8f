/* What the operations of this family take: see members.h for the notation. */
#include "dialect/pfsense/openapi/members.h"

/* clang-format off */
const struct members members_interface[] = {
	{ "POST interface",
	  "if! enable:bool spoofmac mtu:int mss media descr blockpriv:bool blockbogons:bool ipaddr "
	  "subnet:int gateway type dhcphostname alias-address alias-subnet:int dhcprejectfrom:strings "
	  "adv_dhcp_config_advanced:bool adv_dhcp_config_file_override:bool "
	  "adv_dhcp_config_file_override_path dhcpvlanenable:bool dhcpcvpt:int ipaddrv6 subnetv6 "
	  "gatewayv6 ipv6usev4iface:bool type6 dhcp6prefixonly:bool dhcp6-ia-pd-send-hint:bool "
	  "dhcp6debug:bool dhcp6withoutra:bool dhcp6norelease:bool dhcp6vlanenable:bool "
	  "dhcp6-ia-pd-len:int dhcp6cvpt adv_dhcp6_config_file_override "
	  "adv_dhcp6_config_file_override_path gateway-6rd prefix-6rd prefix-6rd-v4plen:int "
	  "track6-interface track6-prefix-id-hex:int apply:bool adv_dhcp_option_modifiers "
	  "adv_dhcp_pt_backoff_cutoff:int adv_dhcp_pt_initial_interval:int adv_dhcp_pt_reboot:int "
	  "adv_dhcp_pt_retry:int adv_dhcp_pt_select_timeout:int adv_dhcp_pt_timeout:int "
	  "adv_dhcp_request_options adv_dhcp_required_options adv_dhcp_send_options" },
	{ "PUT interface",
	  "id! if enable:bool spoofmac mtu:int mss media descr blockpriv:bool blockbogons:bool ipaddr "
	  "subnet:int gateway type dhcphostname alias-address alias-subnet:int dhcprejectfrom:strings "
	  "adv_dhcp_config_advanced:bool adv_dhcp_config_file_override:bool "
	  "adv_dhcp_config_file_override_path dhcpvlanenable:bool c ipaddrv6 subnetv6 gatewayv6 "
	  "ipv6usev4iface:bool type6 dhcp6prefixonly:bool dhcp6-ia-pd-send-hint:bool dhcp6debug:bool "
	  "dhcp6withoutra:bool dhcp6norelease:bool dhcp6vlanenable:bool dhcp6-ia-pd-len:int dhcp6cvpt "
	  "adv_dhcp6_config_file_override adv_dhcp6_config_file_override_path gateway-6rd prefix-6rd "
	  "prefix-6rd-v4plen:int track6-interface track6-prefix-id-hex:int apply:bool dhcpcvpt:int "
	  "adv_dhcp_option_modifiers adv_dhcp_pt_backoff_cutoff:int adv_dhcp_pt_initial_interval:int "
	  "adv_dhcp_pt_reboot:int adv_dhcp_pt_retry:int adv_dhcp_pt_select_timeout:int "
	  "adv_dhcp_pt_timeout:int adv_dhcp_request_options adv_dhcp_required_options "
	  "adv_dhcp_send_options" },
	{ "DELETE interface",
	  "if!" },
	{ "POST interface/apply",
	  "async:bool" },
	{ "POST interface/bridge",
	  "members:list! descr" },
	{ "PUT interface/bridge",
	  "id! members:list descr" },
	{ "DELETE interface/bridge",
	  "id!" },
	{ "POST interface/group",
	  "ifname! members:list! descr" },
	{ "PUT interface/group",
	  "id! members:list! descr" },
	{ "DELETE interface/group",
	  "id!" },
	{ "POST interface/vlan",
	  "if! tag:int! pcp:int descr" },
	{ "PUT interface/vlan",
	  "id:int vlanif if tag:int pcp:int descr" },
	{ "DELETE interface/vlan",
	  "id:int vlanif" },
	{ "POST routing/gateway",
	  "disabled:bool ipprotocol! interface! name! gateway! monitor monitor_disable:bool "
	  "action_disable:bool force_down:bool descr weight:int data_payload:int latencylow:int "
	  "latencyhigh:int losslow:int losshigh:int interval:int loss_interval:int time_period:int "
	  "alert_interval:int apply:bool" },
	{ "PUT routing/gateway",
	  "id:int! disabled:bool ipprotocol interface name gateway monitor monitor_disable:bool "
	  "action_disable:bool force_down:bool descr weight:int data_payload:int latencylow:int "
	  "latencyhigh:int losslow:int losshigh:int interval:int loss_interval:int time_period:int "
	  "alert_interval:int apply:bool" },
	{ "DELETE routing/gateway",
	  "id:int! apply" },
	{ "PUT routing/gateway/default",
	  "defaultgw4 defaultgw6 apply:bool" },
	{ "POST routing/static_route",
	  "network! gateway! descr disabled:bool apply:bool" },
	{ "PUT routing/static_route",
	  "id:int! network gateway descr disabled:bool apply:bool" },
	{ "DELETE routing/static_route",
	  "id:int! apply" },
	{ NULL },
};
/* clang-format on */
