/* A server from open to close: its sockets, its libmicrohttpd daemons, its connections and what
 * they share. */
#include "http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/bug.h"
#include "http/connection.h"
#include "http/sockaddr.h"

#define UNIX_MODE 0660
#define TLS_PRIORITIES "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"
/* libmicrohttpd keeps notes on fields and cookies beside the head. It clears all of it for each
 * request. */
#define POOL_SIZE(head) ((head) + (head) / 2 + 1024)

struct arena *
server_take_arena(struct http_server *server)
{
	struct arena *arena = NULL;

	pthread_mutex_lock(&server->arenas_lock);
	if (server->narenas > 0)
		arena = server->arenas[--server->narenas];
	pthread_mutex_unlock(&server->arenas_lock);
	return arena ? arena : arena_new();
}

void
server_give_arena(struct http_server *server, struct arena *arena)
{
	arena_reset(arena);
	pthread_mutex_lock(&server->arenas_lock);
	if (server->narenas < ARENAS_KEPT) {
		server->arenas[server->narenas++] = arena;
		arena = NULL;
	}
	pthread_mutex_unlock(&server->arenas_lock);
	arena_free(arena);
}

static bool
has_room(void *context)
{
	struct http_server *const server = context;

	return watch_count(server->watch) < server->limits.connections;
}

/* A new connection goes to the workers of its kind in turn. */
static void
take(void *context, size_t which, int fd, const struct sockaddr *name, socklen_t len)
{
	struct http_server *const server = context;
	const int                 kind = server->listeners[which].tls ? TLS : PLAIN;
	struct address            peer;
	uint16_t                  port;

	sockaddr_read(name, &peer, &port);
	if (peers_full(peers_find(server->peers, &peer), server->limits.connections_peer)) {
		close(fd);
		return;
	}
	const size_t turn = server->next[kind]++ % server->nworkers[kind];

	/* Closes the descriptor when it fails. */
	MHD_add_connection(server->workers[kind][turn].daemon, fd, name, len);
}

static void
connect_peer(struct worker *worker, struct MHD_Connection *mhd, void **context)
{
	struct http_server *const    server = worker->server;
	struct connection *const     connection = calloc(1, sizeof(*connection));
	const struct sockaddr *const name =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;

	BUG_IF(!connection, "out of memory");
	connection->server = server;
	connection->tls = worker->tls;
	connection->unix_socket = name->sa_family == AF_UNIX;
	connection->watched.fd =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	sockaddr_read(name, &connection->peer, &connection->peer_port);
	connection->slot = peers_find(server->peers, &connection->peer);
	peers_come(connection->slot);
	connection->watched.idle = true;
	connection_set_deadline(connection, server->limits.head_seconds);
	watch_add(server->watch, &connection->watched);
	*context = connection;
}

/* Called before libmicrohttpd closes the socket. */
static void
disconnect_peer(struct connection *connection)
{
	struct http_server *const server = connection->server;

	watch_remove(server->watch, &connection->watched);
	if (connection->exchange.linger) {
		const int fd = fcntl(connection->watched.fd, F_DUPFD_CLOEXEC, 3);

		if (fd >= 0)
			watch_linger(server->watch, fd);
	}
	peers_go(connection->slot);
	free(connection);
}

static void
notice_connection(void *context, struct MHD_Connection *mhd, void **connection,
		  enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		connect_peer(context, mhd, connection);
	else if (*connection)
		disconnect_peer(*connection);
}

static void
tick(void *context)
{
	streams_check(context, false);
}

/* We decode by ourselves. */
static size_t
leave_as_is(void *context, struct MHD_Connection *mhd, char *string)
{
	(void)context, (void)mhd;
	return strlen(string);
}

static void
say_nothing(void *context, const char *format, va_list args)
{
	(void)context, (void)format, (void)args;
}

