/* Credentials against users, groups and keys. */
#include "auth/auth.h"

#include "auth/apikey.h"
#include "auth/secret.h"
#include "model/registry.h"
#include "test.h"

static int64_t clock_now = 1700000000; /* 2023-11-14 */

static int64_t
now(void *context)
{
	(void)context;
	return clock_now;
}

struct world {
	struct schema   *schema;
	struct snapshot *snapshot;
	struct auth     *auth;
	struct arena    *arena;
	struct address   peer;
};

static void
put(struct world *world, struct record *record, const char *uuid)
{
	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid);
	const struct record *sealed = record_seal(record);

	snapshot_put(world->snapshot, sealed);
	record_release(sealed);
}

static struct record *
make_user(struct world *world, const char *name, const char *uid)
{
	const struct resource *resource = schema_named(world->schema, "auth.user");
	struct record         *user = record_make(world->arena, resource);

	record_set(user, "name", name);
	record_set(user, "uid", uid);
	record_set(user, "password", secret_hash(world->arena, "pass"));
	record_set(user, "apikeys", apikey_add(world->arena, "", "key1", secret_hash(world->arena, "secret1")));
	return user;
}

static void
world_open(struct world *world)
{
	world->arena = arena_new();
	world->schema = schema_new(registry, registry_count);
	world->snapshot = snapshot_new(world->schema);
	world->auth = auth_new(now, NULL);
	CHECK(address_read(TEXT("192.0.2.7"), &world->peer));
}

static void
world_close(struct world *world)
{
	auth_free(world->auth);
	snapshot_release(world->snapshot);
	schema_free(world->schema);
	arena_free(world->arena);
}

static enum auth_outcome
try_key(struct world *world, const char *pair, bool slowly, struct caller *caller)
{
	const char *header = arena_print(world->arena, "Basic %s", base64_encode(world->arena, text_of(pair)));

	return auth_key(world->auth, world->snapshot, world->arena, text_of(header), &world->peer, slowly, caller);
}

TEST(a_right_key_is_slow_once_and_remembered_until_the_user_changes)
{
	struct world  world;
	struct caller caller;

	world_open(&world);
	struct record *user = make_user(&world, "root", "0");

	put(&world, user, "00000000-0000-4000-8000-000000000000");
	CHECK_NUMBER(try_key(&world, "key1:secret1", false, &caller), AUTH_SLOW);
	CHECK_NUMBER(try_key(&world, "key1:secret1", true, &caller), AUTH_OK);
	CHECK_NUMBER(try_key(&world, "key1:secret1", false, &caller), AUTH_OK);
	CHECK_STRING(caller.name, "root");
	CHECK_STRING(caller.key, "key1");
	CHECK_NUMBER(try_key(&world, "key1:secret2", true, &caller), AUTH_NO);
	clock_now += AUTH_MEMORY + 1;
	CHECK_NUMBER(try_key(&world, "key1:secret1", false, &caller), AUTH_SLOW);
	CHECK_NUMBER(try_key(&world, "key1:secret1", true, &caller), AUTH_OK);
	record_set(user, "apikeys", "");
	put(&world, user, "00000000-0000-4000-8000-000000000000");
	CHECK_NUMBER(try_key(&world, "key1:secret1", true, &caller), AUTH_NO);
	world_close(&world);
}

TEST(malformed_headers_are_refused_without_a_hash)
{
	static const char *const headers[] = { "", "Basic", "Basic ", "Basic bm9jb2xvbg==", "Basic ???",
					       "Basic OnNlY3JldA==" };
	struct world             world;
	struct caller            caller;

	world_open(&world);
	for (size_t i = 0; i < COUNT(headers); i++)
		CHECK_NUMBER(auth_key(world.auth, world.snapshot, world.arena, text_of(headers[i]), &world.peer, false,
				      &caller),
			     AUTH_NO);
	world_close(&world);
}

