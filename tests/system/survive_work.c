/* What is changed, and the clients who do. */
#include "survive_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "test.h"

#define WRITE_LIMIT 8000  /* ms a client waits for an answer */
#define APPLY_LIMIT 60000 /* ms until the last apply must be acknowledged */
#define PAUSE       20    /* ms, when nobody answers */
#define NUMBER_ROOM 250   /* numbers of one octet */

/* clang-format off */
const struct kind kinds[] = {
	{ "aliases", false,
	  "/api/firewall/alias/add_item", "{\"alias\":{\"name\":\"@k\",\"type\":\"host\",\"content\":\"10.20.@v\"}}",
	  "/api/firewall/alias/set_item/@u", "{\"alias\":{\"content\":\"10.20.@v\"}}",
	  NULL, NULL,
	  "/api/firewall/filter/add_rule", "{\"rule\":{\"interface\":\"lan\",\"source_net\":\"@k\"}}", "uuid",
	  "/api/firewall/alias/reconfigure",
	  "/api/firewall/alias/search_item", "name", "content", "10.20.@v", LOOK_RULES, "10.20.@v" },
	{ "aliases", true,
	  "/api/v1/firewall/alias", "{\"name\":\"@k\",\"type\":\"host\",\"address\":[\"10.20.@v\"],\"apply\":true}",
	  "/api/v1/firewall/alias", "{\"id\":\"@k\",\"address\":[\"10.20.@v\"],\"apply\":true}",
	  NULL, NULL,
	  "/api/v1/firewall/rule", "{\"type\":\"pass\",\"interface\":\"lan\",\"ipprotocol\":\"inet\",\"protocol\":\"any\",\"src\":\"@k\","
				   "\"dst\":\"any\",\"apply\":true}", NULL,
	  "/api/firewall/alias/reconfigure",
	  "/api/firewall/alias/search_item", "name", "content", "10.20.@v", LOOK_RULES, "10.20.@v" },
	{ "rules", false,
	  "/api/firewall/filter/add_rule", "{\"rule\":{\"interface\":\"lan\",\"source_net\":\"10.20.@v\",\"description\":\"@k\"}}",
	  "/api/firewall/filter/set_rule/@u", "{\"rule\":{\"source_net\":\"10.20.@v\"}}",
	  "/api/firewall/filter/del_rule/@u", "{}", NULL, NULL, "uuid", "/api/firewall/filter/apply",
	  "/api/firewall/filter/search_rule", "description", "source_net", "10.20.@v", LOOK_RULES, "10.20.@v" },
	{ "rules", true,
	  "/api/v1/firewall/rule", "{\"type\":\"pass\",\"interface\":\"lan\",\"ipprotocol\":\"inet\",\"protocol\":\"any\",\"src\":\"10.20.@v\","
				   "\"dst\":\"any\",\"descr\":\"@k\",\"apply\":true}",
	  "/api/v1/firewall/rule", "{\"tracker\":@u,\"src\":\"10.20.@v\",\"apply\":true}",
	  "/api/v1/firewall/rule", "{\"tracker\":@u,\"apply\":true}", NULL, NULL, "data.tracker", "/api/firewall/filter/apply",
	  "/api/firewall/filter/search_rule", "description", "source_net", "10.20.@v", LOOK_RULES, "10.20.@v" },
	{ "names of Unbound", false,
	  "/api/unbound/settings/add_host_override", "{\"host\":{\"hostname\":\"@k\",\"domain\":\"many.example\",\"rr\":\"A\",\"server\":\"10.20.@v\"}}",
	  "/api/unbound/settings/set_host_override/@u", "{\"host\":{\"server\":\"10.20.@v\"}}",
	  "/api/unbound/settings/del_host_override/@u", "{}", NULL, NULL, "uuid", "/api/unbound/service/reconfigure",
	  "/api/unbound/settings/search_host_override", "hostname", "server", "10.20.@v", LOOK_UNBOUND, "@k.many.example. A 10.20.@v",
	  "@k.many.example" },
	{ "names of Unbound", true,
	  "/api/v1/services/unbound/host_override", "{\"host\":\"@k\",\"domain\":\"many.example\",\"ip\":[\"10.20.@v\"],\"apply\":true}",
	  NULL, NULL, NULL, NULL, NULL, NULL, NULL, "/api/unbound/service/reconfigure",
	  "/api/unbound/settings/search_host_override", "hostname", "server", "10.20.@v", LOOK_UNBOUND, "@k.many.example. A 10.20.@v",
	  "@k.many.example" },
	{ "reservations", false,
	  "/api/kea/dhcpv4/add_reservation", "{\"reservation\":{\"subnet\":\"@s\",\"hostname\":\"@k\",\"hw_address\":\"@m\",\"ip_address\":\"10.20.@v\"}}",
	  "/api/kea/dhcpv4/set_reservation/@u", "{\"reservation\":{\"ip_address\":\"10.20.@v\"}}",
	  "/api/kea/dhcpv4/del_reservation/@u", "{}", NULL, NULL, "uuid", "/api/kea/service/reconfigure",
	  "/api/kea/dhcpv4/search_reservation", "hostname", "ip_address", "10.20.@v", LOOK_KEA, "\"ip-address\": \"10.20.@v\"" },
	{ "names of dnsmasq", false,
	  "/api/dnsmasq/settings/add_host", "{\"host\":{\"host\":\"@k\",\"domain\":\"more.example\",\"ip\":\"10.20.@v\"}}",
	  "/api/dnsmasq/settings/set_host/@u", "{\"host\":{\"ip\":\"10.20.@v\"}}",
	  "/api/dnsmasq/settings/del_host/@u", "{}", NULL, NULL, "uuid", "/api/dnsmasq/service/reconfigure",
	  "/api/dnsmasq/settings/search_host", "host", "ip", "10.20.@v", LOOK_DNSMASQ, "@k.more.example. A 10.20.@v", "@k.more.example" },
	{ "addresses", false,
	  "/api/interfaces/vip_settings/add_item",
	  "{\"vip\":{\"mode\":\"ipalias\",\"interface\":\"lan\",\"subnet\":\"10.20.@v\",\"subnet_bits\":\"32\",\"descr\":\"@k\"}}",
	  "/api/interfaces/vip_settings/set_item/@u", "{\"vip\":{\"subnet\":\"10.20.@v\"}}",
	  "/api/interfaces/vip_settings/del_item/@u", "{}", NULL, NULL, "uuid", "/api/interfaces/vip_settings/reconfigure",
	  "/api/interfaces/vip_settings/search_item", "descr", "subnet", "10.20.@v", LOOK_ADDRESSES, "10.20.@v/32" },
	{ "addresses", true,
	  "/api/v1/firewall/virtual_ip", "{\"mode\":\"ipalias\",\"interface\":\"lan\",\"subnet\":\"10.20.@v/32\",\"descr\":\"@k\"}",
	  NULL, NULL, NULL, NULL, NULL, NULL, NULL, "/api/interfaces/vip_settings/reconfigure",
	  "/api/interfaces/vip_settings/search_item", "descr", "subnet", "10.20.@v", LOOK_ADDRESSES, "10.20.@v/32" },
	{ "routes", false,
	  "/api/routes/routes/addroute", "{\"route\":{\"network\":\"10.30.@v/32\",\"gateway\":\"FAR\",\"descr\":\"@k\"}}",
	  "/api/routes/routes/setroute/@u", "{\"route\":{\"network\":\"10.30.@v/32\"}}",
	  "/api/routes/routes/delroute/@u", "{}", NULL, NULL, "uuid", "/api/routes/routes/reconfigure",
	  "/api/routes/routes/searchroute", "descr", "network", "10.30.@v/32", LOOK_ROUTES, "10.30.@v via" },
	{ "routes", true,
	  "/api/v1/routing/static_route", "{\"network\":\"10.30.@v/32\",\"gateway\":\"FAR\",\"descr\":\"@k\",\"apply\":true}",
	  NULL, NULL, NULL, NULL, NULL, NULL, NULL, "/api/routes/routes/reconfigure",
	  "/api/routes/routes/searchroute", "descr", "network", "10.30.@v/32", LOOK_ROUTES, "10.30.@v via" },
};
/* clang-format on */
const size_t nkinds = COUNT(kinds);

