/* The three ways to say who one is, and what is asked of a caller before any check of the request. */
#include "dialect/pfsense/login.h"

#include <ctype.h>

#include "api/login.h"
#include "api/service.h"
#include "base/number.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/state.h"

/* Bytes of a name in a line of the log. */
#define NAME_SHOWN_MAX 64

/* Does an address field ("192.0.2.1/24", "192.0.2.1") hold this address? */
static bool
holds_address(struct text field, const struct address *address)
{
	struct prefix prefix;

	return prefix_read(field, &prefix) && address_compare(&prefix.address, address) == 0;
}

static bool
is_on_interface(struct request *request, struct text id)
{
	const struct collection *interfaces = snapshot_named(request->snapshot, "interfaces.interface");
	const struct collection *vips = snapshot_named(request->snapshot, "interfaces.vip");
	const struct record     *interface = collection_where(interfaces, "identifier", id);

	if (interface && (holds_address(record_text(interface, "ipaddr"), &request->local) ||
			  holds_address(record_text(interface, "ipaddrv6"), &request->local)))
		return true;
	for (size_t i = 0; i < collection_count(vips); i++) {
		const struct record *vip = collection_at(vips, i);

		if (text_equal(record_text(vip, "interface"), id) &&
		    holds_address(record_text(vip, "subnet"), &request->local))
			return true;
	}
	return false;
}

bool
arrival_allowed(struct request *request, const struct settings *settings)
{
	struct text    rest = text_of(settings->interfaces), piece;
	struct address home4, home6;

	address_read(TEXT("127.0.0.1"), &home4);
	address_read(TEXT("::1"), &home6);
	while (text_next(&rest, ",", &piece)) {
		if (text_is(piece, "any") || request->socket)
			return true;
		if (text_is(piece, "localhost") && (address_compare(&request->local, &home4) == 0 ||
						    address_compare(&request->local, &home6) == 0))
			return true;
		if (is_on_interface(request, piece))
			return true;
	}
	return false;
}

static enum auth_outcome
login_user(struct request *request, struct text name)
{
	const struct record *user =
		collection_where(snapshot_named(request->snapshot, "auth.user"), "name", name);

	if (!user)
		return AUTH_NO;
	return auth_user(request->service->auth, request->snapshot, request->arena, user, &request->peer,
			 request->caller);
}

/* Name and password from the header; what is missing there from the members client-id and client-token. */
enum auth_outcome
login_by_password(struct request *request)
{
	struct text header = request->header(request, "Authorization");
	struct text name = TEXT_NONE, password = TEXT_NONE;
	size_t      len = 0;

	if (text_starts(header, TEXT("Basic ")) || text_starts(header, TEXT("basic "))) {
		const char *plain = base64_decode(request->arena, text_trim(text_after(header, 6)), &len);

		password = (struct text){ plain, plain ? len : 0 };
		name = text_until(&password, ':');
	}
	if (name.len == 0)
		name = to_text(request->arena, value_get(request->input, "client-id"));
	if (password.len == 0)
		password = to_text(request->arena, value_get(request->input, "client-token"));
	state_of(request)->claimed = name;
	if (name.len == 0 || password.len == 0)
		return AUTH_NO;
	return auth_password(request->service->auth, request->snapshot, request->arena, name, password,
			     &request->peer, request->lane == LANE_SLOW, request->caller);
}

static enum auth_outcome
login_jwt(struct request *request, const struct settings *settings)
{
	const struct text header = request->header(request, "Authorization");
	const int64_t     now = request->service->now(request->service->context) / 1000000;
	struct token      token;

	if (!text_starts(header, TEXT("Bearer ")) || !settings->server_key[0])
		return AUTH_NO;
	if (!token_read(request->arena, text_after(header, 7), text_of(settings->server_key), now, &token))
		return AUTH_NO;
	state_of(request)->claimed = text_of(token.subject);
	return login_user(request, text_of(token.subject));
}

static struct text
from_hex(struct arena *arena, struct text hex)
{
	char *out = arena_take(arena, hex.len / 2 + 1);

	for (size_t i = 0; i + 1 < hex.len; i += 2) {
		const char *digits = "0123456789abcdef";
		const char *high = hex.ptr[i] ? strchr(digits, hex.ptr[i]) : NULL;
		const char *low = hex.ptr[i + 1] ? strchr(digits, hex.ptr[i + 1]) : NULL;

		if (!high || !low)
			return TEXT_NONE;
		out[i / 2] = (char)((high - digits) * 16 + (low - digits));
	}
	return (struct text){ out, hex.len / 2 };
}

