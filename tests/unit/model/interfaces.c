/* The checks between fields of interfaces, devices, addresses, gateways, routes and users. */
#include "cases.h"

#define UUID(n) "00000000-0000-4000-8000-0000000000" n
#define USER "auth.user"
#define ROOT "00000000-0000-4000-8000-000000000000"
#define VIP "interfaces.vip"
#define VLAN "interfaces.vlan"
#define LAGG "interfaces.lagg"
#define BRIDGE "interfaces.bridge"
#define GIF "interfaces.gif"
#define VXLAN "interfaces.vxlan"
#define INTERFACE "interfaces.interface"
#define GATEWAY "routing.gateway"
#define GROUP "routing.gateway_group"
#define ROUTE "routes.route"

/* clang-format off */
static const struct given given[] = {
	{ VLAN, UUID("b1"), "if=em3;tag=7;vlanif=vlan01" },
	{ LAGG, UUID("b2"), "laggif=lagg0;members=em4" },
	{ BRIDGE, UUID("b3"), "bridgeif=bridge0;members=lan" },
	{ VIP, UUID("b4"), "interface=lan;mode=ipalias;network=192.168.1.20/24" },
	{ VIP, UUID("b5"), "interface=lan;mode=carp;vhid=1;password=p;network=192.168.1.40/24" },
	{ GATEWAY, UUID("b6"), "name=GW4;interface=wan;ipprotocol=inet;gateway=203.0.113.1;monitor=192.0.2.1" },
	{ GATEWAY, UUID("b7"), "name=GW6;interface=wan;ipprotocol=inet6;gateway=2001:db8:ffff::1" },
	{ GROUP, UUID("b8"), "name=GRP;item=GW4" },
	{ GIF, UUID("b9"), "local-addr=wan;gifif=gif0" },
	{ "dhcrelay.destination", UUID("ba"), "name=d4;server=10.0.0.5" },
	{ "dhcrelay.destination", UUID("bb"), "name=d6;server=2001:db8::5" },
	{ "dhcrelay.relay", UUID("bc"), "interface=lan;destination=" UUID("ba") },
};

