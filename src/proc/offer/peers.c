/* One host after the other; in the background at most one push waits, the newest. */
#include "proc/offer/peers.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/log.h"

#define ANSWER_BYTES_MAX ((size_t)1024 * 1024)
#define REDIRECTS_MAX    5
#define HOST_BYTES_MAX   255
#define HOSTS_MAX        32
#define AUTHORITIES      "peer-authorities.pem"
#define SYSTEM_AUTHORITIES "/etc/ssl/certs"

/* A push of our own, in an arena that goes away with it. */
struct job {
	struct arena    *arena;
	struct peer_push push;
};

struct peer_pusher {
	struct peer_setup setup;
	pthread_t         thread;
	pthread_mutex_t   lock;
	pthread_cond_t    changed;
	struct job       *waiting; /* NULL: nothing */
	_Atomic(bool)     is_closed;
	pthread_mutex_t   files; /* the authorities' file is one's at a time */
};

/* --- one host ---------------------------------------------------------------------------------------------- */

static size_t
take(char *bytes, size_t size, size_t count, void *context)
{
	struct buffer *answer = context;

	if (answer->len + size * count > ANSWER_BYTES_MAX)
		return 0;
	buffer_add(answer, (struct text){ bytes, size * count });
	return size * count;
}

/* Asked about every second, and more often: is there still a reason to go on? */
static int
is_called_off(void *context, curl_off_t all_down, curl_off_t down, curl_off_t all_up, curl_off_t up)
{
	const struct peer_pusher *pusher = context;

	(void)all_down, (void)down, (void)all_up, (void)up;
	return atomic_load(&pusher->is_closed);
}

/* Letters, digits and what else is in names and addresses; IPv6 gets its brackets. */
static const char *
url_of(struct arena *arena, const struct peer_setup *setup, struct text host, const char *path)
{
	const bool is_inet6 = memchr(host.ptr, ':', host.len) != NULL;

	for (size_t i = 0; i < host.len; i++)
		if (!memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:", host.ptr[i], 66))
			return NULL;
	if (host.len > HOST_BYTES_MAX)
		return NULL;
	return arena_print(arena, "%s://%s%.*s%s:%u%s", setup->tls ? "https" : "http", is_inet6 ? "[" : "", TEXT_ARGS(host),
			   is_inet6 ? "]" : "", setup->port, path);
}

/* The file that libcurl takes the configuration's own authorities from. */
static const char *
authorities_file(const struct peer_pusher *pusher, struct arena *arena, const struct peer_push *push)
{
	scoped_buffer message = BUFFER_NONE;

	if (!push->authorities.len || !pusher->setup.state)
		return NULL;
	if (pusher->setup.keepsakes->write(pusher->setup.keepsakes->context, AUTHORITIES, push->authorities, &message) !=
	    RESULT_DONE)
		return NULL;
	return arena_print(arena, "%s/" AUTHORITIES, pusher->setup.state);
}

static void
set_trust(const struct peer_pusher *pusher, struct arena *arena, const struct peer_push *push, CURL *curl)
{
	const char *file = push->verify ? authorities_file(pusher, arena, push) : NULL;

	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, push->verify ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, push->verify ? 2L : 0L);
	if (!push->verify)
		return;
	curl_easy_setopt(curl, CURLOPT_CAPATH, SYSTEM_AUTHORITIES);
	if (file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, file);
}

/* What is wrong, in the arena or static; NULL: it was done. */
static const char *
put(struct peer_pusher *pusher, struct arena *arena, const struct peer_push *push, struct text host)
{
	const char        *url = url_of(arena, &pusher->setup, host, push->path);
	const char        *schemes = pusher->setup.tls ? "https" : "http,https";
	CURL              *curl = url ? curl_easy_init() : NULL;
	struct curl_slist *headers = NULL;
	scoped_buffer      answer = BUFFER_NONE;
	long               status = 0;

	if (!curl)
		return url ? "libcurl does not start" : "not a name or address of a host";
	headers = curl_slist_append(headers, "Content-Type: application/json");
	headers = curl_slist_append(headers, "Expect:");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT");
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, push->body.ptr);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)push->body.len);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	curl_easy_setopt(curl, CURLOPT_USERNAME, push->user);
	curl_easy_setopt(curl, CURLOPT_PASSWORD, push->password);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, schemes);
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, schemes);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)PEER_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)PEER_SECONDS);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_called_off);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, pusher);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
	set_trust(pusher, arena, push, curl);
	const CURLcode code = curl_easy_perform(curl);

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return code == CURLE_OK ? push->judge(arena, status, buffer_text(&answer)) : curl_easy_strerror(code);
}

