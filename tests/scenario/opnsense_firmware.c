/* core/firmware: what the package manager said, in the words of this API. */
#include "test.h"

#include <string.h>

#include "scenario/opnsense_client.h"

static const char *vectors;

static struct client
client_new(struct arena *arena)
{
	return (struct client){ opnsense_setup(arena, vectors), arena, 0 };
}

static const char *
get_word(struct client *client, const char *target, const char *path)
{
	return client_word(client, client_get(client, target), path);
}

static const char *
post_word(struct client *client, const char *target, const char *path)
{
	return client_word(client, client_post(client, target, "{}"), path);
}

/* What a member of a list of objects says, where another has a value. */
static const char *
row_word(struct client *client, const struct value *rows, const char *name, const char *member)
{
	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(client_word(client, value_at(rows, i), "name"), name) == 0)
			return client_word(client, value_at(rows, i), member);
	return "(none)";
}

#define CHECK_DONE \
	"{\"state\":\"done\",\"action\":\"check\",\"began\":1764000000,\"log\":\"Inst libc6 [2.36-9] (2.36-10 Debian:12 [amd64])\\n" \
	"Inst fresh (1.0 Debian:12 [all])\\nRemv jq [1.6]\\n***DONE***\\n\"}"

TEST(nothing_is_known_before_the_first_check)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	CHECK_STRING(get_word(&client, "/api/core/firmware/status", "status"), "none");
	CHECK_STRING(get_word(&client, "/api/core/firmware/status", "product.product_version"), "26.1.11");
	CHECK_STRING(get_word(&client, "/api/core/firmware/status", "all_packages"), "(none)");
	CHECK_STRING(get_word(&client, "/api/core/firmware/running", "status"), "ready");
	CHECK_STRING(get_word(&client, "/api/core/firmware/upgradestatus", "status"), "done");
	CHECK_STRING(get_word(&client, "/api/core/firmware/info", "package.0.name"), "drawbridge");
	CHECK_STRING(post_word(&client, "/api/core/firmware/log/0", "status"), "failure");
	CHECK_STRING(get_word(&client, "/api/core/firmware/get_options", "families."), "(none)");
	harness_free(client.harness);
}

TEST(what_there_is_to_upgrade_is_what_the_last_check_said)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	harness_box(client.harness, "packages.status check", CHECK_DONE);
	harness_box(client.harness, "packages.status", CHECK_DONE);
	harness_box(client.harness, "packages.start", "true");
	const struct value *status = client_post(&client, "/api/core/firmware/status", "{}");

	CHECK_STRING(client_word(&client, status, "status"), "update");
	CHECK_STRING(client_word(&client, status, "status_msg"), "There are 3 updates available.");
	CHECK_STRING(client_word(&client, status, "status_reboot"), "1");
	CHECK_STRING(client_word(&client, status, "upgrade_packages.0.current_version"), "2.36-9");
	CHECK_STRING(client_word(&client, status, "upgrade_packages.0.new_version"), "2.36-10");
	CHECK_STRING(client_word(&client, status, "new_packages.0.version"), "1.0");
	CHECK_STRING(client_word(&client, status, "remove_packages.0.version"), "1.6");
	CHECK_STRING(client_word(&client, status, "all_packages.jq.reason"), "remove");
	CHECK_STRING(client_word(&client, status, "product.product_check.upgrade_packages.0.name"), "libc6");
	harness_box(client.harness, "packages.status check", "{\"state\":\"failed\",\"action\":\"check\",\"began\":1,\"log\":\"no\"}");
	CHECK_STRING(get_word(&client, "/api/core/firmware/status", "status"), "error");
	CHECK_STRING(get_word(&client, "/api/core/firmware/status", "connection"), "misconfigured");
	harness_free(client.harness);
}

