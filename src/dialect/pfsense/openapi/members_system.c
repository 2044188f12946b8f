/* What the operations of this family take: see members.h for the notation. */
#include "dialect/pfsense/openapi/members.h"

/* clang-format off */
const struct members members_system[] = {
	{ "POST diagnostics/command_prompt",
	  "shell_cmd!" },
	{ "PUT status/carp",
	  "enable:bool maintenance_mode:bool" },
	{ "PUT status/log/settings",
	  "format reverse:bool nentries:int nologdefaultblock:bool nologdefaultpass:bool "
	  "nologbogons:bool nologprivatenets:bool nolognginx:bool rawfilter:bool "
	  "disablelocallogging:bool logconfigchanges:bool filterdescriptions:int enable:bool "
	  "logfilesize:int rotatecount:int logcompressiontype remoteserver remoteserver2 remoteserver3 "
	  "sourceip ipprotocol logall:bool filter:bool dhcp:bool auth:bool portalauth:bool vpn:bool "
	  "dpinger:bool hostapd:bool system:bool resolver:bool ppp:bool routing:bool ntpd:bool" },
	{ "PUT system/api",
	  "enable:bool persist:bool readonly:bool allow_options:bool allow_pre_release:bool "
	  "allowed_interfaces:strings authmode jwt_exp:int keyhash keybytes:int custom_headers:object "
	  "access_list:strings enable_login_protection:bool log_successful_auth:bool hasync:bool "
	  "hasync_verify:bool hasync_hosts:strings hasync_username hasync_password" },
	{ "PUT system/api/sync",
	  "server_key! hasync hasync_hosts hasync_username hasync_password authmode!" },
	{ "DELETE system/arp",
	  "ip!" },
	{ "POST system/ca",
	  "method! descr! trust:bool randomserial:bool crt prv serial:int keytype keylen:int ecname "
	  "digest_alg lifetime:int dn_country caref dn_commonname dn_state dn_city dn_organization "
	  "dn_organizationalunit" },
	{ "DELETE system/ca",
	  "refid descr" },
	{ "POST system/certificate",
	  "method! descr! crt prv caref keytype keylen:int ecname digest_alg lifetime:int dn_commonname "
	  "dn_country type altnames:objects active:bool cert key dn_state dn_city dn_organization "
	  "dn_organizationalunit" },
	{ "PUT system/certificate",
	  "crt prv descr refid cert key" },
	{ "DELETE system/certificate",
	  "id refid descr" },
	{ "PUT system/console",
	  "disableconsolemenu:bool" },
	{ "POST system/crl",
	  "method! caref! descr! crl_data serial:int lifetime:int" },
	{ "DELETE system/crl",
	  "id refid descr" },
	{ "PUT system/dns",
	  "dnsserver:list dnsallowoverride:bool dnslocalhost:bool" },
	{ "POST system/dns/server",
	  "dnsserver:list" },
	{ "DELETE system/dns/server",
	  "dnsserver" },
	{ "POST system/halt",
	  "debug" },
	{ "PUT system/hostname",
	  "hostname domain" },
	{ "PUT system/notifications/email",
	  "disabled:bool ipaddress! port:int! timeout:int ssl:bool sslvalidate:bool fromaddress! "
	  "notifyemailaddress! authentication_mechanism! username password" },
	{ "GET system/package",
	  "all:bool" },
	{ "POST system/package",
	  "name!" },
	{ "DELETE system/package",
	  "name!" },
	{ "POST system/reboot",
	  "debug" },
	{ "GET system/table",
	  "name" },
	{ "POST system/tunable",
	  "tunable! value! descr" },
	{ "PUT system/tunable",
	  "id! tunable value descr" },
	{ "DELETE system/tunable",
	  "id!" },
	{ "GET system/version/upgrade",
	  "use_cache:bool" },
	{ NULL },
};
/* clang-format on */