/* --- all of them ---------------------------------------------------------------------------------------------- */

static void
put_to_all(struct peer_pusher *pusher, const struct peer_push *push, struct buffer *report)
{
	scoped_arena arena = arena_new();
	struct text  rest = text_of(push->hosts), host;

	pthread_mutex_lock(&pusher->files);
	for (size_t i = 0; i < HOSTS_MAX && !atomic_load(&pusher->is_closed) && text_next(&rest, " ", &host);) {
		if (!host.len)
			continue;
		const char *wrong = pusher->setup.port ? put(pusher, arena, push, host) : "this box is reached by no port";

		i++;
		if (wrong)
			log_warning("settings were not taken by %.*s: %s", TEXT_ARGS(host), wrong);
		else
			log_info("settings were taken by %.*s", TEXT_ARGS(host));
		if (report)
			buffer_print(report, "%.*s: %s\n", TEXT_ARGS(host), wrong ? wrong : "done");
	}
	pthread_mutex_unlock(&pusher->files);
}

static void
job_free(struct job *job)
{
	if (job)
		arena_free(job->arena);
}

static struct job *
job_new(const struct peer_push *push)
{
	struct arena *arena = arena_new();
	struct job   *job = ARENA_MAKE(arena, struct job, 1);

	job->arena = arena;
	job->push = *push;
	job->push.hosts = arena_copy(arena, text_of(push->hosts));
	job->push.path = arena_copy(arena, text_of(push->path));
	job->push.user = arena_copy(arena, text_of(push->user));
	job->push.password = arena_copy(arena, text_of(push->password));
	job->push.body.ptr = arena_copy(arena, push->body);
	job->push.authorities.ptr = arena_copy(arena, push->authorities);
	return job;
}

static void *
run(void *context)
{
	struct peer_pusher *pusher = context;

	pthread_mutex_lock(&pusher->lock);
	while (!atomic_load(&pusher->is_closed)) {
		struct job *job = pusher->waiting;

		if (!job) {
			pthread_cond_wait(&pusher->changed, &pusher->lock);
			continue;
		}
		pusher->waiting = NULL;
		pthread_mutex_unlock(&pusher->lock);
		put_to_all(pusher, &job->push, NULL);
		job_free(job);
		pthread_mutex_lock(&pusher->lock);
	}
	pthread_mutex_unlock(&pusher->lock);
	return NULL;
}

static void
push(void *context, const struct peer_push *push, struct buffer *report)
{
	struct peer_pusher *pusher = context;

	if (report) {
		put_to_all(pusher, push, report);
		return;
	}
	struct job *job = job_new(push);

	pthread_mutex_lock(&pusher->lock);
	job_free(pusher->waiting);
	pusher->waiting = job;
	pthread_cond_signal(&pusher->changed);
	pthread_mutex_unlock(&pusher->lock);
}

/* --- life -------------------------------------------------------------------------------------------------------- */

struct peer_pusher *
peer_pusher_new(const struct peer_setup *setup)
{
	struct peer_pusher *pusher = calloc(1, sizeof(*pusher));

	BUG_IF(!pusher, "out of memory");
	pusher->setup = *setup;
	pthread_mutex_init(&pusher->lock, NULL);
	pthread_mutex_init(&pusher->files, NULL);
	pthread_cond_init(&pusher->changed, NULL);
	BUG_IF(pthread_create(&pusher->thread, NULL, run, pusher) != 0, "no thread");
	return pusher;
}

void
peer_pusher_free(struct peer_pusher *pusher)
{
	if (!pusher)
		return;
	pthread_mutex_lock(&pusher->lock);
	atomic_store(&pusher->is_closed, true);
	pthread_cond_signal(&pusher->changed);
	pthread_mutex_unlock(&pusher->lock);
	pthread_join(pusher->thread, NULL);
	job_free(pusher->waiting);
	pthread_cond_destroy(&pusher->changed);
	pthread_mutex_destroy(&pusher->files);
	pthread_mutex_destroy(&pusher->lock);
	free(pusher);
}

struct peers
peer_pusher_face(struct peer_pusher *pusher)
{
	return (struct peers){ pusher, push };
}