const char *
work_fill(struct arena *arena, const struct work *work, const char *pattern, size_t item, unsigned number)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   rest = text_of(pattern);

	while (rest.len > 0) {
		buffer_add(&out, text_until(&rest, '@'));
		if (rest.len == 0)
			break;
		switch (rest.ptr[0]) {
		case 'k': buffer_print(&out, "k%ux%zu", work->number, item); break;
		case 'u': buffer_add_string(&out, work->items[item].uuid); break;
		case 's': buffer_add_string(&out, work->subnet); break;
		case 'm': buffer_print(&out, "02:00:00:%02x:%02x:%02x", work->number, (unsigned)item / 256, (unsigned)item % 256); break;
		/* Each client has four numbers to begin with. */
		default: buffer_print(&out, "%u.%u", work->number * 4 + 1 + number / NUMBER_ROOM, number % NUMBER_ROOM + 1);
		}
		rest = text_after(rest, 1);
	}
	return arena_copy(arena, buffer_text(&out));
}

/* --- one change ------------------------------------------------------------------------------------------- */

static bool
is_kept(struct arena *arena, const struct answer *answer, bool is_pfsense)
{
	const char *result = at(arena, answer->json, "result");

	return answer->status == 200 && (is_pfsense || strcmp(result, "saved") == 0 || strcmp(result, "deleted") == 0);
}

