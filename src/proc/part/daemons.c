/*
 * The box's daemons: made as they are configured, remembered for a gate that starts after us, and made so again then. They take
 * their time, so the box can be asked meanwhile.
 */
#include "proc/part/daemons.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "proc/ask/box_inside.h"
#include "proc/part/service.h"

/* A setting of the store: the revision that this program's daemons were made of. */
#define SETTING_APPLIED     BOX_APPLIED "service." /* and the program */
#define SERVICE_SETTING_MAX (sizeof(SETTING_APPLIED) + SERVICE_NAME_MAX)
#define RESOLVER            "unbound"
#define LOGINS              "openvpn" /* asks users for passwords */
#define SETTLE_MS           3000 /* so long lists that are new are waited for */

static bool
is_about_resolver(unsigned parts, const char *program)
{
	return program ? strcmp(program, RESOLVER) == 0 : parts & PART_RESOLVER;
}

static bool
is_about_logins(unsigned parts, const char *program)
{
	return program ? strcmp(program, LOGINS) == 0 : parts & PART_VPN_OPENVPN;
}

/* The lock is not held; the services' is. Slow lists follow later (daemons_relist()). */
static void
watch_lists(struct keeper_box *box, const struct snapshot *snapshot, unsigned parts, const char *program)
{
	if (box->setup.is_simulated || !is_about_resolver(parts, program))
		return;
	snapshot_release(box->listed);
	box->listed = snapshot_hold(snapshot);
	domain_lists_watch(box->lists, snapshot);
	domain_lists_settle(box->lists, SETTLE_MS);
}

/* The lock is not held; the services' is. */
static enum result
send_services(struct keeper_box *box, const struct snapshot *snapshot, unsigned parts, const char *program,
	      struct buffer *message)
{
	scoped_arena              arena = arena_new();
	const struct snapshot    *users = store_snapshot(box->setup.store);
	const struct service_view view = { arena, snapshot, domain_lists_face(box->lists), box->setup.is_alone, users };

	if (is_about_logins(parts, program) && snapshot != box->logins) {
		snapshot_release(box->logins);
		box->logins = snapshot_hold(snapshot);
	}
	domain_lists_turn(box->lists);
	const enum result result = service_part_apply(box->setup.courier, &view, parts, program, message);

	snapshot_release(users);
	if (is_about_resolver(parts, program))
		query_log_listen(box->queries);
	/* A simulated box has whatever it is told to have. */
	return box->setup.is_simulated && result == RESULT_UNAVAILABLE ? RESULT_DONE : result;
}

/*
 * Who may log in has changed: what asks users for passwords gets to know those of now, and is otherwise as it was applied last.
 * The lock is not held; the services' is.
 */
static enum result
send_users(struct keeper_box *box, struct buffer *message)
{
	return box->logins ? send_services(box, box->logins, 0, LOGINS, message) : RESULT_DONE;
}

enum result
daemons_apply(struct keeper_box *box, const struct snapshot *snapshot, unsigned parts, struct buffer *message)
{
	enum result result;

	pthread_mutex_unlock(&box->lock);
	pthread_mutex_lock(&box->services_lock);
	watch_lists(box, snapshot, parts, NULL);
	result = send_services(box, snapshot, parts, NULL, message);
	if (result == RESULT_DONE && (parts & PART_ACCOUNTS) && !(parts & PART_VPN_OPENVPN))
		result = send_users(box, message);
	pthread_mutex_unlock(&box->services_lock);
	pthread_mutex_lock(&box->lock);
	return result;
}

void
daemons_remember(struct keeper_box *box, const struct snapshot *snapshot, unsigned parts)
{
	const struct service_planner *planner;
	char                          setting[SERVICE_SETTING_MAX];

	for (size_t i = 0; (planner = service_planner_at(i)); i++) {
		snprintf(setting, sizeof(setting), SETTING_APPLIED "%s", planner->program);
		if (planner->parts & parts)
			box_remember(box, setting, snapshot);
	}
}

enum result
daemons_load(struct keeper_box *box, const struct snapshot *snapshot, const char *program, struct buffer *message)
{
	char        setting[SERVICE_SETTING_MAX];
	enum result result;

	snprintf(setting, sizeof(setting), SETTING_APPLIED "%s", program);
	pthread_mutex_unlock(&box->lock);
	pthread_mutex_lock(&box->services_lock);
	watch_lists(box, snapshot, 0, program);
	result = send_services(box, snapshot, 0, program, message);
	pthread_mutex_unlock(&box->services_lock);
	pthread_mutex_lock(&box->lock);
	if (result == RESULT_DONE)
		box_remember(box, setting, snapshot);
	return result;
}

static void
resume_service(struct keeper_box *box, const char *program)
{
	scoped_buffer          message = BUFFER_NONE;
	char                   setting[SERVICE_SETTING_MAX];
	const struct snapshot *snapshot;

	snprintf(setting, sizeof(setting), SETTING_APPLIED "%s", program);
	pthread_mutex_lock(&box->services_lock);
	snapshot = box_last_applied(box, setting);
	if (snapshot) {
		watch_lists(box, snapshot, 0, program);
		if (send_services(box, snapshot, 0, program, &message) != RESULT_DONE)
			log_error("the services that were applied before: %s", buffer_string(&message));
	}
	pthread_mutex_unlock(&box->services_lock);
	snapshot_release(snapshot);
}

void *
daemons_resume(void *context)
{
	struct keeper_box            *box = context;
	const struct service_planner *planner;

	for (size_t i = 0; (planner = service_planner_at(i)) && !atomic_load(&box->is_ending); i++)
		resume_service(box, planner->program);
	return NULL;
}

void
daemons_relist(void *context)
{
	struct keeper_box *box = context;
	scoped_buffer      message = BUFFER_NONE;

	pthread_mutex_lock(&box->services_lock);
	if (box->listed && !atomic_load(&box->is_ending) &&
	    send_services(box, box->listed, 0, RESOLVER, &message) != RESULT_DONE)
		log_error("lists of domains: %s", buffer_string(&message));
	pthread_mutex_unlock(&box->services_lock);
}
