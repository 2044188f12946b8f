/* A loop from a socket into a file, confined: whatever is in a packet can do no more than be written. */
#include "proc/capture/taker.h"

#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/number.h"
#include "proc/child/loop.h"
#include "proc/wall/confine.h"

/* In the order of this machine, as its head says. */
struct record {
	uint32_t seconds, microseconds, kept, length;
};

struct taking {
	size_t  snaplen, count, bytes;
	int64_t end; /* ms */
};

/* On the loopback link each packet comes twice, once as sent. */
static bool
is_echo(const struct sockaddr_ll *from)
{
	return from->sll_hatype == ARPHRD_LOOPBACK && from->sll_pkttype == PACKET_OUTGOING;
}

static bool
write_packet(struct taking *taking, const char *packet, size_t length)
{
	const size_t    kept = length < taking->snaplen ? length : taking->snaplen;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	struct record      record = { (uint32_t)now.tv_sec, (uint32_t)(now.tv_nsec / 1000), (uint32_t)kept, (uint32_t)length };
	const struct iovec parts[] = { { &record, sizeof(record) }, { (void *)packet, kept } };

	if (taking->bytes < sizeof(record) + kept ||
	    writev(TAKER_FILE, parts, 2) != (ssize_t)(sizeof(record) + kept))
		return false;
	taking->bytes -= sizeof(record) + kept;
	return taking->count == 0 || --taking->count > 0;
}

/* False: that was the last one. */
static bool
take_one(struct taking *taking)
{
	static char        packet[CAPTURE_SNAPLEN_MAX];
	struct sockaddr_ll from;
	socklen_t          size = sizeof(from);
	const ssize_t      length =
		recvfrom(TAKER_SOCKET, packet, sizeof(packet), MSG_TRUNC | MSG_DONTWAIT, (struct sockaddr *)&from, &size);

	if (length <= 0 || is_echo(&from))
		return true;
	return write_packet(taking, packet, (size_t)length);
}

static int
take_all(struct taking *taking)
{
	struct pollfd wait = { .fd = TAKER_SOCKET, .events = POLLIN };

	for (;;) {
		const int64_t left = taking->end - loop_clock();

		if (left <= 0)
			return 0;
		if (poll(&wait, 1, (int)left) <= 0)
			continue;
		/* The link is gone. */
		if (wait.revents & (POLLERR | POLLHUP | POLLNVAL))
			return 0;
		if (!take_one(taking))
			return 0;
	}
}

int
taker_run(int argc, char *argv[])
{
	const struct confinement wanted = { .state_fd = -1 };
	scoped_buffer            message = BUFFER_NONE;
	const char              *missing;
	int64_t                  snaplen, count;

	log_set_name("capture");
	if (argc != 4 || !number_read(text_of(argv[2]), 1, CAPTURE_SNAPLEN_MAX, &snaplen) ||
	    !number_read(text_of(argv[3]), 0, INT32_MAX, &count)) {
		log_error("a capture is started by drawbridged, not by hand");
		return 2;
	}
	if (!confine(&wanted, &missing, &message)) {
		log_error("cannot be confined, so not started: %s", buffer_string(&message));
		return 1;
	}
	struct taking taking = { (size_t)snaplen, (size_t)count, CAPTURE_BYTES_MAX, loop_clock() + CAPTURE_SECONDS_MAX * 1000LL };

	return take_all(&taking);
}
