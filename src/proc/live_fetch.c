/* Every alias's own way of listing: URLs with their credentials, JSON, files of countries. */
#include "proc/live_fetch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/map.h" /* text_hash */
#include "json/read.h"
#include "proc/fetch.h"
#include "proc/live.h"

#define GEOIP_FOLDER "geoip"
#define NAME_MAX_BYTES 256

bool
live_fetch_knows(struct text type)
{
	return text_is(type, "url") || text_is(type, "urltable") || text_is(type, "urljson") || text_is(type, "geoip");
}

/* Basic, Bearer, or a header of the alias's own name. The fields were checked to hold no line breaks. */
static struct fetch
authenticate(struct arena *arena, const struct record *alias, const char *url)
{
	const struct text kind = record_text(alias, "authtype");
	const char       *user = record_get(alias, "username"), *password = record_get(alias, "password");
	struct fetch      fetch = { .url = url, .about = arena_print(arena, "alias %s", record_get(alias, "name")) };

	if (text_is(kind, "Basic")) {
		fetch.user = user;
		fetch.password = password;
	} else if (text_is(kind, "Bearer")) {
		fetch.header = arena_print(arena, "Authorization: Bearer %s", password);
	} else if (text_is(kind, "Header")) {
		fetch.header = arena_print(arena, "%s: %s", user, password);
	}
	return fetch;
}

static void
parse(struct arena *arena, const struct record *alias, struct text body, struct address_list *list)
{
	const struct json_limits limits = { .bytes = FETCH_BYTES };
	struct value            *value;

	if (!text_is(record_text(alias, "type"), "urljson"))
		address_list_read(arena, body, list);
	else if (json_read(arena, body, &limits, &value, NULL) == RESULT_DONE)
		address_list_select(arena, value, record_text(alias, "path_expression"), list);
}

/* --- What is kept: a file for each URL ------------------------------------------------------------------------ */

static void
file_name(const struct record *alias, struct text url, char *out, size_t room)
{
	snprintf(out, room, "%s.%016llx", alias->uuid, (unsigned long long)text_hash(text_trim(url)));
}

static bool
add_urls(struct arena *arena, int state_fd, const struct record *alias, bool is_asked, struct address_list *list)
{
	scoped_fd   folder = fetch_folder(state_fd, LISTS_FOLDER);
	struct text rest = record_text(alias, "content"), url;
	char        name[NAME_MAX_BYTES];
	bool        is_found = false;

	while (text_next(&rest, "\n", &url)) {
		scoped_buffer      body = BUFFER_NONE;
		const struct fetch fetch = authenticate(arena, alias, arena_copy(arena, text_trim(url)));

		file_name(alias, url, name, sizeof(name));
		if (is_asked && fetch_url(&fetch, &body)) {
			if (folder >= 0)
				fetch_keep(folder, name, buffer_text(&body));
		} else {
			buffer_cut(&body, 0);
			if (folder < 0 || !fetch_kept(folder, name, &body))
				continue;
		}
		parse(arena, alias, buffer_text(&body), list);
		is_found = true;
	}
	return is_found;
}

static bool
has_url(const struct record *alias, struct text url)
{
	struct text rest = alias ? record_text(alias, "content") : TEXT_NONE, one;

	while (text_next(&rest, "\n", &one))
		if (text_equal(text_trim(one), text_trim(url)))
			return true;
	return false;
}

void
live_fetch_forget(int state_fd, const struct record *alias, const struct record *now)
{
	scoped_fd   folder = fetch_folder(state_fd, LISTS_FOLDER);
	struct text rest = record_text(alias, "content"), url;
	char        name[NAME_MAX_BYTES];

	while (folder >= 0 && text_next(&rest, "\n", &url)) {
		file_name(alias, url, name, sizeof(name));
		if (!has_url(now, url))
			unlinkat(folder, name, 0);
	}
}

/* geoip/NL-IPv4 and geoip/NL-IPv6 in the state directory, one prefix a line, put there by the administrator. */
static bool
read_countries(struct arena *arena, int state_fd, const struct record *alias, struct address_list *list)
{
	static const char *const families[] = { "IPv4", "IPv6" };
	scoped_fd                folder = fetch_folder(state_fd, GEOIP_FOLDER);
	const struct text        wanted = record_text(alias, "proto");
	struct text              rest = record_text(alias, "content"), code;
	char                     name[NAME_MAX_BYTES];
	bool                     is_found = false;

	while (folder >= 0 && text_next(&rest, "\n", &code))
		for (size_t i = 0; i < 2; i++) {
			scoped_buffer body = BUFFER_NONE;

			if (code.len != 2 || (wanted.len > 0 && !text_contains(wanted, text_of(families[i]))))
				continue;
			snprintf(name, sizeof(name), "%.*s-%s", TEXT_ARGS(code), families[i]);
			if (!fetch_kept(folder, name, &body))
				continue;
			address_list_read(arena, buffer_text(&body), list);
			is_found = true;
		}
	return is_found;
}

/* --- Aliases ---------------------------------------------------------------------------------------------------- */

static bool
add_list(struct arena *arena, int state_fd, const struct record *alias, bool is_asked, struct address_list *list)
{
	if (text_is(record_text(alias, "type"), "geoip"))
		return read_countries(arena, state_fd, alias, list);
	return add_urls(arena, state_fd, alias, is_asked, list);
}

bool
live_fetch(struct arena *arena, int state_fd, const struct record *alias, struct address_list *list)
{
	return add_list(arena, state_fd, alias, true, list);
}

bool
live_fetch_kept(struct arena *arena, int state_fd, const struct record *alias, struct address_list *list)
{
	return add_list(arena, state_fd, alias, false, list);
}