TEST(packages_are_those_of_the_machine)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	harness_box(client.harness, "packages.file installed",
		    "{\"text\":\"Package: zsh\\nStatus: hold ok installed\\nVersion: 5.9\\nSection: shells\\nInstalled-Size: 12\\n"
		    "Description: a shell\\n with <b>\\n\"}");
	harness_box(client.harness, "packages.file automatic", "{\"text\":\"Package: zsh\\nAuto-Installed: 1\\n\"}");
	harness_box(client.harness, "packages.file copyright", "{\"text\":\"Do what you like.\"}");
	const struct value *rows = value_get(client_get(&client, "/api/core/firmware/info"), "package");

	CHECK_STRING(row_word(&client, rows, "zsh", "version"), "5.9");
	CHECK_STRING(row_word(&client, rows, "zsh", "locked"), "1");
	CHECK_STRING(row_word(&client, rows, "zsh", "automatic"), "1");
	CHECK_STRING(row_word(&client, rows, "zsh", "flatsize"), "12KiB");
	CHECK_STRING(post_word(&client, "/api/core/firmware/details/zsh", "details"), "a shell\nwith <b>");
	CHECK_NUMBER(value_count(client_post(&client, "/api/core/firmware/details/..%2f", "{}")), 0);
	CHECK_STRING(post_word(&client, "/api/core/firmware/license/zsh", "license"), "Do what you like.");
	CHECK_STRING(post_word(&client, "/api/core/firmware/changelog/1", "status"), "failure");
	harness_free(client.harness);
}

TEST(jobs_are_begun_or_refused)
{
	static const char *const jobs[] = { "check", "audit", "health", "connection", "cleanup", "update", "upgrade", "install/zsh",
					    "reinstall/zsh", "remove/zsh", "lock/zsh", "unlock/zsh", "reboot", "poweroff" };
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);

	for (size_t i = 0; i < COUNT(jobs); i++) {
		const char *target = arena_print(arena, "/api/core/firmware/%s", jobs[i]);

		CHECK_STRING(post_word(&client, target, "status"), "failure");
		CHECK_STRING(get_word(&client, target, "status"), "failure");
	}
	harness_box(client.harness, "packages.start", "true");
	harness_box(client.harness, "system.reboot", "{}");
	harness_box(client.harness, "system.halt", "{}");
	for (size_t i = 0; i < COUNT(jobs); i++) {
		const struct value *answer = client_post(&client, arena_print(arena, "/api/core/firmware/%s", jobs[i]), "{}");

		CHECK_STRING(client_word(&client, answer, "status"), "ok");
		CHECK(uuid_is_valid(text_of(client_word(&client, answer, "msg_uuid"))));
	}
	client_post(&client, "/api/core/firmware/install", "{}");
	CHECK_NUMBER(client.status, 404);
	harness_box(client.harness, "packages.status", "{\"state\":\"running\",\"action\":\"install\",\"began\":1,\"log\":\"so far\"}");
	CHECK_STRING(get_word(&client, "/api/core/firmware/upgradestatus", "log"), "so far");
	CHECK_STRING(get_word(&client, "/api/core/firmware/upgradestatus", "status"), "running");
	CHECK_STRING(get_word(&client, "/api/core/firmware/running", "status"), "busy");
	CHECK_STRING(post_word(&client, "/api/core/firmware/log/0", "log"), "so far");
	harness_box(client.harness, "packages.forget", "{\"log\":\"\"}");
	CHECK_STRING(post_word(&client, "/api/core/firmware/log/1", "status"), "ok");
	harness_free(client.harness);
}

TEST(settings_are_answered_with_a_status)
{
	scoped_arena  arena = arena_new();
	struct client client = client_new(arena);
	const char   *set = "/api/core/firmware/set";

	CHECK_STRING(client_word(&client, client_post(&client, set, "{\"firmware\":{\"type\":\"nothing\"}}"), "status"), "failure");
	CHECK(strcmp(client_word(&client, client_post(&client, set, "{\"firmware\":{\"type\":\"nothing\"}}"), "status_msg.0"), "(none)") != 0);
	CHECK_STRING(client_word(&client, client_post(&client, set, "{\"firmware\":[]}"), "status"), "failure");
	CHECK_STRING(client_word(&client, client_post(&client, set, "{}"), "status"), "failure");
	CHECK_STRING(client_word(&client, client_post(&client, set, "{\"firmware\":{\"plugins\":\"os-x\"}}"), "status"), "ok");
	CHECK_STRING(post_word(&client, "/api/core/firmware/sync_plugins", "status"), "failure");
	CHECK_STRING(post_word(&client, "/api/core/firmware/resync_plugins", "status"), "ok");
	CHECK_STRING(get_word(&client, "/api/core/firmware/get", "firmware.plugins"), "");
	CHECK_STRING(post_word(&client, "/api/core/firmware/sync_plugins", "status"), "ok");
	harness_free(client.harness);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_known_before_the_first_check),
		cmocka_unit_test(what_there_is_to_upgrade_is_what_the_last_check_said),
		cmocka_unit_test(packages_are_those_of_the_machine),
		cmocka_unit_test(jobs_are_begun_or_refused),
		cmocka_unit_test(settings_are_answered_with_a_status),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
