/* Any revision is listed, shown, compared with any other and restored, in the words of core/backup. */
#include "test.h"

#include <string.h>

#include "dialect/opnsense/opnsense.h"
#include "scenario/opnsense_client.h"

#define STEPS 4

static const char *vectors;

/* One alias more with each, and the first of them changed in the last; the name of each revision. */
static void
make_revisions(struct client *client, const char *names[STEPS])
{
	const char *first = "";

	for (unsigned i = 0; i < STEPS; i++) {
		harness_wait(client->harness, &opnsense_dialect, 1);
		if (i + 1 < STEPS) {
			const struct value *added = client_post(client, "/api/firewall/alias/add_item", arena_print(client->arena,
				"{\"alias\":{\"name\":\"step%u\",\"type\":\"host\",\"content\":\"192.0.2.%u\"}}", i, i + 1));

			CHECK_STRING(client_word(client, added, "result"), "saved");
			first = i == 0 ? client_word(client, added, "uuid") : first;
		} else {
			CHECK_STRING(client_word(client, client_post(client, arena_print(client->arena, "/api/firewall/alias/set_item/%s", first),
				"{\"alias\":{\"content\":\"198.51.100.99\"}}"), "result"), "saved");
		}
		names[i] = client_word(client, client_get(client, "/api/core/backup/backups/this"), "items.0.id");
		CHECK(strncmp(names[i], "config-", 7) == 0);
		CHECK(i == 0 || strcmp(names[i], names[i - 1]) != 0);
	}
}

static bool
differs_by(struct client *client, const char *old, const char *new, char sign, const char *part)
{
	const struct value *items =
		value_get(client_get(client, arena_print(client->arena, "/api/core/backup/diff/this/%s/%s", new, old)), "items");

	for (size_t i = 0; i < value_count(items); i++) {
		const char *line = value_as_string(client->arena, value_at(items, i));

		if (line[0] == sign && strncmp(line + 1, sign == '-' ? "--" : "++", 2) != 0 && strstr(line, part))
			return true;
	}
	return false;
}

static void
revert(struct client *client, const char *name)
{
	CHECK_STRING(client_word(client, client_post(client, arena_print(client->arena, "/api/core/backup/revert_backup/%s", name), "{}"),
				 "status"), "reverted");
}

static const struct record *
alias(struct client *client, const char *name)
{
	return collection_where(snapshot_named(harness_snapshot(client->harness), "firewall.alias"), "name", text_of(name));
}

static void
check_texts(struct client *client, const char *const names[STEPS])
{
	for (unsigned i = 0; i < STEPS; i++) {
		const struct answer got = client_ask(client, METHOD_GET,
			arena_print(client->arena, "/api/core/backup/download/this/%s", names[i]), NULL);

		CHECK_NUMBER(got.status, 200);
		for (unsigned k = 0; k + 1 < STEPS; k++)
			CHECK(text_contains(got.body, text_of(arena_print(client->arena, "<name>step%u</name>", k))) == (k <= i));
		CHECK(text_contains(got.body, TEXT("198.51.100.99")) == (i + 1 == STEPS));
	}
	CHECK(differs_by(client, names[0], names[2], '+', "step2") && differs_by(client, names[0], names[2], '+', "step1"));
	CHECK(!differs_by(client, names[0], names[2], '+', "step0") && !differs_by(client, names[0], names[2], '-', "step"));
	CHECK(differs_by(client, names[2], names[0], '-', "step2"));
	CHECK(differs_by(client, names[2], names[3], '-', "192.0.2.1") && differs_by(client, names[2], names[3], '+', "198.51.100.99"));
}

TEST(any_revision_is_shown_compared_and_restored)
{
	scoped_arena  arena = arena_new();
	struct client client = { opnsense_setup(arena, vectors), arena, 0 };
	const char   *names[STEPS];
	const size_t  before = client_count(&client, "firewall.alias");

	make_revisions(&client, names);
	check_texts(&client, names);
	const struct record *third = alias(&client, "step2");
	const char          *uuid = arena_copy(arena, text_of(third->uuid));

	/* Back, and forth again, each as a revision more, with the same records. */
	revert(&client, names[0]);
	CHECK_NUMBER(client_count(&client, "firewall.alias"), before + 1);
	CHECK_STRING(record_get(alias(&client, "step0"), "content"), "192.0.2.1");
	revert(&client, names[3]);
	CHECK_NUMBER(client_count(&client, "firewall.alias"), before + 3);
	CHECK_STRING(record_get(alias(&client, "step0"), "content"), "198.51.100.99");
	CHECK_STRING(alias(&client, "step2")->uuid, uuid);
	revert(&client, names[1]);
	CHECK_NUMBER(client_count(&client, "firewall.alias"), before + 2);
	CHECK_STRING(record_get(alias(&client, "step0"), "content"), "192.0.2.1");
	/* What is not there changes nothing. */
	CHECK_STRING(client_word(&client, client_post(&client, "/api/core/backup/revert_backup/config-1.0.xml", "{}"), "status"), "not_found");
	CHECK_NUMBER(client_count(&client, "firewall.alias"), before + 2);
	harness_free(client.harness);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(any_revision_is_shown_compared_and_restored) };

	scoped_arena arena = arena_new();

	CHECK(argc > 1);
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
