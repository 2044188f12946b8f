/* Lists from elsewhere: limits of size and time, what is kept of them, and what is known of names from before. */
#include "proc/fetch.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "model/registry.h"
#include "proc/live_fetch.h"
#include "proc/live_find.h"
#include "proc/live_table.h"
#include "schema/schema.h"
#include "test.h"

#define REQUEST_MAX 2048

/* --- a server ------------------------------------------------------------------------------------------- */

struct server {
	int       fd;
	uint16_t  port;
	pthread_t thread;
	unsigned  asked;
};

static void
send_text(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		return;
}

static void
send_forever(int fd)
{
	char bytes[65536];

	memset(bytes, 'x', sizeof(bytes));
	while (send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL) > 0)
		;
}

static char away[128]; /* a redirection to another server */

/* /list: a list; /endless: more than anybody takes; /silent: nothing; /loop: somewhere else, again and again; else 404. */
static void
serve_one(int fd, const char *request)
{
	char more[8];

	if (strncmp(request, "GET /list ", 10) == 0)
		send_text(fd, "HTTP/1.0 200 OK\r\n\r\n# a list\n192.0.2.1\n198.51.100.0/24 a network\nnothing\n");
	else if (strncmp(request, "GET /other ", 11) == 0)
		send_text(fd, "HTTP/1.0 200 OK\r\n\r\n203.0.113.9\n");
	else if (strncmp(request, "GET /said ", 10) == 0)
		send_text(fd, "HTTP/1.0 200 OK\r\nContent-Length: 1000000\r\n\r\n");
	else if (strncmp(request, "GET /loop ", 10) == 0)
		send_text(fd, "HTTP/1.0 302 Found\r\nLocation: /loop\r\n\r\n");
	else if (strncmp(request, "GET /near ", 10) == 0)
		send_text(fd, "HTTP/1.0 302 Found\r\nLocation: /list\r\n\r\nnot this\n");
	else if (strncmp(request, "GET /away ", 10) == 0)
		send_text(fd, away);
	else if (strncmp(request, "GET /file ", 10) == 0)
		send_text(fd, "HTTP/1.0 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n");
	else if (strncmp(request, "GET /endless ", 13) == 0) {
		send_text(fd, "HTTP/1.0 200 OK\r\n\r\n");
		send_forever(fd);
	} else if (strncmp(request, "GET /silent ", 12) == 0) {
		while (recv(fd, more, sizeof(more), 0) > 0)
			;
	} else
		send_text(fd, "HTTP/1.0 404 Not Found\r\n\r\nno\n");
}

static void *
serve(void *context)
{
	struct server *server = context;
	int            fd;

	while ((fd = accept(server->fd, NULL, NULL)) >= 0) {
		char          request[REQUEST_MAX + 1] = "";
		const ssize_t got = recv(fd, request, REQUEST_MAX, 0);

		server->asked++;
		if (got > 0)
			serve_one(fd, request);
		close(fd);
	}
	return NULL;
}

