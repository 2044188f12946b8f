/*
 * What idle connections cost a request: the time of requests one after the other on one connection,
 * alone and beside many that are idle. usage: http_idle [CONNECTIONS [REQUESTS]]; exits 1 when the
 * median grew by more than a millisecond.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "http/server.h"

static void
answer(void *context, struct http_exchange *exchange)
{
	(void)context;
	http_answer_static(exchange, 200, NULL, TEXT("{}"));
}

/* In a process of its own, so that both have descriptors enough; ends when the pipe does. */
static void
serve(int ready, int until)
{
	static const struct http_listen listen = { "127.0.0.1:0" };
	const struct http_setup         setup = {
			.listens = &listen,
			.nlistens = 1,
			.handler = answer,
			.limits = { .connections = 100000, .head_seconds = 3600, .idle_seconds = 3600 }
	};
	scoped_arena              arena = arena_new();
	const char               *message = "";
	struct http_server *const server = http_server_open(&setup, arena, &message);
	uint16_t                  port;
	char                      byte;

	if (!server) {
		fprintf(stderr, "%s\n", message);
		exit(1);
	}
	port = http_server_port(server, 0);
	if (write(ready, &port, sizeof(port)) != sizeof(port))
		exit(1);
	while (read(until, &byte, 1) > 0)
		continue;
	http_server_close(server, 0);
	exit(0);
}

static int
open_connection(uint16_t port)
{
	const struct sockaddr_in name = { .sin_family = AF_INET,
					  .sin_port = htons(port),
					  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const void *)&name, sizeof(name)) != 0) {
		perror("connect");
		exit(1);
	}
	return fd;
}

static double
ask(int fd)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
	struct timespec   begin, end;
	char              reply[1024];

	clock_gettime(CLOCK_MONOTONIC, &begin);
	if (write(fd, request, sizeof(request) - 1) < 0 || read(fd, reply, sizeof(reply)) <= 0) {
		perror("request");
		exit(1);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (double)(end.tv_sec - begin.tv_sec) * 1e6 +
	       (double)(end.tv_nsec - begin.tv_nsec) / 1e3;
}

static int
by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
measure(const char *what, uint16_t port, size_t n)
{
	double *const times = calloc(n, sizeof(*times));
	const int     fd = open_connection(port);

	for (size_t i = 0; i < n; i++)
		times[i] = ask(fd);
	close(fd);
	qsort(times, n, sizeof(*times), by_size);
	const double median = times[n / 2];

	printf("%-8s median %.1f us, 99%% %.1f us, worst %.1f us\n", what, median,
	       times[n * 99 / 100], times[n - 1]);
	free(times);
	return median;
}

int
main(int argc, char **argv)
{
	struct rlimit files;
	int64_t       idle = 5000, requests = 10000;
	int           ready[2], until[2];
	uint16_t      port;

	if ((argc > 1 && !number_read(text_of(argv[1]), 1, 60000, &idle)) ||
	    (argc > 2 && !number_read(text_of(argv[2]), 100, 10000000, &requests)))
		return 2;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (pipe(ready) != 0 || pipe(until) != 0)
		return 1;
	const pid_t server = fork();

	if (server == 0) {
		close(until[1]);
		serve(ready[1], until[0]);
	}
	if (server < 0 || read(ready[0], &port, sizeof(port)) != sizeof(port))
		return 1;
	const double alone = measure("alone", port, (size_t)requests);
	int *const   fds = calloc((size_t)idle, sizeof(*fds));

	/* Each has been served once. */
	for (int64_t i = 0; i < idle; i++) {
		fds[i] = open_connection(port);
		ask(fds[i]);
	}
	const double beside = measure("beside", port, (size_t)requests);

	printf("%lld idle connections: %+.1f us\n", (long long)idle, beside - alone);
	close(until[1]);
	waitpid(server, NULL, 0);
	free(fds);
	return beside - alone > 1000 ? 1 : 0;
}
