/* What the handler asks about a request. */
#include <stdio.h>
#include <string.h>

#include "base/bug.h"
#include "http/connection.h"
#include "http/sockaddr.h"

enum http_method
http_method(const struct http_exchange *exchange)
{
	return exchange->method;
}

const char *
http_method_text(const struct http_exchange *exchange)
{
	return exchange->method_text;
}

struct text
http_target(const struct http_exchange *exchange)
{
	return exchange->target;
}

struct text
http_path(const struct http_exchange *exchange)
{
	return exchange->path;
}

struct text
http_query(const struct http_exchange *exchange)
{
	return exchange->query;
}

struct text
http_field(struct http_exchange *exchange, struct text name)
{
	struct text value = TEXT_NONE;

	if (MHD_lookup_connection_value_n(exchange->mhd, MHD_HEADER_KIND, name.ptr, name.len,
					  &value.ptr, &value.len) != MHD_YES ||
	    !value.ptr)
		return TEXT_NONE;
	if (value.len > 0 &&
	    (value.ptr[value.len - 1] == ' ' || value.ptr[value.len - 1] == '\t')) {
		value = text_trim(value);
		value.ptr = arena_copy(exchange->arena, value);
	}
	return value;
}

struct text
http_body(const struct http_exchange *exchange)
{
	return (struct text){ buffer_string(&exchange->body), exchange->body.len };
}

bool
http_is_tls(const struct http_exchange *exchange)
{
	return exchange->connection->tls;
}

bool
http_is_unix(const struct http_exchange *exchange)
{
	return exchange->connection->unix_socket;
}

struct address
http_peer(const struct http_exchange *exchange)
{
	return exchange->connection->peer;
}

uint16_t
http_peer_port(const struct http_exchange *exchange)
{
	return exchange->connection->peer_port;
}

const char *
http_peer_text(struct http_exchange *exchange)
{
	if (exchange->connection->peer.family == FAMILY_NONE)
		return "unix";
	return address_print(exchange->arena, &exchange->connection->peer);
}

bool
http_peer_user(const struct http_exchange *exchange, uid_t *user)
{
	struct ucred who;
	socklen_t    len = sizeof(who);

	if (!exchange->connection->unix_socket ||
	    getsockopt(exchange->connection->watched.fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0)
		return false;
	*user = who.uid;
	return true;
}

static void
learn_local(struct connection *connection)
{
	struct sockaddr_storage name;
	socklen_t               len = sizeof(name);

	if (connection->local_known)
		return;
	connection->local_known = true;
	if (getsockname(connection->watched.fd, (struct sockaddr *)&name, &len) == 0)
		sockaddr_read((struct sockaddr *)&name, &connection->local,
			      &connection->local_port);
}

struct address
http_local(struct http_exchange *exchange)
{
	learn_local(exchange->connection);
	return exchange->connection->local;
}

uint16_t
http_local_port(struct http_exchange *exchange)
{
	learn_local(exchange->connection);
	return exchange->connection->local_port;
}

struct arena *
http_arena(struct http_exchange *exchange)
{
	return exchange->arena;
}

uint64_t
http_id(const struct http_exchange *exchange)
{
	return exchange->id;
}

const char *
http_id_text(struct http_exchange *exchange)
{
	return arena_print(exchange->arena, "%08x-%llu", exchange->connection->server->prefix,
			   (unsigned long long)exchange->id);
}

void *
http_note(const struct http_exchange *exchange)
{
	return exchange->note;
}

void
http_set_note(struct http_exchange *exchange, void *note)
{
	exchange->note = note;
}
