/*
 * Many clients of both dialects write at once while others read. Every acknowledged write is there exactly
 * once, nobody's is lost, and every reply shows one revision as a whole. What is deleted by its index, if nothing has
 * changed since it was looked for, is what was looked for.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "test.h"

#define WRITERS 64
#define READERS 4
#define PAIRS   2 /* two aliases that one request always sets to the same content */
#define READ_PAUSE 20 /* ms */
#define NAME    "alias_%u_%u" /* writer, step */

static unsigned steps = 6;

struct pair {
	char            uuid[2][40];
	_Atomic(int64_t) kept; /* the last acknowledged */
};

struct work {
	const struct instance *instance;
	pthread_t              thread;
	unsigned               number;
	bool                  *is_there; /* by step */
	struct pair           *pairs;
	atomic_bool           *is_over;
	unsigned               done;
	char                   trouble[2048]; /* "": none */
};

static void
complain(struct work *work, const char *what, const char *path, const struct answer *answer)
{
	if (!work->trouble[0])
		snprintf(work->trouble, sizeof(work->trouble), "%u: %s: %s: %ld %.1000s", work->number, what, path, answer->status,
			 answer->body.ptr);
}

/* --- writers ---------------------------------------------------------------------------------------------- */

static void
write_opnsense(struct work *work, struct client *client, struct arena *arena, unsigned step)
{
	const char   *body = arena_print(arena, "{\"alias\":{\"name\":\"" NAME "\",\"type\":\"host\",\"content\":\"192.0.2.%u\"}}",
					 work->number, step, step % 200 + 1);
	struct answer answer = post(client, arena, "/api/firewall/alias/add_item", body);

	work->is_there[step] = strcmp(at(arena, answer.json, "result"), "saved") == 0;
	if (!work->is_there[step])
		complain(work, "not saved", body, &answer);
	if (step % 3 != 0)
		return;
	const char *path = arena_print(arena, "/api/firewall/alias/del_item/%s", at(arena, answer.json, "uuid"));

	answer = post(client, arena, path, "{}");
	work->is_there[step] = false;
	if (strcmp(at(arena, answer.json, "result"), "deleted") != 0)
		complain(work, "not deleted", path, &answer);
}

static void
write_pfsense(struct work *work, struct client *client, struct arena *arena, unsigned step)
{
	const char   *body = arena_print(arena, "{\"name\":\"" NAME "\",\"type\":\"host\",\"address\":[\"192.0.2.%u\"],"
					 "\"apply\":false}", work->number, step, step % 200 + 1);
	struct answer answer = post(client, arena, "/api/v1/firewall/alias", body);

	work->is_there[step] = answer.status == 200;
	if (!work->is_there[step])
		complain(work, "not created", body, &answer);
	if (step % 3 != 0)
		return;
	body = arena_print(arena, "{\"id\":\"" NAME "\",\"apply\":false}", work->number, step);
	answer = ask(client, arena, "DELETE", "/api/v1/firewall/alias", body);
	work->is_there[step] = false;
	if (answer.status != 200)
		complain(work, "not deleted", body, &answer);
}

static void
write_pair(struct work *work, struct client *client, struct arena *arena, struct pair *pair, unsigned step)
{
	const char   *format = "{\"alias\":{\"aliases\":{\"alias\":{\"%s\":{\"content\":\"10.0.%u.%u\"},"
			       "\"%s\":{\"content\":\"10.0.%u.%u\"}}}}}";
	const char   *body = arena_print(arena, format, pair->uuid[0], step / 256, step % 256, pair->uuid[1], step / 256,
					 step % 256);
	struct answer answer = post(client, arena, "/api/firewall/alias/set", body);

	if (strcmp(at(arena, answer.json, "result"), "saved") != 0)
		complain(work, "pair not saved", body, &answer);
	else
		atomic_store(&pair->kept, step);
}

