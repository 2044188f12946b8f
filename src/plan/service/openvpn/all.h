/* plan/service/openvpn/all.h: all tunnels of OpenVPN that are configured, in whichever dialect. */
#pragma once

#include "schema/snapshot.h"

struct openvpn_instance {
	const struct record *record;  /* of openvpn.instance; kept, or made of what pfSense has */
	const char          *lines;   /* more of its configuration, each with its end; "" */
	const char          *missing; /* what of it cannot be had, in words; "" */
};

struct openvpn_all {
	struct openvpn_instance *instances;
	const struct record    **clients; /* of openvpn.client_overwrite */
	const struct record    **keys;    /* of openvpn.static_key */
	size_t                   ninstances, nclients, nkeys;
};

/* In the arena; records that are kept live as long as the snapshot. Those of pfSense come behind those of OPNsense. */
const struct openvpn_all *openvpn_read(struct arena *, const struct snapshot *);
