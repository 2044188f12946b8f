/*
 * Reading over HTTP with credentials: one alias, and 20 found among 10,000, in both dialects, against a canned
 * reply of the same size from libmicrohttpd alone on the same cores. usage: read DAEMON BARE
 */
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/rig.h"

#define CONNECTIONS 16
#define ROUNDS      3
#define SECONDS     0.6
#define SINGLE      2000
#define SEARCHES    60
#define WHOLE       7
#define IDLE        5000

#define UUID "a0000000-0000-4000-8000-000000000007"

/* Ours and the reference in turn, so that a busy moment of the machine meets both. */
static void
compare_load(struct arena *arena, const char *what, const struct rig *ours, const char *request, const char *bare_program)
{
	scoped_buffer body = BUFFER_NONE;
	const int     fd = rig_connect(ours);
	double        high, rates[ROUNDS], references[ROUNDS];

	if (rig_ask(fd, request, &body) != 200)
		rig_fail(buffer_string(&body));
	const char *many[SINGLE];

	for (size_t i = 0; i < SINGLE; i++)
		many[i] = request;
	const double single = rig_time(fd, many, SINGLE, &high);
	struct rig   bare = rig_bare(bare_program, body.len);

	close(fd);
	for (size_t i = 0; i < ROUNDS; i++) {
		rates[i] = rig_load(ours, request, CONNECTIONS, SECONDS);
		references[i] = rig_load(&bare, rig_request(arena, "/x", "", NULL, NULL), CONNECTIONS, SECONDS);
	}
	rig_end(&bare);
	rig_report(what, arena_print(arena, "%.0f/s", rig_median(rates, ROUNDS)),
		   arena_print(arena, "%.0f/s", rig_median(references, ROUNDS)), "libmicrohttpd alone, canned reply of the same size");
	rig_report(arena_print(arena, "%s: one at a time, median and 99th percentile", what),
		   arena_print(arena, "%s, %s", rig_print(arena, single), rig_print(arena, high)), "–", "–");
}

/* Each search is for something else: none of them is answered from what was kept of another. */
static void
search(struct arena *arena, const char *what, const struct rig *rig, const char *bare_program, bool opnsense)
{
	scoped_buffer body = BUFFER_NONE;
	const int     fd = rig_connect(rig);
	const char   *requests[SEARCHES], *canned[SEARCHES];
	double        high;

	for (unsigned i = 0; i < SEARCHES; i++)
		requests[i] = opnsense ? rig_request(arena, "/api/firewall/alias/search_item", RIG_KEY, "application/x-www-form-urlencoded",
						     arena_print(arena, "current=1&rowCount=20&searchPhrase=owned+%u&sort[description]=desc", 10 + i)) :
					 rig_request(arena, arena_print(arena, "/api/v1/firewall/alias?descr__contains=%u,%%20owned&name__startswith=host_", 300 + i),
						     RIG_PASSWORD, NULL, NULL);
	if (rig_ask(fd, requests[0], &body) != 200)
		rig_fail(buffer_string(&body));
	const double took = rig_time(fd, requests, SEARCHES, &high);
	struct rig   bare = rig_bare(bare_program, body.len);
	const int    reference = rig_connect(&bare);

	for (unsigned i = 0; i < SEARCHES; i++)
		canned[i] = rig_request(arena, "/x", "", NULL, NULL);
	const double least = rig_time(reference, canned, SEARCHES, NULL);

	close(fd);
	close(reference);
	rig_end(&bare);
	rig_report(what, rig_print(arena, took), rig_print(arena, least), "libmicrohttpd alone, canned reply of the same size");
}

/* What a request takes while so many others keep their connections open and say nothing. */
static void
beside_idle(struct arena *arena, const struct rig *rig)
{
	static int   idle[IDLE];
	const char  *request = rig_request(arena, "/api/firewall/alias/get_item/" UUID, RIG_KEY, NULL, NULL);
	const char  *many[SINGLE];
	double       high_alone, high;
	struct rlimit files = { IDLE + 100, IDLE + 100 };

	if (setrlimit(RLIMIT_NOFILE, &files) != 0) {
		fprintf(stderr, "not so many files may be open: idle connections are not measured\n");
		return;
	}
	for (size_t i = 0; i < SINGLE; i++)
		many[i] = request;
	const int    fd = rig_connect(rig);
	const double alone = rig_time(fd, many, SINGLE, &high_alone);

	for (size_t i = 0; i < IDLE; i++) {
		idle[i] = rig_connect(rig);
		rig_ask(idle[i], request, NULL);
	}
	const double beside = rig_time(fd, many, SINGLE, &high);

	rig_report(arena_print(arena, "GET one alias beside %u idle connections: median and 99th percentile", IDLE),
		   arena_print(arena, "%s, %s", rig_print(arena, beside), rig_print(arena, high)),
		   arena_print(arena, "%s, %s", rig_print(arena, alone), rig_print(arena, high_alone)), "the same without them");
	for (size_t i = 0; i < IDLE; i++)
		close(idle[i]);
	close(fd);
}

/* Everything of a list, and one object found in it by its number: not answered from what was kept. */
static void
whole_list(struct arena *arena, const struct rig *rig)
{
	const int   fd = rig_connect(rig);
	const char *requests[SEARCHES];

	for (unsigned i = 0; i < SEARCHES; i++)
		requests[i] = rig_request(arena, arena_print(arena, "/api/v1/firewall/alias?address=10.0.%u.%u", i, i * 3), RIG_PASSWORD, NULL, NULL);
	rig_report("one of 10,000 aliases by its address; pfSense", rig_print(arena, rig_time(fd, requests, SEARCHES, NULL)), "–", "–");
	for (unsigned i = 0; i < WHOLE; i++)
		requests[i] = rig_request(arena, arena_print(arena, "/api/v1/firewall/alias?name__startswith=host_&descr__contains=%.*s", (int)i, "server "),
					  RIG_PASSWORD, NULL, NULL);
	rig_report("all of 10,000 aliases through two filters; pfSense", rig_print(arena, rig_time(fd, requests, WHOLE, NULL)), "–", "–");
	close(fd);
}

int
main(int argc, char **argv)
{
	scoped_arena      arena = arena_new();
	const char *const few[] = { "--apply", "none", "--import", rig_file(arena, rig_config(arena, 10, 0, 0)), NULL };
	const char *const lots[] = { "--apply", "none", "--import", rig_file(arena, rig_config(arena, 10000, 0, 0)), NULL };

	if (argc < 3)
		return 2;
	struct rig rig = rig_daemon(argv[1], few);

	compare_load(arena, "GET one alias, OPNsense", &rig, rig_request(arena, "/api/firewall/alias/get_item/" UUID, RIG_KEY, NULL, NULL), argv[2]);
	compare_load(arena, "GET one alias, pfSense", &rig, rig_request(arena, "/api/v1/firewall/alias?name=host_7", RIG_PASSWORD, NULL, NULL), argv[2]);
	beside_idle(arena, &rig);
	rig_end(&rig);
	rig = rig_daemon(argv[1], lots);
	search(arena, "search among 10,000 aliases: phrase, order, 20 rows; OPNsense", &rig, argv[2], true);
	search(arena, "search among 10,000 aliases: two filters; pfSense", &rig, argv[2], false);
	whole_list(arena, &rig);
	rig_end(&rig);
	return 0;
}
