/* Both are JSON of the section as it is stored. */
#include "dialect/pfsense/own/own.h"

#include "api/keepsakes.h"
#include "api/peers.h"
#include "dialect/pfsense/coerce.h"
#include "dialect/pfsense/state.h"
#include "json/read.h"
#include "json/write.h"

#define COPY_NAME "pfsense-api.json"
#define SYNC_PATH "/api/v1/system/api/sync"

static const char *
settings_text(struct request *request)
{
	scoped_buffer out = BUFFER_NONE;

	json_value(&(struct json){ .out = &out }, settings_of(request)->all);
	return arena_copy(request->arena, buffer_text(&out));
}

static void
note(const struct request *request, const char *what, const struct buffer *why)
{
	const struct service *service = request->service;

	if (service->note)
		service->note(service->context, arena_print(request->arena, "%s: %s", what, buffer_string(why)));
}

/* --- the copy ------------------------------------------------------------------------------------------------ */

static const struct keepsakes *
keepsakes_of(const struct request *request, struct buffer *message)
{
	if (!request->service->keepsakes)
		buffer_add_string(message, "this instance keeps nothing");
	return request->service->keepsakes;
}

enum result
own_backup(struct request *request, struct buffer *message)
{
	const struct keepsakes *keepsakes = keepsakes_of(request, message);

	return keepsakes ? keepsakes->write(keepsakes->context, COPY_NAME, text_of(settings_text(request)), message) :
			   RESULT_UNAVAILABLE;
}

struct value *
own_read(struct request *request, struct buffer *message)
{
	const struct keepsakes *keepsakes = keepsakes_of(request, message);
	struct text             text;
	struct value           *settings = NULL;

	if (!keepsakes ||
	    keepsakes->read(keepsakes->context, request->arena, COPY_NAME, &text, message) != RESULT_DONE)
		return NULL;
	if (json_read(request->arena, text, NULL, &settings, NULL) == RESULT_DONE && value_is(settings, VALUE_OBJECT))
		return settings;
	buffer_add_string(message, "the copy is no settings");
	return NULL;
}

/* --- the peers ----------------------------------------------------------------------------------------------- */

/* What a peer answers: this API's envelope. */
static const char *
judge(struct arena *arena, long status, struct text answer)
{
	struct value       *envelope = NULL;
	const struct value *code;

	if (json_read(arena, answer, NULL, &envelope, NULL) != RESULT_DONE || !value_is(envelope, VALUE_OBJECT))
		return arena_print(arena, "HTTP %ld, and no answer of this API", status);
	code = value_get(envelope, "return");
	if (!value_is(code, VALUE_INTEGER))
		return arena_print(arena, "HTTP %ld, and no answer of this API", status);
	switch (code->integer) {
	case 0:
		return NULL;
	case 3:
		return "user name and password were not accepted";
	case 4:
		return "the user may not change the settings";
	default:
		return arena_print(arena, "return code %lld: %.*s", (long long)code->integer,
				   TEXT_ARGS(to_text(arena, value_get(envelope, "message"))));
	}
}

/* The certificates of all authorities of the configuration. */
static struct text
authorities_of(struct request *request)
{
	const struct collection *authorities = snapshot_named(request->snapshot, "trust.ca");
	scoped_buffer            out = BUFFER_NONE;

	for (size_t i = 0; i < collection_count(authorities); i++) {
		size_t      len = 0;
		const char *pem = base64_decode(request->arena, record_text(collection_at(authorities, i), "crt"), &len);

		buffer_add(&out, (struct text){ pem, pem ? len : 0 });
		buffer_add_byte(&out, '\n');
	}
	return (struct text){ arena_copy(request->arena, buffer_text(&out)), out.len };
}

static void
push(struct request *request, const struct settings *settings, struct buffer *report)
{
	const struct peer_push push = {
		.hosts = to_string(request->arena, value_get(settings->all, "hasync_hosts")),
		.path = SYNC_PATH,
		.user = to_string(request->arena, value_get(settings->all, "hasync_username")),
		.password = to_string(request->arena, value_get(settings->all, "hasync_password")),
		.body = text_of(settings_text(request)),
		.verify = !is_none(value_get(settings->all, "hasync_verify")),
		.authorities = authorities_of(request),
		.judge = judge,
	};

	request->service->peers->push(request->service->peers->context, &push, report);
}

bool
own_push(struct request *request, struct buffer *report)
{
	const struct settings *settings = settings_of(request);

	if (is_none(value_get(settings->all, "hasync")) || !request->service->peers) {
		buffer_add_string(report, "Sync is not set up.\n");
		return false;
	}
	push(request, settings, report);
	return true;
}

/* --- after a change ------------------------------------------------------------------------------------------ */

static void
keep_copy(struct request *request)
{
	scoped_buffer message = BUFFER_NONE;
	const enum result result = own_backup(request, &message);

	/* Who runs without a place for it knows. */
	if (result != RESULT_DONE && result != RESULT_UNAVAILABLE)
		note(request, "the copy of the API's settings was not written", &message);
}

void
own_changed(struct request *request)
{
	const struct settings *settings = settings_of(request);

	if (settings->persist)
		keep_copy(request);
	if (!is_none(value_get(settings->all, "hasync")) && request->service->peers)
		push(request, settings, NULL);
}

void
own_received(struct request *request)
{
	if (state_of(request)->was_persistent)
		keep_copy(request);
}
