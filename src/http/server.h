/* http/server.h: requests in, answers out: HTTP/1.1, TLS, connections and their limits. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/result.h"
#include "base/text.h"

/* What applies where struct http_limits says 0. */
#define HTTP_BODY_MAX ((size_t)200 * 1024 * 1024)
#define HTTP_BODIES_MAX ((size_t)512 * 1024 * 1024)
#define HTTP_HEAD_MAX ((size_t)12 * 1024) /* libmicrohttpd clears that much for each request */
#define HTTP_TARGET_MAX ((size_t)8 * 1024)
#define HTTP_FIELDS_MAX 100
#define HTTP_CONNECTIONS_MAX 8192
#define HTTP_CONNECTIONS_PEER_MAX 512
#define HTTP_HEAD_SECONDS 20
#define HTTP_BODY_SECONDS 300
#define HTTP_ANSWER_SECONDS 300
#define HTTP_IDLE_SECONDS 60
#define HTTP_STREAM_QUEUE_MAX ((size_t)256 * 1024)
#define HTTP_LISTENS_MAX 16

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OPTIONS,
	HTTP_OTHER, /* see http_method_text() */
};

struct http_server;
struct http_exchange;
struct http_stream;

/*
 * Where to listen. The server closes a descriptor it was given, and removes a unix
 * socket it made.
 */
struct http_listen {
	const char *address; /* "127.0.0.1:8080", "[::1]:443", "/run/x.sock"; NULL: fd is listening
				already */
	int    fd;           /* looked at without an address only */
	bool   tls;
	mode_t mode; /* of a unix socket made here; 0: 0660 */
};

/* 0 stands for the constant above. */
struct http_limits {
	size_t   body;             /* bytes of one request's body; more gets 413 */
	size_t   bodies;           /* bytes of all bodies held at a time; more gets 503 */
	size_t   head;             /* bytes of request line and header fields; more gets 431 */
	size_t   target;           /* bytes of the request target; more gets 414 */
	unsigned fields;           /* header fields; more get 431 */
	unsigned connections;      /* in all; more wait in the kernel */
	unsigned connections_peer; /* of one IPv4 address or IPv6 /64, loopback excepted; more are
				      closed */
	unsigned head_seconds;   /* from the connection or request's begin to the end of its head */
	unsigned body_seconds;   /* from there to the end of the body */
	unsigned answer_seconds; /* for the client to take an answer that is no stream */
	unsigned idle_seconds;   /* between an answer and the next request */
	size_t   stream_queue;   /* bytes waiting in one stream */
};

/* Called on a worker thread once the body is complete. Ends with http_answer*(), http_stream_open()
 * or http_defer(). */
typedef void http_handler(void *context, struct http_exchange *);

/*
 * Called on a worker thread when the head is known and a body is announced: how many bytes it may
 * have at most. The configured limit stays in force. Must not answer.
 */
typedef size_t http_body_limit(void *context, struct http_exchange *);

/* How a request ended; the exchange is still readable (without its body when the head was refused).
 */
struct http_outcome {
	unsigned status; /* 0: no answer was sent, the client or the connection went away */
	size_t   bytes;  /* of the answer's body; of a stream: what was handed to the kernel */
	uint64_t microseconds; /* from the request line to the answer's last byte */
	bool     complete;     /* false: the connection broke before the answer was out */
};

/* Called on a worker thread, once for each request whose request line was understood. Must be
 * quick. */
typedef void http_finished(void *context, struct http_exchange *, const struct http_outcome *);

struct http_setup {
	const struct http_listen *listens;
	size_t                    nlistens;
	unsigned           threads; /* for plain and as many for TLS listens; 0: as many as CPUs */
	struct http_limits limits;
	const char        *certificate; /* PEM, with its chain; for the listens with TLS */
	const char        *key;         /* PEM */
	http_handler      *handler;
	http_body_limit   *body_limit; /* optional */
	http_finished     *finished;   /* optional */
	void              *context;    /* for all three */
};

/*
 * NULL when something cannot be had; *message then says what, made in the arena. Nothing in setup
 * is kept but the functions and their context.
 */
struct http_server *http_server_open(const struct http_setup *, struct arena *,
				     const char **message);

/*
 * Stop accepting: idle connections are closed, what is under way is answered and then closed.
 * Descriptors that listened are closed. May be called again.
 */
void http_server_quiesce(struct http_server *);

