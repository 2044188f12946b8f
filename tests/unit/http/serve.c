/* Requests and answers over a real socket: what a handler sees, keep-alive, deferring, ending. */
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "test.h"
#include "unit/http/client.h"

static const struct http_header plain[] = { { "Content-Type", "text/plain" }, { NULL, NULL } };

/* Say all that is known about the request. */
static void
describe(void *context, struct http_exchange *exchange)
{
	struct buffer        out = BUFFER_NONE;
	const struct text    agent = http_field(exchange, TEXT("x-TEST"));
	const struct address local = http_local(exchange);

	(void)context;
	buffer_print(&out, "%d %s [%s] [%s] [%s] [%.*s] [%s] peer=%s local=%s tls=%d unix=%d",
		     (int)http_method(exchange), http_method_text(exchange),
		     http_target(exchange).ptr, http_path(exchange).ptr, http_query(exchange).ptr,
		     TEXT_ARGS(agent), http_body(exchange).ptr, http_peer_text(exchange),
		     local.family ? address_print(http_arena(exchange), &local) : "-",
		     http_is_tls(exchange), http_is_unix(exchange));
	http_answer(exchange, 200, plain, &out);
}

TEST(a_handler_sees_the_whole_request)
{
	struct http_server *server = serve(describe, NULL, NULL);
	const int           fd = client_connect(server);
	scoped_buffer       out = BUFFER_NONE;

	CLIENT_SEND(fd, "POST /api/a%2Fb?x=1&y=%20 HTTP/1.1\r\nHost: a\r\nX-Test:  value "
			"\t\r\nContent-Length: 5\r\n\r\nhello");
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, "HTTP/1.1 200 OK\r\n") == out.bytes);
	CHECK(strstr(out.bytes, "\r\nContent-Type: text/plain\r\n"));
	CHECK(strstr(out.bytes,
		     "2 POST [/api/a%2Fb?x=1&y=%20] [/api/a%2Fb] [x=1&y=%20] [value] [hello] "
		     "peer=127.0.0.1 local=127.0.0.1 tls=0 unix=0"));
	close(fd);
	http_server_close(server, 0);
}

TEST(a_connection_serves_many_requests)
{
	struct http_server *server = serve(describe, NULL, NULL);
	const int           fd = client_connect(server);
	scoped_buffer       out = BUFFER_NONE;

	for (int i = 0; i < 100; i++) {
		CLIENT_SEND(fd, "GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
		CHECK(client_read_answer(fd, &out));
		CHECK(strstr(out.bytes, "0 GET [/one] [/one] [] [] []"));
	}
	/* Pipelined ones are answered in order. */
	CLIENT_SEND(fd, "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
			"chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
			"DELETE /b? HTTP/1.1\r\nHost: a\r\n\r\n"
			"BREW http://b/c HTTP/1.1\r\nHost: a\r\n\r\n");
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, "3 PUT [/a] [/a] [] [] [abcde]"));
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, "5 DELETE [/b?] [/b] [] [] []"));
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, "7 BREW [http://b/c] [/c] [] [] []"));
	CHECK_NUMBER(http_server_connections(server), 1);
	close(fd);
	http_server_close(server, 0);
}

TEST(an_old_client_is_closed_on)
{
	struct http_server *server = serve(describe, NULL, NULL);
	const int           fd = client_connect(server);
	scoped_buffer       out = BUFFER_NONE;
	bool                closed;

	CLIENT_SEND(fd, "GET / HTTP/1.0\r\n\r\n");
	client_read(fd, PATIENCE, &out, &closed);
	CHECK(closed);
	CHECK(strstr(out.bytes, "0 GET [/] [/]"));
	close(fd);
	http_server_close(server, 0);
}

static void
answer_static(void *context, struct http_exchange *exchange)
{
	static const struct http_header headers[] = {
		{ "X-Fine", "yes" },
		{ "X-Forged", "a\r\nX-Evil: b" },
		{ "X-Empty", "" },
		{ NULL, NULL },
	};

	(void)context;
	if (http_method(exchange) == HTTP_DELETE)
		http_answer(exchange, 204, NULL, NULL);
	else
		http_answer_static(exchange, 200, headers, TEXT("static"));
}

