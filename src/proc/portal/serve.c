/*
 * The portal's own small server: pages, the four questions that they ask, and the way there for whoever wanted another page.
 * Nothing of the API is served here, and no credentials of it mean anything.
 */
#include "proc/portal/serve.h"

#include <string.h>

#include "dialect/opnsense/body.h"
#include "http/server.h"
#include "json/read.h"
#include "json/write.h"
#include "proc/portal/inside.h"
#include "proc/portal/pages.h"

#define ACCESS       "/api/captiveportal/access/"
#define JSON_TYPE    "application/json; charset=UTF-8"
#define CAPTIVE_TYPE "application/captive+json"
#define HOST_MAX     255
#define WANTED_MAX   1024 /* bytes of a URL that is handed on */

struct visit {
	struct portal       *portal;
	struct http_exchange *exchange;
	struct arena        *arena;
	struct portal_client client;
};

/* --- Answers ---------------------------------------------------------------------------------------- */

static void
answer(const struct visit *visit, unsigned status, const char *type, struct buffer *body)
{
	const struct http_header headers[] = {
		{ "Content-Type", type },
		{ "Cache-Control", "no-store" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Access-Control-Allow-Origin", "*" },
		{ NULL, NULL },
	};

	http_answer(visit->exchange, status, headers, body);
}

static void
answer_json(const struct visit *visit, unsigned status, const char *type, const struct value *value)
{
	struct buffer body = BUFFER_NONE;
	struct json   json = { .out = &body };

	json_value(&json, value);
	answer(visit, status, type, &body);
}

static void
answer_status(const struct visit *visit, unsigned status, const char *message)
{
	struct value *body = value_object(visit->arena);

	value_set(visit->arena, body, "status", value_integer(visit->arena, status));
	value_set_string(visit->arena, body, "message", message);
	answer_json(visit, status, JSON_TYPE, body);
}

/* --- Where the pages are ------------------------------------------------------------------------------ */

/* What a client called us is not believed: it is the address that it reached us by. */
static const char *
own_host(const struct visit *visit)
{
	const struct address local = http_local(visit->exchange);
	const char          *text = address_print(visit->arena, &local);

	return local.family == FAMILY_INET6 ? arena_print(visit->arena, "[%s]", text) : text;
}

static const char *
pages_url(const struct visit *visit)
{
	const char *url = portal_url(visit->portal, visit->arena, visit->client.zone, own_host(visit));

	return url ? url : "/";
}

/* For a query: all but letters, digits and a few more as %XX. */
static const char *
escaped(struct arena *arena, struct text text)
{
	scoped_buffer out = BUFFER_NONE;

	for (size_t i = 0; i < text.len; i++) {
		const unsigned char c = (unsigned char)text.ptr[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || memchr("-._~/", c, 5))
			buffer_add_byte(&out, (char)c);
		else
			buffer_print(&out, "%%%02X", c);
	}
	return arena_copy(arena, buffer_text(&out));
}

/* To the pages, which are told what was wanted. */
static void
lead(const struct visit *visit)
{
	const struct text  host = http_field(visit->exchange, TEXT("Host")), target = http_target(visit->exchange);
	const char        *wanted = host.len > 0 && host.len <= HOST_MAX && target.len <= WANTED_MAX
					    ? arena_print(visit->arena, "?redirurl=%s%s", escaped(visit->arena, host),
							  escaped(visit->arena, target))
					    : "";
	const struct http_header headers[] = {
		{ "Location", arena_print(visit->arena, "%sindex.html%s", pages_url(visit), wanted) },
		{ "Cache-Control", "no-store" },
		{ NULL, NULL },
	};

	http_answer(visit->exchange, 302, headers, NULL);
}

/* --- The questions ------------------------------------------------------------------------------------ */

static const struct value *
read_body(const struct visit *visit)
{
	const struct text type = http_field(visit->exchange, TEXT("Content-Type"));
	struct value     *body = NULL;

	if (!text_contains_any_case(type, TEXT("json")))
		return form_read(visit->arena, http_body(visit->exchange));
	return json_read(visit->arena, http_body(visit->exchange), &(struct json_limits){ .depth = 4, .members = 64 }, &body, NULL) ==
			       RESULT_DONE
		       ? body
		       : NULL;
}

static struct text
text_in(const struct value *body, const char *name)
{
	const struct value *value = value_get(body, name);

	return value_is(value, VALUE_TEXT) ? value->text : TEXT("");
}

static void
serve_api(const struct visit *visit)
{
	struct value *body;

	if (http_method(visit->exchange) != HTTP_GET ||
	    !text_contains_any_case(http_field(visit->exchange, TEXT("Accept")), TEXT(CAPTIVE_TYPE))) {
		answer_status(visit, 400, "Bad Request");
		return;
	}
	body = portal_captive(visit->portal, visit->arena, &visit->client);
	if (!body) {
		answer_status(visit, 400, "Bad Request");
		return;
	}
	value_set_string(visit->arena, body, "user-portal-url", pages_url(visit));
	answer_json(visit, 200, CAPTIVE_TYPE, body);
}

static void
serve_question(const struct visit *visit, struct text rest)
{
	const struct text      what = text_until(&rest, '/');
	const bool             is_post = http_method(visit->exchange) == HTTP_POST;
	const struct value    *body;

	if (http_method(visit->exchange) == HTTP_OPTIONS) {
		answer_json(visit, 200, JSON_TYPE, value_list(visit->arena));
	} else if (text_is(what, "api")) {
		serve_api(visit);
	} else if (text_is(what, "status")) {
		answer_json(visit, 200, JSON_TYPE, portal_status(visit->portal, visit->arena, &visit->client));
	} else if (text_is(what, "logon") && is_post) {
		body = read_body(visit);
		answer_json(visit, 200, JSON_TYPE, portal_logon(visit->portal, visit->arena, &visit->client, text_in(body, "user"),
								text_in(body, "password")));
	} else if (text_is(what, "logoff") && is_post) {
		answer_json(visit, 200, JSON_TYPE, portal_logoff(visit->portal, visit->arena, &visit->client));
	} else {
		answer_status(visit, text_is(what, "logon") || text_is(what, "logoff") ? 405 : 404, "Not here");
	}
}

/* --- Pages -------------------------------------------------------------------------------------------- */

/* Whoever was led here by its HTTPS asks for a page of somebody else. */
static bool
is_for_us(const struct visit *visit)
{
	const struct text host = http_field(visit->exchange, TEXT("Host"));
	const char       *url = pages_url(visit);

	return host.len > 0 && text_starts(text_after(text_of(url), text_starts(text_of(url), TEXT("https")) ? 8 : 7), host);
}

static void
serve_page(const struct visit *visit)
{
	const enum http_method  method = http_method(visit->exchange);
	const struct text       path = text_decode_form(visit->arena, text_after(http_path(visit->exchange), 1), 0);
	struct portal_listener *listener = &visit->portal->listeners[visit->client.zone];
	struct buffer           body = BUFFER_NONE;
	const char             *type = NULL;

	/* Another apply may take them away. */
	pthread_mutex_lock(&visit->portal->lock);
	const struct page *page = method == HTTP_GET || method == HTTP_HEAD ? pages_find(&listener->pages, path) : NULL;

	if (page) {
		buffer_add(&body, page->content);
		type = page->type;
	}
	pthread_mutex_unlock(&visit->portal->lock);
	if (!page && !is_for_us(visit)) {
		lead(visit);
		return;
	}
	if (!page) {
		answer_status(visit, 404, "Not here");
		return;
	}
	answer(visit, 200, type, &body);
}

void
portal_serve(void *context, struct http_exchange *exchange)
{
	const struct portal_listener *listener = context;
	const struct visit            visit = {
		.portal = listener->portal, .exchange = exchange, .arena = http_arena(exchange),
		.client = { listener->zone, http_peer(exchange), http_peer_port(exchange) },
	};
	const struct text path = http_path(exchange);

	if (http_local_port(exchange) == PORTAL_REDIRECT_PORT + listener->zone)
		lead(&visit);
	else if (text_starts(path, TEXT(ACCESS)))
		serve_question(&visit, text_after(path, sizeof(ACCESS) - 1));
	else
		serve_page(&visit);
}