static void
server_start(struct server *server)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t          len = sizeof(at);

	*server = (struct server){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	CHECK(bind(server->fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(server->fd, 8) == 0);
	CHECK(getsockname(server->fd, (struct sockaddr *)&at, &len) == 0);
	server->port = ntohs(at.sin_port);
	CHECK(pthread_create(&server->thread, NULL, serve, server) == 0);
}

static void
server_stop(struct server *server)
{
	shutdown(server->fd, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->fd);
}

/* --- fetching --------------------------------------------------------------------------------------------- */

static int64_t
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool
fetched(const struct server *server, const char *path, size_t bytes, long seconds, struct buffer *body)
{
	scoped_arena       arena = arena_new();
	const struct fetch fetch = { .url = arena_print(arena, "http://127.0.0.1:%u%s", server->port, path), .about = "a test",
				     .bytes = bytes, .seconds = seconds };

	return fetch_url(&fetch, body);
}

TEST(a_url_is_shown_without_its_credentials)
{
	static const char *const cases[][2] = {
		{ "http://lists.example/a?b", "http://lists.example/a?***" },
		{ "https://user:secret@lists.example:8443/a", "https://***@lists.example:8443/a" },
		{ "https://user:sec@ret/x@lists.example/a?token=secret", "https://***@lists.example/a?***" },
		{ "user:secret@lists.example", "***@lists.example" },
		{ "http://lists.example/list.txt", "http://lists.example/list.txt" },
		{ "", "" },
	};
	scoped_arena arena = arena_new();

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_STRING(fetch_shown(arena, cases[i][0]), cases[i][1]);
}

/* What is logged goes to standard error: nothing of the credentials may be there. */
TEST(what_is_logged_of_a_failure_has_no_credentials)
{
	scoped_buffer      said = BUFFER_NONE, body = BUFFER_NONE;
	const struct fetch fetch = { .url = "http://joe:hunter2@127.0.0.1:1/list?key=hunter3", .about = "a test" };
	const int          kept = dup(STDERR_FILENO), fd = memfd_create("log", MFD_CLOEXEC);
	char               piece[4096];
	ssize_t            got;

	CHECK(kept >= 0 && fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	CHECK(!fetch_url(&fetch, &body));
	fflush(stderr);
	CHECK(dup2(kept, STDERR_FILENO) >= 0 && lseek(fd, 0, SEEK_SET) == 0);
	while ((got = read(fd, piece, sizeof(piece))) > 0)
		buffer_add(&said, (struct text){ piece, (size_t)got });
	close(kept);
	close(fd);
	CHECK(text_contains(buffer_text(&said), TEXT("***@127.0.0.1:1/list?***")));
	CHECK(!text_contains(buffer_text(&said), TEXT("hunter")));
}

/* A header that only one server is to know. */
TEST(a_secret_header_is_not_told_to_other_servers)
{
	struct server server, other;
	scoped_arena  arena = arena_new();
	scoped_buffer near = BUFFER_NONE, body = BUFFER_NONE;

	server_start(&server);
	server_start(&other);
	snprintf(away, sizeof(away), "HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:%u/list\r\n\r\n", other.port);
	struct fetch fetch = { .url = arena_print(arena, "http://127.0.0.1:%u/near", server.port), .about = "a test",
			       .header = "X-Key: secret" };

	CHECK(fetch_url(&fetch, &near));
	CHECK(text_starts(buffer_text(&near), TEXT("# a list")));
	fetch.url = arena_print(arena, "http://127.0.0.1:%u/away", server.port);
	CHECK(!fetch_url(&fetch, &body));
	CHECK_NUMBER(other.asked, 0);
	fetch.header = NULL;
	buffer_cut(&body, 0);
	CHECK(fetch_url(&fetch, &body));
	CHECK_NUMBER(other.asked, 1);
	fetch.header = "X-Key: secret";
	fetch.url = arena_print(arena, "http://127.0.0.1:%u/loop", server.port);
	CHECK(!fetch_url(&fetch, &body));
	server_stop(&server);
	server_stop(&other);
}

TEST(a_fetch_can_be_called_off)
{
	struct server       server;
	scoped_buffer       body = BUFFER_NONE;
	scoped_arena        arena = arena_new();
	const _Atomic(bool) stop = true;

	server_start(&server);
	const struct fetch fetch = { .url = arena_print(arena, "http://127.0.0.1:%u/silent", server.port), .about = "a test",
				     .seconds = 3600, .stop = &stop };

	CHECK(!fetch_url(&fetch, &body));
	server_stop(&server);
}

TEST(a_list_is_fetched_up_to_its_limits)
{
	struct server server;
	scoped_buffer body = BUFFER_NONE;

	server_start(&server);
	CHECK(fetched(&server, "/list", 0, 0, &body));
	CHECK(text_starts(buffer_text(&body), TEXT("# a list\n")));
	const size_t size = body.len;

	/* Exactly so much, and one less. */
	buffer_cut(&body, 0);
	CHECK(fetched(&server, "/list", size, 0, &body));
	buffer_cut(&body, 0);
	CHECK(!fetched(&server, "/list", size - 1, 0, &body));
	CHECK(body.len <= size - 1);
	buffer_cut(&body, 0);
	CHECK(!fetched(&server, "/said", 999999, 0, &body));
	CHECK(!fetched(&server, "/gone", 0, 0, &body));
	CHECK(!fetched(&server, "/loop", 0, 0, &body));
	CHECK(!fetched(&server, "/file", 0, 0, &body));
	server_stop(&server);
	CHECK(!fetched(&server, "/list", 0, 0, &body));
}

TEST(a_server_that_never_ends_is_left)
{
	struct server server;
	scoped_buffer body = BUFFER_NONE;
	const int64_t begin = milliseconds();

	server_start(&server);
	CHECK(!fetched(&server, "/endless", 1000000, 0, &body));
	CHECK(body.len <= 1000000);
	CHECK(!fetched(&server, "/silent", 0, 1, &body));
	CHECK(milliseconds() - begin < 50000); /* it would be 60 s */
	server_stop(&server);
}

/* --- lists of aliases --------------------------------------------------------------------------------------- */

struct place {
	char           path[64];
	int            fd;
	struct schema *schema;
	struct arena  *arena;
};

static void
place_make(struct place *place)
{
	*place = (struct place){ .path = "/tmp/drawbridge-lists-XXXXXX", .arena = arena_new(),
				 .schema = schema_new(registry, registry_count) };
	CHECK(mkdtemp(place->path));
	place->fd = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
place_end(struct place *place)
{
	int folder = fetch_folder(place->fd, LISTS_FOLDER);

	unlinkat(folder, "names", 0);
	close(folder);
	CHECK(unlinkat(place->fd, LISTS_FOLDER, AT_REMOVEDIR) == 0);
	CHECK(rmdir(place->path) == 0);
	close(place->fd);
	schema_free(place->schema);
	arena_free(place->arena);
}

static const struct record *
url_alias(struct place *place, const struct server *server, const char *first, const char *second)
{
	struct record *record = record_make(place->arena, schema_named(place->schema, "firewall.alias"));

	record_set(record, "name", "listed");
	record_set(record, "type", "urltable");
	record_set(record, "content", arena_print(place->arena, "http://127.0.0.1:%u%s%s%s%s", server->port, first, second ? "\n" : "",
		second ? arena_print(place->arena, "http://127.0.0.1:%u", server->port) : "", second ? second : ""));
	snprintf(record->uuid, sizeof(record->uuid), "00000000-0000-4000-8000-000000000001");
	return record;
}

static size_t
count_of(struct finding finding)
{
	const size_t count = finding.is_found ? finding.count : SIZE_MAX;

	arena_free(finding.arena);
	return count;
}

TEST(what_was_fetched_is_kept_for_as_long_as_it_is_asked_for)
{
	struct place  place;
	struct server server;

	place_make(&place);
	server_start(&server);
	const struct record *one = url_alias(&place, &server, "/list", NULL), *two = url_alias(&place, &server, "/list", "/other");
	const struct record *other = url_alias(&place, &server, "/other", NULL);

	CHECK(count_of(find_kept_list(place.fd, one)) == SIZE_MAX);
	CHECK_NUMBER(count_of(find_list(place.fd, one)), 2);
	CHECK_NUMBER(count_of(find_list(place.fd, two)), 3);
	CHECK(count_of(find_list(-1, other)) == 1);
	server_stop(&server);
	/* Nobody answers any more; and who starts again need not ask. */
	CHECK_NUMBER(count_of(find_list(place.fd, two)), 3);
	CHECK_NUMBER(count_of(find_kept_list(place.fd, one)), 2);
	CHECK(count_of(find_list(-1, one)) == SIZE_MAX);
	live_fetch_forget(place.fd, two, one);
	CHECK_NUMBER(count_of(find_kept_list(place.fd, two)), 2);
	CHECK(count_of(find_kept_list(place.fd, other)) == SIZE_MAX);
	live_fetch_forget(place.fd, one, NULL);
	CHECK(count_of(find_kept_list(place.fd, one)) == SIZE_MAX);
	place_end(&place);
}

/* --- names ---------------------------------------------------------------------------------------------------- */

TEST(names_are_known_from_before)
{
	struct place         place;
	struct kept_names   *names;
	struct finding       found;
	const struct address addresses[] = { { FAMILY_INET, { 192, 0, 2, 1 } }, { FAMILY_INET6, { 0x20, 1, 0xd, 0xb8 } } };

	place_make(&place);
	names = kept_names_open(place.fd);
	CHECK(!kept_names_find(names, "a.example").is_found);
	kept_names_begin(names);
	kept_names_add(names, "a.example", addresses, 2);
	kept_names_add(names, "none.example", NULL, 0);
	kept_names_write(names);
	kept_names_close(names);
	names = kept_names_open(place.fd);
	found = kept_names_find(names, "a.example");
	CHECK(found.is_found);
	CHECK_NUMBER(found.count, 2);
	CHECK(address_compare(&found.addresses[0], &addresses[0]) == 0);
	arena_free(found.arena);
	CHECK_NUMBER(count_of(kept_names_find(names, "none.example")), 0);
	CHECK(!kept_names_find(names, "b.example").is_found);
	kept_names_close(names);
	place_end(&place);
}

TEST(a_file_of_names_may_hold_anything)
{
	struct place       place;
	struct kept_names *names;

	place_make(&place);
	fetch_keep(fetch_folder(place.fd, LISTS_FOLDER), "names", TEXT("\n \n../x 1.2.3.4\na.example 1.2.3.4 nothing 1.2.3\nb.example\n\x01\x02"));
	names = kept_names_open(place.fd);
	CHECK_NUMBER(count_of(kept_names_find(names, "a.example")), 1);
	CHECK_NUMBER(count_of(kept_names_find(names, "b.example")), 0);
	CHECK(!kept_names_find(names, "../x").is_found);
	kept_names_close(names);
	place_end(&place);
}

/* --- the table -------------------------------------------------------------------------------------------------- */

static void
count_dropped(void *context, const struct entry *entry)
{
	(void)entry;
	++*(unsigned *)context;
}

TEST(a_meaning_is_kept_until_there_is_another)
{
	static struct live_table table;
	bool                     is_new;
	unsigned                 dropped = 0;
	struct entry            *entry = live_table_want(&table, ENTRY_NAME, TEXT("a.example"), &is_new);
	struct finding           first = { .arena = arena_new(), .hash = 1, .is_found = true, .count = 1 };
	struct finding           same = { .arena = arena_new(), .hash = 1, .is_found = true, .count = 1 };
	struct finding           nothing = { .arena = arena_new() }, other = { .arena = arena_new(), .hash = 2, .is_found = true };

	CHECK(is_new);
	CHECK_NUMBER(table.untried, 1);
	CHECK(live_table_want(&table, ENTRY_NAME, TEXT("a.example"), &is_new) == entry && !is_new);
	CHECK(live_table_want(&table, ENTRY_LIST, TEXT("a.example"), &is_new) != entry && is_new);
	CHECK(live_table_due(&table, ENTRY_NAME, 0) == entry);
	live_table_tried(&table, entry, 100);
	live_table_tried(&table, entry, 100);
	CHECK_NUMBER(table.untried, 1);
	CHECK(!live_table_due(&table, ENTRY_NAME, 99));
	CHECK(live_table_due(&table, ENTRY_NAME, 100) == entry);
	CHECK(live_table_take(&table, entry, &first));
	const uint64_t stamp = entry->stamp;

	CHECK(!live_table_take(&table, entry, &same));
	CHECK(!live_table_take(&table, entry, &nothing));
	CHECK_NUMBER(entry->means.count, 1);
	CHECK(live_table_take(&table, entry, &other));
	CHECK(entry->stamp > stamp);
	live_table_hurry(&table, entry);
	CHECK_NUMBER(table.untried, 2);
	live_table_want_none(&table);
	live_table_want(&table, ENTRY_NAME, TEXT("a.example"), &is_new);
	live_table_drop(&table, count_dropped, &dropped);
	CHECK_NUMBER(dropped, 1);
	CHECK_NUMBER(table.count, 1);
	CHECK(!live_table_next(&table, live_table_next(&table, NULL)));
	live_table_want_none(&table);
	live_table_drop(&table, count_dropped, &dropped);
	CHECK_NUMBER(table.untried, 0);
	live_table_bury_all(&table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_is_shown_without_its_credentials),
		cmocka_unit_test(what_is_logged_of_a_failure_has_no_credentials),
		cmocka_unit_test(a_secret_header_is_not_told_to_other_servers),
		cmocka_unit_test(a_fetch_can_be_called_off), cmocka_unit_test(a_list_is_fetched_up_to_its_limits),
		cmocka_unit_test(a_server_that_never_ends_is_left),
		cmocka_unit_test(what_was_fetched_is_kept_for_as_long_as_it_is_asked_for),
		cmocka_unit_test(names_are_known_from_before),
		cmocka_unit_test(a_file_of_names_may_hold_anything),
		cmocka_unit_test(a_meaning_is_kept_until_there_is_another),
	};

	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
