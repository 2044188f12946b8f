/* proc/wireguard/keeping.h: the process that makes a device of WireGuard and keeps it for as long as it lives. */
#pragma once

#include <stdbool.h>

#define WIREGUARD_ARGUMENT "--wireguard"
/* As the table of services knows them; "%i" is the device. */
#define WIREGUARD_FILES    "/run/drawbridge-wireguard-%i"
#define WIREGUARD_READY    "/run/drawbridge-wireguard-%i.ready"

/*
 * All of main() of "drawbridged --wireguard VERB [DEVICE]", started by the keeper: "check" the file and whether there can be such a device,
 * "run" it until SIGTERM, "set" a running one to what the file says now, "show" all that there are, without secrets. The exit status; what
 * went wrong is on standard error. PROGRAM_CANNOT: neither the kernel nor a daemon can have a device.
 */
int wireguard_run(int argc, char *argv[]);
/* The kernel has no such devices, and there is no wireguard-go either. */
bool wireguard_is_missing(void);
