/* Reading addresses to listen on, and listening there. */
#include "http/sockaddr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/number.h"

#define BACKLOG 1024

void
sockaddr_read(const struct sockaddr *name, struct address *address, uint16_t *port)
{
	*address = (struct address){ FAMILY_NONE, { 0 } };
	*port = 0;
	if (name->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)name;

		address->family = FAMILY_INET;
		memcpy(address->bytes, &in->sin_addr, 4);
		*port = ntohs(in->sin_port);
	} else if (name->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)name;
		const bool                 mapped = IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr);

		address->family = mapped ? FAMILY_INET : FAMILY_INET6;
		memcpy(address->bytes, in6->sin6_addr.s6_addr + (mapped ? 12 : 0), mapped ? 4 : 16);
		*port = ntohs(in6->sin6_port);
	}
}

static bool
parse_inet6(struct text host, uint16_t port, struct sockaddr_storage *out, socklen_t *len)
{
	struct sockaddr_in6 name = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	struct text         zone = host;
	struct address      address;
	char                device[IF_NAMESIZE];
	const struct text   bare = text_until(&zone, '%');

	if (!address_read(bare, &address) || address.family != FAMILY_INET6)
		return false;
	if (bare.len < host.len) {
		if (zone.len == 0 || zone.len >= sizeof(device))
			return false;
		memcpy(device, zone.ptr, zone.len);
		device[zone.len] = '\0';
		name.sin6_scope_id = if_nametoindex(device);
		if (name.sin6_scope_id == 0)
			return false;
	}
	memcpy(&name.sin6_addr, address.bytes, 16);
	memcpy(out, &name, sizeof(name));
	*len = sizeof(name);
	return true;
}

bool
sockaddr_parse(struct text text, struct sockaddr_storage *out, socklen_t *len)
{
	const char *const  colon = text.len ? memrchr(text.ptr, ':', text.len) : NULL;
	struct sockaddr_in name = { .sin_family = AF_INET };
	struct address     address;
	int64_t            port;

	if (!colon)
		return false;
	const struct text host = text_first(text, (size_t)(colon - text.ptr));
	const struct text digits = text_after(text, host.len + 1);

	if (!number_read(digits, 0, 65535, &port) || digits.ptr[0] == '-')
		return false;
	memset(out, 0, sizeof(*out));
	if (host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
		return parse_inet6((struct text){ host.ptr + 1, host.len - 2 }, (uint16_t)port, out,
				   len);
	if (!address_read(host, &address) || address.family != FAMILY_INET)
		return false;
	name.sin_port = htons((uint16_t)port);
	memcpy(&name.sin_addr, address.bytes, 4);
	memcpy(out, &name, sizeof(name));
	*len = sizeof(name);
	return true;
}

/* A socket file without a listener is left over from a crash. */
static bool
is_left_over(const struct sockaddr_un *name)
{
	struct stat status;

	if (lstat(name->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
		return false;
	const int  fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const bool refused = fd >= 0 && connect(fd, (const void *)name, sizeof(*name)) != 0 &&
			     errno == ECONNREFUSED;

	if (fd >= 0)
		close(fd);
	return refused;
}

/* -1 with errno when something fails. */
static int
listen_unix(const char *path, mode_t mode)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	const size_t       len = strlen(path);

	if (len >= sizeof(name.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name.sun_path, path, len + 1);
	if (is_left_over(&name))
		unlink(path);
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	/* The mode is set before anybody can connect: that takes listen(). */
	if (bind(fd, (const void *)&name, sizeof(name)) == 0) {
		if (chmod(path, mode) == 0 && listen(fd, BACKLOG) == 0)
			return fd;
		unlink(path);
	}
	const int error = errno;

	close(fd);
	errno = error;
	return -1;
}

static int
listen_inet(const struct sockaddr_storage *name, socklen_t len)
{
	const int one = 1, zero = 0;
	const int fd = socket(name->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (name->ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero));
	if (bind(fd, (const void *)name, len) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	const int error = errno;

	close(fd);
	errno = error;
	return -1;
}

int
sockaddr_listen(const char *address, mode_t mode, struct arena *arena, const char **message)
{
	struct sockaddr_storage name;
	socklen_t               len;
	int                     fd;

	if (address[0] == '/')
		fd = listen_unix(address, mode);
	else if (sockaddr_parse(text_of(address), &name, &len))
		fd = listen_inet(&name, len);
	else {
		*message = arena_print(arena, "%s: not an address and port, nor a path", address);
		return -1;
	}
	if (fd < 0)
		*message = arena_print(arena, "%s: %s", address, strerror(errno));
	return fd;
}