/* What was acknowledged is there for whoever asks next. */
static void
read_own(struct work *work, struct client *client, struct arena *arena, unsigned step)
{
	const char   *path = arena_print(arena, "/api/firewall/alias/get_alias_u_u_i_d/" NAME, work->number, step);
	struct answer answer = get(client, arena, path);

	if (!answer.json || (*at(arena, answer.json, "uuid") != '\0') != work->is_there[step])
		complain(work, "own write not seen", path, &answer);
}

static void *
write_all(void *context)
{
	struct work   *work = context;
	struct client *client = client_new(work->instance);

	for (unsigned step = 0; step < steps && !work->trouble[0]; step++) {
		scoped_arena arena = arena_new();

		if (work->number % 2)
			write_opnsense(work, client, arena, step);
		else
			write_pfsense(work, client, arena, step);
		if (work->number < PAIRS)
			write_pair(work, client, arena, &work->pairs[work->number], step);
		if (step % 5 == 0)
			read_own(work, client, arena, step);
		work->done++;
	}
	client_free(client);
	return NULL;
}

/* --- readers -------------------------------------------------------------------------------------------- */

static int64_t
step_of(const char *content)
{
	unsigned high, low;

	return sscanf(content, "10.0.%u.%u", &high, &low) == 2 ? (int64_t)high * 256 + low : -1;
}

/* Both aliases of a pair in a list of them: the step, which is the same; -1 when not. */
static int64_t
look_at_pair(struct arena *arena, const struct value *rows, const char *content, unsigned number)
{
	int64_t found[2] = { -1, -2 };

	for (size_t i = 0; i < value_count(rows); i++)
		for (unsigned half = 0; half < 2; half++) {
			char name[32];

			snprintf(name, sizeof(name), "pair_%u_%u", number, half);
			if (strcmp(at(arena, value_at(rows, i), "name"), name) == 0)
				found[half] = step_of(at(arena, value_at(rows, i), content));
		}
	return found[0] == found[1] ? found[0] : -1;
}

static void *
read_all(void *context)
{
	struct work   *work = context;
	struct client *client = client_new(work->instance);
	int64_t        seen[PAIRS] = { 0 };

	while (!atomic_load(work->is_over) && !work->trouble[0]) {
		scoped_arena        arena = arena_new();
		const bool          is_pfsense = (work->number + work->done++) % 2;
		const char         *path = is_pfsense ? "/api/v1/firewall/alias?name__startswith=pair_"
						      : "/api/firewall/alias/search_item?searchPhrase=pair_";
		int64_t             least[PAIRS];

		for (unsigned i = 0; i < PAIRS; i++)
			least[i] = atomic_load(&work->pairs[i].kept);
		const struct answer answer = get(client, arena, path);

		for (unsigned i = 0; i < PAIRS; i++) {
			const int64_t step = look_at_pair(arena, value_get(answer.json, is_pfsense ? "data" : "rows"),
							  is_pfsense ? "address" : "content", i);

			if (step < seen[i] || step < least[i])
				complain(work, step < 0 ? "torn" : "older than before", path, &answer);
			seen[i] = step;
		}
		wait_a_little(READ_PAUSE);
	}
	client_free(client);
	return NULL;
}

/* --- the whole --------------------------------------------------------------------------------------------- */

static void
make_pairs(struct client *client, struct arena *arena, struct pair *pairs)
{
	for (unsigned i = 0; i < PAIRS; i++)
		for (unsigned half = 0; half < 2; half++) {
			const struct value *said = must_post(client, arena, "/api/firewall/alias/add_item",
				arena_print(arena, "{\"alias\":{\"name\":\"pair_%u_%u\",\"type\":\"host\","
					"\"content\":\"10.0.0.0\"}}", i, half));

			snprintf(pairs[i].uuid[half], sizeof(pairs[i].uuid[half]), "%s", at(arena, said, "uuid"));
		}
}

static void
start(struct work *work, void *(*run)(void *))
{
	if (pthread_create(&work->thread, NULL, run, work) != 0)
		fail_msg("no thread");
}

