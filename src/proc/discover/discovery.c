/*
 * All neighbours are asked for when the keeper says that there is news of them, and now and then without: that somebody known
 * still answers is no news to the kernel. Looks take a tenth of the time at most.
 */
#include "proc/discover/discovery.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/steady.h"
#include "plan/network/making.h"
#include "proc/ask/ask.h"
#include "proc/ask/box_inside.h"
#include "proc/child/loop.h"
#include "wire/routes.h"

#define LOOK_MS     15000 /* between looks without news */
#define SAVE_MS     60000 /* between two times that only when somebody was seen last is written down */
#define FRESH       10    /* a look is followed by so many times what it took */
#define NETS_MAX    256
#define DEVICES_MAX 256
#define NAME        "hosts"
#define NAME_NEW    "hosts.new"

struct settings {
	bool          is_on, is_verbose;
	char          devices[DEVICES_MAX][IFNAMSIZ]; /* none: all */
	size_t        ndevices;
	struct prefix nets[NETS_MAX]; /* whose addresses are passed over */
	size_t        nnets;
	int64_t       expire4, expire6; /* seconds; 0: never */
};

struct discovery {
	struct keeper_box *box;
	pthread_t          thread;
	pthread_mutex_t    look_lock; /* held while looking; taken before the other one */
	int64_t            looked, took, saved; /* ms of the steady clock; the look lock is held */
	bool               is_failing, is_unsaved; /* as was said; likewise */
	pthread_mutex_t    lock; /* of what follows */
	pthread_cond_t     wake;
	bool               is_ending, is_due, is_applied, is_running;
	struct settings    settings;
	struct hosts      *hosts;
};

/* --- Kept -------------------------------------------------------------------------------------------------------- */

