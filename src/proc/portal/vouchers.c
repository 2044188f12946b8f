/* A list. Names are given out by us, so that two of a server are never alike. */
#include "proc/portal/vouchers.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "auth/secret.h"
#include "base/bug.h"
#include "base/map.h"
#include "json/read.h"
#include "json/write.h"

static void
free_voucher(struct voucher *voucher)
{
	free(voucher->server);
	free(voucher->user);
	free(voucher->hash);
	free(voucher->group);
}

void
vouchers_clear(struct vouchers *vouchers)
{
	for (size_t i = 0; i < vouchers->count; i++)
		free_voucher(&vouchers->list[i]);
	free(vouchers->list);
	*vouchers = (struct vouchers){ 0 };
}

static struct voucher *
find(const struct vouchers *vouchers, const char *server, struct text user)
{
	for (size_t i = 0; i < vouchers->count; i++)
		if (text_is(user, vouchers->list[i].user) && strcmp(vouchers->list[i].server, server) == 0)
			return &vouchers->list[i];
	return NULL;
}

static char *
copy(const char *string)
{
	char *made = strdup(string);

	BUG_IF(!made, "out of memory");
	return made;
}

static void
append(struct vouchers *vouchers, const struct voucher *from)
{
	if (vouchers->count == vouchers->room) {
		vouchers->room = vouchers->room ? vouchers->room * 2 : 64;
		vouchers->list = realloc(vouchers->list, vouchers->room * sizeof(*vouchers->list));
		BUG_IF(!vouchers->list, "out of memory");
	}
	struct voucher *voucher = &vouchers->list[vouchers->count++];

	*voucher = *from;
	voucher->server = copy(from->server);
	voucher->user = copy(from->user);
	voucher->hash = copy(from->hash);
	voucher->group = copy(from->group);
}

/* --- making them ------------------------------------------------------------------------------------ */

/* Letters that people take for others are left out. */
static const char *
random_word(struct arena *arena, size_t length, bool is_simple)
{
	static const char digits[] = "0123456789";
	static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	const char       *from = is_simple ? digits : letters;
	const size_t      kinds = strlen(from);
	char             *word = arena_take(arena, length + 1);

	for (size_t i = 0; i < length; i++) {
		uint32_t number;

		BUG_IF(getrandom(&number, sizeof(number), 0) != sizeof(number), "no random bytes");
		word[i] = from[number % kinds];
	}
	return word;
}

struct made_voucher
voucher_make(struct arena *arena, const struct voucher_wish *wish)
{
	struct made_voucher made = {
		.user = random_word(arena, wish->user_length, wish->is_simple),
		.password = random_word(arena, wish->password_length, wish->is_simple),
	};

	made.hash = secret_hash(arena, made.password);
	return made;
}

bool
vouchers_add(struct vouchers *vouchers, const struct voucher_wish *wish, const struct made_voucher *made)
{
	/* Not changed: append() copies. */
	const struct voucher voucher = {
		.server = (char *)(uintptr_t)wish->server, .user = (char *)(uintptr_t)made->user,
		.hash = (char *)(uintptr_t)made->hash, .group = (char *)(uintptr_t)wish->group, .validity = wish->validity,
		.expires = wish->expires,
	};

	if (vouchers->count >= VOUCHERS_MAX || find(vouchers, wish->server, text_of(made->user)))
		return false;
	append(vouchers, &voucher);
	return true;
}

/* --- using them ------------------------------------------------------------------------------------- */

static bool
is_over(const struct voucher *voucher, int64_t now)
{
	return (voucher->started && now >= voucher->started + voucher->validity) || (voucher->expires && now >= voucher->expires);
}

bool
vouchers_use(struct vouchers *vouchers, const struct voucher_use *use, bool *is_first, int64_t *ends)
{
	struct voucher   *voucher = find(vouchers, use->server, use->user);
	const struct text password = use->password;
	char              word[VOUCHER_LENGTH_MAX + 1] = "";

	if (!voucher || password.len > VOUCHER_LENGTH_MAX || is_over(voucher, use->now))
		return false;
	if (password.len > 0)
		memcpy(word, password.ptr, password.len);
	if (strlen(word) != password.len || !hash_matches(voucher->hash, word))
		return false;
	*is_first = !voucher->started;
	if (*is_first)
		voucher->started = use->now;
	*ends = voucher->started + voucher->validity;
	if (voucher->expires && voucher->expires < *ends)
		*ends = voucher->expires;
	return true;
}

bool
vouchers_expire(struct vouchers *vouchers, const char *server, const char *user, int64_t now)
{
	struct voucher *voucher = find(vouchers, server, text_of(user));

	if (voucher)
		voucher->expires = now;
	return voucher != NULL;
}

