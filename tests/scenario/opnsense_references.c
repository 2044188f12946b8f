/* Who refers to what: tests made of the declarations, one for each field that can refer. */
#include "test.h"

#include <string.h>

#include "dialect/opnsense/opnsense.h"
#include "dialect/opnsense/route.h"
#include "model/types.h"
#include "schema/types.h"
#include "scenario/opnsense_client.h"
#include "scenario/setup.h"

#define TARGET "aaaaaaaa-0000-4000-8000-000000000001"
#define OTHER  "aaaaaaaa-0000-4000-8000-000000000002"
#define USER   "aaaaaaaa-0000-4000-8000-000000000003"

static const char *vectors;

static struct client
client_open(struct arena *arena)
{
	return (struct client){ opnsense_setup(arena, vectors), arena, 0 };
}

static const struct record *
stored(struct client *client, const struct resource *resource, const char *uuid)
{
	const struct snapshot *snapshot = harness_snapshot(client->harness);

	return resource->shape == SINGLETON ? snapshot_single(snapshot, resource->name)
					    : collection_find(snapshot_named(snapshot, resource->name), text_of(uuid));
}

static void
put_user(struct client *client, const struct resource *resource, const struct field *field, const char *value)
{
	harness_put(client->harness, resource->name, resource->shape == SINGLETON ? NULL : USER, field->name, value, NULL);
}

static bool
is_kept(const struct resource *resource, const struct field *field)
{
	return !(resource->flags & IN_MEMORY) && !(field->flags & VOLATILE);
}

/* --- by uuid -------------------------------------------------------------------------------- */

static bool
relates(const struct field *field, const struct resource *target)
{
	for (size_t i = 0; i < field->nrelations; i++)
		if (strcmp(field->relations[i].resource, target->name) == 0)
			return true;
	return false;
}

/* Deleting what the field holds is refused with the user named; what holds nothing lets it go. */
static void
check_guard(const struct route *route, const struct resource *user, const struct field *field)
{
	scoped_arena  arena = arena_new();
	struct client client = client_open(arena);
	const char   *remove = arena_print(arena, "/api/%s/%s", route->endpoint, TARGET);
	const char   *what = arena_print(arena, "%s, %s.%s", route->endpoint, user->name, field->name);

	harness_put(client.harness, route->resource->name, TARGET, NULL);
	put_user(&client, user, field, field->flags & MANY ? OTHER "," TARGET : TARGET);
	const struct answer answer = client_ask(&client, METHOD_POST, remove, "{}");

	if (answer.status != 500 || !memmem(answer.body.ptr, answer.body.len, " in use", strlen(" in use")))
		fail_msg("%s: %u %.*s", what, answer.status, TEXT_ARGS(answer.body));
	if (user->shape == COLLECTION && !memmem(answer.body.ptr, answer.body.len, USER, UUID_LENGTH))
		fail_msg("%s: does not say who: %.*s", what, TEXT_ARGS(answer.body));
	if (!stored(&client, route->resource, TARGET))
		fail_msg("%s: gone all the same", what);
	harness_change(client.harness, stored(&client, user, USER), field->name, OTHER);
	const struct answer free = client_ask(&client, METHOD_POST, remove, "{}");

	if (stored(&client, route->resource, TARGET))
		fail_msg("%s: does not go when nobody holds it: %.*s", what, TEXT_ARGS(free.body));
	harness_free(client.harness);
}

TEST(what_a_field_holds_cannot_be_deleted)
{
	scoped_arena         arena = arena_new();
	struct client        client = client_open(arena);
	const struct schema *schema = harness_service(client.harness)->schema;
	const struct routes *routes = harness_service(client.harness)->routes[OPNSENSE];
	size_t               checked = 0;

	for (size_t r = 0; r < routes_count(routes); r++) {
		const struct route *route = routes_at(routes, r);

		if (route->kind != KIND_DELETE || !route->face || !(route->face->verbs & FACE_GUARDED))
			continue;
		for (size_t i = 0; i < schema_count(schema); i++) {
			const struct resource *user = schema_at(schema, i);

			for (size_t f = 0; f < user->nfields; f++)
				if (relates(&user->fields[f], route->resource) && is_kept(user, &user->fields[f])) {
					check_guard(route, user, &user->fields[f]);
					checked++;
				}
		}
	}
	print_message("%zu fields\n", checked);
	CHECK(checked >= 25);
	harness_free(client.harness);
}

/* The contract marks what is guarded upstream. */
TEST(what_is_guarded_is_what_the_contract_says)
{
	scoped_arena         arena = arena_new();
	struct client        client = client_open(arena);
	const struct routes *routes = harness_service(client.harness)->routes[OPNSENSE];
	const struct value  *endpoints =
		value_get(setup_json(arena, arena_print(arena, "%s/endpoints.json", vectors)), "endpoints");
	size_t guarded = 0;

	for (size_t i = 0; i < value_count(endpoints); i++) {
		const struct value *entry = value_at(endpoints, i);
		const char         *id = client_word(&client, entry, "id");
		const struct route *route = routes_find(routes, text_of(id));

		if (!route || route->kind != KIND_DELETE)
			continue;
		const bool is_guarded = route->face && route->face->verbs & FACE_GUARDED;

		if (is_guarded != (value_get(entry, "safe_delete") != NULL))
			fail_msg("%s: guarded %d", id, is_guarded);
		guarded += is_guarded;
	}
	CHECK(guarded > 15);
	harness_free(client.harness);
}