/* True when it was acknowledged. Who dies cannot answer; who answers must not refuse. */
static bool
change(struct work *work, struct client *client, struct arena *arena, const char *method, const char *path, const char *body,
       struct answer *answer)
{
	*answer = ask(client, arena, method, path, body);
	if (is_kept(arena, answer, work->kind->is_pfsense)) {
		atomic_fetch_add(work->kept, 1);
		return true;
	}
	work->unknown++;
	if (answer->status != 0 && answer->status < 500 && !work->trouble[0])
		snprintf(work->trouble, sizeof(work->trouble), "%s %s %s: %ld %.600s", method, path, body, answer->status,
			 answer->body.ptr);
	if (answer->status == 0)
		wait_a_little(PAUSE);
	return false;
}

static void
add_item(struct work *work, struct client *client, struct arena *arena)
{
	const struct kind *kind = work->kind;
	const unsigned     number = ++work->step;
	struct item       *item = &work->items[work->nitems];
	struct answer      answer;
	const char        *body = work_fill(arena, work, kind->add_body, work->nitems++, number);

	item->other = item->last = number;
	item->is_unseen = kind->also;
	item->is_left = !change(work, client, arena, "POST", kind->add, body, &answer) || !kind->set;
	if (!is_kept(arena, &answer, kind->is_pfsense))
		return;
	item->number = number;
	if (kind->uuid)
		snprintf(item->uuid, sizeof(item->uuid), "%s", at(arena, answer.json, kind->uuid));
	if (kind->also)
		item->is_unseen = !change(work, client, arena, "POST", kind->also,
					  work_fill(arena, work, kind->also_body, work->nitems - 1, number), &answer);
}

static void
set_item(struct work *work, struct client *client, struct arena *arena, size_t at)
{
	const struct kind *kind = work->kind;
	struct item       *item = &work->items[at];
	struct answer      answer;
	const unsigned     number = ++work->step;

	item->other = item->last = number;
	if (change(work, client, arena, kind->is_pfsense ? "PUT" : "POST", work_fill(arena, work, kind->set, at, number),
		   work_fill(arena, work, kind->set_body, at, number), &answer))
		item->number = number;
	else
		item->is_left = true;
}

static void
delete_item(struct work *work, struct client *client, struct arena *arena, size_t at)
{
	const struct kind *kind = work->kind;
	struct item       *item = &work->items[at];
	struct answer      answer;

	item->other = 0;
	if (change(work, client, arena, kind->is_pfsense ? "DELETE" : "POST", work_fill(arena, work, kind->del, at, 0),
		   work_fill(arena, work, kind->del_body, at, 0), &answer))
		item->number = 0;
	item->is_left = true;
}

static void
change_something(struct work *work, struct client *client, struct arena *arena)
{
	const unsigned choice = (unsigned)rand_r(&work->seed) % 10;
	const size_t   at = work->nitems ? (size_t)rand_r(&work->seed) % work->nitems : 0;

	if (choice < 5 || work->nitems == 0 || work->items[at].is_left)
		add_item(work, client, arena);
	else if (choice < 8 || !work->kind->del)
		set_item(work, client, arena, at);
	else
		delete_item(work, client, arena, at);
}

/* --- a client ----------------------------------------------------------------------------------------------- */

static bool
apply(const struct work *work, struct client *client, struct arena *arena)
{
	const struct answer answer = post(client, arena, work->kind->apply, "{}");

	return answer.status == 200 && strncasecmp(at(arena, answer.json, "status"), "ok", 2) == 0;
}

static void
apply_at_last(struct work *work, struct client *client)
{
	const int64_t begin = milliseconds();

	for (;;) {
		scoped_arena arena = arena_new();

		if (apply(work, client, arena))
			return;
		if (milliseconds() - begin > APPLY_LIMIT)
			break;
		wait_a_little(PAUSE);
	}
	if (!work->trouble[0])
		snprintf(work->trouble, sizeof(work->trouble), "%s: %.900s", work->kind->apply, buffer_string(&client->body));
}

void *
work_on(void *context)
{
	struct work   *work = context;
	struct client *client = client_new(work->instance);

	client->limit = WRITE_LIMIT;
	client->connects_anew = true;
	while (!atomic_load(work->is_over) && work->nitems < ITEMS_MAX && !work->trouble[0]) {
		scoped_arena arena = arena_new();

		change_something(work, client, arena);
		if (!work->kind->is_pfsense && rand_r(&work->seed) % 2)
			(void)apply(work, client, arena);
	}
	client->limit = APPLY_LIMIT;
	apply_at_last(work, client);
	client_free(client);
	return NULL;
}
