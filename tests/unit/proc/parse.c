/* Files of the kernel as they are, as they could be, and cut anywhere. */
#include "proc/diagnose/parse.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "test.h"

static const char snmp[] = "Ip: Forwarding InReceives\nIp: 1 77\nTcp: MaxConn InSegs\nTcp: -1 9\nOdd: One\nOther: 5\n";
static const char snmp6[] = "Ip6InReceives                   \t12\nUdpLite6OutDatagrams\t3\nnonsense\n";
static const char tcp[] =
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	"   0: 0100007F:4A37 00000000:0000 0A 00000000:00000000 00:00000000 00000000     7        0 114245 1 00000 100 0 0 10 0\n"
	"   1: 0A01010A:0016 0A0200C0:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 99 1 0\n"
	"   2: zz01010A:0016 0A0200C0:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 99 1 0\n";
static const char udp6[] =
	"  41: B80D0120000000000000000001000000:0035 00000000000000000000000000000000:0000 07 0:0 00:0 0 0 0 55 2 0 0\n";
static const char cpuinfo[] =
	"processor\t: 0\nmodel name\t: Some CPU\nphysical id\t: 0\ncpu cores\t: 2\n\nprocessor\t: 1\nmodel name\t: Some CPU\n"
	"physical id\t: 0\ncpu cores\t: 2\n\nprocessor\t: 2\nphysical id\t: 0\ncpu cores\t: 2\n\nprocessor\t: 3\n";
static const char process[] =
	"33 77 (we (ird) x) S 1 77 77 0 -1 4194304 100 0 0 0 120 30 0 0 20 -5 3 0 340700 2998272 372 18446744073709551615 1 1 0 0 0 "
	"0 0 0 0 0 0 0 17 1 0 0\t/usr/sbin/weird -x ";

TEST(counters_are_found_by_section_and_name)
{
	scoped_arena          arena = arena_new();
	const struct counters all = parse_counters(arena, text_of(snmp)), six = parse_counters6(arena, text_of(snmp6));

	CHECK_NUMBER(all.n, 4);
	CHECK_NUMBER(counters_get(&all, "Ip", "InReceives"), 77);
	CHECK_NUMBER(counters_get(&all, "Tcp", "MaxConn"), -1);
	CHECK_NUMBER(counters_get(&all, "Tcp", "Nothing"), 0);
	CHECK_NUMBER(counters_get(&six, "Ip6", "InReceives"), 12);
	CHECK_NUMBER(counters_get(&six, "UdpLite6", "OutDatagrams"), 3);
	CHECK_STRING(counter_name(arena, TEXT("InReceives")), "in-receives");
	CHECK_STRING(counter_name(arena, TEXT("TCPLossProbes")), "tcp-loss-probes");
	CHECK_STRING(counter_name(arena, TEXT("TW")), "tw");
	CHECK_STRING(counter_name(arena, TEXT("ReasmOKs")), "reasm-oks");
	CHECK_STRING(counter_name(arena, TEXT("")), "");
	CHECK_NUMBER(parse_named(TEXT("MemTotal:       24683656 kB\nMemFree:  5 kB\n"), "MemFree"), 5);
	CHECK_NUMBER(parse_named(TEXT("found 12\ninsert 13"), "insert"), 13);
	CHECK_NUMBER(parse_named(TEXT(""), "insert"), 0);
}

TEST(sockets_are_read_in_both_families)
{
	scoped_arena      arena = arena_new();
	struct socket_row rows[4];
	struct unix_row   local;
	struct owner_row  owner;

	CHECK_NUMBER(parse_sockets(text_of(tcp), rows, 4), 2);
	CHECK_STRING(address_print(arena, &rows[0].local), "127.0.0.1");
	CHECK(rows[0].local_port == 19000 - 1 && rows[0].state == 10 && rows[0].uid == 7 && rows[0].inode == 114245);
	CHECK_STRING(address_print(arena, &rows[1].remote), "192.0.2.10");
	CHECK(rows[1].remote_port == 40000 && rows[1].state == 1 && rows[1].uid == 1000);
	CHECK_NUMBER(parse_sockets(text_of(tcp), rows, 1), 1);
	CHECK_NUMBER(parse_sockets(text_of(udp6), rows, 4), 1);
	CHECK_STRING(address_print(arena, &rows[0].local), "2001:db8::1");
	CHECK(parse_unix(TEXT("00000000a82831b2: 00000003 00000000 00010000 0001 01  1134 /run/a b"), &local));
	CHECK(local.inode == 1134 && local.type == 1 && local.references == 3 && text_is(local.path, "/run/a b"));
	CHECK(!parse_unix(TEXT("Num       RefCount Protocol Flags    Type St Inode Path"), &local));
	CHECK(parse_owner(TEXT("1134 33 77 some program"), &owner));
	CHECK(owner.inode == 1134 && owner.pid == 77 && text_is(owner.command, "some program"));
	CHECK(!parse_owner(TEXT("x y z"), &owner));
}

