/*
 * The keeper, the gate and daemons are killed at random moments while clients of both dialects make a thousand changes. Then
 * everything that was acknowledged is configured and live, the box is what a keeper that begins with nothing makes of the same
 * configuration, and nothing is left to be done.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "box.h"
#include "monitor.h"
#include "room.h"
#include "survive_looks.h"
#include "survive_work.h"
#include "test.h"

#define CHANGES      1000
#define PAUSE_LEAST  300   /* ms between two deaths */
#define PAUSE_MOST   2500
#define GONE_LIMIT   60000 /* ms until a gate without a keeper has ended */
#define SERVED_LIMIT 60000 /* ms until somebody answers again */
#define SETTLE_LIMIT 90000 /* ms until all is as it was applied */
#define LOOK_EVERY   500
#define WORKS_MAX    16

static const char *const daemons[] = { "/usr/sbin/unbound", "/usr/sbin/dnsmasq", "/usr/sbin/kea-dhcp4", "/usr/sbin/radvd" };

static struct box *box;
static pid_t       room;
static struct work works[WORKS_MAX];

/* --- the configuration to begin with ------------------------------------------------------------------------ */

static const char *
save(const char *path, const char *body)
{
	const struct value *said = must_post(box->client, box->arena, path, body);

	if (strcmp(at(box->arena, said, "result"), "saved") != 0)
		fail_msg("%s %s: %s", path, body, box->client->body.bytes);
	return at(box->arena, said, "uuid");
}

static void
must_apply(const char *path)
{
	const struct value *said = must_post(box->client, box->arena, path, "{}");

	if (strncasecmp(at(box->arena, said, "status"), "ok", 2) != 0)
		fail_msg("%s: %s", path, box->client->body.bytes);
}

static const char *
set_up(void)
{
	const char *subnet;

	save("/api/interfaces/assignment/set_item/lan",
	     "{\"interface\":{\"type4\":\"staticv4\",\"ipaddr\":\"10.20.0.1/16\",\"type6\":\"none\"}}");
	save("/api/interfaces/assignment/set_item/wan",
	     "{\"interface\":{\"type4\":\"staticv4\",\"ipaddr\":\"203.0.113.1/24\",\"type6\":\"none\"}}");
	must_apply("/api/interfaces/assignment/reconfigure");
	save("/api/routing/settings/add_gateway", "{\"gateway_item\":{\"name\":\"FAR\",\"interface\":\"wan\",\"ipprotocol\":\"inet\","
						  "\"gateway\":\"203.0.113.254\",\"monitor_disable\":\"1\"}}");
	must_apply("/api/routing/settings/reconfigure");
	save("/api/interfaces/vip_settings/add_item",
	     "{\"vip\":{\"mode\":\"ipalias\",\"interface\":\"lan\",\"subnet\":\"2001:db8:5::1\",\"subnet_bits\":\"64\"}}");
	must_apply("/api/interfaces/vip_settings/reconfigure");
	save("/api/unbound/settings/set", "{\"unbound\":{\"general\":{\"enabled\":\"1\"}}}");
	must_apply("/api/unbound/service/reconfigure");
	save("/api/kea/dhcpv4/set", "{\"dhcpv4\":{\"general\":{\"enabled\":\"1\",\"interfaces\":\"lan\"}}}");
	subnet = save("/api/kea/dhcpv4/add_subnet", "{\"subnet4\":{\"subnet\":\"10.20.0.0/16\",\"pools\":\"10.20.0.30-10.20.0.39\"}}");
	must_apply("/api/kea/service/reconfigure");
	/* What it does not know it asks nobody else. */
	save("/api/dnsmasq/settings/add_domain",
	     "{\"domainoverride\":{\"sequence\":\"1\",\"domain\":\"more.example\",\"ip\":\"!\"}}");
	must_apply("/api/dnsmasq/service/reconfigure");
	save("/api/radvd/settings/add_entry", "{\"entries\":{\"interface\":\"lan\",\"mode\":\"assist\"}}");
	must_apply("/api/radvd/service/reconfigure");
	must_apply("/api/firewall/filter/apply");
	return subnet;
}

/* --- death ------------------------------------------------------------------------------------------------------ */

static void
wait_until_served(void)
{
	const int64_t begin = milliseconds();

	for (;;) {
		scoped_arena arena = arena_new();

		box->client->limit = 10000;
		if (get(box->client, arena, "/api/firewall/alias/search_item?rowCount=1").status == 200)
			break;
		if (milliseconds() - begin > SERVED_LIMIT)
			fail_msg("nobody serves any more");
		wait_a_little(10);
	}
	box->client->limit = SETTLE_LIMIT;
}

