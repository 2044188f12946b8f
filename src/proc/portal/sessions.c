/* A list: a portal has hundreds of clients rather than thousands, and each is looked up a few times in its life. */
#include "proc/portal/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "json/read.h"
#include "json/write.h"

#define MINUTE 60

void
sessions_clear(struct sessions *sessions)
{
	free(sessions->list);
	*sessions = (struct sessions){ 0 };
}

struct session *
sessions_add(struct sessions *sessions, const struct session *session)
{
	if (sessions->count == SESSIONS_MAX)
		return NULL;
	if (sessions->count == sessions->room) {
		sessions->room = sessions->room ? sessions->room * 2 : 16;
		sessions->list = realloc(sessions->list, sessions->room * sizeof(*sessions->list));
		BUG_IF(!sessions->list, "out of memory");
	}
	sessions->list[sessions->count] = *session;
	return &sessions->list[sessions->count++];
}

void
sessions_remove(struct sessions *sessions, struct session *session)
{
	*session = sessions->list[--sessions->count];
}

struct session *
sessions_of_address(const struct sessions *sessions, unsigned zone, const struct address *address)
{
	for (size_t i = 0; i < sessions->count; i++) {
		struct session *session = &sessions->list[i];

		for (size_t k = 0; session->zone == zone && k < session->naddresses; k++)
			if (address_compare(&session->addresses[k].address, address) == 0)
				return session;
	}
	return NULL;
}

struct session *
sessions_with_id(const struct sessions *sessions, struct text id)
{
	for (size_t i = 0; i < sessions->count; i++)
		if (text_is(id, sessions->list[i].id))
			return &sessions->list[i];
	return NULL;
}

/* --- one of them ---------------------------------------------------------------------------------- */

bool
session_add_address(struct session *session, const struct address *address)
{
	if (session->naddresses == SESSION_ADDRESSES_MAX)
		return false;
	session->addresses[session->naddresses++] = (struct session_address){ .address = *address };
	return true;
}

void
session_count(struct session *session, struct session_address *of, enum session_way way, uint64_t packets, uint64_t bytes,
	      int64_t now)
{
	const bool     is_anew = packets < of->counted.packets[way] || bytes < of->counted.bytes[way];
	const uint64_t more = of->is_old[way] ? 0 : packets - (is_anew ? 0 : of->counted.packets[way]);

	session->traffic.packets[way] += more;
	session->traffic.bytes[way] += of->is_old[way] ? 0 : bytes - (is_anew ? 0 : of->counted.bytes[way]);
	of->is_old[way] = false;
	of->counted.packets[way] = packets;
	of->counted.bytes[way] = bytes;
	if (way == SESSION_IN && more > 0)
		session->seen = now;
}

int64_t
session_left(const struct session *session, unsigned hard_minutes, int64_t now)
{
	int64_t end = session->ends;

	if (hard_minutes && (!end || session->started + (int64_t)hard_minutes * MINUTE < end))
		end = session->started + (int64_t)hard_minutes * MINUTE;
	return !end ? -1 : end > now ? end - now : 0;
}

const char *
session_over(const struct session *session, unsigned idle_minutes, unsigned hard_minutes, int64_t now)
{
	if (session_left(session, hard_minutes, now) == 0)
		return "Session-Timeout";
	if (idle_minutes && now - session->seen >= (int64_t)idle_minutes * MINUTE)
		return "Idle-Timeout";
	return NULL;
}