TEST(time_of_processors_is_shared_out)
{
	struct cpu_times  before, now;
	struct processors processors = parse_processors(text_of(cpuinfo));

	CHECK(parse_cpu(TEXT("cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 2 3\n"), &before));
	CHECK(parse_cpu(TEXT("cpu  150 10 60 810 60 5 5 0 0 0\n"), &now));
	const struct cpu_share share = cpu_share(&before, &now), none = cpu_share(&now, &now), back = cpu_share(&now, &before);

	CHECK(share.user == 50 && share.nice == 10 && share.sys == 10 && share.idle == 20 && share.interrupts == 10);
	CHECK_NUMBER(share.total, 80);
	CHECK(none.idle == 100 && none.total == 0 && back.idle == 100);
	CHECK(!parse_cpu(TEXT("intr 5\n"), &now));
	CHECK(!parse_cpu(TEXT(""), &now));
	CHECK(text_is(processors.model, "Some CPU") && processors.threads == 4 && processors.cores == 2);
	CHECK_NUMBER(parse_processors(TEXT("")).threads, 0);
}

TEST(processes_may_be_called_anything)
{
	struct process_row row;

	CHECK(parse_process(text_of(process), &row));
	CHECK(text_is(row.name, "we (ird) x") && text_is(row.command, "/usr/sbin/weird -x"));
	CHECK(row.uid == 33 && row.pid == 77 && row.state == 'S' && row.ticks == 150 && row.priority == 20 && row.nice == -5);
	CHECK(row.threads == 3 && row.size == 2998272 && row.resident == 372 && row.cpu == 1 && row.started == 340700);
	CHECK(!parse_process(TEXT("33 77 no name S 1\t"), &row));
}

TEST(slabs_are_rows)
{
	struct slab_row row;

	CHECK(parse_slab(TEXT("skbuff_head_cache    432    544    256   16    1 : tunables"), &row));
	CHECK(text_is(row.name, "skbuff_head_cache") && row.active == 432 && row.total == 544 && row.size == 256);
	CHECK(!parse_slab(TEXT("slabinfo - version: 2.1"), &row));
	CHECK(!parse_slab(TEXT("# name  <active_objs>"), &row));
}

/* The sanitizers watch. */
TEST(files_may_end_anywhere)
{
	static const char *const files[] = { snmp, snmp6, tcp, udp6, cpuinfo, process };
	scoped_arena             arena = arena_new();

	for (size_t i = 0; i < COUNT(files); i++)
		for (size_t n = 0; n <= strlen(files[i]); n++) {
			scoped_free char  *copy = malloc(n + 1);
			const struct text  text = { copy, n };
			struct socket_row  sockets[4];
			struct process_row row;
			struct unix_row    local;
			struct owner_row   owner;
			struct slab_row    slab;
			struct cpu_times   times;

			memcpy(copy, files[i], n);
			parse_counters(arena, text);
			parse_counters6(arena, text);
			parse_sockets(text, sockets, COUNT(sockets));
			parse_process(text, &row);
			parse_unix(text, &local);
			parse_owner(text, &owner);
			parse_slab(text, &slab);
			parse_cpu(text, &times);
			parse_processors(text);
		}
}

RUN(
	cmocka_unit_test(counters_are_found_by_section_and_name),
	cmocka_unit_test(sockets_are_read_in_both_families),
	cmocka_unit_test(time_of_processors_is_shared_out),
	cmocka_unit_test(processes_may_be_called_anything),
	cmocka_unit_test(slabs_are_rows),
	cmocka_unit_test(files_may_end_anywhere),
);
