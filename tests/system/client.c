/* Requests by libcurl, one after the other on one connection. */
#include "client.h"

#include <stdlib.h>

#include "json/read.h"
#include "test.h"

#define ANSWER_LIMIT 60000L /* ms, on a busy machine */

static size_t
take(char *bytes, size_t size, size_t count, void *body)
{
	buffer_add(body, (struct text){ bytes, size * count });
	return size * count;
}

struct client *
client_new(const struct instance *instance)
{
	struct client *client = calloc(1, sizeof(*client));

	client->curl = curl_easy_init();
	client->instance = instance;
	client->limit = ANSWER_LIMIT;
	return client;
}

void
client_free(struct client *client)
{
	if (!client)
		return;
	curl_easy_cleanup(client->curl);
	buffer_clear(&client->body);
	free(client);
}

static void
set_login(struct client *client, const char *path)
{
	const struct instance *instance = client->instance;
	const bool             by_password = strncmp(path, "/api/v1/", 8) == 0;
	const char            *name = by_password ? instance->user : instance->key;
	const char            *password = by_password ? instance->password : instance->secret;

	if (client->name) {
		name = client->name;
		password = client->password;
	}
	if (client->by_socket || !*name)
		return;
	curl_easy_setopt(client->curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	curl_easy_setopt(client->curl, CURLOPT_USERNAME, name);
	curl_easy_setopt(client->curl, CURLOPT_PASSWORD, password);
}

static void
set_target(struct client *client, const char *path)
{
	scoped_buffer url = BUFFER_NONE;

	buffer_print(&url, "%s%s", client->by_socket ? "http://localhost" : client->instance->url, path);
	curl_easy_setopt(client->curl, CURLOPT_URL, buffer_string(&url));
	curl_easy_setopt(client->curl, CURLOPT_PATH_AS_IS, 1L);
	if (client->by_socket)
		curl_easy_setopt(client->curl, CURLOPT_UNIX_SOCKET_PATH, client->instance->socket);
}

struct answer
ask_text(struct client *client, struct arena *arena, const char *method, const char *path, const char *type,
         struct text body)
{
	CURL              *curl = client->curl;
	struct answer      answer = { .type = "", .notes = "", .tag = "" };
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
	long               connects = 0;

	curl_easy_reset(curl);
	buffer_cut(&client->body, 0);
	set_target(client, path);
	set_login(client, path);
	headers = curl_slist_append(headers, arena_print(arena, type ? "Content-Type: %s" : "Content-Type:", type));
	if (client->tagged)
		headers = curl_slist_append(headers, "X-Drawbridge-ETag: 1");
	if (client->match)
		headers = curl_slist_append(headers, arena_print(arena, "If-Match: %s", client->match));
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, client->authority ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, client->authority ? 2L : 0L);
	curl_easy_setopt(curl, CURLOPT_CAINFO, client->authority);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, client->connects_anew ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, client->limit);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &client->body);
	if (body.ptr || strcmp(method, "POST") == 0) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.ptr ? body.ptr : "");
	}
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (curl_easy_perform(curl) == CURLE_OK) {
		const char         *got = NULL;
		struct curl_header *notes, *tag;

		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
		curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &got);
		answer.type = got ? arena_copy(arena, text_of(got)) : "";
		if (curl_easy_header(curl, "X-Drawbridge-Notes", 0, CURLH_HEADER, -1, &notes) == CURLHE_OK)
			answer.notes = arena_copy(arena, text_of(notes->value));
		if (curl_easy_header(curl, "ETag", 0, CURLH_HEADER, -1, &tag) == CURLHE_OK)
			answer.tag = arena_copy(arena, text_of(tag->value));
	}
	curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &connects);
	client->connects += connects;
	curl_slist_free_all(headers);
	answer.body = (struct text){ buffer_string(&client->body), client->body.len };
	if (json_read(arena, answer.body, NULL, &answer.json, NULL) != RESULT_DONE)
		answer.json = NULL;
	return answer;
}

struct answer
ask(struct client *client, struct arena *arena, const char *method, const char *path, const char *body)
{
	return ask_text(client, arena, method, path, body ? "application/json" : NULL, text_of(body));
}

struct answer
get(struct client *client, struct arena *arena, const char *path)
{
	return ask(client, arena, "GET", path, NULL);
}

struct answer
post(struct client *client, struct arena *arena, const char *path, const char *body)
{
	return ask(client, arena, "POST", path, body);
}

struct value *
must(struct client *client, struct arena *arena, const char *method, const char *path, const char *body)
{
	const struct answer answer = ask(client, arena, method, path, body);

	if (answer.status != 200 || !answer.json)
		fail_msg("%s %s %s: %ld %.2000s", method, path, body ? body : "", answer.status, answer.body.ptr);
	return answer.json;
}

struct value *
must_get(struct client *client, struct arena *arena, const char *path)
{
	return must(client, arena, "GET", path, NULL);
}

struct value *
must_post(struct client *client, struct arena *arena, const char *path, const char *body)
{
	return must(client, arena, "POST", path, body);
}

const char *
at(struct arena *arena, const struct value *value, const char *path)
{
	const char *string = value_as_string(arena, value_path(value, path));

	return string ? string : "";
}
