/* wire/system.h: which files of the kernel the gate may have the keeper read for it; their text comes as it is. */
#pragma once

#include <stddef.h>

enum system_file {
	SYSTEM_CPU,          /* /proc/stat */
	SYSTEM_MEMORY,       /* /proc/meminfo */
	SYSTEM_SLABS,        /* /proc/slabinfo */
	SYSTEM_PROCESSORS,   /* /proc/cpuinfo */
	SYSTEM_SNMP,         /* /proc/net/snmp, and so on */
	SYSTEM_NETSTAT,
	SYSTEM_SNMP6,
	SYSTEM_SOCKSTAT,
	SYSTEM_SOFTNET,
	SYSTEM_PACKET,
	SYSTEM_TCP,
	SYSTEM_TCP6,
	SYSTEM_UDP,
	SYSTEM_UDP6,
	SYSTEM_RAW,
	SYSTEM_RAW6,
	SYSTEM_UNIX,
	SYSTEM_USERS,        /* /etc/passwd */
	/* Put together from many; a line for each. */
	SYSTEM_TIMEOUTS,     /* "tcp_timeout_established 432000" */
	SYSTEM_TEMPERATURES, /* "zone x86_pkg_temp 45000": kind, name, thousandths of a degree */
	SYSTEM_PROCESSES,    /* "<uid> <line of /proc/PID/stat>\t<command line, blanks for NULs>" */
	SYSTEM_OWNERS,       /* "<inode of a socket> <uid> <pid> <command>" */
	SYSTEM_FIRMWARE,     /* "bios_vendor SeaBIOS": of /sys/class/dmi/id, and "meltdown", "mds" of the processor's */
	SYSTEM_TRACKING,     /* "found 12": what connection tracking has counted */
	SYSTEM_FILES
};

#define SYSTEM_FILE_MAX ((size_t)16 * 1024 * 1024) /* bytes; the rest is left out */
