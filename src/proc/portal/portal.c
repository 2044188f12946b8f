/* The life of the portal: what is applied, what is kept, and a thread that looks at what clients do. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/steady.h"
#include "proc/fetch.h"
#include "proc/portal/inside.h"
#include "proc/record/journal.h"

#define FOLDER        "portal"
#define SESSIONS_FILE "sessions.json"
#define VOUCHERS_FILE "vouchers.json"
#define LINE_MAX_     1024

int64_t
portal_now(void)
{
	return time(NULL);
}

void
portal_log(const struct portal *portal, const char *format, ...)
{
	struct timespec now;
	char            line[LINE_MAX_];
	va_list         args;

	if (!portal->setup.journal)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	clock_gettime(CLOCK_REALTIME, &now);
	journal_put(portal->setup.journal, LOG_PORTAL, &(struct journal_line){
		.time = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000, .severity = 6, .program = TEXT("captiveportal"),
		.text = text_of(line) });
}

/* --- sessions --------------------------------------------------------------------------------------- */

const struct portal_zone *
portal_zone(const struct portal *portal, unsigned id)
{
	for (size_t i = 0; i < portal->nzones; i++)
		if (portal->zones[i].id == id)
			return &portal->zones[i];
	return NULL;
}

void
portal_keep(struct portal *portal)
{
	scoped_buffer text = BUFFER_NONE;

	sessions_write(&portal->sessions, &text);
	if (portal->folder >= 0)
		fetch_keep(portal->folder, SESSIONS_FILE, buffer_text(&text));
	portal->is_counting = portal->is_changed = false;
	portal->written = portal_now();
}

void
portal_keep_vouchers(struct portal *portal)
{
	scoped_buffer text = BUFFER_NONE;

	vouchers_write(&portal->vouchers, &text);
	if (portal->folder >= 0)
		fetch_keep(portal->folder, VOUCHERS_FILE, buffer_text(&text));
}

struct session *
portal_begin(struct portal *portal, const struct session *made)
{
	struct session *session;

	for (size_t i = 0; i < made->naddresses; i++)
		if (door_open(portal->setup.courier, made->zone, &made->addresses[i].address) != RESULT_DONE)
			return NULL;
	session = sessions_add(&portal->sessions, made);
	portal->is_changed |= session != NULL;
	return session;
}

void
portal_end(struct portal *portal, struct session *session, const char *cause, uint16_t but_port)
{
	scoped_arena arena = arena_new();

	portal_log(portal, "DISCONNECT %s (%s) zone %u: %s", session->user, address_print(arena, &session->addresses[0].address),
		   session->zone, cause);
	for (size_t i = 0; i < session->naddresses; i++) {
		const struct address *address = &session->addresses[i].address;

		/* What the keeper cannot close now, the next look does. */
		door_close(portal->setup.courier, session->zone, address);
		door_end_connections(portal->setup.courier, address, but_port);
	}
	sessions_remove(&portal->sessions, session);
	portal->is_changed = true;
}

/* --- applying --------------------------------------------------------------------------------------- */

/* What a zone asks for and cannot have. */
static void
check_zone(const struct portal_zone *zone, const struct snapshot *snapshot, struct buffer *message)
{
	for (size_t i = 0; i < zone->nservers; i++)
		if (!portal_knows_server(snapshot, zone->servers[i]))
			buffer_print(message, "%scaptive portal zone %u: nobody asks the authentication server \"%s\"",
				     message->len ? "; " : "", zone->id, zone->servers[i]);
}

static void
put_in_force(struct portal *portal, const struct snapshot *snapshot, struct arena *arena, const struct portal_zone *zones,
	     size_t count)
{
	pthread_mutex_lock(&portal->lock);
	snapshot_release(portal->snapshot);
	arena_free(portal->arena);
	portal->snapshot = snapshot_hold(snapshot);
	portal->arena = arena;
	memcpy(portal->zones, zones, count * sizeof(*zones));
	portal->nzones = count;
	for (size_t i = portal->sessions.count; i-- > 0;)
		if (!portal_zone(portal, portal->sessions.list[i].zone))
			portal_end(portal, &portal->sessions.list[i], "the zone is gone", 0);
	pthread_cond_signal(&portal->woken);
	pthread_mutex_unlock(&portal->lock);
}