static enum auth_outcome
login_token(struct request *request, const struct settings *settings)
{
	struct text       secret = request->header(request, "Authorization");
	struct text       id = text_until(&secret, ' ');
	struct arena     *arena = request->arena;
	bool              matched = false;

	if (secret.len == 0) {
		id = to_text(arena, value_get(request->input, "client-id"));
		secret = to_text(arena, value_get(request->input, "client-token"));
	}
	state_of(request)->claimed = from_hex(arena, id);
	if (id.len == 0 || secret.len == 0)
		return AUTH_NO;
	for (size_t i = 0; i < value_count(settings->keys); i++) {
		const struct value *key = settings->keys->members[i].value;
		const char         *algorithm = to_string(arena, value_get(key, "algo"));
		const char         *digest = digest_hex(arena, algorithm, secret);

		if (digest && text_equal(to_text(arena, value_get(key, "client_id")), id) &&
		    text_equal_secret(to_text(arena, value_get(key, "client_token")), text_of(digest)))
			matched = true;
	}
	return matched ? login_user(request, from_hex(arena, id)) : AUTH_NO;
}

enum auth_outcome
login(struct request *request, const struct operation *operation, const struct settings *settings)
{
	const enum auth_mode mode = operation->flags & FORCE_LOCAL ? MODE_LOCAL : settings->mode;
	enum auth_outcome    outcome;

	if (request->socket && !request->header(request, "Authorization").ptr &&
	    is_none(value_get(request->input, "client-id")) && login_administrator(request))
		return AUTH_OK;
	if (!request->caller)
		request->caller = ARENA_MAKE(request->arena, struct caller, 1);
	if (mode == MODE_LOCAL)
		outcome = login_by_password(request);
	else if (mode == MODE_JWT)
		outcome = login_jwt(request, settings);
	else
		outcome = login_token(request, settings);
	if (outcome == AUTH_NO)
		request->caller = NULL;
	return outcome;
}

/* An IPv6 network with host bits set holds nobody, as it always was. */
static bool
network_holds(struct text network, const struct address *address)
{
	struct prefix prefix;

	if (!prefix_read(network, &prefix))
		return false;
	const struct address first = prefix_first(&prefix);

	if (prefix.address.family == FAMILY_INET6 && address_compare(&first, &prefix.address) != 0)
		return false;
	return prefix_covers(&prefix, address);
}

static bool
in_access_list(const struct request *request, const struct settings *settings)
{
	struct text rest = text_of(settings->access_list), piece;
	bool        any = false;

	while (text_next(&rest, " \n", &piece)) {
		if (piece.len == 0)
			continue;
		any = true;
		if (network_holds(piece, &request->peer))
			return true;
	}
	return !any || request->socket;
}

bool
is_authorized(struct request *request, const struct operation *operation,
              const struct settings *settings)
{
	if (operation->privileges[0] == '\0')
		return true;
	const bool reads = request->method == METHOD_GET && !(operation->flags & SAVES);

	if (!(reads ? caller_may_read_any : caller_has_any)(request->caller, operation->privileges))
		return false;
	if (!in_access_list(request, settings))
		return false;
	if (settings->read_only && !(operation->flags & IGNORE_READ_ONLY) && request->method != METHOD_GET)
		return false;
	return !((operation->flags & SAVES) && request->caller->may_not_save);
}

/*
 * Lines in the form that log watchers (sshguard's, fail2ban's) know from this web interface. What is no plain name could
 * pretend to be the rest of the line.
 */
static void
note(struct request *request, const char *before, const char *after)
{
	const struct service *service = request->service;
	const struct text     claimed = text_first(state_of(request)->claimed, NAME_SHOWN_MAX);
	char                 *name = arena_copy(request->arena, claimed);

	for (char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._-@+", *c))
			*c = '?';
	if (service->note)
		service->note(service->context,
			      arena_print(request->arena, "%s for user '%s' from: %s%s", before,
					  *name ? name : "unknown",
					  request->socket ? "local" : address_print(request->arena, &request->peer),
					  after));
}

void
login_failed(struct request *request, const struct settings *settings)
{
	if (!settings->protect_login)
		return;
	note(request, "webConfigurator authentication error", "");
	login_count_failure(request);
}

void
login_succeeded(struct request *request, const struct settings *settings)
{
	if (settings->protect_login && settings->log_success && !request->socket)
		note(request, "Successful login", " (Local Database)");
}
