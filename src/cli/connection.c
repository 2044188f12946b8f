/* HTTP by libcurl, over the unix socket or to a URL. */
#include "cli/connection.h"

#include <curl/curl.h>

#define CONNECT_SECONDS 5L
#define ANSWER_SECONDS  180L

static size_t
take(char *bytes, size_t size, size_t count, void *answer)
{
	buffer_add(answer, (struct text){ bytes, size * count });
	return size * count;
}

static void
set_target(CURL *curl, const struct connection *connection)
{
	if (!connection->url) {
		curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, connection->socket);
		return;
	}
	if (connection->key) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, connection->key);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, connection->secret ? connection->secret : "");
	}
	if (connection->insecure) {
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
}

enum result
connection_ask(const struct connection *connection, const char *path, const char *body, long *status,
               struct buffer *answer, struct buffer *message)
{
	scoped_buffer      url = BUFFER_NONE;
	CURL              *curl = curl_easy_init();
	struct curl_slist *headers = body ? curl_slist_append(NULL, "Content-Type: application/json") : NULL;

	if (!curl) {
		buffer_add_string(message, "libcurl does not start");
		return RESULT_FAILED;
	}
	buffer_print(&url, "%s%s", connection->url ? connection->url : "http://localhost", path);
	curl_easy_setopt(curl, CURLOPT_URL, url.bytes);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, ANSWER_SECONDS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	set_target(curl, connection);
	if (body) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
		curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	}
	const CURLcode code = curl_easy_perform(curl);

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	if (code == CURLE_OK)
		return RESULT_DONE;
	buffer_print(message, "%s: %s", connection->url ? connection->url : connection->socket,
		     curl_easy_strerror(code));
	return RESULT_UNAVAILABLE;
}