struct value *
session_value(struct arena *arena, const struct session *session)
{
	struct value *row = value_object(arena), *addresses = value_list(arena);
	const struct session_traffic *traffic = &session->traffic;

	for (size_t i = 0; i < session->naddresses; i++)
		value_add(arena, addresses, value_string(arena, address_print(arena, &session->addresses[i].address)));
	value_set(arena, row, "zoneid", value_integer(arena, session->zone));
	value_set_string(arena, row, "sessionId", session->id);
	value_set_string(arena, row, "userName", session->user);
	value_set_string(arena, row, "ipAddress", address_print(arena, &session->addresses[0].address));
	value_set(arena, row, "ipAddresses", addresses);
	value_set_string(arena, row, "macAddress", session->has_mac ? mac_print(arena, session->mac) : "");
	value_set(arena, row, "startTime", value_integer(arena, session->started));
	value_set_string(arena, row, "authenticated_via", session->via);
	value_set(arena, row, "packets_in", value_integer(arena, (int64_t)traffic->packets[SESSION_IN]));
	value_set(arena, row, "packets_out", value_integer(arena, (int64_t)traffic->packets[SESSION_OUT]));
	value_set(arena, row, "bytes_in", value_integer(arena, (int64_t)traffic->bytes[SESSION_IN]));
	value_set(arena, row, "bytes_out", value_integer(arena, (int64_t)traffic->bytes[SESSION_OUT]));
	value_set(arena, row, "last_accessed", value_integer(arena, session->seen));
	return row;
}

/* --- written down --------------------------------------------------------------------------------- */

/* The members that clients see, and the end that was set. */
void
sessions_write(const struct sessions *sessions, struct buffer *out)
{
	struct json json = { .out = out };

	json_list(&json);
	for (size_t i = 0; i < sessions->count; i++) {
		scoped_arena  arena = arena_new();
		struct value *row = session_value(arena, &sessions->list[i]);

		value_set(arena, row, "ends", value_integer(arena, sessions->list[i].ends));
		json_value(&json, row);
	}
	json_list_end(&json);
}

static int64_t
number_of(const struct value *row, const char *name)
{
	const struct value *value = value_get(row, name);

	return value_is(value, VALUE_INTEGER) && value->integer >= 0 ? value->integer : 0;
}

static bool
take_text(const struct value *row, const char *name, char *out, size_t most)
{
	const struct value *value = value_get(row, name);

	if (!value_is(value, VALUE_TEXT) || value->text.len > most)
		return false;
	memcpy(out, value->text.ptr, value->text.len);
	out[value->text.len] = '\0';
	return true;
}

static bool
take_mac(struct text text, uint8_t *mac)
{
	for (size_t i = 0; i < 6; i++) {
		const int high = text.len == 17 ? text_hex(text.ptr[i * 3]) : -1;
		const int low = text.len == 17 ? text_hex(text.ptr[i * 3 + 1]) : -1;

		if (high < 0 || low < 0)
			return false;
		mac[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool
read_session(const struct value *row, struct session *out)
{
	const struct value *addresses = value_get(row, "ipAddresses"), *mac = value_get(row, "macAddress");

	*out = (struct session){
		.zone = (unsigned)number_of(row, "zoneid"), .started = number_of(row, "startTime"),
		.seen = number_of(row, "last_accessed"), .ends = number_of(row, "ends"),
		.traffic = {
			{ (uint64_t)number_of(row, "packets_in"), (uint64_t)number_of(row, "packets_out") },
			{ (uint64_t)number_of(row, "bytes_in"), (uint64_t)number_of(row, "bytes_out") },
		},
	};
	for (size_t i = 0; i < value_count(addresses); i++) {
		const struct value *one = value_at(addresses, i);
		struct address      address;

		if (!value_is(one, VALUE_TEXT) || !address_read(one->text, &address) || !session_add_address(out, &address))
			return false;
		out->addresses[i].is_old[SESSION_IN] = out->addresses[i].is_old[SESSION_OUT] = true;
	}
	out->has_mac = value_is(mac, VALUE_TEXT) && take_mac(mac->text, out->mac);
	return out->naddresses > 0 && take_text(row, "sessionId", out->id, sizeof(out->id) - 1) &&
	       take_text(row, "userName", out->user, SESSION_NAME_MAX) &&
	       take_text(row, "authenticated_via", out->via, SESSION_NAME_MAX);
}

void
sessions_read(struct sessions *sessions, struct text text)
{
	scoped_arena  arena = arena_new();
	struct value *rows = NULL;
	struct session session;

	if (json_read(arena, text, NULL, &rows, NULL) != RESULT_DONE || !value_is(rows, VALUE_LIST))
		return;
	for (size_t i = 0; i < value_count(rows); i++)
		if (read_session(value_at(rows, i), &session))
			sessions_add(sessions, &session);
}
