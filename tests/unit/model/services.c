/* The checks between fields of the services: names, leases, logs, shaping, advertisements, trust. */
#include "cases.h"

#define UUID(n) "00000000-0000-4000-8000-0000000000" n
#define HOST "dnsmasq.host"
#define RANGE "dnsmasq.range"
#define OPTION "dnsmasq.option"
#define SYSLOG "syslog.destination"
#define PIPE "trafficshaper.pipe"
#define RADVD "radvd.entry"
#define OVERRIDE "unbound.host_override"
#define DNSBL "unbound.dnsbl"

/* clang-format off */
static const struct given given[] = {
	{ HOST, UUID("c1"), "host=pc;domain=example.net;ip=192.168.1.30;hwaddr=00:11:22:33:44:77;cnames=www.example.net" },
	{ RANGE, UUID("c2"), "interface=lan;start_addr=192.168.1.100;end_addr=192.168.1.199;domain=a.example" },
	{ "dnsmasq.tag", UUID("c3"), "tag=phones" },
	{ PIPE, UUID("c4"), "bandwidth=1;description=p" },
};

static const struct check_case cases[] = {
	{ HOST, "", "host ip" },
	{ HOST, "host=pc", "host ip" },
	{ HOST, "hwaddr=00:11:22:33:44:78", "host ip" },
	{ HOST, "host=*;hwaddr=00:11:22:33:44:78", "host" },
	{ HOST, "host=a;hwaddr=00:11:22:33:44:78;ip=192.168.1.1,192.168.1.2", "ip" },
	{ HOST, "host=a;hwaddr=00:11:22:33:44:78;ip=192.168.1.30", "ip" },
	{ HOST, "host=a;ip=192.168.1.30", "" },
	{ HOST, "host=a;ip=192.168.1.5;cnames=www.example.net", "cnames" },
	{ HOST, "host=a;ip=192.168.1.5;cnames=pc.example.net", "cnames" },
	{ HOST, "uuid=" UUID("c1") ";descr=x", "" },
	{ "dnsmasq.domain", "domain=*;ip=10.0.0.53", "" },
	{ RANGE, "", "start_addr end_addr" },
	{ RANGE, "interface=lan;start_addr=192.168.1.100", "end_addr" },
	{ RANGE, "start_addr=192.168.1.100;end_addr=2001:db8::5", "end_addr" },
	{ RANGE, "start_addr=192.168.1.100;end_addr=192.168.1.110;constructor=lan", "constructor start_addr end_addr" },
	{ RANGE, "start_addr=::1;end_addr=::ff;ra_mode=slaac", "interface" },
	{ RANGE, "start_addr=::1;end_addr=::ff;ra_mode=slaac,ra-names;interface=lan;constructor=lan", "" },
	{ RANGE, "start_addr=::1;ra_mode=slaac,ra-only;interface=lan", "ra_mode" },
	{ RANGE, "start_addr=::1;prefix_len=48;ra_mode=slaac;interface=lan", "prefix_len" },
	{ RANGE, "start_addr=10.0.0.1;mode=static", "" },
	{ RANGE, "start_addr=10.0.0.1;end_addr=10.0.0.2;mode=static;subnet_mask=255.0.0.0", "end_addr subnet_mask" },
	{ RANGE, "start_addr=10.0.0.1;end_addr=10.0.0.2;domain=a.example;domain_type=interface;interface=lan", "domain" },
	{ OPTION, "", "option" },
	{ OPTION, "option=6;option6=23;value=x", "option value" },
	{ OPTION, "type=match;option=6;value=1", "set_tag value" },
	{ OPTION, "option=6;value=192.168.1.1,192.168.1.2", "" },
	{ OPTION, "option6=23;value=2001:db8::1", "value" },
	{ OPTION, "option6=23;value=[2001:db8::1]", "" },
	{ "dnsmasq.settings", "enable=1;port=0", "" },

	{ SYSLOG, "", "transport hostname" },
	{ SYSLOG, "hostname=2001:db8::1;transport=udp4", "hostname transport" },
	{ SYSLOG, "hostname=2001:db8::1;transport=udp6", "" },
	{ SYSLOG, "hostname=log.example;transport=tls4", "certificate transport" },

	{ PIPE, "", "bandwidth description" },
	{ PIPE, "bandwidth=9;bandwidthMetric=Gbit;description=p", "bandwidth bandwidthMetric" },
	{ PIPE, "bandwidth=4;bandwidthMetric=Gbit;description=p", "" },
	{ PIPE, "bandwidth=0;description=p", "bandwidth" },
	{ PIPE, "bandwidth=1;description=p;codel_enable=1;pie_enable=1", "codel_enable" },
	{ "trafficshaper.queue", "pipe=" UUID("c4") ";weight=101;description=q", "weight" },

	{ RADVD, "", "interface" },
	{ RADVD, "interface=lan;MaxRtrAdvInterval=100;MinRtrAdvInterval=90", "MinRtrAdvInterval" },
	{ RADVD, "interface=lan;Base6Interface=lan;nat64prefix=64:ff9b::/97", "Base6Interface nat64prefix" },
	{ RADVD, "interface=lan;AdvDefaultLifetime=9001", "AdvDefaultLifetime" },
	{ RADVD, "interface=lan;AdvDefaultLifetime=9000;nat64prefix=64:ff9b::/96", "" },

	{ OVERRIDE, "", "domain server" },
	{ OVERRIDE, "hostname=srv.;domain=example.net;server=1.2.3.4", "hostname" },
	{ OVERRIDE, "hostname=srv;domain=example.net;rr=MX", "mxprio mx" },
	{ OVERRIDE, "hostname=srv;domain=example.net;server=192.168.1.5", "" },
	{ DNSBL, "description=b;source_nets=10.0.0.0/8,192.168.0.0/16", "source_nets" },
	{ DNSBL, "description=b;source_nets=10.0.0.0/8,11.0.0.0/8", "" },
	{ "unbound.settings", "general.enabled=1", "" },

	{ "trust.general", "enable_config_constraints=1", "enable_config_constraints" },
	{ "trust.general", "enable_config_constraints=1;MinProtocol=TLSv1.2", "" },
	{ "core.firmware", "type=nosuch;subscription=x", "type subscription" },
	{ "core.firmware", "type=business;subscription=12345678-abcd-abcd-abcd-123456789012", "" },
};
/* clang-format on */

TEST(records_of_services_are_checked_as_a_whole)
{
	RUN_CASES(given, cases);
}

RUN(cmocka_unit_test(records_of_services_are_checked_as_a_whole));