TEST(a_header_cannot_smuggle_another)
{
	struct http_server *server = serve(answer_static, NULL, NULL);
	const int           fd = client_connect(server);
	scoped_buffer       out = BUFFER_NONE;

	CLIENT_SEND(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, "X-Fine: yes\r\n"));
	CHECK(!strstr(out.bytes, "Evil"));
	CHECK(strstr(out.bytes, "\r\n\r\nstatic"));
	CLIENT_SEND(fd, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\nDELETE / HTTP/1.1\r\nHost: a\r\n\r\n");
	buffer_cut(&out, 0);
	CHECK(client_read_until(fd, "Content-Length: 6\r\n\r\nHTTP/1.1 204 ", &out));
	close(fd);
	http_server_close(server, 0);
}

#define MANY 60

/* Short ones, a long one, and one too long to be joined with others. */
static void
answer_many(void *context, struct http_exchange *exchange)
{
	struct http_header headers[MANY + 1] = { { NULL, NULL } };

	(void)context;
	for (size_t i = 0; i < MANY; i++) {
		const int len = i == 20 ? 1900 : i == 30 ? 2500 : (int)i + 1;

		headers[i].name =
			i % 7 == 3 ? "Set-Cookie" : arena_print(http_arena(exchange), "X-%zu", i);
		headers[i].value = arena_print(http_arena(exchange), "%0*zu", len, i);
	}
	http_answer_static(exchange, 200, headers, TEXT(""));
}

TEST(headers_come_out_as_they_were_given)
{
	struct http_server *server = serve(answer_many, NULL, NULL);
	const int           fd = client_connect(server);
	scoped_buffer       out = BUFFER_NONE, want = BUFFER_NONE;

	for (size_t i = 0; i < MANY; i++) {
		const int len = i == 20 ? 1900 : i == 30 ? 2500 : (int)i + 1;

		if (i % 7 == 3)
			buffer_add_string(&want, "Set-Cookie");
		else
			buffer_print(&want, "X-%zu", i);
		buffer_print(&want, ": %0*zu\r\n", len, i);
	}
	CLIENT_SEND(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, want.bytes));
	close(fd);
	http_server_close(server, 0);
}

/* A thread that answers what is put before it. */
struct desk {
	pthread_mutex_t       lock;
	pthread_cond_t        wake;
	struct http_exchange *waiting[64];
	size_t                count;
	bool                  ending;
	unsigned              delay;
	_Atomic unsigned      taken, finished, broken;
};

static void *
answer_later(void *context)
{
	struct desk *const desk = context;

	pthread_mutex_lock(&desk->lock);
	for (;;) {
		while (desk->count == 0 && !desk->ending)
			pthread_cond_wait(&desk->wake, &desk->lock);
		if (desk->count == 0)
			break;
		struct http_exchange *const exchange = desk->waiting[--desk->count];

		pthread_mutex_unlock(&desk->lock);
		struct buffer out = BUFFER_NONE;

		if (desk->delay)
			pause_for(desk->delay);
		buffer_print(&out, "later %s", http_path(exchange).ptr);
		http_answer(exchange, 200, plain, &out);
		pthread_mutex_lock(&desk->lock);
	}
	pthread_mutex_unlock(&desk->lock);
	return NULL;
}

static void
hand_over(void *context, struct http_exchange *exchange)
{
	struct desk *const desk = context;

	http_defer(exchange);
	pthread_mutex_lock(&desk->lock);
	BUG_IF(desk->count == COUNT(desk->waiting), "the desk is full");
	desk->waiting[desk->count++] = exchange;
	desk->taken++;
	pthread_cond_signal(&desk->wake);
	pthread_mutex_unlock(&desk->lock);
}

static void
count_finished(void *context, struct http_exchange *exchange, const struct http_outcome *outcome)
{
	struct desk *const desk = context;

	(void)exchange;
	atomic_fetch_add(outcome->complete ? &desk->finished : &desk->broken, 1);
}

static void
end_desk(struct desk *desk, pthread_t thread)
{
	pthread_mutex_lock(&desk->lock);
	desk->ending = true;
	pthread_cond_signal(&desk->wake);
	pthread_mutex_unlock(&desk->lock);
	pthread_join(thread, NULL);
}