/* How often a name is in a list. */
static unsigned
count_name(struct arena *arena, const struct value *rows, const char *name)
{
	unsigned count = 0;

	for (size_t i = 0; i < value_count(rows); i++)
		count += strcmp(at(arena, value_at(rows, i), "name"), name) == 0;
	return count;
}

static void
check_history(struct client *client, struct arena *arena, struct work *writers)
{
	const struct value *rows = value_get(must_get(client, arena, "/api/firewall/alias/search_item"), "rows");
	const struct value *data = value_get(must_get(client, arena, "/api/v1/firewall/alias"), "data");

	for (unsigned i = 0; i < WRITERS; i++)
		for (unsigned step = 0; step < steps; step++) {
			char name[64];

			snprintf(name, sizeof(name), NAME, i, step);
			if (count_name(arena, rows, name) != writers[i].is_there[step] ||
			    count_name(arena, data, name) != writers[i].is_there[step])
				fail_msg("%s is there %u and %u times instead of %d", name, count_name(arena, rows, name),
					 count_name(arena, data, name), writers[i].is_there[step]);
		}
}

TEST(writers_of_both_dialects_lose_nothing_and_readers_see_whole_revisions)
{
	static struct work writers[WRITERS], readers[READERS];
	scoped_arena       arena = arena_new();
	struct pair        pairs[PAIRS] = { 0 };
	atomic_bool        is_over = false;
	struct instance   *instance = instance_lasting(false);
	struct client     *client;
	unsigned           read = 0;

	instance_start(instance);
	client = client_new(instance);
	make_pairs(client, arena, pairs);
	const int64_t begin = milliseconds();

	for (unsigned i = 0; i < READERS; i++) {
		readers[i] = (struct work){ .instance = instance, .number = i, .pairs = pairs, .is_over = &is_over };
		start(&readers[i], read_all);
	}
	for (unsigned i = 0; i < WRITERS; i++) {
		writers[i] = (struct work){ .instance = instance, .number = i, .pairs = pairs };
		writers[i].is_there = ARENA_MAKE(arena, bool, steps);
		start(&writers[i], write_all);
	}
	for (unsigned i = 0; i < WRITERS; i++)
		pthread_join(writers[i].thread, NULL);
	const int64_t took = milliseconds() - begin;

	atomic_store(&is_over, true);
	for (unsigned i = 0; i < READERS; i++) {
		pthread_join(readers[i].thread, NULL);
		CHECK_STRING(readers[i].trouble, "");
		read += readers[i].done;
	}
	for (unsigned i = 0; i < WRITERS; i++)
		CHECK_STRING(writers[i].trouble, "");
	printf("system: %u writers: %u steps in %lld ms; meanwhile %u lists were read\n", WRITERS, WRITERS * steps,
	       (long long)took, read);
	check_history(client, arena, writers);
	client_free(client);
	instance_stop(instance);
	instance_free(instance);
}

/* --- by index ------------------------------------------------------------------------------------------------ */

#define TRIES_MAX 2000
#define ROUNDS    2
#define OWN_NAME  "own_%u_%u" /* client, round */

/* Where it stands in a list; -1: nowhere. */
static int64_t
index_of(struct arena *arena, const struct value *list, const char *name)
{
	for (size_t i = 0; i < value_count(list); i++)
		if (strcmp(at(arena, value_at(list, i), "name"), name) == 0)
			return (int64_t)i;
	return -1;
}

/* Look, and delete what stands there unless something has changed since. False: it had. */
static bool
delete_at_index(struct work *work, struct client *client, struct arena *arena, const char *name)
{
	client->tagged = true;
	const struct answer list = get(client, arena, "/api/v1/firewall/alias");
	const int64_t       index = index_of(arena, value_get(list.json, "data"), name);

	client->tagged = false;
	client->match = list.tag;
	if (index < 0 || !list.tag[0])
		complain(work, index < 0 ? "lost" : "no tag", name, &list);
	const char         *body = arena_print(arena, "{\"id\":%lld,\"apply\":false}", (long long)index);
	const struct answer answer = ask(client, arena, "DELETE", "/api/v1/firewall/alias", body);

	client->match = NULL;
	if (answer.status == 412)
		return false;
	if (answer.status != 200 || strcmp(at(arena, answer.json, "data.name"), name) != 0)
		complain(work, "another one deleted", body, &answer);
	work->done++;
	return true;
}