static const struct check_case cases[] = {
	{ USER, "", "name password" },
	{ USER, "name=joe;password=x", "" },
	{ USER, "name=joe;scrambled_password=1", "" },
	{ USER, "uuid=" ROOT ";password=x", "" },
	{ USER, "uuid=" ROOT ";password=x;name=other", "name" },

	{ VLAN, "", "if tag vlanif" },
	{ VLAN, "if=em1;tag=5000", "tag" },
	{ VLAN, "if=nosuch;tag=5", "if" },
	{ VLAN, "if=em1;tag=5;vlanif=foo0", "vlanif" },
	{ VLAN, "if=em1;tag=5;vlanif=em1_vlan5", "" },
	{ VLAN, "if=em1;tag=5", "" },
	{ VLAN, "if=em3;tag=7", "tag" },
	{ VLAN, "if=vlan01;tag=8", "" },
	{ VLAN, "if=vlan01;tag=8;vlanif=vlan02", "vlanif" },
	{ VLAN, "uuid=" UUID("b1") ";if=vlan01", "vlanif if" },

	{ LAGG, "", "members" },
	{ LAGG, "members=em3;proto=x", "proto" },
	{ LAGG, "members=em1", "members" },
	{ LAGG, "members=em4", "members" },
	{ LAGG, "members=em3;primary_member=em4", "primary_member" },
	{ LAGG, "members=em3;primary_member=em3", "" },

	{ BRIDGE, "", "members" },
	{ BRIDGE, "members=lan;span=lan", "span" },
	{ BRIDGE, "members=lan;edge=opt1;stp=lan", "edge" },
	{ BRIDGE, "members=lan,opt1;span=wan", "" },

	{ GIF, "", "local-addr" },
	{ GIF, "local-addr=wan;remote-addr=198.51.100.1;tunnel-local-addr=10.9.0.1;tunnel-remote-addr=2001:db8::1", "tunnel-remote-addr" },
	{ GIF, "local-addr=203.0.113.2;remote-addr=2001:db8::1", "remote-addr" },
	{ GIF, "local-addr=nosuch", "local-addr" },
	{ GIF, "uuid=" UUID("b9") ";descr=x", "" },
	{ "interfaces.gre", "local-addr=lan;remote-addr=10.0.0.1", "" },

	{ VXLAN, "", "vxlanid vxlanlocal vxlanremote vxlangroup" },
	{ VXLAN, "vxlanid=5;vxlanlocal=203.0.113.2;vxlangroup=239.0.0.1", "vxlandev" },
	{ VXLAN, "vxlanid=5;vxlanlocal=203.0.113.2;vxlanremote=198.51.100.1;vxlandev=lan", "vxlandev" },
	{ VXLAN, "vxlanid=5;vxlanlocal=203.0.113.2;vxlanremote=198.51.100.1", "" },

	{ VIP, "", "interface subnet" },
	{ VIP, "interface=lan;mode=carp;network=192.168.1.30/24", "password vhid" },
	{ VIP, "interface=lan;network=192.168.1.0/24", "subnet" },
	{ VIP, "interface=lan;network=192.168.1.255/24", "subnet" },
	{ VIP, "interface=lan;network=192.168.1.254/31", "" },
	{ VIP, "interface=lan;network=x", "subnet" },
	{ VIP, "interface=lan;mode=proxyarp;network=192.168.1.5/24", "subnet" },
	{ VIP, "interface=lan;mode=proxyarp;network=192.168.7.0/24", "" },
	{ VIP, "interface=lan;network=192.168.1.20/24", "subnet" },
	{ VIP, "interface=lan;mode=carp;vhid=1;password=p;network=192.168.1.41/24", "vhid" },
	{ VIP, "interface=wan;mode=carp;vhid=1;password=p;network=203.0.113.9/24;peer6=::1", "peer6" },
	{ VIP, "interface=lo0;mode=carp;vhid=2;password=p;network=203.0.113.9/24", "mode" },
	{ VIP, "interface=lan;vhid=1;network=192.168.1.42/24", "" },
	{ VIP, "interface=wan;vhid=1;network=203.0.113.9/24", "vhid" },
	{ VIP, "uuid=" UUID("b4") ";descr=x", "" },

	{ INTERFACE, "if=em3;descr=NEW;type4=staticv4", "ipaddr" },
	{ INTERFACE, "if=em3;type4=staticv4;ipaddr=10.5.0.1/24;type6=staticv6", "ipaddrv6" },
	{ INTERFACE, "if=em0", "if" },
	{ INTERFACE, "if=em3;type4=pppoe;type6=pppoev6", "type4 type6" },
	{ INTERFACE, "if=em3;type6=track6", "track6-interface" },
	{ INTERFACE, "if=em3;type6=dhcp6;dhcp6-ia-pd-len=60;dhcp6-prefix-id=0xf", "" },
	{ INTERFACE, "if=em3;type6=dhcp6;dhcp6-ia-pd-len=60;dhcp6-prefix-id=0x10", "dhcp6-prefix-id" },
	{ INTERFACE, "if=em3;gateway=GW4", "gateway" },
	{ INTERFACE, "uuid=wan;gateway=GW4;gatewayv6=GW6", "" },
	{ INTERFACE, "uuid=lan;if=bridge0", "if" },

	{ GATEWAY, "", "name gateway" },
	{ GATEWAY, "name=A;gateway=2001:db8::1", "gateway" },
	{ GATEWAY, "name=A;gateway=dynamic", "gateway" },
	{ GATEWAY, "name=A;interface=opt1;ipprotocol=inet6;gateway=dynamic", "" },
	{ GATEWAY, "name=A;gateway=203.0.113.9;latencylow=900", "latencyhigh" },
	{ GATEWAY, "name=A;gateway=203.0.113.9;losshigh=5", "losshigh" },
	{ GATEWAY, "name=A;gateway=203.0.113.9;interval=40", "time_period" },
	{ GATEWAY, "name=A;gateway=203.0.113.9;monitor=192.0.2.1", "monitor" },
	{ GATEWAY, "name=A;gateway=203.0.113.9;monitor=::1", "monitor" },
	{ GATEWAY, "name=GW4;gateway=203.0.113.9", "name" },
	{ GATEWAY, "uuid=" UUID("b6") ";name=B", "name" },
	{ GATEWAY, "uuid=" UUID("b6") ";descr=x", "" },

	{ GROUP, "", "name item item2 item3 item4 item5" },
	{ GROUP, "name=GW4;item2=GW4", "name" },
	{ GROUP, "name=G;item=GW4,GW6", "" },
	{ GROUP, "uuid=" UUID("b8") ";name=B", "name" },

	{ ROUTE, "", "network gateway" },
	{ ROUTE, "network=10.20.0.1;gateway=WAN_GW", "network" },
	{ ROUTE, "network=2001:db8::/32;gateway=WAN_GW", "gateway" },
	{ ROUTE, "network=2001:db8::/32;gateway=GW4", "gateway" },
	{ ROUTE, "network=2001:db8::/32;gateway=Null6", "" },
	{ ROUTE, "network=2001:db8::/32;gateway=Null4", "gateway" },
	{ ROUTE, "network=10.0.0.0/8;gateway=GW6", "" },

	{ "dhcrelay.destination", "name=x;server=10.0.0.5,2001:db8::1", "server" },
	{ "dhcrelay.relay", "enabled=1;agent_info=0;interface=lan;destination=" UUID("ba"), "destination" },
	{ "dhcrelay.relay", "enabled=1;agent_info=0;interface=lan;destination=" UUID("bb"), "" },
};
/* clang-format on */

TEST(links_and_routes_are_checked_as_a_whole)
{
	RUN_CASES(given, cases);
}

RUN(cmocka_unit_test(links_and_routes_are_checked_as_a_whole));
