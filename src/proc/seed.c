/* Factory records and the administrator, in one change. */
#include "proc/seed.h"

#include "api/config_xml.h"
#include "auth/apikey.h"
#include "auth/secret.h"
#include "base/bug.h"
#include "model/factory.h"
#include "schema/record.h"
#include "store/change.h"

#define PASSWORD_BYTES 12
#define ADMIN_UUID     "00000000-0000-4000-8000-000000000000"

void
credentials_complete(struct arena *arena, struct credentials *credentials)
{
	if (!credentials->user)
		credentials->user = "admin";
	if (!credentials->password)
		credentials->password = random_hex(arena, PASSWORD_BYTES);
	if (!credentials->key)
		credentials->key = key_new(arena);
	if (!credentials->secret)
		credentials->secret = key_new(arena);
}

static struct record *
make_record(struct arena *arena, const struct schema *schema, const char *resource, const char *uuid)
{
	const struct resource *kind = schema_find(schema, text_of(resource));

	BUG_IF(!kind, "no resource %s", resource);
	struct record *record = record_make(arena, kind);

	snprintf(record->uuid, sizeof(record->uuid), "%s", uuid ? uuid : "");
	return record;
}

/* The password hash is the light one: 2 ms instead of 50, for a random or a test's password. */
static void
put_administrator(struct arena *arena, const struct schema *schema, struct change *change,
                  const struct credentials *credentials)
{
	struct record *user = make_record(arena, schema, "auth.user", ADMIN_UUID);

	record_set(user, "uid", "0");
	record_set(user, "name", credentials->user);
	record_set(user, "scope", "system");
	record_set(user, "descr", "System Administrator");
	record_set(user, "password", secret_hash(arena, credentials->password));
	record_set(user, "apikeys", apikey_add(arena, "", credentials->key, secret_hash(arena, credentials->secret)));
	change_put(change, user);
}

enum result
seed_store(struct store *store, const struct seed *seed, struct buffer *report, struct buffer *message)
{
	scoped_arena     arena = arena_new();
	const struct author author = { "drawbridge", "local", "native", "first start" };
	struct batch    *batch = store_begin(store);
	struct change   *change = batch_change(batch, arena, &author);

	for (size_t i = 0; i < factory_records_count; i++) {
		const struct factory_record *row = &factory_records[i];

		/* A file that was given says all there is to let in; ours would let in more. */
		if (seed->import.len > 0 && strcmp(row->resource, "firewall.rule") == 0)
			continue;
		struct record               *record = make_record(arena, seed->schema, row->resource, row->uuid);

		for (size_t k = 0; row->values[k]; k += 2)
			record_set(record, row->values[k], row->values[k + 1]);
		change_put(change, record);
	}
	put_administrator(arena, seed->schema, change, &seed->administrator);
	if (seed->import.len > 0) {
		const enum result result = config_import(change, seed->facts, seed->import, report, message);

		if (result != RESULT_DONE) {
			batch_abandon(batch);
			return result;
		}
	}
	change_note(change, "factory configuration");
	batch_accept(batch, change, true);
	return batch_commit(batch, message);
}
