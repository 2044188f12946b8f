/* What the dialects ask of the portal. */
#include <time.h>

#include "base/number.h"
#include "proc/ask/ask.h"
#include "proc/portal/pages.h"
#include "proc/portal/portal.h"

static struct text
text_asked(const struct asking *asking, const char *name)
{
	return text_of(asked_text(asking, name));
}

/* The zone's id, "" for the first; and the client's address. */
static enum result
read_client(const struct asking *asking, struct portal_client *out)
{
	const struct text zone = text_asked(asking, "zone");
	int64_t           id = 0;

	if (zone.len > 0 && !number_read(zone, 0, UINT16_MAX, &id))
		return asked_wrong(asking, RESULT_INVALID, "%s is no zone", zone.ptr);
	out->zone = (unsigned)id;
	if (!address_read(text_asked(asking, "address"), &out->address))
		return asked_wrong(asking, RESULT_INVALID, "%s is no address", asked_text(asking, "address"));
	return RESULT_DONE;
}

static enum result
status(struct asking *asking, struct value **answer)
{
	struct portal_client client;
	const enum result    result = read_client(asking, &client);

	if (result == RESULT_DONE)
		*answer = portal_status(asking->box->portal, asking->arena, &client);
	return result;
}

static enum result
logon(struct asking *asking, struct value **answer)
{
	struct portal_client client;
	const enum result    result = read_client(asking, &client);

	if (result == RESULT_DONE)
		*answer = portal_logon(asking->box->portal, asking->arena, &client, text_asked(asking, "user"),
				       text_asked(asking, "password"));
	return result;
}

static enum result
logoff(struct asking *asking, struct value **answer)
{
	struct portal_client client;
	const enum result    result = read_client(asking, &client);

	if (result == RESULT_DONE)
		*answer = portal_logoff(asking->box->portal, asking->arena, &client);
	return result;
}

static enum result
captive(struct asking *asking, struct value **answer)
{
	struct portal_client client;
	const enum result    result = read_client(asking, &client);
	const char          *url;

	if (result != RESULT_DONE)
		return result;
	url = portal_url(asking->box->portal, asking->arena, client.zone, asked_text(asking, "host"));
	*answer = url ? portal_captive(asking->box->portal, asking->arena, &client) : NULL;
	if (!*answer)
		return asked_wrong(asking, RESULT_MISSING, "there is no such zone");
	value_set_string(asking->arena, *answer, "user-portal-url", url);
	return RESULT_DONE;
}

/* Without a zone: of all. */
static enum result
sessions(struct asking *asking, struct value **answer)
{
	const struct text zone = text_asked(asking, "zone");
	int64_t           id = PORTAL_ALL_ZONES;

	if (zone.len > 0 && !number_read(zone, 0, UINT16_MAX, &id))
		return asked_wrong(asking, RESULT_INVALID, "%s is no zone", zone.ptr);
	*answer = portal_sessions(asking->box->portal, asking->arena, (int)id);
	return RESULT_DONE;
}

static enum result
connect(struct asking *asking, struct value **answer)
{
	struct portal_client client;
	const enum result    result = read_client(asking, &client);

	if (result != RESULT_DONE)
		return result;
	*answer = portal_connect(asking->box->portal, asking->arena, &client, text_asked(asking, "user"));
	return *answer ? RESULT_DONE : asked_wrong(asking, RESULT_MISSING, "there is no such zone, or nobody more is let in");
}

static enum result
disconnect(struct asking *asking, struct value **answer)
{
	*answer = portal_disconnect(asking->box->portal, asking->arena, text_asked(asking, "session"));
	return *answer ? RESULT_DONE : asked_wrong(asking, RESULT_MISSING, "there is no such session");
}

/* By its file id; any other: our own. */
static enum result
template(struct asking *asking, struct value **answer)
{
	const struct collection *templates = snapshot_named(asking->snapshot, "captiveportal.template");

	*answer = value_text(asking->arena, pages_packed(asking->arena, collection_where(templates, "fileid", text_asked(asking, "file")),
							 time(NULL)));
	return RESULT_DONE;
}

/* --- vouchers ------------------------------------------------------------------------------------------ */

static enum result
no_server(const struct asking *asking)
{
	return asked_wrong(asking, RESULT_MISSING, "there is no server for vouchers called %s", asked_text(asking, "server"));
}

static enum result
servers(struct asking *asking, struct value **answer)
{
	*answer = portal_voucher_servers(asking->box->portal, asking->arena);
	return RESULT_DONE;
}

static enum result
groups(struct asking *asking, struct value **answer)
{
	*answer = portal_voucher_groups(asking->box->portal, asking->arena, asked_text(asking, "server"));
	return *answer ? RESULT_DONE : no_server(asking);
}

static enum result
vouchers(struct asking *asking, struct value **answer)
{
	*answer = portal_vouchers(asking->box->portal, asking->arena, asked_text(asking, "server"), asked_text(asking, "group"));
	return *answer ? RESULT_DONE : no_server(asking);
}

/* -1: none. */
static int64_t
number_asked(const struct asking *asking, const char *name)
{
	int64_t number;

	return number_read(text_asked(asking, name), 0, INT64_MAX, &number) ? number : -1;
}

static enum result
make(struct asking *asking, struct value **answer)
{
	const struct portal_voucher_wish wish = {
		.server = asked_text(asking, "server"), .group = asked_text(asking, "group"), .count = number_asked(asking, "count"),
		.validity = number_asked(asking, "validity"), .expiry = number_asked(asking, "expiry"),
	};

	*answer = portal_make_vouchers(asking->box->portal, asking->arena, &wish, asking->message);
	return *answer ? RESULT_DONE : RESULT_INVALID;
}

/* Without a group: of all. */
static enum result
drop(struct asking *asking, struct value **answer)
{
	const char   *group = asked_text(asking, "group");
	const int64_t count = portal_drop_vouchers(asking->box->portal, asked_text(asking, "server"), group[0] ? group : NULL,
						   asked_text(asking, "expired")[0]);

	*answer = value_integer(asking->arena, count);
	return count >= 0 ? RESULT_DONE : no_server(asking);
}

static enum result
expire(struct asking *asking, struct value **answer)
{
	*answer = value_bool(asking->arena, true);
	return portal_expire_voucher(asking->box->portal, asked_text(asking, "server"), asked_text(asking, "user"))
		       ? RESULT_DONE
		       : asked_wrong(asking, RESULT_MISSING, "there is no such voucher");
}

/* clang-format off */
const struct topic portal_topics[] = {
	{ "portal.status",          status,     .is_free = true },
	{ "portal.logon",           logon,      .is_free = true },
	{ "portal.logoff",          logoff,     .is_free = true },
	{ "portal.captive",         captive,    .is_free = true },
	{ "portal.connect",         connect,    .is_free = true },
	{ "portal.disconnect",      disconnect, .is_free = true },
	{ "captiveportal.sessions", sessions,   .is_free = true },
	{ "portal.template",        template,   .is_free = true },
	{ "vouchers.servers",       servers,    .is_free = true },
	{ "vouchers.groups",        groups,     .is_free = true },
	{ "vouchers.list",          vouchers,   .is_free = true },
	{ "vouchers.make",          make,       .is_free = true },
	{ "vouchers.drop",          drop,       .is_free = true },
	{ "vouchers.expire",        expire,     .is_free = true },
	{ NULL },
};
/* clang-format on */
