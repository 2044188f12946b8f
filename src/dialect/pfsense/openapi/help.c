/* What members are that many operations share. */
#include "dialect/pfsense/openapi/members.h"

#include "base/bug.h"

/* clang-format off */
static const struct {
	const char *name, *help;
} helps[] = {
	{ "ackqueue",          "Queue of the traffic shaper for acknowledgements." },
	{ "address",           "Addresses, networks or ports; an alias may stand for some of them." },
	{ "aliases",           "Further names of the same host." },
	{ "apply",             "Make the change true at once. Otherwise it waits until it is applied." },
	{ "async",             "Answer before the work is done, with return code 14." },
	{ "caref",             "refid of the certificate authority." },
	{ "certref",           "refid of the certificate." },
	{ "crlref",            "refid of the revocation list." },
	{ "custom_options",    "Lines for the daemon's own configuration." },
	{ "debug",             "Check everything, but do not do it." },
	{ "defaultqueue",      "Queue of the traffic shaper for what matches." },
	{ "descr",             "A text for people." },
	{ "description",       "A text for people." },
	{ "detail",            "A text for each address, in the same order." },
	{ "direction",         "Of the packets a floating rule looks at." },
	{ "disable",           "Keep it without effect." },
	{ "disabled",          "Keep it without effect." },
	{ "dnpipe",            "Limiter or its queue for what comes in." },
	{ "dns_servers",       "Addresses of resolvers, divided by commas." },
	{ "domain",            "Name of a DNS domain." },
	{ "dst",               "Where packets go: an address, a network, an alias, an interface, interface and \"ip\", or "
	                       "any; \"!\" in front negates." },
	{ "dstport",           "A port, two with \"-\" between them, an alias, or any." },
	{ "enable",            "Switch it on." },
	{ "enabled",           "Switch it on." },
	{ "floating",          "A rule for several interfaces and either direction." },
	{ "gateway",           "Name of a gateway." },
	{ "icmptype",          "Types of ICMP, when that is the protocol." },
	{ "id",                "Which one: its index in the list, or its name where it has one." },
	{ "if",                "Name of a network device." },
	{ "ikeid",             "Which phase 1: its number." },
	{ "interface",         "An interface: its id (wan), its device (em0) or its description." },
	{ "ipprotocol",        "inet, inet6 or inet46." },
	{ "lifetime",          "How long it is valid." },
	{ "local_network",     "IPv4 networks on this side, divided by commas." },
	{ "local_networkv6",   "IPv6 networks on this side, divided by commas." },
	{ "log",               "Log the packets that match." },
	{ "mac",               "An Ethernet address." },
	{ "members",           "Names of what belongs to it." },
	{ "name",              "Its name." },
	{ "natreflection",     "Whether inner hosts reach the outer address too." },
	{ "nosync",            "Do not copy it to other boxes." },
	{ "password",          "Never shown again." },
	{ "pdnpipe",           "Limiter or its queue for what goes out." },
	{ "priv",              "Names of privileges." },
	{ "protocol",          "Of the packets: tcp, udp, tcp/udp, icmp, ... or any." },
	{ "quick",             "Later rules are not looked at." },
	{ "refid",             "The name by which certificates, authorities and lists refer to each other." },
	{ "remote_network",    "IPv4 networks on the other side, divided by commas." },
	{ "remote_networkv6",  "IPv6 networks on the other side, divided by commas." },
	{ "shell_cmd",         "A line for /bin/sh, run as root. Refused with return 1 unless the administrator's file of options says "
	                       "allow-commands; ended, also with return 1 and what it said so far, when it takes longer than is said "
	                       "there or says more than 1 MiB." },
	{ "sched",             "Name of a schedule, or how a limiter schedules." },
	{ "src",               "Where packets come from: an address, a network, an alias, an interface, interface and "
	                       "\"ip\", or any; \"!\" in front negates." },
	{ "srcport",           "A port, two with \"-\" between them, an alias, or any." },
	{ "statetype",         "How connections are tracked." },
	{ "target",            "The address that takes the place of the other." },
	{ "tcpflags1",         "TCP flags that must be set." },
	{ "tcpflags2",         "TCP flags that are looked at." },
	{ "tcpflags_any",      "TCP flags do not matter." },
	{ "top",               "Put it first in its list." },
	{ "tracker",           "The number that rules are known by." },
	{ "tunnel_network",    "IPv4 network of the tunnel itself." },
	{ "tunnel_networkv6",  "IPv6 network of the tunnel itself." },
	{ "username",          "Name of the user." },
	{ "verbosity_level",   "How much is logged." },
	{ "vpnid",             "Which instance of OpenVPN: its number." },
};
/* clang-format on */

const char *
member_help(struct text name)
{
	for (size_t i = 0; i < COUNT(helps); i++)
		if (text_is(name, helps[i].name))
			return helps[i].help;
	return NULL;
}
