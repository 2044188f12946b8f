/* Reading and changing the lines of API keys. */
#include "auth/apikey.h"

#include "base/buffer.h"

bool
apikey_next(struct text *rest, struct apikey *out)
{
	struct text line;

	while (text_next(rest, "\n", &line)) {
		struct text after = line;

		out->key = text_until(&after, '|');
		out->hash = after;
		if (out->key.len > 0 && out->hash.len > 0)
			return true;
	}
	return false;
}

const struct record *
apikey_owner(const struct snapshot *snapshot, struct arena *arena, struct text key, const char **hash)
{
	const struct collection *users = snapshot_named(snapshot, "auth.user");

	for (size_t i = 0; i < collection_count(users); i++) {
		const struct record *user = collection_at(users, i);
		struct text          rest = record_text(user, "apikeys");
		struct apikey        one;

		while (apikey_next(&rest, &one)) {
			if (!text_equal(one.key, key))
				continue;
			*hash = arena_copy(arena, one.hash);
			return user;
		}
	}
	return NULL;
}

const char *
apikey_add(struct arena *arena, const char *value, const char *key, const char *hash)
{
	return arena_print(arena, "%s%s%s|%s", value, value[0] ? "\n" : "", key, hash);
}

const char *
apikey_remove(struct arena *arena, const char *value, struct text key)
{
	scoped_buffer left = BUFFER_NONE;
	struct text   rest = text_of(value);
	struct apikey one;

	while (apikey_next(&rest, &one)) {
		if (text_equal(one.key, key))
			continue;
		if (left.len > 0)
			buffer_add_byte(&left, '\n');
		buffer_add(&left, one.key);
		buffer_add_byte(&left, '|');
		buffer_add(&left, one.hash);
	}
	return arena_copy(arena, buffer_text(&left));
}
