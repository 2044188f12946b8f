/* http/connection.h: what the files of this folder know of each other; nothing for others. */
#pragma once

#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include <gnutls/abstract.h>
#include <microhttpd.h>
#include <pthread.h>

#include "http/acceptor.h"
#include "http/head.h"
#include "http/peers.h"
#include "http/server.h"
#include "http/watch.h"

/*
 * Where an exchange stands. The worker moves it on up to HANDLING and from ANSWERED on; in between
 * it belongs to whom the handler gave it.
 */
enum stage {
	STAGE_NONE, /* no request */
	STAGE_HEAD, /* the request line is read */
	STAGE_BODY,
	STAGE_REFUSED,  /* by us, before the handler saw it */
	STAGE_HANDLING, /* inside the handler */
	STAGE_DEFERRED, /* suspended */
	STAGE_ANSWERED, /* inside the handler: the worker queues the answer when it returns */
	STAGE_RESUMED,  /* answered after it was deferred: the worker is called again */
	STAGE_SENDING,
};

struct http_exchange {
	struct connection     *connection;
	struct MHD_Connection *mhd;
	struct arena          *arena;
	uint64_t               id;
	uint64_t               started; /* nanoseconds */
	const char            *method_text;
	enum http_method       method;
	const char            *target_place; /* where libmicrohttpd had it */
	struct text            target, path, query;
	struct head            head;
	size_t                 body_max;
	struct buffer          body;
	struct MHD_Response   *response; /* ours until it is queued */
	struct http_canned    *canned;   /* held; the response is its */
	unsigned               status;
	size_t                 sent; /* bytes of the answer's body */
	bool                   streaming;
	bool                   linger; /* the client may still be sending */
	void                  *note;
};

/* Lives from accept to close. One request at a time: that is HTTP/1.1. */
struct connection {
	struct watched       watched;
	struct http_server  *server;
	bool                 tls;
	bool                 unix_socket;
	struct peers_slot   *slot;  /* NULL: not counted */
	_Atomic int          stage; /* enum stage, of the exchange */
	struct address       peer, local;
	uint16_t             peer_port, local_port;
	bool                 local_known;
	struct http_exchange exchange;
};

struct listener {
	int      fd;
	bool     tls;
	uint16_t port;
	char    *path; /* of a unix socket we made: to be removed */
};

/* One thread of libmicrohttpd's, with the connections it was given. */
struct worker {
	struct http_server *server;
	struct MHD_Daemon  *daemon;
	bool                tls;
};

/* A pair in use. Older ones stay until the end: a handshake may be at it. */
struct certified {
	struct certified *older;
	gnutls_pcert_st  *chain;
	unsigned          nchain;
	gnutls_privkey_t  key;
};

#define ARENAS_KEPT 64
#define WORKERS_MAX 64 /* of each kind */

enum {
	PLAIN,
	TLS,
	KINDS
};

struct http_server {
	struct http_setup           setup;
	struct http_limits          limits; /* with nothing left at 0 */
	struct listener             listeners[HTTP_LISTENS_MAX];
	size_t                      nlisteners;
	struct worker               workers[KINDS][WORKERS_MAX];
	size_t                      nworkers[KINDS];
	size_t                      next[KINDS]; /* the acceptor's: whose turn it is */
	struct acceptor            *acceptor;
	struct watch               *watch;
	struct peers               *peers;
	_Atomic(struct certified *) certified;
	pthread_mutex_t             certify_lock;
	pthread_mutex_t             arenas_lock;
	struct arena               *arenas[ARENAS_KEPT];
	size_t                      narenas;
	_Atomic uint64_t            ids;
	uint32_t                    prefix;   /* of request ids */
	_Atomic size_t              bodies;   /* bytes held */
	_Atomic bool                draining; /* no new connections */
	_Atomic bool                ending;   /* no new requests */
	pthread_mutex_t             streams_lock;
	struct http_stream         *streams;
};

/* server.c */
struct arena *server_take_arena(struct http_server *);
void          server_give_arena(struct http_server *, struct arena *);

/* 0 seconds: none. */
void connection_set_deadline(struct connection *, unsigned seconds);

/* request.c: what libmicrohttpd calls. */
void           *request_line(void *worker, const char *target, struct MHD_Connection *);
enum MHD_Result request_access(void *worker, struct MHD_Connection *, const char *url,
			       const char *method, const char *version, const char *upload,
			       size_t *upload_size, void **exchange);
void            request_done(void *worker, struct MHD_Connection *, void **exchange,
			     enum MHD_RequestTerminationCode);

/* answer.c */
struct MHD_Response *answer_new(struct text body, enum MHD_ResponseMemoryMode,
				const struct http_header *);
void                 answer_add_headers(struct MHD_Response *, const struct http_header *);
/* Take the response over as the exchange's answer. The exchange may be gone afterwards. */
void answer_give(struct http_exchange *, unsigned status, struct MHD_Response *);
/* On the worker: hand the answer that was given to libmicrohttpd. */
enum MHD_Result answer_send(struct http_exchange *);
/* What we say by ourselves, as the body of an answer. */
struct text answer_words(unsigned status);

/* large.c */
#define ANSWER_LARGE ((size_t)1024 * 1024)

/* Takes the bytes over and gives their memory back as they are sent; the body is empty then. */
struct MHD_Response *large_new(struct buffer *body, const struct http_header *);

/* stream.c */
/* End those whose client has gone, or all. */
void streams_check(struct http_server *, bool all);

/* certify.c */
struct certified *certified_new(const char *certificate, const char *key, struct arena *,
				const char **message);
void              certified_free(struct certified *); /* with all older ones */
int certified_pick(gnutls_session_t, const gnutls_datum_t *, int, const gnutls_pk_algorithm_t *,
		   int, gnutls_pcert_st **chain, unsigned *nchain, gnutls_privkey_t *key);
