/*
 * Who may come with a name and a password: users of this box, in a file that our own program reads when OpenVPN asks it
 * (cli/login.c). The file is read anew for each client, so it is where those of single clients are.
 */
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "plan/access/accounts.h"
#include "plan/service/openvpn/openvpn.h"

#define LOCAL "Local Database"
#define ASKED "/run/drawbridge-openvpn/login" /* a link to our program, which the keeper makes */
/* Longer than any common name: nobody is called so. */
#define USERS "clients/list-of-users-who-may-come-in-and-whose-names-are-all-shorter-than-the-name-of-this"
#define NAME_MAX_BYTES 127

static const struct snapshot *
users_of(const struct tunnel *tunnel)
{
	return tunnel->view->users ? tunnel->view->users : tunnel->view->snapshot;
}

/* Nothing that could end a line or a word of it. */
static bool
is_plain(struct text text, bool may_have_blanks)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < (may_have_blanks ? 0x20 : 0x21) || text.ptr[i] == 0x7f)
			return false;
	return text.len > 0;
}

/* The numbers of those in the group; false: all may come. */
static bool
members_of(struct tunnel *tunnel, struct text *members)
{
	const struct record *group;

	if (!record_has(tunnel->instance, "local_group"))
		return false;
	group = collection_where(snapshot_named(users_of(tunnel), "auth.group"), "gid", record_text(tunnel->instance, "local_group"));
	*members = group ? record_text(group, "member") : TEXT_NONE;
	if (!group)
		tunnel_miss(tunnel, "local_group", "there is no such group: nobody is let in");
	return true;
}

static void
put_users(struct tunnel *tunnel, struct service_plan *plan)
{
	const struct collection *users = snapshot_named(users_of(tunnel), "auth.user");
	scoped_buffer            lines = BUFFER_NONE;
	struct text              members;
	const bool               is_limited = members_of(tunnel, &members);

	for (size_t i = 0; i < collection_count(users); i++) {
		const struct record *user = collection_at(users, i);
		const struct text    name = record_text(user, "name"), hash = record_text(user, "password");
		const int64_t        until = account_expiry(user);

		if (record_bool(user, "disabled") || until < 0 || !is_plain(name, true) || !is_plain(hash, false) ||
		    name.len > NAME_MAX_BYTES || (is_limited && !text_lists(members, record_text(user, "uid"))))
			continue;
		buffer_print(&lines, "%lld %.*s %.*s\n", (long long)until, TEXT_ARGS(hash), TEXT_ARGS(name));
	}
	service_put_file(tunnel->draft, plan, USERS, buffer_text(&lines), true);
}

bool
tunnel_has_logins(const struct tunnel *tunnel)
{
	return tunnel->is_server && record_has(tunnel->instance, "authmode");
}

bool
tunnel_can_ask(struct tunnel *tunnel)
{
	const struct text modes = record_text(tunnel->instance, "authmode");

	if (!tunnel_has_logins(tunnel))
		return true;
	if (!text_lists(modes, TEXT(LOCAL))) {
		tunnel_miss(tunnel, "authmode", "only users of this box can be asked for passwords: it does not run");
		return false;
	}
	if (!text_is(modes, LOCAL))
		tunnel_miss(tunnel, "authmode", "only users of this box are asked for passwords");
	return true;
}

static void
put_tokens(struct tunnel *tunnel, struct service_plan *plan)
{
	int64_t lifetime = 0, renewal = 0;

	if (!service_number(tunnel->instance, "auth-gen-token", 0, INT32_MAX, &lifetime))
		return;
	if (service_number(tunnel->instance, "auth-gen-token-renewal", 1, INT32_MAX, &renewal))
		tunnel_print(tunnel, "auth-gen-token %lld %lld", (long long)lifetime, (long long)renewal);
	else
		tunnel_print(tunnel, "auth-gen-token %lld", (long long)lifetime);
	if (record_has(tunnel->instance, "auth-gen-token-secret"))
		tunnel_put_file(tunnel, plan, "auth-gen-token-secret", "token.key",
				record_text(tunnel->instance, "auth-gen-token-secret"), true);
}

void
tunnel_logins(struct tunnel *tunnel, struct service_plan *plan)
{
	static const char *const strictness[] = { "0", "1", "2", NULL };
	static const char *const ways[] = { "free", "exact", "any-case" };
	const bool               has_logins = tunnel_has_logins(tunnel);
	int64_t                  depth = 0;
	const bool has_depth = tunnel->is_server && service_number(tunnel->instance, "cert_depth", 1, 5, &depth);

	if (!has_logins && !has_depth)
		return;
	/* Only programs that are named here are run, by their fixed words. */
	tunnel_print(tunnel, "script-security 2");
	tunnel_print(tunnel, "tmp-dir /run/drawbridge-openvpn");
	if (has_depth)
		tunnel_print(tunnel, "tls-verify \"" ASKED " depth %lld\"", (long long)depth);
	if (!has_logins)
		return;
	tunnel_print(tunnel, "auth-user-pass-verify \"" ASKED " users %s/" USERS " %s\" via-file", tunnel->directory,
		     ways[record_choice(tunnel->instance, "strictusercn", strictness, 1)]);
	if (text_is(record_text(tunnel->instance, "verify_client_cert"), "none"))
		tunnel_print(tunnel, "verify-client-cert none");
	if (record_bool(tunnel->instance, "username_as_common_name"))
		tunnel_print(tunnel, "username-as-common-name");
	put_tokens(tunnel, plan);
	put_users(tunnel, plan);
}
