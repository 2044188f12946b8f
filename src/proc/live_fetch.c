/* Fetching by libcurl, always with limits of size, time, redirects and protocols. */
#include "proc/live_fetch.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "json/read.h"
#include "proc/live.h"

#define LISTS_FOLDER "aliases"
#define GEOIP_FOLDER "geoip"
#define NAME_MAX_BYTES 256

bool
live_fetch_knows(struct text type)
{
	return text_is(type, "url") || text_is(type, "urltable") || text_is(type, "urljson") || text_is(type, "geoip");
}

/* --- files of the state directory ------------------------------------------------------------------------ */

static bool
read_file(int folder, const char *name, struct buffer *out)
{
	scoped_fd   fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat about;

	if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > LIVE_FETCH_BYTES)
		return false;
	buffer_reserve(out, (size_t)about.st_size);
	for (char piece[65536];;) {
		const ssize_t got = read(fd, piece, sizeof(piece));

		if (got <= 0)
			return got == 0;
		buffer_add(out, (struct text){ piece, (size_t)got });
	}
}

/* All or nothing: a new file that takes the place of the old one. */
static void
write_file(int folder, const char *name, struct text content)
{
	char      fresh[NAME_MAX_BYTES + 8];
	scoped_fd fd = -1;

	snprintf(fresh, sizeof(fresh), "%s.new", name);
	fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	while (content.len > 0) {
		const ssize_t put = write(fd, content.ptr, content.len);

		if (put <= 0) {
			unlinkat(folder, fresh, 0);
			return;
		}
		content = text_after(content, (size_t)put);
	}
	if (fdatasync(fd) == 0)
		renameat(folder, fresh, folder, name);
}

static int
open_folder(int state_fd, const char *name)
{
	if (state_fd < 0)
		return -1;
	mkdirat(state_fd, name, 0700);
	return openat(state_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/* --- fetching ---------------------------------------------------------------------------------------------- */

static size_t
take(char *bytes, size_t size, size_t count, void *context)
{
	struct buffer *body = context;

	if (body->len + size * count > LIVE_FETCH_BYTES)
		return 0;
	buffer_add(body, (struct text){ bytes, size * count });
	return size * count;
}

/* Basic, Bearer, or a header of the alias's own name. The fields were checked to hold no line breaks. */
static struct curl_slist *
authenticate(CURL *curl, struct arena *arena, const struct record *alias)
{
	const struct text kind = record_text(alias, "authtype");
	const char       *user = record_get(alias, "username"), *password = record_get(alias, "password");

	if (text_is(kind, "Basic")) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, password);
	} else if (text_is(kind, "Bearer")) {
		return curl_slist_append(NULL, arena_print(arena, "Authorization: Bearer %s", password));
	} else if (text_is(kind, "Header")) {
		return curl_slist_append(NULL, arena_print(arena, "%s: %s", user, password));
	}
	return NULL;
}

static bool
fetch_url(struct arena *arena, const struct record *alias, const char *url, struct buffer *body)
{
	CURL *curl = curl_easy_init();
	long  status = 0;

	if (!curl)
		return false;
	struct curl_slist *headers = authenticate(curl, arena, alias);

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)LIVE_REDIRECTS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)LIVE_FETCH_SECONDS);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)LIVE_FETCH_BYTES);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
	const CURLcode code = curl_easy_perform(curl);

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	if (code == CURLE_OK && status == 200)
		return true;
	log_warning("alias %s: %s: %s (HTTP %ld)", record_get(alias, "name"), url, curl_easy_strerror(code), status);
	return false;
}

static void
parse(struct arena *arena, const struct record *alias, struct text body, struct address_list *list)
{
	const struct json_limits limits = { .bytes = LIVE_FETCH_BYTES };
	struct value            *value;

	if (!text_is(record_text(alias, "type"), "urljson"))
		address_list_read(arena, body, list);
	else if (json_read(arena, body, &limits, &value, NULL) == RESULT_DONE)
		address_list_select(arena, value, record_text(alias, "path_expression"), list);
}

static bool
fetch_urls(struct arena *arena, int state_fd, const struct record *alias, struct address_list *list)
{
	scoped_fd   folder = open_folder(state_fd, LISTS_FOLDER);
	struct text rest = record_text(alias, "content"), url;
	char        name[NAME_MAX_BYTES];
	bool        is_found = false;

	for (unsigned i = 0; text_next(&rest, "\n", &url); i++) {
		scoped_buffer body = BUFFER_NONE;

		snprintf(name, sizeof(name), "%s.%u", alias->uuid, i);
		if (fetch_url(arena, alias, arena_copy(arena, text_trim(url)), &body)) {
			if (folder >= 0)
				write_file(folder, name, buffer_text(&body));
		} else {
			buffer_cut(&body, 0);
			if (folder < 0 || !read_file(folder, name, &body))
				continue;
		}
		parse(arena, alias, buffer_text(&body), list);
		is_found = true;
	}
	return is_found;
}

/* geoip/NL-IPv4 and geoip/NL-IPv6 in the state directory, one prefix a line, put there by the administrator. */
static bool
read_countries(struct arena *arena, int state_fd, const struct record *alias, struct address_list *list)
{
	static const char *const families[] = { "IPv4", "IPv6" };
	scoped_fd                folder = open_folder(state_fd, GEOIP_FOLDER);
	const struct text        wanted = record_text(alias, "proto");
	struct text              rest = record_text(alias, "content"), code;
	char                     name[NAME_MAX_BYTES];
	bool                     is_found = false;

	while (folder >= 0 && text_next(&rest, "\n", &code))
		for (size_t i = 0; i < 2; i++) {
			scoped_buffer body = BUFFER_NONE;

			if (code.len != 2 || (wanted.len > 0 && !text_contains(wanted, text_of(families[i]))))
				continue;
			snprintf(name, sizeof(name), "%.*s-%s", TEXT_ARGS(code), families[i]);
			if (!read_file(folder, name, &body))
				continue;
			address_list_read(arena, buffer_text(&body), list);
			is_found = true;
		}
	return is_found;
}

bool
live_fetch(struct arena *arena, int state_fd, const struct record *alias, struct address_list *list)
{
	if (text_is(record_text(alias, "type"), "geoip"))
		return read_countries(arena, state_fd, alias, list);
	return fetch_urls(arena, state_fd, alias, list);
}
