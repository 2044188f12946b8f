/*
 * The settings of pfSense-API where they reach beyond one request: the copy in a file, the tool "pfsense-api", the log, and
 * other boxes that are told.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/secret.h"
#include "client.h"
#include "test.h"

#define API          "/api/v1/system/api"
#define PEER_LIMIT   60000 /* ms for a peer to be told */
#define PEER_ADDRESS "127.0.0.2"

struct box {
	struct instance *instance;
	struct client   *client;
};

static struct box
start(struct instance *instance)
{
	instance_start(instance);
	return (struct box){ instance, client_new(instance) };
}

static void
end(struct box *box)
{
	client_free(box->client);
	instance_stop(box->instance);
	instance_free(box->instance);
}

static struct value *
set(struct box *box, struct arena *arena, const char *settings)
{
	return must(box->client, arena, "PUT", API, settings);
}

static const char *
setting(struct box *box, struct arena *arena, const char *name)
{
	const struct value *said = must_get(box->client, arena, API);

	return at(arena, value_get(said, "data"), name);
}

/* What the tool said; its exit status must be this. */
static const char *
tool(struct box *box, struct arena *arena, const char *word, int status)
{
	scoped_buffer out = BUFFER_NONE;
	const int     have = instance_cli(box->instance, &out, "pfsense-api", word, NULL);

	if (have != status)
		fail_msg("pfsense-api %s: %d: %s", word, have, buffer_string(&out));
	return arena_copy(arena, buffer_text(&out));
}

/* By a header of one's own; its status. */
static long
status_with(struct box *box, struct arena *arena, const char *authorization)
{
	CURL              *curl = curl_easy_init();
	struct curl_slist *headers = curl_slist_append(NULL, arena_print(arena, "Authorization: %s", authorization));
	long               status = 0;
	FILE              *nowhere = fopen("/dev/null", "we");

	curl_easy_setopt(curl, CURLOPT_URL, arena_print(arena, "%s" API, box->instance->url));
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, nowhere);
	curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	fclose(nowhere);
	return status;
}

static void
wait_for_line(const struct instance *instance, const char *part)
{
	const int64_t deadline = milliseconds() + PEER_LIMIT;

	while (!instance_said(instance, part)) {
		if (milliseconds() > deadline)
			fail_msg("the log never says: %s", part);
		wait_a_little(20);
	}
}

/* --- the copy ------------------------------------------------------------------------------------------------- */

TEST(a_copy_of_the_settings_is_kept_and_taken_back)
{
	scoped_arena arena = arena_new();
	struct box   box = start(instance_lasting(false));
	const char  *copy = arena_print(arena, "%s/pfsense-api.json", box.instance->state);
	struct stat  about;

	CHECK(access(copy, F_OK) != 0);
	tool(&box, arena, "restore", 1);
	set(&box, arena, "{\"keyhash\": \"sha512\"}");
	CHECK_NUMBER(stat(copy, &about), 0);
	CHECK_NUMBER(about.st_mode & 0777, 0600);
	set(&box, arena, "{\"keyhash\": \"sha384\", \"persist\": false}");
	CHECK_STRING(setting(&box, arena, "keyhash"), "sha384");
	CHECK(strstr(tool(&box, arena, "restore", 0), "restored"));
	CHECK_STRING(setting(&box, arena, "keyhash"), "sha512");
	CHECK(strstr(tool(&box, arena, "restore", 0), "already"));
	set(&box, arena, "{\"keyhash\": \"sha384\", \"persist\": false}");
	tool(&box, arena, "backup", 0);
	set(&box, arena, "{\"keyhash\": \"sha256\"}");
	tool(&box, arena, "restore", 0);
	CHECK_STRING(setting(&box, arena, "keyhash"), "sha384");
	end(&box);
}

