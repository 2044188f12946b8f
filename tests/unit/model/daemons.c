/* The checks between fields of leases, watchers and private networks. */
#include "cases.h"

#define UUID(n) "00000000-0000-4000-8000-0000000000" n
#define RESERVATION4 "kea.reservation4"
#define RESERVATION6 "kea.reservation6"
#define SUBNET6 "kea.subnet6"
#define POOL "kea.pd_pool"
#define SERVICE "monit.service"
#define TEST_ "monit.test"
#define VTI "ipsec.vti"
#define KEYS "ipsec.key_pair"
#define OPENVPN "openvpn.instance"

/* Made for this test; they open nothing. */
#define PUBLIC_KEY \
	"-----BEGIN PUBLIC KEY-----\n" \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOfEMpWWmmKE10zBn5fWT0To7iSrG\n" \
	"HTe85oIUEtBjmlqWeT22ALYgUyivFImcrfByAqBeorJ23RFG+o2ARfpXyA==\n" \
	"-----END PUBLIC KEY-----\n"
#define PRIVATE_KEY \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXwVTd90VMuiBlueb\n" \
	"RZMHpvuluqrgd+mA5qgYj6jAVkShRANCAAQ58QylZaaYoTXTMGfl9ZPROjuJKsYd\n" \
	"N7zmghQS0GOaWpZ5PbYAtiBTKK8UiZyt8HICoF6isnbdEUb6jYBF+lfI\n" \
	"-----END PRIVATE KEY-----\n"
#define OTHER_KEY \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJgND1mLUnRQt+zfC\n" \
	"5mF9TQ5xNhsru0CpJqgHq7iUG/yhRANCAAQWtpfxQ3fx+DUTY/riq8aNryrvwyXp\n" \
	"jPtN7/AwonGTasf+PO/6ynmEkCYZejnAJhk9GsmwaFDPYrMP9/OL1e0p\n" \
	"-----END PRIVATE KEY-----\n"

/* clang-format off */
static const struct given given[] = {
	{ "kea.subnet4", UUID("d1"), "subnet_id=1;subnet=192.168.1.0/24" },
	{ "kea.dhcpv6_settings", UUID("d0"), "general.interfaces=lan,opt1" },
	{ SUBNET6, UUID("d2"), "subnet_id=1;subnet=2001:db8:1::/48;interface=lan" },
	{ SUBNET6, UUID("d3"), "subnet_id=2;dynamic_prefix=1;interface=opt1" },
	{ POOL, UUID("d4"), "subnet=" UUID("d2") ";prefix=2001:db8:1:100::;prefix_len=56" },
	{ POOL, UUID("d5"), "subnet=" UUID("d3") },
	{ TEST_, UUID("d6"), "name=ping;condition=failed ping;action=alert" },
	{ SERVICE, UUID("d7"), "name=gw;type=host;address=192.0.2.1;tests=" UUID("d6") },
	{ "trust.cert", UUID("d8"), "refid=0123456789abc;descr=c" },
};

