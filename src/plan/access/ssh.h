/* plan/access/ssh.h: how the secure shell lets people in. */
#pragma once

#include "base/address.h"
#include "base/buffer.h"
#include "schema/snapshot.h"

#define SSH_ADDRESSES_MAX 32
#define SSH_KEYS_DIRECTORY "/etc/ssh/drawbridge-keys" /* a file for each account, called as it is */

enum ssh_login {
	SSH_KEY_OR_PASSWORD,
	SSH_KEY,
	SSH_KEY_AND_PASSWORD,
	SSH_LOGINS
};

struct ssh {
	bool           enabled;
	uint16_t       port;
	enum ssh_login login;
	bool           forwards_agent;
	bool           admits_root; /* false: the machine's own rule stays */
	struct address addresses[SSH_ADDRESSES_MAX]; /* where it listens */
	size_t         naddresses;                   /* 0: everywhere */
};

/* *missing says in words what cannot be had. */
void ssh_read(const struct snapshot *, struct ssh *out, struct buffer *missing);
/* The directives of sshd_config(5). */
void ssh_print(const struct ssh *, struct buffer *out);