TEST(what_cannot_be_kept_is_said)
{
	scoped_arena     arena = arena_new();
	struct instance *instance = instance_lasting(false);
	struct box       box;

	instance_start(instance);
	box = (struct box){ instance, client_new(instance) };
	CHECK_NUMBER(mkdir(arena_print(arena, "%s/pfsense-api.json.new", instance->state), 0700), 0);
	tool(&box, arena, "backup", 1);
	set(&box, arena, "{\"keyhash\": \"sha512\"}");
	wait_for_line(instance, "the copy of the API's settings was not written");
	end(&box);
}

/* --- tokens --------------------------------------------------------------------------------------------------- */

TEST(a_new_server_key_makes_all_tokens_void)
{
	scoped_arena  arena = arena_new();
	struct box    box = start(instance_lasting(false));
	struct value *said;

	set(&box, arena, "{\"authmode\": \"token\", \"keybytes\": 32, \"keyhash\": \"sha384\"}");
	said = value_get(must_post(box.client, arena, "/api/v1/access_token", NULL), "data");
	const char *token = arena_print(arena, "%s %s", at(arena, said, "client-id"), at(arena, said, "client-token"));

	CHECK_NUMBER(strlen(at(arena, said, "client-token")), 64);
	CHECK_NUMBER(status_with(&box, arena, token), 200);
	tool(&box, arena, "rotateserverkey", 0);
	CHECK_NUMBER(status_with(&box, arena, token), 401);
	/* Nor does the copy bring them back. */
	tool(&box, arena, "restore", 0);
	CHECK_NUMBER(status_with(&box, arena, token), 401);
	end(&box);
}

TEST(a_new_server_key_makes_web_tokens_void)
{
	scoped_arena arena = arena_new();
	struct box   box = start(instance_lasting(false));

	set(&box, arena, "{\"authmode\": \"jwt\"}");
	const char *token = arena_print(arena, "Bearer %s",
		at(arena, must_post(box.client, arena, "/api/v1/access_token", NULL), "data.token"));

	CHECK_NUMBER(status_with(&box, arena, token), 200);
	tool(&box, arena, "rotateserverkey", 0);
	CHECK_NUMBER(status_with(&box, arena, token), 401);
	end(&box);
}

/* --- the tool -------------------------------------------------------------------------------------------------- */

TEST(the_tool_speaks_the_words_that_mean_something_here)
{
	scoped_arena arena = arena_new();
	struct box   box = start(instance_lasting(false));

	CHECK(strstr(tool(&box, arena, "help", 0), "rotateserverkey"));
	CHECK(strstr(tool(&box, arena, "version", 0), "pfSense-API v1"));
	tool(&box, arena, "buildendpoints", 0);
	tool(&box, arena, "update", 1);
	tool(&box, arena, "delete", 1);
	tool(&box, arena, "revert", 1);
	tool(&box, arena, "nonsense", 1);
	CHECK(strstr(tool(&box, arena, "sync", 1), "") != NULL);
	/* Nobody else may ask for them. */
	CHECK_NUMBER(ask(box.client, arena, "POST", "/api/pfsense-tool/rotateserverkey", "").status, 404);
	box.client->by_socket = true;
	CHECK_NUMBER(ask(box.client, arena, "GET", "/api/pfsense-tool/backup", NULL).status, 405);
	CHECK_NUMBER(ask(box.client, arena, "POST", "/api/pfsense-tool/other", "").status, 404);
	/* The administrator of the machine needs no password in this dialect either. */
	CHECK_NUMBER(get(box.client, arena, API).status, 200);
	end(&box);
}

/* --- the log ---------------------------------------------------------------------------------------------------- */

