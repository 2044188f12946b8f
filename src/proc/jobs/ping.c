/* Echo requests, one after the other, by a thread for each job; the kernel numbers them as ours and counts the checksums. */
#include "proc/jobs/jobs_inside.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <math.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "wire/order.h"

#define HEAD        8
#define SIZE_PRESET 56
#define SIZE_LEAST  8 /* the time of sending travels along */

/* One thread's. */
struct pinging {
	struct job             *job;
	struct courier         *courier;
	bool                    inet6, keeps_whole;
	size_t                  size; /* behind the head */
	int64_t                 interval; /* ms */
	uint16_t                sequence;
	struct sockaddr_storage to;
	unsigned                to_size;
	int                     fd;
	uint8_t                *packet;
};

static int64_t
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
say_error(struct job *job, const char *text)
{
	pthread_mutex_lock(&job->ping.lock);
	snprintf(job->ping.counts.error, sizeof(job->ping.counts.error), "%s", text);
	pthread_mutex_unlock(&job->ping.lock);
}

static void
count_sent(struct job *job)
{
	pthread_mutex_lock(&job->ping.lock);
	job->ping.counts.sent++;
	pthread_mutex_unlock(&job->ping.lock);
}

static void
count_answer(struct job *job, double time)
{
	struct ping_counts *counts = &job->ping.counts;

	pthread_mutex_lock(&job->ping.lock);
	if (counts->received == 0 || time < counts->least)
		counts->least = time;
	if (time > counts->most)
		counts->most = time;
	counts->received++;
	counts->sum += time;
	counts->squares += time * time;
	pthread_mutex_unlock(&job->ping.lock);
}

/* --- On the wire --------------------------------------------------------------------------------------------------- */

static void
send_one(struct pinging *ping)
{
	const int64_t at = now_us();

	memset(ping->packet, 0, HEAD);
	ping->packet[0] = ping->inet6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	ping->sequence++;
	ping->packet[6] = (uint8_t)(ping->sequence >> 8);
	ping->packet[7] = (uint8_t)ping->sequence;
	memcpy(ping->packet + HEAD, &at, sizeof(at));
	count_sent(ping->job);
	if (sendto(ping->fd, ping->packet, HEAD + ping->size, MSG_DONTWAIT, (const struct sockaddr *)&ping->to, ping->to_size) < 0)
		say_error(ping->job, strerror(errno));
}

static void
take_answers(struct pinging *ping)
{
	uint8_t head[HEAD + sizeof(int64_t)];
	ssize_t got;

	while ((got = recv(ping->fd, head, sizeof(head), MSG_DONTWAIT)) > 0) {
		int64_t sent;

		if (got < (ssize_t)sizeof(head) || head[0] != (ping->inet6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY))
			continue;
		memcpy(&sent, head + HEAD, sizeof(sent));
		const int64_t time = now_us() - sent;

		/* What somebody else made up tells no time. */
		if (time >= 0 && time < PING_SECONDS_MAX * 1000000LL)
			count_answer(ping->job, (double)time);
	}
}

/* What others say of our packets. */
static void
take_errors(struct pinging *ping)
{
	char          control[512], payload[256];
	struct iovec  part = { payload, sizeof(payload) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };

	for (int i = 0; i < 100 && recvmsg(ping->fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0; i++) {
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
			if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
			    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
				struct sock_extended_err error;

				memcpy(&error, CMSG_DATA(c), sizeof(error));
				say_error(ping->job, strerror((int)error.ee_errno));
			}
		message.msg_controllen = sizeof(control);
	}
}

static void
listen_until(struct pinging *ping, int64_t until)
{
	struct pollfd wait = { .fd = ping->fd, .events = POLLIN };

	while (!atomic_load(&ping->job->ping.is_ending)) {
		const int64_t left = (until - now_us()) / 1000;

		if (left <= 0)
			return;
		/* Short enough to see that it is told to end. */
		if (poll(&wait, 1, left < 200 ? (int)left : 200) <= 0)
			continue;
		take_answers(ping);
		take_errors(ping);
	}
}

static bool
open_socket(struct pinging *ping)
{
	scoped_buffer message = BUFFER_NONE;
	const int     on = 1, whole = ping->inet6 ? IPV6_PMTUDISC_DO : IP_PMTUDISC_DO;
	const int     level = ping->inet6 ? IPPROTO_IPV6 : IPPROTO_IP;

	if (!jobs_resolve(job_setting(ping->job, "settings.hostname"), ping->inet6, &ping->to, &ping->to_size)) {
		say_error(ping->job, "cannot resolve: unknown host");
		return false;
	}
	ping->fd = jobs_socket(ping->courier, PROBE_SOCKET_ICMP, ping->inet6, job_setting(ping->job, "settings.source_address"), 0,
			       &message);
	if (ping->fd < 0) {
		say_error(ping->job, buffer_string(&message));
		return false;
	}
	setsockopt(ping->fd, level, ping->inet6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof(on));
	if (ping->keeps_whole)
		setsockopt(ping->fd, level, ping->inet6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &whole, sizeof(whole));
	return true;
}