static void
kill_keeper(void)
{
	const pid_t gate = instance_gate(box->instance);

	instance_kill_keeper(box->instance);
	if (gate && gate_wait(gate, GONE_LIMIT) < 0)
		fail_msg("a gate without a keeper is still there after %d ms", GONE_LIMIT);
	instance_start(box->instance);
}

struct deaths {
	unsigned keeper, gate, daemons[COUNT(daemons)];
};

static void
kill_somebody(struct deaths *deaths)
{
	const size_t choice = (size_t)random() % (COUNT(daemons) + 2);
	const pid_t  victim = choice < COUNT(daemons) ? box_daemon(box, daemons[choice]) : instance_gate(box->instance);

	if (choice == COUNT(daemons) + 1) {
		kill_keeper();
		deaths->keeper++;
	} else if (victim > 0 && kill(victim, SIGKILL) == 0) {
		deaths->gate += choice == COUNT(daemons);
		if (choice < COUNT(daemons))
			deaths->daemons[choice]++;
	}
}

/* --- afterwards --------------------------------------------------------------------------------------------------- */

/* What is configured at an item's name; "": nothing. */
static const char *
kept_value(const struct work *work, const struct value *rows, size_t item)
{
	const char *key = work_fill(box->arena, work, "@k", item, 0);

	for (size_t i = 0; i < value_count(rows); i++)
		if (strcmp(at(box->arena, value_at(rows, i), work->kind->key), key) == 0)
			return at(box->arena, value_at(rows, i), work->kind->value);
	return "";
}

static const char *
expected(const struct work *work, const char *pattern, size_t item, unsigned number)
{
	return number ? work_fill(box->arena, work, pattern, item, number) : "";
}

static unsigned
check_configured(struct work *work)
{
	const struct kind  *kind = work->kind;
	const struct value *rows = value_get(must_post(box->client, box->arena, kind->search, "{\"rowCount\":-1}"), "rows");
	unsigned            count = 0;

	for (size_t i = 0; i < work->nitems; i++) {
		struct item *item = &work->items[i];
		const char  *kept = kept_value(work, rows, i);
		const char  *one = expected(work, kind->kept, i, item->number), *other = expected(work, kind->kept, i, item->other);

		if (strcmp(kept, one) != 0 && strcmp(kept, other) != 0)
			fail_msg("%s of %s: \"%s\" was acknowledged (or \"%s\" was not), and it is \"%s\"",
				 work_fill(box->arena, work, "@k", i, 0), kind->name, one, other, kept);
		/* Now we know. */
		item->number = strcmp(kept, one) == 0 ? item->number : item->other;
		count += item->number != 0;
	}
	return count;
}

/* What is configured and cannot be seen, or is gone and can still be; "": nothing. */
static const char *
missed(const struct looks *looks)
{
	for (const struct work *work = works; work < works + nkinds; work++)
		for (size_t i = 0; i < work->nitems; i++) {
			const unsigned number = work->items[i].number;
			const char    *seen = work_fill(box->arena, work, work->kind->seen, i, number ? number : work->items[i].last);

			if (!work->items[i].is_unseen && looks_have(looks, work->kind->look, seen) != (number != 0))
				return arena_print(box->arena, "%s of %s: \"%s\" is %s", work_fill(box->arena, work, "@k", i, 0),
						   work->kind->name, seen, number ? "not there" : "still there");
		}
	return "";
}

static struct looks
look_until_settled(void)
{
	const int64_t begin = milliseconds();
	struct looks  looks;
	const char   *wrong;

	do {
		wait_a_little(LOOK_EVERY);
		looks = looks_take(box, works, nkinds);
		wrong = missed(&looks);
	} while (*wrong && milliseconds() - begin < SETTLE_LIMIT);
	if (*wrong)
		fail_msg("%s", wrong);
	return looks;
}

/* But for what only says what is heard, and addresses of leases that are told again. */
static const char *
changes_of(const char *heard)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   rest = text_of(heard), line;

	while (text_next(&rest, "\n", &line))
		if (!text_starts(line, TEXT("#")) && !text_contains(line, TEXT("valid_lft")))
			buffer_print(&out, "%.*s\n", TEXT_ARGS(line));
	return arena_copy(box->arena, buffer_text(&out));
}

