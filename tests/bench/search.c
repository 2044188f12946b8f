/* What a search over 10 000 rules costs the gate, from the request to the reply. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "scenario/opnsense_client.h"

#define RULES 10000
#define TURNS 30

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void
put_rules(struct client *client)
{
	const struct schema *schema = harness_service(client->harness)->schema;
	struct snapshot     *draft = snapshot_new(schema);
	scoped_arena         arena = arena_new();

	for (int i = 0; i < RULES; i++) {
		struct record    *rule = record_make(arena, schema_named(schema, "firewall.rule"));
		const struct uuid uuid = uuid_new();

		memcpy(rule->uuid, uuid.text, sizeof(rule->uuid));
		rule->place = i;
		record_set(rule, "sequence", arena_print(arena, "%d", (i * 7919) % 999999 + 1));
		record_set(rule, "interface", i % 3 ? "lan" : "wan");
		record_set(rule, "source_net", arena_print(arena, "10.%d.%d.0/24", i / 250 % 250, i % 250));
		record_set(rule, "destination_net", i % 2 ? "any" : "192.168.1.0/24");
		record_set(rule, "destination_port", arena_print(arena, "%d", i % 60000 + 1));
		record_set(rule, "protocol", "TCP");
		record_set(rule, "description", arena_print(arena, "rule number %d for customer %d", i, i % 977));
		struct record *sealed = record_seal(rule);

		snapshot_put(draft, sealed);
		record_release(sealed);
	}
	harness_fill(client->harness, draft);
	snapshot_release(draft);
}

static void
measure(struct client *client, const char *what, const char *body)
{
	double best = 1e9;

	for (int i = 0; i < TURNS; i++) {
		struct client turn = { client->harness, arena_new(), 0 };
		const double  before = milliseconds();
		const struct answer answer = client_ask(&turn, METHOD_POST, "/api/firewall/filter/search_rule", body);
		const double  took = milliseconds() - before;

		if (answer.status != 200)
			printf("status %u\n", answer.status);
		best = took < best ? took : best;
		arena_free(turn.arena);
	}
	printf("search\t%s\t%.2f ms\t-\tno reference\n", what, best);
}

int
main(int argc, char **argv)
{
	scoped_arena  arena = arena_new();
	struct client client = { NULL, arena, 0 };

	if (argc < 2)
		return 2;
	client.harness = opnsense_setup(arena, arena_print(arena, "%s/opnsense", argv[1]));
	put_rules(&client);
	measure(&client, "first page of 10 000 rules", "{\"current\":1,\"rowCount\":20}");
	measure(&client, "phrase, first page", "{\"current\":1,\"rowCount\":20,\"searchPhrase\":\"customer 97\"}");
	measure(&client, "phrase and sort", "{\"current\":1,\"rowCount\":20,\"searchPhrase\":\"customer 97\","
					      "\"sort\":{\"description\":\"desc\"}}");
	measure(&client, "phrase that all match, sort", "{\"current\":1,\"rowCount\":20,\"searchPhrase\":\"rule\","
							 "\"sort\":{\"description\":\"asc\"}}");
	measure(&client, "all 10 000 rows", "{\"rowCount\":-1}");
	harness_free(client.harness);
	return 0;
}