static void
give_canned(void *context, struct http_exchange *exchange)
{
	http_answer_canned(exchange, context);
}

TEST(a_canned_answer_is_given_again_and_again)
{
	struct buffer       body = BUFFER_NONE;
	scoped_buffer       out = BUFFER_NONE;

	buffer_add_string(&body, "from a can");
	struct http_canned *canned = http_canned_new(200, plain, &body);
	struct http_server *server = serve(give_canned, canned, NULL);
	const int           fd = client_connect(server);

	http_canned_hold(canned);
	http_canned_release(canned);
	for (int i = 0; i < 3; i++) {
		CLIENT_SEND(fd, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
		CHECK(client_read_answer(fd, &out));
		CHECK(strstr(out.bytes, "\r\nContent-Type: text/plain\r\n"));
		CHECK(strstr(out.bytes, "\r\n\r\nfrom a can"));
	}
	close(fd);
	http_server_close(server, 0);
	http_canned_release(canned);
}

TEST(an_answer_may_come_later_from_another_thread)
{
	struct desk         desk = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER };
	struct http_server *server = serve_setup((struct http_setup){
		.threads = 2, .handler = hand_over, .finished = count_finished, .context = &desk });
	scoped_buffer       out = BUFFER_NONE;
	int                 fds[16];
	pthread_t           thread;

	pthread_create(&thread, NULL, answer_later, &desk);
	for (size_t i = 0; i < COUNT(fds); i++)
		fds[i] = client_connect(server);
	for (int round = 0; round < 50; round++) {
		for (size_t i = 0; i < COUNT(fds); i++)
			CLIENT_SEND(fds[i], "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
		for (size_t i = 0; i < COUNT(fds); i++) {
			CHECK(client_read_answer(fds[i], &out));
			CHECK(strstr(out.bytes, "later /x"));
		}
	}
	for (size_t i = 0; i < COUNT(fds); i++)
		close(fds[i]);
	http_server_close(server, 2000);
	CHECK_NUMBER(desk.finished, 50 * COUNT(fds));
	end_desk(&desk, thread);
}

TEST(a_client_may_vanish_while_its_answer_is_made)
{
	struct desk desk = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, .delay = 20 };
	struct http_server *server = serve_setup((struct http_setup){
		.threads = 2, .handler = hand_over, .finished = count_finished, .context = &desk });
	pthread_t           thread;

	pthread_create(&thread, NULL, answer_later, &desk);
	for (int i = 0; i < 10; i++) {
		const int           fd = client_connect(server);
		const struct linger reset = { 1, 0 };

		CLIENT_SEND(fd, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
		for (int k = 0; k < PATIENCE / 2 && desk.taken <= (unsigned)i; k++)
			pause_for(2);
		if (i % 2)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fd);
	}
	http_server_close(server, 0);
	CHECK_NUMBER(desk.finished + desk.broken, 10);
	end_desk(&desk, thread);
}

TEST(closing_waits_for_deferred_answers_and_ends_idle_connections)
{
	struct desk desk = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, .delay = 300 };
	struct http_server *server = serve_setup(
		(struct http_setup){ .threads = 2, .handler = hand_over, .context = &desk });
	const int     idle = client_connect(server), busy = client_connect(server);
	scoped_buffer out = BUFFER_NONE;
	bool          closed;
	pthread_t     thread;

	pthread_create(&thread, NULL, answer_later, &desk);
	CLIENT_SEND(busy, "GET /busy HTTP/1.1\r\nHost: a\r\n\r\n");
	while (desk.taken == 0)
		pause_for(2);
	http_server_quiesce(server);
	client_read(idle, PATIENCE, &out, &closed);
	CHECK(closed && out.len == 0);
	http_server_close(server, 5000);
	client_read(busy, PATIENCE, &out, &closed);
	CHECK(closed);
	CHECK(strstr(out.bytes, "later /busy"));
	CHECK(strstr(out.bytes, "Connection: close\r\n"));
	close(idle);
	close(busy);
	end_desk(&desk, thread);
}