enum result
portal_apply(struct portal *portal, const struct snapshot *snapshot, struct buffer *message)
{
	struct arena      *arena = arena_new();
	struct portal_zone zones[PORTAL_ZONES_MAX];
	const size_t       count = portal_zones(arena, snapshot, zones);
	bool               is_wanted[PORTAL_ZONES_MAX] = { false };
	scoped_buffer      missing = BUFFER_NONE;

	put_in_force(portal, snapshot, arena, zones, count);
	for (size_t i = 0; i < count; i++) {
		is_wanted[zones[i].id] = true;
		check_zone(&zones[i], snapshot, &missing);
		portal_dress(portal, &zones[i], snapshot, &missing);
		if (!portal->setup.is_simulated)
			portal_listen(portal, &zones[i], snapshot, &missing);
	}
	for (unsigned id = 0; id < PORTAL_ZONES_MAX; id++)
		if (!is_wanted[id])
			portal_unlisten(&portal->listeners[id]);
	buffer_add(message, buffer_text(&missing));
	return missing.len > 0 ? RESULT_UNAVAILABLE : RESULT_DONE;
}

void
portal_stop(struct portal *portal)
{
	for (unsigned id = 0; id < PORTAL_ZONES_MAX; id++)
		portal_unlisten(&portal->listeners[id]);
}

bool
portal_is_serving(const struct portal *portal)
{
	for (unsigned id = 0; id < PORTAL_ZONES_MAX; id++)
		if (portal->listeners[id].server)
			return true;
	return false;
}

/* --- life ------------------------------------------------------------------------------------------- */

/* Without zones there is nothing to look at. */
static void
wait_for_look(struct portal *portal)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PORTAL_LOOK_SECONDS;
	while (!portal->is_ending && portal->nzones == 0)
		pthread_cond_wait(&portal->woken, &portal->lock);
	while (!portal->is_ending && pthread_cond_timedwait(&portal->woken, &portal->lock, &until) != ETIMEDOUT)
		;
}

static void *
run(void *context)
{
	struct portal *portal = context;

	pthread_mutex_lock(&portal->lock);
	while (!portal->is_ending) {
		if (portal->nzones > 0)
			portal_look(portal);
		wait_for_look(portal);
	}
	pthread_mutex_unlock(&portal->lock);
	return NULL;
}

static int64_t
seconds_of(void *context)
{
	(void)context;
	return portal_now();
}

struct portal *
portal_new(const struct portal_setup *setup)
{
	struct portal *portal = calloc(1, sizeof(*portal));
	scoped_buffer  kept = BUFFER_NONE;

	BUG_IF(!portal, "out of memory");
	portal->setup = *setup;
	portal->auth = auth_new(seconds_of, NULL);
	portal->guard = guard_new();
	portal->folder = fetch_folder(setup->state_fd, FOLDER);
	for (unsigned id = 0; id < PORTAL_ZONES_MAX; id++)
		portal->listeners[id] = (struct portal_listener){ .portal = portal, .zone = id };
	if (portal->folder >= 0 && fetch_kept(portal->folder, SESSIONS_FILE, &kept))
		sessions_read(&portal->sessions, buffer_text(&kept));
	buffer_cut(&kept, 0);
	if (portal->folder >= 0 && fetch_kept(portal->folder, VOUCHERS_FILE, &kept))
		vouchers_read(&portal->vouchers, buffer_text(&kept));
	pthread_mutex_init(&portal->lock, NULL);
	steady_condition_init(&portal->woken);
	BUG_IF(pthread_create(&portal->thread, NULL, run, portal) != 0, "no thread");
	return portal;
}

void
portal_free(struct portal *portal)
{
	if (!portal)
		return;
	portal_stop(portal);
	pthread_mutex_lock(&portal->lock);
	portal->is_ending = true;
	pthread_cond_signal(&portal->woken);
	pthread_mutex_unlock(&portal->lock);
	pthread_join(portal->thread, NULL);
	if (portal->is_counting || portal->is_changed)
		portal_keep(portal);
	for (unsigned id = 0; id < PORTAL_ZONES_MAX; id++)
		arena_free(portal->listeners[id].arena);
	sessions_clear(&portal->sessions);
	vouchers_clear(&portal->vouchers);
	snapshot_release(portal->snapshot);
	arena_free(portal->arena);
	if (portal->folder >= 0)
		close(portal->folder);
	auth_free(portal->auth);
	guard_free(portal->guard);
	pthread_cond_destroy(&portal->woken);
	pthread_mutex_destroy(&portal->lock);
	free(portal);
}
