/*
 * The box's daemons: made as they are configured, remembered for a gate that starts after us, and made so again then. They take
 * their time, so the box can be asked meanwhile.
 */
#include "proc/part/daemons.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/map.h"
#include "proc/ask/box_inside.h"
#include "proc/part/links.h"
#include "proc/part/service.h"
#include "wire/order.h"
#include "wire/sealed.h"

/* A setting of the store: the revision that this program's daemons were made of. */
#define SETTING_APPLIED     BOX_APPLIED "service." /* and the program */
#define SERVICE_SETTING_MAX (sizeof(SETTING_APPLIED) + SERVICE_NAME_MAX)
#define RESOLVER            "unbound"
#define IPSEC               "charon"
#define PAGE_MAX            4096 /* bytes of a short answer */
#define WIREGUARD           "wireguard"
#define LOGINS              "openvpn" /* asks users for passwords */
#define SETTLE_MS           3000 /* so long lists that are new are waited for */

/* Is this program meant, or without one named this part? */
static bool
is_about(unsigned parts, const char *program, enum part part, const char *name)
{
	return program ? strcmp(program, name) == 0 : parts & part;
}

static bool
is_about_resolver(unsigned parts, const char *program)
{
	return is_about(parts, program, PART_RESOLVER, RESOLVER);
}

static bool
is_about_tunnels(const struct snapshot *snapshot, unsigned parts, const char *program)
{
	return is_about(parts, program, PART_VPN_IPSEC, IPSEC) &&
	       record_bool(snapshot_single(snapshot, "ipsec.settings"), "general.enabled");
}

/* Where it cannot be asked it is as with most kernels. */
static bool
kernel_wraps(struct keeper_box *box)
{
	scoped_writer  order;
	scoped_message reply;
	scoped_sealed  said = TEXT_NONE;

	writer_init(&order);
	message_init(&reply);
	put_string(&order, "kernel.esp");
	put_string(&order, "");
	if (courier_ask(box->setup.courier, ORDER_ASK_SERVICE, &order, ORDER_APPLY_TIMEOUT, &reply) != RESULT_DONE)
		return true;
	struct reader in = message_reader(&reply);
	scoped_fd     fd = get_fd(&in);

	return !got_all(&in) || !sealed_map(fd, PAGE_MAX, &said) || text_is(said, "yes");
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

/* What names of peers mean, all of them. */
static uint64_t
hash_peers(const struct keeper_box *box, const struct snapshot *snapshot)
{
	const struct collection *peers = snapshot_named(snapshot, "wireguard.client");
	scoped_buffer            said = BUFFER_NONE;

	for (size_t i = 0; i < collection_count(peers); i++) {
		struct address address = { .family = FAMILY_NONE };

		(void)live_address(box->live, record_get(collection_at(peers, i), "serveraddress"), &address);
		buffer_add(&said, (struct text){ (const char *)address.bytes, sizeof(address.bytes) });
	}
	return text_hash(buffer_text(&said));
}

/* The lock is not held; the services' is. */
static void
watch_peers(struct keeper_box *box, const struct snapshot *snapshot, unsigned parts, const char *program)
{
	if (!box->live || !is_about(parts, program, PART_VPN_WIREGUARD, WIREGUARD))
		return;
	live_watch_peers(box->live, snapshot);
	live_settle(box->live, SETTLE_MS);
	box->peers_hash = hash_peers(box, snapshot);
}

/* The lock is not held; the services' is. */
static enum result
send_services(struct keeper_box *box, const struct snapshot *snapshot, unsigned parts, const char *program,
	      struct buffer *message)
{
	scoped_arena              arena = arena_new();
	const struct name_lookup  names = { box->live, live_address };
	const struct snapshot    *users = store_snapshot(box->setup.store);
	const struct service_view view = {
		.arena = arena, .snapshot = snapshot, .users = users, .lists = domain_lists_face(box->lists), .names = box->live ? &names : NULL,
		.is_alone = box->setup.is_alone, .allows_commands = box->setup.allows_commands,
		.kernel_has_esp = is_about_tunnels(snapshot, parts, program) && (box->setup.is_simulated || kernel_wraps(box)),
	};

	if (is_about(parts, program, PART_VPN_OPENVPN, LOGINS) && snapshot != box->logins) {
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
	watch_peers(box, snapshot, parts, NULL);
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
	if (strcmp(program, WIREGUARD) == 0)
		(void)links_apply_devices(box, snapshot, message);
	pthread_mutex_unlock(&box->lock);
	pthread_mutex_lock(&box->services_lock);
	watch_lists(box, snapshot, 0, program);
	watch_peers(box, snapshot, 0, program);
	result = send_services(box, snapshot, 0, program, message);
	pthread_mutex_unlock(&box->services_lock);
	pthread_mutex_lock(&box->lock);
	if (result == RESULT_DONE)
		box_remember(box, setting, snapshot);
	const enum result settled = links_settle(box, message);

	return result == RESULT_DONE ? settled : result;
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
		watch_peers(box, snapshot, 0, program);
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

void
daemons_rename(void *context)
{
	struct keeper_box *box = context;
	scoped_buffer      message = BUFFER_NONE;

	pthread_mutex_lock(&box->lock);
	const struct snapshot *snapshot = box->network.devices ? snapshot_hold(box->network.devices) : NULL;

	pthread_mutex_unlock(&box->lock);
	if (!snapshot)
		return;
	pthread_mutex_lock(&box->services_lock);
	const uint64_t now = hash_peers(box, snapshot);

	/* Who stopped it by hand does not want it back for less. */
	if (now != box->peers_hash && !atomic_load(&box->is_ending)) {
		box->peers_hash = now;
		if (send_services(box, snapshot, 0, WIREGUARD, &message) != RESULT_DONE)
			log_error("peers of WireGuard: %s", buffer_string(&message));
	}
	pthread_mutex_unlock(&box->services_lock);
	snapshot_release(snapshot);
}
