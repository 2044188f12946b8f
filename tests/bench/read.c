/*
 * Reading over HTTP with credentials: one alias, and 20 found among 10,000, in both dialects, against a canned
 * reply of the same size from libmicrohttpd alone on the same cores. usage: read DAEMON BARE
 */
#include <stdio.h>
#include <unistd.h>

#include "bench/rig.h"

#define CONNECTIONS 16
#define ROUNDS      3
#define SECONDS     0.6
#define SINGLE      2000
#define SEARCHES    60

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
	rig_end(&rig);
	rig = rig_daemon(argv[1], lots);
	search(arena, "search among 10,000 aliases: phrase, order, 20 rows; OPNsense", &rig, argv[2], true);
	search(arena, "search among 10,000 aliases: two filters; pfSense", &rig, argv[2], false);
	rig_end(&rig);
	return 0;
}