size_t
vouchers_drop(struct vouchers *vouchers, const char *server, const char *group, bool only_expired, int64_t now)
{
	const size_t before = vouchers->count;
	size_t       kept = 0;

	for (size_t i = 0; i < before; i++) {
		struct voucher *voucher = &vouchers->list[i];

		if (strcmp(voucher->server, server) != 0 || (group && strcmp(voucher->group, group) != 0) ||
		    (only_expired && !is_over(voucher, now)))
			vouchers->list[kept++] = *voucher;
		else
			free_voucher(voucher);
	}
	vouchers->count = kept;
	return before - kept;
}

/* --- looking at them -------------------------------------------------------------------------------- */

const char *
voucher_state(const struct voucher *voucher, int64_t now)
{
	return is_over(voucher, now) ? "expired" : voucher->started ? "valid" : "unused";
}

struct value *
vouchers_groups(const struct vouchers *vouchers, struct arena *arena, const char *server)
{
	struct value *groups = value_list(arena);
	struct map   *known = map_make(arena);

	for (size_t i = 0; i < vouchers->count; i++) {
		struct voucher *voucher = &vouchers->list[i];

		if (strcmp(voucher->server, server) == 0 && !map_set(known, text_of(voucher->group), voucher))
			value_add(arena, groups, value_string(arena, voucher->group));
	}
	return groups;
}

/* What is not in use yet is shown as if it were from now on. */
static struct value *
row_of(struct arena *arena, const struct voucher *voucher, int64_t now)
{
	struct value *row = value_object(arena);
	const int64_t from = voucher->started ? voucher->started : now;

	value_set_string(arena, row, "username", voucher->user);
	value_set(arena, row, "validity", value_integer(arena, voucher->validity));
	value_set(arena, row, "expirytime", value_integer(arena, voucher->expires));
	value_set(arena, row, "starttime", value_integer(arena, from));
	value_set(arena, row, "endtime", value_integer(arena, from + voucher->validity));
	value_set_string(arena, row, "state", voucher_state(voucher, now));
	return row;
}

struct value *
vouchers_of_group(const struct vouchers *vouchers, struct arena *arena, const char *server, const char *group, int64_t now)
{
	struct value *rows = value_list(arena);

	for (size_t i = 0; i < vouchers->count; i++)
		if (strcmp(vouchers->list[i].server, server) == 0 && strcmp(vouchers->list[i].group, group) == 0)
			value_add(arena, rows, row_of(arena, &vouchers->list[i], now));
	return rows;
}

/* --- written down ----------------------------------------------------------------------------------- */

void
vouchers_write(const struct vouchers *vouchers, struct buffer *out)
{
	struct json json = { .out = out };

	json_list(&json);
	for (size_t i = 0; i < vouchers->count; i++) {
		const struct voucher *voucher = &vouchers->list[i];

		json_object(&json);
		json_put_string(&json, "server", voucher->server);
		json_put_string(&json, "user", voucher->user);
		json_put_string(&json, "hash", voucher->hash);
		json_put_string(&json, "group", voucher->group);
		json_put_number(&json, "validity", voucher->validity);
		json_put_number(&json, "expires", voucher->expires);
		json_put_number(&json, "started", voucher->started);
		json_object_end(&json);
	}
	json_list_end(&json);
}

static int64_t
number_of(const struct value *row, const char *name)
{
	const struct value *value = value_get(row, name);

	return value_is(value, VALUE_INTEGER) && value->integer >= 0 ? value->integer : 0;
}

static char *
text_in(const struct value *row, const char *name)
{
	const struct value *value = value_get(row, name);

	return value_is(value, VALUE_TEXT) ? (char *)(uintptr_t)value->text.ptr : NULL;
}

void
vouchers_read(struct vouchers *vouchers, struct text text)
{
	scoped_arena  arena = arena_new();
	struct value *rows = NULL;

	if (json_read(arena, text, &(struct json_limits){ .bytes = VOUCHERS_BYTES_MAX }, &rows, NULL) != RESULT_DONE || !value_is(rows, VALUE_LIST))
		return;
	for (size_t i = 0; i < value_count(rows) && vouchers->count < VOUCHERS_MAX; i++) {
		const struct value  *row = value_at(rows, i);
		const struct voucher voucher = {
			.server = text_in(row, "server"), .user = text_in(row, "user"), .hash = text_in(row, "hash"),
			.group = text_in(row, "group"), .validity = number_of(row, "validity"), .expires = number_of(row, "expires"),
			.started = number_of(row, "started"),
		};

		if (voucher.server && voucher.user && voucher.hash && voucher.group)
			append(vouchers, &voucher);
	}
}