TEST(logins_are_noted_as_the_settings_say)
{
	scoped_arena arena = arena_new();
	struct box   box = start(instance_lasting(false));

	box.client->name = "mallory' from: 1";
	box.client->password = "x";
	CHECK_NUMBER(get(box.client, arena, API).status, 401);
	wait_for_line(box.instance, "webConfigurator authentication error for user 'mallory??from' from: 127.0.0.1");
	box.client->name = NULL;
	CHECK(!instance_said(box.instance, "Successful login"));
	set(&box, arena, "{\"log_successful_auth\": true, \"enable_login_protection\": false}");
	box.client->name = "quiet";
	CHECK_NUMBER(get(box.client, arena, API).status, 401);
	box.client->name = NULL;
	CHECK(!instance_said(box.instance, "Successful login"));
	set(&box, arena, "{\"enable_login_protection\": true}");
	must_get(box.client, arena, API);
	wait_for_line(box.instance, arena_print(arena, "Successful login for user '%s' from: 127.0.0.1", box.instance->user));
	CHECK(!instance_said(box.instance, "'quiet'"));
	end(&box);
}

/* --- other boxes -------------------------------------------------------------------------------------------------- */

static void
tell_peer(struct box *box, struct arena *arena, const struct instance *peer, const char *password, const char *more)
{
	set(box, arena, arena_print(arena, "{\"hasync\": true, \"hasync_hosts\": [\"" PEER_ADDRESS "\"], "
		"\"hasync_username\": \"%s\", \"hasync_password\": \"%s\"%s}", peer->user, password, more));
}

TEST(a_peer_takes_the_settings_and_the_tokens)
{
	scoped_arena  arena = arena_new();
	struct box    box = start(instance_lasting(false));
	struct box    peer = start(instance_beside(box.instance, PEER_ADDRESS, NULL, NULL));
	struct value *said;

	set(&peer, arena, "{\"readonly\": true, \"allowed_interfaces\": [\"wan\"]}");
	set(&box, arena, "{\"authmode\": \"token\"}");
	said = value_get(must_post(box.client, arena, "/api/v1/access_token", NULL), "data");
	const char *token = arena_print(arena, "%s %s", at(arena, said, "client-id"), at(arena, said, "client-token"));

	CHECK_NUMBER(status_with(&peer, arena, token), 403); /* it came in where nobody may */
	/* From here on basic authentication is for the settings' exchange alone. */
	CHECK_NUMBER(ask(box.client, arena, "PUT", API, "{}").status, 401);
	box.client->by_socket = true;
	tell_peer(&box, arena, peer.instance, peer.instance->password, ", \"keyhash\": \"sha512\"");
	wait_for_line(box.instance, "settings were taken by " PEER_ADDRESS);
	CHECK_NUMBER(status_with(&peer, arena, token), 200);
	peer.client->by_socket = true;
	CHECK_STRING(setting(&peer, arena, "keyhash"), "sha512");
	CHECK_STRING(setting(&peer, arena, "allowed_interfaces"), "any");
	said = value_get(must_get(peer.client, arena, API), "data");
	CHECK(!value_get(said, "hasync") && !value_get(said, "hasync_hosts") && !value_get(said, "readonly"));
	CHECK(strstr(tool(&box, arena, "sync", 0), PEER_ADDRESS ": done"));
	end(&peer);
	end(&box);
}

TEST(what_a_peer_refuses_is_told_by_tool_and_log)
{
	scoped_arena arena = arena_new();
	struct box   box = start(instance_lasting(false));
	struct box   peer = start(instance_beside(box.instance, PEER_ADDRESS, NULL, NULL));

	tell_peer(&box, arena, peer.instance, "wrong", "");
	wait_for_line(box.instance, "settings were not taken by " PEER_ADDRESS ": user name and password were not accepted");
	CHECK(strstr(tool(&box, arena, "sync", 0), PEER_ADDRESS ": user name and password were not accepted"));
	CHECK_STRING(setting(&peer, arena, "server_key"), "");
	client_free(peer.client);
	instance_stop(peer.instance);
	CHECK(!strstr(tool(&box, arena, "sync", 0), "done"));
	instance_free(peer.instance);
	end(&box);
}

