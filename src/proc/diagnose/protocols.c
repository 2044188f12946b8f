/*
 * What protocols have counted: under the names that upstream's netstat has where Linux counts the same, and then under its
 * own.
 */
#include <string.h>

#include "base/bug.h"
#include "proc/diagnose/diagnose.h"
#include "proc/diagnose/parse.h"

/* clang-format off */
static const struct {
	const char *protocol, *name;  /* as shown */
	const char *section, *counter; /* where it is */
} same[] = {
	{ "tcp", "sent-packets", "Tcp", "OutSegs" },
	{ "tcp", "received-packets", "Tcp", "InSegs" },
	{ "tcp", "sent-data-packets", "TcpExt", "TCPOrigDataSent" },
	{ "tcp", "sent-retransmitted-packets", "Tcp", "RetransSegs" },
	{ "tcp", "discard-bad-checksum", "Tcp", "InCsumErrors" },
	{ "tcp", "connection-requests", "Tcp", "ActiveOpens" },
	{ "tcp", "connections-accepts", "Tcp", "PassiveOpens" },
	{ "tcp", "bad-connection-attempts", "Tcp", "AttemptFails" },
	{ "tcp", "connections-established", "Tcp", "CurrEstab" },
	{ "tcp", "dropped-connections", "Tcp", "EstabResets" },
	{ "tcp", "listen-queue-overflows", "TcpExt", "ListenOverflows" },
	{ "tcp", "keepalive-probes", "TcpExt", "TCPKeepAlive" },
	{ "udp", "received-datagrams", "Udp", "InDatagrams" },
	{ "udp", "delivered-packets", "Udp", "InDatagrams" },
	{ "udp", "output-packets", "Udp", "OutDatagrams" },
	{ "udp", "dropped-no-socket", "Udp", "NoPorts" },
	{ "udp", "dropped-bad-checksum", "Udp", "InCsumErrors" },
	{ "udp", "dropped-full-socket-buffer", "Udp", "RcvbufErrors" },
	{ "ip", "received-packets", "Ip", "InReceives" },
	{ "ip", "dropped-bad-header", "Ip", "InHdrErrors" },
	{ "ip", "forwarded-packets", "Ip", "ForwDatagrams" },
	{ "ip", "received-local-packets", "Ip", "InDelivers" },
	{ "ip", "sent-packets", "Ip", "OutRequests" },
	{ "ip", "discard-no-route", "Ip", "OutNoRoutes" },
	{ "ip", "received-fragments", "Ip", "ReasmReqds" },
	{ "ip", "reassembled-packets", "Ip", "ReasmOKs" },
	{ "ip", "dropped-fragments-after-timeout", "Ip", "ReasmTimeout" },
	{ "ip", "fragments-created", "Ip", "FragCreates" },
	{ "ip", "discard-cannot-fragment", "Ip", "FragFails" },
	{ "icmp", "received-packets", "Icmp", "InMsgs" },
	{ "icmp", "sent-packets", "Icmp", "OutMsgs" },
	{ "icmp", "discarded-bad-checksum", "Icmp", "InCsumErrors" },
	{ "ip6", "received-packets", "Ip6", "InReceives" },
	{ "ip6", "received-local-packets", "Ip6", "InDelivers" },
	{ "ip6", "forwarded-packets", "Ip6", "OutForwDatagrams" },
	{ "ip6", "sent-packets", "Ip6", "OutRequests" },
	{ "ip6", "discard-no-route", "Ip6", "OutNoRoutes" },
	{ "icmp6", "received-packets", "Icmp6", "InMsgs" },
	{ "icmp6", "sent-packets", "Icmp6", "OutMsgs" },
};

static const struct {
	const char *section, *protocol;
} sections[] = {
	{ "Tcp", "tcp" }, { "TcpExt", "tcp" }, { "MPTcpExt", "mptcp" }, { "Udp", "udp" }, { "UdpLite", "udplite" }, { "Ip", "ip" },
	{ "IpExt", "ip" }, { "Icmp", "icmp" }, { "IcmpMsg", "icmp" }, { "Ip6", "ip6" }, { "Icmp6", "icmp6" }, { "Udp6", "udp6" },
	{ "UdpLite6", "udplite6" },
};

