/* Opening listening sockets. An address may be configured later than we start, so it need not be there yet (IP_FREEBIND). */
#include "proc/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024

union name {
	struct sockaddr     any;
	struct sockaddr_in  inet;
	struct sockaddr_in6 inet6;
	struct sockaddr_un  local;
};

static socklen_t
fill_name(union name *name, const struct endpoint *endpoint)
{
	if (endpoint->address.family == FAMILY_INET) {
		name->inet = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(endpoint->port) };
		memcpy(&name->inet.sin_addr, endpoint->address.bytes, 4);
		return sizeof(name->inet);
	}
	name->inet6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons(endpoint->port) };
	memcpy(&name->inet6.sin6_addr, endpoint->address.bytes, 16);
	return sizeof(name->inet6);
}

static void
set_option(int fd, int level, int option)
{
	const int on = 1;

	/* None of them is worth failing for. */
	if (setsockopt(fd, level, option, &on, sizeof(on)) < 0)
		return;
}

/* The endpoint with the port that the kernel gave. */
static struct endpoint
real_endpoint(int fd, struct endpoint endpoint)
{
	union name name;
	socklen_t  len = sizeof(name);

	if (getsockname(fd, &name.any, &len) == 0)
		endpoint.port = ntohs(name.any.sa_family == AF_INET ? name.inet.sin_port : name.inet6.sin6_port);
	return endpoint;
}

static int
open_endpoint(const struct endpoint *endpoint)
{
	const bool inet6 = endpoint->address.family == FAMILY_INET6;
	union name name;
	const int  fd = socket(inet6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	set_option(fd, SOL_SOCKET, SO_REUSEADDR);
	set_option(fd, IPPROTO_IP, IP_FREEBIND);
	if (inet6)
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY);
	if (bind(fd, &name.any, fill_name(&name, endpoint)) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	close(fd);
	return -1;
}

/* A socket that somebody still listens on is not taken away; one that was left behind is. */
static bool
remove_stale(const union name *name)
{
	struct stat about;
	const int   fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool        stale;

	if (fd < 0)
		return false;
	stale = connect(fd, &name->any, sizeof(name->local)) < 0 && errno == ECONNREFUSED;
	close(fd);
	return stale && lstat(name->local.sun_path, &about) == 0 && S_ISSOCK(about.st_mode) &&
	       unlink(name->local.sun_path) == 0;
}

/* Make the last directory of the path, if it is not there. */
static void
make_parent(const char *path)
{
	struct text parent = text_of(path);
	char        name[sizeof(((struct sockaddr_un *)NULL)->sun_path)];

	while (parent.len > 0 && parent.ptr[parent.len - 1] != '/')
		parent.len--;
	if (parent.len <= 1)
		return;
	memcpy(name, parent.ptr, parent.len - 1);
	name[parent.len - 1] = '\0';
	mkdir(name, 0755);
}

static int
open_local(const char *path)
{
	union name name = { .local = { .sun_family = AF_UNIX } };
	int        fd;

	if (strlen(path) >= sizeof(name.local.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name.local.sun_path, path, strlen(path));
	make_parent(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;

	const mode_t before = umask(0177); /* root alone */
	int          bound = bind(fd, &name.any, sizeof(name.local));

	if (bound < 0 && errno == EADDRINUSE) {
		if (remove_stale(&name))
			bound = bind(fd, &name.any, sizeof(name.local));
		else
			errno = EADDRINUSE;
	}
	umask(before);
	if (bound == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
cannot(struct buffer *message, const char *address)
{
	buffer_print(message, "cannot listen on %s: %s", address, strerror(errno));
	return false;
}

bool
listen_all(const struct options *options, struct arena *arena, struct listener *out, size_t *n,
	   struct buffer *message)
{
	for (size_t i = 0; i < options->nlisten; i++) {
		struct endpoint endpoint = options->listen[i];
		const int       fd = open_endpoint(&endpoint);

		if (fd < 0)
			return cannot(message, endpoint_print(arena, &endpoint));
		endpoint = real_endpoint(fd, endpoint);
		out[(*n)++] = (struct listener){ fd, options->plain ? LISTENER_PLAIN : LISTENER_TLS,
						 endpoint_print(arena, &endpoint) };
	}
	if (options->socket) {
		const int fd = open_local(options->socket);

		if (fd < 0)
			return cannot(message, options->socket);
		out[(*n)++] = (struct listener){ fd, LISTENER_LOCAL, options->socket };
	}
	return true;
}
