/* api/trust/openvpn.h: OpenVPN's own forms of keys. */
#pragma once

#include "base/arena.h"

/* For tls-auth and tls-crypt: 2048 random bits in hex. */
const char *openvpn_static_key(struct arena *);
/* "tls-crypt-v2 server" or "auth-token server": 1024 random bits. */
const char *openvpn_server_key(struct arena *, const char *kind);
/*
 * A new client's key for a server's of tls-crypt-v2: with it the client sends the key itself, wrapped so that only the server
 * can read it. NULL: this is no server's key.
 */
const char *openvpn_client_key(struct arena *, struct text server_key);
