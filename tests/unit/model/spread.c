/* What one record makes of others. */
#include "schema/lists.h"

#include <stdio.h>
#include <string.h>

#include "model/registry.h"
#include "scenario/setup.h"
#include "test.h"

#define JOE    "00000000-0000-4000-8000-0000000000e1"
#define SERVER "00000000-0000-4000-8000-0000000000e2"
#define CLIENT "00000000-0000-4000-8000-0000000000e3"
#define HOST   "00000000-0000-4000-8000-0000000000e4"

/* A box with a user, a server and a host; the view's record is what is being changed. */
struct box {
	struct arena    *arena;
	struct schema   *schema;
	struct snapshot *draft;
	struct view      view;
};

static struct record *
make(struct box *box, const char *resource, const char *uuid, const char *values)
{
	struct record *record = record_make(box->arena, schema_named(box->schema, resource));
	struct text    rest = text_of(values), pair;

	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	while (text_next(&rest, ";", &pair)) {
		struct text value = pair;
		const char *name = arena_copy(box->arena, text_until(&value, '='));

		record_set(record, name, arena_copy(box->arena, value));
	}
	return record;
}

static void
put(struct box *box, const struct record *record)
{
	struct record *sealed = record_seal(record);

	snapshot_put(box->draft, sealed);
	record_release(sealed);
}

static struct box
box_open(void)
{
	struct box box = { .arena = arena_new(), .schema = schema_new(registry, registry_count) };

	box.draft = setup_snapshot(box.schema);
	box.view = (struct view){ box.arena, box.draft, NULL, NULL };
	put(&box, make(&box, "auth.user", JOE, "uid=2000;name=joe"));
	put(&box, make(&box, "wireguard.server", SERVER, "name=wg;instance=0;peers=x"));
	put(&box, make(&box, "unbound.host_override", HOST, "hostname=srv;domain=example.net"));
	return box;
}

static void
box_close(struct box *box)
{
	snapshot_release(box->draft);
	schema_free(box->schema);
	arena_free(box->arena);
}

static const struct record *
stored(const struct box *box, const char *resource, const char *uuid)
{
	return collection_find(snapshot_named(box->draft, resource), text_of(uuid));
}

static size_t
length(const struct companion *companions)
{
	size_t count = 0;

	for (; companions; companions = companions->next)
		count++;
	return count;
}

TEST(groups_of_a_user_stand_with_the_groups)
{
	struct box           box = box_open();
	const struct record *before = stored(&box, "auth.user", JOE);
	struct record       *after = record_edit(before, &box.view);

	CHECK_STRING(record_get(after, "group_memberships"), "");
	CHECK(!after->resource->spread(after, before, &box.view));
	record_set(after, "group_memberships", "1999");
	const struct companion *companions = after->resource->spread(after, before, &box.view);

	CHECK_NUMBER(length(companions), 1);
	CHECK_STRING(record_get(companions->record, "member"), "0,2002,2003,2004,2000");
	put(&box, companions->record);
	after = record_edit(stored(&box, "auth.user", JOE), &box.view);
	CHECK_STRING(record_get(after, "group_memberships"), "1999");
	companions = after->resource->spread(NULL, after, &box.view);
	CHECK_NUMBER(length(companions), 1);
	CHECK_STRING(record_get(companions->record, "member"), "0,2002,2003,2004");
	box_close(&box);
}

TEST(servers_of_a_peer_stand_with_the_servers)
{
	struct box              box = box_open();
	struct record          *client = make(&box, "wireguard.client", CLIENT, "name=p;servers=" SERVER ";endpoint=[2001:db8::1]:51820");
	const struct companion *companions = client->resource->spread(client, NULL, &box.view);

	CHECK_NUMBER(length(companions), 1);
	CHECK_STRING(record_get(companions->record, "peers"), "x," CLIENT);
	client->resource->complete(client, NULL, &box.view);
	CHECK_STRING(record_get(client, "serveraddress"), "2001:db8::1");
	CHECK_STRING(record_get(client, "serverport"), "51820");
	box_close(&box);
}

TEST(names_of_a_host_become_records_and_go_with_it)
{
	struct box           box = box_open();
	const struct record *before = stored(&box, "unbound.host_override", HOST);
	struct record       *after = record_edit(before, &box.view);

	record_set(after, "aliases", "www.example.net,ftp.other.net");
	const struct companion *companions = after->resource->spread(after, before, &box.view);

	CHECK_NUMBER(length(companions), 2);
	CHECK_STRING(record_get(companions->record, "hostname"), "www");
	CHECK_STRING(record_get(companions->record, "domain"), "");
	CHECK_STRING(record_get(companions->next->record, "hostname"), "ftp");
	CHECK_STRING(record_get(companions->next->record, "domain"), "other.net");
	memcpy(companions->record->uuid, CLIENT, UUID_LENGTH + 1);
	put(&box, companions->record);
	after = record_edit(before, &box.view);
	CHECK_STRING(record_get(after, "aliases"), "www.example.net");
	record_set(after, "aliases", "");
	companions = after->resource->spread(after, before, &box.view);
	CHECK(length(companions) == 1 && companions->remove);
	CHECK_NUMBER(length(after->resource->spread(NULL, before, &box.view)), 1);
	box_close(&box);
}

RUN(cmocka_unit_test(groups_of_a_user_stand_with_the_groups),
    cmocka_unit_test(servers_of_a_peer_stand_with_the_servers),
    cmocka_unit_test(names_of_a_host_become_records_and_go_with_it));
