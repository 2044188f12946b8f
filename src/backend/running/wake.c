/* The magic packet: six bytes 0xff, then the MAC sixteen times. */
#include "backend/running/wake.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"

#define PORT    9 /* discard: who sleeps looks at any */
#define REPEATS 16

static struct sockaddr_in
name_of(const struct address *address, uint16_t port)
{
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(port) };

	memcpy(&name.sin_addr, address->bytes, sizeof(name.sin_addr));
	return name;
}

enum result
wake_send(const struct wake_wish *wish, struct buffer *message)
{
	const struct sockaddr_in source = name_of(&wish->source, 0), destination = name_of(&wish->destination, PORT);
	scoped_fd                fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	uint8_t                  packet[6 + REPEATS * sizeof(wish->mac)];
	const int                yes = 1;

	memset(packet, 0xff, 6);
	for (size_t i = 0; i < REPEATS; i++)
		memcpy(packet + 6 + i * sizeof(wish->mac), wish->mac, sizeof(wish->mac));
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &yes, sizeof(yes)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, wish->link, (socklen_t)strlen(wish->link)) == 0 &&
	    bind(fd, (const struct sockaddr *)&source, sizeof(source)) == 0 &&
	    sendto(fd, packet, sizeof(packet), 0, (const struct sockaddr *)&destination, sizeof(destination)) == (ssize_t)sizeof(packet))
		return RESULT_DONE;
	buffer_print(message, "no packet was sent through %s: %s", wish->link, strerror(errno));
	return RESULT_REFUSED;
}