static struct MHD_Daemon *
start_worker(struct worker *worker)
{
	const struct http_server *const server = worker->server;
	const unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_ITC |
			       MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
			       (worker->tls ? MHD_USE_TLS : 0);
	const intptr_t        pool = (intptr_t)POOL_SIZE(server->limits.head);
	struct MHD_OptionItem options[16];
	size_t                n = 0;

	options[n++] =
		(struct MHD_OptionItem){ MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)say_nothing, NULL };
	options[n++] = (struct MHD_OptionItem){ MHD_OPTION_CONNECTION_LIMIT, INT32_MAX, NULL };
	options[n++] = (struct MHD_OptionItem){ MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL };
	options[n++] = (struct MHD_OptionItem){ MHD_OPTION_CONNECTION_MEMORY_LIMIT, pool, NULL };
	options[n++] = (struct MHD_OptionItem){ MHD_OPTION_STRICT_FOR_CLIENT, 0, NULL };
	options[n++] = (struct MHD_OptionItem){ MHD_OPTION_NOTIFY_CONNECTION,
						(intptr_t)notice_connection, worker };
	options[n++] = (struct MHD_OptionItem){ MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)request_done,
						worker };
	options[n++] = (struct MHD_OptionItem){ MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)request_line,
						worker };
	options[n++] = (struct MHD_OptionItem){ MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_as_is,
						NULL };
	if (worker->tls) {
		options[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_PRIORITIES, 0,
							(void *)TLS_PRIORITIES };
		options[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_CERT_CALLBACK, 0,
							(void *)(intptr_t)certified_pick };
	}
	options[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
	return MHD_start_daemon(flags, 0, NULL, NULL, request_access, worker, MHD_OPTION_ARRAY,
				options, MHD_OPTION_END);
}

static bool
open_listener(struct http_server *server, const struct http_listen *listen, struct arena *arena,
	      const char **message)
{
	struct listener *const  listener = &server->listeners[server->nlisteners++];
	struct sockaddr_storage name;
	struct address          address;
	socklen_t               len = sizeof(name);

	*listener = (struct listener){ .fd = listen->fd, .tls = listen->tls };
	if (listen->address) {
		listener->fd = sockaddr_listen(
			listen->address, listen->mode ? listen->mode : UNIX_MODE, arena, message);
		if (listener->fd >= 0 && listen->address[0] == '/')
			listener->path = strdup(listen->address);
	}
	if (listener->fd < 0)
		return false;
	if (getsockname(listener->fd, (struct sockaddr *)&name, &len) != 0) {
		*message = arena_print(arena, "descriptor %d: %s", listener->fd, strerror(errno));
		return false;
	}
	sockaddr_read((struct sockaddr *)&name, &address, &listener->port);
	if (listener->tls && !atomic_load(&server->certified))
		*message = "TLS without a certificate";
	return !listener->tls || atomic_load(&server->certified);
}

/* Workers of the kinds that some socket listens for, and at last who feeds them. */
static bool
start(struct http_server *server, const char **message)
{
	const struct acceptor_owner owner = { has_room, take, server };
	int                         fds[HTTP_LISTENS_MAX];
	bool                        wanted[KINDS] = { false };

	for (size_t i = 0; i < server->nlisteners; i++) {
		fds[i] = server->listeners[i].fd;
		wanted[server->listeners[i].tls ? TLS : PLAIN] = true;
	}
	for (int kind = 0; kind < KINDS; kind++)
		for (unsigned i = 0; wanted[kind] && i < server->setup.threads; i++) {
			struct worker *const worker = &server->workers[kind][i];

			*worker = (struct worker){ .server = server, .tls = kind == TLS };
			worker->daemon = start_worker(worker);
			if (!worker->daemon) {
				*message = "the HTTP library does not start";
				return false;
			}
			server->nworkers[kind]++;
		}
	server->acceptor = acceptor_new(fds, server->nlisteners, &owner);
	if (!server->acceptor)
		*message = "no thread to be had";
	return server->acceptor;
}

/* clang-format off */
#define OR(value, preset) ((value) ? (value) : (preset))
static struct http_limits
fill_in(const struct http_limits *given)
{
	return (struct http_limits){
		.body             = OR(given->body, HTTP_BODY_MAX),
		.bodies           = OR(given->bodies, HTTP_BODIES_MAX),
		.head             = OR(given->head, HTTP_HEAD_MAX),
		.target           = OR(given->target, HTTP_TARGET_MAX),
		.fields           = OR(given->fields, HTTP_FIELDS_MAX),
		.connections      = OR(given->connections, HTTP_CONNECTIONS_MAX),
		.connections_peer = OR(given->connections_peer, HTTP_CONNECTIONS_PEER_MAX),
		.head_seconds     = OR(given->head_seconds, HTTP_HEAD_SECONDS),
		.body_seconds     = OR(given->body_seconds, HTTP_BODY_SECONDS),
		.answer_seconds   = OR(given->answer_seconds, HTTP_ANSWER_SECONDS),
		.idle_seconds     = OR(given->idle_seconds, HTTP_IDLE_SECONDS),
		.stream_queue     = OR(given->stream_queue, HTTP_STREAM_QUEUE_MAX),
	};
}
/* clang-format on */

