/* backend/access/ssh.h: the secure shell of the machine: a file that its sshd_config includes. */
#pragma once

#include "base/buffer.h"
#include "plan/access/ssh.h"

#define SSH_DIRECTORY "/etc/ssh/sshd_config.d"
#define SSH_FILE      "10-drawbridge.conf" /* the first word on a thing counts, so before others */
#define SSH_FILE_MAX  65536

/* The numbers that came over the wire. */
bool ssh_is_valid(const struct ssh *);
/* Add what is there to *old, then write the file, or with NULL, take it away. False and errno: it is as it was. */
bool ssh_write(int directory, const struct ssh *, struct buffer *old);
/* Put back what was there. */
void ssh_restore(int directory, const struct buffer *old);
