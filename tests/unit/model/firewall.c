/* The checks between fields of packet filter and translation rules, and of aliases. */
#include "cases.h"

#define PIPE  "00000000-0000-4000-8000-0000000000a1"
#define QUEUE "00000000-0000-4000-8000-0000000000a2"
#define RULE "firewall.rule"
#define SNAT "firewall.source_nat"
#define DNAT "firewall.destination_nat"
#define NPT  "firewall.npt"
#define BINAT "firewall.one_to_one"
#define ALIAS "firewall.alias"

/* clang-format off */
static const struct given given[] = {
	{ "trafficshaper.pipe", PIPE, "description=p" },
	{ "trafficshaper.queue", QUEUE, "description=q" },
	{ "interfaces.interface", "opt2", "identifier=opt2;if=em3;descr=DYN;type6=dhcp6" },
	{ "interfaces.interface", "opt3", "identifier=opt3;if=em4;descr=FOLLOW;type6=track6;track6-interface=opt2" },
	{ ALIAS, "00000000-0000-4000-8000-0000000000a3", "name=web;type=host;content=10.0.0.1" },
	{ ALIAS, "00000000-0000-4000-8000-0000000000a4", "name=ports;type=port;content=80" },
};

static const struct check_case rules[] = {
	{ RULE, "", "" },
	{ RULE, "protocol=ICMP;destination_port=80", "destination_port" },
	{ RULE, "protocol=TCP;destination_port=ports;source_net=web", "" },
	{ RULE, "protocol=TCP;destination_port=web;source_net=ports", "source_net destination_port" },
	{ RULE, "source_net=2001:db8::1", "source_net" },
	{ RULE, "ipprotocol=inet6;destination_net=10.0.0.1", "destination_net" },
	{ RULE, "ipprotocol=inet46;destination_net=10.0.0.1", "destination_net" },
	{ RULE, "source_net=any,lan", "source_net" },
	{ RULE, "source_net=10.0.0.1,10.0.0.2;source_not=1", "source_net source_not" },
	{ RULE, "destination_net=lan,wan;destination_not=1", "destination_net" },
	{ RULE, "interface=lan,wan;interfacenot=1", "interfacenot" },
	{ RULE, "interface=lan;interfacenot=1", "" },
	{ RULE, "protocol=UDP;tcpflags1=syn", "tcpflags1 tcpflags2" },
	{ RULE, "protocol=TCP;tcpflags1=syn", "tcpflags2" },
	{ RULE, "protocol=TCP;tcpflags1=syn;tcpflags2=syn,ack;tcpflags_any=1", "tcpflags_any" },
	{ RULE, "protocol=UDP;tcpflags_any=1", "tcpflags_any" },
	{ RULE, "statetype=none;max=5", "max" },
	{ RULE, "statetype=none;max-src-nodes=5;max-src-states=1", "max-src-states max-src-nodes" },
	{ RULE, "adaptivestart=10", "adaptivestart" },
	{ RULE, "adaptivestart=0;adaptiveend=0", "max" },
	{ RULE, "max=5;adaptivestart=0;adaptiveend=0", "" },
	{ RULE, "adaptivestart=10;adaptiveend=5", "adaptiveend" },
	{ RULE, "max=50;adaptivestart=10;adaptiveend=20", "adaptiveend" },
	{ RULE, "max=50;adaptivestart=10;adaptiveend=60", "" },
	{ RULE, "protocol=TCP;max-src-conn-rate=10", "max-src-conn-rates" },
	{ RULE, "protocol=TCP;max-src-conn-rates=10", "max-src-conn-rate" },
	{ RULE, "protocol=UDP;max-src-conn=10", "max-src-conn" },
	{ RULE, "protocol=UDP;overload=virusprot", "overload" },
	{ RULE, "max-pkt-rate-number=5", "max-pkt-rate-seconds" },
	{ RULE, "set-prio-low=1", "set-prio-low" },
	{ RULE, "set-prio=0;set-prio-low=1", "" },
	{ RULE, "icmptype=echoreq", "icmptype" },
	{ RULE, "protocol=ICMP;icmptype=echoreq", "" },
	{ RULE, "protocol=ICMP;icmp6type=1", "icmp6type" },
	{ RULE, "gateway=WAN_GW;replyto=WAN_GW", "replyto" },
	{ RULE, "shaper2=" PIPE, "shaper2" },
	{ RULE, "shaper1=" PIPE ";shaper2=" QUEUE, "shaper2" },
	{ RULE, "shaper1=" PIPE ";shaper2=" PIPE, "" },

	{ SNAT, "", "" },
	{ SNAT, "target=any", "target" },
	{ SNAT, "target=2001:db8::1", "target" },
	{ SNAT, "target_port=80", "target_port" },
	{ SNAT, "protocol=TCP;endpoint-independent=1", "endpoint-independent" },
	{ SNAT, "protocol=UDP;endpoint-independent=1;target_port=80;source_port=1-2", "" },

	{ DNAT, "", "" },
	{ DNAT, "protocol=icmp;destination.port=80;target=192.168.1.1", "destination.port" },
	{ DNAT, "nordr=1;target=192.168.1.1;local-port=80;protocol=tcp", "target local-port" },
	{ DNAT, "ipprotocol=inet6;target=192.168.1.1", "target" },
	{ DNAT, "ipprotocol=inet46;target=192.168.1.1", "" },

	{ NPT, "", "source_net destination_net" },
	{ NPT, "interface=wan;source_net=fd00:1::/64;destination_net=2001:db8:9::/48", "destination_net" },
	{ NPT, "interface=wan;source_net=fd00:1::1;destination_net=2001:db8:9::1", "" },
	{ NPT, "interface=wan;source_net=fd00:1::/64;trackif=lan", "trackif" },
	{ NPT, "interface=opt2;source_net=fd00:1::/64;trackif=opt2", "trackif" },
	{ NPT, "interface=opt2;source_net=fd00:1::/64;trackif=opt3", "" },
	{ NPT, "interface=opt2;source_net=fd00:1::/64;trackif=lan", "trackif" },
	{ NPT, "interface=opt2;source_net=fd00:1::/64;trackif=opt3;destination_net=2001:db8:9::/64", "trackif" },

	{ BINAT, "", "source_net external" },
	{ BINAT, "external=203.0.113.0/24;source_net=192.168.1.50", "external" },
	{ BINAT, "external=203.0.113.5;source_net=2001:db8::1;destination_net=any", "source_net external" },
	{ BINAT, "external=203.0.113.50;source_net=192.168.1.50;destination_net=any", "" },
	{ BINAT, "external=203.0.113.50;source_net=lan", "source_net" },
	{ BINAT, "external=203.0.113.50;source_net=lan;enabled=0", "" },

	{ ALIAS, "name=a", "type" },
	{ ALIAS, "name=a;type=host;authtype=Basic", "authtype" },
	{ ALIAS, "name=a;type=host;authtype=Basic;username=u;password=p", "" },
	{ ALIAS, "name=a;type=host;authtype=Bearer;password=a b", "authtype" },
	{ ALIAS, "name=a;type=host;authtype=Header;username=X-Key;password=a.b", "" },
	{ ALIAS, "name=a;type=dynipv6host;content=::1000", "interface" },
	{ ALIAS, "name=a;type=dynipv6host;content=::1000;interface=lan", "" },
	{ ALIAS, "name=web;type=host", "name" },
	{ ALIAS, "name=a;type=port;content=80\nnoport\n99999\nports\n8000:8080", "content" },
	{ ALIAS, "name=a;type=host;content=10.0.0.1-10.0.0.9\n!10.0.0.5\nhost.example.com\nweb\n__lan_network", "" },
	{ ALIAS, "name=a;type=host;content=10.0.0.0/24", "content" },
	{ ALIAS, "name=a;type=network;content=10.0.0.0/8\n10.0.0.0/0.0.255.0\n!10.1.0.0/16", "" },
	{ ALIAS, "name=a;type=geoip;content=NL\nEU", "" },
	{ ALIAS, "name=a;type=geoip;content=XX", "content" },
	{ ALIAS, "name=a;type=networkgroup;content=web\nbogons", "" },
	{ ALIAS, "name=a;type=networkgroup;content=ports", "content" },
	{ ALIAS, "name=a;type=mac;content=00:11:22", "" },
	{ ALIAS, "name=a;type=mac;content=zz", "content" },
	{ ALIAS, "name=a;type=asn;content=4294967296\n1", "" },
	{ ALIAS, "name=a;type=asn;content=0", "content" },
	{ ALIAS, "name=a;type=authgroup;content=1999", "" },
	{ ALIAS, "name=a;type=authgroup;content=2000", "content" },
	{ ALIAS, "name=pass;type=host", "name" },
	{ ALIAS, "name=http;type=host", "name" },
	{ ALIAS, "name=_a;type=host", "" },
};
/* clang-format on */

TEST(firewall_records_are_checked_as_a_whole)
{
	RUN_CASES(given, rules);
}

RUN(cmocka_unit_test(firewall_records_are_checked_as_a_whole));