static unsigned
count_threads(unsigned wanted)
{
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (wanted == 0)
		wanted = cpus > 0 ? (unsigned)cpus : 1;
	return wanted < WORKERS_MAX ? wanted : WORKERS_MAX;
}

struct http_server *
http_server_open(const struct http_setup *setup, struct arena *arena, const char **message)
{
	struct http_server *const server = calloc(1, sizeof(*server));

	BUG_IF(!server, "out of memory");
	BUG_IF(setup->nlistens > HTTP_LISTENS_MAX, "%zu listens", setup->nlistens);
	BUG_IF(!setup->handler, "a server without a handler");
	server->setup = *setup;
	server->setup.threads = count_threads(setup->threads);
	server->limits = fill_in(&setup->limits);
	pthread_mutex_init(&server->certify_lock, NULL);
	pthread_mutex_init(&server->arenas_lock, NULL);
	pthread_mutex_init(&server->streams_lock, NULL);
	BUG_IF(getrandom(&server->prefix, sizeof(server->prefix), 0) != sizeof(server->prefix),
	       "no random bytes");
	server->peers = peers_new();
	server->watch = watch_new(tick, server);
	bool fine = server->watch;

	if (!fine)
		*message = "no thread to be had";
	if (fine && setup->certificate)
		fine = http_server_certify(server, setup->certificate, setup->key, arena,
					   message) == RESULT_DONE;
	for (size_t i = 0; fine && i < setup->nlistens; i++)
		fine = open_listener(server, &setup->listens[i], arena, message);
	if (fine)
		fine = start(server, message);
	server->setup.listens = NULL;
	server->setup.certificate = server->setup.key = NULL;
	if (fine)
		return server;
	http_server_close(server, 0);
	return NULL;
}

void
http_server_quiesce(struct http_server *server)
{
	if (atomic_exchange(&server->draining, true))
		return;
	acceptor_free(server->acceptor);
	server->acceptor = NULL;
	for (size_t i = 0; i < server->nlisteners; i++) {
		struct listener *const listener = &server->listeners[i];

		if (listener->path)
			unlink(listener->path);
		free(listener->path);
		if (listener->fd >= 0)
			close(listener->fd);
	}
	if (server->watch)
		watch_drain(server->watch);
}

static void
rest(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

/* The handler, or whoever it gave the exchange, still works on it. */
static bool
is_in_hand(struct watched *watched)
{
	struct connection *const connection = (struct connection *)watched;
	const int                stage = atomic_load(&connection->stage);

	return stage >= STAGE_HANDLING && stage <= STAGE_RESUMED;
}

void
http_server_close(struct http_server *server, unsigned grace)
{
	if (!server)
		return;
	const uint64_t until = watch_now() + grace;

	http_server_quiesce(server);
	while (server->watch && watch_count(server->watch) > 0 && watch_now() < until)
		rest();
	atomic_store(&server->ending, true);
	while (server->watch && watch_any(server->watch, is_in_hand))
		rest();
	streams_check(server, true);

	for (int kind = 0; kind < KINDS; kind++)
		for (size_t i = 0; i < server->nworkers[kind]; i++)
			MHD_stop_daemon(server->workers[kind][i].daemon);
	watch_free(server->watch);
	peers_free(server->peers);
	certified_free(atomic_load(&server->certified));
	while (server->narenas > 0)
		arena_free(server->arenas[--server->narenas]);
	pthread_mutex_destroy(&server->certify_lock);
	pthread_mutex_destroy(&server->arenas_lock);
	pthread_mutex_destroy(&server->streams_lock);
	free(server);
}

uint16_t
http_server_port(const struct http_server *server, size_t listen)
{
	BUG_IF(listen >= server->nlisteners, "no listen %zu", listen);
	return server->listeners[listen].port;
}

size_t
http_server_connections(struct http_server *server)
{
	return watch_count(server->watch);
}