static void
load(struct discovery *discovery)
{
	const int     folder = discovery->box->setup.state_fd;
	scoped_fd     fd = folder >= 0 ? openat(folder, NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	scoped_buffer text = BUFFER_NONE;
	char          bytes[16384];
	ssize_t       got;

	while (fd >= 0 && text.len < HOSTS_BYTES_MAX && (got = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(&text, (struct text){ bytes, (size_t)got });
	hosts_read(discovery->hosts, buffer_text(&text));
}

/* The look lock is held. */
static void
save(struct discovery *discovery)
{
	const int     folder = discovery->box->setup.state_fd;
	scoped_buffer text = BUFFER_NONE;
	bool          is_kept;

	discovery->saved = loop_clock();
	if (folder < 0)
		return;
	pthread_mutex_lock(&discovery->lock);
	hosts_write(discovery->hosts, &text);
	pthread_mutex_unlock(&discovery->lock);
	scoped_fd fd = openat(folder, NAME_NEW, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	is_kept = fd >= 0 && file_write(fd, buffer_text(&text)) && fsync(fd) == 0 && renameat(folder, NAME_NEW, folder, NAME) == 0;
	if (!is_kept && !discovery->is_unsaved)
		log_warning("the hosts that were discovered cannot be written down");
	discovery->is_unsaved = !is_kept;
}

/* --- Looking ------------------------------------------------------------------------------------------------------ */

static bool
is_wanted(const struct settings *settings, const char *device, const struct neighbour *one)
{
	static const uint8_t nobody[6] = { 0 };
	bool                 is_listed = settings->ndevices == 0;

	if (!one->has_mac || (one->mac[0] & 1) || memcmp(one->mac, nobody, sizeof(nobody)) == 0 || !device[0])
		return false;
	if (one->state != NEIGHBOUR_REACHABLE && one->state != NEIGHBOUR_STALE)
		return false;
	for (size_t i = 0; i < settings->ndevices; i++)
		is_listed |= strcmp(settings->devices[i], device) == 0;
	for (size_t i = 0; i < settings->nnets; i++)
		if (prefix_covers(&settings->nets[i], &one->address))
			return false;
	return is_listed;
}

/* How many are new. The lock is held. */
static size_t
take(struct discovery *discovery, const struct links *links, const struct neighbours *all, int64_t now)
{
	scoped_arena arena = arena_new();
	size_t       count = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct neighbour *one = &all->neighbours[i];
		const char             *device = links_name(links, one->link);
		struct host             host = { .address = one->address, .first = now };

		if (!is_wanted(&discovery->settings, device, one) || strlen(device) >= sizeof(host.device))
			continue;
		memcpy(host.device, device, strlen(device));
		memcpy(host.mac, one->mac, sizeof(host.mac));
		host.last = now - one->age;
		if (!hosts_see(discovery->hosts, &host))
			continue;
		count++;
		if (discovery->settings.is_verbose)
			log_info("host discovery: %s has %s on %s", mac_print(arena, host.mac), address_print(arena, &host.address), device);
	}
	return count;
}

/* The lock is held; how many are forgotten. */
static size_t
expire(struct discovery *discovery, int64_t now)
{
	const struct settings *settings = &discovery->settings;
	size_t                 count = 0;

	if (settings->expire4 > 0)
		count += hosts_expire(discovery->hosts, FAMILY_INET, now - settings->expire4);
	if (settings->expire6 > 0)
		count += hosts_expire(discovery->hosts, FAMILY_INET6, now - settings->expire6);
	return count;
}

/* The look lock is held. */
static enum result
look(struct discovery *discovery, struct buffer *message)
{
	scoped_arena      arena = arena_new();
	struct asking     asking = { .box = discovery->box, .arena = arena, .message = message };
	const int64_t     begun = loop_clock(), now = time(NULL);
	struct links      links;
	struct neighbours all;
	enum result       result = asked_links(&asking, &links);
	size_t            changed = 0;

	if (result == RESULT_DONE)
		result = asked_neighbours(&asking, &all);
	if (result == RESULT_DONE) {
		pthread_mutex_lock(&discovery->lock);
		changed = take(discovery, &links, &all, now) + expire(discovery, now);
		pthread_mutex_unlock(&discovery->lock);
		if (changed > 0 || loop_clock() - discovery->saved >= SAVE_MS)
			save(discovery);
	}
	discovery->looked = loop_clock();
	discovery->took = discovery->looked - begun;
	return result;
}

/* The look lock is held. */
static void
look_or_say(struct discovery *discovery)
{
	scoped_buffer message = BUFFER_NONE;
	const bool    is_failing = look(discovery, &message) != RESULT_DONE;

	if (is_failing != discovery->is_failing)
		log_warning(is_failing ? "hosts are not discovered: %s" : "hosts are discovered again%s", buffer_string(&message));
	discovery->is_failing = is_failing;
}

/* --- Again and again ------------------------------------------------------------------------------------------------ */

/* Until there is news and a pause is over, or the next look is due; while it is off, for good. False: the end. */
static bool
wait(struct discovery *discovery, int64_t pause)
{
	const int64_t begun = loop_clock();
	bool          goes_on;

	pthread_mutex_lock(&discovery->lock);
	while (!discovery->is_ending) {
		const int64_t         due = begun + (discovery->is_due ? pause : pause > LOOK_MS ? pause : LOOK_MS);
		const struct timespec until = { due / 1000, due % 1000 * 1000000 };

		if (discovery->is_running && loop_clock() >= due)
			break;
		if (discovery->is_running)
			pthread_cond_timedwait(&discovery->wake, &discovery->lock, &until);
		else
			pthread_cond_wait(&discovery->wake, &discovery->lock);
	}
	goes_on = !discovery->is_ending;
	discovery->is_due = false;
	pthread_mutex_unlock(&discovery->lock);
	return goes_on;
}

static void *
run(void *self)
{
	struct discovery *discovery = self;
	int64_t           pause = 0;

	while (wait(discovery, pause)) {
		pthread_mutex_lock(&discovery->look_lock);
		if (discovery_runs(discovery))
			look_or_say(discovery);
		pause = discovery->took * FRESH;
		pthread_mutex_unlock(&discovery->look_lock);
	}
	return NULL;
}

void
discovery_wake(struct discovery *discovery)
{
	if (!discovery)
		return;
	pthread_mutex_lock(&discovery->lock);
	discovery->is_due = true;
	pthread_cond_signal(&discovery->wake);
	pthread_mutex_unlock(&discovery->lock);
}

/* --- Being told ------------------------------------------------------------------------------------------------------ */

static struct settings
read_settings(const struct snapshot *snapshot, struct buffer *message)
{
	const struct record *record = snapshot_single(snapshot, "hostdiscovery.hostwatch");
	struct settings      settings = {
		.is_on = record_bool(record, "general.enabled"), .is_verbose = record_bool(record, "general.verbose"),
		.expire4 = record_number(record, "general.expire4_interval", 0),
		.expire6 = record_number(record, "general.expire6_interval", 0),
	};
	struct text rest = record_text(record, "general.interface"), one;

	while (text_next(&rest, ",", &one)) {
		const char *device = making_device(snapshot, one);

		if (device && strlen(device) < IFNAMSIZ && settings.ndevices < DEVICES_MAX)
			snprintf(settings.devices[settings.ndevices++], IFNAMSIZ, "%s", device);
	}
	/* None of those that are chosen is there: that is not all of them. */
	if (record_has(record, "general.interface") && settings.ndevices == 0)
		settings.ndevices = 1;
	rest = record_text(record, "general.skip_nets");
	while (text_next(&rest, ",", &one))
		if (settings.nnets < NETS_MAX && prefix_read(one, &settings.nets[settings.nnets]))
			settings.nnets++;
	if (settings.is_on && record_bool(record, "general.promisc"))
		buffer_add_string(message, "host discovery listens to nothing that is not for this box: it knows the hosts that speak with it");
	return settings;
}

enum result
discovery_apply(struct discovery *discovery, const struct snapshot *snapshot, struct buffer *message)
{
	scoped_buffer         missing = BUFFER_NONE;
	const struct settings settings = read_settings(snapshot, &missing);
	enum result           result = RESULT_DONE;

	pthread_mutex_lock(&discovery->look_lock);
	pthread_mutex_lock(&discovery->lock);
	discovery->settings = settings;
	discovery->is_applied = true;
	discovery->is_running = settings.is_on && !discovery->box->setup.is_simulated;
	const bool is_running = discovery->is_running;

	pthread_cond_signal(&discovery->wake);
	pthread_mutex_unlock(&discovery->lock);
	if (is_running)
		result = look(discovery, message);
	discovery->is_failing = result != RESULT_DONE;
	pthread_mutex_unlock(&discovery->look_lock);
	if (result != RESULT_DONE || missing.len == 0 || discovery->box->setup.is_simulated)
		return result;
	buffer_add(message, buffer_text(&missing));
	return RESULT_UNAVAILABLE;
}

bool
discovery_turn(struct discovery *discovery, bool on)
{
	pthread_mutex_lock(&discovery->lock);
	const bool can = discovery->is_applied && (discovery->settings.is_on || !on);

	if (can)
		discovery->is_running = on;
	discovery->is_due |= on;
	pthread_cond_signal(&discovery->wake);
	pthread_mutex_unlock(&discovery->lock);
	return can;
}

bool
discovery_runs(struct discovery *discovery)
{
	pthread_mutex_lock(&discovery->lock);
	const bool runs = discovery->is_running;

	pthread_mutex_unlock(&discovery->lock);
	return runs;
}

static int
oldest_first(const void *left, const void *right)
{
	const struct host *a = left, *b = right;

	if (a->last != b->last)
		return a->last < b->last ? -1 : 1;
	return address_compare(&a->address, &b->address);
}

enum result
discovery_list(struct discovery *discovery, struct arena *arena, struct host **out, size_t *n, struct buffer *message)
{
	enum result result = RESULT_DONE;

	pthread_mutex_lock(&discovery->look_lock);
	if (discovery_runs(discovery) && (!discovery->looked || loop_clock() - discovery->looked >= discovery->took * FRESH))
		result = look(discovery, message);
	pthread_mutex_lock(&discovery->lock);
	*n = hosts_count(discovery->hosts);
	*out = ARENA_MAKE(arena, struct host, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = *hosts_at(discovery->hosts, i);
	pthread_mutex_unlock(&discovery->lock);
	pthread_mutex_unlock(&discovery->look_lock);
	qsort(*out, *n, sizeof(**out), oldest_first);
	return result;
}

/* --- Life ---------------------------------------------------------------------------------------------------------------- */

struct discovery *
discovery_new(struct keeper_box *box)
{
	struct discovery *discovery = calloc(1, sizeof(*discovery));

	BUG_IF(!discovery, "out of memory");
	discovery->box = box;
	discovery->hosts = hosts_new();
	load(discovery);
	pthread_mutex_init(&discovery->look_lock, NULL);
	pthread_mutex_init(&discovery->lock, NULL);
	steady_condition_init(&discovery->wake);
	BUG_IF(pthread_create(&discovery->thread, NULL, run, discovery) != 0, "no thread");
	return discovery;
}

void
discovery_free(struct discovery *discovery)
{
	if (!discovery)
		return;
	pthread_mutex_lock(&discovery->lock);
	discovery->is_ending = true;
	pthread_cond_signal(&discovery->wake);
	pthread_mutex_unlock(&discovery->lock);
	pthread_join(discovery->thread, NULL);
	if (discovery->is_applied)
		save(discovery);
	hosts_free(discovery->hosts);
	pthread_cond_destroy(&discovery->wake);
	pthread_mutex_destroy(&discovery->lock);
	pthread_mutex_destroy(&discovery->look_lock);
	free(discovery);
}
