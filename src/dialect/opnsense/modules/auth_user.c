/* Users: passwords are hashed before anything is kept, memberships go to the groups, keys have commands of their own. */
#include <string.h>

#include "api/accounts.h"
#include "api/verbs.h"
#include "dialect/opnsense/grid.h"
#include "dialect/opnsense/modules/readonly.h"
#include "dialect/opnsense/modules/services.h"
#include "dialect/opnsense/regular.h"
#include "dialect/opnsense/tables.h"

/* What was worked out on the slow lane. */
struct hashed {
	const char *password;
	const char *key, *secret, *hash; /* of a new API key */
};

static const char *
sent_text(const struct call *call, const char *path)
{
	return value_as_string(call->request->arena, value_path(call->input, path));
}

static void
hash_password(struct call *call)
{
	struct hashed *hashed = ARENA_MAKE(call->request->arena, struct hashed, 1);
	const char    *password = sent_text(call, "user.password");

	if (password && password[0])
		hashed->password = password_hash(call->request->arena, password);
	call->kept = hashed;
}

static bool
wants_random(const struct record *user)
{
	return record_bool(user, "scrambled_password");
}

static bool
prepare_user(struct call *call, const struct record *before, struct record *user, struct faults *faults)
{
	const struct hashed *hashed = call->kept;
	struct arena        *arena = call->request->arena;
	const int64_t        now = call->request->service->now(call->request->service->context);
	const char          *old = before ? record_get(before, "password") : "";

	readonly_take(call, user, faults);
	if (before)
		record_set(user, "scope", record_get(before, "scope"));
	if (hashed && hashed->password)
		record_set(user, "password", hashed->password);
	else if (wants_random(user))
		record_set(user, "password", UNUSABLE_PASSWORD);
	if (strcmp(old, record_get(user, "password")) != 0)
		record_set(user, "pwd_changed_at",
			   arena_print(arena, "%lld.%04lld", (long long)(now / 1000000), (long long)(now % 1000000 / 100)));
	return true;
}

static bool
stored_user(struct call *call, const struct record *before, const struct record *user)
{
	(void)before;
	(void)user;
	if (account_keeps_access(call->request, "api/auth/user"))
		return true;
	answer_refusal(call, "User", "This would lock you out.");
	return false;
}

static bool
removing_user(struct call *call, const struct record *user)
{
	if (strcmp(record_get(user, "scope"), "system") == 0) {
		answer_refusal(call, "User", "%s belongs to the system and stays.", record_get(user, "name"));
		return false;
	}
	if (strcmp(user->uuid, call->request->caller->user->uuid) == 0) {
		answer_refusal(call, "User", "You cannot remove yourself.");
		return false;
	}
	return true;
}

static void
put_user_columns(struct call *call, const struct record *user)
{
	const bool admin = account_is_admin(call->request->arena, call->request->snapshot, user);

	json_put_string(&call->json, "%password", "");
	json_put_string(&call->json, "is_admin", admin ? "1" : "0");
	json_put_string(&call->json, "shell_warning", record_get(user, "shell")[0] && !admin ? "1" : "0");
	readonly_column(call, user);
}

static const char *
host_name(const struct call *call)
{
	const struct record *general = snapshot_single(call->request->snapshot, "system.general");

	return arena_print(call->request->arena, "%s.%s", record_get(general, "hostname"), record_get(general, "domain"));
}

static void
put_more(struct call *call, const struct record *user)
{
	const char *seed = record_get(user, "otp_seed");

	json_put_string(&call->json, "otp_uri",
			seed[0] ? arena_print(call->request->arena, "otpauth://totp/%s@%s?secret=%s",
					      record_get(user, "name"), host_name(call), seed)
				: "");
	readonly_show(call, user);
}

/* --- API keys ------------------------------------------------------------------------------- */

static void
make_key(struct call *call)
{
	struct hashed *hashed = ARENA_MAKE(call->request->arena, struct hashed, 1);

	hashed->key = key_new(call->request->arena);
	hashed->secret = key_new(call->request->arena);
	hashed->hash = secret_hash(call->request->arena, hashed->secret);
	call->kept = hashed;
}

static void
put_keys(struct call *call, const struct record *user, const char *keys)
{
	struct record *after = record_copy(call->request->arena, user);

	record_set(after, "apikeys", keys);
	change_put(call->request->change, after);
	call->request->keep = call->request->always = true;
}