TEST(connections_over_the_limit_wait_for_their_turn)
{
	const struct http_limits limits = { .connections = 2 };
	struct http_server      *server = serve(describe, NULL, &limits);
	int                      fds[3];
	scoped_buffer            out = BUFFER_NONE;
	bool                     closed;

	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = client_connect(server);
		CLIENT_SEND(fds[i], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
		if (i < 2)
			CHECK(client_read_answer(fds[i], &out));
	}
	buffer_cut(&out, 0);
	client_read(fds[2], 200, &out, &closed);
	CHECK(!closed && out.len == 0);
	close(fds[0]);
	CHECK(client_read_answer(fds[2], &out));
	CHECK_NUMBER(http_server_connections(server), 2);
	close(fds[1]);
	close(fds[2]);
	http_server_close(server, 0);
}

TEST(a_quiesced_server_is_not_there_for_new_clients)
{
	struct http_server      *server = serve(describe, NULL, NULL);
	const struct sockaddr_in name = { .sin_family = AF_INET,
					  .sin_port = htons(http_server_port(server, 0)),
					  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	http_server_quiesce(server);
	CHECK(connect(fd, (const void *)&name, sizeof(name)) != 0);
	http_server_quiesce(server);
	close(fd);
	http_server_close(server, 0);
}

struct seen {
	_Atomic uint64_t id;
	_Atomic unsigned status, bytes, count;
};

static void
see(void *context, struct http_exchange *exchange, const struct http_outcome *outcome)
{
	struct seen *const seen = context;

	seen->id = http_id(exchange);
	seen->status = outcome->status;
	seen->bytes = (unsigned)outcome->bytes;
	seen->count++;
	CHECK(strlen(http_id_text(exchange)) >= 10);
	CHECK(outcome->complete);
}

TEST(each_request_is_reported_with_its_number_and_size)
{
	struct seen         seen = { 0 };
	struct http_server *server = serve_setup((struct http_setup){
		.threads = 1, .handler = answer_static, .finished = see, .context = &seen });
	const int           fd = client_connect(server);
	scoped_buffer       out = BUFFER_NONE;

	for (unsigned i = 1; i <= 3; i++) {
		CLIENT_SEND(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
		CHECK(client_read_answer(fd, &out));
		while (seen.count < i)
			pause_for(1);
		CHECK_NUMBER(seen.id, i);
		CHECK_NUMBER(seen.status, 200);
		CHECK_NUMBER(seen.bytes, 6);
	}
	CLIENT_SEND(fd, "GET / HTTP/1.1\r\n\r\n");
	CHECK(client_read_answer(fd, &out));
	while (seen.count < 4)
		pause_for(1);
	CHECK_NUMBER(seen.status, 400);
	close(fd);
	http_server_close(server, 0);
}

static int
connect_unix(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	const int          fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(name.sun_path, path, strlen(path) + 1);
	CHECK_NUMBER(connect(fd, (const void *)&name, sizeof(name)), 0);
	return fd;
}

static void
say_user(void *context, struct http_exchange *exchange)
{
	struct buffer out = BUFFER_NONE;
	uid_t         user = 12345;
	const bool    known = http_peer_user(exchange, &user);

	(void)context;
	buffer_print(&out, "unix=%d known=%d user=%u peer=%s", http_is_unix(exchange), known, user,
		     http_peer_text(exchange));
	http_answer(exchange, 200, NULL, &out);
}

TEST(a_unix_socket_serves_and_tells_who_asks)
{
	char          directory[] = "/tmp/drawbridge-http-XXXXXX";
	scoped_arena  arena = arena_new();
	scoped_buffer out = BUFFER_NONE;
	struct stat   status;

	CHECK(mkdtemp(directory));
	const char *const        path = arena_print(arena, "%s/socket", directory);
	const struct http_listen listens[] = { { path }, { "127.0.0.1:0" } };
	struct http_server      *server = serve_setup((struct http_setup){
		     .listens = listens, .nlistens = 2, .threads = 1, .handler = say_user });
	const int                fd = connect_unix(path);

	CHECK_NUMBER(stat(path, &status), 0);
	CHECK_NUMBER(status.st_mode & 0777, 0660);
	CHECK_NUMBER(http_server_port(server, 0), 0);
	CHECK(http_server_port(server, 1) > 0);
	CLIENT_SEND(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, arena_print(arena, "unix=1 known=1 user=%u peer=unix", getuid())));
	close(fd);

	/* A second server is refused; the file is in use. */
	const char             *message = "";
	const struct http_setup second = { .listens = listens, .nlistens = 1, .handler = say_user };

	CHECK(!http_server_open(&second, arena, &message));
	CHECK(strstr(message, "in use"));
	http_server_close(server, 0);
	CHECK(stat(path, &status) != 0);
	CHECK_NUMBER(rmdir(directory), 0);
}

TEST(a_left_over_socket_file_is_replaced)
{
	char               directory[] = "/tmp/drawbridge-http-XXXXXX";
	scoped_arena       arena = arena_new();
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	CHECK(mkdtemp(directory));
	const char *const path = arena_print(arena, "%s/socket", directory);
	const int         left = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(name.sun_path, path, strlen(path) + 1);
	CHECK_NUMBER(bind(left, (const void *)&name, sizeof(name)), 0);
	close(left);
	const struct http_listen listens[] = { { path } };

	http_server_close(serve_setup((struct http_setup){
				  .listens = listens, .nlistens = 1, .handler = say_user }),
			  0);
	CHECK_NUMBER(rmdir(directory), 0);
}

TEST(a_listening_descriptor_can_be_passed)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int          passed = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	scoped_buffer      out = BUFFER_NONE;

	CHECK_NUMBER(bind(passed, (const void *)&name, sizeof(name)), 0);
	CHECK_NUMBER(listen(passed, 5), 0);
	const struct http_listen listens[] = { { .fd = passed } };
	struct http_server      *server = serve_setup(
		     (struct http_setup){ .listens = listens, .nlistens = 1, .handler = describe });
	const int fd = client_connect(server);

	CLIENT_SEND(fd, "GET /passed HTTP/1.1\r\nHost: a\r\n\r\n");
	CHECK(client_read_answer(fd, &out));
	CHECK(strstr(out.bytes, "[/passed]"));
	close(fd);
	http_server_close(server, 0);
}