static const struct check_case cases[] = {
	{ RESERVATION4, "", "subnet ip_address hw_address" },
	{ RESERVATION4, "subnet=" UUID("d1") ";ip_address=10.0.0.5;hw_address=00:11:22:33:44:66", "ip_address" },
	{ RESERVATION4, "subnet=" UUID("d1") ";ip_address=192.168.1.5", "hw_address" },
	{ RESERVATION4, "subnet=" UUID("d1") ";ip_address=192.168.1.5;client_id=00:11", "" },

	{ RESERVATION6, "subnet=" UUID("d2") ";duid=00:01:02:03", "ip_address" },
	{ RESERVATION6, "subnet=" UUID("d2") ";duid=00:01:02:03;ip_address=2001:db8:1::5", "" },
	{ RESERVATION6, "subnet=" UUID("d2") ";duid=00:01:02:03;prefix=2001:db8:2::/64", "prefix" },
	{ RESERVATION6, "subnet=" UUID("d2") ";ip_address=2001:db8:1::5", "duid" },
	{ RESERVATION6, "subnet=" UUID("d3") ";duid=00:01:02:03;ip_address=2001:db8:1::5", "subnet" },

	{ SUBNET6, "interface=lan", "subnet" },
	{ SUBNET6, "interface=wan;subnet=2001:db8:9::/64", "interface" },
	{ SUBNET6, "interface=lan;subnet=2001:db8:9::/64;pools=2001:db8:9::1-2001:db8:9::5\n2001:db8:8::/80", "pools" },
	{ SUBNET6, "interface=lan;subnet=2001:db8:9::/64;pools=2001:db8:9::1-2001:db8:9::5", "" },
	{ SUBNET6, "interface=lan;dynamic_prefix=1;subnet=2001:db8:9::/64", "subnet" },
	{ SUBNET6, "interface=opt1;dynamic_prefix=1", "interface" },
	{ SUBNET6, "interface=lan;subnet=2001:db8:9::/64;option_data_autocollect=1;option_data.dns_servers=::1", "option_data.dns_servers" },

	{ POOL, "subnet=" UUID("d2"), "prefix prefix_len" },
	{ POOL, "subnet=" UUID("d2") ";prefix=2001:db8:1:180::;prefix_len=56", "prefix" },
	{ POOL, "subnet=" UUID("d2") ";prefix=2001:db8:1:200::;prefix_len=56;delegated_len=48", "delegated_len" },
	{ POOL, "subnet=" UUID("d2") ";prefix=2001:db8:1:200::;prefix_len=56", "" },
	{ POOL, "subnet=" UUID("d2") ";prefix=2001:db8:1:0::;prefix_len=48", "prefix" },
	{ POOL, "subnet=" UUID("d3") ";prefix=2001:db8:1::;prefix_len=56", "prefix prefix_len subnet" },

	{ "monit.alert", "noton=1", "noton events" },
	{ TEST_, "", "name condition action" },
	{ TEST_, "name=t;condition=failed ping;action=alert", "" },
	{ TEST_, "uuid=" UUID("d6") ";condition=status != 0", "type" },
	{ SERVICE, "name=x;type=process", "pidfile match" },
	{ SERVICE, "name=x;type=process;match=sshd;tests=" UUID("d6"), "tests" },
	{ SERVICE, "name=x;type=network;interface=lan", "" },
	{ SERVICE, "name=x;type=file", "path" },

	{ VTI, "", "reqid tunnel_local tunnel_remote" },
	{ VTI, "reqid=10;local=203.0.113.2;tunnel_local=10.1.1.1;tunnel_remote=2001:db8::1", "local tunnel_local" },
	{ VTI, "reqid=10;local=203.0.113.2;remote=198.51.100.7;tunnel_local=10.1.1.1;tunnel_remote=10.1.1.2", "" },
	{ "ipsec.spd", "source=10.0.0.0/24", "connection_child" },
	{ "ipsec.spd", "source=10.0.0.0/24;reqid=10", "" },

	{ KEYS, "name=k;keyType=ecdsa;publicKey=" PUBLIC_KEY, "" },
	{ KEYS, "name=k;keyType=rsa;publicKey=" PUBLIC_KEY, "publicKey" },
	{ KEYS, "name=k;keyType=ecdsa;publicKey=" PUBLIC_KEY ";privateKey=" PRIVATE_KEY, "" },
	{ KEYS, "name=k;keyType=ecdsa;publicKey=" PUBLIC_KEY ";privateKey=" OTHER_KEY, "privateKey" },
	{ KEYS, "name=k;keyType=ecdsa;publicKey=x;privateKey=y", "publicKey privateKey" },

	{ OPENVPN, "", "server server_ipv6 verify_client_cert" },
	{ OPENVPN, "role=client", "remote cert" },
	{ OPENVPN, "role=client;remote=vpn.example:1194;username=u;cert=0123456789abc", "username cert" },
	{ OPENVPN, "server=10.8.0.0/30;verify_client_cert=none;authmode=Local Database", "server" },
	{ OPENVPN, "server=10.8.0.0/24;verify_client_cert=none", "authmode" },
	{ OPENVPN, "server=10.8.0.0/24;verify_client_cert=none;authmode=Local Database", "" },
	{ OPENVPN, "dev_type=tap;verify_client_cert=none;authmode=Local Database;bridge_gateway=10.0.0.1/24", "bridge_pool" },
	{ OPENVPN, "dev_type=tap;verify_client_cert=none;authmode=Local Database;bridge_gateway=10.0.0.1/24;bridge_pool=10.0.0.5-10.0.1.9", "bridge_pool" },
	{ OPENVPN, "dev_type=tap;verify_client_cert=none;authmode=Local Database;bridge_gateway=10.0.0.1/24;bridge_pool=10.0.0.5-10.0.0.9", "" },
	{ OPENVPN, "server=10.8.0.0/24;verify_client_cert=none;authmode=Local Database;keepalive_interval=10;keepalive_timeout=15", "keepalive_timeout" },
	{ OPENVPN, "server=10.8.0.0/24;verify_client_cert=none;authmode=Local Database;auth-gen-token=0;reneg-sec=0", "auth-gen-token" },
	{ OPENVPN, "server=10.8.0.0/24;verify_client_cert=none;authmode=Local Database;auth-gen-token-renewal=5", "auth-gen-token-renewal" },
	{ OPENVPN, "server=10.8.0.0/24;verify_client_cert=none;authmode=Local Database;dev_type=ovpn;proto=tcp;fragment=5", "proto fragment" },
	{ OPENVPN, "server=10.8.0.0/24;verify_client_cert=none;authmode=Local Database;proto=tcp;various_flags=fast-io", "various_flags" },
	{ OPENVPN, "server=10.8.0.0/24;verify_client_cert=none;authmode=Local Database;port-share=1.2.3.4:443", "port-share" },
};
/* clang-format on */

TEST(records_of_daemons_are_checked_as_a_whole)
{
	RUN_CASES(given, cases);
}

RUN(cmocka_unit_test(records_of_daemons_are_checked_as_a_whole));
