/*
 * The reference for all benchmarks of ours over HTTP: libmicrohttpd alone, as lean as it can be
 * used, with a canned reply of 400 bytes. usage: http_bare PORT [THREADS [BYTES]]; serves until
 * its standard input ends.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/number.h"

#define REPLY_BYTES 400
#define REPLY_MAX   (16 * 1024 * 1024)

static enum MHD_Result
answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *upload, size_t *upload_size, void **seen)
{
	static int mark;

	(void)url, (void)method, (void)version, (void)upload, (void)upload_size;
	if (!*seen) {
		*seen = &mark;
		return MHD_YES;
	}
	return MHD_queue_response(connection, MHD_HTTP_OK, context);
}

int
main(int argc, char **argv)
{
	static char        reply[REPLY_MAX] = "{\"rows\":[\"";
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int64_t            port, threads = 2, bytes = REPLY_BYTES;
	char               byte;

	if (argc < 2 || !number_read(text_of(argv[1]), 1, 65535, &port) ||
	    (argc > 2 && !number_read(text_of(argv[2]), 1, 64, &threads)) ||
	    (argc > 3 && !number_read(text_of(argv[3]), 20, REPLY_MAX - 1, &bytes)))
		return 2;
	name.sin_port = htons((uint16_t)port);
	memset(reply + strlen(reply), 'x', (size_t)bytes - strlen(reply) - 3);
	memcpy(reply + bytes - 3, "\"]}", 3);

	struct MHD_Response *const response =
		MHD_create_response_from_buffer((size_t)bytes, reply, MHD_RESPMEM_PERSISTENT);

	MHD_add_response_header(response, "Content-Type", "application/json; charset=UTF-8");

	struct MHD_Daemon *const daemon = MHD_start_daemon(
		MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL, 0, NULL, NULL, answer, response,
		MHD_OPTION_SOCK_ADDR, &name, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)threads,
		MHD_OPTION_CONNECTION_LIMIT, 8192U, MHD_OPTION_END);

	if (!daemon)
		return 1;
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	MHD_stop_daemon(daemon);
	MHD_destroy_response(response);
	return 0;
}