TEST(disabled_and_expired_users_are_refused)
{
	struct world  world;
	struct caller caller;

	world_open(&world);
	struct record *user = make_user(&world, "old", "5");

	record_set(user, "expires", "11/13/2023");
	put(&world, user, "00000000-0000-4000-8000-000000000005");
	CHECK_NUMBER(auth_password(world.auth, world.snapshot, world.arena, TEXT("old"), TEXT("pass"), &world.peer,
				   true, &caller),
		     AUTH_NO);
	record_set(user, "expires", "11/14/2033");
	put(&world, user, "00000000-0000-4000-8000-000000000005");
	CHECK_NUMBER(auth_password(world.auth, world.snapshot, world.arena, TEXT("old"), TEXT("pass"), &world.peer,
				   true, &caller),
		     AUTH_OK);
	record_set(user, "disabled", "1");
	put(&world, user, "00000000-0000-4000-8000-000000000005");
	CHECK_NUMBER(auth_password(world.auth, world.snapshot, world.arena, TEXT("old"), TEXT("pass"), &world.peer,
				   true, &caller),
		     AUTH_NO);
	world_close(&world);
}

TEST(a_group_counts_only_from_its_networks)
{
	struct world  world;
	struct caller caller;

	world_open(&world);
	put(&world, make_user(&world, "root", "0"), "00000000-0000-4000-8000-000000000000");
	struct record *group = record_make(world.arena, schema_named(world.schema, "auth.group"));

	record_set(group, "member", "2001,0");
	record_set(group, "priv", "page-all,user-config-readonly");
	record_set(group, "source_networks", "10.0.0.0/8");
	put(&world, group, "00000000-0000-4000-8000-000000001999");
	CHECK_NUMBER(try_key(&world, "key1:secret1", true, &caller), AUTH_OK);
	CHECK(!caller.everything);
	CHECK(!caller_may_visit(&caller, TEXT("api/firewall/alias/get")));
	CHECK(address_read(TEXT("10.9.9.9"), &world.peer));
	CHECK_NUMBER(try_key(&world, "key1:secret1", true, &caller), AUTH_OK);
	CHECK(caller.everything && caller.may_not_save);
	CHECK(caller_may_visit(&caller, TEXT("api/firewall/alias/get")));
	world_close(&world);
}

/* So many groups that the member is looked up; each time the groups are others. */
TEST(one_group_among_many_gives_its_members_what_it_has)
{
	struct world  world;
	struct caller caller;

	world_open(&world);
	put(&world, make_user(&world, "root", "0"), "00000000-0000-4000-8000-000000000000");
	for (unsigned i = 0; i < 100; i++) {
		struct record *group = record_make(world.arena, schema_named(world.schema, "auth.group"));

		record_set(group, "member", i == 40 ? "10,0,20" : "00,10");
		record_set(group, "priv", i == 40 ? "page-firewall-aliases" : "page-all");
		put(&world, group, arena_print(world.arena, "00000000-0000-4000-8000-%012u", 1000 + i));
		CHECK_NUMBER(try_key(&world, "key1:secret1", true, &caller), AUTH_OK);
		CHECK(!caller.everything && caller_has(&caller, "page-firewall-aliases") == (i >= 40));
	}
	CHECK(snapshot_remove(world.snapshot, schema_named(world.schema, "auth.group"), TEXT("00000000-0000-4000-8000-000000001040")));
	CHECK_NUMBER(try_key(&world, "key1:secret1", true, &caller), AUTH_OK);
	CHECK(!caller_has(&caller, "page-firewall-aliases"));
	world_close(&world);
}

RUN(cmocka_unit_test(a_right_key_is_slow_once_and_remembered_until_the_user_changes),
    cmocka_unit_test(malformed_headers_are_refused_without_a_hash),
    cmocka_unit_test(disabled_and_expired_users_are_refused),
    cmocka_unit_test(a_group_counts_only_from_its_networks),
    cmocka_unit_test(one_group_among_many_gives_its_members_what_it_has));