/* What upstream's machine counts and this one does not. */
static const struct {
	const char *protocol, *names; /* comma separated */
} zeros[] = {
	{ "arp", "sent-requests,sent-failures,sent-replies,received-requests,received-replies,received-packets,dropped-no-entry,"
		 "entries-timeout,dropped-duplicate-address" },
	{ "carp", "received-inet-packets,received-inet6-packets,dropped-wrong-ttl,dropped-short-header,dropped-bad-checksum,"
		  "dropped-bad-version,dropped-short-packet,dropped-bad-authentication,dropped-bad-vhid,dropped-bad-address-list,"
		  "sent-inet-packets,sent-inet6-packets,send-failed-memory-error" },
	{ "pfsync", "received-inet-packets,received-inet6-packets,dropped-bad-interface,dropped-bad-ttl,dropped-short-header,"
		    "dropped-bad-version,sent-inet-packets,sent-inet6-packets,send-errors" },
};
/* clang-format on */

static struct value *
protocol_in(struct arena *arena, struct value *answer, const char *name)
{
	struct value *protocol = value_get(answer, name);

	if (protocol)
		return protocol;
	protocol = value_object(arena);
	value_set(arena, answer, name, protocol);
	return protocol;
}

static void
put_same(struct arena *arena, struct value *answer, const struct counters *counters)
{
	for (size_t i = 0; i < counters->n; i++)
		for (size_t k = 0; k < COUNT(same); k++)
			if (text_is(counters->list[i].section, same[k].section) &&
			    text_is(counters->list[i].name, same[k].counter))
				value_set(arena, protocol_in(arena, answer, same[k].protocol), same[k].name,
					  value_integer(arena, counters->list[i].number));
}

static void
put_own(struct arena *arena, struct value *answer, const struct counters *counters)
{
	for (size_t i = 0; i < counters->n; i++) {
		const char *name = counter_name(arena, counters->list[i].name);

		for (size_t k = 0; k < COUNT(sections); k++) {
			if (!text_is(counters->list[i].section, sections[k].section))
				continue;
			struct value *protocol = protocol_in(arena, answer, sections[k].protocol);

			if (!value_get(protocol, name))
				value_set(arena, protocol, name, value_integer(arena, counters->list[i].number));
		}
	}
}

static void
put_zeros(struct arena *arena, struct value *answer)
{
	for (size_t i = 0; i < COUNT(zeros); i++) {
		struct value *protocol = protocol_in(arena, answer, zeros[i].protocol);
		struct text   rest = text_of(zeros[i].names), name;

		while (text_next(&rest, ",", &name))
			value_set_text(arena, protocol, name, value_integer(arena, 0));
	}
}

enum result
topic_protocols(struct asking *asking, struct value **answer)
{
	static const enum system_file files[] = { SYSTEM_SNMP, SYSTEM_NETSTAT, SYSTEM_SNMP6 };
	struct counters               counters[COUNT(files)];

	*answer = value_object(asking->arena);
	for (size_t i = 0; i < COUNT(files); i++) {
		struct text text = TEXT_NONE;

		/* A kernel without IPv6 has no file for it. */
		if (asked_system(asking, files[i], &text) != RESULT_DONE)
			buffer_cut(asking->message, 0);
		counters[i] = files[i] == SYSTEM_SNMP6 ? parse_counters6(asking->arena, text) : parse_counters(asking->arena, text);
	}
	for (size_t i = 0; i < COUNT(files); i++)
		put_same(asking->arena, *answer, &counters[i]);
	for (size_t i = 0; i < COUNT(files); i++)
		put_own(asking->arena, *answer, &counters[i]);
	put_zeros(asking->arena, *answer);
	return RESULT_DONE;
}