static void
add_api_key(struct call *call)
{
	const struct hashed *made = call->kept;
	const struct record *user = collection_where(snapshot_named(call->request->snapshot, "auth.user"), "name",
						     call_param(call, 0));

	if (!user) {
		answer_word(call, "result", "failed");
		return;
	}
	put_keys(call, user, apikey_add(call->request->arena, record_get(user, "apikeys"), made->key, made->hash));
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "result", "ok");
	json_put_string(&call->json, "hostname", host_name(call));
	json_put_string(&call->json, "key", made->key);
	json_put_string(&call->json, "secret", made->secret);
	json_object_end(&call->json);
}

static void
del_api_key(struct call *call)
{
	struct arena        *arena = call->request->arena;
	size_t               len = 0;
	const char          *key = base64_decode(arena, call_param(call, 0), &len), *hash;
	const struct record *user =
		key ? apikey_owner(call->request->snapshot, arena, (struct text){ key, len }, &hash) : NULL;

	if (!user) {
		answer_word(call, "result", "not found");
		return;
	}
	put_keys(call, user, apikey_remove(arena, record_get(user, "apikeys"), (struct text){ key, len }));
	answer_word(call, "result", "deleted");
}

static void
search_api_key(struct call *call)
{
	struct arena            *arena = call->request->arena;
	const struct collection *users = snapshot_named(call->request->snapshot, "auth.user");
	struct value            *rows = value_list(arena);

	for (size_t i = 0; i < collection_count(users); i++) {
		const struct record *user = collection_at(users, i);
		struct text          rest = record_text(user, "apikeys");
		struct apikey        key;

		while (apikey_next(&rest, &key)) {
			struct value *row = value_object(arena);

			value_set_string(arena, row, "username", record_get(user, "name"));
			value_set(arena, row, "key", value_text(arena, key.key));
			value_set_string(arena, row, "id", base64_encode(arena, key.key));
			value_add(arena, rows, row);
		}
	}
	grid_answer(call, rows, 9999);
}

/* --- one-time passwords --------------------------------------------------------------------- */

#define SEED_BYTES 20

static const char *
base32(struct arena *arena, const char *hex)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	char             *out = arena_take(arena, SEED_BYTES * 8 / 5 + 1);
	unsigned          held = 0, bits = 0;
	size_t            len = 0;

	for (; *hex; hex++) {
		held = held << 4 | (unsigned)(*hex <= '9' ? *hex - '0' : *hex - 'a' + 10);
		bits += 4;
		if (bits >= 5) {
			bits -= 5;
			out[len++] = digits[held >> bits & 31];
			held &= (1u << bits) - 1;
		}
	}
	return out;
}

static void
new_otp_seed(struct call *call)
{
	struct arena *arena = call->request->arena;
	const char   *seed = base32(arena, random_hex(arena, SEED_BYTES));

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_put_string(&call->json, "seed", seed);
	json_put_string(&call->json, "otp_uri_template",
			arena_print(arena, "otpauth://totp/|USER|@%s?secret=%s", host_name(call), seed));
	json_object_end(&call->json);
}

/* clang-format off */
static const struct twist user_twist = {
	.prepare = prepare_user, .stored = stored_user, .removing = removing_user, .columns = put_user_columns,
	.extra = put_more, .key = "name",
	.fields = "name,disabled,expires,shell,pwd_changed_at,landing_page,comment,email,apikeys,priv,language,"
		  "group_memberships,descr,menu_favorites",
};

const struct action auth_user_actions[] = {
	{ "auth/user/search", KIND_SEARCH, .twist = &user_twist },
	{ "auth/user/get", KIND_GET, .twist = &user_twist },
	{ "auth/user/add", KIND_ADD, .twist = &user_twist, .slow = hash_password, .finish = accounts_follow },
	{ "auth/user/set", KIND_SET, .twist = &user_twist, .slow = hash_password, .finish = accounts_follow },
	{ "auth/user/del", KIND_DELETE, .twist = &user_twist, .finish = accounts_follow },
	{ "auth/user/download", KIND_CSV_DOWNLOAD, .handle = regular_download, .resource = "auth.user",
	  .twist = &user_twist },
	{ "auth/user/upload", KIND_CSV_UPLOAD, .lane = LANE_COMMIT, .handle = regular_upload, .resource = "auth.user",
	  .twist = &user_twist, .finish = accounts_follow },
	{ "auth/user/add_api_key", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = add_api_key, .slow = make_key },
	{ "auth/user/del_api_key", KIND_ACTION, 1, .lane = LANE_COMMIT, .handle = del_api_key },
	{ "auth/user/search_api_key", KIND_GRID, .handle = search_api_key },
	{ "auth/user/new_otp_seed", KIND_QUERY, .handle = new_otp_seed },
	{ NULL },
};
/* clang-format on */