/* --- by name -------------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char        *resource, *key, *endpoint, *root, *made;
	const struct type *type;
	unsigned           settings;
	bool               is_guarded;
} kinds[] = {
	{ "firewall.alias", "name", "/api/firewall/alias/%s_item", "alias",
	  "\"name\":\"before\",\"type\":\"host\",\"content\":\"192.0.2.1\"", &type_network_alias, 0, true },
	{ "firewall.alias", "name", "/api/firewall/alias/%s_item", "alias",
	  "\"name\":\"before\",\"type\":\"port\",\"content\":\"25\"", &type_port, ALIASES, true },
	{ "firewall.group", "ifname", "/api/firewall/group/%s_item", "group",
	  "\"ifname\":\"before\",\"members\":\"lan\"", &type_interface, 0, false },
	{ "firewall.group", "ifname", "/api/firewall/group/%s_item", "group",
	  "\"ifname\":\"before\",\"members\":\"lan\"", &type_network_alias, 0, false },
};
/* clang-format on */

static const char *
target_of(struct arena *arena, size_t kind, const char *verb, const char *uuid)
{
	struct text       rest = text_of(kinds[kind].endpoint);
	const struct text before = text_until(&rest, '%');

	return arena_print(arena, "%.*s%s%.*s%s%s", TEXT_ARGS(before), verb, TEXT_ARGS(text_after(rest, 1)), uuid ? "/" : "",
			   uuid ? uuid : "");
}

static void
check_rename(size_t kind, const struct resource *user, const struct field *field)
{
	scoped_arena        arena = arena_new();
	struct client       client = client_open(arena);
	const bool          many = field->flags & MANY;
	const struct value *made = client_post(&client, target_of(arena, kind, "add", NULL),
					       arena_print(arena, "{\"%s\":{%s}}", kinds[kind].root, kinds[kind].made));
	const char         *uuid = client_word(&client, made, "uuid");
	const char         *what = arena_print(arena, "%s, %s.%s", kinds[kind].resource, user->name, field->name);

	CHECK_STRING(client_word(&client, made, "result"), "saved");
	put_user(&client, user, field, many ? "before2,before" : "before");
	if (kinds[kind].is_guarded) {
		client_post(&client, target_of(arena, kind, "del", uuid), "{}");
		if (client.status != 500)
			fail_msg("%s: goes while it is named", what);
	}
	const struct value *set = client_post(
		&client, target_of(arena, kind, "set", uuid),
		arena_print(arena, "{\"%s\":{\"%s\":\"after\"}}", kinds[kind].root, kinds[kind].key));

	if (strcmp(client_word(&client, set, "result"), "saved") != 0)
		fail_msg("%s: not renamed", what);
	if (strcmp(record_get(stored(&client, user, USER), field->name), many ? "before2,after" : "after") != 0)
		fail_msg("%s: not followed: %s", what, record_get(stored(&client, user, USER), field->name));
	harness_free(client.harness);
}

TEST(a_name_is_followed_by_every_field_that_can_hold_it)
{
	scoped_arena         arena = arena_new();
	struct client        client = client_open(arena);
	const struct schema *schema = harness_service(client.harness)->schema;
	size_t               checked = 0;

	for (size_t k = 0; k < COUNT(kinds); k++)
		for (size_t i = 0; i < schema_count(schema); i++) {
			const struct resource *user = schema_at(schema, i);

			for (size_t f = 0; f < user->nfields; f++) {
				const struct field *field = &user->fields[f];

				if (field->type != kinds[k].type || !is_kept(user, field) ||
				    (field->settings & kinds[k].settings) != kinds[k].settings)
					continue;
				check_rename(k, user, field);
				checked++;
			}
		}
	print_message("%zu fields\n", checked);
	CHECK(checked >= 40);
	harness_free(client.harness);
}

/* --- categories ----------------------------------------------------------------------------- */

/* They are held by uuid, so that rules show the new name without being touched; port forwards hold names. */
TEST(a_category_is_known_by_its_new_name)
{
	scoped_arena        arena = arena_new();
	struct client       client = client_open(arena);
	const struct value *made = client_post(&client, "/api/firewall/category/add_item", "{\"category\":{\"name\":\"before\"}}");
	const char         *uuid = client_word(&client, made, "uuid");

	const struct value *rule = client_post(&client, "/api/firewall/filter/add_rule",
					       arena_print(arena, "{\"rule\":{\"interface\":\"lan\",\"categories\":\"%s\"}}", uuid));
	harness_put(client.harness, "firewall.destination_nat", USER, "interface", "wan", "category", "other,before", NULL);
	CHECK_STRING(client_word(&client, rule, "result"), "saved");
	client_post(&client, arena_print(arena, "/api/firewall/category/del_item/%s", uuid), "{}");
	CHECK_NUMBER(client.status, 500);
	client_post(&client, arena_print(arena, "/api/firewall/category/set_item/%s", uuid), "{\"category\":{\"name\":\"after\"}}");
	const struct value *shown = client_get(
		&client, arena_print(arena, "/api/firewall/filter/get_rule/%s", client_word(&client, rule, "uuid")));

	CHECK_STRING(client_word(&client, shown, arena_print(arena, "rule.categories.%s.value", uuid)), "after");
	CHECK_STRING(client_word(&client, shown, arena_print(arena, "rule.categories.%s.selected", uuid)), "1");
	CHECK_STRING(record_get(collection_find(snapshot_named(harness_snapshot(client.harness), "firewall.destination_nat"),
						TEXT(USER)), "category"), "other,after");
	harness_free(client.harness);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_field_holds_cannot_be_deleted),
		cmocka_unit_test(what_is_guarded_is_what_the_contract_says),
		cmocka_unit_test(a_name_is_followed_by_every_field_that_can_hold_it),
		cmocka_unit_test(a_category_is_known_by_its_new_name),
	};
	scoped_arena arena = arena_new();

	if (argc < 2)
		return 2;
	vectors = arena_print(arena, "%s/opnsense", argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