static void
create_and_delete(struct work *work, struct client *client, unsigned round)
{
	scoped_arena  arena = arena_new();
	const char   *name = arena_print(arena, OWN_NAME, work->number, round);
	const char   *filter = arena_print(arena, "/api/v1/firewall/alias?name=%s", name);
	struct answer answer = post(client, arena, "/api/v1/firewall/alias",
				    arena_print(arena, "{\"name\":\"%s\",\"type\":\"host\",\"address\":[\"192.0.2.9\"],\"apply\":false}", name));
	unsigned      tries = 0;

	if (answer.status != 200)
		complain(work, "not created", name, &answer);
	answer = get(client, arena, filter);
	if (value_count(value_get(answer.json, "data")) != 1)
		complain(work, "not found", filter, &answer);
	/* The last ones stay. */
	if (round == ROUNDS)
		return;
	for (bool gone = false; !gone && !work->trouble[0];) {
		scoped_arena turn = arena_new();

		gone = delete_at_index(work, client, turn, name);
		if (++tries == TRIES_MAX)
			complain(work, "never deleted", name, &answer);
	}
	answer = get(client, arena, filter);
	if (value_count(value_get(answer.json, "data")) != 0)
		complain(work, "still there", filter, &answer);
}

static void *
delete_by_index(void *context)
{
	struct work   *work = context;
	struct client *client = client_new(work->instance);

	for (unsigned round = 0; round <= ROUNDS && !work->trouble[0]; round++)
		create_and_delete(work, client, round);
	client_free(client);
	return NULL;
}

TEST(clients_that_delete_by_index_if_nothing_changed_delete_nothing_else)
{
	static struct work clients[WRITERS];
	scoped_arena       arena = arena_new();
	struct instance   *instance = instance_lasting(false);
	struct client     *client;
	unsigned           deleted = 0;

	instance_start(instance);
	client = client_new(instance);
	client->match = "\"never\"";
	CHECK(ask(client, arena, "POST", "/api/v1/firewall/alias", "{\"name\":\"no\",\"type\":\"host\",\"address\":[\"192.0.2.9\"]}").status == 412);
	CHECK(post(client, arena, "/api/firewall/alias/add_item", "{\"alias\":{\"name\":\"no\",\"type\":\"host\"}}").status == 412);
	client->match = NULL;
	for (unsigned i = 0; i < WRITERS; i++) {
		clients[i] = (struct work){ .instance = instance, .number = i };
		start(&clients[i], delete_by_index);
	}
	for (unsigned i = 0; i < WRITERS; i++)
		pthread_join(clients[i].thread, NULL);
	for (unsigned i = 0; i < WRITERS; i++) {
		CHECK_STRING(clients[i].trouble, "");
		deleted += clients[i].done;
	}
	CHECK_NUMBER(deleted, WRITERS * ROUNDS);
	const struct value *left = value_get(must_get(client, arena, "/api/v1/firewall/alias"), "data");

	for (unsigned i = 0; i < WRITERS; i++)
		CHECK_NUMBER(count_name(arena, left, arena_print(arena, OWN_NAME, i, ROUNDS)), 1);
	CHECK(index_of(arena, left, "no") < 0);
	client_free(client);
	instance_stop(instance);
	instance_free(instance);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clients_that_delete_by_index_if_nothing_changed_delete_nothing_else),
		cmocka_unit_test(writers_of_both_dialects_lose_nothing_and_readers_see_whole_revisions),
	};

	instance_programs(argc, argv);
	if (argc > 3 && strcmp(argv[3], "long") == 0)
		steps = 50;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