/* Everything is applied again while somebody listens to what the kernel changes: nothing. Daemons stay who they are. */
static void
check_nothing_to_do(void)
{
	struct monitor rules = monitor_begin(box, MONITOR_RULES), addresses = monitor_begin(box, MONITOR_ADDRESSES);
	pid_t          before[COUNT(daemons)];

	for (size_t i = 0; i < COUNT(daemons); i++)
		before[i] = box_daemon(box, daemons[i]);
	for (size_t i = 0; i < nkinds; i++)
		must_apply(kinds[i].apply);
	must_apply("/api/radvd/service/reconfigure");
	must_apply("/api/interfaces/assignment/reconfigure");
	for (size_t i = 0; i < COUNT(daemons); i++)
		CHECK_NUMBER(box_daemon(box, daemons[i]), before[i]);
	CHECK_STRING(changes_of(monitor_end(&rules)), "");
	CHECK_STRING(changes_of(monitor_end(&addresses)), "");
}

/* Another machine, which has nothing but the configuration. */
static struct looks
look_at_fresh(const char *state, const struct looks *wanted)
{
	const int64_t begin = milliseconds();
	struct looks  looks;

	room = room_new();
	box = box_of(room_instance(room, state));
	instance_start(box->instance);
	do {
		wait_a_little(LOOK_EVERY);
		looks = looks_take(box, works, nkinds);
	} while (*looks_differ(box->arena, &looks, wanted) && milliseconds() - begin < SETTLE_LIMIT);
	return looks;
}

static void
say(unsigned seed, const struct deaths *deaths, unsigned kept, unsigned there)
{
	unsigned daemons_killed = 0, unknown = 0;

	for (size_t i = 0; i < COUNT(daemons); i++)
		daemons_killed += deaths->daemons[i];
	for (size_t i = 0; i < nkinds; i++)
		unknown += works[i].unknown;
	printf("system: seed %u: %u changes acknowledged, %u not, %u things there; killed: keeper %u, gate %u, daemons %u\n", seed, kept,
	       unknown, there, deaths->keeper, deaths->gate, daemons_killed);
}

/* --- the test ------------------------------------------------------------------------------------------------------ */

static unsigned
change_and_kill(unsigned seed, const char *subnet, struct deaths *deaths)
{
	atomic_bool is_over = false;
	atomic_uint kept = 0;

	for (size_t i = 0; i < nkinds; i++) {
		works[i] = (struct work){ .instance = box->instance, .kind = &kinds[i], .subnet = subnet, .number = (unsigned)i,
					  .seed = seed + (unsigned)i, .is_over = &is_over, .kept = &kept };
		CHECK_NUMBER(pthread_create(&works[i].thread, NULL, work_on, &works[i]), 0);
	}
	while (atomic_load(&kept) < CHANGES) {
		/* Sometimes death comes before anybody is back. */
		if (random() % 4 != 0)
			wait_until_served();
		wait_a_little(PAUSE_LEAST + (int)(random() % (PAUSE_MOST - PAUSE_LEAST)));
		kill_somebody(deaths);
	}
	atomic_store(&is_over, true);
	for (size_t i = 0; i < nkinds; i++)
		pthread_join(works[i].thread, NULL);
	for (size_t i = 0; i < nkinds; i++)
		CHECK_STRING(works[i].trouble, "");
	wait_until_served();
	return atomic_load(&kept);
}

TEST(the_box_ends_as_configured_whoever_dies)
{
	const unsigned seed = (unsigned)time(NULL);
	struct deaths  deaths = { 0 };
	unsigned       kept, there = 0;
	struct looks   looks, fresh;
	struct box    *old;
	pid_t          old_room;

	printf("system: seed %u\n", seed);
	srandom(seed);
	room = room_new();
	box = box_of(room_instance(room, NULL));
	instance_start(box->instance);
	kept = change_and_kill(seed, set_up(), &deaths);
	for (size_t i = 0; i < nkinds; i++)
		there += check_configured(&works[i]);
	say(seed, &deaths, kept, there);
	looks = look_until_settled();
	check_nothing_to_do();
	instance_stop(box->instance);
	old = box;
	old_room = room;
	fresh = look_at_fresh(old->instance->state, &looks);
	CHECK_STRING(looks_differ(box->arena, &looks, &fresh), "");
	instance_stop(box->instance);
	box_free(box);
	box_free(old);
	room_end(room);
	room_end(old_room);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_box_ends_as_configured_whoever_dies) };

	instance_programs(argc, argv);
	box_need(MONITOR_NFT, MONITOR_IP, "/usr/bin/dig", "/usr/bin/python3", daemons[0], daemons[1], daemons[2], daemons[3], NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