static const char *
write_pem(struct arena *arena, const struct instance *instance, const char *name, const char *encoded)
{
	const char *path = arena_print(arena, "%s/%s", instance->folder, name);
	const char *pem = base64_decode(arena, text_of(encoded), NULL);
	FILE       *file = fopen(path, "we");

	CHECK(pem && file && fputs(pem, file) >= 0);
	fclose(file);
	return path;
}

/* The box makes an authority and a certificate for its peer. */
TEST(a_peer_whose_certificate_is_not_trusted_gets_nothing_when_that_is_asked)
{
	scoped_arena  arena = arena_new();
	struct box    box = start(instance_lasting(true));
	struct value *made;

	made = value_get(must_post(box.client, arena, "/api/v1/system/ca", "{\"method\": \"internal\", \"descr\": \"peers\", "
		"\"keytype\": \"ECDSA\", \"ecname\": \"prime256v1\", \"digest_alg\": \"sha256\", \"lifetime\": 100, \"dn_country\": \"NL\"}"),
		"data");
	const char *refid = at(arena, made, "refid");

	made = value_get(must_post(box.client, arena, "/api/v1/system/certificate", arena_print(arena,
		"{\"method\": \"internal\", \"descr\": \"peer\", \"caref\": \"%s\", \"keytype\": \"ECDSA\", \"ecname\": \"prime256v1\", "
		"\"digest_alg\": \"sha256\", \"lifetime\": 90, \"dn_commonname\": \"peer\", \"dn_country\": \"NL\", \"type\": \"server\", "
		"\"altnames\": [{\"ip\": \"" PEER_ADDRESS "\"}]}", refid)), "data");
	const char *certificate = write_pem(arena, box.instance, "peer.pem", at(arena, made, "crt"));
	const char *key = write_pem(arena, box.instance, "peer.key", at(arena, made, "prv"));

	/* It shows a certificate that it made itself: nobody knows it. */
	struct box peer = start(instance_beside(box.instance, PEER_ADDRESS, NULL, NULL));

	tell_peer(&box, arena, peer.instance, peer.instance->password, ", \"hasync_verify\": true, \"keyhash\": \"sha512\"");
	wait_for_line(box.instance, "settings were not taken by " PEER_ADDRESS);
	CHECK(!strstr(tool(&box, arena, "sync", 0), "done"));
	CHECK_STRING(setting(&peer, arena, "keyhash"), "sha256");
	set(&box, arena, "{\"hasync_verify\": false}");
	CHECK(strstr(tool(&box, arena, "sync", 0), "done"));
	CHECK_STRING(setting(&peer, arena, "keyhash"), "sha512");
	end(&peer);

	peer = start(instance_beside(box.instance, PEER_ADDRESS, certificate, key));
	tell_peer(&box, arena, peer.instance, peer.instance->password, ", \"hasync_verify\": true, \"keyhash\": \"sha384\"");
	CHECK(strstr(tool(&box, arena, "sync", 0), "done"));
	CHECK_STRING(setting(&peer, arena, "keyhash"), "sha384");
	end(&peer);
	end(&box);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_of_the_settings_is_kept_and_taken_back),
		cmocka_unit_test(what_cannot_be_kept_is_said),
		cmocka_unit_test(a_new_server_key_makes_all_tokens_void),
		cmocka_unit_test(a_new_server_key_makes_web_tokens_void),
		cmocka_unit_test(the_tool_speaks_the_words_that_mean_something_here),
		cmocka_unit_test(logins_are_noted_as_the_settings_say),
		cmocka_unit_test(a_peer_takes_the_settings_and_the_tokens),
		cmocka_unit_test(what_a_peer_refuses_is_told_by_tool_and_log),
		cmocka_unit_test(a_peer_whose_certificate_is_not_trusted_gets_nothing_when_that_is_asked),
	};

	instance_programs(argc, argv);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
