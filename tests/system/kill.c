/*
 * The gate, the keeper or both are killed at a random moment, while clients write. Nothing that was
 * acknowledged is lost, nothing is there by half, and a gate that died is replaced.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/number.h"
#include "client.h"
#include "test.h"

#define WRITERS      4
#define BACK_LIMIT   60000 /* ms until somebody serves again */
#define ASK_LIMIT    10000 /* ms for an answer meanwhile; who died with the question closes the connection */
#define GONE_LIMIT   60000 /* ms until a gate without a keeper has ended */
#define WRITE_LIMIT  2000  /* ms a writer waits for an answer */
#define MOMENT_MAX   150   /* ms from the first write to the kill */
#define STEPS_MAX    4000

enum victim { GATE, KEEPER, BOTH, VICTIMS };

static unsigned rounds = 6;

struct writer {
	const struct instance *instance;
	pthread_t              thread;
	unsigned               number, round;
	atomic_bool           *is_over;
	unsigned               tried;
	bool                   is_kept[STEPS_MAX]; /* acknowledged */
	char                   uuid[2][40];
	unsigned               pair_kept; /* last acknowledged content of the pair */
};

static void
write_one(struct writer *writer, struct client *client, struct arena *arena)
{
	const unsigned step = writer->tried++;
	const char    *format = writer->number % 2 ? "{\"alias\":{\"name\":\"k_%u_%u_%u\",\"type\":\"host\",\"content\":\"192.0.2.1\"}}"
						   : "{\"name\":\"k_%u_%u_%u\",\"type\":\"host\",\"address\":[\"192.0.2.1\"],\"apply\":false}";
	const char    *path = writer->number % 2 ? "/api/firewall/alias/add_item" : "/api/v1/firewall/alias";
	struct answer  answer = post(client, arena, path, arena_print(arena, format, writer->round, writer->number, step));

	writer->is_kept[step] = answer.status == 200;
	answer = post(client, arena, "/api/firewall/alias/set",
		arena_print(arena, "{\"alias\":{\"aliases\":{\"alias\":{\"%s\":{\"content\":\"10.0.%u.%u\"},\"%s\":"
			"{\"content\":\"10.0.%u.%u\"}}}}}", writer->uuid[0], step / 256, step % 256, writer->uuid[1], step / 256,
			step % 256));
	if (answer.status == 200)
		writer->pair_kept = step;
}

static void *
write_on(void *context)
{
	struct writer *writer = context;
	struct client *client = client_new(writer->instance);

	client->limit = WRITE_LIMIT;
	while (!atomic_load(writer->is_over) && writer->tried < STEPS_MAX) {
		scoped_arena arena = arena_new();

		write_one(writer, client, arena);
	}
	client_free(client);
	return NULL;
}

static void
make_pair(struct writer *writer, struct client *client, struct arena *arena)
{
	for (unsigned half = 0; half < 2; half++) {
		const struct value *said = must_post(client, arena, "/api/firewall/alias/add_item",
			arena_print(arena, "{\"alias\":{\"name\":\"pair_%u_%u_%u\",\"type\":\"host\",\"content\":\"10.0.0.0\"}}",
				writer->round, writer->number, half));

		snprintf(writer->uuid[half], sizeof(writer->uuid[half]), "%s", at(arena, said, "uuid"));
	}
}

/* --- after it -------------------------------------------------------------------------------------------- */

static bool
has_name(struct arena *arena, const struct value *rows, const char *name)
{
	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(arena, value_at(rows, i), "name"), name) == 0)
			return true;
	return false;
}

static void
check_pair(struct writer *writer, struct client *client, struct arena *arena)
{
	char     content[2][64];
	unsigned high, low;

	for (unsigned half = 0; half < 2; half++) {
		const struct value *rows = value_get(must_get(client, arena, arena_print(arena,
			"/api/firewall/alias/search_item?searchPhrase=pair_%u_%u_%u", writer->round, writer->number, half)), "rows");

		snprintf(content[half], sizeof(content[half]), "%s", at(arena, rows, "0.content"));
	}
	CHECK_STRING(content[0], content[1]);
	CHECK_NUMBER(sscanf(content[0], "10.0.%u.%u", &high, &low), 2);
	/* Killed before the first try, it is as it was made. */
	CHECK(high * 256 + low >= writer->pair_kept && (high * 256 + low < writer->tried || writer->tried == 0));
}