/*
 * Quiesce, wait until all deferred exchanges were answered (they must be) and, for grace
 * milliseconds, until answers are sent; end all streams; free everything. Streams must still be
 * closed by whom they belong to. Not from a handler. NULL is fine.
 */
void http_server_close(struct http_server *, unsigned grace);

/* The port a listen is bound to, 0 for a unix socket: of interest after ":0". */
uint16_t http_server_port(const struct http_server *, size_t listen);
/* Connections open now. */
size_t http_server_connections(struct http_server *);

/* New handshakes use this pair. RESULT_INVALID, with a message, when it is not one. */
enum result http_server_certify(struct http_server *, const char *certificate, const char *key,
				struct arena *, const char **message);

/*
 * What was asked. All texts live as long as the exchange: until the answer is out. They end in NUL,
 * so that their ptr is a string. Reading is for one thread at a time: the worker, or after
 * http_defer() whoever was given the exchange.
 */
enum http_method http_method(const struct http_exchange *);
const char      *http_method_text(const struct http_exchange *);
struct text      http_target(const struct http_exchange *); /* as sent */
struct text http_path(const struct http_exchange *);  /* undecoded, begins with "/" (or is "*") */
struct text http_query(const struct http_exchange *); /* undecoded, without "?" */
struct text http_field(struct http_exchange *,
		       struct text name); /* first of that name, any case; ptr is NULL without */
struct text http_body(const struct http_exchange *); /* "" when there is none; ptr never NULL */

bool http_is_tls(const struct http_exchange *);
bool http_is_unix(const struct http_exchange *);
/* Family NONE on a unix socket. IPv4 comes as IPv4 on a dual-stack socket too. */
struct address http_peer(const struct http_exchange *);
uint16_t       http_peer_port(const struct http_exchange *);
const char    *http_peer_text(struct http_exchange *); /* "192.0.2.1", "unix" */
/* Who is at the other end of a unix socket; false elsewhere. */
bool http_peer_user(const struct http_exchange *, uid_t *);
/* The address of ours that the client connected to; family NONE on a unix socket. */
struct address http_local(struct http_exchange *);
uint16_t       http_local_port(struct http_exchange *);

/* Lives as long as the exchange. */
struct arena *http_arena(struct http_exchange *);
/* Counts from 1 in each server; the text has eight random digits of this server in front. */
uint64_t    http_id(const struct http_exchange *);
const char *http_id_text(struct http_exchange *);

/* For the handler's own use, NULL at first. */
void *http_note(const struct http_exchange *);
void  http_set_note(struct http_exchange *, void *);

/*
 * A header field of an answer. One that is empty or has a control character in it is left out.
 * Date, Content-Length, Transfer-Encoding and Connection are not the handler's.
 */
struct http_header {
	const char *name;
	const char *value;
};

/*
 * The handler may return without an answer; somebody gives it later, from any thread. Only inside
 * the handler. The exchange may be handed over after this.
 */
void http_defer(struct http_exchange *);

/*
 * Exactly one answer for each exchange; it must not be touched afterwards (it may be gone). Headers
 * end with a NULL name; NULL means none; they are copied. The buffer is taken over (*body is empty
 * afterwards); NULL is fine. Content-Length, Date and Connection are added.
 */
void http_answer(struct http_exchange *, unsigned status, const struct http_header *headers,
		 struct buffer *body);
/* The same with a body that outlives the server. */
void http_answer_static(struct http_exchange *, unsigned status, const struct http_header *headers,
			struct text body);

/*
 * An answer that is given again and again: made once, then shared by all exchanges it is given to.
 * Headers are copied, the buffer is taken over. From any thread; releasing NULL is fine.
 */
struct http_canned;
struct http_canned *http_canned_new(unsigned status, const struct http_header *headers,
				    struct buffer *body);
struct http_canned *http_canned_hold(struct http_canned *);
void                http_canned_release(struct http_canned *);
size_t              http_canned_size(const struct http_canned *); /* bytes that its body takes */
void                http_answer_canned(struct http_exchange *, struct http_canned *);

/*
 * An answer that goes on (Server-Sent Events). The stream belongs to the caller, who closes it; the
 * exchange must not be touched afterwards.
 */
struct http_stream *http_stream_open(struct http_exchange *, unsigned status,
				     const struct http_header *headers);
/* From any thread. False: the client is gone, or too slow (nothing was queued): close the stream.
 */
bool http_stream_write(struct http_stream *, struct text);
/* What is queued is still sent. From any thread. */
void http_stream_close(struct http_stream *);
