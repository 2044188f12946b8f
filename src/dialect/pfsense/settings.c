/* Reading the settings of this API from the section "installedpackages". */
#include "dialect/pfsense/settings.h"

#include "base/number.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/state.h"
#include "json/read.h"

/* Custom headers beyond this are not sent. */
#define HEADERS_MAX 16

struct value *
settings_defaults(struct arena *arena)
{
	static const char *const presets[][2] = {
		{ "enable", "" },         { "persist", "" },     { "allowed_interfaces", "any" },
		{ "authmode", "local" },  { "jwt_exp", "3600" }, { "keyhash", "sha256" },
		{ "keybytes", "16" },     { "enable_login_protection", "" },
	};
	struct value *conf = value_object(arena);

	for (size_t i = 0; i < COUNT(presets); i++)
		value_set_string(arena, conf, presets[i][0], presets[i][1]);
	return conf;
}

struct value *
settings_package(struct arena *arena, const struct value *packages)
{
	struct value *found = value_list(arena);
	struct value *conf = NULL;
	size_t        index = value_count(packages);

	for (size_t i = 0; i < value_count(packages); i++)
		if (text_is(to_text(arena, value_get(packages->members[i].value, "name")), "API")) {
			index = i;
			conf = value_get(packages->members[i].value, "conf");
			break;
		}
	value_add(arena, found, value_integer(arena, (int64_t)index));
	value_add(arena, found, conf ? conf : settings_defaults(arena));
	return found;
}

void
settings_put(struct request *request, struct tree *tree, struct value *settings)
{
	struct arena *arena = request->arena;
	const char   *path = arena_print(
		arena, "installedpackages/package/%lld",
		(long long)value_at(settings_package(arena, tree_find(tree, "installedpackages/package")), 0)->integer);
	struct value *package = tree_find(tree, path);

	package = package ? value_copy(arena, package) : value_object(arena);
	value_set_string(arena, package, "name", "API");
	value_set(arena, package, "conf", settings);
	tree_put(tree, path, package);
}

static bool
is_on(const struct value *conf, const char *name)
{
	return !is_none(value_get(conf, name));
}

static int64_t
number_or(const struct value *conf, const char *name, int64_t otherwise)
{
	const struct value *value = value_get(conf, name);

	return is_numeric(value) ? to_integer(value) : otherwise;
}

static const struct value *
load(struct request *request)
{
	const struct record *record = collection_find(
		snapshot_named(request->snapshot, "pfsense.section"), TEXT("installedpackages"));
	struct value *section = NULL;

	if (record)
		json_read(request->arena, record_text(record, "body"), NULL, &section, NULL);
	return value_at(settings_package(request->arena, value_get(section, "package")), 1);
}

const struct settings *
settings_of(struct request *request)
{
	struct state *state = state_of(request);

	if (state->settings && state->settings_from == request->snapshot)
		return state->settings;
	struct settings    *settings = ARENA_MAKE(request->arena, struct settings, 1);
	const struct value *conf = load(request);
	const struct text   mode = to_text(request->arena, value_get(conf, "authmode"));
	const struct value *keys = value_get(value_get(conf, "keys"), "key");

	*settings = (struct settings){
		.enabled = is_on(conf, "enable"),
		.read_only = is_on(conf, "readonly"),
		.allow_options = is_on(conf, "allow_options"),
		.protect_login = is_on(conf, "enable_login_protection"),
		.log_success = is_on(conf, "log_successful_auth"),
		.persist = is_on(conf, "persist"),
		.mode = text_is(mode, "jwt") ? MODE_JWT : text_is(mode, "token") ? MODE_TOKEN : MODE_LOCAL,
		.jwt_seconds = number_or(conf, "jwt_exp", 3600),
		.key_bytes = (size_t)number_or(conf, "keybytes", 16),
		.key_hash = is_none(value_get(conf, "keyhash")) ?
				    "sha256" :
				    to_string(request->arena, value_get(conf, "keyhash")),
		.server_key = to_string(request->arena, value_get(conf, "server_key")),
		.interfaces = to_string(request->arena, value_get(conf, "allowed_interfaces")),
		.access_list = to_string(request->arena, value_get(conf, "access_list")),
		.headers = value_get(conf, "custom_headers"),
		.keys = keys,
		.all = conf,
	};
	state->settings = settings;
	state->settings_from = request->snapshot;
	return settings;
}

void
settings_reread(struct request *request)
{
	state_of(request)->settings = NULL;
}

/* A header that could end the line or the head is not sent. */
static bool
is_header_text(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 127)
			return false;
	return true;
}

void
settings_headers(struct request *request)
{
	const struct value *headers = settings_of(request)->headers;

	for (size_t i = 0; i < value_count(headers) && i < HEADERS_MAX; i++) {
		const struct text name = headers->members[i].name;
		const struct text value = to_text(request->arena, headers->members[i].value);

		if (name.len && is_header_text(name) && is_header_text(value) &&
		    !memchr(name.ptr, ':', name.len) && !memchr(name.ptr, ' ', name.len))
			reply_header(request, arena_copy(request->arena, name),
				     arena_copy(request->arena, value));
	}
}