static void *
run(void *context)
{
	struct pinging *ping = context;
	struct job     *job = ping->job;
	const int64_t   end = now_us() + PING_SECONDS_MAX * 1000000LL;

	if (open_socket(ping)) {
		for (int64_t next = now_us(); !atomic_load(&job->ping.is_ending) && next < end; next += ping->interval * 1000) {
			send_one(ping);
			listen_until(ping, next + ping->interval * 1000);
		}
		close(ping->fd);
	}
	free(ping->packet);
	free(ping);
	atomic_store(&job->ping.is_running, false);
	return NULL;
}

/* --- From jobs.c ------------------------------------------------------------------------------------------------------- */

static int64_t
number_setting(const struct job *job, const char *name, int64_t otherwise)
{
	int64_t number = otherwise;

	number_read(text_of(job_setting(job, name)), 1, 65535, &number);
	return number;
}

void
ping_stop(struct job *job)
{
	atomic_store(&job->ping.is_ending, true);
	if (job->ping.has_thread)
		pthread_join(job->ping.thread, NULL);
	job->ping.has_thread = false;
	atomic_store(&job->ping.is_running, false);
}

enum result
ping_start(struct jobs *jobs, struct job *job, struct buffer *message)
{
	struct pinging *ping;
	int64_t         size = number_setting(job, "settings.packetsize", SIZE_PRESET);

	/* One that ended by itself. */
	ping_stop(job);
	job->ping.counts = (struct ping_counts){ .sent = 0 };
	atomic_store(&job->ping.is_ending, false);
	atomic_store(&job->ping.is_running, true);
	job->ping.started = now_us();
	if (jobs->is_simulated)
		return RESULT_DONE;
	ping = calloc(1, sizeof(*ping));
	BUG_IF(!ping, "out of memory");
	size = size < SIZE_LEAST ? SIZE_LEAST : size > PING_SIZE_MAX ? PING_SIZE_MAX : size;
	*ping = (struct pinging){
		.job = job, .courier = jobs->courier, .inet6 = strcmp(job_setting(job, "settings.fam"), "ip6") == 0,
		.keeps_whole = strcmp(job_setting(job, "settings.disable_frag"), "1") == 0, .size = (size_t)size,
		.interval = number_setting(job, "settings.interval", 1) * 1000, .packet = calloc(1, HEAD + (size_t)size),
	};
	BUG_IF(!ping->packet, "out of memory");
	if (pthread_create(&job->ping.thread, NULL, run, ping) == 0) {
		job->ping.has_thread = true;
		return RESULT_DONE;
	}
	atomic_store(&job->ping.is_running, false);
	free(ping->packet);
	free(ping);
	buffer_add_string(message, "no thread for it");
	return RESULT_FAILED;
}

static void
put_time(struct arena *arena, struct value *row, const char *name, const struct ping_counts *counts, double microseconds)
{
	/* Three digits, as ping prints them. */
	value_set(arena, row, name,
		  counts->received ? value_real(arena, (double)(int64_t)(microseconds + 0.5) / 1000) : value_null(arena));
}

void
ping_put(struct arena *arena, struct value *row, struct jobs *jobs, struct job *job)
{
	struct ping_counts counts;

	pthread_mutex_lock(&job->ping.lock);
	/* Nobody answers in a network that is not there. */
	if (jobs->is_simulated && atomic_load(&job->ping.is_running))
		job->ping.counts.sent = (uint64_t)((now_us() - job->ping.started) / 1000000) + 1;
	counts = job->ping.counts;
	pthread_mutex_unlock(&job->ping.lock);
	const double n = counts.received ? (double)counts.received : 1, average = counts.sum / n;
	const double variance = counts.squares / n - average * average;
	const double lost = counts.sent > counts.received ? (double)(counts.sent - counts.received) : 0;

	value_set_string(arena, row, "loss", counts.sent ? arena_print(arena, "%.1f%%", lost * 100 / (double)counts.sent) : "");
	value_set(arena, row, "send", value_integer(arena, (int64_t)counts.sent));
	value_set(arena, row, "received", value_integer(arena, (int64_t)counts.received));
	put_time(arena, row, "min", &counts, counts.least);
	put_time(arena, row, "max", &counts, counts.most);
	put_time(arena, row, "avg", &counts, average);
	put_time(arena, row, "std-dev", &counts, variance > 0 ? sqrt(variance) : 0);
	value_set(arena, row, "last_error", counts.error[0] ? value_string(arena, counts.error) : value_null(arena));
}