TEST(an_address_that_cannot_be_is_refused_with_a_message)
{
	static const char *const wrong[] = { "",
					     ":80",
					     "localhost:80",
					     "127.0.0.1",
					     "127.0.0.1:70000",
					     "127.0.0.1:-1",
					     "::1:80",
					     "[::1]",
					     "[127.0.0.1]:80",
					     "192.0.2.1:80",
					     "[fe80::1%nodev]:80",
					     "/nonexistent/dir/socket" };
	scoped_arena             arena = arena_new();

	for (size_t i = 0; i < COUNT(wrong); i++) {
		const struct http_listen one = { wrong[i] };
		const struct http_setup  setup = { .listens = &one,
						   .nlistens = 1,
						   .handler = describe };
		const char              *message = "";

		CHECK(!http_server_open(&setup, arena, &message));
		CHECK(strstr(message, wrong[i]) == message && strchr(message, ':'));
	}
}

RUN(cmocka_unit_test(a_handler_sees_the_whole_request),
    cmocka_unit_test(a_connection_serves_many_requests),
    cmocka_unit_test(an_old_client_is_closed_on), cmocka_unit_test(a_header_cannot_smuggle_another),
    cmocka_unit_test(headers_come_out_as_they_were_given),
    cmocka_unit_test(a_canned_answer_is_given_again_and_again),
    cmocka_unit_test(an_answer_may_come_later_from_another_thread),
    cmocka_unit_test(a_client_may_vanish_while_its_answer_is_made),
    cmocka_unit_test(closing_waits_for_deferred_answers_and_ends_idle_connections),
    cmocka_unit_test(connections_over_the_limit_wait_for_their_turn),
    cmocka_unit_test(a_quiesced_server_is_not_there_for_new_clients),
    cmocka_unit_test(each_request_is_reported_with_its_number_and_size),
    cmocka_unit_test(a_unix_socket_serves_and_tells_who_asks),
    cmocka_unit_test(a_left_over_socket_file_is_replaced),
    cmocka_unit_test(a_listening_descriptor_can_be_passed),
    cmocka_unit_test(an_address_that_cannot_be_is_refused_with_a_message));
