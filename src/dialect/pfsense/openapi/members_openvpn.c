/* What the operations of this family take: see members.h for the notation. */
#include "dialect/pfsense/openapi/members.h"

/* clang-format off */
const struct members members_openvpn[] = {
	{ "POST services/openvpn/client",
	  "mode description disable:bool dev_mode protocol interface local_port:int server_addr! "
	  "server_port:int proxy_addr proxy_port:int proxy_user proxy_passwd proxy_authtype "
	  "data_encryption_negotiation:bool data_ciphers data_ciphers_fallback digest engine "
	  "tunnel_network tunnel_networkv6 remote_network remote_networkv6 use_shaper:int "
	  "allow_compression compression passtos:bool route_no_exec:bool dns_add:bool ping_method "
	  "keepalive_interval:int keepalive_timeout:int ping_seconds:int ping_action_seconds:int "
	  "ping_push:bool ping_action_push:bool ping_action custom_options udp_fast_io:bool sndrcvbuf "
	  "create_gw verbosity_level:int auth_user auth_passwd auth-retry-none:bool tls tlsauth_keydir "
	  "remote_cert_tls:bool caref refid crlref certref tls_type topology route_no_pull:bool "
	  "inactive_seconds:int exit_notify shared_key" },
	{ "PUT services/openvpn/client",
	  "vpnid! mode description disable:bool dev_mode protocol interface local_port:int server_addr "
	  "server_port:int proxy_addr proxy_port:int proxy_user proxy_passwd proxy_authtype "
	  "data_encryption_negotiation:bool data_ciphers data_ciphers_fallback digest engine "
	  "tunnel_network tunnel_networkv6 remote_network remote_networkv6 use_shaper:int "
	  "allow_compression compression passtos:bool route_no_exec:bool dns_add:bool ping_method "
	  "keepalive_interval:int keepalive_timeout:int ping_seconds:int ping_action_seconds:int "
	  "ping_push:bool ping_action_push:bool ping_action custom_options udp_fast_io:bool sndrcvbuf "
	  "create_gw verbosity_level:int auth_user auth_passwd auth-retry-none:bool tls tlsauth_keydir "
	  "tls_type remote_cert_tls:bool caref crlref refid certref topology route_no_pull:bool "
	  "inactive_seconds:int exit_notify shared_key" },
	{ "DELETE services/openvpn/client",
	  "vpnid!" },
	{ "POST services/openvpn/csc",
	  "server_list custom_options disable:bool common_name! block:bool description tunnel_network "
	  "tunnel_networkv6 local_network local_networkv6 remote_network remote_networkv6 "
	  "redirect_gateway:bool remove_server_routes:bool prevent_server_definitions:bool dns_domain "
	  "dns_servers ntp_servers netbios_enable:bool netbios_node_type netbios_scope wins_servers" },
	{ "PUT services/openvpn/csc",
	  "id! server_list custom_options disable:bool common_name block:bool description "
	  "tunnel_network tunnel_networkv6 local_network local_networkv6 remote_network "
	  "remote_networkv6 redirect_gateway:bool remove_server_routes:bool "
	  "prevent_server_definitions:bool dns_domain dns_servers ntp_servers netbios_enable:bool "
	  "netbios_node_type netbios_scope wins_servers refid" },
	{ "DELETE services/openvpn/csc",
	  "id! refid" },
	{ "POST services/openvpn/server",
	  "mode description disable:bool dev_mode protocol interface local_port:int "
	  "data_encryption_negotiation:bool data_ciphers data_ciphers_fallback engine digest "
	  "tunnel_network tunnel_networkv6 concurrent_connections:int allow_compression compression "
	  "passtos:bool ping_method keepalive_interval:int keepalive_timeout:int ping_seconds:int "
	  "ping_action_seconds:int ping_push:bool ping_action_push:bool ping_action custom_options "
	  "udp_fast_io:bool sndrcvbuf create_gw verbosity_level:int shared_key tls tls_type "
	  "tlsauth_keydir caref refid crlref ocspcheck:bool ocspurl certref dh_length ecdh_curve "
	  "cert_depth redirect_gateway:bool redirect_gateway6:bool local_network local_networkv6 "
	  "compression_push:bool client2client:bool duplicate_cn:bool dynamic_ip:bool topology "
	  "inactive_seconds:int exit_notify remote_network remote_networkv6 dns_domain dns_servers "
	  "push_blockoutsidedns:bool push_register_dns:bool ntp_servers netbios_enable:bool "
	  "netbios_node_type netbios_scope wins_servers serverbridge_dhcp serverbridge_interface "
	  "serverbridge_routegateway:bool serverbridge_dhcp_start serverbridge_dhcp_end authmode "
	  "username_as_common_name:bool strictusercn:bool" },
	{ "PUT services/openvpn/server",
	  "description disable:bool vpnid! mode dev_mode protocol interface local_port:int "
	  "data_encryption_negotiation:bool data_ciphers data_ciphers_fallback engine digest "
	  "tunnel_network tunnel_networkv6 concurrent_connections:int allow_compression compression "
	  "passtos:bool ping_method keepalive_interval:int keepalive_timeout:int ping_seconds:int "
	  "ping_action_seconds:int ping_push:bool ping_action_push:bool ping_action custom_options "
	  "udp_fast_io:bool sndrcvbuf create_gw verbosity_level:int tls tls_type tlsauth_keydir caref "
	  "crlref refid ocspcheck:bool ocspurl certref dh_length ecdh_curve cert_depth "
	  "redirect_gateway:bool redirect_gateway6:bool local_network local_networkv6 "
	  "compression_push:bool client2client:bool duplicate_cn:bool dynamic_ip:bool topology "
	  "inactive_seconds:int exit_notify remote_network remote_networkv6 dns_domain dns_servers "
	  "push_blockoutsidedns:bool push_register_dns:bool ntp_servers netbios_enable:bool "
	  "netbios_node_type netbios_scope wins_servers serverbridge_dhcp serverbridge_interface "
	  "serverbridge_routegateway:bool serverbridge_dhcp_start serverbridge_dhcp_end authmode "
	  "username_as_common_name:bool shared_key strictusercn:bool" },
	{ "DELETE services/openvpn/server",
	  "vpnid!" },
	{ NULL },
};
/* clang-format on */
