/* tests/smtp.h: a server that takes mail on loopback and keeps what it was told, in one thread, one connection after the other. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"

enum smtp_manner {
	SMTP_FRIENDLY, /* takes mail, offers logins */
	SMTP_SILENT,   /* never says a word */
	SMTP_REFUSING, /* no recipient is good enough */
	SMTP_SECURE,   /* wants TLS first, with a certificate that nobody signed */
};

struct smtp {
	int              fd;
	uint16_t         port;
	enum smtp_manner manner;
	pthread_t        thread;
	pthread_mutex_t  lock;
	struct buffer    heard; /* all lines, logins decoded; smtp_heard() */
	unsigned         mails; /* taken whole */
	unsigned         calls;
};

void     smtp_start(struct smtp *, enum smtp_manner);
/* In the network of that process. */
void     smtp_start_in(struct smtp *, enum smtp_manner, pid_t);
/* On this port there; 0: any. */
void     smtp_start_at(struct smtp *, enum smtp_manner, pid_t pid, uint16_t port);
void     smtp_stop(struct smtp *);
unsigned smtp_mails(struct smtp *);
/* Was that heard? */
bool     smtp_heard(struct smtp *, const char *part);