static unsigned
check_writer(struct writer *writer, struct client *client, struct arena *arena)
{
	const struct value *rows = value_get(must_get(client, arena, arena_print(arena,
		"/api/firewall/alias/search_item?searchPhrase=k_%u_%u_", writer->round, writer->number)), "rows");
	unsigned            kept = 0;

	for (unsigned step = 0; step < writer->tried; step++) {
		char name[64];

		snprintf(name, sizeof(name), "k_%u_%u_%u", writer->round, writer->number, step);
		if (writer->is_kept[step] && !has_name(arena, rows, name))
			fail_msg("%s was acknowledged and is lost", name);
		kept += writer->is_kept[step];
	}
	check_pair(writer, client, arena);
	return kept;
}

/* Until somebody answers: how many ms it took. */
static int64_t
wait_until_served(struct client *client)
{
	const int64_t begin = milliseconds();
	long          status;

	client->limit = ASK_LIMIT;
	do {
		scoped_arena arena = arena_new();

		status = get(client, arena, "/api/firewall/alias/search_item?rowCount=1").status;
	} while (status != 200 && milliseconds() < begin + BACK_LIMIT);
	client->limit = BACK_LIMIT;
	CHECK_NUMBER(status, 200);
	return milliseconds() - begin;
}

/* --- killing ------------------------------------------------------------------------------------------------ */

static void
kill_victim(struct instance *instance, enum victim victim)
{
	const pid_t gate = instance_gate(instance);

	CHECK(gate > 0);
	if (victim == GATE) {
		kill(gate, SIGKILL);
	} else if (victim == BOTH) {
		instance_kill(instance);
	} else {
		instance_kill_keeper(instance);
		if (gate_wait(gate, GONE_LIMIT) < 0)
			fail_msg("a gate without a keeper is still there after %d ms", GONE_LIMIT);
	}
}

static void
run_round(struct instance *instance, enum victim victim, unsigned round)
{
	static struct writer writers[WRITERS];
	scoped_arena         arena = arena_new();
	struct client       *client = client_new(instance);
	atomic_bool          is_over = false;
	unsigned             kept = 0;

	for (unsigned i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ .instance = instance, .number = i, .round = round, .is_over = &is_over };
		make_pair(&writers[i], client, arena);
	}
	for (unsigned i = 0; i < WRITERS; i++)
		CHECK_NUMBER(pthread_create(&writers[i].thread, NULL, write_on, &writers[i]), 0);
	wait_a_little((int)(random() % MOMENT_MAX));
	kill_victim(instance, victim);
	atomic_store(&is_over, victim != GATE);
	if (victim != GATE)
		instance_start(instance);
	const int64_t took = wait_until_served(client);

	atomic_store(&is_over, true);
	for (unsigned i = 0; i < WRITERS; i++)
		pthread_join(writers[i].thread, NULL);
	for (unsigned i = 0; i < WRITERS; i++)
		kept += check_writer(&writers[i], client, arena);
	printf("system: %s killed: %u writes kept, served again after %lld ms\n",
	       victim == GATE ? "gate" : victim == KEEPER ? "keeper" : "both", kept, (long long)took);
	client_free(client);
}

TEST(nothing_acknowledged_is_lost_when_processes_are_killed)
{
	const unsigned   seed = (unsigned)time(NULL);
	struct instance *instance = instance_lasting(false);

	printf("system: seed %u\n", seed);
	srandom(seed);
	instance_start(instance);
	for (unsigned round = 0; round < rounds; round++)
		run_round(instance, round % VICTIMS, round);
	instance_stop(instance);
	instance_free(instance);
}

TEST(a_gate_that_dies_is_replaced_and_keeps_the_login)
{
	scoped_arena     arena = arena_new();
	struct instance *instance = instance_plain("sandbox");
	struct client   *client = client_new(instance);

	must_post(client, arena, "/api/firewall/alias/add_item",
		  "{\"alias\":{\"name\":\"kept\",\"type\":\"host\",\"content\":\"192.0.2.1\"}}");
	must_post(client, arena, "/api/firewall/filter/apply", "{}");
	kill(instance_gate(instance), SIGKILL);
	wait_until_served(client);
	/* Ephemeral as it is, it goes on from what was acknowledged. */
	must_get(client, arena, "/api/firewall/alias/search_item?searchPhrase=kept");
	CHECK(strstr(client->body.bytes, "\"name\":\"kept\"") != NULL);
	must_post(client, arena, "/api/firewall/filter/apply", "{}");
	client_free(client);
	instance_stop(instance);
	instance_free(instance);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_acknowledged_is_lost_when_processes_are_killed),
		cmocka_unit_test(a_gate_that_dies_is_replaced_and_keeps_the_login),
	};

	instance_programs(argc, argv);
	if (argc > 3 && strcmp(argv[3], "long") == 0)
		rounds = 60;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
