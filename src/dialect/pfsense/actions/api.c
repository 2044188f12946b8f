/* This API's own settings, tokens and catalogue. */
#include "dialect/pfsense/actions/actions.h"

#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/envelope.h"
#include "dialect/pfsense/serve.h"
#include "dialect/pfsense/state.h"

#define PACKAGES "installedpackages/package"

static const struct value *
package(struct scope *scope)
{
	return settings_package(scope->arena, tree_find(scope->tree, PACKAGES));
}

static const char *
package_path(struct scope *scope, const char *below)
{
	return arena_print(scope->arena, PACKAGES "/%lld%s",
			   (long long)to_integer(value_at(package(scope), 0)), below);
}

/* The settings are written under a package that has a name. Peers take no settings without a key. */
unsigned
api_name(struct scope *scope)
{
	if (scope->object && value_get(scope->object, "hasync") && !value_get(scope->object, "server_key"))
		value_set_string(scope->arena, scope->object, "server_key", random_hex(scope->arena, SERVER_KEY_BYTES));
	const struct value *stored = tree_find(scope->tree, package_path(scope, ""));

	if (!stored) {
		struct value *named = value_object(scope->arena);

		value_set_string(scope->arena, named, "name", "API");
		value_set(scope->arena, named, "conf", settings_defaults(scope->arena));
		tree_put(scope->tree, package_path(scope, ""), named);
	}
	return 0;
}

void
act_api(struct scope *scope, struct outcome *outcome)
{
	outcome->data = value_copy(scope->arena, value_at(package(scope), 1));
	value_remove(outcome->data, "server_key");
	value_remove(outcome->data, "hasync_password");
}

/* What a peer sent, without what is a box's own. */
unsigned
sync_fill(struct scope *scope)
{
	static const char *const own[] = { "hasync", "hasync_hosts", "hasync_username", "hasync_password",
					   "hasync_verify", "client-id", "client-token", "_action_bypass" };

	state_of(scope->request)->was_persistent = settings_of(scope->request)->persist;
	scope->object = value_copy(scope->arena, scope->input);
	for (size_t i = 0; i < COUNT(own); i++)
		value_remove(scope->object, own[i]);
	return 0;
}

static const char *
host_name(struct scope *scope)
{
	const char *name = to_string(scope->arena, tree_find(scope->tree, "system/hostname"));

	return name[0] ? name : "drawbridge";
}

static void
make_jwt(struct scope *scope, struct value *data)
{
	const struct settings *settings = settings_of(scope->request);
	const char            *key = settings->server_key;
	struct token           token = { .issuer = host_name(scope),
					 .subject = scope->request->caller->name,
					 .not_before = scope->now,
					 .expires = scope->now + settings->jwt_seconds };

	if (!key[0]) {
		key = random_hex(scope->arena, SERVER_KEY_BYTES);
		api_name(scope);
		tree_put(scope->tree, package_path(scope, "/conf/server_key"),
			 value_string(scope->arena, key));
	}
	value_set_string(scope->arena, data, "token", token_write(scope->arena, &token, text_of(key)));
}

static void
make_token(struct scope *scope, struct value *data)
{
	const struct settings *settings = settings_of(scope->request);
	const size_t           bytes = settings->key_bytes >= 16 && settings->key_bytes <= 64 ?
					       settings->key_bytes :
					       16;
	const char            *id = hex_encode(scope->arena, text_of(scope->request->caller->name));
	const char            *secret = random_hex(scope->arena, bytes);
	const char            *digest = digest_hex(scope->arena, settings->key_hash, text_of(secret));
	struct value          *key = value_object(scope->arena);

	value_set_string(scope->arena, key, "client_id", id);
	value_set_string(scope->arena, key, "client_token", digest ? digest : "");
	value_set_string(scope->arena, key, "algo", settings->key_hash);
	api_name(scope);
	const char *path = package_path(scope, "/conf/keys/key");

	tree_put(scope->tree, arena_print(scope->arena, "%s/%zu", path, value_count(tree_find(scope->tree, path))),
		 key);
	value_set_string(scope->arena, data, "client-id", id);
	value_set_string(scope->arena, data, "client-token", secret);
}

void
act_access_token(struct scope *scope, struct outcome *outcome)
{
	outcome->data = value_object(scope->arena);
	if (settings_of(scope->request)->mode == MODE_JWT)
		make_jwt(scope, outcome->data);
	else
		make_token(scope, outcome->data);
}

void
act_errors(struct scope *scope, struct outcome *outcome)
{
	outcome->data = value_object(scope->arena);
	for (size_t i = 0; i < ncodes; i++) {
		struct value *one = value_object(scope->arena);

		value_set_string(scope->arena, one, "status", codes[i].status);
		value_set(scope->arena, one, "code", value_integer(scope->arena, codes[i].http));
		value_set(scope->arena, one, "return", value_integer(scope->arena, codes[i].number));
		value_set_string(scope->arena, one, "message", codes[i].message);
		value_set(scope->arena, outcome->data, arena_print(scope->arena, "%u", codes[i].number), one);
	}
}

void
act_api_version(struct scope *scope, struct outcome *outcome)
{
	outcome->data = value_object(scope->arena);
	value_set_string(scope->arena, outcome->data, "current_version", PFSENSE_API_VERSION);
	value_set_string(scope->arena, outcome->data, "latest_version", "");
	value_set(scope->arena, outcome->data, "update_available", value_bool(scope->arena, false));
}
