/* plan/ipsec/swanctl.h: strongSwan's swanctl.conf for a configuration. */
#pragma once

#include "schema/snapshot.h"

struct buffer;

/*
 * Connections, pools and secrets of all that is enabled; nothing when IPsec is switched off. Certificates are named as
 * REFID.crt, raw keys as UUID.pem. *missing, when it is wanted, gets a line for each thing that strongSwan has not.
 */
struct swanctl_wish {
	bool with_secrets;   /* false: for people, pre-shared keys are not shown */
	bool kernel_has_esp; /* false: no packet starts a tunnel that waits for one, so it starts at once */
};

void swanctl_write(struct buffer *, const struct snapshot *, struct swanctl_wish, struct buffer *missing);

/* --- inside: legacy.c ------------------------------------------------------------------------- */

struct conf;
/* Tunnels of the older kind, in the section "connections"; then their keys, in the section "secrets". */
void legacy_write_connections(struct conf *, const struct snapshot *, struct buffer *missing);
void legacy_write_secrets(struct conf *, const struct snapshot *, bool with_secrets);
