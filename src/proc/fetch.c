/* Fetching by libcurl, always with limits of size, time, redirects and protocols. */
#include "proc/fetch.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"

#define NAME_MAX_BYTES 256

/* --- Files of the state directory ------------------------------------------------------------------------ */

int
fetch_folder(int state_fd, const char *name)
{
	if (state_fd < 0)
		return -1;
	mkdirat(state_fd, name, 0700);
	return openat(state_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

bool
fetch_kept(int folder, const char *name, struct buffer *out)
{
	scoped_fd   fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat about;

	if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > FETCH_BYTES)
		return false;
	buffer_reserve(out, (size_t)about.st_size);
	for (char piece[65536];;) {
		const ssize_t got = read(fd, piece, sizeof(piece));

		if (got <= 0)
			return got == 0;
		buffer_add(out, (struct text){ piece, (size_t)got });
	}
}

void
fetch_keep(int folder, const char *name, struct text content)
{
	char      fresh[NAME_MAX_BYTES + 8];
	scoped_fd fd = -1;

	snprintf(fresh, sizeof(fresh), "%s.new", name);
	fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	if (!file_write(fd, content)) {
		unlinkat(folder, fresh, 0);
		return;
	}
	if (fdatasync(fd) == 0)
		renameat(folder, fresh, folder, name);
}

int64_t
fetch_age(int folder, const char *name)
{
	struct stat about;
	int64_t     age;

	if (folder < 0 || fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0)
		return INT64_MAX;
	age = time(NULL) - about.st_mtime;
	return age < 0 ? 0 : age;
}

/* --- Fetching ---------------------------------------------------------------------------------------------- */

struct taking {
	struct buffer *body;
	size_t         most;
};

/* Also what is unpacked only here, of which nobody said how much it is. */
static size_t
take(char *bytes, size_t size, size_t count, void *context)
{
	struct taking *taking = context;

	if (taking->body->len + size * count > taking->most)
		return 0;
	buffer_add(taking->body, (struct text){ bytes, size * count });
	return size * count;
}

/* Called about once a second, whatever the server does. */
static int
is_stopped(void *context, curl_off_t size, curl_off_t now, curl_off_t up_size, curl_off_t up_now)
{
	const struct fetch *fetch = context;

	(void)size, (void)now, (void)up_size, (void)up_now;
	return fetch->stop && atomic_load(fetch->stop);
}

const char *
fetch_shown(struct arena *arena, const char *url)
{
	const char       *marks = strstr(url, "://"), *start = marks ? marks + 3 : url;
	const size_t      len = strcspn(start, "?");
	/* The last one: passwords may hold any character, and more is hidden rather than less. */
	const char *const at = memrchr(start, '@', len);

	return arena_print(arena, "%.*s%s%.*s%s", (int)(start - url), url, at ? "***@" : "",
			   (int)(at ? start + len - at - 1 : (ptrdiff_t)len), at ? at + 1 : start, start[len] ? "?***" : "");
}

static bool
is_same_part(CURLU *one, CURLU *other, CURLUPart part)
{
	char *texts[2] = { NULL, NULL };
	bool  is_same = curl_url_get(one, part, &texts[0], CURLU_DEFAULT_PORT) == CURLUE_OK &&
		       curl_url_get(other, part, &texts[1], CURLU_DEFAULT_PORT) == CURLUE_OK && strcmp(texts[0], texts[1]) == 0;

	curl_free(texts[0]);
	curl_free(texts[1]);
	return is_same;
}

static bool
is_same_server(const char *url, const char *other)
{
	CURLU     *urls[2] = { curl_url(), curl_url() };
	const bool is_same = urls[0] && urls[1] && curl_url_set(urls[0], CURLUPART_URL, url, 0) == CURLUE_OK &&
			     curl_url_set(urls[1], CURLUPART_URL, other, 0) == CURLUE_OK &&
			     is_same_part(urls[0], urls[1], CURLUPART_SCHEME) &&
			     is_same_part(urls[0], urls[1], CURLUPART_HOST) && is_same_part(urls[0], urls[1], CURLUPART_PORT);

	curl_url_cleanup(urls[0]);
	curl_url_cleanup(urls[1]);
	return is_same;
}

/* A header with a secret is for the server that it was given for, and libcurl would send it to others. */
static CURLcode
perform(CURL *curl, const struct fetch *fetch, struct taking *taking)
{
	const bool   is_secret = fetch->header && *fetch->header;
	const size_t before = taking->body->len;
	char        *next = NULL;
	CURLcode     code;

	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, is_secret ? 0L : 1L);
	code = curl_easy_perform(curl);
	for (int i = 0; is_secret && code == CURLE_OK && i < FETCH_REDIRECTS; i++) {
		if (curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &next) != CURLE_OK || !next || !is_same_server(fetch->url, next))
			break;
		buffer_cut(taking->body, before);
		curl_easy_setopt(curl, CURLOPT_URL, next);
		code = curl_easy_perform(curl);
	}
	return code;
}

bool
fetch_url(const struct fetch *fetch, struct buffer *body)
{
	scoped_arena       arena = arena_new();
	CURL              *curl = curl_easy_init();
	struct curl_slist *headers = fetch->header && *fetch->header ? curl_slist_append(NULL, fetch->header) : NULL;
	struct taking      taking = { body, body->len + (fetch->bytes ? fetch->bytes : FETCH_BYTES) };
	long               status = 0;
	CURLcode           code;

	if (!curl)
		return false;
	if (fetch->user && *fetch->user) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, fetch->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, fetch->password);
	}
	curl_easy_setopt(curl, CURLOPT_URL, fetch->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)FETCH_REDIRECTS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, fetch->seconds ? fetch->seconds : (long)FETCH_SECONDS);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)(taking.most - body->len));
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_stopped);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, fetch);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &taking);
	code = perform(curl, fetch, &taking);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	if (code == CURLE_OK && status == 200)
		return true;
	if (code != CURLE_ABORTED_BY_CALLBACK)
		log_warning("%s: %s: %s (HTTP %ld)", fetch->about, fetch_shown(arena, fetch->url), curl_easy_strerror(code),
			    status);
	return false;
}
