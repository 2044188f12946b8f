/* tests/kernel/talk.h: connections between hosts, and what becomes of them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "hosts.h"

/* What became of a connection. */
enum talk { TALK_OPEN, TALK_RESET, TALK_UNREACHABLE, TALK_SILENT };
const char *talk_word(enum talk);

struct talked {
	enum talk how;
	char      seen_from[64]; /* address the server saw */
	uint16_t  seen_port;
	enum host server;        /* who answered; HOSTS: nobody */
};

/*
 * A connection from one host to an address and port. Every other host listens on `listen` ports meanwhile
 * (0: same as port); who accepts is the server. These wait long for what becomes of it.
 */
struct talked talk_tcp(enum host from, const char *to, uint16_t port, uint16_t listen);
struct talked talk_udp(enum host from, uint16_t from_port, const char *to, uint16_t port, uint16_t listen);
struct talked talk_ping(enum host from, const char *to);
/* The same where silence may be: it is believed soon, and then who comes late was silent. */
struct talked try_tcp(enum host from, const char *to, uint16_t port, uint16_t listen);
struct talked try_ping(enum host from, const char *to);
/* What becomes of a connection where nobody listens. */
enum talk     talk_handshake(enum host from, const char *to, uint16_t port);
/* The word for it, by talk_...(); by try_...() when silence is wanted. */
const char   *word_of_tcp(enum host from, const char *to, uint16_t port, const char *wanted);
const char   *word_of_udp(enum host from, const char *to, uint16_t port, const char *wanted);
const char   *word_of_ping(enum host from, const char *to, const char *wanted);
#define TCP(from, to, port, want) CHECK_STRING(word_of_tcp(from, to, port, want), want)
#define UDP(from, to, port, want) CHECK_STRING(word_of_udp(from, to, port, want), want)
#define PING(from, to, want)      CHECK_STRING(word_of_ping(from, to, want), want)

/* A connection that stays. */
struct line_open {
	int client, server;
};

/* False: it cannot be made. */
bool line_begin(struct line_open *, enum host from, const char *to, uint16_t port, enum host server);
/* Does a byte get through, and its answer back? */
bool line_works(const struct line_open *);
/* The same where silence may be, which is believed soon. */
bool line_try(struct line_open *, enum host from, const char *to, uint16_t port, enum host server);
bool line_still_works(const struct line_open *);
void line_finish(struct line_open *);
