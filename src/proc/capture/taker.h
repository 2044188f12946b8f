/* proc/capture/taker.h: the process that writes packets down. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Whatever comes first ends a capture. */
#define CAPTURE_BYTES_MAX   ((size_t)16 * 1024 * 1024)
#define CAPTURE_SECONDS_MAX 3600
#define CAPTURE_SNAPLEN_MAX 262144

#define TAKER_ARGUMENT "--capture"
/* Descriptors it is started with. */
#define TAKER_SOCKET 3
#define TAKER_FILE   4

/*
 * All of main() of "drawbridged --capture SNAPLEN COUNT"; COUNT 0: any number. Gives up all rights first. The
 * file gets records in the format of pcap; who begins it writes its head.
 */
int taker_run(int argc, char *argv[]);
