/* Sockets and servers: two of each zone, of which one has the pages and the other leads there. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth/secret.h"
#include "base/bug.h"
#include "http/server.h"
#include "proc/portal/inside.h"
#include "proc/portal/serve.h"

#define CLOSE_GRACE_MS 200

/* Clients are many and anybody: what one of them can hold is little. */
static const struct http_limits limits = {
	.body = 16384, .bodies = (size_t)1024 * 1024, .head = 8192, .target = 4096, .fields = 64, .connections = 1024,
	.connections_peer = 32, .head_seconds = 10, .body_seconds = 15, .answer_seconds = 60, .idle_seconds = 15,
};

/* What a listener is made of, in one word; the key is not in it. */
static const char *
makings(struct arena *arena, const char *certificate, const char *key)
{
	return certificate ? digest_hex(arena, "sha256", text_of(arena_print(arena, "%s%s", certificate, key))) : "";
}

static const char *
decoded(struct arena *arena, const struct record *record, const char *field)
{
	return base64_decode(arena, record_text(record, field), NULL);
}

/* False: the zone names a certificate that has no key here. */
static bool
read_certificate(struct arena *arena, const struct portal_zone *zone, const struct snapshot *snapshot, const char **certificate,
		 const char **key)
{
	const struct record *record;

	*certificate = *key = NULL;
	if (!zone->certificate[0])
		return true;
	record = collection_where(snapshot_named(snapshot, "trust.cert"), "refid", text_of(zone->certificate));
	*certificate = record ? decoded(arena, record, "crt") : NULL;
	*key = record ? decoded(arena, record, "prv") : NULL;
	return *certificate && (*certificate)[0] && *key && (*key)[0];
}

/* Both or none. */
static bool
open_sockets(const struct portal_listener *listener, int *pages, int *redirect, struct buffer *why)
{
	struct courier *courier = listener->portal->setup.courier;

	*pages = door_listen(courier, (uint16_t)(PORTAL_PAGE_PORT + listener->zone), why);
	*redirect = *pages >= 0 ? door_listen(courier, (uint16_t)(PORTAL_REDIRECT_PORT + listener->zone), why) : -1;
	if (*redirect < 0 && *pages >= 0)
		close(*pages);
	return *redirect >= 0;
}

static bool
start(struct portal_listener *listener, struct arena *arena, const char *certificate, const char *key, struct buffer *why)
{
	struct http_listen      listens[2] = { { .tls = certificate != NULL }, { .tls = false } };
	const struct http_setup setup = {
		.listens = listens, .nlistens = COUNT(listens), .threads = 1, .limits = limits, .certificate = certificate,
		.key = key, .handler = portal_serve, .context = listener,
	};
	const char *message = "";

	if (!open_sockets(listener, &listens[0].fd, &listens[1].fd, why))
		return false;
	listener->server = http_server_open(&setup, arena, &message);
	buffer_add_string(why, message);
	return listener->server != NULL;
}

bool
portal_listen(struct portal *portal, const struct portal_zone *zone, const struct snapshot *snapshot, struct buffer *message)
{
	scoped_arena            arena = arena_new();
	struct portal_listener *listener = &portal->listeners[zone->id];
	const char             *certificate, *key;
	scoped_buffer           why = BUFFER_NONE;
	bool                    is_good = read_certificate(arena, zone, snapshot, &certificate, &key);

	if (!is_good)
		buffer_add_string(&why, "its certificate, or the key of it, is not here");
	const char *made_of = is_good ? makings(arena, certificate, key) : NULL;

	if (is_good && listener->server && strcmp(listener->made_of, made_of) == 0)
		return true;
	portal_unlisten(listener);
	is_good = is_good && start(listener, arena, certificate, key, &why);
	if (is_good) {
		listener->made_of = strdup(made_of);
		BUG_IF(!listener->made_of, "out of memory");
		return true;
	}
	buffer_print(message, "%scaptive portal zone %u serves no pages: %s", message->len ? "; " : "", zone->id, buffer_string(&why));
	return false;
}

bool
portal_dress(struct portal *portal, const struct portal_zone *zone, const struct snapshot *snapshot, struct buffer *message)
{
	struct portal_listener *listener = &portal->listeners[zone->id];
	const struct collection *templates = snapshot_named(snapshot, "captiveportal.template");
	const struct record    *template = collection_find(templates, text_of(zone->template));
	struct arena           *arena = arena_new(), *before;
	struct pages            pages = { NULL, 0 };
	const char             *why = "it is not there";
	const bool is_good = !zone->template[0] || (template && pages_read(arena, template, &pages, &why));

	if (!is_good)
		buffer_print(message, "%scaptive portal zone %u: its template cannot be used: %s", message->len ? "; " : "", zone->id, why);
	pthread_mutex_lock(&portal->lock);
	before = listener->arena;
	listener->arena = arena;
	listener->pages = pages;
	pthread_mutex_unlock(&portal->lock);
	arena_free(before);
	return is_good;
}

void
portal_unlisten(struct portal_listener *listener)
{
	if (listener->server)
		http_server_close(listener->server, CLOSE_GRACE_MS);
	free(listener->made_of);
	listener->server = NULL;
	listener->made_of = NULL;
}
