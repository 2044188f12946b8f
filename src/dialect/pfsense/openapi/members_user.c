/* What the operations of this family take: see members.h for the notation. */
#include "dialect/pfsense/openapi/members.h"

/* clang-format off */
const struct members members_user[] = {
	{ "POST user",
	  "username! password! priv:list descr disabled:bool expires cert:list authorizedkeys ipsecpsk" },
	{ "PUT user",
	  "username! priv:list descr disabled:bool expires cert:list authorizedkeys ipsecpsk password" },
	{ "DELETE user",
	  "username!" },
	{ "DELETE user/auth_server",
	  "name!" },
	{ "POST user/auth_server/ldap",
	  "name host! ldap_port:int! ldap_urltype! ldap_protver:int ldap_timeout:int ldap_scope! "
	  "ldap_basedn ldap_authcn ldap_extended_query ldap_binddn ldap_bindpw ldap_attr_user! "
	  "ldap_attr_group! ldap_attr_member! ldap_attr_groupobj ldap_utf8:bool ldap_nostrip_at:bool "
	  "active:bool" },
	{ "DELETE user/auth_server/ldap",
	  "name!" },
	{ "POST user/auth_server/radius",
	  "name! host! radius_secret! radius_auth_port:int radius_acct_port:int radius_protocol "
	  "radius_timeout:int radius_nasip_attribute active:bool" },
	{ "DELETE user/auth_server/radius",
	  "name!" },
	{ "POST user/group",
	  "scope name! description member:ints priv:list" },
	{ "PUT user/group",
	  "id! scope name description member:ints priv:list" },
	{ "DELETE user/group",
	  "id!" },
	{ "POST user/group/member",
	  "username! group:list!" },
	{ "DELETE user/group/member",
	  "username! group!" },
	{ "POST user/privilege",
	  "username! priv:list" },
	{ "DELETE user/privilege",
	  "username! priv" },
	{ NULL },
};
/* clang-format on */
